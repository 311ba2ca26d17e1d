//! The filter language, in which users of the panel and the program say which messages to show.
//!
//! [`TERMS`] is the table of everything that can be said. Terms side by side must all match; `or`
//! stands between two of which one must match, `not` or `-` before one that must not, and
//! parentheses group terms. Case does not matter.
//!
//! Text → words ([`lexer`]) → a tree ([`parser`], [`ast`]) → whether it matches a message
//! ([`matching`]). What cannot be parsed is a [`FilterError`] that names the offending word; a
//! mistyped term is never searched for as text. A filter's `Display` gives a text that parses to
//! the same filter.

mod ast;
mod completion;
mod error;
mod keys;
mod lexer;
mod matching;
mod parser;
mod path;
mod pattern;
mod term;
#[cfg(test)]
mod tests;

use std::fmt;

use callscope_protocol::{CallId, Finding, Inside};

use ast::{Expr, Test, Text};

pub use completion::{Completion, Vocabulary, begins_name, completions};
pub use error::{FilterError, FilterProblem};
pub use keys::{TERMS, Term};
pub use matching::{FindingKeys, Subject};
pub use pattern::Glob;
pub use term::term;

/// A parsed filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// As it was written.
    expr: Expr,
    /// The same, with the cheapest tests first.
    plan: Expr,
}

impl Default for Filter {
    /// Shows everything.
    fn default() -> Self {
        Self::from(Expr::And(Vec::new()))
    }
}

impl From<Expr> for Filter {
    fn from(expr: Expr) -> Self {
        Self {
            plan: expr.cheapest_first(),
            expr,
        }
    }
}

impl Filter {
    /// Parses a filter.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and where.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        parser::parse(text).map(Self::from)
    }

    /// Whether a term consists of bare words only: while it is typed, each may still become a key.
    #[must_use]
    pub fn is_plain(term: &str) -> bool {
        let (tokens, error) = lexer::tokens(term);
        error.is_none() && tokens.iter().all(lexer::Token::is_plain)
    }

    /// A filter that shows whatever contains this text, taken literally.
    #[must_use]
    pub fn text(text: &str) -> Self {
        let lower = text.to_lowercase();
        Self::from(Expr::Test(Test::Anywhere(Text::Part { lower })))
    }

    /// Whether everything matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.expr == Expr::And(Vec::new())
    }

    /// Whether this filter certainly hides everything that `before` hides, as when a letter is
    /// added to a word.
    pub(crate) fn narrows(&self, before: &Self) -> bool {
        self.expr.narrows(&before.expr)
    }

    /// Whether the outcome can change with the findings.
    #[must_use]
    pub fn looks_at_findings(&self) -> bool {
        self.expr.any_test(&Test::looks_at_findings)
    }

    /// Whether a message with these findings is shown.
    #[must_use]
    pub fn matches(&self, subject: &Subject<'_>, finding_keys: FindingKeys<'_>) -> bool {
        self.plan
            .holds(&|test: &Test| test.matches(subject, finding_keys))
    }

    /// Whether a report of a page about itself, with these findings, is shown.
    pub(crate) fn matches_inside(
        &self,
        inside: &Inside,
        call: &dyn Fn() -> Option<CallId>,
        finding_keys: FindingKeys<'_>,
    ) -> bool {
        self.plan
            .holds(&|test: &Test| test.matches_inside(inside, call, finding_keys))
    }

    /// Whether a finding of a visible message is shown as well: not if the filter asks for other
    /// rules or severities, whatever else it asks of the message.
    pub(crate) fn means_finding(&self, finding: &Finding) -> bool {
        self.expr.may_mean(finding, false)
    }

    /// Whether a finding that belongs to no message is shown, judging by its conversation, its
    /// call, its rule, its severity and its message.
    pub(crate) fn matches_finding(&self, finding: &Finding) -> bool {
        self.plan
            .holds(&|test: &Test| test.matches_finding(finding))
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}
