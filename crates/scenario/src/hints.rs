//! What else is known that tells why a scenario failed.

use callscope_protocol::{Finding, MessageType, Severity, rule};

use crate::run::Runner;
use crate::scenario::StepWhat;
use crate::verdict::{Failure, Verdict};

/// So many findings are told at most.
const MOST: usize = 3;

impl Runner {
    /// What the checker has found in the session of a scenario that failed, beside what it failed on:
    /// warnings and worse, those about the failing message first. And how to mend what did not come.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let Some(Verdict::Fail(failure)) = self.verdict() else {
            return Vec::new();
        };
        let mut findings: Vec<&Finding> = (self.session().findings().iter())
            .filter(|it| it.severity >= Severity::Warning && Some(it.rule.code) != failure.rule)
            // What follows from another finding is mended with it.
            .filter(|it| it.cause.is_none() && self.counts(it))
            .collect();
        findings.sort_by_key(|it| it.seq.is_none() || it.seq != failure.seq);
        findings.dedup_by_key(|it| it.rule.code);
        let findings = findings.into_iter().take(MOST).map(in_words);
        findings.chain(self.how_to_initialize(failure)).collect()
    }

    /// The checker waits about as long as the scenarios do, and either may be first.
    fn how_to_initialize(&self, failure: &Failure) -> Option<String> {
        let StepWhat::Widget(expectation) = &self.plan().steps.get(failure.step)?.step.what else {
            return None;
        };
        let is_missing = expectation.ty == MessageType::Initialized
            && failure.seq.is_none()
            && failure.rule.is_none()
            && self.conversation().is_some_and(|it| it.sdk.is_some());
        is_missing.then(|| rule("S01").map(|it| it.fix.to_owned()))?
    }
}

/// `error[S01]: what was found. How to mend it`.
pub(crate) fn in_words(finding: &Finding) -> String {
    format!(
        "{}[{}]: {}. {}",
        finding.severity, finding.rule.code, finding.message, finding.rule.fix
    )
}
