//! What rows and filters need of a message, read once.

use std::collections::HashSet;
use std::sync::Arc;

use callscope_protocol::{Message, MessageType, RecordedMessage};

/// More names of types than this are not shared.
const MOST_TYPES: usize = 1_000;

/// A number that differs for most texts that differ (FNV-1a).
pub(crate) fn id_hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// A message in short.
#[derive(Clone, Debug, PartialEq)]
pub struct Digest {
    /// Its type; empty if it has none.
    pub type_name: Arc<str>,
    /// What it is in the catalogue.
    pub known: Option<MessageType>,
    /// Its `messageId`; empty if it has none.
    pub message_id: Box<str>,
    /// Tells most other ids from it without a look at their texts.
    id_hash: u32,
    /// One line that tells it from others of its type.
    pub summary: Box<str>,
}

impl Digest {
    /// Reads a message.
    #[must_use]
    pub fn new(recorded: &RecordedMessage) -> Self {
        Self::with_types(recorded, &mut HashSet::new())
    }

    /// Reads a message; names of types are shared with those that are there.
    pub(crate) fn with_types(recorded: &RecordedMessage, types: &mut HashSet<Arc<str>>) -> Self {
        let message = Message::decode(&recorded.message);
        let type_name = message.type_name().unwrap_or_default();
        let type_name = if let Some(known) = types.get::<str>(type_name) {
            Arc::clone(known)
        } else {
            let new = Arc::<str>::from(type_name);
            // A page can post any number of types; the SDK has a hundred.
            if types.len() < MOST_TYPES {
                types.insert(Arc::clone(&new));
            }
            new
        };
        let message_id: Box<str> = message.message_id().unwrap_or_default().into();
        Self {
            type_name,
            known: message.known(),
            id_hash: id_hash(&message_id),
            message_id,
            summary: message.summary().into(),
        }
    }

    /// Whether it has this `messageId`, whose [`id_hash`] is known.
    pub(crate) fn has_id(&self, message_id: &str, hash: u32) -> bool {
        self.id_hash == hash && *self.message_id == *message_id
    }

    /// Its type, or what it is instead of a message with a type.
    #[must_use]
    pub fn type_words(&self) -> &str {
        match &*self.type_name {
            "" => "(no type)",
            name => name,
        }
    }
}
