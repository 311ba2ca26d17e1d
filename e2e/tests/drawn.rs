//! The drawn views, Ladder and State, with real clicks, keys and wheel, found through the
//! accessibility tree; and whether the tree's elements are where the canvas shows them.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::fs;
use std::path::Path;

use callscope_browser::{Key, Poll, wait_for};
use callscope_e2e::{LIMIT, Node, Panel, Room, Stage, demo};
use serde_json::{Value, json};

/// The DevTools protocol's code for Ctrl.
const CTRL: u32 = 2;

/// A recorded session with a call whose `CALL_COMPLETED` came before its `CALL_ENDED`.
const LOG: &str =
    include_str!("../../fixtures/mistakes/M14-completed-before-ended.callscope.jsonl");

fn open() -> Stage {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let import = json!({ "do": "import-text", "name": "M14.callscope.jsonl", "text": LOG });
    stage.panel.perform(&import).unwrap();
    stage
        .panel
        .wait_until("the session", |shown| shown.imported.is_some())
        .unwrap();
    stage
}

/// A part of the panel's own snapshot, by its JSON pointer.
fn part(panel: &Panel, pointer: &str) -> Value {
    let snapshot: Value = panel
        .target()
        .evaluate("JSON.parse(callscopePanel.snapshot())")
        .unwrap();
    snapshot.pointer(pointer).cloned().unwrap_or_default()
}

#[track_caller]
fn wait_for_part(panel: &Panel, pointer: &str, is_it: impl Fn(&Value) -> bool) -> Value {
    wait_for(&format!("{pointer} to change"), LIMIT, || {
        let seen = part(panel, pointer);
        Ok(if is_it(&seen) {
            Poll::Done(seen)
        } else {
            Poll::NotYet(seen.to_string())
        })
    })
    .unwrap()
}

fn row(panel: &Panel, words: &str) -> Node {
    let is_it = |node: &Node| node.role == "row" && node.label.contains(words);
    panel.node_where(words, is_it).unwrap()
}

fn height(panel: &Panel) -> f64 {
    part(panel, "/ladder/height").as_f64().unwrap()
}

/// Turns the wheel over the middle of a node, with Ctrl or without.
fn turn_wheel(panel: &Panel, node: &Node, down: f64, modifiers: u32) {
    let [x, y, width, height] = panel.rect(node).unwrap();
    let (x, y) = (x + width / 2.0, y + height / 2.0);
    let moved = json!({ "type": "mouseMoved", "x": x, "y": y });
    panel
        .target()
        .call("Input.dispatchMouseEvent", &moved)
        .unwrap();
    let turned = json!({
        "type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": down, "modifiers": modifiers,
    });
    panel
        .target()
        .call("Input.dispatchMouseEvent", &turned)
        .unwrap();
}

/// The text of the file that appears in a folder with a name ending like this.
fn saved(folder: &Path, end: &str) -> String {
    wait_for(&format!("a file *{end}"), LIMIT, || {
        let files = fs::read_dir(folder).into_iter().flatten();
        let files = files.flatten().map(|it| it.path());
        let file = files
            .filter(|it| it.to_string_lossy().ends_with(end))
            .find_map(|it| fs::read_to_string(it).ok());
        // The name is reserved with an empty file.
        Ok(match file.filter(|text| !text.is_empty()) {
            Some(text) => Poll::Done(text),
            None => Poll::NotYet("it is not there".to_owned()),
        })
    })
    .unwrap()
}

