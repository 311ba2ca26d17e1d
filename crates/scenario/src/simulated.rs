//! What a scenario asks of the simulated HubSpot, as the simulator takes it.

use callscope_simulator::{ANSWERS, AnswerId, Fault};
use serde_json::{Value, json};

use crate::scenario::{Answers, HostStep};
use crate::verdict::Verdict;

impl HostStep {
    /// The step as an act of the simulator.
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
    /// The switches of the simulator for it; null turns one off.
    #[must_use]
    pub fn to_switches(&self) -> Vec<(String, Value)> {
        match self {
            Self::Switches(switches) => switches
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            // What HubSpot's user does is no answer.
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

    /// The switches that are on from the beginning, `name:value`, after these one by one.
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

impl Verdict {
    /// The verdict on a scenario whose answers were not all asked for; `None` if there are none such.
    #[must_use]
    pub fn on_unmet(switches: &[&str]) -> Option<Self> {
        (!switches.is_empty()).then(|| {
            Self::HarnessError(format!(
                "the answer {} was never given: nothing asked for it; remove it from the scenario",
                switches.join(", ")
            ))
        })
    }
}
