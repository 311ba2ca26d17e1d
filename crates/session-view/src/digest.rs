//! What rows and filters need from a message, read once.

use std::collections::HashMap;
use std::sync::Arc;

use callscope_protocol::{MessageSummary, MessageText, MessageType, RecordedMessage};

/// Types beyond this number are neither shared nor counted.
const MOST_TYPES: usize = 1_000;

/// A hash of a text (FNV-1a): texts that differ almost always have different ones.
pub(crate) fn id_hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// The types of the messages of a session.
#[derive(Debug, Default)]
pub(crate) struct Types(HashMap<Arc<str>, Known>);

/// What is known about one type.
#[derive(Debug)]
struct Known {
    name: Arc<str>,
    /// How many messages have it.
    count: u64,
}

impl Types {
    /// Counts one more message of this type; all of them share its name.
    fn share(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get_mut(name) {
            known.count += 1;
            return Arc::clone(&known.name);
        }
        let name = Arc::<str>::from(name);
        // A page can post any number of types; the SDK has about a hundred.
        if self.0.len() < MOST_TYPES {
            let known = Known {
                name: Arc::clone(&name),
                count: 1,
            };
            self.0.insert(Arc::clone(&name), known);
        }
        name
    }

    /// Counts one message of this type less.
    pub(crate) fn remove(&mut self, name: &str) {
        if let Some(known) = self.0.get_mut(name) {
            known.count = known.count.saturating_sub(1);
            if known.count == 0 {
                self.0.remove(name);
            }
        }
    }

    /// The names, and how many messages have each.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(name, known)| (&**name, known.count))
    }
}

/// A `messageId`, without a string of its own: for a hundred thousand messages, such strings would
/// take a tenth of the memory of the messages themselves.
#[derive(Clone, Debug, PartialEq)]
enum Id {
    /// This range of bytes in the message's text.
    In { start: u32, length: u32 },
    /// A copy, if the text writes it differently.
    Own(Box<str>),
}

impl Id {
    fn new(id: &str, text: &MessageText) -> Self {
        let text = text.as_str();
        let start = (id.as_ptr().addr()).wrapping_sub(text.as_ptr().addr());
        let end = start.wrapping_add(id.len());
        let place = u32::try_from(start).ok().zip(u32::try_from(id.len()).ok());
        match place {
            Some((start_of, length)) if text.get(start..end) == Some(id) => Self::In {
                start: start_of,
                length,
            },
            _ => Self::Own(id.into()),
        }
    }
}

/// The [`MessageSummary`] of a message, in the form in which a session keeps one for each message.
#[derive(Clone, Debug, PartialEq)]
pub struct Digest {
    /// Its type; empty if it has none.
    pub type_name: Arc<str>,
    /// Its type in the catalogue.
    pub known: Option<MessageType>,
    /// Its `messageId`.
    message_id: Id,
    /// Rules out most other ids without looking at their texts.
    id_hash: u32,
    /// One line that tells it apart from others of its type.
    pub summary: Box<str>,
}

impl Digest {
    /// Reads a message.
    #[must_use]
    pub fn new(recorded: &RecordedMessage) -> Self {
        Self::with_types(recorded, &mut Types::default())
    }

    /// Reads a message, sharing the names of types with earlier messages.
    pub(crate) fn with_types(recorded: &RecordedMessage, types: &mut Types) -> Self {
        let MessageSummary {
            type_name,
            known,
            message_id,
            summary,
        } = MessageSummary::read(&recorded.message);
        let type_name = types.share(&type_name);
        Self {
            type_name,
            known,
            id_hash: id_hash(&message_id),
            message_id: Id::new(&message_id, &recorded.message),
            summary: summary.into(),
        }
    }

    /// Its `messageId`, usually a slice of `text`; empty if it has none.
    #[must_use]
    pub fn message_id<'a>(&'a self, text: &'a MessageText) -> &'a str {
        match &self.message_id {
            Id::In { start, length } => {
                let start = *start as usize;
                let part = text.as_str().get(start..start + *length as usize);
                part.unwrap_or_default()
            }
            Id::Own(id) => id,
        }
    }

    /// Whether it may have the `messageId` with this [`id_hash`].
    pub(crate) const fn may_have_id(&self, hash: u32) -> bool {
        self.id_hash == hash
    }

    /// Its type, or what kind of value it is if it has no type.
    #[must_use]
    pub fn type_words(&self) -> &str {
        match &*self.type_name {
            "" => "(no type)",
            name => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use callscope_protocol::{ConversationId, Millis, Side};

    use super::*;

    #[test]
    fn an_id_is_found_in_the_text_wherever_it_is_written_as_it_is() {
        for (text, id, is_in) in [
            (r#"{"type":"SYNC","messageId":"1_2"}"#, "1_2", true),
            (r#"{"messageId":"a","messageId":"é_2"}"#, "é_2", true),
            (r#"{"messageId":17}"#, "17", true),
            (r#"{"messageId":1e2}"#, "100.0", false),
            (r#"{"messageId":"\u0031_2"}"#, "1_2", false),
            (r#"{"messageId":""}"#, "", false),
            ("null", "", false),
        ] {
            let recorded = RecordedMessage {
                seq: 1,
                at: Millis(1.0),
                conversation: ConversationId(1),
                from: Side::Host,
                origin: "https://app.hubspot.com".into(),
                injected: false,
                message: text.into(),
                cloned: std::collections::BTreeMap::new(),
                truncated: None,
            };
            let digest = Digest::new(&recorded);
            // A copy of the text gives the same id.
            let copy = MessageText::from(text);
            assert_eq!(digest.message_id(&copy), id, "{text}");
            let found = matches!(digest.message_id, Id::In { length: 1.., .. });
            assert_eq!(found, is_in, "{text}");
        }
    }
}
