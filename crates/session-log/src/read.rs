//! Reads a whole log.

use std::io::BufRead;

use callscope_protocol::Fact;

use crate::error::{LineError, LogError, Note};
use crate::json;
use crate::kind::header::{Header, Timestamp};
use crate::line::{Entry, LogLine, read_fact};
use crate::line_reader::LineReader;

/// The longest line that is read. A recorder limits messages far below it; a longer line is no
/// session log, and an input without line ends must not fill the memory.
pub(crate) const MAX_LINE_BYTES: usize = 256 << 20;

/// How many unknown kinds get a note of their own; a log may hold any number of them.
const MAX_KIND_NOTES: usize = 16;

/// Reads a log entry by entry, holding only one line in memory.
///
/// 1. [`new`](Self::new) reads up to the header;
/// 2. iterating yields the entries after it, until the first error;
/// 3. [`notes`](Self::notes) then returns the remarks on the log.
///
/// The `seq` of the messages that it yields rises strictly. A last line that is cut off gives a
/// note, not an error.
///
/// ```
/// use callscope_session_log::{Entry, LogReader};
///
/// let log = br#"{"kind":"header","format":"callscope-session","version":1}
/// {"kind":"end","at":1795350545829.4}
/// {"kind":"fra"#;
/// let mut reader = LogReader::new(&log[..])?;
/// assert!(matches!(reader.next(), Some(Ok(Entry::Fact(_)))));
/// assert!(reader.next().is_none());
/// assert_eq!(
///     reader.notes()[0].to_string(),
///     "line 3, the last one, was left out: the line is cut off after 12 bytes"
/// );
/// # Ok::<(), callscope_session_log::LogError>(())
/// ```
#[derive(Debug)]
pub struct LogReader<R> {
    lines: LineReader<R>,
    header: Header,
    previous_seq: u64,
    notes: Vec<Note>,
    is_done: bool,
}

impl<R: BufRead> LogReader<R> {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// [`LogError`] if there is no header that this version can read.
    pub fn new(input: R) -> Result<Self, LogError> {
        Self::with_max_line(input, MAX_LINE_BYTES)
    }

    fn with_max_line(input: R, max_line_bytes: usize) -> Result<Self, LogError> {
        let mut lines = LineReader::new(input, max_line_bytes);
        let (line, result) = match lines.next() {
            Ok(Some(text)) => (text.line, read_fact(text.text)),
            Ok(None) => return Err(LogError::Empty),
            Err(LogError::NotUtf8 { line, column }) => {
                let reason = match lines.buffer() {
                    [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
                        "the text is UTF-16, save it as UTF-8".to_owned()
                    }
                    [0x1f, 0x8b, ..] => "the file is gzipped, unpack it first".to_owned(),
                    _ => format!("byte {column} is not UTF-8"),
                };
                return Err(LogError::NotALog { line, reason });
            }
            Err(other) => return Err(other),
        };
        let reason = match result {
            Ok(Entry::Header(header)) => {
                let notes = odd_dates(&header, line);
                return Ok(Self {
                    lines,
                    header: *header,
                    previous_seq: 0,
                    notes,
                    is_done: false,
                });
            }
            Err(LineError::TooNew { found }) => return Err(LogError::TooNew { line, found }),
            Err(reason) => reason.to_string(),
            Ok(Entry::Unknown(unknown)) => {
                format!("the entry is of kind \"{}\"", json::excerpt(&unknown.kind))
            }
            Ok(Entry::Fact(_) | Entry::Finding) => {
                "the entries have already begun: the beginning of the log is missing".to_owned()
            }
        };
        Err(LogError::NotALog { line, reason })
    }

    /// What the log says about itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The number of the last line that was read, counted from 1.
    pub const fn line(&self) -> u64 {
        self.lines.number()
    }

    pub(crate) fn input_mut(&mut self) -> &mut R {
        self.lines.input_mut()
    }

    pub(crate) fn into_header_and_notes(self) -> (Header, Vec<Note>) {
        (self.header, self.notes)
    }

