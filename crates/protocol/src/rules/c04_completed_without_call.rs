//! C04: a call is completed that was never announced.

use super::prelude::*;
use crate::state::CompletedBy;

pub(super) const RULE: Rule = Rule {
    code: "C04",
    title: "CALL_COMPLETED without a call",
    why: "HubSpot learns about a call from OUTGOING_CALL_STARTED or INCOMING_CALL. Without it \
          there is nothing to complete, and no engagement to save.",
    fix: "Call outgoingCall() in onDialNumber, or incomingCall() when it rings, as soon as the \
          call begins; then callEnded() and callCompleted(). To close the widget without a call, \
          callCompleted({ hideWidget: true }) alone is right.",
    severity: "error",
    since: Version::new(0, 0, 10),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            9000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
                 ! C04 error CALL_COMPLETED is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL came before it
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            1100 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            8000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
            9000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
        ",
    },
    hooks: &[Hook::On(&[MessageType::CallCompleted], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    if arrival.from() != Side::Widget || state.is_seed() || !state.knows_calls() {
        return;
    }
    if let CompletedBy::Unknown = state.calls.completed_by(arrival) {
        report
            .error(never_announced(arrival.name()))
            .see(state.calls.dial.as_ref().map(|dial| dial.mark.seq));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn closing_the_widget_is_no_call() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            3000 widget    CALL_COMPLETED externalCallId=x hideWidget=true
            4000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false externalCallId=a
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            5000 widget    CALL_ENDED externalCallId=a callEndStatus=CANCELED
            6000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
            7000 widget    CALL_COMPLETED hideWidget=true
            8000 widget    CALL_COMPLETED hideWidget=true
            9000 end
        "#]]);
    }

    #[test]
    fn after_an_end_that_was_told_already() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            3000 widget    CALL_ENDED externalCallId=x callEndStatus=CANCELED
                 ! M12 error CALL_ENDED is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL came before it
            3005 widget    CALL_COMPLETED externalCallId=x hideWidget=false
        "#]]);
    }

    #[test]
    fn it_may_have_been_announced_in_a_gap_or_before() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 gap lost=3
                 ! X02 [–] note 3 messages are missing: a buffer was full
            3000 widget    CALL_COMPLETED externalCallId=x hideWidget=false
            5000 ready 0.9.7-beta.0 .engagementId=7
            5010 widget    INITIALIZED isLoggedIn=true
            6000 widget    CALL_ENDED externalCallId=y callEndStatus=COMPLETED
            6100 widget    CALL_COMPLETED externalCallId=y hideWidget=false
                 ! M16 warning CALL_COMPLETED has no engagementId; HubSpot gave 7
        "#]]);
    }
}
