//! Messages with an id of the SDK's form that another one had before.

use crate::Side;

/// A message that has the same id as an earlier one of its sender.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Double {
    pub(crate) from: Side,
    pub(crate) earlier: u64,
    pub(crate) later: u64,
}

/// All of them in a conversation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Doubles {
    pub(crate) count: u32,
    pub(crate) first: Vec<Double>,
}

impl Doubles {
    /// As many as a finding names.
    const NAMED: usize = 8;

    pub(super) fn push(&mut self, double: Double) {
        self.count = self.count.saturating_add(1);
        if self.first.len() < Self::NAMED {
            self.first.push(double);
        }
    }

    /// Takes out what two SDK objects in one page sent since that message.
    pub(super) fn forgive(&mut self, since: u64) {
        let before = self.first.len();
        let is_theirs = |it: &Double| it.from == Side::Widget && it.later >= since;
        self.first.retain(|it| !is_theirs(it));
        let taken = before - self.first.len();
        self.count -= u32::try_from(taken).unwrap_or(0);
    }
}
