//! What a list shows of a message.

use std::borrow::Cow;

use crate::json::{self, Json};
use crate::summary::{number_words, summary};
use crate::{MessageText, MessageType};

/// A message in short: what tells it apart from others, without the rest.
///
/// Reading it takes a third of the time of [`Message::decode`](crate::Message::decode), with the
/// same results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageSummary<'a> {
    /// The `type`; empty if it is missing, or not a string.
    pub type_name: Cow<'a, str>,
    /// The catalogue's message of this type.
    pub known: Option<MessageType>,
    /// The `messageId` as text; empty if it is missing or 0, which the SDK treats as missing.
    pub message_id: Cow<'a, str>,
    /// One short line that tells this message apart from others of its type, or an empty one.
    pub summary: String,
}

impl<'a> MessageSummary<'a> {
    /// Reads a recorded message; never fails.
    #[must_use]
    pub fn read(text: &'a MessageText) -> Self {
        let message = json::read(text.as_str()).json;
        let type_name = match message.get("type") {
            Some(Json::String(name)) => name.clone(),
            _ => Cow::Borrowed(""),
        };
        let message_id = match message.get("messageId") {
            Some(Json::String(id)) => id.clone(),
            Some(id @ Json::Number(text)) if id.as_f64() != Some(0.0) => number_words(text),
            _ => Cow::Borrowed(""),
        };
        let known = MessageType::from_name(&type_name);
        Self {
            summary: summary(&message, !type_name.is_empty(), known),
            type_name,
            known,
            message_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Message;

    #[test]
    fn it_has_what_the_decoded_message_has() {
        for text in [
            r#"{"type":"DIAL_NUMBER","messageId":"17_1","data":{"phoneNumber":"1"}}"#,
            r#"{"type":"toString","messageId":17}"#,
            r#"{"type":"a","type":"b","messageId":0}"#,
            r#"{"type":"","messageId":-0.0}"#,
            r#"{"type":7,"messageId":1e2}"#,
            r#"{"type":"\ud800x","messageId":1e999}"#,
            r#"{"type":"x","messageId":null}"#,
            "null",
            "[1]",
            "not json",
        ] {
            let text = text.into();
            let (summary, message) = (MessageSummary::read(&text), Message::decode(&text));
            assert_eq!(summary.type_name, message.type_name().unwrap_or_default());
            assert_eq!(summary.known, message.known(), "{text:?}");
            let message_id = message.message_id().unwrap_or_default();
            assert_eq!(summary.message_id, message_id, "{text:?}");
        }
    }
}
