//! The panel when another session is shown.

use std::fmt::Write as _;

use egui::{Key, Modifiers, Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::Panel;
use crate::action::{Action, View};
use crate::app::testing::whole_panel;
use crate::event::Event;
use crate::model::testing::{live, log, source};

/// A session with this many messages.
fn trace(count: usize) -> String {
    let mut trace = String::new();
    for index in 0..count {
        let line = format!(r#"host {{"type":"DIAL_NUMBER","messageId":"17_{index}"}}"#);
        writeln!(trace, "{line}").unwrap();
    }
    trace
}

/// A live session.
fn drawn<'a>() -> Harness<'a, Panel> {
    let panel = Panel::new(live(&trace(80)));
    let mut harness = whole_panel(panel, vec2(900.0, 400.0));
    harness.run_steps(3);
    harness
}

fn open(harness: &mut Harness<'_, Panel>) {
    harness.state_mut().perform(Action::ImportText {
        name: "a.callscope.jsonl".to_owned(),
        text: log(&source(&trace(60))),
    });
    harness.run_steps(4);
}

/// The numbers of the rows in the accessibility tree, from 0.
fn rows(harness: &Harness<'_, Panel>) -> Vec<usize> {
    let rows = harness.query_all_by_role(Role::ListItem);
    let mut rows: Vec<usize> = rows
        .filter_map(|it| it.accesskit_node().data().row_index())
        .collect();
    rows.sort_unstable();
    rows
}

#[test]
fn a_saved_session_is_seen_from_its_beginning_and_the_live_one_at_its_end() {
    let mut harness = drawn();
    let end = |rows: &[usize]| rows.last() == Some(&79);
    assert!(end(&rows(&harness)));
    open(&mut harness);
    assert_eq!(rows(&harness).first(), Some(&0));
    harness.key_press_modifiers(Modifiers::ALT, Key::S);
    harness.run_steps(4);
    assert!(end(&rows(&harness)));
    harness.key_press_modifiers(Modifiers::ALT, Key::S);
    harness.run_steps(4);
    assert_eq!(rows(&harness).first(), Some(&0));
}

#[test]
fn the_ladder_of_a_saved_session_is_seen_from_its_beginning() {
    let mut harness = drawn();
    let view = View::Ladder;
    harness.state_mut().perform(Action::ShowView { view });
    harness.run_steps(4);
    let first = "22:13:20.020 host DIAL_NUMBER";
    assert!(harness.query_by_label(first).is_none());
    open(&mut harness);
    harness.get_by_label(first);
}

/// The pointer rests where it was, over something else.
#[test]
fn what_a_key_brings_under_the_pointer_shows_no_tooltip_until_the_pointer_moves() {
    let mut harness = drawn();
    open(&mut harness);
    let view = View::Calls;
    harness.state_mut().perform(Action::ShowView { view });
    harness.run_steps(3);
    let has_tooltip = |harness: &Harness<'_, Panel>| {
        let layers = harness.ctx.memory(|it| it.areas().visible_layer_ids());
        layers.iter().any(|it| it.order == egui::Order::Tooltip)
    };
    let place = harness
        .get_by_label_contains("call 1, outbound")
        .rect()
        .center();
    harness.hover_at(place);
    harness.run_steps(8);
    assert!(has_tooltip(&harness));
    harness.key_press_modifiers(Modifiers::ALT, Key::S);
    harness.run_steps(8);
    harness.get_by_label_contains("call 1, outbound");
    assert!(!has_tooltip(&harness));
    harness.hover_at(place + vec2(1.0, 0.0));
    harness.run_steps(8);
    assert!(has_tooltip(&harness));
}

/// Where one bar has room, it is the one that must not be overlooked.
#[test]
fn in_a_low_panel_a_saved_session_and_a_file_that_is_opened_are_in_sight() {
    let is_in_sight = |harness: &Harness<'_, Panel>, label: &str| {
        let tabs = harness.get_by_role_and_label(Role::Tab, "Timeline").rect();
        let rect = harness.get_by_label(label).rect();
        rect.bottom() <= tabs.top() + 0.5
    };
    let mut harness = whole_panel(Panel::new(live(&trace(80))), vec2(300.0, 180.0));
    harness.run_steps(4);
    open(&mut harness);
    assert!(is_in_sight(&harness, "Saved session a.callscope.jsonl"));
    harness.state_mut().handle(Event::FileBegins {
        number: 1,
        name: "b.callscope.jsonl".to_owned(),
        bytes: 1_000_000,
    });
    harness.run_steps(4);
    for label in ["Opening b.callscope.jsonl", "Cancel"] {
        assert!(is_in_sight(&harness, label), "{label}");
    }
}
