//! From words to a filter.

use std::ops::Range;

use callscope_protocol::{Severity, Side, nearest, rules};

use super::ast::{Expr, Number, Test, Text, Value};
use super::error::{FilterError, FilterProblem};
use super::keys::{self, KEYS, Key, KeySpec, Values};
use super::lexer::{Head, Order, Quoting, Raw, Token, TokenKind, Word, tokens};
use super::matching::Is;
use super::path::Path;
use super::pattern::{Glob, Pattern};

/// More levels of parentheses and `not` than anybody can follow.
const MAX_DEPTH: usize = 32;

/// Parses a filter.
pub(super) fn parse(text: &str) -> Result<Expr, FilterError> {
    let (tokens, error) = tokens(text);
    if let Some(error) = error {
        return Err(error);
    }
    let mut parser = Parser {
        tokens: &tokens,
        at: 0,
        depth: 0,
    };
    if tokens.is_empty() {
        return Ok(Expr::And(Vec::new()));
    }
    let expr = parser.any_of()?;
    match parser.peek() {
        None => Ok(expr),
        // Only a closing parenthesis can end the list before the text ends.
        Some(token) => Err(FilterProblem::NothingToClose.at(token.at.clone())),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'a Token> {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn any_of(&mut self) -> Result<Expr, FilterError> {
        let mut parts = vec![self.all_of()?];
        while self.peek().is_some_and(|it| it.kind == TokenKind::Or) {
            let or = self.next();
            self.needs_term("or", "after", or)?;
            parts.push(self.all_of()?);
        }
        Ok(single_or(parts, Expr::Or))
    }

    fn all_of(&mut self) -> Result<Expr, FilterError> {
        let mut parts = Vec::new();
        while let Some(token) = self.peek() {
            match token.kind {
                TokenKind::Or | TokenKind::And if parts.is_empty() => {
                    let word = operator_name(&token.kind);
                    let side = "before";
                    return Err(FilterProblem::NoOperand { word, side }.at(token.at.clone()));
                }
                TokenKind::And => {
                    let and = self.next();
                    self.needs_term("and", "after", and)?;
                }
                TokenKind::Or | TokenKind::Close => break,
                _ => {}
            }
            parts.push(self.term()?);
        }
        if parts.is_empty() {
            // Only a closing parenthesis can leave the list empty.
            let at = self.peek().map_or(0..0, |it| it.at.clone());
            return Err(FilterProblem::NothingToClose.at(at));
        }
        Ok(single_or(parts, Expr::And))
    }

    /// Reports what is missing where no term begins.
    fn needs_term(
        &self,
        word: &'static str,
        side: &'static str,
        operator: Option<&Token>,
    ) -> Result<(), FilterError> {
        let is_term = self.peek().is_some_and(|it| {
            !matches!(it.kind, TokenKind::Or | TokenKind::And | TokenKind::Close)
        });
        if is_term {
            return Ok(());
        }
        let at = operator.map_or(0..0, |it| it.at.clone());
        Err(FilterProblem::NoOperand { word, side }.at(at))
    }

    fn term(&mut self) -> Result<Expr, FilterError> {
        let Some(token) = self.next() else {
            // The caller has seen a token.
            return Ok(Expr::And(Vec::new()));
        };
        match &token.kind {
            TokenKind::Word(word) => {
                // At the end of the text, its value is yet to be typed.
                let is_last = self.peek().is_none();
                if let Some(error) = open_list(word).filter(|_| !is_last) {
                    return Err(error);
                }
                test(word).map(Expr::Test)
            }
            TokenKind::Open => {
                self.enter(&token.at)?;
                match self.peek() {
                    Some(next) if next.kind == TokenKind::Close => {
                        let at = token.at.start..next.at.end;
                        return Err(FilterProblem::EmptyGroup.at(at));
                    }
                    None => return Err(FilterProblem::OpenGroup.at(token.at.clone())),
                    Some(_) => {}
                }
                let inner = self.any_of()?;
                if self.next().is_none() {
                    return Err(FilterProblem::OpenGroup.at(token.at.clone()));
                }
                self.depth -= 1;
                Ok(inner)
            }
            TokenKind::Not | TokenKind::Minus => {
                self.enter(&token.at)?;
                let word = operator_name(&token.kind);
                self.needs_term(word, "after", Some(token))?;
                let inner = self.term()?;
                self.depth -= 1;
                Ok(Expr::Not(Box::new(inner)))
            }
            TokenKind::Close | TokenKind::Or | TokenKind::And => {
                Err(FilterProblem::NothingToClose.at(token.at.clone()))
            }
        }
    }

    fn enter(&mut self, at: &Range<usize>) -> Result<(), FilterError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(FilterProblem::TooDeep { most: MAX_DEPTH }.at(at.clone()));
        }
        Ok(())
    }
}

