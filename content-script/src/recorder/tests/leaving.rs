//! Unloading the page.

use callscope_bus::{DocumentId, FromPanel, Hello, Parked, Source, TapMessage};

use super::stage::{HOST, PANEL, Stage, brief, child, hello, message};

/// A page whose widget has completed its handshake.
fn met() -> (Stage, usize) {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let widget = stage.load("w", 7, &[0]);
    stage.handshake(widget, &child(1, 0), "1_1");
    (stage, widget)
}

fn lines(parked: &Parked) -> Vec<String> {
    parked.records.iter().map(|it| brief(&it.line)).collect()
}

#[test]
fn what_waits_for_its_order_is_parked_and_sent_to_the_panel() {
    let (mut stage, _) = met();
    stage.hear(HOST, child(1, 0), &message("LOGGED_IN", "21_2"));
    let parked = stage.leave().unwrap();
    let expected = [
        "1 starts",
        "1 host SYNC",
        "1 widget SYNC_ACK",
        "1 widget INITIALIZED",
        "1 widget LOGGED_IN",
    ];
    assert_eq!(lines(&parked), expected);
    assert_eq!(stage.lines(PANEL), expected);
    assert_eq!(parked.page, "https://host.test/now");
    assert_eq!((parked.began, parked.at), (0.0, stage.now));
    assert_eq!((parked.held, parked.omitted), (vec![(1, 5)], 0));

    let documents = parked.documents.iter();
    let next: Vec<_> = documents
        .map(|it| (it.document.0.as_str(), it.next, it.gone))
        .collect();
    assert_eq!(next, [("top", 4, false), ("w", 2, false)]);
    let [conversation] = &parked.conversations[..] else {
        panic!("{:?}", parked.conversations)
    };
    let name = |it: &Option<DocumentId>| it.as_ref().map(|it| it.0.clone());
    assert_eq!(name(&conversation.host).as_deref(), Some("top"));
    assert_eq!(name(&conversation.widget).as_deref(), Some("w"));
    assert_eq!((conversation.slot, conversation.closed), (Some(1), false));
}

#[test]
fn a_page_without_a_conversation_parks_nothing() {
    assert_eq!(Stage::new().leave(), None);
}

#[test]
fn what_comes_after_the_page_left_is_not_taken() {
    let (mut stage, widget) = met();
    let parked = stage.leave().unwrap();
    stage.hear(widget, Source::Parent, &message("DIAL_NUMBER", "1_2"));
    let goodbye = stage.goodbye(widget);
    assert_eq!(goodbye.recorder, Some(DocumentId("top".to_owned())));
    let batch = TapMessage::Batch(goodbye.batches[0].clone());
    assert!(!stage.deliver(widget, batch).known);
    assert!(!stage.deliver(widget, TapMessage::Goodbye(goodbye)).known);
    stage.recorder.tick(stage.now + 500.0, &mut stage.page);
    assert_eq!(stage.lines(PANEL), lines(&parked));

    // The page is back from the back/forward cache.
    stage.recorder.come_back();
    let goodbye = stage.goodbye(widget);
    assert!(stage.deliver(widget, TapMessage::Goodbye(goodbye)).known);
    let parked = stage.leave().unwrap();
    assert_eq!(
        lines(&parked)[4..],
        ["1 host DIAL_NUMBER", "1 closed by widget"]
    );
    assert!(parked.conversations[0].closed && parked.documents[1].gone);
}

#[test]
fn a_document_in_the_cache_is_not_gone() {
    let (mut stage, widget) = met();
    stage.hear(widget, Source::Parent, &message("DIAL_NUMBER", "1_2"));
    let mut goodbye = stage.goodbye(widget);
    goodbye.at = None;
    assert!(stage.deliver(widget, TapMessage::Goodbye(goodbye)).known);
    let parked = stage.leave().unwrap();
    assert_eq!(lines(&parked)[4..], ["1 host DIAL_NUMBER"]);
    assert!(!parked.documents[1].gone);
}

/// Until the page is frozen, its top document may hear more; the worker sends what that leaves to
/// the top frame, as it does with every goodbye.
#[test]
fn what_the_top_document_hears_in_the_cache_waits_for_its_return() {
    let (mut stage, _) = met();
    let parked = stage.leave().unwrap();
    stage.hear(HOST, child(1, 0), &message("LOGGED_IN", "21_2"));
    let mut goodbye = stage.goodbye(HOST);
    goodbye.at = None;
    let goodbye = TapMessage::Goodbye(goodbye);

    let chrome = Some("chrome-top".to_owned());
    let ack = stage.recorder.on_tap_message(chrome, 0, goodbye, stage.now);
    assert!(!ack.known);
    assert_eq!(stage.lines(PANEL), lines(&parked));

    stage.recorder.come_back();
    stage.wait(500.0);
    let mut expected = lines(&parked);
    expected.push("1 widget LOGGED_IN".to_owned());
    assert_eq!(stage.lines(PANEL), expected);
}

