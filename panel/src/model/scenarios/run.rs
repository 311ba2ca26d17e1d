//! A run: what the runner asks for goes to the simulator's page, what the session holds comes back.

mod answer;

use std::collections::HashSet;

use callscope_protocol::Millis;
use callscope_scenario::{
    Activity, Answers, Command, Event, Failure, Role, Runner, StepWhat, Verdict,
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

/// How often it is looked whether the widget has loaded.
const LOOK: Millis = Millis(250.0);

/// What an answer of the inspected page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// What the page is.
    Look,
    /// Something that the run with this number wants.
    Run(u64, Wish),
}

/// What a run wants of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// To load anew.
    Begin,
    /// A step of HubSpot's.
    Step,
    /// What nothing has asked for.
    Unmet,
}

/// How far the loading at the beginning is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Opening {
    /// The page was asked to load anew, and has not begun to.
    Leaving { since: Millis },
    /// The new page is there; its widget loads.
    Loading { since: Millis, looked: Millis },
    /// The widget has loaded.
    Over,
}

/// A scenario that is, or was, played.
#[derive(Debug)]
pub(super) struct Run {
    /// Tells it from other runs.
    number: u64,
    pub(super) runner: Runner,
    /// When it began, by the page's clock.
    pub(super) began: Millis,
    /// When it was over.
    pub(super) ended: Option<Millis>,
    opening: Opening,
    /// The id before that of its first fact; `None` until its page is there.
    first: Option<u64>,
    /// The facts that the runner has.
    fed: HashSet<u64>,
    /// The session's revision when they were looked for last.
    revision: u64,
    /// What is done by hand now.
    hand: Option<(Role, String)>,
    /// What there is in place of the runner's verdict.
    verdict: Option<Verdict>,
    pub(super) is_stopped: bool,
    /// The page was asked for its last word.
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

    /// Whether it goes on.
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

    /// What is to be done by hand now, and with which number.
    pub(super) fn hand(&self) -> Option<(Role, &str)> {
        let (role, number) = self.hand.as_ref()?;
        self.is_playing().then_some((*role, number.as_str()))
    }

    /// The message at which it failed, by its entry's id: the one that contradicts the step, else
    /// the last one that came before.
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
    /// Whether the log is kept although the page goes: what is played goes on in the next page.
    pub(crate) fn keeps_log(&self) -> bool {
        let run = self.run.as_ref().filter(|it| it.is_playing());
        run.is_some_and(|it| !matches!(it.opening, Opening::Leaving { .. }))
    }

    /// When silence alone changes something.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        let run = self.run.as_ref()?;
        let is_on = run.is_playing() && run.opening == Opening::Over;
        run.runner.next_deadline().filter(|_| is_on)
    }

    /// These facts were not so.
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
    /// Another page than before is there.
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
        // A step may lead to another page before the page can say that it is done.
        if let Some(run) = &mut self.scenarios.run
            && run.is_playing()
            && (asks.iter()).any(|(_, about)| *about == About::Run(run.number, Wish::Step))
        {
            run.runner.handle(Event::Done);
        }
        self.scenarios.place = Place::Unknown;
        if looks {
            self.look_at_simulator();
        }
    }

    /// The inspected page has answered.
    pub(crate) fn hear_simulator(&mut self, number: u32, answer: Result<String, String>) {
        let asks = &mut self.scenarios.asks;
        let Some(place) = asks.iter().position(|(it, _)| *it == number) else {
            // That page has gone.
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
        let place = match answer {
            Ok(Some(it)) if it.version == VERSION => Place::Simulator {
                link: it.link.unwrap_or_default(),
                widget: it.widget,
            },
            Ok(Some(_)) => Place::OtherVersion,
            Ok(None) | Err(_) => Place::Elsewhere,
        };
        let has_loaded = matches!(
            &place,
            Place::Simulator { link, .. } if matches!(link.as_str(), "syncing" | "ready" | "open" | "noAnswer")
        );
        self.is_quiet = self.scenarios.place == place;
        self.scenarios.place = place;
        let now = self.scenario_now();
        let Some(run) = self.scenarios.run.as_mut().filter(|it| it.is_playing()) else {
            return;
        };
        if has_loaded && matches!(run.opening, Opening::Loading { .. }) {
            run.opening = Opening::Over;
            run.runner.tell_time(now);
            run.runner.handle(Event::Done);
        }
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
                Opening::Leaving { since } | Opening::Loading { since, .. }
                    if now >= since + LOADING =>
                {
                    run.runner.handle(run.loads_for_ever());
                }
                Opening::Loading { since, looked } if now >= looked + LOOK => {
                    run.opening = Opening::Loading { since, looked: now };
                    looks = true;
                }
                Opening::Leaving { .. } | Opening::Loading { .. } => {}
            }
        }
        if looks {
            self.look_at_simulator();
        }
        let effects = self.go_on_with_scenario();
        self.scenarios.effects.extend(effects);
    }

    /// After how many milliseconds the run wants time to pass.
    pub(crate) fn scenario_due(&self) -> Option<f64> {
        let run = self.scenarios.run.as_ref().filter(|it| it.is_playing())?;
        let at = match run.opening {
            Opening::Over => return None,
            Opening::Leaving { since } => since + LOADING,
            Opening::Loading { looked, .. } => looked + LOOK,
        };
        Some((at - self.now).0.max(0.0))
    }

    /// After how many milliseconds another second of the run is shown.
    pub(crate) fn scenario_counts(&self) -> Option<f64> {
        let run = self.scenarios.run.as_ref().filter(|it| it.is_playing())?;
        let is_shown = self.view == View::Scenarios && self.imported.is_none();
        let counts = matches!(run.runner.activity(), Activity::Waiting { .. });
        (is_shown && counts).then_some(1_000.0)
    }

    /// Gives the runner what the session has got, and the page what the runner asks for.
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
            self.look += 1;
        }
        if let Some(verdict) = &run.verdict {
            self.scenarios.note_verdict(run.name(), verdict.word());
        }
        self.scenarios.run = Some(run);
        self.scenarios.take_effects()
    }

    /// Facts of the live session that the runner has not.
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

    /// The row at which a scenario failed, and why, in one line.
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
            _ => Event::Broken(format!(
                "the simulator's page has not loaded anew after {limit}: run the scenario again"
            )),
        }
    }

    fn take_answer(&mut self, wish: Wish, answer: Result<Option<Answer>, String>) {
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
            // The page that loads anew says when it is there.
            Answer { done: true, .. } if wish == Wish::Begin => return,
            Answer { done: true, .. } => Event::Done,
            _ => Event::Broken("the simulator's page answered with nothing".to_owned()),
        };
        self.runner.handle(event);
    }
}
