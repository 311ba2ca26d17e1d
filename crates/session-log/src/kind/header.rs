//! `header`: the first line of a log.

use callscope_protocol::Millis;
use chrono::{DateTime, FixedOffset, SecondsFormat};

use crate::error::LineError;
use crate::fields::{Fields, whole, wrong};
use crate::json;
use crate::keys::Extra;
use crate::keys::Kind;
use crate::line_writer::LineWriter;

pub(crate) const KIND: Kind = Kind {
    name: "header",
    keys: &[
        "format", "version", "created", "started", "tool", "browser", "page", "redacted",
    ],
};

/// The `format` of every session log's header.
pub const FORMAT: &str = "callscope-session";

/// The format version that is written; it and all earlier versions can be read.
pub const VERSION: u32 = 1;

/// What a log says about itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// When the log was written.
    pub created: Option<Timestamp>,
    /// When the recording began.
    pub started: Option<Timestamp>,
    /// The program that wrote it, for example `callscope 0.1.0`.
    pub tool: Option<String>,
    /// The browser, for example `Chromium 156`.
    pub browser: Option<String>,
    /// The page's address without query and fragment.
    pub page: Option<String>,
    /// Whether personal data was replaced: see [`Redactor`](crate::Redactor).
    pub redacted: bool,
    /// The keys that this version does not know.
    pub extra: Extra,
}

/// A point in time as a log writes it: RFC 3339 if its writer followed the format.
///
/// The text is kept, so that a log which is read and written again stays the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamp(pub String);

impl Timestamp {
    /// The timestamp of a time in milliseconds since the epoch, in UTC; `None` if it is outside the
    /// calendar.
    #[must_use]
    pub fn from_millis(at: Millis) -> Option<Self> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturates, then is out of range"
        )]
        let time = DateTime::from_timestamp_millis(at.0.round() as i64)?;
        Some(Self(time.to_rfc3339_opts(SecondsFormat::Millis, true)))
    }

    /// The point in time; `None` if the text is not RFC 3339.
    #[must_use]
    pub fn time(&self) -> Option<DateTime<FixedOffset>> {
        DateTime::parse_from_rfc3339(&self.0).ok()
    }

    /// The text as written in the log.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

pub(crate) fn read(mut fields: Fields<'_>) -> Result<Header, LineError> {
    let format = fields.need("format")?;
    if callscope_json::string(format).as_deref() != Some(FORMAT) {
        return Err(LineError::OtherFormat {
            found: json::describe(format),
        });
    }
    let raw = fields.need("version")?;
    let version = whole(raw)
        .filter(|version| *version > 0)
        .ok_or_else(|| wrong("version", "a whole number from 1", raw))?;
    if version > u64::from(VERSION) {
        return Err(LineError::TooNew { found: version });
    }
    Ok(Header {
        created: fields.text("created")?.map(Timestamp),
        started: fields.text("started")?.map(Timestamp),
        tool: fields.text("tool")?,
        browser: fields.text("browser")?,
        page: fields.text("page")?,
        redacted: fields.flag("redacted")?.unwrap_or_default(),
        extra: fields.into_extra(),
    })
}

impl Header {
    /// When the log was written, otherwise when its recording began; the epoch if it says neither.
    ///
    /// A session without facts has no other time.
    #[must_use]
    pub fn written_at(&self) -> Millis {
        let mut stamps = [&self.created, &self.started].into_iter().flatten();
        let time = stamps.find_map(Timestamp::time);
        // Exact: the milliseconds of any calendar date are far below 2^53.
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        time.map_or_else(Millis::default, |time| {
            Millis(time.timestamp_millis() as f64)
        })
    }

    /// The header's line, without a line end.
    #[must_use]
    pub fn to_line(&self) -> String {
        let Self {
            created,
            started,
            tool,
            browser,
            page,
            redacted,
            extra,
        } = self;
        let mut line = LineWriter::new(&KIND);
        line.text("format", FORMAT);
        line.whole("version", u64::from(VERSION));
        line.optional_text("created", created.as_ref().map(Timestamp::as_str));
        line.optional_text("started", started.as_ref().map(Timestamp::as_str));
        line.optional_text("tool", tool.as_deref());
        line.optional_text("browser", browser.as_deref());
        line.optional_text("page", page.as_deref());
        if *redacted {
            line.raw("redacted", "true");
        }
        line.finish_with(extra)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_read_and_made() {
        let made = Timestamp::from_millis(Millis(1_795_350_545_829.4)).unwrap();
        assert_eq!(made.as_str(), "2026-11-22T12:29:05.829Z");
        assert_eq!(made.time().unwrap().timestamp_millis(), 1_795_350_545_829);
        assert_eq!(Timestamp("yesterday".to_owned()).time(), None);
        for at in [f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            assert_eq!(Timestamp::from_millis(Millis(at)), None);
        }
    }
}
