//! Writes a whole log.

use std::fmt;

use crate::kind::header::Header;
use crate::line::Entry;
use crate::read::Log;

/// Writes a log: the header, then `lines` in session order, each the text of one line without its
/// end.
///
/// # Errors
///
/// Whatever `out` returns; a `String` never fails.
pub fn write_log(
    out: &mut impl fmt::Write,
    header: &Header,
    lines: impl IntoIterator<Item = String>,
) -> fmt::Result {
    writeln!(out, "{}", header.to_line())?;
    for line in lines {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

impl Log {
    /// The log as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        let lines = self.entries.iter().filter_map(Entry::to_line);
        // Writing to a `String` never fails.
        _ = write_log(&mut out, &self.header, lines);
        out
    }
}

impl Entry {
    /// The entry's line, without a line end; `None` for a header, which is written only once and
    /// first, and for a finding, which is not kept.
    #[must_use]
    pub fn to_line(&self) -> Option<String> {
        match self {
            Self::Fact(line) => Some(line.to_line()),
            Self::Unknown(unknown) => Some(unknown.text.as_str().to_owned()),
            Self::Header(_) | Self::Finding => None,
        }
    }
}