fn single_or(mut parts: Vec<Expr>, list: impl Fn(Vec<Expr>) -> Expr) -> Expr {
    match parts.pop() {
        Some(part) if parts.is_empty() => part,
        popped => {
            parts.extend(popped);
            list(parts)
        }
    }
}

const fn operator_name(kind: &TokenKind) -> &'static str {
    match kind {
        TokenKind::Or => "or",
        TokenKind::And => "and",
        TokenKind::Not => "not",
        _ => "-",
    }
}

/// One term.
fn test(word: &Word) -> Result<Test, FilterError> {
    let Some(head) = &word.head else {
        if word.value.quoting == Quoting::Bare && word.value.text.eq_ignore_ascii_case("gap") {
            let values = vec![Value::Is(Is::Gap)];
            return Ok(Test::Key {
                key: Key::Is,
                values,
            });
        }
        if let Some(error) = other_operator(&word.value) {
            return Err(error);
        }
        return part(&word.value).map(Test::Anywhere);
    };
    if head.is_path {
        return path_test(head, &word.value);
    }
    let Some(spec) = Key::find(&head.text) else {
        let names = KEYS.iter().map(|it| it.name);
        let suggestion = nearest(&head.text, names).map(str::to_owned);
        return Err(FilterError {
            at: head.at.clone(),
            problem: FilterProblem::UnknownKey {
                key: head.text.clone(),
            },
            suggestion,
        });
    };
    key_test(spec, head, word)
}

/// Reports the operators of other languages, which nobody looks for as a text.
fn other_operator(raw: &Raw) -> Option<FilterError> {
    if raw.quoting != Quoting::Bare {
        return None;
    }
    let (word, length, suggestion) = match raw.text.as_str() {
        "&" | "&&" => ("and", raw.text.len(), Some("and")),
        "|" | "||" => ("or", raw.text.len(), Some("or")),
        "!" => ("not or -", 1, None),
        text if text.starts_with('!') => ("not or -", 1, Some("-")),
        _ => return None,
    };
    let at = raw.at.start..raw.at.start + length;
    Some(FilterError {
        suggestion: suggestion.map(str::to_owned),
        ..FilterProblem::OtherOperator { word }.at(at)
    })
}

/// A text or regular expression to be found anywhere in another text.
fn part(raw: &Raw) -> Result<Text, FilterError> {
    Ok(match raw.quoting {
        Quoting::Slashes => pattern(raw)?,
        Quoting::Bare | Quoting::Quotes => Text::Part {
            lower: raw.text.to_lowercase(),
        },
    })
}

fn pattern(raw: &Raw) -> Result<Text, FilterError> {
    Pattern::new(&raw.text)
        .map(Text::Pattern)
        .map_err(|reason| {
            // The parser's own marker would not point at the right column.
            let reason = reason.lines().last().unwrap_or_default();
            let reason = reason.trim_start_matches("error: ").to_owned();
            FilterProblem::BadRegex { reason }.at(raw.at.clone())
        })
}

/// The values of a list, each with its range: `a,b` without quotes.
fn items(raw: &Raw) -> Vec<(&str, Range<usize>)> {
    if raw.quoting != Quoting::Bare {
        return vec![(raw.text.as_str(), raw.at.clone())];
    }
    let mut start = raw.at.start;
    let mut items = Vec::new();
    for item in raw.text.split(',') {
        let at = start..start + item.len();
        start = at.end + 1;
        if !item.is_empty() {
            items.push((item, at));
        }
    }
    items
}

