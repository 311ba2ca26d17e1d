//! What else is known that tells why a scenario failed.

use std::collections::BTreeSet;

use callscope_protocol::{Finding, Message, MessageType, Severity, rule};

use crate::run::Runner;
use crate::scenario::StepWhat;
use crate::verdict::{Failure, Verdict};

/// So many findings are told at most.
const MOST: usize = 3;

/// What the widget should have done about a message of HubSpot's.
const CALLED_FOR: [(MessageType, MessageType); 2] = [
    (MessageType::OutgoingCallStarted, MessageType::DialNumber),
    (MessageType::CallEnded, MessageType::EndCall),
];

impl Runner {
    /// What the checker has found in the session, warnings and worse, beside what the scenario failed
    /// on; those about the failing message first. After a failure with how to mend them, and with what
    /// sends the message that did not come.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        match self.verdict() {
            Some(Verdict::Pass) => {
                let found = self.findings(None, None);
                let brief =
                    |it: &Finding| format!("{}[{}]: {}", it.severity, it.rule.code, it.message);
                found.into_iter().map(brief).collect()
            }
            Some(Verdict::Fail(failure)) => {
                let found = self.findings(failure.seq, failure.rule);
                let mut hints: Vec<String> = found.into_iter().map(in_words).collect();
                hints.extend(self.about_step(failure));
                hints
            }
            _ => Vec::new(),
        }
    }

    /// One finding of each rule but this one, those about this message first.
    fn findings(&self, seq: Option<u64>, rule: Option<&str>) -> Vec<&Finding> {
        let mut found: Vec<&Finding> = (self.session().findings().iter())
            .filter(|it| it.severity >= Severity::Warning && Some(it.rule.code) != rule)
            // What follows from another finding is mended with it.
            .filter(|it| it.cause.is_none() && self.counts(it))
            .collect();
        found.sort_by_key(|it| it.seq.is_none() || it.seq != seq);
        let mut rules = BTreeSet::new();
        found.retain(|it| rules.insert(it.rule.code));
        found.truncate(MOST);
        found
    }

    /// What to do for the message that the failing step waited for.
    fn about_step(&self, failure: &Failure) -> Vec<String> {
        let step = self.plan().steps.get(failure.step).map(|it| &it.step.what);
        let Some(StepWhat::Widget(expectation)) = step else {
            return Vec::new();
        };
        let has_answered = self.conversation().is_some_and(|it| it.sdk.is_some());
        if failure.rule.is_some() || !has_answered {
            return Vec::new();
        }
        let ty = expectation.ty;
        let is_missing = failure.seq.is_none();
        let mut hints = Vec::new();
        hints.extend(self.called_for_by(ty));
        if is_missing && ty == MessageType::Initialized {
            // The checker waits about as long as the scenarios do, and either may be first.
            hints.extend(rule("S01").map(|it| it.fix.to_owned()));
        } else if is_missing && let [method, ..] = ty.spec().sdk_methods {
            hints.push(format!("{} is sent by {method}().", ty.name()));
        }
        hints
    }

    /// The last message of HubSpot's that calls for such a one, and the handler that gets it.
    fn called_for_by(&self, ty: MessageType) -> Option<String> {
        let (_, asking) = CALLED_FOR.iter().find(|(it, _)| *it == ty)?;
        let messages = self.session().facts().iter().rev();
        let said = messages
            .filter_map(|it| it.message())
            .find(|it| Message::decode(&it.message).known() == Some(*asking))?;
        let spec = asking.spec();
        let handler = spec.handler?;
        let name = spec.name;
        Some(format!(
            "{name} (message {}) comes to the handler {handler}: {}",
            said.seq, spec.summary
        ))
    }
}

/// `error[S01]: what was found. How to mend it`.
pub(crate) fn in_words(finding: &Finding) -> String {
    format!(
        "{}[{}]: {}. {}",
        finding.severity,
        finding.rule.code,
        finding.message,
        finding.fix()
    )
}
