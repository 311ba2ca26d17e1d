//! A value of thousands of characters leaves the sentences around it short.

use callscope_session_log::Session;
use callscope_session_view::SessionView;
use callscope_session_view::card::{Card, FindingCard};
use callscope_session_view::ladder::{Choice, ladders};
use callscope_session_view::rows::{Look, RowBody};
use callscope_session_view::words::{self, UtcOffset};

use crate::trace::written_everywhere;

/// The longest that any text may be that is not the value itself.
const MOST: usize = 600;

/// Hebrew, and what becomes ten times as long as it is made visible.
const LONG: [&str; 2] = ["שלום ", "\u{e0041}"];

fn view(value: &str) -> SessionView {
    let mut session = Session::new();
    session.insert_all((1..).zip(written_everywhere(value, value)));
    let mut view = SessionView::new(session);
    view.look_at(&Look::everything());
    view
}

#[track_caller]
fn check(what: &str, text: &str) {
    let count = text.chars().count();
    assert!(count <= MOST, "{what} has {count} characters: {text:.700}");
}

#[test]
fn no_value_floods_what_is_said_of_it() {
    for part in LONG {
        let view = view(&part.repeat(1_000));
        let session = view.session();
        assert!(session.findings().len() > 8);
        for row in view.describe(0..view.rows().len(), UtcOffset::UTC) {
            match &row.body {
                RowBody::Message(message) => {
                    check("a type", &message.type_name);
                    check("a summary", &message.summary);
                    check("a mark", message.mark.as_ref().map_or("", |it| &it.message));
                }
                RowBody::Gap(words) | RowBody::Remark(words) => check("a remark", words),
                RowBody::Inside(inside) => check("what a page told", &inside.words),
            }
        }
        for recorded in view.messages() {
            let card = Card::new(&view, recorded, UtcOffset::UTC, None);
            check("a title", &card.title);
            for (label, text) in &card.envelope {
                check(label, text);
            }
            for remark in &card.remarks {
                check("a remark", &remark.text);
            }
            for tie in &card.ties {
                check(tie.name, &tie.text());
            }
            for field in &card.fields {
                check("a path", &field.path);
                check("a problem", field.problem.as_ref().map_or("", |(_, it)| it));
            }
        }
        for conversation in session.conversations() {
            check("a conversation", &words::conversation(conversation));
            check("its link", &words::link(conversation));
        }
        for call in session.calls() {
            check("a call", &words::call(&call));
        }
        for finding in session.findings() {
            let card = FindingCard::new(&view, finding);
            check("a finding", &card.message);
            for (_, name) in card.anchor.iter().chain(&card.related) {
                check("a link", name);
            }
        }
        for ladder in ladders(&view, Choice::default()) {
            for text in [&ladder.title, &ladder.host, &ladder.widget] {
                check("a ladder", text);
            }
        }
    }
}
