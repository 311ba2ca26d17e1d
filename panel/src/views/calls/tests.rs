//! The Calls view, operated by its labels: clicks become actions, and their results show.

use callscope_protocol::{CallId, ConversationId};
use egui::{Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::*;
use crate::action::{Move, OtherSession, View};
use crate::app::testing::whole_panel;
use crate::model::testing::{live, log, source};
use crate::model::{DetailData, Model};

const TRACE: &str = r#"
    host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
    widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
    widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
    widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
    host   {"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":"17_3","data":{"engagementId":7}}
    widget {"type":"CALL_ANSWERED","messageId":"18_3","data":{"externalCallId":"a"}}
    widget {"type":"CALL_ENDED","messageId":"18_4","data":{"externalCallId":"a","engagementId":7,"callEndStatus":"COMPLETED"}}
    widget {"type":"CALL_COMPLETED","messageId":"18_5","data":{"externalCallId":"a","engagementId":7,"hideWidget":false}}
    widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_6","data":{"toNumber":"+15550101","externalCallId":"b","createEngagement":true}}
    host   {"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":"17_7","data":{"engagementId":8}}
    widget {"type":"CALL_ENDED","messageId":"18_8","data":{"externalCallId":"b","engagementId":8,"callEndStatus":"NO_ANSWER"}}
    host   {"type":"END_CALL","messageId":"17_8"}
"#;

fn model(trace: &str) -> Model {
    let mut model = Model::default();
    import(&mut model, "a.callscope.jsonl", trace);
    model.perform(Action::ShowView { view: View::Calls });
    model
}

fn import(model: &mut Model, name: &str, trace: &str) {
    model.perform(Action::ImportText {
        name: name.to_owned(),
        text: log(&source(trace)),
    });
}

/// Draws the view at this width.
fn harness(mut model: Model, width: f32) -> Harness<'static, (Model, Actions)> {
    model.refresh();
    let mut harness = Harness::builder()
        .with_size(vec2(width, 700.0))
        .with_context_setup(theme::apply)
        .allow_missing_glyphs()
        .build_ui_state(
            |ui, (model, actions): &mut (Model, Actions)| {
                let data = model.calls_data();
                calls_ui(ui, &data, &model.folds, actions);
                model.calls.reveals_pair = None;
            },
            (model, Actions::new()),
        );
    harness.run();
    harness
}

use crate::theme;

fn id(serial: u32) -> CallId {
    CallId {
        conversation: ConversationId::default(),
        serial,
    }
}

const fn follow(call: u32) -> Action {
    Action::FollowCall {
        conversation: 1,
        call,
    }
}

const fn pick(call: u32, on: bool) -> Action {
    Action::PickCall {
        conversation: 1,
        call,
        on,
    }
}

#[track_caller]
fn check_click(model: Model, label: &str, expected: &[Action]) {
    let mut harness = harness(model, 1100.0);
    harness.get_by_label(label).click();
    harness.run();
    assert_eq!(harness.state().1, expected, "{label}");
}

#[test]
fn rows_select_pick_and_follow() {
    let label = "call 2, outbound, +15550101, ended · NO_ANSWER, ringing 00:00, engagement 8 by \
                 HubSpot, answers 10 ms";
    let harness = harness(model(TRACE), 1100.0);
    assert!(
        harness.query_by_label_contains(label).is_some(),
        "{:?}",
        harness.root()
    );
    drop(harness);
    check_click(model(TRACE), "Follow call 2", &[follow(2)]);
    check_click(model(TRACE), "Compare call 1", &[pick(1, true)]);
    let mut model = model(TRACE);
    model.perform(pick(1, true));
    check_click(model, "Compare call 1", &[pick(1, false)]);
}

#[test]
fn the_row_itself_selects_the_calls_first_message() {
    let mut harness = harness(model(TRACE), 1100.0);
    harness.get_by_label_contains("call 2, outbound").click();
    harness.run();
    assert_eq!(harness.state().1, [Action::SelectSeq { seq: 9 }]);
}

#[test]
fn following_is_the_filter_and_says_so() {
    let mut model = model(TRACE);
    model.perform(follow(2));
    assert_eq!(model.filter_text, "call:2");
    assert_eq!(
        model.followed().map(|it| it.name).as_deref(),
        Some("call 2")
    );
    let data = model.calls_data();
    let shown: Vec<CallId> = data.table.rows.iter().map(|row| row.id).collect();
    assert_eq!((shown, data.table.hidden), (vec![id(2)], 1));
    let followed = model.followed().unwrap();
    let mut harness = Harness::builder()
        .with_size(vec2(300.0, 100.0))
        .build_ui_state(
            |ui, actions: &mut Actions| followed_ui(ui, &followed, actions),
            Actions::new(),
        );
    harness.run();
    harness.get_by_label("Following call 2 · Esc to show all");
    let close = harness.get_by_label("Stop following");
    assert!(close.rect().right() <= 300.0);
    close.click();
    harness.run();
    assert_eq!(harness.state(), &[Action::UnfollowCall]);
    drop(harness);
    model.perform(Action::Back);
    assert_eq!((model.filter_text.as_str(), model.followed()), ("", None));
}

