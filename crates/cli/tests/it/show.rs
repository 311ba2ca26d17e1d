//! `callscope show`

use expect_test::expect;

use crate::{check_run, run};

#[test]
fn the_whole_timeline() {
    check_run(
        &["show", "broken.callscope.jsonl"],
        &expect![[r#"
               12:29:05.729            LocalSettings:Calling:CallingExtensions is not set
               12:29:05.829            Conversation 1: app.hubspot.com ⇄ localhost:9025
             1 12:29:05.829     0.0 ms host   →  SYNC                           https://app.hubspot.com · portal 62515 · widget
             2 12:29:05.831     2.0 ms widget ←  SYNC_ACK                       0.9.7 · https://localhost:9025  answers 1 after 2.0 ms
             3 12:29:05.842      11 ms widget ←  INITIALIZED                    logged in · available · 400 × 600 px
            call 1 · outbound to +15550100 · completed · 00:48 · INTERNAL_COMPLETED
             4 12:30:05.829 1 min 00 s host   →  DIAL_NUMBER                    +15550100
             5 12:30:06.129     300 ms widget ←  OUTGOING_CALL_STARTED          +15550100 · call call-1  answers 4 after 300 ms
             6 12:30:06.249     120 ms host   →  CREATE_ENGAGEMENT_SUCCEEDED    engagement 4711  answers 5 after 120 ms
             7 12:30:06.269      20 ms host   →  INITIATE_CALL_ID_SUCCEEDED     call id c-call-1  answers 5 after 140 ms
             8 12:30:09.829      3.6 s widget ←  CALL_ANSWERED                  call call-1
             9 12:30:51.829     42.0 s widget ←  CALL_COMPLETED                 engagement 4711 · call call-1
                 ▲ M14 warning: CALL_COMPLETED came before CALL_ENDED; the call is still answered
            10 12:30:57.829      6.0 s widget ←  CALL_ENDED                     INTERNAL_COMPLETED · engagement 4711 · call call-1
                 ▲ M13 warning: callEndStatus is INTERNAL_COMPLETED; did you mean COMPLETED?
            11 12:30:58.129     300 ms host   →  UPDATE_ENGAGEMENT_SUCCEEDED    engagement 4711  answers 9 after 6.3 s
            12 12:30:58.829     700 ms widget ←  FINALIZE_ENGAGEMENT            engagement 4711 · call call-1
            13 12:30:59.029     200 ms host   →  FINALIZE_ENGAGEMENT_SUCCEEDED  engagement 4711 · call call-1  answers 12 after 200 ms
            call 2 · outbound to +15550122 · ended · 00:16 · COMPLETED
            14 12:31:35.829     36.8 s host   →  DIAL_NUMBER                    injected  +15550122
            15 12:31:36.129     300 ms widget ←  OUTGOING_CALL_STARTED          +15550122 · call call-2  answers 14 after 300 ms
            16 12:31:36.249     120 ms host   →  CREATE_ENGAGEMENT_SUCCEEDED    engagement 4712  answers 15 after 120 ms
            17 12:31:36.269      20 ms host   →  INITIATE_CALL_ID_SUCCEEDED     call id c-call-2  answers 15 after 140 ms
            18 12:31:39.829      3.6 s widget ←  CALL_ANSWERED                  call call-X
                 ✕ M02 error: CALL_ANSWERED has the externalCallId call-X; the call is call-2
               12:31:45.829            ┄┄ 12 messages are missing: a buffer was full
                 i X02 note
            19 12:31:55.829     10.0 s widget ←  CALL_ENDED                     COMPLETED · engagement 4799 · call call-2
            20 12:31:56.829      1.0 s widget ←  CALL_COMPLETE                  externalCallId call-2
                 ▲ T21 warning: The host knows no type CALL_COMPLETE; did you mean CALL_COMPLETED?
            21 12:31:57.829      1.0 s widget ←  (no type)                      null
                 ✕ T20 error: The widget posted null; the host's listener throws an exception
               12:35:45.829            End of the recording
            --- exit 0
        "#]],
    );
}

#[test]
fn only_what_matches() {
    check_run(
        &[
            "show",
            "broken.callscope.jsonl",
            "type:CALL_*",
            "-code:M14",
            "severity:warning",
        ],
        &expect![[r#"
            call 1 · outbound to +15550100 · completed · 00:48 · INTERNAL_COMPLETED
            10 12:30:57.829            widget ←  CALL_ENDED     INTERNAL_COMPLETED · engagement 4711 · call call-1
                 ▲ M13 warning: callEndStatus is INTERNAL_COMPLETED; did you mean COMPLETED?
            call 2 · outbound to +15550122 · ended · 00:16 · COMPLETED
            18 12:31:39.829     42.0 s widget ←  CALL_ANSWERED  call call-X
                 ✕ M02 error: CALL_ANSWERED has the externalCallId call-X; the call is call-2
               12:31:45.829            ┄┄ 12 messages are missing: a buffer was full
            20 12:31:56.829     11.0 s widget ←  CALL_COMPLETE  externalCallId call-2
                 ▲ T21 warning: The host knows no type CALL_COMPLETE; did you mean CALL_COMPLETED?
            18 messages hidden by the filter
            --- exit 0
        "#]],
    );
    // A finding that belongs to no message has a rule as well.
    check_run(
        &["show", "broken.callscope.jsonl", "rule:X*"],
        &expect![[r#"
               12:31:45.829            ┄┄ 12 messages are missing: a buffer was full
                 i X02 note
            21 messages hidden by the filter
            --- exit 0
        "#]],
    );
    let one_argument = run(&["show", "broken.callscope.jsonl", "-from:host is:call"]);
    let two_arguments = run(&["show", "broken.callscope.jsonl", "-from:host", "is:call"]);
    assert_eq!(one_argument.stdout, two_arguments.stdout);
}

#[test]
fn a_run_of_sync_is_one_line() {
    check_run(
        &["show", "unanswered.callscope.jsonl"],
        &expect![[r#"
                12:29:05.779            LocalSettings:Calling:CallingExtensions is {"name":"Acme","url":"https://localhost:9025/","isReady":true}
                  i E01 note: LocalSettings:Calling:CallingExtensions replaces the installed widget: Acme, https://localhost:9025/
                12:29:05.829            Conversation 1: app.hubspot.com ⇄ localhost:9025
              1 12:29:05.829     0.0 ms host   →  SYNC  ×301 in 30.0 s  https://app.hubspot.com · portal 62515
                  i H01 note: The handshake is slow: no SYNC_ACK within 2 s
                  ✕ T13 error: No SYNC_ACK within 30 s; SYNC was sent 301 times
                12:29:40.829            End of the recording
            --- exit 0
        "#]],
    );
}

#[test]
fn the_calls() {
    check_run(
        &["show", "--calls", "broken.callscope.jsonl"],
        &expect![[r#"
            call    began         direction  numbers                   ringing  talking  state                           engagement       answers
            call 1  12:30:05.829  outbound   +15550100 from +15550111  00:03    00:48    completed · INTERNAL_COMPLETED  4711 by HubSpot  worst 6.3 s, median 200 ms
              externalCallId call-1
              ▲ M14 CALL_COMPLETED came before CALL_ENDED; the call is still answered (and 1 more)
            call 2  12:31:35.829  outbound   +15550122 from +15550111  00:03    00:16    ended · COMPLETED               4712 by HubSpot  worst 300 ms, median 140 ms
              externalCallId call-2
              ✕ M02 CALL_ANSWERED has the externalCallId call-X; the call is call-2 (and 1 more)
            --- exit 0
        "#]],
    );
    check_run(
        &["show", "--calls", "recorded.callscope.jsonl", "call:2"],
        &expect![[r#"
            call    began         direction  numbers                        ringing  talking  state                  engagement              answers
            call 2  20:54:49.760  inbound    +442079460123 to +16175550142  00:00    00:00    completed · COMPLETED  18000888590 by HubSpot  worst 341 ms, median 264 ms
              externalCallId 07ccfa1f-fd98-4170-9c5c-cdee33e975c3
            1 call hidden by the filter
            --- exit 0
        "#]],
    );
    check_run(
        &["show", "--calls", "unanswered.callscope.jsonl"],
        &expect![[r#"
            No calls
            --- exit 0
        "#]],
    );
}

#[test]
fn a_bad_filter() {
    check_run(
        &["show", "clean.callscope.jsonl", "from:host", "typ:X"],
        &expect![[r#"
            --- standard error
            error: the filter cannot be used: there is no key "typ"; did you mean type?
              from:host typ:X
                        ^^^
            --- exit 2
        "#]],
    );
}

#[test]
fn a_filter_may_be_one_argument() {
    check_run(
        &[
            "show",
            "broken.callscope.jsonl",
            "--filter",
            "call:2 or severity>=error",
            "from:widget",
            "latency>200ms",
        ],
        &expect![[r#"
            call 2 · outbound to +15550122 · ended · 00:16 · COMPLETED
            15 12:31:36.129            widget ←  OUTGOING_CALL_STARTED  +15550122 · call call-2  answers 14 after 300 ms
               12:31:45.829            ┄┄ 12 messages are missing: a buffer was full
            20 messages hidden by the filter
            --- exit 0
        "#]],
    );
    check_run(
        &["show", "--filter", "(a", "broken.callscope.jsonl"],
        &expect![[r#"
            --- standard error
            error: the filter cannot be used: the parenthesis is not closed
              (a
              ^
            --- exit 2
        "#]],
    );
}

#[test]
fn one_message() {
    check_run(
        &["show", "--message=10", "broken.callscope.jsonl"],
        &expect![[r#"
            10 CALL_ENDED  widget → host
            The call is over.

                SDK call  callEnded()
                versions  since SDK 0.0.1
              belongs to  call 1 outbound to +15550100 · completed · 00:48 · INTERNAL_COMPLETED
                received  2026-11-22 12:30:57.829 UTC, 6.0 s after the message before
                  origin  https://localhost:9025
                  number  10 in conversation 1
               messageId  1795350541000_1795350651829
                    size  155 B

            Findings
              ▲ warning M13: callEndStatus is INTERNAL_COMPLETED; did you mean COMPLETED?
                Why  HubSpot knows seven statuses. The documentation prints the names of the constants, which
                     begin with INTERNAL_; on the wire the values have no prefix.
                Fix  Use the values of the SDK's Constants.callEndStatus, for example callEnded({
                     callEndStatus: callEndStatus.INTERNAL_COMPLETED }), which is the string COMPLETED.
                Rule Unknown callEndStatus

            Fields
              type                 "CALL_ENDED"
                                   string · required · The message's name.
              messageId            "1795350541000_1795350651829"
                                   string or number · required · Minted by the sender: its instance and the time, joined by
                                   an underscore.
              data.callEndStatus   "INTERNAL_COMPLETED"  ▲ expected enum COMPLETED|FAILED|CANCELED|BUSY|NO_ANSWER|REJECTED|MISSED
                                   enum COMPLETED|FAILED|CANCELED|BUSY|NO_ANSWER|REJECTED|MISSED · since SDK 0.1.7 · how the
                                   call ended; the constants of the SDK have names that begin with INTERNAL_, but these are
                                   their values
              data.externalCallId  "call-1"
                                   string or number · required · since SDK 0.7.0 · the calling app's own id of the call; it
                                   ties one call's messages together
              data.engagementId    4711
                                   number · since SDK 0.7.0 · the engagement that HubSpot gave the call

            Message
                {
                  "type": "CALL_ENDED",
                  "messageId": "1795350541000_1795350651829",
                  "data": {
                    "externalCallId": "call-1",
                    "engagementId": 4711,
                    "callEndStatus": "INTERNAL_COMPLETED"
                  }
                }
            --- exit 0
        "#]],
    );
}

#[test]
fn a_request_names_its_answers() {
    check_run(
        &["show", "--message=5", "broken.callscope.jsonl"],
        &expect![[r#"
            5 OUTGOING_CALL_STARTED  widget → host
            The widget has started an outbound call.

                SDK call  outgoingCall()
                asks for  CREATE_ENGAGEMENT_SUCCEEDED, CREATE_ENGAGEMENT_FAILED, ENGAGEMENT_CREATED,
                          INITIATE_CALL_ID_SUCCEEDED, INITIATE_CALL_ID_FAILED
                versions  since SDK 0.0.1
                 answers  4 DIAL_NUMBER after 300 ms
             answered by  6 CREATE_ENGAGEMENT_SUCCEEDED after 120 ms
             answered by  7 INITIATE_CALL_ID_SUCCEEDED after 140 ms
              belongs to  call 1 outbound to +15550100 · completed · 00:48 · INTERNAL_COMPLETED
                received  2026-11-22 12:30:06.129 UTC, 300 ms after the message before
                  origin  https://localhost:9025
                  number  5 in conversation 1
               messageId  1795350541000_1795350606129
                    size  211 B

            Fields
              type                   "OUTGOING_CALL_STARTED"
                                     string · required · The message's name.
              messageId              "1795350541000_1795350606129"
                                     string or number · required · Minted by the sender: its instance and the time, joined by
                                     an underscore.
              data.createEngagement  true
                                     boolean · since SDK 0.0.10 · true asks HubSpot to create the engagement
              data.callStartTime     1795350606129
                                     number · ms since epoch · since SDK 0.1.0 · needed if the user dialed in the widget
              data.fromNumber        "+15550111"
                                     string · since SDK 0.4.0 · the number that the call is made from
              data.toNumber          "+15550100"
                                     string · since SDK 0.5.1 · the number that is called
              data.externalCallId    "call-1"
                                     string or number · since SDK 0.7.0 · the calling app's own id of the call; it ties one
                                     call's messages together
              not sent: data.phoneNumber

            Message
                {
                  "type": "OUTGOING_CALL_STARTED",
                  "messageId": "1795350541000_1795350606129",
                  "data": {
                    "toNumber": "+15550100",
                    "fromNumber": "+15550111",
                    "createEngagement": true,
                    "externalCallId": "call-1",
                    "callStartTime": 1795350606129
                  }
                }
            --- exit 0
        "#]],
    );
}

#[test]
fn no_such_message() {
    check_run(
        &["show", "--message=99", "broken.callscope.jsonl"],
        &expect![[r#"
            --- standard error
            error: broken.callscope.jsonl: there is no message 99; the log has 21 messages
            --- exit 2
        "#]],
    );
}

#[test]
fn messages_as_json() {
    check_run(
        &[
            "show",
            "--json",
            "--no-findings",
            "hostile.callscope.jsonl",
            "from:widget",
            "-type:*SYNC*",
        ],
        &expect![[r#"
            3 12:29:05.842            widget ←  INITIALIZED              logged in · available · 400 × 600 px
                {
                  "type": "INITIALIZED",
                  "messageId": "1795350541000_1795350545842",
                  "data": {
                    "isLoggedIn": true,
                    "isAvailable": true,
                    "sizeInfo": {
                      "width": 400,
                      "height": 600
                    }
                  }
                }
            4 12:29:06.829     987 ms widget ←  EVIL\u001b[2J\u202etxet  message \u001b]0;owned\u0007 · x \u009b31m
                {
                  "type": "EVIL\u001b[2J\u202etxet",
                  "messageId": "1795350541000_1795350546829",
                  "data": {
                    "message": "\u001b]0;owned\u0007",
                    "x": "\u009b31m"
                  }
                }
            5 12:29:07.829      1.0 s widget ←  ERROR                    line\nbreak \u2066iso\u2069 \u202erlo
                {
                  "type": "ERROR",
                  "messageId": "1795350541000_1795350547829",
                  "data": {
                    "message": "line\nbreak \u2066iso\u2069 \u202erlo"
                  }
                }
            2 messages hidden by the filter
            --- exit 0
        "#]],
    );
}
