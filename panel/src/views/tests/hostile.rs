//! Whatever text comes from a page, a file or the browser, it cannot hide, reorder or move anything
//! beside it.

use std::fmt::Write as _;

use callscope_bus::{
    DocumentId, FrameInfo, FromPanel, Outcome, Record, RecorderInfo, RecorderStatus, SettingText,
    ToPanel, encode,
};
use callscope_protocol::{Fact, Inside, InsideKind, Millis, Side};
use callscope_session_log::write_fact;
use callscope_session_view::visible::is_trouble;
use egui::{Shape, vec2};
use egui_kittest::Harness;

use crate::Panel;
use crate::action::{Action, View};
use crate::event::{Effect, Event, Page};
use crate::model::Model;
use crate::model::testing::{START, facts};

/// A terminal escape, a direction override and isolate, a zero-width space, a joiner, a byte order
/// mark and a tag.
pub(super) const EVIL: &str = "a\u{1b}[2J\u{202e}b\u{2066}\u{200b}\u{200d}\u{feff}\u{e0041}c";

fn hostile_facts(evil: &str) -> Vec<Fact> {
    let trace = r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"E","iframeLocation":"E","E":"E"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"E","iFrameUrl":"E"}
        widget {"type":"INITIALIZED","messageId":"E","data":{"isLoggedIn":true,"E":1}}
        host   {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"E","E":"E"}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"E","externalCallId":"E","createEngagement":"E"}}
        widget {"type":"E","messageId":"18_4","data":{"E":{"E":"E"}}}
    "#;
    let units = evil.encode_utf16();
    let escaped = units.fold(String::new(), |mut text, unit| {
        write!(text, "\\u{unit:04x}").unwrap();
        text
    });
    let mut facts = facts(&trace.replace("\"E\"", &format!("\"{escaped}\"")));
    for fact in &mut facts {
        if let Fact::Message(recorded) = fact {
            recorded.origin = format!("https://{evil}.test").into();
            recorded.cloned.insert(evil.to_owned(), evil.to_owned());
        }
    }
    facts.push(Fact::Inside(Box::new(Inside {
        conversation: None,
        origin: format!("https://{evil}.test"),
        text: Some(evil.to_owned()),
        place: Some(evil.to_owned()),
        stack: Some(evil.to_owned()),
        ..Inside::new(Millis(START + 100.0), Side::Widget, InsideKind::Error)
    })));
    facts
}

/// A panel with this text wherever the page and the browser can put it.
pub(super) fn hostile_panel(evil: &str) -> Panel {
    let origin = format!("https://{evil}.test");
    let mut panel = Panel::new(Model::default());
    panel.handle(Event::PortOpened);
    let info = RecorderInfo {
        recorder: DocumentId(evil.to_owned()),
        page: format!("{origin}/{evil}"),
        user_agent: evil.to_owned(),
        was_discarded: false,
        from_start: true,
    };
    let records = (1..).zip(hostile_facts(evil)).map(|(id, fact)| Record {
        id,
        line: write_fact(&fact),
    });
    let frame = |origin: &str| FrameInfo {
        origin: origin.to_owned(),
        tapped: false,
        widget: true,
    };
    let status = RecorderStatus {
        now: START + 200.0,
        recording: true,
        limit: 16 << 20,
        frames: vec![frame(&origin)],
        ..RecorderStatus::default()
    };
    for message in [
        ToPanel::Attached {
            info,
            reset: false,
            cleared: None,
        },
        ToPanel::Records {
            records: records.collect(),
        },
        ToPanel::Status { status },
    ] {
        panel.handle(Event::Received(encode(&message)));
    }
    for event in [
        Event::Permission {
            origin: origin.clone(),
            granted: false,
        },
        Event::SeesInside {
            origins: vec![origin.clone()],
            failure: None,
        },
        Event::SeesInside {
            origins: vec![origin.clone(), evil.to_owned()],
            failure: None,
        },
        Event::SeesInside {
            origins: vec![origin.clone()],
            failure: Some(evil.to_owned()),
        },
        Event::FilesLeft {
            first: evil.to_owned(),
            others: 1,
        },
        Event::FileBegins {
            number: 1,
            name: evil.to_owned(),
            bytes: 1,
        },
        Event::FileEnds {
            number: 1,
            result: Err(evil.to_owned()),
        },
        Event::SaveFailed {
            name: evil.to_owned(),
            reason: evil.to_owned(),
        },
        Event::Permitted {
            origin,
            result: Err(evil.to_owned()),
        },
    ] {
        panel.handle(event);
    }
    panel.perform(Action::SetFilter {
        text: format!("severity:{evil}"),
    });
    panel.take_effects();
    panel
}

/// Answers the panel's requests to the recorder.
pub(super) fn answer(panel: &mut Panel, outcome: &Outcome) {
    for effect in panel.take_effects() {
        let Effect::Send(
            FromPanel::ReadSettings { request, .. } | FromPanel::WriteSetting { request, .. },
        ) = effect
        else {
            continue;
        };
        let outcome = outcome.clone();
        panel.handle(Event::Received(encode(&ToPanel::Done { request, outcome })));
    }
}