    /// The remarks on the log as far as it has been read.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    fn read_entry(&mut self) -> Result<Option<Entry>, LogError> {
        let Some(text) = self.lines.next()? else {
            return Ok(None);
        };
        let line = text.line;
        let entry = match read_fact(text.text) {
            Ok(entry) => entry,
            // Only a line that is cut off can come from an interrupted writer; an entry that is
            // complete but wrong was written that way.
            Err(reason @ (LineError::Cut { .. } | LineError::NotJson { .. })) => {
                if self.lines.has_more()? {
                    return Err(LogError::Line { line, reason });
                }
                self.notes.push(Note::LastLine { line, reason });
                return Ok(None);
            }
            Err(reason) => return Err(LogError::Line { line, reason }),
        };
        match &entry {
            Entry::Header(_) => return Err(LogError::SecondHeader { line }),
            Entry::Fact(LogLine {
                fact: Fact::Message(recorded),
                ..
            }) => {
                if recorded.seq <= self.previous_seq {
                    return Err(LogError::SeqNotRising {
                        line,
                        seq: recorded.seq,
                        previous: self.previous_seq,
                    });
                }
                self.previous_seq = recorded.seq;
            }
            Entry::Unknown(unknown) => {
                let kind = json::excerpt(&unknown.kind);
                self.note_unknown(line, kind);
            }
            Entry::Fact(_) | Entry::Finding => {}
        }
        Ok(Some(entry))
    }

    fn note_unknown(&mut self, first: u64, name: String) {
        for note in &mut self.notes {
            if let Note::UnknownKind { kind, count, .. } = note
                && *kind == name
            {
                *count += 1;
                return;
            }
        }
        if self.notes.len() < MAX_KIND_NOTES {
            self.notes.push(Note::UnknownKind {
                line: first,
                kind: name,
                count: 1,
            });
        }
    }
}

fn odd_dates(header: &Header, line: u64) -> Vec<Note> {
    [("created", &header.created), ("started", &header.started)]
        .into_iter()
        .filter(|(_, date)| date.as_ref().is_some_and(|date| date.time().is_none()))
        .map(|(key, _)| Note::OddDate { line, key })
        .collect()
}

impl<R: BufRead> Iterator for LogReader<R> {
    type Item = Result<Entry, LogError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let entry = self.read_entry().transpose();
        self.is_done = !matches!(entry, Some(Ok(_)));
        entry
    }
}

/// A whole log in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    /// What it says about itself.
    pub header: Header,
    /// Its facts, and the lines of unknown kinds between them, in session order.
    pub entries: Vec<Entry>,
    /// Remarks on reading it.
    pub notes: Vec<Note>,
}

impl Log {
    /// Reads a log.
    ///
    /// # Errors
    ///
    /// [`LogError`] at the first line that makes it unreadable.
    pub fn read(bytes: &[u8]) -> Result<Self, LogError> {
        let mut reader = LogReader::new(bytes)?;
        let mut entries = Vec::new();
        for entry in &mut reader {
            match entry? {
                Entry::Finding => {}
                entry => entries.push(entry),
            }
        }
        Ok(Self {
            header: reader.header,
            entries,
            notes: reader.notes,
        })
    }

    /// The facts, in session order.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Fact(line) => Some(&line.fact),
            Entry::Header(_) | Entry::Finding | Entry::Unknown(_) => None,
        })
    }

    /// When the session began: as the header says, otherwise the time of the first fact.
    #[must_use]
    pub fn started(&self) -> Option<Timestamp> {
        let first = || Timestamp::from_millis(self.facts().next()?.at());
        self.header.started.clone().or_else(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_line_is_refused_and_not_collected() {
        let header = b"{\"kind\":\"header\",\"format\":\"callscope-session\",\"version\":1}\n";
        let input =
            std::io::Read::chain(&header[..], std::io::BufReader::new(std::io::repeat(b'[')));
        let mut reader = LogReader::with_max_line(input, 1000).unwrap();
        let error = reader.next().unwrap().unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2: the line is longer than 1000 bytes"
        );
        assert!(reader.next().is_none());
        assert!(reader.lines.buffer().len() < 10_000);
    }
}
