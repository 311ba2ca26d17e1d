//! What a log says about itself, written and read in one place for everything that writes or shows
//! logs.

use callscope_protocol::Millis;
use callscope_session_log::{Header, Session, Timestamp};

/// This program's name in a log: `callscope 0.1.0`.
pub const TOOL: &str = concat!("callscope ", env!("CARGO_PKG_VERSION"));

/// The label of what a header says about redaction.
pub const PRIVACY: &str = "Privacy";

/// Where a session was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The browser, for example `Chromium 156`.
    pub browser: Option<String>,
    /// The page's address without query and fragment.
    pub page: Option<String>,
}

/// The header for the log of a session that was just recorded.
///
/// Its beginning is the session's first fact; `now` is when the log is written, `None` if that is
/// not known.
#[must_use]
pub fn new(session: &Session, place: Place, now: Option<Millis>) -> Header {
    let first = session.facts().first();
    let Place { browser, page } = place;
    Header {
        created: now.and_then(Timestamp::from_millis),
        started: first.and_then(|first| Timestamp::from_millis(first.fact.at())),
        tool: Some(TOOL.to_owned()),
        browser,
        page,
        ..Header::default()
    }
}

/// The header for a log that was read and is written again: it names the original recorder, not the
/// one that copies it.
#[must_use]
pub fn again(header: &Header, now: Millis) -> Header {
    Header {
        created: Timestamp::from_millis(now),
        ..header.clone()
    }
}

/// When a session was recorded: when it began, otherwise when its log was written.
#[must_use]
pub fn recorded(header: &Header) -> Option<&str> {
    let at = header.started.as_ref().or(header.created.as_ref());
    at.map(Timestamp::as_str)
}

/// What a header says, for display: the label and value of each fact in it.
pub fn facts(header: &Header) -> impl Iterator<Item = (&'static str, &str)> {
    let facts = [
        ("Recorded", recorded(header)),
        ("With", header.tool.as_deref()),
        ("Browser", header.browser.as_deref()),
        ("Page", header.page.as_deref()),
        (
            PRIVACY,
            header
                .redacted
                .then_some("redacted: numbers, names and ids are replaced"),
        ),
    ];
    facts
        .into_iter()
        .filter_map(|(label, value)| Some((label, value?)))
}

/// The browser, from its `navigator.userAgent`: `Chrome 156`.
#[must_use]
pub fn browser(user_agent: &str) -> Option<String> {
    let (_, rest) = user_agent.split_once("Chrome/")?;
    let version = rest.split('.').next().filter(|it| !it.is_empty())?;
    Some(format!("Chrome {version}"))
}

#[cfg(test)]
mod tests {
    use callscope_protocol::Fact;

    use super::*;

    const NOW: Millis = Millis(1_795_350_600_000.0);

    fn words(header: &Header) -> Vec<String> {
        let words = |(label, value)| format!("{label}: {value}");
        facts(header).map(words).collect()
    }

    #[test]
    fn a_header_says_what_is_known() {
        let mut session = Session::new();
        session.push(Fact::End(Millis(1_795_350_545_829.0)));
        let place = Place {
            browser: browser("Mozilla/5.0 Chrome/156.0.0.0 Safari/537.36"),
            page: None,
        };
        let header = new(&session, place, Some(NOW));
        let tool = format!("With: {TOOL}");
        let expected = [
            "Recorded: 2026-11-22T12:29:05.829Z",
            &tool,
            "Browser: Chrome 156",
        ];
        assert_eq!(words(&header), expected);
        assert_eq!(
            header.created.as_ref().map(Timestamp::as_str),
            Some("2026-11-22T12:30:00.000Z")
        );
        assert_eq!(words(&Header::default()), [""; 0]);
    }

    #[test]
    fn without_a_beginning_the_time_of_writing_is_told() {
        let header = new(&Session::new(), Place::default(), Some(NOW));
        assert_eq!(recorded(&header), Some("2026-11-22T12:30:00.000Z"));
    }

    #[test]
    fn a_copy_still_tells_who_recorded() {
        let original = Header {
            started: Some(Timestamp("2026-01-01T00:00:00Z".to_owned())),
            tool: Some("other 2".to_owned()),
            browser: Some("Chromium 150".to_owned()),
            redacted: true,
            ..Header::default()
        };
        let privacy = "Privacy: redacted: numbers, names and ids are replaced";
        assert!(words(&original).iter().any(|it| it == privacy));
        let copy = again(&original, NOW);
        assert_eq!(words(&copy), words(&original));
        assert_eq!(
            copy.created.as_ref().map(Timestamp::as_str),
            Some("2026-11-22T12:30:00.000Z")
        );
    }
}
