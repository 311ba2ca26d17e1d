//! The Overrides view: the `LocalSettings` override.

use callscope_session_view::visible::{name, sentence};
use egui::{Grid, Id, RichText, TextEdit, Ui};

use super::parts::{
    Actions, button_ui, enabled_ui, lay_out_line, lay_out_lines, primary_button_ui, prose_ui,
    radio_group, scroll_area, sentence_ui, value_ui,
};
use crate::action::Action;
use crate::icons::Icon;
use crate::model::{
    ChangeData, FieldKind, KeyData, KeyState, OverrideField, OverridesData, WriteOutcome,
};
use crate::theme::{Palette, size};

/// Draws the view.
pub(crate) fn overrides_ui(ui: &mut Ui, data: &OverridesData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    ui.painter()
        .rect_filled(ui.available_rect_before_wrap(), 0.0, palette.bg);
    scroll_area("overrides").show(ui, |ui| {
        egui::Frame::new().inner_margin(egui::Margin::same(12)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(RichText::new("LocalSettings override").size(size::TITLE));
            prose_ui(
                ui,
                RichText::new("Makes this browser's HubSpot load another widget, such as your local build. Written into the page's localStorage; HubSpot reads it when the page loads.")
                    .color(palette.weak),
            );
            ui.add_space(2.0 * size::STEP);
            if let Some(obstacle) = &data.obstacle {
                sentence_ui(ui, Icon::Warning, palette.warning, obstacle);
                ui.add_space(size::STEP);
            }
            enabled_ui(ui, data.obstacle.is_none(), |ui| body_ui(ui, data, actions));
        });
    });
}

fn body_ui(ui: &mut Ui, data: &OverridesData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    ui.scope(|ui| {
        radio_group(ui, "Key");
        for (index, key) in data.keys.iter().enumerate() {
            key_ui(ui, data, index, key, actions);
        }
    });
    if data.both_set {
        sentence_ui(
            ui,
            Icon::Warning,
            palette.warning,
            "Both keys are set. Which one counts depends on the page that reads them; clear the one that you do not mean.",
        );
    }
    ui.add_space(2.0 * size::STEP);
    ui.separator();
    ui.add_space(size::STEP);
    if !data.choices.is_empty() {
        choices_ui(ui, data, actions);
    } else if ui.available_width() >= 640.0 {
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(340.0);
                fields_ui(ui, data, actions);
            });
            ui.add_space(4.0 * size::STEP);
            ui.vertical(|ui| json_ui(ui, data, actions));
        });
    } else {
        fields_ui(ui, data, actions);
        ui.add_space(2.0 * size::STEP);
        json_ui(ui, data, actions);
    }
    ui.add_space(2.0 * size::STEP);
    remarks_ui(ui, data);
    ui.horizontal_wrapped(|ui| {
        let can_set = data.problem.is_none() && !data.is_waiting;
        let set = primary_button_ui(ui, actions, Action::SetOverride, can_set);
        if let Some(why_not) = &data.why_not {
            set.on_disabled_hover_text(why_not);
        }
        button_ui(ui, actions, Action::ReloadPage);
        button_ui(ui, actions, Action::ReadOverrides);
    });
    outcome_ui(ui, data);
    changes_ui(ui, &data.changes, actions);
}

/// How much room the remarks on a key's draft have had, in a view of this width.
#[derive(Clone, Copy)]
struct Room {
    chosen: usize,
    width: f32,
    height: f32,
}

/// Draws what is to be said about the draft, in as much room as it has had before: what is below
/// does not move while the user writes.
fn remarks_ui(ui: &mut Ui, data: &OverridesData) {
    let palette = Palette::of(ui);
    let id = Id::unique("callscope override remarks");
    let width = ui.available_width();
    let before: Option<Room> = ui.data(|it| it.get_temp(id));
    let before = before.filter(|it| it.chosen == data.chosen && (it.width - width).abs() < 1.0);
    let least = before.map_or(size::LINE, |it| it.height);
    let drawn = ui.scope(|ui| {
        ui.set_min_height(least);
        for remark in &data.remarks {
            sentence_ui(ui, Icon::Note, palette.weak, remark);
        }
        // A draft that the user has not touched gets no error, only the reason why it cannot be
        // set.
        match (&data.problem, &data.why_not) {
            (Some(problem), _) if data.is_touched => {
                sentence_ui(ui, Icon::Error, palette.error, problem);
            }
            (_, Some(why_not)) => sentence_ui(ui, Icon::Note, palette.weak, why_not),
            _ => {}
        }
    });
    let room = Room {
        chosen: data.chosen,
        width,
        height: drawn.response.rect.height().max(least),
    };
    ui.data_mut(|it| it.insert_temp(id, room));
}

/// Draws the values that the key can have.
fn choices_ui(ui: &mut Ui, data: &OverridesData, actions: &mut Actions) {
    ui.scope(|ui| {
        radio_group(ui, "Value");
        for (value, about) in data.choices {
            about_ui(ui, about, |ui| {
                let text = RichText::new(*value).monospace();
                if ui.radio(data.draft == *value, text).clicked() {
                    let text = (*value).to_owned();
                    actions.push(Action::SetOverrideText { text });
                }
            });
        }
    });
}

