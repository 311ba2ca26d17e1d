//! The findings of a session in the order in which they are told.
//!
//! A finding that others follow from stands before them and names them; they are told under it,
//! and not as findings of their own: whoever mends the cause is rid of them.

use std::collections::HashMap;

use callscope_protocol::{ConversationId, Finding, Millis, Rule, Severity};
use callscope_session_log::Session;

/// A finding and what follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told<T> {
    /// The finding, or whatever holds it.
    pub finding: T,
    /// What follows from it, in the order in which the checker found it.
    pub consequences: Vec<T>,
}

impl<T: Clone> Told<T> {
    /// A finding without what follows from it.
    #[must_use]
    pub fn alone(finding: &T) -> Self {
        Self {
            finding: finding.clone(),
            consequences: Vec::new(),
        }
    }
}

/// Puts consequences to their causes.
///
/// Whatever follows from a consequence is put to its cause, too. A consequence whose cause is not
/// among the items stands for itself.
pub fn tell<T>(
    items: impl IntoIterator<Item = T>,
    finding_of: impl Fn(&T) -> &Finding,
) -> Vec<Told<T>> {
    let mut told: Vec<Told<T>> = Vec::new();
    // The latest finding of this name, which is or follows from the one at this index.
    let mut names: HashMap<(ConversationId, &str, Option<u64>), usize> = HashMap::new();
    for item in items {
        let finding = finding_of(&item);
        let name = (finding.conversation, finding.rule.code, finding.seq);
        let cause = finding.cause.and_then(|cause| {
            let name = (finding.conversation, cause.rule.code, cause.seq);
            names.get(&name).copied()
        });
        let cause = cause.and_then(|index| Some((index, told.get_mut(index)?)));
        if let Some((index, cause)) = cause {
            cause.consequences.push(item);
            names.insert(name, index);
        } else {
            names.insert(name, told.len());
            told.push(Told {
                finding: item,
                consequences: Vec::new(),
            });
        }
    }
    told
}

/// The findings of one rule with one severity.
#[derive(Clone, Debug, PartialEq)]
pub struct Group<'a> {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad they are.
    pub severity: Severity,
    /// The findings, in the order in which the checker found them.
    pub told: Vec<Told<&'a Finding>>,
}

/// The findings of a session by rule, the worst first.
#[must_use]
pub fn groups(findings: &[Finding]) -> Vec<Group<'_>> {
    let mut told = tell(findings, |it| it);
    // The sort keeps the order of the session where it decides nothing.
    told.sort_by_key(|it| std::cmp::Reverse(it.finding.severity));
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut indices = HashMap::new();
    for it in told {
        let Finding { rule, severity, .. } = it.finding;
        let index = *indices.entry((rule.code, *severity)).or_insert_with(|| {
            groups.push(Group {
                rule,
                severity: *severity,
                told: Vec::new(),
            });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(index) {
            group.told.push(it);
        }
    }
    groups
}

/// How many findings there are of each severity, the worst first.
#[must_use]
pub fn counts(session: &Session) -> [(Severity, usize); 3] {
    let mut counts = Severity::ALL.map(|severity| (severity, session.finding_count(severity)));
    counts.reverse();
    counts
}

/// Findings that belong to no message, in time, to be put between messages.
#[derive(Clone, Debug)]
pub struct Loose<'a> {
    /// The latest first.
    findings: Vec<&'a Finding>,
}

impl<'a> Loose<'a> {
    /// Those of a session, or of one conversation.
    #[must_use]
    pub fn of(session: &'a Session, only: Option<ConversationId>) -> Self {
        let mut findings: Vec<&Finding> = session
            .findings()
            .iter()
            .filter(|it| it.seq.is_none() && only.is_none_or(|only| it.conversation == only))
            .collect();
        // Popped from the end, those of the same time come in the order of the checker.
        findings.reverse();
        findings.sort_by(|left, right| right.at.0.total_cmp(&left.at.0));
        Self { findings }
    }

    /// None.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            findings: Vec::new(),
        }
    }

    /// The next one that is earlier than this.
    pub fn before(&mut self, at: Millis) -> Option<&'a Finding> {
        self.findings.pop_if(|finding| finding.at < at)
    }

    /// The next one.
    pub fn pop(&mut self) -> Option<&'a Finding> {
        self.findings.pop()
    }
}
