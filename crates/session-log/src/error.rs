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

/// Why a whole log could not be read.
///
/// A session that breaks the protocol is not an error: it reads fine, and checking it yields
/// findings. The name of the file is the caller's to add.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// There is nothing in it.
    #[error("the log is empty")]
    Empty,
    /// It is something else, or its beginning is gone.
    #[error(
        "this is not a Callscope session log, whose first line is a `header` entry; line {line}: \
         {reason}"
    )]
    NotALog {
        /// The first line that is not blank, counted from 1.
        line: u64,
        /// What is there instead.
        reason: String,
    },
    /// The log was written by a newer Callscope.
    #[error(
        "line {line}: the log has format version {found}, but this Callscope reads up to version \
         {VERSION}: update Callscope"
    )]
    TooNew {
        /// The header's line, counted from 1.
        line: u64,
        /// The version that the header names.
        found: u64,
    },
    /// A line is damaged, and nobody knows what else is missing.
    #[error("line {line}: {reason}")]
    Line {
        /// Counted from 1.
        line: u64,
        /// What is wrong with it.
        reason: LineError,
    },
    /// A line holds bytes that are no text.
    #[error("line {line}: byte {column} is not UTF-8; a session log is UTF-8 text throughout")]
    NotUtf8 {
        /// Counted from 1.
        line: u64,
        /// The first bad byte of the line, counted from 1.
        column: usize,
    },
    /// Messages are doubled, mixed up or from several sessions.
    #[error(
        "line {line}: `seq` is {seq}, but must be above {previous}, the `seq` of the message before \
         it: messages were doubled or moved"
    )]
    SeqNotRising {
        /// Counted from 1.
        line: u64,
        /// The number that the line has.
        seq: u64,
        /// The number of the message before it.
        previous: u64,
    },
    /// Two logs were put into one file.
    #[error(
        "line {line}: a second `header` begins here: the file holds more than one log, split it"
    )]
    SecondHeader {
        /// Counted from 1.
        line: u64,
    },
    /// A line that no recorder writes.
    #[error("line {line}: the line is longer than {limit} bytes")]
    LineTooLong {
        /// Counted from 1.
        line: u64,
        /// The longest line that is read.
        limit: usize,
    },
    /// The input could not be read at all.
    #[error("reading failed in line {line}: {source}")]
    Io {
        /// Counted from 1.
        line: u64,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Something about a log that its reader should know, though the log was read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Note {
    /// The last line is no complete entry and was left out: the writer was stopped.
    #[error("line {line}, the last one, was left out: {reason}")]
    LastLine {
        /// Counted from 1.
        line: u64,
        /// What is wrong with it.
        reason: LineError,
    },
    /// Lines of a kind that this version does not know; they are kept.
    #[error(
        "line {line}: this Callscope does not know entries of kind \"{kind}\" ({count} of them)"
    )]
    UnknownKind {
        /// The first such line, counted from 1.
        line: u64,
        /// The kind, shortened and safe to print.
        kind: String,
        /// How many such lines there are.
        count: u64,
    },
    /// A date in the header is none.
    #[error("line {line}: `{key}` is not a date such as 2026-11-22T12:00:00Z")]
    OddDate {
        /// The header's line, counted from 1.
        line: u64,
        /// The key.
        key: &'static str,
    },
}