#[test]
fn the_filter_before_comes_back_when_a_call_is_not_followed_any_more() {
    let mut model = model(TRACE);
    let filter = |text: &str| Action::SetFilter {
        text: text.to_owned(),
    };
    for leave in [Action::Back, Action::UnfollowCall] {
        model.perform(filter("type:CALL_*"));
        model.perform(follow(1));
        model.perform(follow(2));
        model.perform(filter("call:2 from:host"));
        assert_eq!(model.followed().unwrap().before, "type:CALL_*");
        model.perform(leave);
        assert_eq!(model.filter_text, "type:CALL_*");
        model.perform(Action::Back);
        assert_eq!(model.filter_text, "");
    }
    // Another filter in between is the one that counts.
    model.perform(filter("type:CALL_*"));
    model.perform(follow(1));
    model.perform(filter("from:host"));
    model.perform(filter("call:1"));
    model.perform(Action::Back);
    assert_eq!(model.filter_text, "");
}

#[test]
fn what_follows_no_single_call_is_not_called_so() {
    for filter in [
        "",
        "call:1,2",
        "-call:1",
        "call:1 call:2",
        "is:call",
        "call",
        "call:1 or from:host",
        "not call:1",
        "(call:1)",
    ] {
        assert_eq!(crate::model::Followed::of(filter), None, "{filter}");
    }
    let followed = crate::model::Followed::of("conv:2 call:#4 from:host").unwrap();
    assert_eq!(followed.name, "call 4 of conversation 2");
    assert!(followed.is_filtered);
}

/// The keys lead to calls that are out of sight; so does coming back to the view.
#[test]
fn the_selected_call_is_in_sight() {
    let mut trace = TRACE.to_owned();
    for call in 0..60 {
        let start = format!(
            r#"widget {{"type":"OUTGOING_CALL_STARTED","messageId":"19_{call}1","data":{{"toNumber":"+1555","externalCallId":"x{call}"}}}}"#
        );
        let end = format!(
            r#"widget {{"type":"CALL_ENDED","messageId":"19_{call}2","data":{{"externalCallId":"x{call}"}}}}"#
        );
        trace = format!("{trace}\n{start}\n{end}");
    }
    let mut harness = whole_panel(crate::Panel::new(model(&trace)), vec2(900.0, 400.0));
    harness.run();
    let selected = |harness: &Harness<'_, crate::Panel>| {
        let mut rows = harness.query_all_by_role(Role::ListItem);
        let row =
            rows.find(|row| row.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True));
        row.map(|row| row.rect().y_range())
    };
    let room = harness.ctx.content_rect().y_range();
    for key in [
        Key::End,
        Key::ArrowUp,
        Key::Home,
        Key::PageDown,
        Key::ArrowDown,
    ] {
        harness.key_press(key);
        harness.run();
        let row = selected(&harness).expect("a selected row in sight");
        assert!(room.contains(row.min) && room.contains(row.max), "{key:?}");
    }
    harness.key_press(Key::End);
    harness.run();
    for view in [View::Timeline, View::Calls] {
        harness.state_mut().perform(Action::ShowView { view });
        harness.run();
    }
    assert!(selected(&harness).is_some());
}

#[test]
fn esc_lets_go_of_the_picked_calls() {
    let mut model = model(TRACE);
    for call in [1, 2] {
        model.perform(pick(call, true));
    }
    assert!(model.can_go_back(), "DevTools would take the key");
    model.perform(Action::Back);
    assert_eq!(model.calls_data().picked, []);
    assert!(!model.can_go_back());
}

#[test]
fn two_picked_calls_are_compared_and_the_first_difference_is_selected() {
    let mut model = model(TRACE);
    model.perform(pick(2, true));
    check_click(
        {
            let mut model = self::model(TRACE);
            model.perform(pick(2, true));
            model.perform(pick(1, true));
            model
        },
        "Compare the two calls",
        &[Action::CompareCalls],
    );
    model.perform(pick(1, true));
    model.perform(Action::CompareCalls);
    assert_eq!(model.selected_seq(), Some(6), "CALL_ANSWERED of call 1");
    let mut harness = harness(model, 1100.0);
    harness.get_by_label("Call 2 has no CALL_ANSWERED after CREATE_ENGAGEMENT_SUCCEEDED");
    harness.get_by_label_contains("Not compared, as ids, times");
    let lacking = harness.get_by_label("widget CALL_ANSWERED, only in call 1");
    let toggled = lacking.accesskit_node().toggled();
    assert_eq!(toggled, Some(egui::accesskit::Toggled::True));
    harness
        .get_by_label_contains("widget CALL_ENDED, in both: data.callEndStatus")
        .click();
    harness.get_by_label("Close comparison").click();
    harness.run();
    let (model, actions) = harness.state_mut();
    assert_eq!(
        actions[..],
        [Action::SelectSeq { seq: 7 }, Action::CloseComparison]
    );
    model.perform(Action::Back);
    assert!(!model.is_comparing());
}

