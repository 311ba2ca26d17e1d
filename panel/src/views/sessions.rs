//! The live session and an open saved one: which is shown, and which file is being read.

use callscope_session_view::visible::visible;
use callscope_session_view::words;
use egui::{Align, Layout, Response, Role, Ui, Vec2};

use super::parts::{
    Actions, at_end_ui, bar_ui, button_ui, cut_middle, icon_button_ui, icon_slot_ui, steady_ui,
    text_width,
};
use super::tabs::{arrows_between, tab_ui};
use crate::action::Action;
use crate::icons::Icon;
use crate::model::{OpeningFile, SavedSession, SessionsData};
use crate::theme::{self, Palette, size};

/// With less room than this, the facts about a saved session are left out.
const LEAST_FACTS: f32 = 120.0;

/// With less room for a name than this, the counts are shortened.
const LEAST_NAME: f32 = 80.0;

/// The most room that a name gets.
const LONGEST: f32 = 260.0;

/// The width of a session's tab besides its text.
const MARGIN: f32 = 3.0 * size::STEP;

/// Draws the sessions, if there is a saved one.
pub(crate) fn sessions_ui(ui: &mut Ui, data: &SessionsData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    if let Some(saved) = &data.saved {
        bar_ui(ui, palette.header, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = size::STEP;
                saved_ui(ui, data, saved, actions);
            });
        });
    }
}

fn session_ui(
    ui: &mut Ui,
    text: &str,
    name: &str,
    is_shown: bool,
    actions: &mut Actions,
) -> Response {
    let help = Action::SwitchSession.help(ui.ctx());
    let width = (text_width(ui, text) + MARGIN).min(ui.available_width());
    let tab = tab_ui(ui, text, width, name, is_shown, &help);
    if tab.clicked() && !is_shown {
        actions.push(Action::SwitchSession);
    }
    tab
}

/// What is written of the live session and after the saved one's name, from the longest form to the
/// shortest.
fn counts(live: usize, saved: usize) -> [[String; 2]; 3] {
    let (live, saved) = (live as u64, saved as u64);
    let form = |count: &dyn Fn(u64) -> String| {
        [
            format!("Live · {}", count(live)),
            format!(" · {}", count(saved)),
        ]
    };
    [
        form(&|number| words::counted(number, "message")),
        form(&words::count),
        ["Live".to_owned(), String::new()],
    ]
}

fn saved_ui(ui: &mut Ui, data: &SessionsData, saved: &SavedSession, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let gap = ui.spacing().item_spacing.x;
    let all = ui.available_width() - size::CONTROL - gap;
    let row = Vec2::new(all.max(0.0), size::CONTROL);
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        // On one line with the other, so that both stand at one height.
        let name = visible(&saved.name);
        let short = words::log_name(&name);
        let least = text_width(ui, short).min(LEAST_NAME);
        let forms = counts(data.live, saved.messages);
        let room = |ui: &Ui, [live, count]: &[String; 2]| {
            let texts = text_width(ui, live) + text_width(ui, count);
            ui.available_width() - texts - 2.0 * MARGIN - gap
        };
        let fits = forms.iter().find(|form| room(ui, form) >= least);
        let form = fits.unwrap_or(&forms[forms.len() - 1]);
        let room = room(ui, form);
        let [live, count] = form;
        let first = session_ui(ui, live, "Live session", !saved.is_shown, actions);
        // The name comes first, after the button.
        let shown = cut_middle(ui, short, &theme::body(), room.min(LONGEST));
        let text = format!("{shown}{count}");
        let second = session_ui(
            ui,
            &text,
            &format!("Saved session {name}"),
            saved.is_shown,
            actions,
        );
        arrows_between(ui, &[first, second]);
        if ui.available_width() >= LEAST_FACTS {
            let facts = egui::RichText::new(visible(&saved.facts)).weak();
            ui.add(egui::Label::new(facts).truncate());
        }
    });
    at_end_ui(ui, size::CONTROL, |ui| {
        steady_ui(ui, "close session", |ui| {
            icon_button_ui(ui, actions, Icon::Close, palette.text, Action::BackToLive);
        });
    });
}

