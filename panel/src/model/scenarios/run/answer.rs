//! The inspected page's answers, which tell whether it is the simulator.

use serde_json::Value;

/// What is known of the inspected page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) enum Place {
    /// Not asked, or not answered.
    #[default]
    Unknown,
    /// Not the simulator.
    Elsewhere,
    /// The simulator of another version of Callscope.
    OtherVersion,
    /// The simulator.
    Simulator {
        /// The widget's link state, in the simulator's terms.
        link: String,
        /// The widget's address; empty if there is none.
        widget: String,
        /// Whether the simulator itself navigated from the previous page to this one.
        went: bool,
    },
}

/// The page's answer; each answer has only some of these.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) version: u64,
    pub(super) link: Option<String>,
    pub(super) widget: String,
    pub(super) went: bool,
    pub(super) loading: bool,
    pub(super) done: bool,
    pub(super) refused: Option<String>,
    pub(super) error: Option<String>,
    pub(super) unmet: Vec<String>,
}

impl Answer {
    /// Reads an answer; `None` for `null`, which means that the page is not the simulator.
    pub(super) fn read(text: &str) -> Result<Option<Self>, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let is = |key: &str| value.get(key) == Some(&Value::Bool(true));
        let unmet = value.get("unmet").and_then(Value::as_array);
        let answer = Self {
            version: value.get("version").and_then(Value::as_u64).unwrap_or(0),
            link: text("link"),
            widget: text("widget").unwrap_or_default(),
            went: is("went"),
            loading: is("loading"),
            done: is("done"),
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
