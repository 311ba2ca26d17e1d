//! Q05: a call ends without naming its engagement (seed).

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "Q05",
    title: "No CALL_DATA before the next call",
    why: "HubSpot never learns which engagement the widget created for the call.",
    fix: "Call callData({ engagementId }) once the engagement is created.",
    severity: "warning for SDK 0.0.1; note up to 0.0.6, which need not send it",
    until: Some(Version::new(0, 0, 6)),
    example: Example {
        breaks: r"
               0 handshake 0.0.1 old
            1000 widget    INCOMING_CALL phoneNumber=+15550100
            2000 widget    CALL_ANSWERED
            3000 widget    CALL_ENDED
            4000 widget    INCOMING_CALL phoneNumber=+15550100
                 ! Q05 [#6] note The call before had no CALL_DATA; HubSpot does not know its engagement
        ",
        clean: r"
               0 handshake 0.0.1 old
            1000 widget    INCOMING_CALL phoneNumber=+15550100
            2000 widget    CALL_ANSWERED
            3000 widget    CALL_ENDED
            3100 widget    CALL_DATA engagementId=7
            4000 widget    INCOMING_CALL phoneNumber=+15550100
        ",
    },
    hooks: &[Hook::On(
        &[MessageType::OutgoingCallStarted, MessageType::IncomingCall],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    if arrival.from() != Side::Widget || !state.is_seed() {
        return;
    }
    let Some(call) = &state.calls.current else {
        return;
    };
    let Some(ended) = call.ended.filter(|_| call.sure && call.answered.is_some()) else {
        return;
    };
    if !call.call_data {
        let is_first = state.view.generation == SdkGeneration::First;
        let severity = if is_first {
            Severity::Warning
        } else {
            Severity::Note
        };
        report
            .add(
                severity,
                "The call before had no CALL_DATA; HubSpot does not know its engagement",
            )
            .anchor(ended.seq)
            .in_call(call.serial)
            .see([call.began.seq, arrival.recorded.seq]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn missing() {
        check(&expect![[r#"
               0 handshake 0.0.1 old
            1000 widget    INCOMING_CALL phoneNumber=+15550100
            2000 widget    CALL_ANSWERED
            3000 widget    CALL_ENDED
            4000 widget    INCOMING_CALL phoneNumber=+15550100
                 ! Q05 [#6] note The call before had no CALL_DATA; HubSpot does not know its engagement
            5000 host      SYNC
            5001 widget    SYNC_ACK .version=1.0.0
                 ! H05 [#7] note The page went away while the call was ringing
            5002 widget    INITIALIZED isLoggedIn=true
            6000 widget    INCOMING_CALL phoneNumber=+15550100
            7000 widget    CALL_ANSWERED
            8000 widget    CALL_ENDED
            9000 widget    INCOMING_CALL phoneNumber=+15550100
                 ! Q05 [#13] warning The call before had no CALL_DATA; HubSpot does not know its engagement
        "#]]);
    }
}
