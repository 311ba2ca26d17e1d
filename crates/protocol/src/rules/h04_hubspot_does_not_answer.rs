//! H04: HubSpot does not answer a request of the widget.

use super::answers::Answerer;
use super::prelude::*;
use crate::state::Request;

pub(super) const RULE: Rule = Rule {
    code: "H04",
    title: "HubSpot does not answer",
    why: "HubSpot did not receive the request, does not handle it, or failed without saying so. \
          Without the engagement's answer the widget has no engagementId for callCompleted(); \
          without the answer to a finalization the call may not be saved.",
    fix: "Check whether the request itself has a finding, and fix that first. If HubSpot never \
          answers, check the number that you pass and the settings of the app \
          (supportsInboundCalling, isReady). Let the widget continue without the answer: end the \
          call with callEnded() even if no engagementId has come.",
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
        Hook::Due {
            when: |state, after| HOST.when(state, after),
            check: |state, due, report| HOST.check(state, due, report),
        },
        Hook::Leave(|state, report| HOST.check_left(state, report)),
        Hook::End(|state, report| HOST.check_end(state, report)),
    ],
    ..Rule::ANY_VERSION
};

const HOST: Answerer = Answerer {
    side: Side::Host,
    severity,
};

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
        "#]]);
    }

    /// A gap ends where its line stands; what is missing may have come at any time before.
    #[test]
    fn the_answer_may_be_in_a_gap() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
                1 handshake 0.9.7-beta.0 conversation=2
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1100 widget    OUTGOING_CALL_STARTED toNumber=+15550111 createEngagement=true externalCallId=b conversation=2
            40000 gap paused
                  ! H04 [#8] warning OUTGOING_CALL_STARTED got no answer within 10 s: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
                  ! X02 [–] note Messages are missing: recording was paused
            60000 end
        "#]]);
    }

    #[test]
    fn a_call_that_hubspot_does_not_expect() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0 isAvailable=false
             1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
                  ! S10 warning INCOMING_CALL came while the user is not available
            12000 widget    CALL_ENDED externalCallId=a callEndStatus=MISSED
                  ! H04 [#4] note INCOMING_CALL got no answer within 10 s: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED (follows from S10 [#4])
            13000 widget    LOGGED_OUT
            14000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
                  ! S08 warning OUTGOING_CALL_STARTED came while the widget is logged out: LOGGED_OUT came before
            30000 advance
                  ! H04 [#7] note OUTGOING_CALL_STARTED got no answer within 10 s: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED (follows from S08 [#7])
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
                  ! H07 [#6] warning END_CALL got no answer within 10 s: no CALL_ENDED
            14000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false engagementProperties={"hs_call_body":"x"}
            15000 widget    FINALIZE_ENGAGEMENT externalCallId=a engagementId=7
            16000 host      DIAL_NUMBER phoneNumber=+15550100
            30000 advance
                  ! H04 [#8] note CALL_COMPLETED got no answer within 10 s: no UPDATE_ENGAGEMENT_SUCCEEDED or UPDATE_ENGAGEMENT_FAILED
                  ! H04 [#9] warning FINALIZE_ENGAGEMENT got no answer within 10 s: no FINALIZE_ENGAGEMENT_SUCCEEDED or FINALIZE_ENGAGEMENT_FAILED
                  ! H07 [#10] note DIAL_NUMBER got no answer within 10 s: no OUTGOING_CALL_STARTED
        "#]]);
    }

    #[test]
    fn all_answered() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
             1100 host      CALLER_ID_MATCH_FAILED error={"message":"none"}
             1200 host      CREATE_ENGAGEMENT_FAILED error={"message":"none"}
                  ! H08 note HubSpot could not create an engagement: none
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
        // A request just before the end may still have been answered.
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 end
        "#]]);
    }
}
