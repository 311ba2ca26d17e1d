//! The settings sheet, in the whole panel.

use egui::{Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::hostile::{EVIL, hostile_panel};
use crate::Panel;
use crate::action::{Action, Overlay};
use crate::app::testing::whole_panel;
use crate::model::bounds;

fn drawn<'a>(width: f32, height: f32) -> Harness<'a, Panel> {
    let mut panel = hostile_panel(EVIL);
    let text = String::new();
    panel.perform(Action::SetFilter { text });
    panel.perform(Action::SetFilter {
        text: "from:host".to_owned(),
    });
    panel.perform(Action::SaveFilter {
        name: EVIL.to_owned(),
    });
    panel.perform(Action::MuteRule {
        code: "M14".to_owned(),
        always: true,
    });
    let mut harness = whole_panel(panel, vec2(width, height));
    harness.run_steps(3);
    harness
}

fn is_open(harness: &Harness<'_, Panel>) -> bool {
    harness.query_by_label("Reset all settings").is_some()
}

#[test]
fn toolbar_palette_and_key_open_it_at_every_width() {
    for (width, height) in [
        (300.0, 180.0),
        (300.0, 600.0),
        (480.0, 400.0),
        (1280.0, 800.0),
    ] {
        let mut harness = drawn(width, height);
        if harness.query_by_label("Settings").is_none() {
            harness.get_by_label("More").click();
            harness.run_steps(3);
            harness.get_by_label("Settings").scroll_to_me();
            harness.run_steps(3);
        }
        harness.get_by_label("Settings").click();
        harness.run_steps(3);
        assert!(is_open(&harness), "{width} × {height}");
        harness.key_press(Key::Escape);
        harness.run_steps(3);
        assert!(!is_open(&harness));
        harness.key_press(Key::Comma);
        harness.run_steps(3);
        assert!(is_open(&harness));
        let close = harness.query_all_by_label("Close").last().unwrap();
        // Not on what resets everything.
        assert!(close.accesskit_node().is_focused(), "{width} × {height}");
        close.click();
        harness.run_steps(3);
        assert!(!is_open(&harness));
    }
}

/// A box says what the user wants, and a word beside it that there is no room for that.
#[test]
fn boxes_of_columns_show_what_was_chosen_at_every_width() {
    for (width, has_room) in [(380.0, false), (1280.0, true)] {
        let mut harness = drawn(width, 900.0);
        harness.key_press(Key::Comma);
        harness.run_steps(3);
        let is_on = |harness: &Harness<'_, Panel>, name: &str| {
            let node = harness.get_by_role_and_label(egui::Role::CheckBox, name);
            node.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
        };
        for (name, on) in [("Delta", true), ("Latency", true), ("Size", false)] {
            assert_eq!(is_on(&harness, name), on, "{name} at {width}");
        }
        let words = harness.query_all_by_label("no room at this width").count();
        assert_eq!(words == 0, has_room, "{words} at {width}");
        harness
            .get_by_role_and_label(egui::Role::CheckBox, "Delta")
            .click();
        harness.run_steps(3);
        assert!(!is_on(&harness, "Delta"), "{width}");
    }
}

#[test]
fn each_thing_that_is_kept_can_be_let_go() {
    let mut harness = drawn(480.0, 1600.0);
    harness.key_press(Key::Comma);
    harness.run_steps(3);
    harness.get_by_label("Unmute M14").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Unmute M14").is_none());
    harness.get_by_label("Remove all saved filters").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Remove all saved filters").is_none());
    harness
        .get_by_label("Redact names, numbers, e-mail addresses and ids by default")
        .click();
    harness.run_steps(3);
    let effects = harness.state_mut().take_effects();
    let stored = format!("{:?}", effects.last());
    assert!(stored.contains(r#"\"redactExports\":false"#), "{stored}");
    assert!(harness.query_by_label("Reset export").is_some());
    harness.get_by_label("Reset all settings").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Reset export").is_none());
    let reset = harness.get_by_label("Reset all settings");
    assert!(reset.accesskit_node().is_disabled());
}

#[test]
fn the_sheet_shows_every_bound() {
    for width in [300.0, 1280.0] {
        let mut harness = drawn(width, 900.0);
        harness.key_press(Key::Comma);
        harness.run_steps(3);
        harness.get_by_label("All bounds").click();
        harness.run_steps(3);
        for (what, _) in bounds::table() {
            let rect = harness.get_by_label(what).rect();
            assert!(
                rect.left() >= 0.0 && rect.right() <= width,
                "{what}: {rect:?}"
            );
        }
    }
}

/// In a low panel, the sheet leaves no room below it unused.
#[test]
fn the_sheet_is_as_high_as_the_panel() {
    for size in [vec2(300.0, 180.0), vec2(300.0, 420.0), vec2(800.0, 240.0)] {
        let mut harness = drawn(size.x, size.y);
        harness.state_mut().perform(Action::ShowOverlay {
            overlay: Some(Overlay::Settings),
        });
        harness.run_steps(4);
        let sheet = harness
            .ctx
            .memory(|it| it.area_rect(egui::Id::unique("callscope overlay")));
        let sheet = sheet.unwrap();
        let left = size.y - sheet.bottom();
        assert!((0.0..=8.0).contains(&left), "{size}: {sheet}");
    }
}
