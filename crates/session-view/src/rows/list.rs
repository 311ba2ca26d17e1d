//! A list of rows that grows at its end, and in which parts can be replaced.

use std::ops::Range;

use callscope_protocol::{CallId, ConversationId, Fact, Inside, InsideKind, MessageType, Side};
use callscope_session_log::Placed;

use super::ViewOptions;
use crate::inside::sentence;
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
    /// How many messages it stands for; for a run of reports, how many reports.
    pub(crate) count: usize,
    /// How many repeated reports of a page are folded into a run of messages.
    pub(crate) reports: usize,
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
    /// The row of one fact.
    const fn single(id: u64, position: usize) -> Self {
        Self {
            id,
            first: position,
            last: position,
            count: 1,
            reports: 0,
            kind: RowKind::Single,
        }
    }

    /// What it stands for.
    #[must_use]
    pub const fn kind(&self) -> RowKind {
        self.kind
    }

    /// Counts one more fact of a run.
    fn count_in(&mut self, source: Source<'_>, position: usize) {
        if report(source, position).is_some() && report(source, self.first).is_none() {
            self.reports += 1;
        } else {
            self.count += 1;
        }
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
    /// A report of a page in the list.
    Reported,
}

impl FactVisibility {
    /// Whether it has a row that may be part of a run.
    const fn is_in_list(self) -> bool {
        matches!(self, Self::Shown | Self::Reported)
    }
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

/// HubSpot repeats SYNC every 100 ms, each one like the last; so are repeated reports.
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
        let row = Row::single(placed.id, position);
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
            Fact::Inside(_) => {
                self.add(source, row, options);
                return FactVisibility::Reported;
            }
            Fact::End(_) => return FactVisibility::Other,
            // No filter hides a gap.
            Fact::Gap(_) | Fact::Conversation(_) | Fact::Closed(_) | Fact::Setting(_) => {
                self.head = self.rows.len();
                self.rows.push(row);
                return FactVisibility::Other;
            }
        };
        if !source.matches(&options.filter, placed.id, recorded) {
            return FactVisibility::Hidden;
        }
        self.add(source, row, options);
        FactVisibility::Shown
    }

    fn add(&mut self, source: Source<'_>, row: Row, options: &ViewOptions) {
        if self.joins(source, row.first) {
            self.join(source, row, options);
        } else {
            self.head = self.rows.len();
            self.rows.push(row);
        }
    }

    /// Whether the fact at this position, if it is shown, belongs to the previous fact's run.
    fn joins(&self, source: Source<'_>, position: usize) -> bool {
        let Some(before) = self.before(position) else {
            return false;
        };
        if is_repeated_report(source, position) {
            return is_same_report(source, before, position)
                || self
                    .message_before(source, before)
                    .is_some_and(|it| repeated(source, it).is_some());
        }
        let run = repeated(source, position);
        run.is_some()
            && self
                .message_before(source, before)
                .is_some_and(|it| repeated(source, it) == run)
            && source
                .fact(position)
                .and_then(Placed::message)
                .is_some_and(|recorded| source.findings_of(recorded.seq).next().is_none())
    }

    /// The last position up to this one that is not a repeated report.
    fn message_before(&self, source: Source<'_>, position: usize) -> Option<usize> {
        let mut at = position;
        for _ in 0..MOST_REPORTS {
            if !is_repeated_report(source, at) {
                return Some(at);
            }
            at = self.before(at)?;
        }
        None
    }

    /// The position before this one, if it is in the list.
    fn before(&self, position: usize) -> Option<usize> {
        let before = position.checked_sub(1).filter(|it| *it >= self.start)?;
        let visibility = self.visibility.get(before - self.start)?;
        visibility.is_in_list().then_some(before)
    }

    /// Adds a fact to the run at the end, which folds as soon as it is long enough.
    fn join(&mut self, source: Source<'_>, row: Row, options: &ViewOptions) {
        let singles = self.rows.len() - self.head;
        let Some(head) = self.rows.get_mut(self.head) else {
            return;
        };
        let is_unfolded = options.unfolds_runs || options.unfolded.contains(&head.id);
        if head.kind == RowKind::Single {
            if singles + 1 < least(source, head.first) {
                self.rows.push(row);
                return;
            }
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
            for position in head.last + 1..=row.last {
                head.count_in(source, position);
            }
            head.last = row.last;
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
            (head.count, head.reports) = (1, 0);
            for position in head.first + 1..position {
                head.count_in(source, position);
            }
            if position - head.first < least(source, head.first) {
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
        self.rows.extend(
            (first..end)
                .filter_map(|position| Some(Row::single(source.fact(position)?.id, position))),
        );
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

/// How far back the same report may have been made for a report to repeat it: a page may make
/// several about each of HubSpot's messages.
const MOST_REPORTS: usize = 8;

/// What a page reported at this position, if that has a row.
fn report(source: Source<'_>, position: usize) -> Option<&Inside> {
    match &source.fact(position)?.fact {
        Fact::Inside(inside) if inside.what != InsideKind::Sent => Some(inside),
        _ => None,
    }
}

/// Whether a page reports here what it has reported just before, and no finding is about it.
fn is_repeated_report(source: Source<'_>, position: usize) -> bool {
    report(source, position).is_some()
        && source.findings_at(position).next().is_none()
        && (position.saturating_sub(MOST_REPORTS)..position)
            .any(|earlier| is_same_report(source, earlier, position))
}

/// Whether two positions hold the same report.
fn is_same_report(source: Source<'_>, one: usize, other: usize) -> bool {
    let (Some(one), Some(other)) = (report(source, one), report(source, other)) else {
        return false;
    };
    (one.what, one.side, one.conversation) == (other.what, other.side, other.conversation)
        // It counts what follows it.
        && one.what != InsideKind::Lost
        && sentence(one) == sentence(other)
}

/// The length from which on a run that begins with this fact folds.
fn least(source: Source<'_>, position: usize) -> usize {
    if report(source, position).is_some() {
        return LEAST_SYNC;
    }
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
