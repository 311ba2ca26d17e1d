//! The filter language: words and `key:value` terms, all of which must match.
//!
//! | term | matches |
//! | --- | --- |
//! | `hello` or `"two words"` | type, origin, summary or payload holds the text |
//! | `type:CALL_*` | the type; `*` stands for anything |
//! | `from:host`, `to:widget` | the side that sent or received it |
//! | `is:injected` | also `finding`, `unknown`, `cut`, `call` (it belongs to a call), `inside` (a page told it of itself) |
//! | `severity:error` | it has a finding that is at least as bad |
//! | `code:M14`, `code:M*` | it has a finding of this rule |
//! | `call:4` | the call, by its number |
//! | `conv:2` | the conversation; calls are counted in each on their own |
//! | `id:1700*` | the messageId |
//! | `origin:localhost` | the sender's origin holds the text |
//!
//! `-` before a term negates it, `a,b` as a value means a or b. Case does not matter.

use callscope_protocol::{CallId, Inside, MessageType, Severity, Side};

use crate::inside;

/// What the user typed, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    negated: bool,
    /// One of them must match.
    tests: Vec<Test>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Text(String),
    Type(Glob),
    From(Side),
    Is(Is),
    Severity(Severity),
    Code(Glob),
    Call(u32),
    Conversation(u32),
    Id(Glob),
    Origin(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Is {
    Injected,
    Finding,
    Unknown,
    Cut,
    Call,
    Inside,
}

impl Is {
    const ALL: [(&'static str, Self); 6] = [
        ("injected", Self::Injected),
        ("finding", Self::Finding),
        ("unknown", Self::Unknown),
        ("cut", Self::Cut),
        ("call", Self::Call),
        ("inside", Self::Inside),
    ];
}

/// The keys, for help and for messages.
const KEYS: &str = "type, from, to, is, severity, code, call, conv, id, origin";

/// Why a filter cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterError {
    /// No such key.
    #[error("there is no key \"{key}\"; use {KEYS}, or put the text in quotes")]
    UnknownKey {
        /// What stands before the colon.
        key: String,
    },
    /// The key has no such value.
    #[error("\"{key}:{value}\" matches nothing; after \"{key}:\" use {expected}")]
    BadValue {
        /// The key.
        key: &'static str,
        /// What stands behind it.
        value: String,
        /// What could stand there.
        expected: &'static str,
    },
    /// `key:` and nothing behind it.
    #[error("\"{key}:\" needs a value: {expected}")]
    NoValue {
        /// The key.
        key: &'static str,
        /// What could stand behind it.
        expected: &'static str,
    },
    /// A quote that does not end.
    #[error("the text after the last \" has no closing quote")]
    OpenQuote,
}

/// What a message shows to a filter.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its type; empty if it has none.
    pub type_name: &'a str,
    /// What it is in the catalogue.
    pub known: Option<MessageType>,
    /// Its `messageId`; empty if it has none.
    pub message_id: &'a str,
    /// The side that sent it.
    pub from: Side,
    /// The sender's origin.
    pub origin: &'a str,
    /// One line about it.
    pub summary: &'a str,
    /// Whether Callscope posted it.
    pub injected: bool,
    /// Whether it was cut.
    pub truncated: bool,
    /// The conversation's number.
    pub conversation: u32,
    /// The call that the checker says it belongs to.
    pub call: Option<CallId>,
    /// The message's text, as it was recorded.
    pub text: &'a str,
}

