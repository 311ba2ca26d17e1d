//! What has been recorded: one session of all pages that the tab shows. Pure.

use anyhow::bail;
use callscope_bus::{FromPanel, RecorderStatus, ToPanel};
use callscope_live::PageLoads;
use callscope_protocol::{Conversation, Link, Message, Millis};
use callscope_session_log::{Header, Placed, Session};
use callscope_session_view::header::{self, Place};

use super::port::LeftBehind;

/// A recording in progress.
#[derive(Debug, Default)]
pub(super) struct Take {
    session: Session,
    loads: PageLoads,
    /// The URL of the first page that was recorded.
    page: Option<String>,
    status: Option<RecorderStatus>,
    /// The last facts of unloaded pages that were not searched yet.
    left: Vec<u64>,
    /// Whether the recorder has answered [`REPORT`].
    is_reported: bool,
}

/// The request number of the report at the end; no step uses it.
const REPORT: u32 = u32::MAX;

impl Take {
    pub(super) const fn session(&self) -> &Session {
        &self.session
    }

    /// The recorder's last status.
    pub(super) const fn status(&self) -> Option<&RecorderStatus> {
        self.status.as_ref()
    }

    /// Whether a recorder has answered.
    pub(super) const fn has_begun(&self) -> bool {
        self.page.is_some()
    }

    /// The last fact in the order of arrival.
    pub(super) fn last_id(&self) -> u64 {
        self.loads.last_id()
    }

    /// The first message of this type that came after the fact `id`.
    pub(super) fn heard(&self, type_name: &str, id: u64) -> Option<u64> {
        let later = self.session.facts().iter().filter(|it| it.id > id);
        let found = later.filter(|it| is_of_type(it, type_name));
        found.map(|it| it.id).min()
    }

    /// The first message to send on a port.
    pub(super) fn subscribe(&self) -> FromPanel {
        self.loads.subscribe()
    }

    /// Asks the recorder for everything it has received so far, and for its time.
    pub(super) fn ask_for_report(&mut self) -> FromPanel {
        self.is_reported = false;
        FromPanel::Report { request: REPORT }
    }

    /// Whether that report has come.
    pub(super) const fn is_reported(&self) -> bool {
        self.is_reported
    }

    /// Processes a message from a recorder.
    ///
    /// # Errors
    ///
    /// The message contains something that is not a fact.
    pub(super) fn hear(&mut self, message: ToPanel) -> anyhow::Result<()> {
        match message {
            ToPanel::Attached { info, reset, .. } => {
                let edits = self.loads.attach(&info, reset, &self.session);
                edits.apply(&mut self.session);
                self.page.get_or_insert(info.page);
            }
            ToPanel::Records { records } => {
                let (lines, unreadable) = self.loads.take_in(records, &self.session);
                self.session.insert_all(lines);
                if let Some(error) = unreadable.first() {
                    bail!("the page's recorder sent what cannot be read: {error}");
                }
            }
            ToPanel::Evicted { ids } => self.session.remove(&self.loads.evicted(ids)),
            ToPanel::Status { status } => {
                self.session.advance(Millis(status.now));
                self.status = Some(status);
            }
            ToPanel::Done { request, .. } => self.is_reported |= request == REPORT,
        }
        Ok(())
    }

    /// Adds what an unloaded page left.
    ///
    /// # Errors
    ///
    /// It contains something that is not a fact.
    pub(super) fn take_left(&mut self, left: LeftBehind) -> anyhow::Result<()> {
        let edits = match left {
            LeftBehind::Parked(parked) => self.loads.park(*parked, &self.session),
            LeftBehind::Goodbye(goodbye) => self.loads.leave(goodbye, &self.session),
        };
        if let Some(error) = edits.unreadable.first() {
            bail!("the page's recorder sent what cannot be read: {error}");
        }
        self.left.extend(edits.insert.iter().map(|(id, _)| *id));
        edits.apply(&mut self.session);
        Ok(())
    }

    /// Whether a message of this type is among what unloaded pages left since the last call.
    pub(super) fn has_left(&mut self, type_name: &str) -> bool {
        let left = std::mem::take(&mut self.left);
        let mut placed = left.iter().filter_map(|id| {
            let position = self.session.position(*id)?;
            self.session.facts().get(position)
        });
        placed.any(|placed| is_of_type(placed, type_name))
    }

    /// Whatever unloaded pages have not left by now will not come.
    pub(super) fn settle(&mut self) {
        let edits = self.loads.settle(&self.session);
        edits.apply(&mut self.session);
    }

    /// The log's header.
    pub(super) fn header(&self, browser: Option<String>) -> Header {
        let first = self.session.facts().first();
        let now = self.session.now();
        let now = now.or_else(|| first.map(|placed| placed.fact.at()));
        let place = Place {
            browser,
            page: self.page.clone(),
        };
        header::new(&self.session, place, now)
    }

    /// The conversation to act in, with its recorder's number for it: the newest one of this page
    /// that is ready for a call.
    pub(super) fn ready(&self) -> Option<(&Conversation, u32)> {
        self.session
            .conversations()
            .filter(|it| matches!(it.link, Link::Initialized { .. }))
            .filter_map(|it| Some((it, self.loads.own_number(it.id)?)))
            .max_by_key(|(it, _)| it.id)
    }
}

fn is_of_type(placed: &Placed, type_name: &str) -> bool {
    placed
        .message()
        .is_some_and(|recorded| Message::decode(&recorded.message).type_name() == Some(type_name))
}

#[cfg(test)]
mod tests {
    use callscope_bus::{DocumentId, Parked, Record, RecorderInfo};

    use super::*;

    fn attached(recorder: &str) -> ToPanel {
        let info = RecorderInfo {
            recorder: DocumentId(recorder.to_owned()),
            page: "https://app.hubspot.com/".to_owned(),
            user_agent: String::new(),
            was_discarded: false,
            from_start: true,
        };
        let (reset, cleared) = (true, None);
        ToPanel::Attached {
            info,
            reset,
            cleared,
        }
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

    #[test]
    fn what_a_page_leaves_is_recorded_and_noticed() {
        let mut take = Take::default();
        take.hear(attached("one")).unwrap();
        take.hear(records(&[START])).unwrap();
        let lines = (1..).zip([START, SYNC]);
        let parked = Parked {
            recorder: DocumentId("one".to_owned()),
            page: "https://app.hubspot.com/".to_owned(),
            began: 900.0,
            at: 1_100.0,
            is_ahead: false,
            records: lines
                .map(|(id, line)| Record {
                    id,
                    line: line.to_owned(),
                })
                .collect(),
            held: vec![(1, 2)],
            omitted: 0,
            omitted_at: 0.0,
            cleared: None,
            pauses: Vec::new(),
            documents: Vec::new(),
            conversations: Vec::new(),
            injected: Vec::new(),
        };
        take.hear(attached("two")).unwrap();
        take.take_left(LeftBehind::Parked(Box::new(parked)))
            .unwrap();
        assert_eq!(take.session().message_count(), 1);
        assert!(take.has_left("SYNC"));
        // It has been searched already.
        assert!(!take.has_left("SYNC"));
    }
}
