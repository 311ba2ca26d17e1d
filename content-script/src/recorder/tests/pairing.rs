//! Which window holds which widget, by hints and by proof.

use callscope_bus::{Source, ToPanel};

use super::stage::{HOST, PANEL, Stage, child, message, origin};

#[track_caller]
fn check(stage: &Stage, expected: &[&str]) {
    assert_eq!(stage.lines(PANEL), expected);
}

#[test]
fn both_halves_make_one_conversation_in_order() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let widget = stage.load("w", 7, &[0]);
    stage.handshake(widget, &child(1, 0), "1_1");
    check(
        &stage,
        &[
            "1 starts",
            "1 host SYNC",
            "1 widget SYNC_ACK",
            "1 widget INITIALIZED",
        ],
    );
}

/// The top document takes no part; both hosts are in it and load in the same millisecond.
#[test]
fn two_hosts_below_the_top_are_told_apart() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let hosts = [stage.load("h1", 1, &[0]), stage.load("h2", 2, &[1])];
    let widgets = [stage.load("w1", 3, &[0, 0]), stage.load("w2", 4, &[1, 0])];
    for widget in widgets {
        stage.hear(widget, Source::Parent, &message("SYNC", "1_1"));
    }
    stage.now += 1.0;
    // The second answers first.
    for (host, answer) in [(hosts[1], "2_2"), (hosts[0], "2_1")] {
        stage.hear(host, child(1, 0), &message("SYNC_ACK", "1_1"));
        stage.hear(host, child(1, 0), &message("INITIALIZED", answer));
        stage.now += 1.0;
    }
    stage.wait(1_500.0);
    check(
        &stage,
        &[
            "1 starts",
            "1 host SYNC",
            "2 starts",
            "2 host SYNC",
            "2 widget SYNC_ACK",
            "2 widget INITIALIZED",
            "1 widget SYNC_ACK",
            "1 widget INITIALIZED",
        ],
    );
}

#[test]
fn a_panel_that_comes_late_gets_all() {
    let mut stage = Stage::new();
    let widget = stage.load("w", 7, &[0]);
    stage.handshake(widget, &child(1, 0), "1_1");
    stage.connect(PANEL);
    check(
        &stage,
        &[
            "1 starts",
            "1 host SYNC",
            "1 widget SYNC_ACK",
            "1 widget INITIALIZED",
        ],
    );
}

#[test]
fn frames_that_do_not_speak_the_protocol_make_no_conversation() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let other = stage.load("x", 8, &[0]);
    stage.hear_from(
        HOST,
        child(1, 0),
        "https://other.test",
        &message("PING", "a"),
    );
    stage.hear(other, Source::Parent, &message("PONG", "b"));
    stage.hear(HOST, Source::Own, &message("SYNC", "1_1"));
    stage.wait(2_000.0);
    check(&stage, &[]);
    // There is no conversation, but the message is counted.
    let others = stage
        .page
        .sent
        .iter()
        .rev()
        .find_map(|(_, message)| match message {
            ToPanel::Status { status } => Some(status.others),
            _ => None,
        });
    assert_eq!(others, Some(1));
}

#[test]
fn what_came_before_the_first_word_of_the_protocol_is_kept() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let widget = stage.load("w", 7, &[0]);
    stage.hear(HOST, child(1, 0), &message("MINE", "5_5"));
    stage.wait(300.0);
    check(&stage, &[]);
    stage.handshake(widget, &child(1, 0), "1_1");
    check(
        &stage,
        &[
            "1 starts",
            "1 widget MINE",
            "1 host SYNC",
            "1 widget SYNC_ACK",
            "1 widget INITIALIZED",
        ],
    );
}

/// The host's half can be on record before the widget's tap says hello. A reload of the widget, by
/// which everything may be filed again, changes nothing any more.
#[test]
fn a_conversation_begins_when_its_widgets_page_did() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    stage.wait(400.0);
    stage.hear(HOST, child(1, 0), &message("SYNC_ACK", "1_1"));
    stage.hear(HOST, child(1, 0), &message("INITIALIZED", "2_1"));
    stage.wait(200.0);
    assert_eq!(stage.starts(PANEL), [400.0]);
    let widget = stage.greet_late("w", 7, &[0], 50.0);
    stage.exchange();
    stage.wait(50.0);
    assert_eq!(stage.starts(PANEL), [50.0]);
    let expected = ["1 starts", "1 widget SYNC_ACK", "1 widget INITIALIZED"];
    check(&stage, &expected);
    stage.unload(widget);
    stage.wait(50.0);
    stage.load("w2", 7, &[0]);
    stage.wait(100.0);
    assert_eq!(stage.starts(PANEL), [50.0]);
}

