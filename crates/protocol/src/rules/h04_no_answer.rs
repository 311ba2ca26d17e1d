//! H04: a request is not answered.

use super::prelude::*;
use crate::state::Request;

pub(super) const RULE: Rule = Rule {
    code: "H04",
    title: "No answer",
    why: "The other side did not get the request, does not handle it, or failed without telling. \
          Without the engagement's answer the widget has no engagementId for callCompleted(); \
          without the answer to a finalization the call may not be saved.",
    fix: "See whether the request itself has a finding. If HubSpot never answers, check the \
          settings of the app (supportsInboundCalling, isReady) and the number.",
    severity: "warning for the engagement and its finalization, note for the others; after 10 s, \
               and a note if the recording or the page ends sooner",
    example: Example {
        breaks: r"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            12000 advance
                  ! H04 [#4] warning OUTGOING_CALL_STARTED got no answer within 10 s: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 end
        ",
    },
    hooks: &[
        Hook::Due { when, check },
        Hook::On(&[MessageType::DialNumber], check_overtaken),
        Hook::Leave(|state, report| check_cut(state, "the page went away", report)),
        Hook::End(|state, report| check_cut(state, "the recording ended", report)),
    ],
    ..Rule::ANY_VERSION
};

/// A request that waited for less may have been cut off from an answer on its way.
const WORTH_A_WORD: Millis = Millis(3_000.0);

fn when(state: &State, after: Millis) -> Option<Millis> {
    state
        .requests
        .waiting()
        .map(Request::deadline)
        .find(|due| *due > after)
}

fn check(state: &State, due: Millis, report: &mut Report<'_>) {
    let is_due = |request: &&Request| request.deadline() <= due;
    for request in state.requests.waiting().filter(is_due) {
        tell(state, request, severity(request), "within 10 s", report);
    }
}

/// A second click asks for the same answer.
fn check_overtaken(step: &Step<'_>, report: &mut Report<'_>) {
    let request = step.ty.and_then(|ty| step.state.requests.overtaken_by(ty));
    if let Some(request) = request.filter(|_| step.from() == Side::Host)
        && step.at - request.mark.at >= WORTH_A_WORD
    {
        let waited = waited(step.at - request.mark.at, "it came again");
        tell(step.state, request, Severity::Note, &waited, report);
    }
}

fn check_cut(state: &State, by: &str, report: &mut Report<'_>) {
    for request in state.requests.waiting() {
        let span = state.now - request.mark.at;
        if span >= WORTH_A_WORD {
            tell(state, request, Severity::Note, &waited(span, by), report);
        }
    }
}

fn waited(Millis(span): Millis, until: &str) -> String {
    format!("in the {:.1} s until {until}", span / 1000.0)
}

fn tell(
    state: &State,
    request: &Request,
    severity: Severity,
    waited: &str,
    report: &mut Report<'_>,
) {
    let asker_is_host = request.ty.spec().direction.allows(Side::Host);
    let is_heard = if asker_is_host {
        state.hears_widget()
    } else {
        state.hears_host()
    };
    // In the seed's profile this one is Q09.
    let excused = request.ty == MessageType::EndCall && state.is_seed();
    // INCOMING_CALL waits for two answers.
    if excused || !is_heard || !report.once((request.mark.seq, request.answers)) {
        return;
    }
    let answers: Vec<&str> = request.answers.iter().map(|answer| answer.name()).collect();
    report
        .add(
            severity,
            format!(
                "{} got no answer {waited}: no {}",
                request.ty,
                answers.join(" or ")
            ),
        )
        .anchor(request.mark.seq)
        .in_call(request.call);
}

fn severity(request: &Request) -> Severity {
    match request.ty {
        MessageType::FinalizeEngagement | MessageType::PublishToChannel => Severity::Warning,
        _ if request
            .answers
            .contains(&MessageType::CreateEngagementSucceeded) =>
        {
            Severity::Warning
        }
        _ => Severity::Note,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn no_caller_and_no_engagement() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            12000 widget    CALL_ENDED externalCallId=a callEndStatus=MISSED
                  ! H04 [#4] warning INCOMING_CALL got no answer within 10 s: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
                  ! H04 [#4] note INCOMING_CALL got no answer within 10 s: no CALLER_ID_MATCH_SUCCEEDED or CALLER_ID_MATCH_FAILED
        "#]]);
    }

    #[test]
    fn nothing_saved_and_nothing_finalized() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1100 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             2000 host      END_CALL
            13000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=BUSY
                  ! H04 [#6] note END_CALL got no answer within 10 s: no CALL_ENDED
            14000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false engagementProperties={"hs_call_body":"x"}
            15000 widget    FINALIZE_ENGAGEMENT externalCallId=a engagementId=7
            16000 host      DIAL_NUMBER phoneNumber=+15550100
            30000 advance
                  ! H04 [#8] note CALL_COMPLETED got no answer within 10 s: no UPDATE_ENGAGEMENT_SUCCEEDED or UPDATE_ENGAGEMENT_FAILED
                  ! H04 [#9] warning FINALIZE_ENGAGEMENT got no answer within 10 s: no FINALIZE_ENGAGEMENT_SUCCEEDED or FINALIZE_ENGAGEMENT_FAILED
                  ! H04 [#10] note DIAL_NUMBER got no answer within 10 s: no OUTGOING_CALL_STARTED
        "#]]);
    }

    #[test]
    fn all_answered() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
             1100 host      CALLER_ID_MATCH_FAILED error={"message":"none"}
             1200 host      CREATE_ENGAGEMENT_FAILED error={"message":"none"}
             2000 host      END_CALL
             2500 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            30000 advance
        "#]]);
    }

    #[test]
    fn it_may_be_in_a_gap() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             2000 gap lost=1
                  ! X02 [–] note 1 message is missing: a buffer was full
            30000 advance
        "#]]);
    }

    #[test]
    fn the_recording_ended() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            3500 host      END_CALL
            5400 end
                 ! H04 [#4] note OUTGOING_CALL_STARTED got no answer in the 4.4 s until the recording ended: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
            5500 end
        "#]]);
        // What is only just asked may be answered soon.
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 end
        "#]]);
    }

    #[test]
    fn the_page_went_away() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            8000 closed widget
                 ! H04 [#4] note DIAL_NUMBER got no answer in the 7.0 s until the page went away: no OUTGOING_CALL_STARTED
        "#]]);
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550100
             8000 ready 0.9.7-beta.0
                  ! H04 [#4] note DIAL_NUMBER got no answer in the 7.0 s until the page went away: no OUTGOING_CALL_STARTED
             8500 widget    INITIALIZED isLoggedIn=true
            30000 advance
        "#]]);
    }

    #[test]
    fn asked_again() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550100
             1500 host      DIAL_NUMBER phoneNumber=+15550100
                  ! C03 note DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second
             7000 host      DIAL_NUMBER phoneNumber=+15550100
                  ! H04 [#4] note DIAL_NUMBER got no answer in the 6.0 s until it came again: no OUTGOING_CALL_STARTED
             8000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 externalCallId=a
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is not given; HubSpot creates no engagement
            30000 advance
        "#]]);
    }

    #[test]
    fn an_answer_after_all() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 host      DIAL_NUMBER phoneNumber=+15550100
            20000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 externalCallId=a
                  ! H04 [#4] note DIAL_NUMBER got no answer within 10 s: no OUTGOING_CALL_STARTED
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is not given; HubSpot creates no engagement
            30000 closed widget
                  ! H05 [#5] note The page went away while the call was started
            40000 end
        "#]]);
    }
}
