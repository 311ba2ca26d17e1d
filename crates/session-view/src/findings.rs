//! The findings of a session in display order.
//!
//! A finding that others follow from precedes and explains them; they are shown under it and not as
//! findings of their own, because fixing the cause removes them.
//!
//! Findings about a stranger, a frame that HubSpot does not sync with, are shown separately, as
//! notes: no developer of a widget can fix them.

use std::collections::HashMap;

use callscope_protocol::{Conversation, ConversationId, Finding, Millis, Rule, Severity};
use callscope_session_log::Session;

use crate::SessionView;

/// A finding and its consequences.
#[derive(Clone, Debug, PartialEq)]
pub struct WithConsequences<T> {
    /// The finding, or whatever holds it.
    pub finding: T,
    /// Its consequences, in the order in which the checker found them.
    pub consequences: Vec<T>,
}

impl<T: Clone> WithConsequences<T> {
    /// A finding without consequences.
    #[must_use]
    pub fn alone(finding: &T) -> Self {
        Self {
            finding: finding.clone(),
            consequences: Vec::new(),
        }
    }
}

/// What a consequence knows its cause by: conversation, rule, and the message or else the fact that it
/// is anchored to.
type Name<'a> = (ConversationId, &'a str, Option<u64>, Option<usize>);

/// Groups consequences under their causes.
///
/// The consequence of a consequence is grouped under the first cause, too. A consequence whose
/// cause is not among the items stands alone.
pub fn group_consequences<T>(
    items: impl IntoIterator<Item = T>,
    finding_of: impl Fn(&T) -> &Finding,
) -> Vec<WithConsequences<T>> {
    let mut grouped: Vec<WithConsequences<T>> = Vec::new();
    // The index of the entry that holds the latest finding of this name, as cause or consequence.
    let mut names: HashMap<Name<'_>, usize> = HashMap::new();
    for item in items {
        let finding = finding_of(&item);
        let conversation = finding.conversation;
        // What is anchored to a message is known by that alone.
        let fact = finding.fact.filter(|_| finding.seq.is_none());
        let name = (conversation, finding.rule.code, finding.seq, fact);
        let cause = finding.cause.and_then(|cause| {
            let name = (conversation, cause.rule.code, cause.seq, cause.fact);
            names.get(&name).copied()
        });
        let cause = cause.and_then(|index| Some((index, grouped.get_mut(index)?)));
        if let Some((index, cause)) = cause {
            cause.consequences.push(item);
            names.insert(name, index);
        } else {
            names.insert(name, grouped.len());
            grouped.push(WithConsequences {
                finding: item,
                consequences: Vec::new(),
            });
        }
    }
    grouped
}

/// Whether a finding is about messages from a stranger.
#[must_use]
pub fn is_strangers(session: &Session, finding: &Finding) -> bool {
    let conversation = session.conversation(finding.conversation);
    conversation.is_some_and(|it| finding.is_strangers(it))
}

/// How bad a finding is for the widget's developer: a finding about a stranger is a note.
#[must_use]
pub fn severity(session: &Session, finding: &Finding) -> Severity {
    if is_strangers(session, finding) {
        Severity::Note
    } else {
        finding.severity
    }
}

/// The worst of some findings, or of what stands for them; of equals it is the first, wherever one
/// of several is shown.
pub fn worst<T, R: Ord>(items: impl IntoIterator<Item = T>, rank: impl Fn(&T) -> R) -> Option<T> {
    let ranked = items.into_iter().map(|it| (rank(&it), it));
    let worst = ranked.reduce(|worst, it| if it.0 > worst.0 { it } else { worst });
    worst.map(|(_, it)| it)
}

/// The findings of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Group<'a> {
    /// The conversation, if it is a stranger's.
    pub stranger: Option<ConversationId>,
    /// The rule.
    pub rule: &'static Rule,
    /// The severity of the worst; a stranger's are notes.
    pub severity: Severity,
    /// The findings, the worst first, those of one severity in the order in which the checker found
    /// them.
    pub findings: Vec<WithConsequences<&'a Finding>>,
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
    let mut grouped = group_consequences(findings, |it| it);
    // The sort is stable, so ties stay in session order.
    grouped.sort_by_cached_key(|it| {
        let (stranger, severity) = place(it.finding);
        (stranger, std::cmp::Reverse(severity))
    });
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut indices = HashMap::new();
    for it in grouped {
        let rule = it.finding.rule;
        let (stranger, severity) = place(it.finding);
        let name = (stranger, rule.code);
        let index = *indices.entry(name).or_insert_with(|| {
            groups.push(Group {
                stranger,
                rule,
                severity,
                findings: Vec::new(),
            });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(index) {
            group.findings.push(it);
        }
    }
    groups
}

/// Numbers of findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By severity, without those about strangers.
    by_severity: [usize; Severity::ALL.len()],
    /// Those about strangers.
    pub of_strangers: usize,
}

impl Counts {
    /// Counts all findings of a session; takes constant time if it has no strangers.
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

    /// Counts some findings of a session.
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

    /// The total, without those about strangers.
    #[must_use]
    pub fn total(self) -> usize {
        self.by_severity.iter().sum()
    }

    /// The number of each severity, the worst first, without those about strangers.
    #[must_use]
    pub fn worst_first(self) -> [(Severity, usize); Severity::ALL.len()] {
        let mut counts = Severity::ALL.map(|it| (it, self.by_severity[it as usize]));
        counts.reverse();
        counts
    }
}

/// Findings that belong to no message, ordered by time, to be listed between messages.
#[derive(Clone, Debug)]
pub struct UnanchoredFindings<'a> {
    /// Sorted with the latest first.
    findings: Vec<&'a Finding>,
}

impl<'a> UnanchoredFindings<'a> {
    /// The visible ones, of all conversations or of one.
    #[must_use]
    pub fn shown(view: &'a SessionView, only: Option<ConversationId>) -> Self {
        let mut findings: Vec<&Finding> = view
            .shown_findings()
            .filter(|it| it.seq.is_none() && only.is_none_or(|only| it.conversation == only))
            .collect();
        // Popped from the end, findings with equal times keep the checker's order.
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

    /// Removes and returns the next one, if it is earlier than this.
    pub fn before(&mut self, at: Millis) -> Option<&'a Finding> {
        self.findings.pop_if(|finding| finding.at < at)
    }

    /// Removes and returns the next one.
    pub fn pop(&mut self) -> Option<&'a Finding> {
        self.findings.pop()
    }
}
