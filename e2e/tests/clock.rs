//! Seconds that are shown go on by themselves, whatever the pointer did before.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::thread::sleep;
use std::time::Duration;

use callscope_e2e::{Panel, Stage, demo};
use serde_json::json;

/// The time that the bar gives for the call in progress.
fn clock(panel: &Panel) -> String {
    let nodes = panel.nodes().unwrap().into_iter();
    let mut words = nodes.map(|node| node.label);
    let told = words.find(|it| it.starts_with("Started 0"));
    told.expect("a call in progress")
}

/// egui is told to draw again soon after the pointer has rested on a button, for its tooltip, and
/// forgets that when the pointer leaves.
#[test]
fn a_clock_goes_on_after_the_pointer_has_left() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    panel.wait_for_same(pages).unwrap();
    pages
        .widget
        .evaluate::<()>(
            "void demo.phone.sdk.outgoingCall({ externalCallId: 'a', toNumber: '+442079460123',
                callStartTime: Date.now(), createEngagement: true })",
        )
        .unwrap();
    panel.wait_for_row("OUTGOING_CALL_STARTED").unwrap();
    panel.wait_for_words("Started 00:0").unwrap();
    let [x, y, width, height] = panel.rect(&panel.node("Export").unwrap()).unwrap();
    let (x, y) = (x + width / 2.0, y + height / 2.0);
    let move_to = |x: f64, y: f64| {
        let moved = json!({ "type": "mouseMoved", "x": x, "y": y });
        panel
            .target()
            .call("Input.dispatchMouseEvent", &moved)
            .unwrap();
    };
    for rest in [20, 150, 280, 410] {
        move_to(x, y);
        sleep(Duration::from_millis(rest));
        move_to(x + 1.0, y);
        sleep(Duration::from_millis(60));
        move_to(x + 2.0, y + 300.0);
        sleep(Duration::from_millis(1_500));
        let before = clock(panel);
        sleep(Duration::from_millis(2_500));
        assert_ne!(clock(panel), before, "after a rest of {rest} ms");
    }
}
