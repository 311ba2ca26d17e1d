//! A session with what is worth remembering about each of its messages.

use std::collections::HashMap;

use callscope_protocol::{Fact, Frame, Message, MessageType, Severity};
use callscope_session_log::{LogLine, Placed, Session};

use super::rows::{Look, Rows};
use callscope_session_log::filter::{Filter, Subject};

/// What a row and the filter need of a message, read once.
#[derive(Debug)]
pub(crate) struct Digest {
    /// Its type; empty if it has none.
    pub(crate) type_name: Box<str>,
    /// What it is in the catalogue.
    pub(crate) known: Option<MessageType>,
    /// Its messageId; empty if it has none.
    pub(crate) message_id: Box<str>,
    /// One line that tells it from others of its type.
    pub(crate) summary: Box<str>,
}

impl Digest {
    fn new(frame: &Frame) -> Self {
        let message = Message::decode(&frame.message);
        Self {
            type_name: message.type_name().unwrap_or_default().into(),
            known: message.known(),
            message_id: message.message_id().unwrap_or_default().into(),
            summary: message.summary().into(),
        }
    }
}

/// A session, its digests and its rows.
#[derive(Debug, Default)]
pub(crate) struct Source {
    session: Session,
    digests: HashMap<u64, Digest>,
    rows: Rows,
    /// What `rows` were built from.
    built_from: Option<(u64, u64)>,
}

impl Source {
    pub(crate) fn new(session: Session) -> Self {
        let digests = session
            .facts()
            .iter()
            .filter_map(|placed| Some((placed.id, Digest::new(placed.frame()?))))
            .collect();
        Self {
            session,
            digests,
            ..Self::default()
        }
    }

    pub(crate) const fn session(&self) -> &Session {
        &self.session
    }

    pub(crate) const fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Adds what a recorder sent.
    pub(crate) fn insert(&mut self, lines: Vec<(u64, LogLine)>) {
        for (id, line) in &lines {
            if let Fact::Frame(frame) = &line.fact {
                self.digests
                    .entry(*id)
                    .or_insert_with(|| Digest::new(frame));
            }
        }
        self.session.insert_all(lines);
    }

    pub(crate) fn remove(&mut self, ids: &[u64]) {
        self.session.remove(ids);
        for id in ids {
            self.digests.remove(id);
        }
    }

    pub(crate) fn advance(&mut self, now: callscope_protocol::Millis) {
        self.session.advance(now);
    }

    /// Brings the rows in step with the session and with what is looked at.
    ///
    /// `revision` must differ whenever `look` does.
    pub(crate) fn refresh(&mut self, revision: u64, look: Look<'_>) {
        let state = (self.session.revision(), revision);
        if self.built_from == Some(state) {
            return;
        }
        self.built_from = Some(state);
        self.rows = Rows::build(self, look);
    }

    pub(crate) fn digest(&self, id: u64) -> Option<&Digest> {
        self.digests.get(&id)
    }

    /// The fact with this id and where it is.
    pub(crate) fn find(&self, id: u64) -> Option<(usize, &Placed)> {
        self.session
            .facts()
            .iter()
            .enumerate()
            .find(|(_, placed)| placed.id == id)
    }

    /// The id of the frame with this number.
    pub(crate) fn id_of(&self, seq: u64) -> Option<u64> {
        let index = self.session.frame_index(seq)?;
        Some(self.session.nth_frame(index)?.id)
    }

    /// The id of the last frame with this messageId; ids may repeat.
    pub(crate) fn last_with_message_id(&self, message_id: &str) -> Option<u64> {
        let mut ids = self.session.facts().iter().rev().map(|placed| placed.id);
        ids.find(|id| {
            self.digest(*id)
                .is_some_and(|it| &*it.message_id == message_id)
        })
    }

    /// Whether a filter shows this frame.
    pub(crate) fn matches(&self, filter: &Filter, id: u64, frame: &Frame) -> bool {
        if filter.is_empty() {
            return true;
        }
        let Some(digest) = self.digest(id) else {
            return true;
        };
        let subject = Subject {
            type_name: &digest.type_name,
            known: digest.known,
            message_id: &digest.message_id,
            from: frame.from,
            origin: &frame.origin,
            summary: &digest.summary,
            injected: frame.injected,
            truncated: frame.truncated.is_some(),
            conversation: frame.conversation.0,
            text: frame.message.as_str(),
        };
        let verdicts: Vec<(Severity, &'static str)> = if filter.looks_at_findings() {
            let findings = self.session.findings_of(frame.seq);
            findings
                .map(|finding| (finding.severity, finding.rule.code))
                .collect()
        } else {
            Vec::new()
        };
        filter.matches(&subject, &verdicts)
    }
}
