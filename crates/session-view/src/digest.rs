//! What rows and filters need of a message, read once.

use std::collections::HashMap;
use std::sync::Arc;

use callscope_protocol::{Gist, MessageType, RecordedMessage};

/// More types than this are neither shared nor counted.
const MOST_TYPES: usize = 1_000;

/// A number that differs for most texts that differ (FNV-1a).
pub(crate) fn id_hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// The types of the messages of a session.
#[derive(Debug, Default)]
pub(crate) struct Types(HashMap<Arc<str>, Known>);

/// One of them.
#[derive(Debug)]
struct Known {
    name: Arc<str>,
    /// How many messages have it.
    count: u64,
}

impl Types {
    /// Counts one more message of this type; its name is shared with the others.
    fn share(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get_mut(name) {
            known.count += 1;
            return Arc::clone(&known.name);
        }
        let name = Arc::<str>::from(name);
        // A page can post any number of types; the SDK has a hundred.
        if self.0.len() < MOST_TYPES {
            let known = Known {
                name: Arc::clone(&name),
                count: 1,
            };
            self.0.insert(Arc::clone(&name), known);
        }
        name
    }

    /// A message of this type is gone.
    pub(crate) fn remove(&mut self, name: &str) {
        if let Some(known) = self.0.get_mut(name) {
            known.count = known.count.saturating_sub(1);
            if known.count == 0 {
                self.0.remove(name);
            }
        }
    }

    /// The names and how many messages have each.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(name, known)| (&**name, known.count))
    }
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
        Self::with_types(recorded, &mut Types::default())
    }

    /// Reads a message; names of types are shared with those that are there.
    pub(crate) fn with_types(recorded: &RecordedMessage, types: &mut Types) -> Self {
        let Gist {
            type_name,
            known,
            message_id,
            summary,
        } = Gist::read(&recorded.message);
        let type_name = types.share(&type_name);
        Self {
            type_name,
            known,
            id_hash: id_hash(&message_id),
            message_id: message_id.into(),
            summary: summary.into(),
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
