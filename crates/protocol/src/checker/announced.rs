//! Calls that two frames announce.

use super::Checker;
use crate::parsed_message::ParsedMessage;
use crate::state::{Elsewhere, Mark, direction_of, hash_id, other_party};
use crate::{ConversationId, Millis};

/// Two frames that announce one call do so within this time.
const AT_ONCE: Millis = Millis(1_000.0);

/// How many announced calls are kept, which is more than are in progress at a time.
const MAX_ANNOUNCED: usize = 64;

/// A call that a widget announced.
#[derive(Clone, Copy, Debug)]
pub(super) struct Announced {
    conversation: ConversationId,
    mark: Mark,
    /// A hash of its `externalCallId`.
    id: Option<u64>,
    /// A hash of the direction and the other party's number.
    number: Option<u64>,
}

impl Announced {
    /// The call that a message announces.
    fn by(seen: &ParsedMessage<'_>) -> Option<Self> {
        let number = other_party(seen, direction_of(seen)?);
        let recorded = seen.recorded;
        Some(Self {
            conversation: recorded.conversation,
            mark: Mark {
                seq: recorded.seq,
                at: seen.at,
            },
            id: seen.id_field("externalCallId").map(hash_id),
            number: number.map(|number| hash_id(number) ^ seen.ty.map_or(0, |ty| ty as u64)),
        })
    }
}

impl Checker {
    /// The call in progress that another frame has announced and this start announces again.
    pub(super) fn announced_elsewhere(&mut self, seen: &ParsedMessage<'_>) -> Option<Elsewhere> {
        let start = Announced::by(seen)?;
        let mut earlier = self.announced.iter().rev();
        let found = earlier.find_map(|it| {
            let calls = &self.conversations.get(&it.conversation)?.state.calls;
            let is_going_on = calls.is_going_on(it.mark);
            let is_same_id = it.id.is_some() && it.id == start.id;
            let is_at_once = start.mark.at - it.mark.at <= AT_ONCE;
            let is_same_number = it.number.is_some() && it.number == start.number && is_at_once;
            let is_other = it.conversation != start.conversation;
            (is_other && is_going_on && (is_same_id || is_same_number)).then_some(Elsewhere {
                conversation: it.conversation,
                began: it.mark,
                is_same_id,
            })
        });
        if self.announced.len() == MAX_ANNOUNCED {
            self.announced.pop_front();
        }
        self.announced.push_back(start);
        found
    }
}
