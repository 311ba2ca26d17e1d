//! Every message of the bus arrives as it was sent, with what a page posted in it, and no text
//! harms the part that reads it.

use std::fmt::Debug;

use callscope_bus::{
    Ack, Batch, BusError, DocumentId, FrameInfo, FromPanel, FromTap, Hello, Observed, Outcome,
    PARKED_PREFIX, ParkedDocument, Post, Record, RecorderInfo, RecorderStatus, RelayRequest, Rest,
    SettingText, Source, TapMessage, ToPanel, ToTap, VERSION, Wire, decode, encode, parked_key,
};
use callscope_protocol::{ConversationId, Fact, MessageText, Millis, RecordedMessage, Side};
use callscope_session_log::{Entry, read_fact, write_fact};
use proptest::prelude::*;

/// What a page can post and a Rust string cannot hold: `JSON.stringify` escapes lone surrogates.
const HOSTILE: &str = r#"{"\ud800":"\udfff","__proto__":{"a":[1e999]},"text":"\u0000\"\\"}"#;

/// A message arrives, and no part of it does.
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

#[test]
fn what_taps_say() {
    let sources = [
        Source::Parent,
        Source::Child { slot: 1, index: 2 },
        Source::Own,
        Source::Opener,
        Source::Other,
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
    let hello = Hello {
        document: document(),
        origin: "null".to_owned(),
        path: vec![0, 7],
        at: 0.25,
        from_start: false,
        blank: false,
    };
    check(&TapMessage::Goodbye(Rest {
        recorder: None,
        hello: hello.clone(),
        at: Some(0.5),
        is_ahead: false,
        batches: vec![batch(items)],
        next: 6,
        lost: 0,
    }));
    check(&TapMessage::Hello(hello));
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
        },
        reset: true,
        cleared: Some(0.5),
    });
    check(&ToPanel::Evicted { ids: vec![1, 2, 9] });
    check(&ToPanel::Status {
        status: RecorderStatus {
            now: 1_795_350_545_829.4,
            recording: true,
            frames: vec![FrameInfo {
                origin: "https://localhost:9025".to_owned(),
                tapped: false,
                widget: true,
            }],
            ..RecorderStatus::default()
        },
    });
    check(&ParkedDocument {
        document: document(),
        next: u32::MAX,
        lost: 0,
        gone: true,
    });
    assert_eq!(parked_key(17), format!("{PARKED_PREFIX}17"));
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
        origin: batch.items[0].origin.clone(),
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
        "callscope 5",
        "callscope 99999999999999999999\n",
        "callscope -1\n",
        "callscope 5\n",
        "callscope 5\n999;",
        // A text and a list that are longer than what follows.
        "callscope 5\n4;1;1;0;18446744073709551615:",
        "callscope 5\n5;1;18446744073709551615;",
    ] {
        let error = decode::<FromPanel>(text).expect_err("refused");
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
