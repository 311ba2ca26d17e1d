//! Uses the panel only through what a screen reader gets of it: Chromium's accessibility tree.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::{Key, Modifiers, Poll, wait_for};
use callscope_e2e::{LIMIT, Node, Panel, Shown, Stage, demo};

fn wait_for_keyboard(panel: &Panel, on: &str) {
    wait_for(&format!("the keyboard on {on}"), LIMIT, || {
        let active = panel.active()?;
        let is_there = active.as_ref().is_some_and(|it| it.label.contains(on));
        Ok(Poll::at(is_there, format!("{active:?}")))
    })
    .unwrap();
}

#[test]
fn the_panel_is_operated_without_mouse_and_eyes() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    panel.wait_for_same(pages).unwrap();

    // Tabs.
    let findings = panel.node("Findings").unwrap();
    assert_eq!((findings.role.as_str(), findings.on), ("tab", Some(false)));
    panel.press(&findings).unwrap();
    let is_shown = |node: &Node| node.label == "Findings" && node.on == Some(true);
    panel.node_where("the findings", is_shown).unwrap();
    panel.press(&panel.node("Timeline").unwrap()).unwrap();

    // A row is where it is drawn, and can be selected.
    let row_of = |type_name: &'static str, selected| {
        let is_it = move |node: &Node| {
            node.role == "row" && node.label.contains(type_name) && node.on == Some(selected)
        };
        panel.node_where(type_name, is_it).unwrap()
    };
    panel.press(&row_of("INITIALIZED", false)).unwrap();
    row_of("INITIALIZED", true);
    panel.click_on(&row_of("SYNC_ACK", false)).unwrap();
    row_of("SYNC_ACK", true);
    wait_for_keyboard(panel, "SYNC_ACK");
    // Not the next row, which is a SYNC where the host repeated it before it heard the SYNC_ACK.
    panel.target().press(Key::End).unwrap();
    row_of("INITIALIZED", true);
    wait_for_keyboard(panel, "INITIALIZED");
    // Its cell has focus: Orca takes a focused row for any row that goes out of sight.
    let active = panel.active().unwrap().unwrap();
    assert_eq!(active.role, "gridcell");
    // Assistive technology can give it back.
    panel.focus(&panel.node("Clear").unwrap()).unwrap();
    wait_for_keyboard(panel, "Clear");
    panel.focus(&active).unwrap();
    wait_for_keyboard(panel, "INITIALIZED");

    // A field accepts a whole text, and gets focus when asked to.
    let filter = panel.node("Filter").unwrap();
    assert_eq!(filter.role, "combobox");
    panel.set_text(&filter, "type:INIT").unwrap();
    let holds = |text: &'static str| {
        let is_it = move |node: &Node| node.value.as_deref() == Some(text);
        panel.node_where(text, is_it).unwrap();
    };
    holds("type:INIT");
    panel.focus(&filter).unwrap();
    // A combobox: while the field has focus, the active descendant is the suggestion that Tab
    // accepts.
    wait_for_keyboard(panel, "type:INITIALIZED");
    panel.target().press(Key::End).unwrap();
    panel.target().type_text("IALIZED").unwrap();
    holds("type:INITIALIZED");
    let is_one = |shown: &Shown| shown.types() == ["INITIALIZED"];
    panel.wait_until("one row", is_one).unwrap();

    // A button, whose effect is announced.
    panel.press(&panel.node("Clear").unwrap()).unwrap();
    panel
        .wait_until("an empty list", |shown| shown.rows.is_empty())
        .unwrap();
    panel
        .target()
        .wait_until::<bool>(
            "the announcement",
            "document.getElementById('callscope-polite').textContent.includes('Cleared')",
        )
        .unwrap();
}

/// Nothing else happens afterwards that would draw the panel again.
#[test]
fn a_key_shows_in_the_elements_by_itself() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    panel.wait_for_same(pages).unwrap();
    let keeps = |on| {
        let is_it = move |node: &Node| node.label == "Preserve log" && node.on == Some(on);
        panel.node_where("Preserve log", is_it).unwrap()
    };
    panel.focus(&keeps(false)).unwrap();
    wait_for_keyboard(panel, "Preserve log");
    panel.target().press(Key::Space).unwrap();
    keeps(true);
    panel.focus(&panel.node("Filter").unwrap()).unwrap();
    wait_for_keyboard(panel, "Filter");
    panel.target().type_text("type:SYNC_A").unwrap();
    wait_for_keyboard(panel, "type:SYNC_ACK");
}

