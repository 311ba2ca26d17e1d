//! `callscope check`

use expect_test::expect;

use crate::{callscope, check_run, logs, run, run_with};

#[test]
fn a_clean_session() {
    check_run(
        &["check", "clean.callscope.jsonl"],
        &expect![[r#"
        clean.callscope.jsonl
        2026-11-22T12:29:05.000Z · callscope 0.1.0 · Chromium 156 · https://app.hubspot.com/contacts/62515/record/0-1/51

        no findings in 13 messages, 1 conversation, 1 call
        --- exit 0
    "#]],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "the whole output")]
fn findings_stand_in_their_calls_with_the_messages_around_them() {
    check_run(
        &["check", "broken.callscope.jsonl"],
        &expect![[r#"
            broken.callscope.jsonl
            2026-11-22T12:29:05.000Z · callscope 0.1.0 · Chromium 156 · https://app.hubspot.com/contacts/62515/record/0-1/51

            conversation 1 (widget) · app.hubspot.com ⇄ localhost:9025 · SDK 0.9.7

            error[T20]: Posted value is not an object
              --> broken.callscope.jsonl:25 (message 21)
               |
            19 | 12:31:55.829  widget ←  CALL_ENDED     COMPLETED · engagement 4799 · call call-2
            20 | 12:31:56.829  widget ←  CALL_COMPLETE  externalCallId call-2
            21 | 12:31:57.829  widget ←  (no type)      null
               |                         ^^^^^^^^^ The widget posted null; the host's listener throws an exception
               |
               = why: The SDK reads the type of whatever arrives. null and undefined throw an exception in the
                      other side's listener; in a string or a number it finds no type and ignores it.
               = fix: Post only objects with a type and a messageId: call the methods of the SDK, or
                      sendMessage({ type, data }). Find the window.postMessage() that posts something else; a
                      message is posted as it is, not as JSON.stringify() makes of it.
               = callscope explain T20

            note[X02]: Gap in the recording
             --> broken.callscope.jsonl:22 at 12:31:45.829
              = 12 messages are missing: a buffer was full
              |
              = why: Rules about order and absence do not report anything that depends on what may be in the
                     gap.
              = fix: Record again without pausing. If the buffer was full, keep the panel open while Callscope
                     records, or clear the list. If one side's messages are not recorded, Callscope may not
                     listen in the other side's origin: allow it and reload the page. Plain http other than
                     localhost cannot be allowed. A frame that is removed right after it has posted something is
                     gone when that arrives: remove it later.
              = callscope explain X02

            call 1 · outbound to +15550100 · completed · 00:48 · INTERNAL_COMPLETED

            warning[M14]: CALL_COMPLETED before CALL_ENDED
              --> broken.callscope.jsonl:12 (message 9)
               |
             5 | 12:30:06.129  widget ←  OUTGOING_CALL_STARTED       +15550100 · call call-1
               |                         ---------------------
            ...
             7 | 12:30:06.269  host   →  INITIATE_CALL_ID_SUCCEEDED  call id c-call-1
             8 | 12:30:09.829  widget ←  CALL_ANSWERED               call call-1
             9 | 12:30:51.829  widget ←  CALL_COMPLETED              engagement 4711 · call call-1
               |                         ^^^^^^^^^^^^^^ CALL_COMPLETED came before CALL_ENDED; the call is still answered
            10 | 12:30:57.829  widget ←  CALL_ENDED                  INTERNAL_COMPLETED · engagement 4711 · call call-1
               |
               = why: HubSpot saves the call and, unless told otherwise, hides the widget, while the call is
                      still in progress.
               = fix: Call callEnded() when the line drops, and callCompleted() after it, when the user has
                      saved the call.
               = callscope explain M14

            warning[M13]: Unknown callEndStatus
              --> broken.callscope.jsonl:13 (message 10)
               |
             8 | 12:30:09.829  widget ←  CALL_ANSWERED                call call-1
             9 | 12:30:51.829  widget ←  CALL_COMPLETED               engagement 4711 · call call-1
            10 | 12:30:57.829  widget ←  CALL_ENDED                   INTERNAL_COMPLETED · engagement 4711 · call call-1
               |                         ^^^^^^^^^^ callEndStatus is INTERNAL_COMPLETED; did you mean COMPLETED?
            11 | 12:30:58.129  host   →  UPDATE_ENGAGEMENT_SUCCEEDED  engagement 4711
               |
               = why: HubSpot knows seven statuses. The documentation prints the names of the constants, which
                      begin with INTERNAL_; on the wire the values have no prefix.
               = fix: Use the values of the SDK's Constants.callEndStatus, for example callEnded({
                      callEndStatus: callEndStatus.INTERNAL_COMPLETED }), which is the string COMPLETED.
               = callscope explain M13

            call 2 · outbound to +15550122 · ended · 00:16 · COMPLETED

            error[M02]: externalCallId changes inside a call
              --> broken.callscope.jsonl:21 (message 18)
               |
            15 | 12:31:36.129  widget ←  OUTGOING_CALL_STARTED        +15550122 · call call-2
               |                         ---------------------
            16 | 12:31:36.249  host   →  CREATE_ENGAGEMENT_SUCCEEDED  engagement 4712
            17 | 12:31:36.269  host   →  INITIATE_CALL_ID_SUCCEEDED   call id c-call-2
            18 | 12:31:39.829  widget ←  CALL_ANSWERED                call call-X
               |                         ^^^^^^^^^^^^^ CALL_ANSWERED has the externalCallId call-X; the call is call-2
            19 | 12:31:55.829  widget ←  CALL_ENDED                   COMPLETED · engagement 4799 · call call-2
               |
               = why: HubSpot identifies a call by its externalCallId; under another id it sees another call.
               = fix: Create the id once when the call starts, keep it, and pass the same id to every method
                      until the call is completed. If several frames of the widget share a call, share the id as
                      well.
               = callscope explain M02

            warning[T21]: Type unknown to the receiver
              --> broken.callscope.jsonl:24 (message 20)
               |
            18 | 12:31:39.829  widget ←  CALL_ANSWERED  call call-X
            19 | 12:31:55.829  widget ←  CALL_ENDED     COMPLETED · engagement 4799 · call call-2
            20 | 12:31:56.829  widget ←  CALL_COMPLETE  externalCallId call-2
               |                         ^^^^^^^^^^^^^ The host knows no type CALL_COMPLETE; did you mean CALL_COMPLETED?
            21 | 12:31:57.829  widget ←  (no type)      null
               |
               = why: A receiver that does not know a type answers with ERROR / UNKNOWN_MESSAGE_TYPE, and what
                      the message was meant to do does not happen. Up to 0.0.7 a widget without a default
                      handler even throws.
               = fix: Take the type from the SDK's Constants, or call the SDK's method for it, so that it cannot
                      be misspelled. If the message is newer than the widget's SDK, upgrade the SDK in the
                      widget.
               = callscope explain T21

            2 errors, 3 warnings, 1 note in 21 messages, 1 conversation, 2 calls, 12 missing
            --- exit 1
        "#]],
    );
}

#[test]
fn page_data_cannot_paint_or_turn_the_line() {
    check_run(
        &["check", "hostile.callscope.jsonl"],
        &expect![[r#"
            hostile.callscope.jsonl
            2026-11-22T12:29:05.000Z · callscope 0.1.0 · Chromium 156 · https://x/\u001b[31m

            conversation 1 (widget) · app.hubspot.com ⇄ localhost:9025 · SDK 0.9.7

            warning[T21]: Type unknown to the receiver
             --> hostile.callscope.jsonl:5 (message 4)
              |
            2 | 12:29:05.831  widget ←  SYNC_ACK                 0.9.7 · https://localhost:9025
            3 | 12:29:05.842  widget ←  INITIALIZED              logged in · available · 400 × 600 px
            4 | 12:29:06.829  widget ←  EVIL\u001b[2J\u202etxet  message \u001b]0;owned\u0007 · x \u009b31m
              |                         ^^^^^^^^^^^^^^^^^^^^^^^ The host knows no type EVIL\u001b[2J\u202etxet
            5 | 12:29:07.829  widget ←  ERROR                    line\nbreak \u2066iso\u2069 \u202erlo
              |
              = why: A receiver that does not know a type answers with ERROR / UNKNOWN_MESSAGE_TYPE, and what
                     the message was meant to do does not happen. Up to 0.0.7 a widget without a default handler
                     even throws.
              = fix: Take the type from the SDK's Constants, or call the SDK's method for it, so that it cannot
                     be misspelled. If the message is newer than the widget's SDK, upgrade the SDK in the
                     widget.
              = callscope explain T21

            1 warning in 5 messages, 1 conversation, 0 calls
            --- exit 0
        "#]],
    );
    let colored = run(&["check", "--color", "always", "hostile.callscope.jsonl"]).stdout;
    assert!(colored.contains("\u{1b}[1m"), "{colored}");
    for bad in ["\u{1b}[2J", "\u{1b}]0;", "\u{202e}", "\u{7}", "\u{9b}"] {
        assert!(!colored.contains(bad), "{bad:?}");
        for format in ["json", "junit", "github"] {
            let out = run(&["check", "--format", format, "hostile.callscope.jsonl"]).stdout;
            assert!(!out.contains(bad), "{bad:?} in {format}");
        }
    }
}

#[test]
fn colors_only_where_they_are_wanted() {
    for (arguments, variable, expected) in [
        (
            ["check", "broken.callscope.jsonl", "--color=auto"],
            None,
            false,
        ),
        (
            ["check", "broken.callscope.jsonl", "--color=never"],
            Some("CLICOLOR_FORCE"),
            false,
        ),
        (
            ["check", "broken.callscope.jsonl", "--color=auto"],
            Some("CLICOLOR_FORCE"),
            true,
        ),
        (
            ["check", "broken.callscope.jsonl", "--color=auto"],
            Some("NO_COLOR"),
            false,
        ),
        (
            ["check", "broken.callscope.jsonl", "--color=always"],
            Some("NO_COLOR"),
            true,
        ),
    ] {
        let mut command = callscope(&arguments);
        if let Some(variable) = variable {
            command.env(variable, "1");
        }
        let stdout = command.output().unwrap().stdout;
        assert_eq!(
            stdout.contains(&0x1b),
            expected,
            "{arguments:?} {variable:?}"
        );
    }
}

#[test]
fn the_same_from_standard_input() {
    let log = std::fs::read(logs().join("broken.callscope.jsonl")).unwrap();
    let from_stdin = run_with(&["check", "-"], &log);
    let from_file = run(&["check", "broken.callscope.jsonl"]);
    assert_eq!(
        from_stdin
            .stdout
            .replace("standard input", "broken.callscope.jsonl"),
        from_file.stdout
    );
    assert_eq!(from_stdin.code, 1);
}

#[test]
fn json_is_one_object() {
    check_run(
        &["check", "--format", "json", "broken.callscope.jsonl"],
        &expect![[r#"
            {"findings":[
            {"code":"M14","severity":"warning","file":"broken.callscope.jsonl","line":12,"seq":9,"conversation":1,"call":1,"at":1795350651829.0,"title":"CALL_COMPLETED before CALL_ENDED","message":"CALL_COMPLETED came before CALL_ENDED; the call is still answered","related":[5],"cause":null,"stranger":false},
            {"code":"M13","severity":"warning","file":"broken.callscope.jsonl","line":13,"seq":10,"conversation":1,"call":1,"at":1795350657829.0,"title":"Unknown callEndStatus","message":"callEndStatus is INTERNAL_COMPLETED; did you mean COMPLETED?","related":[],"cause":null,"stranger":false},
            {"code":"M02","severity":"error","file":"broken.callscope.jsonl","line":21,"seq":18,"conversation":1,"call":2,"at":1795350699829.0,"title":"externalCallId changes inside a call","message":"CALL_ANSWERED has the externalCallId call-X; the call is call-2","related":[15],"cause":null,"stranger":false},
            {"code":"X02","severity":"note","file":"broken.callscope.jsonl","line":22,"seq":null,"conversation":1,"call":null,"at":1795350705829.0,"title":"Gap in the recording","message":"12 messages are missing: a buffer was full","related":[],"cause":null,"stranger":false},
            {"code":"T21","severity":"warning","file":"broken.callscope.jsonl","line":24,"seq":20,"conversation":1,"call":2,"at":1795350716829.0,"title":"Type unknown to the receiver","message":"The host knows no type CALL_COMPLETE; did you mean CALL_COMPLETED?","related":[],"cause":null,"stranger":false},
            {"code":"T20","severity":"error","file":"broken.callscope.jsonl","line":25,"seq":21,"conversation":1,"call":null,"at":1795350717829.0,"title":"Posted value is not an object","message":"The widget posted null; the host's listener throws an exception","related":[],"cause":null,"stranger":false}
            ],"summary":{"errors":2,"warnings":3,"notes":1,"allowed":0,"ofStrangers":0,"messages":21,"lost":12,"moreLost":false,"evicted":0,"leftOut":0,"handshakes":{"count":1,"shortestMs":2.0,"longestMs":2.0},"sdkVersions":["SDK 0.9.7"],"calls":{"count":2,"outbound":2,"inbound":0,"answered":2},"unreadable":0,"files":[{"file":"broken.callscope.jsonl","errors":2,"warnings":3,"notes":1,"allowed":0,"ofStrangers":0,"messages":21,"lost":12,"moreLost":false,"evicted":0,"leftOut":0,"handshakes":{"count":1,"shortestMs":2.0,"longestMs":2.0},"sdkVersions":["SDK 0.9.7"],"calls":{"count":2,"outbound":2,"inbound":0,"answered":2},"conversations":[{"conversation":1,"continues":null,"hostOrigin":"https://app.hubspot.com","widgetOrigin":"https://localhost:9025","sdk":"SDK 0.9.7","profile":"modern (0.9 and newer)","messages":21,"handshakeMs":2.0,"stranger":false,"errors":2,"warnings":3,"notes":1}],"remarks":[]}]}}
            --- exit 1
        "#]],
    );
    let all = run(&[
        "check",
        "--format=json",
        "broken.callscope.jsonl",
        "clean.callscope.jsonl",
        "hostile.callscope.jsonl",
    ]);
    let value: serde_json::Value = serde_json::from_str(&all.stdout).unwrap();
    let files: Vec<_> = value["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["file"])
        .collect();
    assert_eq!(files.first().unwrap(), &"broken.callscope.jsonl");
    assert_eq!(files.last().unwrap(), &"hostile.callscope.jsonl");
    let summary = &value["summary"];
    assert_eq!(summary["messages"], 21 + 13 + 5);
    assert_eq!(summary["sdkVersions"][0], "SDK 0.9.7");
    assert_eq!(summary["handshakes"]["longestMs"], 2.0);
    assert_eq!(summary["files"][0]["handshakes"]["count"], 1);
    assert_eq!(
        summary["files"][0]["calls"],
        serde_json::json!({ "count": 2, "outbound": 2, "inbound": 0, "answered": 2 })
    );
    assert_eq!(value["summary"]["files"].as_array().unwrap().len(), 3);
}

#[test]
fn json_of_nothing_wrong() {
    let ran = run(&["check", "--format=json", "clean.callscope.jsonl"]);
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(value["findings"], serde_json::json!([]));
    assert_eq!(value["summary"]["errors"], 0);
    assert_eq!(ran.code, 0);
}

#[test]
fn junit() {
    check_run(
        &[
            "check",
            "--format",
            "junit",
            "--deny=warning",
            "broken.callscope.jsonl",
            "clean.callscope.jsonl",
        ],
        &expect![[r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="callscope">
              <testsuite name="broken.callscope.jsonl" tests="6" failures="5" errors="0">
                <testcase classname="conversation 1, call 1" name="M14 CALL_COMPLETED before CALL_ENDED, message 9">
                  <failure type="warning" message="CALL_COMPLETED came before CALL_ENDED; the call is still answered">broken.callscope.jsonl:12: warning M14: CALL_COMPLETED came before CALL_ENDED; the call is still answered
            Why: HubSpot saves the call and, unless told otherwise, hides the widget, while the call is still in progress.
            Fix: Call callEnded() when the line drops, and callCompleted() after it, when the user has saved the call.</failure>
                </testcase>
                <testcase classname="conversation 1, call 1" name="M13 Unknown callEndStatus, message 10">
                  <failure type="warning" message="callEndStatus is INTERNAL_COMPLETED; did you mean COMPLETED?">broken.callscope.jsonl:13: warning M13: callEndStatus is INTERNAL_COMPLETED; did you mean COMPLETED?
            Why: HubSpot knows seven statuses. The documentation prints the names of the constants, which begin with INTERNAL_; on the wire the values have no prefix.
            Fix: Use the values of the SDK's Constants.callEndStatus, for example callEnded({ callEndStatus: callEndStatus.INTERNAL_COMPLETED }), which is the string COMPLETED.</failure>
                </testcase>
                <testcase classname="conversation 1, call 2" name="M02 externalCallId changes inside a call, message 18">
                  <failure type="error" message="CALL_ANSWERED has the externalCallId call-X; the call is call-2">broken.callscope.jsonl:21: error M02: CALL_ANSWERED has the externalCallId call-X; the call is call-2
            Why: HubSpot identifies a call by its externalCallId; under another id it sees another call.
            Fix: Create the id once when the call starts, keep it, and pass the same id to every method until the call is completed. If several frames of the widget share a call, share the id as well.</failure>
                </testcase>
                <testcase classname="conversation 1" name="X02 Gap in the recording">
                  <system-out>broken.callscope.jsonl:22: note X02: 12 messages are missing: a buffer was full
            Why: Rules about order and absence do not report anything that depends on what may be in the gap.
            Fix: Record again without pausing. If the buffer was full, keep the panel open while Callscope records, or clear the list. If one side's messages are not recorded, Callscope may not listen in the other side's origin: allow it and reload the page. Plain http other than localhost cannot be allowed. A frame that is removed right after it has posted something is gone when that arrives: remove it later.</system-out>
                </testcase>
                <testcase classname="conversation 1, call 2" name="T21 Type unknown to the receiver, message 20">
                  <failure type="warning" message="The host knows no type CALL_COMPLETE; did you mean CALL_COMPLETED?">broken.callscope.jsonl:24: warning T21: The host knows no type CALL_COMPLETE; did you mean CALL_COMPLETED?
            Why: A receiver that does not know a type answers with ERROR / UNKNOWN_MESSAGE_TYPE, and what the message was meant to do does not happen. Up to 0.0.7 a widget without a default handler even throws.
            Fix: Rename CALL_COMPLETE to CALL_COMPLETED. Take the type from the SDK's Constants, or call the SDK's method for it, so that it cannot be misspelled. If the message is newer than the widget's SDK, upgrade the SDK in the widget.</failure>
                </testcase>
                <testcase classname="conversation 1" name="T20 Posted value is not an object, message 21">
                  <failure type="error" message="The widget posted null; the host's listener throws an exception">broken.callscope.jsonl:25: error T20: The widget posted null; the host's listener throws an exception
            Why: The SDK reads the type of whatever arrives. null and undefined throw an exception in the other side's listener; in a string or a number it finds no type and ignores it.
            Fix: Post only objects with a type and a messageId: call the methods of the SDK, or sendMessage({ type, data }). Find the window.postMessage() that posts something else; a message is posted as it is, not as JSON.stringify() makes of it.</failure>
                </testcase>
              </testsuite>
              <testsuite name="clean.callscope.jsonl" tests="1" failures="0" errors="0">
                <testcase classname="session" name="no findings"/>
              </testsuite>
            </testsuites>
            --- exit 1
        "#]],
    );
}

#[test]
fn github() {
    check_run(
        &["check", "--format", "github", "broken.callscope.jsonl"],
        &expect![[r#"
            ::warning file=broken.callscope.jsonl,line=12,title=M14 CALL_COMPLETED before CALL_ENDED::CALL_COMPLETED came before CALL_ENDED; the call is still answered%0AFix: Call callEnded() when the line drops, and callCompleted() after it, when the user has saved the call.
            ::warning file=broken.callscope.jsonl,line=13,title=M13 Unknown callEndStatus::callEndStatus is INTERNAL_COMPLETED; did you mean COMPLETED?%0AFix: Use the values of the SDK's Constants.callEndStatus, for example callEnded({ callEndStatus: callEndStatus.INTERNAL_COMPLETED }), which is the string COMPLETED.
            ::error file=broken.callscope.jsonl,line=21,title=M02 externalCallId changes inside a call::CALL_ANSWERED has the externalCallId call-X; the call is call-2%0AFix: Create the id once when the call starts, keep it, and pass the same id to every method until the call is completed. If several frames of the widget share a call, share the id as well.
            ::notice file=broken.callscope.jsonl,line=22,title=X02 Gap in the recording::12 messages are missing: a buffer was full%0AFix: Record again without pausing. If the buffer was full, keep the panel open while Callscope records, or clear the list. If one side's messages are not recorded, Callscope may not listen in the other side's origin: allow it and reload the page. Plain http other than localhost cannot be allowed. A frame that is removed right after it has posted something is gone when that arrives: remove it later.
            ::warning file=broken.callscope.jsonl,line=24,title=T21 Type unknown to the receiver::The host knows no type CALL_COMPLETE; did you mean CALL_COMPLETED?%0AFix: Rename CALL_COMPLETE to CALL_COMPLETED. Take the type from the SDK's Constants, or call the SDK's method for it, so that it cannot be misspelled. If the message is newer than the widget's SDK, upgrade the SDK in the widget.
            ::error file=broken.callscope.jsonl,line=25,title=T20 Posted value is not an object::The widget posted null; the host's listener throws an exception%0AFix: Post only objects with a type and a messageId: call the methods of the SDK, or sendMessage({ type, data }). Find the window.postMessage() that posts something else; a message is posted as it is, not as JSON.stringify() makes of it.
            callscope: 2 errors, 3 warnings, 1 note
            --- exit 1
        "#]],
    );
}

#[test]
fn the_level_decides_about_the_exit_code() {
    for (arguments, expected) in [
        (&["--deny=none"][..], 0),
        (&["--deny=error"], 1),
        (&["--allow=M02,T20"], 0),
        (&["--allow=m02,t20", "--deny=warning"], 1),
        (
            &["--allow=M02", "--allow=T20,M13,M14,T21", "--deny=warning"],
            0,
        ),
        (
            &["--allow=M02", "--allow=T20,M13,M14,T21", "--deny=note"],
            1,
        ),
    ] {
        let mut all = vec!["check", "broken.callscope.jsonl"];
        all.extend(arguments);
        assert_eq!(run(&all).code, expected, "{arguments:?}");
    }
}

#[test]
fn unknown_rules_are_refused() {
    check_run(
        &["check", "--allow=M99", "clean.callscope.jsonl"],
        &expect![[r#"
            --- standard error
            error: invalid value 'M99' for '--allow <CODE>': there is no rule with this code; there are M01 to M32, see `callscope explain`

            For more information, try '--help'.
            --- exit 2
        "#]],
    );
}

#[test]
fn the_limit_is_told() {
    let ran = run(&["check", "--limit=1", "broken.callscope.jsonl"]);
    assert!(
        ran.stdout
            .contains("… and 3 more findings: see them with --limit 0"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("2 errors, 3 warnings, 1 note"),
        "{}",
        ran.stdout
    );
    let ran = run(&["check", "--limit=0", "broken.callscope.jsonl"]);
    assert!(!ran.stdout.contains("more finding"), "{}", ran.stdout);
}

#[test]
fn several_logs_one_of_them_unreadable() {
    check_run(
        &[
            "check",
            "missing.jsonl",
            "clean.callscope.jsonl",
            "clean.callscope.jsonl",
        ],
        &expect![[r#"
            clean.callscope.jsonl
            2026-11-22T12:29:05.000Z · callscope 0.1.0 · Chromium 156 · https://app.hubspot.com/contacts/62515/record/0-1/51

            no findings in 13 messages, 1 conversation, 1 call

            clean.callscope.jsonl
            2026-11-22T12:29:05.000Z · callscope 0.1.0 · Chromium 156 · https://app.hubspot.com/contacts/62515/record/0-1/51

            no findings in 13 messages, 1 conversation, 1 call

            2 logs: no findings, 1 more could not be read
            --- standard error
            error: missing.jsonl: cannot be read: No such file or directory (os error 2)
            --- exit 2
        "#]],
    );
}

/// The reader closes the pipe at once; the exit code still says what was found.
#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_trouble() {
    let mut child = callscope(&["check", "broken.callscope.jsonl"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(1));
}

/// What was only missing so far is not told beside what became of it.
#[test]
fn a_finding_replaces_the_one_that_left_it_open() {
    check_run(
        &[
            "check",
            "--format",
            "github",
            "completed-late.callscope.jsonl",
        ],
        &expect![[r#"
            ::warning file=completed-late.callscope.jsonl,line=10,title=M15 CALL_COMPLETED missing or too early::The next call began without CALL_COMPLETED for the one before; engagement 4711 stays incomplete%0AFix: After callEnded(), wait until onCreateEngagementSucceeded or onCreateEngagementFailed has run, then call callCompleted({ engagementId, externalCallId, hideWidget, engagementProperties }) once for each call, including calls that nobody answered.
            ::warning file=completed-late.callscope.jsonl,line=20,title=M15 CALL_COMPLETED missing or too early::The recording ends 5 min after CALL_ENDED, before CALL_COMPLETED; engagement 4713 stays incomplete%0AFix: After callEnded(), wait until onCreateEngagementSucceeded or onCreateEngagementFailed has run, then call callCompleted({ engagementId, externalCallId, hideWidget, engagementProperties }) once for each call, including calls that nobody answered.
            ::notice file=completed-late.callscope.jsonl,line=14,title=M15 CALL_COMPLETED missing or too early::CALL_COMPLETED has not come 2 minutes after CALL_ENDED; until it comes, engagement 4712 is incomplete%0AFix: After callEnded(), wait until onCreateEngagementSucceeded or onCreateEngagementFailed has run, then call callCompleted({ engagementId, externalCallId, hideWidget, engagementProperties }) once for each call, including calls that nobody answered.
            callscope: 0 errors, 2 warnings, 1 note
            --- exit 0
        "#]],
    );
}
