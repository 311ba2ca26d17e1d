//! The Ladder view, drawn without a GPU.

use egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::Panel;
use crate::action::{Action, View};
use crate::app::testing::whole_panel;
use crate::model::Model;
use crate::model::testing::{log, source};

fn panel(text: String) -> Panel {
    let mut panel = Panel::new(Model::new(
        None,
        callscope_session_view::words::UtcOffset::UTC,
        false,
    ));
    let name = "x".to_owned();
    panel.perform(Action::ImportText { name, text });
    panel.perform(Action::ShowView { view: View::Ladder });
    panel
}

fn recorded(name: &str) -> Panel {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/");
    panel(std::fs::read_to_string(format!("{folder}{name}.callscope.jsonl")).unwrap())
}

fn harness<'a>(panel: Panel) -> Harness<'a, Panel> {
    let mut harness = whole_panel(panel, vec2(1100.0, 700.0));
    harness.run_steps(3);
    harness
}

/// What is visible, from top to bottom.
fn items(harness: &Harness<'_, Panel>) -> Vec<String> {
    use egui_kittest::kittest::NodeT as _;
    let rows = harness.query_all_by_role(egui::Role::ListItem);
    rows.filter_map(|row| row.accesskit_node().label())
        .collect()
}

#[test]
fn a_recorded_call_is_told_from_the_top_down() {
    let harness = harness(recorded("mistakes/M14-completed-before-ended"));
    for column in harness.query_all_by_role(egui::Role::ColumnHeader) {
        assert!(column.rect().width() > 40.0, "{:?}", column.rect());
    }
    expect_test::expect![[r#"
        20:54:47.316 Conversation 1: localhost:9026 ⇄ 127.0.0.1:9026
        20:54:47.420 host SYNC, https://localhost:9026 · portal 24021990 · widget
        20:54:47.433 widget SYNC_ACK, 0.9.7-beta.0 · https://127.0.0.1:9026, answers SYNC after 13 ms
        20:54:47.455 widget INITIALIZED, logged in · available · 400 × 650 px
        call 1 · outbound to +442079460123 · completed · 00:00 · COMPLETED
        20:54:47.584 host DIAL_NUMBER, +442079460123
        20:54:47.601 widget OUTGOING_CALL_STARTED, +442079460123 · call 3525927e-e07a-4f26-9b44-b39d5a524edf, answers DIAL_NUMBER after 17 ms
        20:54:47.748 host INITIATE_CALL_ID_SUCCEEDED, call id 2d0fcfc2-4979-4639-8ee6-8c3f9102b2de, answers OUTGOING_CALL_STARTED after 146 ms
        20:54:47.935 host CREATE_ENGAGEMENT_SUCCEEDED, engagement 18000887128, answers OUTGOING_CALL_STARTED after 334 ms
        20:54:47.948 host ENGAGEMENT_CREATED, engagement 18000887128, answers OUTGOING_CALL_STARTED after 346 ms
        20:54:48.004 widget CALL_ANSWERED, call 3525927e-e07a-4f26-9b44-b39d5a524edf
        20:54:48.007 widget CALL_COMPLETED, engagement 18000887128 · call 3525927e-e07a-4f26-9b44-b39d5a524edf, M14 CALL_COMPLETED came before CALL_ENDED; the call is still answered
        20:54:48.283 host UPDATE_ENGAGEMENT_SUCCEEDED, engagement 18000887128, answers CALL_COMPLETED after 276 ms
        20:54:48.300 widget CALL_ENDED, COMPLETED · engagement 18000887128 · call 3525927e-e07a-4f26-9b44-b39d5a524edf"#]].assert_eq(&items(&harness).join("\n"));
}

#[test]
fn a_click_selects_for_all_views_and_arrows_move_on() {
    let mut harness = harness(recorded("mistakes/M14-completed-before-ended"));
    harness.get_by_label_contains("widget INITIALIZED").click();
    harness.run_steps(3);
    let selected = harness.state_mut().snapshot(false).selected;
    assert!(selected.is_some());
    harness.key_press(egui::Key::ArrowDown);
    harness.run_steps(3);
    let next = harness.state_mut().snapshot(false).selected;
    assert_eq!(next, selected.map(|seq| seq + 1));
    harness.key_press(egui::Key::Escape);
    harness.run_steps(3);
    // A click on the call's name shows it alone.
    harness.get_by_label_contains("call 1 · ").click();
    harness.run_steps(3);
    assert_eq!(harness.state_mut().snapshot(false).filter, "call:1");
    assert!(
        harness
            .query_by_label_contains("widget INITIALIZED")
            .is_none()
    );
    let hidden = harness.query_all_by_label("3 hidden by filter");
    assert!(hidden.count() > 0);
}

#[test]
fn only_what_is_in_sight_is_laid_out() {
    use std::fmt::Write as _;
    let mut trace = String::new();
    for index in 0..2_000 {
        writeln!(
            trace,
            r#"host {{"type":"NAVIGATE_{index}","messageId":"17_{index}"}}"#
        )
        .unwrap();
    }
    let mut panel = panel(log(&source(&trace)));
    panel.perform(Action::FollowTail);
    let mut harness = harness(panel);
    let fitting = items(&harness).len();
    assert!((10..40).contains(&fitting), "{fitting}");
    // The list follows its end.
    let height = |harness: &Harness<'_, Panel>, name: &str| {
        use egui_kittest::kittest::NodeT as _;
        let mut rows = harness.query_all_by_role(egui::Role::ListItem);
        let is_it = |label: String| label.contains(name);
        let row = rows.find(|row| row.accesskit_node().label().is_some_and(is_it));
        row.map(|row| row.rect().height())
    };
    assert!(height(&harness, "NAVIGATE_1999").is_some());
    // At a smaller zoom level, more is visible; the selected step stays visible.
    harness
        .state_mut()
        .perform(Action::SelectSeq { seq: 1_991 });
    harness.state_mut().perform(Action::Back);
    harness.run_steps(2);
    for _ in 0..3 {
        harness.key_press(egui::Key::Minus);
        harness.run_steps(2);
    }
    let more = items(&harness).len();
    assert!(more > 4 * fitting, "{more}");
    assert_eq!(height(&harness, "NAVIGATE_1990"), Some(3.0));
    for _ in 0..3 {
        harness.key_press(egui::Key::Plus);
        harness.run_steps(2);
    }
    assert!(items(&harness).len().abs_diff(fitting) <= 1);
    assert_eq!(height(&harness, "NAVIGATE_1990"), Some(20.0));
}

/// Selects a message far from the end.
fn select_early(harness: &mut Harness<'_, Panel>) {
    let id = harness.state().model().shown().id_of(100);
    harness
        .state_mut()
        .perform(Action::Select { id: id.unwrap() });
    harness.run_steps(3);
}

fn show(harness: &mut Harness<'_, Panel>, view: View) {
    harness.state_mut().perform(Action::ShowView { view });
    harness.run_steps(3);
}

fn sees(harness: &Harness<'_, Panel>, name: &str) -> bool {
    items(harness).iter().any(|it| it.contains(name))
}

fn wheel(harness: &mut Harness<'_, Panel>, delta: f32) {
    harness.hover_at(egui::pos2(200.0, 400.0));
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, delta),
        modifiers: egui::Modifiers::NONE,
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
    });
    harness.run_steps(8);
}

