//! Which messages a filter shows.

use callscope_protocol::{
    CallId, Finding, Inside, InsideKind, MessageType, Millis, Severity, Side,
};

use super::ast::{Expr, Test, Text, Value};
use super::keys::Key;
use super::lexer::Order;
use super::path::Leaf;
use super::pattern::contains_ignoring_case;
use crate::inside;

/// What a filter sees of a message.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its type; empty if it has none.
    pub type_name: &'a str,
    /// Its type in the catalogue.
    pub known: Option<MessageType>,
    /// Its `messageId`; empty if it has none.
    pub message_id: &'a str,
    /// The side that sent it.
    pub from: Side,
    /// The sender's origin.
    pub origin: &'a str,
    /// Its summary.
    pub summary: &'a str,
    /// Whether Callscope posted it.
    pub injected: bool,
    /// The original size in bytes, if the message was cut.
    pub truncated: Option<u64>,
    /// The conversation's number.
    pub conversation: u32,
    /// The call that the checker assigns it to.
    pub call: Option<CallId>,
    /// How long after its request it came, if it is an answer.
    pub latency: Option<Millis>,
    /// The message's text as recorded.
    pub text: &'a str,
}

/// The findings of a message, for a filter: severity and the rule's code.
pub type FindingKeys<'a> = &'a [(Severity, &'static str)];

/// The words that can follow `is:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    Injected,
    Finding,
    Unknown,
    Cut,
    Call,
    Inside,
    Gap,
}

impl Is {
    pub(super) const ALL: [(&'static str, Self); 7] = [
        ("injected", Self::Injected),
        ("finding", Self::Finding),
        ("unknown", Self::Unknown),
        ("cut", Self::Cut),
        ("call", Self::Call),
        ("inside", Self::Inside),
        ("gap", Self::Gap),
    ];

    pub(super) fn name(self) -> &'static str {
        let mut all = Self::ALL.iter();
        all.find(|(_, is)| *is == self).map_or("", |(name, _)| name)
    }
}

impl Subject<'_> {
    /// The size of its JSON in bytes, before it was cut.
    fn size(&self) -> u64 {
        self.truncated.unwrap_or(self.text.len() as u64)
    }
}

impl Expr {
    /// The same with the cheapest tests first in each list. The order affects nothing else.
    pub(super) fn cheapest_first(&self) -> Self {
        let sorted = |parts: &[Self]| {
            let mut parts: Vec<Self> = parts.iter().map(Self::cheapest_first).collect();
            parts.sort_by_key(Self::cost);
            parts
        };
        match self {
            Self::And(parts) => Self::And(sorted(parts)),
            Self::Or(parts) => Self::Or(sorted(parts)),
            Self::Not(inner) => Self::Not(Box::new(inner.cheapest_first())),
            Self::Test(test) => Self::Test(test.clone()),
        }
    }

    /// The cost of evaluating it: 0 only looks at what is known about the message, 1 reads short
    /// texts, 2 searches the message's text, 3 searches it step by step.
    fn cost(&self) -> u8 {
        match self {
            Self::And(parts) | Self::Or(parts) => {
                parts.iter().map(Self::cost).max().unwrap_or_default()
            }
            Self::Not(inner) => inner.cost(),
            Self::Test(test) => match test {
                Test::Severity { .. } | Test::Latency { .. } | Test::Size { .. } => 0,
                Test::Key { values, .. } => {
                    u8::from(values.iter().any(|it| matches!(it, Value::Text(_))))
                }
                Test::Anywhere(Text::Pattern(_)) => 3,
                Test::Anywhere(_) | Test::At { .. } | Test::NumberAt { .. } => 2,
            },
        }
    }

    /// Whether `before` is certainly true wherever this is.
    pub(super) fn narrows(&self, before: &Self) -> bool {
        match (self, before) {
            (_, Self::And(parts)) => parts.iter().all(|it| self.narrows(it)),
            (Self::And(parts), _) => parts.iter().any(|it| it.narrows(before)),
            (
                Self::Test(Test::Anywhere(Text::Part { lower })),
                Self::Test(Test::Anywhere(Text::Part { lower: part })),
            ) => {
                // Non-ASCII texts are compared in another way: there, a kelvin sign equals a `k`.
                lower.is_ascii() == part.is_ascii() && lower.contains(part)
            }
            _ => self == before,
        }
    }

