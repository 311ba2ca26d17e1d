//! Data left by unloaded pages: it completes a preserved log, and can be shown.

use std::collections::BTreeMap;

use callscope_bus::{Goodbye, Parked, bounds};
use callscope_live::Tab;

use super::Model;
use super::files::Imported;

/// The most documents whose last messages are kept for the session that can be shown.
const MOST_GOODBYES: usize = bounds::LEFT_DOCUMENTS;

/// The page that was here before.
#[derive(Debug, Default)]
pub(super) struct LeftPage {
    /// What its recorder held.
    pub(super) parked: Option<Parked>,
    /// The last messages that documents heard: of this page, or of one whose recorder has parked
    /// nothing yet.
    goodbyes: Vec<Goodbye>,
    /// What the recorders of calling windows held while these were open: for a window that is
    /// closed, nothing more will come.
    pub(super) windows: BTreeMap<Tab, Parked>,
}

impl LeftPage {
    fn park(&mut self, parked: &Parked) {
        if self
            .parked
            .as_ref()
            .is_some_and(|known| known.at > parked.at)
        {
            return;
        }
        let is_earlier = |goodbye: &Goodbye| match &goodbye.recorder {
            Some(recorder) => *recorder != parked.recorder,
            None => goodbye.hello.at < parked.began,
        };
        self.goodbyes.retain(|goodbye| !is_earlier(goodbye));
        self.parked = Some(parked.clone());
    }

    fn leave(&mut self, goodbye: &Goodbye) {
        (self.goodbyes).retain(|it| it.hello.document != goodbye.hello.document);
        if self.goodbyes.len() < MOST_GOODBYES {
            self.goodbyes.push(goodbye.clone());
        }
    }
}

impl Model {
    pub(super) fn take_left(
        &mut self,
        parked: Option<Parked>,
        goodbyes: Vec<Goodbye>,
        is_new: bool,
    ) {
        let is_there =
            |it: &Parked| self.connection.is_attached() && self.loads.listens_to(&it.recorder);
        // Data found for the current page is from before it was last in the back/forward cache.
        if let Some(parked) = parked.filter(|it| !(it.is_ahead && is_there(it))) {
            self.left.park(&parked);
            let is_wanted = if self.loads.knows(&parked.recorder) {
                is_new || !self.loads.listens_to(&parked.recorder)
            } else {
                self.settings.preserve_log
            };
            if is_wanted {
                let edits = self.loads.park(parked, self.live.session());
                self.edit(edits);
            }
        }
        for goodbye in goodbyes {
            self.left.leave(&goodbye);
            let is_of_current =
                (goodbye.recorder.as_ref()).is_some_and(|it| self.loads.listens_to(it));
            if is_new || !is_of_current {
                let edits = self.loads.leave(goodbye, self.live.session());
                self.edit(edits);
            }
        }
    }

    /// The page of a calling window has been unloaded: what it left completes the session. It is
    /// never the page shown as the previous one.
    pub(super) fn take_left_of_window(
        &mut self,
        tab: Tab,
        parked: Option<Parked>,
        goodbyes: Vec<Goodbye>,
    ) {
        if let Some(parked) = parked.filter(|it| self.loads.knows(&it.recorder)) {
            if parked.is_ahead && self.windows.contains(&tab) {
                self.left.windows.insert(tab, parked);
            } else {
                let edits = self.loads.park(parked, self.live.session());
                self.edit(edits);
            }
        }
        for goodbye in goodbyes {
            let edits = self.loads.leave(goodbye, self.live.session());
            self.edit(edits);
        }
    }

    pub(super) fn settle_left(&mut self) {
        let edits = self.loads.settle(self.live.session());
        self.edit(edits);
    }

