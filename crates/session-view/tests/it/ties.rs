//! Which message answers which.

use std::fmt::Write as _;

use callscope_protocol::Millis;
use callscope_session_view::calls::{TieLine, ties};
use expect_test::{Expect, expect};

use crate::trace::{START, view};

#[track_caller]
fn check(seconds: f64, expected: &Expect) {
    let view = view(
        r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost"}
        widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        host   {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100"}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
        host   {"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":"17_3","data":{"engagementId":7}}
        host   {"type":"ENGAGEMENT_CREATED","messageId":"17_4","data":{"engagementId":7}}
        widget {"type":"CALL_ANSWERED","messageId":"18_3","data":{"externalCallId":"a"}}
        host   {"type":"END_CALL","messageId":"17_5"}
        "#,
    );
    let now = Some(Millis(START + seconds * 1000.0));
    let mut text = String::new();
    for recorded in view.messages() {
        for tie in ties(&view, recorded, now) {
            let TieLine { name, other, words } = tie.line(&view, recorded);
            let other = other.map_or_else(String::new, |(seq, name)| format!("[{name} → {seq}] "));
            writeln!(text, "{}: {name} {other}{words}", recorded.seq).unwrap();
        }
    }
    expected.assert_eq(&text);
}

#[test]
fn requests_and_answers_name_each_other() {
    check(
        3.5,
        &expect![[r#"
        1: answered by [2 SYNC_ACK → 2] after 10 ms
        2: answers [1 SYNC → 1] after 10 ms
        4: answered by [5 OUTGOING_CALL_STARTED → 5] after 10 ms
        4: belongs to call 1, outbound to +15550100 · answered
        5: answers [4 DIAL_NUMBER → 4] after 10 ms
        5: answered by [6 CREATE_ENGAGEMENT_SUCCEEDED → 6] after 10 ms
        5: answered by [7 ENGAGEMENT_CREATED → 7] after 20 ms
        5: belongs to [call 1 → 4] outbound to +15550100 · answered
        6: answers [5 OUTGOING_CALL_STARTED → 5] after 10 ms
        6: belongs to [call 1 → 4] outbound to +15550100 · answered
        7: answers [5 OUTGOING_CALL_STARTED → 5] after 20 ms
        7: belongs to [call 1 → 4] outbound to +15550100 · answered
        8: belongs to [call 1 → 4] outbound to +15550100 · answered
        9: waiting no CALL_ENDED yet, 3 s
        9: belongs to [call 1 → 4] outbound to +15550100 · answered
    "#]],
    );
}
