//! M17: the widget names another engagement than HubSpot gave for the call.

use super::prelude::*;
use crate::state::{CallTrack, CompletedBy, Naming};

pub(super) const RULE: Rule = Rule {
    code: "M17",
    title: "Another engagementId than HubSpot gave",
    why: "HubSpot updates the engagement that the message names. If it belongs to another call, \
          that call loses its notes, duration and outcome, and this one stays incomplete.",
    fix: "Keep one engagementId per call, not one for the widget: forget it in outgoingCall() and \
          incomingCall(), set it in onCreateEngagementSucceeded (or onEngagementCreated), leave \
          it out after onCreateEngagementFailed, and pass it to callEnded(), callCompleted() and \
          finalizeEngagement() of this call only.",
    severity: "error",
    since: Version::new(0, 0, 7),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a engagementId=4712 hideWidget=false
                 ! M17 error CALL_COMPLETED names engagement 4712; HubSpot gave 4711 for this call
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
        ",
    },
    hooks: &[Hook::On(
        &[
            MessageType::CallData,
            MessageType::CallEnded,
            MessageType::CallCompleted,
            MessageType::PublishToChannel,
            MessageType::FinalizeEngagement,
            MessageType::NavigateToRecord,
        ],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget {
        return;
    }
    let Some((id, call)) = arrival.id_field("engagementId").zip(call_of(arrival)) else {
        return;
    };
    if call.has_engagement(id) {
        return;
    }
    let name = arrival.name();
    let calls = &arrival.state.calls;
    let own = call.engagements.iter().rfind(|it| it.sure);
    let is_call = match call.naming(arrival) {
        Naming::This => true,
        Naming::Open => call.sure,
        // No call with this externalCallId is known: that is M02 or M12.
        Naming::Another => return,
    };
    if let Some(owner) = calls
        .owner_of(id)
        .filter(|owner| is_call && owner.call != call.serial)
    {
        let other = match &owner.external_id {
            Some(external_id) => format!("call {} ({external_id})", owner.call),
            None => format!("call {}", owner.call),
        };
        let instead = match (own, call.engagement_failed) {
            (Some(own), _) => format!("; this call's is {}", own.id),
            (None, Some(_)) => "; for this call HubSpot created none".to_owned(),
            (None, None) => "; for this call HubSpot had given none yet".to_owned(),
        };
        report
            .error(format!(
                "{name} names engagement {id}, which HubSpot gave to {other}: its notes and \
                 duration are overwritten{instead}"
            ))
            .see([owner.mark.seq])
            .see(own.map(|own| own.mark.seq))
            .see(call.engagement_failed.map(|failed| failed.seq))
            .about(["engagementId"]);
        return;
    }
    let is_sure = call.sure || call.phase == CallPhase::Resumed && !arrival.state.gapped;
    if let Some(own) = own.filter(|_| is_sure) {
        report
            .error(format!(
                "{name} names engagement {id}; HubSpot gave {} for this call",
                own.id
            ))
            .see([own.mark.seq])
            .about(["engagementId"]);
    }
}

/// The call that the message is about.
fn call_of<'a>(arrival: &Arrival<'a>) -> Option<&'a CallTrack> {
    if arrival.is(MessageType::CallCompleted) {
        return match arrival.state.calls.completed_by(arrival) {
            CompletedBy::Call(call) | CompletedBy::Again(call) => Some(call),
            CompletedBy::Closing | CompletedBy::Unknown => None,
        };
    }
    arrival.call()
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn numbers_and_texts_are_the_same() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a engagementId="4711" hideWidget=false
        "#]]);
    }

    /// The first engagement after a gap may be that of a call from before it.
    #[test]
    fn an_answer_to_what_is_missing() {
        check(&expect![[r#"
                0 gap late-start
                  ! X01 [–] note The recording began after the handshake; what was before cannot be checked
              500 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
              700 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
              740 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
             1300 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4722
             9000 widget    CALL_ENDED externalCallId=b engagementId=4722 callEndStatus=BUSY
             9500 widget    CALL_COMPLETED externalCallId=b engagementId=4722 hideWidget=false
            90000 end
        "#]]);
    }

    #[test]
    fn a_late_message_of_the_call_before() {
        check(&expect![[r#"
               0 handshake 0.5.1-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED callEndStatus=BUSY
            2500 widget    CALL_COMPLETED engagementId=4711 hideWidget=false
            3000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true
            3100 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4712
            3200 widget    PUBLISH_TO_CHANNEL engagementId=4711
        "#]]);
    }

    #[test]
    fn the_id_of_the_call_before_after_a_failure() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
             9000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=COMPLETED
             9500 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
            20000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
            20400 host      CREATE_ENGAGEMENT_FAILED error={"message":"x"}
                  ! H08 note HubSpot could not create an engagement: x
            23000 widget    CALL_ENDED externalCallId=b callEndStatus=COMPLETED
            23500 widget    CALL_COMPLETED externalCallId=b engagementId=4711 hideWidget=false
                  ! M17 error CALL_COMPLETED names engagement 4711, which HubSpot gave to call 1 (a): its notes and duration are overwritten; for this call HubSpot created none
            24000 widget    FINALIZE_ENGAGEMENT externalCallId=b engagementId=4711
                  ! M17 error FINALIZE_ENGAGEMENT names engagement 4711, which HubSpot gave to call 1 (a): its notes and duration are overwritten; for this call HubSpot created none
        "#]]);
    }

    #[test]
    fn without_external_ids() {
        check(&expect![[r#"
                0 handshake 0.2.1
             1000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement=true
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
             9000 widget    CALL_ENDED callEndStatus=COMPLETED
             9500 widget    CALL_COMPLETED engagementId=4711 hideWidget=false
            20000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement=true
            20300 widget    CALL_ENDED callEndStatus=BUSY
            20310 widget    CALL_COMPLETED engagementId=4711 hideWidget=false
                  ! M17 error CALL_COMPLETED names engagement 4711, which HubSpot gave to call 1: its notes and duration are overwritten; for this call HubSpot had given none yet
            20800 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4722
            40000 end
                  ! M15 [#11] warning Engagement 4722 came 490 ms after CALL_COMPLETED and stays incomplete
        "#]]);
    }

    #[test]
    fn after_a_gap_and_after_a_reload() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
             9000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=COMPLETED
             9500 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
            10000 gap lost=3
                  ! X02 [–] note 3 messages are missing: a buffer was full
            20000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
            21000 widget    CALL_ENDED externalCallId=b engagementId=4711 callEndStatus=COMPLETED
                  ! M17 error CALL_ENDED names engagement 4711, which HubSpot gave to call 1 (a): its notes and duration are overwritten; for this call HubSpot had given none yet
            30000 handshake 0.9.7-beta.0
                  ! H04 [#8] warning OUTGOING_CALL_STARTED got no answer within 10 s: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
            31000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=c
            32000 widget    CALL_ENDED externalCallId=c engagementId=4711 callEndStatus=MISSED
                  ! M17 error CALL_ENDED names engagement 4711, which HubSpot gave to call 1 (a): its notes and duration are overwritten; for this call HubSpot had given none yet
        "#]]);
    }

    #[test]
    fn a_call_that_goes_on_after_a_reload_keeps_its_engagement() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            1500 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
            3000 handshake 0.9.7-beta.0
                 ! H05 [#4] note The page went away while the call was ringing
            4000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=b
            4500 widget    CALL_ENDED externalCallId=b engagementId=4711 callEndStatus=COMPLETED
        "#]]);
    }

    #[test]
    fn two_calls_that_wait_for_their_engagements() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1300 widget    CALL_ENDED externalCallId=a callEndStatus=CANCELED
             1400 widget    CALL_COMPLETED externalCallId=a hideWidget=false
             1500 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
             1900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
             2000 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4722
             4000 widget    CALL_ENDED externalCallId=b callEndStatus=COMPLETED
             5000 widget    CALL_COMPLETED externalCallId=b engagementId=4711 hideWidget=false
            30000 end
        "#]]);
    }

    #[test]
    fn the_call_before_is_completed_once_more() {
        check(&expect![[r#"
                0 handshake 0.5.1
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
             9000 widget    CALL_ENDED engagementId=4711 callEndStatus=COMPLETED
             9500 widget    CALL_COMPLETED engagementId=4711 hideWidget=false
            10000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=false
                  ! M09 note createEngagement of INCOMING_CALL is false; HubSpot creates no engagement
            10100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
            10200 widget    CALL_COMPLETED engagementId=4711 hideWidget=false
                  ! C02 note CALL_COMPLETED came again for one call
        "#]]);
    }

    #[test]
    fn in_a_second_conversation() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
               5 handshake 0.9.7-beta.0 conversation=2
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
            2500 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
            3000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b conversation=2
            3400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4712 conversation=2
            4000 widget    CALL_ENDED externalCallId=b engagementId=4712 conversation=2
            4100 widget    CALL_COMPLETED externalCallId=b engagementId=4712 hideWidget=false conversation=2
            5000 widget    OUTGOING_CALL_STARTED toNumber=+15550109 createEngagement=false externalCallId=c conversation=2
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            5100 widget    CALL_ENDED externalCallId=c engagementId=4712 conversation=2
                 ! M17 error CALL_ENDED names engagement 4712, which HubSpot gave to call 1 (b): its notes and duration are overwritten; for this call HubSpot had given none yet
        "#]]);
    }
}
