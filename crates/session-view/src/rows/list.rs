//! A list of rows that grows at its end, and in which parts can be replaced.

use std::ops::Range;

use callscope_protocol::{CallId, ConversationId, Fact, InsideKind, MessageType, Side};
use callscope_session_log::Placed;

use super::ViewOptions;
use crate::view::Source;

/// A row: one position in the session, or several that are folded into one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The id of its fact; for a run, of the first one.
    pub id: u64,
    /// The position of its fact; for a run, of the first one.
    pub(crate) first: usize,
    /// The position of the last fact.
    pub(crate) last: usize,
    /// How many messages it stands for.
    pub(crate) count: usize,
    pub(crate) kind: RowKind,
}

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// One fact.
    Single,
    /// A run of one type, folded.
    Folded,
    /// The first of a run of one type whose others follow.
    Unfolded,
    /// One of the others in an unfolded run.
    Member,
    /// The list was cleared here; earlier messages are kept for the state of the conversations.
    Cleared {
        /// Whether those are shown.
        is_unfolded: bool,
    },
}

impl Row {
    /// What it stands for.
    #[must_use]
    pub const fn kind(&self) -> RowKind {
        self.kind
    }

    /// The positions of its facts in the session.
    #[must_use]
    pub const fn positions(&self) -> Range<usize> {
        match self.kind {
            RowKind::Folded => self.first..self.last + 1,
            _ => self.first..self.first + 1,
        }
    }
}

/// How a fact is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FactVisibility {
    /// It is not a message, or is not counted.
    Other,
    /// A message that the user has cleared.
    Cleared,
    /// A message that the filter hides.
    Hidden,
    /// A message in the list.
    Shown,
}

/// The rows of the facts from a position on.
#[derive(Debug, Default)]
pub(super) struct List {
    /// The position of the first fact.
    start: usize,
    pub(super) rows: Vec<Row>,
    /// How each fact is shown.
    pub(super) visibility: Vec<FactVisibility>,
    /// The first row of the run at the end of the rows, whether or not it is long enough to fold.
    head: usize,
}

/// What the next message must have in common with a message to repeat it.
#[derive(PartialEq, Eq)]
pub(crate) struct Repeated<'a> {
    conversation: ConversationId,
    from: Side,
    call: Option<CallId>,
    type_name: &'a str,
    /// The length from which on a run folds.
    least: usize,
}

/// HubSpot repeats SYNC every 100 ms, each one like the last.
const LEAST_SYNC: usize = 2;

/// Messages of other types may differ, so a few of them are worth their rows.
const LEAST: usize = 4;

impl List {
    pub(super) fn starting_at(start: usize) -> Self {
        Self {
            start,
            ..Self::default()
        }
    }

    /// The position after the last fact.
    pub(super) fn end(&self) -> usize {
        self.start + self.visibility.len()
    }

    /// Adds the next fact without a row.
    pub(super) fn skip(&mut self) {
        self.visibility.push(FactVisibility::Other);
    }

    /// Adds the next fact, a message that the filter hides.
    pub(super) fn hide(&mut self) -> FactVisibility {
        self.visibility.push(FactVisibility::Hidden);
        FactVisibility::Hidden
    }

    /// Adds the next fact.
    pub(super) fn push(&mut self, source: Source<'_>, options: &ViewOptions) -> FactVisibility {
        let position = self.end();
        let Some(placed) = source.fact(position) else {
            self.skip();
            return FactVisibility::Other;
        };
        let visibility = self.place(source, options, position, placed);
        self.visibility.push(visibility);
        visibility
    }

