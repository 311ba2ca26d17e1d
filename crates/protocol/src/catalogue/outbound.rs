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
    notes: "HubSpot makes sure the widget is logged in first, else it alerts the user (README 0.0.10+). Versions of the doc-only fields are approximate (docs carry no SDK version).",
    fields: &[
        data("phoneNumber", String)
            .required()
            .note("number to dial; the seed's flow prose calls it phone_number"),
        data("ownerId", Number)
            .since(0, 0, 10)
            .note("logged-in user"),
        data("objectId", Number).since(0, 0, 10).note(
            "record being viewed, not necessarily the record that owns the number (issue #207)",
        ),
        data("objectType", Enum(&["CONTACT", "COMPANY"]))
            .since(0, 0, 10)
            .note("type of the viewed record"),
        data("portalId", Number)
            .since(0, 0, 14)
            .note("README since 2020-03-30"),
        data("subjectId", Number).since(0, 5, 1).note("docs"),
        data("countryCode", String).since(0, 5, 1).note("docs"),
        data("calleeInfo.calleeId", Number)
            .since(0, 5, 1)
            .note("docs; record that owns the number"),
        data("calleeInfo.calleeObjectTypeId", String)
            .since(0, 5, 1)
            .note("docs; e.g. 0-1, 0-2"),
        data("startTimestamp", Number)
            .since(0, 5, 1)
            .unit("ms since epoch")
            .note("docs"),
        data("toPhoneNumberSrc", String)
            .since(0, 5, 1)
            .note("docs; name of the property that holds the number"),
        data("phone_number", String)
            .since(0, 5, 1)
            .note("duplicate of phoneNumber, seen in real payloads (issues #216, #228)"),
        data("threadId", Number)
            .since(0, 5, 1)
            .note("seen in real payloads (issues #216, #228); meaning not documented"),
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
    answered_by: &["CREATE_ENGAGEMENT_SUCCEEDED", "CREATE_ENGAGEMENT_FAILED", "ENGAGEMENT_CREATED", "INITIATE_CALL_ID_SUCCEEDED", "INITIATE_CALL_ID_FAILED"],
    notes: "With an invalid number HubSpot answers INITIATE_CALL_ID_FAILED (PR #254).",
    fields: &[
        data("phoneNumber", String).conditional().until(0, 6, 3).note("seed: required; README 0.0.10–0.2.1: optional unless the widget started the call; not in types since 0.7.0"),
        data("createEngagement", Boolean).since(0, 0, 10).note("true asks HubSpot to create the engagement; the 0.0.10 demo sends the string \"true\""),
        data("callStartTime", Number).since(0, 1, 0).unit("ms since epoch").note("optional unless the widget started the call"),
        data("fromNumber", String).conditional().since(0, 4, 0).note("demo since 2024-04-10; docs say required, types say optional"),
        data("toNumber", String).conditional().since(0, 5, 1).note("demo since 2024-05-06 (replaced phoneNumber); types say optional"),
        data("externalCallId", String).or(Number).conditional().since(0, 7, 0).note("required by the types since 0.7.0; docs: used for help-desk calling"),
    ],
};
