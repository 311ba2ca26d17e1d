//! The simulator's page under a run: that it loads, goes, is replaced, and what it answers.

use callscope_protocol::Millis;
use callscope_scenario::{Event, HostAction, StepWhat};
use callscope_session_view::words;

use super::super::super::Model;
use super::answer::{Answer, Place, VERSION};
use super::{About, Run, Wish};
use crate::action::View;

/// How long the page and the widget may take to load.
const LOADING: Millis = Millis(20_000.0);

/// How often to check whether the widget has loaded.
const LOOK: Millis = Millis(250.0);

/// The progress of a page load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Opening {
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
