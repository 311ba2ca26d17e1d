//! H08: HubSpot reports that it could not do what the widget asked for.

use super::prelude::*;
use super::{m16_engagement_id_missing, m17_engagement_id_of_another_call};
use crate::state::{CallTrack, Request};

pub(super) const RULE: Rule = Rule {
    code: "H08",
    title: "HubSpot reports a failure",
    why: "What the widget asked for did not happen: without an engagement the call is not on the \
          timeline, and without its update the notes, the duration and the outcome are lost. The \
          SDK calls the handler of this one message, such as onUpdateEngagementFailed; it does \
          not call onFailed.",
    fix: "Read HubSpot's message. If an engagement or the call's id failed, check the numbers: \
          with + and country code. If an update failed, check that engagementProperties only \
          contains call properties of this account, with values that they accept. Handle the \
          message in the widget: tell the user, or save the call through the API from your \
          server.",
    severity: "warning if an update or a finalization failed, note for the others, and where the \
               widget named no engagement of the call",
    example: Example {
        breaks: r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
             2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
             3000 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false engagementProperties={"hs_call_note":"x"}
             3400 host      UPDATE_ENGAGEMENT_FAILED error={"message":"Property hs_call_note does not exist"}
                  ! H08 warning HubSpot could not update the engagement: Property hs_call_note does not exist
        "#,
        clean: r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
             2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
             3000 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false engagementProperties={"hs_call_body":"x"}
             3400 host      UPDATE_ENGAGEMENT_SUCCEEDED engagementId=4711
        "#,
    },
    // If no caller was found, that is not a failure; UPDATE_ASSOCIATIONS_FAILED is M28.
    hooks: &[Hook::On(
        &[
            MessageType::CreateEngagementFailed,
            MessageType::UpdateEngagementFailed,
            MessageType::FinalizeEngagementFailed,
            MessageType::PublishToChannelFailed,
            MessageType::InitiateCallIdFailed,
            MessageType::NavigateToRecordFailed,
            MessageType::SetWidgetUrlFailed,
        ],
        check,
    )],
    ..Rule::ANY_VERSION
};

/// Longer error texts from HubSpot are cut.
const WORDS: usize = 200;

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Host {
        return;
    }
    let (severity, what) = match arrival.ty {
        Some(MessageType::CreateEngagementFailed) => (Severity::Note, "create an engagement"),
        Some(MessageType::UpdateEngagementFailed) => (Severity::Warning, "update the engagement"),
        Some(MessageType::FinalizeEngagementFailed) => {
            (Severity::Warning, "finalize the engagement")
        }
        Some(MessageType::PublishToChannelFailed) => (Severity::Warning, "publish the call"),
        Some(MessageType::InitiateCallIdFailed) => (Severity::Note, "give the call an id"),
        Some(MessageType::NavigateToRecordFailed) => (Severity::Note, "open the record"),
        Some(MessageType::SetWidgetUrlFailed) => (Severity::Note, "change the widget's URL"),
        _ => return,
    };
    let error = arrival.field("error");
    let words = error
        .and_then(|error| error.get("message").or(Some(error)))
        .or_else(|| arrival.field("message"))
        .and_then(Json::as_str)
        .filter(|words| !words.is_empty());
    let why = match words {
        Some(words) => {
            let short: String = words.chars().take(WORDS).collect();
            format!(": {short}")
        }
        None => ", and does not say why".to_owned(),
    };
    let is_of_number = matches!(
        arrival.ty,
        Some(MessageType::CreateEngagementFailed | MessageType::InitiateCallIdFailed)
    );
    let call = arrival.call();
    let number = call.filter(|_| is_of_number).and_then(CallTrack::number);
    let hint = match number.filter(|number| !number.starts_with('+')) {
        Some(number) => format!("; the number is {number}, without + and country code"),
        None => String::new(),
    };
    let asked = arrival.state.requests.answered_by(arrival);
    let finding = report
        .add(severity, format!("HubSpot could not {what}{why}{hint}"))
        .see(call.map(|call| call.began.seq))
        .see(asked.map(|request| request.mark.seq));
    if let Some((rule, seq)) = call.and_then(|call| cause(arrival, call, asked)) {
        finding.follows_from(rule, seq);
    } else if arrival.is(MessageType::UpdateEngagementFailed)
        && call.is_some_and(|call| call.completed.is_some() && !call.completed_with_id)
    {
        finding.advise(
            "CALL_COMPLETED named no engagement: call callCompleted() after \
             onCreateEngagementSucceeded, with the engagementId that it gets."
                .to_owned(),
        );
    }
}

