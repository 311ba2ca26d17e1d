//! Playing a scenario, sans-IO: facts and time go in, what to do and a verdict come out.

mod wait;
mod widget;

use std::collections::{BTreeSet, VecDeque};

use callscope_protocol::{Fact, Millis};
use callscope_session_log::Session;
use serde_json::Value;

use crate::bindings::{Bindings, RoleAction};
use crate::pattern::{Captured, filled, unknown, unknown_unwanted};
use crate::plan::{Plan, PlannedStep};
use crate::scenario::{Answers, Deny, Expectation, HostStep, StepWhat};
use crate::verdict::{Failure, Verdict};
use crate::vocabulary::{Condition, HostAction, Profile, Role};

/// After the last step it is waited so long for what the widget should not have done.
const AFTERMATH: Millis = Millis(300.0);

/// What whoever drives the browser has to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Load the widget in the simulator, with these answers from the beginning on.
    Open(Vec<Answers>),
    /// Make the host do something.
    Host(HostStep),
    /// Let the host answer so from now on.
    Answers(Answers),
    /// Do what a user does.
    User {
        /// In which role.
        role: Role,
        /// What, one after the other.
        actions: Vec<RoleAction>,
    },
}

/// What has happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Something to record.
    Fact(Fact),
    /// The last command was done.
    Done,
    /// It could not be done, and why. The widget lacks what should be used.
    CannotUse(String),
    /// The host refused to, and why: as the user of HubSpot is told.
    Refused(String),
    /// Something broke that is not the widget's.
    Broken(String),
    /// The widget cannot be loaded, and why.
    CannotLoad(String),
}

/// How to play.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The widget's generation of the SDK; told by its handshake if not given.
    pub profile: Option<Profile>,
    /// From which level on a finding fails, unless the scenario says so.
    pub deny: Deny,
}

/// What the runner is at.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Now {
    /// A step is to be begun.
    Begin,
    /// A command was given.
    Doing,
    /// A step waits since then.
    Waiting(Millis),
    /// All steps are done, since then.
    Ending(Millis),
    /// There is a verdict.
    Over,
}

/// Plays one scenario.
///
/// 1. Do what [`poll_command`](Self::poll_command) gives, one at a time, and tell of it.
/// 2. [`handle`](Self::handle) what happens, [`advance`](Self::advance) the clock; the latter at
///    [`next_deadline`](Self::next_deadline) at the latest.
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
    /// The last message of the widget that a step has matched.
    widget_cursor: u64,
    /// The last message that the present step has looked at in vain: a page that floods would make
    /// each look as long as all before it together.
    looked_at: u64,
    /// The last message before the host was last made to do something. What it sends after that
    /// comes in any order, as answers do.
    host_floor: u64,
    /// The messages of the host that steps have matched.
    host_matched: BTreeSet<u64>,
    captured: Captured,
    /// What HubSpot told its user in place of dialing.
    refusal: Option<String>,
    commands: VecDeque<Command>,
    verdict: Option<Verdict>,
    /// When each step was done, or left out.
    done: Vec<StepDone>,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepDone {
    /// When.
    pub at: Millis,
    /// Whether it was left out: its condition or profile did not hold.
    pub is_left_out: bool,
    /// The message that it matched.
    pub seq: Option<u64>,
}