#[test]
fn the_ladder_is_zoomed_moved_clicked_through_and_saved() {
    let stage = open();
    let Stage { panel, browser, .. } = &stage;
    panel.click("Ladder").unwrap();
    let ladder = wait_for_part(panel, "/ladder", |it| !it.is_null());
    assert_eq!(ladder["lanes"], json!(["HubSpot", "widget"]));
    assert_eq!(
        (&ladder["bands"], &ladder["toScale"]),
        (&json!(1), &json!(false))
    );

    // Zoomed with a button, a key, and the wheel with Ctrl.
    let first = height(panel);
    panel.click("Zoom in").unwrap();
    wait_for_part(panel, "/ladder/height", |it| it.as_f64() > Some(first));
    panel.click_on(&row(panel, "INITIALIZED")).unwrap();
    panel.target().press(Key::Escape).unwrap();
    turn_wheel(panel, &row(panel, "INITIALIZED"), -120.0, CTRL);
    let large = wait_for_part(panel, "/ladder/height", |it| {
        it.as_f64() > Some(first * 1.5)
    });
    panel.click("Zoom out").unwrap();
    wait_for_part(panel, "/ladder/height", |it| it.as_f64() < large.as_f64());

    // Scrolled with the wheel alone.
    let room = Room::new(&stage.devtools, panel);
    room.give(800, 300, 1.0).unwrap();
    let any = panel
        .node_where("a row", |node| node.role == "row")
        .unwrap();
    turn_wheel(panel, &any, -2000.0, 0);
    let before = panel.rect(&row(panel, "SYNC_ACK")).unwrap();
    turn_wheel(panel, &row(panel, "SYNC_ACK"), 30.0, 0);
    wait_for("the ladder to move", LIMIT, || {
        let after = panel.rect(&row(panel, "SYNC_ACK"))?;
        Ok(Poll::at(after[1] < before[1], format!("{after:?}")))
    })
    .unwrap();
    room.give(1280, 800, 1.0).unwrap();

    // Clicked through to a message, with its finding on the arrow; the arrow keys continue from
    // there.
    panel
        .click_on(&row(panel, "M14 CALL_COMPLETED came before"))
        .unwrap();
    let selected = wait_for_part(panel, "/selected", Value::is_u64)
        .as_u64()
        .unwrap();
    panel
        .wait_for_words("CALL_COMPLETED came before CALL_ENDED")
        .unwrap();
    panel.target().press(Key::Down).unwrap();
    wait_for_part(panel, "/selected", |it| it.as_u64() == Some(selected + 1));

    // Saved in each format.
    let folder = tempfile::tempdir().unwrap();
    browser.save_downloads_to(folder.path()).unwrap();
    for (format, end, begins) in [
        ("SVG ladder", ".svg", "<svg"),
        ("Mermaid ladder", ".mmd", "sequenceDiagram"),
        ("Text ladder", ".txt", "conversation 1"),
    ] {
        panel.click("Save the ladder").unwrap();
        let is_it = |node: &Node| node.label == format;
        let button = panel.node_where(format, is_it).unwrap();
        panel.click_on(&button).unwrap();
        panel.click("Save").unwrap();
        let text = saved(folder.path(), end);
        assert!(text.contains(begins), "{end}: {text}");
        assert!(text.contains("CALL_COMPLETED"), "{end}: {text}");
    }
}

#[test]
fn the_state_follows_clicks_and_arrow_keys() {
    let stage = open();
    let panel = &stage.panel;
    panel.click("State").unwrap();
    wait_for_part(panel, "/state/machines/3/change", |it| it == "completed");
    // A link in the list of transitions.
    let initialized = |node: &Node| node.role == "link" && node.label == "3 INITIALIZED";
    let link = panel
        .node_where("the cause of a transition", initialized)
        .unwrap();
    panel.click_on(&link).unwrap();
    wait_for_part(panel, "/state/machines/0/change", |it| {
        it == "ready → initialized"
    });
    assert_eq!(part(panel, "/state/isLegal"), json!(true));
    panel.wait_for_words("Link: ready, before").unwrap();
    // The next message, with a key; everything follows, including the details.
    panel.target().press(Key::Down).unwrap();
    wait_for_part(panel, "/state/machines/3/change", |it| {
        it == "no call → dial requested"
    });
    panel.wait_for_words("Copy of data.phoneNumber…").unwrap();
    // A label in the graph leads to the last message that caused the transition.
    let is_arrow =
        |node: &Node| node.role == "link" && node.label.starts_with("answered → completed by");
    panel.target().press(Key::Escape).unwrap();
    let nodes = panel.nodes().unwrap();
    assert!(!nodes.iter().any(is_arrow), "it is taken later");
    panel.target().press(Key::Escape).unwrap();
    wait_for_part(panel, "/state/at", Value::is_null);
    // It may be further down.
    let name = "the arrow of CALL_COMPLETED";
    let arrow = panel.node_where(name, is_arrow).unwrap();
    let height: f64 = panel.target().evaluate("innerHeight").unwrap();
    let [_, top, ..] = panel.rect(&arrow).unwrap();
    let down = top - height / 2.0;
    panel
        .target()
        .scroll(100.0, height / 2.0, down.max(0.0))
        .unwrap();
    let arrow = wait_for("the arrow to be in sight", LIMIT, || {
        let arrow = panel.node_where(name, is_arrow)?;
        let [_, top, _, its] = panel.rect(&arrow)?;
        let is_in_sight = top + its < height - 40.0;
        Ok(if is_in_sight {
            Poll::Done(arrow)
        } else {
            Poll::NotYet(top.to_string())
        })
    })
    .unwrap();
    panel.click_on(&arrow).unwrap();
    wait_for_part(panel, "/state/isLegal", |it| *it == json!(false));
    let change = part(panel, "/state/machines/3/change");
    assert_eq!(change, "answered → completed");
}

