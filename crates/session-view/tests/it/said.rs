//! Every text that is shown of a session.

use callscope_session_view::SessionView;
use callscope_session_view::card::{Card, FieldCard, FindingCard};
use callscope_session_view::ladder::{Choice, Ladder, Rung, ladders};
use callscope_session_view::rows::{RowBody, RowText};
use callscope_session_view::words::{self, UtcOffset};

/// Every text of rows, cards, ladders, calls and conversations, each with what it is.
pub(crate) fn said(view: &SessionView) -> Vec<(String, String)> {
    let mut texts = Texts::default();
    for row in view.describe(0..view.rows().len(), UtcOffset::UTC) {
        texts.row(&row);
    }
    for recorded in view.messages() {
        texts.card(&Card::new(view, recorded, UtcOffset::UTC, None));
    }
    let session = view.session();
    for conversation in session.conversations() {
        texts.say("a conversation", &words::conversation(conversation));
        texts.say("its link", &words::link(conversation));
    }
    for call in session.calls() {
        texts.say("a call", &words::call(&call));
    }
    for finding in session.findings() {
        texts.finding(&FindingCard::new(view, finding));
    }
    for ladder in ladders(view, Choice::default()) {
        texts.ladder(&ladder);
    }
    texts.0
}

#[derive(Default)]
struct Texts(Vec<(String, String)>);

impl Texts {
    fn say(&mut self, what: &str, text: &str) {
        self.0.push((what.to_owned(), text.to_owned()));
    }

    fn row(&mut self, row: &RowText) {
        self.say("a row", &row.label());
        if let Some(mark) = &row.mark {
            self.say("a mark", &mark.message);
        }
        match &row.body {
            RowBody::Message(message) => {
                self.say("a type", &message.type_name);
                self.say("a summary", &message.summary);
            }
            RowBody::Gap(words) | RowBody::Remark(words) => self.say("a remark", words),
            RowBody::Inside(inside) => self.say("what a page told", &inside.words),
        }
    }

    fn finding(&mut self, card: &FindingCard) {
        self.say("a finding", &card.message);
        for line in card.to_text().lines() {
            self.say("a line of a finding's text", line);
        }
        let cause = card.cause.iter().filter_map(|it| it.entry.as_ref());
        for (_, name) in card.entry.iter().chain(&card.related).chain(cause) {
            self.say("a link", name);
        }
    }

    fn card(&mut self, card: &Card) {
        self.say("a title", &card.title);
        for (label, text) in card.type_facts.iter().chain(&card.envelope) {
            self.say(label, text);
        }
        for remark in &card.remarks {
            self.say("a remark", &remark.text);
        }
        for tie in &card.ties {
            self.say(tie.name, &tie.text());
        }
        for finding in &card.findings {
            self.finding(finding);
        }
        for field in &card.fields {
            let FieldCard {
                path,
                value,
                about,
                problem,
            } = field;
            self.say("a path", path);
            self.say("a value", value.as_deref().unwrap_or_default());
            self.say("a field", about);
            self.say("a problem", problem.as_ref().map_or("", |(_, words)| words));
        }
    }

    fn ladder(&mut self, ladder: &Ladder) {
        for text in [&ladder.title, &ladder.host, &ladder.widget] {
            self.say("a ladder", text);
        }
        for rung in &ladder.rungs {
            match rung {
                Rung::Message(arrow) => {
                    self.say("an arrow", &arrow.type_name);
                    self.say("an arrow", &arrow.summary);
                    self.say("an arrow", &arrow.remark().unwrap_or_default());
                    for mark in &arrow.findings {
                        self.say("an arrow's finding", &mark.message);
                    }
                }
                Rung::Finding(mark) => self.say("a finding", &mark.message),
                Rung::Heading(words) | Rung::Remark { words, .. } => self.say("a heading", words),
            }
        }
    }
}
