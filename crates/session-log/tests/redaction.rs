//! A redacted log has no personal data and the same findings.

use std::fmt::Write as _;

use callscope_protocol::{Fact, Finding};
use callscope_session_log::{Log, Redactor, Session};
use proptest::prelude::*;
use serde_json::Value;

const HEADER: &str = r#"{"kind":"header","format":"callscope-session","version":1,"page":"https://app.hubspot.com/contacts/4711815/record/0-1/99887766?email=ada@lovelace.example","owner":"Ada Lovelace"}"#;

/// Messages of an outbound and an inbound call, some of them wrong: sender and message.
const MESSAGES: &[(&str, &str)] = &[
    (
        "host",
        r#"{"type":"SYNC","messageId":"1795350545000_1795350545829","hostUrl":"https://app.hubspot.com","portalId":4711815,"userId":123456,"ownerId":"987654"}"#,
    ),
    (
        "widget",
        r#"{"type":"SYNC_ACK","messageId":"1795350545000_1795350545829","hostUrl":"https://app.hubspot.com","portalId":4711815,"userId":123456,"ownerId":"987654","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}"#,
    ),
    (
        "widget",
        r#"{"type":"SYNC_ACK","messageId":"1795350545000_1795350545829","version":"0.0.1","iFrameUrl":"https://Localhost:9025/ada/"}"#,
    ),
    (
        "widget",
        r#"{"type":"INITIALIZED","messageId":"1795350545500_1795350545831","data":{"isLoggedIn":true,"isAvailable":1,"sizeInfo":{"width":400,"height":"650 px"}}}"#,
    ),
    (
        "widget",
        r#"{"type":"LOGGED_OUT","messageId":"1795350545500_1795350545832"}"#,
    ),
    (
        "host",
        r#"{"type":"DIAL_NUMBER","messageId":"1795350545000_1795350545833","data":{"phoneNumber":"+1 (555) 010-0199","phone_number":"15550100199","portalId":4711815,"ownerId":987654,"objectId":99887766,"objectType":"CONTACT","countryCode":"US","calleeInfo":{"calleeId":55443322,"calleeObjectTypeId":"0-1"},"startTimestamp":1795350545,"toPhoneNumberSrc":"hs_calculated_phone"}}"#,
    ),
    (
        "widget",
        r#"{"type":"OUTGOING_CALL_STARTED","messageId":"1795350545500_1795350545834","data":{"toNumber":"+15550100199","fromNumber":"+442079460958","createEngagement":"true","callStartTime":1795350545834,"externalCallId":"5d0b2c3e-1f6a-4e8b-9c7d-0123456789ab"}}"#,
    ),
    (
        "widget",
        r#"{"type":"OUTGOING_CALL_STARTED","messageId":"1795350545500_1795350545835","data":{"phoneNumber":"0044 20 7946 0958 ext. 77","createEngagement":true,"externalCallID":"CA5d0b2c3e"}}"#,
    ),
    (
        "host",
        r#"{"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":"1795350545000_1795350545836","data":{"engagementId":31415926}}"#,
    ),
    (
        "host",
        r#"{"type":"CREATE_ENGAGEMENT_FAILED","messageId":"1795350545500_1795350545837","data":{"error":{"message":"no contact has the number +1 555 010 0199, ask ada@lovelace.example"}}}"#,
    ),
    (
        "widget",
        r#"{"type":"INCOMING_CALL","messageId":"1795350545500_1795350545838","data":{"fromNumber":"anonymous","toNumber":"101","externalCallId":"5d0b2c3e-1f6a-4e8b-9c7d-0123456789ab"}}"#,
    ),
    (
        "host",
        r#"{"type":"CALLER_ID_MATCH_SUCCEEDED","messageId":"1795350545000_1795350545839","data":{"callerIdMatches":[{"callerIdType":"CONTACT","objectCoordinates":{"portalId":4711815,"objectId":99887766,"objectTypeId":"0-1"},"firstName":"Ada","lastName":"Lovelace","email":"ada@lovelace.example"}]}}"#,
    ),
    (
        "widget",
        r#"{"type":"NAVIGATE_TO_RECORD","messageId":"1795350545500_1795350545840","data":{"objectCoordinates":{"portalId":4711815,"objectId":"99887766","objectTypeId":"0-7"}}}"#,
    ),
    (
        "widget",
        r#"{"type":"CALL_ANSWERED","messageId":"1795350545500_1795350545841","data":{"externalCallId":"5d0b2c3e-1f6a-4e8b-9c7d-0123456789ab"}}"#,
    ),
    (
        "widget",
        r#"{"type":"CALL_ENDED","messageId":"1795350545500_1795350545842","data":{"externalCallId":"5d0b2c3e-1f6a-4e8b-9c7d-0123456789ab","engagementId":31415926,"callEndStatus":"INTERNAL_COMPLETED"}}"#,
    ),
    (
        "widget",
        r#"{"type":"CALL_COMPLETED","messageId":"1795350545500_1795350545843","data":{"externalCallId":"CA5d0b2c3e","engagementId":"31415926","engagementProperties":{"hs_call_title":"Call with Ada","hs_call_body":"She asked about engines","hs_call_duration":"38000","hs_call_to_number":"+15550100199","hs_call_recording_url":"http://recordings.example/99887766/ada.mp3?token=s3cr3t","hs_timestamp":"1795350545843"}}}"#,
    ),
    (
        "widget",
        r#"{"type":"CALL_COMPLETED","messageId":1795350545500,"data":{"engagementId":0,"engagementProperties":{"hs_call_recording_url":null,"hs_call_duration":38000}}}"#,
    ),
    (
        "widget",
        r#"{"type":"PUBLISH_TO_CHANNEL","messageId":"","data":{"engagementId":27182818,"externalCallId":""}}"#,
    ),
    (
        "host",
        r#"{"type":"ERROR","messageId":"1795350545000_1795350545844","data":{"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"CALL_ADA","messageId":"1795350545500_1","data":{"who":"Ada Lovelace","phone":15550100199}}}}}"#,
    ),
    (
        "widget",
        r#"{"type":"CALL_ADA","data":{"who":"Ada Lovelace","__proto__":{"list":[99887766,"99887766"]},"odd":"\ud800"}}"#,
    ),
    (
        "widget",
        r#"{"payload":{"externalCallId":"5d0b2c3e-1f6a-4e8b-9c7d-0123456789ab"},"type":"CALL_ANSWERED","messageId":"1795350545000_7"}"#,
    ),
    ("host", "null"),
    ("widget", "\"Ada Lovelace\""),
    (
        "widget",
        r#"{"type":"SYNC_ACK","messageId":"1795350545000_1795350545829","version":"0.9.7-beta.0","iFrameUrl":"https://ada|lovelace\u0000.example"}"#,
    ),
];

