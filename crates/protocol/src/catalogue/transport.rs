//! The handshake and what keeps the connection up.

use super::FieldType::{
    Any, Boolean, Constant, Enum, Number, OneOf, Origin, String, Undefined, Url,
};
use super::{Category, Direction, MessageSpec, data, top};
use crate::Version;

pub(super) const SYNC: MessageSpec = MessageSpec {
    name: "SYNC",
    summary: "HubSpot looks for the widget: the first step of the handshake, repeated until the widget answers.",
    direction: Direction::HostToWidget,
    category: Category::Transport,
    sdk_methods: &["IFrameManager.sendSync (host side)"],
    handler: None,
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &["SYNC_ACK"],
    // SDK, IFrameManager. Handled before the origin is checked since 0.0.7.
    notes: "Sent when the iframe has loaded, then every 100 ms until SYNC_ACK comes or 30 s are over. SYNC_ACK repeats every field of it.",
    fields: &[
        top("type", Constant("SYNC")).required(),
        // Without it the widget answers with an id of its own prefix.
        top("messageId", String).required().note("minted by HubSpot; SYNC_ACK repeats it, which is how HubSpot knows what is answered"),
        top("hostUrl", Origin).conditional().since(0, 0, 7).note("the origin of the HubSpot page; the widget posts to it and listens to no other from then on"),
        // Read by the widget's end since 0.3.0; not sent by the SDK's own host code.
        top("engagementId", Number).since(0, 3, 0).note("the engagement of a call that goes on after a reload"),
        // Not sent by the SDK's own host code.
        top("portalId", Number).since(0, 5, 0).note("read by the widget since 0.5.0"),
        // Not sent by the SDK's own host code.
        top("userId", Number).since(0, 5, 0).note("read by the widget since 0.5.0"),
        // Copies of the docs give String or Number.
        top("ownerId", OneOf(&[Number, String])).since(0, 6, 0).note("read by the widget since 0.6.0"),
        // First in tag 0.8.1-alpha.1; SDK, PR #252.
        top("iframeLocation", Enum(&["widget", "remote", "window"])).since(0, 8, 1).note("where HubSpot shows the widget; may be absent if usesCallingWindow is false"),
        // Read since 0.9.1, of which 0.9.3 was published; absent means true in the demos.
        top("usesCallingWindow", Boolean).since(0, 9, 1).note("whether calls are held in HubSpot's calling window"),
    ],
};

pub(super) const SYNC_ACK: MessageSpec = MessageSpec {
    name: "SYNC_ACK",
    summary: "The widget answers the handshake and tells its SDK version.",
    direction: Direction::WidgetToHost,
    category: Category::Transport,
    sdk_methods: &["IFrameManager.onMessage (automatic)"],
    handler: None,
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    // Every SYNC in 0.0.1. It is the only message of the widget whose id has the host's prefix.
    notes: "Sent once for each load of the widget's page, for its first SYNC.",
    fields: &[
        top("type", Constant("SYNC_ACK")).required(),
        top("messageId", String).required().note("that of the SYNC that is answered"),
        top("debugMode", OneOf(&[Boolean, Undefined])).note("an option of the widget; undefined if it is not set"),
        // "1.0.0" in 0.0.1; "0.0.1" in 0.0.2–0.1.5; since 0.1.6 the package's, of before the
        // release was tagged.
        top("version", String).required().note("the version of the widget's SDK; often one older than that of its package"),
        top("iFrameUrl", Origin).conditional().since(0, 0, 7).note("the origin of the widget's page; HubSpot posts to it and listens to no other from then on"),
        top("<echo of SYNC fields>", Any).note("every field of the SYNC: hostUrl, portalId, userId, ownerId, engagementId, iframeLocation, usesCallingWindow"),
    ],
};

