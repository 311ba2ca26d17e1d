//! How a step begins, and why it cannot: a role that nothing is bound to, a condition that does not
//! hold, a name that was not captured.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Command, Now, Runner};
use crate::pattern::{filled, unknown, unknown_unwanted};
use crate::plan::PlannedStep;
use crate::scenario::{Expectation, HostStep, StepWhat};
use crate::verdict::Verdict;
use crate::vocabulary::{Condition, HostAction, Role};

impl Runner {
    /// The roles that are needed in any case and that nothing is bound to, step by step.
    pub(super) fn needed_and_unbound(&self) -> impl Iterator<Item = Role> {
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

    /// Begins the present step, or the time after the last one.
    pub(super) fn begin(&mut self) {
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
    pub(super) fn number(&mut self, written: String) -> Option<String> {
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
    pub(super) fn place(&self) -> String {
        self.current()
            .map_or_else(String::new, |it| format!("{}:{}", it.file, it.step.line))
    }

    pub(super) fn command(&mut self, command: Command) {
        self.commands.push_back(command);
        self.state = Now::Doing;
    }

    /// HubSpot tells its user to log in to the widget before it dials; nothing else that a scenario
    /// asks of it can be refused.
    pub(super) fn refused(&mut self, why: String) {
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

    pub(super) fn cannot_use(&mut self, why: &str) {
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
                "nothing is bound to the role {}, and the ids of HubSpot's demos do not help: {why}; \
                 bind it in callscope.json",
                role.word()
            );
            return self.skip_without(role, words);
        }
        let expected = format!(
            "{} to do \"{}\" as callscope.json says",
            role.who(),
            role.word()
        );
        self.fail(expected, why.to_owned(), None, None);
    }
}

pub(super) fn unbound(role: Role) -> String {
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