const THREE: &str = r#"
    widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
    widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550101","externalCallId":"a"}}
    widget {"type":"CALL_ENDED","messageId":"18_3","data":{"externalCallId":"a","callEndStatus":"COMPLETED"}}
    widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_4","data":{"toNumber":"+15550102","externalCallId":"b"}}
    widget {"type":"CALL_ENDED","messageId":"18_5","data":{"externalCallId":"b","callEndStatus":"COMPLETED"}}
    widget {"type":"INCOMING_CALL","messageId":"18_6","data":{"fromNumber":"+15550103","externalCallId":"c"}}
    widget {"type":"CALL_ENDED","messageId":"18_7","data":{"externalCallId":"c","callEndStatus":"NO_ANSWER"}}
"#;

#[test]
fn a_call_is_compared_with_the_one_that_is_chosen_next() {
    let mut harness = whole(THREE);
    let view = crate::action::View::Calls;
    harness.state_mut().perform(Action::ShowView { view });
    harness.run_steps(3);
    // With the menu and a click.
    harness.get_by_label("Menu of call 3").click();
    harness.run_steps(3);
    harness.get_by_label("Compare call 3 with…").click();
    harness.run_steps(3);
    harness.get_by_label("Choose the call to compare call 3 with");
    harness.get_by_label_contains("call 1, outbound").click();
    harness.run_steps(3);
    harness.get_by_label("call 1 and call 3");
    // With the keyboard, after going back.
    harness.key_press(egui::Key::Escape);
    harness.run_steps(3);
    harness.key_press(egui::Key::Escape);
    harness.run_steps(3);
    harness.get_by_label_contains("call 2, outbound").click();
    harness.run_steps(3);
    harness.key_press(egui::Key::Menu);
    harness.run_steps(3);
    harness.get_by_label("Compare call 2 with…").focus();
    harness.run_steps(3);
    harness.key_press(egui::Key::Enter);
    harness.run_steps(3);
    harness.get_by_label("Choose the call to compare call 2 with");
    harness.key_press(egui::Key::Escape);
    harness.run_steps(3);
    assert!(
        harness
            .query_by_label("Choose the call to compare call 2 with")
            .is_none()
    );
    harness.state_mut().perform(Action::CompareCallWith {
        conversation: 1,
        call: 2,
    });
    harness.run_steps(3);
    harness.key_press(egui::Key::ArrowDown);
    harness.run_steps(3);
    harness.key_press(egui::Key::Enter);
    harness.run_steps(3);
    harness.get_by_label("call 2 and call 3");
}

#[test]
fn with_one_other_call_there_is_no_choice() {
    let mut model = model(TRACE);
    let text = "call:1".to_owned();
    model.perform(Action::SetFilter { text });
    model.perform(Action::CompareCallWith {
        conversation: 1,
        call: 1,
    });
    assert!(model.is_comparing());
    let one: String = THREE.split_inclusive('\n').take(4).collect();
    let mut model = self::model(&one);
    model.perform(Action::CompareCallWith {
        conversation: 1,
        call: 1,
    });
    assert!(!model.is_comparing());
}

/// The whole panel showing a session.
fn whole<'a>(trace: &str) -> Harness<'a, crate::Panel> {
    let panel = crate::Panel::new(model(trace));
    whole_panel(panel, egui::vec2(1100.0, 700.0))
}

#[test]
fn sessions_are_compared_with_the_one_before() {
    let mut model = model(TRACE);
    let shorter: String = TRACE.split_inclusive('\n').take(9).collect();
    import(&mut model, "b.callscope.jsonl", &shorter);
    let with = OtherSession::Before;
    check_click_in(
        &mut model,
        "Compare session with a",
        &[Action::CompareSession { with }],
    );
    model.perform(Action::CompareSession { with });
    let harness = harness(model, 1100.0);
    harness.get_by_label("b has no OUTGOING_CALL_STARTED after CALL_COMPLETED");
}

#[track_caller]
fn check_click_in(model: &mut Model, label: &str, expected: &[Action]) {
    let taken = std::mem::take(model);
    let mut harness = harness(taken, 1100.0);
    harness.get_by_label(label).click();
    harness.run();
    let (after, actions) = harness.state_mut();
    assert_eq!(actions[..], *expected);
    *model = std::mem::take(after);
}

#[test]
fn the_arrow_keys_go_from_call_to_call() {
    let mut model = model(TRACE);
    let next = || Action::MoveSelection { step: Move::Next };
    model.perform(next());
    assert_eq!(model.selected_seq(), Some(4));
    model.perform(Action::MovePicking { step: Move::Next });
    assert_eq!(model.selected_seq(), Some(9));
    assert_eq!(model.calls_data().picked, [id(1), id(2)]);
    model.perform(next());
    assert_eq!(model.selected_seq(), Some(9), "it is the last");
    model.perform(Action::MoveSelection { step: Move::First });
    assert_eq!(model.calls_data().selected, Some(id(1)));
}

#[test]
fn latencies_and_handshakes_lead_to_their_messages() {
    let kind =
        "OUTGOING_CALL_STARTED → CREATE_ENGAGEMENT_*, worst 10 ms, median 10 ms of 2 answers";
    check_click(model(TRACE), kind, &[Action::SelectSeq { seq: 5 }]);
    check_click(
        model(TRACE),
        "Plot of OUTGOING_CALL_STARTED → CREATE_ENGAGEMENT_*: worst 10 ms, median 10 ms of 2 \
         answers. Selects the slowest answer",
        // The click is halfway between the two, too far from either.
        &[Action::SelectSeq { seq: 5 }],
    );
    let id = source(TRACE).id_of(2).unwrap();
    check_click(
        model(TRACE),
        "SYNC_ACK after 10 ms",
        &[Action::Select { id }],
    );
}

