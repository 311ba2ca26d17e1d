//! M05: an outbound call that HubSpot did not ask for lacks its number.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M05",
    title: "OUTGOING_CALL_STARTED without toNumber",
    why: "HubSpot did not ask for this call and cannot know who is being called; the engagement \
          has no number.",
    fix: "Call outgoingCall({ externalCallId, toNumber, fromNumber, createEngagement }).",
    severity: "warning",
    since: Version::new(0, 5, 1),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED createEngagement=true externalCallId=a
                 ! M05 warning OUTGOING_CALL_STARTED has no toNumber, and HubSpot did not ask to dial
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
        ",
    },
    hooks: &[Hook::On(&[MessageType::OutgoingCallStarted], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    let excused = !state.since(0, 5, 1)
        || state.gapped
        || !state.hears_host()
        // A repeated start of the same call is C01.
        || arrival.announced_again().is_some()
        || state.calls.dial.is_some()
        // The number under the old name is M06.
        || arrival.has("phoneNumber");
    if arrival.from() == Side::Widget && !excused && arrival.lacks("toNumber") {
        let instead = arrival.instead_of("toNumber");
        report
            .warning(format!(
                "OUTGOING_CALL_STARTED has no toNumber, and HubSpot did not ask to dial{instead}"
            ))
            .advise(instead.advice())
            .about(["toNumber"]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn known_to_hubspot() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
             900 host      DIAL_NUMBER phoneNumber=+15550100
            1000 widget    OUTGOING_CALL_STARTED createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    OUTGOING_CALL_STARTED createEngagement=true externalCallId=b toNumber=+15550100
        "#]]);
    }

    #[test]
    fn misspelled() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED tonumber=+15550100 createEngagement=true externalCallId=a
                 ! M05 warning OUTGOING_CALL_STARTED has no toNumber, and HubSpot did not ask to dial; it has tonumber, did you mean toNumber?
        "#]]);
    }
}
