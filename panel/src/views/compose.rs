//! The form for `DIAL_NUMBER`.

use callscope_session_view::composer::DraftField;
use egui::{RichText, TextEdit, Ui};

use super::parts::{
    Actions, button_ui, folded_section_ui, lay_out_line, lines_ui, link_ui, primary_button_ui,
    prose_ui, scroll_area, sentence_ui,
};
use crate::action::Action;
use crate::icons::Icon;
use crate::model::{ComposeData, Folds, SendOutcome};
use crate::theme::{Palette, size};

/// The width of the names beside fields: the longest is `calleeInfo.calleeObjectTypeId`.
const FIELD_NAME: f32 = 222.0;

/// The width of the names and fields.
const FORM: f32 = 480.0;

/// Draws the form.
pub(crate) fn compose_ui(ui: &mut Ui, data: &ComposeData, folds: &Folds, actions: &mut Actions) {
    let palette = Palette::of(ui);
    ui.painter()
        .rect_filled(ui.available_rect_before_wrap(), 0.0, palette.bg);
    scroll_area("compose").show(ui, |ui| {
        egui::Frame::new().inner_margin(egui::Margin::same(12)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(RichText::new("DIAL_NUMBER").monospace().size(size::TITLE));
            prose_ui(
                ui,
                RichText::new("Tells the widget that the user clicked a number in HubSpot. It is posted from the HubSpot page, so the widget's SDK cannot tell it from HubSpot's own.")
                    .color(palette.weak),
            );
            ui.add_space(2.0 * size::STEP);
            if ui.available_width() >= FORM + 300.0 {
                ui.horizontal_top(|ui| {
                    ui.vertical(|ui| {
                        ui.set_width(FORM);
                        form_ui(ui, data, folds, actions);
                    });
                    ui.add_space(4.0 * size::STEP);
                    ui.vertical(|ui| preview_ui(ui, data, actions));
                });
            } else {
                form_ui(ui, data, folds, actions);
                ui.add_space(2.0 * size::STEP);
                preview_ui(ui, data, actions);
            }
        });
    });
}

fn form_ui(ui: &mut Ui, data: &ComposeData, folds: &Folds, actions: &mut Actions) {
    if data.targets.len() > 1 {
        ui.horizontal(|ui| {
            ui.label("To");
            let name = data.targets.iter().find(|(id, _)| Some(*id) == data.target);
            egui::ComboBox::from_id_salt("target")
                .selected_text(name.map_or("", |(_, name)| name.as_str()))
                .show_ui(ui, |ui| {
                    for (id, name) in &data.targets {
                        if ui
                            .selectable_label(Some(*id) == data.target, name)
                            .clicked()
                        {
                            actions.push(Action::ChooseTarget { conversation: *id });
                        }
                    }
                });
        });
    }
    // What HubSpot has sent since the beginning, and what the session knows, comes first.
    let is_first =
        |field: &&DraftField| !field.value.is_empty() || field.is_of_the_first_packages();
    for field in data.fields.iter().filter(is_first) {
        field_ui(ui, field, actions);
    }
    let count = data.fields.iter().filter(|it| !is_first(it)).count();
    let remark = format!("{count} that HubSpot may send as well");
    if count > 0 && folded_section_ui(ui, actions, folds, "More fields", &remark, false) {
        for field in data.fields.iter().filter(|it| !is_first(it)) {
            field_ui(ui, field, actions);
        }
    }
    ui.add_space(size::STEP);
    button_ui(ui, actions, Action::ResetDialForm);
}

fn field_ui(ui: &mut Ui, field: &DraftField, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let mut value = field.value.clone();
    let is_narrow = ui.available_width() < FIELD_NAME + 220.0;
    let mut name = RichText::new(&field.path).monospace();
    if !field.is_required() && field.value.is_empty() {
        name = name.color(palette.weak);
    }
    // In a narrow panel the name stands over its field.
    if is_narrow {
        ui.label(name.clone()).on_hover_text(&field.about);
    }
    ui.horizontal_wrapped(|ui| {
        if !is_narrow {
            let left = ui.cursor().left();
            ui.label(name).on_hover_text(&field.about);
            indent_ui(ui, left);
        }
        let width: f32 = if field.choices().is_empty() {
            220.0
        } else {
            90.0
        };
        let mut layouter = lay_out_line;
        let edit = TextEdit::singleline(&mut value)
            .align(egui::Align2::LEFT_CENTER)
            .layouter(&mut layouter)
            .desired_width(width.min(ui.available_width() - 2.0 * size::STEP));
        ui.add(edit)
            .accessible_name(field.path.clone())
            .on_hover_text(&field.about);
        for choice in field.choices() {
            if ui.selectable_label(value == *choice, *choice).clicked() {
                // A second click takes the choice back.
                value = if value == *choice {
                    String::new()
                } else {
                    (*choice).to_owned()
                };
            }
        }
    });
    if let Some(problem) = &field.problem {
        ui.horizontal_top(|ui| {
            if !is_narrow {
                let left = ui.cursor().left();
                indent_ui(ui, left);
            }
            lines_ui(ui, problem, palette.warning);
        });
    }
    if value != field.value {
        actions.push(Action::SetDialField {
            field: field.path.clone(),
            value,
        });
    }
}

/// Goes to where the fields begin, in a line that began at `left`.
fn indent_ui(ui: &mut Ui, left: f32) {
    let space = left + FIELD_NAME - ui.cursor().left();
    ui.add_space(space.max(0.0));
}

fn preview_ui(ui: &mut Ui, data: &ComposeData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    ui.horizontal(|ui| {
        ui.weak("Will be posted");
        let copy = Action::Copy {
            what: "Message".to_owned(),
            text: data.preview.clone(),
        };
        link_ui(ui, actions, "copy", copy);
    });
    egui::Frame::new()
        .fill(palette.panel)
        .stroke(egui::Stroke::new(1.0, palette.divider))
        .corner_radius(2)
        .inner_margin(8)
        .show(ui, |ui| {
            ui.set_width(ui.available_width().min(size::PROSE));
            ui.add(egui::Label::new(RichText::new(&data.preview).monospace()).wrap());
        });
    ui.add_space(2.0 * size::STEP);
    if let Some(obstacle) = &data.obstacle {
        sentence_ui(ui, Icon::Warning, palette.warning, &obstacle.words);
    }
    let is_sending = data.outcome == Some(SendOutcome::Sending);
    ui.horizontal(|ui| {
        let can_send = data.obstacle.is_none() && !is_sending;
        primary_button_ui(ui, actions, Action::SendDial { anyway: false }, can_send);
        if data.obstacle.as_ref().is_some_and(|it| it.can_send_anyway) && !is_sending {
            button_ui(ui, actions, Action::SendDial { anyway: true });
        }
    });
    match &data.outcome {
        None => {}
        Some(SendOutcome::Sending) => {
            ui.weak("Sending…");
        }
        Some(SendOutcome::Sent { message_id }) => {
            sentence_ui(
                ui,
                Icon::Ok,
                palette.ok,
                "Sent, and the widget's frame received it.",
            );
            link_ui(
                ui,
                actions,
                "Show it in the timeline",
                Action::ShowMessage {
                    message_id: message_id.clone(),
                },
            );
        }
        Some(SendOutcome::Failed { reason }) => {
            sentence_ui(ui, Icon::Error, palette.error, reason);
        }
    }
}
