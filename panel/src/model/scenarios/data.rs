//! The contents of the Scenarios view.

use callscope_protocol::{Millis, Side};
use callscope_scenario::{Activity, Failure, Plan, Role, Scenario, StepDone, Verdict, applies};
use callscope_session_view::words;

use super::super::Model;
use super::built_in;
use super::run::{Place, Run};
use crate::action::Action;

/// Everything that the view shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ScenariosData {
    /// Why no scenario can run, and an action that helps.
    pub(crate) obstacle: Option<(String, Option<Action>)>,
    /// The problem with a file or a scenario.
    pub(crate) problem: Option<String>,
    /// The list, the user's own first.
    pub(crate) lines: Vec<ScenarioLine>,
    /// The scenario whose steps are shown.
    pub(crate) chosen: Option<ChosenData>,
}

/// A scenario in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScenarioLine {
    pub(crate) name: String,
    pub(crate) title: String,
    /// Why the scenario matters.
    pub(crate) why: String,
    /// The widgets that it applies to.
    pub(crate) applies: String,
    pub(crate) is_own: bool,
    pub(crate) is_chosen: bool,
    /// The last verdict, or that it is running.
    pub(crate) state: Option<&'static str>,
}

/// The scenario whose steps are shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChosenData {
    pub(crate) line: ScenarioLine,
    /// The name of another scenario that is running.
    pub(crate) busy: Option<String>,
    pub(crate) can_run: bool,
    pub(crate) can_step: bool,
    pub(crate) can_stop: bool,
    /// What has to be done by hand now.
    pub(crate) prompt: Option<PromptData>,
    /// What the run is doing, if not a step.
    pub(crate) activity: Option<&'static str>,
    pub(crate) outcome: Option<OutcomeData>,
    pub(crate) steps: Vec<StepLine>,
}

/// An instruction to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PromptData {
    /// "The user hangs up in the widget."
    pub(crate) what: String,
    /// How the run continues.
    pub(crate) then: String,
}

/// The outcome of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutcomeData {
    /// `pass`, `fail`, `skipped`, `harness error`, `stopped`.
    pub(crate) word: &'static str,
    /// "3.4 s".
    pub(crate) took: String,
    /// Labeled sentences: `expected`, `actual`, `because`.
    pub(crate) lines: Vec<(&'static str, String)>,
    /// The entry where it failed.
    pub(crate) fact: Option<u64>,
}

/// A step of the chosen scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StepLine {
    /// Its number, from 1.
    pub(crate) number: usize,
    pub(crate) words: String,
    /// Its text in the scenario's file, and its location.
    pub(crate) source: String,
    pub(crate) side: Option<Side>,
    /// When it is done at all; `None` if always.
    pub(crate) only: Option<String>,
    pub(crate) state: StepState,
    /// The entry that it matched, or where it failed.
    pub(crate) fact: Option<u64>,
}

/// The state of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StepState {
    /// Not yet.
    ToCome,
    /// Running, and for how long.
    Now(String),
    /// Done, and when.
    Done(String),
    /// It did not apply.
    LeftOut,
    /// The run failed, was skipped, or was stopped at this step.
    Ended(&'static str),
}

impl StepState {
    /// The words at the end of the step's line.
    pub(crate) fn words(&self) -> &str {
        match self {
            Self::ToCome => "",
            Self::Now(words) | Self::Done(words) => words,
            Self::LeftOut => "left out",
            Self::Ended(word) => word,
        }
    }
}

