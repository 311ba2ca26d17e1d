//! The formats of single lines.

use std::collections::BTreeMap;

use callscope_protocol::{
    Closed, ConversationId, ConversationStart, Fact, Gap, GapReason, Inside, InsideKind,
    MessageText, Millis, RecordedMessage, Setting, Side,
};
use callscope_session_log::{Entry, LogLine, read_fact, write_fact};
use expect_test::{Expect, expect};

fn recorded() -> RecordedMessage {
    RecordedMessage {
        seq: 1,
        at: Millis(1_795_350_545_829.4),
        conversation: ConversationId(1),
        from: Side::Host,
        origin: "https://app.hubspot.com".into(),
        injected: false,
        message: MessageText::from(r#"{"type":"SYNC","messageId":"IFRAME_HOST_0"}"#),
        cloned: BTreeMap::new(),
        truncated: None,
    }
}

/// A line that must read as a fact.
#[track_caller]
fn line(text: &str) -> LogLine {
    match read_fact(text) {
        Ok(Entry::Fact(line)) => line,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn check_written(fact: Fact, expected: &Expect) {
    let text = write_fact(&fact);
    expected.assert_eq(&text);
    assert_eq!(line(&text), LogLine::from(fact));
}

#[track_caller]
fn check_refused(text: &str, expected: &Expect) {
    expected.assert_eq(&read_fact(text).expect_err("refused").to_string());
}

#[test]
fn a_frame() {
    check_written(
        Fact::Message(recorded()),
        &expect![[
            r#"{"kind":"frame","seq":1,"at":1795350545829.4,"conversation":1,"from":"host","origin":"https://app.hubspot.com","message":{"type":"SYNC","messageId":"IFRAME_HOST_0"}}"#
        ]],
    );
}

#[test]
fn a_frame_with_everything() {
    check_written(
        Fact::Message(RecordedMessage {
            conversation: ConversationId(3),
            injected: true,
            cloned: BTreeMap::from([
                ("data.when".to_owned(), "Date".to_owned()),
                ("data.\"x\"\n".to_owned(), "undefined".to_owned()),
            ]),
            truncated: Some(5_000_000),
            ..recorded()
        }),
        &expect![[
            r#"{"kind":"frame","seq":1,"at":1795350545829.4,"conversation":3,"from":"host","origin":"https://app.hubspot.com","injected":true,"message":{"type":"SYNC","messageId":"IFRAME_HOST_0"},"cloned":{"data.\"x\"\n":"undefined","data.when":"Date"},"truncated":5000000}"#
        ]],
    );
}

#[test]
fn gaps() {
    check_written(
        Fact::Gap(Gap {
            at: Millis(1_795_350_547_000.0),
            conversation: Some(ConversationId(1)),
            lost: Some(12),
            why: GapReason::BufferFull,
        }),
        &expect![[
            r#"{"kind":"gap","at":1795350547000.0,"conversation":1,"lost":12,"why":"buffer full"}"#
        ]],
    );
    check_written(
        Fact::Gap(Gap {
            at: Millis(5.0),
            conversation: None,
            lost: None,
            why: GapReason::HalfMissing(Side::Widget),
        }),
        &expect![[r#"{"kind":"gap","at":5.0,"why":"widget half missing"}"#]],
    );
}

#[test]
fn the_other_kinds() {
    check_written(
        Fact::Conversation(ConversationStart {
            id: ConversationId(2),
            at: Millis(5.5),
            continues: Some(ConversationId(1)),
            host_origin: Some("https://app.hubspot.com".to_owned()),
            widget_origin: None,
            in_calling_window: true,
        }),
        &expect![[
            r#"{"kind":"conversation","conversation":2,"at":5.5,"continues":1,"hostOrigin":"https://app.hubspot.com","callingWindow":true}"#
        ]],
    );
    check_written(
        Fact::Closed(Closed {
            conversation: ConversationId(2),
            at: Millis(6.0),
            side: Side::Widget,
        }),
        &expect![[r#"{"kind":"closed","conversation":2,"at":6.0,"side":"widget"}"#]],
    );
    check_written(
        Fact::Setting(Setting {
            at: Millis(6.0),
            key: "LocalSettings:Calling:CallingExtensions".to_owned(),
            value: Some(r#"{"name":"A \"b\""}"#.to_owned()),
        }),
        &expect![[
            r#"{"kind":"setting","at":6.0,"key":"LocalSettings:Calling:CallingExtensions","value":"{\"name\":\"A \\\"b\\\"\"}"}"#
        ]],
    );
    check_written(
        Fact::Setting(Setting {
            at: Millis(6.0),
            key: String::new(),
            value: None,
        }),
        &expect![[r#"{"kind":"setting","at":6.0,"key":"","value":null}"#]],
    );
    check_written(
        Fact::Inside(Box::new(Inside {
            conversation: Some(ConversationId(2)),
            origin: "https://widget.example".to_owned(),
            type_name: Some("LOGGED_IN".to_owned()),
            message: Some(r#"{"type":"LOGGED_IN"}"#.to_owned()),
            stack: Some("Error\n    at start".to_owned()),
            ..Inside::new(Millis(6.5), Side::Widget, InsideKind::Dropped)
        })),
        &expect![[
            r#"{"kind":"inside","at":6.5,"conversation":2,"side":"widget","origin":"https://widget.example","what":"dropped","type":"LOGGED_IN","message":"{\"type\":\"LOGGED_IN\"}","stack":"Error\n    at start"}"#
        ]],
    );
    check_written(
        Fact::Inside(Box::new(Inside::new(
            Millis(6.5),
            Side::Host,
            InsideKind::ChannelPosted,
        ))),
        &expect![[
            r#"{"kind":"inside","at":6.5,"side":"host","origin":"","what":"channel posted"}"#
        ]],
    );
    check_written(
        Fact::End(Millis(7.0)),
        &expect![[r#"{"kind":"end","at":7.0}"#]],
    );
}

#[test]
fn only_the_required_keys() {
    let LogLine { fact, extra } =
        line(r#"{"message":null,"origin":"","from":"widget","at":1e3,"seq":7,"kind":"frame"}"#);
    let Fact::Message(recorded) = fact else {
        panic!()
    };
    assert_eq!(recorded.seq, 7);
    assert_eq!(recorded.at, Millis(1000.0));
    assert_eq!(recorded.conversation, ConversationId(1));
    assert_eq!(recorded.message.as_str(), "null");
    assert!(!recorded.injected && recorded.cloned.is_empty() && recorded.truncated.is_none());
    assert!(extra.is_empty());
}

#[test]
fn whatever_a_page_can_post_is_kept_as_it_is() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for message in [
        "null",
        "true",
        "-0",
        "\"text\"",
        "[1,[2]]",
        r#"{"__proto__":{"a":1},"constructor":null}"#,
        r#"{"\ud800":"\udfff \ud83d"}"#,
        r#"{"a":1,"a":2}"#,
        r#"{ "spaced" : [ 1 , 2 ] }"#,
        "123456789012345678901234567890",
        "1e400",
        "[1E-999,-1.5e+3]",
        "\"\u{202e}\u{2028}\u{7f}\"",
        r#""\u0000""#,
        &deep,
    ] {
        let fact = Fact::Message(RecordedMessage {
            message: MessageText::from(message),
            ..recorded()
        });
        let read = line(&write_fact(&fact)).fact;
        assert!(read == fact, "{message:.50}");
    }
}

#[test]
fn a_message_cannot_break_the_line() {
    let fact = Fact::Message(RecordedMessage {
        message: MessageText::from("{\n  \"a\": \"\\n\"\r\n}"),
        ..recorded()
    });
    let text = write_fact(&fact);
    assert!(!text.contains('\n'));
    let Fact::Message(read) = line(&text).fact else {
        panic!()
    };
    assert_eq!(read.message.as_str(), "{   \"a\": \"\\n\"\r }");
}

#[test]
fn unknown_keys_are_kept_and_written_back() {
    let text = r#"{"kind":"end","at":7.0,"by":{"name":"x","deep":[[["\ud800"]]]},"seq":1}"#;
    let read = line(text);
    assert_eq!(read.fact, Fact::End(Millis(7.0)));
    assert_eq!(read.extra.len(), 2);
    assert_eq!(read.to_line(), text);
}

#[test]
fn an_extra_key_cannot_shadow_a_known_one() {
    let mut kept = LogLine::from(Fact::End(Millis(7.0)));
    for key in ["at", "kind"] {
        kept.extra.insert(key.to_owned(), MessageText::from("8"));
    }
    assert_eq!(kept.to_line(), r#"{"kind":"end","at":7.0}"#);
}

#[test]
fn unknown_kinds_are_kept_whole() {
    let text = r#"{"at":1, "kind":"mood", "mood":"\ud800"}"#;
    let Ok(Entry::Unknown(unknown)) = read_fact(&format!("{text}\r\n")) else {
        panic!()
    };
    assert_eq!(unknown.kind, "mood");
    assert_eq!(unknown.text.as_str(), text);
}

#[test]
fn findings_are_not_trusted() {
    assert_eq!(
        read_fact(r#"{"kind":"finding","seq":"not even a number"}"#).unwrap(),
        Entry::Finding
    );
}

#[test]
fn a_text_with_lone_surrogates_is_read() {
    let text = r#"{"kind":"frame","seq":1,"at":1,"from":"host","origin":"\ud800","message":1,"cloned":{"a.\udc00":"NaN"}}"#;
    let Fact::Message(recorded) = line(text).fact else {
        panic!()
    };
    assert_eq!(&*recorded.origin, "\u{fffd}");
    assert_eq!(
        recorded.cloned,
        BTreeMap::from([("a.\u{fffd}".to_owned(), "NaN".to_owned())])
    );
}

#[test]
fn keys_may_be_escaped() {
    assert_eq!(
        line(r#"{"\u006bind":"e\u006ed","at":7}"#).fact,
        Fact::End(Millis(7.0))
    );
}

#[test]
fn defects_of_a_frame_are_refused() {
    check_refused(
        r#"{"kind":"frame","at":1,"from":"host","origin":"","message":1}"#,
        &expect!["a `frame` entry needs the key `seq`, which is missing"],
    );
    check_refused(
        r#"{"kind":"frame","seq":1,"at":"2026-11-22T12:00:00Z","from":"host","origin":"","message":1}"#,
        &expect![[
            r#"`at` must be a number of milliseconds since the epoch, but is the string "2026-11-22T12:00:00Z""#
        ]],
    );
    check_refused(
        r#"{"kind":"frame","seq":1,"at":1e999,"from":"host","origin":"","message":1}"#,
        &expect!["`at` must be a number of milliseconds since the epoch, but is the number 1e999"],
    );
    check_refused(
        r#"{"kind":"frame","seq":1,"at":1,"from":"server","origin":"","message":1}"#,
        &expect![[r#"`from` must be "host" or "widget", but is the string "server""#]],
    );
    check_refused(
        r#"{"kind":"frame","seq":1.5,"at":1,"from":"host","origin":"","message":1}"#,
        &expect!["`seq` must be a whole number from 1, but is the number 1.5"],
    );
    check_refused(
        r#"{"kind":"frame","seq":-1,"at":1,"from":"host","origin":"","message":1}"#,
        &expect!["`seq` must be a whole number from 1, but is the number -1"],
    );
    check_refused(
        r#"{"kind":"frame","seq":1,"at":1,"from":"host","origin":null,"message":1}"#,
        &expect!["`origin` must be a string, but is null"],
    );
    check_refused(
        r#"{"kind":"frame","seq":1,"at":1,"from":"host","origin":""}"#,
        &expect!["a `frame` entry needs the key `message`, which is missing"],
    );
    check_refused(
        r#"{"kind":"frame","seq":1,"seq":2,"at":1,"from":"host","origin":"","message":1}"#,
        &expect!["the key `seq` is there more than once"],
    );
    check_refused(
        r#"{"kind":"frame","seq":1,"at":1,"from":"host","origin":"","message":1,"injected":1}"#,
        &expect!["`injected` must be true or false, but is the number 1"],
    );
    check_refused(
        r#"{"kind":"frame","seq":1,"at":1,"from":"host","origin":"","message":1,"cloned":["a"]}"#,
        &expect!["`cloned` must be an object of strings, but is an array"],
    );
    check_refused(
        r#"{"kind":"frame","seq":1,"at":1,"from":"host","origin":"","message":1,"conversation":4294967296}"#,
        &expect![
            "`conversation` must be the number of a conversation, but is the number 4294967296"
        ],
    );
}

#[test]
fn what_is_no_entry_is_refused() {
    check_refused("", &expect!["the line is cut off after 0 bytes"]);
    check_refused(
        r#"{"kind":"frame","seq":1,"a"#,
        &expect!["the line is cut off after 26 bytes"],
    );
    check_refused(
        r#"{"kind":"end","at":1} {}"#,
        &expect!["the line is not JSON (trailing characters, near byte 23)"],
    );
    check_refused(
        "{\"kind\":\"end\0\",\"at\":1}",
        &expect![
            "the line is not JSON (control character (\\u0000-\\u001F) found while parsing a string, near byte 12)"
        ],
    );
    check_refused(
        "[]",
        &expect!["the line is an array, but an entry is an object with a `kind`"],
    );
    check_refused(
        "17",
        &expect!["the line is a number, but an entry is an object with a `kind`"],
    );
    check_refused("{}", &expect!["the entry has no `kind`"]);
    check_refused(
        r#"{"kind":5}"#,
        &expect!["`kind` must be a string, but is the number 5"],
    );
    check_refused(
        r#"{"kind":"header","format":"har","version":1}"#,
        &expect![[r#"the format is the string "har", not "callscope-session""#]],
    );
    check_refused(
        r#"{"kind":"header","format":"callscope-session","version":2}"#,
        &expect![
            "the log has format version 2, but this Callscope reads up to version 1: update Callscope"
        ],
    );
}

#[test]
fn nesting_of_an_entry_itself_is_no_danger() {
    let deep = "[".repeat(100_000);
    check_refused(
        &deep,
        &expect!["the line is an array, but an entry is an object with a `kind`"],
    );
    check_refused(
        &format!(r#"{{"kind":"frame","cloned":{deep}"#),
        &expect!["the line is cut off after 100025 bytes"],
    );
    let closed = format!("{deep}{}", "]".repeat(100_000));
    check_refused(
        &format!(
            r#"{{"kind":"frame","seq":1,"at":1,"from":"host","origin":"","message":1,"cloned":{closed}}}"#
        ),
        &expect!["`cloned` must be an object of strings, but is an array"],
    );
    line(&format!(r#"{{"kind":"end","at":1,"more":{closed}}}"#));
}
