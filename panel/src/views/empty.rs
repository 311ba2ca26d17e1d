//! An empty list that says why it is empty.

use callscope_session_view::visible::sentence;
use egui::{RichText, Ui};

use super::parts::{Actions, button_ui, primary_button_ui, prose_ui};
use crate::model::EmptyData;
use crate::theme::{Palette, size};

/// Draws the empty state.
pub(crate) fn empty_ui(ui: &mut Ui, data: &EmptyData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    egui::Frame::new()
        .inner_margin(egui::Margin::same(16))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(RichText::new(sentence(&data.title)).heading());
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