    fn place(
        &mut self,
        source: Source<'_>,
        options: &ViewOptions,
        position: usize,
        placed: &Placed,
    ) -> FactVisibility {
        let row = Row {
            id: placed.id,
            first: position,
            last: position,
            count: 1,
            kind: RowKind::Single,
        };
        let is_cleared = options.cleared.hides(placed);
        let recorded = match &placed.fact {
            Fact::Message(_) if is_cleared => return FactVisibility::Cleared,
            Fact::Message(recorded) => recorded,
            _ if is_cleared => return FactVisibility::Other,
            Fact::Conversation(_) | Fact::Closed(_) if !options.filter.is_empty() => {
                return FactVisibility::Other;
            }
            Fact::Setting(_) if !source.matches_setting(&options.filter, position) => {
                return FactVisibility::Other;
            }
            // The card of a message shows where it was sent from.
            Fact::Inside(inside) if inside.what == InsideKind::Sent => {
                return FactVisibility::Other;
            }
            Fact::Inside(inside) if !source.matches_inside(&options.filter, position, inside) => {
                return FactVisibility::Other;
            }
            Fact::End(_) => return FactVisibility::Other,
            // No filter hides a gap.
            Fact::Gap(_)
            | Fact::Conversation(_)
            | Fact::Closed(_)
            | Fact::Setting(_)
            | Fact::Inside(_) => {
                self.head = self.rows.len();
                self.rows.push(row);
                return FactVisibility::Other;
            }
        };
        if !source.matches(&options.filter, placed.id, recorded) {
            return FactVisibility::Hidden;
        }
        if self.joins(source, position) {
            self.join(source, row, options);
        } else {
            self.head = self.rows.len();
            self.rows.push(row);
        }
        FactVisibility::Shown
    }

    /// Whether the fact at this position, if it is shown, belongs to the previous fact's run.
    fn joins(&self, source: Source<'_>, position: usize) -> bool {
        let Some(before) = position.checked_sub(1).filter(|it| *it >= self.start) else {
            return false;
        };
        if self.visibility.get(before - self.start) != Some(&FactVisibility::Shown) {
            return false;
        }
        let run = repeated(source, position);
        run.is_some()
            && repeated(source, before) == run
            && source
                .fact(position)
                .and_then(Placed::message)
                .is_some_and(|recorded| source.findings_of(recorded.seq).next().is_none())
    }

    /// Adds a message to the run at the end, which folds as soon as it is long enough.
    fn join(&mut self, source: Source<'_>, row: Row, options: &ViewOptions) {
        let singles = self.rows.len() - self.head;
        let Some(head) = self.rows.get_mut(self.head) else {
            return;
        };
        let is_unfolded = options.unfolds_runs || options.unfolded.contains(&head.id);
        if head.kind == RowKind::Single {
            if singles + 1 < least(source, row.first) {
                self.rows.push(row);
                return;
            }
            head.count = singles;
            if is_unfolded {
                head.kind = RowKind::Unfolded;
                let others = self.rows.iter_mut().skip(self.head + 1);
                others.for_each(|other| other.kind = RowKind::Member);
            } else {
                head.kind = RowKind::Folded;
                self.rows.truncate(self.head + 1);
            }
        }
        if let Some(head) = self.rows.get_mut(self.head) {
            head.last = row.last;
            head.count += 1;
        }
        if is_unfolded {
            self.rows.push(Row {
                kind: RowKind::Member,
                ..row
            });
        }
    }

    /// Removes the facts from a position on, and returns how they were shown.
    pub(super) fn truncate(&mut self, source: Source<'_>, position: usize) -> Vec<FactVisibility> {
        if position >= self.end() {
            // Most changes only add at the end, perhaps to a run with many rows.
            return Vec::new();
        }
        let gone = self.visibility.split_off(
            position
                .saturating_sub(self.start)
                .min(self.visibility.len()),
        );
        let rows = self.rows.partition_point(|row| row.first < position);
        self.rows.truncate(rows);
        self.find_head(source);
        if let Some(head) = self.rows.get_mut(self.head)
            && matches!(head.kind, RowKind::Folded | RowKind::Unfolded)
            && head.last >= position
        {
            head.last = position - 1;
            head.count = position - head.first;
            if head.count < least(source, head.first) {
                self.dissolve(source, position);
            }
        }
        gone
    }

    /// Gives each message of the run at the end its own row, when the run has become too short to
    /// fold.
    fn dissolve(&mut self, source: Source<'_>, end: usize) {
        let first = self.rows.get(self.head).map_or(end, |head| head.first);
        self.rows.truncate(self.head);
        self.rows.extend((first..end).filter_map(|position| {
            Some(Row {
                id: source.fact(position)?.id,
                first: position,
                last: position,
                count: 1,
                kind: RowKind::Single,
            })
        }));
    }

