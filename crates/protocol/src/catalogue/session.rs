//! Who is logged in, who is available, how large and how visible the widget is.

use super::FieldType::{Boolean, Mixed, Number, String};
use super::{Category, Direction, MessageSpec, SIZE, data};
use crate::Version;

pub(super) const INITIALIZED: MessageSpec = MessageSpec {
    name: "INITIALIZED",
    summary: "The widget announces itself after the handshake: log-in state, availability and size.",
    direction: Direction::WidgetToHost,
    category: Category::Session,
    sdk_methods: &["initialized"],
    handler: None,
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    // data is {} when called without argument in 0.1.6–0.5.1, and undefined otherwise.
    notes: "HubSpot expects it right after the handshake. Until it comes, calling is offline.",
    fields: &[
        // README: required; types since 0.7.0: optional.
        data("isLoggedIn", Boolean)
            .conditional()
            .note("whether the user is logged in to the widget"),
        // Seed and README until 2020-01-01.
        data("widgetSize", SIZE)
            .until(0, 0, 7)
            .unit("px")
            .note("an old name of sizeInfo, which nothing reads"),
        // Every demo; README since 0.0.10; not in the TypeScript type.
        data("sizeInfo", SIZE)
            .unit("px")
            .note("the size that the widget wants"),
        // Typed since 0.7.0.
        data("engagementId", Number)
            .since(0, 3, 0)
            .note("the engagement of a call that goes on after a reload, as READY gave it"),
        // Inbound docs, of which one table types it Number; not in the TypeScript type; demos send
        // it since 2024-09.
        data("isAvailable", Boolean)
            .since(0, 3, 0)
            .note("whether the user can be called"),
        // The version before the one that the build was released as.
        data("sdkVersion", String)
            .since(0, 0, 14)
            .until(0, 1, 5)
            .note("added by the SDK itself"),
        // demo-react-ts mirrors READY's fields into the payload.
        data("iframeLocation|usesCallingWindow|portalId|hostUrl", Mixed)
            .since(0, 9, 3)
            .note("sent by one demo of the SDK only"),
    ],
};

pub(super) const LOGGED_IN: MessageSpec = MessageSpec {
    name: "LOGGED_IN",
    summary: "The user has logged in to the widget.",
    direction: Direction::WidgetToHost,
    category: Category::Session,
    sdk_methods: &["userLoggedIn"],
    handler: None,
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    // README.
    notes: "Needed only if INITIALIZED said that nobody was logged in. It holds nothing.",
    fields: &[],
};

pub(super) const LOGGED_OUT: MessageSpec = MessageSpec {
    name: "LOGGED_OUT",
    summary: "The user has logged out of the widget.",
    direction: Direction::WidgetToHost,
    category: Category::Session,
    sdk_methods: &["userLoggedOut"],
    handler: None,
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    notes: "It holds nothing.",
    fields: &[],
};

pub(super) const USER_AVAILABLE: MessageSpec = MessageSpec {
    name: "USER_AVAILABLE",
    summary: "The user is ready to receive calls.",
    direction: Direction::WidgetToHost,
    category: Category::Session,
    sdk_methods: &["userAvailable"],
    handler: None,
    since: Some(Version::new(0, 3, 0)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    // Prereleases from 0.1.7-alpha.0.
    notes: "It holds nothing.",
    fields: &[],
};

pub(super) const USER_UNAVAILABLE: MessageSpec = MessageSpec {
    name: "USER_UNAVAILABLE",
    summary: "The user does not want to receive calls.",
    direction: Direction::WidgetToHost,
    category: Category::Session,
    sdk_methods: &["userUnavailable"],
    handler: None,
    since: Some(Version::new(0, 3, 0)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    notes: "It holds nothing.",
    fields: &[],
};

pub(super) const RESIZE_WIDGET: MessageSpec = MessageSpec {
    name: "RESIZE_WIDGET",
    summary: "The widget asks HubSpot for another size of its frame.",
    direction: Direction::WidgetToHost,
    category: Category::Session,
    sdk_methods: &["resizeWidget"],
    handler: None,
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    // The SDK's host class has updateIFrameSize, but nothing in the SDK calls it.
    notes: "HubSpot gives the widget's iframe this size.",
    fields: &[
        data("width", Number)
            .required()
            .unit("px")
            .note("a number is pixels, a string is taken as CSS"),
        data("height", Number)
            .required()
            .unit("px")
            // README 0.1.0–0.2.1 types it boolean by mistake.
            .note("a number is pixels, a string is taken as CSS"),
    ],
};

pub(super) const VISIBILITY_CHANGED: MessageSpec = MessageSpec {
    name: "VISIBILITY_CHANGED",
    summary: "The user has minimized, hidden or shown the widget.",
    direction: Direction::HostToWidget,
    category: Category::Session,
    sdk_methods: &[],
    handler: Some("onVisibilityChanged"),
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    // SDK, issue #116.
    notes: "Sent when the user minimizes, restores or closes the widget.",
    fields: &[
        data("isMinimized", Boolean).required(),
        data("isHidden", Boolean).required(),
    ],
};
