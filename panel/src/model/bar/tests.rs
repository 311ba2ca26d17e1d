//! What the bar says.

use expect_test::{Expect, expect};

use super::*;
use crate::model::Connection;
use crate::model::testing::{recorded, source};

#[track_caller]
fn check(trace: &str, seconds: f64, expected: &Expect) {
    check_source(&source(trace), seconds, expected);
}

/// Checks a recorded session: lines of a log, without the header.
#[track_caller]
fn check_log(lines: &str, seconds: f64, expected: &Expect) {
    let header = r#"{"kind":"header","format":"callscope-session","version":1}"#;
    let log = format!("{header}\n{}", lines.trim());
    check_source(&recorded(log.as_bytes()), seconds, expected);
}

#[track_caller]
fn check_source(source: &SessionView, seconds: f64, expected: &Expect) {
    let session = source.session();
    let all: Vec<&Conversation> = session.conversations().collect();
    let last = session.facts().last().unwrap().fact.at();
    let now = Some(last + Millis(seconds * 1000.0));
    let data = BarData::new(&all, all[0], now, session.why_not_ready(all[0].id));
    let trouble = data
        .trouble
        .as_ref()
        .map_or_else(String::new, |it| format!("{} {}\n", it.what, it.fix));
    let states: Vec<&str> = data
        .states
        .iter()
        .map(|(_, words)| words.as_str())
        .collect();
    let label = format!("{}, {}, {}", data.name, data.sdk, states.join(", "));
    expected.assert_eq(&format!("{label}\n{trouble}"));
}