pub(super) const READY: MessageSpec = MessageSpec {
    name: "READY",
    summary: "The SDK tells its own side that the handshake is done; never posted.",
    direction: Direction::Local,
    category: Category::Transport,
    sdk_methods: &["IFrameManager.onReady (internal)"],
    handler: Some("onReady"),
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    // Data is undefined before 0.3.0; on the host side {engagementId: undefined} in 0.3.0–0.4.x and
    // {} since 0.5.0. If the host posts it with a messageId, onReady is called (verified).
    notes: "The SDK tells it to its own page when the handshake is over, and never posts it.",
    fields: &[
        data("engagementId", Number).since(0, 3, 0),
        data("portalId", Number).since(0, 5, 0),
        data("userId", Number).since(0, 5, 0),
        data("ownerId", OneOf(&[Number, String])).since(0, 6, 0),
        data("iframeLocation", Enum(&["widget", "remote", "window"])).since(0, 8, 1),
        data("usesCallingWindow", Boolean).since(0, 9, 1),
        data("hostUrl", Origin).since(0, 9, 1),
        // From 0.7.1-alpha.0 on.
        data("iFrameUrl", String)
            .since(0, 8, 0)
            .note("only after SET_WIDGET_URL; then it is the only key"),
    ],
};

pub(super) const SYNC_ACK_FAILED: MessageSpec = MessageSpec {
    name: "SYNC_ACK_FAILED",
    summary: "The SDK tells its own host side that no widget answered within 30 s; never posted.",
    direction: Direction::Local,
    category: Category::Transport,
    sdk_methods: &["IFrameManager.sendSync / handleLoadError (host side, internal)"],
    handler: None,
    since: Some(Version::new(0, 0, 5)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    // First in 0.0.4 or 0.0.5 (0.0.4 is not in git); the review of PR #178 says that it is never
    // posted. CallingExtensions.initFailed() existed only in git between 2019-01-09 and 2019-01-23.
    notes: "The SDK tells it to HubSpot's page when no SYNC_ACK has come within 30 s of the iframe's load, and never posts it.",
    fields: &[],
};

pub(super) const UNLOADING: MessageSpec = MessageSpec {
    name: "UNLOADING",
    summary: "A constant of the SDK that no code sends or reads.",
    direction: Direction::None,
    category: Category::Transport,
    sdk_methods: &[],
    handler: None,
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    notes: "Named in every version of the SDK, but none sends or handles it: a widget that receives it answers with ERROR.",
    fields: &[],
};

pub(super) const SET_WIDGET_URL: MessageSpec = MessageSpec {
    name: "SET_WIDGET_URL",
    summary: "The widget announces that it will move to another origin.",
    direction: Direction::WidgetToHost,
    category: Category::Transport,
    sdk_methods: &[
        "sendMessage({type, iFrameUrl}) 0.0.7–0.7.0",
        "setWidgetUrl 0.8.0+",
    ],
    handler: None,
    since: Some(Version::new(0, 0, 7)),
    last: None,
    deprecated_by: None,
    answered_by: &["SYNC (after reload)", "SET_WIDGET_URL_FAILED"],
    // Since 0.7.1-alpha.0 the receiver also needs messageId, and raises READY {iFrameUrl}.
    notes: "Sent before the widget goes to another origin: HubSpot posts to iFrameUrl from then on. A widget that receives it takes iFrameUrl for HubSpot's origin.",
    fields: &[
        top("iFrameUrl", Origin)
            .conditional()
            .since(0, 0, 7)
            .note("beside data, not in it: no version of the SDK reads it elsewhere"),
        data("iFrameUrl", Url).conditional().since(0, 8, 0).note(
            "nested form sent by setWidgetUrl(); ignored by the SDK's own receiver (verified)",
        ),
    ],
};

pub(super) const SET_WIDGET_URL_FAILED: MessageSpec = MessageSpec {
    name: "SET_WIDGET_URL_FAILED",
    summary: "HubSpot could not move the widget to the announced URL.",
    direction: Direction::HostToWidget,
    category: Category::Transport,
    sdk_methods: &[],
    handler: Some("onSetWidgetUrlFailed"),
    since: Some(Version::new(0, 8, 0)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    notes: "HubSpot could not change the iframe URL.",
    fields: &[data("error.message", String)
        .since(0, 8, 0)
        .note("what it holds is not documented")],
};
