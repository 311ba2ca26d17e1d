//! What the widget said, as steps that wait for it, and who usually brings it about.

use std::fmt::Write as _;

use callscope_protocol::{
    CallDirection, Direction, Location, Message, MessageType, Millis, RecordedMessage,
};
use serde_json::{Map, Value};

use super::host::is_redacted;
use super::{Maker, spaced};
use crate::read::is_in_variable;
use crate::scenario::WITHIN;
use crate::vocabulary::Role;

/// Keys whose values are other ones at each run: times and lengths.
const PASSING: [&str; 4] = [
    "hs_timestamp",
    "hs_call_duration",
    "callStartTime",
    "startTimestamp",
];

impl Maker<'_> {
    /// What the widget said is waited for, after a step for whoever usually brings it about.
    pub(super) fn widget(
        &mut self,
        recorded: &RecordedMessage,
        name: &str,
        message: &Message,
        span: Millis,
    ) {
        let sendable = message.known().filter(|ty| {
            let direction = ty.spec().direction;
            direction == Direction::WidgetToHost || direction == Direction::Both
        });
        let Some(ty) = sendable else {
            return self.note(&format!(
                "{name} (message {}) is not a message that widgets send, so the \
                 scenario does not wait for it",
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
            // The widget that it is played against may not be.
            for step in [
                "{\"user\": \"logIn\", \"if\": \"loggedOut\"}",
                "{\"widget\": \"LOGGED_IN\", \"if\": \"loggedOut\"}",
            ] {
                self.steps.push(step.to_owned());
            }
        }
    }

    /// Who usually brings such a message about, if it is nobody whose doing is in the log.
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
                // One call that is announced twice was made once.
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

    /// What the data must hold: the ids that the widget makes, and all of it if that is wanted.
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

    /// Whether a key cannot be expected because a scenario would take it for `$not` or its like.
    fn says_how_to_compare(&mut self, key: &str) -> bool {
        let says = key.starts_with('$');
        if says {
            self.note(&format!(
                "the key {key} is not expected: one that begins with $ says how to compare"
            ));
        }
        says
    }

    /// A value as it was, without what passes and what was redacted.
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

    /// The name of an id that the widget made.
    fn variable(&mut self, key: &str, value: &Value) -> String {
        let text = value.to_string();
        if let Some(name) = self.variables.get(&text) {
            return name.clone();
        }
        // A widget may call its ids whatever it likes; a scenario may not.
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

/// Whether a field is a time, in the catalogue.
fn is_time(ty: MessageType, key: &str) -> bool {
    ty.spec().fields.iter().any(|it| {
        it.location == Location::Data
            && it.unit.is_some_and(|unit| unit.starts_with("ms"))
            && it.paths().any(|path| path == key)
    })
}
