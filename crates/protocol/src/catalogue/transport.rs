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
    notes: "Sent when the iframe fires load, then every 100 ms until READY or >30000 ms. Handled before the origin check since 0.0.7. Any extra top-level field is echoed in SYNC_ACK.",
    fields: &[
        top("type", Constant("SYNC")).required(),
        top("messageId", String).required().note("minted by host; without it the widget answers with an id of its own prefix and the host cannot correlate"),
        top("hostUrl", Origin).conditional().since(0, 0, 7).note("bare origin of the host page; widget stores it verbatim as its new destination and expected origin"),
        top("engagementId", Number).since(0, 3, 0).note("existing inbound call being resumed; read by the widget SDK since 0.3.0; not sent by the SDK's own host code"),
        top("portalId", Number).since(0, 5, 0).note("read since 0.5.0; not sent by the SDK's own host code"),
        top("userId", Number).since(0, 5, 0).note("read since 0.5.0; not sent by the SDK's own host code"),
        top("ownerId", OneOf(&[Number, String])).since(0, 6, 0).note("read since 0.6.0; docs copies give String or Number"),
        top("iframeLocation", Enum(&["widget", "remote", "window"])).since(0, 8, 1).note("read since 0.8.1 (first in tag 0.8.1-alpha.1); may be absent when usesCallingWindow is false (PR #252)"),
        top("usesCallingWindow", Boolean).since(0, 9, 1).note("read since 0.9.1 (published here 0.9.3); absent means true in the demos"),
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
    notes: "Only for the first SYNC of a widget page load (every SYNC in 0.0.1). Only message whose id has the host prefix.",
    fields: &[
        top("type", Constant("SYNC_ACK")).required(),
        top("messageId", String).required().note("copied from the SYNC being answered (host prefix)"),
        top("debugMode", OneOf(&[Boolean, Undefined])).note("the widget option; key present with value undefined when the option is unset (lost in JSON)"),
        top("version", String).required().note("\"1.0.0\" in 0.0.1; \"0.0.1\" in 0.0.2–0.1.5; package version since 0.1.6 (dist files carry the pre-bump version)"),
        top("iFrameUrl", Origin).conditional().since(0, 0, 7).note("bare origin of the widget page; host adopts it as destination and expected origin"),
        top("<echo of SYNC fields>", Any).note("every top-level SYNC field incl. hostUrl, portalId, userId, ownerId, engagementId, iframeLocation, usesCallingWindow"),
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
    notes: "Never posted by the SDK; synthesised on both sides. data is undefined before 0.3.0; on the host side data is {engagementId: undefined} in 0.3.0–0.4.x and {} since 0.5.0. If the host posts type READY with a messageId it is dispatched to onReady (verified).",
    fields: &[
        data("engagementId", Number).since(0, 3, 0),
        data("portalId", Number).since(0, 5, 0),
        data("userId", Number).since(0, 5, 0),
        data("ownerId", OneOf(&[Number, String])).since(0, 6, 0),
        data("iframeLocation", Enum(&["widget", "remote", "window"])).since(0, 8, 1),
        data("usesCallingWindow", Boolean).since(0, 9, 1),
        data("hostUrl", Origin).since(0, 9, 1),
        data("iFrameUrl", String).since(0, 8, 0).note("only when READY is raised by a received SET_WIDGET_URL (0.7.1-alpha.0 and later); then it is the only key"),
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
    notes: "First release 0.0.4 or 0.0.5 (0.0.4 is not in git). Raised to the host's onMessageHandler when the first tick later than 30000 ms after iframe load finds no ack; never posted (PR #178 review says the same). CallingExtensions.initFailed() existed only in git between 2019-01-09 and 2019-01-23. No handler name; through CallingExtensions it is an unknown type.",
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
    notes: "Constant in every version; no code sends or handles it. A widget that receives it answers ERROR/UNKNOWN_MESSAGE_TYPE.",
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
    notes: "To be sent before the widget navigates to another origin. The receiving side sets its destination to iFrameUrl; since 0.7.1-alpha.0 it also needs messageId and raises READY {iFrameUrl}. If received by a widget it re-points the widget's idea of the host origin.",
    fields: &[
        top("iFrameUrl", Origin)
            .conditional()
            .since(0, 0, 7)
            .note("top-level form; the only form the SDK's own receiver reads, in every version"),
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
        .note("(inferred) payload not described in any source read")],
};
