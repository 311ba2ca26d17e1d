//! The card of a message.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use callscope_protocol::{ConversationId, Fact, Millis, RecordedMessage, Side};
use callscope_session_log::Session;
use callscope_session_view::SessionView;
use callscope_session_view::card::{Card, FindingCard};
use callscope_session_view::words::UtcOffset;
use expect_test::{Expect, expect};

use crate::trace::{START, view};

fn cards(view: &SessionView, now: Option<Millis>) -> impl Iterator<Item = Card> {
    let messages = view.messages();
    messages.map(move |recorded| Card::new(view, recorded, UtcOffset::UTC, now))
}

/// The problems of all fields in a session, and the fields that are too new for the widget.
#[track_caller]
fn check_fields(trace: &str, expected: &Expect) {
    let mut text = String::new();
    for card in cards(&view(trace), None) {
        for field in card.sent() {
            let place = format!("{} {}", card.title, field.path);
            if let Some((severity, words)) = &field.problem {
                writeln!(text, "{place}: {severity}: {words}").unwrap();
            }
            if let Some(words) = field
                .about
                .split(" · ")
                .find(|it| it.contains("newer than"))
            {
                writeln!(text, "{place}: {words}").unwrap();
            }
        }
    }
    expected.assert_eq(&text);
}

/// A handshake with a widget that reports `version`, and then `rest`.
fn handshake(version: &str, rest: &str) -> String {
    format!(
        r#"
        host   {{"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com","portalId":7}}
        widget {{"type":"SYNC_ACK","messageId":"17_1","version":"{version}","iFrameUrl":"https://localhost:9025"}}
        {rest}
        "#
    )
}

