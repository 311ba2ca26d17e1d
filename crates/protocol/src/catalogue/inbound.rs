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
    answered_by: &[
        "CALLER_ID_MATCH_SUCCEEDED",
        "CALLER_ID_MATCH_FAILED",
        "CREATE_ENGAGEMENT_SUCCEEDED",
        "CREATE_ENGAGEMENT_FAILED",
        "INITIATE_CALL_ID_SUCCEEDED (inferred)",
        "INITIATE_CALL_ID_FAILED (inferred)",
    ],
    // A report of somebody who had left it out. In the seed HubSpot only makes an active widget
    // visible.
    notes: "HubSpot ignores it unless the app's settings have supportsInboundCalling.",
    fields: &[
        // Seed.
        data("phoneNumber", String)
            .conditional()
            .until(0, 2, 2)
            .note("replaced by fromNumber and toNumber"),
        data("fromNumber", String)
            .required()
            .since(0, 3, 0)
            .note("who calls"),
        data("toNumber", String)
            .required()
            .since(0, 3, 0)
            .note("who is called"),
        data("createEngagement", Boolean).since(0, 3, 0),
        data("callStartTime", Number)
            .since(0, 7, 0)
            .unit("ms since epoch"),
        data("externalCallId", String)
            .or(Number)
            .required()
            .since(0, 7, 0)
            .note("the calling app's own id of the call; it ties one call's messages together"),
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
    // Listed among the widget's messages in 0.3.0–0.5.0; the handler existed all along.
    notes: "It names the records that the caller's number belongs to.",
    fields: &[
        data("callerIdMatches", Array)
            .required()
            .since(0, 3, 0)
            .note("may be empty"),
        data(
            "callerIdMatches[].callerIdType",
            Enum(&["CONTACT", "COMPANY"]),
        )
        .required()
        .since(0, 3, 0),
        data("callerIdMatches[].objectCoordinates", COORDINATES)
            .required()
            .since(0, 3, 0)
            // Typed string before 0.7.0.
            .note("objectTypeId is 0-1 for a contact, 0-2 for a company"),
        data("callerIdMatches[].firstName/lastName/email", String)
            .conditional()
            .since(0, 3, 0)
            .note("of contacts"),
        data("callerIdMatches[].name", String)
            .conditional()
            .since(0, 3, 0)
            .note("of companies"),
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
    // onCalledIdMatchFailed.
    notes: "The handler is onCallerIdMatchFailed; HubSpot's documentation misspells it once.",
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
    notes: "HubSpot loads the record's page, and the widget's with it: the next SYNC has the engagementId. There is no NAVIGATE_TO_RECORD_SUCCEEDED.",
    fields: &[
        data("objectCoordinates", COORDINATES)
            .required()
            .since(0, 3, 0)
            .note("from CALLER_ID_MATCH_SUCCEEDED"),
        data("engagementId", Number).since(0, 7, 0),
        data("openIn", Enum(&["CURRENT_TAB", "NEW_TAB"]))
            .since(0, 9, 7)
            .note("not read by the SDK"),
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
        data("engagementId", Number).since(0, 3, 0),
        data("objectCoordinates", Object(&[])).since(0, 3, 0),
    ],
};
