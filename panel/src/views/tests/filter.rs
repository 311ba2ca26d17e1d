//! The filter field, the command palette and the list of keys, in the whole panel.

use egui::{Id, Key, Modifiers, Role};

use super::*;
use crate::action::{Column, Overlay};
use crate::app::testing::whole_panel;
use crate::theme::size;

const CALL: &str = r#"
    host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
    widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
    widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
    host   {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100"}}
    widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
    widget {"type":"CALL_COMPLETED","messageId":"18_3","data":{"externalCallId":"a","engagementId":7}}
    widget {"type":"NO_SUCH_TYPE","messageId":"18_4"}
"#;

type Whole<'a> = Harness<'a, crate::Panel>;

fn whole_at(size: egui::Vec2) -> Whole<'static> {
    let mut panel = crate::Panel::new(Model::default());
    panel.perform(Action::ImportText {
        name: "x".to_owned(),
        text: crate::model::testing::log(&source(CALL)),
    });
    let mut harness = whole_panel(panel, size);
    harness.run();
    harness
}

fn whole() -> Whole<'static> {
    whole_at(vec2(1100.0, 640.0))
}

fn press(harness: &mut Whole<'_>, keys: &[Key]) {
    for key in keys {
        harness.key_press(*key);
        harness.run();
    }
}

fn type_text(harness: &mut Whole<'_>, text: &str) {
    harness.event(egui::Event::Text(text.to_owned()));
    harness.run();
}

fn filter_and_selected(harness: &mut Whole<'_>) -> (String, Option<u64>) {
    let shown = harness.state_mut().snapshot(false);
    (shown.filter, shown.selected)
}

/// In a low panel, the saved filters are in a menu of the filter field, whatever else is shown.
#[test]
fn saved_filters_are_reached_at_every_size() {
    for size in [
        vec2(300.0, 180.0),
        vec2(1280.0, 220.0),
        vec2(300.0, 380.0),
        vec2(1280.0, 700.0),
    ] {
        let mut panel = crate::Panel::new(Model::default());
        let text = "type:CALL_*".to_owned();
        panel.perform(Action::SetFilter { text });
        let name = "Calls".to_owned();
        panel.perform(Action::SaveFilter { name });
        let text = String::new();
        panel.perform(Action::SetFilter { text });
        let mut harness = whole_panel(panel, size);
        harness.run_steps(4);
        let field = harness.get_by_label("Filter").rect();
        if let Some(menu) = harness.query_by_label("Saved filters") {
            let rect = menu.rect();
            assert!(rect.right() <= field.left() && rect.center().y > field.top());
            assert!(harness.query_by_label("Saved filter Calls").is_none());
            menu.click();
            harness.run_steps(4);
        }
        harness.get_by_label("Saved filter Calls").click();
        harness.run_steps(4);
        let model = harness.state().model();
        assert_eq!(model.filter_text, "type:CALL_*", "{size}");
        if size.y < 400.0 {
            assert!(
                harness.query_by_label("Saved filter Calls").is_none(),
                "the menu closes"
            );
        }
    }
}

#[test]
fn tab_takes_what_is_offered_and_enter_goes_to_the_list() {
    let mut harness = whole();
    press(&mut harness, &[Key::Slash]);
    type_text(&mut harness, "ty");
    press(&mut harness, &[Key::Tab]);
    assert_eq!(filter_and_selected(&mut harness).0, "type:");
    type_text(&mut harness, "no_");
    press(&mut harness, &[Key::Tab]);
    assert_eq!(filter_and_selected(&mut harness).0, "type:NO_SUCH_TYPE");
    press(&mut harness, &[Key::Enter]);
    let (_, selected) = filter_and_selected(&mut harness);
    assert!(selected.is_some());
    // Now the list has focus.
    type_text(&mut harness, "x");
    assert_eq!(filter_and_selected(&mut harness).0, "type:NO_SUCH_TYPE");
}

#[test]
fn the_arrows_choose_and_enter_takes_what_was_chosen() {
    let mut harness = whole();
    press(&mut harness, &[Key::Slash]);
    type_text(&mut harness, "is:");
    press(
        &mut harness,
        &[Key::ArrowDown, Key::ArrowDown, Key::ArrowUp, Key::Enter],
    );
    assert_eq!(
        filter_and_selected(&mut harness),
        ("is:finding".to_owned(), None)
    );
}

