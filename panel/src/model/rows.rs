//! The rows of the timeline: which there are, and what one of them says.
//!
//! A hundred thousand rows must cost nothing while they are out of sight, so the list holds
//! positions only; [`Rows::describe`] makes the words for the few that are drawn.

mod words;

use std::collections::HashSet;
use std::ops::Range;

use callscope_protocol::{ConversationId, Fact, Gap, GapReason, MessageType, Side};

use super::source::Source;
use callscope_session_log::filter::Filter;

pub(crate) use words::{RowBody, RowText, gap_words};

/// A row: a position in the session, or several that are folded into one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The id of the fact, of the first one in a run.
    pub(crate) id: u64,
    /// Where the facts are: one, or more in a folded run, others between them not counted.
    first: usize,
    last: usize,
    /// How many facts it stands for.
    count: usize,
    kind: RowKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowKind {
    /// One fact.
    Single,
    /// A run of SYNC, folded.
    Folded,
    /// The first of a run of SYNC whose others follow.
    Unfolded,
    /// One of those that follow.
    Member,
    /// Stands over or for the messages that outlived the user's clearing.
    Kept,
    /// The user cleared what was before; `count` messages are kept for the state of the
    /// conversations, and are shown only on request.
    Cleared,
}

/// Names the row that stands for what outlived the user's clearing.
/// It is the highest number that JavaScript can count to.
pub(super) const KEPT_ID: u64 = (1 << 53) - 1;

/// How the user looks at a session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look<'a> {
    pub(crate) filter: &'a Filter,
    /// Runs that are unfolded, by the ids of their rows.
    pub(crate) unfolded: &'a HashSet<u64>,
    /// Facts up to this id were there when the user cleared the list.
    pub(crate) cleared_through: Option<u64>,
}

/// All rows that are shown, and how many are not.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    list: Vec<Row>,
    /// Messages that the filter hides.
    pub(crate) hidden: u64,
    /// Messages that are shown, also those in folded runs.
    pub(crate) shown: u64,
    /// The letters of the longest type that is shown.
    pub(crate) type_letters: usize,
    /// Whether the rows that the user cleared away are shown all the same.
    shows_kept: bool,
    /// Whether rows must tell their conversations apart.
    several_conversations: bool,
}

impl Row {
    /// Where the facts are that it stands for, others between them included.
    const fn positions(&self) -> Range<usize> {
        match self.kind {
            RowKind::Folded => self.first..self.last + 1,
            RowKind::Kept
            | RowKind::Single
            | RowKind::Unfolded
            | RowKind::Member
            | RowKind::Cleared => self.first..self.first + 1,
        }
    }
}

impl Rows {
    pub(crate) fn build(source: &Source, look: Look<'_>) -> Self {
        let Look {
            filter,
            unfolded,
            cleared_through,
        } = look;
        let mut rows = Self::default();
        let shows_kept = unfolded.contains(&KEPT_ID);
        let mut first_conversation = None;
        // The run of SYNC that the rows end with.
        let mut run: Option<(ConversationId, Side)> = None;
        for (index, placed) in source.session().facts().iter().enumerate() {
            let single = Row {
                id: placed.id,
                first: index,
                last: index,
                count: 1,
                kind: RowKind::Single,
            };
            if cleared_through.is_some_and(|cleared| placed.id <= cleared) {
                rows.push_kept(&single, &placed.fact);
                if !shows_kept {
                    continue;
                }
            }
            let Fact::Frame(frame) = &placed.fact else {
                if is_shown(&placed.fact, filter) {
                    run = None;
                    rows.push_other(single, &placed.fact, unfolded);
                }
                continue;
            };
            rows.several_conversations |=
                *first_conversation.get_or_insert(frame.conversation) != frame.conversation;
            if !source.matches(filter, placed.id, frame) {
                rows.hidden += 1;
                continue;
            }
            rows.shown += 1;
            let digest = source.digest(placed.id);
            let letters = digest.map_or(0, |digest| digest.type_name.len());
            rows.type_letters = rows.type_letters.max(letters);
            let is_sync = digest.is_some_and(|digest| digest.known == Some(MessageType::Sync));
            let key = (is_sync && !frame.injected).then_some((frame.conversation, frame.from));
            if key.is_some() && key == run {
                rows.extend_run(&single, unfolded);
            } else {
                run = key;
                rows.list.push(single);
            }
        }
        rows.shows_kept = shows_kept;
        rows
    }

    /// Counts what outlived the user's clearing.
    fn push_kept(&mut self, row: &Row, fact: &Fact) {
        if !matches!(fact, Fact::Frame(_)) {
            return;
        }
        match self.list.first_mut().filter(|first| first.id == KEPT_ID) {
            Some(kept) => kept.count += 1,
            None => self.list.insert(
                0,
                Row {
                    id: KEPT_ID,
                    kind: RowKind::Kept,
                    ..row.clone()
                },
            ),
        }
    }

    /// Adds a row that is no message.
    fn push_other(&mut self, row: Row, fact: &Fact, unfolded: &HashSet<u64>) {
        let is_cleared = matches!(
            fact,
            Fact::Gap(Gap {
                why: GapReason::Cleared,
                ..
            })
        );
        // Where the user cleared this very list, it is all folded already.
        let has_kept = self.list.first().is_some_and(|it| it.id == KEPT_ID);
        if !is_cleared || has_kept {
            self.list.push(row);
            return;
        }
        let count = usize::try_from(self.shown).unwrap_or(usize::MAX);
        if !unfolded.contains(&row.id) {
            self.list.clear();
            self.shown = 0;
        }
        self.list.push(Row {
            count,
            kind: RowKind::Cleared,
            ..row
        });
    }

    /// Adds to the run that the rows end with.
    fn extend_run(&mut self, row: &Row, unfolded: &HashSet<u64>) {
        let head = match self.list.last().map(|last| last.kind) {
            Some(RowKind::Member) => self
                .list
                .iter()
                .rposition(|row| row.kind != RowKind::Member),
            _ => self.list.len().checked_sub(1),
        };
        let Some(head) = head.and_then(|head| self.list.get_mut(head)) else {
            return;
        };
        head.last = row.last;
        head.count += 1;
        if unfolded.contains(&head.id) {
            head.kind = RowKind::Unfolded;
            self.list.push(Row {
                kind: RowKind::Member,
                ..row.clone()
            });
        } else {
            head.kind = RowKind::Folded;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn get(&self, row: usize) -> Option<&Row> {
        self.list.get(row)
    }

    /// The row that shows the fact at this position of the session.
    pub(crate) fn row_of(&self, position: usize) -> Option<usize> {
        // Rows begin in the order of the session.
        let after = self.list.partition_point(|row| row.first <= position);
        let row = after.checked_sub(1)?;
        let found = self.list.get(row)?;
        (found.first == position || (found.kind == RowKind::Folded && position <= found.last))
            .then_some(row)
    }
}

fn is_shown(fact: &Fact, filter: &Filter) -> bool {
    match fact {
        Fact::Gap(_) => true,
        Fact::Conversation(_) | Fact::Closed(_) | Fact::Setting(_) => filter.is_empty(),
        Fact::Frame(_) | Fact::End(_) => false,
    }
}
