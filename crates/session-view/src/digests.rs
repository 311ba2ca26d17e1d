//! The digests of all messages of a session, and what is counted with them.

use std::collections::HashMap;
use std::sync::Arc;

use callscope_protocol::{Fact, Inside, InsideKind, RecordedMessage};
use callscope_session_log::Numbered;

use crate::digest::{Digest, Types, id_hash};

/// A page can post from any number of frames; origins beyond this number are not counted.
const MOST_ORIGINS: usize = 100;

/// The digests of a session's messages, by the ids of their facts.
#[derive(Debug, Default)]
pub(crate) struct Digests {
    by_id: Numbered<Digest>,
    types: Types,
    /// The senders' origins, and how many messages have each.
    origins: HashMap<Arc<str>, u64>,
    /// The ids of the reports of where a message with this `messageId` was sent.
    pub(crate) sent: HashMap<Arc<str>, Vec<u64>>,
    pub(crate) decoded: u64,
}

impl Digests {
    pub(crate) fn get(&self, id: u64) -> Option<&Digest> {
        self.by_id.get(id)
    }

    pub(crate) fn add_fact(&mut self, id: u64, fact: &Fact) {
        match fact {
            Fact::Message(recorded) => self.add(id, recorded),
            Fact::Inside(inside) => {
                if let Some(message_id) = sent_id(inside) {
                    let same = self.sent.entry(message_id.into()).or_default();
                    if !same.contains(&id) {
                        same.push(id);
                    }
                }
            }
            _ => {}
        }
    }

    pub(crate) fn remove_sent(&mut self, id: u64, message_id: &str) {
        if let Some(same) = self.sent.get_mut(message_id) {
            same.retain(|it| *it != id);
            if same.is_empty() {
                self.sent.remove(message_id);
            }
        }
    }

    fn add(&mut self, id: u64, recorded: &RecordedMessage) {
        if self.by_id.contains(id) {
            return;
        }
        let digest = Digest::with_types(recorded, &mut self.types);
        self.decoded += 1;
        self.by_id.insert(id, digest);
        if let Some(count) = self.origins.get_mut(&*recorded.origin) {
            *count += 1;
        } else if self.origins.len() < MOST_ORIGINS {
            self.origins.insert(Arc::clone(&recorded.origin), 1);
        }
    }

    /// The types, and how many messages have each, for a thousand types at most.
    pub(crate) fn types(&self) -> impl Iterator<Item = (&str, u64)> {
        self.types.counts()
    }

    /// The senders' origins, a hundred at most.
    pub(crate) fn origins(&self) -> impl Iterator<Item = &str> {
        self.origins.keys().map(|it| &**it)
    }

    /// The messages that may have this `messageId`, with the ids of their facts.
    pub(crate) fn with_hash_of(&self, message_id: &str) -> impl Iterator<Item = (u64, &Digest)> {
        // This search only runs when somebody looks at a message. An index would double the memory
        // that is needed for every message.
        let hash = id_hash(message_id);
        let all = self.by_id.iter();
        all.filter(move |(_, digest)| digest.may_have_id(hash))
    }

    pub(crate) fn remove(&mut self, id: u64, origin: Option<&str>) {
        if let Some(digest) = self.by_id.remove(id) {
            self.types.remove(&digest.type_name);
        }
        if let Some(origin) = origin
            && let Some(count) = self.origins.get_mut(origin)
        {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.origins.remove(origin);
            }
        }
    }
}

/// The `messageId` of the message whose call site this reports; empty if it had none.
pub(crate) fn sent_id(inside: &Inside) -> Option<&str> {
    (inside.what == InsideKind::Sent).then(|| inside.message_id.as_deref().unwrap_or_default())
}
