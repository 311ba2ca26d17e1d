//! DevTools is docked and undocked while the panel is open.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::DevTools;
use callscope_e2e::{Node, Panel, Stage, demo, make_calls};

fn dock(devtools: &DevTools, side: &str) {
    let now: String = devtools
        .front_end()
        .evaluate(&format!(
            "import('devtools://devtools/bundled/ui/legacy/legacy.js').then(ui => {{
                const docks = ui.DockController.DockController.instance();
                docks.setDockSide('{side}');
                return docks.dockSide();
            }})"
        ))
        .unwrap();
    assert_eq!(now, side);
}

#[test]
fn docking_and_undocking_loses_nothing() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage {
        panel,
        devtools,
        pages,
        ..
    } = &stage;
    let mut before = panel.wait_for_same(pages).unwrap();
    for (index, side) in ["right", "bottom", "undocked"].into_iter().enumerate() {
        dock(devtools, side);
        // What is sent at that moment is recorded as well, once.
        if index == 0 {
            make_calls(pages).unwrap();
        }
        pages
            .widget
            .evaluate::<()>("void demo.phone.sdk.userUnavailable()")
            .unwrap();
        let after = panel.wait_for_same(pages).unwrap();
        assert!(after.len() > before.len());
        assert_eq!(after[..before.len()], before[..]);
        before = after;
    }
}

/// The rows drawn, from top to bottom.
fn drawn(panel: &Panel) -> Vec<String> {
    let nodes = panel.nodes().unwrap().into_iter();
    let rows = nodes.filter(|node| node.role == "row" && node.label.contains(" widget USER_"));
    rows.map(|row| row.label).collect()
}

#[test]
fn the_newest_message_stays_in_sight_until_the_user_turns_the_wheel() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage {
        panel,
        devtools,
        pages,
        ..
    } = &stage;
    let sends = |script: &str| pages.widget.evaluate::<()>(script).unwrap();
    let more = |count: usize| {
        let messages = |shown: &callscope_e2e::Shown| shown.rows.len();
        let before = messages(&panel.shown().unwrap());
        let is_so = |shown: &callscope_e2e::Shown| messages(shown) >= before + count;
        panel.wait_until("more messages", is_so).unwrap()
    };
    for side in ["right", "bottom", "undocked"] {
        dock(devtools, side);
        // Messages of one type would fold.
        sends(
            "window.turn = 0; window.sending = setInterval(() => turn++ % 2
                ? demo.phone.sdk.userAvailable() : demo.phone.sdk.userUnavailable(), 40); undefined",
        );
        for _ in 0..5 {
            assert!(more(20).follows, "docked {side}");
        }
        let (width, height): (f64, f64) =
            (panel.target().evaluate("[innerWidth, innerHeight]")).unwrap();
        let over = (width / 4.0, height * 0.7);
        panel.target().scroll(over.0, over.1, -300.0).unwrap();
        panel
            .wait_until("the wheel to stop it", |shown| !shown.follows)
            .unwrap();
        // Once the wheel has stopped and it is drawn how many are new, which covers a row, the rows
        // stay in place.
        let is_chip = |node: &Node| node.label.ends_with(" new, go to the end");
        panel
            .wait_until("the number of new ones", |_| {
                panel.nodes().is_ok_and(|nodes| nodes.iter().any(is_chip))
            })
            .unwrap();
        more(20);
        let rows = drawn(panel);
        assert!(!more(20).follows, "docked {side}");
        assert_eq!(drawn(panel), rows, "docked {side}");
        let nodes = panel.nodes().unwrap();
        let new = nodes.iter().find(|node| is_chip(node)).unwrap();
        panel.click_on(new).unwrap();
        panel
            .wait_until("the list to follow again", |shown| shown.follows)
            .unwrap();
        for _ in 0..3 {
            assert!(more(20).follows, "docked {side}");
        }
        sends("clearInterval(window.sending)");
        panel.wait_for_same(pages).unwrap();
        let last = panel.shown().unwrap().rows.pop().unwrap();
        let millis = format!(".{:03} ", last.at.trunc().rem_euclid(1000.0));
        // New messages are drawn a moment later.
        let is_last = |_: &callscope_e2e::Shown| {
            let seen = drawn(panel).pop();
            seen.is_some_and(|seen| seen.contains(&millis))
        };
        panel
            .wait_until(&format!("{millis} at the end, docked {side}"), is_last)
            .unwrap();
    }
}