/// Reports a list that breaks off after a comma: `type:a, b`.
fn open_list(word: &Word) -> Option<FilterError> {
    let raw = &word.value;
    let spec = Key::find(&word.head.as_ref()?.text)?;
    let is_open = raw.quoting == Quoting::Bare && raw.text.ends_with(',');
    is_open.then(|| {
        let key = "the comma".to_owned();
        let expected = spec.expected;
        FilterProblem::NoValue { key, expected }.at(raw.at.end - 1..raw.at.end)
    })
}

fn key_test(spec: &'static KeySpec, head: &Head, word: &Word) -> Result<Test, FilterError> {
    let raw = &word.value;
    let order = head.order;
    let expected = spec.expected;
    let whole = head.at.start..raw.at.end;
    if order != Order::Is && !spec.values.are_compared() {
        let key = spec.name;
        return Err(FilterError {
            at: whole,
            problem: FilterProblem::NoOrder { key, expected },
            suggestion: (!raw.text.is_empty()).then(|| format!("{key}:{}", raw.text)),
        });
    }
    let items = items(raw);
    if items.is_empty() {
        let key = format!("{}{}", head.text, order.sign());
        return Err(FilterProblem::NoValue { key, expected }.at(whole));
    }
    let bad = |value: &str, at: Range<usize>, suggestion: Option<String>| FilterError {
        at,
        problem: FilterProblem::BadValue {
            key: spec.name.to_owned(),
            value: value.to_owned(),
            expected,
        },
        suggestion,
    };
    if spec.values.are_compared() {
        if order == Order::Is && spec.values.must_be_compared() {
            let key = spec.name;
            return Err(FilterError {
                at: whole,
                problem: FilterProblem::OnlyOrder { key, expected },
                suggestion: Some(format!("{key}>{}", raw.text)),
            });
        }
        let text = raw.text.as_str();
        let compared = match spec.values {
            Values::Span => number_with(text, SPANS).map(|millis| Test::Latency { order, millis }),
            Values::Size => number_with(text, SIZES).map(|bytes| Test::Size { order, bytes }),
            _ => severities(order, &items)?,
        };
        return compared.ok_or_else(|| {
            let known = Severity::ALL.map(Severity::name);
            let near = nearest(text, known.into_iter()).map(str::to_owned);
            let near = near.filter(|_| spec.values == Values::Severity);
            bad(text, raw.at.clone(), near)
        });
    }
    let values = items.into_iter().map(|(item, at)| {
        if raw.quoting == Quoting::Slashes {
            return match spec.values {
                Values::Pattern | Values::Rule | Values::Part => pattern(raw).map(Value::Text),
                _ => Err(bad(item, at, None)),
            };
        }
        value(spec.values, item).map_err(|near| bad(item, at, near))
    });
    Ok(Test::Key {
        key: spec.key,
        values: values.collect::<Result<_, _>>()?,
    })
}

/// `severity:error,warning` shows what the mildest of them shows.
fn severities(order: Order, items: &[(&str, Range<usize>)]) -> Result<Option<Test>, FilterError> {
    let mut least: Option<Severity> = None;
    for (item, at) in items {
        let name = item.to_lowercase();
        let Some(severity) = Severity::ALL.into_iter().find(|it| it.name() == name) else {
            let known = Severity::ALL.map(Severity::name);
            return Err(FilterError {
                at: at.clone(),
                problem: FilterProblem::BadValue {
                    key: Key::Severity.spec().name.to_owned(),
                    value: (*item).to_owned(),
                    expected: Key::Severity.spec().expected,
                },
                suggestion: nearest(item, known.into_iter()).map(str::to_owned),
            });
        };
        if least.is_some() && order != Order::Is {
            return Ok(None);
        }
        least = Some(least.map_or(severity, |it| it.min(severity)));
    }
    Ok(least.map(|severity| Test::Severity { order, severity }))
}

