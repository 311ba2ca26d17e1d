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
    notes: "Documented for outgoing calls in the seed, for both directions later.",
    fields: &[
        data("externalCallId", String).or(Number).conditional().since(0, 6, 3).note("no data at all up to 0.6.1; JSDoc of 0.6.3 says number, types since 0.7.0 say string and required"),
        top("payload", Object(&[])).only_in(Version::new(0, 6, 4).alpha(0)).note("bug: payload put at top level instead of data (fixed in 0.6.4-alpha.1)"),
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
    notes: "The seed names it DATA in the flows, CALL_DATA in the API list and sendCallData() as the method; the method has always been callData(). README entry removed 2019-03-20, code kept in 0.9.7, payload type any. Superseded in practice by ENGAGEMENT_CREATED/CREATE_ENGAGEMENT_* and CALL_COMPLETED (inferred).",
    fields: &[data("engagementId", Number)
        .or(String)
        .conditional()
        .note("only documented key (seed); the 2018-12 demo sends a string")],
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
    notes: "Never a constant in any version; appears only in the prose of the seed README (commits 80e0101..0ec9894). On the wire it is CALL_DATA.",
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
    notes: "After it the user may navigate away or close the widget. Docs copies spell the key externalCallID.",
    fields: &[
        data("<any>", Object(&[])).since(0, 0, 10).note("argument is dropped by 0.0.1–0.0.7; forwarded as data since the commit of 2019-11-11"),
        data("callEndStatus", Enum(&["COMPLETED", "FAILED", "CANCELED", "BUSY", "NO_ANSWER", "REJECTED", "MISSED"])).since(0, 1, 7).note("demo since 0.1.7; typed since 0.7.0; Constants.callEndStatus has no REJECTED/MISSED; docs print the constant names with INTERNAL_ prefix"),
        data("externalCallId", String).or(Number).required().since(0, 7, 0).note("id minted by the calling app (UUID in the demos); the key that ties one call's messages together"),
        data("engagementId", Number).conditional().since(0, 7, 0).note("required by the types; the demos leave it out"),
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
    notes: "In git since 2019-11-11 (between 0.0.7 and 0.0.10). HubSpot puts the engagement on the timeline, sets default associations, hides the widget, applies engagementProperties.",
    fields: &[
        data("engagementId", OneOf(&[Number, String])).conditional().since(0, 0, 10).note("number in READMEs; number or string and optional in the types"),
        data("hideWidget", Boolean).since(0, 0, 10).note("default true: HubSpot closes the widget"),
        data("engagementProperties", Properties).since(0, 2, 0).note("call properties (hs_call_*); demo sends null for a missing recording URL; values are strings, hs_timestamp number or string"),
        data("externalCallId", String).or(Number).required().since(0, 7, 0).note("required by the types since 0.7.0; a docs copy types it number"),
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
    notes: "Ends the widget's part of the call without CALL_ENDED/CALL_COMPLETED in both demos.",
    fields: &[
        data("externalCallId", String).or(Number).required().since(0, 9, 6).note("id minted by the calling app (UUID in the demos); the key that ties one call's messages together"),
    ],
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
    notes: "README wrote ringtoneEnded, the code ringtonEnded. Removed 2018-12-28.",
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
    notes: "No payload documented. demo-minimal-js answers with CALL_ENDED after 500 ms.",
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
    notes: "Added because HubSpot sent it on each new call and the SDK threw on the unknown type (commit a8d818c). Payload not described anywhere.",
    fields: &[],
};
