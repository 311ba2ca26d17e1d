//! Every message arrives as it was sent, including what a page posted, and no text harms the part
//! that reads it.

use std::fmt::Debug;

use callscope_bus::{
    Ack, Batch, BusError, DocumentId, FrameInfo, FromPanel, FromTap, Goodbye, Hello, Observed,
    Outcome, Parked, ParkedConversation, ParkedDocument, Post, Record, RecorderInfo,
    RecorderStatus, RelayRequest, SettingText, Source, TapMessage, ToPanel, ToTap, VERSION, Wire,
    decode, encode, goodbye_key, goodbyes_of, parked_key,
};
use callscope_protocol::{ConversationId, Fact, MessageText, Millis, RecordedMessage, Side};
use callscope_session_log::{Entry, read_fact, write_fact};
use proptest::prelude::*;

/// A value that a page can post and a Rust string cannot hold: `JSON.stringify` escapes lone
/// surrogates.
const HOSTILE: &str = r#"{"\ud800":"\udfff","__proto__":{"a":[1e999]},"text":"\u0000\"\\"}"#;

/// A message can be read back, and no prefix of it can.
#[track_caller]
fn check<T: Wire + PartialEq + Debug>(message: &T) {
    let text = encode(message);
    assert_eq!(decode::<T>(&text).as_ref(), Ok(message), "{text}");
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        assert!(decode::<T>(&text[..end]).is_err(), "{}", &text[..end]);
    }
    let longer = [text.as_str(), "0;"].concat();
    assert_eq!(decode::<T>(&longer), Err(BusError::Malformed));
}

fn document() -> DocumentId {
    DocumentId("6f1d\u{0}".to_owned())
}

fn observed(source: Source, message: &str) -> Observed {
    Observed {
        at: 1_795_350_545_829.4,
        source,
        origin: "https://app.hubspot.com".to_owned(),
        message: message.to_owned(),
        cloned: r#"{"data.when":"Date"}"#.to_owned(),
        truncated: Some(5_000_000),
    }
}

fn batch(items: Vec<Observed>) -> Batch {
    Batch {
        document: document(),
        first: u32::MAX,
        items,
        lost: 3,
        others: 5,
        more: true,
    }
}

fn hello() -> Hello {
    Hello {
        document: document(),
        origin: "null".to_owned(),
        path: vec![0, u32::MAX],
        at: 0.25,
        from_start: false,
        blank: false,
    }
}

fn goodbye(batch: Batch) -> Goodbye {
    Goodbye {
        recorder: Some(DocumentId("top".to_owned())),
        hello: hello(),
        at: Some(-0.5),
        is_ahead: false,
        batches: vec![batch],
        next: 6,
        lost: 0,
    }
}

#[test]
fn what_taps_say() {
    let sources = [
        Source::Parent,
        Source::Child { slot: 1, index: 2 },
        Source::Own,
        Source::Opener,
        Source::Other,
        Source::Page,
    ];
    let items: Vec<_> = sources
        .into_iter()
        .map(|source| observed(source, HOSTILE))
        .collect();
    let plain = Observed {
        cloned: String::new(),
        truncated: None,
        ..observed(Source::Parent, "null")
    };
    check(&TapMessage::Batch(batch(items.clone())));
    check(&TapMessage::Batch(batch(vec![plain])));
    check(&TapMessage::Goodbye(goodbye(batch(items))));
    check(&TapMessage::Hello(hello()));
}

#[test]
fn what_passes_the_relay() {
    let text = encode(&TapMessage::Batch(batch(vec![observed(
        Source::Parent,
        HOSTILE,
    )])));
    check(&RelayRequest::ToRecorder { text: text.clone() });
    check(&RelayRequest::ToFrame {
        document: "8A6B".to_owned(),
        text: text.clone(),
    });
    check(&RelayRequest::Leave {
        goodbye: goodbye(batch(Vec::new())),
    });
    check(&RelayRequest::Start);
    check(&RelayRequest::StartFrames {
        origin: "https://widget.example".to_owned(),
    });
    check(&RelayRequest::Ping);
    check(&RelayRequest::Park {
        recorder: document(),
        began: -1.5,
        is_ahead: false,
        text: HOSTILE.to_owned(),
    });
    check(&FromTap {
        document: "8A6B".to_owned(),
        frame_id: -1,
        text,
    });
    check(&Ack {
        through: 17,
        recorder: document(),
        known: true,
        watched: true,
    });
    check(&ToTap::Post(Post {
        to: Source::Child { slot: 0, index: 0 },
        target_origin: "https://localhost:9025".to_owned(),
        message: HOSTILE.to_owned(),
    }));
}

