//! One line of a log.

use callscope_protocol::{Fact, MessageText};

use crate::error::LineError;
use crate::fields::Fields;
use crate::keys::Extra;
use crate::kind::header::Header;
use crate::kind::{closed, conversation, end, finding, frame, gap, header, inside, setting};

/// A fact with its line's unknown keys.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    /// The fact.
    pub fact: Fact,
    /// The keys that this version does not know; they are written back with the fact.
    pub extra: Extra,
}

impl From<Fact> for LogLine {
    fn from(fact: Fact) -> Self {
        Self {
            fact,
            extra: Extra::new(),
        }
    }
}

/// A line of a kind that this version does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLine {
    /// Its kind.
    pub kind: String,
    /// The whole line unchanged, without its end.
    pub text: MessageText,
}

/// The content of one line of a log.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// What the log says about itself.
    Header(Box<Header>),
    /// A fact.
    Fact(LogLine),
    /// A finding, written for people. Findings are computed again whenever a log is read, so it is
    /// dropped.
    Finding,
    /// Something that a later version may have written.
    Unknown(UnknownLine),
}

impl Entry {
    /// The fact, if the line is one.
    #[must_use]
    pub fn into_fact(self) -> Option<LogLine> {
        match self {
            Self::Fact(line) => Some(line),
            Self::Header(_) | Self::Finding | Self::Unknown(_) => None,
        }
    }
}

/// Reads one line, with or without its end.
///
/// It knows nothing about earlier lines: the reader of the whole log checks that `seq` rises.
///
/// # Errors
///
/// [`LineError`] if the line is not JSON, or lacks what its kind needs.
pub fn read_fact(line: &str) -> Result<Entry, LineError> {
    let line = line.trim_ascii_end();
    let mut fields = Fields::parse(line)?;
    let raw = fields.take("kind")?.ok_or(LineError::NoKind)?;
    let kind =
        callscope_json::string(raw).ok_or_else(|| crate::fields::wrong("kind", "a string", raw))?;
    let fact = match kind.as_ref() {
        kind if kind == frame::KIND.name => Fact::Message(frame::read(fields.of(&frame::KIND))?),
        kind if kind == gap::KIND.name => Fact::Gap(gap::read(fields.of(&gap::KIND))?),
        kind if kind == conversation::KIND.name => {
            Fact::Conversation(conversation::read(fields.of(&conversation::KIND))?)
        }
        kind if kind == closed::KIND.name => Fact::Closed(closed::read(fields.of(&closed::KIND))?),
        kind if kind == setting::KIND.name => {
            Fact::Setting(setting::read(fields.of(&setting::KIND))?)
        }
        kind if kind == inside::KIND.name => {
            Fact::Inside(Box::new(inside::read(fields.of(&inside::KIND))?))
        }
        kind if kind == end::KIND.name => Fact::End(end::read(fields.of(&end::KIND))?),
        kind if kind == header::KIND.name => {
            fields.of(&header::KIND);
            return Ok(Entry::Header(Box::new(header::read(fields)?)));
        }
        kind if kind == finding::KIND.name => return Ok(Entry::Finding),
        _ => {
            return Ok(Entry::Unknown(UnknownLine {
                kind: kind.into_owned(),
                text: line.into(),
            }));
        }
    };
    let extra = fields.into_extra();
    Ok(Entry::Fact(LogLine { fact, extra }))
}

/// Writes a fact as one line, without a line end.
///
/// The message's text is written unchanged, except that line feeds between its tokens become
/// spaces.
#[must_use]
pub fn write_fact(fact: &Fact) -> String {
    write_line(fact, &Extra::new())
}

impl LogLine {
    /// The line, without a line end.
    #[must_use]
    pub fn to_line(&self) -> String {
        write_line(&self.fact, &self.extra)
    }
}

pub(crate) fn write_line(fact: &Fact, extra: &Extra) -> String {
    let line = match fact {
        Fact::Message(recorded) => frame::write(recorded),
        Fact::Gap(gap) => gap::write(gap),
        Fact::Conversation(start) => conversation::write(start),
        Fact::Closed(closed) => closed::write(closed),
        Fact::Setting(setting) => setting::write(setting),
        Fact::Inside(inside) => inside::write(inside),
        Fact::End(at) => end::write(*at),
    };
    line.finish_with(extra)
}
