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
    // Verified between two ends of the SDK.
    notes: "The SDK sends it by itself when it receives a type that it does not know. It has no handler for it: an ERROR that reaches an SDK is unknown there too and is answered with another ERROR, without end.",
    fields: &[
        // README since 0.1.0; demo before.
        data("message", String)
            .conditional()
            .note("HubSpot shows it to the user in an alert"),
        // "GENERIC" until 0.2.2, a constant that 0.3.0 removed; demos since 0.3.0 put "ERROR" here.
        data("type", String).note("\"UNKNOWN_MESSAGE_TYPE\" if the SDK sent it by itself"),
        data("data.originalMessage", Object(&[]))
            .conditional()
            .note("if the SDK sent it by itself: the whole message that it did not know"),
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
    // Constant since 0.8.1 (tag 0.8.1-alpha.0; absent from 0.8.1-alpha.1). What is called was
    // verified.
    notes: "No host is known to send it. onFailed is called for this type only: for a type that ends in _FAILED the SDK looks up eventHandlers[\"FAILED\"] instead, and 0.8.1–0.8.3 throw if that is missing.",
    fields: &[],
};
