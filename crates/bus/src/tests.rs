use std::fmt::Debug;

use super::*;

#[track_caller]
fn check<T: Wire + PartialEq + Debug>(value: &T) {
    let text = encode(value);
    assert_eq!(decode::<T>(&text).as_ref(), Ok(value), "{text}");
    // A text that is cut anywhere, or goes on, is not a message.
    for (end, _) in text.char_indices() {
        assert!(decode::<T>(&text[..end]).is_err(), "{}", &text[..end]);
    }
    assert_eq!(
        decode::<T>(&[&text, "0;"].concat()),
        Err(BusError::Malformed)
    );
}

fn observed() -> Observed {
    Observed {
        at: 1_795_350_545_829.4,
        source: Source::Child { slot: 2, index: 1 },
        origin: "https://widget.test".to_owned(),
        message: "{\"type\":\"\\ud800 ü 0;1:\"}".to_owned(),
        cloned: "{\"data.when\":\"Date\"}".to_owned(),
        truncated: Some(u32::MAX),
    }
}

fn batch() -> Batch {
    let document = DocumentId("w".to_owned());
    let items = vec![
        observed(),
        Observed {
            truncated: None,
            ..observed()
        },
    ];
    Batch {
        document,
        first: 1,
        items,
        lost: 0,
        others: 7,
        more: true,
    }
}

fn rest() -> Rest {
    Rest {
        recorder: Some(DocumentId("top".to_owned())),
        hello: Hello {
            document: DocumentId("w".to_owned()),
            origin: "https://widget.test".to_owned(),
            path: vec![0],
            at: 1.0,
            from_start: true,
            blank: false,
        },
        at: Some(-0.5),
        is_ahead: false,
        batches: vec![batch()],
        next: 3,
        lost: 1,
    }
}

#[test]
fn tap_messages_come_back() {
    check(&TapMessage::Batch(batch()));
    check(&TapMessage::Goodbye(rest()));
    check(&TapMessage::Hello(Hello {
        document: DocumentId(String::new()),
        origin: "null".to_owned(),
        path: vec![0, 4_294_967_295],
        at: 0.0,
        from_start: false,
        blank: false,
    }));
    for source in [
        Source::Parent,
        Source::Own,
        Source::Opener,
        Source::Other,
        Source::Page,
    ] {
        check(&Observed {
            source,
            ..observed()
        });
    }
}

#[test]
fn requests_to_the_relay_come_back() {
    let text = encode(&TapMessage::Batch(batch()));
    check(&RelayRequest::ToRecorder { text: text.clone() });
    check(&RelayRequest::ToFrame {
        document: "D".to_owned(),
        text: text.clone(),
    });
    check(&RelayRequest::Park {
        recorder: DocumentId("t".to_owned()),
        began: 1.5,
        is_ahead: false,
        text: "{}\n".to_owned(),
    });
    check(&RelayRequest::Leave { rest: rest() });
    check(&FromTap {
        document: "D".to_owned(),
        frame_id: -1,
        text,
    });
    check(&Ack {
        through: 3,
        recorder: DocumentId("t".to_owned()),
        known: true,
        watched: false,
    });
    check(&ToTap::Post(Post {
        to: Source::Child { slot: 0, index: 2 },
        target_origin: "https://widget.test".to_owned(),
        message: "null".to_owned(),
    }));
}

#[test]
fn what_pages_leave_comes_back() {
    check(&Parked {
        recorder: DocumentId("t".to_owned()),
        page: "https://host.test/".to_owned(),
        began: 0.5,
        at: 1.5,
        is_ahead: true,
        records: vec![Record {
            id: 3,
            line: "{}".to_owned(),
        }],
        held: vec![(1, 2), (4, 4)],
        omitted: 2,
        omitted_at: 0.75,
        cleared: Some(0.5),
        pauses: vec![(1.0, None), (2.0, Some(3.0))],
        documents: vec![ParkedDocument {
            document: DocumentId("w".to_owned()),
            next: 7,
            lost: 1,
            gone: false,
        }],
        conversations: vec![ParkedConversation {
            conversation: 1,
            began: 0.5,
            host: Some(DocumentId("t".to_owned())),
            slot: Some(1),
            widget: None,
            widget_origin: Some("null".to_owned()),
            closed: false,
            half_missing: true,
        }],
        injected: vec![(DocumentId("w".to_owned()), "{}".to_owned())],
    });
    assert_eq!(parked_key(17), "parked:17");
    assert_eq!(rests_of(17), "rest:17:");
    assert_eq!(rest_key(17, &rest()), "rest:17:top:w");
    let unanswered = Rest {
        recorder: None,
        at: None,
        ..rest()
    };
    check(&unanswered);
    assert_eq!(rest_key(17, &unanswered), "rest:17::w");
}

