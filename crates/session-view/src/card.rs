//! The card of a message: everything that is known about it.
//!
//! The panel's detail pane and `callscope show --message` draw the same card, so that they say
//! the same.

mod fields;
mod finding;

use std::cmp::Reverse;

use callscope_protocol::{
    Direction, Finding, Message, MessageSpec, MessageType, Millis, RecordedMessage, Side,
};

pub use fields::FieldCard;
pub use finding::{CauseLink, FindingCard, finding_json};

use crate::calls::{self, TieLine};
use crate::inside::AboutMessage;
use crate::visible::make_visible;
use crate::words::{UtcOffset, bytes, duration};
use crate::{SessionView, findings, snippet};

/// More values that JSON cannot represent than anybody reads.
const MAX_CLONED: usize = 20;

/// A label and its value: "origin", `https://app.hubspot.com`.
pub type Labeled = (&'static str, String);

/// Everything that is known about a message, as texts in which page data is already
/// [visible](crate::visible).
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Its number in the session.
    pub seq: u64,
    /// Its type, or what kind of value it is if it has no type.
    pub title: String,
    /// Who sent it.
    pub from: Side,
    /// What it is, from the catalogue.
    pub about: &'static str,
    /// What the catalogue says about its type: "SDK call", "handler", …
    pub type_facts: Vec<Labeled>,
    /// What is special about this copy: injected, cut, partly shown.
    pub remarks: Vec<Remark>,
    /// Its call, its request, its answers.
    pub ties: Vec<TieLine>,
    /// What pages reported about it.
    pub reports: Vec<AboutMessage>,
    /// It waits for an answer, so its ties change as time passes.
    pub is_waiting: bool,
    /// The findings that are anchored to it.
    pub findings: Vec<FindingCard>,
    /// Its fields, checked against the catalogue, including missing ones.
    pub fields: Vec<FieldCard>,
    /// What is known about this copy: "received", "origin", …
    pub envelope: Vec<Labeled>,
}

/// A sentence about a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The remark says that Callscope posted the message.
    pub is_injected: bool,
    /// The sentence.
    pub text: String,
}

impl Card {
    /// The card of a message of the session.
    ///
    /// Times are shown with `offset`. `now` is the time until which the session is known, for
    /// messages that wait for an answer; `None` means the time of its last fact.
    #[must_use]
    pub fn new(
        view: &SessionView,
        recorded: &RecordedMessage,
        offset: UtcOffset,
        now: Option<Millis>,
    ) -> Self {
        let session = view.session();
        let message = Message::decode(&recorded.message);
        let spec = message.known().map(MessageType::spec);
        let last = session.facts().last().map(|last| last.fact.at());
        let site = view.call_site(recorded);
        let ties = calls::ties(view, recorded, now.or(last));
        let mut found: Vec<&Finding> = session.findings_of(recorded.seq).collect();
        // The worst first; what follows from a cause is a note.
        found.sort_by_key(|finding| Reverse(findings::severity(session, finding)));
        let mut card = Self {
            seq: recorded.seq,
            title: title(&message),
            from: recorded.from,
            about: about(&message, spec),
            type_facts: spec.map(type_facts).unwrap_or_default(),
            remarks: remarks(recorded, &message),
            ties: ties.iter().map(|tie| tie.line(view, recorded)).collect(),
            reports: view.reports_about(recorded),
            is_waiting: calls::waits(view, recorded).is_some(),
            findings: found
                .into_iter()
                .map(|finding| FindingCard::new(view, finding))
                .collect(),
            fields: fields::fields(session, recorded, &message),
            envelope: site
                .map(|site| ("sent from", site))
                .into_iter()
                .chain(envelope(view, recorded, &message, offset))
                .collect(),
        };
        card.texts().for_each(make_visible);
        card
    }

    /// The texts that may contain page data; findings and values make theirs visible themselves.
    fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let fields = self.fields.iter_mut().flat_map(|field| {
            let problem = field.problem.iter_mut().map(|(_, words)| words);
            problem.chain([&mut field.path])
        });
        let remarks = self.remarks.iter_mut().map(|remark| &mut remark.text);
        let envelope = self.envelope.iter_mut().map(|(_, text)| text);
        fields
            .chain(remarks)
            .chain(envelope)
            .chain([&mut self.title])
    }

    /// Who sent it to whom: "host → widget".
    #[must_use]
    pub const fn direction(&self) -> &'static str {
        match self.from {
            Side::Host => "host → widget",
            Side::Widget => "widget → host",
        }
    }

    /// The fields that the message has, and those that have a problem.
    pub fn sent(&self) -> impl Iterator<Item = &FieldCard> {
        self.fields.iter().filter(|field| field.is_sent())
    }

    /// The documented fields that were not sent and are not required.
    pub fn not_sent(&self) -> impl Iterator<Item = &FieldCard> {
        self.fields.iter().filter(|field| !field.is_sent())
    }
}

