//! Turns a recorded session into a scenario that plays the host's side of it against a widget.
//!
//! - The host's messages are sent again, each after the widget's message that it followed; HubSpot
//!   answers nothing by itself. Message ids are created anew.
//! - Ids that the widget created are captured as `$x` and used in the host's messages.
//! - No log says what the user did. A step for it precedes each message that a user usually causes;
//!   the text says that it is assumed.
//! - What is missing from the log, because it was lost, redacted or cut, is listed and not made up.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use callscope_protocol::{
    CallDirection, CallId, Closed, ConversationId, Direction, Fact, Location, Message, MessageType,
    Millis, RecordedMessage, Side,
};
use callscope_session_log::Session;
use callscope_session_view::{visible, words};
use serde_json::{Map, Value, json};

use crate::read::is_in_variable;
use crate::scenario::WITHIN;
use crate::vocabulary::Role;

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

/// Keys whose values differ in each run: times and durations.
const PASSING: [&str; 4] = [
    "hs_timestamp",
    "hs_call_duration",
    "callStartTime",
    "startTimestamp",
];

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
    /// end is no step.
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

    fn host(&mut self, recorded: &RecordedMessage, name: &str, message: &Message) {
        self.ended_by_host |= message.known() == Some(MessageType::EndCall);
        let mut step = format!("{{\"host\": \"send\", \"type\": {}", json!(name));
        if let Some(data) = message.data() {
            self.tell_redacted(recorded, name, data, "data");
            self.remember(data);
            let data = self.with_variables(data);
            _ = write!(step, ", \"data\": {}", spaced(&data));
        }
        step.push('}');
        self.steps.push(step);
    }

    /// Notes values that came from the host, which are not the widget's to create.
    fn remember(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|it| self.remember(it)),
            Value::Object(members) => members.values().for_each(|it| self.remember(it)),
            Value::Null | Value::Bool(_) => {}
            scalar => {
                let text = scalar.to_string();
                if !self.variables.contains_key(&text) {
                    self.from_host.insert(text);
                }
            }
        }
    }

    /// Notes the words that a redactor put in place of others.
    fn tell_redacted(&mut self, recorded: &RecordedMessage, name: &str, value: &Value, path: &str) {
        match value {
            Value::String(text) if is_redacted(text) => self.note(&format!(
                "{name} (message {}): {path} was redacted and is sent as \"{text}\"",
                recorded.seq
            )),
            Value::Array(items) => {
                for (index, it) in items.iter().enumerate() {
                    self.tell_redacted(recorded, name, it, &format!("{path}[{index}]"));
                }
            }
            Value::Object(members) => {
                for (key, it) in members {
                    self.tell_redacted(recorded, name, it, &format!("{path}.{key}"));
                }
            }
            _ => {}
        }
    }

    /// A value with the widget's ids replaced by the captured variables.
    fn with_variables(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|it| self.with_variables(it)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(key, it)| (key.clone(), self.with_variables(it)))
                .collect(),
            scalar => match (self.variables.get(&scalar.to_string()), scalar) {
                (Some(name), _) => Value::from(format!("${name}")),
                (None, Value::String(text)) if text.starts_with('$') => {
                    Value::from(format!("${text}"))
                }
                (None, other) => other.clone(),
            },
        }
    }

    fn widget(&mut self, recorded: &RecordedMessage, name: &str, message: &Message, span: Millis) {
        let sendable = message.known().filter(|ty| {
            let direction = ty.spec().direction;
            direction == Direction::WidgetToHost || direction == Direction::Both
        });
        let Some(ty) = sendable else {
            return self.note(&format!(
                "{name} (message {}) is no message of a widget's and is not waited for",
                recorded.seq
            ));
        };
        if let Some(role) = self.role(recorded, ty) {
            self.steps
                .push(format!("{{\"user\": \"{}\"}}", role.word()));
        }
        let mut step = format!("{{\"widget\": \"{name}\"");
        let patience = (span.0 * 2.0 / 1e3).ceil() * 1e3;
        if ty == MessageType::Initialized {
            step.push_str(", \"within\": 10000");
        } else if patience > WITHIN.0 {
            _ = write!(step, ", \"within\": {patience}");
        }
        if let Some(data) = self.expected(recorded, ty, message.data()) {
            _ = write!(step, ", \"data\": {}", spaced(&data));
        }
        step.push('}');
        self.steps.push(step);
        let is_logged_in = message.data().and_then(|it| it.get("isLoggedIn"));
        if ty == MessageType::Initialized && is_logged_in == Some(&Value::Bool(true)) {
            // The widget that the scenario is played against may be logged out.
            for step in [
                "{\"user\": \"logIn\", \"if\": \"loggedOut\"}",
                "{\"widget\": \"LOGGED_IN\", \"if\": \"loggedOut\"}",
            ] {
                self.steps.push(step.to_owned());
            }
        }
    }

    /// Who usually causes such a message, unless the cause is in the log.
    fn role(&mut self, recorded: &RecordedMessage, ty: MessageType) -> Option<Role> {
        let call = self.session.placement(recorded.seq).call;
        let call = call.and_then(|it| self.session.call(it));
        let is_inbound = call
            .as_ref()
            .is_some_and(|it| it.direction == Some(CallDirection::Inbound));
        Some(match ty {
            MessageType::LoggedIn => Role::LogIn,
            MessageType::LoggedOut => Role::LogOut,
            MessageType::UserAvailable => Role::Available,
            MessageType::UserUnavailable => Role::Unavailable,
            MessageType::OutgoingCallStarted | MessageType::IncomingCall => {
                self.ended_by_host = false;
                let id = call.as_ref().map(|it| it.id);
                // A call that is announced twice was started once.
                if id.is_some_and(|it| !self.announced.insert(it)) {
                    return None;
                }
                if ty == MessageType::IncomingCall {
                    Role::Incoming
                } else {
                    Role::Call
                }
            }
            MessageType::CallAnswered if is_inbound => Role::Answer,
            MessageType::CallAnswered => Role::RemoteAnswers,
            MessageType::CallTransferred => Role::Transfer,
            MessageType::NavigateToRecord => Role::OpenRecord,
            MessageType::CallCompleted => Role::Save,
            MessageType::FinalizeEngagement | MessageType::PublishToChannel => Role::Finalize,
            MessageType::CallEnded => {
                if std::mem::take(&mut self.ended_by_host) {
                    return None;
                }
                let was_answered = call.as_ref().is_some_and(|it| it.answered_at.is_some());
                let message = Message::decode(&recorded.message);
                let status = message.data().and_then(|it| it.get("callEndStatus"));
                match (status.and_then(Value::as_str), is_inbound) {
                    _ if was_answered => Role::HangUp,
                    (Some("BUSY"), false) => Role::RemoteBusy,
                    (Some("NO_ANSWER"), false) => Role::RemoteNoAnswer,
                    (Some("REJECTED"), true) => Role::Reject,
                    (_, true) => Role::CallerGivesUp,
                    (_, false) => Role::HangUp,
                }
            }
            _ => return None,
        })
    }

    /// What the data must contain: the ids that the widget creates, or all of it if requested.
    fn expected(
        &mut self,
        recorded: &RecordedMessage,
        ty: MessageType,
        data: Option<&Value>,
    ) -> Option<Value> {
        let Some(Value::Object(members)) = data else {
            return None;
        };
        let name = ty.name();
        let mut expected = Map::new();
        for (key, value) in members {
            if self.says_how_to_compare(key) {
                continue;
            }
            if PASSING.contains(&key.as_str()) || is_time(ty, key) {
                if self.is_strict {
                    self.note(&format!(
                        "{key} is another one each time and is not expected"
                    ));
                }
                continue;
            }
            let is_id = key.ends_with("Id") || key.ends_with("ID");
            let is_plain = value.is_string() || value.is_number();
            let is_own = is_id && is_plain && !self.from_host.contains(&value.to_string());
            if is_own {
                let variable = self.variable(key, value);
                expected.insert(key.clone(), Value::from(format!("${variable}")));
            } else if self.is_strict {
                let value = self.strict(recorded, name, value, &format!("data.{key}"));
                expected.extend(value.map(|it| (key.clone(), it)));
            }
        }
        (!expected.is_empty()).then(|| Value::Object(expected))
    }

    /// Whether a key cannot be expected because a scenario would read it as `$not` or the like.
    fn says_how_to_compare(&mut self, key: &str) -> bool {
        let says = key.starts_with('$');
        if says {
            self.note(&format!(
                "the key {key} is not expected: one that begins with $ says how to compare"
            ));
        }
        says
    }

    /// A recorded value, without the parts that differ in each run or were redacted.
    fn strict(
        &mut self,
        recorded: &RecordedMessage,
        name: &str,
        value: &Value,
        path: &str,
    ) -> Option<Value> {
        match value {
            Value::String(text) if is_redacted(text) => {
                self.note(&format!(
                    "{name} (message {}): {path} was redacted and is not expected",
                    recorded.seq
                ));
                None
            }
            Value::Object(members) => {
                let mut kept = Map::new();
                for (key, value) in members {
                    if self.says_how_to_compare(key) {
                        continue;
                    }
                    if PASSING.contains(&key.as_str()) {
                        self.note(&format!(
                            "{key} is another one each time and is not expected"
                        ));
                        continue;
                    }
                    let path = format!("{path}.{key}");
                    let value = self.strict(recorded, name, value, &path);
                    kept.extend(value.map(|it| (key.clone(), it)));
                }
                Some(Value::Object(kept))
            }
            other => Some(self.with_variables(other)),
        }
    }

    /// The name of an id that the widget created.
    fn variable(&mut self, key: &str, value: &Value) -> String {
        let text = value.to_string();
        if let Some(name) = self.variables.get(&text) {
            return name.clone();
        }
        // A widget may use any characters in a key; a scenario's variable may not.
        let mut key: String = key.chars().filter(|it| is_in_variable(*it)).collect();
        if key.chars().all(|it| it.is_ascii_digit()) {
            key.insert_str(0, "id");
        }
        let count = self.variable_counts.entry(key.clone()).or_default();
        *count += 1;
        let name = match *count {
            1 => key,
            count => format!("{key}{count}"),
        };
        self.variables.insert(text, name.clone());
        name
    }
}

/// Whether the catalogue says that a field is a time.
fn is_time(ty: MessageType, key: &str) -> bool {
    ty.spec().fields.iter().any(|it| {
        it.location == Location::Data
            && it.unit.is_some_and(|unit| unit.starts_with("ms"))
            && it.paths().any(|path| path == key)
    })
}

/// Whether a text comes from a redactor: `name-` and letters.
fn is_redacted(text: &str) -> bool {
    ["id-", "name-", "text-"].iter().any(|prefix| {
        text.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() >= 6 && rest.chars().all(|it| it.is_ascii_lowercase()))
    })
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
