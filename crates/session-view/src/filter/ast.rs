//! A filter as the parser understands it, and as text again.

use std::fmt;

use callscope_protocol::{Finding, Severity, Side};

use super::keys::Key;
use super::lexer::Order;
use super::matching::Is;
use super::path::Path;
use super::pattern::{Glob, Pattern};

/// What must hold of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expr {
    /// All of these; nothing is asked if there is none.
    And(Vec<Expr>),
    /// One of these.
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Test(Test),
}

/// One term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// Type, summary, origin or payload has it.
    Anywhere(Text),
    /// One of the values is there.
    Key { key: Key, values: Vec<Value> },
    /// It has a finding like that.
    Severity { order: Order, severity: Severity },
    /// Its latency is like that, in milliseconds.
    Latency { order: Order, millis: Number },
    /// It has such a size, in bytes.
    Size { order: Order, bytes: Number },
    /// One of the values is at this place.
    At { path: Path, values: Vec<Text> },
    /// A number like that is at this place.
    NumberAt {
        path: Path,
        order: Order,
        number: Number,
    },
}

/// The value of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(Text),
    Side(Side),
    Is(Is),
    Number(u32),
}

/// A text that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// This text, somewhere.
    Part {
        lower: String,
    },
    /// The whole text is like that.
    Glob(Glob),
    Pattern(Pattern),
}

/// A number as it is compared; never NaN.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number(pub(super) f64);

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Number {}

impl Expr {
    /// All tests in it.
    pub(super) fn any_test(&self, is: &dyn Fn(&Test) -> bool) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|it| it.any_test(is)),
            Self::Not(inner) => inner.any_test(is),
            Self::Test(test) => is(test),
        }
    }
}

impl Expr {
    /// Whether it may hold of a finding, as far as its rule and its severity go; all else may be so
    /// or otherwise. `is_negated` asks whether it may be that it does not hold.
    pub(super) fn may_mean(&self, finding: &Finding, is_negated: bool) -> bool {
        match (self, is_negated) {
            (Self::And(parts), false) | (Self::Or(parts), true) => {
                parts.iter().all(|it| it.may_mean(finding, is_negated))
            }
            (Self::And(parts), true) | (Self::Or(parts), false) => {
                parts.iter().any(|it| it.may_mean(finding, is_negated))
            }
            (Self::Not(inner), _) => inner.may_mean(finding, !is_negated),
            (Self::Test(test), _) => {
                !test.looks_at_one_finding() || test.matches_finding(finding) != is_negated
            }
        }
    }
}

impl fmt::Display for Expr {
    /// As the parser reads it to the same.
    ///
    /// Parentheses stand only where there were some: a word that holds a `)` would end a group.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) => separate(f, parts, " ", |f, part| match part {
                Self::And(_) | Self::Or(_) => write!(f, "({part})"),
                _ => write!(f, "{part}"),
            }),
            Self::Or(parts) => separate(f, parts, " or ", |f, part| match part {
                Self::Or(_) => write!(f, "({part})"),
                _ => write!(f, "{part}"),
            }),
            Self::Not(inner) => match &**inner {
                Self::Test(test) => write!(f, "-{test}"),
                Self::Not(_) => write!(f, "not {inner}"),
                _ => write!(f, "-({inner})"),
            },
            Self::Test(test) => write!(f, "{test}"),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anywhere(Text::Part { lower }) => f.write_str(&as_term(lower)),
            Self::Anywhere(text) => Written::of(text, 0, 1).fmt(f),
            Self::Key { key, values } => {
                write!(f, "{}:", key.spec().name)?;
                separate(
                    f,
                    values.iter().enumerate(),
                    ",",
                    |f, (index, value)| match value {
                        Value::Text(text) => Written::of(text, index, values.len()).fmt(f),
                        Value::Side(side) => f.write_str(side.name()),
                        Value::Is(is) => f.write_str(is.name()),
                        Value::Number(number) => write!(f, "{number}"),
                    },
                )
            }
            Self::Severity { order, severity } => {
                write!(f, "severity{}{severity}", order.sign())
            }
            Self::Latency { order, millis } => write!(f, "latency{}{}ms", order.sign(), millis.0),
            Self::Size { order, bytes } => write!(f, "size{}{}B", order.sign(), bytes.0),
            Self::At { path, values } => {
                write!(f, "{path}:")?;
                separate(f, values.iter().enumerate(), ",", |f, (index, text)| {
                    Written::of(text, index, values.len()).fmt(f)
                })
            }
            Self::NumberAt {
                path,
                order,
                number,
            } => write!(f, "{path}{}{}", order.sign(), number.0),
        }
    }
}

fn separate<T>(
    f: &mut fmt::Formatter<'_>,
    parts: impl IntoIterator<Item = T>,
    between: &str,
    write: impl Fn(&mut fmt::Formatter<'_>, T) -> fmt::Result,
) -> fmt::Result {
    for (index, part) in parts.into_iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        write(f, part)?;
    }
    Ok(())
}

/// A text behind a key.
struct Written<'a> {
    text: &'a Text,
    is_first: bool,
    /// Of several, none came from quotes.
    is_alone: bool,
}

impl<'a> Written<'a> {
    /// The text at this place of so many.
    fn of(text: &'a Text, index: usize, count: usize) -> Self {
        Self {
            text,
            is_first: index == 0,
            is_alone: count == 1,
        }
    }
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.text {
            Text::Part { lower } => lower,
            Text::Glob(glob) => glob.written(),
            Text::Pattern(pattern) => return write!(f, "/{}/", pattern.written()),
        };
        // What came from quotes has none in it, and what did not has no blanks.
        let opens = text.starts_with(['"', '/', '>', '<', '=']);
        let must = opens
            || text.is_empty()
            || text.contains(|it: char| it.is_whitespace() || matches!(it, ',' | '(' | ')'));
        if self.is_alone && must && !text.contains('"') {
            return write!(f, "\"{text}\"");
        }
        if self.is_first && opens {
            // Behind a comma these open nothing and compare nothing.
            f.write_str(",")?;
        }
        f.write_str(text)
    }
}

/// A text as a term of its own, in quotes if it must.
fn as_term(lower: &str) -> String {
    let is_plain = !lower.contains(['(', ')'])
        && matches!(
            super::parser::parse(lower),
            Ok(Expr::Test(Test::Anywhere(Text::Part { lower: it }))) if it == lower
        );
    if is_plain || lower.contains('"') {
        lower.to_owned()
    } else {
        format!("\"{lower}\"")
    }
}
