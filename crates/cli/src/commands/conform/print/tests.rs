use std::collections::BTreeSet;

use callscope_browser::Dialog;
use callscope_protocol::Millis;
use callscope_scenario::{ExpectedFailures, Plan, Profile, Role, built_in};
use callscope_session_log::Session;
use expect_test::{Expect, expect};

use super::*;

fn outcome(name: &str, verdict: Verdict, lines: Vec<SessionLine>) -> Outcome {
    let all = built_in().unwrap();
    let scenario = all.iter().find(|it| it.name == name).unwrap();
    let plan = Plan::new(scenario, &|name| all.iter().find(|it| it.name == name)).unwrap();
    let known = "transfer\nfast-redial\noutbound-no-answer\nhandshake-slow\n";
    let expected = ExpectedFailures::read("known.txt", known, |_| true).unwrap();
    let is_played = !matches!(verdict, Verdict::Skipped(_));
    let missing = match name {
        "inbound-missed" => BTreeSet::from([Role::CallerGivesUp]),
        "outbound-no-answer" => BTreeSet::from([Role::RemoteNoAnswer, Role::CallerGivesUp]),
        _ => BTreeSet::new(),
    };
    let dialogs = match name {
        "handshake" | "transfer" => vec![Dialog {
            kind: "confirm".to_owned(),
            message: "<b>Sure?".to_owned(),
            url: "https://localhost:9025/".to_owned(),
        }],
        _ => Vec::new(),
    };
    Outcome {
        assessment: expected.assess(name, &verdict),
        entry: expected.place(name),
        log: None,
        played: Played {
            plan,
            verdict,
            took: Millis(if is_played { 2_140.0 } else { 0.0 }),
            lines,
            session: Session::new(),
            sdk: is_played.then(|| "SDK 0.9.7 (reports 0.9.7-beta.0)".to_owned()),
            profile: Profile::Modern,
            missing,
            hints: match name {
                "outbound-busy" => vec!["warning[C09]: Two. Make it one.".to_owned()],
                _ => Vec::new(),
            },
            page_errors: match name {
                "outbound-busy" => vec!["TypeError: <x> (https://a.example/x.js:1)".to_owned()],
                _ => Vec::new(),
            },
            dialogs,
        },
    }
}

fn line(seq: u64, at: f64, from: Side, what: &str, summary: &str, is_it: bool) -> SessionLine {
    SessionLine {
        seq: Some(seq),
        at: Millis(at),
        from: Some(from),
        what: what.to_owned(),
        summary: summary.to_owned(),
        is_it,
    }
}

fn failure(step: usize, actual: &str) -> Verdict {
    Verdict::Fail(Failure {
        step,
        expected: "CALL_ENDED within 5 s with data {\"callEndStatus\":\"BUSY\"}".to_owned(),
        actual: actual.to_owned(),
        seq: Some(13),
        rule: None,
    })
}

fn outcomes() -> Vec<Outcome> {
    let lines = vec![
        line(
            12,
            1_204.0,
            Side::Host,
            "ENGAGEMENT_CREATED",
            "engagement 7",
            false,
        ),
        line(13, 1_500.5, Side::Widget, "CALL_ENDED", "FAILED", true),
    ];
    let wrong = "data.callEndStatus is \"<b>\u{1b}[31m\", expected \"BUSY\"";
    vec![
        outcome("handshake", Verdict::Pass, Vec::new()),
        outcome("outbound-busy", failure(10, wrong), lines),
        outcome(
            "transfer",
            failure(9, "the widget sent nothing"),
            Vec::new(),
        ),
        outcome("fast-redial", Verdict::Pass, Vec::new()),
        outcome(
            "inbound-missed",
            Verdict::Skipped("nothing is bound to the role callerGivesUp".to_owned()),
            Vec::new(),
        ),
        outcome(
            "outbound-no-answer",
            Verdict::Skipped("nothing is bound to the role remoteNoAnswer".to_owned()),
            Vec::new(),
        ),
        outcome(
            "login-late",
            Verdict::HarnessError("the browser has gone".to_owned()),
            Vec::new(),
        ),
        outcome(
            "handshake-slow",
            Verdict::HarnessError("the browser has gone".to_owned()),
            Vec::new(),
        ),
    ]
}