fn long_trace() -> String {
    let line =
        |index| format!("host {{\"type\":\"NAVIGATE_{index}\",\"messageId\":\"17_{index}\"}}\n");
    (1..=400).map(line).collect()
}

#[test]
fn what_was_selected_in_another_view_is_scrolled_to_once() {
    let mut panel = panel(log(&source(&long_trace())));
    panel.perform(Action::FollowTail);
    let mut harness = harness(panel);
    assert!(sees(&harness, "NAVIGATE_400,") && !sees(&harness, "NAVIGATE_100,"));
    for (one, other) in [
        (View::Timeline, View::Ladder),
        (View::Ladder, View::Timeline),
    ] {
        harness.state_mut().perform(Action::Back);
        harness.state_mut().perform(Action::Back);
        harness.state_mut().perform(Action::FollowTail);
        for view in [other, one] {
            show(&mut harness, view);
            assert!(sees(&harness, "NAVIGATE_400,"), "{view:?}");
        }
        select_early(&mut harness);
        show(&mut harness, other);
        assert!(sees(&harness, "NAVIGATE_100,"), "{other:?}");
        assert!(!harness.state().model().follows, "{other:?}");
        // Afterwards, the view is where the user has scrolled it.
        wheel(&mut harness, -2_000.0);
        assert!(!sees(&harness, "NAVIGATE_100,"), "{other:?}");
        let seen = items(&harness);
        show(&mut harness, one);
        show(&mut harness, other);
        assert_eq!(items(&harness), seen, "{other:?}");
    }
}

#[test]
fn following_goes_on_where_the_selection_can_be_seen_at_the_end() {
    let mut panel = panel(log(&source(&long_trace())));
    panel.perform(Action::FollowTail);
    let mut harness = harness(panel);
    for view in [View::Timeline, View::Ladder] {
        let seq = if view == View::Timeline { 399 } else { 398 };
        let id = harness.state().model().shown().id_of(seq);
        harness
            .state_mut()
            .perform(Action::Select { id: id.unwrap() });
        show(&mut harness, view);
        assert!(harness.state().model().follows, "{view:?}");
        assert!(sees(&harness, "NAVIGATE_400,"), "{view:?}");
    }
}

