//! The terms of the language in one table.
//!
//! The parser, the completions, the error messages, the guide's table and `callscope show --help`
//! are derived from it.

use super::matching::Is;

/// A key: the part of a term before the colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Type,
    From,
    To,
    Is,
    Severity,
    Rule,
    Call,
    Conversation,
    Id,
    Origin,
    Latency,
    Size,
}

/// Which values a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// A text in which `*` stands for anything, or a regular expression.
    Pattern,
    /// The code of a rule, in which `*` stands for anything, or a regular expression.
    Rule,
    /// A part of a text, or a regular expression.
    Part,
    /// `host` or `widget`.
    Side,
    /// A word of [`Is`].
    Is,
    /// A severity, which can be compared.
    Severity,
    /// A number.
    Number,
    /// A time with its unit, to be compared.
    Span,
    /// A size with its unit, to be compared.
    Size,
}

impl Values {
    /// Whether the value can come after `>` and the like.
    pub(super) const fn are_compared(self) -> bool {
        matches!(self, Self::Severity | Self::Span | Self::Size)
    }

    /// Whether the value must come after `>` and the like.
    pub(super) const fn must_be_compared(self) -> bool {
        matches!(self, Self::Span | Self::Size)
    }
}

/// A key with everything that is known about it.
#[derive(Debug)]
pub(super) struct KeySpec {
    pub(super) key: Key,
    pub(super) name: &'static str,
    /// Its former name.
    pub(super) synonym: Option<&'static str>,
    pub(super) values: Values,
    /// What is allowed after it, for error messages.
    pub(super) expected: &'static str,
}

/// A kind of term, for help texts.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// Ways to write it; the first is the simplest.
    pub examples: &'static [&'static str],
    /// Which messages it shows: follows on "shows messages".
    pub help: &'static str,
    key: Option<Key>,
}

const fn key(key: Key, name: &'static str, values: Values, expected: &'static str) -> KeySpec {
    KeySpec {
        key,
        name,
        synonym: None,
        values,
        expected,
    }
}

/// The keys, in the order in which help texts list them.
pub(super) const KEYS: &[KeySpec] = &[
    key(
        Key::Type,
        "type",
        Values::Pattern,
        "a type such as DIAL_NUMBER or CALL_*",
    ),
    key(Key::From, "from", Values::Side, "host or widget"),
    key(Key::To, "to", Values::Side, "host or widget"),
    key(
        Key::Is,
        "is",
        Values::Is,
        "injected, finding, unknown, cut, call, inside or gap",
    ),
    key(
        Key::Severity,
        "severity",
        Values::Severity,
        "error, warning or note",
    ),
    KeySpec {
        key: Key::Rule,
        name: "rule",
        synonym: Some("code"),
        values: Values::Rule,
        expected: "a rule such as M14 or M*",
    },
    key(Key::Call, "call", Values::Number, "the number of a call"),
    key(
        Key::Conversation,
        "conv",
        Values::Number,
        "the number of a conversation",
    ),
    key(
        Key::Id,
        "id",
        Values::Pattern,
        "a messageId, with * for any part",
    ),
    key(Key::Origin, "origin", Values::Part, "a part of an origin"),
    key(
        Key::Latency,
        "latency",
        Values::Span,
        "a time such as 500ms or 2s",
    ),
    key(
        Key::Size,
        "size",
        Values::Size,
        "a size such as 500B or 1kB",
    ),
];

/// All kinds of terms.
pub const TERMS: &[Term] = &[
    Term {
        examples: &["hello", "\"two words\""],
        help: "whose type, summary, origin or payload contains the text",
        key: None,
    },
    Term {
        examples: &["/call_(ended|completed)/"],
        help: "in which one of these matches the regular expression; (?-i) makes it case-sensitive",
        key: None,
    },
    Term {
        examples: &["type:CALL_*", "type:SYNC,SYNC_ACK", "type:/_FAILED$/"],
        help: "of this type; * matches anything, a comma means or",
        key: Some(Key::Type),
    },
    Term {
        examples: &["from:host", "to:widget"],
        help: "that this side sent, or received",
        key: Some(Key::From),
    },
    Term {
        examples: &["severity>=warning", "severity:warning", "severity=note"],
        help: "with a finding of at least this severity, or with = of exactly this one",
        key: Some(Key::Severity),
    },
    Term {
        examples: &["rule:M15", "rule:M*"],
        help: "with a finding of this rule; code: means the same",
        key: Some(Key::Rule),
    },
    Term {
        examples: &["call:2"],
        help: "that belong to this call; each conversation counts its own calls",
        key: Some(Key::Call),
    },
    Term {
        examples: &[
            "data.engagementId:123",
            "data.callerIdMatches[0].name:*",
            ".version:0.9.*",
        ],
        help: "with this value there; a leading dot starts at the message itself, an array is \
               searched in all its elements, and * alone matches any value",
        key: None,
    },
    Term {
        examples: &["data.height>400"],
        help: "with a number there that compares like this",
        key: None,
    },
    Term {
        examples: &["latency>500ms"],
        help: "that answered a request after this time; in ms, s or min",
        key: Some(Key::Latency),
    },
    Term {
        examples: &["size>1kB"],
        help: "whose JSON has this size; in B, kB or MB",
        key: Some(Key::Size),
    },
    Term {
        examples: &["is:injected"],
        help: "posted by Callscope; also finding, unknown (type), cut, call (of any call), inside \
               (what the widget's page reported about itself)",
        key: Some(Key::Is),
    },
    Term {
        examples: &["gap", "is:gap"],
        help: "none, only where some are missing, which no filter hides",
        key: Some(Key::Is),
    },
    Term {
        examples: &["conv:2"],
        help: "of this conversation",
        key: Some(Key::Conversation),
    },
    Term {
        examples: &["id:1700*"],
        help: "with this messageId",
        key: Some(Key::Id),
    },
    Term {
        examples: &["origin:localhost"],
        help: "from an origin that contains the text",
        key: Some(Key::Origin),
    },
    Term {
        examples: &["-type:SYNC", "not type:SYNC"],
        help: "that the term does not match",
        key: None,
    },
    Term {
        examples: &["(call:1 or call:2) from:host"],
        help: "that one of two terms matches; without or, all terms must match",
        key: None,
    },
];

impl Key {
    /// The key with this name, in whatever case.
    pub(super) fn find(name: &str) -> Option<&'static KeySpec> {
        KEYS.iter().find(|it| {
            it.name.eq_ignore_ascii_case(name)
                || it
                    .synonym
                    .is_some_and(|synonym| synonym.eq_ignore_ascii_case(name))
        })
    }

    pub(super) fn spec(self) -> &'static KeySpec {
        KEYS.iter()
            .find(|it| it.key == self)
            .unwrap_or(const { &KEYS[0] })
    }

    /// What the key is for, for a list of keys.
    pub(super) fn help(self) -> &'static str {
        let key = match self {
            Self::To => Self::From,
            other => other,
        };
        let mut terms = TERMS.iter().filter(|it| it.key == Some(key));
        terms.next().map_or("", |term| term.help)
    }
}

/// The names of the keys, for error messages.
pub(super) fn names() -> String {
    let names: Vec<&str> = KEYS.iter().map(|it| it.name).collect();
    names.join(", ")
}

/// The words that can follow `is:`, for completions.
pub(super) fn is_words() -> impl Iterator<Item = &'static str> {
    Is::ALL.iter().map(|(name, _)| *name)
}
