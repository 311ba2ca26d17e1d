//! A session as a ladder: two sides, and what passes between them.
//!
//! Which steps there are and what they say is decided here; `text`, `mermaid` and `svg` only
//! draw them.

pub(crate) mod mermaid;
pub(crate) mod svg;
pub(crate) mod text;

use callscope_protocol::{
    Answer, CallId, ConversationId, Fact, Finding, Frame, Message, MessageType, Millis, Severity,
    Side,
};

use crate::analysis::Whole;
use crate::text::{safe, short};
use crate::words;

/// Longer summaries and types make a picture too wide.
const MAX_SUMMARY: usize = 48;
const MAX_TYPE: usize = 36;

/// The ladder of one conversation; its words are safe to print.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ladder {
    /// "conversation 1 · …"
    pub(crate) title: String,
    /// The host's origin.
    pub(crate) host: String,
    /// The widget's origin.
    pub(crate) widget: String,
    pub(crate) steps: Vec<Step>,
}

/// One step of a ladder.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// A call begins.
    Heading(String),
    /// A message, or a run of the same one.
    Message(Arrow),
    /// Messages are missing, or something happened between them.
    Remark {
        at: Millis,
        words: String,
        is_gap: bool,
    },
    /// Something wrong that belongs to no message.
    Finding(Mark),
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arrow {
    pub(crate) seq: u64,
    pub(crate) at: Millis,
    pub(crate) from: Side,
    pub(crate) type_name: String,
    pub(crate) summary: String,
    pub(crate) injected: bool,
    /// What it answers, in words.
    pub(crate) answers: Option<String>,
    /// How many there are.
    pub(crate) count: u64,
    /// When the last of them passed.
    pub(crate) until: Millis,
    pub(crate) marks: Vec<Mark>,
}

/// A finding in short.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    pub(crate) severity: Severity,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Mark {
    fn new(finding: &Finding) -> Self {
        Self {
            severity: finding.severity,
            code: finding.rule.code,
            message: safe(&finding.message).into_owned(),
        }
    }

    /// Mark, code and message: "✕ M14 …".
    pub(crate) fn words(&self) -> String {
        format!(
            "{} {} {}",
            words::mark(self.severity),
            self.code,
            self.message
        )
    }
}

impl Arrow {
    /// The type, with "×40" for a run, and "(injected)".
    pub(crate) fn label(&self) -> String {
        let mut label = self.type_name.clone();
        if self.count > 1 {
            label.push_str(&format!(" ×{}", words::count(self.count)));
        }
        if self.injected {
            label.push_str(" (injected)");
        }
        label
    }

    /// The summary and what it answers, or the span of a run.
    pub(crate) fn detail(&self) -> String {
        if self.count > 1 {
            return format!("in {}", words::duration(self.until - self.at));
        }
        match (&self.answers, self.summary.as_str()) {
            (None, summary) => summary.to_owned(),
            (Some(answers), "") => answers.clone(),
            (Some(answers), summary) => format!("{summary} · {answers}"),
        }
    }
}

/// What of a session is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) conversation: Option<ConversationId>,
    /// One call of it, or of each conversation.
    pub(crate) call: Option<u32>,
}

/// The ladders of the conversations that are chosen, without those in which nothing happened.
pub(crate) fn ladders(whole: &Whole, choice: Choice) -> Vec<Ladder> {
    whole
        .session
        .conversations()
        .filter(|it| choice.conversation.is_none_or(|id| id == it.id))
        .map(|conversation| {
            let known = |origin: &Option<String>| {
                let origin = origin.as_deref().unwrap_or("unknown");
                safe(words::origin(origin)).into_owned()
            };
            Ladder {
                title: words::conversation(conversation),
                host: known(&conversation.host_origin),
                widget: known(&conversation.widget_origin),
                steps: steps(whole, conversation.id, choice.call),
            }
        })
        .filter(|ladder| !ladder.steps.is_empty())
        .collect()
}