impl Runner {
    /// Begins to play at this time.
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
            widget_cursor: 0,
            looked_at: 0,
            host_floor: 0,
            host_matched: BTreeSet::new(),
            captured: Captured::new(),
            refusal: None,
            commands: VecDeque::new(),
            verdict: None,
            done: Vec::new(),
        };
        if let Some(role) = runner.unbound_role() {
            runner.skip(unbound(role));
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

    /// The first role that is needed in any case and that nothing is bound to.
    fn unbound_role(&self) -> Option<Role> {
        let unconditional = self.plan.steps.iter().map(|it| &it.step);
        unconditional
            .filter(|it| it.condition.is_none() && it.profile.is_none())
            .find_map(|it| match it.what {
                StepWhat::User { role, .. } => self.bindings.of(role).is_none().then_some(role),
                _ => None,
            })
    }

    /// What to do next, once.
    pub fn poll_command(&mut self) -> Option<Command> {
        self.commands.pop_front()
    }

    /// The verdict, once there is one.
    #[must_use]
    pub const fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref()
    }

    /// The session until now.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// What is played.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The step that it is at, counted from 0.
    #[must_use]
    pub const fn step(&self) -> usize {
        self.step
    }

    /// How the steps before ended.
    #[must_use]
    pub fn steps_done(&self) -> &[StepDone] {
        &self.done
    }

    /// When [`advance`](Self::advance) makes a difference if nothing happens until then.
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

    /// Takes in what has happened.
    pub fn handle(&mut self, event: Event) {
        if self.verdict.is_some() {
            return;
        }
        match event {
            Event::Fact(fact) => {
                self.session.push(fact);
            }
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
        }
        self.go_on();
    }

    /// Lets time pass.
    pub fn advance(&mut self, now: Millis) {
        if self.verdict.is_some() {
            return;
        }
        if now > self.clock {
            self.clock = now;
            self.session.advance(now);
        }
        self.go_on();
        self.time_is_over();
    }

    fn current(&self) -> Option<&PlannedStep> {
        self.plan.steps.get(self.step)
    }

    fn skip(&mut self, why: String) {
        self.end(Verdict::Skipped(why));
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

    fn finish_step(&mut self, seq: Option<u64>) {
        self.done.push(StepDone {
            at: self.clock,
            is_left_out: false,
            seq,
        });
        self.step += 1;
        self.looked_at = 0;
        self.state = Now::Begin;
    }

    fn leave_out_step(&mut self) {
        self.finish_step(None);
        if let Some(last) = self.done.last_mut() {
            last.is_left_out = true;
        }
    }

    /// Goes on as far as what is known allows.
    fn go_on(&mut self) {
        while self.verdict.is_none() {
            self.hold_against_rules();
            self.hold_against_widget();
            let before = (self.step, self.state);
            match self.state {
                Now::Begin => self.begin(),
                Now::Waiting(_) => self.look(),
                Now::Doing | Now::Ending(_) | Now::Over => {}
            }
            if before == (self.step, self.state) {
                return;
            }
        }
    }

    /// Fails on a finding that counts.
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

    fn begin(&mut self) {
        let Some(PlannedStep { step, .. }) = self.current().cloned() else {
            self.state = Now::Ending(self.clock);
            return;
        };
        let is_for = |profile| profile == self.profile();
        let is_left_out = step.profile.is_some_and(|it| !is_for(it))
            || step.condition.is_some_and(|it| !self.holds(it));
        if is_left_out {
            return self.leave_out_step();
        }
        match step.what {
            StepWhat::Host(host) => self.begin_host(host),
            StepWhat::Answers(answers) => self.command(Command::Answers(answers)),
            StepWhat::User { role, number } => match self.bindings.of(role) {
                None => self.skip(unbound(role)),
                Some(binding) if binding.actions.is_empty() => self.finish_step(None),
                Some(binding) => {
                    let Some(number) = self.number(number) else {
                        return;
                    };
                    let actions = binding.actions.iter().map(|it| it.with_number(&number));
                    let actions = actions.collect();
                    self.command(Command::User { role, actions });
                }
            },
            StepWhat::Needs(condition) => {
                if self.holds(condition) {
                    self.finish_step(None);
                } else {
                    self.skip(needless(condition));
                }
            }
            StepWhat::HostMessage(Expectation { data, .. })
            | StepWhat::Widget(Expectation { data, .. })
            | StepWhat::Never { data, .. } => {
                let unknown = data.and_then(|it| unknown_unwanted(&it, &self.captured));
                match unknown {
                    Some(name) => self.nothing_captured(&name),
                    None => self.state = Now::Waiting(self.clock),
                }
            }
            StepWhat::After { .. } => self.finish_step(None),
        }
    }

    fn begin_host(&mut self, host: HostStep) {
        let HostStep {
            action,
            number,
            record,
            ty,
            data,
        } = host;
        if let Some(name) = data.as_ref().and_then(|it| unknown(it, &self.captured)) {
            return self.nothing_captured(&name);
        }
        let number = match number.map(|it| self.number(it)) {
            Some(None) => return,
            number => number.flatten(),
        };
        self.host_floor = self.session.message_count() as u64;
        self.command(Command::Host(HostStep {
            action,
            number,
            record,
            ty,
            data: data.map(|it| filled(&it, &self.captured)),
        }));
    }

    /// A step's number, with what was captured for a `$x`; there is a verdict if nothing was.
    fn number(&mut self, written: String) -> Option<String> {
        let written = Value::from(written);
        if let Some(name) = unknown(&written, &self.captured) {
            self.nothing_captured(&name);
            return None;
        }
        Some(match filled(&written, &self.captured) {
            Value::String(number) => number,
            other => other.to_string(),
        })
    }

    /// A scenario that uses what it has not captured is wrong, and not the widget.
    fn nothing_captured(&mut self, name: &str) {
        let place = self.place();
        self.end(Verdict::HarnessError(format!(
            "{place}: ${name} is used before anything was captured as ${name}"
        )));
    }

    /// Where the present step is written: `file:line`.
    fn place(&self) -> String {
        self.current()
            .map_or_else(String::new, |it| format!("{}:{}", it.file, it.step.line))
    }

    fn command(&mut self, command: Command) {
        self.commands.push_back(command);
        self.state = Now::Doing;
    }

    /// HubSpot tells its user to log in to the widget before it dials; nothing else that a scenario
    /// asks of it can be refused.
    fn refused(&mut self, why: String) {
        match self.current().map(|it| &it.step.what) {
            Some(StepWhat::Host(host)) if host.action == HostAction::Dial => {
                self.refusal = Some(why);
                self.finish_step(None);
            }
            _ => {
                let place = self.place();
                self.end(Verdict::HarnessError(format!("{place}: {why}")));
            }
        }
    }

    fn cannot_use(&mut self, why: &str) {
        let role = match self.current().map(|it| &it.step.what) {
            Some(StepWhat::User { role, .. }) => *role,
            _ => return self.end(Verdict::HarnessError(why.to_owned())),
        };
        let is_default = self.bindings.of(role).is_some_and(|it| it.is_default);
        if is_default {
            let role = role.word();
            return self.skip(format!(
                "nothing is bound to the role {role}, and the ids of HubSpot's demos are not \
                 there ({why}): bind it in callscope.json"
            ));
        }
        let expected = format!("{} to do {}", role.who(), role.word());
        self.fail(expected, why.to_owned(), None, None);
    }
}

fn unbound(role: Role) -> String {
    format!(
        "nothing is bound to the role {}: bind it in callscope.json",
        role.word()
    )
}

fn needless(condition: Condition) -> String {
    match condition {
        Condition::CreateEngagement => {
            "the widget does not ask HubSpot for an engagement (createEngagement)".to_owned()
        }
        Condition::LoggedIn => "the widget is logged out here".to_owned(),
        Condition::LoggedOut => "the widget is logged in from the start".to_owned(),
        Condition::Available => "the widget takes no calls here".to_owned(),
        Condition::Unavailable => "the widget takes calls here".to_owned(),
        Condition::InCall => "there is no call here".to_owned(),
        Condition::Idle => "there is a call here".to_owned(),
    }
}

fn span(what: &StepWhat) -> Millis {
    match what {
        StepWhat::Widget(it) | StepWhat::HostMessage(it) => it.within,
        StepWhat::Never { span, .. } => *span,
        _ => Millis(0.0),
    }
}