/// What lies over the panel has the keyboard while it is there, and the row has it again after
/// that: with real keys.
#[test]
fn an_overlay_takes_the_keyboard_and_gives_it_back() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    panel.wait_for_same(pages).unwrap();
    let is_row = |node: &Node| node.role == "row" && node.label.contains("INITIALIZED");
    let row = panel.node_where("INITIALIZED", is_row).unwrap();
    panel.click_on(&row).unwrap();
    wait_for_keyboard(panel, "INITIALIZED");
    let page = panel.target();
    let type_and = |text: &str, on: &str| {
        panel.node("Command").unwrap();
        page.type_text(text).unwrap();
        wait_for_keyboard(panel, on);
    };
    page.press_with(Key::Char('k'), Modifiers::CTRL).unwrap();
    wait_for_keyboard(panel, "Pause recording");
    type_and("show ladder", "Show Ladder");
    page.press(Key::Escape).unwrap();
    wait_for_keyboard(panel, "INITIALIZED");
    page.press_with(Key::Char('s'), Modifiers::CTRL).unwrap();
    wait_for_keyboard(panel, "Save");
    page.press(Key::Escape).unwrap();
    wait_for_keyboard(panel, "INITIALIZED");
    // A command that moves the keyboard moves it.
    page.press_with(Key::Char('k'), Modifiers::CTRL).unwrap();
    type_and("go to the filter", "Go to the filter");
    page.press(Key::Enter).unwrap();
    wait_for_keyboard(panel, "Filter");
}

/// A screen reader that reads on with its own keys takes the keyboard from the canvas; the next key
/// of the panel brings it back, and is done once.
#[test]
fn keys_work_wherever_the_reader_has_read_to() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    panel.wait_for_same(pages).unwrap();
    let page = panel.target();
    let is_row = |node: &Node| node.role == "row" && node.label.contains(" SYNC,");
    panel
        .click_on(&panel.node_where("SYNC", is_row).unwrap())
        .unwrap();
    wait_for_keyboard(panel, " SYNC,");
    let leave = || {
        page.evaluate::<bool>(
            "document.activeElement.blur(), document.activeElement === document.body",
        )
        .unwrap()
    };
    assert!(leave());
    page.press(Key::End).unwrap();
    wait_for_keyboard(panel, "INITIALIZED");
    assert!(leave());
    page.press_with(Key::Char('k'), Modifiers::CTRL).unwrap();
    panel.node("Command").unwrap();
    wait_for_keyboard(panel, "Pause recording");
    page.press(Key::Escape).unwrap();
    wait_for_keyboard(panel, "INITIALIZED");
}

/// The names of the text fields in the tree.
fn fields(panel: &Panel) -> Vec<String> {
    let nodes = panel.nodes().unwrap().into_iter();
    let fields = nodes.filter(|node| ["textbox", "combobox"].contains(&node.role.as_str()));
    fields.map(|node| node.label).collect()
}

/// Everything in the tree has a name, except containers, and the runner's own text field is in it
/// only while it is typed into.
#[test]
fn everything_has_a_name() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    panel.wait_for_same(pages).unwrap();
    let nodes = panel.nodes().unwrap();
    assert_eq!(fields(panel), ["Filter"]);
    assert!(nodes.iter().any(|node| node.role == "tab"));
    let nameless: Vec<String> = panel
        .target()
        .evaluate(
            "[...document.querySelectorAll('#callscope-widgets [tabindex]')]
                .filter(it => !it.getAttribute('aria-label') && !it.firstChild?.data)
                .map(it => it.outerHTML)",
        )
        .unwrap();
    assert_eq!(nameless, [] as [String; 0]);

    // Nothing is left of a field that was typed into.
    let page = panel.target();
    page.press_with(Key::Char('k'), Modifiers::CTRL).unwrap();
    panel.node("Command").unwrap();
    page.type_text("show compose").unwrap();
    wait_for_keyboard(panel, "Show Compose");
    page.press(Key::Enter).unwrap();
    let phone = panel.node("phoneNumber").unwrap();
    panel.click_on(&phone).unwrap();
    page.type_text("+1").unwrap();
    wait_for_keyboard(panel, "phoneNumber");
    panel.click("Timeline").unwrap();
    callscope_browser::wait_for("the field to go", callscope_e2e::LIMIT, || {
        let fields = fields(panel);
        let is_so = fields == ["Filter"];
        Ok(callscope_browser::Poll::at(is_so, format!("{fields:?}")))
    })
    .unwrap();
}

/// The cost of updating the elements with each frame, for docs/performance.md: run this test with
/// `--nocapture`.
#[test]
fn the_elements_follow_every_frame() {
    #[derive(serde::Deserialize)]
    struct Cost {
        frames: u32,
        millis: f64,
    }
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let panel = &stage.panel;
    let log = include_str!("../../fixtures/well-behaved/widget-0.9.3.callscope.jsonl");
    panel
        .perform(&serde_json::json!({ "do": "import-text", "name": "long", "text": log }))
        .unwrap();
    panel
        .wait_until("the session", |shown| shown.imported.is_some())
        .unwrap();
    let cost = || {
        let script = "JSON.parse(callscopePanel.mirrorCost())";
        panel.target().evaluate::<Cost>(script).unwrap()
    };
    panel.click("Timeline").unwrap();
    let row = panel.node_where("a row", |it| it.role == "row").unwrap();
    panel.click_on(&row).unwrap();
    for (what, key) in [("a key in the list", Key::Down), ("the other way", Key::Up)] {
        let before = cost();
        for _ in 0..40 {
            panel.target().press(key).unwrap();
            panel.active().unwrap();
        }
        let after = cost();
        let frames = after.frames - before.frames;
        assert!(frames >= 30, "{what}: {frames} frames");
        let each = (after.millis - before.millis) / f64::from(frames);
        println!("{what}: {each:.2} ms a frame in {frames} frames");
    }
}