/// The finding of which the failed update is only a consequence: the widget named another
/// engagement, or none.
fn cause(
    arrival: &Arrival<'_>,
    call: &CallTrack,
    asked: Option<&Request>,
) -> Option<(&'static Rule, u64)> {
    if !arrival.is(MessageType::UpdateEngagementFailed) {
        return None;
    }
    let has_own = call.sure && !call.engagements.is_empty();
    let own = call.engagements.iter().map(|it| it.id.as_str());
    if let Some(request) = asked.filter(|asked| has_own && asked.names_no_engagement_of(own)) {
        return Some((&m17_engagement_id_of_another_call::RULE, request.mark.seq));
    }
    let completed = call.completed.filter(|_| !call.completed_with_id)?;
    let has_lost_it = has_own || arrival.state.calls.has_left_engagement();
    has_lost_it.then_some((&m16_engagement_id_missing::RULE, completed.seq))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::trace::findings;

    /// HubSpot's words, "There is no engagement null", do not say whose fault that is.
    #[test]
    fn completed_before_the_engagement_is_known() {
        let found = findings(
            r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1100 widget    CALL_COMPLETED externalCallId=a engagementId=null hideWidget=false
            1400 host      UPDATE_ENGAGEMENT_FAILED error={"message":"There is no engagement null"}
            2000 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            "#,
        );
        let finding = found.iter().find(|it| it.rule.code == "H08").unwrap();
        let fix = finding.fix();
        assert!(
            fix.starts_with("CALL_COMPLETED named no engagement: call"),
            "{fix}"
        );
    }

    #[test]
    fn of_a_call() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber="2025550143" createEngagement=true externalCallId=a
            1200 host      INITIATE_CALL_ID_FAILED error={"message":"Invalid phone number"}
                 ! H08 note HubSpot could not give the call an id: Invalid phone number; the number is 2025550143, without + and country code
            1400 host      CREATE_ENGAGEMENT_FAILED error={"message":"Invalid phone number"}
                 ! H08 note HubSpot could not create an engagement: Invalid phone number; the number is 2025550143, without + and country code
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
            5000 widget    OUTGOING_CALL_STARTED toNumber=+12025550143 createEngagement=true externalCallId=b
            5200 host      INITIATE_CALL_ID_FAILED
                 ! H08 note HubSpot could not give the call an id, and does not say why
            5400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
            6000 widget    CALL_ENDED externalCallId=b engagementId=7 callEndStatus=BUSY
            7000 widget    CALL_COMPLETED externalCallId=b engagementId=7 hideWidget=false
            8000 widget    FINALIZE_ENGAGEMENT externalCallId=b engagementId=7
            8400 host      FINALIZE_ENGAGEMENT_FAILED externalCallId=b engagementId=7
                 ! H08 warning HubSpot could not finalize the engagement, and does not say why
        "#]]);
    }

    #[test]
    fn of_another_engagement_or_none() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
             3000 widget    CALL_COMPLETED externalCallId=a engagementId=1 hideWidget=false engagementProperties={"hs_call_body":"x"}
                  ! M17 error CALL_COMPLETED names engagement 1; HubSpot gave 7 for this call
             3400 host      UPDATE_ENGAGEMENT_FAILED error={"message":"There is no engagement 1"}
                  ! H08 note HubSpot could not update the engagement: There is no engagement 1 (follows from M17 [#7])
             5000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
             5400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
             6000 widget    CALL_ENDED externalCallId=b callEndStatus=BUSY
             7000 widget    CALL_COMPLETED externalCallId=b engagementId=0 hideWidget=false engagementProperties={"hs_call_body":"x"}
                  ! M16 warning CALL_COMPLETED has engagementId 0, which is not an engagement id; HubSpot gave 8
             7400 host      UPDATE_ENGAGEMENT_FAILED error={"message":"There is no engagement 0"}
                  ! H08 note HubSpot could not update the engagement: There is no engagement 0 (follows from M16 [#12])
             9000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false externalCallId=c
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            10000 widget    CALL_ENDED externalCallId=c callEndStatus=BUSY
            11000 widget    CALL_COMPLETED externalCallId=c engagementId=99 hideWidget=false engagementProperties={"hs_call_body":"x"}
            11400 host      UPDATE_ENGAGEMENT_FAILED error={"message":"There is no engagement 99"}
                  ! H08 warning HubSpot could not update the engagement: There is no engagement 99
        "#]]);
    }

    #[test]
    fn of_a_call_that_is_completed_again() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            1100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
            1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
            3000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false engagementProperties={"hs_call_body":"x"}
            3400 host      UPDATE_ENGAGEMENT_SUCCEEDED engagementId=7
            4000 widget    CALL_COMPLETED externalCallId=a engagementId=1 hideWidget=false engagementProperties={"hs_call_body":"x"}
                 ! M17 error CALL_COMPLETED names engagement 1; HubSpot gave 7 for this call
                 ! C02 note CALL_COMPLETED came again for one call
            4400 host      UPDATE_ENGAGEMENT_FAILED error={"message":"There is no engagement 1"}
                 ! H08 note HubSpot could not update the engagement: There is no engagement 1 (follows from M17 [#10])
            5000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_call_body":"x"}
            5400 host      UPDATE_ENGAGEMENT_FAILED error={"message":"There is no engagement undefined"}
                 ! H08 warning HubSpot could not update the engagement: There is no engagement undefined
        "#]]);
    }

    #[test]
    fn of_an_engagement_that_a_reload_lost() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
            2000 widget    CALL_ANSWERED externalCallId=a
            3000 handshake 0.9.7-beta.0
                 ! H05 [#4] note The page went away while the call was answered
            4000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
            5000 widget    CALL_COMPLETED externalCallId=a hideWidget=false cloned:data.engagementId=NaN engagementId=null engagementProperties={"hs_call_body":"x"}
                 ! M16 warning CALL_COMPLETED has engagementId NaN, which is not an engagement id; HubSpot gave 7 before the page was reloaded
            5400 host      UPDATE_ENGAGEMENT_FAILED error={"message":"There is no engagement NaN"}
                 ! H08 note HubSpot could not update the engagement: There is no engagement NaN (follows from M16 [#11])
        "#]]);
    }

    #[test]
    fn of_records_and_addresses() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 isAvailable=true
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=false externalCallId=a
                 ! M09 note createEngagement of INCOMING_CALL is false; HubSpot creates no engagement
            1100 host      CALLER_ID_MATCH_FAILED error={"message":"none"}
            2000 host      NAVIGATE_TO_RECORD_FAILED engagementId=7
                 ! H08 note HubSpot could not open the record, and does not say why
            3000 host      SET_WIDGET_URL_FAILED error="not allowed"
                 ! H08 note HubSpot could not change the widget's URL: not allowed
            4000 widget    UPDATE_ENGAGEMENT_FAILED error={"message":"x"}
                 ! T23 error The widget sent UPDATE_ENGAGEMENT_FAILED, which only the host may send
        "#]]);
    }
}
