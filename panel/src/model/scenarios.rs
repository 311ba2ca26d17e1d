//! Scenarios run with the widget in the simulator: the list, and the user's actions.
//!
//! The runner is here, with the session; HubSpot's part is played by the inspected page
//! ([`Effect::AskSimulator`]), the widget user's part by the person using the page.

use std::sync::OnceLock;

use callscope_protocol::{Millis, Severity};
use callscope_scenario::{Bindings, Event, Options, Plan, PlanError, Runner, Scenario};
use serde::{Deserialize, Serialize};

use super::Model;
use crate::action::View;
use crate::event::{Effect, SimulatorAsk};

mod data;
mod files;
mod run;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub(crate) use data::{
    ChosenData, OutcomeData, PromptData, ScenarioLine, ScenariosData, StepLine, StepState,
};
use files::Reading;
use run::{About, Place, Run};

/// A user's action on scenarios.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum ScenarioAction {
    /// Show a scenario's steps.
    Choose {
        /// The scenario's name; `None` for the list.
        name: Option<String>,
    },
    /// Run the chosen scenario from the beginning, or continue where it stopped.
    Run,
    /// Run one step, and stop before the next.
    Step,
    /// End the run.
    Stop,
    /// Report that the manual step has been done.
    Done,
    /// Report that the manual step cannot be done.
    Skip,
    /// Ask for a scenario file.
    Open,
    /// Show a message of the run in the timeline.
    ShowFact {
        /// The id of its entry.
        id: u64,
    },
}

impl ScenarioAction {
    /// The text of the action's button.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Choose { name: Some(name) } => name.clone(),
            Self::Choose { name: None } => "All scenarios".to_owned(),
            Self::Run => "Run".to_owned(),
            Self::Step => "Step".to_owned(),
            Self::Stop => "Stop".to_owned(),
            Self::Done => "Done".to_owned(),
            Self::Skip => "Skip scenario".to_owned(),
            Self::Open => "Open scenario…".to_owned(),
            Self::ShowFact { .. } => "Show in timeline".to_owned(),
        }
    }

    /// What the action does.
    #[must_use]
    pub const fn tooltip(&self) -> &'static str {
        match self {
            Self::Choose { name: Some(_) } => "Show the steps of this scenario",
            Self::Choose { name: None } => "Back to the list of scenarios",
            Self::Run => {
                "Reload the simulator's page and the widget and play the scenario, or continue where it stopped"
            }
            Self::Step => "Play one step and stop before the next",
            Self::Stop => "End this run without a verdict",
            Self::Done => "It has been done in the widget: go on",
            Self::Skip => "It cannot be done with this widget: end the run as skipped",
            Self::Open => "Open a .json or .jsonc file with a scenario of your own",
            Self::ShowFact { .. } => "Show the message in the timeline",
        }
    }
}

/// The panel's state for scenarios.
#[derive(Debug, Default)]
pub(super) struct Scenarios {
    /// Scenarios that the user has opened, in that order.
    own: Vec<Scenario>,
    /// The name of the scenario whose steps are shown.
    chosen: Option<String>,
    /// Why the last file could not be read, or the chosen scenario cannot run.
    problem: Option<String>,
    /// A file that is being read.
    reading: Option<Reading>,
    /// What is known of the inspected page.
    place: Place,
    /// The questions that the page has not answered yet.
    asks: Vec<(u32, About)>,
    next_ask: u32,
    run: Option<Run>,
    /// The last verdict on each scenario, as a word.
    verdicts: Vec<(String, &'static str)>,
    effects: Vec<Effect>,
}

/// The built-in scenarios.
fn built_in() -> &'static [Scenario] {
    static ALL: OnceLock<Vec<Scenario>> = OnceLock::new();
    // A test reads all of them, so that this cannot fail.
    ALL.get_or_init(|| callscope_scenario::built_in().unwrap_or_default())
}

impl Scenarios {
    fn all(&self) -> impl Iterator<Item = &Scenario> {
        self.own.iter().chain(built_in())
    }

    fn find(&self, name: &str) -> Option<&Scenario> {
        self.all().find(|it| it.name == name)
    }

    /// The plan for running a scenario.
    fn plan(&self, name: &str) -> Option<Result<Plan, PlanError>> {
        let scenario = self.find(name)?;
        Some(Plan::new(scenario, &|name| {
            // A scenario may extend a built-in one of the same name.
            let others = self.all().filter(|it| !std::ptr::eq(*it, scenario));
            others.into_iter().find(|it| it.name == name)
        }))
    }

