//! Steps and waits in words, for display while a scenario is played.

use callscope_protocol::Side;
use callscope_session_view::words;
use serde_json::Value;

use crate::scenario::{Answers, Expectation, HostStep, Step, StepWhat};
use crate::vocabulary::HostAction;

impl Step {
    /// The side that acts or sends in it; `None` for people, and if no side is named.
    #[must_use]
    pub const fn side(&self) -> Option<Side> {
        match self.what {
            StepWhat::Host(_) | StepWhat::HostMessage(_) | StepWhat::Answers(_) => Some(Side::Host),
            StepWhat::Widget(_) | StepWhat::Never { .. } => Some(Side::Widget),
            StepWhat::User { .. } | StepWhat::After { .. } | StepWhat::Needs(_) => None,
        }
    }

    /// The step in one line: `Widget: CALL_ENDED {"callEndStatus":"BUSY"}`.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.what {
            StepWhat::Host(host) => format!("HubSpot: {}", host_words(host)),
            StepWhat::HostMessage(it) => format!("HubSpot: {}", expectation(it)),
            StepWhat::Widget(it) => format!("Widget: {}", expectation(it)),
            StepWhat::User { role, .. } => format!("By hand: {}", sentence(role.words())),
            StepWhat::Never { ty, data, span } => {
                let (what, span) = (with_data(ty.name(), data.as_ref()), words::duration(*span));
                format!("Widget: no {what} for {span}")
            }
            StepWhat::Answers(answers) => format!("HubSpot: {}", answers_words(answers)),
            StepWhat::After { scenario, .. } => format!("First {scenario}"),
            StepWhat::Needs(condition) => format!("Only if: {}", sentence(condition.words())),
        }
    }
}

impl Step {
    /// When the step is done at all; `None` if always.
    ///
    /// `It is only done if the widget's user takes no calls.`
    #[must_use]
    pub fn only_words(&self) -> Option<String> {
        let profile = self
            .profile
            .map(|it| format!("It is only for {}", lower(it.words())));
        let condition = self.condition;
        let condition = condition.map(|it| format!("It is only done if {}", lower(it.words())));
        let sentences: Vec<String> = profile.into_iter().chain(condition).collect();
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }
}

/// A sentence as the end of another.
fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|it| it.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

fn expectation(Expectation { ty, data, .. }: &Expectation) -> String {
    with_data(ty.name(), data.as_ref())
}

fn with_data(name: &str, data: Option<&Value>) -> String {
    data.map_or_else(|| name.to_owned(), |data| format!("{name} {data}"))
}

fn host_words(host: &HostStep) -> String {
    if host.action == HostAction::Send {
        let ty = host.ty.as_deref().unwrap_or_default();
        return format!("sends {}", with_data(ty, host.data.as_ref()));
    }
    let about = host.number.as_deref().or(host.record.as_deref());
    match about {
        Some(about) => format!("{} {about}", host.action.word()),
        None => with_data(host.action.word(), host.data.as_ref()),
    }
}

fn answers_words(answers: &Answers) -> String {
    match answers {
        Answers::Nothing => "answers nothing".to_owned(),
        Answers::Switches(switches) => {
            let switches: Vec<String> = switches
                .iter()
                .map(|(name, value)| format!("{name} {value}"))
                .collect();
            format!("answers with {}", switches.join(", "))
        }
    }
}

/// A sentence of the vocabulary as part of a line.
fn sentence(words: &str) -> &str {
    words.strip_suffix('.').unwrap_or(words)
}
