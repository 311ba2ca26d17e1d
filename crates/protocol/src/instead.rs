//! What a message has instead of a field that it lacks.

use std::fmt;

/// What a message has instead of a field of `data` that it lacks, as far as one can tell.
///
/// Displayed, it continues the sentence about the missing field: "; it has isLogedIn, did you mean
/// isLoggedIn?", or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instead<'a> {
    /// Nothing that was meant for it.
    Nothing,
    /// A key that nobody reads, and that is probably meant for the field.
    OtherKey {
        /// The key that the message has.
        has: &'a str,
        /// The field's own.
        meant: &'a str,
    },
    /// The field, in an object that is a member of `data`.
    Deeper {
        /// The object's key.
        outer: &'a str,
        /// The field's.
        field: &'a str,
    },
}

impl Instead<'_> {
    /// What to do about it: a sentence.
    pub(crate) fn advice(self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::OtherKey { has, meant } => Some(format!("Send {has} as {meant}.")),
            Self::Deeper { outer, field } => {
                Some(format!("Take {field} out of {outer}, into data itself."))
            }
        }
    }
}

/// The advice about several fields of one message; each sentence once.
pub(crate) fn advice<'a>(about: impl IntoIterator<Item = Instead<'a>>) -> Option<String> {
    let mut sentences: Vec<String> = about.into_iter().filter_map(Instead::advice).collect();
    sentences.dedup();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

impl fmt::Display for Instead<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::OtherKey { has, meant } => write!(f, "; it has {has}, did you mean {meant}?"),
            Self::Deeper { outer, .. } => write!(f, "; it is in data.{outer}, one level too deep"),
        }
    }
}
