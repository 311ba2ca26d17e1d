//! The course of a call, whoever began it.

use super::FieldType::{Boolean, Enum, Number, Object, OneOf, Properties, String};
use super::{Category, Direction, MessageSpec, MessageType, data, top};
use crate::Version;

pub(super) const CALL_ANSWERED: MessageSpec = MessageSpec {
    name: "CALL_ANSWERED",
    summary: "The call was answered.",
    direction: Direction::WidgetToHost,
    category: Category::Call,
    sdk_methods: &["callAnswered"],
    handler: None,
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    // The seed has it for outgoing calls only.
    notes: "For outgoing calls and, in all but the oldest versions, for incoming ones.",
    fields: &[
        // No data at all up to 0.6.1; JSDoc of 0.6.3 says number, the types since 0.7.0 say string
        // and required.
        data("externalCallId", String)
            .or(Number)
            .conditional()
            .since(0, 6, 3)
            .note("the calling app's own id of the call"),
        // Fixed in 0.6.4-alpha.1.
        top("payload", Object(&[]))
            .only_in(Version::new(0, 6, 4).alpha(0))
            .note("by mistake beside data instead of in it; fixed in the next version"),
    ],
};

pub(super) const CALL_DATA: MessageSpec = MessageSpec {
    name: "CALL_DATA",
    summary: "The widget tells which engagement it created for the call.",
    direction: Direction::WidgetToHost,
    category: Category::Call,
    sdk_methods: &["callData"],
    handler: None,
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    // The seed names it DATA in the flows, CALL_DATA in the API list and sendCallData() as the
    // method; the method has always been callData(). README entry removed 2019-03-20. What takes
    // its place is inferred.
    notes: "Not documented since 2019, though the SDK still sends it. Today the engagement comes with CREATE_ENGAGEMENT_* and is given back with CALL_COMPLETED.",
    fields: &[data("engagementId", Number)
        .or(String)
        .conditional()
        // Seed; the demo of 2018-12 sends a string.
        .note("the only key that was ever documented")],
};

pub(super) const DATA: MessageSpec = MessageSpec {
    name: "DATA",
    summary: "A name from old documents; on the wire it is CALL_DATA.",
    direction: Direction::None,
    category: Category::Call,
    sdk_methods: &[],
    handler: None,
    since: None,
    last: None,
    deprecated_by: Some(MessageType::CallData),
    answered_by: &[],
    // Prose of the seed's README, commits 80e0101..0ec9894.
    notes: "Named in the first README only; no version of the SDK has it. What is sent is CALL_DATA.",
    fields: &[],
};

