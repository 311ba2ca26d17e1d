//! Which rows there are.

use callscope_protocol::{ConversationId, ConversationStart, Fact, Millis};
use callscope_session_log::Session;
use callscope_session_view::SessionView;
use callscope_session_view::calls;
use callscope_session_view::cleared::Cleared;
use callscope_session_view::rows::ViewOptions;
use callscope_session_view::words::UtcOffset;
use expect_test::{Expect, expect};

use crate::trace::{START, fact, options, told, view};

#[track_caller]
fn check(trace: &str, options: &ViewOptions, expected: &Expect) {
    let mut view = view(trace);
    view.update_rows(options);
    expected.assert_eq(&told(&view));
}

const RUN: &str = "
    host SYNC
    host SYNC
    host SYNC
    widget SYNC_ACK
    host SYNC
    host SYNC
";

#[test]
fn sync_is_repeated_in_one_row() {
    check(
        RUN,
        &ViewOptions::default(),
        &expect![[r#"
            + 1 host SYNC, ×3 in 20 ms
            4 widget SYNC_ACK, has the messageId 6_3, which is of no SYNC; the last one has 4_2, 1 error
                ! T02 error
            + 5 host SYNC, ×2 in 10 ms
        "#]],
    );
    check(
        RUN,
        &options("", &[1, 5]),
        &expect![[r#"
            - 1 host SYNC, ×3 in 20 ms
              2 host SYNC
              3 host SYNC
            4 widget SYNC_ACK, has the messageId 6_3, which is of no SYNC; the last one has 4_2, 1 error
                ! T02 error
            - 5 host SYNC, ×2 in 10 ms
              6 host SYNC
        "#]],
    );
}

#[test]
fn only_the_same_from_the_same_side_of_the_same_conversation_is_a_run() {
    check(
        "
        host SYNC
        host SYNC
        !host SYNC
        host SYNC
        @2 host SYNC
        @2 host SYNC
        host SYNC
        widget SYNC
        widget SYNC
        ",
        &ViewOptions::default(),
        &expect![[r#"
            + 1 host SYNC, ×2 in 10 ms
            3 host SYNC, injected
            4 host SYNC
            + 5 host SYNC, ×2 in 10 ms
            7 host SYNC
            8 widget SYNC, came before the widget answered the handshake with SYNC_ACK, 2 findings, the worst: error
                ! T01 error
                ! T23 error
            9 widget SYNC, came before the widget answered the handshake with SYNC_ACK, 2 findings, the worst: error
                ! T01 error
                ! T23 error
        "#]],
    );
}

/// A SYNC without a messageId has a finding.
#[test]
fn a_run_never_hides_a_finding() {
    let trace = r#"
        host SYNC
        host SYNC
        host {"type":"SYNC"}
        host SYNC
        host SYNC
    "#;
    check(
        trace,
        &ViewOptions::default(),
        &expect![[r#"
            + 1 host SYNC, ×2 in 10 ms
            + 3 host SYNC, has no messageId, so that its answer cannot be told, ×3 in 20 ms, 1 error
                ! T14 error
        "#]],
    );
    check(
        trace,
        &options("", &[1, 3]),
        &expect![[r#"
            - 1 host SYNC, ×2 in 10 ms
              2 host SYNC
            - 3 host SYNC, has no messageId, so that its answer cannot be told, ×3 in 20 ms, 1 error
                ! T14 error
              4 host SYNC
              5 host SYNC
        "#]],
    );
}

#[test]
fn a_run_ends_where_something_else_happens() {
    check(
        "
        host SYNC
        host SYNC
        gap
        host SYNC
        setting
        host SYNC
        closed
        host SYNC
        ",
        &ViewOptions::default(),
        &expect![[r#"
            + 1 host SYNC, ×2 in 10 ms
            3 messages are missing: a buffer was full
                ! X02 note
            3 host SYNC
            key is not set
            4 host SYNC
            The widget of conversation 1 went away
            5 host SYNC
        "#]],
    );
}

/// Something between the two runs is hidden; they stay two.
#[test]
fn a_run_does_not_go_on_past_what_the_filter_hides() {
    let trace = "
        host SYNC
        host SYNC
        widget LOGGED_OUT
        host SYNC
        host SYNC
        setting
        host SYNC
        gap
        host SYNC
    ";
    check(
        trace,
        &options("from:host", &[]),
        &expect![[r#"
            + 1 host SYNC, ×2 in 10 ms
            + 4 host SYNC, ×2 in 10 ms
            6 host SYNC
            3 messages are missing: a buffer was full
                ! X02 note
            7 host SYNC
            1 hidden
        "#]],
    );
    check(
        trace,
        &options("from:widget", &[]),
        &expect![[r#"
            3 widget LOGGED_OUT, came before the widget answered the handshake with SYNC_ACK, 1 error
                ! T01 error
            3 messages are missing: a buffer was full
                ! X02 note
            6 hidden
        "#]],
    );
}

#[test]
fn a_filter_for_calls_goes_by_the_checker() {
    let trace = r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost"}
        widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        widget {"type":"CALL_DATA","messageId":"18_9","data":{}}
        host   {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100"}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
        host   {"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":"17_3","data":{"engagementId":7}}
        host   {"type":"VISIBILITY_CHANGED","messageId":"17_4","data":{"isMinimized":true,"isHidden":false}}
        widget {"type":"CALL_ENDED","messageId":"18_3","data":{"externalCallId":"a","engagementId":7}}
    "#;
    check(
        trace,
        &options("is:call", &[]),
        &expect![[r#"
            5 host DIAL_NUMBER, +15550100
            6 widget OUTGOING_CALL_STARTED, came from https://localhost:9025; the host accepts only https://localhost and drops it, +15550100 · call a, 1 error
                ! T03 error
            7 host CREATE_ENGAGEMENT_SUCCEEDED, engagement 7
            8 host VISIBILITY_CHANGED, minimized
            9 widget CALL_ENDED, came from https://localhost:9025; the host accepts only https://localhost and drops it, engagement 7 · call a, 1 error
                ! T03 error
            4 hidden
        "#]],
    );
}

/// It is the number that `calls::name` and the headings use.
#[test]
fn a_call_is_followed_by_its_number() {
    let call = |number: u32, id: &str| {
        format!(
            r#"
            widget {{"type":"OUTGOING_CALL_STARTED","messageId":"18_{number}0","data":{{"toNumber":"+1555010{number}","externalCallId":"{id}"}}}}
            widget {{"type":"CALL_ENDED","messageId":"18_{number}1","data":{{"externalCallId":"{id}","callEndStatus":"COMPLETED"}}}}
            widget {{"type":"CALL_COMPLETED","messageId":"18_{number}2","data":{{"externalCallId":"{id}"}}}}"#
        )
    };
    let trace = format!("{}{}", call(1, "a"), call(2, "b"));
    let mut view = view(&trace);
    let mut told = Vec::new();
    for call in view.session().calls() {
        for has_conversations in [false, true] {
            let filter = calls::filter(call.id, has_conversations);
            view.update_rows(&options(&filter, &[]));
            let rows = view.rows().iter();
            let seqs = rows.filter_map(|row| Some(view.find(row.id)?.1.message()?.seq));
            told.push(format!("{filter}: {:?}", seqs.collect::<Vec<_>>()));
        }
    }
    let expected = [
        "call:1: [1, 2, 3]",
        "conv:1 call:1: [1, 2, 3]",
        "call:2: [4, 5, 6]",
        "conv:1 call:2: [4, 5, 6]",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_list_that_was_cleared_is_folded() {
    let trace = "
        host SYNC
        host SYNC
        widget SYNC_ACK
        cleared
        host SYNC
        host SYNC
    ";
    check(
        trace,
        &ViewOptions::default(),
        &expect![[r#"
            + The oldest 3 messages were dropped: the list was cleared; 3 messages of the handshakes kept
                ! X03 note
            + 4 host SYNC, ×2 in 10 ms
        "#]],
    );
    check(
        trace,
        &options("", &[4]),
        &expect![[r#"
            + 1 host SYNC, ×2 in 10 ms
            3 widget SYNC_ACK, has the messageId 6_2, which is of no SYNC; the last one has 4_1, 1 error
                ! T02 error
            - The oldest 3 messages were dropped: the list was cleared; 3 messages of the handshakes kept
                ! X03 note
            + 4 host SYNC, ×2 in 10 ms
        "#]],
    );
    check(
        trace,
        &ViewOptions::everything(),
        &expect![[r#"
            + 1 host SYNC, ×2 in 10 ms
            3 widget SYNC_ACK, has the messageId 6_2, which is of no SYNC; the last one has 4_1, 1 error
                ! T02 error
            - The oldest 3 messages were dropped: the list was cleared; 3 messages of the handshakes kept
                ! X03 note
            + 4 host SYNC, ×2 in 10 ms
        "#]],
    );
}

#[test]
fn what_the_user_clears_has_no_row_and_is_no_run() {
    let trace = "
        host SYNC
        host SYNC
        widget SYNC_ACK
        gap
        host SYNC
        host SYNC
    ";
    let cleared = |ids, index: u32| ViewOptions {
        cleared: Cleared::new([(ids, Millis(START + f64::from(index) * 10.0))]),
        ..ViewOptions::default()
    };
    check(
        trace,
        &cleared(0..100, 4),
        &expect![[r#"
            5 host SYNC
        "#]],
    );
    // A report from another page load is not cleared with it.
    check(
        trace,
        &cleared(3..100, 5),
        &expect![[r#"
            + 1 host SYNC, ×2 in 10 ms
        "#]],
    );
}

#[test]
fn names_of_all_kinds_stay_as_they_are() {
    check(
        r#"
        host   {"type":"DIAL_NUMBER","messageId":"1_1","data":{"phoneNumber":"王小明 🎉"}}
        widget {"type":"שָׁלוֹם","messageId":"1_2"}
        widget {"type":"e\u0301ve\u0301nement","messageId":"1_3"}
        host   null
        "#
        .replace("host   null", r#"host   {"no":"type"}"#)
        .as_str(),
        &ViewOptions::default(),
        &expect![[r#"
            1 host DIAL_NUMBER, phoneNumber of DIAL_NUMBER is 王小明 🎉, which cannot be dialed, 2 findings, the worst: warning
                ! M07 warning
                ! X01 note
            2 widget שָׁלוֹם, Host and widget both have the instance 1; all messages but the handshake are dropped, 2 findings, the worst: error
                ! T10 error
                ! T21 warning
            3 widget événement, The host knows no type événement, 1 warning
                ! T21 warning
            4 host (no type), object without type: no, The object has neither type nor messageId: another script's message, which the widget ignores, 1 note
                ! T06 note
        "#]],
    );
}

#[test]
fn four_of_one_type_are_a_run() {
    let hidden = r#"host {"type":"VISIBILITY_CHANGED","messageId":"1_1","data":{"isHidden":true,"isMinimized":true}}"#;
    let bad = r#"host {"type":"VISIBILITY_CHANGED","messageId":"1_1","data":{"isHidden":7}}"#;
    let trace = [
        &[hidden; 3][..],
        &["@2 host SYNC"],
        &[hidden; 4],
        &[bad],
        &[hidden; 2],
        &["!host END_CALL"],
        &[hidden; 2],
    ]
    .concat()
    .join("\n");
    check(
        &trace,
        &options("", &[]),
        &expect![[r#"
            1 host VISIBILITY_CHANGED, hidden, The recording began after the handshake; what was before cannot be checked, 1 note
                ! X01 note
            2 host VISIBILITY_CHANGED, hidden
            3 host VISIBILITY_CHANGED, hidden
            4 host SYNC
            + 5 host VISIBILITY_CHANGED, hidden, ×4 in 30 ms
            9 host VISIBILITY_CHANGED, isHidden of VISIBILITY_CHANGED is a number; expected true or false, shown, 1 warning
                ! F01 warning
            10 host VISIBILITY_CHANGED, hidden
            11 host VISIBILITY_CHANGED, hidden
            12 host END_CALL, injected
            13 host VISIBILITY_CHANGED, hidden
            14 host VISIBILITY_CHANGED, hidden
        "#]],
    );
    check(
        &trace,
        &options("", &[5]),
        &expect![[r#"
            1 host VISIBILITY_CHANGED, hidden, The recording began after the handshake; what was before cannot be checked, 1 note
                ! X01 note
            2 host VISIBILITY_CHANGED, hidden
            3 host VISIBILITY_CHANGED, hidden
            4 host SYNC
            - 5 host VISIBILITY_CHANGED, hidden, ×4 in 30 ms
              6 host VISIBILITY_CHANGED, hidden
              7 host VISIBILITY_CHANGED, hidden
              8 host VISIBILITY_CHANGED, hidden
            9 host VISIBILITY_CHANGED, isHidden of VISIBILITY_CHANGED is a number; expected true or false, shown, 1 warning
                ! F01 warning
            10 host VISIBILITY_CHANGED, hidden
            11 host VISIBILITY_CHANGED, hidden
            12 host END_CALL, injected
            13 host VISIBILITY_CHANGED, hidden
            14 host VISIBILITY_CHANGED, hidden
        "#]],
    );
    check(
        &trace,
        &options("-conv:2", &[]),
        &expect![[r#"
            1 host VISIBILITY_CHANGED, hidden, The recording began after the handshake; what was before cannot be checked, 1 note
                ! X01 note
            2 host VISIBILITY_CHANGED, hidden
            3 host VISIBILITY_CHANGED, hidden
            + 5 host VISIBILITY_CHANGED, hidden, ×4 in 30 ms
            9 host VISIBILITY_CHANGED, isHidden of VISIBILITY_CHANGED is a number; expected true or false, shown, 1 warning
                ! F01 warning
            10 host VISIBILITY_CHANGED, hidden
            11 host VISIBILITY_CHANGED, hidden
            12 host END_CALL, injected
            13 host VISIBILITY_CHANGED, hidden
            14 host VISIBILITY_CHANGED, hidden
            1 hidden
        "#]],
    );
}

#[test]
fn all_runs_can_be_unfolded_at_once() {
    let unfolded = ViewOptions {
        unfolds_runs: true,
        ..ViewOptions::default()
    };
    check(
        RUN,
        &unfolded,
        &expect![[r#"
            - 1 host SYNC, ×3 in 20 ms
              2 host SYNC
              3 host SYNC
            4 widget SYNC_ACK, has the messageId 6_3, which is of no SYNC; the last one has 4_2, 1 error
                ! T02 error
            - 5 host SYNC, ×2 in 10 ms
              6 host SYNC
        "#]],
    );
}

#[test]
fn the_steps_of_a_call_never_fold() {
    check(
        &["host END_CALL"; 5].join("\n"),
        &ViewOptions::default(),
        &expect![[r#"
            1 host END_CALL, The recording began after the handshake; what was before cannot be checked, 1 note
                ! X01 note
            2 host END_CALL
            3 host END_CALL
            4 host END_CALL
            5 host END_CALL
        "#]],
    );
}

/// The recorder hears an answer before what its widget received, and dates the conversation by it.
#[test]
fn a_conversation_starts_with_its_first_message_whichever_was_heard_first() {
    let start = Fact::Conversation(ConversationStart {
        id: ConversationId::default(),
        at: Millis(START + 34.0),
        continues: None,
        host_origin: None,
        widget_origin: None,
        in_calling_window: false,
    });
    let sync = fact(r#"host {"type":"SYNC","messageId":"17_1"}"#, 0);
    let mut ack = fact(r#"widget {"type":"SYNC_ACK","messageId":"17_1"}"#, 3);
    if let Fact::Message(ack) = &mut ack {
        ack.at = Millis(START + 34.0);
    }
    // By its own clock, the answer is a tenth too early.
    let dial = fact("host DIAL_NUMBER", 10);
    let mut answer = fact("widget OUTGOING_CALL_STARTED", 10);
    if let Fact::Message(answer) = &mut answer {
        answer.at = Millis(START + 99.9);
    }
    let mut live = Session::new();
    live.insert_all([(1, start.clone()), (3, ack.clone()), (5, answer.clone())]);
    live.insert_all([(2, sync.clone()), (4, dial.clone())]);
    let mut log = Session::new();
    log.push_all([start, sync, ack, dial, answer]);
    let [live, log] = [live, log].map(|session| {
        let mut view = SessionView::new(session);
        view.update_rows(&ViewOptions::default());
        let rows = view.describe(0..view.rows().len(), UtcOffset::UTC);
        let times = rows.iter().map(|row| {
            let delta = row.delta.as_deref().unwrap_or("none");
            format!("{delta}: {}\n", row.label())
        });
        times.collect::<String>()
    });
    expect![[r#"
        none: 22:13:20.000 Conversation 1: unknown ⇄ unknown
        0.0 ms: 22:13:20.000 host SYNC
        34 ms: 22:13:20.034 widget SYNC_ACK, has no version; the widget does not use the SDK, 1 note
        66 ms: 22:13:20.100 host DIAL_NUMBER
        0.0 ms: 22:13:20.099 widget OUTGOING_CALL_STARTED, came before INITIALIZED, 1 error
    "#]]
    .assert_eq(&live);
    assert_eq!(log, live);
}
