//! What panels receive and request, besides posting.

use callscope_bus::{FromPanel, Outcome, RecorderStatus, SettingText, Source, ToPanel};

use super::stage::{HOST, PANEL, Stage, check_failed, child, connected, message};
use crate::recorder::{PageFrame, PanelId};

#[test]
fn a_pause_is_a_gap_of_its_size() {
    let (mut stage, _) = connected();
    stage.ask(PANEL, FromPanel::SetRecording { on: false });
    for number in 0..3 {
        stage.hear(
            HOST,
            child(1, 0),
            &message("RESIZE_WIDGET", &format!("21_{number}")),
        );
        stage.wait(50.0);
    }
    let passed = |stage: &Stage| {
        let mut said = stage.page.sent.iter().rev();
        said.find_map(|(_, said)| match said {
            ToPanel::Status { status } => Some(status.passed),
            _ => None,
        })
    };
    stage.wait(2_000.0);
    assert_eq!(passed(&stage), Some(3));
    stage.ask(PANEL, FromPanel::SetRecording { on: true });
    stage.hear(HOST, child(1, 0), &message("LOGGED_IN", "21_9"));
    stage.wait(2_000.0);
    assert_eq!(passed(&stage), Some(0));
    assert_eq!(
        stage.lines(PANEL)[4..],
        ["- gap paused 3", "1 widget LOGGED_IN"]
    );
}

#[test]
fn a_pause_without_messages_is_no_gap() {
    let (mut stage, _) = connected();
    stage.ask(PANEL, FromPanel::SetRecording { on: false });
    stage.wait(500.0);
    stage.ask(PANEL, FromPanel::SetRecording { on: true });
    stage.wait(500.0);
    assert_eq!(stage.lines(PANEL).len(), 4);
}

#[test]
fn clearing_is_the_lists_own_and_outlives_the_panel_and_the_page() {
    let (mut stage, widget) = connected();
    let before = stage.lines(PANEL);
    let through = Some(stage.now);
    stage.ask(PANEL, FromPanel::SetCleared { through });
    stage.hear(
        widget,
        Source::Parent,
        &message("VISIBILITY_CHANGED", "1_5"),
    );
    stage.wait(300.0);
    let panel = PanelId(2);
    stage.connect(panel);
    stage.wait(100.0);
    let attached = stage.page.sent.iter().find_map(|(to, said)| match said {
        ToPanel::Attached { cleared, .. } if *to == panel => Some(*cleared),
        _ => None,
    });
    assert_eq!(attached, Some(through));
    let after = [&before[..], &["1 host VISIBILITY_CHANGED".to_owned()]].concat();
    assert_eq!(stage.lines(panel), after);
    let now = stage.now;
    let parked = stage
        .recorder
        .leave("https://app.hubspot.com/".to_owned(), now, &mut stage.page);
    assert_eq!(parked.unwrap().cleared, through);
}

#[test]
fn the_history_is_bounded_and_says_what_is_gone() {
    let (mut stage, widget) = connected();
    stage.ask(PANEL, FromPanel::SetLimit { bytes: 64 * 1024 });
    for number in 0..500 {
        let long = format!(
            r#"{{"type":"DIAL_NUMBER","messageId":"1_{number}","data":"{}"}}"#,
            "x".repeat(1_000)
        );
        stage.hear(widget, Source::Parent, &long);
        stage.wait(10.0);
    }
    stage.wait(300.0);
    let lines = stage.lines(PANEL);
    assert_eq!(
        lines[..4],
        [
            "1 starts",
            "1 host SYNC",
            "1 widget SYNC_ACK",
            "1 widget INITIALIZED"
        ]
    );
    let frames = lines
        .iter()
        .filter(|line| line.contains("DIAL_NUMBER"))
        .count();
    let gaps: Vec<_> = lines.iter().filter(|line| line.contains("gap")).collect();
    assert_eq!(gaps, [&format!("1 gap evicted {}", 500 - frames)]);
    assert!((20..70).contains(&frames), "{frames}");
    let status = stage
        .page
        .sent
        .iter()
        .rev()
        .find_map(|(_, message)| match message {
            ToPanel::Status { status } => Some(status.clone()),
            _ => None,
        });
    let status = status.unwrap();
    assert!(status.bytes <= status.limit && status.evicted == (500 - frames) as u64);

    // Another panel gets what is left, with the same contents.
    stage.connect(PanelId(2));
    stage.wait(100.0);
    assert_eq!(stage.lines(PanelId(2)), lines);
}

