//! What ties a message to others: its call, its request, its answers.

use callscope_protocol::{Frame, Millis};
use callscope_session_log::words;

use super::format;
use super::source::Source;

/// One tie of a message, as a line of the detail pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tie {
    /// "answers", "answered by", "waiting", "belongs to".
    pub(crate) name: &'static str,
    /// The other message, and what that is called: "3 `DIAL_NUMBER`".
    pub(crate) other: Option<(u64, String)>,
    /// "after 340 ms".
    pub(crate) words: String,
}

/// The ties of a message; `now` is until when the session is known.
pub(crate) fn ties(source: &Source, frame: &Frame, now: Option<Millis>) -> Vec<Tie> {
    let session = source.session();
    let placement = session.placement(frame.seq);
    let after = |name, seq, latency| Tie {
        name,
        other: Some((seq, source.named(seq))),
        words: format!("after {}", format::duration(latency)),
    };
    let mut ties = Vec::new();
    if let Some(answer) = placement.answers {
        ties.push(after("answers", answer.request, answer.latency));
    }
    for (seq, answer) in session.answers_to(frame.seq) {
        ties.push(after("answered by", seq, answer.latency));
    }
    if let Some(since) = waits_since(source, frame) {
        let waited = now.map_or(Millis(0.0), |now| now - since);
        ties.push(Tie {
            name: "waiting",
            other: None,
            words: format!("no answer yet, {}", format::seconds(waited)),
        });
    }
    if let Some(call) = placement.call.and_then(|id| session.call(id)) {
        let name = format!("call {}", call.id.serial);
        ties.push(Tie {
            name: "belongs to",
            other: (call.first_seq != frame.seq).then_some((call.first_seq, name)),
            words: if call.first_seq == frame.seq {
                format!("call {}, {}", call.id.serial, words::call(&call))
            } else {
                words::call(&call)
            },
        });
    }
    ties
}

/// Since when a message waits for its answer.
pub(crate) fn waits_since(source: &Source, frame: &Frame) -> Option<Millis> {
    let mut waiting = source.session().waiting(frame.conversation);
    Some(waiting.find(|it| it.request == frame.seq)?.since)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::model::testing::{START, source};

    #[track_caller]
    fn check(seconds: f64, expected: &Expect) {
        let source = source(
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
        for frame in source.session().facts().iter().filter_map(|it| it.frame()) {
            for Tie { name, other, words } in ties(&source, frame, now) {
                let other =
                    other.map_or_else(String::new, |(seq, name)| format!("[{name} → {seq}] "));
                writeln!(text, "{}: {name} {other}{words}", frame.seq).unwrap();
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
            9: waiting no answer yet, 3 s
            9: belongs to [call 1 → 4] outbound to +15550100 · answered
        "#]],
        );
    }
}
