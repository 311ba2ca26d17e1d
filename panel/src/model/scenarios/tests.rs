//! Runs as text: the questions to the page, and what is shown.

use expect_test::{Expect, expect};

use super::ScenarioAction;
use super::testing::{BUSY, DONE, HANDSHAKE, STARTED, SYNCING, Stand, ended};
use crate::action::{Action, View};
use crate::model::Model;

/// A run up to the point where the line should be busy.
fn ringing(how: ScenarioAction) -> Stand {
    let mut stand = Stand::new(BUSY);
    stand.answer(SYNCING);
    stand.act(how);
    stand.answer(DONE);
    stand.page("r2");
    stand.answer(SYNCING);
    stand.says(HANDSHAKE);
    stand
}

#[track_caller]
fn check(mut stand: Stand, expected: &Expect) {
    stand.show();
    expected.assert_eq(&stand.told);
}

/// Like [`check`], without the steps that were done, left out or not reached.
fn check_end(mut stand: Stand, expected: &Expect) {
    stand.show();
    let is_wanted = |line: &&str| {
        let state = line
            .split_once(" | ")
            .map(|(state, _)| state.trim_matches([' ', '-']));
        state.is_none_or(|it| !it.is_empty() && it != "left out" && !it.starts_with('+'))
    };
    let lines: String = stand.told.split_inclusive('\n').filter(is_wanted).collect();
    expected.assert_eq(&lines);
}

