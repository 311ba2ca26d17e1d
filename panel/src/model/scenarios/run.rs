//! A run: passes the runner's requests to the simulator's page, and the session's facts to the
//! runner.

mod answer;

use std::collections::HashSet;

use callscope_protocol::Millis;
use callscope_scenario::{
    Activity, Answers, Command, Event, Failure, HostAction, Role, Runner, StepWhat, Verdict,
};
use callscope_session_log::LogLine;
use callscope_session_view::words;
use serde_json::Value;

pub(super) use self::answer::Place;
use self::answer::{Answer, VERSION};
use super::super::Model;
use crate::action::View;
use crate::event::{Effect, SimulatorAsk};

/// How long the page and the widget may take to load.
const LOADING: Millis = Millis(20_000.0);

/// How often to check whether the widget has loaded.
const LOOK: Millis = Millis(250.0);

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

/// The progress of a page load.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Opening {
    /// The page was asked to reload, but has not started to.
    Leaving { since: Millis },
    /// The new page has loaded; its widget is loading.
    Loading { since: Millis, looked: Millis },
    /// The widget has loaded.
    Over,
    /// Another page has come in the middle of the run; what it is it has not said yet.
    Moved {
        since: Millis,
        looked: Millis,
        /// Whether the page before had not answered what it was asked to do.
        owes: bool,
    },
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
    /// Handles a new page.
    pub(crate) fn begin_page_of_scenario(&mut self) {
        let now = self.now;
        let asks = std::mem::take(&mut self.scenarios.asks);
        let last = self.loads.last_id();
        let mut looks = self.view == View::Scenarios;
        if let Some(run) = self.scenarios.run.as_mut().filter(|it| it.is_playing())
            && let Opening::Leaving { since } = run.opening
        {
            run.first = Some(last);
            run.opening = Opening::Loading { since, looked: now };
            looks = true;
        }
        if let Some(run) = &mut self.scenarios.run
            && run.is_playing()
        {
            let owes = (asks.iter()).any(|(_, about)| *about == About::Run(run.number, Wish::Step));
            looks |= run.moves(owes, now);
        }
        self.scenarios.place = Place::Unknown;
        if looks {
            self.look_at_simulator();
        }
    }

    /// The inspected page goes to another address, where there may be nobody who says so.
    pub(crate) fn leave_page_of_scenario(&mut self) {
        let now = self.now;
        self.scenarios.asks.retain(|(_, it)| *it != About::Look);
        self.scenarios.place = Place::Unknown;
        let run = self.scenarios.run.as_mut().filter(|it| it.is_playing());
        if run.is_some_and(|it| it.moves(false, now)) || self.view == View::Scenarios {
            self.look_at_simulator();
        }
    }

    /// Handles an answer of the inspected page.
    pub(crate) fn hear_simulator(&mut self, number: u32, answer: Result<String, String>) {
        let asks = &mut self.scenarios.asks;
        let Some(place) = asks.iter().position(|(it, _)| *it == number) else {
            // The page that was asked is gone.
            self.is_quiet = true;
            return;
        };
        let (_, about) = asks.swap_remove(place);
        let parsed = answer.and_then(|text| Answer::read(&text));
        match about {
            About::Look => self.take_look(parsed),
            About::Run(run, wish) => {
                let now = self.scenario_now();
                let current = self.scenarios.run.as_mut();
                if let Some(current) = current.filter(|it| it.number == run) {
                    current.runner.tell_time(now);
                    current.take_answer(wish, parsed);
                }
            }
        }
    }

    fn take_look(&mut self, answer: Result<Option<Answer>, String>) {
        let is_answer = answer.is_ok();
        let place = match answer {
            Ok(Some(it)) if it.loading => Place::Unknown,
            Ok(Some(it)) if it.version == VERSION => Place::Simulator {
                link: it.link.unwrap_or_default(),
                widget: it.widget,
                went: it.went,
            },
            Ok(Some(_)) => Place::OtherVersion,
            Ok(None) | Err(_) => Place::Elsewhere,
        };
        self.is_quiet = self.scenarios.place == place;
        let now = self.scenario_now();
        let run = self.scenarios.run.as_mut().filter(|it| it.is_playing());
        // A page that does not answer may yet.
        if let Some(run) = run.filter(|_| is_answer) {
            run.runner.tell_time(now);
            run.take_place(&place);
        }
        self.scenarios.place = place;
    }

    /// Lets time pass for the run.
    pub(crate) fn advance_scenario(&mut self) {
        let confirmed = self.confirmed_now();
        let now = self.now;
        let mut looks = false;
        if let Some(run) = self.scenarios.run.as_mut().filter(|it| it.is_playing()) {
            match run.opening {
                Opening::Over => {
                    if let Some(at) = confirmed {
                        run.runner.advance(at);
                    }
                }
                Opening::Leaving { since }
                | Opening::Loading { since, .. }
                | Opening::Moved { since, .. }
                    if now >= since + LOADING =>
                {
                    run.runner.handle(run.loads_for_ever());
                }
                Opening::Loading { since, looked } if now >= looked + LOOK => {
                    run.opening = Opening::Loading { since, looked: now };
                    looks = true;
                }
                Opening::Moved {
                    since,
                    looked,
                    owes,
                } if now >= looked + LOOK => {
                    let looked = now;
                    run.opening = Opening::Moved {
                        since,
                        looked,
                        owes,
                    };
                    looks = true;
                }
                Opening::Leaving { .. } | Opening::Loading { .. } | Opening::Moved { .. } => {}
            }
        }
        if looks {
            self.look_at_simulator();
        }
        let effects = self.go_on_with_scenario();
        self.scenarios.effects.extend(effects);
    }

    /// In how many milliseconds the run wants time to pass.
    pub(crate) fn scenario_due(&self) -> Option<f64> {
        let run = self.scenarios.run.as_ref().filter(|it| it.is_playing())?;
        let at = match run.opening {
            Opening::Over => return None,
            Opening::Leaving { since } => since + LOADING,
            Opening::Loading { looked, .. } | Opening::Moved { looked, .. } => looked + LOOK,
        };
        Some((at - self.now).0.max(0.0))
    }

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

