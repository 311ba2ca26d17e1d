//! Playing a scenario, sans-IO: facts and time go in, what to do and a verdict come out.

mod hand;
mod wait;
mod widget;

use std::collections::{BTreeSet, VecDeque};

use callscope_protocol::{Fact, MessageType, Millis};
use callscope_session_log::{LogLine, Session};
use serde_json::Value;

use crate::bindings::{Bindings, RoleAction};
use crate::pattern::{Captured, filled, unknown, unknown_unwanted};
use crate::plan::{Plan, PlannedStep};
use crate::scenario::{Answers, Deny, Expectation, HostStep, Step, StepWhat};
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
        /// Whom it is about.
        number: String,
        /// What, one after the other; empty if it is done by hand.
        actions: Vec<RoleAction>,
    },
}

/// What has happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Something to record, after all that was recorded before.
    Fact(Fact),
    /// Something to record in its place by its time, under a number that the caller gives.
    Placed(u64, LogLine),
    /// What was recorded under these numbers was not so: it comes again under others.
    Forget(Vec<u64>),
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
    /// The widget has put another page in the place of HubSpot's.
    Replaced,
}

/// How to play.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The widget's generation of the SDK; told by its handshake if not given.
    pub profile: Option<Profile>,
    /// From which level on a finding fails, unless the scenario says so.
    pub deny: Deny,
    /// Whether a person does what the widget's user and the other end of the line do: then no role
    /// needs a binding, and such a step is done when the widget says what follows from it.
    pub by_hand: bool,
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
    /// The last message of the widget that a step has matched, by its fact's id.
    widget_cursor: Option<u64>,
    /// The last fact that the present step has looked at in vain: a page that floods would make
    /// each look as long as all before it together.
    looked_at: Option<u64>,
    /// The last fact before the host was last made to do something. What it sends after that comes
    /// in any order, as answers do.
    host_floor: Option<u64>,
    /// The messages of the host that steps have matched.
    host_matched: Vec<u64>,
    /// The step before which it stops until it is told to go on.
    stop_before: Option<usize>,
    /// Whether steps to come are left out, as far as that was decided earlier.
    foreseen: Vec<Option<bool>>,
    /// What the widget says once the step that is done by hand has been done.
    awaited: Option<MessageType>,
    captured: Captured,
    /// What HubSpot told its user in place of dialing.
    refusal: Option<String>,
    commands: VecDeque<Command>,
    verdict: Option<Verdict>,
    /// The role for want of which it was skipped.
    missing: Option<Role>,
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
    /// The message that it matched, by its fact's id in [`Runner::session`].
    pub fact: Option<u64>,
}

/// What a runner is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activity {
    /// The widget is being loaded.
    Opening,
    /// It stopped before a step.
    Stopped,
    /// A command is being carried out.
    Doing,
    /// It waits for a message, or that none comes.
    Waiting {
        /// Since when.
        since: Millis,
        /// For how long at most.
        span: Millis,
    },
    /// All steps are done; what the widget still does counts.
    Ending,
    /// There is a verdict.
    Over,
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

    /// The roles that are needed in any case and that nothing is bound to, step by step.
    fn needed_and_unbound(&self) -> impl Iterator<Item = Role> {
        let unconditional = self
            .steps()
            .filter(|it| it.condition.is_none() && it.profile.is_none());
        let roles = unconditional.filter_map(|it| match it.what {
            StepWhat::User { role, .. } => Some(role),
            _ => None,
        });
        roles.filter(|it| !self.options.by_hand && self.bindings.of(*it).is_none())
    }

    /// The roles that have to be bound for the scenario to be played, if it was skipped for want of
    /// one.
    #[must_use]
    pub fn missing_roles(&self) -> BTreeSet<Role> {
        let others = self.missing.map(|_| self.needed_and_unbound());
        self.missing
            .into_iter()
            .chain(others.into_iter().flatten())
            .collect()
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

    /// The steps of the scenario.
    pub(crate) fn steps(&self) -> impl Iterator<Item = &Step> {
        self.plan.steps.iter().map(|it| &it.step)
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

    /// Tells the time at which what comes next begins; nothing is over because of it.
    pub fn tell_time(&mut self, now: Millis) {
        if now > self.clock {
            self.clock = now;
        }
    }

    /// Lets time pass: all that had happened until `now` is known.
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

    /// Goes on as far as what is known allows.
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
        let foreseen = self.foreseen(self.step);
        if foreseen.unwrap_or_else(|| self.is_left_out(self.step)) {
            return self.leave_out_step();
        }
        match step.what {
            StepWhat::Host(host) => self.begin_host(host),
            StepWhat::Answers(answers) => self.command(Command::Answers(answers)),
            StepWhat::User { role, number } if self.options.by_hand => {
                self.begin_by_hand(role, number);
            }
            StepWhat::User { role, number } => match self.bindings.of(role) {
                None => self.skip_without(role, unbound(role)),
                Some(binding) if binding.actions.is_empty() => self.finish_step(None),
                Some(binding) => {
                    let Some(number) = self.number(number) else {
                        return;
                    };
                    let actions = binding.actions.iter().map(|it| it.with_number(&number));
                    let actions = actions.collect();
                    self.command(Command::User {
                        role,
                        number,
                        actions,
                    });
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
        self.host_floor = self.last_fact();
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
        if self.options.by_hand {
            return self.skip(why.to_owned());
        }
        let is_default = self.bindings.of(role).is_some_and(|it| it.is_default);
        if is_default {
            let words = format!(
                "nothing is bound to the role {}, and the ids of HubSpot's demos are not there \
                 ({why}): bind it in callscope.json",
                role.word()
            );
            return self.skip_without(role, words);
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
