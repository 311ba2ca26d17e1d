//! What the recorder of a page tells, made into one session. Pure.
//!
//! Every page that the tab shows has a recorder of its own, which counts from 1. Their sessions
//! follow each other in one log, as in the panel that preserves its log.

use callscope_bus::{DocumentId, FromPanel, Record, RecorderInfo, RecorderStatus, ToPanel};
use callscope_protocol::{
    Closed, Conversation, ConversationId, ConversationStart, Fact, Link, Message, Millis, Side,
};
use callscope_session_log::{Entry, Header, LogLine, Placed, Session, Timestamp, read_fact};

/// A recording in progress.
#[derive(Debug, Default)]
pub(super) struct Take {
    session: Session,
    /// The last id that was given to a fact.
    last_id: u64,
    era: Era,
    /// The first page that was recorded.
    page: Option<String>,
    status: Option<RecorderStatus>,
}

/// One page's recorder.
#[derive(Debug, Default)]
struct Era {
    recorder: Option<DocumentId>,
    last_record: u64,
    /// What its ids are counted from.
    first_id: u64,
    /// What its conversations are counted from.
    first_conversation: u32,
}

impl Take {
    pub(super) const fn session(&self) -> &Session {
        &self.session
    }

    /// What the recorder said last about itself.
    pub(super) const fn status(&self) -> Option<&RecorderStatus> {
        self.status.as_ref()
    }

    /// Whether a recorder has answered.
    pub(super) const fn has_begun(&self) -> bool {
        self.page.is_some()
    }

    /// The last fact that came, in the order of arrival.
    pub(super) const fn last_id(&self) -> u64 {
        self.last_id
    }

    /// The first message of this type that came after the fact `id`.
    pub(super) fn heard(&self, type_name: &str, id: u64) -> Option<u64> {
        let later = self.session.facts().iter().filter(|it| it.id > id);
        let is_it = |it: &&Placed| {
            it.frame()
                .is_some_and(|frame| Message::decode(&frame.message).type_name() == Some(type_name))
        };
        later.filter(is_it).map(|it| it.id).min()
    }

    /// What to say first on a port.
    pub(super) fn subscribe(&self) -> FromPanel {
        let since = self
            .era
            .recorder
            .clone()
            .map(|recorder| (recorder, self.era.last_record));
        FromPanel::Subscribe { since }
    }

    /// Takes in what a recorder says.
    ///
    /// # Errors
    ///
    /// It says something that is no fact.
    pub(super) fn hear(&mut self, message: ToPanel) -> anyhow::Result<()> {
        match message {
            ToPanel::Attached { info, reset } => self.attach(info, reset),
            ToPanel::Records { records } => self.add(records)?,
            ToPanel::Evicted { ids, .. } => {
                let ids: Vec<u64> = ids.into_iter().map(|id| id + self.era.first_id).collect();
                self.session.remove(&ids);
            }
            ToPanel::Status { status } => {
                self.session.advance(Millis(status.now));
                self.status = Some(status);
            }
            ToPanel::Done { .. } => {}
        }
        Ok(())
    }

    fn attach(&mut self, info: RecorderInfo, reset: bool) {
        let RecorderInfo { recorder, page, .. } = info;
        self.page.get_or_insert(page);
        if self.era.recorder.as_ref() != Some(&recorder) {
            self.close_conversations();
            let conversations = self.session.conversations();
            self.era = Era {
                recorder: Some(recorder),
                last_record: 0,
                first_id: self.last_id,
                first_conversation: conversations.map(|it| it.id.0).max().unwrap_or(0),
            };
        } else if reset {
            let ids: Vec<u64> = (self.session.facts().iter().map(|placed| placed.id))
                .filter(|id| *id > self.era.first_id)
                .collect();
            self.session.remove(&ids);
            self.era.last_record = 0;
        }
    }

    /// The page went away with all its conversations; its recorder could not say so any more.
    fn close_conversations(&mut self) {
        let open = (self.session.conversations())
            .filter(|it| !matches!(it.link, Link::Closed { .. }))
            .map(|it| Closed {
                conversation: it.id,
                at: it.last_at,
                side: Side::Host,
            });
        let closed: Vec<_> = open.map(|it| LogLine::from(Fact::Closed(it))).collect();
        let ids = self.last_id + 1..;
        self.last_id += closed.len() as u64;
        self.session.insert_all(ids.zip(closed));
    }

    fn add(&mut self, records: Vec<Record>) -> anyhow::Result<()> {
        let mut lines = Vec::with_capacity(records.len());
        for Record { id, line } in records {
            self.era.last_record = self.era.last_record.max(id);
            let Entry::Fact(mut entry) = read_fact(&line)? else {
                continue;
            };
            self.era.renumber(&mut entry.fact);
            if let Fact::Conversation(start) = &mut entry.fact
                && start.continues.is_none()
            {
                start.continues = self.predecessor(start);
            }
            let id = id + self.era.first_id;
            self.last_id = self.last_id.max(id);
            lines.push((id, entry));
        }
        self.session.insert_all(lines);
        Ok(())
    }

    /// The conversation of an earlier page that this one takes the place of after a reload of the
    /// whole page, of which its recorder knows nothing; `None` if that is not certain.
    fn predecessor(&self, start: &ConversationStart) -> Option<ConversationId> {
        let earlier = || {
            let all = self.session.conversations();
            all.filter(|it| it.id.0 <= self.era.first_conversation)
        };
        let is_candidate = |it: &&Conversation| {
            it.host_origin == start.host_origin
                && it.widget_origin == start.widget_origin
                && earlier().all(|other| other.continues != Some(it.id))
        };
        let mut candidates = earlier().filter(is_candidate);
        let only = candidates.next()?;
        candidates.next().is_none().then_some(only.id)
    }

