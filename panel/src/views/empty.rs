//! The reason for an empty list.

use callscope_session_view::visible::sentence;
use egui::{RichText, Ui};

use super::parts::{
    Actions, bar_ui, button_ui, heading_ui, icon_slot_ui, link_ui, primary_button_ui, prose_ui,
    words_ui,
};
use crate::action::Action;
use crate::icons::Icon;
use crate::model::EmptyData;
use crate::theme::{Palette, size};

/// Draws the line above a list that the filter hides completely.
pub(crate) fn all_hidden_ui(ui: &mut Ui, words: &str, actions: &mut Actions) {
    let palette = Palette::of(ui);
    bar_ui(ui, palette.panel, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = size::STEP;
            icon_slot_ui(ui, Icon::Search, palette.accent);
            words_ui(ui, words, palette.text);
            let action = Action::SetFilter {
                text: String::new(),
            };
            link_ui(ui, actions, &action.label(), action.clone());
        });
    });
}

/// Draws the empty state.
pub(crate) fn empty_ui(ui: &mut Ui, data: &EmptyData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    egui::Frame::new()
        .inner_margin(egui::Margin::same(16))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            heading_ui(ui, sentence(&data.title));
            ui.add_space(size::STEP);
            for step in &data.steps {
                prose_ui(ui, RichText::new(sentence(step)).color(palette.weak));
            }
            ui.add_space(2.0 * size::STEP);
            ui.horizontal_wrapped(|ui| {
                for (index, action) in data.actions.iter().enumerate() {
                    if index == 0 {
                        primary_button_ui(ui, actions, action.clone(), true);
                    } else {
                        button_ui(ui, actions, action.clone());
                    }
                }
            });
        });
}
