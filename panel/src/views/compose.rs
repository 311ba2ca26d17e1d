//! The Compose view: what sends, the message's type and side, its form or JSON, and a preview.

use callscope_session_view::composer::{DraftField, FieldKind};
use callscope_session_view::visible::{sentence, visible};
use egui::{RichText, TextEdit, Ui};

use super::parts::{
    Actions, button_ui, folded_section_ui, icon_button_ui, lay_out_line, lay_out_lines, lines_ui,
    link_ui, prose_ui, scroll_area, sentence_ui, steady_ui,
};
use crate::action::Action;
use crate::icons::Icon;
use crate::model::{ComposeData, Folds};
use crate::theme::{Palette, size};

mod choices;
mod send;
mod snippets;

/// The width of the field names: the longest is `calleeInfo.calleeObjectTypeId`.
const FIELD_NAME: f32 = 222.0;

/// The width of names and fields together.
const FORM: f32 = 480.0;

/// In a view this high, the bar that sends is always in sight.
const FIXED: f32 = 140.0;

/// Draws the view.
pub(crate) fn compose_ui(ui: &mut Ui, data: &ComposeData, folds: &Folds, actions: &mut Actions) {
    let palette = Palette::of(ui);
    ui.painter()
        .rect_filled(ui.available_rect_before_wrap(), 0.0, palette.bg);
    // In a low panel it is scrolled with the rest, which has no room otherwise.
    let is_fixed = ui.available_height() >= FIXED;
    let send_ui = |ui: &mut Ui, actions: &mut Actions| {
        steady_ui(ui, "send", |ui| send::send_ui(ui, data, actions));
    };
    if is_fixed {
        send_ui(ui, actions);
    }
    scroll_area("compose").show(ui, |ui| {
        if !is_fixed {
            send_ui(ui, actions);
        }
        egui::Frame::new()
            .inner_margin(egui::Margin::same(12))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                choices::choices_ui(ui, data, actions);
                if let Some(summary) = data.summary {
                    prose_ui(ui, RichText::new(summary).color(palette.weak));
                }
                if let Some(remark) = data.remark {
                    sentence_ui(ui, Icon::Note, palette.warning, remark);
                }
                ui.add_space(2.0 * size::STEP);
                if ui.available_width() >= FORM + 300.0 {
                    ui.horizontal_top(|ui| {
                        ui.vertical(|ui| {
                            ui.set_width(FORM);
                            message_ui(ui, data, folds, actions);
                        });
                        ui.add_space(4.0 * size::STEP);
                        ui.vertical(|ui| preview_ui(ui, data, actions));
                    });
                } else {
                    message_ui(ui, data, folds, actions);
                    ui.add_space(2.0 * size::STEP);
                    preview_ui(ui, data, actions);
                }
            });
    });
}

fn message_ui(ui: &mut Ui, data: &ComposeData, folds: &Folds, actions: &mut Actions) {
    if data.is_json {
        json_ui(ui, data, actions);
    } else {
        form_ui(ui, data, folds, actions);
    }
    problems_ui(ui, data);
    ui.add_space(size::STEP);
    button_ui(ui, actions, Action::ResetDraft);
    ui.add_space(2.0 * size::STEP);
    snippets::snippets_ui(ui, &data.snippets, folds, actions);
}

fn form_ui(ui: &mut Ui, data: &ComposeData, folds: &Folds, actions: &mut Actions) {
    if data.fields.is_empty() {
        ui.weak("It has no fields.");
    }
    let is_first = |field: &&DraftField| field.is_usual || !field.value.is_empty();
    let mut item = "";
    for field in data.fields.iter().filter(is_first) {
        item = item_ui(ui, field, item, actions);
        field_ui(ui, field, actions);
    }
    let count = data.fields.iter().filter(|it| !is_first(it)).count();
    let remark = format!("{count} that may be sent as well");
    if count > 0 && folded_section_ui(ui, actions, folds, "More fields", &remark, false) {
        let mut item = "";
        for field in data.fields.iter().filter(|it| !is_first(it)) {
            item = item_ui(ui, field, item, actions);
            field_ui(ui, field, actions);
        }
    }
    if !data.beyond.is_empty() {
        let names: Vec<String> = data
            .beyond
            .iter()
            .take(8)
            .map(|it| visible(it).into())
            .collect();
        let more = if data.beyond.len() > 8 { ", …" } else { "" };
        let text = format!(
            "Also in the message: {}{more}. Change that as JSON.",
            names.join(", ")
        );
        sentence_ui(ui, Icon::Note, Palette::of(ui).weak, &text);
    }
}

/// Draws a heading before the first field of a list item; returns the item's path.
fn item_ui<'a>(ui: &mut Ui, field: &'a DraftField, before: &str, actions: &mut Actions) -> &'a str {
    let Some((list, index)) = item_of(&field.path) else {
        return "";
    };
    let item = field.path.split_once(']').map_or("", |(item, _)| item);
    if item != before {
        ui.horizontal(|ui| {
            let name = list.strip_prefix("data.").unwrap_or(list);
            ui.label(RichText::new(format!("{name}, item {}", index + 1)).monospace());
            let remove = Action::RemoveDraftItem {
                field: list.to_owned(),
                index,
            };
            icon_button_ui(ui, actions, Icon::Close, Palette::of(ui).weak, remove);
        });
    }
    item
}

/// The list and index of the item that a field belongs to.
fn item_of(path: &str) -> Option<(&str, usize)> {
    let (list, rest) = path.split_once('[')?;
    let (index, _) = rest.split_once(']')?;
    Some((list, index.parse().ok()?))
}

