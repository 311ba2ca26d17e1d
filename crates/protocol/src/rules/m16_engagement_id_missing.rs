//! M16: the widget completes a call without its engagement.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M16",
    title: "CALL_COMPLETED without engagementId",
    why: "HubSpot created an engagement for the call, and now does not know that this is the one \
          to save.",
    fix: "Keep the engagementId of onCreateEngagementSucceeded and give it to callCompleted().",
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

fn check(step: &Step<'_>, report: &mut Report<'_>) {
    if step.from() != Side::Widget || !step.lacks("engagementId") {
        return;
    }
    let Some(call) = step.call() else { return };
    if let Some((id, given)) = call.engagements.last().filter(|_| call.sure) {
        let hint = step.misspelled("engagementId");
        report
            .warning(format!(
                "CALL_COMPLETED has no engagementId; HubSpot gave {id}{hint}"
            ))
            .see([given.seq]);
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
            1000 widget OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget CALL_COMPLETED externalCallId=a engagementID=4711 hideWiget=true
                 ! M16 warning CALL_COMPLETED has no engagementId; HubSpot gave 4711; it has engagementID, did you mean engagementId?
                 ! M18 warning CALL_COMPLETED does not say hideWidget; HubSpot closes the widget; it has hideWiget, did you mean hideWidget?
        "#]]);
    }
}
