//! Every message of the bus arrives as it was sent, or the difference is noticed.

use std::collections::BTreeMap;
use std::fmt::Debug;

use callscope_bus::{
    Ack, Batch, BusError, DocumentId, FrameInfo, FromPanel, FromTap, Hello, Observed, Outcome,
    PARKED_PREFIX, Parked, Post, Record, RecorderInfo, RecorderStatus, RelayRequest, SettingText,
    Source, TapMessage, ToPanel, ToTap, VERSION, decode, encode, parked_key,
};
use callscope_protocol::{ConversationId, Fact, Frame, MessageText, Millis, Side};
use callscope_session_log::{Entry, read_fact, write_fact};
use expect_test::{Expect, expect};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a page can post and a Rust string cannot hold: `JSON.stringify` escapes lone surrogates.
const HOSTILE: &str = r#"{"\ud800":"\udfff","__proto__":{"a":[1e999]},"text":"\u0000\"\\"}"#;

#[track_caller]
fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(message: &T) {
    let text = encode(message).expect("written");
    assert_eq!(&decode::<T>(&text).expect("read"), message, "{text}");
}

#[track_caller]
fn check_wire<T: Serialize + DeserializeOwned + PartialEq + Debug>(message: &T, wire: &Expect) {
    check(message);
    wire.assert_eq(&encode(message).expect("written"));
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
        cloned: BTreeMap::from([("data.when".to_owned(), "Date".to_owned())]),
        truncated: Some(5_000_000),
    }
}

fn batch(items: Vec<Observed>) -> Batch {
    Batch {
        document: document(),
        first: u64::MAX,
        items,
        lost: 3,
        others: 5,
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
        cloned: BTreeMap::new(),
        truncated: None,
        ..observed(Source::Parent, "null")
    };
    check(&TapMessage::Batch(batch(items.clone())));
    check(&TapMessage::Batch(batch(vec![plain])));
    check(&TapMessage::Goodbye {
        at: 0.5,
        batch: batch(items),
    });
    check(&TapMessage::Hello(Hello {
        document: document(),
        origin: "null".to_owned(),
        path: vec![0, 7],
        at: 0.25,
        from_start: false,
    }));
}

#[test]
fn what_passes_the_relay() {
    let text = encode(&TapMessage::Batch(batch(vec![observed(
        Source::Parent,
        HOSTILE,
    )])))
    .expect("written");
    check(&RelayRequest::ToRecorder { text: text.clone() });
    check(&RelayRequest::ToFrame {
        document: "8A6B".to_owned(),
        text: text.clone(),
    });
    check(&RelayRequest::Park {
        log: "{}\n{}\n".to_owned(),
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
        FromPanel::Clear,
        FromPanel::SetLimit { bytes: 16 << 20 },
        FromPanel::Inject {
            request: 1,
            conversation: 2,
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
        },
        reset: true,
    });
    check(&ToPanel::Evicted {
        ids: vec![1, 2, 9],
        cleared: false,
    });
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
    check(&Parked {
        page: "https://app.hubspot.com/".to_owned(),
        at: 1.5,
        log: String::new(),
    });
    assert_eq!(parked_key(17), format!("{PARKED_PREFIX}17"));
}

#[test]
fn a_posted_value_survives_the_whole_way() {
    let batch = TapMessage::Batch(batch(vec![observed(Source::Parent, HOSTILE)]));
    let relayed = encode(&RelayRequest::ToRecorder {
        text: encode(&batch).expect("written"),
    })
    .expect("written");
    let RelayRequest::ToRecorder { text } = decode(&relayed).expect("read") else {
        panic!("{relayed}");
    };
    let TapMessage::Batch(batch) = decode(&text).expect("read") else {
        panic!("{text}");
    };
    let fact = Fact::Frame(Frame {
        seq: 1,
        at: Millis(batch.items[0].at),
        conversation: ConversationId(1),
        from: Side::Host,
        origin: batch.items[0].origin.clone(),
        injected: false,
        message: MessageText::from(batch.items[0].message.as_str()),
        cloned: batch.items[0].cloned.clone(),
        truncated: batch.items[0].truncated,
    });
    let sent = encode(&ToPanel::Records {
        records: vec![Record {
            id: 1,
            line: write_fact(&fact),
        }],
    })
    .expect("written");
    let ToPanel::Records { records } = decode(&sent).expect("read") else {
        panic!("{sent}");
    };
    let Ok(Entry::Fact(line)) = read_fact(&records[0].line) else {
        panic!("{sent}");
    };
    assert_eq!(line.fact, fact);
    let Fact::Frame(frame) = line.fact else {
        panic!("{sent}");
    };
    assert_eq!(frame.message.as_str(), HOSTILE);
}

