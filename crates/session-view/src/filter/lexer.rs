//! Splits a filter's text into words.

use std::ops::Range;

use super::error::{FilterError, FilterProblem};
use super::keys::Key;

/// The first step of paths that have no dot in front.
pub(super) const DATA: &str = "data";

/// A word with its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) at: Range<usize>,
    pub(super) kind: TokenKind,
}

impl Token {
    /// Whether it is neither a term with a key nor a text in quotes or slashes.
    pub(super) fn is_plain(&self) -> bool {
        match &self.kind {
            TokenKind::Word(word) => word.head.is_none() && word.value.quoting == Quoting::Bare,
            TokenKind::Open
            | TokenKind::Close
            | TokenKind::Or
            | TokenKind::And
            | TokenKind::Not
            | TokenKind::Minus => true,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `or`
    Or,
    /// `and`, which may be left out.
    And,
    /// `not`
    Not,
    /// `-`, with a term after it.
    Minus,
    Word(Word),
}

/// A term as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// The key or path before the sign, and the sign.
    pub(super) head: Option<Head>,
    /// What comes after it.
    pub(super) value: Raw,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) text: String,
    pub(super) at: Range<usize>,
    pub(super) is_path: bool,
    pub(super) order: Order,
}

/// The sign between a key and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// `:`
    Is,
    /// `=`
    Equal,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `<`
    Less,
    /// `<=`
    AtMost,
}

impl Order {
    /// Longer ones first.
    const ALL: [(&'static str, Self); 6] = [
        (">=", Self::AtLeast),
        ("<=", Self::AtMost),
        (">", Self::Greater),
        ("<", Self::Less),
        ("=", Self::Equal),
        (":", Self::Is),
    ];

    pub(super) fn sign(self) -> &'static str {
        let mut all = Self::ALL.iter();
        all.find(|(_, order)| *order == self)
            .map_or("", |(sign, _)| sign)
    }

    pub(super) fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Is | Self::Equal => left == right,
            Self::Greater => left > right,
            Self::AtLeast => left >= right,
            Self::Less => left < right,
            Self::AtMost => left <= right,
        }
    }

    /// The sign that a text begins with.
    fn leading(text: &str) -> Option<(Self, &'static str)> {
        let mut all = Self::ALL.iter();
        all.find(|(sign, _)| text.starts_with(sign))
            .map(|(sign, order)| (*order, *sign))
    }
}

/// A value as it was typed, without quotes or slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raw {
    pub(super) text: String,
    /// Its range in the text, with quotes and slashes.
    pub(super) at: Range<usize>,
    pub(super) quoting: Quoting,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// `hello`
    Bare,
    /// `"two words"`
    Quotes,
    /// `/regular expression/`
    Slashes,
}

/// Whether a name in a path can contain this character without brackets.
pub(super) fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$' | '-' | '*')
}

