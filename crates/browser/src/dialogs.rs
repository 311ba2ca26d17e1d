//! Answers dialogs that pages show, in place of a user who is not there.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::connection::Event;

/// How many dialogs of a target are kept.
const MOST_KEPT: usize = 100;

/// A dialog that a page has shown and that was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialog {
    /// `alert`, `confirm`, `prompt` or `beforeunload`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its text; empty for `beforeunload`, for which the browser has a text of its own.
    pub message: String,
    /// The URL of the page or frame that has shown it.
    pub url: String,
}

/// The dialogs of each session whose dialogs are answered.
#[derive(Debug, Default)]
pub(crate) struct Dialogs(HashMap<String, Vec<Dialog>>);

impl Dialogs {
    /// Answers the dialogs of a session from now on.
    pub(crate) fn watch(&mut self, session: &str) {
        self.0.entry(session.to_owned()).or_default();
    }

    /// The dialogs that a session's pages have shown so far.
    pub(crate) fn of(&self, session: &str) -> Vec<Dialog> {
        self.0.get(session).cloned().unwrap_or_default()
    }

    /// The answer to an event, as parameters of `Page.handleJavaScriptDialog`; `None` if it is no
    /// dialog, or its session's dialogs are not answered.
    pub(crate) fn answer(&mut self, event: &Event) -> Option<Value> {
        if event.method != "Page.javascriptDialogOpening" {
            return None;
        }
        let shown = self.0.get_mut(event.session.as_ref()?)?;
        // A dialog that cannot be parsed must be answered all the same: until then, the page is
        // blocked.
        let dialog = Dialog::deserialize(&event.params).ok();
        // Like a user who leaves the page, and otherwise cancels.
        let accept = dialog.as_ref().is_some_and(|it| it.kind == "beforeunload");
        if shown.len() < MOST_KEPT {
            shown.extend(dialog);
        }
        Some(json!({ "accept": accept }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening(session: &str, kind: &str) -> Event {
        Event {
            session: Some(session.to_owned()),
            method: "Page.javascriptDialogOpening".to_owned(),
            params: json!({ "type": kind, "message": "Sure?", "url": "https://a.example/" }),
        }
    }

    #[test]
    fn only_who_wants_it_has_dialogs_answered() {
        let mut dialogs = Dialogs::default();
        dialogs.watch("A");
        assert_eq!(dialogs.answer(&opening("B", "alert")), None);
        let answer = dialogs.answer(&opening("A", "confirm"));
        assert_eq!(answer, Some(json!({ "accept": false })));
        let answer = dialogs.answer(&opening("A", "beforeunload"));
        assert_eq!(answer, Some(json!({ "accept": true })));
        let kinds: Vec<String> = dialogs.of("A").into_iter().map(|it| it.kind).collect();
        assert_eq!(kinds, ["confirm", "beforeunload"]);
        assert!(dialogs.of("B").is_empty());
    }

    #[test]
    fn endless_dialogs_are_answered_and_not_kept() {
        let mut dialogs = Dialogs::default();
        dialogs.watch("A");
        for _ in 0..=MOST_KEPT {
            assert!(dialogs.answer(&opening("A", "alert")).is_some());
        }
        assert_eq!(dialogs.of("A").len(), MOST_KEPT);
    }
}