/// Saving a filter, from the bookmark on: opened with the mouse or with a key, the name can be typed
/// at once.
#[test]
fn a_filter_is_saved_under_the_name_that_is_typed() {
    for by_key in [false, true] {
        let mut harness = whole();
        press(&mut harness, &[Key::Slash]);
        type_text(&mut harness, "type:DIAL_NUMBER");
        let open = |harness: &mut Whole<'_>| {
            if by_key {
                harness.get_by_label("Save filter").focus();
                harness.run();
                return press(harness, &[Key::Enter]);
            }
            let pos = harness.get_by_label("Save filter").rect().center();
            harness.hover_at(pos);
            harness.run();
            for pressed in [true, false] {
                harness.event(egui::Event::PointerButton {
                    pos,
                    button: egui::PointerButton::Primary,
                    pressed,
                    modifiers: Modifiers::NONE,
                });
                harness.run();
            }
        };
        open(&mut harness);
        let field = harness.get_by_label("Name of the filter");
        assert!(field.accesskit_node().is_focused(), "by key: {by_key}");
        // What is around it in the menu has no outline; a field has one.
        let place = field.rect();
        let is_outline = |it: &egui::Shape| match it {
            egui::Shape::Rect(it) => {
                it.rect.distance_to_pos(place.center()) <= 0.0
                    && (it.rect.size() - place.size()).length() < 4.0
                    && it.stroke.width > 0.0
                    && it.stroke.color != egui::Color32::TRANSPARENT
            }
            _ => false,
        };
        let mut shapes = harness.output().shapes.iter();
        assert!(shapes.any(|it| is_outline(&it.shape)), "by key: {by_key}");
        type_text(&mut harness, "no");
        press(&mut harness, &[Key::Escape]);
        assert!(harness.query_by_label("Name of the filter").is_none());
        let button = harness.get_by_label("Save filter");
        assert!(button.accesskit_node().is_focused(), "by key: {by_key}");
        open(&mut harness);
        type_text(&mut harness, "dials");
        press(&mut harness, &[Key::Enter]);
        assert!(harness.query_by_label("Name of the filter").is_none());
        harness.get_by_label("Saved filter dials");
        assert!(has_cursor(&harness), "by key: {by_key}");
    }
}

/// The whole panel with this filter saved.
fn with_saved(name: &str, text: &str) -> Whole<'static> {
    let mut harness = whole();
    let panel = harness.state_mut();
    let text = text.to_owned();
    panel.perform(Action::SetFilter { text });
    let name = name.to_owned();
    panel.perform(Action::SaveFilter { name });
    harness.run();
    harness
}

#[test]
fn a_saved_filter_is_renamed_while_it_is_set() {
    let mut harness = with_saved("dials", "type:DIAL_NUMBER");
    assert!(harness.query_by_label("Save filter").is_none());
    harness.get_by_label("Rename saved filter").focus();
    harness.run();
    press(&mut harness, &[Key::Enter]);
    type_text(&mut harness, " only");
    press(&mut harness, &[Key::Enter]);
    harness.get_by_label("Saved filter dials only");
    assert!(harness.query_by_label("Saved filter dials").is_none());
    assert_eq!(harness.state().model().settings.saved_filters.len(), 1);
}

/// In the field and in the palette.
#[test]
fn a_saved_filter_is_found_by_its_name() {
    let mut harness = with_saved("Wrong numbers", "type:DIAL_NUMBER");
    let text = String::new();
    harness.state_mut().perform(Action::SetFilter { text });
    harness.run();
    press(&mut harness, &[Key::Slash]);
    type_text(&mut harness, "wro");
    let offers = harness.query_all_by_label_contains("Wrong numbers");
    let labels: Vec<String> = offers
        .filter_map(|it| it.accesskit_node().label())
        .filter(|it| !it.contains("aved filter"))
        .collect();
    assert_eq!(labels, ["Wrong numbers type:DIAL_NUMBER"]);
    press(&mut harness, &[Key::Tab]);
    assert_eq!(filter_and_selected(&mut harness).0, "type:DIAL_NUMBER");

    let text = String::new();
    harness.state_mut().perform(Action::SetFilter { text });
    let overlay = Some(Overlay::Commands);
    harness.state_mut().perform(Action::ShowOverlay { overlay });
    harness.run_steps(4);
    type_text(&mut harness, "wrong num");
    harness.get_by_label_contains("Filter by Wrong numbers: type:DIAL_NUMBER");
    press(&mut harness, &[Key::Enter]);
    assert_eq!(filter_and_selected(&mut harness).0, "type:DIAL_NUMBER");
}