/// The findings of a message, for a filter: severity and the rule's code.
pub type FindingKeys<'a> = &'a [(Severity, &'static str)];

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let mut terms = Vec::new();
        for word in words(text)? {
            let negated = word.negated;
            let tests = match &word.key {
                None => vec![Test::Text(word.value.to_lowercase())],
                Some(key) => key_tests(key, &word)?,
            };
            terms.push(Term { negated, tests });
        }
        Ok(Self { terms })
    }

    /// Whether everything matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether the outcome can change with the findings.
    #[must_use]
    pub fn looks_at_findings(&self) -> bool {
        self.terms.iter().flat_map(|term| &term.tests).any(|test| {
            matches!(
                test,
                Test::Severity(_) | Test::Code(_) | Test::Is(Is::Finding)
            )
        })
    }

    /// Whether a message with these findings is shown.
    #[must_use]
    pub fn matches(&self, subject: &Subject<'_>, finding_keys: FindingKeys<'_>) -> bool {
        self.terms.iter().all(|term| {
            term.negated
                != term
                    .tests
                    .iter()
                    .any(|test| test.matches(subject, finding_keys))
        })
    }

    /// Whether what a page told of itself is shown.
    #[must_use]
    pub fn matches_inside(&self, inside: &Inside) -> bool {
        self.terms.iter().all(|term| {
            let mut tests = term.tests.iter();
            term.negated != tests.any(|test| test.matches_inside(inside))
        })
    }
}

impl Test {
    /// No finding is anchored to what a page told, and it is part of no call.
    fn matches_inside(&self, inside: &Inside) -> bool {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        match self {
            Self::Text(words) => [
                &inside::sentence(inside),
                &inside.origin,
                &text(&inside.message),
            ]
            .into_iter()
            .any(|it| contains_ignoring_case(it, words)),
            Self::Type(glob) => glob.matches(&text(&inside.type_name)),
            Self::From(side) => inside.side == *side,
            Self::Is(is) => *is == Is::Inside,
            Self::Severity(_) | Self::Code(_) | Self::Call(_) => false,
            Self::Conversation(id) => inside.conversation.is_some_and(|it| it.0 == *id),
            Self::Id(glob) => glob.matches(&text(&inside.message_id)),
            Self::Origin(words) => contains_ignoring_case(&inside.origin, words),
        }
    }

    fn matches(&self, subject: &Subject<'_>, finding_keys: FindingKeys<'_>) -> bool {
        match self {
            Self::Text(text) => [
                subject.type_name,
                subject.summary,
                subject.origin,
                subject.text,
            ]
            .into_iter()
            .any(|it| contains_ignoring_case(it, text)),
            Self::Type(glob) => glob.matches(subject.type_name),
            Self::From(side) => subject.from == *side,
            Self::Is(Is::Injected) => subject.injected,
            Self::Is(Is::Finding) => !finding_keys.is_empty(),
            Self::Is(Is::Unknown) => subject.known.is_none(),
            Self::Is(Is::Cut) => subject.truncated,
            Self::Is(Is::Call) => subject.call.is_some(),
            Self::Is(Is::Inside) => false,
            Self::Severity(severity) => finding_keys.iter().any(|(it, _)| it >= severity),
            Self::Code(glob) => finding_keys.iter().any(|(_, code)| glob.matches(code)),
            Self::Call(serial) => subject.call.is_some_and(|it| it.serial == *serial),
            Self::Conversation(id) => subject.conversation == *id,
            Self::Id(glob) => glob.matches(subject.message_id),
            Self::Origin(text) => contains_ignoring_case(subject.origin, text),
        }
    }
}

/// Whether `text` holds `lower`, which is in lower case.
fn contains_ignoring_case(text: &str, lower: &str) -> bool {
    if !lower.is_ascii() {
        return text.to_lowercase().contains(lower);
    }
    let Some(&first) = lower.as_bytes().first() else {
        return true;
    };
    let (text, lower) = (text.as_bytes(), lower.as_bytes());
    let upper = first.to_ascii_uppercase();
    let Some(last) = text.len().checked_sub(lower.len()) else {
        return false;
    };
    (0..=last).any(|at| {
        text.get(at)
            .is_some_and(|byte| *byte == first || *byte == upper)
            && text
                .get(at..at + lower.len())
                .is_some_and(|part| part.eq_ignore_ascii_case(lower))
    })
}

