//! What is known about a side as a sender.

use std::collections::VecDeque;

use super::{Mark, hash_id};
use crate::{MessageType, Millis};

/// A message that a later one can refer to by its id.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    /// The hash of its id.
    pub(super) hash: u64,
    pub(super) mark: Mark,
    pub(super) ty: Option<MessageType>,
    /// The number of the call that it belongs to.
    pub(super) call: Option<u32>,
}

/// What is known about one side as a sender.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peer {
    /// The origin that the other side accepts messages from.
    pub(crate) expected_origin: Option<String>,
    /// The last messages with an id, the newest last.
    pub(super) recent: VecDeque<Sent>,
    /// Their hashes, stored side by side so that searching them is fast.
    hashes: VecDeque<u64>,
    /// When the last message of this side was received, by the receiver's clock.
    pub(crate) last_received: Option<Millis>,
    /// Messages of this side since the conversation began.
    pub(crate) message_count: u64,
}

impl Peer {
    /// Enough to notice repetitions by the SDK or by a retry.
    const RECENT_IDS: usize = 64;

    /// The last message of this side that had this message id.
    pub(crate) fn seen_id(&self, id: &str) -> Option<u64> {
        self.sent(id).map(|sent| sent.mark.seq)
    }

    pub(super) fn sent(&self, id: &str) -> Option<&Sent> {
        let hash = hash_id(id);
        let (older, newer) = self.hashes.as_slices();
        // Nearly always, no message has the id.
        if !older.contains(&hash) && !newer.contains(&hash) {
            return None;
        }
        self.recent.iter().rev().find(|sent| sent.hash == hash)
    }

    /// The types of its last messages, from this one on.
    pub(super) fn types_since(&self, seq: u64) -> impl Iterator<Item = MessageType> {
        let since = self.recent.iter().filter(move |it| it.mark.seq >= seq);
        since.filter_map(|it| it.ty)
    }

    pub(super) fn remember(&mut self, sent: Sent) {
        if self.recent.len() == Self::RECENT_IDS {
            self.recent.pop_front();
            self.hashes.pop_front();
        }
        self.hashes.push_back(sent.hash);
        self.recent.push_back(sent);
    }
}
