//! The calls of a session as a table, with one row per call.

use std::collections::{HashMap, HashSet};

use callscope_protocol::{
    Beginning, Call, CallDirection, CallId, CallPhase, Fact, Finding, Gap, Link, Message,
    MessageType, Millis, RecordedMessage, Severity,
};

use callscope_session_log::Placed;
use serde_json::Value;

use super::{is_about_call, name};
use crate::latency::Spans;
use crate::visible::sentence;
use crate::{SessionView, findings, words};

/// The calls shown, and how many are hidden.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallTable {
    /// One row per call, by conversation, in the order in which they were requested or began.
    pub rows: Vec<CallRow>,
    /// How many calls the filter hides: those with no visible message.
    pub hidden: u64,
}

/// What the table shows about a call.
///
/// Every text in it is safe to display.
#[derive(Clone, Debug, PartialEq)]
pub struct CallRow {
    /// The call.
    pub id: CallId,
    /// `call 1`, `call 1 of conversation 2`.
    pub name: String,
    /// The number of its conversation, if there are several.
    pub conversation: Option<u32>,
    /// When its first message was received.
    pub at: Millis,
    /// Its first message.
    pub first_seq: u64,
    /// How many messages belong to it.
    pub message_count: u64,
    /// Who called whom; `None` if no message says so.
    pub direction: Option<CallDirection>,
    /// The other party's number.
    pub number: Option<String>,
    /// The number of the widget's user.
    pub own_number: Option<String>,
    /// The widget's id of the call.
    pub external_call_id: Option<String>,
    /// HubSpot's engagement.
    pub engagement_id: Option<String>,
    /// Who created the engagement.
    pub engagement: Engagement,
    /// From the start to the answer, or to the end if nobody answered.
    pub ringing: Option<Lasting>,
    /// From the answer to the end.
    pub talking: Option<Lasting>,
    /// Messages are missing that may have told how long it rang or was talked; what is unknown for
    /// that reason is `None` above.
    pub is_unsure: bool,
    /// How far it has got, in words: `answered`.
    pub phase: &'static str,
    /// `callEndStatus`.
    pub end_status: Option<String>,
    /// The answer that took the longest.
    pub slowest: Option<Worst>,
    /// The median latency of its answers.
    pub median: Option<Millis>,
    /// How many answers it has.
    pub answer_count: usize,
    /// The request that has been waiting longest for an answer, and for how long.
    pub waiting: Option<(u64, Millis)>,
    /// The worst finding: its severity, its rule and its message.
    pub finding: Option<(Severity, &'static str, String)>,
    /// How many findings there are.
    pub finding_count: usize,
}

/// How long something lasted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lasting {
    /// How long, so far.
    pub span: Millis,
    /// Whether it is still going on.
    pub goes_on: bool,
}

impl Lasting {
    /// `00:42`, or `00:42…` while it is still going on.
    #[must_use]
    pub fn words(self) -> String {
        let ellipsis = if self.goes_on { "…" } else { "" };
        format!("{}{ellipsis}", words::clock(self.span))
    }
}

/// The slowest answer of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Worst {
    /// How long it took.
    pub latency: Millis,
    /// The request.
    pub request: u64,
    /// The answer.
    pub answer: u64,
}

/// Who created the engagement of a call, as far as its messages show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engagement {
    /// HubSpot, for `createEngagement: true`.
    ByHubSpot,
    /// The widget: it names one that HubSpot was not asked to create.
    ByWidget,
    /// The call is in progress and has none yet.
    NotYet,
    /// The call is over and has none.
    Missing,
    /// HubSpot was asked for one and failed to create it.
    Failed,
    /// The beginning of the call was not recorded.
    Unknown,
}

impl Engagement {
    /// In words: `by HubSpot`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::ByHubSpot => "by HubSpot",
            Self::ByWidget => "by the widget",
            Self::NotYet => "not yet",
            Self::Missing => "missing",
            Self::Failed => "failed",
            Self::Unknown => "not recorded",
        }
    }
}

impl CallRow {
    /// Whether part of it changes as time passes.
    #[must_use]
    pub fn counts_time(&self) -> bool {
        let goes_on = |it: Option<Lasting>| it.is_some_and(|it| it.goes_on);
        goes_on(self.ringing) || goes_on(self.talking) || self.waiting.is_some()
    }

    /// How long it rang, in short: `00:42`, `–` if that is not known.
    #[must_use]
    pub fn ringing_words(&self) -> String {
        self.span_words(self.ringing)
    }

    /// How long it was talked, in short.
    #[must_use]
    pub fn talking_words(&self) -> String {
        self.span_words(self.talking)
    }

