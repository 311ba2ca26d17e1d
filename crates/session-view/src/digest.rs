//! What rows and filters need of a message, read once.

use std::sync::Arc;

use callscope_protocol::{Message, MessageType, RecordedMessage};

/// A message in short.
#[derive(Clone, Debug, PartialEq)]
pub struct Digest {
    /// Its type; empty if it has none.
    pub type_name: Box<str>,
    /// What it is in the catalogue.
    pub known: Option<MessageType>,
    /// Its `messageId`; empty if it has none.
    pub message_id: Arc<str>,
    /// One line that tells it from others of its type.
    pub summary: Box<str>,
}

impl Digest {
    /// Reads a message.
    #[must_use]
    pub fn new(recorded: &RecordedMessage) -> Self {
        let message = Message::decode(&recorded.message);
        Self {
            type_name: message.type_name().unwrap_or_default().into(),
            known: message.known(),
            message_id: message.message_id().unwrap_or_default().into(),
            summary: message.summary().into(),
        }
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