#[test]
fn a_panel_that_comes_back_gets_only_what_is_new() {
    let (mut stage, _) = connected();
    stage.recorder.on_panel_disconnect(PANEL);
    stage.hear(HOST, child(1, 0), &message("LOGGED_IN", "21_2"));
    stage.wait(300.0);
    stage.page.sent.clear();
    let since = Some((callscope_bus::DocumentId("top".to_owned()), 4));
    stage.recorder.on_panel_connect(PANEL);
    stage.ask(PANEL, FromPanel::Subscribe { since });
    stage.wait(100.0);
    assert!(matches!(
        stage.page.sent[0].1,
        ToPanel::Attached { reset: false, .. }
    ));
    assert_eq!(stage.lines(PANEL), ["1 widget LOGGED_IN"]);

    // From another recorder, from the future, or from before something was evicted: everything is
    // sent again.
    let long = "x".repeat(70_000);
    let long = format!(r#"{{"type":"RESIZE_WIDGET","messageId":"21_3","data":"{long}"}}"#);
    stage.hear(HOST, child(1, 0), &long);
    stage.ask(PANEL, FromPanel::SetLimit { bytes: 0 });
    stage.wait(300.0);
    for (recorder, id) in [("other", 4), ("top", 99), ("top", 2)] {
        stage.page.sent.clear();
        let since = Some((callscope_bus::DocumentId(recorder.to_owned()), id));
        stage.ask(PANEL, FromPanel::Subscribe { since });
        let (_, first) = &stage.page.sent[0];
        assert!(
            matches!(first, ToPanel::Attached { reset: true, .. }),
            "{recorder} {id}"
        );
    }
}

#[test]
fn a_stream_of_messages_comes_in_few_pieces() {
    let (mut stage, _) = connected();
    stage.wait(300.0);
    stage.page.sent.clear();
    for number in 0..100 {
        let id = format!("21_{number}");
        stage.hear(HOST, child(1, 0), &message("RESIZE_WIDGET", &id));
        stage.wait(4.0);
    }
    stage.wait(300.0);
    let sent = stage.page.sent.iter();
    let pieces = sent.filter(|(_, message)| matches!(message, ToPanel::Records { .. }));
    // In 400 ms.
    assert_eq!(pieces.count(), 11);
    assert_eq!(stage.lines(PANEL).len(), 100);
}

#[test]
fn settings_are_read_written_and_recorded_when_they_change() {
    let (mut stage, _) = connected();
    let key = "LocalSettings:Calling:CallingExtensions".to_owned();
    let setting = SettingText {
        key: key.clone(),
        value: Some("{}".to_owned()),
    };
    stage.ask(
        PANEL,
        FromPanel::WriteSetting {
            request: 1,
            setting: setting.clone(),
        },
    );
    stage.ask(
        PANEL,
        FromPanel::ReadSettings {
            request: 2,
            keys: vec![key.clone()],
        },
    );
    let removed = SettingText { key, value: None };
    stage.ask(
        PANEL,
        FromPanel::WriteSetting {
            request: 3,
            setting: removed.clone(),
        },
    );
    let settings = vec![setting];
    let expected = [
        (
            1,
            Outcome::Settings {
                settings: settings.clone(),
            },
        ),
        (2, Outcome::Settings { settings }),
        (
            3,
            Outcome::Settings {
                settings: vec![removed],
            },
        ),
    ];
    assert_eq!(stage.outcomes(), expected);
    stage.wait(100.0);
    assert_eq!(stage.lines(PANEL)[4..], ["- setting {}", "- setting"]);
    let setting = SettingText {
        key: "token".to_owned(),
        value: None,
    };
    stage.ask(
        PANEL,
        FromPanel::WriteSetting {
            request: 4,
            setting,
        },
    );
    check_failed(&stage, 4, "LocalSettings:");
}

#[test]
fn a_reload_is_answered_first() {
    let (mut stage, _) = connected();
    stage.ask(PANEL, FromPanel::Reload { request: 1 });
    assert_eq!(
        (stage.page.reloads, stage.outcomes()),
        (1, vec![(1, Outcome::Ok)])
    );
}

fn statuses(stage: &Stage) -> Vec<RecorderStatus> {
    let sent = stage.page.sent.iter();
    let status = sent.filter_map(|(_, message)| match message {
        ToPanel::Status { status } => Some(status.clone()),
        _ => None,
    });
    status.collect()
}

/// Lets time pass until nothing is due.
fn run_out(stage: &mut Stage) {
    for _ in 0..20 {
        let Some(due) = stage.recorder.deadline() else {
            return;
        };
        stage.now = stage.now.max(due);
        stage.tick();
    }
    panic!("something is due for ever: {:?}", stage.recorder.deadline());
}

#[test]
fn while_nothing_happens_a_watched_recorder_says_nothing_and_wants_no_timer() {
    let (mut stage, widget) = connected();
    run_out(&mut stage);
    stage.page.sent.clear();
    stage.now += 60_000.0;
    assert_eq!(stage.recorder.deadline(), None);
    // Checking finds no change.
    stage.recorder.tick(stage.now, &mut stage.page);
    run_out(&mut stage);
    assert_eq!(stage.page.sent, []);

    // A change is sent at once, and one right after that a little later.
    stage.page.frames.push(PageFrame {
        index: Some(1),
        origin: "https://new.test".to_owned(),
        sdk: true,
    });
    stage.hear(
        widget,
        Source::Parent,
        &message("NAVIGATE_TO_RECORD", "1_9"),
    );
    stage.wait(3_000.0);
    let told = statuses(&stage);
    assert!(matches!(told.len(), 1 | 2), "{told:#?}");
    let last = told.last().unwrap();
    assert_eq!(last.frames.last().unwrap().origin, "https://new.test");
    run_out(&mut stage);
}

#[test]
fn a_report_comes_after_everything_that_was_heard_before_it() {
    let (mut stage, widget) = connected();
    stage.wait(2_000.0);
    stage.page.sent.clear();
    for number in 0..1_500 {
        stage.hear(
            widget,
            Source::Parent,
            &message("SYNC", &format!("3_{number}")),
        );
    }
    stage.ask(PANEL, FromPanel::Report { request: 7 });
    // Its tap has a batch on its way, and the rest is waiting.
    let first = stage.take(widget).or_else(|| {
        stage.now += 25.0;
        stage.take(widget)
    });
    let ack = stage.deliver(widget, first.unwrap());
    stage.now += 1_000.0;
    stage.recorder.tick(stage.now, &mut stage.page);
    assert_eq!(stage.outcomes(), []);
    stage.answer(widget, &ack);
    stage.wait(500.0);
    assert_eq!(stage.outcomes(), [(7, Outcome::Ok)]);
    let mut sent = stage.page.sent.iter().map(|(_, message)| message);
    let mut records = 0;
    let reached = sent.by_ref().any(|message| match message {
        ToPanel::Records { records: new } => {
            records += new.len();
            false
        }
        message => matches!(message, ToPanel::Done { .. }),
    });
    assert!(reached && records >= 1_500, "{records}");
    assert!(!sent.any(|message| matches!(message, ToPanel::Records { .. })));
    let reported = stage.now;
    run_out(&mut stage);
    let last = statuses(&stage).pop().unwrap();
    assert!(last.now > reported - 500.0);
}

/// A deadline passes although a frame that had more was killed, and an export learns that something
/// is missing.
#[test]
fn a_report_does_not_wait_for_ever() {
    let (mut stage, widget) = connected();
    for number in 0..1_500 {
        stage.hear(
            widget,
            Source::Parent,
            &message("SYNC", &format!("3_{number}")),
        );
    }
    stage.now += 25.0;
    let first = stage.take(widget).unwrap();
    stage.deliver(widget, first);
    stage.ask(PANEL, FromPanel::Report { request: 7 });
    stage.page.sent.clear();
    run_out(&mut stage);
    let outcomes = stage.outcomes();
    assert!(
        matches!(&outcomes[..], [(7, Outcome::Failed { .. })]),
        "{outcomes:?}"
    );
    assert!(!statuses(&stage).is_empty());
}

/// The permission for a sandboxed frame is that of its address.
#[test]
fn a_sandboxed_frame_is_told_by_its_address_or_by_its_tap() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    stage.load_from("w", "null", 7, &[0]);
    stage.hear_from(HOST, child(1, 1), "null", &message("SYNC_ACK", "1_1"));
    stage.page.frames = [(0, "https://tapped.test"), (1, "https://untapped.test")]
        .map(|(index, origin)| PageFrame {
            index: Some(index),
            origin: origin.to_owned(),
            sdk: true,
        })
        .to_vec();
    stage.wait(1_000.0);
    assert_eq!(
        frames_told(&stage),
        [
            ("null".to_owned(), true, true),
            ("https://untapped.test".to_owned(), false, true),
        ]
    );
}

