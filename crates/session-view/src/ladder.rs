//! A session as a ladder: two sides, and the messages between them.
//!
//! Which rungs there are and what they say is decided here. Page data stands in them as it was
//! posted, in full length: whoever draws them cuts and escapes it.

mod outline;

pub use outline::{Band, Lane, Outline, Step, StepKind};

use callscope_protocol::{
    Answer, Call, CallId, ConversationId, Fact, Finding, MessageType, Millis, Severity, Side,
};
use callscope_session_log::Session;

use crate::SessionView;
use crate::calls::{self, Headings};
use crate::findings::{self, UnanchoredFindings};
use crate::rows::{MessageRow, RowBody, Run};
use crate::visible::{name, sentence};
use crate::words::{self, UtcOffset};

/// The ladder of one conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Ladder {
    /// The conversation.
    pub conversation: ConversationId,
    /// "conversation 1 · …"
    pub title: String,
    /// The host's origin.
    pub host: String,
    /// The widget's origin.
    pub widget: String,
    /// The rungs, in order.
    pub rungs: Vec<Rung>,
}

/// One rung of a ladder.
#[derive(Clone, Debug, PartialEq)]
pub enum Rung {
    /// A call begins.
    Heading(String),
    /// A message, or a run of one type: one rung for each such row of the timeline.
    Message(Arrow),
    /// A gap, or something that happened between messages.
    Remark {
        /// When.
        at: Millis,
        /// What.
        words: String,
        /// Whether messages are missing.
        is_gap: bool,
    },
    /// A finding that belongs to no message.
    Finding(FindingMark),
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrow {
    /// The id of its row in the timeline.
    pub id: u64,
    /// Its number.
    pub seq: u64,
    /// When it was received; for a run, when the first was.
    pub at: Millis,
    /// Who sent it.
    pub from: Side,
    /// Its type.
    pub type_name: String,
    /// What tells it apart from others of its type.
    pub summary: String,
    /// Whether Callscope posted it.
    pub injected: bool,
    /// The request that it answers.
    pub answers: Option<Answer>,
    /// The run, if it stands for several messages.
    pub run: Option<Run>,
    /// The findings about it.
    pub findings: Vec<FindingMark>,
}

/// A finding in short.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingMark {
    /// How bad it is.
    pub severity: Severity,
    /// The rule's code.
    pub code: &'static str,
    /// Its sentence.
    pub message: String,
}

impl FindingMark {
    fn new(view: &SessionView, finding: &Finding) -> Self {
        let mut message = sentence(&finding.message).into_owned();
        if let Some(cause) = &finding.cause {
            message = format!("{message} ({})", words::cause(cause));
        }
        Self {
            severity: findings::severity(view.session(), finding),
            code: finding.rule.code,
            message,
        }
    }
}

impl Arrow {
    /// The finding to show if there is room for one: that of its row in the timeline.
    #[must_use]
    pub fn worst(&self) -> Option<&FindingMark> {
        findings::worst(&self.findings, |it| it.severity)
    }

    /// The text beside the summary: the duration of a run, or what the message answers.
    ///
    /// A ladder shows no message numbers, so a request is named by its type.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        if let Some(run) = &self.run {
            return Some(format!("in {}", words::duration(run.span)));
        }
        let answer = self.answers.as_ref()?;
        let request = answer.request_type.map_or("it", MessageType::name);
        let after = words::duration(answer.latency);
        Some(format!("answers {request} after {after}"))
    }
}

/// Which part of a session is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Only this conversation.
    pub conversation: Option<ConversationId>,
    /// Only this call, of that conversation or of each.
    pub call: Option<u32>,
}

/// The ladders of the chosen conversations, without empty ones.
///
/// They have the view's rows, as last [updated](SessionView::update_rows), and the findings that it
/// shows.
#[must_use]
pub fn ladders(view: &SessionView, choice: Choice) -> Vec<Ladder> {
    view.session()
        .conversations()
        .filter(|it| choice.conversation.is_none_or(|id| id == it.id))
        .map(|conversation| Ladder {
            conversation: conversation.id,
            title: words::conversation(conversation),
            host: name(words::known_origin(conversation.host_origin.as_deref())).into_owned(),
            widget: name(words::known_origin(conversation.widget_origin.as_deref())).into_owned(),
            rungs: rungs(view, conversation.id, choice.call),
        })
        .filter(|ladder| !ladder.rungs.is_empty())
        .collect()
}

