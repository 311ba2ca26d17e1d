//! The export sheet.

use super::*;
use crate::action::ExportChoice;

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

#[test]
fn the_sheet_says_what_is_replaced_before_anything_is_saved() {
    for width in [300.0, 1100.0] {
        let mut harness = Harness::builder()
            .with_size(vec2(width, 700.0))
            .with_context_setup(crate::theme::apply)
            .allow_missing_glyphs()
            .build_ui_state(|ui, panel: &mut crate::app::Panel| panel.ui(ui), panel());
        harness.run();
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
fn a_choice_keeps_the_others() {
    let mut panel = panel();
    let choice = ExportChoice {
        name: "mine".to_owned(),
        ..ExportChoice::default()
    };
    panel.perform(Action::ChooseExport {
        choice: choice.clone(),
    });
    let mut harness = Harness::builder()
        .with_size(vec2(800.0, 700.0))
        .with_context_setup(crate::theme::apply)
        .allow_missing_glyphs()
        .build_ui_state(|ui, panel: &mut crate::app::Panel| panel.ui(ui), panel);
    harness.run();
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
