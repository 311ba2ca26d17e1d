//! What a file contains after the user has cleared the list.

use callscope_protocol::{Fact, Millis, Severity};
use callscope_session_log::{Header, Log, Session, write_log};
use callscope_session_view::SessionView;
use callscope_session_view::cleared::Cleared;

use crate::trace::{START, all_recorded, facts};

/// A session is cleared at several moments, and the rest is written and read again: it has
/// everything that is shown, and no findings that the whole session does not have.
#[test]
fn what_is_left_of_recorded_sessions_has_no_findings_of_its_own() {
    for (name, view) in all_recorded() {
        let facts = view.session().facts();
        for part in 1..6 {
            let at = facts[facts.len() * part / 6].fact.at();
            let cleared = Cleared::through(at);
            check(&view, &cleared, &format!("{name} cleared at {at:?}"));
        }
    }
}

fn check(view: &SessionView, cleared: &Cleared, name: &str) {
    let mut text = String::new();
    let rest = cleared.rest_of(view);
    write_log(&mut text, &Header::default(), rest.to_lines()).unwrap();
    let read = Session::from(Log::read(text.as_bytes()).unwrap());
    let whole = view.session();
    for placed in whole.facts().iter().filter(|it| !cleared.hides(it)) {
        if let Some(message) = placed.message() {
            assert_eq!(read.message(message.seq), Some(message), "{name}");
        }
    }
    if read.message_count() == 0 {
        // An empty file has a finding of its own.
        return;
    }
    for finding in read.findings() {
        // A finding that is reported only once moves to a later message if the first is cleared.
        let code = finding.rule.code;
        let is_known = whole.findings().iter().any(|it| it.rule.code == code);
        assert!(
            is_known || finding.severity == Severity::Note,
            "{name}: {finding:?}"
        );
    }
}

/// By the clocks of two pages, a `SYNC_ACK` can be slightly older than its `SYNC`.
#[test]
fn a_list_can_be_cleared_between_an_answer_and_its_request() {
    let mut facts = facts(
        r#"
        host SYNC
        widget {"type":"SYNC_ACK","messageId":"4_0","version":"0.9.7"}
        "#,
    );
    if let Some(Fact::Message(ack)) = facts.last_mut() {
        ack.at = Millis(START - 0.2);
    }
    let mut session = Session::new();
    session.insert_all((1..).zip(facts));
    let view = SessionView::new(session);
    let rest = Cleared::through(Millis(START - 0.1)).rest_of(&view);
    let kinds = rest.facts().iter().map(|it| it.message().is_some());
    assert_eq!(kinds.collect::<Vec<_>>(), [true, true]);
}
