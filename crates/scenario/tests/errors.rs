//! The errors of a scenario, a `callscope.json` and a list of expected failures that are invalid.

use callscope_scenario::{Bindings, ExpectedFailures, Plan, Scenario};
use expect_test::{Expect, expect};

fn steps(steps: &str) -> String {
    format!("{{\"scenario\": \"x\", \"title\": \"X\", \"steps\": [\n  {steps}\n]}}")
}

fn told(texts: &[&str], expected: &Expect) {
    let mut told = String::new();
    for text in texts {
        let words = match Scenario::read("x.jsonc", text) {
            Ok(_) => "fine".to_owned(),
            Err(error) => error.to_string(),
        };
        told.extend([words.as_str(), "\n"]);
    }
    expected.assert_eq(&told);
}

#[test]
fn the_file_as_a_whole() {
    told(
        &[
            "",
            "{",
            "[]",
            "{\"scenario\": \"x\" \"title\": 1}",
            "{'scenario': 1}",
            "{\"scenario\": \"x\", \"title\": \"X\"}",
            "{\"scenario\": \"Outbound Call\", \"title\": \"X\", \"steps\": []}",
            "// a comment\n{\"scenario\": \"x\", \"titel\": \"X\", \"steps\": [],}",
            "{\"scenario\": \"x\", \"scenario\": \"y\"}",
            "{\"scenario\": \"x\", \"title\": \"X\", \"profiles\": [\"0.8\"], \"steps\": []}",
            "{\"scenario\": \"x\", \"title\": \"X\", \"sdk\": \"new\", \"steps\": []}",
            "{\"scenario\": \"x\", \"title\": \"X\", \"deny\": \"warnings\", \"steps\": []}",
            "{\"scenario\": \"x\", \"title\": \"X\", \"allow\": [\"Z99\"], \"steps\": []}",
            "\u{feff}{\"scenario\": \"x\", \"title\": \"X\", \"steps\": 7}",
            "{\"scenario\": \"x\", \"title\": \"X\", \"steps\": [\n{\"widget\": \"INITIALIZED\", \"label\": \"a\"},\n{\"widget\": \"LOGGED_IN\", \"label\": \"a\"}]}",
            "// a comment\n{\"scenario\": \"x\", \"title\": \"X\", /* none */ \"steps\": [{\"widget\": \"INITIALIZED\"},],}",
        ],
        &expect![[r#"
            x.jsonc:1:1: the file is empty; it holds one object
            x.jsonc:1:1: this is not JSON: unterminated object; close it with }
            x.jsonc:1:1: a scenario is an object, and this is a list; put it in { }
            x.jsonc:1:17: this is not JSON: expected comma; put a comma between the two
            x.jsonc:1:2: this is not JSON: single-quoted strings are not allowed; use double quotes
            x.jsonc:1:1: the scenario lacks "steps"; add "steps": […]
            x.jsonc:1:14: "Outbound Call" cannot be a scenario's name; use small letters, digits and hyphens, such as outbound-answered
            x.jsonc:2:19: "titel" is not a key of a scenario; write "title"
            x.jsonc:1:19: "scenario" is here twice; remove one of them
            x.jsonc:1:46: "0.8" is not a profile; write "0.9"
            x.jsonc:1:40: "new" is not a version of the SDK; write one such as 0.9.6
            x.jsonc:1:41: "warnings" is not a level; write "warning"
            x.jsonc:1:43: there is no rule "Z99"; write a code such as S07: docs/rules.md lists them
            x.jsonc:1:42: the steps are a list, and this is a number; put them in [ ]
            x.jsonc:3:1: the label "a" is here twice; rename one of them
            fine
        "#]],
    );
}

#[test]
fn steps_are_held_against_the_table() {
    let texts: Vec<String> = [
        "5",
        "{}",
        r#"{"within": 5}"#,
        r#"{"wiget": "CALL_ENDED"}"#,
        r#"{"widget": "CALL_ENDED", "user": "call"}"#,
        r#"{"widget": "CALL_ENDED", "witin": 5}"#,
        r#"{"widget": "CALL_ENDED", "within": "5s"}"#,
        r#"{"widget": "CALL_ENDED", "within": 5}"#,
        r#"{"widget": "CALL_END"}"#,
        r#"{"widget": "DIAL_NUMBER"}"#,
        r#"{"host": "CALL_ENDED"}"#,
        r#"{"host": "dail"}"#,
        r#"{"host": "dial", "number": +442079460123}"#,
        r#"{"host": "dial", "number": 442079460123}"#,
        r#"{"host": "endCall", "number": "+442079460123"}"#,
        r#"{"host": "dial", "within": 5}"#,
        r#"{"host": "send"}"#,
        r#"{"host": "openRecord"}"#,
        r#"{"user": "dial"}"#,
        r#"{"user": "hangup"}"#,
        r#"{"never": "CALL_ENDED"}"#,
        r#"{"never": "CALL_ENDED", "for": -1}"#,
        r#"{"answers": "nothing"}"#,
        r#"{"answers": {"createEngagement": "fail"}}"#,
        r#"{"answers": {"create-engagement.fial": true}}"#,
        r#"{"answers": {"create-engagement.fail": [true]}}"#,
        r#"{"answers": {"create-engagement.delay": "3s"}}"#,
        r#"{"after": "Handshake"}"#,
        r#"{"needs": "logged-in"}"#,
        r#"{"widget": "CALL_ENDED", "if": "in call"}"#,
        r#"{"widget": "CALL_ENDED", "data": {"externalCallId": "$"}}"#,
        r#"{"widget": "CALL_ENDED", "data": {"externalCallId": {"$is": 1}}}"#,
        r#"{"widget": "CALL_ENDED", "data": {"externalCallId": {"$not": 1, "a": 2}}}"#,
        r#"{"widget": "CALL_ENDED", "data": {"externalCallId": "$call", "price": "$$5"}}"#,
    ]
    .map(steps)
    .into();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    told(
        &texts,
        &expect![[r#"
            x.jsonc:2:3: a step is an object, and this is a number; put it in { }
            x.jsonc:2:3: this step does not say what happens; begin it with one of host, widget, user, never, answers, after, needs
            x.jsonc:2:3: this step does not say what happens; begin it with one of host, widget, user, never, answers, after, needs
            x.jsonc:2:4: "wiget" is not a kind of step; write "widget"
            x.jsonc:2:28: "widget" and "user" are two steps; put each in { } of its own
            x.jsonc:2:28: "witin" is not a key of a "widget" step; write "within"
            x.jsonc:2:38: "within" is a time in milliseconds; write a number from 0 to 3600000, an hour, such as 5000 for five seconds
            x.jsonc:2:38: 5 ms is too short for a message to arrive; write milliseconds, such as 5000 for five seconds
            x.jsonc:2:14: there is no message "CALL_END"; write "CALL_ENDED"
            x.jsonc:2:14: a widget does not send DIAL_NUMBER; its direction is host → widget: see docs/messages.md
            x.jsonc:2:12: HubSpot does not send CALL_ENDED; its direction is widget → host: see docs/messages.md
            x.jsonc:2:12: "dail" is not something that the host does; write "dial"
            x.jsonc:2:30: this is not JSON: unary plus on numbers is not allowed; put a telephone number in quotes: it is a text
            x.jsonc:2:30: a telephone number is a text; put it in quotes: "+442079460123"
            x.jsonc:2:23: "number" means nothing to endCall; remove it: it is for dial
            x.jsonc:2:20: "within" means nothing to dial; remove it: it is for messages
            x.jsonc:2:12: send lacks "type"; add "type": "SET_CALL_STATE", or whatever HubSpot sends
            x.jsonc:2:12: openRecord lacks "record"; add "record": "contact/302", or another record of the simulator's
            x.jsonc:2:12: "dial" is not a role; write one of logIn, logOut, available, unavailable, call, remoteAnswers, remoteBusy, remoteNoAnswer, incoming, callerGivesUp, answer, reject, hangUp, transfer, save, openRecord, finalize
            x.jsonc:2:12: "hangup" is not a role; write "hangUp"
            x.jsonc:2:3: the step lacks "for"; add "for": 1000
            x.jsonc:2:34: "for" is a time in milliseconds; write a number from 0 to 3600000, an hour, such as 5000 for five seconds
            x.jsonc:2:15: "nothing" is not a way to answer everything; write "none", or an object such as {"create-engagement.fail": true}
            x.jsonc:2:16: "createEngagement" is not a switch of the simulator; write "create-engagement.drop"
            x.jsonc:2:16: "create-engagement.fial" is not a switch of the simulator; write "create-engagement.fail"
            x.jsonc:2:42: switch create-engagement.fail takes true or false, not [true]; null turns a switch off
            x.jsonc:2:43: switch create-engagement.delay takes milliseconds from 0 to 3600000, not "3s"; null turns a switch off
            x.jsonc:2:13: "Handshake" cannot be a scenario's name; use small letters, digits and hyphens, such as outbound-answered
            x.jsonc:2:13: "logged-in" is not a condition; write "loggedIn"
            x.jsonc:2:34: "in call" is not a condition; write "inCall"
            x.jsonc:2:55: "$" names no value to capture; write "$call", or "$$" for the text itself
            x.jsonc:2:56: "$is" is not a way to compare; write {"$oneOf": [1, 2]} or {"$not": 0}, and nothing beside it
            x.jsonc:2:56: "$not" is not a way to compare; write {"$oneOf": [1, 2]} or {"$not": 0}, and nothing beside it
            fine
        "#]],
    );
}

#[test]
fn other_scenarios_must_be_there() {
    let read = |name: &str, steps: &str| {
        let text = format!("{{\"scenario\": \"{name}\", \"title\": \"T\", \"steps\": [{steps}]}}");
        Scenario::read(&format!("{name}.jsonc"), &text).unwrap()
    };
    let known = [
        read("a", r#"{"after": "b"}"#),
        read("b", r#"{"after": "a"}"#),
        read("c", r#"{"widget": "INITIALIZED", "label": "open"}"#),
    ];
    let find = |name: &str| known.iter().find(|it| it.name == name);
    let mut told = String::new();
    for steps in [
        r#"{"after": "d"}"#,
        r#"{"after": "a"}"#,
        r#"{"after": "c", "step": "opened"}"#,
        r#"{"after": "c", "step": "open"}"#,
        r#"{"host": "send", "type": "END_CALL", "data": {"externalCallId": "$call"}}"#,
        r#"{"never": "CALL_ENDED", "data": {"externalCallId": {"$not": "$call"}}, "for": 100},
           {"widget": "CALL_ENDED", "data": {"externalCallId": "$call"}}"#,
        r#"{"widget": "CALL_ENDED", "data": {"externalCallId": "$call"}},
           {"host": "dial", "number": "$call"}, {"user": "call", "number": "$number"}"#,
        r#"{"widget": "CALL_ENDED", "data": {"externalCallId": "$call"}},
           {"widget": "CALL_ENDED", "data": {"externalCallId": {"$not": "$call"}}}"#,
    ] {
        let words = match Plan::new(&read("x", steps), &find) {
            Ok(plan) => format!("{} step of {}", plan.steps.len(), plan.steps[0].scenario),
            Err(error) => error.to_string(),
        };
        told.extend([words.as_str(), "\n"]);
    }
    expect![[r#"
        x.jsonc:1: there is no scenario "d"; `callscope conform list` names them, and one of your own has to be named as well, with --scenario and its file
        b.jsonc:1: a would come after itself; begin one of them without `after`
        x.jsonc:1: c has no step with the label "opened"; its labels are: open
        1 step of c
        x.jsonc:1: $call is used before a step captures it, as {"widget": …, "data": {…: "$call"}} does; write $$call for the text itself
        x.jsonc:1: $call is used before a step captures it, as {"widget": …, "data": {…: "$call"}} does; write $$call for the text itself
        x.jsonc:2: $number is used before a step captures it, as {"widget": …, "data": {…: "$number"}} does; write $$number for the text itself
        2 step of x
    "#]]
    .assert_eq(&told);
}

#[test]
fn bindings_are_held_against_their_table() {
    let mut told = String::new();
    for text in [
        "[]",
        r#"{"role": {}}"#,
        r##"{"roles": {"dial": {"click": "#x"}}}"##,
        r#"{"roles": {"call": "x"}}"#,
        r##"{"roles": {"call": {"clik": "#x"}}}"##,
        r##"{"roles": {"call": {"click": "#x", "press": "Enter"}}}"##,
        r#"{"roles": {"call": {"click": 7}}}"#,
        r#"{"roles": {"call": {"press": "Entr"}}}"#,
        r#"{"roles": {"call": {"press": "Ctrl+Enter"}}}"#,
        r#"{"roles": {"call": {"request": "localhost:3000/ring"}}}"#,
        r##"{"roles": {"call": {"type": "{nummer}", "into": "#number"}}}"##,
        r#"{"roles": {"call": [{"press": "x"}, {"request": "http://localhost/", "body": "{\"to\": \"{number}\", \"more\": {}}"}]}}"#,
        r##"{"widget": "https://localhost:9025/", "roles": {"call": [], "save": [{"type": "a", "into": "#notes"}, {"click": "#save"}]}}"##,
    ] {
        let words = match Bindings::read("callscope.json", text) {
            Ok(_) => "fine".to_owned(),
            Err(error) => error.to_string(),
        };
        told.extend([words.as_str(), "\n"]);
    }
    expect![[r##"
        callscope.json:1:1: callscope.json is an object, and this is a list; put it in { }
        callscope.json:1:2: "role" is not a key of callscope.json; write "roles"
        callscope.json:1:12: "dial" is not a role; write one of logIn, logOut, available, unavailable, call, remoteAnswers, remoteBusy, remoteNoAnswer, incoming, callerGivesUp, answer, reject, hangUp, transfer, save, openRecord, finalize
        callscope.json:1:20: a text alone does not say what to do; write {"click": "x"} to click there
        callscope.json:1:21: "clik" is not a way to use a widget; write "click"
        callscope.json:1:20: this is not one way to use a widget; write one of {"click": "#call"}, {"type": "{number}", "into": "#number"}, {"press": "Enter"}, {"request": "http://localhost:3000/ring"}; several go into [ ]
        callscope.json:1:30: "click" is a text, and this is a number; put it in quotes
        callscope.json:1:30: "Entr" is not a key; write Enter
        callscope.json:1:30: "Ctrl+Enter" is not a key; write Enter, Escape, Tab, Space, Backspace, Delete, Up, Down, Left, Right, Home, End, or one letter or digit
        callscope.json:1:32: "localhost:3000/ring" is not an address; begin it with http:// or https://
        callscope.json:1:29: {nummer} stands for nothing; only {number} does, for the number of the step
        fine
        fine
    "##]]
    .assert_eq(&told);
}

#[test]
fn expected_failures_name_scenarios_that_there_are() {
    let read = |text: &str| {
        ExpectedFailures::read("known.txt", text, |name| {
            name == "transfer" || name == "handshake"
        })
    };
    let mut told = String::new();
    for text in [
        "# none yet\n\n",
        "transfer # no button yet\nhandshake",
        "transfer\ntransfers",
        "transfer\ntransfer",
    ] {
        let words = match read(text) {
            Ok(_) => "fine".to_owned(),
            Err(error) => error.to_string(),
        };
        told.extend([words.as_str(), "\n"]);
    }
    expect![[r#"
        fine
        fine
        known.txt:2:1: there is no scenario "transfers"; `callscope conform list` names them
        known.txt:2:1: transfer is there twice; remove one of the two lines
    "#]]
    .assert_eq(&told);
}