/// The personal data in the messages above, in lower case and without punctuation.
const SECRETS: &[&str] = &[
    "ada", "lovelace", "5550100", "0100199", "79460958", "4711815", "987654", "99887766",
    "55443322", "5d0b2c3e", "31415926", "27182818", "s3cr3t", "engines",
];

fn log_of(indices: &[usize]) -> Log {
    let mut text = HEADER.to_owned();
    text.push('\n');
    text.push_str(r#"{"kind":"setting","at":0,"key":"LocalSettings:Calling:CallingExtensions","value":"{\"name\":\"Ada's dialer\",\"url\":\"http://dialer.example/ada\"}"}"#);
    for (position, index) in indices.iter().enumerate() {
        let (from, message) = MESSAGES[*index];
        let origin = if from == "host" {
            "https://app.hubspot.com"
        } else {
            "https://localhost:9025"
        };
        let (seq, at) = (position + 1, 1_795_350_545_829 + position * 700);
        _ = write!(
            text,
            "\n{{\"kind\":\"frame\",\"seq\":{seq},\"at\":{at},\"from\":\"{from}\",\"origin\":\"{origin}\",\"message\":{message}}}"
        );
    }
    let end = 1_795_350_700_000_u64;
    _ = write!(
        text,
        "\n{{\"kind\":\"end\",\"at\":{end},\"by\":\"Ada Lovelace\"}}\n{{\"kind\":\"mood\",\"who\":\"Ada\"}}\n"
    );
    Log::read(text.as_bytes()).expect("readable")
}

/// A finding without its text, which may quote redacted values.
fn finding_keys(log: Log) -> Vec<(&'static str, String)> {
    let session = Session::from(log);
    let finding_key = |finding: &Finding| {
        let Finding {
            rule,
            severity,
            conversation,
            seq,
            at,
            related,
            cause,
            ..
        } = finding;
        (
            rule.code,
            format!("{severity:?} {conversation:?} {seq:?} {at:?} {related:?} {cause:?}"),
        )
    };
    session.findings().iter().map(finding_key).collect()
}

fn messages(log: &Log) -> Vec<String> {
    let messages = log.facts().filter_map(|fact| match fact {
        Fact::Message(recorded) => Some(recorded.message.as_str().to_owned()),
        _ => None,
    });
    messages.collect()
}

/// Types, keys and lengths of lists must be the same.
fn assert_same_shape(left: &Value, right: &Value) {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            assert!(left.keys().eq(right.keys()), "{left:?} {right:?}");
            for (left, right) in left.values().zip(right.values()) {
                assert_same_shape(left, right);
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            assert_eq!(left.len(), right.len());
            for (left, right) in left.iter().zip(right) {
                assert_same_shape(left, right);
            }
        }
        (Value::String(left), Value::String(right)) => {
            assert_eq!(left.is_empty(), right.is_empty());
        }
        (Value::Number(left), Value::Number(right)) => {
            assert_eq!(left.to_string().len(), right.to_string().len());
        }
        (left, right) => assert_eq!(left, right),
    }
}