#[test]
fn down_leaves_the_filter_for_the_list() {
    let mut harness = whole();
    press(&mut harness, &[Key::Slash, Key::ArrowDown]);
    let (_, first) = filter_and_selected(&mut harness);
    press(&mut harness, &[Key::ArrowDown]);
    let (_, second) = filter_and_selected(&mut harness);
    assert!(first.is_some() && second.is_some() && first != second);
}

#[test]
fn esc_goes_back_step_by_step() {
    let mut harness = whole();
    press(&mut harness, &[Key::Slash]);
    type_text(&mut harness, "ty");
    let offered = |harness: &Whole<'_>| harness.query_all_by_label_contains("type:").count();
    assert!(offered(&harness) > 0);
    press(&mut harness, &[Key::Escape]);
    assert_eq!(offered(&harness), 0);
    assert_eq!(filter_and_selected(&mut harness).0, "ty");
    // As in Chrome's own filters, and with a way back.
    press(&mut harness, &[Key::Escape]);
    assert_eq!(filter_and_selected(&mut harness).0, "");
    assert!(has_cursor(&harness));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run();
    assert_eq!(filter_and_selected(&mut harness).0, "ty");
    press(&mut harness, &[Key::Escape, Key::Escape, Key::Escape]);
    assert_eq!(filter_and_selected(&mut harness).0, "");
    assert!(!has_cursor(&harness));
}

fn has_cursor(harness: &Whole<'_>) -> bool {
    let field = harness.get_by_role_and_label(Role::TextInput, "Filter");
    field.accesskit_node().is_focused()
}

/// What else replaces the filter can be taken back as well, at once and later.
#[test]
fn a_filter_that_was_replaced_comes_back() {
    let mut harness = whole();
    for text in ["type:SYNC from:host", "severity:error"] {
        let text = text.to_owned();
        harness.state_mut().perform(Action::SetFilter { text });
        harness.run();
    }
    press(&mut harness, &[Key::Slash]);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run();
    let (filter, _) = filter_and_selected(&mut harness);
    assert_eq!(filter, "type:SYNC from:host");
}

/// What is still in force is said in one piece, on a line of its own if need be.
#[test]
fn what_is_still_shown_is_not_torn() {
    for width in (300..640).step_by(20) {
        let mut harness = whole_at(vec2(width as f32, 640.0));
        let text = "type:SYNC severty:error".to_owned();
        harness.state_mut().perform(Action::SetFilter { text });
        press(&mut harness, &[Key::Slash]);
        let shapes = harness.output().shapes.iter();
        let galleys = shapes.filter_map(|it| match &it.shape {
            egui::Shape::Text(text) if text.galley.text().starts_with("Still") => Some(text),
            _ => None,
        });
        let rows: Vec<usize> = galleys.map(|it| it.galley.rows.len()).collect();
        assert_eq!(rows, [1], "{width}");
    }
}

/// What is typed is meant as it stands once the cursor is elsewhere.
#[test]
fn a_name_that_was_typed_is_whole_when_it_is_left() {
    let mut harness = whole();
    press(&mut harness, &[Key::Slash]);
    for letter in "type:CALL".chars() {
        type_text(&mut harness, &letter.to_string());
    }
    let rows = |harness: &mut Whole<'_>| harness.state_mut().snapshot(false).status.hidden;
    let typed = rows(&mut harness);
    press(&mut harness, &[Key::Escape, Key::Enter]);
    assert_eq!(filter_and_selected(&mut harness).0, "type:CALL");
    assert!(rows(&mut harness) > typed, "there is no such type");
}