/// The color of the uppermost filled rectangle at a place.
fn ground(harness: &Harness<'_, Panel>, at: egui::Pos2) -> Option<egui::Color32> {
    let shapes = harness.output().shapes.iter().rev();
    let mut rects = shapes.filter_map(|it| match &it.shape {
        egui::Shape::Rect(rect) if it.clip_rect.contains(at) => Some(rect),
        _ => None,
    });
    let rect = rects.find(|it| it.fill.a() == 255 && it.rect.contains(at))?;
    Some(rect.fill)
}

#[test]
fn the_band_of_a_call_goes_on_through_a_row_that_is_selected_or_pointed_at() {
    let mut harness = harness(recorded("mistakes/M14-completed-before-ended"));
    let row = harness.get_by_label_contains("widget CALL_ANSWERED").rect();
    // The edge of the band, to the right of the lifeline.
    let is_edge = |x: &f32| {
        let palette = crate::theme::Palette::for_theme(harness.ctx.theme());
        let color = ground(&harness, egui::pos2(*x, row.center().y));
        let colors = [palette.error, palette.warning, palette.ok];
        color.is_some_and(|color| colors.contains(&color))
    };
    let edge = (0_u16..600).map(f32::from).find(is_edge).expect("an edge");
    let colors = |harness: &Harness<'_, Panel>| {
        let at = |x: f32| ground(harness, egui::pos2(x, row.center().y));
        [at(edge + 1.0), at(edge + 5.0), at(edge - 8.0)]
    };
    let [color, fill, outside] = colors(&harness);
    harness.hover_at(row.center());
    harness.run_steps(3);
    let [hovered_color, hovered_fill, hovered] = colors(&harness);
    harness
        .get_by_label_contains("widget CALL_ANSWERED")
        .click();
    harness.run_steps(3);
    let [selected_color, selected_fill, selected] = colors(&harness);
    assert_eq!([hovered_color, selected_color], [color, color]);
    assert!(outside != hovered && hovered != selected && fill != outside);
    assert!(hovered_fill != hovered && selected_fill != selected);
}

/// The rectangles of texts and those of the edges of calls, as far as they are seen.
fn texts_and_edges(harness: &Harness<'_, Panel>) -> [Vec<egui::Rect>; 2] {
    let mut found = [Vec::new(), Vec::new()];
    for it in &harness.output().shapes {
        let (kind, rect) = match &it.shape {
            egui::Shape::Text(text) => (0, text.visual_bounding_rect()),
            egui::Shape::Rect(shape) if (shape.rect.width() - 3.0).abs() < 0.01 => (1, shape.rect),
            _ => continue,
        };
        found[kind].push(rect.intersect(it.clip_rect));
    }
    found
}

/// Two calls at once: the edge of the inner one begins where texts would.
#[test]
fn no_text_stands_on_the_edge_of_a_call() {
    let started = |id| {
        format!(
            r#"widget {{"type":"OUTGOING_CALL_STARTED","messageId":"18_{id}","data":{{"toNumber":"+15550100","externalCallId":"{id}","createEngagement":true}}}}
            host {{"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":"17_{id}","data":{{"engagementId":{id}}}}}
            "#
        )
    };
    let of_call = |ty, id| {
        format!(
            r#"widget {{"type":"{ty}","messageId":"18_{ty}_{id}","data":{{"externalCallId":"{id}","engagementId":{id}}}}}
            "#
        )
    };
    let trace = [
        started(1),
        started(2),
        of_call("CALL_ANSWERED", 1),
        of_call("CALL_ANSWERED", 2),
        of_call("CALL_ENDED", 1),
        of_call("CALL_ENDED", 2),
    ];
    // Messages are missing while both calls last.
    let mut text = log(&source(&trace.concat()));
    let gap = r#"{"kind":"gap","at":1700000000045.0,"conversation":1,"lost":2,"why":"paused"}"#;
    let at = text.find(r#"{"kind":"frame","seq":6"#).unwrap();
    text.insert_str(at, &format!("{gap}\n"));
    for width in [480.0, 800.0, 1100.0] {
        let mut harness = whole_panel(panel(text.clone()), vec2(width, 700.0));
        harness.run_steps(3);
        let bands = &harness.state_mut().snapshot(false).ladder;
        assert_eq!(bands.as_ref().map(|it| it.bands), Some(2));
        let [texts, edges] = texts_and_edges(&harness);
        assert!(edges.len() >= 2, "{edges:?}");
        for text in texts {
            let on = edges.iter().find(|edge| edge.intersect(text).is_positive());
            assert_eq!(on, None, "{text:?} at {width}");
        }
    }
}
