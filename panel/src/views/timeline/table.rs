//! Header, menu and overview with mouse and keys, in the whole panel.

use callscope_session_view::words::UtcOffset;
use egui::{Key, Modifiers, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::Panel;
use crate::action::{Action, Column};
use crate::app::testing::whole_panel;
use crate::model::{Model, testing};

/// The panel with a recorded session that has more rows than fit.
fn drawn<'a>(width: f32, height: f32) -> Harness<'a, Panel> {
    let mut panel = Panel::new(Model::new(None, UtcOffset::UTC, true));
    let log = include_bytes!("../../../../fixtures/well-behaved/widget-0.9.7.callscope.jsonl");
    let name = "widget".to_owned();
    let text = String::from_utf8(log.to_vec()).unwrap();
    panel.perform(Action::ImportText { name, text });
    let mut harness = whole_panel(panel, vec2(width, height));
    harness.run();
    harness
}

/// The types of the visible rows, from top to bottom.
fn types(harness: &Harness<'_, Panel>) -> Vec<String> {
    let rows = harness.query_all_by_role(egui::Role::ListItem);
    let mut found: Vec<(f32, String)> = rows
        .filter_map(|row| {
            let label = row.accesskit_node().label()?;
            let word = label.split([' ', ',']).nth(2)?.to_owned();
            Some((row.rect().top(), word))
        })
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().map(|(_, word)| word).collect()
}

fn settings(harness: &mut Harness<'_, Panel>) -> Vec<String> {
    let effects = harness.state_mut().take_effects();
    effects.iter().map(|effect| format!("{effect:?}")).collect()
}

#[test]
fn a_title_sorts_and_the_sessions_order_is_one_click_away() {
    let mut harness = drawn(1280.0, 800.0);
    let session = types(&harness);
    harness.get_by_label("Type").click();
    harness.run();
    let sorted = types(&harness);
    assert_ne!(sorted, session);
    // Rows that are not messages come last.
    let first_other = sorted.iter().position(|word| word.to_uppercase() != *word);
    let of_messages = first_other.unwrap_or(sorted.len());
    assert!(of_messages > 5, "{sorted:?}");
    assert!(sorted[..of_messages].is_sorted(), "{sorted:?}");
    assert!(harness.query_by_label("Type, sorted ascending").is_some());
    // In a saved session there is nothing that it would not follow.
    assert!(harness.query_by_label("Sorted by type").is_some());
    harness.get_by_label("Session order").click();
    harness.run();
    assert_eq!(types(&harness), session);
}

#[test]
fn a_column_is_hidden_and_resized_and_that_is_kept() {
    let mut harness = drawn(1280.0, 800.0);
    settings(&mut harness);
    harness.get_by_label("Columns").click();
    harness.run();
    harness.get_by_label("Size").click();
    harness.run();
    let kept = settings(&mut harness).concat();
    assert!(kept.contains(r#"\"size\":{\"shown\":true"#), "{kept}");
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.query_by_label("Resize size").is_some());
    let before = harness.get_by_label("Type").rect();
    let edge = harness.get_by_label("Resize type").rect().center();
    harness.drag_at(edge);
    harness.run();
    harness.hover_at(edge - vec2(50.0, 0.0));
    harness.run();
    harness.drop_at(edge - vec2(50.0, 0.0));
    harness.run();
    let after = harness.get_by_label("Type").rect();
    assert!((before.width() - after.width() - 50.0).abs() < 2.0);
    assert!(settings(&mut harness).concat().contains("width"));
}

#[test]
fn little_room_has_no_header_but_the_same_menu() {
    for (width, height) in [(300.0, 700.0), (1280.0, 180.0)] {
        let mut harness = drawn(width, height);
        assert!(harness.query_by_label("Type").is_none());
        let row = harness
            .query_all_by_role(egui::Role::ListItem)
            .next()
            .unwrap();
        row.click_secondary();
        harness.run();
        assert!(harness.query_by_label("Copy as table row").is_some());
        assert!(harness.query_by_label_contains("Columns").is_some());
    }
}

#[test]
fn the_menu_opens_by_key_and_hides_a_type() {
    let mut harness = drawn(1280.0, 800.0);
    let seq = 1;
    let action = Action::SelectSeq { seq };
    harness.state_mut().perform(action);
    harness.run();
    let hidden = types(&harness);
    for (modifiers, key) in [(Modifiers::NONE, Key::Menu), (Modifiers::SHIFT, Key::F10)] {
        harness.key_press_modifiers(modifiers, key);
        harness.run();
        let first = harness.get_by_label("Only this type");
        assert!(first.accesskit_node().is_focused(), "{key:?}");
        harness.key_press(Key::Escape);
        harness.run();
        assert!(harness.query_by_label("Only this type").is_none());
    }
    harness.key_press_modifiers(Modifiers::SHIFT, Key::F10);
    harness.run();
    harness.get_by_label("Hide this type").click();
    harness.run();
    let left = types(&harness);
    assert!(hidden.contains(&"SYNC".to_owned()));
    assert!(!left.contains(&"SYNC".to_owned()), "{left:?}");
    assert_eq!(harness.state_mut().snapshot(false).filter, "-type:SYNC");
}

#[test]
fn a_click_on_the_overview_goes_there() {
    let mut harness = drawn(800.0, 400.0);
    let start = types(&harness);
    let overview = harness.get_by_label("Overview of the list").rect();
    for (y, is_start) in [
        (overview.bottom() - 1.0, false),
        (overview.top() + 1.0, true),
    ] {
        let at = pos2(overview.center().x, y);
        harness.drag_at(at);
        harness.run();
        harness.drop_at(at);
        harness.run();
        assert_eq!(types(&harness) == start, is_start);
    }
}

#[test]
fn a_type_that_is_cut_is_told_whole() {
    let log = testing::log(&testing::source(
        r#"host {"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":"1_1","data":{"engagementId":7}}"#,
    ));
    let mut harness = drawn(300.0, 700.0);
    let name = "one".to_owned();
    let action = Action::ImportText { name, text: log };
    harness.state_mut().perform(action);
    harness.run();
    let row = harness.get_by_label_contains("CREATE_ENGAGEMENT_SUCCEEDED");
    let rect = row.rect();
    let whole = "CREATE_ENGAGEMENT_SUCCEEDED";
    assert!(harness.query_by_label(whole).is_none());
    harness.hover_at(pos2(rect.left() + 175.0, rect.center().y));
    for _ in 0..60 {
        harness.step();
    }
    // What is wrong with the message stands below it.
    let below = format!("{whole}\n");
    assert!(harness.query_by_label_contains(&below).is_some());
}

#[test]
fn the_title_of_findings_is_above_their_marks_and_that_of_summaries_above_the_text() {
    let mut harness = drawn(1280.0, 800.0);
    let place = |harness: &Harness<'_, Panel>, title: &str| harness.get_by_label(title).rect();
    let finding = place(&harness, "Finding");
    assert!(
        finding.right() <= place(&harness, "Type").left(),
        "{finding:?}"
    );
    assert!(
        finding.left() >= place(&harness, "From").right(),
        "{finding:?}"
    );
    assert!(place(&harness, "Summary").left() > place(&harness, "Call").right());
    harness.get_by_label("Finding").click();
    harness.run();
    harness.get_by_label("Finding, sorted descending");
    // Without summaries, the text is that of findings.
    let column = Column::Summary;
    let shown = false;
    harness
        .state_mut()
        .perform(Action::ShowColumn { column, shown });
    harness.run();
    assert!(harness.query_by_label("Summary").is_none());
    let finding = place(&harness, "Finding, sorted descending");
    assert!(finding.left() > place(&harness, "Call").right());
}

#[test]
fn what_comes_first_is_seen_after_sorting_and_the_selected_row_in_the_sessions_order() {
    let mut harness = drawn(1280.0, 360.0);
    let sees_selected = |harness: &Harness<'_, Panel>| {
        let mut rows = harness.query_all_by_role(egui::Role::ListItem);
        rows.any(|row| row.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True))
    };
    let first = |harness: &Harness<'_, Panel>| {
        let rows = harness.query_all_by_role(egui::Role::ListItem);
        let places = rows.filter_map(|row| row.accesskit_node().data().row_index());
        places.min()
    };
    harness.state_mut().perform(Action::SelectSeq { seq: 1 });
    // Closes the details.
    harness.state_mut().perform(Action::Back);
    harness.run();
    assert!(sees_selected(&harness));
    for title in ["Latency", "Latency, sorted descending"] {
        harness.get_by_label(title).click();
        harness.run();
        assert_eq!(first(&harness), Some(0), "{title}");
        assert!(!sees_selected(&harness), "{title}");
    }
    harness.get_by_label("Session order").click();
    harness.run();
    assert!(sees_selected(&harness));
}

