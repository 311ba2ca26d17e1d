//! Messages that repeat an earlier id of the SDK's form.

use super::Mark;
use crate::Side;

/// A message that has the same id as an earlier one of its sender.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RepeatedId {
    pub(crate) earlier: u64,
    pub(crate) later: Mark,
}

/// The first such message of each side in a conversation.
#[derive(Clone, Debug, Default)]
pub(crate) struct RepeatedIds {
    host: Option<RepeatedId>,
    widget: Option<RepeatedId>,
}

impl RepeatedIds {
    pub(super) fn note(&mut self, from: Side, repeated: RepeatedId) {
        let first = match from {
            Side::Host => &mut self.host,
            Side::Widget => &mut self.widget,
        };
        first.get_or_insert(repeated);
    }

    /// Removes what two SDK objects in one page have sent since that message.
    pub(super) fn forgive(&mut self, since: u64) {
        self.widget.take_if(|it| it.later.seq >= since);
    }

    /// Those that there are.
    pub(crate) fn first(&self) -> impl Iterator<Item = &RepeatedId> {
        self.host.iter().chain(&self.widget)
    }
}