    /// The log's header.
    pub(super) fn header(&self, browser: Option<String>) -> Header {
        let started = self.session.facts().first().map(|placed| placed.fact.at());
        let now = self.session.now().or(started);
        Header {
            created: now.and_then(Timestamp::from_millis),
            started: started.and_then(Timestamp::from_millis),
            tool: Some(concat!("callscope ", env!("CARGO_PKG_VERSION")).to_owned()),
            browser,
            page: self.page.clone(),
            ..Header::default()
        }
    }
}

impl Era {
    /// Numbers the conversations of a fact after those of earlier pages.
    fn renumber(&self, fact: &mut Fact) {
        let shift = |ConversationId(id): &mut ConversationId| {
            *id = id.saturating_add(self.first_conversation);
        };
        match fact {
            Fact::Frame(frame) => shift(&mut frame.conversation),
            Fact::Gap(gap) => gap.conversation.iter_mut().for_each(shift),
            Fact::Conversation(start) => {
                shift(&mut start.id);
                start.continues.iter_mut().for_each(shift);
            }
            Fact::Closed(closed) => shift(&mut closed.conversation),
            Fact::Setting(_) | Fact::End(_) => {}
        }
    }

    /// The number by which its recorder knows a conversation; `None` if it is an earlier page's.
    const fn own_number(&self, ConversationId(id): ConversationId) -> Option<u32> {
        match id.checked_sub(self.first_conversation) {
            Some(0) | None => None,
            number => number,
        }
    }
}

impl Take {
    /// The conversation to act in, with the number by which its recorder knows it: the newest of
    /// this page that is ready for a call.
    pub(super) fn ready(&self) -> Option<(&Conversation, u32)> {
        self.session
            .conversations()
            .filter(|it| matches!(it.link, Link::Initialized { .. }))
            .filter_map(|it| Some((it, self.era.own_number(it.id)?)))
            .max_by_key(|(it, _)| it.id)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn attached(recorder: &str) -> ToPanel {
        let info = RecorderInfo {
            recorder: DocumentId(recorder.to_owned()),
            page: "https://app.hubspot.com/".to_owned(),
            user_agent: String::new(),
        };
        ToPanel::Attached { info, reset: true }
    }

    fn records(lines: &[&str]) -> ToPanel {
        let records = (1..).zip(lines).map(|(id, line)| Record {
            id,
            line: (*line).to_owned(),
        });
        ToPanel::Records {
            records: records.collect(),
        }
    }

    const START: &str = r#"{"kind":"conversation","conversation":1,"at":1000,"hostOrigin":"https://app.hubspot.com","widgetOrigin":"https://w.example"}"#;
    const SYNC: &str = r#"{"kind":"frame","seq":2,"at":1000,"conversation":1,"from":"host","origin":"https://app.hubspot.com","message":{"type":"SYNC","messageId":"1_1","hostUrl":"https://app.hubspot.com"}}"#;

    #[test]
    fn pages_follow_each_other() {
        let mut take = Take::default();
        assert!(!take.has_begun());
        take.hear(attached("one")).unwrap();
        take.hear(records(&[START, SYNC])).unwrap();
        take.hear(attached("two")).unwrap();
        let later = |line: &str| line.replace("\"at\":1000", "\"at\":2000");
        take.hear(records(&[&later(START), &later(SYNC)])).unwrap();
        let lines: Vec<String> = take.session().to_lines().collect();
        let shown: Vec<&str> = lines
            .iter()
            .map(|line| line.get(..74).unwrap_or(line))
            .collect();
        expect![[r#"
            {"kind":"conversation","conversation":1,"at":1000.0,"hostOrigin":"https://
            {"kind":"frame","seq":1,"at":1000.0,"conversation":1,"from":"host","origin
            {"kind":"closed","conversation":1,"at":1000.0,"side":"host"}
            {"kind":"conversation","conversation":2,"at":2000.0,"continues":1,"hostOri
            {"kind":"frame","seq":2,"at":2000.0,"conversation":2,"from":"host","origin"#]]
        .assert_eq(&shown.join("\n"));
        assert_eq!(
            take.subscribe(),
            FromPanel::Subscribe {
                since: Some((DocumentId("two".to_owned()), 2))
            }
        );
    }

    #[test]
    fn nobody_is_ready_before_the_handshake() {
        let mut take = Take::default();
        take.hear(attached("one")).unwrap();
        take.hear(records(&[START, SYNC])).unwrap();
        assert_eq!(take.ready(), None);
        let ack = r#"{"kind":"frame","seq":3,"at":1010,"conversation":1,"from":"widget","origin":"https://w.example","message":{"type":"SYNC_ACK","messageId":"1_1","version":"0.9.7","iFrameUrl":"https://w.example"}}"#;
        let initialized = r#"{"kind":"frame","seq":4,"at":1020,"conversation":1,"from":"widget","origin":"https://w.example","message":{"type":"INITIALIZED","messageId":"2_1","data":{"isLoggedIn":true}}}"#;
        take.hear(records(&[START, SYNC, ack, initialized]))
            .unwrap();
        assert_eq!(
            take.ready().map(|(it, number)| (it.id.0, number)),
            Some((1, 1))
        );
    }
}