fn painted_by(panel: Panel) -> (Panel, Vec<String>) {
    let mut harness = Harness::builder()
        // The whole view fits.
        .with_size(vec2(1400.0, 4000.0))
        .with_context_setup(crate::theme::apply)
        .allow_missing_glyphs()
        .build_ui_state(
            |ui, panel: &mut Option<Panel>| panel.as_mut().unwrap().ui(ui),
            Some(panel),
        );
    harness.run();
    let mut texts = Vec::new();
    for clipped in &harness.output().shapes {
        collect(&clipped.shape, &mut texts);
    }
    (harness.state_mut().take().unwrap(), texts)
}

fn collect(shape: &Shape, texts: &mut Vec<String>) {
    match shape {
        Shape::Text(text) => texts.push(text.galley.text().to_owned()),
        Shape::Vec(shapes) => shapes.iter().for_each(|it| collect(it, texts)),
        _ => {}
    }
}

/// Checks everything painted, and that the evil text appears `least` times.
#[track_caller]
fn check(panel: Panel, what: &str, least: usize) -> Panel {
    let (panel, texts) = painted_by(panel);
    for text in &texts {
        let bad: Vec<char> = text
            .chars()
            // Text with several lines.
            .filter(|it| is_trouble(*it) && *it != '\n')
            .collect();
        assert!(bad.is_empty(), "{what}: {bad:?} in {text:?}");
    }
    let shown = texts.iter().filter(|it| it.contains("202e")).count();
    assert!(shown >= least, "{what}: {shown} of {least} in {texts:#?}");
    panel
}

#[test]
fn nothing_that_is_painted_hides_or_turns_what_stands_beside_it() {
    // The filter's error, three notices, the two banners and the bar's origins.
    const AROUND: usize = 8;
    let mut panel = check(hostile_panel(EVIL), "an empty timeline", AROUND);
    panel.perform(Action::SetFilter {
        text: String::new(),
    });
    for view in [
        View::Timeline,
        View::Ladder,
        View::Calls,
        View::Findings,
        View::State,
        View::Scenarios,
    ] {
        panel.perform(Action::ShowView { view });
        panel = check(panel, view.title(), AROUND);
    }
    panel.perform(Action::ShowView {
        view: View::Timeline,
    });
    for id in 1..=7 {
        panel.perform(Action::Select { id });
        panel = check(panel, "the details of a message", AROUND);
    }
    for view in [View::Ladder, View::State] {
        panel.perform(Action::ShowView { view });
        panel = check(panel, "another view of a selected message", AROUND);
    }

    panel.perform(Action::ShowView {
        view: View::Compose,
    });
    panel = check(panel, "the composer", AROUND);

    panel.perform(Action::ShowView {
        view: View::Overrides,
    });
    let setting = |key: &str, value: &str| SettingText {
        key: key.to_owned(),
        value: Some(value.to_owned()),
    };
    let value = serde_json::json!({ "name": EVIL, "url": EVIL, "isReady": EVIL, EVIL: EVIL });
    let settings = vec![
        setting(
            "LocalSettings:Calling:CallingExtensions",
            &value.to_string(),
        ),
        setting("LocalSettings:Sales:CallingExtensions", EVIL),
    ];
    answer(&mut panel, &Outcome::Settings { settings });
    panel = check(panel, "the overrides", AROUND + 2);
    panel.perform(Action::SetOverrideText {
        text: format!("{{\"url\":\"{EVIL}\"}} {EVIL}"),
    });
    panel = check(panel, "an override that is typed", AROUND);
    panel.perform(Action::SetOverrideText {
        text: r#"{"name":"a","url":"https://a.test"}"#.to_owned(),
    });
    panel.perform(Action::SetOverride);
    answer(
        &mut panel,
        &Outcome::Failed {
            reason: EVIL.to_owned(),
        },
    );
    check(panel, "an override that failed", AROUND + 1);

    let page = Page {
        origin: Some(format!("https://{EVIL}.test")),
        permitted: false,
    };
    let mut panel = Panel::new(Model::default());
    panel.handle(Event::Page(page));
    check(panel, "a page without a recorder", 2);
}

/// A field shows one character for each of its text's, and below it what they are.
#[test]
fn a_field_says_what_cannot_be_seen_in_it() {
    let mut panel = Panel::new(Model::default());
    let view = View::Compose;
    panel.perform(Action::ShowView { view });
    let said = |panel: Panel| {
        let (panel, texts) = painted_by(panel);
        let is_said = |it: &String| it.starts_with("With what cannot be seen: ");
        (panel, texts.into_iter().find(is_said))
    };
    let typed = |value: &str| Action::SetDraftField {
        field: "data.phoneNumber".to_owned(),
        value: value.to_owned(),
    };
    panel.perform(typed("+1 555 0100"));
    let (mut panel, words) = said(panel);
    assert_eq!(words, None);
    panel.perform(typed("a\u{202e}b\u{200b}\n\0"));
    let (_, words) = said(panel);
    assert_eq!(
        words.as_deref(),
        Some("With what cannot be seen: a\\u202eb\\u200b\\n\\u0000")
    );
}
