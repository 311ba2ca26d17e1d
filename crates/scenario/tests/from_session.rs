//! Turns recorded sessions into scenarios.

#![expect(clippy::unwrap_used, reason = "a failing helper fails its test")]

use std::fs;
use std::path::Path;

use callscope_scenario::{FromSession, FromSessionError, Plan, Scenario};
use callscope_session_log::{Log, Session};
use expect_test::{Expect, expect};

const HEADER: &str = r#"{"kind":"header","format":"callscope-session","version":1}"#;

fn fixture(name: &str) -> Session {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures")
        .join(name);
    let log = fs::read(path.with_extension("callscope.jsonl")).unwrap();
    Session::from(Log::read(&log).unwrap())
}

fn session(lines: &str) -> Session {
    let text = format!("{HEADER}\n{lines}");
    Session::from(Log::read(text.as_bytes()).unwrap())
}

fn made(session: &Session, is_strict: bool, expected: &Expect) {
    let maker = FromSession {
        name: "bug",
        source: "bug.callscope.jsonl",
        is_strict,
    };
    let made = maker.make(session).unwrap();
    expected.assert_eq(&made.text);
    // It can be played.
    let scenario = Scenario::read("bug.jsonc", &made.text).unwrap();
    assert!(!Plan::new(&scenario, &|_| None).unwrap().steps.is_empty());
    for note in made.notes {
        assert!(made.text.contains(&note), "{note}");
    }
}

