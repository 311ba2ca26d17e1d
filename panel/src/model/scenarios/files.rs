//! Scenarios from files: any that ends in `.json` or `.jsonc` and is not a log.

use callscope_scenario::Scenario;
use serde_json::Value;

use super::super::Model;
use crate::action::View;

/// The most bytes of a scenario file.
const LONGEST: u64 = 1 << 20;

/// A file that is being read.
#[derive(Debug)]
pub(super) struct Reading {
    number: u32,
    name: String,
    bytes: Vec<u8>,
}

impl super::Scenarios {
    pub(crate) fn is_reading(&self, number: u32) -> bool {
        self.reading.as_ref().is_some_and(|it| it.number == number)
    }
}

/// Whether a file with this name and length may be a scenario.
fn may_be_scenario(name: &str, bytes: u64) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, it)| it);
    let is_json = ["json", "jsonc"]
        .iter()
        .any(|it| extension.eq_ignore_ascii_case(it));
    is_json && bytes <= LONGEST
}

/// Whether a text is a log, whatever its name: its first line is a JSON object of its own.
fn is_log(text: &str) -> bool {
    let first = text.trim_start().lines().next().unwrap_or_default();
    let first: Option<Value> = serde_json::from_str(first).ok();
    first.is_some_and(|it| it.is_object() && it.get("scenario").is_none())
}

impl Model {
    /// Accepts a file if it may be a scenario.
    pub(crate) fn begin_scenario_file(&mut self, number: u32, name: &str, bytes: u64) -> bool {
        self.scenarios.reading = may_be_scenario(name, bytes).then(|| Reading {
            number,
            name: name.to_owned(),
            bytes: Vec::new(),
        });
        self.scenarios.reading.is_some()
    }

    pub(crate) fn take_scenario_piece(&mut self, number: u32, bytes: &[u8]) {
        if let Some(reading) = &mut self.scenarios.reading
            && reading.number == number
        {
            reading.bytes.extend_from_slice(bytes);
        }
    }

    /// Handles the end of a file; returns whether it was a scenario's.
    pub(crate) fn end_scenario_file(&mut self, number: u32, result: &Result<(), String>) -> bool {
        let Some(reading) = self.scenarios.reading.take_if(|it| it.number == number) else {
            return false;
        };
        match result {
            Ok(()) => {
                if !self.take_scenario(&reading.name, &reading.bytes) {
                    self.import(&reading.name, &reading.bytes);
                }
            }
            Err(reason) => self
                .notices
                .failed(format!("Could not read {}: {reason}", reading.name)),
        }
        true
    }

    /// Lists and shows the scenario in a file, or reports a problem; `false` if it is not a
    /// scenario.
    pub(crate) fn take_scenario(&mut self, name: &str, bytes: &[u8]) -> bool {
        if !may_be_scenario(name, bytes.len() as u64) {
            return false;
        }
        let text = String::from_utf8_lossy(bytes);
        if is_log(&text) {
            return false;
        }
        self.view = View::Scenarios;
        match Scenario::read(name, &text) {
            Ok(scenario) => {
                self.scenarios.problem = None;
                self.scenarios.chosen = Some(scenario.name.clone());
                self.scenarios.own.retain(|it| it.name != scenario.name);
                self.scenarios.own.push(scenario);
            }
            Err(error) => self.scenarios.problem = Some(error.to_string()),
        }
        self.look_at_simulator();
        true
    }
}
