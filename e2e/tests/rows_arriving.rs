//! The list while a few hundred messages arrive per second: it stays where the user wants it, and
//! responds to wheel, mouse and keys. Uses the real wheel and keys in a real DevTools window.
//!
//! Speed is measured by a benchmark (`cargo xtask bench panel`); here, the test waits as long as
//! any other.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::time::Duration;

use callscope_browser::{Key, Modifiers, Poll, Target, wait_for};
use callscope_e2e::{LIMIT, Node, Panel, Stage, demo};
use serde::Deserialize;

/// After how many more messages the list is checked.
const SOME: u64 = 300;

/// What the panel reports without its rows.
#[derive(Clone, Debug, Deserialize)]
struct Progress {
    status: Status,
    follows: bool,
    selected: Option<u64>,
}

#[derive(Clone, Debug, Deserialize)]
struct Status {
    messages: u64,
    lost: u64,
    hidden: u64,
}

fn progress(panel: &Panel) -> Progress {
    let script = "JSON.parse(callscopePanel.progress())";
    panel.target().evaluate(script).unwrap()
}

#[track_caller]
fn wait(panel: &Panel, what: &str, is_so: impl Fn(&Progress) -> bool) -> Progress {
    wait_for(what, LIMIT, || {
        let seen = progress(panel);
        Ok(if is_so(&seen) {
            Poll::Done(seen)
        } else {
            Poll::NotYet(format!("{seen:?}"))
        })
    })
    .unwrap()
}

/// Waits until a number of further messages have arrived.
#[track_caller]
fn wait_for_some(panel: &Panel) -> Progress {
    let goal = progress(panel).status.messages + SOME;
    wait(panel, "more messages", |it| it.status.messages >= goal)
}

/// The visible rows, from top to bottom.
fn rows(panel: &Panel) -> Vec<Node> {
    let mut nodes = panel.nodes().unwrap();
    nodes.retain(|node| node.role == "row" && node.label.contains("widget USER_"));
    nodes
}

fn labels(rows: &[Node]) -> Vec<&str> {
    rows.iter().map(|row| row.label.as_str()).collect()
}

/// How many new messages the chip reports.
fn new(panel: &Panel) -> Option<u64> {
    let nodes = panel.nodes().unwrap();
    nodes.iter().find_map(|node| {
        let count = node.label.strip_suffix(" new, go to the end")?;
        count
            .replace([',', '.', '\u{202f}', '\u{a0}'], "")
            .parse()
            .ok()
    })
}

/// Lets the widget post a few hundred messages a second until stopped. The demo's widget alternates
/// between available and unavailable, so that no run of one type folds.
fn begin(widget: &Target) {
    let script = "
        globalThis.arriving = setInterval(() => {
            for (let index = 0; index < 2; index += 1) {
                demo.phone.sdk.userUnavailable();
                demo.phone.sdk.userAvailable();
            }
        }, 12);
        void 0";
    widget.evaluate::<()>(script).unwrap();
}

fn end(widget: &Target) {
    widget
        .evaluate::<()>("clearInterval(globalThis.arriving)")
        .unwrap();
}

#[test]
fn the_list_stays_where_the_user_wants_it() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    panel.wait_for_same(pages).unwrap();
    let page = panel.target();
    let first = progress(panel).status.messages;
    begin(&pages.widget);

    // It follows its end, both when the list first overflows and long after.
    wait(panel, "the first messages", |it| it.status.messages > first);
    for _ in 0..3 {
        let seen = wait_for_some(panel);
        assert!(seen.follows, "{seen:?}");
    }

    // The wheel stops that, and then nothing else moves the list.
    let list = rows(panel);
    let [x, y, ..] = panel.rect(&list[list.len() / 2]).unwrap();
    // On a busy machine, a single turn may be lost; nobody turns it only once then.
    wait_for("the wheel to stop the list", LIMIT, || {
        page.scroll(x + 100.0, y + 5.0, -400.0)?;
        std::thread::sleep(Duration::from_secs(1));
        let now = progress(panel);
        Ok(Poll::at(!now.follows, format!("{now:?}")))
    })
    .unwrap();
    wait_for("the chip", LIMIT, || {
        Ok(new(panel).map_or(Poll::NotYet("none".to_owned()), Poll::Done))
    })
    .unwrap();
    // The last turns have been drawn: on a busy machine, they are handled late and drawn over
    // several frames.
    let mut before = rows(panel);
    wait_for("the list to stand still", LIMIT, || {
        wait_for_some(panel);
        let now = rows(panel);
        let stands = labels(&now) == labels(&before);
        before = now;
        Ok(Poll::at(stands, "it moves".to_owned()))
    })
    .unwrap();
    let came = new(panel).unwrap();
    let seen = wait_for_some(panel);
    assert!(!seen.follows, "{seen:?}");
    assert_eq!(labels(&rows(panel)), labels(&before));
    let later = new(panel).unwrap();
    assert!(later > came, "{later} after {came}");

    // A click selects the row under it; the details take up space, and the row stays visible.
    let row = before[before.len() / 2].clone();
    panel.click_on(&row).unwrap();
    let seen = wait(panel, "the click", |it| it.selected.is_some());
    wait_for_some(panel);
    let there = progress(panel);
    assert_eq!(there.selected, seen.selected);
    let chosen = |rows: &[Node]| {
        let mut chosen = rows.iter().filter(|it| it.on == Some(true));
        chosen.next().map(|it| it.label.clone())
    };
    let list = rows(panel);
    assert_eq!(chosen(&list).as_ref(), Some(&row.label), "{list:#?}");

    // Keys continue from there.
    page.press(Key::Down).unwrap();
    let next = wait(panel, "the key", |it| it.selected != seen.selected);
    page.press(Key::Up).unwrap();
    wait(panel, "the other key", |it| it.selected == seen.selected);
    page.press(Key::Home).unwrap();
    let top = wait(panel, "the first row", |it| {
        it.selected < seen.selected && it.selected.is_some()
    });
    assert!(top.selected < next.selected && !top.follows, "{top:?}");

    // So does the filter.
    page.press(Key::Char('/')).unwrap();
    let field = "document.activeElement.tagName === 'INPUT'";
    page.wait_until::<bool>("a field to type into", field)
        .unwrap();
    page.type_text("type:USER_AVAILABLE").unwrap();
    let is_filtered = |it: &Progress| it.status.hidden > it.status.messages / 3;
    wait(panel, "the filter", is_filtered);
    wait_for_some(panel);
    page.press_with(Key::Char('a'), Modifiers::CTRL).unwrap();
    page.press(Key::Delete).unwrap();
    wait(panel, "no filter", |it| it.status.hidden == 0);
    page.press(Key::Escape).unwrap();

    // Back at the end, it follows again.
    let chip = panel.node_where("the chip", |it| it.label.ends_with(" new, go to the end"));
    panel.click_on(&chip.unwrap()).unwrap();
    wait(panel, "to follow again", |it| it.follows);
    let seen = wait_for_some(panel);
    assert!(seen.follows, "{seen:?}");

    end(&pages.widget);
    let seen = progress(panel);
    assert_eq!(seen.status.lost, 0, "{seen:?}");
}
