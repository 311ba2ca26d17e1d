//! How long answers and handshakes took.

use std::fmt::Write as _;

use callscope_protocol::Millis;
use callscope_session_view::SessionView;
use callscope_session_view::handshake::handshakes;
use callscope_session_view::latency::latencies;
use expect_test::{Expect, expect};

use crate::trace::{START, options, recorded, view};

#[track_caller]
fn check(view: &SessionView, is_chosen: impl Fn(usize) -> bool, expected: &Expect) {
    let mut text = String::new();
    let all = latencies(view, &is_chosen);
    for kind in &all.kinds {
        let worst = kind.worst().unwrap();
        let (name, summary) = (kind.name(), kind.summary());
        writeln!(
            text,
            "{name}: {summary}; the worst is {} to {}",
            worst.answer, worst.request
        )
        .unwrap();
    }
    for unanswered in &all.unanswered {
        let seqs = unanswered.seqs.iter().take(3).collect::<Vec<_>>();
        writeln!(text, "{}, from {seqs:?} on", unanswered.words()).unwrap();
    }
    for handshake in handshakes(view, &is_chosen) {
        writeln!(
            text,
            "conversation {}: {}",
            handshake.conversation.0,
            handshake.words()
        )
        .unwrap();
    }
    expected.assert_eq(&text);
}