/// Splits a text into tokens; those before a mistake are returned in any case.
pub(super) fn tokens(text: &str) -> (Vec<Token>, Option<FilterError>) {
    let mut lexer = Lexer {
        text,
        at: 0,
        open: 0,
        tokens: Vec::new(),
    };
    let error = lexer.run().err();
    (lexer.tokens, error)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// How many parentheses are open.
    open: usize,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn push(&mut self, bytes: usize, kind: TokenKind) {
        let at = self.at..self.at + bytes;
        self.at = at.end;
        self.tokens.push(Token { at, kind });
    }

    fn run(&mut self) -> Result<(), FilterError> {
        loop {
            self.skip_space();
            let rest = self.rest();
            let Some(first) = rest.chars().next() else {
                return Ok(());
            };
            let second = rest.chars().nth(1);
            match first {
                '(' => {
                    self.open += 1;
                    self.push(1, TokenKind::Open);
                }
                ')' => {
                    // The parser reports a parenthesis that closes nothing.
                    self.open = self.open.saturating_sub(1);
                    self.push(1, TokenKind::Close);
                }
                '-' if second.is_some_and(|it| !it.is_whitespace() && it != ')') => {
                    self.push(1, TokenKind::Minus);
                    // After it, even `or` is a text, and so is another `-`.
                    if second != Some('(') && !self.word(false)? {
                        self.tokens.pop();
                    }
                }
                _ => {
                    self.word(true)?;
                }
            }
        }
    }

    /// Reads a word; returns false for empty quotes, which ask for nothing.
    fn word(&mut self, may_be_operator: bool) -> Result<bool, FilterError> {
        let start = self.at;
        let head = self.head();
        if let Some(head) = &head {
            self.at = head.at.end + head.order.sign().len();
        }
        let value = self.value()?;
        let at = start..self.at;
        if head.is_none() && value.quoting == Quoting::Quotes && value.text.is_empty() {
            return Ok(false);
        }
        let operator = (may_be_operator && head.is_none() && value.quoting == Quoting::Bare)
            .then(|| operator(&value.text))
            .flatten();
        let kind = operator.unwrap_or(TokenKind::Word(Word { head, value }));
        self.tokens.push(Token { at, kind });
        Ok(true)
    }

    /// The key or path that the rest of the text begins with.
    ///
    /// A key consists of letters; `https://…`, `12:30` and `host:80` are texts.
    fn head(&self) -> Option<Head> {
        let rest = self.rest();
        let (end, is_path) = path_end(rest).map_or_else(
            || {
                let letters = rest.find(|it: char| !it.is_ascii_alphabetic());
                (letters.unwrap_or(rest.len()), false)
            },
            |end| (end, true),
        );
        let (text, tail) = rest.split_at(end);
        let (order, sign) = Order::leading(tail)?;
        let spec = Key::find(text);
        let is_head = match order {
            Order::Is => !tail.starts_with("://"),
            // Part of a URL's query is a text.
            Order::Equal => is_path || spec.is_some(),
            _ => true,
        };
        if text.is_empty() || !is_head {
            return None;
        }
        // `latency:>500ms` means `latency>500ms`.
        let after = tail.get(sign.len()..).unwrap_or_default();
        let order = match (order, Order::leading(after)) {
            (Order::Is, Some((second, _))) if second != Order::Is => {
                return Some(self.colon_order(text, is_path, second));
            }
            _ => order,
        };
        Some(Head {
            text: text.to_owned(),
            at: self.at..self.at + end,
            is_path,
            order,
        })
    }

    /// The head of `key:>value`, if the key can be compared; otherwise, the value begins with `>`.
    fn colon_order(&self, text: &str, is_path: bool, order: Order) -> Head {
        let is_compared = is_path || Key::find(text).is_some_and(|it| it.values.are_compared());
        Head {
            text: text.to_owned(),
            // The colon is part of the key's range.
            at: self.at..self.at + text.len() + usize::from(is_compared),
            is_path,
            order: if is_compared { order } else { Order::Is },
        }
    }

    fn value(&mut self) -> Result<Raw, FilterError> {
        let start = self.at;
        let rest = self.rest();
        if let Some(quoted) = rest.strip_prefix('"') {
            let whole = start..self.text.trim_end().len();
            let end = quoted
                .find('"')
                .ok_or_else(|| FilterProblem::OpenQuote.at(whole))?;
            let text = quoted.get(..end).unwrap_or_default().to_owned();
            self.at += end + 2;
            return Ok(self.raw(start, text, Quoting::Quotes));
        }
        if let Some(expression) = rest.strip_prefix('/') {
            let whole = start..self.text.trim_end().len();
            let end =
                closing_slash(expression).ok_or_else(|| FilterProblem::OpenRegex.at(whole))?;
            let text = expression.get(..end).unwrap_or_default().to_owned();
            self.at += end + 2;
            let next = self.rest().chars().next();
            if next.is_some_and(|it| !it.is_whitespace() && it != ')') {
                let word = self.bare_end(self.at);
                return Err(FilterProblem::AfterRegex.at(self.at..word));
            }
            return Ok(self.raw(start, text, Quoting::Slashes));
        }
        self.at = self.bare_end(start);
        let text = self.text.get(start..self.at).unwrap_or_default().to_owned();
        Ok(self.raw(start, text, Quoting::Bare))
    }

    fn raw(&self, start: usize, text: String, quoting: Quoting) -> Raw {
        Raw {
            text,
            at: start..self.at,
            quoting,
        }
    }

    /// Where a word without quotes ends: at a blank, or at a parenthesis that it did not open itself.
    /// Outside groups, such a parenthesis within the word is a part of it, as in `1)a`.
    fn bare_end(&self, start: usize) -> usize {
        let word = self.text.get(start..).unwrap_or_default();
        let blank = word.find(char::is_whitespace).unwrap_or(word.len());
        let word = word.get(..blank).unwrap_or_default();
        let last = word.trim_end_matches(')').len();
        let mut open = 0_usize;
        for (index, character) in word.char_indices() {
            match character {
                '(' => open += 1,
                ')' if open > 0 => open -= 1,
                ')' if self.open > 0 || index >= last => return start + index,
                _ => {}
            }
        }
        start + blank
    }
}

fn operator(word: &str) -> Option<TokenKind> {
    [
        ("or", TokenKind::Or),
        ("and", TokenKind::And),
        ("not", TokenKind::Not),
    ]
    .into_iter()
    .find(|(name, _)| word.eq_ignore_ascii_case(name))
    .map(|(_, kind)| kind)
}

/// Where a path at the beginning of a text ends; the parser checks whether it is valid.
fn path_end(text: &str) -> Option<usize> {
    let is_of_message = (text.strip_prefix('.'))
        .is_some_and(|rest| rest.starts_with(|it| it == '[' || is_of_name(it)));
    let is_of_data = text
        .split_at_checked(DATA.len())
        .is_some_and(|(data, rest)| {
            data.eq_ignore_ascii_case(DATA) && rest.starts_with(['.', '['])
        });
    let is_path = is_of_message || is_of_data;
    if !is_path {
        return None;
    }
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        if let Some(quoted) = rest.strip_prefix("[\"") {
            let end = quoted.find("\"]")?;
            at += end + 4;
            continue;
        }
        let next = rest.chars().next();
        match next {
            Some(it) if it == '.' || it == '[' || it == ']' || is_of_name(it) => {
                at += it.len_utf8();
            }
            _ => return Some(at),
        }
    }
}

/// Where in `text` the first slash without a backslash is.
fn closing_slash(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices()
        .find(|(_, character)| {
            let closes = *character == '/' && !is_escaped;
            is_escaped = *character == '\\' && !is_escaped;
            closes
        })
        .map(|(index, _)| index)
}
