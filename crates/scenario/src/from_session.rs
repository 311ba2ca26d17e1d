//! Turns a recorded session into a scenario that plays the host's side of it against a widget.
//!
//! - The host's messages are sent again, each after the widget's message that it followed; HubSpot
//!   answers nothing by itself. Message ids are created anew.
//! - Ids that the widget created are captured as `$x` and used in the host's messages.
//! - No log says what the user did. A step for it precedes each message that a user usually causes;
//!   the text says that it is assumed.
//! - What is missing from the log, because it was lost, redacted or cut, is listed and not made up.

mod host;
mod widget;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use callscope_protocol::{
    CallId, Closed, ConversationId, Fact, Message, MessageType, Millis, RecordedMessage, Side,
};
use callscope_session_log::Session;
use callscope_session_view::{visible, words};
use serde_json::{Value, json};

/// How to turn a session into a scenario.
#[derive(Clone, Debug)]
pub struct FromSession<'a> {
    /// The scenario's name.
    pub name: &'a str,
    /// The name of the session.
    pub source: &'a str,
    /// Whether the widget's data is expected to be as recorded, and not only its ids.
    pub is_strict: bool,
}

/// A scenario as text, with remarks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The scenario; page data in it is made visible, so that it can be printed.
    pub text: String,
    /// What the scenario lacks or changes from the session.
    pub notes: Vec<String>,
}

/// Why no scenario can be made from a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FromSessionError {
    /// Nothing was recorded that a scenario could play.
    #[error(
        "no conversation of a host with a widget is in the log; record one from its handshake on"
    )]
    Nothing,
}

impl FromSession<'_> {
    /// Makes the scenario.
    ///
    /// # Errors
    ///
    /// The session has no conversation with a message from the widget.
    pub fn make(&self, session: &Session) -> Result<Made, FromSessionError> {
        let chain = main_conversations(session).ok_or(FromSessionError::Nothing)?;
        let mut maker = Maker {
            is_strict: self.is_strict,
            session,
            steps: Vec::new(),
            notes: Vec::new(),
            from_host: BTreeSet::new(),
            variables: BTreeMap::new(),
            variable_counts: BTreeMap::new(),
            announced: BTreeSet::new(),
            ended_by_host: false,
            last: None,
        };
        let others = session.conversations().count() - chain.len();
        if others > 0 {
            let others = words::counted(others as u64, "other conversation");
            maker.note(&format!("{others} of the session left out"));
        }
        for placed in session.facts() {
            maker.add(&placed.fact, &chain);
        }
        let Maker { steps, notes, .. } = maker;
        Ok(Made {
            text: self.write(&steps, &notes),
            notes,
        })
    }

    fn write(&self, steps: &[String], notes: &[String]) -> String {
        let mut out = String::from("{\n");
        let title = format!("The session {} again", self.source);
        // Writing to a `String` never fails.
        _ = writeln!(out, "  \"scenario\": {},", json!(self.name));
        _ = writeln!(out, "  \"title\": {},", json!(title));
        if !notes.is_empty() {
            out.push_str("  // What is not as it was in the session:\n");
            for note in notes {
                _ = writeln!(out, "  // - {note}");
            }
        }
        out.push_str("  \"steps\": [\n");
        let head = [
            "// HubSpot says only what it said in the session. What the user did is in no log: the \
             \"user\" steps are assumed.",
            "{\"answers\": \"none\"}",
        ];
        let lines: Vec<&str> = head
            .into_iter()
            .chain(steps.iter().map(String::as_str))
            .collect();
        let is_step = |line: &&str| !line.starts_with("//");
        for (index, line) in lines.iter().enumerate() {
            let rest = lines.get(index + 1..).unwrap_or_default();
            let has_comma = is_step(line) && rest.iter().any(is_step);
            let line = visible::visible_json(line);
            _ = writeln!(out, "    {line}{}", if has_comma { "," } else { "" });
        }
        out.push_str("  ]\n}\n");
        out
    }
}

