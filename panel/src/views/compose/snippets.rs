//! The saved messages.

use egui::{TextEdit, Ui};

use crate::action::Action;
use crate::icons::Icon;
use crate::model::{Folds, SnippetsData};
use crate::theme::{Palette, size};
use crate::views::parts::{
    Actions, button_ui, folded_section_ui, icon_button_ui, lay_out_line, link_ui,
};

pub(super) fn snippets_ui(ui: &mut Ui, data: &SnippetsData, folds: &Folds, actions: &mut Actions) {
    let remark = match data.names.len() {
        0 => "none yet".to_owned(),
        count => count.to_string(),
    };
    if !folded_section_ui(ui, actions, folds, "Saved messages", &remark, false) {
        return;
    }
    let palette = Palette::of(ui);
    for (index, name) in data.names.iter().enumerate() {
        ui.push_id(index, |ui| {
            ui.horizontal(|ui| {
                let remove = Action::RemoveSnippet {
                    index,
                    name: name.clone(),
                };
                icon_button_ui(ui, actions, Icon::Close, palette.weak, remove);
                let open = Action::UseSnippet {
                    index,
                    name: name.clone(),
                };
                let room = ui.available_width();
                ui.set_max_width(room);
                link_ui(ui, actions, name, open);
                if data.chosen == Some(index) {
                    ui.weak("open");
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
        ui.add(edit).accessible_name("Name of the saved message");
        if name != data.name {
            actions.push(Action::NameSnippet { name });
        }
        button_ui(ui, actions, Action::SaveSnippet);
        if data.chosen.is_some() {
            button_ui(ui, actions, Action::RenameSnippet);
        }
    });
}
