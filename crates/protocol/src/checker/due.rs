//! What the passing of time makes due.

use super::Checker;
use super::hooks::DUE;
use super::tracked::{Bound, order};
use crate::{ConversationId, Millis};

impl Checker {
    /// Runs the checks that have become due.
    pub(super) fn run_until(&mut self, now: Millis, bound: Bound) {
        self.run_where(now, bound, |_| true);
    }

    /// Runs the checks that have become due in some conversations.
    pub(super) fn run_where(
        &mut self,
        now: Millis,
        bound: Bound,
        is_meant: impl Fn(ConversationId) -> bool,
    ) {
        let is_due = |deadline: Millis| bound.has_passed(deadline, now);
        if !self.next_deadline.is_some_and(is_due) {
            return;
        }
        let first_finding = self.findings.len();
        let mut has_standings = false;
        for (id, tracked) in self
            .conversations
            .iter_mut()
            .filter(|(id, _)| is_meant(**id))
        {
            if tracked.state.standing_due().is_some_and(is_due) {
                tracked.state.end_time_to_sync();
                has_standings = true;
            }
            while let Some((deadline, index)) =
                tracked.due.filter(|(deadline, _)| is_due(*deadline))
            {
                tracked.state.tick(deadline);
                if let Some(looked_at) = tracked.looked_at.get_mut(index) {
                    *looked_at = deadline;
                }
                if let Some((rule, _, check)) = DUE.get(index) {
                    tracked.report(*id, rule, deadline, &mut self.findings, &|state, report| {
                        check(state, deadline, report);
                    });
                }
                tracked.schedule();
            }
        }
        // Order the findings by time, as if time had advanced step by step for all conversations.
        if let Some(found) = self.findings.get_mut(first_finding..) {
            found.sort_by(|a, b| order(a.at, b.at));
        }
        if has_standings {
            self.tell_standings();
        }
        self.next_deadline = self.next_deadline();
    }

    pub(super) fn schedule(&mut self, id: ConversationId) {
        let Some(tracked) = self.conversations.get_mut(&id) else {
            return;
        };
        tracked.schedule();
        for deadline in tracked.deadlines() {
            if self.next_deadline.is_none_or(|next| deadline < next) {
                self.next_deadline = Some(deadline);
            }
        }
    }
}