/// The conversation with the most messages, those that it continues, and those that continue it.
fn main_conversations(session: &Session) -> Option<BTreeSet<ConversationId>> {
    let main = session
        .conversations()
        .filter(|it| !it.is_strangers() && it.message_count > 0)
        .max_by_key(|it| it.message_count)?;
    let mut chain = BTreeSet::from([main.id]);
    // A conversation comes after the one that it continues.
    let links: Vec<(ConversationId, ConversationId)> = session
        .conversations()
        .filter_map(|it| Some((it.id, it.continues?)))
        .collect();
    for (id, before) in &links {
        if chain.contains(before) {
            chain.insert(*id);
        }
    }
    for (id, before) in links.iter().rev() {
        if chain.contains(id) {
            chain.insert(*before);
        }
    }
    Some(chain)
}

struct Maker<'a> {
    is_strict: bool,
    session: &'a Session,
    steps: Vec<String>,
    notes: Vec<String>,
    /// The values that came from the host, as JSON text: a widget may only be repeating them.
    from_host: BTreeSet<String>,
    /// The name of each id that the widget created, by its JSON text.
    variables: BTreeMap<String, String>,
    /// How many ids share a name, apart from a number at its end.
    variable_counts: BTreeMap<String, u32>,
    /// The calls for whose beginning there is a step.
    announced: BTreeSet<CallId>,
    /// The host has asked to end the call.
    ended_by_host: bool,
    /// When the last message came.
    last: Option<Millis>,
}

impl Maker<'_> {
    /// Adds a note. It becomes a comment, which page data must not end or reverse.
    fn note(&mut self, note: &str) {
        let note = visible::sentence(note).into_owned();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn add(&mut self, fact: &Fact, chain: &BTreeSet<ConversationId>) {
        match fact {
            Fact::Message(recorded) if chain.contains(&recorded.conversation) => {
                self.message(recorded);
            }
            Fact::Gap(gap) if gap.conversation.is_none_or(|it| chain.contains(&it)) => {
                let words = words::gap(gap);
                self.steps.push(format!("// lost here: {words}"));
                self.note(&format!("lost: {words}"));
            }
            Fact::Closed(closed) if chain.contains(&closed.conversation) => self.closed(closed),
            _ => {}
        }
    }

    /// If the conversation continues after a page has unloaded, it was a reload; the last page's
    /// end is not a step.
    fn closed(&mut self, closed: &Closed) {
        let goes_on = self
            .session
            .conversations()
            .any(|it| it.continues == Some(closed.conversation));
        if !goes_on {
            return;
        }
        if closed.side == Side::Host {
            self.note("HubSpot's page was left: the widget is loaded again, in the same page");
        }
        self.steps.push("{\"host\": \"reloadWidget\"}".to_owned());
    }

    fn message(&mut self, recorded: &RecordedMessage) {
        let message = Message::decode(&recorded.message);
        let span = self.last.map_or(Millis(0.0), |last| recorded.at - last);
        self.last = Some(recorded.at);
        let Some(name) = message.type_name() else {
            return self.note(&format!(
                "message {} has no type and is left out",
                recorded.seq
            ));
        };
        if matches!(
            message.known(),
            Some(MessageType::Sync | MessageType::SyncAck)
        ) {
            // The handshake is done automatically.
            return;
        }
        self.tell_losses(recorded, name);
        match recorded.from {
            Side::Host => self.host(recorded, name, &message),
            Side::Widget => self.widget(recorded, name, &message, span),
        }
    }

    fn tell_losses(&mut self, recorded: &RecordedMessage, name: &str) {
        let seq = recorded.seq;
        if recorded.truncated.is_some() {
            self.note(&format!("{name} (message {seq}) was cut"));
        }
        for (path, what) in &recorded.cloned {
            self.note(&format!(
                "{name} (message {seq}): {path} was {what}, which JSON has not"
            ));
        }
    }
}

/// JSON on one line, with a blank after commas and colons, like the rest of a scenario.
fn spaced(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, it)| format!("{}: {}", json!(key), spaced(it)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(spaced).collect();
            format!("[{}]", items.join(", "))
        }
        scalar => scalar.to_string(),
    }
}