impl Run {
    fn loads_for_ever(&self) -> Event {
        let limit = words::seconds(LOADING);
        match self.opening {
            Opening::Loading { .. } => Event::CannotLoad(format!(
                "its page has not finished loading after {limit}: a script of it loops, or \
                 something that it needs does not come"
            )),
            Opening::Moved { .. } => Event::Broken(format!(
                "another page came in place of the simulator's, and has not loaded after {limit}: \
                 open the simulator and run the scenario again"
            )),
            Opening::Leaving { .. } | Opening::Over => Event::Broken(format!(
                "the simulator's page has not reloaded after {limit}: run the scenario again"
            )),
        }
    }

    /// Another page comes; returns whether it is to be asked what it is.
    fn moves(&mut self, owes: bool, now: Millis) -> bool {
        let before = match self.opening {
            Opening::Over => false,
            Opening::Moved { owes, .. } => owes,
            Opening::Leaving { .. } | Opening::Loading { .. } => return false,
        };
        self.opening = Opening::Moved {
            since: now,
            looked: now,
            owes: owes || before,
        };
        true
    }

    /// The page that is there has said what it is.
    fn take_place(&mut self, place: &Place) {
        let (link, went) = match place {
            Place::Unknown => return,
            Place::Elsewhere | Place::OtherVersion => {
                if !matches!(self.opening, Opening::Leaving { .. }) {
                    self.runner.handle(Event::Replaced);
                }
                return;
            }
            Place::Simulator { link, went, .. } => (link.as_str(), *went),
        };
        let event = match self.opening {
            Opening::Loading { .. } => {
                matches!(link, "syncing" | "ready" | "open" | "noAnswer").then_some(Event::Done)
            }
            Opening::Moved { .. } if !went => Some(Event::Broken(
                "the simulator's page was reloaded, and not by the scenario: run it again"
                    .to_owned(),
            )),
            Opening::Moved { owes, .. } => {
                self.opening = Opening::Over;
                // That it leads to another page is what says that it was done.
                let led = self.is_going_to_record().then_some(Event::Done);
                let lost = "the simulator's page went to another record before it said whether \
                            it had done this: run the scenario again";
                let event = led.unwrap_or_else(|| Event::Broken(lost.to_owned()));
                owes.then_some(event)
            }
            Opening::Leaving { .. } | Opening::Over => None,
        };
        if let Some(event) = event {
            self.opening = Opening::Over;
            self.runner.handle(event);
        }
    }

    /// Whether the present step is one that takes HubSpot to another page.
    fn is_going_to_record(&self) -> bool {
        let step = self.runner.plan().steps.get(self.runner.step());
        let what = step.map(|it| &it.step.what);
        matches!(what, Some(StepWhat::Host(it)) if it.action == HostAction::OpenRecord)
    }

    fn take_answer(&mut self, wish: Wish, answer: Result<Option<Answer>, String>) {
        if let (Opening::Moved { owes, .. }, Wish::Step) = (&mut self.opening, wish)
            && !matches!(answer, Ok(Some(_)))
        {
            // The page that was asked has gone.
            *owes = true;
            return;
        }
        let answer = match answer {
            Ok(Some(answer)) => answer,
            Ok(None) => Answer {
                error: Some("the inspected page is not the simulator any more".to_owned()),
                ..Answer::default()
            },
            Err(error) => Answer {
                error: Some(format!("the simulator's page does not answer: {error}")),
                ..Answer::default()
            },
        };
        if wish == Wish::Unmet {
            let unmet: Vec<&str> = answer.unmet.iter().map(String::as_str).collect();
            self.verdict = self.runner.on_unmet(&unmet);
            return;
        }
        let event = match answer {
            Answer {
                error: Some(error), ..
            } => Event::Broken(error),
            Answer {
                refused: Some(why), ..
            } => Event::Refused(why),
            // The page reports itself once it has reloaded.
            Answer { done: true, .. } if wish == Wish::Begin => return,
            Answer { done: true, .. } => Event::Done,
            _ => Event::Broken("the simulator's page answered with nothing".to_owned()),
        };
        self.runner.handle(event);
    }
}