fn title(message: &Message) -> String {
    match message.type_name() {
        Some(name) => name.to_owned(),
        None => format!("{} without a type", message.kind().words()),
    }
}

fn about(message: &Message, spec: Option<&'static MessageSpec>) -> &'static str {
    match (spec, message.type_name()) {
        (Some(spec), _) => spec.summary,
        (None, Some(_)) => {
            "The SDK knows no message of this type. A widget's SDK answers it with ERROR; HubSpot \
             ignores it."
        }
        (None, None) => "The SDK ignores what is not an object with a type.",
    }
}

fn type_facts(spec: &MessageSpec) -> Vec<Labeled> {
    let mut facts = Vec::new();
    if let Some(method) = snippet::method(spec) {
        facts.push(("SDK call", format!("{method}()")));
    } else if !spec.sdk_methods.is_empty() {
        let by = match spec.direction {
            Direction::HostToWidget => "HubSpot",
            Direction::WidgetToHost => "the widget's SDK, by itself",
            Direction::Both => "either side's SDK, by itself",
            Direction::Local | Direction::None => "nobody: an SDK raises it on its own side",
        };
        facts.push(("sent by", by.to_owned()));
    }
    if let Some(handler) = spec.handler {
        facts.push(("handler", handler.to_owned()));
    }
    if !spec.answered_by.is_empty() {
        facts.push(("asks for", spec.answered_by.join(", ")));
    }
    if let Some(instead) = spec.deprecated_by {
        facts.push(("deprecated", format!("use {instead}")));
    }
    if let Some(since) = spec.since {
        let versions = match spec.last {
            Some(last) => format!("SDK {since} to {last}"),
            None => format!("since SDK {since}"),
        };
        facts.push(("versions", versions));
    }
    facts
}

fn envelope(
    view: &SessionView,
    recorded: &RecordedMessage,
    message: &Message,
    offset: UtcOffset,
) -> Vec<Labeled> {
    let day = offset
        .day(recorded.at)
        .map_or_else(String::new, |day| format!("{day} "));
    let time = offset.time_of_day(recorded.at);
    let zone = if offset == UtcOffset::UTC { " UTC" } else { "" };
    let session = view.session();
    let before = session
        .message_index(recorded.seq)
        .and_then(|index| {
            let before = session.nth_message(index.checked_sub(1)?)?;
            let this = session.nth_message(index)?;
            (!view.is_cleared_before(before, this)).then(|| session.between(before, this))
        })
        .map_or_else(String::new, |since| {
            format!(", {} after the message before", duration(since))
        });
    let id = message
        .message_id()
        .map_or_else(|| "none".to_owned(), Into::into);
    vec![
        ("received", format!("{day}{time}{zone}{before}")),
        ("origin", recorded.origin.to_string()),
        (
            "number",
            format!(
                "{} in conversation {}",
                recorded.seq, recorded.conversation.0
            ),
        ),
        ("messageId", id),
        ("size", bytes(recorded.message.as_str().len() as u64)),
    ]
}

fn remarks(recorded: &RecordedMessage, message: &Message) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut add = |is_injected, text: String| remarks.push(Remark { is_injected, text });
    if recorded.injected {
        add(true, "Posted by Callscope for you".to_owned());
    }
    if let Some(size) = recorded.truncated {
        add(false, format!("Cut: the message was {} long", bytes(size)));
    }
    if message.lossy() {
        add(
            false,
            "Shown in part: it holds lone surrogates, numbers beyond a double or very deep nesting"
                .to_owned(),
        );
    }
    for (path, what) in recorded.cloned.iter().take(MAX_CLONED) {
        let path = match path.as_str() {
            "" => "The message",
            path => path,
        };
        add(false, format!("{path} was {what}, which JSON cannot hold"));
    }
    let rest = recorded.cloned.len().saturating_sub(MAX_CLONED);
    if rest > 0 {
        add(
            false,
            format!("{rest} more values were of kinds that JSON cannot hold"),
        );
    }
    remarks
}
