//! The line between list and details, with a real mouse and real keys in a real DevTools window.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::{Key, Poll, Target, wait_for};
use callscope_e2e::{LIMIT, Node, Panel, Stage, demo};
use serde_json::json;

/// The line's left edge.
fn left(panel: &Panel) -> f64 {
    let line = panel.node("Resize details").unwrap();
    panel.rect(&line).unwrap()[0]
}

#[track_caller]
fn wait_for_left(panel: &Panel, expected: f64) {
    wait_for(&format!("the line to be at {expected}"), LIMIT, || {
        let now = left(panel);
        let is_there = (now - expected).abs() <= 1.0;
        Ok(Poll::at(is_there, now.to_string()))
    })
    .unwrap();
}

fn mouse(page: &Target, kind: &str, [x, y]: [f64; 2], buttons: u32) {
    let button = if kind == "mouseMoved" { "none" } else { "left" };
    let params = json!({
        "type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": 1,
    });
    page.call("Input.dispatchMouseEvent", &params).unwrap();
}

#[test]
fn the_line_is_let_go_although_its_release_never_came_and_keys_move_it() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    panel.wait_for_same(pages).unwrap();
    let row = |node: &Node| node.role == "row" && node.label.contains("SYNC_ACK");
    let row = panel.node_where("a row", row).unwrap();
    panel.click_on(&row).unwrap();

    let page = panel.target();
    let line = panel.node("Resize details").unwrap();
    let [start, y, width, height] = panel.rect(&line).unwrap();
    let at = |moved: f64| [start + width / 2.0 + moved, y + height / 2.0];
    mouse(page, "mouseMoved", at(0.0), 0);
    mouse(page, "mousePressed", at(0.0), 1);
    mouse(page, "mouseMoved", at(-60.0), 1);
    wait_for_left(panel, start - 60.0);
    // The button was released where nobody told this page.
    for moved in [-200.0, -250.0, -300.0] {
        mouse(page, "mouseMoved", at(moved), 0);
        wait_for_left(panel, start - 60.0);
    }

    panel.focus(&line).unwrap();
    wait_for("the line to have the keyboard", LIMIT, || {
        let active = panel.active()?;
        let is_so = active.as_ref().is_some_and(|it| it.label == line.label);
        Ok(Poll::at(is_so, format!("{active:?}")))
    })
    .unwrap();
    page.press(Key::Right).unwrap();
    wait_for_left(panel, start - 40.0);
}
