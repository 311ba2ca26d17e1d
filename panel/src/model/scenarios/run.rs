//! A run: passes the runner's requests to the simulator's page, and the session's facts to the
//! runner.

mod answer;
mod page;

use std::collections::HashSet;

use callscope_protocol::Millis;
use callscope_scenario::{
    Activity, Answers, Command, Event, Failure, Role, Runner, StepWhat, Verdict,
};
use callscope_session_log::LogLine;
use serde_json::Value;

pub(super) use self::answer::Place;
use self::page::Opening;
use super::super::Model;
use crate::action::View;
use crate::event::{Effect, SimulatorAsk};

/// The question that an answer of the inspected page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// What the page is.
    Look,
    /// A request from the run with this number.
    Run(u64, Wish),
}

/// What a run asks the page to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Reload.
    Begin,
    /// Carry out a step of HubSpot's.
    Step,
    /// Report the switches that nothing has matched.
    Unmet,
}

/// A scenario that is running or has run.
#[derive(Debug)]
pub(super) struct Run {
    /// Identifies the run.
    number: u64,
    pub(super) runner: Runner,
    /// When it began, by the page's clock.
    pub(super) began: Millis,
    /// When it ended.
    pub(super) ended: Option<Millis>,
    opening: Opening,
    /// The last entry id before the run's first fact; `None` until its page has loaded.
    first: Option<u64>,
    /// The ids of the facts passed to the runner.
    fed: HashSet<u64>,
    /// The session's revision when facts were last passed on.
    revision: u64,
    /// What has to be done by hand now: whose part, and the phone number.
    hand: Option<(Role, String)>,
    /// Replaces the runner's verdict.
    verdict: Option<Verdict>,
    pub(super) is_stopped: bool,
    /// Whether the page was asked for unmatched switches, which is the last question.
    has_asked_unmet: bool,
}

impl Run {
    pub(super) fn new(runner: Runner, now: Millis) -> Self {
        Self {
            number: now.0.to_bits(),
            runner,
            began: now,
            ended: None,
            opening: Opening::Over,
            first: None,
            fed: HashSet::new(),
            revision: u64::MAX,
            hand: None,
            verdict: None,
            is_stopped: false,
            has_asked_unmet: false,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.runner.plan().scenario.name
    }

    /// Whether it is still running.
    pub(super) fn is_playing(&self) -> bool {
        !self.is_stopped && self.verdict().is_none()
    }

    pub(super) fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref().or_else(|| self.runner.verdict())
    }

    pub(super) fn stop(&mut self, now: Millis) {
        if self.is_playing() {
            self.is_stopped = true;
            self.ended = Some(now);
        }
    }

    /// Who has to do something by hand now, and the phone number for it.
    pub(super) fn hand(&self) -> Option<(Role, &str)> {
        let (role, number) = self.hand.as_ref()?;
        self.is_playing().then_some((*role, number.as_str()))
    }

    /// The id of the entry where it failed: the message that contradicts the step, otherwise the
    /// last one before the failure.
    pub(super) fn failed_at(&self) -> Option<u64> {
        let Some(Verdict::Fail(Failure { seq, .. })) = self.verdict() else {
            return None;
        };
        let session = self.runner.session();
        let last = session.message_count().checked_sub(1)?;
        let index = seq.and_then(|seq| session.message_index(seq));
        let placed = session.nth_message(index.unwrap_or(last))?;
        Some(placed.id)
    }

    fn is_done_by_hand(&self) -> bool {
        let step = self.runner.plan().steps.get(self.runner.step());
        let is_user = step.is_some_and(|it| matches!(it.step.what, StepWhat::User { .. }));
        is_user && self.runner.activity() == Activity::Doing
    }
}

impl super::Scenarios {
    /// Whether to keep the log when the page navigates: the run continues in the next page.
    pub(crate) fn keeps_log(&self) -> bool {
        let run = self.run.as_ref().filter(|it| it.is_playing());
        run.is_some_and(|it| !matches!(it.opening, Opening::Leaving { .. }))
    }

    /// When silence will mean something to the run.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        let run = self.run.as_ref()?;
        let is_on = run.is_playing() && run.opening == Opening::Over;
        run.runner.next_deadline().filter(|_| is_on)
    }

    /// Starts over without these facts, which turned out to be wrong.
    pub(crate) fn forget(&mut self, ids: &[u64]) {
        let Some(run) = self.run.as_mut().filter(|it| it.is_playing()) else {
            return;
        };
        let ids: Vec<u64> = ids
            .iter()
            .copied()
            .filter(|it| run.fed.remove(it))
            .collect();
        if !ids.is_empty() {
            run.runner.handle(Event::Forget(ids));
        }
    }
}