#[test]
fn a_reload_of_the_widget_continues_in_a_new_conversation() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let first = stage.load("w1", 7, &[0]);
    stage.handshake(first, &child(1, 0), "1_1");
    stage.unload(first);
    stage.now += 50.0;
    let second = stage.load("w2", 7, &[0]);
    stage.handshake(second, &child(1, 0), "1_2");
    check(
        &stage,
        &[
            "1 starts",
            "1 host SYNC",
            "1 widget SYNC_ACK",
            "1 widget INITIALIZED",
            "1 closed by widget",
            "2 starts continues 1",
            "2 host SYNC",
            "2 widget SYNC_ACK",
            "2 widget INITIALIZED",
        ],
    );
}

#[test]
fn a_widget_that_vanished_without_a_word_is_closed_by_its_successor() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let first = stage.load("w1", 7, &[0]);
    stage.handshake(first, &child(1, 0), "1_1");
    stage.load("w2", 7, &[0]);
    stage.wait(300.0);
    assert_eq!(stage.lines(PANEL).last().unwrap(), "1 closed by widget");
}

#[test]
fn what_was_on_its_way_during_a_reload_is_the_old_widgets() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let first = stage.load("w1", 7, &[0]);
    stage.handshake(first, &child(1, 0), "1_1");
    stage.unload(first);
    let second = stage.load("w2", 7, &[0]);
    stage.now += 5.0;
    // The instance of the first one's INITIALIZED.
    stage.hear(
        HOST,
        child(1, 0),
        &message("LOGGED_OUT", &format!("2{first}_9")),
    );
    stage.hear(HOST, child(1, 0), &message("LOGGED_IN", "77_9"));
    stage.wait(300.0);
    let lines = stage.lines(PANEL);
    assert!(
        lines.contains(&"1 widget LOGGED_OUT".to_owned()),
        "{lines:?}"
    );
    assert!(
        lines.contains(&"2 widget LOGGED_IN".to_owned()),
        "{lines:?}"
    );
    assert!(second > first);
}

#[test]
fn a_host_that_was_busy_hears_the_old_widget_late() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let first = stage.load("w1", 7, &[0]);
    stage.handshake(first, &child(1, 0), "1_1");
    stage.unload(first);
    // Received long after its sender is gone, and before the next document says hello.
    stage.now += 1_500.0;
    let old = message("LOGGED_OUT", &format!("2{first}_9"));
    stage.hear(HOST, child(1, 0), &old);
    stage.wait(500.0);
    let second = stage.load("w2", 7, &[0]);
    stage.handshake(second, &child(1, 0), "1_2");
    stage.wait(300.0);
    let lines = stage.lines(PANEL);
    assert!(
        lines.contains(&"1 widget LOGGED_OUT".to_owned()),
        "{lines:?}"
    );
    assert!(
        lines.contains(&"2 widget INITIALIZED".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn two_widgets_are_two_conversations() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let first = stage.load("w1", 7, &[0]);
    let second = stage.load("w2", 8, &[1]);
    stage.handshake(second, &child(1, 1), "1_1");
    stage.handshake(first, &child(2, 0), "3_1");
    check(
        &stage,
        &[
            "1 starts",
            "1 host SYNC",
            "1 widget SYNC_ACK",
            "1 widget INITIALIZED",
            "2 starts",
            "2 host SYNC",
            "2 widget SYNC_ACK",
            "2 widget INITIALIZED",
        ],
    );
}

#[test]
fn the_handshake_wins_over_the_place_in_the_page() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    // Two widgets of one origin whose frames have swapped places since they were loaded.
    let first = stage.load("w1", 7, &[0]);
    let second = stage.load("w2", 8, &[1]);
    stage.hear(HOST, child(1, 1), &message("LOGGED_IN", "50_1"));
    stage.wait(300.0);
    check(&stage, &["1 starts", "1 widget LOGGED_IN"]);
    // Going by its place, the sender was taken for the second, but it is the first.
    stage.hear(first, Source::Parent, &message("SYNC", "1_1"));
    stage.now += 1.0;
    stage.hear(HOST, child(1, 1), &message("SYNC_ACK", "1_1"));
    stage.wait(300.0);
    stage.hear(second, Source::Parent, &message("SYNC", "1_2"));
    stage.now += 1.0;
    stage.hear(HOST, child(2, 0), &message("SYNC_ACK", "1_2"));
    stage.wait(300.0);
    check(
        &stage,
        &[
            "1 starts",
            "1 widget LOGGED_IN",
            "1 host SYNC",
            "1 widget SYNC_ACK",
            "2 starts",
            "2 host SYNC",
            "2 widget SYNC_ACK",
        ],
    );
}

