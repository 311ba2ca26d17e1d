//! The rows of the timeline: which ones there are.
//!
//! A hundred thousand rows must cost nothing while they are out of sight, so the list only holds
//! positions; [`SessionView::describe`](crate::SessionView::describe) makes the words for the few
//! that are drawn.
//!
//! A run of one type is one row until the user unfolds it. The rule: a message joins the one before
//! it if that one is shown, is the previous fact, and has the same type, side, conversation and
//! call; if neither was posted with Callscope; if neither is a step of a call, such as
//! `DIAL_NUMBER`; and if there is no finding about it. So a run never hides a finding, and never
//! continues past a row of something else or one that the filter hides. HubSpot repeats SYNC every
//! 100 ms, so two of them fold; of other types it takes four.
//!
//! A page may report the same about each message of a run, such as an answer that cannot be
//! delivered. What it has just reported joins the run of the message, or of the report, before it.

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
use list::{FactVisibility, List};

pub(crate) use list::repeated;
pub use list::{Row, RowKind};
pub use order::OrderBy;
pub use text::{InsideRow, Mark, MessageRow, RowBody, RowText, Run};

/// How to show a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewOptions {
    /// What is shown.
    pub filter: Filter,
    /// The ids of unfolded rows.
    pub unfolded: HashSet<u64>,
    /// Whether all runs are unfolded.
    pub unfolds_runs: bool,
    /// What the user has cleared, which has no rows.
    pub cleared: Cleared,
    /// Whether to show, without being asked, the messages that a log keeps from before its list was
    /// cleared.
    pub shows_cleared: bool,
    /// The codes of the rules that the user has muted: their findings mark no row, match no filter
    /// and are counted separately.
    pub muted: BTreeSet<&'static str>,
}

impl ViewOptions {
    /// No filter, nothing cleared, and the messages that a log keeps of a cleared list are shown.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            shows_cleared: true,
            ..Self::default()
        }
    }
}

impl ViewOptions {
    /// Whether its filter hides at least what the filter of `before` hides, all else being equal.
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

/// All visible rows, and how many messages are not shown.
#[derive(Debug, Default)]
pub struct Rows {
    /// The rows of the whole session.
    all: List,
    hidden: u64,
    shown: u64,
    cleared: u64,
    /// A change before this position, where the list was cleared, requires rebuilding all rows.
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

    /// How many messages are shown, including those in folded runs.
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
        self.all.visibility.reserve_exact(count);
    }

    /// Whether the filter hides the message at this position of the session.
    pub(crate) fn hides(&self, position: usize) -> bool {
        self.all.visibility.get(position) == Some(&FactVisibility::Hidden)
    }

    pub(crate) const fn placed(&self) -> u64 {
        self.placed
    }

    /// Updates the rows.
    ///
    /// `before` are the options that they were built for; `changes` tells how the session has
    /// changed since.
    pub(crate) fn update(
        &mut self,
        source: Source<'_>,
        before: Option<&ViewOptions>,
        options: &ViewOptions,
        changes: Changes,
    ) {
        let Some(unfolding) = before.and_then(|before| Unfolding::between(before, options)) else {
            return self.build(source, options);
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
            return self.build(source, options);
        }
        for visibility in self.all.truncate(source, from) {
            self.count(visibility, false);
        }
        for position in others {
            let around = self.all.neighborhood(source, position);
            if around.start < self.cleared_before {
                return self.build(source, options);
            }
            self.replace(source, options, &around);
        }
        self.extend(source, options, count);
    }

    /// An empty list of rows for other options; [`go_on`](Self::go_on) adds the rows.
    pub(crate) fn begin(placed: u64) -> Self {
        Self {
            placed,
            ..Self::default()
        }
    }

    /// Adds the rows of this many more facts; returns whether the list is complete.
    ///
    /// Messages that `hidden` hides are hidden here as well, at no cost.
    pub(crate) fn go_on(
        &mut self,
        source: Source<'_>,
        options: &ViewOptions,
        facts: usize,
        hidden: Option<&Self>,
    ) -> bool {
        let count = source.session.facts().len();
        let mut room = facts;
        while room > 0 && self.all.end() < count {
            let position = self.all.end();
            if hidden.is_some_and(|it| it.hides(position)) {
                let visibility = self.all.hide();
                self.count(visibility, true);
            } else {
                self.extend(source, options, position + 1);
                room -= 1;
            }
        }
        self.all.end() >= count
    }

    /// Adds the work done on the rows that these replace.
    pub(crate) const fn add_placed(&mut self, count: u64) {
        self.placed += count;
    }

    /// The number of facts that have been given their rows.
    pub(crate) fn end(&self) -> usize {
        self.all.end()
    }

    /// Rebuilds all rows.
    fn build(&mut self, source: Source<'_>, options: &ViewOptions) {
        *self = Self::begin(self.placed);
        self.extend(source, options, source.session.facts().len());
    }

    /// Adds the rows of the facts up to `end`.
    fn extend(&mut self, source: Source<'_>, options: &ViewOptions, end: usize) {
        for position in self.all.end()..end {
            let Some(placed) = source.fact(position) else {
                return;
            };
            self.placed += 1;
            let visibility = self.all.push(source, options);
            self.count(visibility, true);
            if !options.cleared.hides(placed) {
                self.clear(&placed.fact, position, options);
            }
        }
    }

    /// Rebuilds the rows of some facts.
    fn replace(&mut self, source: Source<'_>, options: &ViewOptions, around: &Range<usize>) {
        let mut part = List::starting_at(around.start);
        while part.end() < around.end {
            part.push(source, options);
            self.placed += 1;
        }
        for visibility in part.visibility.clone() {
            self.count(visibility, true);
        }
        for visibility in self.all.splice(source, part) {
            self.count(visibility, false);
        }
    }

    fn count(&mut self, visibility: FactVisibility, is_there: bool) {
        let add = |number: &mut u64| {
            *number = if is_there {
                *number + 1
            } else {
                number.saturating_sub(1)
            };
        };
        match visibility {
            FactVisibility::Other | FactVisibility::Reported => {}
            FactVisibility::Cleared => add(&mut self.cleared),
            FactVisibility::Hidden => add(&mut self.hidden),
            FactVisibility::Shown => add(&mut self.shown),
        }
    }

    /// Folds everything before this fact if it is the gap that marks a cleared list.
    fn clear(&mut self, fact: &Fact, position: usize, options: &ViewOptions) {
        let is_cleared = matches!(fact, Fact::Gap(gap) if gap.why == GapReason::Cleared);
        if !is_cleared {
            return;
        }
        let Some(mut row) = self.all.rows.pop() else {
            return;
        };
        row.count = usize::try_from(self.shown).unwrap_or(usize::MAX);
        let is_unfolded = options.shows_cleared != options.unfolded.contains(&row.id);
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

/// The size of a message in bytes, before it was cut.
fn size_of(recorded: &RecordedMessage) -> u64 {
    recorded
        .truncated
        .unwrap_or(recorded.message.as_str().len() as u64)
}

/// The ids of the rows that are unfolded in only one of two sets of options.
struct Unfolding(Vec<u64>);

/// Whether two sets of options differ at most in which rows are folded.
pub(crate) fn differ_in_folds(before: &ViewOptions, after: &ViewOptions) -> bool {
    Unfolding::between(before, after).is_some()
}

impl Unfolding {
    /// `None` if they differ in anything else.
    fn between(before: &ViewOptions, after: &ViewOptions) -> Option<Self> {
        let ViewOptions {
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
