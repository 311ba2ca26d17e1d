//! What the rows of the timeline say.

use std::borrow::Cow;
use std::ops::Range;

use callscope_protocol::{
    Answer, CallId, Conversation, Fact, Finding, InsideKind, MessageType, Millis, RecordedMessage,
    Severity, Side,
};
use callscope_session_log::Placed;

use super::{Row, RowKind};
use crate::overdue::{self, Overdue};
use crate::visible::{name, sentence};
use crate::words::{self, UtcOffset};
use crate::{Digest, SessionView, findings, inside};

/// The findings of a row in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The severity of the worst of them.
    pub severity: Severity,
    /// Its message.
    pub message: String,
    /// How many there are.
    pub count: usize,
}

/// A run of one type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// How many there are.
    pub count: u64,
    /// From the first to the last.
    pub span: Millis,
    /// How often a page has reported something again that it had reported before.
    pub reports: u64,
}

/// The words of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowText {
    /// The id of the row's fact.
    pub id: u64,
    /// The message's number; `None` for other facts.
    pub seq: Option<u64>,
    /// When it happened.
    pub at: Millis,
    /// The time of day.
    pub time: String,
    /// The time since the previous row, in words.
    pub delta: Option<String>,
    /// What happened.
    pub body: RowBody,
    /// The findings about it; `None` for a gap, which says the same itself.
    pub mark: Option<Mark>,
    /// The conversation, if there are several.
    pub conversation: Option<u32>,
    /// Whether it is unfolded; `None` if it cannot be folded.
    pub fold: Option<bool>,
    /// It is one of the others in an unfolded run.
    pub is_member: bool,
}

/// What kind of row it is.
#[derive(Clone, Debug, PartialEq)]
pub enum RowBody {
    /// A message, or a run of one type.
    Message(MessageRow),
    /// Messages are missing here.
    Gap(String),
    /// A report of a page about itself.
    Inside(InsideRow),
    /// Something that happened between messages.
    Remark(String),
}

/// A report of a page about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct InsideRow {
    /// Whose page it is; `None` for what Callscope found itself.
    pub side: Option<Side>,
    /// The report in words.
    pub words: String,
    /// The run, if it stands for several reports.
    pub run: Option<Run>,
}

impl InsideRow {
    /// The report, behind how often it was made: `×3 in 0.2 s  No handler for ERROR`.
    #[must_use]
    pub fn line(&self) -> Cow<'_, str> {
        match &self.run {
            Some(run) => format!("{}  {}", run.words(), self.words).into(),
            None => self.words.as_str().into(),
        }
    }
}

/// A message, or a run of one type.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageRow {
    /// Who sent it.
    pub from: Side,
    /// Whether Callscope posted it.
    pub injected: bool,
    /// The original size in bytes, if the message was cut.
    pub truncated: Option<u64>,
    /// The size in bytes, before it was cut.
    pub size: u64,
    /// Its type, or what kind of value it is if it has no type.
    pub type_name: String,
    /// What tells it apart from others of its type.
    pub summary: String,
    /// The call that it belongs to.
    pub call: Option<CallId>,
    /// The request that it answers.
    pub answers: Option<Answer>,
    /// The run, if it stands for several messages.
    pub run: Option<Run>,
}

impl Run {
    /// `×40 in 4.0 s`, `×40 in 4.0 s with 80 reports as before`.
    #[must_use]
    pub fn words(&self) -> String {
        let messages = words::run(self.count, self.span);
        if self.reports == 0 {
            return messages;
        }
        let reports = format!("with {} as before", words::counted(self.reports, "report"));
        match self.count {
            1 => reports,
            _ => format!("{messages} {reports}"),
        }
    }
}

impl Mark {
    /// "1 error", "3 findings, the worst: error".
    #[must_use]
    pub fn words(&self) -> String {
        match self.count {
            1 => format!("1 {}", self.severity),
            count => format!("{count} findings, the worst: {}", self.severity),
        }
    }
}

