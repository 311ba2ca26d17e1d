//! Errors that are not about one particular message.

use super::FieldType::{Object, String};
use super::{Category, Direction, MessageSpec, data};
use crate::Version;

pub(super) const ERROR: MessageSpec = MessageSpec {
    name: "ERROR",
    summary: "Something went wrong at the sender, or it received a type that it does not know.",
    direction: Direction::Both,
    category: Category::Error,
    sdk_methods: &["sendError", "(automatic reply to an unknown type)"],
    handler: None,
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    notes: "Automatic reply has a fresh messageId of the replier. Not in any handler table: an ERROR received by an SDK is itself unknown and is answered with another ERROR (loops between two SDK ends, verified).",
    fields: &[
        data("message", String).conditional().note("text HubSpot shows the user in an alert (README 0.1.0 on; demo before)"),
        data("type", String).note("\"UNKNOWN_MESSAGE_TYPE\" for the automatic reply; \"GENERIC\" until 0.2.2 (constant removed in 0.3.0); demos since 0.3.0 put \"ERROR\" here"),
        data("data.originalMessage", Object(&[])).conditional().note("automatic reply only: the complete received wire object, incl. its messageId"),
    ],
};

pub(super) const FAILED: MessageSpec = MessageSpec {
    name: "FAILED",
    summary: "A catch-all name that the SDK looks up for every answer that ends in _FAILED.",
    direction: Direction::HostToWidget,
    category: Category::Error,
    sdk_methods: &[],
    handler: Some("onFailed"),
    since: Some(Version::new(0, 8, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    notes: "Pseudo-type: no evidence that any host sends it. Constant since 0.8.1 (tag 0.8.1-alpha.0; absent from tag/package 0.8.1-alpha.1). For every type ending in _FAILED the SDK looks up eventHandlers[\"FAILED\"], not onFailed; 0.8.1–0.8.3 throw when it is missing. onFailed fires only for a wire message whose type is exactly FAILED (verified).",
    fields: &[],
};
