//! C05: a call ends with a status that contradicts what happened in it.

use super::prelude::*;
use crate::state::EndedBy;

pub(super) const RULE: Rule = Rule {
    code: "C05",
    title: "callEndStatus contradicts the call",
    why: "The widget first told HubSpot that the call was answered, and now that nobody answered \
          it. Which of the two ends up on the timeline is not known (inferred); reports that \
          count connected calls by status will be wrong.",
    fix: "End a call that was answered with callEnded({ callEndStatus: \"COMPLETED\" }), or \
          FAILED if the connection broke. If nobody answered, callAnswered() came too early: call \
          it when the other party answers, not when the line to the user's own phone is up.",
    severity: "warning",
    since: Version::new(0, 1, 7),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
            5000 widget    CALL_ANSWERED externalCallId=a
            9000 widget    CALL_ENDED externalCallId=a callEndStatus=NO_ANSWER
                 ! C05 warning callEndStatus is NO_ANSWER, but CALL_ANSWERED came 4.0 s before
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
            5000 widget    CALL_ANSWERED externalCallId=a
            9000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
        ",
    },
    hooks: &[Hook::On(&[MessageType::CallEnded], check)],
    ..Rule::ANY_VERSION
};

/// The statuses that an answered call cannot have. CANCELED and FAILED are possible: some widgets
/// use the first for hanging up, and a line can break.
const UNANSWERED: [&str; 4] = ["BUSY", "NO_ANSWER", "REJECTED", "MISSED"];

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let status = arrival
        .text("callEndStatus")
        .filter(|status| UNANSWERED.contains(status));
    let (Some(status), Side::Widget) = (status, arrival.from()) else {
        return;
    };
    let EndedBy::Call(call) = arrival.state.calls.ended_by(arrival) else {
        return;
    };
    if let Some(answered) = call.answered {
        let span = span_words(arrival.at - answered.at);
        report
            .warning(format!(
                "callEndStatus is {status}, but CALL_ANSWERED came {span} before"
            ))
            .see([call.began.seq, answered.seq]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn in_both_directions() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0 isAvailable=true
             1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=false externalCallId=a
                  ! M09 note createEngagement of INCOMING_CALL is false; HubSpot creates no engagement
             2000 widget    CALL_ANSWERED externalCallId=a
             2300 widget    CALL_ENDED externalCallId=a callEndStatus=MISSED
                  ! C05 warning callEndStatus is MISSED, but CALL_ANSWERED came 300 ms before
             3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
             9000 handshake 0.2.1-beta.0
                  ! H04 [#4] note INCOMING_CALL got no answer in the 8.0 s until the page went away: no CALLER_ID_MATCH_SUCCEEDED or CALLER_ID_MATCH_FAILED
            10000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement=false
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            12000 widget    CALL_ANSWERED
            13000 widget    CALL_ENDED callEndStatus=BUSY
                  ! C05 warning callEndStatus is BUSY, but CALL_ANSWERED came 1.0 s before
        "#]]);
    }

    #[test]
    fn a_waiting_call_that_nobody_took() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0 isAvailable=true
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false externalCallId=a
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
             2000 widget    CALL_ANSWERED externalCallId=a
             3000 widget    INCOMING_CALL fromNumber=+15550122 toNumber=+15550111 createEngagement=false externalCallId=b
                  ! M09 note createEngagement of INCOMING_CALL is false; HubSpot creates no engagement
                  ! M32 note INCOMING_CALL came while another call is answered: call waiting
             9000 widget    CALL_ENDED externalCallId=b callEndStatus=MISSED
            15000 widget    CALL_ENDED externalCallId=a callEndStatus=CANCELED
                  ! H04 [#6] note INCOMING_CALL got no answer within 10 s: no CALLER_ID_MATCH_SUCCEEDED or CALLER_ID_MATCH_FAILED
        "#]]);
    }

    #[test]
    fn the_end_came_twice() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false externalCallId=a
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            2000 widget    CALL_ANSWERED externalCallId=a
            9000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
            9100 widget    CALL_ENDED externalCallId=a callEndStatus=NO_ANSWER
                 ! M12 warning CALL_ENDED came twice for one call, 100 ms after the first, with NO_ANSWER where COMPLETED stood
        "#]]);
    }
}
