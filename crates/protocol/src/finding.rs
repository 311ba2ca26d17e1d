//! What the checker reports.

use std::borrow::Cow;

use crate::{CallId, Conversation, ConversationId, Millis, Rule};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Legal but unusual, or something that one of HubSpot's demos does.
    Note,
    /// It works on the wire, but HubSpot's result is likely wrong, or the form is deprecated.
    Warning,
    /// A message is lost, an exception is thrown, or the two sides disagree.
    Error,
}

impl Severity {
    /// All severities, the mildest first.
    pub const ALL: [Self; 3] = [Self::Note, Self::Warning, Self::Error];

    /// The severity's name, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// One deviation from the protocol.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// How bad it is, for this generation and version.
    pub severity: Severity,
    /// The conversation that it happened in.
    pub conversation: ConversationId,
    /// The message that breaks the rule, or whose answer is missing.
    pub seq: Option<u64>,
    /// The gap, the setting or the page's report that breaks the rule, as the number of facts that
    /// the checker had seen before it.
    pub fact: Option<usize>,
    /// The call that this message belongs to; for a page's report, that of the last message before it.
    pub call: Option<CallId>,
    /// When the checker could first know.
    pub at: Millis,
    /// One sentence: what was expected and what came.
    pub message: String,
    /// What to do in this case, with its names, before what the rule says for all: "Rename `CALL_END`
    /// to `CALL_ENDED`."
    pub advice: Option<String>,
    /// Other messages that it is about, in session order.
    pub related: Vec<u64>,
    /// The keys of the message's fields that it is about: fields that are wrong, missing, or that
    /// another key stands for.
    ///
    /// F01, F02 and F03 do not repeat what another rule has reported of such a field.
    pub fields: Vec<Cow<'static, str>>,
    /// The finding that this one follows from: fixing that one removes both.
    ///
    /// A consequence is a note, however severe it would be on its own, and is shown under its
    /// cause.
    pub cause: Option<Cause>,
    /// Whether it is the last word.
    pub stage: Stage,
}

/// Whether a finding is the rule's last word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stage {
    /// It is.
    #[default]
    Final,
    /// What is missing may still come. If the rule later finds that it did not, that finding
    /// replaces this one.
    Open,
    /// It replaces the [`Open`](Self::Open) finding of the same rule about the message with this
    /// `seq`.
    Replacing(u64),
}

impl Finding {
    /// What to do.
    #[must_use]
    pub fn fix(&self) -> Cow<'static, str> {
        let fix = self.rule.fix;
        match &self.advice {
            Some(advice) => format!("{advice} {fix}").into(),
            None => fix.into(),
        }
    }

    /// Whether it replaces an earlier finding.
    #[must_use]
    pub fn replaces(&self, earlier: &Self) -> bool {
        let Stage::Replacing(seq) = self.stage else {
            return false;
        };
        earlier.stage == Stage::Open
            && earlier.rule.code == self.rule.code
            && earlier.seq == Some(seq)
    }

    /// Whether it is about the conversation that it names, rather than about the page's settings or
    /// the recording as a whole (families E and X without a message).
    #[must_use]
    pub fn is_about_conversation(&self) -> bool {
        self.seq.is_some() || !self.rule.code.starts_with(['E', 'X'])
    }

    /// Whether it is about messages from a frame that HubSpot does not sync with, given the
    /// conversation that it names: then no widget broke that rule.
    #[must_use]
    pub fn is_strangers(&self, conversation: &Conversation) -> bool {
        self.is_about_conversation() && conversation.is_strangers()
    }
}

/// Identifies the finding that another one follows from; it was reported earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// The message that it is anchored to, in the same conversation.
    pub seq: Option<u64>,
    /// What it is anchored to instead of a message; see [`Finding::fact`].
    pub fact: Option<usize>,
}
