//! F03: a message lacks the fields that make up its content.

use super::prelude::*;
use crate::instead::{self, Instead};

pub(super) const RULE: Rule = Rule {
    code: "F03",
    title: "Required field missing",
    why: "Without it HubSpot has nothing to do: no size for the frame, no record to open, no text \
          to show.",
    fix: "Give the fields that the method needs: resizeWidget({ width, height }), \
          navigateToRecord({ objectCoordinates: { portalId, objectId, objectTypeId } }), \
          sendError({ message }), setWidgetUrl({ iFrameUrl }).",
    severity: "warning; note if only one of width and height is missing",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    RESIZE_WIDGET
                 ! F03 warning RESIZE_WIDGET has no width and no height
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    RESIZE_WIDGET width=400 height=600
        ",
    },
    hooks: &[Hook::On(
        &[
            MessageType::ResizeWidget,
            MessageType::NavigateToRecord,
            MessageType::Error,
            MessageType::SetWidgetUrl,
        ],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget {
        return;
    }
    match arrival.ty {
        Some(MessageType::ResizeWidget) => tell(arrival, &["width", "height"], report),
        Some(MessageType::NavigateToRecord) => {
            tell(arrival, &["objectCoordinates"], report);
            check_coordinates(arrival, report);
        }
        // The SDK's own answer to an unknown type contains the original message instead.
        Some(MessageType::Error) if arrival.text("type") != Some("UNKNOWN_MESSAGE_TYPE") => {
            tell(arrival, &["message"], report);
        }
        Some(MessageType::SetWidgetUrl) if arrival.json.get("iFrameUrl").is_none() => {
            tell(arrival, &["iFrameUrl"], report);
        }
        _ => {}
    }
}

/// Reports which of these fields of `data` are missing.
fn tell(arrival: &Arrival<'_>, keys: &[&'static str], report: &mut Report<'_>) {
    let lacking: Vec<&str> = keys
        .iter()
        .copied()
        .filter(|key| arrival.lacks(key) && !report.is_told(key))
        .collect();
    if lacking.is_empty() {
        return;
    }
    let severity = if lacking.len() == keys.len() {
        Severity::Warning
    } else {
        Severity::Note
    };
    let none: Vec<String> = lacking.iter().map(|key| format!("no {key}")).collect();
    let instead: Vec<Instead<'_>> = lacking.iter().map(|key| arrival.instead_of(key)).collect();
    let mut hints: Vec<String> = instead.iter().map(Instead::to_string).collect();
    // Both can be in one object.
    hints.dedup();
    let name = arrival.name();
    report
        .add(
            severity,
            format!("{name} has {}{}", none.join(" and "), hints.concat()),
        )
        .advise(instead::advice(instead));
}

/// It takes three ids to identify a record.
fn check_coordinates(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let Some(coordinates @ Json::Object(_)) = arrival.field("objectCoordinates") else {
        return;
    };
    if arrival.recorded.truncated.is_some() {
        return;
    }
    let is_missing = |key: &&str| matches!(coordinates.get(key), None | Some(Json::Null));
    let missing: Vec<&str> = ["portalId", "objectId", "objectTypeId"]
        .into_iter()
        .filter(is_missing)
        .collect();
    if !missing.is_empty() {
        let none: Vec<String> = missing.iter().map(|key| format!("no {key}")).collect();
        report.warning(format!(
            "objectCoordinates of NAVIGATE_TO_RECORD has {}",
            none.join(" and ")
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn sizes() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    RESIZE_WIDGET w=400 h=600
                 ! F03 warning RESIZE_WIDGET has no width and no height
            1100 widget    RESIZE_WIDGET height=600
                 ! F03 note RESIZE_WIDGET has no width
            1200 widget    RESIZE_WIDGET width=null height=""
                 ! S04 note height of RESIZE_WIDGET is a string; expected a number of pixels
                 ! F03 note RESIZE_WIDGET has no width
            1300 widget    RESIZE_WIDGET size={"width":400,"height":600}
                 ! F03 warning RESIZE_WIDGET has no width and no height; it is in data.size, one level too deep
            1400 widget    RESIZE_WIDGET data=400
                 ! F01 error data of RESIZE_WIDGET is a number, of which nothing can be read; expected an object
            1500 widget    RESIZE_WIDGET truncated
                 ! X04 note RESIZE_WIDGET was cut: it had 1000000 bytes
        "#]]);
    }

    #[test]
    fn records() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 isAvailable=true
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=false externalCallId=a
                 ! M09 note createEngagement of INCOMING_CALL is false; HubSpot creates no engagement
            1100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":1,"objectId":2,"objectTypeId":"0-1"}}]
            1200 widget    NAVIGATE_TO_RECORD
                 ! F03 warning NAVIGATE_TO_RECORD has no objectCoordinates
            1300 widget    NAVIGATE_TO_RECORD portalId=1 objectId=2 objectTypeId=0-1
                 ! F02 warning portalId, objectId and objectTypeId in NAVIGATE_TO_RECORD are ignored; send them as navigateToRecord({ objectCoordinates })
            1400 widget    NAVIGATE_TO_RECORD objectCoordinates={"objectId":2}
                 ! F03 warning objectCoordinates of NAVIGATE_TO_RECORD has no portalId and no objectTypeId
            1500 widget    NAVIGATE_TO_RECORD objectCoordinates=null
                 ! F03 warning NAVIGATE_TO_RECORD has no objectCoordinates
        "#]]);
    }

    #[test]
    fn errors_and_addresses() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    ERROR
                 ! F03 warning ERROR has no message
            1100 widget    ERROR msg="No line"
                 ! F02 warning msg in ERROR is ignored; send it as sendError({ message })
            1200 widget    ERROR type=UNKNOWN_MESSAGE_TYPE data={"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"X","messageId":"1_2"}}}
            1300 widget    SET_WIDGET_URL
                 ! F03 warning SET_WIDGET_URL has no iFrameUrl
            1400 widget    SET_WIDGET_URL .iFrameUrl=https://other.example
            1500 host      ERROR
        "#]]);
    }
}
