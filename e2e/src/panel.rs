//! The Callscope panel in a real DevTools window, as tests see it.

use callscope_browser::{BrowserError, Poll, Target, wait_for};
use serde::Deserialize;
use serde_json::Value;

use crate::ax::{self, Node};
use crate::pages::LIMIT;

/// The panel's page.
///
/// It draws on a canvas; the elements for assistive technology lie over that, and tests use them as
/// well. `globalThis.callscopePanel` returns what is shown, as data, and performs the panel's own
/// actions. It exists only in the extension's own page.
#[derive(Clone, Debug)]
pub struct Panel {
    target: Target,
}

/// What the panel shows.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// `attached` if a recorder answers.
    pub connection: String,
    /// The case of the empty timeline, with its title and actions.
    pub empty: Option<Value>,
    /// Whether the recorder is recording, if known.
    pub recording: Option<bool>,
    /// The rows of the timeline.
    pub rows: Vec<Row>,
    /// The conversations.
    pub conversations: Vec<Conversation>,
    /// The problem that the conversation bar reports.
    pub trouble: Option<String>,
    /// Whether the timeline follows its end.
    pub follows: bool,
    /// All findings.
    pub findings: Vec<Finding>,
    /// The counts in the status bar.
    pub status: Value,
    /// The notices.
    pub notices: Vec<String>,
    /// Origins that the panel asks permission for.
    pub asks_permission: Vec<String>,
    /// Origins whose pages are looked into.
    pub sees_inside: Vec<String>,
    /// Whether the extension's worker is not answering.
    pub worker_silent: bool,
    /// The values of the override keys.
    pub overrides: Vec<Value>,
    /// The Compose form.
    pub compose: Value,
    /// The name of the imported session.
    pub imported: Option<String>,
    /// `dark` or `light`.
    pub theme: String,
}

/// A conversation.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Conversation {
    /// Its number.
    pub id: u32,
    /// The host's origin.
    pub host: Option<String>,
    /// The widget's origin.
    pub widget: Option<String>,
    /// The SDK version, in words.
    pub sdk: String,
    /// The generation of the SDK, in words.
    pub generation: String,
    /// "Ready", "Logged in", ….
    pub states: Vec<String>,
    /// Whether HubSpot is known not to sync with its frame.
    pub stranger: bool,
}

/// A row of the timeline.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Row {
    /// `message`, `gap`, `inside` or `remark`.
    pub kind: String,
    /// The entry's id, for `select`.
    pub id: u64,
    /// The message's number.
    pub seq: Option<u64>,
    /// Its time, in milliseconds since the epoch.
    pub at: f64,
    /// The side that sent it.
    pub from: Option<String>,
    /// The message type, or the text of a gap.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Its summary.
    pub summary: String,
    /// For a run of one type: how many messages, and over which time.
    pub run: Option<String>,
    /// Whether Callscope posted it.
    pub injected: bool,
    /// The conversation.
    pub conversation: Option<u32>,
    /// Its findings.
    pub findings: Vec<Finding>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Finding {
    /// The rule's code.
    pub code: String,
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// The number of the message that it is about.
    pub seq: Option<u64>,
    /// The sentence.
    pub message: String,
    /// Whether it is about a frame that HubSpot does not sync with.
    pub stranger: bool,
}

impl Shown {
    /// The types of the messages in the timeline, in order.
    #[must_use]
    pub fn types(&self) -> Vec<&str> {
        let messages = self.rows.iter().filter(|row| row.kind == "message");
        messages.map(|row| row.type_name.as_str()).collect()
    }

    /// The last row of this type.
    #[must_use]
    pub fn last(&self, type_name: &str) -> Option<&Row> {
        self.rows
            .iter()
            .rev()
            .find(|row| row.type_name == type_name)
    }
}

impl Panel {
    /// Waits until the panel has started in this page.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] with what the page shows instead.
    pub fn started(target: Target) -> Result<Self, BrowserError> {
        wait_for("the panel to start", LIMIT, || {
            let seen: String = target.evaluate(
                "globalThis.callscopePanel ? '' : document.body.innerText || 'an empty page'",
            )?;
            Ok(Poll::at(seen.is_empty(), seen))
        })?;
        Ok(Self { target })
    }