fn field_ui(ui: &mut Ui, field: &DraftField, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let mut value = field.value.clone();
    let is_narrow = ui.available_width() < FIELD_NAME + 220.0;
    let short = match item_of(&field.path) {
        Some(_) => field.path.split_once("].").map_or("", |(_, name)| name),
        None => field.name(),
    };
    let mut name = RichText::new(short).monospace();
    if !field.is_required() && field.value.is_empty() {
        name = name.color(palette.weak);
    }
    // In a narrow panel, the name is above its field.
    if is_narrow {
        ui.label(name.clone()).on_hover_text(&field.about);
    }
    ui.horizontal_top(|ui| {
        if !is_narrow {
            let left = ui.cursor().left();
            ui.label(name).on_hover_text(&field.about);
            indent_ui(ui, left);
        }
        value_ui(ui, field, &mut value, actions);
    });
    let mut below_ui = |text: &str, color| {
        ui.horizontal_top(|ui| {
            if !is_narrow {
                let left = ui.cursor().left();
                indent_ui(ui, left);
            }
            lines_ui(ui, text, color);
        });
    };
    // The field edits the text itself, in which such a character takes the place of one.
    if visible(&field.value) != field.value {
        let text = format!("With what cannot be seen: {}", sentence(&field.value));
        below_ui(&text, palette.weak);
    }
    if let Some(problem) = &field.problem {
        below_ui(problem, palette.warning);
    }
    if value != field.value {
        actions.push(Action::SetDraftField {
            field: field.path.clone(),
            value,
        });
    }
}

fn value_ui(ui: &mut Ui, field: &DraftField, value: &mut String, actions: &mut Actions) {
    let choices: &[&str] = match field.kind() {
        FieldKind::Choice(choices) => choices,
        FieldKind::Flag => &["true", "false"],
        FieldKind::Text | FieldKind::Number | FieldKind::Json | FieldKind::List => &[],
    };
    let width: f32 = if choices.is_empty() { 220.0 } else { 90.0 };
    let hint = match field.kind() {
        _ if field.is_required() => "required",
        FieldKind::Number => "number",
        FieldKind::Json => "text or JSON",
        FieldKind::List => "list as JSON",
        FieldKind::Text | FieldKind::Choice(_) | FieldKind::Flag => "",
    };
    let mut layouter = lay_out_line;
    let edit = TextEdit::singleline(value)
        .id_salt(("draft", &field.path))
        .align(egui::Align2::LEFT_CENTER)
        .hint_text(hint)
        // It would only take the keyboard away, and the next letters would be shortcuts.
        .return_key(None)
        .layouter(&mut layouter)
        .desired_width(width.min(ui.available_width() - 2.0 * size::STEP));
    ui.add(edit)
        .accessible_name(field.name())
        .on_hover_text(&field.about);
    if !choices.is_empty() {
        // In a part of their own, those of the next line begin below the first.
        ui.horizontal_wrapped(|ui| value_choices_ui(ui, choices, value));
    }
    if field.kind() == FieldKind::List {
        let add = Action::AddDraftItem {
            field: field.path.clone(),
        };
        button_ui(ui, actions, add);
    }
}

fn value_choices_ui(ui: &mut Ui, choices: &[&str], value: &mut String) {
    for choice in choices {
        if ui.selectable_label(value == choice, *choice).clicked() {
            // A second click unselects the choice.
            *value = if value == choice {
                String::new()
            } else {
                (*choice).to_owned()
            };
        }
    }
}

/// Moves to where the fields begin, in a line that began at `left`.
fn indent_ui(ui: &mut Ui, left: f32) {
    let space = left + FIELD_NAME - ui.cursor().left();
    ui.add_space(space.max(0.0));
}

fn json_ui(ui: &mut Ui, data: &ComposeData, actions: &mut Actions) {
    ui.horizontal(|ui| {
        ui.weak("Will be posted as it is");
        copy_ui(ui, data, actions);
    });
    let mut text = data.preview.clone();
    let mut layouter = lay_out_lines;
    let edit = TextEdit::multiline(&mut text)
        .id_salt("message as JSON")
        .code_editor()
        // Tab moves the focus on, as everywhere.
        .lock_focus(false)
        .layouter(&mut layouter)
        .desired_rows(10)
        .desired_width(ui.available_width().min(size::PROSE));
    ui.add(edit).accessible_name("Message as JSON");
    if text != data.preview {
        actions.push(Action::SetDraftText { text });
    }
}

fn copy_ui(ui: &mut Ui, data: &ComposeData, actions: &mut Actions) {
    let copy = Action::Copy {
        what: "Message".to_owned(),
        text: data.preview.clone(),
    };
    link_ui(ui, actions, "copy", copy);
}

/// Draws the problems that are not shown at a field.
fn problems_ui(ui: &mut Ui, data: &ComposeData) {
    let palette = Palette::of(ui);
    for problem in data.problems.iter().take(20) {
        let (icon, color) = if problem.is_serious {
            (Icon::Warning, palette.warning)
        } else {
            (Icon::Note, palette.weak)
        };
        let path = &problem.path;
        let place = if path.is_empty() { "" } else { ": " };
        sentence_ui(ui, icon, color, &format!("{path}{place}{}", problem.words));
    }
}

/// Draws the message as it will be posted; as JSON, that is what is written.
fn preview_ui(ui: &mut Ui, data: &ComposeData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    if data.is_json {
        return;
    }
    ui.horizontal(|ui| {
        ui.weak("Will be posted");
        copy_ui(ui, data, actions);
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
}
