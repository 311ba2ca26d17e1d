//! Playing step by step, and steps that a person does.

use callscope_protocol::{MessageType, Side};

use super::{Activity, Command, Now, Runner, span};
use crate::scenario::StepWhat;
use crate::vocabulary::Role;

impl Runner {
    /// Plays to the end.
    pub fn run_on(&mut self) {
        self.stop_before = None;
        self.go_on();
    }

    /// Plays one step, and stops before the next one that is not skipped.
    pub fn step_on(&mut self) {
        self.stop_before = Some(self.step + 1);
        self.go_on();
    }

    /// What the runner is doing.
    #[must_use]
    pub fn activity(&self) -> Activity {
        match (self.state, self.current()) {
            (Now::Over, _) => Activity::Over,
            _ if !self.is_open => Activity::Opening,
            (Now::Begin, _) if self.is_stopped() => Activity::Stopped,
            (Now::Waiting(since), Some(it)) => Activity::Waiting {
                since,
                span: span(&it.step.what),
            },
            (Now::Ending(_), _) => Activity::Ending,
            _ => Activity::Doing,
        }
    }

    /// What the widget sends once the current step has been done by hand; `None` if no message
    /// shows it, so that a person has to say so.
    #[must_use]
    pub const fn awaited(&self) -> Option<MessageType> {
        self.awaited
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop_before == Some(self.step) && self.current().is_some()
    }

    /// Whether a step is skipped, because its profile or its condition does not hold now.
    pub(super) fn is_left_out(&self, step: usize) -> bool {
        let Some(it) = self.plan.steps.get(step) else {
            return false;
        };
        it.step.profile.is_some_and(|it| it != self.profile())
            || it.step.condition.is_some_and(|it| !self.holds(it))
    }

    /// Decides now which steps from this one on are skipped, up to the first that is not.
    ///
    /// What a person does, or what happens while stopped, can change the conditions of the very
    /// steps that wait for it: `LOGGED_IN` if the user is logged out.
    pub(super) fn foresee(&mut self, from: usize) {
        self.foreseen.resize(self.plan.steps.len(), None);
        for step in from..self.plan.steps.len() {
            let foreseen = self.foreseen(step);
            let is_left_out = foreseen.unwrap_or_else(|| self.is_left_out(step));
            if let Some(slot) = self.foreseen.get_mut(step) {
                *slot = Some(is_left_out);
            }
            if !is_left_out {
                return;
            }
        }
    }

    /// Whether a step is skipped, if that was decided already.
    pub(super) fn foreseen(&self, step: usize) -> Option<bool> {
        self.foreseen.get(step).copied().flatten()
    }

    pub(super) fn begin_by_hand(&mut self, role: Role, number: String) {
        let Some(number) = self.number(number) else {
            return;
        };
        self.foresee(self.step + 1);
        self.command(Command::User {
            role,
            number,
            actions: Vec::new(),
        });
        self.awaited = self.sign_of_hand();
    }

    /// The widget message that the later steps wait for, before anybody does anything else.
    fn sign_of_hand(&self) -> Option<MessageType> {
        for (index, it) in self.plan.steps.iter().enumerate().skip(self.step + 1) {
            if self
                .foreseen(index)
                .unwrap_or_else(|| self.is_left_out(index))
            {
                continue;
            }
            match &it.step.what {
                StepWhat::Widget(expectation) => return Some(expectation.ty),
                StepWhat::Never { .. } | StepWhat::HostMessage(_) | StepWhat::Needs(_) => {}
                StepWhat::Host(_)
                | StepWhat::User { .. }
                | StepWhat::Answers(_)
                | StepWhat::After { .. } => return None,
            }
        }
        None
    }

    /// Continues once the widget has sent what shows that the step was done by hand.
    pub(super) fn look_for_hand(&mut self) {
        let Some(awaited) = self.awaited else {
            return;
        };
        let mut said = self.since_cursor(Side::Widget);
        let is_done = said.any(|(_, _, message)| message.known() == Some(awaited));
        drop(said);
        if is_done {
            self.finish_step(None);
        } else {
            self.looked_at = self.last_fact();
        }
    }
}
