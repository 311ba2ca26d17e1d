//! The `LocalSettings` override: keys in the HubSpot page's localStorage that make it load another
//! widget.

use std::collections::HashMap;

use callscope_bus::{FromPanel, SettingText};
use callscope_protocol::Millis;
use callscope_session_view::words::UtcOffset;
use serde_json::Value;

use super::compose::pretty;
use super::{Model, Request};
use crate::event::Effect;

mod check;

use check::{check, remarks};

/// A key that HubSpot's page reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OverrideKey {
    pub(crate) key: &'static str,
    /// The page that reads it.
    pub(crate) about: &'static str,
    /// Its possible values with their meanings, if it does not hold JSON.
    pub(crate) choices: &'static [(&'static str, &'static str)],
}

/// The values of `installDemoWidget`, and what each makes HubSpot offer: READMEs of the SDK's
/// packages 0.1.0 to 0.2.1.
const DEMO_WIDGETS: [(&str, &str); 3] = [
    (
        "local",
        "the demo widget that is served at https://localhost:9025/",
    ),
    ("app", "HubSpot's hosted React demo"),
    ("app:js", "HubSpot's hosted minimal demo"),
];

/// The keys, the current one first.
pub(crate) const KEYS: [OverrideKey; 3] = [
    OverrideKey {
        key: "LocalSettings:Calling:CallingExtensions",
        about: "read by HubSpot today",
        choices: &[],
    },
    OverrideKey {
        key: "LocalSettings:Sales:CallingExtensions",
        about: "of the first SDK versions, deprecated",
        choices: &[],
    },
    OverrideKey {
        key: "LocalSettings:Calling:installDemoWidget",
        about: "adds a demo widget to the list of providers",
        choices: &DEMO_WIDGETS,
    },
];

/// The fields with an input of their own.
pub(crate) const FIELDS: [(&str, FieldKind, &str); 5] = [
    (
        "name",
        FieldKind::Text,
        "Shown in HubSpot's list of providers",
    ),
    (
        "url",
        FieldKind::Text,
        "Where the widget is served: https, or http on localhost",
    ),
    (
        "isReady",
        FieldKind::Flag,
        "false hides the app from the list of providers",
    ),
    ("width", FieldKind::Number, "Pixels"),
    ("height", FieldKind::Number, "Pixels"),
];

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Text,
    Number,
    Flag,
}

/// The stored overrides, and the user's drafts.
#[derive(Debug, Default)]
pub(crate) struct Overrides {
    chosen: usize,
    /// As read from the page; `None` if not read yet.
    values: Option<HashMap<String, Option<String>>>,
    drafts: HashMap<&'static str, String>,
    pub(crate) is_waiting: bool,
    pub(crate) outcome: Option<WriteOutcome>,
    /// The changes made since the panel opened, newest last.
    changes: Vec<Change>,
}

/// The most changes remembered.
const MOST_CHANGES: usize = 100;

/// A change to a key by the user.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) key: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) at: Millis,
}

/// A change as the view shows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChangeData {
    pub(crate) change: Change,
    /// The time of day.
    pub(crate) time: String,
    /// Whether the key still holds what it was changed to, so that the change can be undone.
    pub(crate) can_restore: bool,
}

/// The result of writing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum WriteOutcome {
    /// The key was written or removed.
    Done {
        key: String,
        value: Option<String>,
        before: Option<String>,
    },
    /// Writing failed.
    Failed { reason: String },
}

/// Everything that the view shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OverridesData {
    pub(crate) keys: Vec<KeyData>,
    pub(crate) chosen: usize,
    /// The values to choose from with their meanings, if the chosen key has a fixed set.
    pub(crate) choices: &'static [(&'static str, &'static str)],
    /// The changes, newest first.
    pub(crate) changes: Vec<ChangeData>,
    /// Why the override cannot be set now.
    pub(crate) why_not: Option<String>,
    /// The text that would be written.
    pub(crate) draft: String,
    /// The draft's fields, if it is an object.
    pub(crate) fields: Vec<OverrideField>,
    /// The problem with the draft.
    pub(crate) problem: Option<String>,
    /// Whether the draft is the user's, rather than the stored value.
    pub(crate) is_touched: bool,
    /// Remarks on the draft.
    pub(crate) remarks: Vec<String>,
    pub(crate) both_set: bool,
    /// Why overrides cannot be read or written.
    pub(crate) obstacle: Option<String>,
    pub(crate) is_waiting: bool,
    pub(crate) outcome: Option<WriteOutcome>,
}

