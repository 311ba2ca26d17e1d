//! The rows of the timeline: which there are, and what one of them says.
//!
//! A hundred thousand rows must cost nothing while they are out of sight, so the list holds
//! positions only; [`Rows::describe`] makes the words for the few that are drawn.

use std::collections::HashSet;
use std::ops::Range;

use callscope_protocol::{
    ConversationId, Fact, Finding, Frame, Gap, GapReason, MessageType, Millis, Severity, Side,
};

use callscope_session_log::Placed;

use super::filter::Filter;
use super::format::{self, UtcOffset};
use super::source::Source;

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

/// The findings of a row in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The severity of the worst of them.
    pub(crate) severity: Severity,
    /// Its sentence.
    pub(crate) message: String,
    /// How many there are.
    pub(crate) count: usize,
}

/// What one row says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RowText {
    pub(crate) id: u64,
    /// The frame's number; `None` for other facts.
    pub(crate) seq: Option<u64>,
    pub(crate) at: Millis,
    pub(crate) time: String,
    /// Since the row before.
    pub(crate) delta: Option<String>,
    pub(crate) body: RowBody,
    /// The conversation, if there are several.
    pub(crate) conversation: Option<u32>,
    /// Whether it can be folded, and whether it is.
    pub(crate) fold: Option<bool>,
    /// One of an unfolded run.
    pub(crate) is_member: bool,
}

/// What kind of row it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RowBody {
    /// A message, or a run of the same one.
    Message {
        from: Side,
        injected: bool,
        /// Its type, or what it is instead of a message with a type.
        type_name: String,
        summary: String,
        mark: Option<Mark>,
        /// "×40  4.0 s"
        run: Option<String>,
    },
    /// Messages are missing here.
    Gap(String),
    /// Something that happened between messages.
    Remark(String),
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

    /// The findings of a row, of all messages of a folded run.
    pub(crate) fn findings<'a>(
        &self,
        source: &'a Source,
        row: usize,
    ) -> impl Iterator<Item = &'a Finding> {
        let positions = self.list.get(row).map_or(0..0, Row::positions);
        findings(source, positions)
    }

    /// The words of some rows.
    pub(crate) fn describe(
        &self,
        source: &Source,
        range: Range<usize>,
        offset: UtcOffset,
    ) -> Vec<RowText> {
        range
            .filter_map(|row| self.describe_one(source, row, offset))
            .collect()
    }

    fn describe_one(&self, source: &Source, index: usize, offset: UtcOffset) -> Option<RowText> {
        let row = self.list.get(index)?;
        let facts = source.session().facts();
        let placed = facts.get(row.first)?;
        let at = placed.fact.at();
        let before = index
            .checked_sub(1)
            .and_then(|before| self.list.get(before))
            .and_then(|before| {
                facts.get(if before.kind == RowKind::Folded {
                    before.last
                } else {
                    before.first
                })
            })
            .map(|before| before.fact.at());
        let mut text = RowText {
            id: row.id,
            seq: None,
            at,
            time: offset.time_of_day(at),
            delta: before.map(|before| format::duration(at - before)),
            body: RowBody::Remark(String::new()),
            conversation: None,
            fold: match row.kind {
                RowKind::Folded => Some(false),
                RowKind::Unfolded => Some(true),
                // Before an unfolded one there are its messages.
                RowKind::Cleared => (row.count > 0).then_some(index > 0),
                RowKind::Kept => Some(self.shows_kept),
                RowKind::Single | RowKind::Member => None,
            },
            is_member: row.kind == RowKind::Member,
        };
        if row.kind == RowKind::Kept {
            let kept = format::counted(row.count as u64, "message");
            let words = format!("You cleared the list; it keeps {kept} of the handshakes");
            text.body = RowBody::Remark(words);
            text.delta = None;
            return Some(text);
        }
        text.body = match &placed.fact {
            Fact::Frame(frame) => {
                text.seq = Some(frame.seq);
                text.conversation = self.several_conversations.then_some(frame.conversation.0);
                let digest = source.digest(row.id)?;
                let type_name = match &*digest.type_name {
                    "" => "(no type)".to_owned(),
                    name => name.to_owned(),
                };
                let run = (row.count > 1).then(|| {
                    let end = facts.get(row.last).map_or(at, |last| last.fact.at());
                    format!(
                        "×{}  {}",
                        format::count(row.count as u64),
                        format::duration(end - at)
                    )
                });
                RowBody::Message {
                    from: frame.from,
                    injected: frame.injected,
                    type_name,
                    summary: digest.summary.to_string(),
                    mark: mark(source, row.positions()),
                    run,
                }
            }
            Fact::Gap(gap) if row.kind == RowKind::Cleared && row.count > 0 => {
                let kept = format::counted(row.count as u64, "message");
                let words = gap_words(gap.lost, &gap.why);
                RowBody::Gap(format!("{words}; {kept} of the handshakes kept"))
            }
            Fact::Gap(gap) => RowBody::Gap(gap_words(gap.lost, &gap.why)),
            other => RowBody::Remark(remark(other)),
        };
        Some(text)
    }
}