fn frames_told(stage: &Stage) -> Vec<(String, bool, bool)> {
    let mut all = stage.page.sent.iter().rev();
    let status = all.find_map(|(_, message)| match message {
        ToPanel::Status { status } => Some(status.clone()),
        _ => None,
    });
    let frames = status.unwrap().frames.into_iter();
    frames
        .map(|frame| (frame.origin, frame.tapped, frame.widget))
        .collect()
}

#[test]
fn the_frames_of_the_page_are_told() {
    let (mut stage, _) = connected();
    let frame = |origin: &str, sdk| PageFrame {
        index: None,
        origin: origin.to_owned(),
        sdk,
    };
    stage.page.frames = vec![
        frame("https://widget.test", true),
        frame("https://untapped.test", true),
    ];
    stage.wait(1_000.0);
    let frames = frames_told(&stage);
    assert_eq!(
        frames,
        [
            ("https://widget.test".to_owned(), true, true),
            ("https://untapped.test".to_owned(), false, true),
        ]
    );
}

/// It may have been redirected to another origin, where nothing is heard.
#[test]
fn a_frame_from_the_pages_own_origin_is_not_heard_by_the_page() {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    stage.page.frames = vec![PageFrame {
        index: Some(0),
        origin: "https://host.test".to_owned(),
        sdk: true,
    }];
    stage.wait(1_000.0);
    assert_eq!(
        frames_told(&stage),
        [("https://host.test".to_owned(), false, true)]
    );
}