    fn span_words(&self, span: Option<Lasting>) -> String {
        match span {
            Some(span) => span.words(),
            None if self.is_unsure => "–".to_owned(),
            None => String::new(),
        }
    }

    /// What is not known and why, if messages are missing: `talking unknown: …`.
    #[must_use]
    pub fn unsure_words(&self) -> Option<String> {
        let what = match self.ringing {
            None => "ringing and talking",
            Some(_) => "talking",
        };
        let words = format!("{what} unknown, as messages are missing in between");
        self.is_unsure.then_some(words)
    }

    /// The direction in one word.
    #[must_use]
    pub const fn direction_word(&self) -> &'static str {
        match self.direction {
            Some(CallDirection::Inbound) => "inbound",
            Some(CallDirection::Outbound) => "outbound",
            None => "unknown",
        }
    }

    /// Both numbers: `+15550100`, `+15550100 from +15550199`, `+15550100 to +15550199`.
    #[must_use]
    pub fn numbers(&self) -> Option<String> {
        let preposition = match self.direction {
            Some(CallDirection::Inbound) => "to",
            Some(CallDirection::Outbound) | None => "from",
        };
        match (&self.number, &self.own_number) {
            (Some(number), Some(own)) => Some(format!("{number} {preposition} {own}")),
            (Some(number), None) => Some(number.clone()),
            (None, Some(own)) => Some(format!("{preposition} {own}")),
            (None, None) => None,
        }
    }

    /// How far it has got and how it ended: `completed · BUSY`.
    #[must_use]
    pub fn state(&self) -> String {
        match &self.end_status {
            Some(status) => format!("{} · {status}", self.phase),
            None => self.phase.to_owned(),
        }
    }

    /// The engagement: `4711 by HubSpot`, `missing`.
    #[must_use]
    pub fn engagement_words(&self) -> String {
        match &self.engagement_id {
            Some(id) => format!("{id} {}", self.engagement.words()),
            None => self.engagement.words().to_owned(),
        }
    }

    /// How long its answers took: `worst 340 ms, median 12 ms`, `waiting for 4 s`; `None` if it
    /// made no requests.
    #[must_use]
    pub fn latency(&self) -> Option<String> {
        let answered = self.slowest.zip(self.median).map(|(slowest, median)| {
            let worst = words::duration(slowest.latency);
            match self.answer_count {
                1 => worst,
                _ => format!("worst {worst}, median {}", words::duration(median)),
            }
        });
        let waiting = self
            .waiting
            .map(|(_, waited)| format!("waiting for {}", words::seconds(waited)));
        match (answered, waiting) {
            (Some(answered), Some(waiting)) => Some(format!("{answered}, {waiting}")),
            (answered, waiting) => answered.or(waiting),
        }
    }

    /// The worst finding's message, and how many more findings there are.
    #[must_use]
    pub fn finding_words(&self) -> Option<String> {
        let (_, code, message) = self.finding.as_ref()?;
        let more = match self.finding_count {
            0 | 1 => String::new(),
            count => format!(" (and {} more)", words::count(count as u64 - 1)),
        };
        Some(format!("{code} {message}{more}"))
    }

    /// The row as a sentence, for assistive technology and for tests.
    #[must_use]
    pub fn label(&self) -> String {
        let mut label = format!("{}, {}", self.name, self.direction_word());
        let mut add = |part: &str| {
            label.push_str(", ");
            label.push_str(part);
        };
        if let Some(numbers) = self.numbers() {
            add(&numbers);
        }
        add(&self.state());
        if let Some(ringing) = self.ringing {
            add(&format!("ringing {}", ringing.words()));
        }
        if let Some(talking) = self.talking {
            add(&format!("talking {}", talking.words()));
        }
        if let Some(unsure) = self.unsure_words() {
            add(&unsure);
        }
        add(&format!("engagement {}", self.engagement_words()));
        if let Some(latency) = self.latency() {
            add(&format!("answers {latency}"));
        }
        if let Some(finding) = self.finding_words() {
            add(&finding);
        }
        label
    }
}

/// What is collected about a call from its messages.
#[derive(Debug, Default)]
struct Gathered<'a> {
    spans: Spans,
    slowest: Option<Worst>,
    at: Option<Millis>,
    /// `createEngagement` of the message that began it.
    asked: Option<bool>,
    /// HubSpot reported an engagement.
    is_given: bool,
    /// HubSpot could not create one.
    has_failed: bool,
    /// The engagement that the widget names.
    named: Option<String>,
    /// The user has not cleared all of its messages.
    is_listed: bool,
    worst: Option<(Severity, &'a Finding)>,
    finding_count: usize,
}

