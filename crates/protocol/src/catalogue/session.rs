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
    notes: "Expected right after READY. data is {} when called without argument in 0.1.6–0.5.1 and undefined otherwise.",
    fields: &[
        data("isLoggedIn", Boolean).conditional().note("README: required; types since 0.7.0: optional"),
        data("widgetSize", SIZE).until(0, 0, 7).unit("px").note("seed/README name until 2020-01-01; no code uses it"),
        data("sizeInfo", SIZE).unit("px").note("name used by every demo; README since 0.0.10; not in the TypeScript type"),
        data("engagementId", Number).since(0, 3, 0).note("echo of READY.engagementId; typed since 0.7.0"),
        data("isAvailable", Boolean).since(0, 3, 0).note("inbound docs; one docs table types it Number; not in the TypeScript type; demos send it since 2024-09"),
        data("sdkVersion", String).since(0, 0, 14).until(0, 1, 5).note("added by the SDK itself (pre-bump build version)"),
        data("iframeLocation|usesCallingWindow|portalId|hostUrl", Mixed).since(0, 9, 3).note("demo-react-ts only: it mirrors READY fields into the payload"),
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
    notes: "No data key. Needed only if INITIALIZED said isLoggedIn false (README).",
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
    notes: "No data key.",
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
    notes: "No data key. Prereleases from 0.1.7-alpha.0.",
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
    notes: "No data key.",
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
    notes: "The SDK's host class has updateIFrameSize but nothing in the SDK calls it.",
    fields: &[
        data("width", Number)
            .required()
            .unit("px")
            .note("host helper: number becomes \"<n>px\", string is used as is, falsy is skipped"),
        data("height", Number)
            .required()
            .unit("px")
            .note("README 0.1.0–0.2.1 types it boolean by mistake"),
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
    notes: "Minimise gives {true,false}; closing with X must also produce one (issue #116 fixed host bugs of 2023-05).",
    fields: &[
        data("isMinimized", Boolean).required(),
        data("isHidden", Boolean).required(),
    ],
};