impl RowText {
    /// What is wrong with its message, if that is more than a note; without the message's type, if it
    /// begins with that.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        let mark = self.mark.as_ref()?;
        self.finding().filter(|_| mark.severity > Severity::Note)
    }

    /// Its message's worst finding, even if that is a note; without the message's type, if it begins
    /// with that.
    #[must_use]
    pub fn finding(&self) -> Option<&str> {
        let RowBody::Message(message) = &self.body else {
            return None;
        };
        let mark = self.mark.as_ref()?;
        let rest = mark.message.strip_prefix(message.type_name.as_str());
        let rest = rest.and_then(|it| it.strip_prefix(' '));
        Some(rest.unwrap_or(&mark.message))
    }

    /// Whether its message's worst finding says all that the summary says, such as HubSpot's words
    /// for a failure: the row says it once.
    #[must_use]
    pub fn quotes_summary(&self) -> bool {
        let RowBody::Message(message) = &self.body else {
            return false;
        };
        let quotes = |finding: &str| finding.contains(&message.summary);
        !message.summary.is_empty() && self.finding().is_some_and(quotes)
    }
}

impl SessionView {
    /// Makes the words of some rows.
    #[must_use]
    pub fn describe(&self, rows: Range<usize>, offset: UtcOffset) -> Vec<RowText> {
        rows.filter_map(|row| self.describe_one(row, offset))
            .collect()
    }

    /// The findings about a row's fact; a folded run can only have findings about its first one.
    pub fn findings_of_row(&self, row: usize) -> impl Iterator<Item = &Finding> {
        let row = self.rows().get(row);
        row.into_iter()
            .flat_map(|row| self.shown_findings_at(row.first))
    }

    pub(super) fn fact(&self, position: usize) -> Option<&Placed> {
        self.session().facts().get(position)
    }

    /// When the first of a row's facts happened.
    #[must_use]
    pub fn row_at(&self, index: usize) -> Option<Millis> {
        let row = self.rows().get(index)?;
        Some(self.session().at(self.fact(row.first)?))
    }

    /// The time since the last of the previous row's facts.
    pub(super) fn row_delta(&self, index: usize) -> Option<Millis> {
        let before = self.rows().get(index.checked_sub(1)?)?;
        let before = self.fact(before.positions().next_back()?)?;
        let row = self.rows().get(index)?;
        Some(self.session().between(before, self.fact(row.first)?))
    }

    fn describe_one(&self, index: usize, offset: UtcOffset) -> Option<RowText> {
        let row = self.rows().get(index)?;
        let placed = self.fact(row.first)?;
        let at = self.session().at(placed);
        let mut text = RowText {
            id: row.id,
            seq: None,
            at,
            time: offset.time_of_day(at),
            delta: self.row_delta(index).map(words::duration),
            body: RowBody::Remark(String::new()),
            mark: match placed.fact {
                Fact::Gap(_) => None,
                _ => self.mark(row.first),
            },
            conversation: None,
            fold: match row.kind {
                RowKind::Folded => Some(false),
                RowKind::Unfolded => Some(true),
                RowKind::Cleared { is_unfolded } => (row.count > 0).then_some(is_unfolded),
                RowKind::Single | RowKind::Member => None,
            },
            is_member: row.kind == RowKind::Member,
        };
        let kept = || words::counted(row.count as u64, "message");
        text.body = match &placed.fact {
            Fact::Message(recorded) => {
                text.seq = Some(recorded.seq);
                let has_several = self.session().conversations().nth(1).is_some();
                text.conversation = has_several.then_some(recorded.conversation.0);
                let digest = self.digest(row.id)?;
                RowBody::Message(self.message_row(recorded, digest, self.run(row)))
            }
            Fact::Gap(gap) => {
                let mut words = words::gap(gap);
                if matches!(row.kind, RowKind::Cleared { .. }) && row.count > 0 {
                    words = format!("{words}; {} of the handshakes kept", kept());
                }
                RowBody::Gap(words)
            }
            Fact::Inside(it) => RowBody::Inside(InsideRow {
                side: (it.what != InsideKind::Redirected).then_some(it.side),
                words: sentence(&inside::sentence(it)).into_owned(),
                run: self.run(row),
            }),
            Fact::Conversation(start) => {
                let mut words = words::remark(&placed.fact);
                let conversation = self.session().conversation(start.id);
                if conversation.is_some_and(Conversation::is_strangers) {
                    words = format!("{words}, {}", words::STRANGER);
                }
                RowBody::Remark(words)
            }
            other => RowBody::Remark(words::remark(other)),
        };
        Some(text)
    }