    /// Shows the session of the previous page.
    pub(super) fn show_left(&mut self) {
        let LeftPage {
            parked, goodbyes, ..
        } = &self.left;
        let Some(parked) = parked.clone() else {
            return;
        };
        match Imported::from_left(parked, goodbyes.clone()) {
            Ok(imported) => self.show_opened(imported),
            Err(error) => {
                self.notices
                    .failed(format!("The previous page's session is damaged: {error}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use callscope_bus::{
        Batch, DocumentId, FromPanel, Hello, Observed, ParkedConversation, ParkedDocument, Record,
        RecorderInfo, Source, ToPanel, encode,
    };

    use super::*;
    use crate::action::Action;
    use crate::event::{Event, WindowEvent};

    const START: &str = r#"{"kind":"conversation","conversation":1,"at":1000,"hostOrigin":"https://app.hubspot.com","widgetOrigin":"https://w.example"}"#;

    fn records() -> Vec<Record> {
        let frame = |id: u32, from: &str, kind: &str| {
            let at = 1_000 + 10 * id;
            format!(
                r#"{{"kind":"frame","seq":{id},"at":{at},"conversation":1,"from":"{from}","origin":"https://{from}.example","message":{{"type":"{kind}"}}}}"#
            )
        };
        let lines = [
            START.to_owned(),
            frame(2, "host", "SYNC"),
            frame(3, "widget", "SYNC_ACK"),
            frame(4, "widget", "CALL_COMPLETED"),
        ];
        let records = (1..).zip(lines).map(|(id, line)| Record { id, line });
        records.collect()
    }

    fn one() -> DocumentId {
        DocumentId("one".to_owned())
    }

    fn parked() -> Parked {
        Parked {
            recorder: one(),
            page: "https://app.hubspot.com/contacts".to_owned(),
            began: 900.0,
            at: 1_060.0,
            is_ahead: false,
            records: records(),
            held: vec![(1, 4)],
            omitted: 0,
            omitted_at: 0.0,
            cleared: None,
            pauses: Vec::new(),
            documents: vec![ParkedDocument {
                document: DocumentId("w".to_owned()),
                next: 2,
                lost: 0,
                gone: false,
            }],
            conversations: vec![ParkedConversation {
                conversation: 1,
                began: 1_000.0,
                host: Some(one()),
                slot: Some(1),
                widget: Some(DocumentId("w".to_owned())),
                widget_origin: Some("https://w.example".to_owned()),
                closed: false,
                half_missing: false,
            }],
            injected: Vec::new(),
        }
    }

    fn goodbye() -> Goodbye {
        let document = DocumentId("w".to_owned());
        let observed = Observed {
            at: 1_050.0,
            source: Source::Parent,
            origin: "https://app.hubspot.com".to_owned(),
            message: r#"{"type":"UPDATE_ENGAGEMENT_SUCCEEDED"}"#.to_owned(),
            cloned: String::new(),
            truncated: None,
        };
        let batch = Batch {
            document: document.clone(),
            first: 2,
            items: vec![observed],
            lost: 0,
            others: 0,
            more: false,
        };
        Goodbye {
            recorder: Some(one()),
            hello: Hello {
                document,
                origin: "https://w.example".to_owned(),
                path: vec![0],
                at: 950.0,
                from_start: true,
                blank: false,
            },
            at: Some(1_061.0),
            is_ahead: false,
            batches: vec![batch],
            next: 3,
            lost: 0,
        }
    }

    fn attach(model: &mut Model, recorder: &str) {
        let info = RecorderInfo {
            recorder: DocumentId(recorder.to_owned()),
            page: "https://app.hubspot.com/contacts".to_owned(),
            user_agent: String::new(),
            was_discarded: false,
            from_start: true,
        };
        let (reset, cleared) = (true, None);
        let attached = ToPanel::Attached {
            info,
            reset,
            cleared,
        };
        model.handle(Event::Received(encode(&attached)));
    }

    fn hear(model: &mut Model, records: Vec<Record>) {
        let records = ToPanel::Records { records };
        model.handle(Event::Received(encode(&records)));
    }

    fn leave(model: &mut Model, parked: Option<Parked>, goodbyes: Vec<Goodbye>, is_new: bool) {
        model.handle(Event::Left {
            parked: parked.map(Box::new),
            goodbyes,
            is_new,
        });
    }

    fn kinds(model: &Model) -> Vec<String> {
        let facts = model.shown().session().facts().iter();
        let kinds = facts.map(|placed| {
            if let Some(recorded) = placed.message() {
                let message = callscope_protocol::Message::decode(&recorded.message);
                message.type_name().unwrap_or_default().to_owned()
            } else {
                let line = placed.to_line();
                line.split('"').nth(3).unwrap_or_default().to_owned()
            }
        });
        kinds.collect()
    }

    const WHOLE: [&str; 6] = [
        "conversation",
        "SYNC",
        "SYNC_ACK",
        "CALL_COMPLETED",
        "UPDATE_ENGAGEMENT_SUCCEEDED",
        "closed",
    ];

    /// A panel that has heard all but the last message of a page, which was then replaced.
    fn moved_on(preserve_log: bool) -> Model {
        let mut model = Model::default();
        model.settings.preserve_log = preserve_log;
        attach(&mut model, "one");
        let mut told = records();
        told.pop();
        hear(&mut model, told);
        model.handle(Event::PortClosed);
        attach(&mut model, "two");
        model
    }

    #[test]
    fn a_preserved_log_is_completed_whenever_it_comes() {
        for is_new in [false, true] {
            let mut model = moved_on(true);
            assert_eq!(kinds(&model).len(), 4);
            leave(&mut model, Some(parked()), Vec::new(), is_new);
            leave(&mut model, None, vec![goodbye()], is_new);
            assert_eq!(kinds(&model), WHOLE);
            model.handle(Event::LeftAll);
            assert_eq!(kinds(&model), WHOLE);
        }
    }

    #[test]
    fn what_does_not_come_is_a_gap_until_it_does() {
        let mut model = moved_on(true);
        model.handle(Event::LeftAll);
        assert_eq!(kinds(&model)[2..], ["gap", "SYNC_ACK", "closed"]);
        leave(&mut model, Some(parked()), Vec::new(), true);
        assert_eq!(kinds(&model)[3..], ["CALL_COMPLETED", "closed"]);
        model.handle(Event::LeftAll);
        assert_eq!(kinds(&model)[3..], ["CALL_COMPLETED", "gap", "closed"]);
        leave(&mut model, None, vec![goodbye()], true);
        assert_eq!(kinds(&model), WHOLE);
    }

    #[test]
    fn the_previous_page_is_shown_with_all_that_it_has_left() {
        let mut model = moved_on(false);
        // The rest may arrive first.
        leave(&mut model, None, vec![goodbye()], true);
        leave(&mut model, Some(parked()), Vec::new(), true);
        assert_eq!(kinds(&model), Vec::<String>::new());
        assert!(model.has_parked());
        model.perform(Action::ShowParked);
        assert_eq!(kinds(&model), [&WHOLE[..], &["end"]].concat());
    }

    #[test]
    fn a_page_that_is_back_is_not_completed_from_what_it_had_left_before() {
        let mut model = Model::default();
        attach(&mut model, "one");
        hear(&mut model, records());
        leave(&mut model, Some(parked()), vec![goodbye()], false);
        assert_eq!(kinds(&model), WHOLE[..4]);
        // Now it leaves.
        leave(&mut model, Some(parked()), vec![goodbye()], true);
        assert_eq!(kinds(&model), WHOLE);
        let effects = model.handle(Event::PortOpened);
        let since = Some((one(), 4));
        let subscribe = crate::event::Effect::Send(FromPanel::Subscribe { since });
        assert_eq!(effects, [subscribe]);
    }
    #[test]
    fn what_a_page_kept_ahead_is_shown_once_it_is_gone() {
        let ahead = Parked {
            is_ahead: true,
            ..parked()
        };
        let mut model = Model::default();
        attach(&mut model, "one");
        leave(&mut model, Some(ahead.clone()), Vec::new(), false);
        assert!(!model.has_parked());
        model.handle(Event::PortClosed);
        attach(&mut model, "two");
        leave(&mut model, Some(ahead), Vec::new(), false);
        model.perform(Action::ShowParked);
        let expected = ["SYNC", "SYNC_ACK", "CALL_COMPLETED", "gap", "closed", "end"];
        assert_eq!(kinds(&model)[1..], expected);
    }
    #[test]
    fn a_calling_window_is_completed_from_what_it_kept_before_it_was_closed() {
        let tab = Tab::calling_window(7);
        let tell = |model: &mut Model, what| drop(model.handle(Event::Window { tab, what }));
        let left = |is_ahead, goodbyes| WindowEvent::Left {
            parked: Some(Box::new(Parked {
                is_ahead,
                ..parked()
            })),
            goodbyes,
        };
        let received = |message: &ToPanel| WindowEvent::Received(encode(message));
        for is_closed_first in [false, true] {
            let mut model = Model::default();
            tell(&mut model, WindowEvent::PortOpened);
            let info = RecorderInfo {
                recorder: one(),
                page: String::new(),
                user_agent: String::new(),
                was_discarded: false,
                from_start: true,
            };
            let attached = ToPanel::Attached {
                info,
                reset: true,
                cleared: None,
            };
            tell(&mut model, received(&attached));
            let mut told = records();
            let last = told.pop().unwrap();
            tell(&mut model, received(&ToPanel::Records { records: told }));
            let kept = left(true, vec![goodbye()]);
            if is_closed_first {
                tell(&mut model, WindowEvent::Closed);
                tell(&mut model, kept);
            } else {
                tell(&mut model, kept);
                // While the window is open, its recorder reports everything.
                assert_eq!(kinds(&model), ["conversation", "SYNC", "SYNC_ACK"]);
                tell(&mut model, WindowEvent::Closed);
            }
            assert_eq!(kinds(&model), WHOLE, "{last:?}");
            model.handle(Event::LeftAll);
            assert!(kinds(&model).contains(&"gap".to_owned()));
            assert!(!model.has_parked());
        }
    }
}