impl RowText {
    /// The row as a sentence, for assistive technology and for tests.
    pub(crate) fn label(&self) -> String {
        let Self { time, body, .. } = self;
        match body {
            RowBody::Message {
                from,
                injected,
                type_name,
                summary,
                mark,
                run,
            } => {
                let mut label = format!("{time} {} {type_name}", from.name());
                for (text, is_there) in [
                    (summary.as_str(), !summary.is_empty()),
                    ("injected", *injected),
                ] {
                    if is_there {
                        label.push_str(", ");
                        label.push_str(text);
                    }
                }
                if let Some(run) = run {
                    label.push_str(", ");
                    label.push_str(run);
                }
                if let Some(mark) = mark {
                    label.push_str(", ");
                    label.push_str(&mark.words());
                }
                label
            }
            RowBody::Gap(words) | RowBody::Remark(words) => format!("{time} {words}"),
        }
    }
}

impl Mark {
    /// "1 error", "3 findings, the worst an error".
    pub(crate) fn words(&self) -> String {
        match self.count {
            1 => format!("1 {}", self.severity),
            count => format!("{count} findings, the worst: {}", self.severity),
        }
    }
}

fn is_shown(fact: &Fact, filter: &Filter) -> bool {
    match fact {
        Fact::Gap(_) => true,
        Fact::Conversation(_) | Fact::Closed(_) | Fact::Setting(_) => filter.is_empty(),
        Fact::Frame(_) | Fact::End(_) => false,
    }
}

/// What happened, if it is no message and no gap.
fn remark(fact: &Fact) -> String {
    match fact {
        Fact::Conversation(start) => {
            let known = |origin: &Option<String>| {
                let origin = origin.as_deref();
                origin.map_or("unknown", format::origin).to_owned()
            };
            let continues = start
                .continues
                .map(|ConversationId(id)| format!(", continues {id} after a reload"))
                .unwrap_or_default();
            format!(
                "Conversation {}: {} ⇄ {}{continues}",
                start.id.0,
                known(&start.host_origin),
                known(&start.widget_origin),
            )
        }
        Fact::Closed(closed) => {
            let who = match closed.side {
                Side::Host => "HubSpot page",
                Side::Widget => "widget",
            };
            format!(
                "The {who} of conversation {} went away",
                closed.conversation.0
            )
        }
        Fact::Setting(setting) => match &setting.value {
            Some(value) => format!("{} is {value}", setting.key),
            None => format!("{} is not set", setting.key),
        },
        Fact::End(_) => "End of the recording".to_owned(),
        Fact::Frame(_) | Fact::Gap(_) => String::new(),
    }
}

/// The findings of the messages at these positions that belong to the first one's run.
fn findings(source: &Source, positions: Range<usize>) -> impl Iterator<Item = &Finding> {
    let facts = source.session().facts().get(positions).unwrap_or_default();
    let side = |frame: &Frame| (frame.conversation, frame.from);
    let run = facts.first().and_then(Placed::frame).map(side);
    facts
        .iter()
        .filter_map(Placed::frame)
        .filter(move |frame| Some(side(frame)) == run)
        .flat_map(|frame| source.session().findings_of(frame.seq))
}

fn mark(source: &Source, positions: Range<usize>) -> Option<Mark> {
    let mut count = 0;
    let worst = findings(source, positions)
        .inspect(|_| count += 1)
        .reduce(|worst, it| {
            if it.severity > worst.severity {
                it
            } else {
                worst
            }
        })?;
    Some(Mark {
        severity: worst.severity,
        message: worst.message.clone(),
        count,
    })
}

/// "12 messages are missing: buffer full".
pub(crate) fn gap_words(lost: Option<u64>, why: &GapReason) -> String {
    let reason = match why {
        GapReason::BufferFull => "a buffer was full",
        GapReason::Evicted => "the history was full, the oldest went",
        GapReason::Paused => "recording was paused",
        GapReason::Cleared => "you cleared the list",
        GapReason::LateStart => "recording began later",
        GapReason::HalfMissing(Side::Host) => {
            "what HubSpot sends is not recorded, Callscope may not listen in the widget"
        }
        GapReason::HalfMissing(Side::Widget) => {
            "what the widget sends is not recorded, Callscope may not listen in the HubSpot frame"
        }
        GapReason::Other(words) => words,
    };
    match lost {
        Some(0) => format!("No message is missing: {reason}"),
        Some(1) => format!("1 message is missing: {reason}"),
        Some(lost) => format!("{} are missing: {reason}", format::counted(lost, "message")),
        None => format!("Messages may be missing: {reason}"),
    }
}

/// The time between two facts of the session, for tests and for the detail pane.
pub(crate) fn since(source: &Source, position: usize) -> Option<Millis> {
    let facts = source.session().facts();
    let at = facts.get(position)?.fact.at();
    let before = facts.get(position.checked_sub(1)?)?.fact.at();
    Some(at - before)
}