    /// The run that a row stands for.
    fn run(&self, row: &Row) -> Option<Run> {
        let first = self.fact(row.first)?.fact.at();
        (row.count + row.reports > 1).then(|| Run {
            count: row.count as u64,
            span: self
                .fact(row.last)
                .map_or(Millis(0.0), |last| last.fact.at() - first),
            reports: row.reports as u64,
        })
    }

    fn message_row(
        &self,
        recorded: &RecordedMessage,
        digest: &Digest,
        run: Option<Run>,
    ) -> MessageRow {
        let placement = self.session().placement(recorded.seq);
        let mut summary = sentence(&digest.summary).into_owned();
        if let Some(overdue) = self.overdue(recorded, digest) {
            let separator = if summary.is_empty() { "" } else { " · " };
            summary = format!("{}{separator}{summary}", overdue.words());
        }
        MessageRow {
            from: recorded.from,
            injected: recorded.injected,
            truncated: recorded.truncated,
            size: super::size_of(recorded),
            type_name: name(digest.type_words()).into_owned(),
            summary,
            call: placement.call,
            answers: placement.answers,
            run,
        }
    }

    /// Whether a message has waited too long for its answer, in a session that is still going on.
    fn overdue(&self, recorded: &RecordedMessage, digest: &Digest) -> Option<Overdue> {
        if digest.known != Some(MessageType::DialNumber) {
            return None;
        }
        let now = self.clock()?;
        let overdue = overdue::dial(self, recorded.conversation, now)?;
        (overdue.request == recorded.seq).then_some(overdue)
    }

    fn mark(&self, position: usize) -> Option<Mark> {
        let mut count = 0;
        let found = self
            .shown_findings_at(position)
            .map(|it| (findings::severity(self.session(), it), it))
            .inspect(|_| count += 1);
        let (severity, worst) = findings::worst(found, |(severity, _)| *severity)?;
        Some(Mark {
            severity,
            message: sentence(&worst.message).into_owned(),
            count,
        })
    }
}

impl RowText {
    /// The row as a sentence, for assistive technology and for tests.
    #[must_use]
    pub fn label(&self) -> String {
        let Self { time, body, .. } = self;
        let mut label = match body {
            RowBody::Message(message) => {
                format!("{time} {} {}", message.from.name(), message.type_name)
            }
            RowBody::Gap(words) | RowBody::Remark(words) => format!("{time} {words}"),
            RowBody::Inside(InsideRow { side, words, .. }) => match side {
                Some(side) => format!("{time} inside the {}: {words}", side.name()),
                None => format!("{time} {words}"),
            },
        };
        let mut add = |part: &str| {
            label.push_str(", ");
            label.push_str(part);
        };
        if let RowBody::Message(message) = body {
            if let Some(problem) = self.problem() {
                add(problem);
            }
            if !message.summary.is_empty() && !self.quotes_summary() {
                add(&message.summary);
            }
            // A note stands after the summary, as it does on the screen.
            if self.problem().is_none()
                && let Some(note) = self.finding()
            {
                add(note);
            }
            if message.injected {
                add("injected");
            }
        }
        let run = match body {
            RowBody::Message(message) => message.run.as_ref(),
            RowBody::Inside(inside) => inside.run.as_ref(),
            RowBody::Gap(_) | RowBody::Remark(_) => None,
        };
        if let Some(run) = run {
            add(&run.words());
        }
        if let Some(mark) = &self.mark {
            add(&mark.words());
        }
        label
    }
}
