//! The findings of a session in the order in which they are told.
//!
//! A finding that others follow from stands before them and names them; they are told under it,
//! and not as findings of their own: whoever mends the cause is rid of them.
//!
//! What is wrong with the messages of a stranger, a frame that HubSpot does not sync with, is told
//! apart from the rest, as notes: nobody who makes a widget can mend it.

use std::collections::HashMap;

use callscope_protocol::{Conversation, ConversationId, Finding, Millis, Rule, Severity};
use callscope_session_log::Session;

use crate::SessionView;

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

/// Whether a finding is about what a stranger sent.
#[must_use]
pub fn is_strangers(session: &Session, finding: &Finding) -> bool {
    let conversation = session.conversation(finding.conversation);
    conversation.is_some_and(|it| finding.is_strangers(it))
}

/// How bad a finding is for whoever makes the widget: what is wrong with a stranger is a note.
#[must_use]
pub fn severity(session: &Session, finding: &Finding) -> Severity {
    if is_strangers(session, finding) {
        Severity::Note
    } else {
        finding.severity
    }
}

/// The findings of one rule with one severity.
#[derive(Clone, Debug, PartialEq)]
pub struct Group<'a> {
    /// The conversation that all of them are of, if that is a stranger's.
    pub stranger: Option<ConversationId>,
    /// The rule.
    pub rule: &'static Rule,
    /// How bad they are; a stranger's are notes.
    pub severity: Severity,
    /// The findings, in the order in which the checker found them.
    pub told: Vec<Told<&'a Finding>>,
}

/// Findings by rule, the worst first, then those of each stranger.
#[must_use]
pub fn groups<'a>(
    findings: impl IntoIterator<Item = &'a Finding>,
    is_strangers: impl Fn(&Finding) -> bool,
) -> Vec<Group<'a>> {
    let place = |finding: &Finding| {
        if is_strangers(finding) {
            (Some(finding.conversation), Severity::Note)
        } else {
            (None, finding.severity)
        }
    };
    let mut told = tell(findings, |it| it);
    // The sort keeps the order of the session where it decides nothing.
    told.sort_by_key(|it| {
        let (stranger, severity) = place(it.finding);
        (stranger, std::cmp::Reverse(severity))
    });
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut indices = HashMap::new();
    for it in told {
        let rule = it.finding.rule;
        let (stranger, severity) = place(it.finding);
        let name = (stranger, rule.code, severity);
        let index = *indices.entry(name).or_insert_with(|| {
            groups.push(Group {
                stranger,
                rule,
                severity,
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

/// How many findings there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Of each severity, without those of strangers.
    by_severity: [usize; Severity::ALL.len()],
    /// Those of strangers.
    pub of_strangers: usize,
}

impl Counts {
    /// Counts those of a session; quick, as long as it has no strangers.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        let mut counts = Self {
            by_severity: Severity::ALL.map(|severity| session.finding_count(severity)),
            of_strangers: 0,
        };
        if session.conversations().any(Conversation::is_strangers) {
            for it in session
                .findings()
                .iter()
                .filter(|it| is_strangers(session, it))
            {
                counts.by_severity[it.severity as usize] -= 1;
                counts.of_strangers += 1;
            }
        }
        counts
    }

    /// Counts some of a session.
    #[must_use]
    pub fn of_these<'a>(
        session: &Session,
        findings: impl IntoIterator<Item = &'a Finding>,
    ) -> Self {
        let mut counts = Self::default();
        for it in findings {
            if is_strangers(session, it) {
                counts.of_strangers += 1;
            } else {
                counts.by_severity[it.severity as usize] += 1;
            }
        }
        counts
    }

    /// How many there are, without those of strangers.
    #[must_use]
    pub fn total(self) -> usize {
        self.by_severity.iter().sum()
    }

    /// How many there are of each severity, the worst first, without those of strangers.
    #[must_use]
    pub fn worst_first(self) -> [(Severity, usize); Severity::ALL.len()] {
        let mut counts = Severity::ALL.map(|it| (it, self.by_severity[it as usize]));
        counts.reverse();
        counts
    }
}

/// Findings that belong to no message, in time, to be put between messages.
#[derive(Clone, Debug)]
pub struct Loose<'a> {
    /// The latest first.
    findings: Vec<&'a Finding>,
}

impl<'a> Loose<'a> {
    /// Those that the view shows, of all conversations or of one.
    #[must_use]
    pub fn shown(view: &'a SessionView, only: Option<ConversationId>) -> Self {
        let mut findings: Vec<&Finding> = view
            .shown_findings()
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
