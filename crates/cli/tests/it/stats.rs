//! `callscope stats`

use expect_test::expect;

use crate::{check_run, run};

#[test]
fn for_people() {
    check_run(
        &["stats", "broken.callscope.jsonl"],
        &expect![[r#"
            broken.callscope.jsonl
            2026-11-22T12:29:05.000Z · callscope 0.1.0 · Chromium 156 · https://app.hubspot.com/contacts/62515/record/0-1/51

            21 messages in 6 min 40 s: 9 from HubSpot, 12 from the widget
            1 injected by Callscope
            12 missing

            conversation 1 (widget) · app.hubspot.com ⇄ localhost:9025 · SDK 0.9.7
              21 messages, ready, SYNC answered in 2.0 ms (1 sent)
              iframe load, first SYNC, SYNC_ACK after 2.0 ms, INITIALIZED after 11 ms

            Findings
                      1  ✕ M02  externalCallId changes inside a call
                      1  ✕ T20  Posted value is not an object
                      1  ▲ M13  Unknown callEndStatus
                      1  ▲ M14  CALL_COMPLETED before CALL_ENDED
                      1  ▲ T21  Type unknown to the receiver
                      1  i X02  Gap in the recording

            Calls
              2 calls: 2 outbound, 0 inbound, 2 answered
              ended: COMPLETED 1, INTERNAL_COMPLETED 1
                              count        min        p50        p90        p99        max
              ringing             2      3.7 s      3.7 s      3.7 s      3.7 s      3.7 s
              talking             2     16.0 s     32.0 s     48.0 s     48.0 s     48.0 s

            Answers                                            count        min        p50        p90        p99        max
              SYNC → SYNC_ACK                                      1     2.0 ms     2.0 ms     2.0 ms     2.0 ms     2.0 ms
              DIAL_NUMBER → OUTGOING_CALL_STARTED                  2     300 ms     300 ms     300 ms     300 ms     300 ms
              OUTGOING_CALL_STARTED → CREATE_ENGAGEMENT_*          2     120 ms     120 ms     120 ms     120 ms     120 ms
              OUTGOING_CALL_STARTED → INITIATE_CALL_ID_*           2     140 ms     140 ms     140 ms     140 ms     140 ms
              CALL_COMPLETED → UPDATE_ENGAGEMENT_*                 1      6.3 s      6.3 s      6.3 s      6.3 s      6.3 s
              FINALIZE_ENGAGEMENT → FINALIZE_ENGAGEMENT_*          1     200 ms     200 ms     200 ms     200 ms     200 ms

            Messages by type
                      2  CALL_ANSWERED                  widget
                      2  CALL_ENDED                     widget
                      2  CREATE_ENGAGEMENT_SUCCEEDED    host
                      2  DIAL_NUMBER                    host
                      2  INITIATE_CALL_ID_SUCCEEDED     host
                      2  OUTGOING_CALL_STARTED          widget
                      1  (no type)                      widget
                      1  CALL_COMPLETE                  widget
                      1  CALL_COMPLETED                 widget
                      1  FINALIZE_ENGAGEMENT            widget
                      1  FINALIZE_ENGAGEMENT_SUCCEEDED  host
                      1  INITIALIZED                    widget
                      1  SYNC                           host
                      1  SYNC_ACK                       widget
                      1  UPDATE_ENGAGEMENT_SUCCEEDED    host
            --- exit 0
        "#]],
    );
    check_run(
        &["stats", "unanswered.callscope.jsonl"],
        &expect![[r#"
            unanswered.callscope.jsonl
            2026-11-22T12:29:05.000Z · callscope 0.1.0 · https://app.hubspot.com/contacts/62515/record/0-1/51

            301 messages in 35.0 s: 301 from HubSpot, 0 from the widget

            conversation 1 · app.hubspot.com ⇄ localhost:9025 · SDK unknown
              301 messages, no SYNC_ACK within 30 s (301 SYNC sent)
              iframe load, first SYNC, 301 sent, no SYNC_ACK

            Findings
                      1  ✕ T13  No SYNC_ACK within 30 s
                      1  i E01  Override is active
                      1  i H01  No SYNC_ACK within 2 s

            Answers
              SYNC: 301 without an answer

            Messages by type
                    301  SYNC  host
            --- exit 0
        "#]],
    );
}

#[test]
fn as_json() {
    let ran = run(&["stats", "--format=json", "clean.callscope.jsonl"]);
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(value["messages"], 13);
    assert_eq!(value["calls"]["talkingMs"]["p50"], 42_000.0);
    assert_eq!(value["conversations"][0]["handshakeMs"], 2.0);
    let call = &value["calls"]["list"][0];
    assert_eq!(call["direction"], "outbound");
    assert_eq!(call["endStatus"], "COMPLETED");
    assert_eq!(call["messages"].as_array().map(Vec::len), Some(10));
    let dial = value["latencies"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["request"] == "DIAL_NUMBER");
    assert_eq!(dial.unwrap()["max"], 300.0);
}
