//! The result of a scenario.

/// How a scenario ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The widget did everything that was expected.
    Pass,
    /// It did not.
    Fail(Failure),
    /// The scenario does not apply to this widget, or cannot be played with it; with the reason.
    Skipped(String),
    /// Something failed that is not the widget's fault; with a description.
    HarnessError(String),
}

/// Why a scenario failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The step, counted from 0 in [`Plan::steps`](crate::Plan::steps).
    pub step: usize,
    /// What was expected.
    pub expected: String,
    /// What happened instead.
    pub actual: String,
    /// The message that it is about.
    pub seq: Option<u64>,
    /// The rule, if the failure is a finding of the checker.
    pub rule: Option<&'static str>,
}

impl Verdict {
    /// The verdict in one word: `pass`, `fail`, `skipped`, `harness error`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail(_) => "fail",
            Self::Skipped(_) => "skipped",
            Self::HarnessError(_) => "harness error",
        }
    }
}