#[test]
fn a_card_says_what_is_known() {
    let trace = handshake(
        "0.9.7-beta.0",
        r#"widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        widget {"type":"INCOMING_CALL","messageId":"18_2","data":{"fromNumber":"+15550111","createEngagement":true,"externalCallId":"a"}}
        host "ping""#,
    );
    let mut text = String::new();
    for card in cards(&view(&trace), None).skip(3) {
        let direction = card.direction();
        let Card {
            seq,
            title,
            from: _,
            about,
            type_facts,
            remarks,
            ties,
            reports,
            is_waiting: _,
            findings,
            fields,
            envelope,
        } = card;
        writeln!(text, "{seq} {title} {direction}\n{about}").unwrap();
        for remark in remarks {
            writeln!(text, "! {}", remark.text).unwrap();
        }
        for (label, words) in type_facts {
            writeln!(text, "{label}: {words}").unwrap();
        }
        for tie in ties {
            writeln!(text, "{}: {}", tie.name, tie.text()).unwrap();
        }
        assert_eq!(reports, [], "no page reported anything");
        for finding in findings {
            writeln!(text, "{}", finding.to_text().lines().next().unwrap()).unwrap();
        }
        for field in fields {
            let value = field.value.as_deref().unwrap_or("–");
            writeln!(text, "{} = {value} ({})", field.path, field.about).unwrap();
            if let Some((severity, words)) = field.problem {
                writeln!(text, "  {severity}: {words}").unwrap();
            }
        }
        for (label, words) in envelope {
            writeln!(text, "{label}: {words}").unwrap();
        }
    }
    expect![[r#"
        4 INCOMING_CALL widget → host
        The widget is ringing with an inbound call.
        SDK call: incomingCall()
        asks for: CALLER_ID_MATCH_SUCCEEDED, CALLER_ID_MATCH_FAILED, CREATE_ENGAGEMENT_SUCCEEDED, CREATE_ENGAGEMENT_FAILED, INITIATE_CALL_ID_SUCCEEDED (inferred), INITIATE_CALL_ID_FAILED (inferred)
        versions: since SDK 0.0.1
        waiting: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED yet, 0 s
        belongs to: call 1, inbound from +15550111 · ringing
        error M04: INCOMING_CALL has no toNumber
        type = "INCOMING_CALL" (string · required · The message's name.)
        messageId = "18_2" (string or number · required · Minted by the sender: its instance and the time, joined by an underscore.)
        data.phoneNumber = – (string · until SDK 0.2.2 · replaced by fromNumber and toNumber)
        data.fromNumber = "+15550111" (string · required · since SDK 0.3.0 · who calls)
        data.toNumber = – (string · required · since SDK 0.3.0 · who is called)
          warning: missing
        data.createEngagement = true (boolean · since SDK 0.3.0)
        data.callStartTime = – (number · ms since epoch · since SDK 0.7.0)
        data.externalCallId = "a" (string or number · required · since SDK 0.7.0 · the calling app's own id of the call; it ties one call's messages together)
        received: 2023-11-14 22:13:20.030 UTC, 10 ms after the message before
        origin: https://localhost:9025
        number: 4 in conversation 1
        messageId: 18_2
        size: 122 B
        5 a string without a type host → widget
        The SDK ignores what is not an object with a type.
        ! Shown in part: it holds lone surrogates, numbers beyond a double or very deep nesting
        belongs to: call 1 inbound from +15550111 · ringing
        note T20: The host posted a string, which is not a message; the widget ignores it
        received: 2023-11-14 22:13:20.040 UTC, 10 ms after the message before
        origin: https://app.hubspot.com
        number: 5 in conversation 1
        messageId: none
        size: 35 B
    "#]].assert_eq(&text);
}

#[test]
fn a_request_waits_for_its_answer() {
    let view = view(&handshake(
        "0.9.7-beta.0",
        r#"widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        host   {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100"}}"#,
    ));
    let waits = |now| {
        let cards: Vec<Card> = cards(&view, now).collect();
        assert!(cards.iter().all(|card| card.is_waiting == (card.seq == 4)));
        cards[3].ties[0].text()
    };
    // Up to the last fact of the session, or up to now.
    assert_eq!(waits(None), "no OUTGOING_CALL_STARTED yet, 0 s");
    assert_eq!(
        waits(Some(Millis(START + 3500.0))),
        "no OUTGOING_CALL_STARTED yet, 3 s"
    );
}

/// 0.0.7 to 0.1.5 all report 0.0.1.
#[test]
fn the_fields_of_0_1_4_are_its_own() {
    check_fields(
        &handshake(
            "0.0.1",
            r#"widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true,"sdkVersion":"0.1.3"}}
            host   {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100","ownerId":1,"portalId":2}}
            widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"phoneNumber":"+15550100","createEngagement":true,"callStartTime":1700000000000}}
            widget {"type":"CALL_ENDED","messageId":"18_3","data":{"externalCallId":"a"}}
            host   {"type":"ENGAGEMENT_CREATED","messageId":"17_3","data":{}}"#,
        ),
        &expect![[r#"
            SYNC portalId: since SDK 0.5.0, newer than the widget's
            CALL_ENDED data.externalCallId: since SDK 0.7.0, newer than the widget's
            ENGAGEMENT_CREATED data.engagementId: warning: missing
        "#]],
    );
}

#[test]
fn what_0_9_0_does_not_know_yet_is_not_asked_of_it() {
    let rest = r#"widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        widget {"type":"INCOMING_CALL","messageId":"18_2","data":{"fromNumber":"+15550111","toNumber":"+15550100","createEngagement":true,"externalCallId":"a"}}
        widget {"type":"CALL_TRANSFERRED","messageId":"18_3","data":{}}
        widget {"type":"NAVIGATE_TO_RECORD","messageId":"18_4","data":{"objectCoordinates":{"portalId":1,"objectId":2,"objectTypeId":"0-1"}}}"#;
    check_fields(&handshake("0.8.4-beta.0", rest), &expect![[""]]);
    check_fields(
        &handshake("0.9.7-beta.0", rest),
        &expect![[r#"
        CALL_TRANSFERRED data.externalCallId: warning: missing
    "#]],
    );
}

/// A widget that does not use the SDK can match any version that knows what it sends.
#[test]
fn of_an_unknown_sdk_only_what_every_version_takes_amiss_is_told() {
    check_fields(
        &handshake(
            "mine",
            r#"widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":"yes"}}
            widget {"type":"CALL_ENDED","messageId":"18_2","data":{}}"#,
        ),
        &expect![[r#"
            INITIALIZED data.isLoggedIn: warning: a string, expected boolean
        "#]],
    );
}

#[test]
fn odd_messages_have_a_card() {
    let mut session = Session::new();
    let cloned: BTreeMap<String, String> = (0..25)
        .map(|index| (format!("data.f{index:02}"), "a function".to_owned()))
        .collect();
    session.push(Fact::Message(RecordedMessage {
        seq: 1,
        at: Millis(START),
        conversation: ConversationId(1),
        from: Side::Widget,
        origin: "null".into(),
        injected: true,
        message: r#"{"type":"\ud800"}"#.into(),
        cloned,
        truncated: Some(5_000_000),
    }));
    let card = cards(&session.into(), None).next().unwrap();
    assert_eq!(card.remarks.iter().filter(|it| it.is_injected).count(), 1);
    let remarks: Vec<&str> = card.remarks.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(
        remarks[..3],
        [
            "Posted by Callscope for you",
            "Cut: the message was 4.8 MB long",
            "Shown in part: it holds lone surrogates, numbers beyond a double or very deep nesting",
        ]
    );
    assert_eq!(remarks.len(), 24);
    assert_eq!(
        remarks[3],
        "data.f00 was a function, which JSON cannot hold"
    );
    assert_eq!(
        remarks[23],
        "5 more values were of kinds that JSON cannot hold"
    );
    assert_eq!(card.envelope[0].1, "2023-11-14 22:13:20.000 UTC");
}

/// However long the rule's own words are; only what quotes the page is shortened.
#[test]
fn a_fix_is_whole() {
    let trace = handshake(
        "0.9.7-beta.0",
        &format!(
            r#"host {{"type":"DIAL_NUMBER","messageId":"17_9","data":{{"phoneNumber":"+15550100"}}}}
            host {{"type":"DIAL_NUMBER","messageId":"17_10","data":{{"phoneNumber":"+15550111"}}}}
            widget {{"type":"CALL_ENDED","messageId":"18_3","data":{{"x":{{"externalCallId":"a"}},"{}":1}}}}"#,
            "y".repeat(400),
        ),
    );
    let view = view(&trace);
    let findings: Vec<FindingCard> = cards(&view, None).flat_map(|it| it.findings).collect();
    assert!(findings.iter().any(|it| it.fix.chars().count() > 320));
    for card in findings {
        let rule = callscope_protocol::rule(card.code).unwrap();
        assert!(card.fix.ends_with(rule.fix), "{}: {}", card.code, card.fix);
    }
}