#[test]
fn a_silent_widget_is_counted() {
    check(
        r#"host {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}"#,
        4.2,
        &expect![[r#"
            #1 widget, SDK unknown, Waiting for SYNC_ACK 4 s
            SYNC unanswered for 4 s (1 sent). Does the widget's page load, and does it create CallingExtensions?
        "#]],
    );
}

#[test]
fn what_the_page_reported_is_the_cause() {
    check_log(
        r#"
{"kind":"frame","seq":1,"at":1,"from":"host","origin":"http://localhost:8155","message":{"type":"SYNC","messageId":"17_1","hostUrl":"http://localhost:8155"}}
{"kind":"inside","at":3,"conversation":1,"side":"widget","origin":"http://127.0.0.1:8156","what":"error","text":"Uncaught TypeError: Cannot read properties of null (reading 'loggedIn')","place":"http://127.0.0.1:8156/throws.html:3:1","stack":"TypeError\n    at onReady (http://127.0.0.1:8156/throws.html:3:1)"}
{"kind":"frame","seq":2,"at":60,"from":"widget","origin":"http://127.0.0.1:8156","message":{"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"http://127.0.0.1:8156"}}"#,
        12.0,
        &expect![[r#"
            #1 widget, SDK 0.9.7 (reports 0.9.7-beta.0), Synced, not initialized
            Not initialized for 12 s: the widget's script failed: TypeError: Cannot read properties of null (reading 'loggedIn') (throws.html:3 onReady). Fix this error: it ended the function that was running, so nothing after it was done.
        "#]],
    );
    check_log(
        r#"
{"kind":"inside","at":1,"conversation":1,"side":"widget","origin":"http://127.0.0.1:8156","what":"dropped","type":"INITIALIZED","stack":"Error\n    at start (http://127.0.0.1:8156/early.html:3:1)"}
{"kind":"frame","seq":1,"at":100,"from":"host","origin":"http://localhost:8155","message":{"type":"SYNC","messageId":"17_1","hostUrl":"http://localhost:8155"}}
{"kind":"frame","seq":2,"at":110,"from":"widget","origin":"http://127.0.0.1:8156","message":{"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"http://127.0.0.1:8156"}}"#,
        12.0,
        &expect![[r#"
            #1 widget, SDK 0.9.7 (reports 0.9.7-beta.0), Synced, not initialized
            Not initialized for 12 s: INITIALIZED was dropped: the SDK was not ready; sent from early.html:3 start. Call extensions.initialized() in onReady, not before.
        "#]],
    );
    let posted_elsewhere = r#"
{"kind":"frame","seq":1,"at":1,"from":"host","origin":"http://localhost:8155","message":{"type":"SYNC","messageId":"17_1","hostUrl":"http://localhost:8155"}}
{"kind":"inside","at":2,"conversation":1,"side":"widget","origin":"http://127.0.0.1:8156","what":"undelivered","type":"SYNC_ACK","messageId":"17_1","target":"https://app.hubspot.com","recipient":"http://localhost:8155"}
{"kind":"inside","at":3,"conversation":1,"side":"widget","origin":"http://127.0.0.1:8156","what":"undelivered","type":"INITIALIZED","target":"https://app.hubspot.com","recipient":"http://localhost:8155"}
{"kind":"frame","seq":2,"at":101,"from":"host","origin":"http://localhost:8155","message":{"type":"SYNC","messageId":"17_2","hostUrl":"http://localhost:8155"}}
{"kind":"inside","at":102,"conversation":1,"side":"widget","origin":"http://127.0.0.1:8156","what":"undelivered","type":"SYNC_ACK","messageId":"17_2","target":"https://app.hubspot.com","recipient":"http://localhost:8155"}
{"kind":"inside","at":103,"conversation":1,"side":"widget","origin":"http://127.0.0.1:8156","what":"undelivered","type":"INITIALIZED","target":"https://app.hubspot.com","recipient":"http://localhost:8155"}"#;
    check_log(
        posted_elsewhere,
        3.0,
        &expect![[r#"
        #1 widget, SDK unknown, Waiting for SYNC_ACK 3 s
        SYNC unanswered for 3 s (2 sent): SYNC_ACK was not delivered: it was posted to https://app.hubspot.com, but the page around the widget is http://localhost:8155 (2 times). Post to the origin that the SYNC came from (event.origin), not to a fixed one.
    "#]],
    );
    let given_up = format!(
        "{posted_elsewhere}\n{}",
        r#"{"kind":"frame","seq":3,"at":30100,"from":"host","origin":"http://localhost:8155","message":{"type":"OTHER","messageId":"17_3"}}"#
    );
    check_log(
        &given_up,
        0.0,
        &expect![[r#"
        #1 widget, SDK unknown, Handshake failed
        No SYNC_ACK within 30 s (2 SYNC sent), HubSpot has given up: SYNC_ACK was not delivered: it was posted to https://app.hubspot.com, but the page around the widget is http://localhost:8155 (2 times). Post to the origin that the SYNC came from (event.origin), not to a fixed one. Then reload the page.
    "#]],
    );
}

/// A stranger is named, and gets neither a status light nor advice for widgets.
#[test]
fn a_stranger_is_said_to_be_one() {
    let log = include_bytes!("../../../../crates/cli/tests/logs/stranger.callscope.jsonl");
    let source = crate::model::testing::recorded(log);
    let all: Vec<&Conversation> = source.session().conversations().collect();
    let data = BarData::new(&all, all[1], None, None);
    let trouble = data.trouble.unwrap();
    let choices: Vec<String> = data.choices.into_iter().map(|it| it.1).collect();
    let text = format!(
        "{}\n{:?}\n{} {}\n",
        choices.join("\n"),
        data.states,
        trouble.what,
        trouble.fix
    );
    expect![[r##"
        #1 widget  dialer.example
        #2 frame  adverts.example (not synced with)
        [(Neutral, "Not a frame that HubSpot syncs with")]
        This frame speaks like a widget, but HubSpot has not sent it SYNC. It is not your widget: what is wrong with it is not counted.
    "##]].assert_eq(&text);
}

#[test]
fn it_says_what_hubspot_believes() {
    check(
        r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com","iframeLocation":"remote"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
        widget {"type":"INITIALIZED","data":{"isLoggedIn":true}}
        "#,
        42.0,
        &expect![[r#"
            #1 remote, SDK 0.9.7 (reports 0.9.7-beta.0), Synced, not initialized
            HubSpot ignores the widget's INITIALIZED. Send it with the SDK: it needs a messageId and the origin that SYNC_ACK names.
        "#]],
    );
}

#[test]
fn a_call_shows_how_long_it_lasts() {
    check(
        r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com","iframeLocation":"remote"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
        widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a"}}
        widget {"type":"CALL_ANSWERED","messageId":"18_3","data":{"externalCallId":"a"}}
        "#,
        42.0,
        &expect![[r#"
            #1 remote, SDK 0.9.7 (reports 0.9.7-beta.0), Ready, Logged in, Answered 00:42 · to +15550100
        "#]],
    );
}

/// The two halves of a conversation are heard in different processes: what the widget said may be
/// told before the SYNC that it answers.
#[test]
fn a_handshake_that_may_still_be_told_is_not_called_missing() {
    let trace = r#"
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
        widget {"type":"LOGGED_IN","messageId":"18_1"}
    "#;
    let mut model = crate::model::testing::live(trace);
    model.connection = Connection::Attached(crate::model::testing::recorder("one"));
    let began = model.shown().session().facts()[0].fact.at();
    let mut state = |seconds: f64| {
        model.set_time(began + Millis(seconds * 1000.0));
        let status = callscope_bus::RecorderStatus {
            recording: true,
            now: model.now.0,
            ..callscope_bus::RecorderStatus::default()
        };
        let status = callscope_bus::ToPanel::Status { status };
        model.handle(crate::event::Event::Received(callscope_bus::encode(
            &status,
        )));
        let counts = model.shown().session().conversations().next();
        let counts = counts.is_some_and(|it| counts_time(it, model.shown_now()));
        (model.bar_data().unwrap().states[0].1.clone(), counts)
    };
    assert_eq!(state(0.5), ("Talking, looking for SYNC".to_owned(), true));
    assert_eq!(
        state(3.5),
        ("Talking, handshake not seen".to_owned(), false)
    );
}