/// The titles of the columns have no room in every panel; commands have.
#[test]
fn commands_sort_at_every_size() {
    for size in [
        vec2(300.0, 180.0),
        vec2(380.0, 800.0),
        vec2(1280.0, 220.0),
        vec2(1100.0, 640.0),
    ] {
        let mut harness = whole_at(size);
        let sorted = |harness: &Whole<'_>| harness.state().model().timeline.sort;
        let run = |harness: &mut Whole<'_>, command: &str| {
            harness.state_mut().perform(Action::ShowOverlay {
                overlay: Some(Overlay::Commands),
            });
            harness.run();
            type_text(harness, command);
            press(harness, &[Key::Enter]);
        };
        run(&mut harness, "sort by sender");
        let sort = sorted(&harness).unwrap();
        assert_eq!(sort.column, Column::Direction, "{size}");
        run(&mut harness, "session order");
        assert_eq!(sorted(&harness), None, "{size}");
    }
}

/// The menu of a row sorts as well, and all of it can be reached.
#[test]
fn the_menu_of_a_row_sorts_at_every_size() {
    for size in [vec2(300.0, 180.0), vec2(380.0, 800.0), vec2(1280.0, 220.0)] {
        let mut harness = whole_at(size);
        let row = harness.query_all_by_role(Role::ListItem).next();
        row.unwrap().click_secondary();
        harness.run();
        harness.get_by_label_contains("Sort").scroll_to_me();
        harness.run();
        harness.get_by_label_contains("Sort").click();
        harness.run();
        let label = "Sort by size, descending";
        harness.get_by_label(label).scroll_to_me();
        harness.run();
        let item = harness.get_by_label(label);
        let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, size);
        assert!(
            screen.contains_rect(item.rect()),
            "{size}: {:?}",
            item.rect()
        );
        item.click();
        harness.run();
        let sort = harness.state().model().timeline.sort;
        assert_eq!(sort.map(|it| it.column), Some(Column::Size), "{size}");
    }
}

#[test]
fn the_palette_stays_where_it_is() {
    for size in [vec2(300.0, 180.0), vec2(1100.0, 640.0)] {
        let mut harness = whole_at(size);
        harness.state_mut().perform(Action::ShowOverlay {
            overlay: Some(Overlay::Commands),
        });
        harness.run();
        let place = |harness: &Whole<'_>| {
            harness
                .get_by_role_and_label(Role::TextInput, "Command")
                .rect()
        };
        let before = place(&harness);
        type_text(&mut harness, "settings");
        assert_eq!(place(&harness), before);
        type_text(&mut harness, "xyz");
        assert_eq!(place(&harness), before);
    }
}

#[test]
fn ctrl_space_offers_all() {
    let mut harness = whole();
    press(&mut harness, &[Key::Slash]);
    assert!(harness.query_by_label_contains("severity:").is_none());
    harness.key_press_modifiers(Modifiers::CTRL, Key::Space);
    harness.run();
    harness.get_by_label_contains("severity:");
}

#[test]
fn a_mistake_stands_under_its_word_with_what_applies() {
    for width in [300.0, 1100.0] {
        let mut harness = whole_at(vec2(width, 640.0));
        for text in ["from:host", "from:host typ:X"] {
            harness.state_mut().perform(Action::SetFilter {
                text: text.to_owned(),
            });
            harness.run();
        }
        // While the user is elsewhere, the status bar says it; nothing but that has changed.
        harness.get_by_label("Filter not understood");
        let timeline = |harness: &Whole<'_>| {
            let tab = harness.get_by_role_and_label(Role::Tab, "Timeline");
            tab.rect()
        };
        let before = timeline(&harness);
        harness.get_by_label("edit").click();
        harness.run();
        let message = harness.get_by_label("there is no key \"typ\"").rect();
        assert!(message.right() <= width, "{message:?}");
        harness.get_by_label("Still filtered by from:host");
        let field = harness
            .get_by_role_and_label(Role::TextInput, "Filter")
            .rect();
        assert!(message.top() >= field.bottom(), "{message:?}");
        if width > 600.0 {
            assert!(message.left() > field.left() + 30.0, "{message:?}");
        }
        assert_eq!(timeline(&harness), before);
        harness.get_by_label("Did you mean type?").click();
        harness.run();
        assert_eq!(filter_and_selected(&mut harness).0, "from:host type:X");
        assert!(harness.query_by_label_contains("Still filtered").is_none());
    }
}

