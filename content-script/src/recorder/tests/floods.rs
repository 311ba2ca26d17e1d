//! A page may send anything, any amount of it: the recorder stays within its limits, and keeps what
//! it has of the widget.

use callscope_bus::{FromPanel, Source};

use super::stage::{HOST, PANEL, Stage, child, message};

/// The history's limit in these tests, in bytes: the smallest that can be set.
const LIMIT: u64 = 64 * 1024;

/// A page with a widget that has completed its handshake, and a small history.
fn stage() -> (Stage, usize) {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    stage.ask(PANEL, FromPanel::SetLimit { bytes: LIMIT });
    let widget = stage.load("w1", 1, &[0]);
    stage.handshake(widget, &child(1, 0), "17_1");
    (stage, widget)
}

/// Everything that the recorder holds, as text: about as long as its size in memory.
fn held(stage: &mut Stage) -> usize {
    // What was sent to the panel belongs to the page.
    stage.page.sent.clear();
    format!("{:?}", stage.recorder).len()
}

/// Floods the page in rounds; returns the recorder's size after half of them and after all.
fn flood(stage: &mut Stage, rounds: u32, mut round: impl FnMut(&mut Stage, u32)) -> [usize; 2] {
    [0..rounds, rounds..2 * rounds].map(|part| {
        for number in part {
            round(stage, number);
            if number % 50 == 0 {
                stage.wait(20.0);
                stage.page.sent.clear();
            }
        }
        stage.wait(1_500.0);
        held(stage)
    })
}

/// Checks that a new panel still receives the widget's handshake.
#[track_caller]
fn check_handshake(stage: &mut Stage) {
    let late = crate::recorder::PanelId(7);
    stage.connect(late);
    stage.wait(100.0);
    let lines = stage.lines(late);
    for line in ["1 starts", "1 host SYNC", "1 widget SYNC_ACK"] {
        assert!(
            lines.iter().any(|it| it == line),
            "{line} is gone: {lines:#?}"
        );
    }
}

/// Checks that twice the flood takes no more space than once, apart from what is on its way.
#[track_caller]
fn check_bounded([once, twice]: [usize; 2], most: usize) {
    assert!(once < most, "{once} bytes");
    assert!(
        twice < once + once / 4 + 20_000,
        "{once} bytes, then {twice}"
    );
}

#[test]
fn distinct_message_ids() {
    let (mut stage, _) = stage();
    let held = flood(&mut stage, 3_000, |stage, number| {
        let id = format!("99_{number}");
        stage.hear(HOST, child(1, 0), &message("SYNC_ACK", &id));
    });
    check_bounded(held, 1_000_000);
    check_handshake(&mut stage);
}

#[test]
fn endless_message_ids() {
    let (mut stage, widget) = stage();
    let held = flood(&mut stage, 200, |stage, number| {
        let id = format!("{number}_{}", "9".repeat(20_000));
        stage.hear(widget, Source::Parent, &message("SYNC", &id));
        stage.hear(HOST, child(1, 0), &message("SYNC_ACK", &id));
    });
    check_bounded(held, 1_000_000);
    check_handshake(&mut stage);
}

/// Frames that send one message and leave, each in a conversation of its own.
#[test]
fn frames_that_speak_and_leave() {
    let (mut stage, _) = stage();
    let held = flood(&mut stage, 900, |stage, number| {
        let (name, slot) = (format!("x{number}"), number + 2);
        let frame = i32::try_from(number).unwrap() + 2;
        let tap = stage.load(&name, frame, &[1]);
        let hello = message("INITIALIZED", &format!("5_{number}"));
        stage.hear_from(HOST, child(slot, 1), "https://other.test", &hello);
        stage.exchange();
        stage.unload(tap);
        stage.taps.truncate(2);
    });
    check_bounded(held, 3_000_000);
    check_handshake(&mut stage);
}

/// Windows without taps, each of a different origin.
#[test]
fn distinct_origins_and_windows() {
    let (mut stage, _) = stage();
    let held = flood(&mut stage, 2_000, |stage, number| {
        let origin = format!("https://{number}.{}.test", "a".repeat(200));
        let text = message("INITIALIZED", &format!("5_{number}"));
        stage.hear_from(HOST, child(number + 2, 1), &origin, &text);
    });
    check_bounded(held, 2_000_000);
    check_handshake(&mut stage);

    // The widget's messages still belong to its conversation.
    stage.hear(HOST, child(1, 0), &message("LOGGED_IN", "5_0"));
    stage.wait(1_500.0);
    stage.page.sent.clear();
    let late = crate::recorder::PanelId(8);
    stage.connect(late);
    stage.wait(100.0);
    let lines = stage.lines(late);
    assert!(
        lines.iter().any(|it| it == "1 widget LOGGED_IN"),
        "{lines:#?}"
    );
}

/// Messages that may be from a calling extension, from windows that never send a distinct one.
#[test]
fn undecided_messages() {
    let (mut stage, _) = stage();
    let long = "x".repeat(200_000);
    let held = flood(&mut stage, 200, |stage, number| {
        let text = format!(r#"{{"type":"MINE","messageId":"5_{number}","data":"{long}"}}"#);
        stage.hear_from(HOST, child(number + 2, 1), "https://other.test", &text);
    });
    check_bounded(held, 6_000_000);
    check_handshake(&mut stage);
}

/// Far more conversations than are counted separately: evicted messages are counted nevertheless.
#[test]
fn what_is_gone_is_counted() {
    let (mut stage, _) = stage();
    let count = 1_000;
    for number in 0..count {
        let text = message("INITIALIZED", &format!("5_{number}"));
        stage.hear_from(HOST, child(number + 2, 1), "https://other.test", &text);
        stage.wait(5.0);
    }
    stage.wait(1_500.0);
    let late = crate::recorder::PanelId(7);
    stage.connect(late);
    stage.wait(100.0);
    let lines = stage.lines(late);
    let kept = lines
        .iter()
        .filter(|it| it.ends_with("widget INITIALIZED"))
        .count();
    let gaps = lines.iter().filter_map(|it| it.split_once(" gap evicted "));
    let gone: u32 = gaps.map(|(_, lost)| lost.parse::<u32>().unwrap()).sum();
    // Those of the strangers, and one of the widget.
    assert_eq!(u32::try_from(kept).unwrap() + gone, count + 1, "{lines:#?}");
}
