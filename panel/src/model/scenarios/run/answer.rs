//! What the inspected page answers, and so what it is.

use serde_json::Value;

/// What the inspected page is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) enum Place {
    /// It was not asked, or has not answered.
    #[default]
    Unknown,
    /// Not the simulator.
    Elsewhere,
    /// The simulator of another version of Callscope.
    OtherVersion,
    /// The simulator.
    Simulator {
        /// How far the widget is, as the simulator calls it.
        link: String,
        /// The widget's address; empty if there is none.
        widget: String,
    },
}

/// The page's answer; each has some of it.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) version: u64,
    pub(super) link: Option<String>,
    pub(super) widget: String,
    pub(super) done: bool,
    pub(super) refused: Option<String>,
    pub(super) error: Option<String>,
    pub(super) unmet: Vec<String>,
}

impl Answer {
    /// Reads an answer; `None` if it is `null`: the page has nothing that answers.
    pub(super) fn read(text: &str) -> Result<Option<Self>, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let unmet = value.get("unmet").and_then(Value::as_array);
        let answer = Self {
            version: value.get("version").and_then(Value::as_u64).unwrap_or(0),
            link: text("link"),
            widget: text("widget").unwrap_or_default(),
            done: value.get("done") == Some(&Value::Bool(true)),
            refused: text("refused"),
            error: text("error"),
            unmet: (unmet.into_iter().flatten())
                .filter_map(|it| Some(it.as_str()?.to_owned()))
                .collect(),
        };
        Ok((!value.is_null()).then_some(answer))
    }
}

/// The version of `callscopeSimulator.scenario` that the panel understands.
pub(super) const VERSION: u64 = 1;