#[test]
fn half_a_key_is_not_what_applies_while_its_value_is_wrong() {
    let mut harness = whole();
    press(&mut harness, &[Key::Slash]);
    for letter in "type:CALL_* severity>=foo".chars() {
        type_text(&mut harness, &letter.to_string());
    }
    harness.get_by_label_contains("is not a value for severity");
    harness.get_by_label("Still filtered by type:CALL_*");
    assert_eq!(harness.state_mut().snapshot(false).rows.len(), 1);
}

#[test]
fn a_value_that_is_still_to_be_typed_is_no_mistake() {
    let mut harness = whole();
    press(&mut harness, &[Key::Slash]);
    type_text(&mut harness, ".typ");
    press(&mut harness, &[Key::ArrowDown, Key::Enter]);
    assert_eq!(filter_and_selected(&mut harness).0, ".type:");
    let is_marked = |harness: &Whole<'_>| {
        harness.get_by_label("Filter not understood");
        harness.get_by_label("everything is shown");
        let field = harness.get_by_role_and_label(Role::TextInput, "Filter");
        let node = field.accesskit_node();
        let description = node.data().description();
        assert!(description.is_some_and(|it| it.contains(".type: needs a value")));
        node.data().invalid().is_some()
    };
    assert!(!is_marked(&harness));
    // Nothing more is typed.
    press(&mut harness, &[Key::Enter]);
    assert!(is_marked(&harness));
}

#[test]
fn filters_are_saved_used_and_removed() {
    let mut harness = whole();
    let set = |harness: &mut Whole<'_>, text: &str| {
        harness.state_mut().perform(Action::SetFilter {
            text: text.to_owned(),
        });
        harness.run();
    };
    set(&mut harness, "is:call");
    harness.get_by_label("Save filter").click();
    harness.run();
    type_text(&mut harness, "Calls");
    harness.get_by_label("Save").click();
    harness.run();
    set(&mut harness, "");
    harness.get_by_label("Saved filter Calls").click();
    harness.run();
    assert_eq!(filter_and_selected(&mut harness).0, "is:call");
    let effects = harness.state_mut().take_effects();
    assert!(
        effects.iter().any(|it| format!("{it:?}").contains("Calls")),
        "{effects:?}"
    );
    harness.get_by_label("Remove saved filter Calls").click();
    harness.run();
    assert!(harness.query_by_label("Saved filter Calls").is_none());
}

#[test]
fn findings_follow_one_another() {
    let mut harness = whole();
    let with_findings: Vec<u64> = {
        let shown = harness.state_mut().snapshot(false);
        let rows = shown.rows.iter().filter(|row| !row.findings.is_empty());
        rows.filter_map(|row| row.seq).collect()
    };
    assert!(with_findings.len() > 1, "{with_findings:?}");
    let mut seen = Vec::new();
    for _ in &with_findings {
        press(&mut harness, &[Key::N]);
        seen.extend(filter_and_selected(&mut harness).1);
    }
    assert_eq!(seen, with_findings);
    press(&mut harness, &[Key::N]);
    assert_eq!(
        filter_and_selected(&mut harness).1,
        with_findings.first().copied()
    );
    press(&mut harness, &[Key::P]);
    assert_eq!(
        filter_and_selected(&mut harness).1,
        with_findings.last().copied()
    );
}

#[test]
fn the_arrows_move_in_the_list_of_findings() {
    let mut harness = whole();
    harness.state_mut().perform(Action::ShowView {
        view: View::Findings,
    });
    harness.run();
    press(&mut harness, &[Key::ArrowDown]);
    let (_, first) = filter_and_selected(&mut harness);
    press(&mut harness, &[Key::ArrowDown]);
    let (_, second) = filter_and_selected(&mut harness);
    assert!(first.is_some() && second.is_some() && first != second);
    press(&mut harness, &[Key::ArrowUp]);
    assert_eq!(filter_and_selected(&mut harness).1, first);
}

#[test]
fn the_keys_are_listed() {
    let mut harness = whole();
    press(&mut harness, &[Key::Questionmark]);
    for name in [
        "Next finding",
        "Go to the filter",
        "One row down",
        "Show commands",
    ] {
        harness.get_by_label(name);
    }
    press(&mut harness, &[Key::Escape]);
    assert!(harness.query_by_label("One row down").is_none());
}

