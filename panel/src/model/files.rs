//! Sessions as files.

use callscope_bus::{Goodbye, Parked};
use callscope_protocol::Millis;
use callscope_session_log::{Header, LogError, Timestamp, write_log};
use callscope_session_view::header::{self, Place};

use callscope_session_view::cleared::Cleared;
use callscope_session_view::rows::ViewOptions;
use callscope_session_view::{Opened, Opening, SessionView};

/// A session that was read from a file.
#[derive(Debug)]
pub(crate) struct Imported {
    /// Its origin, such as the file name.
    pub(crate) name: String,
    pub(crate) header: Header,
    pub(crate) source: SessionView,
    /// What the user had cleared of it.
    pub(crate) cleared: Cleared,
    /// Remarks from reading it.
    pub(crate) notes: Vec<String>,
}

impl Imported {
    /// Reads a session from a file.
    ///
    /// # Errors
    ///
    /// The line that cannot be read.
    pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Self, LogError> {
        let mut opening = Opening::new(bytes.len() as u64, ViewOptions::default());
        opening.feed(bytes)?;
        Ok(Self::new(name.to_owned(), opening.finish()?))
    }

    /// A log that has been opened.
    pub(crate) fn new(name: String, opened: Opened) -> Self {
        Self {
            name,
            header: opened.header,
            cleared: Cleared::default(),
            notes: opened.notes.iter().map(ToString::to_string).collect(),
            source: opened.view,
        }
    }

    /// Reads the session left by an unloaded page.
    ///
    /// # Errors
    ///
    /// As for [`Self::read`]; line numbers include a header line.
    pub(crate) fn from_left(parked: Parked, goodbyes: Vec<Goodbye>) -> Result<Self, LogError> {
        let header = Header {
            page: Some(parked.page.clone()),
            ..Header::default()
        };
        let cleared = parked.cleared.map(|at| Cleared::through(Millis(at)));
        let (session, unreadable) = callscope_live::left_by(parked, goodbyes);
        let mut text = String::new();
        // Writing to a `String` cannot fail.
        _ = write_log(&mut text, &header, session.to_lines());
        let mut imported = Self::read("previous page", text.as_bytes())?;
        imported.cleared = cleared.unwrap_or_default();
        let unreadable = unreadable.iter();
        imported
            .notes
            .extend(unreadable.map(|error| format!("a record is unreadable: {error}")));
        Ok(imported)
    }
}

/// The program that writes a log, for the header.
#[derive(Clone, Debug, Default)]
pub(crate) struct Writer {
    pub(crate) user_agent: String,
    pub(crate) page: Option<String>,
}

/// A session as a log.
pub(crate) fn export(
    session: &callscope_session_log::Session,
    imported: Option<&Header>,
    writer: &Writer,
    now: Millis,
) -> String {
    let header = if let Some(header) = imported {
        header::again(header, now)
    } else {
        let place = Place {
            browser: header::browser(&writer.user_agent),
            page: writer.page.clone(),
        };
        header::new(session, place, Some(now))
    };
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    _ = write_log(&mut text, &header, session.to_lines());
    text
}

/// The beginning of an export's file name: `callscope-2026-11-22-122905`.
pub(crate) fn file_stem(now: Millis) -> String {
    let stamp = Timestamp::from_millis(now).map_or_else(String::new, |stamp| {
        let text = stamp.as_str();
        let date = text.get(..10).unwrap_or_default();
        let time = text.get(11..19).unwrap_or_default().replace(':', "");
        format!("-{date}-{time}")
    });
    format!("callscope{stamp}")
}

/// What is said once the browser has been given a file: it tells no page whether, when and where it
/// has saved it.
pub(crate) fn handed_over(name: &str, privacy: &str) -> String {
    format!("Download started: {name}. {privacy}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{START, source};

    const TRACE: &str = r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://localhost"}
        widget "\ud800"
    "#;

    #[test]
    fn what_is_exported_can_be_imported() {
        let source = source(TRACE);
        let writer = Writer {
            user_agent: "Mozilla/5.0 Chrome/156.0.0.0 Safari/537.36".to_owned(),
            page: Some("https://app.hubspot.com/x".to_owned()),
        };
        let text = export(source.session(), None, &writer, Millis(START));
        let imported = Imported::read("a", text.as_bytes()).unwrap();
        assert_eq!(imported.header.browser.as_deref(), Some("Chrome 156"));
        assert_eq!(imported.source.session().message_count(), 3);
        assert_eq!(
            imported.source.session().findings(),
            source.session().findings()
        );
        // Writing it again changes nothing.
        let again = |text: &str| {
            let imported = Imported::read("a", text.as_bytes()).unwrap();
            export(
                imported.source.session(),
                Some(&imported.header),
                &writer,
                Millis(START),
            )
        };
        let second = again(&text);
        assert_eq!(again(&second), second);
    }

    #[test]
    fn names_tell_when() {
        assert_eq!(file_stem(Millis(START)), "callscope-2023-11-14-221320");
        assert_eq!(file_stem(Millis(f64::NAN)), "callscope-1970-01-01-000000");
    }
}
