//! What is wrong with a filter, and where.

use std::ops::Range;

use super::keys;
use crate::columns;
use crate::visible::visible;

/// Why a text is not a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// The range of the offending word, in bytes of the text.
    pub at: Range<usize>,
    /// What is wrong with it.
    pub problem: FilterProblem,
    /// A likely replacement for the word.
    pub suggestion: Option<String>,
}

impl std::error::Error for FilterError {}

impl std::fmt::Display for FilterError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            problem,
            suggestion,
            ..
        } = self;
        write!(f, "{problem}")?;
        match suggestion {
            Some(suggestion) => write!(f, "; did you mean {suggestion}?"),
            None => match problem {
                FilterProblem::UnknownKey { .. } => {
                    write!(f, "; use {}, or put the text in quotes", keys::names())
                }
                _ => Ok(()),
            },
        }
    }
}

/// What can be wrong with a word of a filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterProblem {
    /// The key does not exist.
    #[error("there is no key \"{key}\"")]
    UnknownKey {
        /// The text before the colon.
        key: String,
    },
    /// The key does not have this value.
    #[error("\"{value}\" is not a value for {key}; use {expected}")]
    BadValue {
        /// The key.
        key: String,
        /// The text after the key.
        value: String,
        /// What is allowed there.
        expected: &'static str,
    },
    /// A key with no value.
    #[error("{key} needs a value: {expected}")]
    NoValue {
        /// The key, with the sign after it.
        key: String,
        /// What is allowed after it.
        expected: &'static str,
    },
    /// A comparison where none is possible: `type>5`
    #[error("{key} cannot be compared; write {key}: and {expected}")]
    NoOrder {
        /// The key.
        key: &'static str,
        /// What is allowed after it.
        expected: &'static str,
    },
    /// A value without a comparison where one is needed: `latency:500ms`
    #[error("{key} needs a comparison: write {key}> or {key}< and {expected}")]
    OnlyOrder {
        /// The key.
        key: &'static str,
        /// What is allowed after it.
        expected: &'static str,
    },
    /// A path that breaks off.
    #[error("the path is incomplete: write data.name: or data.list[0].name:")]
    BadPath,
    /// A quote that is not closed.
    #[error("the text has no closing quote")]
    OpenQuote,
    /// A regular expression that is not closed.
    #[error("the regular expression has no closing /; put a text that begins with / in quotes")]
    OpenRegex,
    /// A regular expression with more text after it.
    #[error("a space must follow the regular expression; \\/ is a / in it")]
    AfterRegex,
    /// An invalid regular expression.
    #[error("the regular expression is wrong: {reason}")]
    BadRegex {
        /// The parser's message.
        reason: String,
    },
    /// An operator of another language: `||`, `!a`
    #[error("write {word} instead, or put the text in quotes to look for it")]
    OtherOperator {
        /// The operator of this language.
        word: &'static str,
    },
    /// `or` without a term on both sides, or `not` without one after it.
    #[error("a term is missing {side} {word}; put the word in quotes to look for it")]
    NoOperand {
        /// The operator.
        word: &'static str,
        /// `before` or `after`.
        side: &'static str,
    },
    /// A parenthesis that is not closed.
    #[error("the parenthesis is not closed")]
    OpenGroup,
    /// A parenthesis that closes nothing.
    #[error("no parenthesis is open here; put the text in quotes to look for it")]
    NothingToClose,
    /// An empty group: `()`
    #[error("there is nothing between the parentheses")]
    EmptyGroup,
    /// Too many levels of parentheses.
    #[error("more than {most} levels of parentheses and not")]
    TooDeep {
        /// How many levels are allowed.
        most: usize,
    },
}

impl FilterError {
    /// The filter as one line, and a line with marks under the offending word.
    #[must_use]
    pub fn marked(&self, text: &str) -> [String; 2] {
        let before = visible(text.get(..self.at.start).unwrap_or_default());
        let word = visible(text.get(self.at.clone()).unwrap_or_default());
        let blanks = " ".repeat(columns::width(&before));
        let marks = "^".repeat(columns::width(&word).max(1));
        [visible(text).into_owned(), format!("{blanks}{marks}")]
    }
}

impl FilterProblem {
    pub(super) const fn at(self, at: Range<usize>) -> FilterError {
        FilterError {
            at,
            problem: self,
            suggestion: None,
        }
    }
}