/// Assistive technology finds things where the canvas shows them.
#[test]
fn elements_lie_where_they_are_painted() {
    let stage = open();
    let panel = &stage.panel;
    panel
        .perform(&json!({ "do": "select-seq", "seq": 4 }))
        .unwrap();
    let room = Room::new(&stage.devtools, panel);
    for (width, height, zoom) in [(300, 640, 1.25), (1280, 800, 1.0)] {
        room.give(width, height, zoom).unwrap();
        for view in room.views().unwrap() {
            room.show(&view).unwrap();
            let place = format!("{view}, {width}×{height} at {zoom}");
            let mut missed = Vec::new();
            let mut count = 0;
            wait_for(&place, LIMIT, || {
                (count, missed) = compare(panel)?;
                Ok(Poll::at(missed.is_empty(), missed.join("\n")))
            })
            .unwrap();
            assert!(count > 12, "{place}: only {count} looked at");
            let twice: Vec<String> = panel
                .target()
                .evaluate(
                    "[...document.querySelectorAll('#callscope-widgets [id]')]
                        .filter(it => document.getElementById(it.id) !== it)
                        .map(it => it.outerHTML)",
                )
                .unwrap();
            assert_eq!(twice, [""; 0], "{place}: left behind");
        }
    }
}

/// How many elements have their text painted, and which of them elsewhere.
fn compare(panel: &Panel) -> Result<(usize, Vec<String>), callscope_browser::BrowserError> {
    type Placed = (String, [f64; 4]);
    // The first answer may be for an earlier frame.
    let (mut painted, mut elements): (Vec<Placed>, Vec<Placed>) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        wait_for("a painted frame", LIMIT, || {
            let seen: (Option<Vec<Placed>>, Vec<Placed>) = panel.target().evaluate(
                "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
                    .then(() => {
                        const painted = JSON.parse(callscopePanel.painted() ?? 'null');
                        // A container has a name that may be painted elsewhere.
                        const all = [...document.querySelectorAll('#callscope-widgets *')]
                            .filter(it => it.children.length === 0);
                        const words = it => it.getAttribute('aria-label') || it.value
                            || (it.firstChild?.nodeType === Node.TEXT_NODE ? it.textContent : '');
                        const elements = all.filter(words).map(it => {
                            const { x, y, width, height } = it.getBoundingClientRect();
                            return [words(it), [x, y, width, height]];
                        }).filter(([, [, y]]) => y < innerHeight);
                        return [painted, elements];
                    })",
            )?;
            elements = seen.1;
            let is_there = seen.0.is_some();
            painted = seen.0.unwrap_or_default();
            Ok(Poll::at(is_there, "nothing is painted"))
        })?;
    }
    let (mut count, mut missed) = (0, Vec::new());
    for (words, [x, y, width, height]) in &elements {
        // An icon may have the same name as another text.
        if elements.iter().filter(|(other, _)| other == words).count() > 1 {
            continue;
        }
        let own: Vec<&Placed> = painted
            .iter()
            .filter(|(text, _)| text.chars().count() > 3 && text == words)
            .collect();
        if own.is_empty() {
            continue;
        }
        count += 1;
        let is_in = |[left, top, wide, high]: &[f64; 4]| {
            let (middle_x, middle_y) = (left + wide / 2.0, top + high / 2.0);
            (x - 1.0..=x + width + 1.0).contains(&middle_x)
                && (y - 1.0..=y + height + 1.0).contains(&middle_y)
        };
        if !own.iter().any(|(_, rect)| is_in(rect)) {
            missed.push(format!(
                "{words:?} at {:?}, painted at {:?}",
                [x, y, width, height],
                own
            ));
        }
    }
    Ok((count, missed))
}
