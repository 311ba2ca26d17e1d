//! One message, read once: what the state and the rules use of it.

use crate::json::Json;
use crate::{MessageType, Millis, RecordedMessage, Side, ids};

/// A message, read once.
#[derive(Debug)]
pub(crate) struct ParsedMessage<'a> {
    pub(crate) recorded: &'a RecordedMessage,
    /// When it was received, but never before an earlier message.
    pub(crate) at: Millis,
    pub(crate) json: &'a Json<'a>,
    /// `type`, if it is a non-empty string.
    pub(crate) type_name: Option<&'a str>,
    pub(crate) ty: Option<MessageType>,
    /// `messageId` as text, if it is one that the SDK accepts.
    pub(crate) id: Option<&'a str>,
    /// The instance that created the id, if it is of the SDK's form.
    pub(crate) instance: Option<&'a str>,
    pub(crate) data: Option<&'a Json<'a>>,
}

impl<'a> ParsedMessage<'a> {
    pub(crate) fn new(recorded: &'a RecordedMessage, at: Millis, json: &'a Json<'a>) -> Self {
        let type_name = json
            .get("type")
            .and_then(Json::as_str)
            .filter(|name| !name.is_empty());
        let id = json
            .get("messageId")
            .filter(|id| !id.is_falsy())
            .and_then(|id| match id {
                Json::String(text) => Some(text.as_ref()),
                Json::Number(text) => Some(*text),
                _ => None,
            });
        Self {
            recorded,
            at,
            json,
            type_name,
            ty: type_name.and_then(MessageType::from_name),
            id,
            instance: id.and_then(ids::instance),
            data: json.get("data"),
        }
    }

    pub(crate) const fn from(&self) -> Side {
        self.recorded.from
    }

    pub(crate) fn is(&self, ty: MessageType) -> bool {
        self.ty == Some(ty)
    }

    /// Whether it is the widget's answer in a handshake, `SYNC_ACK`.
    pub(crate) fn is_ack(&self) -> bool {
        self.is(MessageType::SyncAck) && self.from() == Side::Widget
    }

    /// Whether it is the host's request in a handshake, `SYNC`.
    pub(crate) fn is_sync(&self) -> bool {
        self.is(MessageType::Sync) && self.from() == Side::Host
    }

    /// The type, as a word for a sentence.
    pub(crate) fn name(&self) -> &str {
        self.type_name.unwrap_or("a message without type")
    }

    /// A key of the message itself, if it is a non-empty string.
    pub(crate) fn top_text(&self, key: &str) -> Option<&str> {
        self.json.get(key)?.as_str().filter(|text| !text.is_empty())
    }

    /// The field of `data` with this key.
    pub(crate) fn field(&self, key: &str) -> Option<&'a Json<'a>> {
        self.data?.get(key)
    }

    /// The field at this path below `data`: `calleeInfo.calleeId`.
    pub(crate) fn deep_field(&self, path: &str) -> Option<&'a Json<'a>> {
        self.data?.at(path)
    }

    /// The field of `data` with this key, if it is a non-empty string.
    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.field(key)?.as_str().filter(|text| !text.is_empty())
    }

    /// The field of `data` with this key as an id, which may be a number or a string; [`id_text`]
    /// says what is not an id.
    pub(crate) fn id_field(&self, key: &str) -> Option<&'a str> {
        self.field(key).and_then(id_text)
    }

    /// Whether the field of `data` is present, even with a value that JSON cannot represent.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.field(key).is_some_and(|value| *value != Json::Null)
    }

    /// Whether the field of `data` is certainly missing: absent, null, `undefined` or empty.
    ///
    /// A field beside `data`, or in a payload that is not an object, is misplaced, not missing.
    pub(crate) fn lacks(&self, key: &str) -> bool {
        let is_misplaced = self.json.get("payload").is_some()
            || self.data.is_none() && self.json.get(key).is_some();
        // If `data` cannot be read at all, F01 reports it.
        let is_unreadable = self
            .data
            .is_some_and(|data| !matches!(data, Json::Object(_) | Json::Null));
        if self.recorded.truncated.is_some() || is_misplaced || is_unreadable {
            return false;
        }
        let empty = match self.field(key) {
            None | Some(Json::Null) => true,
            Some(Json::String(text)) => text.is_empty(),
            Some(_) => false,
        };
        // A value that JSON cannot represent is present all the same.
        empty
            && !self.recorded.cloned.iter().any(|(at, what)| {
                what != "undefined" && at.strip_prefix("data.").is_some_and(|at| at == key)
            })
    }

    /// Whether `data` certainly has no such id: the field is missing, or holds 0, "0", false, NaN
    /// or the string "undefined", which widgets send for "none".
    pub(crate) fn lacks_id(&self, key: &str) -> bool {
        let is_at = |at: &String| at.strip_prefix("data.") == Some(key);
        let mut cloned = self.recorded.cloned.iter();
        if cloned.any(|(at, what)| what == "NaN" && is_at(at)) {
            return true;
        }
        let is_none = match self.field(key) {
            Some(Json::Bool(is_set)) => !is_set,
            Some(value @ (Json::Number(_) | Json::String(_))) => id_text(value).is_none(),
            _ => false,
        };
        is_none || self.lacks(key)
    }
}

/// The results of `String(id)` in a script that has no id.
const NO_IDS: [&str; 5] = ["0", "undefined", "null", "NaN", "[object Object]"];

/// An id that may be written as a number or a string; 0, the empty string and strings such as
/// "undefined" are not ids.
pub(crate) fn id_text<'a>(json: &'a Json<'_>) -> Option<&'a str> {
    match json {
        Json::String(text) if !text.is_empty() && !NO_IDS.contains(&text.as_ref()) => Some(text),
        Json::Number(text) if *text != "0" => Some(text),
        _ => None,
    }
}