impl Gathered<'_> {
    fn add(&mut self, recorded: &RecordedMessage, known: Option<MessageType>) {
        self.at.get_or_insert(recorded.at);
        match known {
            Some(MessageType::OutgoingCallStarted | MessageType::IncomingCall)
                if self.asked.is_none() =>
            {
                let message = Message::decode(&recorded.message);
                let asked = message.data().and_then(|it| it.get("createEngagement"));
                self.asked = Some(asked.and_then(Value::as_bool) == Some(true));
            }
            Some(MessageType::CreateEngagementSucceeded | MessageType::EngagementCreated) => {
                self.is_given = true;
            }
            Some(MessageType::CreateEngagementFailed) => self.has_failed = true,
            Some(MessageType::CallData | MessageType::CallEnded | MessageType::CallCompleted)
                if self.named.is_none() && !self.is_given =>
            {
                self.named = named_engagement(recorded);
            }
            _ => {}
        }
    }
}

/// The engagement that a widget message names, unless the value is one that widgets send for none.
fn named_engagement(recorded: &RecordedMessage) -> Option<String> {
    let message = Message::decode(&recorded.message);
    match message.data()?.get("engagementId")? {
        Value::Number(id) if id.as_f64() != Some(0.0) => Some(id.to_string()),
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        _ => None,
    }
}

/// The calls of a session that the filter shows, for the options that the view's rows were last
/// [updated](SessionView::update_rows) for; `now` is the time until which the session is known.
#[must_use]
pub fn table(view: &SessionView, now: Option<Millis>) -> CallTable {
    let session = view.session();
    let has_several = session.conversations().nth(1).is_some();
    let gathered = gather(view);
    let shown = shown(view);
    let gaps: Vec<&Gap> = session.other_facts().filter_map(gap_of).collect();
    let mut table = CallTable::default();
    for call in session.calls() {
        let Some(gathered) = gathered.get(&call.id).filter(|it| it.is_listed) else {
            continue;
        };
        if shown
            .as_ref()
            .is_some_and(|shown| !shown.contains(&call.id))
        {
            table.hidden += 1;
            continue;
        }
        table
            .rows
            .push(row(view, &call, gathered, &gaps, now, has_several));
    }
    table
}

fn gather(view: &SessionView) -> HashMap<CallId, Gathered<'_>> {
    let session = view.session();
    let mut calls: HashMap<CallId, Gathered<'_>> = HashMap::new();
    for placed in session.facts() {
        let Fact::Message(recorded) = &placed.fact else {
            continue;
        };
        let placement = session.placement(recorded.seq);
        let Some(id) = placement.call else { continue };
        let call = calls.entry(id).or_default();
        let is_cleared = view.is_cleared(placed);
        call.is_listed |= !is_cleared;
        call.add(recorded, view.digest(placed.id).and_then(|it| it.known));
        if let Some(answer) = placement.answers.filter(|_| !is_cleared) {
            call.spans.extend([answer.latency]);
            if call.slowest.is_none_or(|it| answer.latency > it.latency) {
                call.slowest = Some(Worst {
                    latency: answer.latency,
                    request: answer.request,
                    answer: recorded.seq,
                });
            }
        }
    }
    for finding in view.findings() {
        let Some(call) = finding.call.and_then(|id| calls.get_mut(&id)) else {
            continue;
        };
        let anchor = session.anchor_of(finding);
        if anchor.is_some_and(|placed| !is_about_call(view, placed)) {
            continue;
        }
        call.finding_count += 1;
        // A consequence ranks below its cause.
        let rank = |severity, it: &Finding| (severity, it.cause.is_none());
        let severity = findings::severity(session, finding);
        let is_worse =
            |(worst, it): (Severity, &Finding)| rank(severity, finding) > rank(worst, it);
        if call.worst.is_none_or(is_worse) {
            call.worst = Some((severity, finding));
        }
    }
    calls
}

/// The calls that have a visible message; `None` if there is no filter.
fn shown(view: &SessionView) -> Option<HashSet<CallId>> {
    view.options()
        .filter(|options| !options.filter.is_empty())?;
    let session = view.session();
    let positions = view.rows().iter().flat_map(crate::rows::Row::positions);
    let messages = positions.filter_map(|it| session.facts().get(it)?.message());
    let calls = messages.filter_map(|recorded| session.placement(recorded.seq).call);
    Some(calls.collect())
}

