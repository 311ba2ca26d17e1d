//! Plays scenarios against a widget that is a text.

#![expect(clippy::unwrap_used, reason = "a failing helper fails its test")]

use callscope_scenario::{Bindings, Role, built_in};
use expect_test::expect;

mod by_hand;
mod stage;

use self::stage::{HANDSHAKE, after_handshake, play, play_steps, play_with};

#[test]
fn a_call_passes() {
    let script = after_handshake(
        r#"
        100 widget LOGGED_IN
        200 host DIAL_NUMBER {"phoneNumber":"+442079460123"}
        300 widget OUTGOING_CALL_STARTED {"externalCallId":"a","toNumber":"+442079460123","fromNumber":"+16175550142","createEngagement":true}
        400 host CREATE_ENGAGEMENT_SUCCEEDED {"engagementId":7}
        500 widget CALL_ANSWERED {"externalCallId":"a"}
        600 widget CALL_ENDED {"externalCallId":"a","engagementId":7,"callEndStatus":"COMPLETED"}
        700 widget CALL_COMPLETED {"externalCallId":"a","engagementId":7,"hideWidget":false}
        1200 wait
        "#,
    );
    play(
        "outbound-answered",
        &script,
        &expect![[r#"
             0 > open
            30 > logIn: click #log-in
           100 > host dial  
           300 > remoteAnswers: click #pick-up
           500 > hangUp: click #hang-up
           600 > save: click #save
        pass, 16 steps
    "#]],
    );
}

#[test]
fn a_widget_of_the_seed_is_asked_for_less() {
    play(
        "outbound-answered",
        r#"
        0 open
        10 host SYNC
        20 widget SYNC_ACK 0.0.1
        30 widget INITIALIZED {"isLoggedIn":true}
        200 host DIAL_NUMBER {"phoneNumber":"+442079460123"}
        300 widget OUTGOING_CALL_STARTED {"phoneNumber":"+442079460123"}
        500 widget CALL_ANSWERED
        600 widget CALL_ENDED
        1000 wait
        "#,
        &expect![[r#"
                 0 > open
                30 > host dial  
               300 > remoteAnswers: click #pick-up
               500 > hangUp: click #hang-up
            pass, 16 steps
        "#]],
    );
}

#[test]
fn the_step_that_fails_is_named() {
    let call = r#"
        100 widget LOGGED_IN
        200 host DIAL_NUMBER {"phoneNumber":"+442079460123"}
        300 widget OUTGOING_CALL_STARTED {"externalCallId":"a","toNumber":"+442079460123","fromNumber":"+16175550142"}
        500 widget CALL_ANSWERED {"externalCallId":"a"}
    "#;
    let wrong = r#"600 widget CALL_ENDED {"externalCallId":"a","callEndStatus":"CANCELED"}"#;
    play(
        "outbound-answered",
        &after_handshake(&format!("{call}{wrong}")),
        &expect![[r#"
                 0 > open
                30 > logIn: click #log-in
               100 > host dial  
               300 > remoteAnswers: click #pick-up
               500 > hangUp: click #hang-up
            fail at outbound-answered.jsonc:19 {"widget": "CALL_ENDED", "profile": "0.9", "data": {"externalCallId": "$call", "callEndStatus": "COMPLETED"}}
            expected: CALL_ENDED within 5 s with data {"externalCallId":"$call","callEndStatus":"COMPLETED"}
            actual: data.callEndStatus is "CANCELED", expected "COMPLETED"
            message: Some(8)
        "#]],
    );
    let none = "3000 widget RESIZE_WIDGET {\"width\":1,\"height\":2}\n 6000 wait";
    play(
        "outbound-answered",
        &after_handshake(&format!("{call}{none}")),
        &expect![[r#"
                 0 > open
                30 > logIn: click #log-in
               100 > host dial  
               300 > remoteAnswers: click #pick-up
               500 > hangUp: click #hang-up
            fail at outbound-answered.jsonc:19 {"widget": "CALL_ENDED", "profile": "0.9", "data": {"externalCallId": "$call", "callEndStatus": "COMPLETED"}}
            expected: CALL_ENDED within 5 s with data {"externalCallId":"$call","callEndStatus":"COMPLETED"}
            actual: the widget sent only RESIZE_WIDGET (message 8)
            message: None
            hint: CALL_ENDED is sent by callEnded().
        "#]],
    );
    let unwanted = r#"600 widget CALL_ENDED {"externalCallId":"a"}"#;
    play(
        "minimise-during-call",
        &after_handshake(&format!(
            "{call} 550 host VISIBILITY_CHANGED {{\"isMinimized\":true,\"isHidden\":false}}\n {unwanted}"
        )),
        &expect![[r#"
                 0 > open
                30 > logIn: click #log-in
               100 > host dial  
               300 > remoteAnswers: click #pick-up
               500 > host minimize  
            fail at minimise-during-call.jsonc:10 {"never": "CALL_ENDED", "for": 2000}
            expected: no CALL_ENDED
            actual: CALL_ENDED came
            message: Some(9)
        "#]],
    );
}

#[test]
fn the_checker_watches_all_the_time() {
    let script = r#"
        100 widget LOGGED_IN
        150 widget CALL_ANSWERED {"externalCallId":"a"}
    "#;
    play(
        "outbound-answered",
        &after_handshake(script),
        &expect![[r#"
                 0 > open
                30 > logIn: click #log-in
               100 > host dial  
            fail at outbound-answered.jsonc:11 {"host": "DIAL_NUMBER", "data": {"phoneNumber": "$number"}}
            expected: no such finding of the checker
            actual: error[M11]: CALL_ANSWERED is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL came before it. Call outgoingCall() or incomingCall() as soon as the call begins, and callAnswered() or callTransferred() after it. Make callAnswered() do nothing once the call has ended: the events of the line can arrive in another order than they happened in.
            message: Some(5)
        "#]],
    );
}

#[test]
fn what_does_not_apply_is_skipped() {
    let old = "
        0 open
        10 host SYNC
        20 widget SYNC_ACK 0.5.1-beta.0
    ";
    play(
        "transfer",
        old,
        &expect![[r#"
                 0 > open
            skipped: the widget is of profile seed, and this is for 0.9
        "#]],
    );
    play(
        "outbound-no-answer",
        HANDSHAKE,
        &expect![[r#"
        skipped: nothing is bound to the role remoteNoAnswer: bind it in callscope.json
    "#]],
    );
    let logged_in = "
        0 open
        10 host SYNC
        20 widget SYNC_ACK
        30 widget INITIALIZED {\"isLoggedIn\":true}
    ";
    play(
        "login-late",
        logged_in,
        &expect![[r#"
                 0 > open
            skipped: the widget is logged in from the start
        "#]],
    );
    // Nothing is bound, and the page has none of the ids of HubSpot's demos.
    let all = built_in().unwrap();
    let redial = all.iter().find(|it| it.name == "fast-redial").unwrap();
    let script = after_handshake("100 cannot there is no #login");
    let told = play_with(redial, "{}", None, &script);
    expect![[r#"
             0 > open
            30 > logIn: click #login, [data-test-id="log-in"]
        skipped: nothing is bound to the role logIn, and the ids of HubSpot's demos do not help: there is no #login; bind it in callscope.json
    "#]]
    .assert_eq(&told);
}

#[test]
fn a_number_can_be_one_that_was_captured() {
    play_steps(
        r#"{"widget": "INITIALIZED", "data": {"from": "$from"}}, {"host": "dial", "number": "$from"},
           {"user": "incoming", "number": "$from"}"#,
        "
        0 open
        10 host SYNC
        20 widget SYNC_ACK
        30 widget INITIALIZED {\"isLoggedIn\":true,\"from\":447700900777}
        1000 wait
        ",
        &expect![[r#"
                 0 > open
                30 > host dial 447700900777 
                30 > incoming: POST http://localhost:3000/ring?from=447700900777
            pass, 3 steps
        "#]],
    );
}

#[test]
fn what_is_not_the_widgets_fault_is_told_apart() {
    let dial = "100 widget LOGGED_IN\n 200 broken the browser has gone";
    play(
        "fast-redial",
        &after_handshake(dial),
        &expect![[r#"
             0 > open
            30 > logIn: click #log-in
           100 > host dial  
        harness error: the browser has gone
    "#]],
    );
    play(
        "handshake",
        "0 cannot-load https://localhost:9025/ answered 404",
        &expect![[r#"
            fail at handshake.jsonc:7 {"widget": "INITIALIZED", "within": 10000, "label": "open"}
            expected: the widget to load
            actual: https://localhost:9025/ answered 404
            message: None
        "#]],
    );
    play(
        "handshake",
        &after_handshake("100 replaced"),
        &expect![[r#"
                 0 > open
            fail at handshake.jsonc:8 {"never": "INITIALIZED", "for": 2000}
            expected: the widget to stay in its frame
            actual: it has put another page in the place of HubSpot's, as a link with target="_top" or window.top.location does
            message: None
        "#]],
    );
    // Without the step that captures it no plan is made; here it is left out.
    let left_out = r#"{"widget": "LOGGED_OUT", "if": "inCall", "data": {"id": "$id"}}"#;
    for step in [
        r#"{"host": "send", "type": "X", "data": {"id": "$id"}}"#,
        r#"{"host": "dial", "number": "$id"}"#,
        r#"{"user": "logIn", "number": "$id"}"#,
        r#"{"widget": "LOGGED_IN", "data": {"id": {"$not": "$id"}}}"#,
    ] {
        play_steps(
            &format!("{{\"widget\": \"INITIALIZED\"}}, {left_out}, {step}"),
            HANDSHAKE,
            &expect![[r#"
                     0 > open
                harness error: x.jsonc:1: $id is used before anything was captured as $id
            "#]],
        );
    }
    let bound = after_handshake("100 cannot there is no #log-in that can be clicked");
    play(
        "fast-redial",
        &bound,
        &expect![[r#"
                 0 > open
                30 > logIn: click #log-in
            fail at outbound-answered.jsonc:8 {"user": "logIn", "if": "loggedOut"}
            expected: the user to do "logIn" as callscope.json says
            actual: there is no #log-in that can be clicked
            message: None
        "#]],
    );
}

#[test]
fn a_page_that_is_no_widget_fails_with_a_sentence() {
    play(
        "handshake",
        "
        0 open
        10 host SYNC
        110 host SYNC
        210 host SYNC
        10500 wait
        ",
        &expect![[r#"
                 0 > open
            fail at handshake.jsonc:7 {"widget": "INITIALIZED", "within": 10000, "label": "open"}
            expected: INITIALIZED within 10 s
            actual: the page has not answered SYNC (3 SYNCs in 9 s): it is not a widget with the Calling Extensions SDK, never got as far as starting it, or accepts no messages from this page's origin
            message: None
        "#]],
    );
}

#[test]
fn hubspot_may_refuse_to_dial() {
    play_steps(
        r#"{"widget": "INITIALIZED"}, {"host": "dial"}, {"never": "OUTGOING_CALL_STARTED", "for": 500}"#,
        &after_handshake("40 refused Log in to the calling app first\n 1000 wait\n 2000 wait"),
        &expect![[r#"
                 0 > open
                30 > host dial  
            pass, 3 steps
        "#]],
    );
    play_steps(
        r#"{"widget": "INITIALIZED"}, {"host": "dial"}, {"widget": "OUTGOING_CALL_STARTED"}"#,
        &after_handshake("40 refused Log in to the calling app first\n 6000 wait"),
        &expect![[r#"
                 0 > open
                30 > host dial  
            fail at x.jsonc:1 {"widget": "OUTGOING_CALL_STARTED"}
            expected: OUTGOING_CALL_STARTED within 5 s
            actual: the widget sent nothing; HubSpot did not dial: Log in to the calling app first
            message: None
            hint: OUTGOING_CALL_STARTED is sent by outgoingCall().
        "#]],
    );
}

#[test]
fn what_was_captured_is_sent_and_typed() {
    play_steps(
        r#"{"widget": "LOGGED_IN"},
           {"answers": "none"},
           {"host": "send", "type": "DIAL_NUMBER", "data": {"phoneNumber": "+15550100"}},
           {"host": "DIAL_NUMBER", "data": {"phoneNumber": "$number"}},
           {"user": "incoming", "number": "$number"},
           {"widget": "OUTGOING_CALL_STARTED", "data": {"externalCallId": "$call"}},
           {"host": "send", "type": "SET_CALL_STATE", "data": {"id": "$call"}}"#,
        &after_handshake(
            r#"
            40 widget LOGGED_IN
            50 host DIAL_NUMBER {"phoneNumber":"+15550100"}
            60 widget OUTGOING_CALL_STARTED {"externalCallId":"a","toNumber":"+15550100","fromNumber":"+1"}
            "#,
        ),
        &expect![[r#"
                 0 > open
                40 > answers Nothing
                40 > host send DIAL_NUMBER {"phoneNumber":"+15550100"}
                50 > incoming: POST http://localhost:3000/ring?from=%2B15550100
                60 > host send SET_CALL_STATE {"id":"a"}
            no verdict, at step 7, Ending
        "#]],
    );
}

#[test]
fn every_role_of_the_demos_is_one_click() {
    let bindings = Bindings::default();
    let bound = Role::ALL
        .iter()
        .filter_map(|it| Some((it, bindings.of(*it)?)));
    for (role, binding) in bound {
        assert!(binding.is_default && binding.actions.len() == 1, "{role:?}");
    }
}

#[test]
fn a_flood_is_told_in_a_line() {
    let flood = (0..500).map(|number| format!("{} widget CALL_DATA\n", 200 + number));
    let flood: String = flood.collect();
    let script = after_handshake(&format!("100 widget LOGGED_IN\n{flood}"));
    play_steps(
        r#"{"widget": "LOGGED_IN"}, {"widget": "CALL_ENDED"}"#,
        &format!("{script}9000 wait\n"),
        &expect![[r#"
                 0 > open
            fail at x.jsonc:1 {"widget": "CALL_ENDED"}
            expected: CALL_ENDED within 5 s
            actual: the widget sent only 500 other messages, the last one CALL_DATA (message 504)
            message: None
            hint: CALL_ENDED is sent by callEnded().
        "#]],
    );
}