impl Model {
    /// Why no scenario can run, and an action that helps.
    pub(crate) fn scenario_obstacle(&self) -> Option<(String, Option<Action>)> {
        let only = |words: &str| Some((words.to_owned(), None));
        if self.imported.is_some() {
            let words = "This is a saved session. A scenario is played in a live page.";
            return Some((words.to_owned(), Some(Action::SwitchSession)));
        }
        match &self.scenarios.place {
            Place::Unknown if self.connection.is_attached() => only("Looking at the page…"),
            Place::Unknown | Place::Elsewhere => only(
                "Scenarios are played in the simulator, and this page is not it. Click Callscope's \
                 button in the browser's toolbar, choose Simulator and enter your widget's address \
                 there; then open DevTools on that page.",
            ),
            Place::OtherVersion => only(
                "This is the simulator of another version of Callscope. Use the one behind \
                 Callscope's button in the browser's toolbar.",
            ),
            Place::Simulator { widget, .. } if widget.is_empty() => only(
                "The simulator has no widget yet. Enter its address in the page, under Controls, \
                 and press Load.",
            ),
            Place::Simulator { .. } if !self.connection.is_attached() => {
                only("Looking at the page…")
            }
            Place::Simulator { .. } => {
                let is_paused = self.status.as_ref().is_some_and(|it| !it.recording);
                is_paused.then(|| {
                    let words = "Recording is paused, so a scenario would see nothing.";
                    (words.to_owned(), Some(Action::SetRecording { on: true }))
                })
            }
        }
    }

    /// The contents of the view.
    pub(crate) fn scenarios_data(&self) -> ScenariosData {
        let scenarios = &self.scenarios;
        let playing = scenarios.run.as_ref().filter(|it| it.is_playing());
        let obstacle = self.scenario_obstacle().filter(|_| playing.is_none());
        let lines: Vec<ScenarioLine> = (scenarios.own.iter().rev().map(|it| (it, true)))
            .chain(built_in().iter().map(|it| (it, false)))
            .map(|(it, is_own)| self.scenario_line(it, is_own))
            .collect();
        let name = scenarios.chosen.as_deref();
        let plan = name.and_then(|name| scenarios.plan(name));
        let mut problem = scenarios.problem.clone();
        let plan = match plan {
            Some(Ok(plan)) => Some(plan),
            Some(Err(error)) => {
                problem = Some(error.to_string());
                None
            }
            None => None,
        };
        let line = lines.iter().find(|it| it.is_chosen).cloned();
        let chosen = line.zip(plan).map(|(line, plan)| {
            let can_begin = obstacle.is_none();
            self.chosen_data(line, &plan, can_begin)
        });
        ScenariosData {
            obstacle,
            problem,
            lines,
            chosen,
        }
    }

    fn scenario_line(&self, scenario: &Scenario, is_own: bool) -> ScenarioLine {
        let scenarios = &self.scenarios;
        let Scenario {
            name, title, why, ..
        } = scenario;
        let is_it = |run: &&Run| run.name() == name;
        let playing = scenarios.run.as_ref().filter(|it| it.is_playing());
        let verdict = scenarios.last_verdict(name);
        // The user's scenario hides a built-in one of the same name.
        let is_hidden = !is_own && scenarios.own.iter().any(|it| it.name == *name);
        ScenarioLine {
            is_chosen: scenarios.chosen.as_ref() == Some(name) && !is_hidden,
            state: playing.filter(is_it).map_or(verdict, |_| Some("running")),
            name: name.clone(),
            title: title.clone(),
            why: why.clone(),
            applies: applies(scenario),
            is_own,
        }
    }

