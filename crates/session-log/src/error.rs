//! Why a log, or one line of it, could not be read.

use crate::VERSION;

/// Why a line is not an entry of a session log.
///
/// Worded to follow "line 12: ".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// The line stops inside of a JSON value.
    #[error("the line is cut off after {bytes} bytes")]
    Cut {
        /// How much of it is there.
        bytes: usize,
    },
    /// The line breaks the grammar of JSON.
    #[error("the line is not JSON ({reason}, near byte {column})")]
    NotJson {
        /// About where, counted in bytes from 1.
        column: usize,
        /// What the JSON parser said.
        reason: String,
    },
    /// The line is JSON, but no object.
    #[error("the line is {found}, but an entry is an object with a `kind`")]
    NotAnObject {
        /// What it is instead.
        found: &'static str,
    },
    /// A key that this kind of entry needs is not there.
    #[error("a `{kind}` entry needs the key `{key}`, which is missing")]
    Missing {
        /// The entry's kind.
        kind: &'static str,
        /// The key.
        key: &'static str,
    },
    /// The entry does not say what it is.
    #[error("the entry has no `kind`")]
    NoKind,
    /// A value that is not of the type that its key has.
    #[error("`{key}` must be {expected}, but is {found}")]
    Wrong {
        /// The key.
        key: &'static str,
        /// What may stand there.
        expected: &'static str,
        /// What stands there, shortened.
        found: String,
    },
    /// A key that may be there once.
    #[error("the key `{key}` is there more than once")]
    Twice {
        /// The key.
        key: &'static str,
    },
    /// A header of some other format.
    #[error("the format is {found}, not \"callscope-session\"")]
    OtherFormat {
        /// What the header says, shortened.
        found: String,
    },
    /// The log was written by a newer Callscope.
    #[error(
        "the log has format version {found}, but this Callscope reads up to version {VERSION}: \
         update Callscope"
    )]
    TooNew {
        /// The version that the header names.
        found: u64,
    },
}