#[test]
fn a_call_with_a_mistake() {
    made(
        &fixture("mistakes/M02-another-external-id"),
        false,
        &expect![[r#"
            {
              "scenario": "bug",
              "title": "The session bug.callscope.jsonl again",
              "steps": [
                // HubSpot says only what it said in the session. What the user did is in no log: the "user" steps are assumed.
                {"answers": "none"},
                {"widget": "INITIALIZED", "within": 10000},
                {"user": "logIn", "if": "loggedOut"},
                {"widget": "LOGGED_IN", "if": "loggedOut"},
                {"host": "send", "type": "DIAL_NUMBER", "data": {"phoneNumber": "+442079460123", "ownerId": 70412055, "subjectId": 301, "objectId": 301, "objectType": "CONTACT", "portalId": 24021990, "countryCode": "GB", "calleeInfo": {"calleeId": 301, "calleeObjectTypeId": "0-1"}, "startTimestamp": 1795380869161, "toPhoneNumberSrc": "phone"}},
                {"user": "call"},
                {"widget": "OUTGOING_CALL_STARTED", "data": {"externalCallId": "$externalCallId"}},
                {"host": "send", "type": "INITIATE_CALL_ID_SUCCEEDED", "data": {"callId": "7e8444c2-62e1-4ab1-8fc7-e07af57dd407"}},
                {"host": "send", "type": "CREATE_ENGAGEMENT_SUCCEEDED", "data": {"engagementId": 18000868776}},
                {"host": "send", "type": "ENGAGEMENT_CREATED", "data": {"engagementId": 18000868776}},
                {"user": "remoteAnswers"},
                {"widget": "CALL_ANSWERED", "data": {"externalCallId": "$externalCallId2"}},
                {"user": "hangUp"},
                {"widget": "CALL_ENDED", "data": {"externalCallId": "$externalCallId"}},
                {"user": "save"},
                {"widget": "CALL_COMPLETED", "data": {"externalCallId": "$externalCallId"}},
                {"host": "send", "type": "UPDATE_ENGAGEMENT_SUCCEEDED", "data": {"engagementId": 18000868776}}
              ]
            }
        "#]],
    );
}

#[test]
fn strictly() {
    made(
        &fixture("mistakes/M17-another-engagement"),
        true,
        &expect![[r#"
            {
              "scenario": "bug",
              "title": "The session bug.callscope.jsonl again",
              // What is not as it was in the session:
              // - callStartTime is another one each time and is not expected
              // - hs_timestamp is another one each time and is not expected
              // - hs_call_duration is another one each time and is not expected
              "steps": [
                // HubSpot says only what it said in the session. What the user did is in no log: the "user" steps are assumed.
                {"answers": "none"},
                {"widget": "INITIALIZED", "within": 10000, "data": {"isLoggedIn": true, "isAvailable": true, "sizeInfo": {"width": 400, "height": 650}}},
                {"user": "logIn", "if": "loggedOut"},
                {"widget": "LOGGED_IN", "if": "loggedOut"},
                {"host": "send", "type": "DIAL_NUMBER", "data": {"phoneNumber": "+442079460123", "ownerId": 70412055, "subjectId": 301, "objectId": 301, "objectType": "CONTACT", "portalId": 24021990, "countryCode": "GB", "calleeInfo": {"calleeId": 301, "calleeObjectTypeId": "0-1"}, "startTimestamp": 1795380892429, "toPhoneNumberSrc": "phone"}},
                {"user": "call"},
                {"widget": "OUTGOING_CALL_STARTED", "data": {"externalCallId": "$externalCallId", "toNumber": "+442079460123", "fromNumber": "+16175550142", "createEngagement": true}},
                {"host": "send", "type": "INITIATE_CALL_ID_SUCCEEDED", "data": {"callId": "db36a67b-755d-44a6-a2be-832094cb052a"}},
                {"host": "send", "type": "CREATE_ENGAGEMENT_SUCCEEDED", "data": {"engagementId": 18000892061}},
                {"host": "send", "type": "ENGAGEMENT_CREATED", "data": {"engagementId": 18000892061}},
                {"user": "hangUp"},
                {"widget": "CALL_ENDED", "data": {"externalCallId": "$externalCallId", "callEndStatus": "COMPLETED", "engagementId": 18000892061}},
                {"user": "save"},
                {"widget": "CALL_COMPLETED", "data": {"externalCallId": "$externalCallId", "engagementId": "$engagementId", "hideWidget": false, "engagementProperties": {"hs_call_title": "Call with +442079460123", "hs_call_body": "", "hs_call_status": "COMPLETED", "hs_call_direction": "OUTBOUND"}}},
                {"host": "send", "type": "UPDATE_ENGAGEMENT_FAILED", "data": {"error": {"message": "There is no engagement 1"}}}
              ]
            }
        "#]],
    );
}

#[test]
fn a_reload_goes_on() {
    made(
        &fixture("mistakes/H05-reload-during-a-call"),
        false,
        &expect![[r#"
            {
              "scenario": "bug",
              "title": "The session bug.callscope.jsonl again",
              "steps": [
                // HubSpot says only what it said in the session. What the user did is in no log: the "user" steps are assumed.
                {"answers": "none"},
                {"widget": "INITIALIZED", "within": 10000},
                {"user": "logIn", "if": "loggedOut"},
                {"widget": "LOGGED_IN", "if": "loggedOut"},
                {"host": "send", "type": "DIAL_NUMBER", "data": {"phoneNumber": "+442079460123", "ownerId": 70412055, "subjectId": 301, "objectId": 301, "objectType": "CONTACT", "portalId": 24021990, "countryCode": "GB", "calleeInfo": {"calleeId": 301, "calleeObjectTypeId": "0-1"}, "startTimestamp": 1795380935960, "toPhoneNumberSrc": "phone"}},
                {"user": "call"},
                {"widget": "OUTGOING_CALL_STARTED", "data": {"externalCallId": "$externalCallId"}},
                {"host": "send", "type": "INITIATE_CALL_ID_SUCCEEDED", "data": {"callId": "7e923dae-65fa-4a17-991b-757d54389960"}},
                {"host": "send", "type": "CREATE_ENGAGEMENT_SUCCEEDED", "data": {"engagementId": 18000935412}},
                {"host": "send", "type": "ENGAGEMENT_CREATED", "data": {"engagementId": 18000935412}},
                {"user": "remoteAnswers"},
                {"widget": "CALL_ANSWERED", "data": {"externalCallId": "$externalCallId"}},
                {"host": "reloadWidget"},
                {"widget": "INITIALIZED", "within": 10000},
                {"user": "logIn", "if": "loggedOut"},
                {"widget": "LOGGED_IN", "if": "loggedOut"}
              ]
            }
        "#]],
    );
}

#[test]
fn what_is_missing_is_listed() {
    let lines = r#"{"kind":"frame","seq":1,"at":1,"from":"host","origin":"https://app.hubspot.com","message":{"type":"SYNC","messageId":"1_1","hostUrl":"https://app.hubspot.com"}}
{"kind":"frame","seq":2,"at":2,"from":"widget","origin":"https://w.example","message":{"type":"SYNC_ACK","messageId":"1_1","version":"0.9.7-beta.0"}}
{"kind":"frame","seq":3,"at":3,"from":"widget","origin":"https://w.example","message":{"type":"INITIALIZED","messageId":"2_3","data":{"isLoggedIn":true}}}
{"kind":"gap","at":9,"lost":3,"why":"buffer full"}
{"kind":"frame","seq":4,"at":10,"from":"widget","origin":"https://w.example","message":{"type":"CALL_PAUSED","messageId":"2_4"}}
{"kind":"frame","seq":5,"at":11,"from":"widget","origin":"https://w.example","message":null}
{"kind":"frame","seq":6,"at":12,"from":"host","origin":"https://app.hubspot.com","message":{"type":"CALLER_ID_MATCH_SUCCEEDED","messageId":"1_6","data":{"callerIdMatches":[{"firstName":"name-kqpzvt","price":"$5"}]}}}
{"kind":"frame","seq":7,"at":13,"from":"widget","origin":"https://w.example","message":{"type":"ERROR","messageId":"2_7","data":{"message":"text-abcdefgh"}},"truncated":900000}
{"kind":"frame","seq":8,"at":9013,"from":"widget","origin":"https://w.example","message":{"type":"RESIZE_WIDGET","messageId":"2_8","data":{"width":1,"height":2}}}"#;
    made(
        &session(lines),
        true,
        &expect![[r#"
            {
              "scenario": "bug",
              "title": "The session bug.callscope.jsonl again",
              // What is not as it was in the session:
              // - lost: 3 messages are missing: a buffer was full
              // - CALL_PAUSED (message 4) is not a message that widgets send, so the scenario does not wait for it
              // - message 5 has no type and is left out
              // - CALLER_ID_MATCH_SUCCEEDED (message 6): data.callerIdMatches[0].firstName was redacted and is sent as "name-kqpzvt"
              // - ERROR (message 7) was cut
              // - ERROR (message 7): data.message was redacted and is not expected
              "steps": [
                // HubSpot says only what it said in the session. What the user did is in no log: the "user" steps are assumed.
                {"answers": "none"},
                {"widget": "INITIALIZED", "within": 10000, "data": {"isLoggedIn": true}},
                {"user": "logIn", "if": "loggedOut"},
                {"widget": "LOGGED_IN", "if": "loggedOut"},
                // lost here: 3 messages are missing: a buffer was full
                {"host": "send", "type": "CALLER_ID_MATCH_SUCCEEDED", "data": {"callerIdMatches": [{"firstName": "name-kqpzvt", "price": "$$5"}]}},
                {"widget": "ERROR"},
                {"widget": "RESIZE_WIDGET", "within": 18000, "data": {"width": 1, "height": 2}}
              ]
            }
        "#]],
    );
}

/// What a page posted stays in its comment or string, and is made visible.
#[test]
fn no_page_writes_a_step() {
    let lines = r#"{"kind":"frame","seq":1,"at":1,"from":"host","origin":"https://app.hubspot.com","message":{"type":"SYNC","messageId":"1_1","hostUrl":"https://app.hubspot.com"}}
{"kind":"frame","seq":2,"at":2,"from":"widget","origin":"https://localhost:9025","message":{"type":"SYNC_ACK","messageId":"1_1","version":"0.9.7-beta.0"}}
{"kind":"frame","seq":3,"at":3,"from":"widget","origin":"https://localhost:9025","message":{"type":"INITIALIZED","messageId":"2_1","data":{"isLoggedIn":false}}}
{"kind":"frame","seq":4,"at":4,"from":"widget","origin":"https://localhost:9025","message":{"type":"EVIL\n\"evil\": 1, //\u202e","messageId":"2_2"}}
{"kind":"frame","seq":5,"at":5,"from":"host","origin":"https://app.hubspot.com","message":{"type":"END\n\u202e","messageId":"1_2","data":{"a\u2066":"\r\u202e"}}}"#;
    made(
        &session(lines),
        false,
        &expect![[r#"
            {
              "scenario": "bug",
              "title": "The session bug.callscope.jsonl again",
              // What is not as it was in the session:
              // - EVIL\n"evil": 1, //\u202e (message 4) is not a message that widgets send, so the scenario does not wait for it
              "steps": [
                // HubSpot says only what it said in the session. What the user did is in no log: the "user" steps are assumed.
                {"answers": "none"},
                {"widget": "INITIALIZED", "within": 10000},
                {"host": "send", "type": "END\n\u202e", "data": {"a\u2066": "\r\u202e"}}
              ]
            }
        "#]],
    );
}

#[test]
fn nothing_can_be_made_of_nothing() {
    let maker = FromSession {
        name: "bug",
        source: "bug",
        is_strict: false,
    };
    let made = maker.make(&session(""));
    assert_eq!(made, Err(FromSessionError::Nothing));
}
