//! A posted message and its envelope.

use callscope_bus::bounds;
use callscope_json::Lexer;

use crate::speech::{Speech, judge};

/// The most bytes of a messageId that is kept besides the message: the SDK's have 27, and ids are
/// remembered longer than their messages.
const LONGEST_ID: usize = bounds::MESSAGE_ID_BYTES;

/// A posted message. Its envelope, the two keys that the recorder looks at, is read only once, when
/// this is created.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    text: String,
    speech: Speech,
    id: Option<Box<str>>,
}

impl Message {
    /// Reads the envelope of a JSON text that a tap wrote.
    pub(crate) fn read(text: String) -> Self {
        let Envelope {
            type_name,
            message_id,
            has_id,
        } = read(&text);
        Self {
            speech: judge(type_name, has_id),
            id: message_id
                .filter(|id| id.len() <= LONGEST_ID)
                .map(Into::into),
            text,
        }
    }

    /// The whole message, as JSON text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What its type and messageId say about it.
    pub(crate) fn speech(&self) -> Speech {
        self.speech
    }

    /// The messageId, if it is text without escapes or a number, and not too long.
    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The part of an SDK's messageId before the underscore, which identifies the sender's
    /// instance.
    pub(crate) fn instance(&self) -> Option<&str> {
        let (instance, _) = self.id()?.split_once('_')?;
        let digits = !instance.is_empty() && instance.bytes().all(|byte| byte.is_ascii_digit());
        digits.then_some(instance)
    }

    /// Its size, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len() + self.id().map_or(0, str::len)
    }
}

/// `type` and `messageId` of a message, if present.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Envelope<'a> {
    /// The type, if it is text without escapes.
    type_name: Option<&'a str>,
    /// The messageId, if it is text without escapes or a number.
    message_id: Option<&'a str>,
    /// Whether there is a messageId of any kind.
    has_id: bool,
}

/// Reads the top level of a JSON text; finds nothing if that is not an object.
fn read(text: &str) -> Envelope<'_> {
    let mut envelope = Envelope::default();
    // If the text ends too early, what was found so far is kept.
    _ = read_members(&mut Lexer::new(text), &mut envelope);
    envelope
}

/// Reads the members; the tap writes no blanks between tokens.
fn read_members<'a>(lexer: &mut Lexer<'a>, envelope: &mut Envelope<'a>) -> Option<()> {
    lexer.eat(b'{')?;
    loop {
        let key = lexer.string()?;
        lexer.eat(b':')?;
        let raw = lexer.skip_value()?;
        match key.as_written() {
            "type" => envelope.type_name = plain_text(raw),
            "messageId" => {
                // The SDK treats falsy values as missing.
                envelope.has_id = !matches!(raw, "null" | "\"\"" | "0" | "false");
                let number = raw.bytes().all(|byte| byte.is_ascii_digit()).then_some(raw);
                envelope.message_id = plain_text(raw).or(number);
            }
            _ => {}
        }
        lexer.eat(b',')?;
    }
}

fn plain_text(raw: &str) -> Option<&str> {
    raw.strip_prefix('"')?
        .strip_suffix('"')
        .filter(|inner| !inner.contains('\\'))
}

#[cfg(test)]
mod tests {
    use callscope_protocol::MessageType;

    use super::*;

    fn message(text: &str) -> Message {
        Message::read(text.to_owned())
    }

    #[test]
    fn the_two_keys_are_found_wherever_they_stand() {
        let text = r#"{"data":{"type":"NO","a":["}",{}]},"messageId":"12_34","type":"SYNC"}"#;
        let envelope = read(text);
        assert_eq!(envelope.type_name, Some("SYNC"));
        assert_eq!(envelope.message_id, Some("12_34"));
        let message = message(text);
        assert_eq!(message.speech(), Speech::Distinct(MessageType::Sync));
        assert_eq!(message.id(), Some("12_34"));
        assert_eq!(message.instance(), Some("12"));
    }

    #[test]
    fn keys_of_other_types_do_not_count() {
        let envelope = read(r#"{"type":{"a":1},"messageId":null}"#);
        assert_eq!(envelope, Envelope::default());
        assert_eq!(read(r#"{"type":7,"messageId":7}"#).message_id, Some("7"));
        assert_eq!(message(r#"{"messageId":"mine"}"#).instance(), None);
        assert!(read(r#"{"messageId":{}}"#).has_id);
        assert!(!read(r#"{"messageId":0}"#).has_id && !read(r#"{"messageId":""}"#).has_id);
    }

    #[test]
    fn no_text_makes_it_fail() {
        for text in [
            "",
            "null",
            "\"x\"",
            "[1]",
            "{",
            "{}",
            "{\"",
            "{\"type",
            r#"{"type":"a"#,
        ] {
            read(text);
        }
        let whole = r#"{"a\\\"b":"\\","type":"X\u0041","messageId":{"a":[1,"]"]}}"#;
        for end in 0..=whole.len() {
            read(&whole[..end]);
        }
        assert_eq!(
            read(whole),
            Envelope {
                has_id: true,
                ..Envelope::default()
            }
        );
    }
}
