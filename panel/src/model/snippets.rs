//! Messages saved for Compose.

use callscope_protocol::Message;
use serde::{Deserialize, Serialize};

use super::Model;
use super::compose::Compose;
use crate::action::View;
use crate::event::Effect;

/// The most messages that can be saved.
pub(crate) const MOST_SNIPPETS: usize = 50;
/// The longest message that can be saved, in bytes.
pub(crate) const LONGEST_SNIPPET: usize = 32 << 10;
/// The longest name, in characters.
const LONGEST_NAME: usize = 80;

/// A saved message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Snippet {
    /// Its name; empty to use its type.
    pub(crate) name: String,
    /// Whether it is sent as the widget.
    pub(crate) by_widget: bool,
    /// The message as JSON; its messageId is replaced when it is opened.
    pub(crate) message: String,
}

/// What Compose shows of the saved messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SnippetsData {
    pub(crate) names: Vec<String>,
    /// The index of the one that the draft was opened from.
    pub(crate) chosen: Option<usize>,
    /// The text in the name field.
    pub(crate) name: String,
}

impl Snippet {
    /// The label of its button.
    pub(crate) fn title(&self) -> String {
        if !self.name.is_empty() {
            return self.name.clone();
        }
        let message = Message::decode(&self.message.as_str().into());
        message.type_name().unwrap_or("Message").to_owned()
    }
}

impl Model {
    /// Saves the message in Compose under the name in the field, replacing one of the same name.
    pub(super) fn save_snippet(&mut self) -> Vec<Effect> {
        let mut snippet = self.change_draft(Compose::make_snippet);
        snippet.name = snippet.name.chars().take(LONGEST_NAME).collect();
        if snippet.message.len() > LONGEST_SNIPPET {
            let text = "The message is too long to be kept: 32 kB at most";
            self.notices.failed(text.to_owned());
            return Vec::new();
        }
        let title = snippet.title();
        let all = &mut self.settings.snippets;
        let index = if let Some(same) = all.iter().position(|it| it.title() == title) {
            all[same] = snippet;
            same
        } else {
            if let Err(why_not) = self.can_keep_as(&title) {
                self.notices.failed(why_not);
                return Vec::new();
            }
            let all = &mut self.settings.snippets;
            all.push(snippet);
            all.len() - 1
        };
        self.compose.is_kept_at(index);
        self.store()
    }

    /// Whether one more message can be saved under this name; otherwise why not.
    pub(super) fn can_keep_as(&self, name: &str) -> Result<(), String> {
        let all = &self.settings.snippets;
        if all.iter().any(|it| it.title() == name) {
            return Err(name_is_taken(name));
        }
        if all.len() >= MOST_SNIPPETS {
            return Err(format!(
                "{MOST_SNIPPETS} messages are kept. Remove one first"
            ));
        }
        Ok(())
    }

    /// The index of the saved message that is open in Compose.
    pub(crate) fn opened_snippet(&self) -> Option<usize> {
        self.compose.snippet().0
    }

    /// Opens a saved message in Compose.
    pub(super) fn use_snippet(&mut self, index: usize) {
        self.view = View::Compose;
        if let Some(snippet) = self.settings.snippets.get(index).cloned() {
            self.change_draft(|compose, around| compose.use_snippet(around, index, &snippet));
        }
    }

    /// Renames the saved message that is open to the name in the field.
    pub(super) fn rename_snippet(&mut self) -> Vec<Effect> {
        let (index, name) = self.compose.snippet();
        let name: String = name.chars().take(LONGEST_NAME).collect();
        let Some(index) = index else {
            return Vec::new();
        };
        let mut others = self.settings.snippets.iter().enumerate();
        if others.any(|(other, it)| other != index && it.title() == name) {
            self.notices.failed(name_is_taken(&name));
            return Vec::new();
        }
        if let Some(snippet) = self.settings.snippets.get_mut(index) {
            snippet.name = name;
        }
        self.store()
    }
}

fn name_is_taken(name: &str) -> String {
    format!("Another message is already kept as “{name}”")
}