#[test]
fn a_proof_that_comes_late_relabels_what_was_recorded() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let first = stage.load("w1", 7, &[0]);
    let second = stage.load("w2", 8, &[1]);
    stage.hear(HOST, child(1, 1), &message("SYNC_ACK", "1_1"));
    stage.hear(HOST, child(2, 0), &message("SYNC_ACK", "1_2"));
    stage.wait(300.0);
    // The reports of the widgets' taps were delayed, and arrive only now.
    stage.now -= 299.0;
    stage.hear(first, Source::Parent, &message("SYNC", "1_1"));
    stage.hear(second, Source::Parent, &message("SYNC", "1_2"));
    stage.now += 299.0;
    stage.wait(300.0);
    let mut lines = stage.lines(PANEL);
    lines.sort();
    assert_eq!(
        lines,
        [
            "1 host SYNC",
            "1 starts",
            "1 widget SYNC_ACK",
            "2 host SYNC",
            "2 starts",
            "2 widget SYNC_ACK",
        ]
    );
}

#[test]
fn a_widget_without_a_tap_is_half_a_conversation() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    stage.hear(HOST, child(1, 0), &message("SYNC_ACK", "1_1"));
    stage.wait(3_000.0);
    check(
        &stage,
        &["1 starts", "1 widget SYNC_ACK", "1 gap host half missing"],
    );
}

#[test]
fn a_tap_that_was_put_in_late_completes_its_conversation() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    stage.hear(HOST, child(1, 0), &message("SYNC_ACK", "1_1"));
    stage.wait(3_000.0);
    let widget = stage.inject_tap("w", 7, &[0]);
    stage.hear(
        widget,
        Source::Parent,
        &message("VISIBILITY_CHANGED", "1_9"),
    );
    stage.wait(300.0);
    stage.hear(HOST, child(1, 0), &message("LOGGED_IN", "2_2"));
    stage.wait(300.0);
    check(
        &stage,
        &[
            "1 starts",
            "1 widget SYNC_ACK",
            "1 gap host half missing",
            "1 gap late start",
            "1 host VISIBILITY_CHANGED",
            "1 widget LOGGED_IN",
        ],
    );
}

#[test]
fn a_tap_that_was_held_up_leaves_nothing_missing() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    stage.now += 10.0;
    stage.hear(HOST, child(1, 0), &message("SYNC_ACK", "1_1"));
    stage.wait(5_000.0);
    let gap = "1 gap host half missing".to_owned();
    assert!(stage.lines(PANEL).contains(&gap));
    // It has listened since its document started, but its reports were not forwarded.
    stage.now -= 5_008.0;
    let widget = stage.load("w", 7, &[0]);
    stage.hear(widget, Source::Parent, &message("SYNC", "1_1"));
    stage.now += 5_008.0;
    stage.wait(300.0);
    // In order of arrival; the session sorts them by time.
    check(&stage, &["1 starts", "1 widget SYNC_ACK", "1 host SYNC"]);
}

#[test]
fn a_frame_that_only_speaks_is_asked_to_say_what_it_hears() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let silent = stage.load("w", 7, &[0]);
    let tap = stage.taps.remove(silent);
    stage.now += 10.0;
    stage.hear(HOST, child(1, 0), &message("LOGGED_IN", "1_1"));
    stage.wait(1_000.0);
    assert_eq!(stage.page.started, [origin("w")]);
    stage.taps.push(tap);
    stage.wait(5_000.0);
    // It heard nothing, so nothing is missing.
    check(&stage, &["1 starts", "1 widget LOGGED_IN"]);
    assert_eq!(stage.page.started.len(), 1);
}

#[test]
fn a_hello_that_is_slow_completes_its_conversation() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    stage.load("w", 7, &[0]);
    let late = stage.taps.pop().unwrap();
    stage.now += 10.0;
    stage.hear(HOST, child(1, 0), &message("SYNC_ACK", "1_1"));
    stage.wait(500.0);
    stage.taps.push(late);
    stage.hear(1, Source::Parent, &message("VISIBILITY_CHANGED", "1_9"));
    stage.wait(2_000.0);
    check(
        &stage,
        &["1 starts", "1 widget SYNC_ACK", "1 host VISIBILITY_CHANGED"],
    );
}