    fn chosen_data(&self, line: ScenarioLine, plan: &Plan, can_begin: bool) -> ChosenData {
        let run = self.scenarios.run.as_ref();
        let other = run.filter(|it| it.is_playing() && it.name() != line.name);
        let run = run.filter(|it| it.name() == line.name);
        let plan = run.map_or(plan, |it| it.runner.plan());
        let playing = run.filter(|it| it.is_playing());
        let activity = playing.map(|it| it.runner.activity());
        let now = self.scenario_now();
        let is_stopped = activity == Some(Activity::Stopped);
        let steps = plan.steps.iter().enumerate();
        let steps = steps.map(|(index, it)| {
            let (state, fact) = match run {
                Some(run) => step_state(run, index, now),
                None => (StepState::ToCome, None),
            };
            StepLine {
                number: index + 1,
                words: it.step.words(),
                source: format!("{}:{}  {}", it.file, it.step.line, it.step.text),
                side: it.step.side(),
                only: it.step.only_words(),
                state,
                fact: fact.filter(|_| self.imported.is_none()),
            }
        });
        ChosenData {
            steps: steps.collect(),
            busy: other.map(|it| it.name().to_owned()),
            can_run: playing.map_or(can_begin && other.is_none(), |_| is_stopped),
            can_step: playing.map_or(can_begin && other.is_none(), |_| is_stopped),
            can_stop: playing.is_some(),
            prompt: run.and_then(prompt),
            activity: activity.and_then(|it| match it {
                Activity::Opening => Some("The simulator's page and the widget are loading…"),
                Activity::Ending => Some("All steps are done; what the widget still does counts…"),
                Activity::Stopped => Some("Stopped before the next step"),
                _ => None,
            }),
            outcome: run.and_then(outcome),
            line,
        }
    }
}

fn prompt(run: &Run) -> Option<PromptData> {
    let (role, number) = run.hand()?;
    let what = match role {
        Role::Call | Role::Incoming => format!("{} Number: {number}", role.words()),
        _ => role.words().to_owned(),
    };
    let then = match run.runner.awaited() {
        Some(ty) => format!("Goes on when the widget sends {ty}, or with Done."),
        None => "No message reports it: press Done when it is done.".to_owned(),
    };
    Some(PromptData { what, then })
}

fn outcome(run: &Run) -> Option<OutcomeData> {
    let (word, lines) = match run.verdict() {
        Some(verdict) => {
            let lines = match verdict {
                Verdict::Pass => Vec::new(),
                Verdict::Fail(Failure {
                    expected, actual, ..
                }) => vec![("expected", expected.clone()), ("actual", actual.clone())],
                Verdict::Skipped(why) | Verdict::HarnessError(why) => {
                    vec![("because", why.clone())]
                }
            };
            (verdict.word(), lines)
        }
        None if run.is_stopped => ("stopped", Vec::new()),
        None => return None,
    };
    Some(OutcomeData {
        word,
        took: after(run, run.ended.unwrap_or(run.began)),
        lines,
        fact: run.failed_at(),
    })
}

/// The time since the run began: "3.4 s".
fn after(run: &Run, at: Millis) -> String {
    format!("{:.1} s", (at - run.began).0 / 1_000.0)
}

/// The state of a step, and the entry that it is about.
fn step_state(run: &Run, index: usize, now: Millis) -> (StepState, Option<u64>) {
    let runner = &run.runner;
    if let Some(StepDone {
        at,
        is_left_out,
        fact,
    }) = runner.steps_done().get(index)
    {
        if *is_left_out {
            return (StepState::LeftOut, None);
        }
        return (StepState::Done(format!("+{}", after(run, *at))), *fact);
    }
    let at = match run.verdict() {
        Some(Verdict::Fail(failure)) => failure.step,
        _ => runner.step(),
    };
    if at != index {
        return (StepState::ToCome, None);
    }
    match run.verdict() {
        Some(Verdict::Pass) => return (StepState::ToCome, None),
        Some(verdict) => return (StepState::Ended(verdict.word()), run.failed_at()),
        None if run.is_stopped => return (StepState::Ended("stopped"), None),
        None => {}
    }
    let words = match runner.activity() {
        Activity::Waiting { since, span } => {
            let waited = Millis((now - since).0.clamp(0.0, span.0));
            let seconds = (waited.0 / 1_000.0).floor();
            format!("{seconds} of {}", words::seconds(span))
        }
        Activity::Doing if run.hand().is_some() => "your turn".to_owned(),
        Activity::Doing => "now".to_owned(),
        Activity::Stopped => "next".to_owned(),
        Activity::Opening | Activity::Ending | Activity::Over => return (StepState::ToCome, None),
    };
    (StepState::Now(words), None)
}