/// Panels look whenever the frames change.
#[test]
fn a_redirected_widget_is_recorded_once() {
    let (mut stage, _) = connected();
    let found = |port: &str| FromPanel::Redirected {
        from: "https://widget.test".to_owned(),
        to: Some(format!("https://widget.test:{port}")),
    };
    let before = stage.lines(PANEL).len();
    stage.ask(PANEL, found("1"));
    stage.ask(PANEL, found("2"));
    stage.ask(PANEL, found("1"));
    stage.wait(100.0);
    assert_eq!(
        stage.lines(PANEL)[before..],
        [
            "- inside redirected https://widget.test → https://widget.test:1",
            "- inside redirected https://widget.test → https://widget.test:2",
        ]
    );
    stage.ask(PANEL, FromPanel::SetRecording { on: false });
    stage.ask(PANEL, found("3"));
    stage.wait(100.0);
    assert_eq!(stage.lines(PANEL).len(), before + 2);
}

#[test]
fn a_page_that_nobody_sees_does_not_hold_back() {
    let (mut stage, _) = connected();
    stage.page.hidden = true;
    stage.hear(HOST, child(1, 0), &message("LOGGED_IN", "21_2"));
    stage.wait(30.0);
    assert_eq!(stage.lines(PANEL).last().unwrap(), "1 widget LOGGED_IN");
}
