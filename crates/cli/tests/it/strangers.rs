//! What the program prints about a frame that HubSpot does not sync with.

use expect_test::expect;

use crate::check_run;

const LOG: &str = "stranger.callscope.jsonl";

/// Such a finding is shown last, and does not make the command fail.
#[test]
fn a_strangers_findings_are_not_the_widgets() {
    check_run(
        &["check", LOG],
        &expect![[r#"
            stranger.callscope.jsonl
            2026-11-22T12:29:20Z

            conversation 1 · app.hubspot.com ⇄ dialer.example · SDK 0.9.7 (reports 0.9.7-beta.0)

            note[S06]: LOGGED_IN while logged in
             --> stranger.callscope.jsonl:11 (message 8)
              |
            2 | 12:29:05.020  widget ←  SYNC_ACK     0.9.7-beta.0 · https://dialer.example
            3 | 12:29:05.030  widget ←  INITIALIZED  logged in · available
              |                         -----------
            ...
            8 | 12:29:12.000  widget ←  LOGGED_IN
              |                         ^^^^^^^^^ LOGGED_IN came although the user is logged in
              |
              = why: The message is needed only if INITIALIZED said that the user is logged out.
              = fix: Call userLoggedIn() only when the user logs in, not after initialized({ isLoggedIn: true })
                     and not every time that a token is renewed.
              = callscope explain S06

            conversation 2 · app.hubspot.com ⇄ adverts.example · SDK 0.9.7 (reports 0.9.7-beta.0) · not a frame that HubSpot syncs with

            note[X01]: Recording began late
             --> stranger.callscope.jsonl:7 (message 4)
              |
            4 | 12:29:05.050  widget ←  SYNC_ACK     0.9.7-beta.0
              |                         ^^^^^^^^ The recording began after the handshake; what was before cannot be checked
            5 | 12:29:05.060  widget ←  INITIALIZED  logged in
              |
              = why: What was sent before is missing: rules about order and absence do not report anything that
                     depends on it.
              = fix: Reload the page with Callscope installed to record the handshake as well.
              = callscope explain X01

            call 1 · outbound · started

            warning[M01]: externalCallId missing
             --> stranger.callscope.jsonl:9 (message 6)
              |
            4 | 12:29:05.050  widget ←  SYNC_ACK               0.9.7-beta.0
            5 | 12:29:05.060  widget ←  INITIALIZED            logged in
            6 | 12:29:05.070  widget ←  OUTGOING_CALL_STARTED
              |                         ^^^^^^^^^^^^^^^^^^^^^ OUTGOING_CALL_STARTED has no externalCallId
            7 | 12:29:11.000  widget ←  BUY_THIS
              |
              = why: The id ties the messages of one call together. The SDK's types require it since 0.7.0, and
                     HubSpot's help desk needs it.
              = fix: Create one id (a UUID) when the call starts and pass it as externalCallId to
                     outgoingCall(), incomingCall(), callAnswered(), callEnded(), callCompleted(),
                     callTransferred(), publishToChannel() and finalizeEngagement().
              = callscope explain M01

            note[H04]: HubSpot does not answer
             --> stranger.callscope.jsonl:9 (message 6)
              |
            4 | 12:29:05.050  widget ←  SYNC_ACK               0.9.7-beta.0
            5 | 12:29:05.060  widget ←  INITIALIZED            logged in
            6 | 12:29:05.070  widget ←  OUTGOING_CALL_STARTED
              |                         ^^^^^^^^^^^^^^^^^^^^^ OUTGOING_CALL_STARTED got no answer in the 7.9 s until the recording ended: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
            7 | 12:29:11.000  widget ←  BUY_THIS
              |
              = why: HubSpot did not receive the request, does not handle it, or failed without saying so.
                     Without the engagement's answer the widget has no engagementId for callCompleted(); without
                     the answer to a finalization the call may not be saved.
              = fix: Check whether the request itself has a finding, and fix that first. If HubSpot never
                     answers, check the number that you pass and the settings of the app
                     (supportsInboundCalling, isReady). Let the widget continue without the answer: end the call
                     with callEnded() even if no engagementId has come.
              = callscope explain H04

            warning[T21]: Type unknown to the receiver
             --> stranger.callscope.jsonl:10 (message 7)
              |
            5 | 12:29:05.060  widget ←  INITIALIZED            logged in
            6 | 12:29:05.070  widget ←  OUTGOING_CALL_STARTED
            7 | 12:29:11.000  widget ←  BUY_THIS
              |                         ^^^^^^^^ The host knows no type BUY_THIS
              |
              = why: A receiver that does not know a type answers with ERROR / UNKNOWN_MESSAGE_TYPE, and what
                     the message was meant to do does not happen. Up to 0.0.7 a widget without a default handler
                     even throws.
              = fix: Take the type from the SDK's Constants, or call the SDK's method for it, so that it cannot
                     be misspelled. If the message is newer than the widget's SDK, upgrade the SDK in the
                     widget.
              = callscope explain T21

            1 note, 4 findings of frames that HubSpot does not sync with in 8 messages, 2 conversations, 1 call
            --- exit 0
        "#]],
    );
}

#[test]
fn other_programs_are_told_as_well() {
    check_run(
        &["check", "--format", "json", LOG],
        &expect![[r#"
            {"findings":[
            {"code":"M01","severity":"warning","file":"stranger.callscope.jsonl","line":9,"seq":6,"conversation":2,"call":1,"at":1795350545070.0,"title":"externalCallId missing","message":"OUTGOING_CALL_STARTED has no externalCallId","related":[],"cause":null,"stranger":true},
            {"code":"X01","severity":"note","file":"stranger.callscope.jsonl","line":7,"seq":4,"conversation":2,"call":null,"at":1795350546050.0,"title":"Recording began late","message":"The recording began after the handshake; what was before cannot be checked","related":[],"cause":null,"stranger":true},
            {"code":"T21","severity":"warning","file":"stranger.callscope.jsonl","line":10,"seq":7,"conversation":2,"call":1,"at":1795350551000.0,"title":"Type unknown to the receiver","message":"The host knows no type BUY_THIS","related":[],"cause":null,"stranger":true},
            {"code":"S06","severity":"note","file":"stranger.callscope.jsonl","line":11,"seq":8,"conversation":1,"call":null,"at":1795350552000.0,"title":"LOGGED_IN while logged in","message":"LOGGED_IN came although the user is logged in","related":[3],"cause":null,"stranger":false},
            {"code":"H04","severity":"note","file":"stranger.callscope.jsonl","line":9,"seq":6,"conversation":2,"call":1,"at":1795350553000.0,"title":"HubSpot does not answer","message":"OUTGOING_CALL_STARTED got no answer in the 7.9 s until the recording ended: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED","related":[],"cause":null,"stranger":true}
            ],"summary":{"errors":0,"warnings":0,"notes":1,"allowed":0,"ofStrangers":4,"messages":8,"lost":0,"moreLost":false,"evicted":0,"leftOut":0,"handshakes":{"count":1,"shortestMs":10.0,"longestMs":10.0},"sdkVersions":["SDK 0.9.7 (reports 0.9.7-beta.0)"],"calls":{"count":1,"outbound":1,"inbound":0,"answered":0},"unreadable":0,"files":[{"file":"stranger.callscope.jsonl","errors":0,"warnings":0,"notes":1,"allowed":0,"ofStrangers":4,"messages":8,"lost":0,"moreLost":false,"evicted":0,"leftOut":0,"handshakes":{"count":1,"shortestMs":10.0,"longestMs":10.0},"sdkVersions":["SDK 0.9.7 (reports 0.9.7-beta.0)"],"calls":{"count":1,"outbound":1,"inbound":0,"answered":0},"conversations":[{"conversation":1,"continues":null,"hostOrigin":"https://app.hubspot.com","widgetOrigin":"https://dialer.example","sdk":"SDK 0.9.7 (reports 0.9.7-beta.0)","profile":"modern (0.9 and newer)","messages":4,"handshakeMs":10.0,"stranger":false,"errors":0,"warnings":0,"notes":1},{"conversation":2,"continues":null,"hostOrigin":"https://app.hubspot.com","widgetOrigin":"https://adverts.example","sdk":"SDK 0.9.7 (reports 0.9.7-beta.0)","profile":"modern (0.9 and newer)","messages":4,"handshakeMs":null,"stranger":true,"errors":0,"warnings":2,"notes":2}],"remarks":[]}]}}
            --- exit 0
        "#]],
    );
    check_run(
        &["check", "--format", "github", LOG],
        &expect![[r#"
            ::notice file=stranger.callscope.jsonl,line=9,title=M01 externalCallId missing::OUTGOING_CALL_STARTED has no externalCallId%0ASent by a frame that HubSpot does not sync with
            ::notice file=stranger.callscope.jsonl,line=7,title=X01 Recording began late::The recording began after the handshake; what was before cannot be checked%0ASent by a frame that HubSpot does not sync with
            ::notice file=stranger.callscope.jsonl,line=10,title=T21 Type unknown to the receiver::The host knows no type BUY_THIS%0ASent by a frame that HubSpot does not sync with
            ::notice file=stranger.callscope.jsonl,line=11,title=S06 LOGGED_IN while logged in::LOGGED_IN came although the user is logged in%0AFix: Call userLoggedIn() only when the user logs in, not after initialized({ isLoggedIn: true }) and not every time that a token is renewed.
            ::notice file=stranger.callscope.jsonl,line=9,title=H04 HubSpot does not answer::OUTGOING_CALL_STARTED got no answer in the 7.9 s until the recording ended: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED%0ASent by a frame that HubSpot does not sync with
            callscope: 0 errors, 0 warnings, 1 note, 4 findings of frames that HubSpot does not sync with
            --- exit 0
        "#]],
    );
    check_run(
        &["check", "--format", "junit", LOG],
        &expect![[r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="callscope">
              <testsuite name="stranger.callscope.jsonl" tests="5" failures="0" errors="0">
                <testcase classname="conversation 2, call 1" name="M01 externalCallId missing, message 6">
                  <system-out>stranger.callscope.jsonl:9: warning M01: OUTGOING_CALL_STARTED has no externalCallId
            Why: The id ties the messages of one call together. The SDK's types require it since 0.7.0, and HubSpot's help desk needs it.
            Fix: Create one id (a UUID) when the call starts and pass it as externalCallId to outgoingCall(), incomingCall(), callAnswered(), callEnded(), callCompleted(), callTransferred(), publishToChannel() and finalizeEngagement().
            Sent by a frame that HubSpot does not sync with</system-out>
                </testcase>
                <testcase classname="conversation 2" name="X01 Recording began late, message 4">
                  <system-out>stranger.callscope.jsonl:7: note X01: The recording began after the handshake; what was before cannot be checked
            Why: What was sent before is missing: rules about order and absence do not report anything that depends on it.
            Fix: Reload the page with Callscope installed to record the handshake as well.
            Sent by a frame that HubSpot does not sync with</system-out>
                </testcase>
                <testcase classname="conversation 2, call 1" name="T21 Type unknown to the receiver, message 7">
                  <system-out>stranger.callscope.jsonl:10: warning T21: The host knows no type BUY_THIS
            Why: A receiver that does not know a type answers with ERROR / UNKNOWN_MESSAGE_TYPE, and what the message was meant to do does not happen. Up to 0.0.7 a widget without a default handler even throws.
            Fix: Take the type from the SDK's Constants, or call the SDK's method for it, so that it cannot be misspelled. If the message is newer than the widget's SDK, upgrade the SDK in the widget.
            Sent by a frame that HubSpot does not sync with</system-out>
                </testcase>
                <testcase classname="conversation 1" name="S06 LOGGED_IN while logged in, message 8">
                  <system-out>stranger.callscope.jsonl:11: note S06: LOGGED_IN came although the user is logged in
            Why: The message is needed only if INITIALIZED said that the user is logged out.
            Fix: Call userLoggedIn() only when the user logs in, not after initialized({ isLoggedIn: true }) and not every time that a token is renewed.</system-out>
                </testcase>
                <testcase classname="conversation 2, call 1" name="H04 HubSpot does not answer, message 6">
                  <system-out>stranger.callscope.jsonl:9: note H04: OUTGOING_CALL_STARTED got no answer in the 7.9 s until the recording ended: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
            Why: HubSpot did not receive the request, does not handle it, or failed without saying so. Without the engagement's answer the widget has no engagementId for callCompleted(); without the answer to a finalization the call may not be saved.
            Fix: Check whether the request itself has a finding, and fix that first. If HubSpot never answers, check the number that you pass and the settings of the app (supportsInboundCalling, isReady). Let the widget continue without the answer: end the call with callEnded() even if no engagementId has come.
            Sent by a frame that HubSpot does not sync with</system-out>
                </testcase>
              </testsuite>
            </testsuites>
            --- exit 0
        "#]],
    );
}

#[test]
fn the_timeline_marks_them_as_notes() {
    check_run(
        &["show", LOG],
        &expect![[r#"
              12:29:05.000            Conversation 1: app.hubspot.com ⇄ dialer.example
            1 12:29:05.010      10 ms #1 host   →  SYNC                   https://app.hubspot.com · portal 1
            2 12:29:05.020      10 ms #1 widget ←  SYNC_ACK               0.9.7-beta.0 · https://dialer.example  answers 1 after 10 ms
            3 12:29:05.030      10 ms #1 widget ←  INITIALIZED            logged in · available
              12:29:05.040            Conversation 2: app.hubspot.com ⇄ adverts.example, not a frame that HubSpot syncs with
            4 12:29:05.050      10 ms #2 widget ←  SYNC_ACK               0.9.7-beta.0
                i X01 note: The recording began after the handshake; what was before cannot be checked
            5 12:29:05.060      10 ms #2 widget ←  INITIALIZED            logged in
            call 1 of conversation 2 · outbound · started
            6 12:29:05.070      10 ms #2 widget ←  OUTGOING_CALL_STARTED
                i M01 note: OUTGOING_CALL_STARTED has no externalCallId
                i H04 note: OUTGOING_CALL_STARTED got no answer in the 7.9 s until the recording ended: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
            7 12:29:11.000      5.9 s #2 widget ←  BUY_THIS
                i T21 note: The host knows no type BUY_THIS
            8 12:29:12.000      1.0 s #1 widget ←  LOGGED_IN
                i S06 note: LOGGED_IN came although the user is logged in
              12:29:13.000            End of the recording
            --- exit 0
        "#]],
    );
}

#[test]
fn the_details_of_a_message_say_who_sent_it() {
    check_run(
        &["show", "--message", "6", LOG],
        &expect![[r#"
            6 OUTGOING_CALL_STARTED  widget → host
            The widget has started an outbound call.

                SDK call  outgoingCall()
                asks for  CREATE_ENGAGEMENT_SUCCEEDED, CREATE_ENGAGEMENT_FAILED, ENGAGEMENT_CREATED,
                          INITIATE_CALL_ID_SUCCEEDED, INITIATE_CALL_ID_FAILED
                versions  since SDK 0.0.1
                 waiting  no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED yet, 7 s
              belongs to  call 1, outbound · started
                received  2026-11-22 12:29:05.070 UTC, 10 ms after the message before
                  origin  https://adverts.example
                  number  6 in conversation 2
               messageId  1795350545040_1795350545070
                    size  107 B

            Findings
              i note M01: OUTGOING_CALL_STARTED has no externalCallId
                Sent by a frame that HubSpot does not sync with
                Why  The id ties the messages of one call together. The SDK's types require it since 0.7.0, and
                     HubSpot's help desk needs it.
                Fix  Create one id (a UUID) when the call starts and pass it as externalCallId to
                     outgoingCall(), incomingCall(), callAnswered(), callEnded(), callCompleted(),
                     callTransferred(), publishToChannel() and finalizeEngagement().
                Rule externalCallId missing
              i note H04: OUTGOING_CALL_STARTED got no answer in the 7.9 s until the recording ended: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
                Sent by a frame that HubSpot does not sync with
                Why  HubSpot did not receive the request, does not handle it, or failed without saying so.
                     Without the engagement's answer the widget has no engagementId for callCompleted();
                     without the answer to a finalization the call may not be saved.
                Fix  Check whether the request itself has a finding, and fix that first. If HubSpot never
                     answers, check the number that you pass and the settings of the app
                     (supportsInboundCalling, isReady). Let the widget continue without the answer: end the
                     call with callEnded() even if no engagementId has come.
                Rule HubSpot does not answer

            Fields
              type                   "OUTGOING_CALL_STARTED"
                                     string · required · The message's name.
              messageId              "1795350545040_1795350545070"
                                     string or number · required · Minted by the sender: its instance and the time, joined by
                                     an underscore.
              data.createEngagement  true
                                     boolean · since SDK 0.0.10 · true asks HubSpot to create the engagement
              not sent: data.phoneNumber, data.callStartTime, data.fromNumber, data.toNumber,
              data.externalCallId

            Message
                {
                  "type": "OUTGOING_CALL_STARTED",
                  "messageId": "1795350545040_1795350545070",
                  "data": {
                    "createEngagement": true
                  }
                }
            --- exit 0
        "#]],
    );
}

#[test]
fn the_diagram_marks_their_conversations() {
    check_run(
        &["diagram", LOG],
        &expect![[r#"
            conversation 1 · app.hubspot.com ⇄ dialer.example · SDK 0.9.7 (reports 0.9.7-beta.0)

                          HubSpot app.hubspot.com  widget dialer.example
            12:29:05.010  │ ─ SYNC ──────────────────────────────────▶ │ https://app.hubspot.com · portal 1
            12:29:05.020  │ ◀────────────────────────────── SYNC_ACK ─ │ 0.9.7-beta.0 · https://dialer.example · answers SYNC after 10 ms
            12:29:05.030  │ ◀─────────────────────────── INITIALIZED ─ │ logged in · available
            12:29:12.000  │ ◀───────────────────────────── LOGGED_IN ─ │
                          │ i S06 LOGGED_IN came although the user is logged in

            conversation 2 · app.hubspot.com ⇄ adverts.example · SDK 0.9.7 (reports 0.9.7-beta.0) · not a frame that HubSpot syncs with

                          HubSpot app.hubspot.com  widget adverts.example
            12:29:05.050  │ ◀────────────────────────────── SYNC_ACK ─ │ 0.9.7-beta.0
                          │ i X01 The recording began after the handshake; what was before cannot be checked
            12:29:05.060  │ ◀─────────────────────────── INITIALIZED ─ │ logged in
                          │                                            │
                          │ call 1 · outbound · started
            12:29:05.070  │ ◀───────────────── OUTGOING_CALL_STARTED ─ │
                          │ i M01 OUTGOING_CALL_STARTED has no externalCallId
                          │ i H04 OUTGOING_CALL_STARTED got no answer in the 7.9 s until the recording ended: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
            12:29:11.000  │ ◀────────────────────────────── BUY_THIS ─ │
                          │ i T21 The host knows no type BUY_THIS
            --- exit 0
        "#]],
    );
}

#[test]
fn they_are_counted_apart() {
    check_run(
        &["stats", LOG],
        &expect![[r#"
            stranger.callscope.jsonl
            2026-11-22T12:29:20Z

            8 messages in 8.0 s: 1 from HubSpot, 7 from the widget

            conversation 1 · app.hubspot.com ⇄ dialer.example · SDK 0.9.7 (reports 0.9.7-beta.0)
              4 messages, ready, SYNC answered in 10 ms (1 sent)
              iframe load, first SYNC after 10 ms, SYNC_ACK after 10 ms, INITIALIZED after 10 ms

            conversation 2 · app.hubspot.com ⇄ adverts.example · SDK 0.9.7 (reports 0.9.7-beta.0) · not a frame that HubSpot syncs with
              4 messages, ready, handshake not recorded
              iframe load, SYNC_ACK after 10 ms, INITIALIZED after 10 ms

            Findings
              4 findings of frames that HubSpot does not sync with
                      1  i S06  LOGGED_IN while logged in

            Calls
              1 call: 1 outbound, 0 inbound, 0 answered

            Answers                count        min        p50        p90        p99        max
              SYNC → SYNC_ACK          1      10 ms      10 ms      10 ms      10 ms      10 ms
              OUTGOING_CALL_STARTED: 1 without an answer

            Messages by type
                      2  INITIALIZED            widget
                      2  SYNC_ACK               widget
                      1  BUY_THIS               widget
                      1  LOGGED_IN              widget
                      1  OUTGOING_CALL_STARTED  widget
                      1  SYNC                   host
            --- exit 0
        "#]],
    );
}

#[test]
fn a_report_has_them_in_a_part_of_their_own() {
    let ran = crate::run(&["report", "--no-redact", "--format", "md", LOG]);
    let (_, findings) = ran.stdout.split_once("## Findings").unwrap();
    let (findings, _) = findings.split_once("## Ladder").unwrap();
    let lines = findings.lines().filter(|line| !line.is_empty());
    let told: Vec<&str> = lines
        .filter(|line| !line.starts_with("**W") && !line.starts_with("**H"))
        .collect();
    expect![[r#"
        ### i note S06: LOGGED_IN while logged in
        - message 8: LOGGED_IN came although the user is logged in
        **Conversation 2: not a frame that HubSpot syncs with**
        ### i note M01: externalCallId missing
        - message 6: OUTGOING_CALL_STARTED has no externalCallId
        ### i note X01: Recording began late
        - message 4: The recording began after the handshake; what was before cannot be checked
        ### i note T21: Type unknown to the receiver
        - message 7: The host knows no type BUY_THIS
        ### i note H04: HubSpot does not answer
        - message 6: OUTGOING_CALL_STARTED got no answer in the 7.9 s until the recording ended: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED"#]].assert_eq(&told.join("\n"));
}