fn printed(format: Format, expected: &Expect) {
    let mut text = Vec::new();
    print(
        "https://localhost:9025/",
        &outcomes(),
        5.31,
        format,
        &mut text,
    )
    .unwrap();
    let text = String::from_utf8(text).unwrap();
    expected.assert_eq(&anstream::adapter::strip_str(&text).to_string());
}

#[test]
fn as_text() {
    printed(
        Format::Text,
        &expect![[r##"
            https://localhost:9025/ · SDK 0.9.7 (reports 0.9.7-beta.0) · profile 0.9

            handshake             2.1 s  pass
                the widget showed confirm("<b>Sure?"), which was dismissed: it returned false
            outbound-busy         2.1 s  fail
                at outbound-busy.jsonc:10  {"widget": "CALL_ENDED", "profile": "0.9", "data": {"externalCallId": "$call", "callEndStatus": "BUSY"}}
                expected  CALL_ENDED within 5 s with data {"callEndStatus":"BUSY"}
                actual    data.callEndStatus is "<b>\u001b[31m", expected "BUSY"
                thrown    TypeError: <x> (https://a.example/x.js:1)
                hint      warning[C09]: Two. Make it one.
                     12    +1.204  host   →  ENGAGEMENT_CREATED  engagement 7
                  >  13    +1.500  widget ←  CALL_ENDED  FAILED

            transfer              2.1 s  fail, as expected
                at outbound-answered.jsonc:16  {"widget": "CALL_ANSWERED", "profile": "0.9", "data": {"externalCallId": "$call"}}
                expected  CALL_ENDED within 5 s with data {"callEndStatus":"BUSY"}
                actual    the widget sent nothing
                the widget showed confirm("<b>Sure?"), which was dismissed: it returned false

            fast-redial           2.1 s  pass
            inbound-missed               skipped, nothing is bound to callerGivesUp
                nothing is bound to the role callerGivesUp
            outbound-no-answer           skipped, nothing is bound to remoteNoAnswer, callerGivesUp
                nothing is bound to the role remoteNoAnswer
            login-late            2.1 s  harness error
                the browser has gone
            handshake-slow        2.1 s  harness error
                the browser has gone

            2 passed, 2 failed (1 expected), 2 skipped, 2 harness errors in 5.3 s
            known.txt:2: fast-redial no longer fails: remove this line
            known.txt:3: outbound-no-answer was skipped, so nobody knows whether it still fails: see to it that it is played, or remove this line
            known.txt:4: handshake-slow could not be played, so nobody knows whether it still fails

            Bind these roles in callscope.json, here or where --config says, to have 2 scenarios more played:
                remoteNoAnswer  The called party does not answer, until the provider gives up.
                                (outbound-no-answer)
                callerGivesUp   The caller hangs up before the user has answered. (inbound-missed,
                                outbound-no-answer)
            such as {"roles": {"remoteNoAnswer": {"click": "#button"}}}; [] is for what your widget does by
            itself. docs/scenarios.md tells what else a role can do.
        "##]],
    );
}

#[test]
fn as_json() {
    printed(
        Format::Json,
        &expect![[r#"
            {"widget":"https://localhost:9025/","results":[
            {"scenario":"handshake","title":"HubSpot loads the widget, and the widget initializes once","verdict":"pass","expectedFailure":false,"seconds":2.14,"sdk":"SDK 0.9.7 (reports 0.9.7-beta.0)","profile":"0.9","log":null,"hints":[],"dialogs":[{"type":"confirm","message":"<b>Sure?","url":"https://localhost:9025/"}]},
            {"scenario":"outbound-busy","title":"The called number is busy","verdict":"fail","expectedFailure":false,"seconds":2.14,"sdk":"SDK 0.9.7 (reports 0.9.7-beta.0)","profile":"0.9","log":null,"hints":["warning[C09]: Two. Make it one."],"dialogs":[],"step":{"number":11,"scenario":"outbound-busy","file":"outbound-busy.jsonc","line":10,"text":"{\"widget\": \"CALL_ENDED\", \"profile\": \"0.9\", \"data\": {\"externalCallId\": \"$call\", \"callEndStatus\": \"BUSY\"}}"},"expected":"CALL_ENDED within 5 s with data {\"callEndStatus\":\"BUSY\"}","actual":"data.callEndStatus is \"<b>\u001b[31m\", expected \"BUSY\"","seq":13,"rule":null,"thrown":["TypeError: <x> (https://a.example/x.js:1)"],"lines":[{"seq":12,"at":1204.0,"from":"host","what":"ENGAGEMENT_CREATED","summary":"engagement 7","failing":false},{"seq":13,"at":1500.5,"from":"widget","what":"CALL_ENDED","summary":"FAILED","failing":true}]},
            {"scenario":"transfer","title":"The user transfers the call","verdict":"fail","expectedFailure":true,"seconds":2.14,"sdk":"SDK 0.9.7 (reports 0.9.7-beta.0)","profile":"0.9","log":null,"hints":[],"dialogs":[{"type":"confirm","message":"<b>Sure?","url":"https://localhost:9025/"}],"step":{"number":10,"scenario":"outbound-answered","file":"outbound-answered.jsonc","line":16,"text":"{\"widget\": \"CALL_ANSWERED\", \"profile\": \"0.9\", \"data\": {\"externalCallId\": \"$call\"}}"},"expected":"CALL_ENDED within 5 s with data {\"callEndStatus\":\"BUSY\"}","actual":"the widget sent nothing","seq":13,"rule":null,"thrown":[],"lines":[]},
            {"scenario":"fast-redial","title":"The user hangs up and dials again at once","verdict":"pass","expectedFailure":true,"seconds":2.14,"sdk":"SDK 0.9.7 (reports 0.9.7-beta.0)","profile":"0.9","log":null,"hints":[],"dialogs":[]},
            {"scenario":"inbound-missed","title":"Somebody calls and gives up before the user answers","verdict":"skipped","expectedFailure":false,"seconds":0.0,"sdk":null,"profile":"0.9","log":null,"hints":[],"dialogs":[],"why":"nothing is bound to the role callerGivesUp"},
            {"scenario":"outbound-no-answer","title":"Nobody answers the call","verdict":"skipped","expectedFailure":true,"seconds":0.0,"sdk":null,"profile":"0.9","log":null,"hints":[],"dialogs":[],"why":"nothing is bound to the role remoteNoAnswer"},
            {"scenario":"login-late","title":"The user logs in to the widget later, then dials","verdict":"harness error","expectedFailure":false,"seconds":2.14,"sdk":"SDK 0.9.7 (reports 0.9.7-beta.0)","profile":"0.9","log":null,"hints":[],"dialogs":[],"why":"the browser has gone"},
            {"scenario":"handshake-slow","title":"HubSpot's SYNC comes five seconds after the widget has loaded","verdict":"harness error","expectedFailure":true,"seconds":2.14,"sdk":"SDK 0.9.7 (reports 0.9.7-beta.0)","profile":"0.9","log":null,"hints":[],"dialogs":[],"why":"the browser has gone"}
            ],"summary":{"passed":2,"failed":2,"skipped":2,"harnessErrors":2,"expectedFailures":1,"noLongerFail":1,"expectedAndSkipped":1,"unboundRoles":[{"role":"remoteNoAnswer","scenarios":["outbound-no-answer"]},{"role":"callerGivesUp","scenarios":["inbound-missed","outbound-no-answer"]}],"seconds":5.31}}
        "#]],
    );
}

#[test]
fn as_junit() {
    printed(
        Format::Junit,
        &expect![[r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="callscope conform">
              <testsuite name="conform" tests="8" failures="3" errors="2" skipped="1" time="5.310">
                <testcase classname="conform" name="handshake" time="2.140">
                  <system-out>the widget showed confirm(&quot;&lt;b&gt;Sure?&quot;), which was dismissed: it returned false</system-out>
                </testcase>
                <testcase classname="conform" name="outbound-busy" time="2.140">
                  <failure message="data.callEndStatus is &quot;&lt;b&gt;\u001b[31m&quot;, expected &quot;BUSY&quot;">at outbound-busy.jsonc:10 {&quot;widget&quot;: &quot;CALL_ENDED&quot;, &quot;profile&quot;: &quot;0.9&quot;, &quot;data&quot;: {&quot;externalCallId&quot;: &quot;$call&quot;, &quot;callEndStatus&quot;: &quot;BUSY&quot;}}
            expected: CALL_ENDED within 5 s with data {&quot;callEndStatus&quot;:&quot;BUSY&quot;}
            actual: data.callEndStatus is &quot;&lt;b&gt;\u001b[31m&quot;, expected &quot;BUSY&quot;
            thrown: TypeError: &lt;x&gt; (https://a.example/x.js:1)
            hint: warning[C09]: Two. Make it one.
               12    +1.204  host   →  ENGAGEMENT_CREATED  engagement 7
            &gt;  13    +1.500  widget ←  CALL_ENDED  FAILED</failure>
                </testcase>
                <testcase classname="conform" name="transfer" time="2.140">
                  <system-out>at outbound-answered.jsonc:16 {&quot;widget&quot;: &quot;CALL_ANSWERED&quot;, &quot;profile&quot;: &quot;0.9&quot;, &quot;data&quot;: {&quot;externalCallId&quot;: &quot;$call&quot;}}
            expected: CALL_ENDED within 5 s with data {&quot;callEndStatus&quot;:&quot;BUSY&quot;}
            actual: the widget sent nothing
            the widget showed confirm(&quot;&lt;b&gt;Sure?&quot;), which was dismissed: it returned false</system-out>
                </testcase>
                <testcase classname="conform" name="fast-redial" time="2.140">
                  <failure message="known.txt:2: fast-redial no longer fails: remove this line"/>
                </testcase>
                <testcase classname="conform" name="inbound-missed" time="0.000">
                  <skipped message="nothing is bound to the role callerGivesUp"/>
                </testcase>
                <testcase classname="conform" name="outbound-no-answer" time="0.000">
                  <failure message="known.txt:3: outbound-no-answer was skipped, so nobody knows whether it still fails: see to it that it is played, or remove this line"/>
                  <system-out>nothing is bound to the role remoteNoAnswer</system-out>
                </testcase>
                <testcase classname="conform" name="login-late" time="2.140">
                  <error message="the browser has gone"/>
                </testcase>
                <testcase classname="conform" name="handshake-slow" time="2.140">
                  <error message="the browser has gone"/>
                  <system-out>known.txt:4: handshake-slow could not be played, so nobody knows whether it still fails</system-out>
                </testcase>
              </testsuite>
            </testsuites>
        "#]],
    );
}

#[test]
fn the_exit_code_is_that_of_the_worst() {
    let mut all = outcomes();
    assert_eq!(super::super::status(&all), crate::Status::Failed);
    all.retain(|it| it.assessment != Assessment::HarnessError);
    assert_eq!(super::super::status(&all), crate::Status::Found);
    // One entry that no longer fails is enough, and so is one that was not tried.
    all.retain(|it| it.assessment != Assessment::UnexpectedFailure);
    assert_eq!(super::super::status(&all), crate::Status::Found);
    all.retain(|it| it.assessment != Assessment::UnexpectedPass);
    assert_eq!(super::super::status(&all), crate::Status::Found);
    all.retain(|it| it.assessment != Assessment::Untried);
    assert_eq!(super::super::status(&all), crate::Status::Clean);
    // With a page that is not a widget, nothing was played, whatever was expected.
    for outcome in &mut all {
        outcome.played.sdk = None;
    }
    assert_eq!(super::super::status(&all), crate::Status::Found);
}
