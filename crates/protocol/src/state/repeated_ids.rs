//! Messages that repeat an earlier id of the SDK's form.

use crate::Side;

/// A message that has the same id as an earlier one of its sender.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RepeatedId {
    pub(crate) from: Side,
    pub(crate) earlier: u64,
    pub(crate) later: u64,
}

/// All such messages in a conversation.
#[derive(Clone, Debug, Default)]
pub(crate) struct RepeatedIds {
    pub(crate) count: u32,
    pub(crate) first: Vec<RepeatedId>,
}

impl RepeatedIds {
    /// As many as a finding lists.
    const NAMED: usize = 8;

    pub(super) fn push(&mut self, repeated: RepeatedId) {
        self.count = self.count.saturating_add(1);
        if self.first.len() < Self::NAMED {
            self.first.push(repeated);
        }
    }

    /// Removes those that two SDK objects in one page have sent since that message.
    pub(super) fn forgive(&mut self, since: u64) {
        let before = self.first.len();
        let is_theirs = |it: &RepeatedId| it.from == Side::Widget && it.later >= since;
        self.first.retain(|it| !is_theirs(it));
        let taken = before - self.first.len();
        self.count -= u32::try_from(taken).unwrap_or(0);
    }
}