/// A key and its present value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KeyData {
    pub(crate) key: &'static str,
    pub(crate) about: &'static str,
    pub(crate) state: KeyState,
}

/// The state of a key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum KeyState {
    Unread,
    Unset,
    Set(String),
}

/// A field of the draft.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OverrideField {
    pub(crate) name: &'static str,
    pub(crate) kind: FieldKind,
    pub(crate) about: &'static str,
    /// Empty if the draft lacks it.
    pub(crate) value: String,
    /// Whether the fields can be edited, i.e. the draft is an object.
    pub(crate) is_editable: bool,
}

impl Overrides {
    pub(crate) fn chosen_key(&self) -> &'static str {
        KEYS.get(self.chosen).unwrap_or(&KEYS[0]).key
    }

    pub(crate) fn choose(&mut self, key: &str) {
        if let Some(index) = KEYS.iter().position(|it| it.key == key) {
            self.chosen = index;
            self.outcome = None;
        }
    }

    pub(crate) const fn is_read(&self) -> bool {
        self.values.is_some()
    }

    /// Forgets what was read: there is a new page.
    pub(crate) fn forget(&mut self) {
        self.values = None;
        self.is_waiting = false;
        // What did not work is said until something else is tried.
        if !matches!(self.outcome, Some(WriteOutcome::Failed { .. })) {
            self.outcome = None;
        }
    }

    /// Remembers a change by the user.
    pub(crate) fn note_change(&mut self, change: Change) {
        if change.before == change.after {
            return;
        }
        if self.changes.len() >= MOST_CHANGES {
            self.changes.remove(0);
        }
        self.changes.push(change);
    }

    fn chosen(&self) -> &'static OverrideKey {
        KEYS.get(self.chosen).unwrap_or(&KEYS[0])
    }

    /// Handles values read from the page's localStorage.
    pub(crate) fn read(&mut self, settings: &[SettingText]) {
        let values = self.values.get_or_insert_default();
        for setting in settings {
            values.insert(setting.key.clone(), setting.value.clone());
        }
    }

    pub(crate) fn value(&self, key: &str) -> Option<&str> {
        self.values.as_ref()?.get(key)?.as_deref()
    }

    /// What would be written: the user's draft, otherwise the stored value, otherwise a template.
    pub(crate) fn draft(&self) -> String {
        let key = self.chosen_key();
        if let Some(draft) = self.drafts.get(key) {
            return draft.clone();
        }
        let choices = self.chosen().choices;
        match self.value(key) {
            Some(text) if !choices.is_empty() => text.to_owned(),
            None if !choices.is_empty() => choices.first().map_or("", |it| it.0).to_owned(),
            Some(text) => serde_json::from_str::<Value>(text)
                .map_or_else(|_| text.to_owned(), |it| pretty(&it)),
            None => {
                pretty(&serde_json::json!({ "name": "Local widget", "url": "", "isReady": true }))
            }
        }
    }

    pub(crate) fn set_draft(&mut self, text: String) {
        self.drafts.insert(self.chosen_key(), text);
        self.outcome = None;
    }

    /// Discards the user's draft for a key.
    pub(crate) fn drop_draft(&mut self, key: &str) {
        self.drafts.retain(|it, _| *it != key);
    }

    pub(crate) fn set_field(&mut self, name: &str, value: &str) {
        let Ok(Value::Object(mut object)) = serde_json::from_str(&self.draft()) else {
            return;
        };
        let kind = FIELDS
            .iter()
            .find(|(it, ..)| *it == name)
            .map_or(FieldKind::Text, |it| it.1);
        if value.is_empty() && kind != FieldKind::Text {
            object.shift_remove(name);
        } else {
            let value = match kind {
                FieldKind::Text => Value::String(value.to_owned()),
                FieldKind::Number => match serde_json::from_str(value.trim()) {
                    Ok(number @ Value::Number(_)) => number,
                    _ => Value::String(value.to_owned()),
                },
                FieldKind::Flag => Value::Bool(value == "true"),
            };
            object.insert(name.to_owned(), value);
        }
        self.set_draft(pretty(&Value::Object(object)));
    }

    /// Why the chosen key cannot be set now.
    fn why_not(&self, problem: Option<&str>) -> Option<String> {
        if self.is_waiting {
            return Some("Waits for the page to answer.".to_owned());
        }
        problem.map(|problem| format!("Cannot be set yet. {problem}."))
    }

    /// The setting to write for the chosen key: the draft on one line.
    ///
    /// # Errors
    ///
    /// The problem with the draft.
    pub(crate) fn to_write(&self) -> Result<SettingText, String> {
        let choices = self.chosen().choices;
        let draft = self.draft();
        let value = if choices.is_empty() {
            Value::Object(check(&draft)?).to_string()
        } else if choices.iter().any(|(value, _)| *value == draft) {
            draft
        } else {
            return Err("HubSpot knows only local, app and app:js for this key".to_owned());
        };
        Ok(SettingText {
            key: self.chosen_key().to_owned(),
            value: Some(value),
        })
    }

    pub(crate) fn data(&self, obstacle: Option<String>, offset: UtcOffset) -> OverridesData {
        let draft = self.draft();
        let choices = self.chosen().choices;
        let problem = self.to_write().err();
        let object = match serde_json::from_str(&draft) {
            Ok(Value::Object(object)) if choices.is_empty() => Some(object),
            _ => None,
        };
        let changes = self.changes.iter().rev().map(|change| ChangeData {
            time: offset.time_of_day(change.at),
            can_restore: self.value(&change.key) == change.after.as_deref(),
            change: change.clone(),
        });
        let state = |key: &str| match self.values.as_ref().map(|values| values.get(key)) {
            None => KeyState::Unread,
            Some(None | Some(None)) => KeyState::Unset,
            Some(Some(Some(text))) => KeyState::Set(text.clone()),
        };
        let keys: Vec<KeyData> = KEYS
            .iter()
            .map(|it| KeyData {
                key: it.key,
                about: it.about,
                state: state(it.key),
            })
            .collect();
        OverridesData {
            both_set: (keys.iter().take(2)).all(|it| matches!(it.state, KeyState::Set(_))),
            keys,
            choices,
            changes: changes.collect(),
            why_not: self.why_not(problem.as_deref()),
            chosen: self.chosen,
            fields: FIELDS
                .iter()
                .map(|&(name, kind, about)| OverrideField {
                    name,
                    kind,
                    about,
                    value: object
                        .as_ref()
                        .and_then(|it| it.get(name))
                        .map(field_text)
                        .unwrap_or_default(),
                    is_editable: object.is_some(),
                })
                .collect(),
            remarks: object.as_ref().map(remarks).unwrap_or_default(),
            problem,
            is_touched: self.drafts.contains_key(self.chosen_key())
                || self.value(self.chosen_key()).is_some(),
            draft,
            obstacle,
            is_waiting: self.is_waiting,
            outcome: self.outcome.clone(),
        }
    }
}

fn field_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl Model {
    pub(crate) fn overrides_data(&self) -> OverridesData {
        let obstacle = if self.imported.is_some() {
            Some("This is a saved session. Go back to live to change the page.")
        } else if self.connection.is_attached() {
            None
        } else {
            Some("Callscope is not connected to a HubSpot page, so there is nothing to change.")
        };
        self.overrides
            .data(obstacle.map(str::to_owned), self.offset)
    }

    pub(super) fn read_settings(&mut self) -> Effect {
        self.overrides.is_waiting = true;
        let request = self.request(Request::ReadSettings);
        let keys = KEYS.map(|it| it.key.to_owned()).to_vec();
        Effect::Send(FromPanel::ReadSettings { request, keys })
    }
}

#[cfg(test)]
mod tests;
