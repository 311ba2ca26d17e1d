//! The saved messages.

use egui::text::CCursorRange;
use egui::text_edit::TextEditState;
use egui::{Id, TextEdit, Ui};

use crate::action::Action;
use crate::icons::Icon;
use crate::model::{Folds, SnippetsData};
use crate::theme::{Palette, size};
use crate::views::parts::{
    Actions, button_ui, folded_section_ui, icon_button_ui, is_entered, keep_keyboard, lay_out_line,
    link_ui, text_width,
};

/// What stands after the name of the saved message that the draft was opened from.
const OPEN: &str = "open";

pub(super) fn snippets_ui(ui: &mut Ui, data: &SnippetsData, folds: &Folds, actions: &mut Actions) {
    let remark = match data.names.len() {
        0 => "none yet".to_owned(),
        count => count.to_string(),
    };
    let title = ui.next_auto_id();
    let is_unfolded = folded_section_ui(ui, actions, folds, "Saved messages", &remark, false);
    let mut removes = Vec::new();
    if is_unfolded {
        list_ui(ui, data, &mut removes, actions);
    }
    keep_keyboard(ui, "saved messages", &removes, title);
}

/// Draws the unfolded list, and what saves the message; adds the buttons that remove one.
fn list_ui(ui: &mut Ui, data: &SnippetsData, removes: &mut Vec<Id>, actions: &mut Actions) {
    let palette = Palette::of(ui);
    for (index, name) in data.names.iter().enumerate() {
        ui.push_id(index, |ui| {
            ui.horizontal(|ui| {
                let remove = Action::RemoveSnippet {
                    index,
                    name: name.clone(),
                };
                removes.push(icon_button_ui(ui, actions, Icon::Close, palette.weak, remove).id);
                let open = Action::UseSnippet {
                    index,
                    name: name.clone(),
                };
                let is_open = data.chosen == Some(index);
                let remark = if is_open {
                    text_width(ui, OPEN) + ui.spacing().item_spacing.x
                } else {
                    0.0
                };
                // Set for the whole line, the width would begin at the line's start again.
                ui.scope(|ui| {
                    ui.set_max_width((ui.available_width() - remark).max(0.0));
                    link_ui(ui, actions, name, open);
                });
                if is_open {
                    ui.weak(OPEN);
                }
            });
        });
    }
    ui.horizontal_wrapped(|ui| {
        let mut name = data.name.clone();
        let mut layouter = lay_out_line;
        let edit = TextEdit::singleline(&mut name)
            .id_salt("snippet name")
            .align(egui::Align2::LEFT_CENTER)
            .hint_text("Name")
            .layouter(&mut layouter)
            .desired_width(160.0_f32.min(ui.available_width() - 2.0 * size::STEP));
        let field = ui.add(edit).accessible_name("Name of the saved message");
        if name != data.name {
            actions.push(Action::NameSnippet { name });
        }
        button_ui(ui, actions, Action::SaveSnippet);
        if is_entered(&field) {
            actions.push(Action::SaveSnippet);
            field.request_focus();
            // The next one gets another name.
            let mut state = TextEditState::load(ui.ctx(), field.id).unwrap_or_default();
            let whole = CCursorRange::select_all_str(&data.name);
            state.cursor.set_char_range(Some(whole));
            state.store(ui.ctx(), field.id);
        }
        if data.chosen.is_some() {
            button_ui(ui, actions, Action::RenameSnippet);
        }
    });
}
