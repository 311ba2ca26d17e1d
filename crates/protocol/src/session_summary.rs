//! A session in short: what the checker counted while following the messages.

use std::cmp::Ordering;

use crate::{Call, CallDirection, Conversation, Gap, GapReason, Millis, SdkGeneration, Severity};

/// A session in short.
///
/// It is computed in the same pass as the findings, in constant memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Messages seen.
    pub message_count: u64,
    /// Messages missing from the session.
    pub missing: Missing,
    /// Pairings of a host document with a widget document.
    pub conversation_count: u64,
    /// How long the handshakes took, from the first `SYNC` to `SYNC_ACK`.
    pub handshakes: SpanSummary,
    /// The widgets' SDKs in words ("SDK 0.9.7"), each once and in the order in which the
    /// conversations began; only the first few.
    pub sdks: Vec<String>,
    /// The calls.
    pub calls: CallCounts,
    /// The findings.
    pub findings: SeverityCounts,
}

impl Summary {
    /// More SDKs than any session has.
    const SDKS: usize = 16;

    /// Adds a conversation, without its calls and findings.
    pub(crate) fn add_conversation(
        &mut self,
        conversation: &Conversation,
        handshakes: SpanSummary,
    ) {
        self.message_count += conversation.message_count;
        self.conversation_count += 1;
        self.handshakes.merge(handshakes);
        if conversation.sdk.is_some() || conversation.generation != SdkGeneration::Unknown {
            self.add_sdk(conversation.sdk_words());
        }
    }

    pub(crate) fn add_sdk(&mut self, words: String) {
        if self.sdks.len() < Self::SDKS && !self.sdks.contains(&words) {
            self.sdks.push(words);
        }
    }
}

/// How many messages are missing from a session, by its gaps and their reasons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Those that were never recorded, as far as their number is known.
    pub lost: u64,
    /// Whether more were never recorded, in unknown number.
    pub has_more: bool,
    /// Those that were recorded and then dropped, because the history was full.
    pub evicted: u64,
    /// Those that were recorded, and that somebody cleared or left out of a file.
    pub left_out: u64,
}

impl Missing {
    /// Counts a gap.
    pub const fn add(&mut self, gap: &Gap) {
        let (count, is_known) = match gap.lost {
            Some(count) => (count, true),
            None => (0, false),
        };
        let sum = match gap.why {
            GapReason::Evicted => &mut self.evicted,
            GapReason::Cleared | GapReason::LeftOut { .. } => &mut self.left_out,
            _ => {
                self.has_more |= !is_known;
                &mut self.lost
            }
        };
        *sum = sum.saturating_add(count);
    }

    /// Whether anything is missing.
    #[must_use]
    pub const fn is_any(self) -> bool {
        self.lost > 0 || self.has_more
    }

    /// Adds the counts of another session.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            lost: self.lost.saturating_add(other.lost),
            has_more: self.has_more || other.has_more,
            evicted: self.evicted.saturating_add(other.evicted),
            left_out: self.left_out.saturating_add(other.left_out),
        }
    }
}

/// A summary of several time spans.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SpanSummary {
    /// How many there are.
    pub count: u64,
    /// The shortest.
    pub shortest: Option<Millis>,
    /// The longest.
    pub longest: Option<Millis>,
}

impl SpanSummary {
    pub(crate) fn add(&mut self, span: Millis) {
        self.merge(Self {
            count: 1,
            shortest: Some(span),
            longest: Some(span),
        });
    }

    fn merge(&mut self, other: Self) {
        let choose = |ours: &mut Option<Millis>, its: Option<Millis>, order| {
            let is_next = |ours: Millis| its.is_some_and(|its| its.0.total_cmp(&ours.0) == order);
            if ours.is_none_or(is_next) {
                *ours = its;
            }
        };
        self.count += other.count;
        choose(&mut self.shortest, other.shortest, Ordering::Less);
        choose(&mut self.longest, other.longest, Ordering::Greater);
    }
}

/// Calls by their outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallCounts {
    /// All of them.
    pub count: u64,
    /// The widget's user called.
    pub outbound: u64,
    /// The widget's user was called.
    pub inbound: u64,
    /// Somebody answered.
    pub answered: u64,
}

impl CallCounts {
    pub(crate) const fn add(&mut self, call: &Call) {
        self.count += 1;
        match call.direction {
            Some(CallDirection::Outbound) => self.outbound += 1,
            Some(CallDirection::Inbound) => self.inbound += 1,
            None => {}
        }
        if call.answered_at.is_some() {
            self.answered += 1;
        }
    }
}

/// Findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeverityCounts {
    /// Findings of severity error.
    pub errors: u64,
    /// Findings of severity warning.
    pub warnings: u64,
    /// Findings of severity note.
    pub notes: u64,
}

impl SeverityCounts {
    pub(crate) const fn add(&mut self, severity: Severity) {
        *self.of(severity) += 1;
    }

    /// Takes back one that was added.
    pub(crate) const fn take_back(&mut self, severity: Severity) {
        *self.of(severity) -= 1;
    }

    const fn of(&mut self, severity: Severity) -> &mut u64 {
        match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Note => &mut self.notes,
        }
    }
}
