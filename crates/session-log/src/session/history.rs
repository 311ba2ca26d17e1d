//! The states that a conversation went through.

use callscope_protocol::{Availability, CallState, Condition, LinkState, Login, VersionRange};

/// The states of a conversation, with the positions from which they hold, in ascending order.
///
/// Nearly every message changes the state of a call, and hardly any which versions the widget can
/// be, so that is kept apart: it is more than half of a [`Condition`].
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    states: Vec<State>,
    /// Which versions the widget can be, with the index of the state from which on.
    speaks: Vec<(usize, VersionRange)>,
}

/// A [`Condition`] without the versions.
#[derive(Clone, Copy, Debug)]
struct State {
    at: usize,
    link: LinkState,
    login: Login,
    availability: Availability,
    call: Option<CallState>,
    other_call: Option<CallState>,
}

impl History {
    /// Adds the state that holds from this position on.
    pub(super) fn push(&mut self, at: usize, condition: Condition) {
        let Condition {
            link,
            login,
            availability,
            call,
            other_call,
            speaks,
        } = condition;
        if self.speaks.last().is_none_or(|(_, last)| *last != speaks) {
            self.speaks.push((self.states.len(), speaks));
        }
        let state = State {
            at,
            link,
            login,
            availability,
            call,
            other_call,
        };
        push_frugally(&mut self.states, state);
    }

    /// Forgets the states from this position on.
    pub(super) fn truncate(&mut self, position: usize) {
        self.states.truncate(self.count_before(position));
        while (self.speaks)
            .pop_if(|(index, _)| *index >= self.states.len())
            .is_some()
        {}
    }

    /// The last state from before this position.
    pub(super) fn before(&self, position: usize) -> Option<Condition> {
        let index = self.count_before(position).checked_sub(1)?;
        Some(self.get(index)?.1)
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (usize, Condition)> + Clone {
        let indices = 0..self.states.len();
        indices.map(|index| self.get(index).unwrap_or_default())
    }

    fn count_before(&self, position: usize) -> usize {
        self.states.partition_point(|it| it.at < position)
    }

    fn get(&self, index: usize) -> Option<(usize, Condition)> {
        let state = self.states.get(index)?;
        let count = self.speaks.partition_point(|(from, _)| *from <= index);
        let (_, speaks) = self.speaks.get(count.checked_sub(1)?)?;
        let condition = Condition {
            link: state.link,
            login: state.login,
            availability: state.availability,
            call: state.call,
            other_call: state.other_call,
            speaks: *speaks,
        };
        Some((state.at, condition))
    }
}

/// Appends to a list that gets long: it grows by an eighth instead of doubling, because half of the
/// doubled capacity would usually stay unused.
fn push_frugally<T>(list: &mut Vec<T>, item: T) {
    /// Shorter lists grow as usual.
    const LONG: usize = 4_096;
    if list.len() == list.capacity() && list.len() >= LONG {
        list.reserve_exact(list.len() / 8);
    }
    list.push(item);
}
