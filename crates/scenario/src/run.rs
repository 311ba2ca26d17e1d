//! Plays a scenario, sans-IO: facts and time go in, commands and a verdict come out.

mod begin;
mod hand;
mod io;
mod wait;
mod widget;

use std::collections::VecDeque;

use callscope_protocol::{MessageType, Millis};
use callscope_session_log::Session;

use self::begin::unbound;
pub use self::io::{Activity, Command, Event, Options, StepDone};
use crate::bindings::Bindings;
use crate::pattern::Captured;
use crate::plan::{Plan, PlannedStep};
use crate::scenario::{Step, StepWhat};
use crate::verdict::{Failure, Verdict};
use crate::vocabulary::Role;

/// How long to wait after the last step for what the widget should not do.
const AFTERMATH: Millis = Millis(300.0);

/// What the runner is at.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Now {
    /// A step is about to begin.
    Begin,
    /// A command was given.
    Doing,
    /// A step has been waiting since then.
    Waiting(Millis),
    /// All steps have been done since then.
    Ending(Millis),
    /// There is a verdict.
    Over,
}

/// Plays one scenario.
///
/// 1. Carry out what [`poll_command`](Self::poll_command) returns, one command at a time, and
///    report the result.
/// 2. [`handle`](Self::handle) what happens, and [`advance`](Self::advance) the clock, at the
///    latest at [`next_deadline`](Self::next_deadline).
/// 3. Stop once there is a [`verdict`](Self::verdict).
#[derive(Debug)]
pub struct Runner {
    plan: Plan,
    options: Options,
    bindings: Bindings,
    session: Session,
    clock: Millis,
    step: usize,
    state: Now,
    is_open: bool,
    /// The last widget message that a step has matched, by its fact's id.
    widget_cursor: Option<u64>,
    /// The last fact that the current step has checked without a match. Without it, a page that
    /// floods would make each check as long as all earlier ones together.
    looked_at: Option<u64>,
    /// The last fact before the host was last made to do something. The host's later messages may
    /// come in any order, because answers do.
    host_floor: Option<u64>,
    /// The host's messages that steps have matched.
    host_matched: Vec<u64>,
    /// The step to stop at until the user continues.
    stop_before: Option<usize>,
    /// Whether later steps are skipped, as far as that was decided earlier.
    foreseen: Vec<Option<bool>>,
    /// What the widget sends once the current step has been done by hand.
    awaited: Option<MessageType>,
    captured: Captured,
    /// What HubSpot told its user instead of dialing.
    refusal: Option<String>,
    commands: VecDeque<Command>,
    verdict: Option<Verdict>,
    /// The unbound role that made it skip the scenario.
    missing: Option<Role>,
    /// When each step was done or skipped.
    done: Vec<StepDone>,
}

impl Runner {
    /// Starts playing at this time.
    #[must_use]
    pub fn new(plan: Plan, bindings: Bindings, options: Options, now: Millis) -> Self {
        let mut runner = Self {
            plan,
            options,
            bindings,
            session: Session::new(),
            clock: now,
            step: 0,
            state: Now::Doing,
            is_open: false,
            widget_cursor: None,
            looked_at: None,
            host_floor: None,
            host_matched: Vec::new(),
            stop_before: None,
            foreseen: Vec::new(),
            awaited: None,
            captured: Captured::new(),
            refusal: None,
            commands: VecDeque::new(),
            verdict: None,
            missing: None,
            done: Vec::new(),
        };
        let missing = runner.needed_and_unbound().next();
        if let Some(role) = missing {
            runner.skip_without(role, unbound(role));
            return runner;
        }
        let mut answers = Vec::new();
        while let Some(StepWhat::Answers(it)) = runner.current().map(|it| &it.step.what) {
            answers.push(it.clone());
            runner.finish_step(None);
        }
        runner.commands.push_back(Command::Open(answers));
        runner.state = Now::Doing;
        runner
    }

    /// What to do next, once.
    pub fn poll_command(&mut self) -> Option<Command> {
        self.commands.pop_front()
    }

