//! A page unloads, and what it left is handed in.

use callscope_bus::{
    Batch, DocumentId, Goodbye, Hello, Observed, Parked, ParkedConversation, ParkedDocument,
    Record, Source,
};
use expect_test::{Expect, expect};

use super::Listener;
use crate::left_by;

fn name(name: &str) -> DocumentId {
    DocumentId(name.to_owned())
}

fn frame(id: u64, at: u64, from: &str, kind: &str) -> Record {
    let line = format!(
        r#"{{"kind":"frame","seq":{id},"at":{at},"conversation":1,"from":"{from}","origin":"https://{from}","message":{{"type":"{kind}"}}}}"#
    );
    Record { id, line }
}

/// A recorder's records: a conversation with six messages, of widget and host in turns.
fn records() -> Vec<Record> {
    let start = r#"{"kind":"conversation","conversation":1,"at":1000,"hostOrigin":"https://host","widgetOrigin":"https://widget"}"#;
    let start = Record {
        id: 1,
        line: start.to_owned(),
    };
    let messages = (0..6).map(|it| {
        let from = if it % 2 == 0 { "host" } else { "widget" };
        frame(2 + it, 1_000 + 10 * it, from, &format!("R{it}"))
    });
    [start].into_iter().chain(messages).collect()
}

/// What a recorder parks that has three messages of the widget.
fn parked(recorder: &str) -> Parked {
    Parked {
        recorder: name(recorder),
        page: "https://host/".to_owned(),
        began: 900.0,
        at: 1_055.0,
        is_ahead: false,
        records: records(),
        held: vec![(1, 7)],
        omitted: 0,
        omitted_at: 0.0,
        cleared: None,
        pauses: Vec::new(),
        documents: vec![
            ParkedDocument {
                document: name(recorder),
                next: 4,
                lost: 0,
                gone: false,
            },
            ParkedDocument {
                document: name("w"),
                next: 4,
                lost: 0,
                gone: false,
            },
        ],
        conversations: vec![ParkedConversation {
            conversation: 1,
            began: 1_000.0,
            host: Some(name(recorder)),
            slot: Some(1),
            widget: Some(name("w")),
            widget_origin: Some("https://widget".to_owned()),
            closed: false,
            half_missing: false,
        }],
        injected: Vec::new(),
    }
}

