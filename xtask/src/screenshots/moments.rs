//! What the panel shows only at times: comparisons, menus, what lies over it, other sessions than a
//! short one without faults, nothing at all.

use anyhow::Result;
use callscope_e2e::Panel;
use serde_json::{Value, json};

/// One of them.
pub(super) struct Moment {
    /// The name of its picture.
    pub name: &'static str,
    /// What leads there from the moment before, as actions of the panel.
    actions: Vec<Value>,
    /// What is clicked then, by its name.
    click: Option<&'static str>,
}

impl Moment {
    fn new<const N: usize>(name: &'static str, actions: [Value; N]) -> Self {
        Self {
            name,
            actions: actions.into(),
            click: None,
        }
    }

    fn click(self, label: &'static str) -> Self {
        Self {
            click: Some(label),
            ..self
        }
    }

    /// Leads the panel there; a second time changes nothing.
    pub(super) fn come(&self, panel: &Panel) -> Result<()> {
        for action in &self.actions {
            panel.perform(action)?;
        }
        if let Some(label) = self.click {
            // At 300 px some of it is in a menu.
            let mut nodes = panel.nodes()?.into_iter();
            if let Some(node) = nodes.find(|it| it.label == label) {
                panel.click_on(&node)?;
            }
        }
        Ok(())
    }
}

/// A session with all that a short one without faults has not: two calls, a frame that HubSpot does
/// not sync with, a calling window, gaps.
const EVENTFUL: &str = include_str!("../../../panel/src/views/tests/eventful.callscope.jsonl");

/// A session whose widget takes long to start.
const SLOW: &str = include_str!("../../../fixtures/well-behaved/slow-start.callscope.jsonl");

fn show(view: &str) -> Value {
    json!({ "do": "show-view", "view": view })
}

fn over(overlay: Option<&str>) -> Value {
    json!({ "do": "show-overlay", "overlay": overlay })
}

fn open(name: &str, text: &str) -> Value {
    json!({ "do": "import-text", "name": format!("{name}.callscope.jsonl"), "text": text })
}

fn select(seq: u64) -> Value {
    json!({ "do": "select-seq", "seq": seq })
}

fn filter(text: &str) -> Value {
    json!({ "do": "set-filter", "text": text })
}

fn back() -> Value {
    json!({ "do": "back" })
}

/// All moments, in the order in which they come.
pub(super) fn moments() -> Vec<Moment> {
    let pick =
        |call: u32| json!({ "do": "pick-call", "conversation": 1, "call": call, "on": true });
    let close = || json!({ "do": "close-comparison" });
    vec![
        Moment::new("keys", [over(Some("keys"))]),
        Moment::new("palette", [over(Some("commands"))]),
        Moment::new(
            "export",
            [over(None), show("timeline"), json!({ "do": "export" })],
        ),
        Moment::new(
            "compare-calls",
            [
                json!({ "do": "close-export" }),
                back(),
                show("calls"),
                pick(1),
                pick(2),
                json!({ "do": "compare-calls" }),
            ],
        ),
        Moment::new(
            "compare-sessions",
            [
                close(),
                open("slow-start", SLOW),
                json!({ "do": "compare-session", "with": "live" }),
            ],
        ),
        Moment::new("handshake-slow", [close(), show("calls")]),
        Moment::new(
            "eventful",
            [open("eventful", EVENTFUL), show("timeline"), select(1224)],
        ),
        Moment::new("eventful-no-detail", [select(1224), back()]),
        Moment::new("stranger", [show("timeline"), select(7)]),
        Moment::new("latency", [back(), show("calls")]),
        Moment::new(
            "calling-window",
            [
                show("timeline"),
                json!({ "do": "show-conversation", "conversation": 3 }),
            ],
        ),
        Moment::new("eventful-ladder", [show("ladder")]),
        Moment::new("eventful-findings", [show("findings")]),
        Moment::new(
            "eventful-findings-by-call",
            [json!({ "do": "group-findings", "by": "call" })],
        ),
        Moment::new(
            "rule",
            [
                json!({ "do": "group-findings", "by": "rule" }),
                json!({ "do": "show-rule", "code": "M16" }),
            ],
        ),
        Moment::new("eventful-state", [show("state"), select(1223)]),
        Moment::new(
            "filter-wrong",
            [
                back(),
                show("timeline"),
                filter("type:CALL_* or colour:red"),
            ],
        )
        .click("Filter"),
        Moment::new("filter-hides-all", [filter("type:TRANSFER")]),
        Moment::new("filter-completes", [filter("sev")]).click("Filter"),
        Moment::new("columns", [filter("")]).click("Columns"),
        Moment::new(
            "cleared",
            [
                back(),
                json!({ "do": "back-to-live" }),
                json!({ "do": "clear" }),
            ],
        ),
        Moment::new("cleared-calls", [show("calls")]),
        Moment::new("cleared-findings", [show("findings")]),
        Moment::new("cleared-ladder", [show("ladder")]),
        Moment::new(
            "cleared-state",
            [show("state"), json!({ "do": "undo-clear" })],
        ),
    ]
}