/// A text in which `*` stands for anything.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Glob(Vec<String>);

impl Glob {
    fn new(text: &str) -> Self {
        Self(text.to_lowercase().split('*').map(str::to_owned).collect())
    }

    fn matches(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let text = text.as_str();
        let Some((first, rest)) = self.0.split_first() else {
            return text.is_empty();
        };
        let Some((last, middle)) = rest.split_last() else {
            return text == first;
        };
        let Some(mut text) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        for part in middle {
            let Some(at) = text.find(part.as_str()) else {
                return false;
            };
            text = text.get(at + part.len()..).unwrap_or_default();
        }
        text.ends_with(last.as_str())
    }
}

/// One term as it was typed.
#[derive(Debug, Default)]
struct Word {
    negated: bool,
    key: Option<String>,
    value: String,
    quoted: bool,
}

fn words(text: &str) -> Result<Vec<Word>, FilterError> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let mut word = Word::default();
        if first == '-'
            && rest
                .chars()
                .nth(1)
                .is_some_and(|next| !next.is_whitespace())
        {
            word.negated = true;
            rest = rest.get(1..).unwrap_or_default();
        }
        // A key is letters before a colon; `https://…` and `12:30` are text.
        let letters = rest
            .find(|it: char| !it.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let (head, tail) = rest.split_at(letters);
        if !head.is_empty()
            && let Some(value) = tail.strip_prefix(':')
            && !value.starts_with("//")
        {
            word.key = Some(head.to_ascii_lowercase());
            rest = value;
        }
        if let Some(quoted) = rest.strip_prefix('"') {
            let end = quoted.find('"').ok_or(FilterError::OpenQuote)?;
            quoted
                .get(..end)
                .unwrap_or_default()
                .clone_into(&mut word.value);
            word.quoted = true;
            rest = quoted.get(end + 1..).unwrap_or_default();
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (value, tail) = rest.split_at(end);
            value.clone_into(&mut word.value);
            rest = tail;
        }
        if word.key.is_some() || !word.value.is_empty() {
            words.push(word);
        }
        rest = rest.trim_start();
    }
    Ok(words)
}

fn key_tests(key: &str, word: &Word) -> Result<Vec<Test>, FilterError> {
    let (key, expected): (&'static str, &'static str) = match key {
        "type" => ("type", "a type such as DIAL_NUMBER or CALL_*"),
        "from" => ("from", "host or widget"),
        "to" => ("to", "host or widget"),
        "is" => ("is", "injected, finding, unknown, cut, call or inside"),
        "severity" => ("severity", "error, warning or note"),
        "code" => ("code", "a rule such as M14 or M*"),
        "call" => ("call", "the number of a call"),
        "conv" => ("conv", "the number of a conversation"),
        "id" => ("id", "a messageId, with * for any part"),
        "origin" => ("origin", "a part of an origin"),
        _ => {
            return Err(FilterError::UnknownKey {
                key: key.to_owned(),
            });
        }
    };
    let values: Vec<&str> = if word.quoted {
        vec![word.value.as_str()]
    } else {
        word.value
            .split(',')
            .filter(|value| !value.is_empty())
            .collect()
    };
    if values.is_empty() {
        return Err(FilterError::NoValue { key, expected });
    }
    values
        .into_iter()
        .map(|value| {
            test(key, value).ok_or_else(|| FilterError::BadValue {
                key,
                value: value.to_owned(),
                expected,
            })
        })
        .collect()
}

fn test(key: &str, value: &str) -> Option<Test> {
    let lower = value.to_lowercase();
    Some(match key {
        "type" => Test::Type(Glob::new(value)),
        "from" => Test::From(side(&lower)?),
        "to" => Test::From(side(&lower)?.other()),
        "is" => Test::Is(Is::ALL.iter().find(|(name, _)| *name == lower)?.1),
        "severity" => Test::Severity(Severity::ALL.into_iter().find(|it| it.name() == lower)?),
        "code" => Test::Code(Glob::new(value)),
        "call" => Test::Call(number(&lower)?),
        "conv" => Test::Conversation(number(&lower)?),
        "id" => Test::Id(Glob::new(value)),
        "origin" => Test::Origin(lower),
        _ => return None,
    })
}

