//! The filter and the shortcuts, with real keys in a real DevTools window.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::{Key, Modifiers, Poll, wait_for};
use callscope_e2e::{LIMIT, Panel, Stage, demo};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The part of the panel's own snapshot that not every test needs.
fn part<T: DeserializeOwned>(panel: &Panel, name: &str) -> T {
    let script = format!("JSON.parse(callscopePanel.snapshot()).{name}");
    panel.target().evaluate(&script).unwrap()
}

#[track_caller]
fn wait_for_part(panel: &Panel, name: &str, expected: &Value) {
    wait_for(&format!("{name} to be {expected}"), LIMIT, || {
        let seen: Value = part(panel, name);
        Ok(Poll::at(seen == *expected, seen.to_string()))
    })
    .unwrap();
}

#[track_caller]
fn wait_for_other_selection(panel: &Panel, before: Option<u64>) -> Option<u64> {
    wait_for("another message to be selected", LIMIT, || {
        let seen: Option<u64> = part(panel, "selected");
        Ok(if seen == before {
            Poll::NotYet(format!("{seen:?}"))
        } else {
            Poll::Done(seen)
        })
    })
    .unwrap()
}

/// Waits until no widget with this label is left in the panel.
#[track_caller]
fn wait_until_gone(panel: &Panel, label: &str) {
    wait_for(&format!("“{label}” to go"), LIMIT, || {
        let nodes = panel.nodes()?;
        let is_there = nodes.iter().any(|node| node.label == label);
        Ok(Poll::at(!is_there, "it is there"))
    })
    .unwrap();
}

/// Waits until a widget with this role has focus.
#[track_caller]
fn wait_for_focus(panel: &Panel, role: &str) {
    wait_for(&format!("a {role} to have the keyboard"), LIMIT, || {
        let active = panel.active()?;
        let is_so = active.as_ref().is_some_and(|it| it.role == role);
        Ok(Poll::at(is_so, format!("{active:?}")))
    })
    .unwrap();
}

/// Presses the shortcut for the filter, which can be typed into once it is drawn.
fn into_filter(panel: &Panel) {
    panel.target().press(Key::Char('/')).unwrap();
    wait_for_focus(panel, "combobox");
    // egui's field for the browser's typing is updated with the frame.
    let script = "document.activeElement.tagName === 'INPUT'";
    (panel
        .target()
        .wait_until::<bool>("a field to type into", script))
    .unwrap();
}

#[test]
fn the_keyboard_filters_finds_and_commands() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    pages
        .widget
        .evaluate::<()>("void demo.mistake('completed-before-ended')")
        .unwrap();
    panel.wait_for_row("CALL_COMPLETED").unwrap();
    panel.wait_for_same(pages).unwrap();
    let keys = panel.target();
    panel.click("Timeline").unwrap();

    // The filter shows suggestions, Tab accepts one, and ↓ goes to the list.
    into_filter(panel);
    keys.type_text("type:init").unwrap();
    wait_for_part(panel, "filter", &json!("type:init"));
    // Suggestions appear with the next frame.
    panel.nodes().unwrap();
    keys.press(Key::Tab).unwrap();
    wait_for_part(panel, "filter", &json!("type:INITIALIZED"));
    let rows = panel.shown().unwrap().rows;
    assert_eq!(rows.len(), 1, "{rows:#?}");
    keys.press(Key::Down).unwrap();
    let initialized = wait_for_other_selection(panel, None);
    assert_eq!(initialized, rows[0].seq);
    wait_for_focus(panel, "gridcell");

    // An error, with the filter that stays in force.
    into_filter(panel);
    keys.press_with(Key::Char('a'), Modifiers::CTRL).unwrap();
    keys.type_text("typ:X").unwrap();
    panel.wait_for_words("there is no key").unwrap();
    panel
        .wait_for_words("Still filtered by type:INITIALIZED")
        .unwrap();
    keys.press(Key::Escape).unwrap();
    wait_for_part(panel, "filter", &json!(""));
    wait_for_focus(panel, "combobox");
    // The next one leaves the field.
    keys.press(Key::Escape).unwrap();
    wait_for_focus(panel, "gridcell");
    // Enter goes to the list as well; letters are commands there.
    into_filter(panel);
    keys.press(Key::Enter).unwrap();
    wait_for_focus(panel, "gridcell");

    // To the next and previous message with a finding.
    let findings = panel.shown().unwrap().rows;
    let found: Vec<u64> = (findings.iter())
        .filter(|row| !row.findings.is_empty())
        .filter_map(|row| row.seq)
        .collect();
    assert!(!found.is_empty());
    keys.press(Key::Char('n')).unwrap();
    let next = wait_for_other_selection(panel, initialized);
    assert!(found.contains(&next.unwrap()), "{next:?} of {found:?}");
    keys.press(Key::Home).unwrap();
    let first = wait_for_other_selection(panel, next);
    keys.press(Key::Char('p')).unwrap();
    let last = wait_for_other_selection(panel, first);
    assert_eq!(last, found.last().copied(), "of {found:?}");

    // The list of keys, which a second Escape does not reach.
    keys.press_with(Key::Char('?'), Modifiers::SHIFT).unwrap();
    panel.wait_for_words("Go to the filter").unwrap();
    keys.press(Key::Escape).unwrap();
    wait_until_gone(panel, "Go to the filter");
    assert_eq!(part::<Option<u64>>(panel, "selected"), last);

    // The command palette, by letters of a name.
    keys.press_with(Key::Char('k'), Modifiers::CTRL).unwrap();
    panel.node("Command").unwrap();
    keys.type_text("show find").unwrap();
    panel.wait_for_words("Show Findings").unwrap();
    keys.press(Key::Enter).unwrap();
    wait_for_part(panel, "view", &json!("findings"));
    wait_until_gone(panel, "Show Findings");
}

/// Ctrl+F outside the panel's frame, and typing into the field that DevTools shows for it.
#[test]
fn devtools_own_search_selects_messages() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage {
        panel,
        pages,
        devtools,
        ..
    } = &stage;
    panel.wait_for_same(pages).unwrap();
    let front_end = devtools.front_end();
    front_end
        .evaluate::<()>(
            "import('devtools://devtools/bundled/ui/legacy/legacy.js').then(ui =>
                ui.InspectorView.InspectorView.instance().tabbedPane.focusSelectedTabHeader())",
        )
        .unwrap();
    front_end
        .press_with(Key::Char('f'), Modifiers::CTRL)
        .unwrap();
    let focused = "(() => {
        let it = document.activeElement;
        while (it?.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
        return it?.className ?? '';
    })()";
    wait_for("DevTools' field for the search", LIMIT, || {
        let class: String = front_end.evaluate(focused)?;
        Ok(Poll::at(class.contains("search"), class))
    })
    .unwrap();
    front_end.type_text("SYNC_ACK").unwrap();
    front_end.press(Key::Enter).unwrap();
    let seq = |type_name: &str| panel.shown().unwrap().last(type_name).unwrap().seq;
    wait_for_part(panel, "selected", &json!(seq("SYNC_ACK")));
}
