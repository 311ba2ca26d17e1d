//! What the rows of the timeline say.

use std::ops::Range;

use callscope_protocol::{ConversationId, Fact, Finding, Frame, GapReason, Millis, Severity, Side};
use callscope_session_log::Placed;

use super::{Row, RowKind, Rows};
use crate::model::format::{self, UtcOffset};
use crate::model::source::Source;

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

impl Rows {
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
