//! M16: the widget completes a call without its engagement.

use super::prelude::*;
use crate::state::{CompletedBy, Engagement};

pub(super) const RULE: Rule = Rule {
    code: "M16",
    title: "CALL_COMPLETED without engagementId",
    why: "HubSpot created an engagement for the call, and now does not know that this is the one \
          to save.",
    fix: "Keep the engagementId that onCreateEngagementSucceeded gets, and pass it to \
          callCompleted({ engagementId, … }). 0 and an empty string stand for none.",
    severity: "warning",
    since: Version::new(0, 0, 10),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
                 ! M16 warning CALL_COMPLETED has no engagementId; HubSpot gave 4711
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
        ",
    },
    hooks: &[Hook::On(&[MessageType::CallCompleted], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget || !arrival.lacks_id("engagementId") {
        return;
    }
    let CompletedBy::Call(call) = arrival.state.calls.completed_by(arrival) else {
        return;
    };
    if let Some(given) = call.engagements.last().filter(|_| call.sure) {
        let Engagement { id, mark, .. } = given;
        let lack = if arrival.lacks("engagementId") {
            let hint = arrival.misspelled("engagementId");
            format!("CALL_COMPLETED has no engagementId; HubSpot gave {id}{hint}")
        } else {
            let none = match arrival.field("engagementId") {
                Some(Json::Number(text)) => (*text).to_owned(),
                Some(Json::String(text)) => format!("{text:?}"),
                _ => "false".to_owned(),
            };
            format!(
                "CALL_COMPLETED has engagementId {none}, which is no engagement; HubSpot gave {id}"
            )
        };
        report.warning(lack).see([mark.seq]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn given_or_none() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_FAILED error={"message":"no"}
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
        "#]]);
    }

    #[test]
    fn misspelled() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a engagementID=4711 hideWiget=true
                 ! M16 warning CALL_COMPLETED has no engagementId; HubSpot gave 4711; it has engagementID, did you mean engagementId?
                 ! M18 warning CALL_COMPLETED does not say hideWidget; HubSpot closes the widget; it has hideWiget, did you mean hideWidget?
        "#]]);
    }

    #[test]
    fn zero_is_no_engagement() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a engagementId=0 hideWidget=false
                 ! M16 warning CALL_COMPLETED has engagementId 0, which is no engagement; HubSpot gave 4711
        "#]]);
        check(&expect![[r#"
               0 handshake 0.2.1
            1000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement=true
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED callEndStatus=BUSY
            3000 widget    CALL_COMPLETED engagementId="0" hideWidget=false
                 ! M16 warning CALL_COMPLETED has engagementId "0", which is no engagement; HubSpot gave 4711
        "#]]);
    }

    #[test]
    fn nothing_was_given() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_FAILED error={"message":"no"}
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a engagementId=0 hideWidget=false
        "#]]);
    }
}
