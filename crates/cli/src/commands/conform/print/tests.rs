use callscope_protocol::Millis;
use callscope_scenario::{ExpectedFailures, Plan, Profile, built_in};
use callscope_session_log::Session;
use expect_test::{Expect, expect};

use super::*;

fn outcome(name: &str, verdict: Verdict, lines: Vec<SessionLine>) -> Outcome {
    let all = built_in().unwrap();
    let scenario = all.iter().find(|it| it.name == name).unwrap();
    let plan = Plan::new(scenario, &|name| all.iter().find(|it| it.name == name)).unwrap();
    let known = "transfer\nfast-redial\n";
    let expected = ExpectedFailures::read("known.txt", known, |_| true).unwrap();
    let is_played = !matches!(verdict, Verdict::Skipped(_));
    Outcome {
        standing: expected.standing(name, &verdict),
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
            "login-late",
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
        &expect![[r#"
            https://localhost:9025/ · SDK 0.9.7 (reports 0.9.7-beta.0) · profile 0.9

            handshake         2.1 s  pass
            outbound-busy     2.1 s  fail
                at outbound-busy.jsonc:10  {"widget": "CALL_ENDED", "profile": "0.9", "data": {"externalCallId": "$call", "callEndStatus": "BUSY"}}
                expected  CALL_ENDED within 5 s with data {"callEndStatus":"BUSY"}
                actual    data.callEndStatus is "<b>\u{1b}[31m", expected "BUSY"
                     12    +1.204  host   →  ENGAGEMENT_CREATED  engagement 7
                  >  13    +1.500  widget ←  CALL_ENDED  FAILED

            transfer          2.1 s  fail, as expected
                at outbound-answered.jsonc:16  {"widget": "CALL_ANSWERED", "profile": "0.9", "data": {"externalCallId": "$call"}}
                expected  CALL_ENDED within 5 s with data {"callEndStatus":"BUSY"}
                actual    the widget sent nothing

            fast-redial       2.1 s  pass
            inbound-missed           skipped
                nothing is bound to the role callerGivesUp
            login-late        2.1 s  harness error
                the browser has gone

            2 passed, 2 failed (1 expected), 1 skipped, 1 harness error in 5.3 s
            known.txt:2: fast-redial no longer fails: remove this line
        "#]],
    );
}

#[test]
fn as_json() {
    printed(
        Format::Json,
        &expect![[r#"
            {"widget":"https://localhost:9025/","results":[
            {"scenario":"handshake","title":"HubSpot loads the widget, and the widget says who it is, once","verdict":"pass","expectedFailure":false,"seconds":2.14,"sdk":"SDK 0.9.7 (reports 0.9.7-beta.0)","profile":"0.9","log":null},
            {"scenario":"outbound-busy","title":"The number that is called is busy","verdict":"fail","expectedFailure":false,"seconds":2.14,"sdk":"SDK 0.9.7 (reports 0.9.7-beta.0)","profile":"0.9","log":null,"step":{"number":11,"scenario":"outbound-busy","file":"outbound-busy.jsonc","line":10,"text":"{\"widget\": \"CALL_ENDED\", \"profile\": \"0.9\", \"data\": {\"externalCallId\": \"$call\", \"callEndStatus\": \"BUSY\"}}"},"expected":"CALL_ENDED within 5 s with data {\"callEndStatus\":\"BUSY\"}","actual":"data.callEndStatus is \"<b>\u001b[31m\", expected \"BUSY\"","seq":13,"rule":null,"lines":[{"seq":12,"at":1204.0,"from":"host","what":"ENGAGEMENT_CREATED","summary":"engagement 7","failing":false},{"seq":13,"at":1500.5,"from":"widget","what":"CALL_ENDED","summary":"FAILED","failing":true}]},
            {"scenario":"transfer","title":"The user transfers the call","verdict":"fail","expectedFailure":true,"seconds":2.14,"sdk":"SDK 0.9.7 (reports 0.9.7-beta.0)","profile":"0.9","log":null,"step":{"number":10,"scenario":"outbound-answered","file":"outbound-answered.jsonc","line":16,"text":"{\"widget\": \"CALL_ANSWERED\", \"profile\": \"0.9\", \"data\": {\"externalCallId\": \"$call\"}}"},"expected":"CALL_ENDED within 5 s with data {\"callEndStatus\":\"BUSY\"}","actual":"the widget sent nothing","seq":13,"rule":null,"lines":[]},
            {"scenario":"fast-redial","title":"The user hangs up and dials again at once","verdict":"pass","expectedFailure":true,"seconds":2.14,"sdk":"SDK 0.9.7 (reports 0.9.7-beta.0)","profile":"0.9","log":null},
            {"scenario":"inbound-missed","title":"Somebody calls and gives up before the user answers","verdict":"skipped","expectedFailure":false,"seconds":0.0,"sdk":null,"profile":"0.9","log":null,"why":"nothing is bound to the role callerGivesUp"},
            {"scenario":"login-late","title":"The user logs in to the widget only after a while, and then dials","verdict":"harness error","expectedFailure":false,"seconds":2.14,"sdk":"SDK 0.9.7 (reports 0.9.7-beta.0)","profile":"0.9","log":null,"why":"the browser has gone"}
            ],"summary":{"passed":2,"failed":2,"skipped":1,"harnessErrors":1,"expectedFailures":1,"noLongerFail":1,"seconds":5.31}}
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
              <testsuite name="conform" tests="6" failures="2" errors="1" skipped="1" time="5.310">
                <testcase classname="conform" name="handshake" time="2.140"/>
                <testcase classname="conform" name="outbound-busy" time="2.140">
                  <failure message="data.callEndStatus is &quot;&lt;b&gt;\u{1b}[31m&quot;, expected &quot;BUSY&quot;">at outbound-busy.jsonc:10 {&quot;widget&quot;: &quot;CALL_ENDED&quot;, &quot;profile&quot;: &quot;0.9&quot;, &quot;data&quot;: {&quot;externalCallId&quot;: &quot;$call&quot;, &quot;callEndStatus&quot;: &quot;BUSY&quot;}}
            expected: CALL_ENDED within 5 s with data {&quot;callEndStatus&quot;:&quot;BUSY&quot;}
            actual: data.callEndStatus is &quot;&lt;b&gt;\u{1b}[31m&quot;, expected &quot;BUSY&quot;
               12    +1.204  host   →  ENGAGEMENT_CREATED  engagement 7
            &gt;  13    +1.500  widget ←  CALL_ENDED  FAILED</failure>
                </testcase>
                <testcase classname="conform" name="transfer" time="2.140">
                  <system-out>at outbound-answered.jsonc:16 {&quot;widget&quot;: &quot;CALL_ANSWERED&quot;, &quot;profile&quot;: &quot;0.9&quot;, &quot;data&quot;: {&quot;externalCallId&quot;: &quot;$call&quot;}}
            expected: CALL_ENDED within 5 s with data {&quot;callEndStatus&quot;:&quot;BUSY&quot;}
            actual: the widget sent nothing</system-out>
                </testcase>
                <testcase classname="conform" name="fast-redial" time="2.140">
                  <failure message="known.txt:2: it no longer fails: remove this line"/>
                </testcase>
                <testcase classname="conform" name="inbound-missed" time="0.000">
                  <skipped message="nothing is bound to the role callerGivesUp"/>
                </testcase>
                <testcase classname="conform" name="login-late" time="2.140">
                  <error message="the browser has gone"/>
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
    all.pop();
    assert_eq!(super::super::status(&all), crate::Status::Found);
    // The entry that no longer fails is enough.
    all.remove(1);
    assert_eq!(super::super::status(&all), crate::Status::Found);
    all.retain(|it| it.standing != Standing::NoLongerFails);
    assert_eq!(super::super::status(&all), crate::Status::Clean);
}
