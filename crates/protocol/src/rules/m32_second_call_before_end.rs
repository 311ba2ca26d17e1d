//! M32: a second call starts before the first is ended.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M32",
    title: "Second call before the first is ended",
    why: "HubSpot's answers name no call, so that the engagements of two calls at a time cannot \
          be told apart.",
    fix: "Call callEnded() or callTransferred() for the first call before outgoingCall() or \
          incomingCall() for the next.",
    severity: "error",
    since: Version::new(0, 0, 7),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=b
                 ! M32 error INCOMING_CALL came while the call before is still started
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            4000 widget    CALL_ANSWERED externalCallId=b
            5000 widget    CALL_ENDED externalCallId=b callEndStatus=BUSY
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=b
        ",
    },
    hooks: &[Hook::On(
        &[MessageType::OutgoingCallStarted, MessageType::IncomingCall],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(step: &Step<'_>, report: &mut Report<'_>) {
    // Up to 0.0.6 this is Q10.
    if step.from() != Side::Widget || step.state.is_seed() {
        return;
    }
    if let Some(call) = step.state.calls.active().filter(|call| call.sure) {
        let (name, phase) = (step.name(), call.phase.words());
        report
            .error(format!(
                "{name} came while the call before is still {phase}"
            ))
            .see([call.began.seq]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_end_may_be_in_a_gap() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 gap lost=1
                 ! X02 [–] note 1 message is missing: a buffer was full
            3000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=b
        "#]]);
    }
}
