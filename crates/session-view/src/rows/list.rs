//! A list of rows that grows at its end, and can be cut and mended.

use std::ops::Range;

use callscope_protocol::{CallId, ConversationId, Fact, InsideKind, MessageType, Side};
use callscope_session_log::Placed;

use super::Look;
use crate::view::Source;

/// A row: a position in the session, or several that are folded into one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The id of the fact, of the first one in a run.
    pub id: u64,
    /// The position of its fact, or of the first one.
    pub(crate) first: usize,
    /// The position of the last one.
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
    /// One of those that follow.
    Member,
    /// The list was cleared here; messages before are kept for the state of the conversations.
    Cleared {
        /// Whether these are shown.
        is_unfolded: bool,
    },
}

impl Row {
    /// What it stands for.
    #[must_use]
    pub const fn kind(&self) -> RowKind {
        self.kind
    }

    /// Where in the session its facts are.
    #[must_use]
    pub const fn positions(&self) -> Range<usize> {
        match self.kind {
            RowKind::Folded => self.first..self.last + 1,
            _ => self.first..self.first + 1,
        }
    }
}

/// What became of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// It is no message, or stays out of the count.
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
    /// What became of each fact.
    pub(super) seen: Vec<Seen>,
    /// The first row of the run that the rows end with, long enough to fold or not.
    head: usize,
}

/// What it takes for a message to be repeated by the next one.
#[derive(PartialEq, Eq)]
pub(crate) struct Repeated<'a> {
    conversation: ConversationId,
    from: Side,
    call: Option<CallId>,
    type_name: &'a str,
    /// A run of so many folds.
    least: usize,
}

/// HubSpot repeats SYNC every 100 ms, and each is like the one before.
const LEAST_SYNC: usize = 2;

/// What others of a type say may differ: a few of them are worth their rows.
const LEAST: usize = 4;

impl List {
    pub(super) fn starting_at(start: usize) -> Self {
        Self {
            start,
            ..Self::default()
        }
    }

    /// The position behind the last fact.
    pub(super) fn end(&self) -> usize {
        self.start + self.seen.len()
    }

    /// Takes in the next fact without a row.
    pub(super) fn skip(&mut self) {
        self.seen.push(Seen::Other);
    }

    /// Takes in the next fact, a message that the filter hides.
    pub(super) fn hide(&mut self) -> Seen {
        self.seen.push(Seen::Hidden);
        Seen::Hidden
    }

    /// Takes in the next fact.
    pub(super) fn push(&mut self, source: Source<'_>, look: &Look) -> Seen {
        let position = self.end();
        let Some(placed) = source.fact(position) else {
            self.skip();
            return Seen::Other;
        };
        let seen = self.place(source, look, position, placed);
        self.seen.push(seen);
        seen
    }

    fn place(&mut self, source: Source<'_>, look: &Look, position: usize, placed: &Placed) -> Seen {
        let row = Row {
            id: placed.id,
            first: position,
            last: position,
            count: 1,
            kind: RowKind::Single,
        };
        let is_cleared = look.cleared.hides(placed);
        let recorded = match &placed.fact {
            Fact::Message(_) if is_cleared => return Seen::Cleared,
            Fact::Message(recorded) => recorded,
            _ if is_cleared => return Seen::Other,
            Fact::Conversation(_) | Fact::Closed(_) | Fact::Setting(_)
                if !look.filter.is_empty() =>
            {
                return Seen::Other;
            }
            // Where a message was sent from is said on its card.
            Fact::Inside(inside) if inside.what == InsideKind::Sent => return Seen::Other,
            Fact::Inside(inside) if !look.filter.matches_inside(inside) => return Seen::Other,
            Fact::End(_) => return Seen::Other,
            // That something is missing is hidden by no filter.
            Fact::Gap(_)
            | Fact::Conversation(_)
            | Fact::Closed(_)
            | Fact::Setting(_)
            | Fact::Inside(_) => {
                self.head = self.rows.len();
                self.rows.push(row);
                return Seen::Other;
            }
        };
        if !source.matches(&look.filter, placed.id, recorded) {
            return Seen::Hidden;
        }
        if self.joins(source, position) {
            self.join(source, row, look);
        } else {
            self.head = self.rows.len();
            self.rows.push(row);
        }
        Seen::Shown
    }

    /// Whether the fact at this position, if it is shown, belongs to the run of the fact before.
    fn joins(&self, source: Source<'_>, position: usize) -> bool {
        let Some(before) = position.checked_sub(1).filter(|it| *it >= self.start) else {
            return false;
        };
        if self.seen.get(before - self.start) != Some(&Seen::Shown) {
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

    /// Adds to the run that the rows end with; it folds as soon as it is long enough.
    fn join(&mut self, source: Source<'_>, row: Row, look: &Look) {
        let singles = self.rows.len() - self.head;
        let Some(head) = self.rows.get_mut(self.head) else {
            return;
        };
        let is_unfolded = look.unfolds_runs || look.unfolded.contains(&head.id);
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

    /// Lets go of the facts from a position on, and returns what had become of them.
    pub(super) fn truncate(&mut self, source: Source<'_>, position: usize) -> Vec<Seen> {
        if position >= self.end() {
            // Most changes add at the end, perhaps to a run with many rows.
            return Vec::new();
        }
        let gone = self
            .seen
            .split_off(position.saturating_sub(self.start).min(self.seen.len()));
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

    /// Gives each message of the run at the end, which has become too short to fold, its own row.
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

    /// The facts whose rows may be others if the fact at this position is judged otherwise.
    pub(super) fn neighborhood(&self, source: Source<'_>, position: usize) -> Range<usize> {
        let before = position.checked_sub(1).filter(|it| *it >= self.start);
        let mut start = before.map_or(position, |before| self.run_of(before).start);
        // A run that is too short to fold.
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

    /// Puts the rows of some facts in the place of those that they had, and returns what had
    /// become of these.
    pub(super) fn splice(&mut self, source: Source<'_>, part: List) -> Vec<Seen> {
        let (start, end) = (part.start, part.end());
        let rows = self.rows.partition_point(|row| row.first < start)
            ..self.rows.partition_point(|row| row.first < end);
        self.rows.splice(rows, part.rows);
        let seen = start - self.start..end - self.start;
        let before = self.seen.splice(seen, part.seen).collect();
        self.find_head(source);
        before
    }

    /// Lets go of all rows. The facts before a position stay out of the count; of those that the
    /// filter hides it is still known.
    pub(super) fn forget_all_but(&mut self, position: usize) {
        self.rows.clear();
        self.head = 0;
        let count = position.saturating_sub(self.start);
        for seen in self.seen.iter_mut().take(count) {
            if *seen != Seen::Hidden {
                *seen = Seen::Other;
            }
        }
    }
}

/// What the message at this position has in common with those of its run; `None` if it is worth a
/// row in any case.
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

/// How many messages like the one at this position make a run that folds.
fn least(source: Source<'_>, position: usize) -> usize {
    let digest = source
        .fact(position)
        .and_then(|placed| source.digests.get(placed.id));
    match digest.and_then(|digest| digest.known) {
        Some(MessageType::Sync) => LEAST_SYNC,
        _ => LEAST,
    }
}

/// Whether a message begins a call, ends one, or says how it goes on.
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