/// A request in flight is no fault, and whether one is said moves nothing.
#[test]
fn a_missing_answer_is_said_in_a_place_that_is_kept() {
    let dial =
        r#"host {"type":"DIAL_NUMBER","messageId":"17_9","data":{"phoneNumber":"+15550102"}}"#;
    let trace = format!("{TRACE}{dial}\n");
    for width in [320.0, 1100.0] {
        let top = |model: Model, words: &str| {
            let harness = harness(model, width);
            harness.get_by_label_contains(words);
            let kind = "OUTGOING_CALL_STARTED → CREATE_ENGAGEMENT_*, worst";
            harness.get_by_label_contains(kind).rect().top()
        };
        let in_flight = top(model(&trace), "No answer is missing");
        let end = r#"{"kind":"end","at":1700000060000}"#;
        let mut ended = Model::default();
        ended.perform(Action::ImportText {
            name: "ended".to_owned(),
            text: format!("{}{end}\n", log(&source(&trace))),
        });
        let missing = top(ended, "DIAL_NUMBER: 1 without an answer");
        assert_eq!(in_flight.to_bits(), missing.to_bits(), "{width}");
    }
}

#[test]
fn an_answer_that_is_clicked_is_selected() {
    let mut harness = harness(model(TRACE), 1100.0);
    let label = "Plot of OUTGOING_CALL_STARTED → CREATE_ENGAGEMENT";
    let plot = harness.get_by_label_contains(label).rect();
    // Both took equally long, so both are at the top: the first on the left, the last on the right.
    harness.hover_at(plot.right_top() + vec2(-6.0, 6.0));
    harness.run();
    harness.drag_at(plot.right_top() + vec2(-6.0, 6.0));
    harness.drop_at(plot.right_top() + vec2(-6.0, 6.0));
    harness.run();
    assert_eq!(harness.state().1, [Action::SelectSeq { seq: 10 }]);
}

/// All texts that are painted and end in an ellipsis.
fn cut(harness: &Harness<'static, (Model, Actions)>) -> Vec<String> {
    let shapes = harness.output().shapes.iter();
    let galleys = shapes.filter_map(|it| match &it.shape {
        egui::Shape::Text(text) => Some(&text.galley),
        _ => None,
    });
    let cut = galleys.filter(|it| it.elided);
    cut.map(|it| it.text().to_owned()).collect()
}