#[test]
fn a_widget_that_goes_to_an_origin_without_a_tap_is_another_conversation() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let first = stage.load("w1", 7, &[0]);
    stage.handshake(first, &child(1, 0), "1_1");
    stage.unload(first);
    stage.now += 100.0;
    stage.hear_from(
        HOST,
        child(1, 0),
        "https://away.test",
        &message("SYNC_ACK", "1_2"),
    );
    stage.wait(4_000.0);
    let lines = stage.lines(PANEL);
    assert_eq!(
        lines[4..],
        [
            "1 closed by widget",
            "2 starts continues 1",
            "2 widget SYNC_ACK",
            "2 gap host half missing",
        ]
    );
}

#[test]
fn a_host_in_a_frame_has_its_own_conversation() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let host = stage.load("h", 5, &[2]);
    let widget = stage.load("w", 7, &[2, 0]);
    stage.hear(widget, Source::Parent, &message("SYNC", "1_1"));
    stage.now += 1.0;
    stage.hear(host, child(1, 0), &message("SYNC_ACK", "1_1"));
    stage.wait(300.0);
    check(&stage, &["1 starts", "1 host SYNC", "1 widget SYNC_ACK"]);
    stage.unload(host);
    stage.wait(300.0);
    assert_eq!(stage.lines(PANEL).last().unwrap(), "1 closed by host");
}

#[test]
fn a_document_that_was_never_announced_is_asked_to_say_hello() {
    let mut stage = Stage::new();
    let widget = stage.load("w", 7, &[0]);
    stage.take(widget).unwrap();
    // The hello was lost, but its answer was not.
    let ack = callscope_bus::Ack {
        through: 0,
        recorder: callscope_bus::DocumentId("top".to_owned()),
        known: true,
        watched: true,
    };
    stage.answer(widget, &ack);
    stage.connect(PANEL);
    stage.handshake(widget, &child(1, 0), "1_1");
    assert_eq!(stage.lines(PANEL).len(), 4);
}

/// The host posts SYNC to any origin, and the widget's page is slow to load.
#[test]
fn what_an_empty_document_hears_is_meant_for_the_one_that_follows() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let blank = stage.load_blank("blank", 7, &[0]);
    for id in ["1_1", "1_2"] {
        stage.hear(blank, Source::Parent, &message("SYNC", id));
        stage.wait(300.0);
    }
    stage.unload(blank);
    stage.wait(300.0);
    let widget = stage.load("w", 7, &[0]);
    stage.handshake(widget, &child(1, 0), "1_3");
    assert_eq!(
        stage.lines(PANEL),
        [
            "1 starts",
            "1 host SYNC",
            "1 host SYNC",
            "1 host SYNC",
            "1 widget SYNC_ACK",
            "1 widget INITIALIZED"
        ]
    );
}

#[test]
fn an_empty_document_that_answers_is_a_widget() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let blank = stage.load_blank("h", 7, &[0]);
    stage.hear(blank, Source::Parent, &message("SYNC", "1_1"));
    stage.now += 1.0;
    let host = "https://host.test";
    stage.hear_from(HOST, child(1, 0), host, &message("SYNC_ACK", "1_1"));
    stage.wait(300.0);
    stage.unload(blank);
    let widget = stage.load("w", 7, &[0]);
    stage.handshake(widget, &child(1, 0), "1_3");
    let lines = stage.lines(PANEL);
    assert!(
        lines.contains(&"2 starts continues 1".to_owned()),
        "{lines:#?}"
    );
}

/// The browser does not say which window sent what arrives after it has gone.
#[test]
fn what_a_frame_said_before_it_left_is_missing_and_said_to_be() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let widget = stage.load("w", 7, &[0]);
    stage.handshake(widget, &child(1, 0), "1_1");
    for id in ["21_2", "21_3"] {
        stage.hear(HOST, Source::Other, &message("LOGGED_IN", id));
    }
    stage.hear(HOST, child(1, 0), &message("LOGGED_OUT", "21_4"));
    stage.wait(3_000.0);
    let lines = stage.lines(PANEL);
    let last = lines.get(4..).unwrap_or_default();
    assert_eq!(last, ["1 gap sender gone 2", "1 widget LOGGED_OUT"]);
    let status = stage.recorder.status(stage.now, &stage.page);
    assert_eq!(status.lost, 2);
}
