//! M14: a call is completed before it is ended.

use super::prelude::*;
use crate::state::CompletedBy;

pub(super) const RULE: Rule = Rule {
    code: "M14",
    title: "CALL_COMPLETED before CALL_ENDED",
    why: "HubSpot saves the call and, unless told otherwise, hides the widget, while the call is \
          still in progress.",
    fix: "Call callEnded() when the line drops, and callCompleted() after it, when the user has \
          saved the call.",
    severity: "warning",
    since: Version::new(0, 0, 10),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ANSWERED externalCallId=a
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
                 ! M14 warning CALL_COMPLETED came before CALL_ENDED; the call is still answered
            3100 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ANSWERED externalCallId=a
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
            3100 widget    CALL_COMPLETED externalCallId=a hideWidget=false
        ",
    },
    hooks: &[Hook::On(&[MessageType::CallCompleted], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget || arrival.state.is_seed() {
        return;
    }
    if let CompletedBy::Call(call) = arrival.state.calls.completed_by(arrival)
        && call.sure
        && call.phase.is_active()
    {
        report
            .warning(format!(
                "CALL_COMPLETED came before CALL_ENDED; the call is still {}",
                call.phase.words()
            ))
            .see([call.began.seq]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn too_early() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ANSWERED externalCallId=a
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
                 ! M14 warning CALL_COMPLETED came before CALL_ENDED; the call is still answered
            4000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
        "#]]);
    }

    #[test]
    fn no_call() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
                 ! C04 error CALL_COMPLETED is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL came before it
        "#]]);
    }

    #[test]
    fn in_order() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
            4000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
        "#]]);
    }
}