pub(super) const CALL_ENDED: MessageSpec = MessageSpec {
    name: "CALL_ENDED",
    summary: "The call is over.",
    direction: Direction::WidgetToHost,
    category: Category::Call,
    sdk_methods: &["callEnded"],
    handler: None,
    since: Some(Version::new(0, 0, 1)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    // Copies of the docs spell the key externalCallID.
    notes: "From then on the user may leave the page or close the widget.",
    fields: &[
        // Dropped by 0.0.1–0.0.7; forwarded since the commit of 2019-11-11.
        data("<any>", Object(&[])).since(0, 0, 10).note("older versions leave the argument out"),
        // Demo since 0.1.7; typed since 0.7.0; Constants.callEndStatus has no REJECTED and no
        // MISSED.
        data("callEndStatus", Enum(&["COMPLETED", "FAILED", "CANCELED", "BUSY", "NO_ANSWER", "REJECTED", "MISSED"])).since(0, 1, 7).note("how the call ended; the constants of the SDK have names that begin with INTERNAL_, but these are their values"),
        data("externalCallId", String).or(Number).required().since(0, 7, 0).note("the calling app's own id of the call; it ties one call's messages together"),
        // Required by the types; the demos leave it out.
        data("engagementId", Number).conditional().since(0, 7, 0).note("the engagement that HubSpot gave the call"),
    ],
};

pub(super) const CALL_COMPLETED: MessageSpec = MessageSpec {
    name: "CALL_COMPLETED",
    summary: "The user is done with the call; HubSpot saves it to the timeline.",
    direction: Direction::WidgetToHost,
    category: Category::Call,
    sdk_methods: &["callCompleted"],
    handler: None,
    since: Some(Version::new(0, 0, 10)),
    last: None,
    deprecated_by: None,
    answered_by: &["UPDATE_ENGAGEMENT_SUCCEEDED", "UPDATE_ENGAGEMENT_FAILED"],
    // In git since 2019-11-11, between 0.0.7 and 0.0.10.
    notes: "HubSpot puts the call on the record's timeline, associates it with the record, applies engagementProperties, and hides the widget unless hideWidget is false.",
    fields: &[
        // A number in the READMEs; number or string, and optional, in the types.
        data("engagementId", OneOf(&[Number, String]))
            .conditional()
            .since(0, 0, 10)
            .note("the engagement that HubSpot gave the call"),
        data("hideWidget", Boolean)
            .since(0, 0, 10)
            .note("true if it is left out: HubSpot hides the widget"),
        // The demo sends null for a missing recording URL; hs_timestamp is number or string.
        data("engagementProperties", Properties)
            .since(0, 2, 0)
            .note("properties of the call (hs_call_*); their values are strings"),
        // Required by the types since 0.7.0; a copy of the docs types it number.
        data("externalCallId", String)
            .or(Number)
            .required()
            .since(0, 7, 0)
            .note("the calling app's own id of the call"),
    ],
};

pub(super) const CALL_TRANSFERRED: MessageSpec = MessageSpec {
    name: "CALL_TRANSFERRED",
    summary: "The call went to somebody else; the widget has no more part in it.",
    direction: Direction::WidgetToHost,
    category: Category::Call,
    sdk_methods: &["callTransferred"],
    handler: None,
    since: Some(Version::new(0, 9, 6)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    // So do both of the SDK's demos.
    notes: "With it the widget's part in the call is over: CALL_ENDED and CALL_COMPLETED need not follow.",
    fields: &[data("externalCallId", String)
        .or(Number)
        .required()
        .since(0, 9, 6)
        .note("the calling app's own id of the call; it ties one call's messages together")],
};

pub(super) const RINGTONE_ENDED: MessageSpec = MessageSpec {
    name: "RINGTONE_ENDED",
    summary: "The ringing stopped; removed from the SDK in 2018.",
    direction: Direction::WidgetToHost,
    category: Category::Call,
    sdk_methods: &["ringtonEnded"],
    handler: None,
    since: Some(Version::new(0, 0, 1)),
    last: Some(Version::new(0, 0, 2)),
    deprecated_by: None,
    answered_by: &[],
    // The README wrote ringtoneEnded, the code ringtonEnded. Removed 2018-12-28.
    notes: "In the first versions of 2018 only.",
    fields: &[data("reason", Enum(&["answered", "disconnected", "rejected"])).until(0, 0, 2)],
};

pub(super) const END_CALL: MessageSpec = MessageSpec {
    name: "END_CALL",
    summary: "HubSpot asks the widget to hang up.",
    direction: Direction::HostToWidget,
    category: Category::Call,
    sdk_methods: &[],
    handler: Some("onEndCall"),
    since: Some(Version::new(0, 0, 3)),
    last: None,
    deprecated_by: None,
    answered_by: &["CALL_ENDED"],
    // No payload is documented; demo-minimal-js answers after 500 ms.
    notes: "The widget hangs up and answers with CALL_ENDED.",
    fields: &[],
};

pub(super) const SET_CALL_STATE: MessageSpec = MessageSpec {
    name: "SET_CALL_STATE",
    summary: "HubSpot sends it on each new call; what it holds is not documented.",
    direction: Direction::HostToWidget,
    category: Category::Call,
    sdk_methods: &[],
    handler: Some("onSetCallState"),
    since: Some(Version::new(0, 0, 5)),
    last: None,
    deprecated_by: None,
    answered_by: &[],
    // SDK, commit a8d818c.
    notes: "HubSpot sends it on each new call; older versions of the SDK answer it with ERROR. What it holds is not documented.",
    fields: &[],
};