    /// The panel's page.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// What is shown now.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn shown(&self) -> Result<Shown, BrowserError> {
        self.target
            .evaluate("JSON.parse(callscopePanel.snapshot())")
    }

    /// Waits until what is shown fulfills a condition, and returns it.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] with what was shown last.
    pub fn wait_until(
        &self,
        what: &str,
        mut is_so: impl FnMut(&Shown) -> bool,
    ) -> Result<Shown, BrowserError> {
        wait_for(what, LIMIT, || {
            let shown = self.shown()?;
            Ok(if is_so(&shown) {
                Poll::Done(shown)
            } else {
                Poll::NotYet(format!("{shown:#?}"))
            })
        })
    }

    /// Waits until the timeline has a message of this type, and returns its last row.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] with what was shown last.
    pub fn wait_for_row(&self, type_name: &str) -> Result<Row, BrowserError> {
        let what = format!("{type_name} in the timeline");
        let shown = self.wait_until(&what, |shown| shown.last(type_name).is_some())?;
        shown
            .last(type_name)
            .cloned()
            .ok_or_else(|| BrowserError::Timeout {
                what,
                waited: LIMIT,
                seen: "nothing".to_owned(),
            })
    }

    /// Performs one of the panel's own actions, given in its JSON form.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser, including an action that does not exist.
    pub fn perform(&self, action: &Value) -> Result<(), BrowserError> {
        // A JSON string is also a JavaScript string literal.
        let text = Value::String(action.to_string());
        self.target.evaluate(&format!(
            "(() => {{
                const refused = callscopePanel.perform({text});
                if (refused) throw new Error(refused);
            }})()"
        ))
    }

    /// The shown session as a log file.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn export(&self) -> Result<String, BrowserError> {
        self.target.evaluate("callscopePanel.export()")
    }

    /// The nodes that a screen reader finds in the panel, once it has drawn everything that has
    /// happened.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn nodes(&self) -> Result<Vec<Node>, BrowserError> {
        self.draw()?;
        ax::nodes(&self.target)
    }

    /// The focused node, as a screen reader finds it.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn active(&self) -> Result<Option<Node>, BrowserError> {
        self.draw()?;
        ax::active(&self.target)
    }

    fn draw(&self) -> Result<(), BrowserError> {
        self.target.evaluate(
            "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))",
        )
    }

    /// Waits until this text is shown anywhere in the panel.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] with the texts that are shown instead.
    pub fn wait_for_words(&self, words: &str) -> Result<(), BrowserError> {
        wait_for(&format!("“{words}” in the panel"), LIMIT, || {
            let nodes = self.nodes()?;
            let found = nodes.iter().any(|node| node.label.contains(words));
            let labels: Vec<&str> = nodes.iter().map(|node| node.label.as_str()).collect();
            Ok(Poll::at(found, labels.join(" | ")))
        })
    }

    /// Waits for a button, tab or field with this label, and for it to stop moving.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] with the labels that are there instead.
    pub fn node(&self, label: &str) -> Result<Node, BrowserError> {
        self.node_where(&format!("“{label}”"), |node| node.label == label)
    }

    /// Like [`node`](Self::node), for a node that fulfills a condition.
    ///
    /// # Errors
    ///
    /// As for [`node`](Self::node).
    pub fn node_where(
        &self,
        what: &str,
        is_it: impl Fn(&Node) -> bool,
    ) -> Result<Node, BrowserError> {
        let mut before = None;
        wait_for(&format!("{what} in the panel"), LIMIT, || {
            let mut nodes = self.nodes()?;
            nodes.retain(|node| !["StaticText", "status", "alert"].contains(&node.role.as_str()));
            let Some(node) = nodes.iter().find(|node| is_it(node)) else {
                before = None;
                let others = nodes.iter().map(|it| format!("{} {}", it.role, it.label));
                return Ok(Poll::NotYet(others.collect::<Vec<_>>().join(" | ")));
            };
            let rect = Some(self.rect(node)?);
            Ok(if before == rect {
                Poll::Done(node.clone())
            } else {
                before = rect;
                Poll::NotYet(format!("it moves: {node:?}"))
            })
        })
    }

    /// A widget's left, top, width and height in CSS pixels.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn rect(&self, node: &Node) -> Result<[f64; 4], BrowserError> {
        node.rect(&self.target)
    }

    /// Clicks the center of the widget with this label with the mouse.
    ///
    /// # Errors
    ///
    /// As for [`node`](Self::node).
    pub fn click(&self, label: &str) -> Result<(), BrowserError> {
        self.click_on(&self.node(label)?)
    }

    /// Clicks the center of a widget with the mouse.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn click_on(&self, node: &Node) -> Result<(), BrowserError> {
        let [x, y, width, height] = self.rect(node)?;
        self.target.click(x + width / 2.0, y + height / 2.0)
    }

    /// Activates a widget like a screen reader: without mouse and keyboard.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn press(&self, node: &Node) -> Result<(), BrowserError> {
        node.call(&self.target, "function() { this.click() }")
            .map(drop)
    }

    /// Moves keyboard focus to a widget, like a screen reader.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn focus(&self, node: &Node) -> Result<(), BrowserError> {
        node.call(&self.target, "function() { this.focus() }")
            .map(drop)
    }

    /// Sets the text of a field, like dictation software.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn set_text(&self, node: &Node, text: &str) -> Result<(), BrowserError> {
        let text = Value::from(text);
        let function = format!(
            "function() {{
                this.value = {text};
                this.dispatchEvent(new InputEvent('input', {{ bubbles: true }}));
            }}"
        );
        node.call(&self.target, &function).map(drop)
    }
}
