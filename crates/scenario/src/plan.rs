//! The steps of a scenario, including those of the scenarios that it continues.

use std::collections::BTreeSet;

use callscope_protocol::Version;
use serde_json::Value;

use crate::pattern::{Captured, capture, unknown, unknown_unwanted};
use crate::scenario::{HostStep, Scenario, Step, StepWhat};

/// A step and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedStep {
    /// The step.
    pub step: Step,
    /// The scenario that it is written in.
    pub scenario: String,
    /// The file of that scenario.
    pub file: String,
}

/// Everything to play for a scenario, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The scenario; its own steps are in `steps`.
    pub scenario: Scenario,
    /// All steps; `after` steps are replaced by the steps that they refer to.
    pub steps: Vec<PlannedStep>,
    /// The oldest SDK that any of the scenarios needs.
    pub sdk: Option<Version>,
    /// Rules whose findings do not count.
    pub allow: BTreeSet<String>,
}

/// Why a scenario cannot be played.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// It continues a scenario that does not exist.
    #[error(
        "{file}:{line}: there is no scenario \"{name}\"; `callscope conform list` names them, and one of your own has to be named as well, with --scenario and its file"
    )]
    NoScenario {
        /// The file.
        file: String,
        /// The line in it.
        line: usize,
        /// The name.
        name: String,
    },
    /// It continues from a label that does not exist.
    #[error(
        "{file}:{line}: {scenario} has no step with the label \"{label}\"; its labels are: {labels}"
    )]
    NoLabel {
        /// The file.
        file: String,
        /// The line in it.
        line: usize,
        /// The scenario that should have it.
        scenario: String,
        /// The label.
        label: String,
        /// The labels that it has.
        labels: String,
    },
    /// A step uses what no step before it can have captured.
    #[error(
        "{file}:{line}: ${name} is used before a step captures it, as {{\"widget\": …, \"data\": \
         {{…: \"${name}\"}}}} does; write $${name} for the text itself"
    )]
    NothingCaptured {
        /// The file.
        file: String,
        /// The line in it.
        line: usize,
        /// The name.
        name: String,
    },
    /// It continues itself.
    #[error("{file}:{line}: {name} would come after itself; begin one of them without `after`")]
    Circle {
        /// The file.
        file: String,
        /// The line in it.
        line: usize,
        /// The scenario.
        name: String,
    },
}

impl Plan {
    /// Combines everything to play for `scenario`; `find` returns other scenarios by name.
    ///
    /// # Errors
    ///
    /// An `after` refers to nothing, or to itself.
    pub fn new<'a>(
        scenario: &Scenario,
        find: &dyn Fn(&str) -> Option<&'a Scenario>,
    ) -> Result<Self, PlanError> {
        let mut plan = Self {
            scenario: scenario.clone(),
            steps: Vec::new(),
            sdk: None,
            allow: BTreeSet::new(),
        };
        plan.add(scenario, None, find, &mut vec![scenario.name.clone()])?;
        plan.check_captures()?;
        Ok(plan)
    }

    /// Whether each `$x` that a step uses is in a step before it. That one may be left out when it is
    /// played, so the runner looks again.
    fn check_captures(&self) -> Result<(), PlanError> {
        let mut known = Captured::new();
        for PlannedStep { step, file, .. } in &self.steps {
            let missing = match &step.what {
                StepWhat::Widget(it) | StepWhat::HostMessage(it) => {
                    let data = it.data.as_ref();
                    let missing = data.and_then(|it| unknown_unwanted(it, &known));
                    if let Some(data) = data {
                        capture(data, &mut known);
                    }
                    missing
                }
                StepWhat::Never { data, .. } => {
                    data.as_ref().and_then(|it| unknown_unwanted(it, &known))
                }
                StepWhat::Host(HostStep { data, number, .. }) => {
                    let number = number.clone().map(Value::from);
                    let mut used = data.iter().chain(&number);
                    used.find_map(|it| unknown(it, &known))
                }
                StepWhat::User { number, .. } => unknown(&Value::from(number.clone()), &known),
                _ => None,
            };
            if let Some(name) = missing {
                let (file, line) = (file.clone(), step.line);
                return Err(PlanError::NothingCaptured { file, line, name });
            }
        }
        Ok(())
    }

    fn add<'a>(
        &mut self,
        scenario: &Scenario,
        until: Option<&str>,
        find: &dyn Fn(&str) -> Option<&'a Scenario>,
        open: &mut Vec<String>,
    ) -> Result<(), PlanError> {
        self.sdk = self.sdk.max(scenario.sdk);
        self.allow.extend(scenario.allow.iter().cloned());
        for step in &scenario.steps {
            let StepWhat::After {
                scenario: name,
                label,
            } = &step.what
            else {
                self.steps.push(PlannedStep {
                    step: step.clone(),
                    scenario: scenario.name.clone(),
                    file: scenario.file.clone(),
                });
                if until.is_some() && step.label.as_deref() == until {
                    return Ok(());
                }
                continue;
            };
            let (file, line) = (scenario.file.clone(), step.line);
            let Some(other) = find(name) else {
                let name = name.clone();
                return Err(PlanError::NoScenario { file, line, name });
            };
            if open.contains(name) {
                let name = name.clone();
                return Err(PlanError::Circle { file, line, name });
            }
            if let Some(label) = label {
                let labels: Vec<&str> = other
                    .steps
                    .iter()
                    .filter_map(|it| it.label.as_deref())
                    .collect();
                if !labels.contains(&label.as_str()) {
                    return Err(PlanError::NoLabel {
                        file,
                        line,
                        scenario: name.clone(),
                        label: label.clone(),
                        labels: if labels.is_empty() {
                            "none".to_owned()
                        } else {
                            labels.join(", ")
                        },
                    });
                }
            }
            open.push(name.clone());
            self.add(other, label.as_deref(), find, open)?;
            open.pop();
        }
        Ok(())
    }
}
