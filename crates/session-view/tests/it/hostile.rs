//! No text that is shown has a character that hides or turns others.

use std::fmt::Write as _;

use callscope_protocol::{Fact, Gap, GapReason, Millis, Setting};
use callscope_session_log::Session;
use callscope_session_view::SessionView;
use callscope_session_view::card::{Card, FieldCard, FindingCard};
use callscope_session_view::ladder::{Choice, Ladder, Rung, ladders};
use callscope_session_view::rows::{Look, RowBody, RowText};
use callscope_session_view::visible::is_trouble;
use callscope_session_view::words::{self, UtcOffset};

use crate::trace::{START, written_everywhere};

/// A NUL, a terminal's escape, line ends, an override and an isolate of direction, a zero-width
/// space, a joiner, a byte order mark and a tag.
const EVIL: &str = "a\0\u{1b}[2J\r\n\u{202e}b\u{2066}\u{200b}\u{200d}\u{feff}\u{e0041}c";

/// A session in which the page writes that wherever it can.
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
    view.look_at(&Look::everything());
    view
}

#[track_caller]
fn check(what: &str, text: &str) {
    let bad: Vec<char> = text.chars().filter(|it| is_trouble(*it)).collect();
    assert!(bad.is_empty(), "{what}: {bad:?} in {text:?}");
}

fn check_row(row: &RowText) {
    check("a row", &row.label());
    match &row.body {
        RowBody::Message(message) => {
            check("a type", &message.type_name);
            check("a summary", &message.summary);
            if let Some(mark) = &message.mark {
                check("a mark", &mark.message);
            }
        }
        RowBody::Gap(words) | RowBody::Remark(words) => check("a remark", words),
        RowBody::Inside(inside) => check("what a page told", &inside.words),
    }
}

fn check_finding(card: &FindingCard) {
    check("a finding", &card.message);
    check("a finding's text", &card.to_text().replace('\n', ""));
    let cause = card.cause.iter().filter_map(|it| it.anchor.as_ref());
    for (_, name) in card.anchor.iter().chain(&card.related).chain(cause) {
        check("a link", name);
    }
}

fn check_card(card: &Card) {
    check("a title", &card.title);
    for (label, text) in card.type_facts.iter().chain(&card.envelope) {
        check(label, text);
    }
    for remark in &card.remarks {
        check("a remark", &remark.text);
    }
    for tie in &card.ties {
        check(tie.name, &tie.text());
    }
    card.findings.iter().for_each(check_finding);
    for field in &card.fields {
        let FieldCard {
            path,
            value,
            about,
            problem,
        } = field;
        check("a path", path);
        check("a value", value.as_deref().unwrap_or_default());
        check("a field", about);
        check("a problem", problem.as_ref().map_or("", |(_, words)| words));
    }
}

fn check_ladder(ladder: &Ladder) {
    for text in [&ladder.title, &ladder.host, &ladder.widget] {
        check("a ladder", text);
    }
    for rung in &ladder.rungs {
        match rung {
            Rung::Message(arrow) => {
                check("an arrow", &arrow.type_name);
                check("an arrow", &arrow.summary);
                check("an arrow", &arrow.remark().unwrap_or_default());
                for mark in &arrow.findings {
                    check("an arrow's finding", &mark.message);
                }
            }
            Rung::Finding(mark) => check("a finding", &mark.message),
            Rung::Heading(words) | Rung::Remark { words, .. } => check("a heading", words),
        }
    }
}

#[test]
fn all_that_a_page_wrote_is_visible() {
    let view = hostile();
    let session = view.session();
    assert_eq!(session.message_count(), 8);
    assert!(session.findings().len() > 8);
    view.describe(0..view.rows().len(), UtcOffset::UTC)
        .iter()
        .for_each(check_row);
    for recorded in view.messages() {
        check_card(&Card::new(&view, recorded, UtcOffset::UTC, None));
    }
    for conversation in session.conversations() {
        check("a conversation", &words::conversation(conversation));
        check("its link", &words::link(conversation));
    }
    for call in session.calls() {
        check("a call", &words::call(&call));
    }
    for finding in session.findings() {
        check_finding(&FindingCard::new(&view, finding));
    }
    ladders(&view, Choice::default())
        .iter()
        .for_each(check_ladder);
}
