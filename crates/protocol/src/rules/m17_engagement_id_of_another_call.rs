//! M17: the widget names another engagement than HubSpot gave.

use super::prelude::*;
use crate::state::CallTrack;

pub(super) const RULE: Rule = Rule {
    code: "M17",
    title: "Another engagementId than HubSpot gave",
    why: "HubSpot updates the engagement that the message names: the wrong record, perhaps of \
          another call.",
    fix: "Keep the engagementId of onCreateEngagementSucceeded (or onEngagementCreated) for this \
          call and give it back in callEnded(), callCompleted() and finalizeEngagement().",
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

fn check(step: &Step<'_>, report: &mut Report<'_>) {
    if step.from() != Side::Widget {
        return;
    }
    let Some(id) = step.id_field("engagementId") else {
        return;
    };
    let is_known = |call: &CallTrack| call.engagements.iter().any(|(known, _)| known == id);
    let Some(call) = step.call() else { return };
    let is_sure = call.sure || call.phase == CallPhase::Resumed && !step.state.gapped;
    let Some((given, mark)) = call
        .engagements
        .last()
        .filter(|_| is_sure && !is_known(call))
    else {
        return;
    };
    // A late message of an earlier call that does not name the call.
    let is_earlier = step.state.calls.recent.iter().any(is_known);
    if is_earlier && step.lacks("externalCallId") {
        return;
    }
    report
        .error(format!(
            "{} names engagement {id}; HubSpot gave {given} for this call",
            step.name()
        ))
        .see([mark.seq]);
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
}
