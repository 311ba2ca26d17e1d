//! The export sheet.

use super::*;
use crate::action::ExportChoice;
use crate::app::testing::whole_panel;

fn panel() -> crate::app::Panel {
    let mut model = Model::new(None, UtcOffset::UTC, false);
    let trace = r#"
        host {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        host {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100"}}
    "#;
    let text = crate::model::testing::log(&source(trace));
    let name = "trace".to_owned();
    model.perform(Action::ImportText { name, text });
    model.perform(Action::Export);
    model.handle(crate::event::Event::Salt([7; 16]));
    crate::app::Panel::new(model)
}

fn drawn(panel: crate::app::Panel, width: f32) -> Harness<'static, crate::app::Panel> {
    let mut harness = whole_panel(panel, vec2(width, 700.0));
    harness.run();
    harness
}

#[test]
fn the_sheet_says_what_is_replaced_before_anything_is_saved() {
    for width in [300.0, 1100.0] {
        let mut harness = drawn(panel(), width);
        harness.get_by_label_contains("1 value replaced in 1 place: +15550100 →");
        harness
            .get_by_label("Redact names, numbers, e-mails and ids")
            .click();
        harness.run();
        harness.get_by_label_contains("phone numbers, names and ids as they were");
        let save = harness.get_by_label("Save").rect();
        assert!(save.right() <= width, "{save:?}");
        harness.get_by_label("Save").click();
        harness.run();
        let effects = harness.state_mut().take_effects();
        let saved = effects.iter().any(
            |it| matches!(it, crate::event::Effect::Save { text, .. } if text.contains("+15550100")),
        );
        assert!(saved, "{effects:?}");
        assert!(
            harness.query_by_label("Save").is_none(),
            "the sheet is put away"
        );
    }
}

#[test]
fn a_redacted_file_is_marked_when_it_is_opened() {
    for redacted in [true, false] {
        let mut panel = panel();
        let choice = ExportChoice {
            redacted,
            ..ExportChoice::default()
        };
        panel.perform(Action::ChooseExport { choice });
        panel.perform(Action::SaveExport);
        let effects = panel.take_effects().into_iter().rev();
        let mut texts = effects.filter_map(|it| match it {
            crate::event::Effect::Save { text, .. } => Some(text),
            _ => None,
        });
        let text = texts.next().unwrap();
        let name = "again".to_owned();
        panel.perform(Action::ImportText { name, text });
        let harness = drawn(panel, 1100.0);
        let marked = harness.query_by_label("Saved session, redacted");
        assert_eq!(marked.is_some(), redacted);
    }
}

/// A panel with the sheet over a session with many numbers, one of them of a call.
fn panel_with_many() -> crate::app::Panel {
    let mut model = Model::new(None, UtcOffset::UTC, false);
    let mut trace = String::from(
        r#"widget {"type":"OUTGOING_CALL_STARTED","data":{"toNumber":"+15550100","externalCallId":"a"}}"#,
    );
    for number in 200..230 {
        let line =
            format!("\nhost {{\"type\":\"X\",\"data\":{{\"phoneNumber\":\"+15550{number}\"}}}}");
        trace.push_str(&line);
    }
    let text = crate::model::testing::log(&source(&trace));
    let name = "trace".to_owned();
    model.perform(Action::ImportText { name, text });
    model.perform(Action::MoveSelection {
        step: crate::action::Move::First,
    });
    model.perform(Action::Export);
    model.handle(crate::event::Event::Salt([7; 16]));
    crate::app::Panel::new(model)
}

#[test]
fn all_that_is_replaced_can_be_seen() {
    let mut harness = drawn(panel_with_many(), 1100.0);
    harness.get_by_label_contains("a replaced number looks like a real one");
    assert!(harness.query_by_label_contains("+15550205 →").is_none());
    harness.get_by_label("All 32 values").click();
    // It unfolds little by little.
    harness.run_steps(40);
    harness.get_by_label_contains("+15550205 →");
}

#[test]
fn the_choices_stand_apart_and_the_name_is_whole() {
    let mut harness = drawn(panel_with_many(), 1100.0);
    let first = harness.get_by_label("Whole session (31 messages)").rect();
    let call = harness.get_by_label_contains("Call 1 (").rect();
    assert!(call.left() - first.right() >= 12.0, "{first:?} {call:?}");
    let width =
        |harness: &Harness<'_, crate::app::Panel>| harness.get_by_label("File name").rect().width();
    assert!(width(&harness) > 260.0);
    let data = ExportChoice {
        name: "a-file-with-a-name-that-is-longer-than-what-is-made-from-date-and-time".to_owned(),
        ..ExportChoice::default()
    };
    let before = width(&harness);
    harness
        .state_mut()
        .perform(Action::ChooseExport { choice: data });
    harness.run();
    assert!(width(&harness) > before);
}

#[test]
fn what_the_file_will_hold_is_in_sight_in_a_low_panel() {
    for size in [vec2(1280.0, 220.0), vec2(300.0, 180.0), vec2(380.0, 300.0)] {
        let mut harness = drawn(panel_with_many(), size.x);
        harness.set_size(size);
        harness.state_mut().perform(Action::Export);
        harness.run_steps(4);
        let save = harness.get_by_label("Save").rect();
        let preview = harness.get_by_label_contains("values replaced in").rect();
        // At least its first line.
        let seen = save.top() - preview.top();
        assert!(
            seen >= crate::theme::size::LINE,
            "{size}: {preview} above {save}"
        );
    }
}

#[test]
fn a_choice_keeps_the_others() {
    let mut panel = panel();
    let choice = ExportChoice {
        name: "mine".to_owned(),
        ..ExportChoice::default()
    };
    panel.perform(Action::ChooseExport {
        choice: choice.clone(),
    });
    let mut harness = drawn(panel, 800.0);
    harness.get_by_label("HTML report").click();
    harness.run();
    harness.get_by_label("Save").click();
    harness.run();
    let effects = harness.state_mut().take_effects();
    let name = effects.iter().find_map(|it| match it {
        crate::event::Effect::Save { name, text } => Some((name.as_str(), text.contains("<svg"))),
        _ => None,
    });
    assert_eq!(name, Some(("mine.html", true)));
}

#[test]
fn the_buttons_are_in_sight_in_a_low_panel() {
    for size in [vec2(1280.0, 220.0), vec2(300.0, 180.0), vec2(380.0, 300.0)] {
        for panel in [panel, panel_with_many] {
            let mut harness = drawn(panel(), size.x);
            harness.set_size(size);
            harness.state_mut().perform(Action::Export);
            harness.run_steps(4);
            let status = size.y - 20.0;
            for label in ["Save", "Cancel"] {
                let button = harness.get_by_label(label).rect();
                assert!(button.bottom() <= status, "{size}: {label} at {button}");
            }
            harness.get_by_label("Save").click();
            harness.run_steps(4);
            assert!(harness.query_by_label("Save").is_none(), "{size}");
        }
    }
}
