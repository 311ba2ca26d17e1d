//! What a rule is: words for people, and hooks that look at what happens.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher as _};

use crate::arrival::Arrival;
use crate::recorded::Recorded;
use crate::state::State;
use crate::{
    CallId, Cause, ConversationId, Example, Finding, Gap, Inside, MessageType, Millis, Setting,
    Severity, Stage, Version, VersionRange,
};

/// One thing that can be wrong in a conversation.
///
/// Its texts are the help in the panel, in the terminal and in the documents.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its name: a family letter and a number.
    pub code: &'static str,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// Why it matters: what HubSpot or the SDK does in this case.
    pub why: &'static str,
    /// What to do, with the SDK call.
    pub fix: &'static str,
    /// The severity by generation and version, in words.
    pub severity: &'static str,
    /// The first version of the SDK that it applies to.
    ///
    /// It is not applied to widgets that are certainly older, or newer than `until`.
    pub since: Version,
    /// The last one; `None` if the newest.
    pub until: Option<Version>,
    /// A session that breaks it, and one that does not.
    pub example: Example,
    /// Its checks.
    pub(crate) hooks: &'static [Hook],
}

impl Rule {
    /// The values of a rule that applies to every version.
    pub(crate) const ANY_VERSION: Self = Self {
        code: "",
        title: "",
        why: "",
        fix: "",
        severity: "",
        since: Version::OLDEST,
        until: None,
        example: Example {
            breaks: "",
            clean: "",
        },
        hooks: &[],
    };

    /// The types that it looks at; none if it looks at all types, or at no messages.
    pub fn message_types(&self) -> impl Iterator<Item = MessageType> {
        let types = self.hooks.iter().filter_map(|hook| match hook {
            Hook::On(types, _) => Some(types.iter().copied()),
            _ => None,
        });
        types.flatten()
    }

    /// Whether the rule applies to a widget whose SDK is in this range.
    fn applies_to(&self, speaks: VersionRange) -> bool {
        self.since <= speaks.newest && self.until.is_none_or(|until| speaks.oldest <= until)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rule({})", self.code)
    }
}

/// Checks one message, before the state is updated with it.
pub(crate) type CheckMessage = fn(&Arrival<'_>, &mut Report<'_>);