fn row(
    view: &SessionView,
    call: &Call,
    gathered: &Gathered<'_>,
    gaps: &[&Gap],
    now: Option<Millis>,
    has_several: bool,
) -> CallRow {
    let session = view.session();
    let shown = |text: Option<&String>| text.map(|it| sentence(it).into_owned());
    let (number, own_number) = match call.direction {
        Some(CallDirection::Inbound) => (&call.from, &call.to),
        Some(CallDirection::Outbound) | None => (&call.to, &call.from),
    };
    let goes_on = goes_on(view, call);
    // If the answer is known, it is known how long it rang; if the end is not, then not how long
    // it was talked.
    let is_answered = call.answered_at.is_some();
    let has_span = call.ended_at.is_some() || goes_on;
    let is_whole = is_answered && call.ended_at.is_some();
    let from = call.answered_at.or(call.started_at);
    let is_unsure = has_span && !is_whole && from.is_some_and(|from| has_gap(gaps, call, from));
    let lasting = |from: Option<Millis>, to: Option<Millis>, is_now: bool| {
        let from = from?;
        let goes_on = to.is_none() && goes_on && is_now;
        let to = to.or_else(|| now.filter(|_| goes_on))?;
        Some(Lasting {
            span: Millis((to - from).0.max(0.0)),
            goes_on,
        })
    };
    let mut waiting = session.waiting(call.id.conversation);
    let waiting = waiting.find(|it| {
        let request = view.id_of(it.request).and_then(|id| view.find(id));
        session.placement(it.request).call == Some(call.id)
            && !request.is_some_and(|(_, placed)| view.is_cleared(placed))
    });
    let mut spans = gathered.spans.clone();
    spans.sort();
    CallRow {
        id: call.id,
        name: name(call.id, has_several),
        conversation: has_several.then_some(call.id.conversation.0),
        at: gathered.at.unwrap_or(call.since),
        first_seq: call.first_seq,
        message_count: call.message_count,
        direction: call.direction,
        number: shown(number.as_ref()),
        own_number: shown(own_number.as_ref()),
        external_call_id: shown(call.external_call_id.as_ref()),
        engagement_id: shown(call.engagement_id.as_ref().or(gathered.named.as_ref())),
        engagement: engagement(call, gathered),
        ringing: lasting(
            call.started_at,
            call.answered_at.or(call.ended_at),
            matches!(call.phase, CallPhase::Started | CallPhase::Ringing),
        )
        .filter(|_| is_answered || !is_unsure),
        talking: lasting(
            call.answered_at,
            call.ended_at,
            call.phase == CallPhase::Answered,
        )
        .filter(|_| !is_unsure),
        is_unsure,
        phase: call.phase.words(),
        end_status: shown(call.end_status.as_ref()),
        slowest: gathered.slowest,
        median: spans.median(),
        answer_count: spans.count(),
        waiting: waiting.zip(now).map(|(it, now)| {
            let waited = Millis((now - it.since).0.max(0.0));
            (it.request, waited)
        }),
        finding: gathered.worst.map(|(severity, it)| {
            let message = sentence(&it.message).into_owned();
            (severity, it.rule.code, message)
        }),
        finding_count: gathered.finding_count,
    }
}

const fn gap_of((_, placed): (usize, &Placed)) -> Option<&Gap> {
    match &placed.fact {
        Fact::Gap(gap) => Some(gap),
        _ => None,
    }
}

/// Whether messages are missing since this time and before the end of the call.
fn has_gap(gaps: &[&Gap], call: &Call, from: Millis) -> bool {
    gaps.iter().any(|gap| {
        gap.lost != Some(0)
            && gap.conversation.is_none_or(|it| it == call.id.conversation)
            && from <= gap.at
            && call.ended_at.is_none_or(|end| gap.at <= end)
    })
}

/// Whether the call is still in progress: nothing ended it, no other call followed, and neither
/// page has unloaded.
fn goes_on(view: &SessionView, call: &Call) -> bool {
    let conversation = view.session().conversation(call.id.conversation);
    conversation.is_some_and(|it| {
        !matches!(it.link, Link::Closed { .. })
            && it.call.as_ref().is_some_and(|last| last.id == call.id)
    })
}

fn engagement(call: &Call, gathered: &Gathered<'_>) -> Engagement {
    let is_over = call.ended_at.is_some() || call.phase > CallPhase::Answered;
    let has_id = call.engagement_id.is_some() || gathered.named.is_some();
    match gathered.asked {
        _ if gathered.is_given => Engagement::ByHubSpot,
        _ if gathered.has_failed => Engagement::Failed,
        Some(true) if has_id => Engagement::ByHubSpot,
        None if call.beginning == Beginning::NotRecorded => Engagement::Unknown,
        Some(false) | None if has_id => Engagement::ByWidget,
        _ if is_over => Engagement::Missing,
        _ => Engagement::NotYet,
    }
}
