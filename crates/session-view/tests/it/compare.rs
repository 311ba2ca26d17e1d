//! Compares two calls, or two sessions.

use std::fmt::Write as _;

use callscope_protocol::CallId;
use callscope_session_view::SessionView;
use callscope_session_view::compare::{Comparison, Depth, Pair, Part, Step, compare};
use expect_test::{Expect, expect};

use crate::trace::{recorded, view};

fn told(comparison: &Comparison) -> String {
    let mut text = format!("{}\n", comparison.sentence);
    let step = |step: &Step| {
        let times = match step.count {
            1 => String::new(),
            count => format!(" ×{count}"),
        };
        format!("{} {}{times}", step.from.name(), step.type_name)
    };
    for (index, pair) in comparison.pairs.iter().enumerate() {
        let first = if comparison.first == Some(index) {
            "> "
        } else {
            "  "
        };
        match pair {
            Pair::Both {
                left,
                right,
                changes,
            } => {
                writeln!(
                    text,
                    "{first}  {:>2} {:>2} {}",
                    left.seq,
                    right.seq,
                    step(left)
                )
                .unwrap();
                for change in changes {
                    writeln!(text, "            {change}").unwrap();
                }
            }
            Pair::Left(left) => {
                writeln!(text, "{first}- {:>2}    {}", left.seq, step(left)).unwrap();
            }
            Pair::Right(right) => {
                writeln!(text, "{first}+    {:>2} {}", right.seq, step(right)).unwrap();
            }
        }
    }
    for rule in &comparison.rules {
        writeln!(text, "{} {} {:?}", rule.code, rule.severity, rule.counts).unwrap();
    }
    if let Some(words) = comparison.ignored_words() {
        writeln!(text, "{words}").unwrap();
    }
    text
}

fn call(view: &SessionView, serial: u32) -> Option<CallId> {
    let calls = view.session().calls();
    calls
        .iter()
        .map(|call| call.id)
        .find(|id| id.serial == serial)
}

#[track_caller]
fn check_calls(trace: &str, expected: &Expect) {
    let view = view(trace);
    let part = |serial, name| Part {
        view: &view,
        call: call(&view, serial),
        name,
    };
    let comparison = compare(part(1, "call 1"), part(2, "call 2"), Depth::default());
    expected.assert_eq(&told(&comparison));
}

#[track_caller]
fn check_sessions(left: &SessionView, right: &SessionView, expected: &Expect) {
    let part = |view, name| Part {
        view,
        call: None,
        name,
    };
    let comparison = compare(part(left, "A"), part(right, "B"), Depth::default());
    expected.assert_eq(&told(&comparison));
}