    fn find_head(&mut self, source: Source<'_>) {
        let mut head = self.rows.len().saturating_sub(1);
        while let Some(row) = self.rows.get(head) {
            let goes_on = match row.kind {
                RowKind::Member => true,
                RowKind::Single => self.joins(source, row.first),
                _ => false,
            };
            if !goes_on || head == 0 {
                break;
            }
            head -= 1;
        }
        self.head = head;
    }

    /// The row of the fact at this position.
    pub(super) fn row_of(&self, position: usize) -> Option<usize> {
        // Rows begin in the order of the session.
        let after = self.rows.partition_point(|row| row.first <= position);
        let row = after.checked_sub(1)?;
        let found = self.rows.get(row)?;
        found.positions().contains(&position).then_some(row)
    }

    /// The positions of the run that the fact at this position is in, or of this fact alone.
    fn run_of(&self, position: usize) -> Range<usize> {
        let alone = position..position + 1;
        let Some(row) = self.row_of(position) else {
            return alone;
        };
        let rows = self.rows.get(..=row).unwrap_or_default();
        let head = rows.iter().rfind(|row| row.kind != RowKind::Member);
        head.map_or(alone, |head| head.first..head.last + 1)
    }

    /// The facts whose rows may change if the fact at this position is judged differently.
    pub(super) fn neighborhood(&self, source: Source<'_>, position: usize) -> Range<usize> {
        let before = position.checked_sub(1).filter(|it| *it >= self.start);
        let mut start = before.map_or(position, |before| self.run_of(before).start);
        // Also covers a run that is too short to fold.
        while start > self.start && self.joins(source, start) {
            start = self.run_of(start - 1).start;
        }
        let after = Some(position + 1).filter(|it| *it < self.end());
        let mut end = after.map_or(position + 1, |after| self.run_of(after).end);
        while end < self.end() && self.joins(source, end) {
            end = self.run_of(end).end;
        }
        start..end
    }

    /// Replaces the rows of some facts, and returns how these were shown.
    pub(super) fn splice(&mut self, source: Source<'_>, part: List) -> Vec<FactVisibility> {
        let (start, end) = (part.start, part.end());
        let rows = self.rows.partition_point(|row| row.first < start)
            ..self.rows.partition_point(|row| row.first < end);
        self.rows.splice(rows, part.rows);
        let visibility = start - self.start..end - self.start;
        let before = self
            .visibility
            .splice(visibility, part.visibility)
            .collect();
        self.find_head(source);
        before
    }

    /// Removes all rows. The facts before a position are no longer counted, but which of them the
    /// filter hides stays known.
    pub(super) fn forget_all_but(&mut self, position: usize) {
        self.rows.clear();
        self.head = 0;
        let count = position.saturating_sub(self.start);
        for visibility in self.visibility.iter_mut().take(count) {
            if *visibility != FactVisibility::Hidden {
                *visibility = FactVisibility::Other;
            }
        }
    }
}

/// What the message at this position must share with the others of its run; `None` if it always has
/// its own row.
pub(crate) fn repeated(source: Source<'_>, position: usize) -> Option<Repeated<'_>> {
    let placed = source.fact(position)?;
    let recorded = placed.message()?;
    let digest = source.digests.get(placed.id)?;
    if recorded.injected || digest.known.is_some_and(is_step_of_call) {
        return None;
    }
    Some(Repeated {
        conversation: recorded.conversation,
        from: recorded.from,
        call: source.session.placement(recorded.seq).call,
        type_name: &digest.type_name,
        least: least(source, position),
    })
}

/// The length from which on a run of messages like this one folds.
fn least(source: Source<'_>, position: usize) -> usize {
    let digest = source
        .fact(position)
        .and_then(|placed| source.digests.get(placed.id));
    match digest.and_then(|digest| digest.known) {
        Some(MessageType::Sync) => LEAST_SYNC,
        _ => LEAST,
    }
}

/// Whether a message begins a call, ends it, or changes its phase.
const fn is_step_of_call(known: MessageType) -> bool {
    matches!(
        known,
        MessageType::DialNumber
            | MessageType::OutgoingCallStarted
            | MessageType::IncomingCall
            | MessageType::CallAnswered
            | MessageType::CallTransferred
            | MessageType::CallEnded
            | MessageType::CallCompleted
            | MessageType::EndCall
    )
}