#[test]
fn commands_are_found_by_their_letters() {
    let mut harness = whole();
    for (typed, view) in [("find", View::Findings), ("tl", View::Timeline)] {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
        harness.run();
        type_text(&mut harness, &format!("show {typed}"));
        press(&mut harness, &[Key::Enter]);
        assert!(
            harness
                .query_by_role_and_label(Role::TextInput, "Command")
                .is_none()
        );
        assert_eq!(harness.state_mut().snapshot(false).view, view);
    }
    harness.state_mut().perform(Action::ShowOverlay {
        overlay: Some(Overlay::Commands),
    });
    harness.run();
    press(&mut harness, &[Key::Escape]);
    assert!(
        harness
            .query_by_role_and_label(Role::TextInput, "Command")
            .is_none()
    );
}

#[test]
fn what_is_typed_right_after_the_key_that_opens_a_field_is_in_it() {
    let key = |key, modifiers| egui::Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers,
    };
    let text = |text: &str| egui::Event::Text(text.to_owned());
    for (opening, name) in [
        (vec![key(Key::Slash, Modifiers::NONE), text("/")], "Filter"),
        (vec![key(Key::F, Modifiers::COMMAND)], "Filter"),
        (vec![key(Key::K, Modifiers::COMMAND)], "Command"),
    ] {
        let typed = [text("a"), text("b"), key(Key::Backspace, Modifiers::NONE)];
        let later = [text("c"), text("/"), text("d")];
        let least = opening.len();
        let events: Vec<egui::Event> = opening.into_iter().chain(typed).chain(later).collect();
        // However many of them a drawing finds; one press gives a key with its text.
        for at_once in least..=events.len() {
            let mut harness = whole();
            for events in events.chunks(at_once) {
                harness.input_mut().events.extend_from_slice(events);
                harness.step();
            }
            harness.run();
            let field = harness.get_by(|node| {
                node.label().as_deref() == Some(name)
                    && node.value().is_some_and(|it| !it.is_empty())
            });
            assert_eq!(field.value().unwrap(), "ac/d", "{name} {at_once}");
        }
    }
}

#[test]
fn a_palette_opened_again_at_once_is_a_new_one_with_the_keyboard() {
    // All at once, as a browser hands a chord on.
    let press = |harness: &mut Whole<'_>, key: Key, modifiers: Modifiers| {
        harness.input_mut().events.push(egui::Event::Key {
            key,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers,
        });
        harness.step();
    };
    for between in 0..4 {
        let mut harness = whole();
        press(&mut harness, Key::K, Modifiers::COMMAND);
        harness.run();
        type_text(&mut harness, "clear");
        press(&mut harness, Key::Escape, Modifiers::NONE);
        for _ in 0..between {
            harness.step();
        }
        press(&mut harness, Key::K, Modifiers::COMMAND);
        harness.run();
        let field = harness.get_by_role_and_label(Role::TextInput, "Command");
        assert!(field.is_focused(), "{between}");
        assert_eq!(field.value().unwrap_or_default(), "", "{between}");
    }
}

#[test]
fn each_call_can_be_followed_from_the_palette() {
    let mut model = Model::default();
    let mut trace = CALL.to_owned();
    for number in 2..=150 {
        let start = format!(
            r#"widget {{"type":"OUTGOING_CALL_STARTED","messageId":"18_{number}0","data":{{"toNumber":"+15550100","externalCallId":"x{number}"}}}}"#
        );
        let end = format!(
            r#"widget {{"type":"CALL_ENDED","messageId":"18_{number}1","data":{{"externalCallId":"x{number}"}}}}"#
        );
        for line in [start, end] {
            trace.push_str(&line);
            trace.push('\n');
        }
    }
    model.perform(Action::ImportText {
        name: "x".to_owned(),
        text: crate::model::testing::log(&source(&trace)),
    });
    // The selected message offers to follow its call itself.
    model.perform(Action::SelectSeq { seq: 4 });
    let follows = |model: &Model| {
        let all = crate::commands::groups(model).into_iter();
        let all = all.flat_map(|group| group.commands);
        let all = all.filter(|it| it.name.starts_with("Follow call "));
        all.map(|it| it.name).collect::<Vec<_>>()
    };
    let offered = follows(&model);
    let first: Vec<&str> = offered.iter().take(3).map(String::as_str).collect();
    assert_eq!(
        first,
        ["Follow call 1", "Follow call 150", "Follow call 149"]
    );
    assert_eq!(offered.len(), 150);

    let mut harness = whole_panel(crate::Panel::new(model), vec2(1100.0, 640.0));
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run();
    harness.get_by_label_contains(" more: type a part of the name");
    type_text(&mut harness, "follow 27");
    press(&mut harness, &[Key::Enter]);
    assert_eq!(filter_and_selected(&mut harness).0, "call:27");
    // It is followed, so that is not offered.
    let model = harness.state_mut().model();
    assert!(!follows(model).contains(&"Follow call 27".to_owned()));
}

