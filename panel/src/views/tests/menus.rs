//! Menus operated with keys: they close as they do for the mouse, and the keyboard goes back.

use egui::{Key, Popup, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::toolbar;
use crate::Panel;
use crate::action::Action;
use crate::app::testing::whole_panel;
use crate::model::Model;
use crate::model::testing::{log, source};
use crate::views::{Actions, list_id, toolbar_ui};

/// Two conversations of a widget.
const TWO: &str = r#"
    host {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
    widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
    @2 host {"type":"SYNC","messageId":"18_1","hostUrl":"https://app.hubspot.com"}
"#;

fn drawn<'a>() -> Harness<'a, Panel> {
    let mut panel = Panel::new(Model::default());
    panel.perform(Action::ImportText {
        name: "x".to_owned(),
        text: log(&source(TWO)),
    });
    let mut harness = whole_panel(panel, vec2(1280.0, 800.0));
    harness.run_steps(3);
    harness
}

fn press<S>(harness: &mut Harness<'_, S>, key: Key) {
    harness.key_press(key);
    harness.run_steps(3);
}

#[test]
fn the_menu_of_a_row_closes_once_a_key_has_chosen() {
    for key in [Key::Enter, Key::Space] {
        let mut harness = drawn();
        press(&mut harness, Key::ArrowDown);
        press(&mut harness, Key::Menu);
        assert!(Popup::is_any_open(&harness.ctx));
        harness.get_by_label("Hide this type").focus();
        harness.run_steps(3);
        press(&mut harness, key);
        assert_eq!(harness.state_mut().snapshot(false).filter, "-type:SYNC");
        assert!(!Popup::is_any_open(&harness.ctx), "after {key:?}");
        let focused = harness.ctx.memory(egui::Memory::focused);
        assert_eq!(focused, Some(list_id()), "after {key:?}");
    }
}

#[test]
fn the_list_of_conversations_closes_once_a_key_has_chosen() {
    let mut harness = drawn();
    harness.get_by_role(egui::Role::ComboBox).focus();
    harness.run_steps(3);
    let button = harness.ctx.memory(egui::Memory::focused);
    press(&mut harness, Key::Enter);
    assert!(Popup::is_any_open(&harness.ctx));
    let second = harness.query_all_by_label_contains("#2 widget").last();
    second.unwrap().focus();
    harness.run_steps(3);
    press(&mut harness, Key::Enter);
    assert!(!Popup::is_any_open(&harness.ctx));
    assert_eq!(harness.ctx.memory(egui::Memory::focused), button);
}

/// At every width, a line lies between two items of the menu or not at all.
#[test]
fn lines_in_the_toolbars_menu_lie_between_its_items() {
    let names = [
        "Preserve log",
        "2 errors, show only these",
        "Export",
        "Import",
        "Settings",
    ];
    for width in (100..700).step_by(20) {
        let mut harness = Harness::builder()
            .with_size(vec2(width as f32, 500.0))
            .with_context_setup(crate::theme::apply)
            .build_ui_state(
                |ui, actions: &mut Actions| toolbar_ui(ui, &toolbar(), actions),
                Actions::new(),
            );
        harness.run_steps(3);
        let Some(more) = harness.query_by_label("More") else {
            continue;
        };
        let bar = more.rect();
        more.click();
        harness.run_steps(3);
        let items = names.iter().filter_map(|it| harness.query_by_label(it));
        let mut items: Vec<egui::Rect> = items.map(|it| it.rect()).collect();
        items.retain(|it| it.top() > bar.bottom());
        let top = items.iter().map(egui::Rect::top).fold(f32::MAX, f32::min);
        let bottom = items.iter().map(egui::Rect::bottom).fold(0.0, f32::max);
        for shape in &harness.output().shapes {
            let egui::Shape::LineSegment { points, .. } = &shape.shape else {
                continue;
            };
            let line = egui::Rect::from_two_pos(points[0], points[1]);
            let is_in_menu =
                line.top() > bar.bottom() + 4.0 && line.height().max(line.width()) > 12.0;
            if is_in_menu && shape.clip_rect.intersects(line.expand(1.0)) {
                assert!(line.height() < 1.0, "a bar's line at {width}: {line:?}");
                let is_between = line.top() > top && line.bottom() < bottom;
                assert!(is_between, "at {width}: {line:?}, items {top} to {bottom}");
            }
        }
    }
}

#[test]
fn the_toolbars_menu_closes_after_a_command_but_not_after_a_checkbox() {
    for (label, is_open) in [("Import", false), ("Preserve log", true)] {
        let mut harness = Harness::builder()
            .with_size(vec2(200.0, 500.0))
            .with_context_setup(crate::theme::apply)
            .build_ui_state(
                |ui, actions: &mut Actions| toolbar_ui(ui, &toolbar(), actions),
                Actions::new(),
            );
        harness.run_steps(3);
        harness.get_by_label("More").click();
        harness.run_steps(3);
        harness.get_by_label(label).focus();
        harness.run_steps(3);
        press(&mut harness, Key::Enter);
        assert_eq!(harness.state().len(), 1, "{label}");
        assert_eq!(Popup::is_any_open(&harness.ctx), is_open, "{label}");
    }
}
