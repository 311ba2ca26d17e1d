//! Reads a log whose bytes arrive piece by piece.

use std::io::{self, BufRead, Read};

use crate::error::{LogError, Note};
use crate::kind::header::Header;
use crate::line::Entry;
use crate::read::{LogReader, MAX_LINE_BYTES};

/// Reads a log from pieces that may begin and end anywhere.
///
/// It gives the same entries as [`LogReader`] does for the whole log. It buffers only what it
/// cannot judge yet: the last line so far, because it takes the next piece to know whether that is
/// the log's last line.
///
/// ```
/// use callscope_session_log::{Entry, LogFeed};
///
/// let mut feed = LogFeed::default();
/// let mut facts = 0;
/// for piece in [
///     &br#"{"kind":"header","format":"callscope-ses"#[..],
///     b"sion\",\"version\":1}\n{\"kind\":\"end\"",
///     br#","at":1795350545829.4}"#,
/// ] {
///     feed.feed(piece, |entry| facts += usize::from(matches!(entry, Entry::Fact(_))))?;
/// }
/// feed.finish(|entry| facts += usize::from(matches!(entry, Entry::Fact(_))))?;
/// assert_eq!(facts, 1);
/// # Ok::<(), callscope_session_log::LogError>(())
/// ```
#[derive(Debug, Default)]
pub struct LogFeed {
    state: State,
}

#[derive(Debug)]
enum State {
    /// The header is not complete yet.
    Before(Pieces),
    Reading(Box<LogReader<Pieces>>),
}

impl Default for State {
    fn default() -> Self {
        Self::Before(Pieces::default())
    }
}

impl LogFeed {
    /// Reads the next piece, and passes on the entries that are certain by now.
    ///
    /// # Errors
    ///
    /// [`LogError`] at the first line that makes the log unreadable; further pieces are useless.
    pub fn feed(&mut self, piece: &[u8], mut take: impl FnMut(Entry)) -> Result<(), LogError> {
        self.pieces().push(piece);
        let has_end = piece.contains(&b'\n');
        if !has_end && self.pieces().unread().len() <= MAX_LINE_BYTES {
            return Ok(());
        }
        let mut lines = if has_end {
            self.pieces().sure_lines()
        } else {
            // It is too long, which the reader will report.
            1
        };
        if lines > 0 && self.begin()? {
            lines -= 1;
        }
        let State::Reading(reader) = &mut self.state else {
            return Ok(());
        };
        for _ in 0..lines {
            match reader.next() {
                Some(entry) => take(entry?),
                None => return Ok(()),
            }
        }
        Ok(())
    }

    /// Passes on the remaining entries: the log is complete.
    ///
    /// # Errors
    ///
    /// As for [`feed`](Self::feed).
    pub fn finish(mut self, mut take: impl FnMut(Entry)) -> Result<(Header, Vec<Note>), LogError> {
        self.begin()?;
        let State::Reading(mut reader) = self.state else {
            return Err(LogError::Empty);
        };
        for entry in reader.by_ref() {
            take(entry?);
        }
        Ok(reader.into_header_and_notes())
    }

    /// Reads the header if it was not read before; returns whether it has been read.
    fn begin(&mut self) -> Result<bool, LogError> {
        if let State::Before(pieces) = &mut self.state {
            self.state = State::Reading(Box::new(LogReader::new(std::mem::take(pieces))?));
            return Ok(true);
        }
        Ok(false)
    }

    fn pieces(&mut self) -> &mut Pieces {
        match &mut self.state {
            State::Before(pieces) => pieces,
            State::Reading(reader) => reader.input_mut(),
        }
    }
}

/// The bytes that have arrived and are not read yet.
#[derive(Debug, Default)]
struct Pieces {
    bytes: Vec<u8>,
    read: usize,
}

impl Pieces {
    fn unread(&self) -> &[u8] {
        self.bytes.get(self.read..).unwrap_or_default()
    }

    fn push(&mut self, piece: &[u8]) {
        self.bytes.drain(..self.read);
        self.read = 0;
        self.bytes.extend_from_slice(piece);
    }

    /// How many non-blank lines are followed by another non-blank line.
    fn sure_lines(&self) -> usize {
        // After a power failure, a file system may leave NULs at the end of a file.
        let is_blank = |line: &&[u8]| {
            line.iter()
                .all(|byte| byte.is_ascii_whitespace() || *byte == 0)
        };
        let unread = self.unread();
        let mut begin = 0;
        let ends = memchr::memchr_iter(b'\n', unread).chain([unread.len()]);
        let lines = ends.filter_map(|end| unread.get(std::mem::replace(&mut begin, end + 1)..end));
        let count = lines.filter(|line| !is_blank(line)).count();
        count.saturating_sub(1)
    }
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.unread().read(buffer)?;
        self.read += count;
        Ok(count)
    }
}

impl BufRead for Pieces {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.unread())
    }

    fn consume(&mut self, count: usize) {
        self.read = self.bytes.len().min(self.read + count);
    }
}
