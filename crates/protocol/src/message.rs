//! Reading one posted message, whatever it is.

use std::borrow::Cow;

use serde_json::Value;

use crate::{MessageText, MessageType, json};

/// The JSON type of a posted value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An object, like every message of the SDK.
    Object,
    /// `null`, or `undefined`, which JSON writes as null.
    Null,
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list.
    Array,
}

impl Kind {
    /// The kind with its article: "an object".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Null => "null",
            Self::String => "a string",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Array => "an array",
        }
    }

    /// The kind of a value.
    #[must_use]
    pub const fn of(value: &Value) -> Self {
        match value {
            Value::Object(_) => Self::Object,
            Value::Null => Self::Null,
            Value::String(_) => Self::String,
            Value::Number(_) => Self::Number,
            Value::Bool(_) => Self::Boolean,
            Value::Array(_) => Self::Array,
        }
    }
}

/// A decoded message, for display.
///
/// Decoding never fails: text that is not JSON is kept as a string, lone surrogates become U+FFFD,
/// levels deeper than 128 become null, numbers beyond `f64` become their text, and lists and
/// objects are cut after 10,000 entries.
/// [`lossy`](Self::lossy) says whether any of that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    value: Value,
    lossy: bool,
}

impl Message {
    /// Decodes a recorded message.
    #[must_use]
    pub fn decode(text: &MessageText) -> Self {
        let read = json::read(text.as_str());
        let (value, number_lost) = read.json.to_value();
        Self {
            value,
            lossy: read.lossy || number_lost,
        }
    }

    /// What kind of value was posted.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        Kind::of(&self.value)
    }

    /// The `type`, if it is a non-empty string.
    #[must_use]
    pub fn type_name(&self) -> Option<&str> {
        self.value
            .get("type")?
            .as_str()
            .filter(|name| !name.is_empty())
    }

    /// The catalogue's message of this type.
    #[must_use]
    pub fn known(&self) -> Option<MessageType> {
        MessageType::from_name(self.type_name()?)
    }

    /// The `messageId` as text; `None` if it is missing, empty or 0, which the SDK treats as
    /// missing.
    #[must_use]
    pub fn message_id(&self) -> Option<Cow<'_, str>> {
        match self.value.get("messageId")? {
            Value::String(id) if !id.is_empty() => Some(Cow::Borrowed(id)),
            Value::Number(id) if id.as_f64() != Some(0.0) => Some(Cow::Owned(id.to_string())),
            _ => None,
        }
    }

    /// The payload: the value of `data`.
    #[must_use]
    pub fn data(&self) -> Option<&Value> {
        self.value.get("data")
    }

    /// The whole message.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.value
    }

    /// Whether part of the recorded text could not be kept.
    #[must_use]
    pub const fn lossy(&self) -> bool {
        self.lossy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str) -> Message {
        Message::decode(&text.into())
    }

    #[test]
    fn any_value_is_a_message() {
        assert_eq!(decode("null").kind(), Kind::Null);
        assert_eq!(decode("\"SYNC\"").kind(), Kind::String);
        assert_eq!(decode("[1]").kind(), Kind::Array);
        assert_eq!(decode("not json").value(), "not json");
        assert!(decode("not json").lossy());
    }

    #[test]
    fn falsy_ids_are_no_ids() {
        for text in [
            r#"{"messageId":""}"#,
            r#"{"messageId":0}"#,
            r#"{"messageId":null}"#,
            "{}",
        ] {
            assert_eq!(decode(text).message_id(), None, "{text}");
        }
        assert_eq!(
            decode(r#"{"messageId":17}"#).message_id().as_deref(),
            Some("17")
        );
    }

    #[test]
    fn types_are_looked_up() {
        let message = decode(r#"{"type":"DIAL_NUMBER","data":{"phoneNumber":"1"}}"#);
        assert_eq!(message.known(), Some(MessageType::DialNumber));
        assert_eq!(decode(r#"{"type":"toString"}"#).known(), None);
        assert_eq!(decode(r#"{"type":7}"#).type_name(), None);
    }
}
