//! M24: a record is of another account.

use super::m23_object_type_id_unknown::coordinates;
use super::prelude::*;
use crate::parsed_message::id_text;

pub(super) const RULE: Rule = Rule {
    code: "M24",
    title: "portalId of another account",
    why: "The record cannot be opened from this account (inferred).",
    fix: "Use objectCoordinates as they came in onCallerIdMatchSucceeded; do not keep them across \
          accounts.",
    severity: "warning",
    since: Version::new(0, 5, 0),
    example: Example {
        breaks: r#"
               0 ready 0.9.7-beta.0 .portalId=7
               3 widget    INITIALIZED isLoggedIn=true
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            1100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":7,"objectId":2,"objectTypeId":"0-1"}}]
            1200 widget    NAVIGATE_TO_RECORD objectCoordinates={"portalId":8,"objectId":2,"objectTypeId":"0-1"}
                 ! M24 warning portalId in NAVIGATE_TO_RECORD is 8; the account is 7
        "#,
        clean: r#"
               0 ready 0.9.7-beta.0 .portalId=7
               3 widget    INITIALIZED isLoggedIn=true
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            1100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":7,"objectId":2,"objectTypeId":"0-1"}}]
            1200 widget    NAVIGATE_TO_RECORD objectCoordinates={"portalId":7,"objectId":2,"objectTypeId":"0-1"}
        "#,
    },
    hooks: &[Hook::On(
        &[
            MessageType::NavigateToRecord,
            MessageType::CallerIdMatchSucceeded,
        ],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let Some(portal) = arrival.state.view.portal_id.as_deref() else {
        return;
    };
    let other = coordinates(arrival)
        .filter_map(|coordinates| coordinates.get("portalId").and_then(id_text))
        .find(|id| *id != portal);
    if let Some(other) = other {
        let name = arrival.name();
        report.warning(format!(
            "portalId in {name} is {other}; the account is {portal}"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_same() {
        check(&expect![[r#"
               0 ready 0.9.7-beta.0 .portalId=7
               3 widget    INITIALIZED isLoggedIn=true
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            1100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":"7","objectId":2,"objectTypeId":"0-1"}}]
                 ! F01 note callerIdMatches[0].objectCoordinates.portalId of CALLER_ID_MATCH_SUCCEEDED is a string; expected a number
        "#]]);
    }
}