#[test]
fn nothing_about_people_is_left() {
    let all: Vec<usize> = (0..MESSAGES.len()).collect();
    let log = log_of(&all);
    let text = Redactor::new([7; 16]).log(&log).to_text().to_lowercase();
    let bare: String = text
        .chars()
        .filter(|char| !" +-().".contains(*char))
        .collect();
    // Words of the protocol that are not secret.
    let bare = bare.replace("call_ada", "");
    for secret in SECRETS {
        assert!(!bare.contains(secret), "{secret}: {text}");
    }
    for kept in [
        "dial_number",
        "https://app.hubspot.com",
        "https://localhost:9025",
        "0.9.7-beta.0",
        "1795350545000_1795350545829",
        "internal_completed",
        "\"38000\"",
        "anonymous",
        "http://recordings.example/",
        "http://dialer.example/",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
}

/// Who reads the file need not guess.
#[test]
fn a_redacted_log_says_so() {
    let log = log_of(&[0]);
    assert!(!log.header.redacted);
    let text = Redactor::new([7; 16]).log(&log).to_text();
    let header = text.lines().next().unwrap();
    assert!(header.contains(r#""redacted":true"#), "{header}");
    assert!(Log::read(text.as_bytes()).unwrap().header.redacted);
}

#[test]
fn the_shape_stays() {
    let all: Vec<usize> = (0..MESSAGES.len()).collect();
    let log = log_of(&all);
    let redacted = Redactor::new([9; 16]).log(&log);
    assert_eq!(redacted.entries.len(), log.entries.len());
    for (before, after) in messages(&log).iter().zip(messages(&redacted)) {
        // A `Value` cannot represent the lone surrogate in one of them.
        let [before, after] = [before.as_str(), &after].map(|text| text.replace("\\ud800", "?"));
        let [before, after] =
            [before, after].map(|text| serde_json::from_str(&text).expect("JSON"));
        assert_same_shape(&before, &after);
    }
    let again = Log::read(redacted.to_text().as_bytes()).expect("readable");
    assert_eq!(again.entries, redacted.entries);
}

#[test]
fn the_same_value_is_the_same_within_a_file_only() {
    let log = log_of(&[0, 5, 6, 11]);
    let get = |salt: u8, message: usize, pointer: &str| -> Value {
        let redacted = Redactor::new([salt; 16]).log(&log);
        let message: Value = serde_json::from_str(&messages(&redacted)[message]).expect("JSON");
        message.pointer(pointer).expect("there").clone()
    };
    assert_eq!(get(1, 0, "/portalId"), get(1, 1, "/data/portalId"));
    assert_ne!(get(1, 0, "/portalId"), get(2, 0, "/portalId"));
    // As a string or a number, it is the same id.
    assert_eq!(
        get(1, 0, "/ownerId").as_str().expect("a text"),
        get(1, 1, "/data/ownerId").to_string()
    );
    let digits = |value: Value| -> String {
        let text = value.as_str().expect("a text").to_owned();
        text.chars().filter(char::is_ascii_digit).collect()
    };
    let dialed = get(1, 1, "/data/phoneNumber");
    assert_eq!(
        digits(dialed.clone()),
        digits(get(1, 1, "/data/phone_number"))
    );
    assert_eq!(digits(dialed.clone()), digits(get(1, 2, "/data/toNumber")));
    assert_ne!(
        digits(dialed.clone()),
        digits(get(1, 2, "/data/fromNumber"))
    );
    assert_ne!(
        digits(dialed.clone()),
        digits(get(2, 1, "/data/phoneNumber"))
    );
    let spelled: String = dialed
        .as_str()
        .expect("a text")
        .chars()
        .map(|char| if char.is_ascii_digit() { '5' } else { char })
        .collect();
    assert_eq!(spelled, "+5 (555) 555-5555");
    assert_ne!(
        get(1, 3, "/data/callerIdMatches/0/firstName"),
        get(1, 3, "/data/callerIdMatches/0/lastName")
    );
}

#[test]
fn what_a_page_tells_of_itself_is_redacted_like_its_messages() {
    let text = r#"{"kind":"header","format":"callscope-session","version":1}
{"kind":"frame","seq":1,"at":1,"from":"widget","origin":"https://acme.example","message":{"type":"ERROR","messageId":"my own id of Ada"}}
{"kind":"inside","at":1,"side":"widget","origin":"https://acme.example","what":"sent","type":"ERROR","messageId":"my own id of Ada","target":"*"}
{"kind":"inside","at":2,"side":"widget","origin":"https://acme.example","what":"undelivered","type":"ERROR","target":"https://crm.acme.example","recipient":"https://app.hubspot.com"}
{"kind":"inside","at":3,"side":"widget","origin":"https://acme.example","what":"dropped","type":"OUTGOING_CALL_STARTED","message":"{\"data\":{\"toNumber\":\"+15550100199\"}}"}
{"kind":"inside","at":4,"side":"widget","origin":"https://acme.example","what":"channel posted","channel":"calls","message":"[{\"email\":\"ada@acme.ex"}
{"kind":"inside","at":5,"side":"widget","origin":"https://acme.example","what":"error","text":"Error: no call to +15550100199 at ada@acme.example","stack":"Error\n at dial (https://acme.example/phone.js?token=5:12:3)"}"#;
    let log = Redactor::new([1; 16]).log(&Log::read(text.as_bytes()).expect("readable"));
    let redacted = log.to_text();
    for secret in ["Ada", "15550100199", "ada@", "token"] {
        assert!(!redacted.contains(secret), "{secret} in {redacted}");
    }
    assert!(
        redacted.contains("at dial (https://acme.example/phone.js:12:3)")
            && redacted.contains(r#""target":"*""#)
    );
    let lines: Vec<Value> = redacted
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines[1]["message"]["messageId"], lines[2]["messageId"]);
    assert_ne!(lines[3]["target"], lines[3]["recipient"]);
    assert!(serde_json::from_str::<Value>(lines[4]["message"].as_str().expect("text")).is_ok());
}

#[test]
fn settings_stay_json_or_stay_broken() {
    let setting = |value: &str| {
        let text = format!(
            "{}\n{{\"kind\":\"setting\",\"at\":0,\"key\":\"k\",\"value\":{}}}",
            r#"{"kind":"header","format":"callscope-session","version":1}"#,
            serde_json::to_string(value).expect("a string")
        );
        let log = Redactor::new([1; 16]).log(&Log::read(text.as_bytes()).expect("readable"));
        let Some(Fact::Setting(setting)) = log.facts().next().cloned() else {
            panic!("{text}");
        };
        setting.value.expect("a value")
    };
    assert_eq!(setting(""), "");
    assert_eq!(
        setting(r#"{"isReady":true,"width":400}"#),
        r#"{"isReady":true,"width":400}"#
    );
    let broken = setting("{name: 'Ada'}");
    assert!(!broken.contains("Ada"));
    assert!(serde_json::from_str::<Value>(&broken).is_err());
}

#[test]
fn a_whole_session_has_the_same_findings() {
    let all: Vec<usize> = (0..MESSAGES.len()).collect();
    let log = log_of(&all);
    let before = finding_keys(log.clone());
    assert!(!before.is_empty(), "the session breaks rules");
    assert_eq!(finding_keys(Redactor::new([3; 16]).log(&log)), before);
}

proptest! {
    #[test]
    fn any_session_has_the_same_findings(
        indices in prop::collection::vec(0..MESSAGES.len(), 0..30),
        salt in any::<[u8; 16]>(),
    ) {
        let mut indices = indices;
        // Usually with a handshake, so that the rest is checked.
        indices.splice(0..0, [0, 1, 3]);
        let log = log_of(&indices);
        let before = finding_keys(log.clone());
        prop_assert_eq!(finding_keys(Redactor::new(salt).log(&log)), before);
    }

    #[test]
    fn any_json_stays_json(value in any_json(), salt in any::<[u8; 16]>()) {
        let text = format!(
            "{HEADER}\n{{\"kind\":\"frame\",\"seq\":1,\"at\":1,\"from\":\"host\",\"origin\":\"\",\"message\":{value}}}"
        );
        let log = Redactor::new(salt).log(&Log::read(text.as_bytes()).expect("readable"));
        let before: Value = serde_json::from_str(&value).expect("JSON");
        let after: Value = serde_json::from_str(&messages(&log)[0]).expect("JSON");
        prop_assert_eq!(std::mem::discriminant(&before), std::mem::discriminant(&after));
    }
}

fn any_json() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        any::<String>(),
        "[+0-9 ().x-]{0,20}",
        "[a-z]{1,5}@[a-z]{1,5}\\.[a-z]{2}",
        "(https?://)?[a-zA-Z0-9.@:]{0,12}[/?#a-z0-9]{0,12}",
    ];
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        prop::num::f64::NORMAL.prop_map(|number| number.to_string()),
        text.prop_map(|text| serde_json::to_string(&text).expect("a string")),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let key = prop::sample::select(vec![
            "type",
            "messageId",
            "phoneNumber",
            "ownerId",
            "iFrameUrl",
            "email",
            "error",
            "width",
            "x",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((key, inner), 0..4).prop_map(|items| {
                let items: Vec<_> = items
                    .iter()
                    .map(|(key, value)| format!("\"{key}\":{value}"))
                    .collect();
                format!("{{{}}}", items.join(","))
            }),
        ]
    })
}
