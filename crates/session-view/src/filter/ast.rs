//! A filter as the parser understands it, and its conversion back to text.

use std::fmt;

use callscope_protocol::{Finding, Severity, Side};

use super::keys::Key;
use super::lexer::Order;
use super::matching::Is;
use super::path::Path;
use super::pattern::{Glob, Pattern};

/// A condition on a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expr {
    /// All of these; always true if the list is empty.
    And(Vec<Expr>),
    /// One of these.
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Test(Test),
}

/// One term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// Type, summary, origin or payload contains it.
    Anywhere(Text),
    /// The key has one of the values.
    Key { key: Key, values: Vec<Value> },
    /// It has a finding whose severity compares like this.
    Severity { order: Order, severity: Severity },
    /// Its latency compares like this, in milliseconds.
    Latency { order: Order, millis: Number },
    /// Its size compares like this, in bytes.
    Size { order: Order, bytes: Number },
    /// The place has one of the values.
    At { path: Path, values: Vec<Text> },
    /// The place has a number that compares like this.
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

/// A text to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// Contains this text.
    Part {
        lower: String,
    },
    /// The whole text matches.
    Glob(Glob),
    Pattern(Pattern),
}

/// A number to compare with; never NaN.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number(pub(super) f64);

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Number {}

impl Expr {
    /// Whether any test in it passes `is`.
    pub(super) fn any_test(&self, is: &dyn Fn(&Test) -> bool) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|it| it.any_test(is)),
            Self::Not(inner) => inner.any_test(is),
            Self::Test(test) => is(test),
        }
    }
}

impl Expr {
    /// Whether it can be true of a finding, judging only by the finding's rule and severity;
    /// everything else may be true or false. With `is_negated`: whether it can be false.
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
    /// A text that parses to the same filter.
    ///
    /// Parentheses stand only where they are needed: a word that contains a `)` would end a group.
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

/// A text after a key.
struct Written<'a> {
    text: &'a Text,
    is_first: bool,
    /// It is the only value; of several, none was in quotes.
    is_alone: bool,
}

impl<'a> Written<'a> {
    /// The value at this index, out of `count`.
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
        // A text in quotes contains no quote, and one without quotes contains no blank.
        let opens = text.starts_with(['"', '/', '>', '<', '=']);
        let must = opens
            || text.is_empty()
            || text.contains(|it: char| it.is_whitespace() || matches!(it, ',' | '(' | ')'));
        if self.is_alone && must && !text.contains('"') {
            return write!(f, "\"{text}\"");
        }
        if self.is_first && opens {
            // After a comma, these characters neither open nor compare anything.
            f.write_str(",")?;
        }
        f.write_str(text)
    }
}

/// A text as a term, in quotes if it needs them.
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
