//! M23: a record has a type that is neither contact nor company.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M23",
    title: "Unknown objectTypeId",
    why: "The types of the SDK only know 0-1 (contact) and 0-2 (company).",
    fix: "Pass navigateToRecord() the objectCoordinates of a match as they came.",
    severity: "warning",
    since: Version::new(0, 5, 0),
    example: Example {
        breaks: r#"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            1100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":7,"objectId":2,"objectTypeId":"0-3"}}]
                 ! M23 warning objectTypeId of CALLER_ID_MATCH_SUCCEEDED is 0-3; expected 0-1 or 0-2
        "#,
        clean: r#"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            1100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":7,"objectId":2,"objectTypeId":"0-1"}}]
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
    if !arrival.state.since(0, 5, 0) {
        return;
    }
    let odd =
        coordinates(arrival).find_map(|coordinates| match coordinates.get("objectTypeId")? {
            Json::Null => None,
            Json::String(ty) if matches!(ty.as_ref(), "0-1" | "0-2") => None,
            Json::String(ty) => Some(ty.to_string()),
            other => Some(other.kind_words().to_owned()),
        });
    if let Some(odd) = odd {
        let name = arrival.name();
        report
            .warning(format!(
                "objectTypeId of {name} is {odd}; expected 0-1 or 0-2"
            ))
            .about(["objectTypeId"]);
    }
}

/// All coordinates of records in a message.
pub(super) fn coordinates<'a>(arrival: &'a Arrival<'_>) -> impl Iterator<Item = &'a Json<'a>> {
    let matches = arrival
        .field("callerIdMatches")
        .map(Json::items)
        .unwrap_or_default();
    let of_matches = matches
        .iter()
        .filter_map(|item| item.get("objectCoordinates"));
    arrival
        .field("objectCoordinates")
        .into_iter()
        .chain(of_matches)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn a_deal() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            1100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":1,"objectId":2,"objectTypeId":"0-3"}}]
                 ! M23 warning objectTypeId of CALLER_ID_MATCH_SUCCEEDED is 0-3; expected 0-1 or 0-2
            1200 widget    NAVIGATE_TO_RECORD objectCoordinates={"portalId":1,"objectId":2,"objectTypeId":1}
                 ! M23 warning objectTypeId of NAVIGATE_TO_RECORD is a number; expected 0-1 or 0-2
        "#]]);
    }

    #[test]
    fn from_the_version_that_has_it() {
        check(&expect![[r#"
               0 handshake 0.5.0-rc.0 isAvailable=true
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true
            1100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":1,"objectId":2,"objectTypeId":"0-1"}}]
            1200 widget    NAVIGATE_TO_RECORD objectCoordinates={"portalId":1,"objectId":2,"objectTypeId":"0-3"}
                 ! M23 warning objectTypeId of NAVIGATE_TO_RECORD is 0-3; expected 0-1 or 0-2
        "#]]);
    }

    #[test]
    fn a_company() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            1100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"COMPANY","objectCoordinates":{"portalId":1,"objectId":2,"objectTypeId":"0-2"}}]
        "#]]);
    }
}