fn rungs(view: &SessionView, id: ConversationId, only: Option<u32>) -> Vec<Rung> {
    let session = view.session();
    let mut rungs = Vec::new();
    let only = only.map(|serial| CallId {
        conversation: id,
        serial,
    });
    let chosen = only.and_then(|only| session.call(only));
    let mut headings = Headings::default();
    let mut unanchored = UnanchoredFindings::shown(view, Some(id));
    let mut seq = 0;
    for (index, row) in view.rows().iter().enumerate() {
        let Some(placed) = session.facts().get(row.positions().start) else {
            continue;
        };
        // With a single call, what happened between its messages.
        let is_during = only.is_none()
            || chosen
                .as_ref()
                .is_some_and(|call| (call.first_seq..call.last_seq).contains(&seq));
        let is_of_it = match &placed.fact {
            Fact::Message(recorded) => recorded.conversation == id,
            Fact::Gap(gap) => gap.conversation.is_none_or(|it| it == id),
            Fact::Closed(closed) => closed.conversation == id,
            Fact::Inside(inside) => inside.conversation == Some(id),
            Fact::Conversation(_) | Fact::Setting(_) | Fact::End(_) => false,
        };
        if !is_of_it {
            continue;
        }
        let Some(recorded) = placed.message() else {
            rungs.extend(rung(view, index).filter(|_| is_during));
            continue;
        };
        seq = recorded.seq;
        if only.is_some() && session.placement(seq).call != only {
            continue;
        }
        while let Some(finding) = unanchored.before(recorded.at) {
            rungs.extend(unanchored_rung(view, finding).filter(|_| is_during));
        }
        rungs.extend(
            headings
                .before(view, seq)
                .map(|call| heading(&calls::name(call.id, false), &call)),
        );
        rungs.extend(rung(view, index));
    }
    if only.is_none() {
        while let Some(finding) = unanchored.pop() {
            rungs.extend(unanchored_rung(view, finding));
        }
    }
    rungs
}

/// The rung of a finding that is about no message.
fn unanchored_rung(view: &SessionView, finding: &Finding) -> Option<Rung> {
    let is_said = says_its_gap(view.session(), finding);
    (!is_said).then(|| Rung::Finding(FindingMark::new(view, finding)))
}

/// Whether a finding says that messages are missing in the words of the gap's own rung.
fn says_its_gap(session: &Session, finding: &Finding) -> bool {
    let gap = session.anchor_of(finding).map(|placed| &placed.fact);
    matches!(gap, Some(Fact::Gap(gap)) if words::gap(gap) == sentence(&finding.message))
}

fn heading(name: &str, call: &Call) -> Rung {
    Rung::Heading(format!("{name} · {}", words::call(call)))
}

/// The rung of a row.
fn rung(view: &SessionView, row: usize) -> Option<Rung> {
    let text = view.describe(row..row + 1, UtcOffset::UTC).pop()?;
    let at = text.at;
    let remark = |words, is_gap| Rung::Remark { at, words, is_gap };
    Some(match text.body {
        RowBody::Message(message) => {
            let findings = view.findings_of_row(row);
            let findings = findings.map(|it| FindingMark::new(view, it)).collect();
            let seq = text.seq.unwrap_or_default();
            Rung::Message(arrow((text.id, seq, at), message, findings))
        }
        RowBody::Gap(words) => remark(words, true),
        RowBody::Remark(words) => remark(words, false),
        RowBody::Inside(inside) => remark(inside.line().into_owned(), false),
    })
}

fn arrow(
    (id, seq, at): (u64, u64, Millis),
    message: MessageRow,
    findings: Vec<FindingMark>,
) -> Arrow {
    let MessageRow {
        from,
        injected,
        truncated: _,
        size: _,
        type_name,
        summary,
        call: _,
        answers,
        run,
    } = message;
    Arrow {
        id,
        seq,
        at,
        from,
        type_name,
        summary,
        injected,
        answers,
        run,
        findings,
    }
}