    fn ask(&mut self, about: About, ask: SimulatorAsk) {
        self.next_ask += 1;
        let number = self.next_ask;
        self.asks.push((number, about));
        self.effects.push(Effect::AskSimulator { number, ask });
    }

    /// Remembers the last verdict on a scenario.
    fn note_verdict(&mut self, name: &str, word: &'static str) {
        self.verdicts.retain(|(it, _)| it != name);
        self.verdicts.push((name.to_owned(), word));
    }

    fn last_verdict(&self, name: &str) -> Option<&'static str> {
        let (_, word) = self.verdicts.iter().find(|(it, _)| it == name)?;
        Some(word)
    }

    /// The effects requested since the last call.
    pub(super) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }
}

impl Model {
    /// Finds out whether the inspected page is the simulator.
    pub(super) fn enter_scenarios(&mut self) -> Vec<Effect> {
        self.look_at_simulator();
        self.scenarios.take_effects()
    }

    fn look_at_simulator(&mut self) {
        let mut asks = self.scenarios.asks.iter();
        if !asks.any(|(_, about)| *about == About::Look) {
            self.scenarios.ask(About::Look, SimulatorAsk::Look);
        }
    }

    pub(super) fn perform_scenario(&mut self, what: ScenarioAction) -> Vec<Effect> {
        match what {
            ScenarioAction::Choose { name } => {
                let name = name.filter(|it| self.scenarios.find(it).is_some());
                self.scenarios.problem = None;
                self.scenarios.chosen = name;
                if self.view != View::Scenarios {
                    self.view = View::Scenarios;
                    self.look_at_simulator();
                }
            }
            ScenarioAction::Run => self.play(Runner::run_on),
            ScenarioAction::Step => self.play(Runner::step_on),
            ScenarioAction::Stop => {
                if let Some(run) = &mut self.scenarios.run {
                    run.stop(self.now);
                }
            }
            ScenarioAction::Done => self.tell_runner(Event::Done),
            ScenarioAction::Skip => {
                let hand = self.scenarios.run.as_ref().and_then(Run::hand);
                if let Some((role, _)) = hand {
                    let why = format!("{} was not done by hand", role.word());
                    self.tell_runner(Event::CannotUse(why));
                }
            }
            ScenarioAction::Open => return vec![Effect::PickFile],
            ScenarioAction::ShowFact { id } => {
                if self.imported.is_none() && self.shown().find(id).is_some() {
                    self.view = View::Timeline;
                    self.select(id);
                    self.show_selection();
                } else {
                    let text = "The message is not in the timeline any more";
                    self.notices.info(self.seconds(), text, None);
                }
            }
        }
        self.go_on_with_scenario()
    }

    /// Continues the run of the chosen scenario, or starts one.
    fn play(&mut self, how: impl Fn(&mut Runner)) {
        let now = self.scenario_now();
        let Some(name) = self.scenarios.chosen.clone() else {
            return;
        };
        if let Some(run) = self.scenarios.run.as_mut().filter(|it| it.is_playing()) {
            if run.name() == name {
                run.runner.tell_time(now);
                how(&mut run.runner);
            }
            return;
        }
        if self.scenario_obstacle().is_some() {
            return;
        }
        let plan = match self.scenarios.plan(&name) {
            Some(Ok(plan)) => plan,
            Some(Err(error)) => {
                self.scenarios.problem = Some(error.to_string());
                return;
            }
            None => return,
        };
        let options = Options {
            profile: None,
            deny: Some(Severity::Error),
            by_hand: true,
        };
        let mut runner = Runner::new(plan, Bindings::default(), options, now);
        how(&mut runner);
        self.scenarios.problem = None;
        self.scenarios.run = Some(Run::new(runner, now));
    }

    fn tell_runner(&mut self, event: Event) {
        let now = self.scenario_now();
        let run = self.scenarios.run.as_mut();
        if let Some(run) = run.filter(|it| it.hand().is_some()) {
            run.runner.tell_time(now);
            run.runner.handle(event);
        }
    }

    /// The runner's time: the page's clock, if known.
    fn scenario_now(&self) -> Millis {
        self.recorder_clock().unwrap_or(self.now)
    }
}