/// A value of a key that is not compared; the error is a likely replacement.
fn value(values: Values, item: &str) -> Result<Value, Option<String>> {
    let lower = item.to_lowercase();
    match values {
        Values::Pattern => Ok(Value::Text(Text::Glob(Glob::new(item)))),
        Values::Rule => {
            let glob = Glob::new(item);
            // The beginning of a code may become one.
            let is_possible =
                |code: &str| glob.matches(code) || code.to_lowercase().starts_with(&lower);
            let codes = || rules().iter().map(|it| it.code);
            if codes().any(is_possible) {
                Ok(Value::Text(Text::Glob(glob)))
            } else {
                Err(nearest(item, codes()).map(str::to_owned))
            }
        }
        Values::Part => Ok(Value::Text(Text::Part { lower })),
        Values::Side => {
            let sides = [Side::Host, Side::Widget];
            let side = sides.into_iter().find(|it| it.name() == lower);
            side.map(Value::Side)
                .ok_or_else(|| nearest(item, sides.map(Side::name).into_iter()).map(str::to_owned))
        }
        Values::Is => {
            let is = Is::ALL.iter().find(|(name, _)| *name == lower);
            is.map(|(_, is)| Value::Is(*is))
                .ok_or_else(|| nearest(item, keys::is_words()).map(str::to_owned))
        }
        Values::Number => {
            let number = lower.trim_start_matches('#').parse();
            number.map(Value::Number).map_err(|_| None)
        }
        // These are compared, not parsed here.
        Values::Severity | Values::Span | Values::Size => Err(None),
    }
}

fn path_test(head: &Head, raw: &Raw) -> Result<Test, FilterError> {
    let path = Path::parse(&head.text).ok_or_else(|| FilterProblem::BadPath.at(head.at.clone()))?;
    let no_value = |expected| {
        let key = format!("{}{}", head.text, head.order.sign());
        FilterProblem::NoValue { key, expected }.at(head.at.start..raw.at.end)
    };
    if head.order != Order::Is {
        let expected = "a number";
        if raw.text.is_empty() {
            return Err(no_value(expected));
        }
        let number = number(&raw.text).ok_or_else(|| {
            FilterProblem::BadValue {
                key: format!("{}{}", head.text, head.order.sign()),
                value: raw.text.clone(),
                expected,
            }
            .at(raw.at.clone())
        })?;
        return Ok(Test::NumberAt {
            path,
            order: head.order,
            number,
        });
    }
    let items = items(raw);
    if items.is_empty() {
        return Err(no_value("a text, a number, or * for anything"));
    }
    let values = items.into_iter().map(|(item, _)| match raw.quoting {
        Quoting::Slashes => pattern(raw),
        Quoting::Bare | Quoting::Quotes => Ok(Text::Glob(Glob::new(item))),
    });
    Ok(Test::At {
        path,
        values: values.collect::<Result<_, _>>()?,
    })
}

fn number(text: &str) -> Option<Number> {
    let number: f64 = text.parse().ok()?;
    number.is_finite().then_some(Number(number))
}

/// Units and their length in milliseconds; without a unit, milliseconds, as in all messages.
const SPANS: &[(&str, f64)] = &[
    ("", 1.0),
    ("ms", 1.0),
    ("s", 1_000.0),
    ("min", 60_000.0),
    ("m", 60_000.0),
];

/// Units and their size in bytes, as the panel shows sizes.
const SIZES: &[(&str, f64)] = &[
    ("", 1.0),
    ("b", 1.0),
    ("k", 1024.0),
    ("kb", 1024.0),
    ("m", 1_048_576.0),
    ("mb", 1_048_576.0),
];

fn number_with(text: &str, units: &[(&str, f64)]) -> Option<Number> {
    let end = text.find(|it: char| !it.is_ascii_digit() && it != '.');
    let (digits, unit) = text.split_at(end.unwrap_or(text.len()));
    let unit = unit.trim_start().to_lowercase();
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    number(digits).map(|it| Number(it.0 * factor))
}
