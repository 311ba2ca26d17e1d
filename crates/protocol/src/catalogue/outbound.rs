//! How a call from HubSpot begins.

use super::FieldType::{Boolean, Enum, Number, String};
use super::{Category, Direction, MessageSpec, data};
use crate::Version;

pub(super) const DIAL_NUMBER: MessageSpec = MessageSpec {
    name: "DIAL_NUMBER",
    summary: "The user clicked a number in HubSpot; the widget should dial it.",
    direction: Direction::HostToWidget,
    category: Category::Outbound,
    sdk_methods: &[],
    handler: Some("onDialNumber"),
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &["OUTGOING_CALL_STARTED"],
    // README since 0.0.10. HubSpot's docs carry no SDK version, so those of fields that only the
    // docs name are approximate.
    notes: "HubSpot dials only when the widget is logged in, and alerts the user otherwise.",
    fields: &[
        data("phoneNumber", String)
            .required()
            .note("the number to dial"),
        data("ownerId", Number)
            .since(0, 0, 10)
            .note("the user who is logged in to HubSpot"),
        data("objectId", Number).since(0, 0, 10).note(
            "record being viewed, not necessarily the record that owns the number (issue #207)",
        ),
        data("objectType", Enum(&["CONTACT", "COMPANY"]))
            .since(0, 0, 10)
            .note("the type of the record on the page"),
        data("portalId", Number)
            .since(0, 0, 14)
            // README since 2020-03-30.
            .note("the HubSpot account"),
        data("subjectId", Number).since(0, 5, 1),
        data("countryCode", String).since(0, 5, 1),
        data("calleeInfo.calleeId", Number)
            .since(0, 5, 1)
            // HubSpot's docs, as the next ones.
            .note("the record that the number belongs to"),
        data("calleeInfo.calleeObjectTypeId", String)
            .since(0, 5, 1)
            .note("such as 0-1 (contact) or 0-2 (company)"),
        data("startTimestamp", Number)
            .since(0, 5, 1)
            .unit("ms since epoch"),
        data("toPhoneNumberSrc", String)
            .since(0, 5, 1)
            .note("the name of the property that holds the number"),
        data("phone_number", String)
            .since(0, 5, 1)
            // Seen in real payloads: SDK, issues #216 and #228.
            .note("the same as phoneNumber"),
        data("threadId", Number)
            .since(0, 5, 1)
            // Seen in real payloads: SDK, issues #216 and #228.
            .note("not documented"),
    ],
};

pub(super) const OUTGOING_CALL_STARTED: MessageSpec = MessageSpec {
    name: "OUTGOING_CALL_STARTED",
    summary: "The widget has started an outbound call.",
    direction: Direction::WidgetToHost,
    category: Category::Outbound,
    sdk_methods: &["outgoingCall"],
    handler: None,
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[
        "CREATE_ENGAGEMENT_SUCCEEDED",
        "CREATE_ENGAGEMENT_FAILED",
        "ENGAGEMENT_CREATED",
        "INITIATE_CALL_ID_SUCCEEDED",
        "INITIATE_CALL_ID_FAILED",
    ],
    // SDK, PR #254.
    notes: "If the number is invalid, HubSpot answers INITIATE_CALL_ID_FAILED.",
    fields: &[
        // Seed: required; README 0.0.10–0.2.1: optional unless the widget started the call; not in
        // the types since 0.7.0.
        data("phoneNumber", String)
            .conditional()
            .until(0, 6, 3)
            .note("the number that is called; replaced by toNumber"),
        // The demo of 0.0.10 sends the string "true".
        data("createEngagement", Boolean)
            .since(0, 0, 10)
            .note("true asks HubSpot to create the engagement"),
        data("callStartTime", Number)
            .since(0, 1, 0)
            .unit("ms since epoch")
            .note("needed if the user dialed in the widget"),
        // Demo since 2024-04-10; the docs say required, the types optional.
        data("fromNumber", String)
            .conditional()
            .since(0, 4, 0)
            .note("the number that the call is made from"),
        // Demo since 2024-05-06, in place of phoneNumber; the types say optional.
        data("toNumber", String)
            .conditional()
            .since(0, 5, 1)
            .note("the number that is called"),
        // Required by the types since 0.7.0; docs: used for help-desk calling.
        data("externalCallId", String)
            .or(Number)
            .conditional()
            .since(0, 7, 0)
            .note("the calling app's own id of the call; it ties one call's messages together"),
    ],
};