    /// The verdict, or `None` before there is one.
    #[must_use]
    pub const fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref()
    }

    /// The session so far.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// What is played.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The index of the current step, from 0.
    #[must_use]
    pub const fn step(&self) -> usize {
        self.step
    }

    /// The steps of the scenario.
    pub(crate) fn steps(&self) -> impl Iterator<Item = &Step> {
        self.plan.steps.iter().map(|it| &it.step)
    }

    /// How the earlier steps ended.
    #[must_use]
    pub fn steps_done(&self) -> &[StepDone] {
        &self.done
    }

    /// When [`advance`](Self::advance) makes a difference if nothing happens before.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Millis> {
        let own = match (self.state, self.current().map(|it| &it.step.what)) {
            (Now::Ending(since), _) => Some(since + AFTERMATH),
            (Now::Waiting(since), Some(what)) => Some(since + span(what)),
            _ => None,
        };
        let checker = self.session.next_deadline();
        match (own, checker) {
            (Some(own), Some(checker)) if checker < own => Some(checker),
            (own, checker) => own.or(checker),
        }
    }

    /// Processes what has happened.
    pub fn handle(&mut self, event: Event) {
        if self.verdict.is_some() {
            return;
        }
        match event {
            Event::Fact(fact) => self.session.push(fact),
            Event::Placed(id, line) => self.session.insert(id, line),
            Event::Forget(ids) => self.session.remove(&ids),
            Event::Done => {
                if !self.is_open {
                    self.is_open = true;
                    self.state = Now::Begin;
                } else if self.state == Now::Doing {
                    self.finish_step(None);
                }
            }
            Event::CannotUse(why) => self.cannot_use(&why),
            Event::Refused(why) => self.refused(why),
            Event::Broken(why) => self.end(Verdict::HarnessError(why)),
            Event::CannotLoad(why) => {
                self.fail("the widget to load".to_owned(), why, None, None);
            }
            Event::Replaced => self.fail(
                "the widget to stay in its frame".to_owned(),
                "it has put another page in the place of HubSpot's, as a link with target=\"_top\" \
                 or window.top.location does"
                    .to_owned(),
                None,
                None,
            ),
        }
        self.go_on();
    }

    /// Sets the time at which the next thing begins, without ending any wait.
    pub fn tell_time(&mut self, now: Millis) {
        if now > self.clock {
            self.clock = now;
        }
    }

    /// Advances the time: everything that happened before `now` is known.
    pub fn advance(&mut self, now: Millis) {
        if self.verdict.is_some() {
            return;
        }
        self.tell_time(now);
        self.session.advance(now);
        self.go_on();
        self.time_is_over(now);
    }

    fn current(&self) -> Option<&PlannedStep> {
        self.plan.steps.get(self.step)
    }

    fn skip(&mut self, why: String) {
        self.end(Verdict::Skipped(why));
    }

    fn skip_without(&mut self, role: Role, why: String) {
        self.missing = Some(role);
        self.skip(why);
    }

    fn end(&mut self, verdict: Verdict) {
        self.commands.clear();
        self.state = Now::Over;
        self.verdict = Some(verdict);
    }

    fn fail(
        &mut self,
        expected: String,
        actual: String,
        seq: Option<u64>,
        rule: Option<&'static str>,
    ) {
        let step = self.step.min(self.plan.steps.len().saturating_sub(1));
        self.end(Verdict::Fail(Failure {
            step,
            expected,
            actual,
            seq,
            rule,
        }));
    }

    fn finish_step(&mut self, fact: Option<u64>) {
        self.done.push(StepDone {
            at: self.clock,
            is_left_out: false,
            fact,
        });
        self.step += 1;
        self.awaited = None;
        self.looked_at = None;
        self.state = Now::Begin;
    }

    fn leave_out_step(&mut self) {
        if self.stop_before == Some(self.step + 1) {
            self.stop_before = Some(self.step + 2);
        }
        self.finish_step(None);
        if let Some(last) = self.done.last_mut() {
            last.is_left_out = true;
        }
    }

    /// Continues as far as possible with what is known.
    fn go_on(&mut self) {
        while self.verdict.is_none() {
            self.hold_against_rules();
            self.hold_against_widget();
            let before = (self.step, self.state);
            match self.state {
                Now::Begin if self.is_stopped() => self.foresee(self.step),
                Now::Begin => self.begin(),
                Now::Waiting(_) => self.look(),
                Now::Doing => self.look_for_hand(),
                Now::Ending(_) | Now::Over => {}
            }
            if before == (self.step, self.state) {
                return;
            }
        }
    }

    /// Fails the scenario if there is a finding that counts.
    fn hold_against_rules(&mut self) {
        if let Some((rule, actual, seq)) = self.denied() {
            self.fail(
                "no such finding of the checker".to_owned(),
                actual,
                seq,
                Some(rule),
            );
        }
    }
}

fn span(what: &StepWhat) -> Millis {
    match what {
        StepWhat::Widget(it) | StepWhat::HostMessage(it) => it.within,
        StepWhat::Never { span, .. } => *span,
        _ => Millis(0.0),
    }
}