fn steps(whole: &Whole, id: ConversationId, only: Option<u32>) -> Vec<Step> {
    let mut steps = Vec::new();
    let only = only.map(|serial| CallId {
        conversation: id,
        serial,
    });
    let chosen = only.and_then(|only| whole.calls.iter().find(|call| call.id == only));
    let mut seq = 0;
    let mut call: Option<CallId> = None;
    let mut loose: Vec<&Finding> = whole
        .session
        .findings()
        .iter()
        .filter(|finding| finding.seq.is_none() && finding.conversation == id)
        .collect();
    loose.sort_by(|left, right| right.at.0.total_cmp(&left.at.0));
    for placed in whole.session.facts() {
        let fact = &placed.fact;
        // Of one call, what came between its messages.
        let is_during = only.is_none()
            || chosen.is_some_and(|call| (call.first_seq..call.last_seq).contains(&seq));
        match fact {
            Fact::Frame(frame) if frame.conversation == id => {
                seq = frame.seq;
                let now = whole.session.placement(seq).call;
                if only.is_some() && now != only {
                    continue;
                }
                while let Some(finding) = loose.pop_if(|finding| finding.at < frame.at) {
                    if is_during {
                        steps.push(Step::Finding(Mark::new(finding)));
                    }
                }
                if now.is_some()
                    && now != call
                    && let Some(record) = whole.call_of(seq)
                {
                    let words = words::call(record);
                    steps.push(Step::Heading(format!(
                        "call {} · {words}",
                        record.id.serial
                    )));
                    call = now;
                }
                push_arrow(&mut steps, arrow(whole, frame));
            }
            Fact::Gap(gap) if gap.conversation.is_none_or(|it| it == id) && is_during => {
                let words = words::gap(gap.lost, &gap.why);
                steps.push(Step::Remark {
                    at: gap.at,
                    words,
                    is_gap: true,
                });
            }
            Fact::Closed(closed) if closed.conversation == id && is_during => {
                let who = match closed.side {
                    Side::Host => "the HubSpot page",
                    Side::Widget => "the widget",
                };
                let words = format!("{who} went away");
                steps.push(Step::Remark {
                    at: closed.at,
                    words,
                    is_gap: false,
                });
            }
            _ => {}
        }
    }
    if only.is_none() {
        steps.extend(
            loose
                .iter()
                .rev()
                .map(|finding| Step::Finding(Mark::new(finding))),
        );
    }
    steps
}

fn arrow(whole: &Whole, frame: &Frame) -> Arrow {
    let message = Message::decode(&frame.message);
    let summary = message.summary();
    Arrow {
        seq: frame.seq,
        at: frame.at,
        from: frame.from,
        type_name: short(message.type_name().unwrap_or("(no type)"), MAX_TYPE).into_owned(),
        summary: short(&summary, MAX_SUMMARY).into_owned(),
        injected: frame.injected,
        answers: whole.session.placement(frame.seq).answers.map(answer_words),
        count: 1,
        until: frame.at,
        marks: whole
            .session
            .findings_of(frame.seq)
            .map(Mark::new)
            .collect(),
    }
}

/// A ladder has no numbers, so that a request is told by its type.
fn answer_words(answer: Answer) -> String {
    let request = answer.request_type.map_or("it", MessageType::name);
    format!(
        "answers {request} after {}",
        words::duration(answer.latency)
    )
}

/// Adds a message, to the run of `SYNC` before it if it is one more of those.
fn push_arrow(steps: &mut Vec<Step>, arrow: Arrow) {
    if let Some(Step::Message(last)) = steps.last_mut()
        && last.type_name == MessageType::Sync.name()
        && (&last.type_name, last.from, last.injected)
            == (&arrow.type_name, arrow.from, arrow.injected)
        && arrow.marks.is_empty()
    {
        last.count += 1;
        last.until = arrow.until;
        return;
    }
    steps.push(Step::Message(arrow));
}