#[test]
fn a_run_goes_on_by_what_the_widget_sends() {
    let mut stand = ringing(ScenarioAction::Run);
    stand.show();
    stand.answer(DONE);
    stand.says(STARTED);
    stand.show();
    stand.says(&ended("BUSY"));
    stand.wait(400.0);
    stand.answer(r#"{"unmet":[]}"#);
    check(
        stand,
        &expect![[r#"
            0 ask look null
            0 ask begin ["create-engagement.delay:10"]
            0 ask look null
            100 ask host {"act":"dial","number":"+442079460123"}
            - [Stop]
            -    +0.0 s | HubSpot: answers with create-engagement.delay 10
            -    +0.1 s | Widget: INITIALIZED →
            -  left out | By hand: The user logs in to the widget
            -  left out | Widget: LOGGED_IN
            -       now | HubSpot: dial +442079460123
            -           | By hand: The user calls the number that HubSpot has handed over; nothing to do where the widget calls at once
            -           | Widget: OUTGOING_CALL_STARTED {"externalCallId":"$call"}
            -           | By hand: The called party is busy
            -           | Widget: CALL_ENDED {"externalCallId":"$call","callEndStatus":"BUSY"}
            100 say By hand: The user calls the number that HubSpot has handed over; nothing to do where the widget calls at once.
            200 say By hand: The called party is busy.
            - [Stop]
            - The called party is busy. Goes on when the widget sends CALL_ENDED, or with Done.
            -    +0.0 s | HubSpot: answers with create-engagement.delay 10
            -    +0.1 s | Widget: INITIALIZED →
            -  left out | By hand: The user logs in to the widget
            -  left out | Widget: LOGGED_IN
            -    +0.1 s | HubSpot: dial +442079460123
            -    +0.2 s | By hand: The user calls the number that HubSpot has handed over; nothing to do where the widget calls at once
            -    +0.2 s | Widget: OUTGOING_CALL_STARTED {"externalCallId":"$call"} →
            - your turn | By hand: The called party is busy
            -           | Widget: CALL_ENDED {"externalCallId":"$call","callEndStatus":"BUSY"}
            700 ask unmet null
            700 say Scenario busy: pass
            - [Run] [Step]
            -    +0.0 s | HubSpot: answers with create-engagement.delay 10
            -    +0.1 s | Widget: INITIALIZED →
            -  left out | By hand: The user logs in to the widget
            -  left out | Widget: LOGGED_IN
            -    +0.1 s | HubSpot: dial +442079460123
            -    +0.2 s | By hand: The user calls the number that HubSpot has handed over; nothing to do where the widget calls at once
            -    +0.2 s | Widget: OUTGOING_CALL_STARTED {"externalCallId":"$call"} →
            -    +0.3 s | By hand: The called party is busy
            -    +0.3 s | Widget: CALL_ENDED {"externalCallId":"$call","callEndStatus":"BUSY"} →
            - pass after 0.7 s
        "#]],
    );
}

#[test]
fn the_step_that_fails_is_marked_at_the_message_that_contradicts_it() {
    let mut stand = ringing(ScenarioAction::Run);
    stand.answer(DONE);
    stand.says(STARTED);
    stand.says(&ended("FAILED"));
    stand.told.clear();
    let lines = |stand: &Stand| stand.model.scenarios_data().lines;
    assert_eq!(lines(&stand)[0].state, Some("fail"));
    check(
        stand,
        &expect![[r#"
            - [Run] [Step]
            -    +0.0 s | HubSpot: answers with create-engagement.delay 10
            -    +0.1 s | Widget: INITIALIZED →
            -  left out | By hand: The user logs in to the widget
            -  left out | Widget: LOGGED_IN
            -    +0.1 s | HubSpot: dial +442079460123
            -    +0.2 s | By hand: The user calls the number that HubSpot has handed over; nothing to do where the widget calls at once
            -    +0.2 s | Widget: OUTGOING_CALL_STARTED {"externalCallId":"$call"} →
            -    +0.3 s | By hand: The called party is busy
            -      fail | Widget: CALL_ENDED {"externalCallId":"$call","callEndStatus":"BUSY"} →
            - fail after 0.3 s
            -   expected: CALL_ENDED within 5 s with data {"externalCallId":"$call","callEndStatus":"BUSY"}
            -   actual: data.callEndStatus is "FAILED", expected "BUSY"
            - at message Some(6): busy failed here: data.callEndStatus is "FAILED", expected "BUSY". Expected CALL_ENDED within 5 s with data {"externalCallId":"$call","callEndStatus":"BUSY"}
        "#]],
    );
}

#[test]
fn what_does_not_come_fails_after_the_last_message_once_silence_is_confirmed() {
    let mut stand = ringing(ScenarioAction::Run);
    stand.answer(DONE);
    stand.says(STARTED);
    stand.act(ScenarioAction::Done);
    stand.told.clear();
    stand.wait(4_000.0);
    stand.show();
    stand.wait(1_100.0);
    check(
        stand,
        &expect![[r#"
            - [Stop]
            -    +0.0 s | HubSpot: answers with create-engagement.delay 10
            -    +0.1 s | Widget: INITIALIZED →
            -  left out | By hand: The user logs in to the widget
            -  left out | Widget: LOGGED_IN
            -    +0.1 s | HubSpot: dial +442079460123
            -    +0.2 s | By hand: The user calls the number that HubSpot has handed over; nothing to do where the widget calls at once
            -    +0.2 s | Widget: OUTGOING_CALL_STARTED {"externalCallId":"$call"} →
            -    +0.2 s | By hand: The called party is busy
            -  4 of 5 s | Widget: CALL_ENDED {"externalCallId":"$call","callEndStatus":"BUSY"}
            5300 say Scenario busy: fail
            - [Run] [Step]
            -    +0.0 s | HubSpot: answers with create-engagement.delay 10
            -    +0.1 s | Widget: INITIALIZED →
            -  left out | By hand: The user logs in to the widget
            -  left out | Widget: LOGGED_IN
            -    +0.1 s | HubSpot: dial +442079460123
            -    +0.2 s | By hand: The user calls the number that HubSpot has handed over; nothing to do where the widget calls at once
            -    +0.2 s | Widget: OUTGOING_CALL_STARTED {"externalCallId":"$call"} →
            -    +0.2 s | By hand: The called party is busy
            -      fail | Widget: CALL_ENDED {"externalCallId":"$call","callEndStatus":"BUSY"} →
            - fail after 5.3 s
            -   expected: CALL_ENDED within 5 s with data {"externalCallId":"$call","callEndStatus":"BUSY"}
            -   actual: the widget sent nothing
            - at message Some(5): busy failed after this: the widget sent nothing. Expected CALL_ENDED within 5 s with data {"externalCallId":"$call","callEndStatus":"BUSY"}
        "#]],
    );
}

#[test]
fn it_stops_before_each_step_and_can_be_stopped() {
    let mut stand = ringing(ScenarioAction::Step);
    stand.show();
    stand.told.clear();
    stand.act(ScenarioAction::Step);
    stand.answer(DONE);
    stand.show();
    stand.act(ScenarioAction::Stop);
    check(
        stand,
        &expect![[r#"
            100 ask host {"act":"dial","number":"+442079460123"}
            - [Run] [Step] [Stop]
            - Stopped before the next step
            -    +0.0 s | HubSpot: answers with create-engagement.delay 10
            -    +0.1 s | Widget: INITIALIZED →
            -  left out | By hand: The user logs in to the widget
            -  left out | Widget: LOGGED_IN
            -    +0.1 s | HubSpot: dial +442079460123
            -      next | By hand: The user calls the number that HubSpot has handed over; nothing to do where the widget calls at once
            -           | Widget: OUTGOING_CALL_STARTED {"externalCallId":"$call"}
            -           | By hand: The called party is busy
            -           | Widget: CALL_ENDED {"externalCallId":"$call","callEndStatus":"BUSY"}
            - [Run] [Step]
            -    +0.0 s | HubSpot: answers with create-engagement.delay 10
            -    +0.1 s | Widget: INITIALIZED →
            -  left out | By hand: The user logs in to the widget
            -  left out | Widget: LOGGED_IN
            -    +0.1 s | HubSpot: dial +442079460123
            -   stopped | By hand: The user calls the number that HubSpot has handed over; nothing to do where the widget calls at once
            -           | Widget: OUTGOING_CALL_STARTED {"externalCallId":"$call"}
            -           | By hand: The called party is busy
            -           | Widget: CALL_ENDED {"externalCallId":"$call","callEndStatus":"BUSY"}
            - stopped after 0.1 s
        "#]],
    );
}

#[test]
fn what_cannot_be_done_by_hand_skips_and_what_breaks_is_told_apart() {
    let mut stand = ringing(ScenarioAction::Run);
    stand.answer(DONE);
    stand.says(STARTED);
    stand.act(ScenarioAction::Skip);
    stand.told.clear();
    check(
        stand,
        &expect![[r#"
            - [Run] [Step]
            -    +0.0 s | HubSpot: answers with create-engagement.delay 10
            -    +0.1 s | Widget: INITIALIZED →
            -  left out | By hand: The user logs in to the widget
            -  left out | Widget: LOGGED_IN
            -    +0.1 s | HubSpot: dial +442079460123
            -    +0.2 s | By hand: The user calls the number that HubSpot has handed over; nothing to do where the widget calls at once
            -    +0.2 s | Widget: OUTGOING_CALL_STARTED {"externalCallId":"$call"} →
            -   skipped | By hand: The called party is busy
            -           | Widget: CALL_ENDED {"externalCallId":"$call","callEndStatus":"BUSY"}
            - skipped after 0.2 s
            -   because: remoteBusy was not done by hand
        "#]],
    );

    let mut stand = ringing(ScenarioAction::Run);
    stand.told.clear();
    stand.answer(r#"{"error":"nobody is there"}"#);
    check_end(
        stand,
        &expect![[r#"
            100 say Scenario busy: harness error
            - [Run] [Step]
            - harness error | HubSpot: dial +442079460123
            - harness error after 0.1 s
            -   because: nobody is there
        "#]],
    );

    // An answer without a question.
    let mut stand = ringing(ScenarioAction::Run);
    stand.answer(DONE);
    stand.says(STARTED);
    stand.says(&ended("BUSY"));
    stand.wait(400.0);
    stand.told.clear();
    stand.answer(r#"{"unmet":["create-engagement.delay"]}"#);
    check_end(
        stand,
        &expect![[r#"
            - [Run] [Step]
            - harness error after 0.7 s
            -   because: the answer create-engagement.delay was never given: nothing asked for it; remove it from the scenario
        "#]],
    );

    // A page that does not reload.
    let mut stand = Stand::new(BUSY);
    stand.answer(SYNCING);
    stand.act(ScenarioAction::Run);
    stand.answer(DONE);
    stand.told.clear();
    stand.wait(20_100.0);
    check_end(
        stand,
        &expect![[r#"
            20100 say Scenario busy: harness error
            - [Run] [Step]
            - harness error | Widget: INITIALIZED
            - harness error after 20.1 s
            -   because: the simulator's page has not reloaded after 20 s: run the scenario again
        "#]],
    );
}

/// A step that goes to another record, and one that dials.
const RECORDS: &str = r#"{
    "scenario": "records",
    "title": "Another record",
    "why": "A page may go.",
    "steps": [
        {"widget": "INITIALIZED"},
        {"host": "openRecord", "record": "Maria Johnson"},
        {"host": "dial", "number": "+442079460123"},
        {"widget": "OUTGOING_CALL_STARTED"}
    ]
}"#;

/// What became of a run whose page goes away: until the first step, or the second, was asked for.
fn gone(steps: usize, course: impl Fn(&mut Stand)) -> String {
    let mut stand = Stand::new(RECORDS);
    stand.answer(SYNCING);
    stand.act(ScenarioAction::Run);
    stand.answer(DONE);
    stand.page("r2");
    stand.answer(SYNCING);
    stand.says(HANDSHAKE);
    for _ in 1..steps {
        stand.answer(DONE);
    }
    course(&mut stand);
    stand.told.clear();
    stand.show();
    let mut lines = stand.told.split_inclusive('\n');
    let buttons = lines.position(|it| it.starts_with("- ["));
    assert!(buttons.is_some());
    lines.collect()
}

const WENT: &str =
    r#"{"version":1,"link":"syncing","widget":"https://localhost:9025/","went":true}"#;

#[test]
fn a_page_that_goes_before_it_answers_has_not_done_the_step_unless_the_step_leads_away() {
    let led = gone(1, |stand| {
        stand.page("r3");
        stand.answer(r#"{"loading":true}"#);
        stand.wait(300.0);
        stand.answer(WENT);
    });
    expect![[r#"
        -    +0.1 s | Widget: INITIALIZED →
        -    +0.4 s | HubSpot: openRecord Maria Johnson
        -       now | HubSpot: dial +442079460123
        -           | Widget: OUTGOING_CALL_STARTED
    "#]]
    .assert_eq(&led);
    let lost = gone(2, |stand| {
        stand.page("r3");
        stand.answer(WENT);
    });
    expect![[r#"
        -    +0.1 s | Widget: INITIALIZED →
        -    +0.1 s | HubSpot: openRecord Maria Johnson
        - harness error | HubSpot: dial +442079460123
        -           | Widget: OUTGOING_CALL_STARTED
        - harness error after 0.1 s
        -   because: the simulator's page went to another record before it said whether it had done this: run the scenario again
    "#]].assert_eq(&lost);
    // Its user loads it anew.
    let reloaded = gone(3, |stand| {
        stand.page("r3");
        stand.answer(SYNCING);
    });
    expect![[r#"
        -    +0.1 s | Widget: INITIALIZED →
        -    +0.1 s | HubSpot: openRecord Maria Johnson
        -    +0.1 s | HubSpot: dial +442079460123
        - harness error | Widget: OUTGOING_CALL_STARTED
        - harness error after 0.1 s
        -   because: the simulator's page was reloaded, and not by the scenario: run it again
    "#]]
    .assert_eq(&reloaded);
}

#[test]
fn a_page_that_the_widget_puts_in_place_of_the_simulators_fails_the_run() {
    // One with a recorder, and one without.
    let with = gone(3, |stand| {
        stand.page("r3");
        stand.answer("null");
    });
    expect![[r#"
        -    +0.1 s | Widget: INITIALIZED →
        -    +0.1 s | HubSpot: openRecord Maria Johnson
        -    +0.1 s | HubSpot: dial +442079460123
        -      fail | Widget: OUTGOING_CALL_STARTED →
        - fail after 0.1 s
        -   expected: the widget to stay in its frame
        -   actual: it has put another page in the place of HubSpot's, as a link with target="_top" or window.top.location does
        - at message Some(3): records failed after this: it has put another page in the place of HubSpot's, as a link with target="_top" or window.top.location does. Expected the widget to stay in its frame
    "#]].assert_eq(&with);
    let without = gone(2, |stand| {
        stand.leave();
        stand.answer("null");
    });
    expect![[r#"
        -    +0.1 s | Widget: INITIALIZED →
        -    +0.1 s | HubSpot: openRecord Maria Johnson
        -      fail | HubSpot: dial +442079460123 →
        -           | Widget: OUTGOING_CALL_STARTED
        - fail after 0.1 s
        -   expected: the widget to stay in its frame
        -   actual: it has put another page in the place of HubSpot's, as a link with target="_top" or window.top.location does
        - at message Some(3): records failed after this: it has put another page in the place of HubSpot's, as a link with target="_top" or window.top.location does. Expected the widget to stay in its frame
    "#]].assert_eq(&without);
    // The browser may tell of a page that the simulator went to after that has answered.
    let late = gone(1, |stand| {
        stand.page("r3");
        stand.answer(WENT);
        stand.leave();
        stand.answer_before(DONE);
        stand.answer(WENT);
    });
    expect![[r#"
        -    +0.1 s | Widget: INITIALIZED →
        -    +0.1 s | HubSpot: openRecord Maria Johnson
        -    +0.1 s | HubSpot: dial +442079460123
        -  0 of 5 s | Widget: OUTGOING_CALL_STARTED
    "#]]
    .assert_eq(&late);
}

#[test]
fn the_palette_has_what_can_be_done_with_a_scenario() {
    let names = |model: &Model| {
        let groups = crate::commands::groups(model).into_iter();
        let commands = groups
            .filter(|it| it.title == "Scenarios")
            .flat_map(|it| it.commands);
        let names = commands
            .map(|it| it.name)
            .filter(|it| !it.ends_with(": steps"));
        names.collect::<Vec<_>>().join(", ")
    };
    let mut stand = Stand::new(BUSY);
    expect!["Open scenario…"].assert_eq(&names(&stand.model));
    stand.answer(SYNCING);
    expect!["Scenario: Run, Scenario: Step, Open scenario…"].assert_eq(&names(&stand.model));
    let mut stand = ringing(ScenarioAction::Run);
    stand.answer(DONE);
    stand.says(STARTED);
    expect!["Scenario: Stop, Scenario: Done, Skip scenario, Open scenario…"]
        .assert_eq(&names(&stand.model));
    // Its steps are shown wherever one is.
    let mut model = Model::default();
    let name = Some("outbound-busy".to_owned());
    let what = ScenarioAction::Choose { name };
    model.perform(Action::Scenario { what });
    assert_eq!(model.view, View::Scenarios);
    assert!(model.scenarios_data().chosen.is_some());
}

#[test]
fn where_it_cannot_be_played_is_said() {
    for answer in [
        "null",
        r#"{"version":7}"#,
        r#"{"version":1,"link":"noWidget","widget":""}"#,
        "nonsense",
    ] {
        let mut stand = Stand::new(BUSY);
        stand.told.clear();
        stand.answer(answer);
        stand.act(ScenarioAction::Run);
        stand.model.perform(Action::Scenario {
            what: ScenarioAction::Choose { name: None },
        });
        stand.show();
        let expected = match answer {
            r#"{"version":7}"# => expect![[r#"
                - ! This is the simulator of another version of Callscope. Use the one behind Callscope's button in the browser's toolbar.
            "#]],
            r#"{"version":1,"link":"noWidget","widget":""}"# => expect![[r#"
                - ! The simulator has no widget yet. Enter its address in the page, under Controls, and press Load.
            "#]],
            "null" => expect![[r#"
                - ! Scenarios are played in the simulator, and this page is not it. Click Callscope's button in the browser's toolbar, choose Simulator and enter your widget's address there; then open DevTools on that page.
            "#]],
            _ => expect![[r#"
                - ! Scenarios are played in the simulator, and this page is not it. Click Callscope's button in the browser's toolbar, choose Simulator and enter your widget's address there; then open DevTools on that page.
            "#]],
        };
        expected.assert_eq(&stand.told);
    }
}

#[test]
fn a_file_that_is_no_scenario_is_refused_with_its_place_or_is_a_log() {
    let mut stand = Stand::new(r#"{"scenario": "x", "title": "X", "steps": [{"wiget": "SYNC"}]}"#);
    stand.told.clear();
    check(
        stand,
        &expect![[r#"
            - ! Looking at the page…
            - ? busy.jsonc:1:44: "wiget" is not a kind of step; write "widget"
        "#]],
    );

    let log = crate::model::testing::log(&crate::model::testing::source(HANDSHAKE));
    let mut stand = Stand::new(&log);
    stand.told.clear();
    assert!(stand.model.imported.is_some());
    assert_eq!(stand.model.view, View::Timeline);
    check(
        stand,
        &expect![[r#"
            - ! This is a saved session. A scenario is played in a live page.
        "#]],
    );
}

#[test]
fn a_click_on_a_step_shows_its_message() {
    let mut stand = ringing(ScenarioAction::Run);
    let chosen = stand.model.scenarios_data().chosen.unwrap();
    let id = chosen.steps[1].fact.unwrap();
    stand.act(ScenarioAction::ShowFact { id });
    assert_eq!(stand.model.view, View::Timeline);
    assert_eq!(stand.model.selected_seq(), Some(3));
}
