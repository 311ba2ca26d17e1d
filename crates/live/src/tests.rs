//! Page loads as the session shows them.

mod leaving;

use expect_test::{Expect, expect};

use super::*;

const START: &str = r#"{"kind":"conversation","conversation":1,"at":1000,"hostOrigin":"https://app.hubspot.com","widgetOrigin":"https://w.example"}"#;
const SYNC: &str = r#"{"kind":"frame","seq":2,"at":1000,"conversation":1,"from":"host","origin":"https://app.hubspot.com","message":{"type":"SYNC"}}"#;

/// A tab, and the session of its listener.
#[derive(Default)]
struct Listener {
    loads: PageLoads,
    session: Session,
}

impl Listener {
    fn attach(&mut self, recorder: &str, reset: bool) {
        let info = RecorderInfo {
            recorder: DocumentId(recorder.to_owned()),
            page: "https://app.hubspot.com/".to_owned(),
            user_agent: String::new(),
            was_discarded: false,
            from_start: true,
        };
        let edits = self.loads.attach(&info, reset, &self.session);
        edits.apply(&mut self.session);
    }

    /// Receives a conversation that began at this time, with one message.
    fn hear(&mut self, at: u32) {
        let records = [(1, START), (2, SYNC)].map(|(id, line)| Record {
            id,
            line: line.replace("\"at\":1000", &format!("\"at\":{at}")),
        });
        self.hear_records(records.into());
    }

    fn hear_records(&mut self, records: Vec<Record>) {
        let (lines, unreadable) = self.loads.take_in(records, &self.session);
        assert!(unreadable.is_empty(), "{unreadable:?}");
        self.session.insert_all(lines);
    }

    #[track_caller]
    fn check(&self, expected: &Expect) {
        let lines = self.session.facts().iter().map(|placed| {
            let line = placed.to_line();
            let line = line.split(",\"hostOrigin\"").next().unwrap_or_default();
            let line = line.split(",\"from\"").next().unwrap_or_default();
            format!("{:09x} {line}\n", placed.id)
        });
        expected.assert_eq(&lines.collect::<String>());
    }

    /// One page began at 1000, and the next one at 2000.
    #[track_caller]
    fn check_two_pages(&self) {
        self.check(&expect![[r#"
            000000001 {"kind":"conversation","conversation":1,"at":1000.0
            000000002 {"kind":"frame","seq":1,"at":1000.0,"conversation":1
            0fffffffe {"kind":"closed","conversation":1,"at":1000.0,"side":"host"}
            100000001 {"kind":"conversation","conversation":2,"at":2000.0,"continues":1
            100000002 {"kind":"frame","seq":2,"at":2000.0,"conversation":2
        "#]]);
    }
}

#[test]
fn pages_follow_each_other() {
    let mut it = Listener::default();
    assert_eq!(it.loads.subscribe(), FromPanel::Subscribe { since: None });
    it.attach("one", true);
    it.hear(1000);
    it.attach("two", true);
    it.hear(2000);
    it.check_two_pages();
    let since = Some((DocumentId("two".to_owned()), 2));
    assert_eq!(it.loads.subscribe(), FromPanel::Subscribe { since });
    assert_eq!(it.loads.own_number(ConversationId(2)), Some(1));
    assert_eq!(it.loads.own_number(ConversationId(1)), None);
    assert!(it.loads.is_of_another(ConversationId(1)));
    assert_eq!(it.loads.evicted(vec![2]), [0x1_0000_0002]);
}

#[test]
fn a_page_that_goes_away_may_speak_again_after_the_next_one() {
    let mut it = Listener::default();
    it.attach("one", true);
    it.hear(1000);
    it.attach("two", true);
    // It was asked for what came after another recorder's records, so it sends everything.
    it.attach("one", true);
    it.hear(1000);
    it.attach("two", true);
    it.hear(2000);
    it.check_two_pages();
}

#[test]
fn a_recorder_that_goes_on_does_not_repeat_itself() {
    let mut it = Listener::default();
    it.attach("one", true);
    it.hear(1000);
    it.attach("one", false);
    it.hear_records(vec![Record {
        id: 3,
        line: SYNC.replace("1000", "1100"),
    }]);
    it.check(&expect![[r#"
        000000001 {"kind":"conversation","conversation":1,"at":1000.0
        000000002 {"kind":"frame","seq":1,"at":1000.0,"conversation":1
        000000003 {"kind":"frame","seq":2,"at":1100.0,"conversation":1
    "#]]);
}

#[test]
fn a_recorder_that_filed_everything_anew_is_heard_anew() {
    let mut it = Listener::default();
    it.attach("one", true);
    it.hear(1000);
    it.attach("one", true);
    it.check(&expect![""]);
    it.hear(1500);
    it.check(&expect![[r#"
        000000001 {"kind":"conversation","conversation":1,"at":1500.0
        000000002 {"kind":"frame","seq":1,"at":1500.0,"conversation":1
    "#]]);
}

#[test]
fn what_is_no_record_is_named_and_the_rest_taken() {
    let mut it = Listener::default();
    it.attach("one", true);
    let records = [START, "{", SYNC];
    let records = (1..).zip(records).map(|(id, line)| Record {
        id,
        line: line.to_owned(),
    });
    let (lines, unreadable) = it.loads.take_in(records.collect(), &it.session);
    assert_eq!(lines.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(unreadable.len(), 1);
}

#[test]
fn a_calling_window_is_numbered_beside_its_opener() {
    let window = Tab::calling_window(7);
    let mut it = Listener::default();
    it.loads.listen_to(window);
    assert_eq!(it.loads.subscribe(), FromPanel::Subscribe { since: None });
    it.attach("window", true);
    it.loads.listen_to(Tab::OPENER);
    it.attach("one", true);
    it.hear(1000);
    it.loads.listen_to(window);
    it.hear(1500);
    it.loads.listen_to(Tab::OPENER);
    it.attach("two", true);
    it.hear(2000);
    let number = |it: &Listener, id| it.loads.own_number(ConversationId(id));
    assert_eq!(
        [1, 2, 3].map(|id| number(&it, id)),
        [None, Some(1), Some(1)]
    );
    let tab = |it: &Listener, id| it.loads.tab_of(ConversationId(id));
    assert_eq!(tab(&it, 2), Some(window));

    let closed =
        |it: &Listener| [1, 2, 3].map(|id| it.loads.is_in_closed_window(ConversationId(id)));
    assert_eq!(closed(&it), [false; 3]);
    let ends = it.loads.close(window, &it.session);
    it.session.insert_all(ends);
    assert_eq!(number(&it, 2), None);
    assert_eq!(closed(&it), [false, true, false]);
    // The opener's next page ends the conversations of the page before, and continues its own.
    let marks = it.session.conversations().map(|it| {
        let is_closed = matches!(it.link, Link::Closed { .. });
        (it.id.0, it.in_calling_window, it.continues, is_closed)
    });
    assert_eq!(
        marks.collect::<Vec<_>>(),
        [
            (1, false, None, true),
            (2, true, None, true),
            (3, false, Some(ConversationId(1)), false),
        ]
    );
}
