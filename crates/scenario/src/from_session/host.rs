//! What the host said, as steps that say it again.

use std::fmt::Write as _;

use callscope_protocol::{Message, MessageType, RecordedMessage};
use serde_json::{Value, json};

use super::{Maker, spaced};

impl Maker<'_> {
    /// What the host said is sent again.
    pub(super) fn host(&mut self, recorded: &RecordedMessage, name: &str, message: &Message) {
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

    /// What the host names is not the widget's to make.
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

    /// Words that a redactor has put in place of others.
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

    /// With what was captured in place of the widget's ids.
    pub(super) fn with_variables(&self, value: &Value) -> Value {
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
}

/// Whether a redactor has made a text: `name-` and letters.
pub(super) fn is_redacted(text: &str) -> bool {
    ["id-", "name-", "text-"].iter().any(|prefix| {
        text.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() >= 6 && rest.chars().all(|it| it.is_ascii_lowercase()))
    })
}