/// The texts that are painted, from left to right.
fn painted(harness: &Harness<'_, Panel>, y: egui::Rangef) -> Vec<String> {
    let shapes = harness.output().shapes.iter();
    let mut texts: Vec<(f32, String)> = shapes
        .filter_map(|it| match &it.shape {
            egui::Shape::Text(text) if y.contains(text.visual_bounding_rect().center().y) => {
                let rows = text.galley.rows.iter().map(|row| row.text());
                Some((text.pos.x, rows.collect()))
            }
            _ => None,
        })
        .collect();
    texts.sort_by(|a, b| a.0.total_cmp(&b.0));
    texts.into_iter().map(|(_, text)| text).collect()
}

#[test]
fn what_is_wrong_with_a_run_has_room_before_its_summary() {
    let log = include_str!("../../../../fixtures/mistakes/T13-no-answer.callscope.jsonl");
    for width in [640.0, 700.0, 740.0, 780.0, 800.0, 820.0, 1280.0] {
        let mut harness = drawn(width, 400.0);
        let (name, text) = ("T13".to_owned(), log.to_owned());
        harness
            .state_mut()
            .perform(Action::ImportText { name, text });
        harness.run();
        let rows = harness.query_all_by_role(egui::Role::ListItem);
        let rows = rows.map(|row| painted(&harness, row.rect().y_range()));
        let run = rows.last().unwrap();
        let count = run.iter().position(|it| it.starts_with("×287")).unwrap();
        let sentence = &run[count + 1];
        assert!(sentence.starts_with("No SYNC_ACK w"), "{width}: {run:?}");
        // How long it took gives way first.
        let is_short = run[count] == "×287";
        assert!(is_short || width > 700.0, "{width}: {run:?}");
        assert!(!is_short || width < 1000.0, "{width}: {run:?}");
    }
}
