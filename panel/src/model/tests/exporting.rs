//! What is exported, and what the panel says about redaction.

use callscope_session_view::calls::Lasting;
use callscope_session_view::words::UtcOffset;

use super::*;
use crate::action::{ExportFormat, ExportPart};
use crate::model::testing::{log, source};

const CALL: &str = r#"
    host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
    widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
    widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
    host   {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100","objectId":7}}
    widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
    host   {"type":"VISIBILITY_CHANGED","messageId":"17_4","data":{"isMinimized":false,"isHidden":false}}
"#;

fn opened() -> Model {
    let mut model = Model::new(None, UtcOffset::UTC, false);
    model.tick(Millis(START));
    let name = "trace".to_owned();
    let text = log(&source(CALL));
    model.perform(Action::ImportText { name, text });
    model.refresh();
    model
}

fn choose(model: &mut Model, part: ExportPart, format: ExportFormat, redacted: bool) {
    let choice = ExportChoice {
        part,
        format,
        redacted,
        name: String::new(),
    };
    model.perform(Action::ChooseExport { choice });
}

/// The name and text of the saved file.
fn save(model: &mut Model) -> Option<(String, String)> {
    match model.perform(Action::SaveExport).pop() {
        Some(Effect::Save { name, text }) => Some((name, text)),
        _ => None,
    }
}

#[test]
fn people_are_taken_out_unless_the_user_says_otherwise() {
    let mut model = opened();
    assert_eq!(model.perform(Action::Export), [Effect::MakeSalt]);
    // Without random bytes, nothing can be redacted safely.
    assert!(!model.export_data().unwrap().can_save);
    assert_eq!(save(&mut model), None);

    model.handle(Event::Salt([7; 16]));
    for format in ExportFormat::ALL {
        model.perform(Action::Export);
        model.handle(Event::Salt([7; 16]));
        choose(&mut model, ExportPart::Whole, format, true);
        let preview = model.export_data().unwrap().preview;
        assert_eq!(
            preview.replaced,
            Some((3, 4)),
            "{:?}",
            preview.replaced_values
        );
        let (name, text) = save(&mut model).unwrap();
        assert!(name.ends_with(format.extension()), "{name}");
        assert!(text.contains("DIAL_NUMBER"), "{format:?}");
        assert!(!text.contains("5550100"), "{format:?}: {text}");
        let said = model.notices.iter().last().unwrap().text.clone();
        assert!(said.contains("are replaced"), "{said}");
    }
    choose(&mut model, ExportPart::Whole, ExportFormat::Log, false);
    let (_, text) = save(&mut model).unwrap();
    assert!(text.contains("+15550100"));
    let said = model.notices.iter().last().unwrap().text.clone();
    assert!(said.contains("Nothing is replaced"), "{said}");
}

#[test]
fn a_part_is_what_was_chosen_and_can_be_opened() {
    let mut model = opened();
    model.perform(Action::SelectSeq { seq: 4 });
    let last = model.shown().id_of(5).unwrap();
    model.perform(Action::Extend { id: last });
    model.perform(Action::Export);
    let parts = model.export_data().unwrap().parts;
    let words: Vec<&str> = parts.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(
        words,
        [
            "Whole session (6 messages)",
            "Call 1 (3 messages)",
            "Selection (2 messages)"
        ]
    );
    choose(&mut model, ExportPart::Selected, ExportFormat::Log, false);
    assert_eq!(
        model.export_data().unwrap().preview.holds,
        "2 messages, and 3 before, such as the handshake, that they depend on"
    );
    let (_, text) = save(&mut model).unwrap();
    assert!(text.contains("DIAL_NUMBER") && !text.contains("VISIBILITY_CHANGED"));
    assert!(text.contains(r#""lost":1,"why":"left out""#), "{text}");
    let name = "again".to_owned();
    model.perform(Action::ImportText { name, text });
    assert_eq!(model.shown().session().message_count(), 5);
}

/// A filter may hide the selection, or be taken away, while the sheet is open.
#[test]
fn what_is_chosen_is_among_the_choices() {
    let filter = |model: &mut Model, text: &str| {
        let text = text.to_owned();
        model.perform(Action::SetFilter { text });
        model.refresh();
    };
    let mut model = opened();
    model.perform(Action::SelectSeq { seq: 4 });
    model.perform(Action::Export);
    choose(&mut model, ExportPart::Selected, ExportFormat::Log, false);
    assert_eq!(model.export_data().unwrap().preview.chosen, 1);
    filter(&mut model, "type:VISIBILITY_CHANGED");
    let data = model.export_data().unwrap();
    assert_eq!(data.choice.part, ExportPart::Whole);
    assert!(
        data.parts
            .iter()
            .any(|(part, _)| *part == ExportPart::Whole)
    );
    assert_eq!(data.preview.holds, "6 messages");

    choose(&mut model, ExportPart::Shown, ExportFormat::Log, false);
    assert_eq!(model.export_data().unwrap().preview.chosen, 1);
    filter(&mut model, "from:host");
    assert_eq!(model.export_data().unwrap().preview.chosen, 3);
    filter(&mut model, "");
    assert_eq!(model.export_data().unwrap().choice.part, ExportPart::Whole);
}

/// Nothing else is saved in place of what the user chose.
#[test]
fn a_part_that_is_gone_is_not_saved() {
    let mut model = opened();
    model.perform(Action::SelectSeq { seq: 4 });
    model.perform(Action::Export);
    choose(&mut model, ExportPart::Selected, ExportFormat::Log, false);
    let text = "type:VISIBILITY_CHANGED".to_owned();
    model.perform(Action::SetFilter { text });
    model.refresh();
    assert_eq!(save(&mut model), None);
    let said = model.notices.iter().last().unwrap().text.clone();
    assert!(said.ends_with("what was chosen is gone"), "{said}");
}

#[test]
fn each_opening_begins_with_the_setting_for_redaction() {
    let mut model = opened();
    let is_redacted = |model: &mut Model| {
        model.perform(Action::Export);
        model.export_data().unwrap().choice.redacted
    };
    assert!(is_redacted(&mut model));
    choose(&mut model, ExportPart::Whole, ExportFormat::Log, false);
    model.perform(Action::CloseExport);
    assert!(is_redacted(&mut model));
    choose(&mut model, ExportPart::Whole, ExportFormat::Log, false);
    assert!(save(&mut model).is_some());
    assert!(is_redacted(&mut model));
    model.perform(Action::SetRedaction { on: false });
    assert!(!is_redacted(&mut model));
}

/// While recording is paused, nobody knows what has become of a call: no clock goes on.
#[test]
fn clocks_stand_while_recording_is_paused() {
    let mut model = attached(
        r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7","iFrameUrl":"https://localhost:9025"}
        widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"externalCallId":"a","toNumber":"+1555"}}
        widget {"type":"CALL_ANSWERED","messageId":"18_3","data":{"externalCallId":"a"}}
        "#,
    );
    let view = View::Calls;
    model.perform(Action::ShowView { view });
    let start = model.now;
    let at = |model: &mut Model, seconds: f64| {
        let wakes = model.tick(start + Millis(seconds * 1_000.0));
        let bar = model.bar_data().unwrap().states;
        let call = bar.last().unwrap().1.clone();
        let table = model.calls_data().table.rows[0].clone();
        assert!(table.counts_time());
        let talked = table.talking.map(Lasting::words);
        (call, talked, wakes)
    };
    let shown = |model: &mut Model, seconds: f64| at(model, seconds).0;
    assert!(shown(&mut model, 5.0).starts_with("Answered 00:05"));
    model.take_announcement();
    assert_eq!(at(&mut model, 6.0).2, Some(1_000.0));
    model.perform(Action::SetRecording { on: false });
    let paused = at(&mut model, 9.0);
    assert!(paused.0.starts_with("Answered 00:06"), "{paused:?}");
    assert_ne!(paused.2, Some(1_000.0), "no second is counted");
    let (call, talked, _) = paused;
    let is_same = |(other, lasted, _): (String, Option<String>, Option<f64>)| {
        (other, lasted) == (call.clone(), talked.clone())
    };
    assert!(is_same(at(&mut model, 60.0)));
    // What the recorder says meanwhile does not set it going.
    let status = RecorderStatus {
        now: START + 70_000.0,
        passed: 3,
        ..RecorderStatus::default()
    };
    model.handle(Event::Received(encode(&ToPanel::Status { status })));
    assert!(is_same(at(&mut model, 80.0)));
    model.perform(Action::SetRecording { on: true });
    let resumed = shown(&mut model, 90.0);
    assert!(resumed.starts_with("Answered 01:39"), "{resumed}");
}

#[test]
fn a_pause_is_said() {
    let mut model = attached("");
    assert_eq!(model.paused_words(), None);
    model.perform(Action::SetRecording { on: false });
    model.tick(model.now);
    let words = model.paused_words().unwrap();
    assert!(words.starts_with("Paused since "), "{words}");
    assert!(words.ends_with(": no message has come since"), "{words}");
    for (passed, expected) in [
        (1, ": 1 message has come since, and is not recorded"),
        (
            1_234,
            ": 1,234 messages have come since, and are not recorded",
        ),
    ] {
        let status = RecorderStatus {
            passed,
            ..RecorderStatus::default()
        };
        model.handle(Event::Received(encode(&ToPanel::Status { status })));
        let words = model.paused_words().unwrap();
        assert!(words.ends_with(expected), "{words}");
    }
    model.perform(Action::SetRecording { on: true });
    model.tick(model.now);
    assert_eq!(model.paused_words(), None);
}