#[test]
fn the_wire_is_what_it_was() {
    check_wire(
        &FromPanel::Inject {
            request: 1,
            conversation: 2,
            message: r#"{"type":"DIAL_NUMBER"}"#.to_owned(),
        },
        &expect![[
            r#"{"callscope":1,"body":{"kind":"inject","request":1,"conversation":2,"message":"{\"type\":\"DIAL_NUMBER\"}"}}"#
        ]],
    );
    check_wire(
        &TapMessage::Batch(batch(vec![Observed {
            cloned: BTreeMap::new(),
            truncated: None,
            ..observed(Source::Child { slot: 1, index: 0 }, "null")
        }])),
        &expect![[
            r#"{"callscope":1,"body":{"kind":"batch","document":"6f1d\u0000","first":18446744073709551615,"items":[{"at":1795350545829.4,"source":{"kind":"child","slot":1,"index":0},"origin":"https://app.hubspot.com","message":"null"}],"lost":3,"others":5}}"#
        ]],
    );
    check_wire(
        &FromPanel::Clear,
        &expect![[r#"{"callscope":1,"body":{"kind":"clear"}}"#]],
    );
}

#[test]
fn another_version_is_noticed_before_the_body_is_looked_at() {
    let other = VERSION + 1;
    for body in [
        r#"{"kind":"clear"}"#,
        r#"{"kind":"not yet known"}"#,
        "[1,{}]",
    ] {
        for text in [
            format!(r#"{{"callscope":{other},"body":{body}}}"#),
            format!(r#"{{"body":{body},"later":null,"callscope":{other}}}"#),
        ] {
            let error = decode::<FromPanel>(&text).expect_err("refused");
            assert!(matches!(error, BusError::VersionMismatch { found } if found == other));
            assert_eq!(
                error.to_string(),
                format!(
                    "bus version {other} met version {VERSION}: reload the page and reopen DevTools"
                )
            );
        }
    }
}

#[test]
fn what_is_no_message_is_refused() {
    for text in [
        "",
        "null",
        "{}",
        r#"{"callscope":1}"#,
        r#"{"callscope":"1","body":{"kind":"clear"}}"#,
        r#"{"callscope":-1,"body":{"kind":"clear"}}"#,
        r#"{"callscope":1,"body":{"kind":"no such kind"}}"#,
        r#"{"callscope":1,"body":{"kind":"set-recording"}}"#,
        r#"{"callscope":1,"body":{"kind":"set-recording","on":"yes"}}"#,
        r#"{"callscope":1,"body":{"kind":"clear"}} more"#,
        r#"{"callscope":1,"body":{"kind":"inject","request":1,"conversation":1,"message":"\ud800"}}"#,
    ] {
        let error = decode::<FromPanel>(text).expect_err("refused");
        assert!(matches!(error, BusError::Malformed(_)), "{text}: {error}");
    }
}

#[test]
fn deep_nesting_is_refused_without_harm() {
    let deep = "[".repeat(100_000);
    let text = format!(r#"{{"callscope":1,"body":{deep}{}}}"#, "]".repeat(100_000));
    let error = decode::<FromPanel>(&text).expect_err("refused");
    assert!(matches!(error, BusError::Malformed(_)));
}

#[test]
fn a_key_of_a_later_build_of_the_same_version_is_ignored() {
    let text = r#"{"callscope":1,"body":{"kind":"set-recording","on":true,"since":5}}"#;
    assert_eq!(
        decode::<FromPanel>(text).expect("read"),
        FromPanel::SetRecording { on: true }
    );
}
