//! The rows of the timeline: which there are.
//!
//! A hundred thousand rows must cost nothing while they are out of sight, so the list holds
//! positions only; [`SessionView::describe`](crate::SessionView::describe) makes the words for the
//! few that are drawn.
//!
//! A run of one type is one row, until the user unfolds it. The rule: a message joins the one before
//! it if that is shown, the fact just before, and of the same type, side, conversation and call; if
//! Callscope injected neither; if neither is a step of a call, such as `DIAL_NUMBER`; and if there is
//! no finding about it. So a run never hides a finding, nor goes on past a row of something else or
//! one that the filter hides. Two of HubSpot's SYNC, which it repeats every 100 ms, are enough to
//! fold; of other types it takes four.

mod list;
mod order;
mod text;

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use callscope_protocol::{Fact, GapReason, RecordedMessage};
use callscope_session_log::Changes;

use crate::cleared::Cleared;
use crate::filter::Filter;
use crate::view::Source;
use list::{List, Seen};

pub(crate) use list::repeated;
pub use list::{Row, RowKind};
pub use order::OrderBy;
pub use text::{InsideRow, Mark, MessageRow, RowBody, RowText, Run};

/// How a session is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// What is shown.
    pub filter: Filter,
    /// Rows that are unfolded, by their ids.
    pub unfolded: HashSet<u64>,
    /// Whether all runs are unfolded.
    pub unfolds_runs: bool,
    /// What the user has cleared; it has no rows.
    pub cleared: Cleared,
    /// Whether what a log keeps of a list that was cleared is shown without being asked for.
    pub shows_cleared: bool,
    /// The codes of the rules that the user wants to hear nothing of: their findings mark no row,
    /// match no filter and are counted apart.
    pub muted: BTreeSet<&'static str>,
}

impl Look {
    /// No filter, nothing cleared, and what a log keeps of a list that was cleared is shown.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            shows_cleared: true,
            ..Self::default()
        }
    }
}

impl Look {
    /// Whether it shows nothing that the one before hides by its filter.
    pub(crate) fn narrows(&self, before: &Self) -> bool {
        let Self {
            filter,
            unfolded: _,
            unfolds_runs: _,
            cleared,
            shows_cleared,
            muted,
        } = self;
        (cleared, *shows_cleared, muted) == (&before.cleared, before.shows_cleared, &before.muted)
            && filter.narrows(&before.filter)
    }
}

/// All rows that are shown, and how many are not.
#[derive(Debug, Default)]
pub struct Rows {
    /// For the whole session.
    all: List,
    hidden: u64,
    shown: u64,
    cleared: u64,
    /// A change before this position changes rows in ways that only a fresh start gets right:
    /// there something was cleared.
    cleared_before: usize,
    placed: u64,
}

