//! Selecting several rows with mouse and keys, shortcuts with exact modifiers, and hidden messages.

use callscope_session_view::words::UtcOffset;
use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::Panel;
use crate::action::{Action, View};
use crate::app::testing::whole_panel;
use crate::event::Effect;
use crate::model::Model;

fn drawn<'a>() -> Harness<'a, Panel> {
    let mut panel = Panel::new(Model::new(None, UtcOffset::UTC, true));
    let log =
        include_str!("../../../../fixtures/mistakes/M14-completed-before-ended.callscope.jsonl");
    let name = "M14".to_owned();
    let text = log.to_owned();
    panel.perform(Action::ImportText { name, text });
    let mut harness = whole_panel(panel, vec2(1280.0, 900.0));
    harness.run_steps(3);
    harness.state_mut().take_effects();
    harness
}

/// The places of the selected rows among the visible ones.
fn selected(harness: &Harness<'_, Panel>) -> Vec<usize> {
    let rows = harness.query_all_by_role(egui::Role::ListItem);
    let mut rows: Vec<(f32, bool)> = rows
        .map(|row| {
            let is_selected =
                row.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True);
            (row.rect().top(), is_selected)
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let places = rows.iter().enumerate();
    places
        .filter(|(_, (_, it))| *it)
        .map(|(at, _)| at)
        .collect()
}

fn click(harness: &mut Harness<'_, Panel>, place: usize, modifiers: Modifiers) {
    let mut rows: Vec<_> = harness.query_all_by_role(egui::Role::ListItem).collect();
    rows.sort_by(|a, b| a.rect().top().total_cmp(&b.rect().top()));
    rows[place].click_modifiers(modifiers);
    harness.run_steps(3);
}

fn press(harness: &mut Harness<'_, Panel>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run_steps(3);
}

#[test]
fn several_rows_are_highlighted_and_counted() {
    let mut harness = drawn();
    click(&mut harness, 2, Modifiers::NONE);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    click(&mut harness, 4, Modifiers::SHIFT);
    assert_eq!(selected(&harness), [2, 3, 4]);
    harness.get_by_label("3 selected");
    click(&mut harness, 3, Modifiers::COMMAND);
    assert_eq!(selected(&harness), [2, 4]);
    press(&mut harness, Modifiers::SHIFT, Key::ArrowDown);
    press(&mut harness, Modifiers::SHIFT, Key::ArrowDown);
    assert_eq!(selected(&harness).len(), 3, "{:?}", selected(&harness));
    press(&mut harness, Modifiers::COMMAND, Key::A);
    let count = harness.query_all_by_role(egui::Role::ListItem).count();
    assert_eq!(selected(&harness).len(), count);
    // Only one of them is current.
    let current = harness.query_all_by_role(egui::Role::ListItem);
    let current = current.filter(|row| row.accesskit_node().data().aria_current().is_some());
    assert_eq!(current.count(), 1);
    harness.get_by_label("export").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Selection (");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert_eq!(selected(&harness).len(), 1);
}

#[test]
fn findings_are_selected_likewise() {
    let mut harness = drawn();
    let view = View::Findings;
    harness.state_mut().perform(Action::ShowView { view });
    harness.run_steps(3);
    press(&mut harness, Modifiers::COMMAND, Key::A);
    assert!(!selected(&harness).is_empty());
    let counts = harness.query_all_by_label_contains(" selected");
    assert!(counts.count() > 0);
    harness.event(egui::Event::Copy);
    harness.run_steps(3);
    let effects = harness.state_mut().take_effects();
    let copied = effects.iter().any(|it| matches!(it, Effect::Copy { .. }));
    assert!(copied, "{effects:?}");
}

/// Ctrl+Shift+F is not Ctrl+F: DevTools, the browser and the system use other modifiers for
/// themselves.
#[test]
fn keys_do_what_they_do_with_exactly_their_modifiers() {
    use crate::commands;

    let model = Model::default();
    let all = commands::groups(&model).into_iter();
    let all = all.flat_map(|group| group.commands);
    let keys: Vec<_> = all.filter_map(|it| it.action.shortcut()).collect();
    assert!(keys.len() > 20);
    let is_known = |modifiers: Modifiers, key: Key| {
        let mut keys = keys.iter();
        keys.any(|it| it.logical_key == key && modifiers.matches_exact(it.modifiers))
    };
    let wrong = [
        Modifiers::SHIFT,
        Modifiers::ALT,
        Modifiers::CTRL | Modifiers::SHIFT,
        Modifiers::CTRL | Modifiers::ALT,
    ];
    let mut harness = drawn();
    click(&mut harness, 2, Modifiers::NONE);
    let shown = |harness: &mut Harness<'_, Panel>| {
        let mut snapshot = harness.state_mut().snapshot(false);
        snapshot.notices.clear();
        let places = selected(harness);
        let focus = harness.ctx.memory(egui::Memory::focused);
        (snapshot, places, focus)
    };
    let mut count = 0;
    for shortcut in &keys {
        let key = shortcut.logical_key;
        for extra in wrong {
            let modifiers = shortcut.modifiers | extra;
            let modifiers = if modifiers.ctrl {
                modifiers | Modifiers::COMMAND
            } else {
                modifiers
            };
            // Some keyboard layouts need Shift for these.
            let is_sign = matches!(key, Key::Questionmark | Key::Plus | Key::Minus);
            if is_known(modifiers, key) || is_sign || modifiers == shortcut.modifiers {
                continue;
            }
            let before = shown(&mut harness);
            harness.key_press_modifiers(modifiers, key);
            harness.step();
            let after = shown(&mut harness);
            assert!(before == after, "{modifiers:?} {key:?} did something");
            let effects = harness.state_mut().take_effects();
            assert!(effects.is_empty(), "{modifiers:?} {key:?}: {effects:?}");
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
    press(&mut harness, Modifiers::COMMAND, Key::F);
    assert_eq!(
        harness.ctx.memory(egui::Memory::focused),
        Some(super::super::filter_id())
    );
}

#[test]
fn a_filter_that_hides_all_says_so_above_the_list() {
    let mut harness = drawn();
    let text = "type:NOTHING_LIKE_THIS".to_owned();
    harness.state_mut().perform(Action::SetFilter { text });
    for (view, what) in [
        (View::Timeline, "message"),
        (View::Ladder, "message"),
        (View::State, "message"),
        (View::Calls, "call"),
        (View::Findings, "finding"),
    ] {
        harness.state_mut().perform(Action::ShowView { view });
        harness.run_steps(3);
        let line = harness.query_by_label_contains("The filter hides ");
        let line = line.unwrap_or_else(|| panic!("{view:?}"));
        let label = line
            .accesskit_node()
            .value()
            .or(line.accesskit_node().label());
        let label = label.unwrap_or_default();
        assert!(label.contains(what), "{view:?}: {label}");
        assert!(line.rect().top() < 130.0, "{view:?}: {:?}", line.rect());
    }
    let view = View::Timeline;
    harness.state_mut().perform(Action::ShowView { view });
    harness.run_steps(3);
    harness
        .query_all_by_label("Clear filter")
        .last()
        .unwrap()
        .click();
    harness.run_steps(3);
    assert!(
        harness
            .query_by_label_contains("The filter hides ")
            .is_none()
    );
    assert_eq!(harness.state_mut().snapshot(false).filter, "");
}