fn number(text: &str) -> Option<u32> {
    text.trim_start_matches('#').parse().ok()
}

fn side(name: &str) -> Option<Side> {
    [Side::Host, Side::Widget]
        .into_iter()
        .find(|side| side.name() == name)
}

#[cfg(test)]
mod tests {
    use callscope_protocol::ConversationId;

    use super::*;

    const ANSWERED: &str = r#"{"type":"CALL_ANSWERED","data":{"externalCallId":"Call-7"}}"#;

    fn subject() -> Subject<'static> {
        Subject {
            type_name: "CALL_ANSWERED",
            known: Some(MessageType::CallAnswered),
            message_id: "17_18",
            from: Side::Widget,
            origin: "https://localhost:9025",
            summary: "call call-7",
            injected: false,
            truncated: false,
            conversation: 2,
            call: Some(CallId {
                conversation: ConversationId(2),
                serial: 4,
            }),
            text: ANSWERED,
        }
    }

    #[track_caller]
    fn check(filter: &str, expected: bool) {
        let finding_keys = [(Severity::Warning, "M14")];
        let parsed = Filter::parse(filter).unwrap();
        assert_eq!(
            parsed.matches(&subject(), &finding_keys),
            expected,
            "{filter}"
        );
    }

    #[test]
    fn words_match_text() {
        for filter in ["", "answered", "CALL-7", "localhost", "external call"] {
            check(filter, true);
        }
        check("\"call call\"", true);
        check("\"answered external\"", false);
        check("https://localhost:9025", true);
        check("nothing", false);
        check("-nothing", true);
        check("answered -localhost", false);
    }

    #[test]
    fn keys_match_what_they_name() {
        for filter in [
            "type:CALL_*",
            "type:call_answered",
            "type:*ANSW*",
            "type:SYNC,CALL_*",
            "from:widget",
            "to:host",
            "-from:host",
            "severity:note",
            "severity:warning",
            "code:m14",
            "code:M*",
            "conv:2",
            "conv:#2",
            "call:4",
            "call:1,4",
            "conv:2 call:#4",
            "id:17*",
            "origin:LOCAL",
            "is:finding",
            "is:call",
            "-is:injected,cut,unknown",
        ] {
            check(filter, true);
        }
        for filter in [
            "type:CALL",
            "type:*_*_*",
            "from:host",
            "severity:error",
            "code:M1",
            "conv:1",
            "call:2",
            "-call:4",
            "conv:1 call:4",
            "-is:call",
        ] {
            check(filter, false);
        }
    }

    #[track_caller]
    fn check_error(filter: &str, expected: &str) {
        assert_eq!(Filter::parse(filter).unwrap_err().to_string(), expected);
    }

    #[test]
    fn a_bad_filter_says_what_to_write() {
        check_error(
            "typ:X",
            "there is no key \"typ\"; use type, from, to, is, severity, code, call, conv, id, origin, or put the text in quotes",
        );
        check_error(
            "severity:bad",
            "\"severity:bad\" matches nothing; after \"severity:\" use error, warning or note",
        );
        check_error(
            "call:first",
            "\"call:first\" matches nothing; after \"call:\" use the number of a call",
        );
        check_error("from:", "\"from:\" needs a value: host or widget");
        check_error("a \"b", "the text after the last \" has no closing quote");
    }

    #[test]
    fn no_filter_panics() {
        for filter in [
            "-",
            "--",
            "\"\"",
            ":",
            "type:\"\"",
            "-\"x\"",
            "é:ü",
            "type:**",
            " \t ",
        ] {
            let _ = Filter::parse(filter).map(|filter| filter.matches(&subject(), &[]));
        }
    }
}