#[test]
fn what_the_panel_says() {
    let setting = SettingText {
        key: "LocalSettings:Calling:CallingExtensions".to_owned(),
        value: Some("{\"name\":\"x\"}".to_owned()),
    };
    for message in [
        FromPanel::Subscribe { since: None },
        FromPanel::Subscribe {
            since: Some((document(), 5)),
        },
        FromPanel::SetRecording { on: true },
        FromPanel::SetCleared { through: None },
        FromPanel::SetCleared { through: Some(1.5) },
        FromPanel::SetLimit { bytes: 16 << 20 },
        FromPanel::Inject {
            request: 1,
            conversation: 2,
            by_widget: false,
            message: HOSTILE.to_owned(),
        },
        FromPanel::ReadSettings {
            request: 3,
            keys: vec![String::new()],
        },
        FromPanel::WriteSetting {
            request: 4,
            setting: setting.clone(),
        },
        FromPanel::WriteSetting {
            request: 5,
            setting: SettingText {
                value: None,
                ..setting
            },
        },
        FromPanel::Report { request: 1 },
        FromPanel::Reload { request: u32::MAX },
    ] {
        check(&message);
    }
}

#[test]
fn what_the_recorder_says() {
    let outcomes = [
        Outcome::Ok,
        Outcome::Settings {
            settings: vec![SettingText {
                key: "k".to_owned(),
                value: None,
            }],
        },
        Outcome::Failed {
            reason: "the widget is gone".to_owned(),
        },
    ];
    for outcome in outcomes {
        check(&ToPanel::Done {
            request: 1,
            outcome,
        });
    }
    check(&ToPanel::Attached {
        info: RecorderInfo {
            recorder: document(),
            page: "https://app.hubspot.com/".to_owned(),
            user_agent: "Mozilla/5.0".to_owned(),
            was_discarded: false,
            from_start: true,
        },
        reset: true,
        cleared: Some(0.5),
    });
    check(&ToPanel::Evicted { ids: vec![1, 2, 9] });
    check(&ToPanel::Status {
        status: RecorderStatus {
            now: 1_795_350_545_829.4,
            recording: true,
            passed: 3,
            frames: vec![FrameInfo {
                origin: "https://localhost:9025".to_owned(),
                tapped: false,
                widget: true,
            }],
            ..RecorderStatus::default()
        },
    });
}

#[test]
fn what_pages_leave() {
    check(&Parked {
        recorder: document(),
        page: "https://host.test/".to_owned(),
        began: 0.5,
        at: 1.5,
        is_ahead: true,
        records: vec![Record {
            id: 1 << 40,
            line: HOSTILE.to_owned(),
        }],
        held: vec![(1, 2), (4, 4)],
        omitted: 2,
        omitted_at: 0.75,
        cleared: Some(0.5),
        pauses: vec![(1.0, None), (2.0, Some(3.0))],
        documents: vec![ParkedDocument {
            document: document(),
            next: u32::MAX,
            lost: 1,
            gone: false,
        }],
        conversations: vec![ParkedConversation {
            conversation: 1,
            began: 0.5,
            host: Some(document()),
            slot: Some(1),
            widget: None,
            widget_origin: Some("null".to_owned()),
            closed: false,
            half_missing: true,
        }],
        injected: vec![(document(), "{}".to_owned())],
    });
    let hello = Hello {
        document: DocumentId("w".to_owned()),
        ..hello()
    };
    let answered = Goodbye {
        hello,
        ..goodbye(batch(Vec::new()))
    };
    let unanswered = Goodbye {
        recorder: None,
        at: None,
        ..answered.clone()
    };
    check(&answered);
    check(&unanswered);
    assert_eq!(parked_key(17), "parked:17");
    assert_eq!(goodbyes_of(17), "goodbye:17:");
    assert_eq!(goodbye_key(17, &answered), "goodbye:17:top:w");
    assert_eq!(goodbye_key(17, &unanswered), "goodbye:17::w");
}

#[test]
fn the_wire_is_what_it_was() {
    let inject = FromPanel::Inject {
        request: 1,
        conversation: 2,
        by_widget: false,
        message: r#"{"type":"ü"}"#.to_owned(),
    };
    let text = format!("callscope {VERSION}\n4;1;2;0;13:{{\"type\":\"ü\"}}");
    assert_eq!(encode(&inject), text);
}