#[test]
fn what_the_panel_says_comes_back() {
    let key = "LocalSettings:Calling:CallingExtensions".to_owned();
    check(&FromPanel::Subscribe { since: None });
    check(&FromPanel::Subscribe {
        since: Some((DocumentId("t".to_owned()), 9)),
    });
    check(&FromPanel::SetRecording { on: false });
    check(&FromPanel::SetCleared { through: Some(1.5) });
    check(&FromPanel::SetCleared { through: None });
    check(&FromPanel::SetLimit { bytes: 1 << 24 });
    check(&FromPanel::Inject {
        request: 1,
        conversation: 2,
        by_widget: true,
        message: "{}".to_owned(),
    });
    check(&FromPanel::ReadSettings {
        request: 1,
        keys: vec![key.clone()],
    });
    check(&FromPanel::WriteSetting {
        request: 1,
        setting: SettingText { key, value: None },
    });
    check(&FromPanel::Reload { request: 1 });
}

#[test]
fn what_the_recorder_says_comes_back() {
    let info = RecorderInfo {
        recorder: DocumentId("t".to_owned()),
        page: "https://host.test/".to_owned(),
        user_agent: "Chromium".to_owned(),
        was_discarded: false,
    };
    check(&ToPanel::Attached {
        info,
        reset: true,
        cleared: Some(2.5),
    });
    check(&ToPanel::Records {
        records: vec![Record {
            id: 1,
            line: "{}".to_owned(),
        }],
    });
    check(&ToPanel::Evicted { ids: vec![1, 2] });
    let frame = FrameInfo {
        origin: String::new(),
        tapped: true,
        widget: false,
    };
    let frames = vec![frame];
    check(&ToPanel::Status {
        status: RecorderStatus {
            frames,
            ..RecorderStatus::default()
        },
    });
    let setting = SettingText {
        key: "k".to_owned(),
        value: Some("v".to_owned()),
    };
    for outcome in [
        Outcome::Ok,
        Outcome::Settings {
            settings: vec![setting],
        },
        Outcome::Failed {
            reason: "because".to_owned(),
        },
    ] {
        check(&ToPanel::Done {
            request: 1,
            outcome,
        });
    }
}

#[test]
fn the_wire_is_what_it_was() {
    let message = "{\"type\":\"ü\"}".to_owned();
    let inject = FromPanel::Inject {
        request: 1,
        conversation: 2,
        by_widget: false,
        message,
    };
    let text = format!("callscope {VERSION}\n4;1;2;0;13:{{\"type\":\"ü\"}}");
    assert_eq!(encode(&inject), text);
}

#[test]
fn the_version_is_looked_at_first() {
    let found = VERSION + 1;
    let text = format!("callscope {found}\nwhatever");
    assert_eq!(
        decode::<Ack>(&text),
        Err(BusError::VersionMismatch { found })
    );
    assert_eq!(decode::<Ack>("{\"callscope\":1}"), Err(BusError::Malformed));
}

#[test]
fn no_text_makes_reading_fail() {
    for body in [
        "99999999999999999999;",
        "5;",
        "4294967295;",
        "1;18446744073709551615:",
        "0;-1;",
    ] {
        let text = format!("callscope {VERSION}\n{body}");
        assert_eq!(decode::<TapMessage>(&text), Err(BusError::Malformed));
        assert_eq!(decode::<Batch>(&text), Err(BusError::Malformed));
    }
}
