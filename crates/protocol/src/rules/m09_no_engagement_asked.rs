//! M09: HubSpot is not asked for an engagement.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M09",
    title: "No engagement asked for",
    why: "HubSpot creates no engagement for the call, so that nothing appears on the timeline \
          unless the widget creates one itself.",
    fix: "Pass createEngagement: true to outgoingCall() and incomingCall(), and take the id from \
          onCreateEngagementSucceeded.",
    severity: "note",
    since: Version::new(0, 0, 10),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false externalCallId=a
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
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
    // The generation Early is 0.0.7 to 0.1.5; most of these versions have the field.
    let has_field = state.since(0, 0, 10) || state.view.generation == SdkGeneration::Early;
    let is_inbound = arrival.is(MessageType::IncomingCall);
    // A repeated start of the same call is C01.
    let is_again = arrival.announced_again().is_some();
    let excused = !has_field || is_again || is_inbound && !state.since(0, 3, 0);
    if arrival.from() != Side::Widget || excused {
        return;
    }
    let is_false = arrival.field("createEngagement") == Some(&Json::Bool(false));
    // A misspelled key is F02.
    let is_misspelled = arrival.stand_in("createEngagement").is_some();
    if is_false || arrival.lacks("createEngagement") && !is_misspelled {
        let how = if is_false { "false" } else { "not given" };
        let name = arrival.name();
        report.note(format!(
            "createEngagement of {name} is {how}; HubSpot creates no engagement"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn not_asked() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 externalCallId=a createEngagement=false
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 externalCallId=b
                 ! M09 note createEngagement of INCOMING_CALL is not given; HubSpot creates no engagement
        "#]]);
    }
}
