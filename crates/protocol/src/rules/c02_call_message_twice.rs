//! C02: the widget says the same thing about a call twice.

use super::prelude::*;
use crate::state::{CallTrack, CompletedBy, Mark, Naming};

pub(super) const RULE: Rule = Rule {
    code: "C02",
    title: "Message of a call sent twice",
    why: "HubSpot acts on each of them: it answers twice, and a later CALL_COMPLETED may \
          overwrite what the first one saved. Usually two handlers in the widget do the same \
          thing.",
    fix: "Call callAnswered(), callCompleted() and finalizeEngagement() once for each call; look \
          for a listener that is registered twice, or a button that can be clicked again before \
          its answer.",
    severity: "note",
    since: Version::new(0, 0, 7),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ANSWERED externalCallId=a
            2040 widget    CALL_ANSWERED externalCallId=a
                 ! C02 note CALL_ANSWERED came again for one call
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ANSWERED externalCallId=a
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
        ",
    },
    hooks: &[Hook::On(
        &[
            MessageType::CallAnswered,
            MessageType::CallTransferred,
            MessageType::CallCompleted,
            MessageType::PublishToChannel,
            MessageType::FinalizeEngagement,
        ],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget || arrival.state.is_seed() {
        return;
    }
    let Some((call, first)) = told_before(arrival) else {
        return;
    };
    // A message that names no call may be about one that began in the gap.
    let is_same = call.naming(arrival) == Naming::This || call.sure;
    if is_same && !arrival.echoes(first) && report.once((arrival.ty, call.serial)) {
        let name = arrival.name();
        let finding = report.note(format!("{name} came again for one call"));
        finding.see([first.seq]);
        if let Some(again) = call
            .announced_again
            .filter(|_| arrival.is_soon_after(first))
        {
            finding.follows_from(&super::c01_call_announced_twice::RULE, again.seq);
        }
    }
}

/// The call that the message says nothing new about, and the earlier message that said it.
fn told_before<'a>(arrival: &Arrival<'a>) -> Option<(&'a CallTrack, Mark)> {
    let state = arrival.state;
    if arrival.is(MessageType::CallCompleted) {
        let CompletedBy::Again(call) = state.calls.completed_by(arrival) else {
            return None;
        };
        // A repeated CALL_COMPLETED is fine if it adds the engagement, or if updating it failed.
        let brings_engagement =
            !call.completed_with_id && arrival.id_field("engagementId").is_some();
        let is_wanted = call.update_failed || brings_engagement;
        return Some((call, call.completed?)).filter(|_| !is_wanted);
    }
    let call = arrival.call()?;
    let first = match arrival.ty? {
        // CALL_ANSWERED after the end is M11.
        MessageType::CallAnswered => call.answered.filter(|_| call.phase.is_active()),
        MessageType::CallTransferred => call.transferred,
        ty => {
            let finalized = call.finalized.filter(|(known, _)| *known == ty);
            finalized.map(|(_, mark)| mark)
        }
    };
    Some((call, first?))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    /// HubSpot may answer once what it is asked twice.
    #[test]
    fn one_answer_is_enough() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             3000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=BUSY
             3500 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false engagementProperties={"hs_call_body":"x"}
             3501 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false engagementProperties={"hs_call_body":"x"}
                  ! C02 note CALL_COMPLETED came again for one call
             3900 host      UPDATE_ENGAGEMENT_SUCCEEDED engagementId=7
             4000 widget    FINALIZE_ENGAGEMENT externalCallId=a engagementId=7
             4001 widget    FINALIZE_ENGAGEMENT externalCallId=a engagementId=7
                  ! C02 note FINALIZE_ENGAGEMENT came again for one call
             4400 host      FINALIZE_ENGAGEMENT_SUCCEEDED externalCallId=a engagementId=7
            90000 end
        "#]]);
    }

    #[test]
    fn once_for_each_kind() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ANSWERED externalCallId=a
            2100 widget    CALL_ANSWERED externalCallId=a
                 ! C02 note CALL_ANSWERED came again for one call
            2200 widget    CALL_ANSWERED externalCallId=a
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
            4000 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
            4100 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
                 ! C02 note CALL_COMPLETED came again for one call
            5000 widget    FINALIZE_ENGAGEMENT externalCallId=a engagementId=4711
            5100 widget    FINALIZE_ENGAGEMENT externalCallId=a engagementId=4711
                 ! C02 note FINALIZE_ENGAGEMENT came again for one call
            5200 host      FINALIZE_ENGAGEMENT_SUCCEEDED externalCallId=a engagementId=4711
        "#]]);
    }

    #[test]
    fn again_after_a_failure_or_to_close_the_widget() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
            4000 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false engagementProperties={"hs_call_body":"x"}
            4100 host      UPDATE_ENGAGEMENT_FAILED error={"message":"no"}
                 ! H08 warning HubSpot could not update the engagement: no
            4200 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false engagementProperties={"hs_call_body":"x"}
            4300 host      UPDATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            5000 widget    FINALIZE_ENGAGEMENT externalCallId=a engagementId=4711
            5100 host      FINALIZE_ENGAGEMENT_FAILED externalCallId=a engagementId=4711
                 ! H08 warning HubSpot could not finalize the engagement, and does not say why
            5200 widget    FINALIZE_ENGAGEMENT externalCallId=a engagementId=4711
            5300 host      FINALIZE_ENGAGEMENT_SUCCEEDED externalCallId=a engagementId=4711
            9000 widget    CALL_COMPLETED hideWidget=true
        "#]]);
    }

    #[test]
    fn after_a_gap_only_if_the_call_is_named() {
        check(&expect![[r#"
               0 handshake 0.5.1
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            2000 widget    CALL_ANSWERED
            3000 gap lost=4
                 ! X02 [–] note 4 messages are missing: a buffer was full
            4000 widget    CALL_ANSWERED
            5000 handshake 0.9.7-beta.0
            6000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false externalCallId=a
                 ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            7000 widget    CALL_ANSWERED externalCallId=a
            8000 gap lost=4
                 ! X02 [–] note 4 messages are missing: a buffer was full
            9000 widget    CALL_ANSWERED externalCallId=a
                 ! C02 note CALL_ANSWERED came again for one call
        "#]]);
    }
}
