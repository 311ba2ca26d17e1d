//! Any bytes as what a page posted.

use std::collections::BTreeMap;

use callscope_protocol::{
    Checker, ConversationId, Fact, Message, MessageSummary, MessageText, Millis, RecordedMessage,
    ReportedVersion, Side, VersionRange, check_fields,
};
use callscope_session_log::{Entry, Redactor};
use serde_json::Value;

/// Decodes a text, looks at it in every way there is, and has both sides send it.
pub fn run(bytes: &[u8]) {
    // Only text gets this far, whatever the page does.
    let text = String::from_utf8_lossy(bytes);
    let message_text = MessageText::from(text.as_ref());
    let message = Message::decode(&message_text);
    assert_looks_right(&message_text, &message);
    let json = serde_json::from_str::<Value>(&text);
    if let Ok(value) = &json {
        assert_eq!(message.value(), value);
    }

    let handshake = [
        (
            Side::Host,
            r#"{"type":"SYNC","messageId":"1_2","hostUrl":"https://app.hubspot.com"}"#,
        ),
        (
            Side::Widget,
            r#"{"type":"SYNC_ACK","messageId":"1_2","version":"0.9.7","iFrameUrl":"https://widget.example"}"#,
        ),
        (
            Side::Widget,
            r#"{"type":"INITIALIZED","messageId":"3_4","data":{"isLoggedIn":true}}"#,
        ),
    ];
    let messages = handshake
        .map(|(from, text)| (from, MessageText::from(text)))
        .into_iter()
        .chain([Side::Widget, Side::Host, Side::Widget].map(|from| (from, message_text.clone())));
    let mut checker = Checker::new();
    let redactor = Redactor::new([7; 16]);
    for ((from, message), seq) in messages.zip(1_u32..) {
        let fact = Fact::Message(RecordedMessage {
            seq: seq.into(),
            at: Millis(f64::from(seq)),
            conversation: ConversationId(1),
            from,
            origin: match from {
                Side::Host => "https://app.hubspot.com".into(),
                Side::Widget => "https://widget.example".into(),
            },
            injected: false,
            message,
            cloned: BTreeMap::new(),
            truncated: None,
        });
        checker.observe(&fact);
        if json.is_ok() {
            let Entry::Fact(redacted) = redactor.entry(&Entry::Fact(fact.into())) else {
                panic!("a fact stays a fact");
            };
            let Fact::Message(recorded) = redacted.fact else {
                panic!("a frame stays a frame");
            };
            let redacted = Message::decode(&recorded.message);
            assert_looks_right(&recorded.message, &redacted);
            if seq > 3 {
                assert_eq!(redacted.kind(), message_kind(&message_text));
            }
        }
    }
    checker.observe(&Fact::End(Millis(1e6)));
    for finding in checker.drain_findings() {
        assert!(!finding.message.is_empty());
    }
    for conversation in checker.conversations() {
        assert!(!conversation.sdk_words().is_empty());
    }
}

fn message_kind(text: &MessageText) -> callscope_protocol::Kind {
    Message::decode(text).kind()
}

fn assert_looks_right(text: &MessageText, message: &Message) {
    const LONGEST_SUMMARY: usize = 121;
    assert!(MessageSummary::read(text).summary.chars().count() <= LONGEST_SUMMARY);
    assert!(message.known().is_none() || message.type_name().is_some());
    _ = message.message_id();
    _ = check_fields(message, VersionRange::default());
    if let Some(version) = message.value().get("version").and_then(Value::as_str) {
        let release = ReportedVersion::read(version).release;
        _ = check_fields(message, release.map(VersionRange::from).unwrap_or_default());
    }
}