#[test]
fn a_goodbye_introduces_its_document() {
    let mut stage = Stage::new();
    let widget = stage.load("w", 7, &[0]);
    stage.hear(widget, Source::Parent, &message("SYNC", "1_1"));
    let goodbye = stage.goodbye(widget);
    assert_eq!(goodbye.recorder, None);
    assert!(stage.deliver(widget, TapMessage::Goodbye(goodbye)).known);
    let parked = stage.leave().unwrap();
    assert_eq!(
        lines(&parked),
        ["1 starts", "1 host SYNC", "1 closed by widget"]
    );
}

#[test]
fn documents_of_an_earlier_page_are_strangers() {
    let (stage, widget) = met();
    let top = hello("next", "https://host.test", &[], stage.now);
    let mut next = super::stage::recorder(top);
    let older = stage.goodbye(widget);
    let mut unanswered = older.clone();
    unanswered.recorder = None;
    let old_hello = older.hello.clone();
    let younger = Hello {
        at: stage.now + 10.0,
        ..old_hello.clone()
    };
    for (message, known) in [
        (TapMessage::Goodbye(older), false),
        (TapMessage::Goodbye(unanswered), false),
        (TapMessage::Hello(old_hello), false),
        (TapMessage::Hello(younger), true),
    ] {
        let ack = next.on_tap_message(None, 7, message, stage.now);
        assert_eq!(ack.known, known);
    }
}

#[test]
fn a_page_that_leaves_while_paused_says_what_passed() {
    let (mut stage, _) = met();
    stage.ask(PANEL, FromPanel::SetRecording { on: false });
    let since = stage.now;
    stage.now += 1.0;
    stage.hear(HOST, child(1, 0), &message("LOGGED_IN", "21_2"));
    let parked = stage.leave().unwrap();
    assert_eq!(lines(&parked)[4..], ["- gap paused 1"]);
    assert_eq!(parked.pauses, [(since, None)]);
}

#[test]
fn what_does_not_fit_is_counted() {
    let (mut stage, _) = met();
    let padding = "x".repeat(900_000);
    for number in 0..4 {
        let message = format!(r#"{{"type":"TEST{number}","data":"{padding}"}}"#);
        stage.hear(HOST, child(1, 0), &message);
        stage.wait(200.0);
    }
    let parked = stage.leave().unwrap();
    assert_eq!(
        lines(&parked),
        [
            "1 starts",
            "1 host SYNC",
            "1 widget SYNC_ACK",
            "1 widget INITIALIZED",
            "1 widget TEST2",
            "1 widget TEST3",
        ]
    );
    assert_eq!((parked.held, parked.omitted), (vec![(1, 8)], 2));
}

#[test]
fn what_is_recorded_is_kept_once_nothing_more_comes_for_a_while() {
    let (mut stage, widget) = met();
    stage.wait(4_000.0);
    stage.hear(widget, Source::Parent, &message("DIAL_NUMBER", "1_2"));
    stage.wait(4_000.0);
    assert!(stage.kept.is_empty());
    stage.wait(2_000.0);
    let kept = stage.kept.pop().unwrap();
    assert!(kept.is_ahead && stage.kept.is_empty());
    assert_eq!(lines(&kept)[4], "1 host DIAL_NUMBER");
    // It is what a page leaves behind, while it goes on.
    stage.wait(60_000.0);
    assert!(stage.kept.is_empty());
    let parked = stage.leave().unwrap();
    assert_eq!(
        (&parked.records, &parked.conversations),
        (&kept.records, &kept.conversations)
    );
    assert!(!parked.is_ahead);
    stage.wait(60_000.0);
    assert!(stage.kept.is_empty());
}

#[test]
fn without_a_pause_it_is_kept_only_if_nobody_wakes_the_worker() {
    let (mut stage, widget) = met();
    let talk = |stage: &mut Stage, tap: usize, from: &Source| {
        for _ in 0..15 {
            stage.hear(tap, from.clone(), &message("LOGGED_IN", "21_2"));
            stage.wait(2_000.0);
        }
        std::mem::take(&mut stage.kept).len()
    };
    assert_eq!(talk(&mut stage, widget, &Source::Parent), 0);
    assert_eq!(talk(&mut stage, HOST, &child(1, 0)), 1);
}

#[test]
fn a_worker_that_does_not_answer_is_not_asked_again() {
    let (mut stage, _) = met();
    let keep = |stage: &mut Stage| {
        stage.hear(HOST, child(1, 0), &message("LOGGED_IN", "21_2"));
        stage.exchange();
        stage.now += 10_000.0;
        stage.recorder.tick(stage.now, &mut stage.page);
        let kept = stage.recorder.keep_ahead(String::new, stage.now);
        kept.is_some()
    };
    assert!(keep(&mut stage));
    assert!(!keep(&mut stage));
    stage.recorder.on_kept();
    assert!(keep(&mut stage));
}

#[test]
fn a_page_without_a_conversation_keeps_nothing() {
    let mut stage = Stage::new();
    stage.hear(HOST, child(1, 0), &message("UNKNOWN", ""));
    stage.wait(60_000.0);
    assert!(stage.kept.is_empty());
    assert_eq!(stage.recorder.deadline(), None);
}
