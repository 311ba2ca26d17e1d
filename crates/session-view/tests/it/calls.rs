//! The table of calls.

use std::fmt::Write as _;

use callscope_protocol::Millis;
use callscope_session_view::SessionView;
use callscope_session_view::calls::table;
use callscope_session_view::cleared::Cleared;
use callscope_session_view::ladder::Outline;
use callscope_session_view::rows::ViewOptions;
use expect_test::{Expect, expect};

use crate::trace::{START, options, recorded, view};

#[track_caller]
fn check(view: &SessionView, now: Option<Millis>, expected: &Expect) {
    let table = table(view, now);
    let mut text = String::new();
    for row in &table.rows {
        let (id, first) = (row.external_call_id.as_deref(), row.first_seq);
        let id = id.unwrap_or("none");
        writeln!(text, "{}", row.label()).unwrap();
        writeln!(
            text,
            "    externalCallId {id}, {} from {first} on",
            row.message_count
        )
        .unwrap();
    }
    if table.hidden > 0 {
        writeln!(text, "{} hidden", table.hidden).unwrap();
    }
    expected.assert_eq(&text);
}

#[track_caller]
fn check_recorded(name: &str, expected: &Expect) {
    let mut view = recorded(name);
    view.update_rows(&ViewOptions::everything());
    let end = view.session().facts().last().map(|last| last.fact.at());
    check(&view, end, expected);
}