impl Model {
    /// In how many milliseconds the shown seconds of the run change.
    pub(crate) fn scenario_counts(&self) -> Option<f64> {
        let run = self.scenarios.run.as_ref().filter(|it| it.is_playing())?;
        let is_shown = self.view == View::Scenarios && self.imported.is_none();
        let counts = matches!(run.runner.activity(), Activity::Waiting { .. });
        (is_shown && counts).then_some(1_000.0)
    }

    /// Passes the session's new facts to the runner, and the runner's requests to the page.
    pub(crate) fn go_on_with_scenario(&mut self) -> Vec<Effect> {
        let Some(mut run) = self.scenarios.run.take() else {
            return self.scenarios.take_effects();
        };
        let was_over = run.ended.is_some();
        if run.is_playing() {
            let now = self.scenario_now();
            run.runner.tell_time(now);
            self.feed(&mut run);
            while let Some(command) = run.runner.poll_command() {
                self.obey(&mut run, command);
            }
        }
        if !run.is_done_by_hand() {
            run.hand = None;
        }
        if !was_over && let Some(verdict) = run.verdict() {
            let word = verdict.word();
            let asks = *verdict == Verdict::Pass
                && !run.has_asked_unmet
                && (run.runner.plan().steps.iter())
                    .any(|it| matches!(it.step.what, StepWhat::Answers(_)));
            if asks {
                run.has_asked_unmet = true;
                let about = About::Run(run.number, Wish::Unmet);
                self.scenarios.ask(about, SimulatorAsk::Unmet);
            }
            run.ended = Some(self.scenario_now());
            self.scenarios.note_verdict(run.name(), word);
            let text = format!("Scenario {}: {word}", run.name());
            self.is_announced();
            self.scenarios.effects.push(Effect::Announce {
                text,
                is_urgent: false,
            });
            self.options_revision += 1;
        }
        if let Some(verdict) = &run.verdict {
            self.scenarios.note_verdict(run.name(), verdict.word());
        }
        self.scenarios.run = Some(run);
        self.scenarios.take_effects()
    }

    /// Passes facts of the live session to the runner that it does not have yet.
    fn feed(&self, run: &mut Run) {
        let session = self.live.session();
        let Some(first) = run.first.filter(|_| run.revision != session.revision()) else {
            return;
        };
        run.revision = session.revision();
        let new: Vec<(u64, LogLine)> = (session.facts().iter().rev())
            .take_while(|it| it.id > first)
            .filter(|it| !run.fed.contains(&it.id))
            .map(|it| (it.id, it.fact.clone().into()))
            .collect();
        for (id, line) in new.into_iter().rev() {
            run.fed.insert(id);
            run.runner.handle(Event::Placed(id, line));
        }
    }

    fn obey(&mut self, run: &mut Run, command: Command) {
        let about = |wish| About::Run(run.number, wish);
        match command {
            Command::Open(answers) => {
                run.opening = Opening::Leaving { since: self.now };
                let switches = Answers::switches_at_start(&answers);
                (self.scenarios).ask(about(Wish::Begin), SimulatorAsk::Begin(switches));
            }
            Command::Host(step) => {
                (self.scenarios).ask(about(Wish::Step), SimulatorAsk::Host(step.to_act()));
            }
            Command::Answers(answers) => {
                let switches: Value = answers.to_switches().into_iter().collect();
                (self.scenarios).ask(about(Wish::Step), SimulatorAsk::Answers(switches));
            }
            Command::User { role, number, .. } => {
                self.is_announced();
                self.scenarios.effects.push(Effect::Announce {
                    text: format!("By hand: {}", role.words()),
                    is_urgent: false,
                });
                run.hand = Some((role, number));
            }
        }
    }

    /// The row where a scenario failed, and the reason in one line.
    pub(crate) fn scenario_failure(&self) -> Option<(usize, String)> {
        let run = self.scenarios.run.as_ref()?;
        let Some(Verdict::Fail(failure)) = run.verdict() else {
            return None;
        };
        let id = run.failed_at().filter(|_| self.imported.is_none())?;
        let place = self.place_of_row(id)?;
        let after = if failure.seq.is_some() {
            "here"
        } else {
            "after this"
        };
        let Failure {
            expected, actual, ..
        } = failure;
        let name = run.name();
        let actual = actual.trim_end_matches('.');
        Some((
            place,
            format!("{name} failed {after}: {actual}. Expected {expected}"),
        ))
    }
}