    /// Whether it is true, given the results of the tests.
    pub(super) fn holds(&self, test: &impl Fn(&Test) -> bool) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|it| it.holds(test)),
            Self::Or(parts) => parts.iter().any(|it| it.holds(test)),
            Self::Not(inner) => !inner.holds(test),
            Self::Test(it) => test(it),
        }
    }
}

impl Test {
    /// Whether the outcome can change with the findings.
    pub(super) fn looks_at_findings(&self) -> bool {
        match self {
            Self::Severity { .. } => true,
            Self::Key { key, values } => {
                *key == Key::Rule || values.contains(&Value::Is(Is::Finding))
            }
            _ => false,
        }
    }

    pub(super) fn matches(&self, subject: &Subject<'_>, finding_keys: FindingKeys<'_>) -> bool {
        match self {
            Self::Anywhere(text) => [
                subject.type_name,
                subject.summary,
                subject.origin,
                subject.text,
            ]
            .into_iter()
            .any(|it| text.matches(it)),
            Self::Key { key, values } => values
                .iter()
                .any(|value| value.matches(*key, subject, finding_keys)),
            Self::Severity { order, severity } => has_as_bad(finding_keys, *order, *severity),
            Self::Latency { order, millis } => subject
                .latency
                .is_some_and(|latency| order.holds(&latency.0, &millis.0)),
            Self::Size { order, bytes } => order.holds(&(subject.size() as f64), &bytes.0),
            Self::At { path, values } => path.any(subject.text, &|leaf| {
                values.iter().any(|value| value.is_at(leaf))
            }),
            Self::NumberAt {
                path,
                order,
                number,
            } => path.any(subject.text, &|leaf| {
                as_number(leaf).is_some_and(|it| order.holds(&it, &number.0))
            }),
        }
    }

    /// A report of a page about itself is not a message; it belongs to `call` if a finding about it
    /// does.
    pub(super) fn matches_inside(
        &self,
        inside: &Inside,
        call: &dyn Fn() -> Option<CallId>,
        finding_keys: FindingKeys<'_>,
    ) -> bool {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        match self {
            Self::Anywhere(words) => [
                &inside::sentence(inside),
                &inside.origin,
                &text(&inside.message),
            ]
            .into_iter()
            .any(|it| words.matches(it)),
            Self::Key { key, values } => values.iter().any(|value| match (key, value) {
                (Key::Type, Value::Text(it)) => it.matches(&text(&inside.type_name)),
                (Key::Id, Value::Text(it)) => it.matches(&text(&inside.message_id)),
                (Key::Origin, Value::Text(it)) => it.matches(&inside.origin),
                (Key::From, Value::Side(side)) => inside.side == *side,
                (Key::To, Value::Side(side)) => inside.side == side.other(),
                (Key::Call, Value::Number(number)) => call().is_some_and(|it| it.serial == *number),
                (Key::Is, Value::Is(Is::Call)) => call().is_some(),
                (Key::Is, Value::Is(Is::Finding)) => !finding_keys.is_empty(),
                // Callscope finds a redirection from where the frames are; no page reports it.
                (Key::Is, Value::Is(is)) => {
                    *is == Is::Inside && inside.what != InsideKind::Redirected
                }
                (Key::Rule, Value::Text(it)) => has_rule(finding_keys, it),
                (Key::Conversation, Value::Number(number)) => {
                    inside.conversation.is_some_and(|it| it.0 == *number)
                }
                _ => false,
            }),
            Self::Severity { order, severity } => has_as_bad(finding_keys, *order, *severity),
            Self::Latency { .. } | Self::Size { .. } | Self::At { .. } | Self::NumberAt { .. } => {
                false
            }
        }
    }

    /// Whether it asks for a rule or a severity.
    pub(super) const fn looks_at_one_finding(&self) -> bool {
        matches!(
            self,
            Self::Severity { .. } | Self::Key { key: Key::Rule, .. }
        )
    }

