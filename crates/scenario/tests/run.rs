//! Plays scenarios against a widget that is a text.
//!
//! A line is a time in milliseconds and what happens: `open`, `host TYPE data`, `widget TYPE data`,
//! `closed`, `cannot WHY`, `refused WHY`, `broken WHY`, `cannot-load WHY`, `replaced`. A command is
//! reported as done at once, unless the next line is one of the four with a reason. A step by hand
//! is done by `done`; `step` and `run` are the buttons.

#![expect(clippy::unwrap_used, reason = "a failing helper fails its test")]

use std::collections::VecDeque;
use std::fmt::Write as _;

use callscope_protocol::{
    Closed, ConversationId, ConversationStart, Fact, Millis, RecordedMessage, Severity, Side,
};
use callscope_scenario::{
    Bindings, Command, Event, Options, Plan, Role, RoleAction, Runner, Scenario, Verdict, built_in,
};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

const BINDINGS: &str = r##"{"roles": {
    "logIn": {"click": "#log-in"}, "logOut": {"click": "#log-out"},
    "available": {"click": "#available"}, "call": [],
    "remoteAnswers": {"click": "#pick-up"}, "remoteBusy": {"click": "#busy"},
    "hangUp": {"click": "#hang-up"}, "save": {"click": "#save"},
    "incoming": {"request": "http://localhost:3000/ring?from={number}"},
    "answer": {"click": "#answer"}
}}"##;

struct Stage {
    runner: Runner,
    conversation: u32,
    count: u64,
    told: String,
}

impl Stage {
    fn message(&mut self, at: Millis, from: Side, ty: &str, data: &str) -> Event {
        self.count += 1;
        let mut message = json!({ "type": ty });
        // SYNC and SYNC_ACK share an id.
        let id = if ty == "SYNC_ACK" {
            self.count - 1
        } else {
            self.count
        };
        let instance = match (from, ty) {
            (Side::Host, _) | (_, "SYNC_ACK") => 1_795_000_000_001_u64,
            (Side::Widget, _) => 1_795_000_000_002,
        };
        message["messageId"] = json!(format!("{instance}_{}", 1_795_000_010_000 + id));
        if ty == "SYNC" || ty == "SYNC_ACK" {
            message["hostUrl"] = json!("https://app.hubspot.com");
        }
        if ty == "SYNC_ACK" {
            message["iFrameUrl"] = json!("https://localhost:9025");
            message["version"] = json!(if data.is_empty() {
                "0.9.7-beta.0"
            } else {
                data
            });
        } else if !data.is_empty() {
            message["data"] = serde_json::from_str(data).unwrap();
        }
        let origin = match from {
            Side::Host => "https://app.hubspot.com",
            Side::Widget => "https://localhost:9025",
        };
        Event::Fact(Fact::Message(RecordedMessage {
            seq: self.count,
            at,
            conversation: ConversationId(self.conversation),
            from,
            origin: origin.to_owned(),
            injected: false,
            message: message.to_string().into(),
            cloned: std::collections::BTreeMap::new(),
            truncated: None,
        }))
    }

    fn start(&mut self, at: Millis) -> Event {
        let continues = (self.conversation > 0).then_some(ConversationId(self.conversation));
        self.conversation += 1;
        Event::Fact(Fact::Conversation(ConversationStart {
            id: ConversationId(self.conversation),
            at,
            continues,
            host_origin: Some("https://app.hubspot.com".to_owned()),
            widget_origin: Some("https://localhost:9025".to_owned()),
            in_calling_window: false,
        }))
    }

    /// Prints the commands, and marks them as done.
    fn obey(&mut self, at: Millis, is_done: bool) {
        while let Some(command) = self.runner.poll_command() {
            _ = writeln!(self.told, "{:>6} > {}", at.0, words(&command));
            if !is_done || matches!(&command, Command::User { actions, .. } if actions.is_empty()) {
                return;
            }
            self.runner.handle(Event::Done);
        }
    }
}

fn words(command: &Command) -> String {
    match command {
        Command::Open(answers) if answers.is_empty() => "open".to_owned(),
        Command::Open(answers) => format!("open with {answers:?}"),
        Command::Host(host) => {
            let more = host.number.iter().chain(&host.record).chain(&host.ty);
            let more: Vec<&str> = more.map(String::as_str).collect();
            let data = host.data.as_ref().map(Value::to_string).unwrap_or_default();
            format!("host {} {} {data}", host.action.word(), more.join(" "))
        }
        Command::Answers(answers) => format!("answers {answers:?}"),
        Command::User {
            role,
            number,
            actions,
        } if actions.is_empty() => format!("by hand: {} {number}", role.word()),
        Command::User { role, actions, .. } => {
            let actions: Vec<String> = actions.iter().map(RoleAction::to_string).collect();
            format!("{}: {}", role.word(), actions.join(", "))
        }
    }
}

