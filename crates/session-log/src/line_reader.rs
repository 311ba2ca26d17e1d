//! Splits an input into lines of text, one in memory at a time.

use std::io::{BufRead, Read as _};

use crate::error::LogError;

/// A line of text and its number.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    /// Counted from 1.
    pub(crate) line: u64,
    /// Without its end.
    pub(crate) text: &'a str,
}

/// Reads the non-blank lines of an input.
#[derive(Debug)]
pub(crate) struct LineReader<R> {
    input: R,
    buffer: Vec<u8>,
    max_bytes: usize,
    line: u64,
}

impl<R: BufRead> LineReader<R> {
    pub(crate) fn new(input: R, max_bytes: usize) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            max_bytes,
            line: 0,
        }
    }

    pub(crate) fn input_mut(&mut self) -> &mut R {
        &mut self.input
    }

    /// The bytes of the last line that was read, even if they are not text.
    pub(crate) fn buffer(&self) -> &[u8] {
        &self.buffer
    }

    /// The number of the last line that was read, counted from 1.
    pub(crate) const fn number(&self) -> u64 {
        self.line
    }

    /// The next non-blank line.
    ///
    /// If the input ends inside a character, that character is left out: the line is cut off
    /// anyway.
    pub(crate) fn next(&mut self) -> Result<Option<Line<'_>>, LogError> {
        let (start, end) = loop {
            self.buffer.clear();
            let limit = self.max_bytes as u64 + 1;
            self.line += 1;
            let line = self.line;
            (&mut self.input)
                .take(limit)
                .read_until(b'\n', &mut self.buffer)
                .map_err(|source| LogError::Io { line, source })?;
            if self.buffer.is_empty() {
                return Ok(None);
            }
            if self.buffer.len() > self.max_bytes && self.buffer.last() != Some(&b'\n') {
                let limit = self.max_bytes;
                return Err(LogError::LineTooLong { line, limit });
            }
            let start = match self.buffer.strip_prefix("\u{feff}".as_bytes()) {
                Some(_) if line == 1 => 3,
                _ => 0,
            };
            let text = self.buffer.get(start..).unwrap_or_default();
            if !text.iter().all(u8::is_ascii_whitespace) {
                break (start, start + text.trim_ascii_end().len());
            }
        };
        let is_last = self.buffer.last() != Some(&b'\n');
        let bytes = self.buffer.get(start..end).unwrap_or_default();
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) if is_last && error.error_len().is_none() => {
                let whole = bytes.get(..error.valid_up_to()).unwrap_or_default();
                std::str::from_utf8(whole).unwrap_or_default()
            }
            Err(error) => {
                return Err(LogError::NotUtf8 {
                    line: self.line,
                    column: start + error.valid_up_to() + 1,
                });
            }
        };
        Ok(Some(Line {
            line: self.line,
            text,
        }))
    }

    /// Whether anything but blanks follows; reads as far as it takes to know.
    ///
    /// NULs count as blanks: after a power failure, a file system may leave them at the end of a
    /// file.
    pub(crate) fn has_more(&mut self) -> Result<bool, LogError> {
        loop {
            let line = self.line;
            let bytes = self
                .input
                .fill_buf()
                .map_err(|source| LogError::Io { line, source })?;
            if bytes.is_empty() {
                return Ok(false);
            }
            if !bytes
                .iter()
                .all(|byte| byte.is_ascii_whitespace() || *byte == 0)
            {
                return Ok(true);
            }
            let length = bytes.len();
            self.input.consume(length);
        }
    }
}