#[test]
fn of_a_recorded_session() {
    check(
        &recorded("well-behaved/widget-0.9.7"),
        |_| true,
        &expect![[r#"
            SYNC → SYNC_ACK: worst 8.9 ms, median 7.3 ms of 2 answers; the worst is 2 to 1
            DIAL_NUMBER → OUTGOING_CALL_STARTED: 9.2 ms, 1 answer; the worst is 7 to 6
            OUTGOING_CALL_STARTED → CREATE_ENGAGEMENT_*: 334 ms, 1 answer; the worst is 9 to 7
            OUTGOING_CALL_STARTED → ENGAGEMENT_CREATED: 344 ms, 1 answer; the worst is 10 to 7
            OUTGOING_CALL_STARTED → INITIATE_CALL_ID_*: 243 ms, 1 answer; the worst is 8 to 7
            INCOMING_CALL → CALLER_ID_MATCH_*: 224 ms, 1 answer; the worst is 23 to 21
            INCOMING_CALL → CREATE_ENGAGEMENT_*: 324 ms, 1 answer; the worst is 24 to 21
            INCOMING_CALL → ENGAGEMENT_CREATED: 339 ms, 1 answer; the worst is 25 to 21
            INCOMING_CALL → INITIATE_CALL_ID_*: 145 ms, 1 answer; the worst is 22 to 21
            CALL_COMPLETED → UPDATE_ENGAGEMENT_*: worst 270 ms, median 268 ms of 2 answers; the worst is 29 to 28
            END_CALL → CALL_ENDED: 9.2 ms, 1 answer; the worst is 13 to 12
            FINALIZE_ENGAGEMENT → FINALIZE_ENGAGEMENT_*: worst 186 ms, median 185 ms of 2 answers; the worst is 17 to 16
            conversation 1: iframe load, first SYNC after 50 ms, SYNC_ACK after 8.9 ms, INITIALIZED after 1.5 ms
            conversation 2: iframe load, first SYNC after 90 ms, SYNC_ACK after 5.8 ms, INITIALIZED after 1.4 ms
        "#]],
    );
}

#[test]
fn the_handshake_of_a_hidden_conversation_is_left_out() {
    let mut view = recorded("well-behaved/widget-0.9.7");
    let shown = |view: &SessionView| -> Vec<String> {
        let handshakes = handshakes(view, |position| view.shows(position));
        let texts = handshakes
            .iter()
            .map(|it| format!("{}: {}", it.conversation.0, it.words()));
        texts.collect()
    };
    view.update_rows(&options("", &[]));
    let [first, second] = <[String; 2]>::try_from(shown(&view)).unwrap();
    view.update_rows(&options("conv:1 call:1", &[]));
    assert_eq!(shown(&view), [first]);
    view.update_rows(&options("conv:2", &[]));
    assert_eq!(shown(&view), [second]);
}

#[test]
fn requests_without_an_answer_are_said() {
    check(
        &recorded("mistakes/H07-dial-without-a-call"),
        |_| true,
        &expect![[r#"
            SYNC → SYNC_ACK: 7.0 ms, 1 answer; the worst is 2 to 1
            DIAL_NUMBER: 1 without an answer, from [4] on
            conversation 1: iframe load, first SYNC after 89 ms, SYNC_ACK after 7.0 ms, INITIALIZED after 2.3 ms
        "#]],
    );
    check(
        &recorded("mistakes/H04-no-answer"),
        |_| true,
        &expect![[r#"
            SYNC → SYNC_ACK: 6.4 ms, 1 answer; the worst is 2 to 1
            DIAL_NUMBER → OUTGOING_CALL_STARTED: 7.5 ms, 1 answer; the worst is 5 to 4
            OUTGOING_CALL_STARTED → CREATE_ENGAGEMENT_*: 329 ms, 1 answer; the worst is 7 to 5
            OUTGOING_CALL_STARTED → ENGAGEMENT_CREATED: 345 ms, 1 answer; the worst is 8 to 5
            OUTGOING_CALL_STARTED → INITIATE_CALL_ID_*: 145 ms, 1 answer; the worst is 6 to 5
            CALL_COMPLETED → UPDATE_ENGAGEMENT_*: 270 ms, 1 answer; the worst is 11 to 10
            FINALIZE_ENGAGEMENT: 1 without an answer, from [12] on
            conversation 1: iframe load, first SYNC after 54 ms, SYNC_ACK after 6.4 ms, INITIALIZED after 4.1 ms
        "#]],
    );
    check(
        &recorded("mistakes/T13-no-answer"),
        |_| true,
        &expect![[r#"
            SYNC: 287 without an answer, from [1, 2, 3] on
            conversation 1: iframe load, first SYNC after 73 ms, 287 sent, no SYNC_ACK
        "#]],
    );
}

const TRACE: &str = r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
        widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        host   {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100"}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
        host   {"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":"17_3","data":{"engagementId":7}}
        widget {"type":"CALL_ANSWERED","messageId":"18_3","data":{"externalCallId":"a"}}
        host   {"type":"END_CALL","messageId":"17_5"}
"#;

#[test]
fn what_the_filter_hides_is_not_measured() {
    let mut view = view(TRACE);
    // Until the rules call it unanswered, its answer is on its way.
    view.advance(Millis(START + 10_000.0));
    assert_eq!(latencies(&view, |_| true).unanswered, []);
    view.advance(Millis(START + 11_000.0));
    check(
        &view,
        |_| true,
        &expect![[r#"
            SYNC → SYNC_ACK: 10 ms, 1 answer; the worst is 2 to 1
            DIAL_NUMBER → OUTGOING_CALL_STARTED: 10 ms, 1 answer; the worst is 5 to 4
            OUTGOING_CALL_STARTED → CREATE_ENGAGEMENT_*: 10 ms, 1 answer; the worst is 6 to 5
            END_CALL: 1 without an answer, from [8] on
            conversation 1: first SYNC, SYNC_ACK after 10 ms, INITIALIZED after 10 ms
        "#]],
    );
    view.update_rows(&options("from:widget", &[]));
    check(
        &view,
        |position| view.shows(position),
        &expect![[r#"
            SYNC → SYNC_ACK: 10 ms, 1 answer; the worst is 2 to 1
            DIAL_NUMBER → OUTGOING_CALL_STARTED: 10 ms, 1 answer; the worst is 5 to 4
            conversation 1: first SYNC, SYNC_ACK after 10 ms, INITIALIZED after 10 ms
        "#]],
    );
}

/// The recorder dates the start by what it has heard by then. That the widget answered a `SYNC` from
/// before says that its page was there, and nothing says since when.
#[test]
fn a_load_that_was_dated_late_is_no_step() {
    let log = include_str!("../../../../fixtures/well-behaved/widget-0.9.7.callscope.jsonl");
    let log = log.replacen("1795380688886.9", "1795380688944.2", 1);
    let read = callscope_session_log::Log::read(log.as_bytes()).unwrap();
    let view = SessionView::from(read);
    let all = handshakes(&view, |_| true);
    let since: Vec<String> = all[0]
        .steps
        .iter()
        .map(|it| format!("{} {:.1}", it.kind.name(), it.since_first.0))
        .collect();
    expect!["first SYNC 0.0, SYNC_ACK 8.9, INITIALIZED 10.4"].assert_eq(&since.join(", "));
}