fn play_with(scenario: &Scenario, bindings: &str, deny: Option<Severity>, script: &str) -> String {
    let options = Options {
        deny,
        ..Options::default()
    };
    play_as(scenario, bindings, options, script)
}

fn play_as(scenario: &Scenario, bindings: &str, options: Options, script: &str) -> String {
    let all = built_in().unwrap();
    let find = |name: &str| all.iter().find(|it| it.name == name);
    let plan = Plan::new(scenario, &find).unwrap();
    let bindings = Bindings::read("callscope.json", bindings).unwrap();
    let mut stage = Stage {
        runner: Runner::new(plan, bindings, options, Millis(0.0)),
        conversation: 0,
        count: 0,
        told: String::new(),
    };
    let mut lines: VecDeque<&str> = script.lines().map(str::trim).collect();
    lines.retain(|it| !it.is_empty());
    while let Some(line) = lines.pop_front() {
        let mut words = line.splitn(4, ' ');
        let at = Millis(words.next().unwrap().parse().unwrap());
        let (what, ty, data) = (
            words.next().unwrap(),
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        // Like a driver, stops at each deadline on the way.
        while let Some(deadline) = stage.runner.next_deadline().filter(|it| *it < at) {
            stage.runner.advance(deadline + Millis(1.0));
            stage.obey(deadline, true);
        }
        stage.runner.advance(at);
        let why = line.splitn(3, ' ').nth(2).unwrap_or_default().to_owned();
        match what {
            "open" => {
                stage.obey(at, true);
                let start = stage.start(at);
                stage.runner.handle(start);
            }
            "host" | "widget" => {
                let side = if what == "host" {
                    Side::Host
                } else {
                    Side::Widget
                };
                let message = stage.message(at, side, ty, data);
                stage.runner.handle(message);
            }
            "closed" => {
                stage.runner.handle(Event::Fact(Fact::Closed(Closed {
                    conversation: ConversationId(stage.conversation),
                    at,
                    side: Side::Widget,
                })));
                let start = stage.start(at);
                stage.runner.handle(start);
            }
            "cannot" => stage.runner.handle(Event::CannotUse(why)),
            "refused" => stage.runner.handle(Event::Refused(why)),
            "broken" => stage.runner.handle(Event::Broken(why)),
            "cannot-load" => stage.runner.handle(Event::CannotLoad(why)),
            "replaced" => stage.runner.handle(Event::Replaced),
            "done" => stage.runner.handle(Event::Done),
            "step" => stage.runner.step_on(),
            "run" => stage.runner.run_on(),
            "wait" => {}
            other => panic!("{other}"),
        }
        let next = lines.front().and_then(|it| it.split(' ').nth(1));
        let is_done = !matches!(next, Some("cannot" | "refused" | "broken" | "cannot-load"));
        stage.obey(at, is_done);
    }
    let mut told = stage.told;
    let runner = stage.runner;
    match runner.verdict() {
        None => {
            let (step, activity) = (runner.step(), runner.activity());
            _ = writeln!(told, "no verdict, at step {step}, {activity:?}");
        }
        Some(Verdict::Pass) => _ = writeln!(told, "pass, {} steps", runner.steps_done().len()),
        Some(Verdict::Fail(failure)) => {
            let planned = &runner.plan().steps[failure.step];
            _ = writeln!(
                told,
                "fail at {}:{} {}\nexpected: {}\nactual: {}\nmessage: {:?}",
                planned.file,
                planned.step.line,
                planned.step.text,
                failure.expected,
                failure.actual,
                failure.seq,
            );
        }
        Some(Verdict::Skipped(why)) => _ = writeln!(told, "skipped: {why}"),
        Some(Verdict::HarnessError(why)) => _ = writeln!(told, "harness error: {why}"),
    }
    for hint in runner.hints() {
        _ = writeln!(told, "hint: {hint}");
    }
    told
}

fn play(name: &str, script: &str, expected: &Expect) {
    let all = built_in().unwrap();
    let scenario = all.iter().find(|it| it.name == name).unwrap();
    expected.assert_eq(&play_with(
        scenario,
        BINDINGS,
        Some(Severity::Error),
        script,
    ));
}

fn play_steps(steps: &str, script: &str, expected: &Expect) {
    let text = format!("{{\"scenario\": \"x\", \"title\": \"X\", \"steps\": [{steps}]}}");
    let scenario = Scenario::read("x.jsonc", &text).unwrap();
    expected.assert_eq(&play_with(
        &scenario,
        BINDINGS,
        Some(Severity::Error),
        script,
    ));
}

const HANDSHAKE: &str = "
    0 open
    10 host SYNC
    20 widget SYNC_ACK
    30 widget INITIALIZED {\"isLoggedIn\":false,\"isAvailable\":false}
";

fn after_handshake(script: &str) -> String {
    format!("{HANDSHAKE}{script}")
}

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
            actual: the page has not answered SYNC (3 SYNCs in 9 s): it is no widget with the Calling Extensions SDK, it never got so far as to start it, or it takes no messages from this page's origin
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

fn play_by_hand(steps: &str, script: &str, expected: &Expect) {
    let text = format!("{{\"scenario\": \"x\", \"title\": \"X\", \"steps\": [{steps}]}}");
    let scenario = Scenario::read("x.jsonc", &text).unwrap();
    let options = Options {
        deny: Some(Severity::Error),
        by_hand: true,
        ..Options::default()
    };
    expected.assert_eq(&play_as(&scenario, "{}", options, script));
}

const LOG_IN: &str = r#"
    {"widget": "INITIALIZED"},
    {"user": "logIn", "if": "loggedOut"},
    {"widget": "LOGGED_IN", "if": "loggedOut"},
    {"host": "dial", "number": "+442079460123"}
"#;

#[test]
fn what_is_done_by_hand_is_seen_by_what_the_widget_says() {
    // LOGGED_IN does not make the runner skip the step that waits for it.
    let script = after_handshake(
        "60000 widget LOGGED_IN
60500 wait",
    );
    play_by_hand(
        LOG_IN,
        &script,
        &expect![[r#"
                 0 > open
                30 > by hand: logIn +442079460123
             60000 > host dial +442079460123 
            pass, 4 steps
        "#]],
    );
}

#[test]
fn what_the_widget_tells_of_in_no_message_is_said_by_hand() {
    let steps = r#"
        {"widget": "INITIALIZED"},
        {"user": "remoteNoAnswer"},
        {"never": "CALL_ANSWERED", "for": 500},
        {"host": "endCall"}
    "#;
    let script = after_handshake(
        "5000 wait
6000 done
6400 wait
6600 wait",
    );
    play_by_hand(
        steps,
        &script,
        &expect![[r#"
             0 > open
            30 > by hand: remoteNoAnswer +442079460123
          6500 > host endCall  
        no verdict, at step 4, Ending
    "#]],
    );
    let script = after_handshake("5000 cannot nobody was there");
    play_by_hand(
        steps,
        &script,
        &expect![[r#"
             0 > open
            30 > by hand: remoteNoAnswer +442079460123
        skipped: nobody was there
    "#]],
    );
}

#[test]
fn step_by_step_it_stops_before_each_step_that_is_not_left_out() {
    let script =
        format!("0 step\n{HANDSHAKE}\n1000 wait\n2000 step\n3000 widget LOGGED_IN\n60000 wait");
    play_by_hand(
        LOG_IN,
        &script,
        &expect![[r#"
             0 > open
          2000 > by hand: logIn +442079460123
        no verdict, at step 2, Stopped
    "#]],
    );
    let script = format!("{script}\n61000 step\n62000 step\n63000 wait");
    play_by_hand(
        LOG_IN,
        &script,
        &expect![[r#"
             0 > open
          2000 > by hand: logIn +442079460123
         62000 > host dial +442079460123 
        pass, 4 steps
    "#]],
    );
    // Continues without stopping.
    let script = format!("0 step\n{HANDSHAKE}\n1000 run\n3000 widget LOGGED_IN\n3400 wait");
    play_by_hand(
        LOG_IN,
        &script,
        &expect![[r#"
             0 > open
          1000 > by hand: logIn +442079460123
          3000 > host dial +442079460123 
        pass, 4 steps
    "#]],
    );
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

#[test]
fn what_came_before_its_step_is_seen_at_once() {
    // Both came while the user was still doing something.
    let script = after_handshake(
        "50 widget LOGGED_IN\n60 widget USER_AVAILABLE\n70 done\n80 wait\n400 wait",
    );
    play_by_hand(
        r#"
        {"widget": "INITIALIZED"},
        {"user": "logIn"},
        {"never": "CALL_ENDED", "for": 30},
        {"widget": "LOGGED_IN"},
        {"widget": "USER_AVAILABLE"}
        "#,
        &script,
        &expect![[r#"
                 0 > open
                30 > by hand: logIn +442079460123
            pass, 5 steps
        "#]],
    );
}