const FIRST: &str = r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
        widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
        host   {"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":"17_3","data":{"engagementId":7}}
        widget {"type":"CALL_ANSWERED","messageId":"18_3","data":{"externalCallId":"a"}}
        widget {"type":"CALL_ENDED","messageId":"18_4","data":{"externalCallId":"a","engagementId":7,"callEndStatus":"COMPLETED"}}
        widget {"type":"CALL_COMPLETED","messageId":"18_5","data":{"externalCallId":"a","engagementId":7,"hideWidget":false}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_6","data":{"toNumber":"+15550101","externalCallId":"b","createEngagement":true}}
        host   {"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":"17_7","data":{"engagementId":8}}
"#;

#[test]
fn what_one_call_lacks_is_named() {
    check_calls(
        &format!(
            r#"{FIRST}
        widget {{"type":"CALL_ENDED","messageId":"18_8","data":{{"externalCallId":"b","engagementId":8,"callEndStatus":"NO_ANSWER"}}}}
        widget {{"type":"CALL_COMPLETED","messageId":"18_9","data":{{"externalCallId":"b","engagementId":8,"hideWidget":true}}}}
        "#
        ),
        &expect![[r#"
            Call 2 has no CALL_ANSWERED after CREATE_ENGAGEMENT_SUCCEEDED
                 4  9 widget OUTGOING_CALL_STARTED
                 5 10 host CREATE_ENGAGEMENT_SUCCEEDED
            > -  6    widget CALL_ANSWERED
                 7 11 widget CALL_ENDED
                        data.callEndStatus is "COMPLETED" in call 1, "NO_ANSWER" in call 2
                 8 12 widget CALL_COMPLETED
                        data.hideWidget is false in call 1, true in call 2
            Not compared, as ids, times and free texts differ anyway: data.engagementId, data.externalCallId, data.toNumber, messageId
        "#]],
    );
}

#[test]
fn what_stands_elsewhere_is_named_with_both_places() {
    check_calls(
        &format!(
            r#"{FIRST}
        widget {{"type":"CALL_ANSWERED","messageId":"18_8","data":{{"externalCallId":"b"}}}}
        widget {{"type":"CALL_COMPLETED","messageId":"18_9","data":{{"externalCallId":"b","engagementId":8,"hideWidget":false}}}}
        widget {{"type":"CALL_ENDED","messageId":"18_10","data":{{"externalCallId":"b","engagementId":8,"callEndStatus":"COMPLETED"}}}}
        "#
        ),
        &expect![[r#"
            CALL_COMPLETED comes after CALL_ANSWERED in call 2, after CALL_ENDED in call 1
                 4  9 widget OUTGOING_CALL_STARTED
                 5 10 host CREATE_ENGAGEMENT_SUCCEEDED
                 6 11 widget CALL_ANSWERED
            > +    12 widget CALL_COMPLETED
                 7 13 widget CALL_ENDED
              -  8    widget CALL_COMPLETED
            M14 warning [0, 1]
            Not compared, as ids, times and free texts differ anyway: data.engagementId, data.externalCallId, data.toNumber, messageId
        "#]],
    );
}

#[test]
fn the_same_again_is_the_same() {
    check_calls(
        &format!(
            r#"{FIRST}
        widget {{"type":"CALL_ANSWERED","messageId":"18_8","data":{{"externalCallId":"b"}}}}
        widget {{"type":"CALL_ENDED","messageId":"18_9","data":{{"externalCallId":"b","engagementId":8,"callEndStatus":"COMPLETED"}}}}
        widget {{"type":"CALL_COMPLETED","messageId":"18_10","data":{{"externalCallId":"b","engagementId":8,"hideWidget":false}}}}
        "#
        ),
        &expect![[r#"
            The same messages in the same order
                 4  9 widget OUTGOING_CALL_STARTED
                 5 10 host CREATE_ENGAGEMENT_SUCCEEDED
                 6 11 widget CALL_ANSWERED
                 7 12 widget CALL_ENDED
                 8 13 widget CALL_COMPLETED
            Not compared, as ids, times and free texts differ anyway: data.engagementId, data.externalCallId, data.toNumber, messageId
        "#]],
    );
}

/// How often HubSpot repeats SYNC is a matter of time, even if messages of another conversation lie
/// between, and if the checker has a finding about one of them.
#[test]
fn repeated_syncs_are_one_step() {
    let left = view(
        r#"
        @1 host SYNC
        @2 host SYNC
        @1 host SYNC
        @2 host SYNC
        @1 host SYNC
        @1 widget {"type":"SYNC_ACK","messageId":"4_0","version":"0.9.7-beta.0","iFrameUrl":"https://localhost"}
        "#,
    );
    let right = view(
        r#"
        @5 host SYNC
        @5 host SYNC
        @6 host SYNC
        @5 widget {"type":"SYNC_ACK","messageId":"4_0","version":"0.9.6-beta.0","iFrameUrl":"https://localhost"}
        "#,
    );
    check_sessions(
        &left,
        &right,
        &expect![[r#"
        SYNC_ACK: version is "0.9.7-beta.0" in A, "0.9.6-beta.0" in B
             1  1 host SYNC ×3
             2  3 host SYNC ×2
        >    6  4 widget SYNC_ACK
                    version is "0.9.7-beta.0" in A, "0.9.6-beta.0" in B
        Not compared, as ids, times and free texts differ anyway: messageId
    "#]],
    );
}

#[test]
fn of_nothing_there_is_no_first_difference() {
    check_sessions(
        &view(""),
        &view(""),
        &expect![[r#"
        The same messages in the same order
    "#]],
    );
    check_sessions(
        &view(""),
        &view("host SYNC"),
        &expect![[r#"
        A does not begin with SYNC, as B does
        > +     1 host SYNC
    "#]],
    );
}

#[test]
fn steps_beyond_the_bound_are_said_to_be_left_out() {
    let left = view(FIRST);
    let part = |name| Part {
        view: &left,
        call: None,
        name,
    };
    let depth = Depth {
        max_steps: 4,
        ..Depth::default()
    };
    let comparison = compare(part("A"), part("B"), depth);
    assert!(comparison.is_cut);
    assert_eq!(comparison.pairs.len(), 4);
    assert!(!compare(part("A"), part("B"), Depth::default()).is_cut);
}

/// Two recordings of a widget that did the same, and one with a mistake.
#[test]
fn a_mistake_is_the_first_difference() {
    let good = recorded("well-behaved/widget-0.9.7");
    let bad = recorded("mistakes/M14-completed-before-ended");
    check_sessions(
        &good,
        &bad,
        &expect![[r#"
        INITIALIZED: data.isAvailable is false in A, true in B
             1  1 host SYNC
             2  2 widget SYNC_ACK
        >    3  3 widget INITIALIZED
                    data.isAvailable is false in A, true in B
                    data.isLoggedIn is false in A, true in B
          -  4    widget LOGGED_IN
          -  5    widget USER_AVAILABLE
             6  4 host DIAL_NUMBER
             7  5 widget OUTGOING_CALL_STARTED
             8  6 host INITIATE_CALL_ID_SUCCEEDED
             9  7 host CREATE_ENGAGEMENT_SUCCEEDED
            10  8 host ENGAGEMENT_CREATED
            11  9 widget CALL_ANSWERED
          - 12    host END_CALL
          - 13    widget CALL_ENDED
            14 10 widget CALL_COMPLETED
            15 11 host UPDATE_ENGAGEMENT_SUCCEEDED
          - 16    widget FINALIZE_ENGAGEMENT
          - 17    host FINALIZE_ENGAGEMENT_SUCCEEDED
          - 18    host VISIBILITY_CHANGED
          - 19    host VISIBILITY_CHANGED
          - 20    widget RESIZE_WIDGET
          - 21    widget INCOMING_CALL
          - 22    host INITIATE_CALL_ID_SUCCEEDED
          - 23    host CALLER_ID_MATCH_SUCCEEDED
          - 24    host CREATE_ENGAGEMENT_SUCCEEDED
          - 25    host ENGAGEMENT_CREATED
          - 26    widget CALL_ANSWERED
            27 12 widget CALL_ENDED
          - 28    widget CALL_COMPLETED
          - 29    host UPDATE_ENGAGEMENT_SUCCEEDED
          - 30    widget FINALIZE_ENGAGEMENT
          - 31    host FINALIZE_ENGAGEMENT_SUCCEEDED
          - 32    widget USER_UNAVAILABLE
          - 33    widget LOGGED_OUT
          - 34    host SYNC
          - 35    widget SYNC_ACK
          - 36    widget INITIALIZED
          - 37    widget LOGGED_IN
          - 38    widget USER_AVAILABLE
        M14 warning [0, 1]
        Not compared, as ids, times and free texts differ anyway: data.callId, data.callStartTime, data.engagementId, data.engagementProperties.hs_call_body, data.engagementProperties.hs_call_duration, data.engagementProperties.hs_timestamp, data.externalCallId, data.startTimestamp, messageId
    "#]],
    );
}

/// Whoever looks for a difference is told everything that was not looked at.
#[test]
fn all_that_is_not_compared_is_named() {
    let keys = "abcdefghijkl".chars();
    let message = |value: u32| {
        let data: Vec<String> = keys
            .clone()
            .map(|key| format!(r#""{key}":{value}"#))
            .collect();
        format!(
            r#"widget {{"type":"MINE","messageId":"18_{value}","data":{{{}}}}}"#,
            data.join(",")
        )
    };
    let [left, right] = [1, 2].map(|value| view(&message(value)));
    let part = |view| Part {
        view,
        call: None,
        name: "A",
    };
    let comparison = compare(part(&left), part(&right), Depth::default());
    let words = comparison.ignored_words().unwrap();
    let named: Vec<String> = keys.map(|key| format!("data.{key}")).collect();
    assert!(
        words.ends_with(&format!(": {}, messageId", named.join(", "))),
        "{words}"
    );
}