fn batch(document: &str, first: u32, kinds: &[&str], lost: u32) -> Batch {
    let items = (first..).zip(kinds).map(|(seq, kind)| Observed {
        at: f64::from(1_040 + seq),
        source: Source::Parent,
        origin: "https://host".to_owned(),
        message: format!(r#"{{"type":"{kind}"}}"#),
        cloned: String::new(),
        truncated: None,
    });
    Batch {
        document: name(document),
        first,
        items: items.collect(),
        lost,
        others: 0,
        more: false,
    }
}

fn goodbye(document: &str, recorder: Option<&str>, batches: Vec<Batch>, next: u32) -> Goodbye {
    let lost = batches.last().map_or(0, |last| last.lost);
    Goodbye {
        recorder: recorder.map(name),
        hello: Hello {
            document: name(document),
            origin: "https://widget".to_owned(),
            path: vec![0],
            at: 950.0,
            from_start: true,
            blank: false,
        },
        at: Some(1_060.0),
        is_ahead: false,
        batches,
        next,
        lost,
    }
}

/// What the widget left: two messages that the recorder has, and two that it does not have.
fn widgets() -> Goodbye {
    let batches = vec![batch("w", 2, &["R2", "R4", "W4", "W5"], 0)];
    goodbye("w", Some("one"), batches, 6)
}

impl Listener {
    fn park(&mut self, parked: Parked) {
        let edits = self.loads.park(parked, &self.session);
        assert!(edits.unreadable.is_empty(), "{:?}", edits.unreadable);
        edits.apply(&mut self.session);
    }

    fn leave(&mut self, goodbye: Goodbye) {
        self.loads
            .leave(goodbye, &self.session)
            .apply(&mut self.session);
    }

    fn settle(&mut self) {
        self.loads.settle(&self.session).apply(&mut self.session);
    }

    /// A summary of the session, without ids.
    fn brief(&self) -> String {
        brief(&self.session)
    }
}

fn brief(session: &callscope_session_log::Session) -> String {
    let mut text = String::new();
    for placed in session.facts() {
        let line = placed.to_line();
        let noise = [
            r#","hostOrigin":"https://host","widgetOrigin":"https://widget""#,
            r#","origin":"https://host""#,
            r#","origin":"https://widget""#,
        ];
        let line = noise
            .iter()
            .fold(line, |line, noise| line.replace(noise, ""));
        text.push_str(&line);
        text.push('\n');
    }
    text
}

const WHOLE: &str = r#"{"kind":"conversation","conversation":1,"at":1000.0}
{"kind":"frame","seq":1,"at":1000.0,"conversation":1,"from":"host","message":{"type":"R0"}}
{"kind":"frame","seq":2,"at":1010.0,"conversation":1,"from":"widget","message":{"type":"R1"}}
{"kind":"frame","seq":3,"at":1020.0,"conversation":1,"from":"host","message":{"type":"R2"}}
{"kind":"frame","seq":4,"at":1030.0,"conversation":1,"from":"widget","message":{"type":"R3"}}
{"kind":"frame","seq":5,"at":1040.0,"conversation":1,"from":"host","message":{"type":"R4"}}
{"kind":"frame","seq":6,"at":1044.0,"conversation":1,"from":"host","message":{"type":"W4"}}
{"kind":"frame","seq":7,"at":1045.0,"conversation":1,"from":"host","message":{"type":"W5"}}
{"kind":"frame","seq":8,"at":1050.0,"conversation":1,"from":"widget","message":{"type":"R5"}}
{"kind":"closed","conversation":1,"at":1055.0,"side":"host"}
"#;

/// Whatever the listener already has, and in whatever order things arrive, the session is the same.
#[test]
fn every_order_gives_the_whole() {
    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Step {
        /// The next page's recorder answers.
        Next,
        Park,
        Leave,
        Settle,
        /// The last records come through the port after all.
        Flush,
        /// Everything is read from the storage once more.
        Read,
    }
    use Step::{Flush, Leave, Next, Park, Read, Settle};

    fn orders(steps: &[Step]) -> Vec<Vec<Step>> {
        if steps.is_empty() {
            return vec![Vec::new()];
        }
        let mut all = Vec::new();
        for (place, step) in steps.iter().enumerate() {
            let mut others = steps.to_vec();
            others.remove(place);
            for mut order in orders(&others) {
                order.insert(0, *step);
                all.push(order);
            }
        }
        all
    }

    for known in 0..=records().len() {
        for order in orders(&[Next, Park, Leave, Settle, Flush, Read]) {
            // Only the current recorder sends through the port, and what is read from the storage
            // is from an earlier one.
            let place = |step| order.iter().position(|it| *it == step);
            if place(Flush) > place(Next) || place(Read) < place(Next) {
                continue;
            }
            let mut it = Listener::default();
            it.attach("one", true);
            let mut told = records();
            told.truncate(known);
            it.hear_records(told);
            for step in &order {
                match step {
                    Next => it.attach("two", true),
                    Park => it.park(parked("one")),
                    Leave => it.leave(widgets()),
                    Settle => it.settle(),
                    Flush => it.hear_records(records().split_off(known)),
                    Read => {
                        it.park(parked("one"));
                        it.leave(widgets());
                    }
                }
            }
            assert_eq!(it.brief(), WHOLE, "{known} known, then {order:?}");
        }
    }
}

#[test]
fn a_page_is_whole_without_a_listener() {
    let (session, unreadable) = left_by(parked("one"), vec![widgets()]);
    assert!(unreadable.is_empty());
    assert_eq!(brief(&session), WHOLE);
    assert!(
        session
            .to_lines()
            .any(|it| it == r#"{"kind":"end","at":1055.0}"#)
    );
}

/// Checks what follows the recorder's messages.
#[track_caller]
fn check(parked: Parked, goodbyes: Vec<Goodbye>, expected: &Expect) {
    let (session, _) = left_by(parked, goodbyes);
    let brief = brief(&session);
    let lines = brief.lines().filter(|line| {
        let is_recorded = (0..6).any(|it| line.contains(&format!("\"R{it}\"")));
        !is_recorded && !line.contains("\"kind\":\"conversation\"")
    });
    let lines: Vec<String> = lines.map(|line| format!("{line}\n")).collect();
    expected.assert_eq(&lines.concat());
}

#[test]
fn what_was_kept_ahead_says_that_more_may_be_missing() {
    let mut ahead = parked("one");
    ahead.is_ahead = true;
    let (session, _) = left_by(ahead.clone(), Vec::new());
    assert_eq!(session.message_count(), 6);
    check(
        ahead.clone(),
        Vec::new(),
        &expect![[r#"
            {"kind":"gap","at":1055.0,"why":"page left"}
            {"kind":"closed","conversation":1,"at":1055.0,"side":"host"}
        "#]],
    );
    // A listener that was there for more knows better.
    let mut listener = Listener::default();
    listener.attach("one", true);
    listener.hear_records(records());
    listener.hear_records(vec![frame(8, 1_070, "host", "R6")]);
    let before = brief(&listener.session);
    listener.park(ahead);
    assert_eq!(brief(&listener.session), before);
}

#[test]
fn a_document_that_left_nothing_is_a_gap() {
    check(
        parked("one"),
        Vec::new(),
        &expect![[r#"
            {"kind":"gap","at":1055.0,"conversation":1,"why":"page left"}
            {"kind":"closed","conversation":1,"at":1055.0,"side":"host"}
        "#]],
    );
    let mut gone = parked("one");
    gone.documents[1].gone = true;
    check(
        gone,
        Vec::new(),
        &expect![[r#"
            {"kind":"closed","conversation":1,"at":1055.0,"side":"host"}
        "#]],
    );
}

#[test]
fn a_document_that_had_nothing_left_is_no_gap() {
    let empty = goodbye("w", Some("one"), vec![batch("w", 4, &[], 0)], 4);
    check(
        parked("one"),
        vec![empty],
        &expect![[r#"
            {"kind":"closed","conversation":1,"at":1055.0,"side":"host"}
        "#]],
    );
}

/// A page on its way into the back/forward cache goes on receiving for a moment when its recorder
/// has already parked.
#[test]
fn what_the_host_heard_in_the_cache_is_placed() {
    let mut late = batch("one", 3, &["R5", "H4"], 0);
    for observed in &mut late.items {
        observed.source = Source::Child { slot: 1, index: 0 };
        observed.origin = "https://widget".to_owned();
    }
    let mut hosts = goodbye("one", Some("one"), vec![late], 5);
    hosts.at = None;
    check(
        parked("one"),
        vec![hosts, widgets()],
        &expect![[r#"
        {"kind":"frame","seq":6,"at":1044.0,"conversation":1,"from":"host","message":{"type":"W4"}}
        {"kind":"frame","seq":7,"at":1044.0,"conversation":1,"from":"widget","message":{"type":"H4"}}
        {"kind":"frame","seq":8,"at":1045.0,"conversation":1,"from":"host","message":{"type":"W5"}}
        {"kind":"closed","conversation":1,"at":1055.0,"side":"host"}
    "#]],
    );
}

#[test]
fn a_hole_says_how_many_are_missing() {
    let batches = vec![batch("w", 6, &["W6"], 0), batch("w", 9, &["W9"], 1)];
    check(
        parked("one"),
        vec![goodbye("w", Some("one"), batches, 13)],
        &expect![[r#"
            {"kind":"gap","at":1046.0,"conversation":1,"lost":2,"why":"page left"}
            {"kind":"frame","seq":6,"at":1046.0,"conversation":1,"from":"host","message":{"type":"W6"}}
            {"kind":"gap","at":1049.0,"conversation":1,"lost":1,"why":"buffer full"}
            {"kind":"gap","at":1049.0,"conversation":1,"lost":1,"why":"page left"}
            {"kind":"gap","at":1049.0,"conversation":1,"lost":3,"why":"page left"}
            {"kind":"frame","seq":7,"at":1049.0,"conversation":1,"from":"host","message":{"type":"W9"}}
            {"kind":"closed","conversation":1,"at":1055.0,"side":"host"}
        "#]],
    );
}

#[test]
fn a_widget_that_nobody_knew_yet_completes_its_conversation() {
    let mut half = parked("one");
    half.conversations[0].widget = None;
    half.documents.pop();
    let batches = || vec![batch("w", 1, &["SYNC"], 0)];
    let unknown = goodbye("w", None, batches(), 2);
    check(
        half.clone(),
        vec![unknown.clone()],
        &expect![[r#"
            {"kind":"frame","seq":6,"at":1041.0,"conversation":1,"from":"host","message":{"type":"SYNC"}}
            {"kind":"closed","conversation":1,"at":1055.0,"side":"host"}
        "#]],
    );
    check(
        half,
        Vec::new(),
        &expect![[r#"
            {"kind":"gap","at":1000.0,"conversation":1,"why":"host half missing"}
            {"kind":"closed","conversation":1,"at":1055.0,"side":"host"}
        "#]],
    );
    // If its conversation is not known either, its messages are only counted.
    let batches = vec![batch("x", 1, &["SYNC", "MINE", "LOGGED_IN"], 0)];
    let mut stranger = goodbye("x", None, batches, 4);
    stranger.hello.origin = "https://other".to_owned();
    check(
        parked("one"),
        vec![stranger],
        &expect![[r#"
            {"kind":"gap","at":1043.0,"lost":2,"why":"page left"}
            {"kind":"gap","at":1055.0,"conversation":1,"why":"page left"}
            {"kind":"closed","conversation":1,"at":1055.0,"side":"host"}
        "#]],
    );
}

#[test]
fn what_passed_while_paused_is_counted_and_what_was_posted_is_marked() {
    let mut it = parked("one");
    it.pauses = vec![(1_044.5, None)];
    it.injected = vec![(name("w"), r#"{"type":"W4"}"#.to_owned())];
    check(
        it,
        vec![widgets()],
        &expect![[r#"
            {"kind":"frame","seq":6,"at":1044.0,"conversation":1,"from":"host","injected":true,"message":{"type":"W4"}}
            {"kind":"gap","at":1045.0,"lost":1,"why":"paused"}
            {"kind":"closed","conversation":1,"at":1055.0,"side":"host"}
        "#]],
    );
}

#[test]
fn what_does_not_fit_and_is_not_known_is_a_gap() {
    let mut it = parked("one");
    it.records.drain(2..5);
    it.omitted = 3;
    it.omitted_at = 1_020.0;
    let mut listener = Listener::default();
    listener.attach("one", true);
    let mut told = records();
    told.truncate(3);
    listener.hear_records(told);
    listener.park(it);
    let text = listener.brief();
    let gaps: Vec<&str> = text.lines().filter(|it| it.contains("\"gap\"")).collect();
    assert_eq!(
        gaps,
        [r#"{"kind":"gap","at":1020.0,"lost":2,"why":"page left"}"#]
    );
}

#[test]
fn what_the_recorder_let_go_goes() {
    let mut it = parked("one");
    it.held = vec![(1, 2), (6, 7)];
    it.records.drain(2..5);
    let mut listener = Listener::default();
    listener.attach("one", true);
    listener.hear_records(records());
    listener.park(it);
    let text = listener.brief();
    let kinds: Vec<bool> = (0..6)
        .map(|it| text.contains(&format!("\"R{it}\"")))
        .collect();
    assert_eq!(kinds, [true, false, false, false, true, true]);
}

#[test]
fn a_page_that_left_nothing_is_a_gap() {
    let mut it = Listener::default();
    it.attach("one", true);
    let mut told = records();
    told.truncate(2);
    it.hear_records(told);
    it.attach("two", true);
    it.settle();
    it.settle();
    it.check(&expect![[r#"
        000000001 {"kind":"conversation","conversation":1,"at":1000.0
        0dfffffff {"kind":"gap","at":1000.0,"conversation":1,"why":"page left"}
        000000002 {"kind":"frame","seq":1,"at":1000.0,"conversation":1
        0fffffffe {"kind":"closed","conversation":1,"at":1000.0,"side":"host"}
    "#]]);
    // It left something after all.
    it.park(parked("one"));
    it.leave(widgets());
    assert_eq!(it.brief(), WHOLE);
}

#[test]
fn what_documents_left_of_a_page_that_left_nothing_is_counted() {
    let mut it = Listener::default();
    it.attach("one", true);
    it.attach("two", true);
    let sync = || {
        goodbye(
            "w",
            Some("one"),
            vec![batch("w", 1, &["SYNC", "MINE"], 0)],
            3,
        )
    };
    it.leave(sync());
    it.settle();
    let one = expect![[r#"
        0c0000000 {"kind":"gap","at":1041.0,"lost":1,"why":"page left"}
    "#]];
    it.check(&one);
    it.leave(sync());
    it.check(&one);
    let batches = vec![batch("v", 1, &["SYNC"], 0)];
    it.leave(goodbye("v", Some("one"), batches, 2));
    it.check(&expect![[r#"
        0c0000000 {"kind":"gap","at":1041.0,"lost":2,"why":"page left"}
    "#]]);
}

#[test]
fn a_page_that_is_back_reports_itself_what_it_had_left() {
    let mut it = Listener::default();
    it.attach("one", true);
    it.hear_records(records());
    it.park(parked("one"));
    it.leave(widgets());
    it.attach("one", false);
    it.hear_records(vec![
        frame(8, 1_044, "host", "W4"),
        frame(9, 1_045, "host", "W5"),
    ]);
    let end = WHOLE.lines().last().unwrap();
    assert_eq!(it.brief(), WHOLE.replace(&format!("{end}\n"), ""));
    // It leaves again.
    let mut again = parked("one");
    again.at = 1_100.0;
    again.held = vec![(1, 9)];
    again
        .records
        .extend([frame(8, 1_044, "host", "W4"), frame(9, 1_045, "host", "W5")]);
    again.documents[1].next = 6;
    it.leave(widgets());
    it.park(again);
    assert_eq!(it.brief(), WHOLE.replace("1055.0", "1100.0"));
}

#[test]
fn a_port_that_lives_on_for_a_moment_changes_nothing() {
    for is_read in [false, true] {
        let mut it = Listener::default();
        it.attach("one", true);
        it.hear_records(records());
        it.park(parked("one"));
        it.leave(widgets());
        it.attach("two", true);
        it.attach("one", true);
        it.hear_records(records());
        it.attach("two", true);
        if is_read {
            it.park(parked("one"));
        } else {
            it.settle();
        }
        assert_eq!(it.brief(), WHOLE);
    }
}

#[test]
fn a_page_of_which_only_the_end_was_seen_is_taken_in() {
    let mut it = Listener::default();
    let mut second = parked("two");
    second.began = 1_500.0;
    let later = |record: &mut Record| record.line = record.line.replace("\"at\":10", "\"at\":20");
    second.records.iter_mut().for_each(later);
    // Nothing earlier is in the session: the listener came later.
    it.park(second.clone());
    it.attach("three", true);
    it.hear(3000);
    it.park(second.clone());
    assert_eq!(it.brief().matches("\"frame\"").count(), 1);

    let mut it = Listener::default();
    it.attach("one", true);
    it.hear(1000);
    it.attach("three", true);
    it.hear(3000);
    it.park(second);
    let starts: Vec<String> = (it.brief().lines())
        .filter(|line| line.contains("\"kind\":\"conversation\""))
        .map(str::to_owned)
        .collect();
    assert_eq!(starts.len(), 3, "{starts:#?}");
    assert_eq!(it.brief().matches("\"frame\"").count(), 8);
    assert!(it.loads.is_current(&name("three")));
}
