//! Clicks become actions.

use egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::app::testing::whole_panel;
use crate::model::scenarios::testing::{BUSY, DONE, HANDSHAKE, STARTED, SYNCING, Stand, ended};

/// A run that waits for the user.
fn by_hand() -> Stand {
    let mut stand = Stand::new(BUSY);
    stand.answer(SYNCING);
    stand.act(ScenarioAction::Run);
    stand.answer(DONE);
    stand.page("r2");
    stand.answer(SYNCING);
    stand.says(HANDSHAKE);
    stand.answer(DONE);
    stand.says(STARTED);
    stand
}

fn harness(data: &ScenariosData, width: f32) -> Harness<'_, Actions> {
    let mut harness = Harness::builder()
        .with_size(vec2(width, 700.0))
        .with_context_setup(crate::theme::apply)
        .allow_missing_glyphs()
        .build_ui_state(
            |ui, actions: &mut Actions| scenarios_ui(ui, data, actions),
            Actions::new(),
        );
    harness.run();
    harness
}

#[track_caller]
fn check_click(data: &ScenariosData, label: &str, expected: &ScenarioAction) {
    for width in [300.0, 1100.0] {
        let mut harness = harness(data, width);
        harness.get_by_label(label).click();
        harness.run();
        let what = expected.clone();
        assert_eq!(
            harness.state(),
            &[Action::Scenario { what }],
            "{label} at {width}"
        );
    }
}

#[test]
fn the_list_leads_to_the_steps() {
    let mut stand = Stand::new(BUSY);
    stand.answer(SYNCING);
    stand.act(ScenarioAction::Choose { name: None });
    let data = stand.model.scenarios_data();
    let name = Some("outbound-busy".to_owned());
    check_click(
        &data,
        "outbound-busy: The called number is busy",
        &ScenarioAction::Choose { name },
    );
    check_click(&data, "Open scenario…", &ScenarioAction::Open);
}

#[test]
fn a_run_is_begun_stopped_and_helped_on() {
    let mut stand = Stand::new(BUSY);
    stand.answer(SYNCING);
    let data = stand.model.scenarios_data();
    check_click(&data, "Run", &ScenarioAction::Run);
    check_click(&data, "Step", &ScenarioAction::Step);

    let data = by_hand().model.scenarios_data();
    check_click(&data, "Done", &ScenarioAction::Done);
    check_click(&data, "Skip scenario", &ScenarioAction::Skip);
    check_click(&data, "Stop", &ScenarioAction::Stop);
    let mut harness = harness(&data, 300.0);
    harness.get_by_label("Run").click();
    harness.run();
    assert_eq!(harness.state(), &[], "it plays already");
}

#[test]
fn the_failed_step_leads_to_its_message() {
    let mut stand = by_hand();
    stand.says(&ended("FAILED"));
    let data = stand.model.scenarios_data();
    let chosen = data.chosen.as_ref().unwrap();
    let id = chosen.outcome.as_ref().unwrap().fact.unwrap();
    let mut harness = harness(&data, 300.0);
    harness
        .get_by_label_contains("Step 9, fail: Widget: CALL_ENDED")
        .click();
    harness.run();
    let what = ScenarioAction::ShowFact { id };
    assert_eq!(harness.state(), &[Action::Scenario { what }]);
    check_click(&data, "Show in timeline", &ScenarioAction::ShowFact { id });
}

#[test]
fn the_timeline_marks_the_row_at_which_it_failed() {
    let mut stand = by_hand();
    stand.says(&ended("FAILED"));
    stand.model.perform(Action::ShowView {
        view: crate::action::View::Timeline,
    });
    let mut harness = whole_panel(crate::Panel::new(stand.model), vec2(1100.0, 700.0));
    harness.run();
    let marked: Vec<String> = harness
        .query_all_by_role(egui::Role::ListItem)
        .filter_map(|row| {
            use egui_kittest::kittest::NodeT as _;
            row.accesskit_node().label()
        })
        .filter(|it| it.contains("busy failed here"))
        .collect();
    assert_eq!(marked.len(), 1, "{marked:?}");
    assert!(marked[0].contains("CALL_ENDED"), "{marked:?}");
}

#[test]
fn what_goes_on_with_a_run_is_in_sight_in_a_low_panel() {
    for size in [
        vec2(1280.0, 220.0),
        vec2(300.0, 180.0),
        vec2(380.0, 300.0),
        vec2(380.0, 420.0),
    ] {
        let mut panel = crate::Panel::new(by_hand().model);
        let view = crate::action::View::Scenarios;
        panel.perform(Action::ShowView { view });
        let mut harness = whole_panel(panel, size);
        harness.run_steps(4);
        for label in ["Done", "Skip scenario"] {
            let button = harness.get_by_label(label).rect();
            let is_in_sight = button.bottom() <= size.y - 20.0 && button.right() <= size.x;
            assert!(is_in_sight, "{size}: {label} at {button}");
        }
        harness.get_by_label_contains("Your turn: ");
    }
}

#[test]
fn a_step_that_is_left_out_says_why() {
    let data = by_hand().model.scenarios_data();
    let harness = harness(&data, 1100.0);
    harness.get_by_label_contains(
        "left out: By hand: The user logs in to the widget. \
         It is only done if the widget's user is logged out.",
    );
}
