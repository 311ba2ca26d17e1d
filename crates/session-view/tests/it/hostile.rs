//! No displayed text contains a character that hides or reverses others.

use std::fmt::Write as _;

use callscope_protocol::{Fact, Gap, GapReason, Millis, Setting};
use callscope_session_log::Session;
use callscope_session_view::SessionView;
use callscope_session_view::rows::ViewOptions;
use callscope_session_view::visible::is_trouble;

use crate::said::said;
use crate::trace::{START, written_everywhere};

/// A NUL, a terminal escape, line breaks, a direction override and isolate, a zero-width space, a
/// joiner, a byte order mark and a tag.
const EVIL: &str = "a\0\u{1b}[2J\r\n\u{202e}b\u{2066}\u{200b}\u{200d}\u{feff}\u{e0041}c";

/// A session in which the page writes this text wherever it can.
fn hostile() -> SessionView {
    let units = EVIL.encode_utf16();
    let evil = units.fold(String::new(), |mut text, unit| {
        write!(text, "\\u{unit:04x}").unwrap();
        text
    });
    let mut facts = written_everywhere(EVIL, &evil);
    let at = Millis(START + 100.0);
    facts.push(Fact::Gap(Gap {
        at,
        conversation: None,
        lost: Some(1),
        why: GapReason::Other(EVIL.to_owned()),
    }));
    facts.push(Fact::Setting(Setting {
        at,
        key: EVIL.to_owned(),
        value: Some(EVIL.to_owned()),
    }));
    let mut session = Session::new();
    session.insert_all((1..).zip(facts));
    let mut view = SessionView::new(session);
    view.update_rows(&ViewOptions::everything());
    view
}

#[test]
fn all_that_a_page_wrote_is_visible() {
    let view = hostile();
    let session = view.session();
    assert_eq!(session.message_count(), 8);
    assert!(session.findings().len() > 8);
    for (what, text) in said(&view) {
        let bad: Vec<char> = text.chars().filter(|it| is_trouble(*it)).collect();
        assert!(bad.is_empty(), "{what}: {bad:?} in {text:?}");
    }
}