#[test]
fn where_there_is_room_the_state_is_whole() {
    let status = r#""callEndStatus":"NO_ANSWER""#;
    let wrong = TRACE.replace(status, r#""callEndStatus":"INTERNAL_NO_ANSWER""#);
    assert_ne!(wrong, TRACE);
    let left_edge = |trace: &str, width: f32| {
        let harness = harness(model(trace), width);
        let texts = harness
            .output()
            .shapes
            .iter()
            .filter_map(|it| match &it.shape {
                egui::Shape::Text(text) => Some(text),
                _ => None,
            });
        let head = texts.filter(|it| it.galley.text() == "Engagement");
        let head = head.map(|it| it.pos.x).next();
        (head, cut(&harness))
    };
    for width in [1700.0, 2500.0] {
        let (as_it_should_be, _) = left_edge(TRACE, width);
        let (longer, cut) = left_edge(&wrong, width);
        assert_eq!(cut, [] as [&str; 0], "{width}");
        // No column moved for it.
        assert_eq!(longer, as_it_should_be, "{width}");
    }
}

#[test]
fn all_of_a_row_is_within_the_narrowest_panel() {
    for width in [300.0, 800.0, 1280.0] {
        let harness = harness(model(TRACE), width);
        for label in ["Compare call 1", "Follow call 1", "Follow call 2"] {
            let rect = harness.get_by_label(label).rect();
            assert!(
                rect.left() >= 0.0 && rect.right() <= width,
                "{label}: {rect:?}"
            );
        }
    }
}

#[test]
fn no_calls_are_explained() {
    let harness = harness(
        model("host {\"type\":\"SYNC\",\"messageId\":\"17_1\"}"),
        1100.0,
    );
    harness.get_by_label("No calls");
    drop(harness);
    let mut model = model(TRACE);
    model.perform(Action::SetFilter {
        text: "type:SYNC".to_owned(),
    });
    let harness = self::harness(model, 1100.0);
    assert!(harness.query_by_label("No calls").is_none());
}

#[test]
fn after_a_click_on_the_tab_the_arrow_keys_move_in_the_table_only() {
    let mut panel = crate::Panel::new(Model::default());
    panel.perform(Action::ImportText {
        name: "x".to_owned(),
        text: log(&source(THREE)),
    });
    let mut harness = whole_panel(panel, vec2(1100.0, 700.0));
    harness.run_steps(3);
    harness.get_by_label("Calls").click();
    harness.run_steps(3);
    let mut seen = Vec::new();
    for key in [Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::ArrowUp] {
        harness.key_press(key);
        harness.run_steps(3);
        let focused = harness.ctx.memory(egui::Memory::focused);
        assert_eq!(focused, Some(calls_list_id()), "after {seen:?} and {key:?}");
        seen.push(harness.state_mut().snapshot(false).selected);
    }
    assert_eq!(seen, [Some(2), Some(4), Some(6), Some(4)]);
}

/// The details continue the comparison, rather than to compare with a message of neither side.
#[test]
fn beside_a_comparison_the_details_compare_with_the_other_side() {
    let third = TRACE.replace("18_", "19_").replace("\"a\"", "\"c\"");
    let third = third
        .lines()
        .find(|it| it.contains("OUTGOING_CALL_STARTED"));
    let trace = format!("{TRACE}\n{}", third.unwrap());
    let selected = |seq| {
        let mut model = model(&trace);
        model.perform(pick(1, true));
        model.perform(pick(3, true));
        model.perform(Action::CompareCalls);
        model.perform(Action::SelectSeq { seq });
        model
    };
    // The message before it of its type is in the second call.
    for (seq, text, link) in [
        (4, "− is this one and + is", "13 OUTGOING_CALL_STARTED"),
        (13, "− is", "4 OUTGOING_CALL_STARTED"),
    ] {
        let harness = in_panel(selected(seq), vec2(1100.0, 1600.0));
        harness.get_by_label(text);
        harness.get_by_label(link);
    }
    let mut model = selected(6);
    let Some(DetailData::Message(detail)) = &*model.detail_data().unwrap() else {
        panic!("no message is selected");
    };
    assert_eq!(detail.other, Err("only this call has it"));
}

#[test]
fn beside_a_comparison_of_sessions_the_details_lead_to_the_other_session() {
    let mut model = with_live();
    let seq = 4;
    model.perform(Action::SelectSeq { seq });
    let mut harness = in_panel(model, vec2(1100.0, 1600.0));
    harness
        .get_by_label_contains("OUTGOING_CALL_STARTED of the live session")
        .click();
    harness.run_steps(4);
    harness.get_by_label_contains("Only the live session has this message");
}

/// The pointer goes from checkbox to checkbox, which no tooltip may cover.
#[test]
fn a_calls_tooltips_cover_no_checkbox() {
    let others = TRACE.replace("\"a\"", "\"c\"").replace("\"b\"", "\"d\"");
    let trace = format!(
        "{TRACE}{}",
        others.lines().skip(4).collect::<Vec<_>>().join("\n")
    );
    for size in [vec2(1100.0, 700.0), vec2(300.0, 400.0)] {
        let mut harness = in_panel(model(&trace), size);
        let box_of = |harness: &Harness<'_, crate::Panel>, call: u32| {
            harness.get_by_label(&format!("Compare call {call}")).rect()
        };
        let boxes = [1, 2, 3, 4].map(|call| box_of(&harness, call));
        let on_row = boxes[1].center() + vec2(40.0, 0.0);
        for (at, words) in [
            (boxes[1].center(), "Pick two calls"),
            (on_row, "call 2, outbound"),
        ] {
            harness.hover_at(at);
            harness.run_steps(40);
            let found = harness.query_all_by_label_contains(words);
            let mut texts = found.filter(|it| it.accesskit_node().role() == egui::Role::Label);
            let tooltip = texts.next_back().expect(words).rect().expand(4.0);
            for checkbox in boxes {
                let covered = tooltip.intersect(checkbox);
                assert!(!covered.is_positive(), "{size}: {tooltip} over {checkbox}");
            }
        }
    }
}

/// However low the list beside the details is, its head leaves the steps most of it.
#[test]
fn with_details_open_a_comparison_keeps_its_steps() {
    for size in [
        vec2(300.0, 400.0),
        vec2(300.0, 260.0),
        vec2(420.0, 300.0),
        vec2(1280.0, 220.0),
        vec2(1280.0, 150.0),
    ] {
        let calls: fn() -> Model = || {
            let mut model = model(TRACE);
            model.perform(pick(1, true));
            model.perform(pick(2, true));
            model.perform(Action::CompareCalls);
            model
        };
        for model in [calls, with_live as fn() -> Model] {
            let mut model = model();
            model.perform(Action::SelectSeq { seq: 7 });
            let harness = in_panel(model, size);
            let list = harness.get_by_label("Calls").rect();
            let divider = harness.get_by_label("Resize details").rect();
            let bottom = if divider.width() > divider.height() {
                divider.center().y
            } else {
                size.y - size::BAR + size::STEP
            };
            let room = bottom - list.bottom();
            let rows = harness.query_all_by_role(egui::Role::ListItem);
            let seen = egui::Rangef::new(list.bottom(), bottom);
            let seen: f32 = rows
                .map(|row| row.rect().y_range().intersection(seen).span().max(0.0))
                .sum();
            assert!(seen >= 0.6 * room, "{size}: {seen} of {room}");
        }
    }
}

/// The whole panel in this size, comparing the two calls.
fn comparing<'a>(trace: &str, size: egui::Vec2) -> Harness<'a, crate::Panel> {
    let mut model = model(trace);
    model.perform(pick(1, true));
    model.perform(pick(2, true));
    model.perform(Action::CompareCalls);
    in_panel(model, size)
}