#[test]
fn calls_of_the_newest_sdk() {
    check_recorded(
        "well-behaved/widget-0.9.7",
        &expect![[r#"
            call 1 of conversation 1, outbound, +442079460123 from +16175550142, completed · COMPLETED, ringing 00:00, talking 00:00, engagement 18000688706 by HubSpot, answers worst 344 ms, median 243 ms
                externalCallId 4c21b482-8aa1-4346-9a9a-ff145d14f9f0, 12 from 6 on
            call 2 of conversation 1, inbound, +442079460123 to +16175550142, completed · COMPLETED, ringing 00:00, talking 00:00, engagement 18000688707 by HubSpot, answers worst 339 ms, median 247 ms
                externalCallId cfd092e4-70e6-4b15-8ee8-491900cadbc8, 11 from 21 on
        "#]],
    );
}

#[test]
fn calls_of_an_old_sdk() {
    check_recorded(
        "well-behaved/widget-0.1.4",
        &expect![[r#"
        call 1 of conversation 1, outbound, +442079460123, completed · COMPLETED, ringing 00:00, talking 00:00, engagement 18000655234 by HubSpot, answers worst 343 ms, median 14 ms
            externalCallId none, 7 from 5 on
        call 2 of conversation 1, inbound, +442079460123, completed · COMPLETED, ringing 00:00, talking 00:00, engagement 18000655235 by HubSpot, answers 343 ms
            externalCallId none, 5 from 15 on
    "#]],
    );
}

#[test]
fn the_worst_finding_is_told_in_its_sentence() {
    check_recorded(
        "mistakes/M14-completed-before-ended",
        &expect![[r#"
            call 1, outbound, +442079460123 from +16175550142, completed · COMPLETED, ringing 00:00, talking 00:00, engagement 18000887128 by HubSpot, answers worst 346 ms, median 276 ms, M14 CALL_COMPLETED came before CALL_ENDED; the call is still answered
                externalCallId 3525927e-e07a-4f26-9b44-b39d5a524edf, 9 from 4 on
        "#]],
    );
    check_recorded(
        "mistakes/M09-no-engagement",
        &expect![[r#"
            call 1, outbound, +442079460123 from +16175550142, ended · COMPLETED, ringing 00:00, engagement missing, answers 224 ms, M09 createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
                externalCallId dc8b2b6a-9dd8-40d3-b04e-1b57863f8ca8, 3 from 4 on
        "#]],
    );
    check_recorded(
        "mistakes/H05-reload-during-a-call",
        &expect![[r#"
            call 1 of conversation 1, outbound, +442079460123 from +16175550142, answered, ringing 00:00, engagement 18000935412 by HubSpot, answers worst 343 ms, median 236 ms, H05 The page went away while the call was answered
                externalCallId 6567ecc1-cc62-40cf-b909-d36f13d4b573, 6 from 4 on
        "#]],
    );
}

const OPEN: &str = r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
        widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        host   {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100"}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","fromNumber":"+15550199","externalCallId":"a","createEngagement":true}}
        widget {"type":"CALL_ANSWERED","messageId":"18_3","data":{"externalCallId":"a"}}
"#;

/// A call in progress counts up, and so does the wait for its answers.
#[test]
fn a_call_in_progress_counts_up() {
    let mut view = view(OPEN);
    view.update_rows(&ViewOptions::everything());
    for (seconds, expected) in [
        (
            2.0,
            expect![[r#"
                call 1, outbound, +15550100 from +15550199, answered, ringing 00:00, talking 00:01…, engagement not yet, answers 10 ms, waiting for 1 s
                    externalCallId a, 3 from 4 on
            "#]],
        ),
        (
            65.0,
            expect![[r#"
                call 1, outbound, +15550100 from +15550199, answered, ringing 00:00, talking 01:04…, engagement not yet, answers 10 ms, waiting for 1 min 05 s, H04 OUTGOING_CALL_STARTED got no answer within 10 s: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
                    externalCallId a, 3 from 4 on
            "#]],
        ),
    ] {
        let now = Millis(START + seconds * 1000.0);
        view.advance(now);
        assert!(table(&view, Some(now)).rows[0].counts_time());
        check(&view, Some(now), &expected);
    }
}

/// A call ends when its page unloads.
#[test]
fn a_call_whose_page_is_gone_stands_still() {
    let mut view = view(&format!("{OPEN}\nclosed"));
    view.update_rows(&ViewOptions::everything());
    let now = Some(Millis(START + 60_000.0));
    assert_eq!(table(&view, now).rows[0].talking, None);
}

#[test]
fn the_filter_hides_calls_and_says_how_many() {
    let mut view = view(
        r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
        widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        widget {"type":"INCOMING_CALL","messageId":"18_2","data":{"fromNumber":"+15550100","toNumber":"+15550199","externalCallId":"a","createEngagement":false}}
        widget {"type":"CALL_ENDED","messageId":"18_3","data":{"externalCallId":"a","callEndStatus":"MISSED"}}
        widget {"type":"CALL_COMPLETED","messageId":"18_4","data":{"externalCallId":"a","engagementId":9,"hideWidget":false}}
        widget {"type":"INCOMING_CALL","messageId":"18_5","data":{"fromNumber":"+1\u202e555","toNumber":"+15550199","externalCallId":"b","createEngagement":true}}
        "#,
    );
    view.update_rows(&options("call:1", &[]));
    check(
        &view,
        None,
        &expect![[r#"
            call 1, inbound, +15550100 to +15550199, completed · MISSED, ringing 00:00, engagement 9 by the widget, M09 createEngagement of INCOMING_CALL is false; HubSpot creates no engagement
                externalCallId a, 3 from 4 on
            1 hidden
        "#]],
    );
    view.update_rows(&options("-call:1", &[]));
    check(
        &view,
        None,
        &expect![[r#"
            call 2, inbound, +1\u202e555 to +15550199, ringing, engagement not yet, M07 fromNumber of INCOMING_CALL is +1\u202e555, which cannot be dialed
                externalCallId b, 1 from 7 on
            1 hidden
        "#]],
    );
}

/// What is cleared is in no count, and a call has none of it either: no finding, no answer.
#[test]
fn a_call_has_the_findings_and_answers_that_are_not_cleared() {
    let trace = format!(
        r#"{OPEN}
        widget {{"type":"INCOMING_CALL","messageId":"18_4","data":{{"fromNumber":"+15550101","toNumber":"+15550199","externalCallId":"b","createEngagement":false}}}}
        widget {{"type":"CALL_ENDED","messageId":"18_5","data":{{"externalCallId":"b","callEndStatus":"MISSED"}}}}
        widget {{"type":"CALL_ENDED","messageId":"18_6","data":{{"externalCallId":"a","callEndStatus":"COMPLETED"}}}}
        "#
    );
    let mut view = view(&trace);
    let mut row = |cleared: Cleared| {
        view.update_rows(&ViewOptions {
            cleared,
            ..ViewOptions::everything()
        });
        let row = table(&view, Some(Millis(START + 5_000.0))).rows;
        let row = row.into_iter().map(|it| {
            let codes = it.finding.as_ref().map(|(_, code, _)| *code);
            (it.id.serial, codes, it.finding_count, it.latency())
        });
        row.collect::<Vec<_>>()
    };
    let answers = |words: &str| Some(words.to_owned());
    assert_eq!(
        row(Cleared::default()),
        [
            (1, None, 0, answers("10 ms, waiting for 4 s")),
            (2, Some("M09"), 2, answers("waiting for 4 s")),
        ]
    );
    // Up to the second call's INCOMING_CALL.
    assert_eq!(
        row(Cleared::through(Millis(START + 60.0))),
        [(1, None, 0, None), (2, None, 0, None)]
    );
}

/// What happened during a gap is not known, and what came before and after it is.
#[test]
fn a_span_is_unknown_if_its_other_end_may_be_missing() {
    let dialed = OPEN
        .rsplit_once("widget {\"type\":\"CALL_ANSWERED")
        .unwrap()
        .0;
    let ended = r#"widget {"type":"CALL_ENDED","messageId":"18_9","data":{"externalCallId":"a","callEndStatus":"COMPLETED"}}"#;
    let spans = |trace: &str| {
        let mut view = view(trace);
        view.update_rows(&ViewOptions::everything());
        let now = Some(Millis(START + 5_000.0));
        let row = table(&view, now).rows.remove(0);
        let unsure = row.unsure_words().unwrap_or_default();
        (row.ringing_words(), row.talking_words(), unsure)
    };
    let check = |trace: &str, ringing: &str, talking: &str, unsure: &str| {
        let of = [ringing, talking, unsure].map(str::to_owned);
        assert_eq!(spans(trace), of.into(), "{trace}");
    };
    let both = "ringing and talking unknown, as messages are missing in between";
    let talking = "talking unknown, as messages are missing in between";
    // Answered, and perhaps ended, in the gap.
    check(&format!("{dialed}\ngap\n{ended}"), "–", "–", both);
    check(&format!("{dialed}\ngap"), "–", "–", both);
    check(&format!("{OPEN}\ngap"), "00:00", "–", talking);
    // Both ends are known.
    check(&format!("{OPEN}\ngap\n{ended}"), "00:00", "00:00", "");
    check(&format!("gap\n{OPEN}\n{ended}"), "00:00", "00:00", "");
    check(&format!("{dialed}\n{ended}\ngap"), "00:00", "", "");
}

/// The widget's user logs in again while the call is in progress: that is nobody's call.
#[test]
fn what_is_wrong_beside_a_call_is_not_the_calls_finding() {
    let trace = format!(
        r#"{OPEN}
        widget {{"type":"LOGGED_IN","messageId":"18_4"}}
    "#
    );
    let mut view = view(&trace);
    view.update_rows(&ViewOptions::everything());
    let found = view.session().findings().iter();
    let found: Vec<_> = found
        .map(|it| (it.rule.code, it.call.map(|it| it.serial)))
        .collect();
    assert_eq!(found, [("S06", Some(1))]);
    let row = table(&view, None).rows.remove(0);
    assert_eq!((row.finding, row.finding_count), (None, 0));
    // It still belongs to what happened during the call.
    assert_eq!(row.message_count, 4);
    assert_eq!(Outline::new(&view).bands[0].severity, None);
}