/// Draws how far the file has been opened.
pub(crate) fn opening_ui(ui: &mut Ui, opening: &OpeningFile, actions: &mut Actions) {
    let palette = Palette::of(ui);
    bar_ui(ui, palette.header, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            button_ui(ui, actions, Action::CancelImport);
            let line = Vec2::new(ui.available_width(), size::CONTROL);
            ui.allocate_ui_with_layout(line, Layout::left_to_right(Align::Center), |ui| {
                icon_slot_ui(ui, Icon::Import, palette.accent);
                let progress = format!(
                    "{} %, {}",
                    opening.percent,
                    words::counted(opening.messages as u64, "message")
                );
                let room = ui.available_width() - text_width(ui, &format!("Opening : {progress}"));
                let name = visible(&opening.name);
                let shown = cut_middle(ui, &name, &theme::body(), room);
                let text = format!("Opening {shown}: {progress}");
                let response = ui.add(egui::Label::new(text).truncate());
                ui.ctx().accesskit_node_builder(response.id, |it| {
                    it.set_role(Role::ProgressIndicator);
                    it.set_label(format!("Opening {name}"));
                    it.set_value(progress);
                    it.set_min_numeric_value(0.0);
                    it.set_max_numeric_value(100.0);
                    it.set_numeric_value(opening.percent as f64);
                });
            });
        });
    });
}

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;
    use egui_kittest::kittest::{NodeT as _, Queryable as _};

    use super::*;
    use crate::layout::{Answer, Surveyor};

    fn harness(data: SessionsData) -> Harness<'static, Actions> {
        Harness::builder()
            .with_size(egui::vec2(300.0, 100.0))
            .with_context_setup(crate::theme::apply)
            .allow_missing_glyphs()
            .build_ui_state(
                move |ui, actions: &mut Actions| sessions_ui(ui, &data, actions),
                Actions::new(),
            )
    }

    #[test]
    fn a_click_changes_sessions() {
        for (is_shown, other) in [(true, "Live session"), (false, "Saved session a")] {
            let mut harness = harness(SessionsData {
                live: 1,
                saved: Some(SavedSession {
                    name: "a".to_owned(),
                    messages: 2,
                    facts: "Chrome 156".to_owned(),
                    is_shown,
                }),
                opening: None,
            });
            harness.run();
            harness.get_by_label(other).click();
            harness.run();
            assert_eq!(harness.state(), &[Action::SwitchSession]);
            harness.get_by_label(&Action::BackToLive.label()).click();
            harness.run();
            assert_eq!(harness.state().last(), Some(&Action::BackToLive));
        }
    }

    #[test]
    fn with_little_room_the_name_is_kept_rather_than_the_counts() {
        let log = "call with the wrong number.callscope.jsonl";
        for (messages, painted) in [
            (2, "call with the wrong number · 2"),
            (100_000, "call wi… number · 100,000"),
            (100_000_000, "call with the wrong number"),
        ] {
            let mut harness = harness(SessionsData {
                live: messages,
                saved: Some(SavedSession {
                    name: log.to_owned(),
                    messages,
                    facts: String::new(),
                    is_shown: true,
                }),
                opening: None,
            });
            let answer = Answer::default();
            harness.ctx.add_plugin(Surveyor::new(answer.clone()));
            harness.run();
            _ = answer.ask();
            harness.step();
            let found = answer.ask().unwrap();
            assert!(found.problems.is_empty(), "{:?}", found.problems.first());
            let texts: Vec<String> = found.texts.into_iter().map(|(text, _)| text).collect();
            assert_eq!(texts[1], painted, "{texts:?}");
        }
    }

    #[test]
    fn what_is_being_opened_can_be_canceled() {
        let opening = OpeningFile {
            name: format!("\u{202e}{}log.jsonl", "long-".repeat(20)),
            percent: 42,
            messages: 41_000,
        };
        let mut harness = Harness::builder()
            .with_size(egui::vec2(300.0, 100.0))
            .with_context_setup(crate::theme::apply)
            .allow_missing_glyphs()
            .build_ui_state(
                move |ui, actions: &mut Actions| opening_ui(ui, &opening, actions),
                Actions::new(),
            );
        harness.run();
        // However long the name is, the progress can be read.
        let mut shapes = harness.output().shapes.iter();
        assert!(shapes.any(|it| match &it.shape {
            egui::Shape::Text(text) => text.galley.text().ends_with(": 42 %, 41,000 messages"),
            _ => false,
        }));
        let bar = harness.get_by_role(Role::ProgressIndicator);
        let bar = bar.accesskit_node();
        assert!(
            bar.label()
                .unwrap()
                .starts_with("Opening \\u202elong-long-")
        );
        assert_eq!(bar.value().as_deref(), Some("42 %, 41,000 messages"));
        let numbers = [
            bar.min_numeric_value(),
            bar.numeric_value(),
            bar.max_numeric_value(),
        ];
        assert_eq!(numbers, [Some(0.0), Some(42.0), Some(100.0)]);
        harness.get_by_label("Cancel").click();
        harness.run();
        assert_eq!(harness.state(), &[Action::CancelImport]);
    }
}
