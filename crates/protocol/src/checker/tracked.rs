//! A conversation as the checker follows it.

use super::hooks::DUE;
use crate::rule::{Once, Report};
use crate::state::State;
use crate::{CallId, ConversationId, Finding, Millis, Rule};

/// A conversation, what was reported about it, and what is due.
#[derive(Clone, Debug, Default)]
pub(super) struct Tracked {
    pub(super) state: State,
    pub(super) once: Once,
    /// For each entry of [`DUE`]: the last deadline that was checked.
    pub(super) looked_at: Vec<Millis>,
    /// The next deadline, and its index in [`DUE`].
    pub(super) due: Option<(Millis, usize)>,
    /// The call that the last message belongs to: what the page reports next is about that.
    pub(super) last_call: Option<CallId>,
}

impl Tracked {
    pub(super) fn new(id: ConversationId, at: Millis) -> Self {
        let mut tracked = Self::default();
        tracked.state.view.id = id;
        tracked.state.calls.conversation = id;
        tracked.state.view.first_at = at;
        tracked.state.view.last_at = at;
        tracked.looked_at = vec![Millis(f64::NEG_INFINITY); DUE.len()];
        tracked
    }

    /// Runs a rule's check on the conversation itself rather than on a message.
    pub(super) fn report(
        &mut self,
        conversation: ConversationId,
        rule: &'static Rule,
        at: Millis,
        findings: &mut Vec<Finding>,
        check: &dyn Fn(&State, &mut Report<'_>),
    ) {
        let first = findings.len();
        let Self { state, once, .. } = self;
        let report = Report {
            rule,
            conversation,
            seq: None,
            at,
            findings,
            once,
        };
        report.judge(state.view.speaks, &|report| check(state, report));
        self.count(findings.get(first..));
    }

    /// Counts findings about the conversation.
    pub(super) fn count(&mut self, findings: Option<&[Finding]>) {
        for finding in findings.into_iter().flatten() {
            self.state.view.count(finding.severity);
        }
    }

    /// When the passing of time alone will change something.
    pub(super) fn deadlines(&self) -> impl Iterator<Item = Millis> + use<> {
        let due = self.due.map(|(deadline, _)| deadline);
        due.into_iter().chain(self.state.standing_due())
    }

    /// Works out what becomes due next.
    pub(super) fn schedule(&mut self) {
        self.due = DUE
            .iter()
            .zip(&self.looked_at)
            .enumerate()
            .filter_map(|(index, ((_, when, _), after))| Some((when(&self.state, *after)?, index)))
            .filter(|(deadline, _)| deadline.0.is_finite())
            .min_by(|(a, _), (b, _)| order(*a, *b));
    }
}

/// Orders times.
pub(super) fn order(left: Millis, right: Millis) -> std::cmp::Ordering {
    left.0.total_cmp(&right.0)
}

/// Whether a deadline that is exactly now has come.
#[derive(Clone, Copy)]
pub(super) enum Bound {
    /// No: something happens at that very moment.
    Before,
    /// Yes: nothing did.
    Reached,
}

impl Bound {
    pub(super) fn has_passed(self, deadline: Millis, now: Millis) -> bool {
        match self {
            Self::Before => deadline < now,
            Self::Reached => deadline <= now,
        }
    }
}