/// Something that a rule looks at.
#[derive(Clone, Copy)]
pub(crate) enum Hook {
    /// Every message.
    Every(CheckMessage),
    /// Messages of these types.
    On(&'static [MessageType], CheckMessage),
    /// Time passes: `when` says when, after a given time, the next check is needed; `check` is
    /// called with that time once it has come.
    Due {
        when: fn(&State, Millis) -> Option<Millis>,
        check: fn(&State, Millis, &mut Report<'_>),
    },
    /// A side's page unloads, or another handshake shows that it has.
    Leave(fn(&State, &mut Report<'_>)),
    /// Recording ends.
    End(fn(&State, &mut Report<'_>)),
    /// Recording ends; called with what the recording holds.
    Recorded(fn(Recorded, &mut Report<'_>)),
    /// Messages are missing.
    Gap(fn(&State, &Gap, &mut Report<'_>)),
    /// A page reported something about itself.
    Inside(fn(&State, &Inside, &mut Report<'_>)),
    /// A local setting was read and is new or changed; called with the others, too.
    Setting(fn(&Setting, &[Setting], &mut Report<'_>)),
}

/// What was already reported and must not be repeated in this page load, or at all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Once {
    keys: VecDeque<u64>,
    /// Keys for the whole conversation.
    kept: VecDeque<u64>,
}

impl Once {
    /// No sane conversation needs more; with a hostile one, findings are repeated.
    const CAPACITY: usize = 512;

    fn insert(keys: &mut VecDeque<u64>, key: u64) -> bool {
        if keys.contains(&key) {
            return false;
        }
        if keys.len() == Self::CAPACITY {
            keys.pop_front();
        }
        keys.push_back(key);
        true
    }

    /// Starts another page of the widget.
    pub(crate) fn clear(&mut self) {
        self.keys.clear();
    }
}

/// Where a rule reports its findings.
pub(crate) struct Report<'a> {
    pub(crate) rule: &'static Rule,
    pub(crate) conversation: ConversationId,
    /// The message that findings are anchored to, unless the rule names another.
    pub(crate) seq: Option<u64>,
    pub(crate) at: Millis,
    pub(crate) findings: &'a mut Vec<Finding>,
    pub(crate) once: &'a mut Once,
}

impl Report<'_> {
    /// Runs a rule's check; its findings count only if the rule applies to such a widget.
    pub(crate) fn judge(mut self, speaks: VersionRange, check: &dyn Fn(&mut Report<'_>)) {
        let first = self.findings.len();
        check(&mut self);
        if self.findings.len() > first && !self.rule.applies_to(speaks) {
            self.findings.truncate(first);
        }
    }

    pub(crate) fn error(&mut self, message: impl Into<String>) -> &mut Finding {
        self.add(Severity::Error, message)
    }

    pub(crate) fn warning(&mut self, message: impl Into<String>) -> &mut Finding {
        self.add(Severity::Warning, message)
    }

    pub(crate) fn note(&mut self, message: impl Into<String>) -> &mut Finding {
        self.add(Severity::Note, message)
    }

    pub(crate) fn add(&mut self, severity: Severity, message: impl Into<String>) -> &mut Finding {
        self.findings.push_mut(Finding {
            rule: self.rule,
            severity,
            conversation: self.conversation,
            seq: self.seq,
            fact: None,
            call: None,
            at: self.at,
            message: message.into(),
            advice: None,
            related: Vec::new(),
            fields: Vec::new(),
            cause: None,
            stage: Stage::Final,
        })
    }

    /// Whether another rule has already reported this field of the message.
    pub(crate) fn is_told(&self, key: &str) -> bool {
        let of_now = self.findings.iter().rev();
        let mut of_now = of_now.take_while(|finding| finding.at == self.at);
        of_now.any(|finding| {
            let is_here = finding.seq == self.seq && finding.conversation == self.conversation;
            is_here && finding.rule != self.rule && finding.fields.iter().any(|it| it == key)
        })
    }

    /// Whether the rule uses `key` for the first time in this page load.
    pub(crate) fn once(&mut self, key: impl Hash) -> bool {
        let key = self.hash(key);
        Once::insert(&mut self.once.keys, key)
    }

    /// Whether the rule uses `key` for the first time in this conversation.
    pub(crate) fn once_in_conversation(&mut self, key: impl Hash) -> bool {
        let key = self.hash(key);
        Once::insert(&mut self.once.kept, key)
    }

    fn hash(&self, key: impl Hash) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.rule.code, key).hash(&mut hasher);
        hasher.finish()
    }
}

impl Finding {
    /// Anchors it to another message.
    pub(crate) fn anchor(&mut self, seq: u64) -> &mut Self {
        self.seq = Some(seq);
        self
    }

    /// Makes it one that a later finding may replace.
    pub(crate) fn open(&mut self) -> &mut Self {
        self.stage = Stage::Open;
        self
    }

    /// Makes it replace the open finding of the same rule about this message, if there is one.
    pub(crate) fn replace(&mut self, seq: u64) -> &mut Self {
        self.stage = Stage::Replacing(seq);
        self
    }

    /// Sets the call that the anchor message belongs to, by its number in the conversation.
    pub(crate) fn in_call(&mut self, serial: impl Into<Option<u32>>) -> &mut Self {
        let conversation = self.conversation;
        self.call = serial.into().map(|serial| CallId {
            conversation,
            serial,
        });
        self
    }

    /// Makes it a consequence of what `rule` reported at message `seq`.
    pub(crate) fn follows_from(&mut self, rule: &'static Rule, seq: u64) -> &mut Self {
        let (seq, fact) = (Some(seq), None);
        self.follow(Cause { rule, seq, fact })
    }

    /// Makes it a consequence of what `rule` reported about what a page said.
    pub(crate) fn follows_from_report(&mut self, rule: &'static Rule, fact: usize) -> &mut Self {
        let (seq, fact) = (None, Some(fact));
        self.follow(Cause { rule, seq, fact })
    }

    fn follow(&mut self, cause: Cause) -> &mut Self {
        self.severity = Severity::Note;
        self.cause = Some(cause);
        self
    }

    /// Says what to do in this case: a sentence.
    pub(crate) fn advise(&mut self, advice: impl Into<Option<String>>) -> &mut Self {
        self.advice = advice.into();
        self
    }

    /// Names the fields of the message that it is about.
    pub(crate) fn about(
        &mut self,
        keys: impl IntoIterator<Item = impl Into<Cow<'static, str>>>,
    ) -> &mut Self {
        self.fields.extend(keys.into_iter().map(Into::into));
        self
    }

    /// Adds other messages that it is about.
    pub(crate) fn see(&mut self, messages: impl IntoIterator<Item = u64>) -> &mut Self {
        self.related.extend(messages);
        self.related.retain(|seq| Some(*seq) != self.seq);
        self.related.sort_unstable();
        self.related.dedup();
        self
    }
}
