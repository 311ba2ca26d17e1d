//! M22: the widget opens a record that HubSpot did not match with the caller.

use super::prelude::*;
use crate::parsed_message::id_text;

pub(super) const RULE: Rule = Rule {
    code: "M22",
    title: "Record was not matched",
    why: "The record usually comes from the callerIdMatches of this call. Another one is allowed, \
          but may belong to an earlier call.",
    fix: "Pass navigateToRecord() the objectCoordinates of a match from onCallerIdMatchSucceeded.",
    severity: "note",
    since: Version::new(0, 3, 0),
    example: Example {
        breaks: r#"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            1100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":7,"objectId":2,"objectTypeId":"0-1"}}]
            1200 widget    NAVIGATE_TO_RECORD objectCoordinates={"portalId":7,"objectId":9,"objectTypeId":"0-1"}
                 ! M22 note NAVIGATE_TO_RECORD opens record 9, which was not matched
        "#,
        clean: r#"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            1100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":7,"objectId":2,"objectTypeId":"0-1"}}]
            1200 widget    NAVIGATE_TO_RECORD objectCoordinates={"portalId":7,"objectId":2,"objectTypeId":"0-1"}
        "#,
    },
    hooks: &[Hook::On(&[MessageType::NavigateToRecord], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    let excused = state.gapped || !state.hears_host() || state.answered.is_none();
    if arrival.from() != Side::Widget || excused {
        return;
    }
    let call = state.calls.current.as_ref();
    if call.is_some_and(|call| !call.sure) {
        return;
    }
    let Some(matches) = call.and_then(|call| call.matches.as_ref()) else {
        report.note("NAVIGATE_TO_RECORD came without a match of the caller before it");
        return;
    };
    if let Some(id) = arrival
        .deep_field("objectCoordinates.objectId")
        .and_then(id_text)
        && !matches.iter().any(|known| known == id)
    {
        report.note(format!(
            "NAVIGATE_TO_RECORD opens record {id}, which was not matched"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn not_matched() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
             500 widget    NAVIGATE_TO_RECORD objectCoordinates={"portalId":1,"objectId":9,"objectTypeId":"0-1"}
                 ! M22 note NAVIGATE_TO_RECORD came without a match of the caller before it
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            1100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":1,"objectId":2,"objectTypeId":"0-1"}}]
            1200 widget    NAVIGATE_TO_RECORD objectCoordinates={"portalId":1,"objectId":9,"objectTypeId":"0-1"}
                 ! M22 note NAVIGATE_TO_RECORD opens record 9, which was not matched
        "#]]);
    }

    #[test]
    fn matched() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=a
            1100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":1,"objectId":2,"objectTypeId":"0-1"}}]
            1200 widget    NAVIGATE_TO_RECORD objectCoordinates={"portalId":1,"objectId":2,"objectTypeId":"0-1"}
        "#]]);
    }
}
