//! A finding that others follow from comes first, with its consequences under it.

use expect_test::expect;

use crate::{check_run, run};

const LOG: &str = "dialed-twice.callscope.jsonl";

#[test]
fn a_cause_names_what_follows_from_it() {
    check_run(
        &["check", "--allow", "H04", LOG],
        &expect![[r#"
            dialed-twice.callscope.jsonl

            conversation 1 · app.hubspot.com ⇄ localhost:9025 · SDK 0.9.7 (reports 0.9.7-beta.0)

            call 1 · outbound to +15550100 · started

            note[C03]: DIAL_NUMBER twice for one click
             --> dialed-twice.callscope.jsonl:6 (message 5)
              |
            3 | 12:29:05.842  widget ←  INITIALIZED            logged in
            4 | 12:30:05.829  host   →  DIAL_NUMBER            +15550100
              |                         -----------
            5 | 12:30:05.843  host   →  DIAL_NUMBER            +15550100
              |                         ^^^^^^^^^^^ DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second
            6 | 12:30:06.129  widget ←  OUTGOING_CALL_STARTED  +15550100 · call call-1
              |
              = why: HubSpot sends the request twice for one click (issue #210 of the SDK); the widget is not to
                     blame. A widget that dials for each of them makes two calls.
              = fix: In onDialNumber, ignore a request that has the same startTimestamp as the previous one, or
                     that arrives while its call is being set up.
              = callscope explain C03
              and 1 more follows from it:
                note[C01] message 7 on line 8: OUTGOING_CALL_STARTED came again for the same number, 20 ms after the first and with another externalCallId, call-2

            2 notes (1 left out) in 11 messages, 1 conversation, 2 calls
            --- exit 0
        "#]],
    );
}

#[test]
fn a_consequence_whose_cause_is_left_out_stands_alone() {
    check_run(
        &["check", "--allow", "H04,C03", LOG],
        &expect![[r#"
            dialed-twice.callscope.jsonl

            conversation 1 · app.hubspot.com ⇄ localhost:9025 · SDK 0.9.7 (reports 0.9.7-beta.0)

            call 2 · outbound to +15550100 · completed · 00:26 · COMPLETED

            note[C01]: Call announced twice
             --> dialed-twice.callscope.jsonl:8 (message 7)
              |
            5 | 12:30:05.843  host   →  DIAL_NUMBER                  +15550100
            6 | 12:30:06.129  widget ←  OUTGOING_CALL_STARTED        +15550100 · call call-1
              |                         ---------------------
            7 | 12:30:06.149  widget ←  OUTGOING_CALL_STARTED        +15550100 · call call-2
              |                         ^^^^^^^^^^^^^^^^^^^^^ OUTGOING_CALL_STARTED came again for the same number, 20 ms after the first and with another externalCallId, call-2
            8 | 12:30:06.249  host   →  CREATE_ENGAGEMENT_SUCCEEDED  engagement 4711
              |
              = why: HubSpot treats every OUTGOING_CALL_STARTED and INCOMING_CALL as a new call, and creates an
                     engagement for each. The widget completes one of them; the other stays on the timeline,
                     incomplete.
              = fix: Call outgoingCall() or incomingCall() once for each call. Often two places do it:
                     onDialNumber and the handler of the call button, an effect that runs twice, or the remote
                     and the calling window, of which only the window may send it. Create the externalCallId
                     where the call begins, not where it is announced. A page that was reloaded during a call
                     does not announce it again: it goes on with callEnded() and callCompleted(), with the ids
                     that it kept in sessionStorage.
              = callscope explain C01

            1 note (2 left out) in 11 messages, 1 conversation, 2 calls
            --- exit 0
        "#]],
    );
}

#[test]
fn json_names_the_cause() {
    let json: serde_json::Value =
        serde_json::from_str(&run(&["check", "--format", "json", "--allow", "H04", LOG]).stdout)
            .unwrap();
    let causes: Vec<String> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{} {}", it["code"], it["cause"]))
        .collect();
    expect![[r#"
        "C03" null
        "C01" {"code":"C03","seq":5}"#]]
    .assert_eq(&causes.join("\n"));
}

#[test]
fn annotations_and_cases_point_at_the_cause() {
    check_run(
        &["check", "--format", "github", "--allow", "H04", LOG],
        &expect![[r#"
            ::notice file=dialed-twice.callscope.jsonl,line=6,title=C03 DIAL_NUMBER twice for one click::DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second%0AFix: In onDialNumber, ignore a request that has the same startTimestamp as the previous one, or that arrives while its call is being set up.
            ::notice file=dialed-twice.callscope.jsonl,line=8,title=C01 Call announced twice::OUTGOING_CALL_STARTED came again for the same number, 20 ms after the first and with another externalCallId, call-2%0AIt follows from C03 of message 5: mend that one
            callscope: 0 errors, 0 warnings, 2 notes
            --- exit 0
        "#]],
    );
    check_run(
        &["check", "--format", "junit", "--allow", "H04", LOG],
        &expect![[r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="callscope">
              <testsuite name="dialed-twice.callscope.jsonl" tests="2" failures="0" errors="0">
                <testcase classname="conversation 1, call 1" name="C03 DIAL_NUMBER twice for one click, message 5">
                  <system-out>dialed-twice.callscope.jsonl:6: note C03: DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second
            Why: HubSpot sends the request twice for one click (issue #210 of the SDK); the widget is not to blame. A widget that dials for each of them makes two calls.
            Fix: In onDialNumber, ignore a request that has the same startTimestamp as the previous one, or that arrives while its call is being set up.</system-out>
                </testcase>
                <testcase classname="conversation 1, call 2" name="C01 Call announced twice, message 7">
                  <system-out>dialed-twice.callscope.jsonl:8: note C01: OUTGOING_CALL_STARTED came again for the same number, 20 ms after the first and with another externalCallId, call-2
            Why: HubSpot treats every OUTGOING_CALL_STARTED and INCOMING_CALL as a new call, and creates an engagement for each. The widget completes one of them; the other stays on the timeline, incomplete.
            It follows from C03 of message 5: mend that one</system-out>
                </testcase>
              </testsuite>
            </testsuites>
            --- exit 0
        "#]],
    );
}

#[test]
fn reports_have_consequences_under_their_cause() {
    let markdown = run(&["report", "--format", "md", "--no-redact", LOG]).stdout;
    let findings = markdown.split("## Findings\n").nth(1).unwrap();
    let findings = findings.split("## Ladder").next().unwrap();
    let lines: Vec<&str> = findings
        .lines()
        .filter(|line| !line.starts_with("**"))
        .filter(|line| !line.is_empty())
        .collect();
    expect![[r#"
        ### ▲ warning H04: HubSpot does not answer
        - message 7: OUTGOING_CALL_STARTED got no answer within 10 s: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
        ### i note C03: DIAL_NUMBER twice for one click
        - message 5: DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second, and 1 more follows from it:
          - C01 message 7: OUTGOING_CALL_STARTED came again for the same number, 20 ms after the first and with another externalCallId, call-2"#]].assert_eq(&lines.join("\n"));
    let html = run(&["report", "--format", "html", "--no-redact", LOG]).stdout;
    let start = html.find("C03: ").unwrap();
    let list = html[start..].split("<p>").next().unwrap();
    expect![[r##"
        C03: DIAL_NUMBER twice for one click</h3>
        <ul>
        <li><a href="#m5">message 5</a>: DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second (see <a href="#m4">4</a>), and 1 more follows from it:
        <ul>
        <li>C01 <a href="#m7">message 7</a>: OUTGOING_CALL_STARTED came again for the same number, 20 ms after the first and with another externalCallId, call-2 (see <a href="#m6">6</a>)</li>
        </ul></li>
        </ul>
    "##]].assert_eq(list);
}

#[test]
fn the_timeline_says_what_a_finding_follows_from() {
    let shown = run(&["show", LOG]).stdout;
    let notes = shown.lines().filter(|it| it.contains(" note: "));
    let notes: Vec<&str> = notes.map(str::trim_start).collect();
    expect![[r#"
        i C03 note: DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second
        i C01 note: OUTGOING_CALL_STARTED came again for the same number, 20 ms after the first and with another externalCallId, call-2 (follows from C03 of message 5)"#]].assert_eq(&notes.join("\n"));
}
