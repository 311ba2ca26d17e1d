//! Why a log, or one line of it, could not be read.

use crate::VERSION;

/// Why a line is not an entry of a session log.
///
/// Worded to follow "line 12: ".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// The line ends inside a JSON value.
    #[error("the line is cut off after {bytes} bytes")]
    Cut {
        /// How long the line is, in bytes.
        bytes: usize,
    },
    /// The line breaks the grammar of JSON.
    #[error("the line is not JSON ({reason}, near byte {column})")]
    NotJson {
        /// The approximate column, counted in bytes from 1.
        column: usize,
        /// The JSON parser's message.
        reason: String,
    },
    /// The line is JSON, but not an object.
    #[error("the line is {found}, but an entry is an object with a `kind`")]
    NotAnObject {
        /// What it is instead, with its article.
        found: &'static str,
    },
    /// A required key of this kind of entry is missing.
    #[error("a `{kind}` entry needs the key `{key}`, which is missing")]
    Missing {
        /// The entry's kind.
        kind: &'static str,
        /// The key.
        key: &'static str,
    },
    /// The entry has no `kind`.
    #[error("the entry has no `kind`")]
    NoKind,
    /// A value is not of the type that its key requires.
    #[error("`{key}` must be {expected}, but is {found}")]
    Wrong {
        /// The key.
        key: &'static str,
        /// What is allowed there.
        expected: &'static str,
        /// The value found, shortened.
        found: String,
    },
    /// A key occurs twice.
    #[error("the key `{key}` is there more than once")]
    Twice {
        /// The key.
        key: &'static str,
    },
    /// The header names another format.
    #[error("the format is {found}, not \"callscope-session\"")]
    OtherFormat {
        /// The format that it names, shortened.
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
/// A session that breaks the protocol is not an error: it reads fine, and checking it gives
/// findings. The caller adds the file's name to the message.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// It has no lines.
    #[error("the log is empty")]
    Empty,
    /// It is another kind of file, or its beginning is missing.
    #[error(
        "this is not a Callscope session log, whose first line is a `header` entry; line {line}: \
         {reason}"
    )]
    NotALog {
        /// The first line that is not blank, counted from 1.
        line: u64,
        /// What is wrong with that line.
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
    /// A line is damaged, so that other lines may be missing, too.
    #[error("line {line}: {reason}")]
    Line {
        /// Counted from 1.
        line: u64,
        /// What is wrong with it.
        reason: LineError,
    },
    /// A line is not UTF-8.
    #[error("line {line}: byte {column} is not UTF-8; a session log is UTF-8 text throughout")]
    NotUtf8 {
        /// Counted from 1.
        line: u64,
        /// The first bad byte of the line, counted from 1.
        column: usize,
    },
    /// Messages are duplicated, out of order, or from several sessions.
    #[error(
        "line {line}: `seq` is {seq}, but must be above {previous}, the `seq` of the message before \
         it: messages were doubled or moved"
    )]
    SeqNotRising {
        /// Counted from 1.
        line: u64,
        /// The line's number.
        seq: u64,
        /// The previous message's number.
        previous: u64,
    },
    /// Two logs were joined into one file.
    #[error(
        "line {line}: a second `header` begins here: the file holds more than one log, split it"
    )]
    SecondHeader {
        /// Counted from 1.
        line: u64,
    },
    /// The line is longer than any recorder writes.
    #[error("line {line}: the line is longer than {limit} bytes")]
    LineTooLong {
        /// Counted from 1.
        line: u64,
        /// The longest line that is read, in bytes.
        limit: usize,
    },
    /// The input could not be read.
    #[error("reading failed in line {line}: {source}")]
    Io {
        /// Counted from 1.
        line: u64,
        /// The system's error.
        source: std::io::Error,
    },
}

/// A remark on a log that could be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Note {
    /// The last line is not a complete entry and was left out: the writer was interrupted.
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
    /// A date in the header cannot be parsed.
    #[error("line {line}: `{key}` is not a date such as 2026-11-22T12:00:00Z")]
    OddDate {
        /// The header's line, counted from 1.
        line: u64,
        /// The key.
        key: &'static str,
    },
}