impl Rows {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.rows.is_empty()
    }

    /// One row.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&Row> {
        self.all.rows.get(row)
    }

    /// All rows.
    pub fn iter(&self) -> impl Iterator<Item = &Row> {
        self.all.rows.iter()
    }

    /// How many messages the filter hides.
    #[must_use]
    pub const fn hidden(&self) -> u64 {
        self.hidden
    }

    /// How many messages the user has cleared.
    #[must_use]
    pub const fn cleared(&self) -> u64 {
        self.cleared
    }

    /// How many messages are shown, also those in folded runs.
    #[must_use]
    pub const fn shown(&self) -> u64 {
        self.shown
    }

    /// The row that shows the fact at this position of the session.
    #[must_use]
    pub fn row_of(&self, position: usize) -> Option<usize> {
        self.all.row_of(position)
    }

    pub(crate) fn reserve(&mut self, count: usize) {
        self.all.rows.reserve_exact(count);
        self.all.seen.reserve_exact(count);
    }

    /// Whether the filter hides the message at this position of the session.
    pub(crate) fn hides(&self, position: usize) -> bool {
        self.all.seen.get(position) == Some(&Seen::Hidden)
    }

    pub(crate) const fn placed(&self) -> u64 {
        self.placed
    }

    /// Brings the rows in step.
    ///
    /// `before` is how they were looked at so far; `changes` is how the session differs from then.
    pub(crate) fn update(
        &mut self,
        source: Source<'_>,
        before: Option<&Look>,
        look: &Look,
        changes: Changes,
    ) {
        let Some(unfolding) = before.and_then(|before| Unfolding::between(before, look)) else {
            return self.build(source, look);
        };
        let count = source.session.facts().len();
        let from = changes.from.unwrap_or(count).min(self.all.end());
        let mut others = changes.judged;
        for id in unfolding.0 {
            others.extend(source.session.position(id));
        }
        others.retain(|position| *position < from);
        if others.iter().any(|it| *it < self.cleared_before)
            || (from < self.cleared_before && from < self.all.end())
        {
            return self.build(source, look);
        }
        for seen in self.all.truncate(source, from) {
            self.count(seen, false);
        }
        for position in others {
            let around = self.all.neighborhood(source, position);
            if around.start < self.cleared_before {
                return self.build(source, look);
            }
            self.replace(source, look, &around);
        }
        self.extend(source, look, count);
    }

    /// Rows of another look, without any yet: [`go_on`](Self::go_on) makes them.
    pub(crate) fn begin(placed: u64) -> Self {
        Self {
            placed,
            ..Self::default()
        }
    }

    /// Makes the rows of so many facts more; returns whether there are all.
    ///
    /// What `hidden` hides is hidden here as well, and costs nothing.
    pub(crate) fn go_on(
        &mut self,
        source: Source<'_>,
        look: &Look,
        facts: usize,
        hidden: Option<&Self>,
    ) -> bool {
        let count = source.session.facts().len();
        let mut room = facts;
        while room > 0 && self.all.end() < count {
            let position = self.all.end();
            if hidden.is_some_and(|it| it.hides(position)) {
                let seen = self.all.hide();
                self.count(seen, true);
            } else {
                self.extend(source, look, position + 1);
                room -= 1;
            }
        }
        self.all.end() >= count
    }

    /// Counts what was done for others in the same place.
    pub(crate) const fn add_placed(&mut self, count: u64) {
        self.placed += count;
    }

    /// How many facts have their rows.
    pub(crate) fn end(&self) -> usize {
        self.all.end()
    }

    /// Makes all rows anew.
    fn build(&mut self, source: Source<'_>, look: &Look) {
        *self = Self::begin(self.placed);
        self.extend(source, look, source.session.facts().len());
    }

    /// Adds the rows of the facts up to `end`.
    fn extend(&mut self, source: Source<'_>, look: &Look, end: usize) {
        for position in self.all.end()..end {
            let Some(placed) = source.fact(position) else {
                return;
            };
            self.placed += 1;
            let seen = self.all.push(source, look);
            self.count(seen, true);
            if !look.cleared.hides(placed) {
                self.clear(&placed.fact, position, look);
            }
        }
    }

    /// Makes the rows of some facts anew.
    fn replace(&mut self, source: Source<'_>, look: &Look, around: &Range<usize>) {
        let mut part = List::starting_at(around.start);
        while part.end() < around.end {
            part.push(source, look);
            self.placed += 1;
        }
        for seen in part.seen.clone() {
            self.count(seen, true);
        }
        for seen in self.all.splice(source, part) {
            self.count(seen, false);
        }
    }

    fn count(&mut self, seen: Seen, is_there: bool) {
        let add = |number: &mut u64| {
            *number = if is_there {
                *number + 1
            } else {
                number.saturating_sub(1)
            };
        };
        match seen {
            Seen::Other => {}
            Seen::Cleared => add(&mut self.cleared),
            Seen::Hidden => add(&mut self.hidden),
            Seen::Shown => add(&mut self.shown),
        }
    }

    /// Folds what was before, if the list was cleared by this gap.
    fn clear(&mut self, fact: &Fact, position: usize, look: &Look) {
        let is_cleared = matches!(fact, Fact::Gap(gap) if gap.why == GapReason::Cleared);
        if !is_cleared {
            return;
        }
        let Some(mut row) = self.all.rows.pop() else {
            return;
        };
        row.count = usize::try_from(self.shown).unwrap_or(usize::MAX);
        let is_unfolded = look.shows_cleared != look.unfolded.contains(&row.id);
        row.kind = RowKind::Cleared { is_unfolded };
        if !is_unfolded {
            self.all.forget_all_but(position);
            self.shown = 0;
            self.hidden = 0;
        }
        self.cleared_before = position + 1;
        self.all.rows.push(row);
    }
}

/// The size in bytes that a message had before it was cut, if it was.
fn size_of(recorded: &RecordedMessage) -> u64 {
    recorded
        .truncated
        .unwrap_or(recorded.message.as_str().len() as u64)
}

/// The rows that are unfolded in one of two looks only.
struct Unfolding(Vec<u64>);

/// Whether one look shows what another one shows, but for rows that are folded.
pub(crate) fn differ_in_folds(before: &Look, after: &Look) -> bool {
    Unfolding::between(before, after).is_some()
}

impl Unfolding {
    /// `None` if the looks differ in something else.
    fn between(before: &Look, after: &Look) -> Option<Self> {
        let Look {
            filter,
            unfolded,
            unfolds_runs,
            cleared,
            shows_cleared,
            muted,
        } = after;
        let is_same = (filter, unfolds_runs, cleared, shows_cleared, muted)
            == (
                &before.filter,
                &before.unfolds_runs,
                &before.cleared,
                &before.shows_cleared,
                &before.muted,
            );
        let ids = before.unfolded.symmetric_difference(unfolded);
        is_same.then(|| Self(ids.copied().collect()))
    }
}