#[test]
fn a_search_selects_what_holds_the_text() {
    let mut harness = whole();
    let mut found = |action: Action| {
        harness.state_mut().perform(action);
        harness.run();
        filter_and_selected(&mut harness).1
    };
    let find = |text: &str| Action::Find {
        text: text.to_owned(),
    };
    let first = found(find("15550100"));
    let second = found(Action::FindAgain { backwards: false });
    assert!(first.is_some() && second.is_some() && first != second);
    assert_eq!(
        found(Action::FindAgain { backwards: false }),
        first,
        "around the end"
    );
    assert_eq!(found(Action::FindAgain { backwards: true }), second);
    assert_eq!(found(find("no such text")), second);
    found(find(""));
    assert_eq!(found(Action::FindAgain { backwards: false }), second);
}

/// How high the suggestions are once these texts were typed one after another.
fn offered_height(texts: &[&str], height: f32) -> f32 {
    let mut harness = whole_at(vec2(1100.0, height));
    press(&mut harness, &[Key::Slash]);
    for text in texts {
        type_text(&mut harness, text);
    }
    let popup = super::super::filter_id().with("completion_popup");
    let rect = harness.ctx.memory(|it| it.area_rect(popup)).unwrap();
    let field = harness.get_by_role_and_label(Role::TextInput, "Filter");
    assert!(rect.top() >= field.rect().bottom() - 1.0, "{rect:?}");
    rect.height()
}

#[test]
fn what_can_be_typed_is_as_high_whatever_was_offered_before() {
    let one = offered_height(&["sev"], 640.0);
    assert!(one < 50.0, "{one}");
    for height in [640.0, 200.0] {
        let at_once = offered_height(&["is:"], height);
        assert!(at_once > 3.0 * one, "{at_once}");
        let by_letters = offered_height(&["i", "s", ":"], height);
        assert!(
            (by_letters - at_once).abs() < 0.5,
            "{by_letters}, {at_once}"
        );
    }
}

#[test]
fn the_list_of_keys_uses_the_height_and_keeps_away_from_its_scroll_bar() {
    let mut harness = whole_at(vec2(1100.0, 770.0));
    let overlay = Some(Overlay::Keys);
    harness.state_mut().perform(Action::ShowOverlay { overlay });
    harness.run_steps(4);
    let overlay = Id::unique("callscope overlay");
    let rect = harness.ctx.memory(|it| it.area_rect(overlay)).unwrap();
    assert!(rect.height() > 650.0 && rect.height() < 770.0, "{rect:?}");
    let mut keys = harness.query_all_by_label_contains("Ctrl+F");
    let key = keys.next().unwrap().rect();
    let bar = rect.right() - size::SCROLL_BAR;
    assert!(key.right() <= bar - size::STEP, "{key:?} in {rect:?}");
}

#[test]
fn the_palette_is_as_high_again_when_more_fits_again() {
    let mut harness = whole_at(vec2(1100.0, 770.0));
    let overlay = Some(Overlay::Commands);
    harness.state_mut().perform(Action::ShowOverlay { overlay });
    harness.run_steps(4);
    let overlay = Id::unique("callscope overlay");
    let height = |harness: &Whole<'_>| {
        let rect = harness.ctx.memory(|it| it.area_rect(overlay));
        rect.unwrap().height()
    };
    let before = height(&harness);
    assert!(before > 600.0, "{before}");
    type_text(&mut harness, "xyzzy");
    assert!(height(&harness) < 100.0);
    for _ in 0..5 {
        press(&mut harness, &[Key::Backspace]);
    }
    assert!((height(&harness) - before).abs() < 0.5);
}