/// The whole panel in this size.
fn in_panel<'a>(model: Model, size: egui::Vec2) -> Harness<'a, crate::Panel> {
    let panel = crate::Panel::new(model);
    let mut harness = whole_panel(panel, size);
    harness.run_steps(8);
    harness
}

/// Two calls, of which only the first is answered, after this many messages that both have.
fn long(count: usize) -> String {
    let mut trace = String::new();
    for id in ["a", "b"] {
        let mut say = |name: &str| {
            let begin = format!(r#"widget {{"type":"{name}","messageId":"18_1","data":"#);
            let data = format!(r#"{{"externalCallId":"{id}"}}}}"#);
            trace = format!("{trace}{begin}{data}\n");
        };
        say("OUTGOING_CALL_STARTED");
        for _ in 0..count {
            say("CALL_DATA");
        }
        if id == "a" {
            say("CALL_ANSWERED");
        }
        say("CALL_ENDED");
    }
    trace
}

#[test]
fn of_a_comparison_the_first_difference_is_in_sight_in_words_and_in_the_list() {
    for size in [
        vec2(300.0, 180.0),
        vec2(1280.0, 220.0),
        vec2(380.0, 500.0),
        vec2(1100.0, 700.0),
    ] {
        for trace in [TRACE.to_owned(), long(80)] {
            let harness = comparing(&trace, size);
            let bottom = size.y - 20.0;
            let sentence = harness.get_by_label_contains("has no CALL_ANSWERED after");
            let row = harness.get_by_label("widget CALL_ANSWERED, only in call 1");
            for (what, rect) in [("sentence", sentence.rect()), ("row", row.rect())] {
                let is_in_sight = rect.top() > 40.0 && rect.center().y < bottom;
                assert!(is_in_sight, "{size:?}: {what} at {rect:?}");
            }
        }
    }
}

#[test]
fn a_comparison_says_whose_the_numbers_are() {
    let harness = comparing(TRACE, vec2(1100.0, 700.0));
    let [first, second] = ["call 1", "call 2"].map(|name| {
        let label = format!("Message of {name}");
        harness.get_by_label(&label).rect()
    });
    assert!(first.right() < second.left() && first.width() > 20.0);
}

#[test]
fn what_differs_is_whole_in_a_narrow_panel() {
    for width in [300.0, 380.0, 1100.0] {
        let harness = comparing(TRACE, vec2(width, 700.0));
        let shapes = harness.output().shapes.iter();
        let texts: Vec<String> = shapes
            .filter_map(|it| match &it.shape {
                egui::Shape::Text(text) if !text.galley.elided => Some(text.galley.text()),
                _ => None,
            })
            .map(str::to_owned)
            .collect();
        let all = texts.join(" ");
        let change = "data.callEndStatus is \"COMPLETED\" in call 1, \"NO_ANSWER\" in call 2";
        assert!(all.contains(change), "{width}: {all}");
    }
}

/// What is not compared, and how the findings differ, is said below the steps.
#[test]
fn the_steps_stay_in_place_while_messages_arrive() {
    let top = |count: usize| {
        let lines = TRACE.lines().count() - count;
        let trace: String = TRACE.split_inclusive('\n').take(lines).collect();
        let harness = comparing(&trace, vec2(500.0, 700.0));
        harness
            .get_by_label_contains("CREATE_ENGAGEMENT_SUCCEEDED, in both")
            .rect()
            .top()
    };
    assert_eq!(top(0).to_bits(), top(2).to_bits());
}

/// The arrow keys go from pair to pair of a comparison, and to no call that it hides.
#[test]
fn keys_go_through_a_comparison() {
    let mut model = model(TRACE);
    let [first, second] = [(1, 1), (1, 2)].map(|(conversation, call)| Action::PickCall {
        conversation,
        call,
        on: true,
    });
    model.perform(first);
    model.perform(second);
    model.perform(Action::CompareCalls);
    let pairs = |model: &mut Model| {
        let data = model.calls_data();
        let comparison = data.comparison.clone().unwrap().comparison;
        let seqs: Vec<u64> = (comparison.pairs.iter())
            .map(|pair| pair.left().or(pair.right()).unwrap().seq)
            .collect();
        seqs
    };
    let seqs = pairs(&mut model);
    assert!(seqs.len() > 2, "{seqs:?}");
    let step = Move::First;
    model.perform(Action::MoveSelection { step });
    let mut seen = vec![model.selected_seq().unwrap()];
    for _ in 1..seqs.len() {
        let step = Move::Next;
        model.perform(Action::MoveSelection { step });
        seen.push(model.selected_seq().unwrap());
    }
    assert_eq!(seen, seqs);
    assert!(model.is_comparing());
}

/// A session without its `CALL_ANSWERED`, compared with the live one, which has it.
fn with_live() -> Model {
    let mut model = live(TRACE);
    let shorter: String = (TRACE.split_inclusive('\n'))
        .filter(|line| !line.contains("CALL_ANSWERED"))
        .collect();
    import(&mut model, "a.callscope.jsonl", &shorter);
    let with = OtherSession::Live;
    model.perform(Action::CompareSession { with });
    model
}

#[track_caller]
fn is_selected(harness: &Harness<'_, crate::Panel>, label: &str) -> bool {
    let row = harness.query_by_label(label);
    let toggled = row.and_then(|row| row.accesskit_node().toggled());
    toggled == Some(egui::accesskit::Toggled::True)
}

#[test]
fn a_message_that_only_the_live_session_has_is_selected_and_leads_there() {
    for size in [vec2(300.0, 180.0), vec2(1100.0, 700.0)] {
        let mut harness = in_panel(with_live(), size);
        let row = "widget CALL_ANSWERED, only in the live session";
        assert!(is_selected(&harness, row), "{size}");
        harness.key_press(Key::ArrowDown);
        harness.run_steps(3);
        assert!(!is_selected(&harness, row));
        harness.key_press(Key::ArrowUp);
        harness.run_steps(3);
        assert!(is_selected(&harness, row));
        harness.key_press(Key::Enter);
        harness.run_steps(3);
        harness.get_by_label("Only the live session has this message.");
        harness.get_by_label("Show it in its session").click();
        harness.run_steps(3);
        let model = harness.state().model();
        assert!(model.imported.is_none());
        assert_eq!(model.selected_seq(), Some(6));
        assert!(model.is_detail_open);
    }
    // A click does the same.
    let mut harness = in_panel(with_live(), vec2(1100.0, 700.0));
    let row = "widget CALL_ANSWERED, only in the live session";
    harness.get_by_label(row).click();
    harness.run_steps(3);
    harness.get_by_label("Only the live session has this message.");
}

/// Whatever was pressed to compare, the keys go through the comparison from then on.
#[test]
fn a_comparison_takes_the_keyboard() {
    let mut model = model(TRACE);
    model.perform(pick(1, true));
    model.perform(pick(2, true));
    let mut harness = in_panel(model, vec2(1100.0, 700.0));
    harness.get_by_label("Compare the two calls").click();
    harness.run_steps(4);
    let focused = harness.ctx.memory(egui::Memory::focused);
    assert_eq!(focused, Some(calls_list_id()));
    assert!(is_selected(
        &harness,
        "widget CALL_ANSWERED, only in call 1"
    ));
    harness.key_press(Key::ArrowDown);
    harness.run_steps(3);
    assert_eq!(harness.state().model().selected_seq(), Some(7));
    harness.get_by_label("Comparison");
}

#[test]
fn another_size_keeps_the_difference_in_sight() {
    let mut harness = comparing(&long(80), vec2(1100.0, 700.0));
    for size in [vec2(380.0, 300.0), vec2(300.0, 180.0), vec2(1280.0, 220.0)] {
        harness.set_size(size);
        harness.run_steps(4);
        let row = harness.get_by_label("widget CALL_ANSWERED, only in call 1");
        let rect = row.rect();
        assert!(
            rect.top() > 40.0 && rect.bottom() < size.y - 20.0,
            "{size}: {rect}"
        );
    }
}

#[test]
fn the_findings_that_differ_stand_above_the_steps_and_lead_to_their_rules() {
    for width in [380.0, 1100.0] {
        let mut harness = comparing(TRACE, vec2(width, 500.0));
        let steps = |harness: &Harness<'_, crate::Panel>| {
            let row = harness.get_by_label("widget CALL_ANSWERED, only in call 1");
            row.rect().top()
        };
        let section = harness.get_by_label("Findings that differ");
        assert!(section.rect().bottom() <= steps(&harness));
        section.click();
        harness.run_steps(3);
        harness.get_by_label_contains("0 in call 1, 1 in call 2");
        harness.get_by_label("M15").click();
        harness.run_steps(3);
        assert_eq!(harness.state().model().view, View::Findings);
    }
}

#[test]
fn the_head_of_a_comparison_has_no_empty_line() {
    for width in [460.0, 700.0, 1100.0] {
        let harness = comparing(TRACE, vec2(width, 500.0));
        let sentence = harness
            .get_by_label_contains("has no CALL_ANSWERED after")
            .rect();
        let counted = harness.get_by_label_contains("of them different").rect();
        let gap = counted.top() - sentence.bottom();
        assert!(gap < 8.0, "{gap} at {width}");
    }
}

/// Where there is little room, each summary begins after its type, and there is no mere ellipsis.
#[test]
fn in_a_narrow_panel_types_are_whole_and_summaries_go_with_them() {
    let harness = in_panel(with_live(), vec2(380.0, 600.0));
    let texts = harness
        .output()
        .shapes
        .iter()
        .filter_map(|it| match &it.shape {
            egui::Shape::Text(text) => Some(text),
            _ => None,
        });
    let texts: Vec<_> = texts.collect();
    let find = |begin: &str| texts.iter().find(|it| it.galley.text().starts_with(begin));
    for whole in [
        "CREATE_ENGAGEMENT_SUCCEEDED",
        "call a",
        "the live session",
        "a has no CALL_ANSWERED after",
    ] {
        assert!(find(whole).is_some_and(|it| !it.galley.elided), "{whole}");
    }
    let stub = texts
        .iter()
        .find(|it| it.galley.elided && it.galley.size().x < 30.0);
    assert!(stub.is_none(), "{:?}", stub.map(|it| it.galley.text()));
}

/// A call in each of two conversations.
const TWO: &str = r#"
    host      {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
    widget    {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
    widget    {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
    widget    {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
    @2 host   {"type":"SYNC","messageId":"27_1","hostUrl":"https://app.hubspot.com"}
    @2 widget {"type":"SYNC_ACK","messageId":"27_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
    @2 widget {"type":"INITIALIZED","messageId":"28_1","data":{"isLoggedIn":true}}
    @2 widget {"type":"OUTGOING_CALL_STARTED","messageId":"28_2","data":{"toNumber":"+15550101","externalCallId":"b","createEngagement":true}}
"#;

#[test]
fn calls_of_two_conversations_are_told_apart() {
    const NAME: &str = "call 1 of conversation 2";
    let mut panel = crate::Panel::new(model(TWO));
    panel.perform(Action::SelectSeq { seq: 8 });
    for view in [View::Timeline, View::Calls] {
        panel.perform(Action::ShowView { view });
        let mut harness = whole_panel(panel, vec2(1280.0, 700.0));
        harness.run_steps(4);
        harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::F10);
        harness.run_steps(4);
        for item in [format!("Follow {NAME}"), format!("Compare {NAME} with…")] {
            let mut items = harness.query_all_by_role_and_label(egui::Role::Button, &item);
            assert!(items.next().is_some(), "{view:?}: {item}");
        }
        let plain = harness.query_all_by_label("Follow call 1");
        assert_eq!(plain.count(), 0, "{view:?}");
        panel = crate::Panel::new(model(TWO));
        panel.perform(Action::SelectSeq { seq: 8 });
    }
    panel.perform(Action::ShowView { view: View::Ladder });
    let mut harness = whole_panel(panel, vec2(1280.0, 700.0));
    harness.run_steps(4);
    for conversation in [1, 2] {
        let band = format!("call 1 of conversation {conversation} · outbound");
        harness.get_by_label_contains(&band);
    }
}

#[test]
fn the_handshake_of_a_hidden_conversation_is_not_shown() {
    let mut model = model(TWO);
    let shown = |model: &mut Model| {
        let handshakes = &model.calls_data().answers.handshakes;
        let shown = handshakes.iter().map(|it| it.conversation.0);
        shown.collect::<Vec<u32>>()
    };
    assert_eq!(shown(&mut model), [1, 2]);
    model.perform(Action::FollowCall {
        conversation: 2,
        call: 1,
    });
    assert_eq!(shown(&mut model), [2]);
}

#[test]
fn the_calls_of_two_conversations_are_compared_under_their_whole_names() {
    let mut model = model(TWO);
    for conversation in [1, 2] {
        model.perform(Action::PickCall {
            conversation,
            call: 1,
            on: true,
        });
    }
    model.perform(Action::CompareCalls);
    let harness = in_panel(model, vec2(800.0, 700.0));
    for conversation in [1, 2] {
        let name = format!("call 1 of conversation {conversation}");
        let titles = harness.output().shapes.iter().filter(|it| match &it.shape {
            egui::Shape::Text(text) => text.galley.text() == name && !text.galley.elided,
            _ => false,
        });
        assert_eq!(titles.count(), 1, "{name}");
    }
}

#[test]
fn a_comparison_cuts_types_in_the_middle() {
    let harness = comparing(TRACE, vec2(300.0, 700.0));
    let texts = harness
        .output()
        .shapes
        .iter()
        .filter_map(|it| match &it.shape {
            egui::Shape::Text(text) => Some(&text.galley),
            _ => None,
        });
    let types: Vec<_> = texts
        .filter(|it| it.text().starts_with("CREATE_"))
        .map(|it| (it.text(), it.elided))
        .collect();
    let [(text, false)] = types[..] else {
        panic!("{types:?}")
    };
    assert!(text.contains('…') && !text.ends_with('…'), "{text}");
}

/// The limit stands where everything that is compared is summed up, not below thousands of steps.
#[test]
fn the_head_says_that_only_the_beginning_is_compared() {
    const LIMIT: &str = "Only the first 2,000 steps of each are compared";
    let harness = comparing(&long(2_100), vec2(1100.0, 700.0));
    let head = harness.get_by_label_contains(LIMIT);
    assert!(head.rect().top() < 250.0, "{:?}", head.rect());
    let harness = comparing(&long(20), vec2(1100.0, 700.0));
    assert!(harness.query_by_label_contains(LIMIT).is_none());
}

#[test]
fn picked_calls_that_the_filter_hides_are_not_compared() {
    let mut model = model(THREE);
    for call in [1, 2] {
        model.perform(pick(call, true));
    }
    model.calls_data();
    assert!(model.can_compare_calls());
    let text = "-call:1".to_owned();
    model.perform(Action::SetFilter { text });
    assert_eq!(model.calls_data().picked, [id(2)]);
    assert!(!model.can_compare_calls());
    model.perform(Action::CompareCalls);
    assert!(!model.is_comparing());
    // What is picked next goes with the one that is seen.
    model.perform(pick(3, true));
    assert_eq!(model.calls_data().picked, [id(2), id(3)]);
    model.perform(Action::CompareCalls);
    assert!(model.is_comparing());
}