/// Draws the changes made since the panel opened.
fn changes_ui(ui: &mut Ui, changes: &[ChangeData], actions: &mut Actions) {
    if changes.is_empty() {
        return;
    }
    let palette = Palette::of(ui);
    ui.add_space(2.0 * size::STEP);
    ui.separator();
    ui.label("Changed since this panel was opened");
    for (index, data) in changes.iter().enumerate() {
        let change = &data.change;
        let told = |value: &Option<String>| match value {
            Some(value) => sentence(&value.chars().take(200).collect::<String>()).into_owned(),
            None => "not set".to_owned(),
        };
        ui.push_id(("change", index), |ui| {
            ui.add_space(size::STEP);
            let name = format!("{}  {}", data.time, change.key);
            ui.add(egui::Label::new(RichText::new(name).monospace()).wrap());
            for (when, value) in [("before", &change.before), ("after", &change.after)] {
                let text = format!("{when}: {}", told(value));
                prose_ui(ui, RichText::new(text).color(palette.weak));
            }
            if data.can_restore {
                let restore = Action::RestoreOverride {
                    key: change.key.clone(),
                    value: change.before.clone(),
                };
                button_ui(ui, actions, restore);
            }
        });
    }
}

/// Draws a choice and its explanation: beside it, or below it where space is tight.
fn about_ui(ui: &mut Ui, about: &str, choice: impl FnOnce(&mut Ui)) {
    if ui.available_width() < size::TWO_LINES {
        choice(ui);
        ui.horizontal_top(|ui| {
            ui.add_space(size::ICON + size::STEP);
            ui.add(egui::Label::new(RichText::new(about).weak()).wrap());
        });
    } else {
        ui.horizontal(|ui| {
            choice(ui);
            ui.weak(about);
        });
    }
}

fn key_ui(ui: &mut Ui, data: &OverridesData, index: usize, key: &KeyData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    about_ui(ui, key.about, |ui| {
        let text = RichText::new(key.key).monospace();
        if ui.radio(data.chosen == index, text).clicked() {
            let key = key.key.to_owned();
            actions.push(Action::ChooseOverrideKey { key });
        }
    });
    ui.horizontal_top(|ui| {
        ui.add_space(size::ICON + size::STEP);
        match &key.state {
            KeyState::Unread => {
                ui.weak(if data.is_waiting {
                    "Reading…"
                } else {
                    "Not read yet"
                });
            }
            KeyState::Unset => {
                ui.weak("Not set");
            }
            KeyState::Set(value) => {
                ui.vertical(|ui| {
                    ui.horizontal(|ui| {
                        ui.colored_label(palette.ok, "Set");
                        let key = key.key.to_owned();
                        button_ui(ui, actions, Action::ClearOverride { key });
                    });
                    value_ui(ui, RichText::new(sentence(value)).monospace());
                });
            }
        }
    });
    ui.add_space(size::STEP);
}

fn outcome_ui(ui: &mut Ui, data: &OverridesData) {
    let palette = Palette::of(ui);
    match &data.outcome {
        None => {}
        Some(WriteOutcome::Failed { reason }) => {
            sentence_ui(ui, Icon::Error, palette.error, reason);
        }
        Some(WriteOutcome::Done { key, value, .. }) => {
            let done = if value.is_some() {
                "is set"
            } else {
                "is cleared"
            };
            let text = format!("{key} {done}. Reload the page, so that HubSpot reads it.");
            sentence_ui(ui, Icon::Ok, palette.ok, &text);
        }
    }
}

fn fields_ui(ui: &mut Ui, data: &OverridesData, actions: &mut Actions) {
    Grid::new("override fields")
        .num_columns(2)
        .spacing([8.0, 4.0])
        .show(ui, |ui| {
            for field in &data.fields {
                ui.label(RichText::new(field.name).monospace())
                    .on_hover_text(field.about);
                enabled_ui(ui, field.is_editable, |ui| field_ui(ui, field, actions));
                ui.end_row();
            }
        });
}

fn field_ui(ui: &mut Ui, field: &OverrideField, actions: &mut Actions) {
    let mut value = field.value.clone();
    match field.kind {
        FieldKind::Flag => {
            let mut is_on = value == "true";
            let words = if value.is_empty() {
                "not given"
            } else {
                value.as_str()
            };
            if ui
                .checkbox(&mut is_on, name(words))
                .on_hover_text(field.about)
                .changed()
            {
                value = is_on.to_string();
            }
        }
        FieldKind::Text | FieldKind::Number => {
            let width: f32 = if field.kind == FieldKind::Number {
                80.0
            } else {
                260.0
            };
            let mut layouter = lay_out_line;
            let edit = TextEdit::singleline(&mut value)
                .align(egui::Align2::LEFT_CENTER)
                .hint_text(if field.name == "url" {
                    "https://localhost:9025/"
                } else {
                    ""
                })
                // It would only take the keyboard away, and the next letters would be shortcuts.
                .return_key(None)
                .layouter(&mut layouter)
                .desired_width(width.min(ui.available_width() - 2.0 * size::STEP));
            ui.add(edit)
                .accessible_name(field.name)
                .on_hover_text(field.about);
        }
    }
    if value != field.value {
        actions.push(Action::SetOverrideField {
            field: field.name.to_owned(),
            value,
        });
    }
}

fn json_ui(ui: &mut Ui, data: &OverridesData, actions: &mut Actions) {
    ui.weak("As JSON, with whatever else HubSpot's settings know");
    let mut text = data.draft.clone();
    let mut layouter = lay_out_lines;
    let edit = TextEdit::multiline(&mut text)
        .code_editor()
        // Tab moves the focus on, as everywhere.
        .lock_focus(false)
        .layouter(&mut layouter)
        .desired_rows(6)
        .desired_width(ui.available_width().min(size::PROSE));
    ui.add(edit).accessible_name("JSON");
    if text != data.draft {
        actions.push(Action::SetOverrideText { text });
    }
}