    /// A finding that belongs to no message has no sender, no type and no payload.
    pub(super) fn matches_finding(&self, finding: &Finding) -> bool {
        match self {
            Self::Anywhere(words) => words.matches(&finding.message),
            Self::Key { key, values } => values.iter().any(|value| match (key, value) {
                (Key::Rule, Value::Text(it)) => it.matches(finding.rule.code),
                (Key::Conversation, Value::Number(number)) => finding.conversation.0 == *number,
                (Key::Call, Value::Number(number)) => {
                    finding.call.is_some_and(|it| it.serial == *number)
                }
                (Key::Is, Value::Is(Is::Call)) => finding.call.is_some(),
                (Key::Is, Value::Is(is)) => *is == Is::Finding,
                _ => false,
            }),
            Self::Severity { order, severity } => is_as_bad(finding.severity, *order, *severity),
            Self::Latency { .. } | Self::Size { .. } | Self::At { .. } | Self::NumberAt { .. } => {
                false
            }
        }
    }
}

/// Whether one of the findings is of a rule.
fn has_rule(finding_keys: FindingKeys<'_>, rule: &Text) -> bool {
    finding_keys.iter().any(|(_, code)| rule.matches(code))
}

/// Whether the severity of one of the findings satisfies a term.
fn has_as_bad(finding_keys: FindingKeys<'_>, order: Order, severity: Severity) -> bool {
    let mut keys = finding_keys.iter();
    keys.any(|(it, _)| is_as_bad(*it, order, severity))
}

/// Whether a severity satisfies a term: `severity:note` means `severity>=note`.
fn is_as_bad(severity: Severity, order: Order, wanted: Severity) -> bool {
    if order == Order::Is {
        severity >= wanted
    } else {
        order.holds(&severity, &wanted)
    }
}

impl Value {
    fn matches(&self, key: Key, subject: &Subject<'_>, finding_keys: FindingKeys<'_>) -> bool {
        match (key, self) {
            (Key::Type, Self::Text(it)) => it.matches(subject.type_name),
            (Key::Id, Self::Text(it)) => it.matches(subject.message_id),
            (Key::Origin, Self::Text(it)) => it.matches(subject.origin),
            (Key::Rule, Self::Text(it)) => has_rule(finding_keys, it),
            (Key::From, Self::Side(side)) => subject.from == *side,
            (Key::To, Self::Side(side)) => subject.from == side.other(),
            (Key::Conversation, Self::Number(number)) => subject.conversation == *number,
            (Key::Call, Self::Number(number)) => {
                subject.call.is_some_and(|it| it.serial == *number)
            }
            (Key::Is, Self::Is(is)) => match is {
                Is::Injected => subject.injected,
                Is::Finding => !finding_keys.is_empty(),
                Is::Unknown => subject.known.is_none(),
                Is::Cut => subject.truncated.is_some(),
                Is::Call => subject.call.is_some(),
                // A message is neither of these.
                Is::Inside | Is::Gap => false,
            },
            _ => false,
        }
    }
}

impl Text {
    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Part { lower } => contains_ignoring_case(text, lower),
            Self::Glob(glob) => glob.matches(text),
            Self::Pattern(pattern) => pattern.matches(text),
        }
    }

    /// Whether a value in a message matches: `1` equals `1.0`, and `*` matches anything.
    fn is_at(&self, leaf: &Leaf<'_>) -> bool {
        let Self::Glob(glob) = self else {
            return self.matches(leaf.as_text());
        };
        if glob.is_anything() || glob.matches(leaf.as_text()) {
            return true;
        }
        match (leaf, glob.written().parse::<f64>()) {
            (Leaf::Number(_), Ok(wanted)) => as_number(leaf)
                .is_some_and(|it| it.partial_cmp(&wanted) == Some(std::cmp::Ordering::Equal)),
            _ => false,
        }
    }
}

/// The value as a number, if it is a number or a string that spells one.
fn as_number(leaf: &Leaf<'_>) -> Option<f64> {
    match leaf {
        Leaf::Word(_) => None,
        Leaf::Number(written) => written.parse().ok(),
        Leaf::Text(text) => {
            let number: f64 = text.trim().parse().ok()?;
            // `parse` also accepts `inf`, `infinity` and `nan`.
            number.is_finite().then_some(number)
        }
    }
}
