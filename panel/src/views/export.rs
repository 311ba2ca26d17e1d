//! The export sheet, above the view, which stays usable.

use callscope_session_view::visible::sentence;
use callscope_session_view::words;
use egui::{Align, Layout, Rect, RichText, TextEdit, Ui, UiBuilder, pos2, vec2};

use super::parts::{
    Actions, button_ui, finished_ui, galley, is_entered, is_low, lay_out_line, one_line,
    primary_button_ui, prose_ui, radios_ui, rows_in, sentence_ui, value_ui, words_ui,
};
use crate::action::{Action, ExportChoice, ExportFormat};
use crate::icons::Icon;
use crate::model::ExportData;
use crate::theme::{Palette, mono, size};

/// How many replacements are shown without unfolding all.
const EXAMPLES: usize = 4;

/// Rules look at the lengths and the beginnings of numbers.
const DIGITS: &str = "Digits become other digits, so that what is checked about numbers stays the \
                      same: a replaced number looks like a real one.";

/// The most of the height that the sheet takes.
const MOST: f32 = 0.6;

/// A view with less room than this, for its tabs and some rows, leaves it to the sheet.
const LEAST_VIEW: f32 = size::BAR + 2.0 * size::ROW;

/// Draws the sheet; its buttons are always in sight.
pub(crate) fn export_ui(ui: &mut Ui, data: &ExportData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let margin = egui::Margin::symmetric(8, if is_low(ui) { 2 } else { 6 });
    let room = ui.available_height();
    let most = if room * (1.0 - MOST) < LEAST_VIEW {
        room
    } else {
        room * MOST
    };
    let most = most - margin.sum().y;
    egui::Frame::new()
        .fill(palette.panel)
        .inner_margin(margin)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let mut added = Actions::new();
            finished_ui(
                ui,
                "export",
                most,
                |ui| body_ui(ui, data, actions),
                |ui| buttons_ui(ui, data, &mut added),
            );
            actions.append(&mut added);
        });
}

fn body_ui(ui: &mut Ui, data: &ExportData, actions: &mut Actions) {
    let choose = |change: &dyn Fn(&mut ExportChoice)| {
        let mut choice = data.choice.clone();
        change(&mut choice);
        Action::ChooseExport { choice }
    };
    // First, with what it does, so that both are in sight above the buttons however low the panel
    // is.
    let mut redacted = data.choice.redacted;
    if ui
        .checkbox(&mut redacted, "Redact names, numbers, e-mails and ids")
        .changed()
    {
        actions.push(choose(&|it| it.redacted = redacted));
    }
    preview_ui(ui, data);
    radios_ui(ui, "Export", |ui| {
        for (part, words) in &data.parts {
            if ui.radio(data.choice.part == *part, words).clicked() {
                actions.push(choose(&|it| it.part = *part));
            }
        }
    });
    radios_ui(ui, "As", |ui| {
        for format in ExportFormat::ALL {
            let response = ui.radio(data.choice.format == format, format.title());
            if response.on_hover_text(format.tooltip()).clicked() {
                actions.push(choose(&|it| it.format = format));
            }
        }
    });
    ui.horizontal(|ui| {
        let mut name = data.choice.name.clone();
        let width = galley(ui, &data.name, mono(), Palette::of(ui).text)
            .size()
            .x
            + 4.0 * size::STEP;
        let width = width.max(260.0).min(ui.available_width());
        let response = ui.add(
            TextEdit::singleline(&mut name)
                .hint_text(&data.name)
                .layouter(&mut lay_out_line)
                .desired_width(width),
        );
        response
            .widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "File name"));
        if response.changed() {
            actions.push(choose(&|it| it.name.clone_from(&name)));
        }
        if is_entered(&response) {
            if data.can_save {
                actions.push(Action::SaveExport);
            } else {
                response.request_focus();
            }
        }
    });
}

/// Draws what the file will hold, and what is replaced in it.
fn preview_ui(ui: &mut Ui, data: &ExportData) {
    let palette = Palette::of(ui);
    let mut holds = data.preview.holds.clone();
    if data.grown > 0 {
        holds.push_str(", and ");
        holds.push_str(&words::count(data.grown));
        holds.push_str(" that came since this was opened");
    }
    if data.choice.redacted {
        let mut words = holds;
        match data.preview.replaced {
            Some((0, _)) => words.push_str(". Nothing in it has to be replaced"),
            Some((values, places)) => {
                words.push_str(". ");
                words.push_str(&words::counted(values, "value"));
                words.push_str(" replaced in ");
                words.push_str(&words::counted(places, "place"));
            }
            None => {}
        }
        let all = &data.preview.replaced_values;
        let examples: Vec<String> = all.iter().take(EXAMPLES).map(replacement).collect();
        if !examples.is_empty() {
            words.push_str(": ");
            words.push_str(&examples.join(", "));
        }
        if all.len() > EXAMPLES {
            words.push_str(", …");
        }
        prose_ui(ui, RichText::new(words).color(palette.weak));
        if !all.is_empty() {
            prose_ui(ui, RichText::new(DIGITS).color(palette.weak));
        }
        if all.len() > EXAMPLES {
            replaced_ui(ui, all);
        }
    } else {
        let words = format!(
            "{holds}. The file will hold phone numbers, names and ids as they were: not for a \
             public bug report.",
        );
        sentence_ui(ui, Icon::Warning, palette.warning, &words);
    }
}

fn replacement((before, after): &(String, String)) -> String {
    format!("{} → {}", sentence(before), sentence(after))
}

/// Draws all that is replaced, folded: there may be thousands of values.
fn replaced_ui(ui: &mut Ui, all: &[(String, String)]) {
    let title = format!("All {} values", words::count(all.len() as u64));
    egui::CollapsingHeader::new(title)
        .id_salt("replaced")
        .show(ui, |ui| {
            let extent = vec2(ui.available_width(), all.len() as f32 * size::ROW);
            let (rect, _) = ui.allocate_exact_size(extent, egui::Sense::hover());
            let viewport = ui.clip_rect().translate(-rect.min.to_vec2());
            let seen = rows_in(viewport, all.len());
            for (row, one) in all.iter().enumerate().skip(seen.start).take(seen.len()) {
                let top = rect.top() + row as f32 * size::ROW;
                let line = Rect::from_min_size(pos2(rect.left(), top), vec2(extent.x, size::ROW));
                let place = UiBuilder::new()
                    .scope_id(ui.scope_id().with(row))
                    .max_rect(line)
                    .layout(Layout::left_to_right(Align::Center));
                ui.scope_builder(place, |ui| {
                    value_ui(ui, RichText::new(one_line(&replacement(one))).monospace());
                });
            }
        });
}

fn buttons_ui(ui: &mut Ui, data: &ExportData, actions: &mut Actions) {
    ui.horizontal_wrapped(|ui| {
        let can_save = data.can_save && !data.is_waiting;
        let save = primary_button_ui(ui, actions, Action::SaveExport, can_save);
        // Once, as soon as it takes the keyboard: then Enter saves.
        let opening = egui::Id::unique("callscope export opening");
        let is_new = ui.data(|it| it.get_temp(opening)) != Some(data.opening);
        if is_new && data.can_save {
            save.request_focus();
            ui.data_mut(|it| it.insert_temp(opening, data.opening));
        }
        if data.can_save {
            button_ui(ui, actions, Action::CopyExport);
        }
        button_ui(ui, actions, Action::CloseExport);
        if data.is_waiting {
            words_ui(
                ui,
                "Waiting for what the page has still to tell…",
                Palette::of(ui).weak,
            );
        }
    });
}
