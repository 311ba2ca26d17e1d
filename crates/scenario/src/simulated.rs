//! Translates what a scenario asks of the simulated HubSpot into the simulator's terms.

use callscope_simulator::{ANSWERS, AnswerId, Fault};
use serde_json::{Value, json};

use crate::run::Runner;
use crate::scenario::{Answers, HostStep, StepWhat};
use crate::verdict::Verdict;

impl HostStep {
    /// The step as an act in the simulator.
    #[must_use]
    pub fn to_act(&self) -> Value {
        let Self {
            action,
            number,
            record,
            ty,
            data,
        } = self;
        let mut act = json!({ "act": action.word() });
        let fields = [
            ("number", number.clone().map(Value::from)),
            ("record", record.clone().map(Value::from)),
            ("type", ty.clone().map(Value::from)),
            ("data", data.clone()),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                act[name] = value;
            }
        }
        act
    }
}

impl Answers {
    /// The simulator's switches for these answers; null turns one off.
    #[must_use]
    pub fn to_switches(&self) -> Vec<(String, Value)> {
        match self {
            Self::Switches(switches) => switches
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            // What HubSpot's user does is not an answer.
            Self::Nothing => ANSWERS
                .iter()
                .filter(|it| it.faults.contains(&Fault::Drop))
                .filter(|it| {
                    !matches!(
                        it.id,
                        AnswerId::Sync
                            | AnswerId::DialNumber
                            | AnswerId::EndCall
                            | AnswerId::SetCallState
                    )
                })
                .map(|it| (format!("{}.drop", it.name), json!(true)))
                .collect(),
        }
    }

    /// The switches that are on at the beginning, `name:value`, after applying all of these in
    /// order.
    #[must_use]
    pub fn switches_at_start(all: &[Self]) -> Vec<String> {
        let mut switches: Vec<String> = Vec::new();
        for (name, value) in all.iter().flat_map(Self::to_switches) {
            let key = format!("{name}:");
            switches.retain(|it| !it.starts_with(&key));
            if !value.is_null() {
                switches.push(format!("{key}{value}"));
            }
        }
        switches
    }
}

impl Runner {
    /// The verdict on a scenario that names answers which nothing asked for, given the simulator's
    /// switches that had no effect; `None` if it names none of them.
    #[must_use]
    pub fn on_unmet(&self, switches: &[&str]) -> Option<Verdict> {
        // `"answers": "none"` names no answer in particular.
        let named = |switch: &str| {
            self.steps().any(|step| match &step.what {
                StepWhat::Answers(Answers::Switches(all)) => all.iter().any(|(it, _)| it == switch),
                _ => false,
            })
        };
        let unmet: Vec<&str> = switches.iter().copied().filter(|it| named(it)).collect();
        (!unmet.is_empty()).then(|| {
            Verdict::HarnessError(format!(
                "the answer {} was never given: nothing asked for it; remove it from the scenario",
                unmet.join(", ")
            ))
        })
    }
}
