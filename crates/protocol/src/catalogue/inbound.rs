//! How a call to HubSpot begins, and who is calling.

use super::FieldType::{Array, Boolean, Enum, Number, Object, String};
use super::{COORDINATES, Category, Direction, MessageSpec, data};
use crate::Version;

pub(super) const INCOMING_CALL: MessageSpec = MessageSpec {
    name: "INCOMING_CALL",
    summary: "The widget is ringing with an inbound call.",
    direction: Direction::WidgetToHost,
    category: Category::Inbound,
    sdk_methods: &["incomingCall"],
    handler: None,
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &["CALLER_ID_MATCH_SUCCEEDED", "CALLER_ID_MATCH_FAILED", "CREATE_ENGAGEMENT_SUCCEEDED", "CREATE_ENGAGEMENT_FAILED", "INITIATE_CALL_ID_SUCCEEDED (inferred)", "INITIATE_CALL_ID_FAILED (inferred)"],
    notes: "Seed: HubSpot has no inbound support, it only makes an already active widget visible. Needs supportsInboundCalling in the app settings (third-party report: otherwise ignored).",
    fields: &[
        data("phoneNumber", String).conditional().until(0, 2, 2).note("seed form"),
        data("fromNumber", String).required().since(0, 3, 0).note("caller"),
        data("toNumber", String).required().since(0, 3, 0).note("recipient"),
        data("createEngagement", Boolean).since(0, 3, 0),
        data("callStartTime", Number).since(0, 7, 0).unit("ms since epoch"),
        data("externalCallId", String).or(Number).required().since(0, 7, 0).note("id minted by the calling app (UUID in the demos); the key that ties one call's messages together"),
    ],
};

pub(super) const CALLER_ID_MATCH_SUCCEEDED: MessageSpec = MessageSpec {
    name: "CALLER_ID_MATCH_SUCCEEDED",
    summary: "HubSpot looked the caller up and lists the contacts and companies with that number.",
    direction: Direction::HostToWidget,
    category: Category::Inbound,
    sdk_methods: &[],
    handler: Some("onCallerIdMatchSucceeded"),
    since: Some(Version::new(0, 3, 0)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    notes: "Listed in the wrong direction group (widget→host) in 0.3.0–0.5.0, moved in 0.5.1; the handler existed all along.",
    fields: &[
        data("callerIdMatches", Array)
            .required()
            .since(0, 3, 0)
            .note("may be empty (demo handles that)"),
        data(
            "callerIdMatches[].callerIdType",
            Enum(&["CONTACT", "COMPANY"]),
        )
        .required()
        .since(0, 3, 0),
        data("callerIdMatches[].objectCoordinates", COORDINATES)
            .required()
            .since(0, 3, 0)
            .note("objectTypeId typed string before 0.7.0; 0-1 contact, 0-2 company"),
        data("callerIdMatches[].firstName/lastName/email", String)
            .conditional()
            .since(0, 3, 0)
            .note("CONTACT only"),
        data("callerIdMatches[].name", String)
            .conditional()
            .since(0, 3, 0)
            .note("COMPANY only"),
    ],
};

pub(super) const CALLER_ID_MATCH_FAILED: MessageSpec = MessageSpec {
    name: "CALLER_ID_MATCH_FAILED",
    summary: "HubSpot could not look the caller up.",
    direction: Direction::HostToWidget,
    category: Category::Inbound,
    sdk_methods: &[],
    handler: Some("onCallerIdMatchFailed"),
    since: Some(Version::new(0, 3, 0)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    notes: "The inbound docs once write onCalledIdMatchFailed.",
    fields: &[data("error.message", String).required().since(0, 3, 0)],
};

pub(super) const NAVIGATE_TO_RECORD: MessageSpec = MessageSpec {
    name: "NAVIGATE_TO_RECORD",
    summary: "The widget asks HubSpot to open a record.",
    direction: Direction::WidgetToHost,
    category: Category::Inbound,
    sdk_methods: &["navigateToRecord"],
    handler: None,
    since: Some(Version::new(0, 3, 0)),
    last: None,
    deprecated_by: None,
    answered_by: &[
        "NAVIGATE_TO_RECORD_FAILED",
        "(page navigation + SYNC with engagementId)",
    ],
    notes: "On success HubSpot loads the record page: the widget is torn down and the next SYNC/READY carries engagementId. There is no *_SUCCEEDED.",
    fields: &[
        data("objectCoordinates", COORDINATES)
            .required()
            .since(0, 3, 0)
            .note("taken from a caller-id match"),
        data("engagementId", Number).since(0, 7, 0),
        data("openIn", Enum(&["CURRENT_TAB", "NEW_TAB"]))
            .since(0, 9, 7)
            .note("type only; no SDK logic"),
    ],
};

pub(super) const NAVIGATE_TO_RECORD_FAILED: MessageSpec = MessageSpec {
    name: "NAVIGATE_TO_RECORD_FAILED",
    summary: "HubSpot could not open the record.",
    direction: Direction::HostToWidget,
    category: Category::Inbound,
    sdk_methods: &[],
    handler: Some("onNavigateToRecordFailed"),
    since: Some(Version::new(0, 3, 0)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    notes: "",
    fields: &[
        data("engagementId", Number)
            .since(0, 3, 0)
            .note("docs copy"),
        data("objectCoordinates", Object(&[]))
            .since(0, 3, 0)
            .note("docs copy"),
    ],
};