#[test]
fn a_posted_value_survives_the_whole_way() {
    let batch = TapMessage::Batch(batch(vec![observed(Source::Parent, HOSTILE)]));
    let relayed = encode(&RelayRequest::ToRecorder {
        text: encode(&batch),
    });
    let RelayRequest::ToRecorder { text } = decode(&relayed).expect("read") else {
        panic!("{relayed}");
    };
    let TapMessage::Batch(batch) = decode(&text).expect("read") else {
        panic!("{text}");
    };
    let fact = Fact::Message(RecordedMessage {
        seq: 1,
        at: Millis(batch.items[0].at),
        conversation: ConversationId(1),
        from: Side::Host,
        origin: batch.items[0].origin.as_str().into(),
        injected: false,
        message: MessageText::from(batch.items[0].message.as_str()),
        cloned: std::collections::BTreeMap::new(),
        truncated: batch.items[0].truncated.map(u64::from),
    });
    let sent = encode(&ToPanel::Records {
        records: vec![Record {
            id: 1,
            line: write_fact(&fact),
        }],
    });
    let ToPanel::Records { records } = decode(&sent).expect("read") else {
        panic!("{sent}");
    };
    let Ok(Entry::Fact(line)) = read_fact(&records[0].line) else {
        panic!("{sent}");
    };
    assert_eq!(line.fact, fact);
    let Fact::Message(recorded) = line.fact else {
        panic!("{sent}");
    };
    assert_eq!(recorded.message.as_str(), HOSTILE);
}

#[test]
fn another_version_is_noticed_before_the_body_is_looked_at() {
    let other = VERSION + 1;
    let text = encode(&FromPanel::SetRecording { on: true });
    let (beginning, body) = text
        .split_once(&VERSION.to_string())
        .expect("the version is in the text");
    for body in [body, "\n", "\nnot yet known"] {
        let error = decode::<FromPanel>(&format!("{beginning}{other}{body}")).expect_err("refused");
        assert!(matches!(error, BusError::VersionMismatch { .. }));
        assert_eq!(
            error.to_string(),
            format!(
                "bus version {other} met version {VERSION}: reload the page and reopen DevTools"
            )
        );
    }
}

#[test]
fn what_is_no_message_is_refused() {
    for text in [
        "",
        "null",
        "{}",
        r#"{"callscope":1,"body":{}}"#,
        "callscope",
        "callscope ",
        "callscope V",
        "callscope 99999999999999999999\n",
        "callscope -1\n",
        "callscope V\n",
        "callscope V\n999;",
        "callscope V\n0;-1;",
        "callscope V\n99999999999999999999;",
        // A text and a list that claim to be longer than what follows.
        "callscope V\n4;1;1;0;18446744073709551615:",
        "callscope V\n4;1;1;0;4294967295:",
        "callscope V\n5;1;18446744073709551615;",
        "callscope V\n5;1;4294967295;",
    ] {
        let text = text.replace('V', &VERSION.to_string());
        let error = decode::<FromPanel>(&text).expect_err("refused");
        assert_eq!(error, BusError::Malformed, "{text}");
    }
}

fn any_observed() -> impl Strategy<Value = Observed> {
    let text = || prop_oneof!["[0-9;:\n]{0,8}", any::<String>()];
    (
        any::<f64>().prop_filter("a number", |at| !at.is_nan()),
        (0..5_u8, any::<u32>(), any::<u32>()),
        (text(), text()),
        text(),
        prop::option::of(any::<u32>()),
    )
        .prop_map(
            |(at, (source, slot, index), (origin, message), cloned, truncated)| Observed {
                at,
                source: match source {
                    0 => Source::Parent,
                    1 => Source::Child { slot, index },
                    2 => Source::Own,
                    3 => Source::Opener,
                    _ => Source::Other,
                },
                origin,
                message,
                cloned,
                truncated,
            },
        )
}

proptest! {
    #[test]
    fn any_batch_arrives(items in prop::collection::vec(any_observed(), 0..6), lost in any::<u32>()) {
        let batch = TapMessage::Batch(Batch { lost, ..batch(items) });
        prop_assert_eq!(decode::<TapMessage>(&encode(&batch)), Ok(batch));
    }

    #[test]
    fn no_text_panics(text in any::<String>(), numbers in "[0-9;:\n\\-]{0,40}") {
        _ = decode::<TapMessage>(&text);
        for body in [text, numbers] {
            let text = format!("callscope {VERSION}\n{body}");
            _ = decode::<TapMessage>(&text);
            _ = decode::<ToPanel>(&text);
            _ = decode::<FromPanel>(&text);
            _ = decode::<RelayRequest>(&text);
        }
    }

    #[test]
    fn a_damaged_batch_never_panics(
        items in prop::collection::vec(any_observed(), 1..4),
        at in any::<prop::sample::Index>(),
        new in any::<char>(),
    ) {
        let mut chars: Vec<char> = encode(&TapMessage::Batch(batch(items))).chars().collect();
        let at = at.index(chars.len());
        chars[at] = new;
        _ = decode::<TapMessage>(&chars.into_iter().collect::<String>());
    }
}
