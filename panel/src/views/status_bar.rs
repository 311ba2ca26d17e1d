//! Honest numbers: hidden, lost, evicted, used.

use callscope_session_view::{Missing, words};
use egui::{Align, Layout, Ui};

use super::parts::{Actions, bar_ui, galley, link_ui};
use crate::action::Action;
use crate::theme::{Palette, size};

/// What the status bar shows.
#[derive(Debug, Default)]
pub(crate) struct StatusData {
    pub(crate) messages: u64,
    pub(crate) hidden: u64,
    pub(crate) missing: Missing,
    pub(crate) others: u64,
    /// Bytes used and allowed; `None` if there is no recorder.
    pub(crate) used: Option<(u64, u64)>,
    /// "Recording", "Paused", "Looking for the recorder…".
    pub(crate) state: String,
}

/// Draws the status bar.
pub(crate) fn status_bar_ui(ui: &mut Ui, data: &StatusData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    bar_ui(ui, palette.header, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = size::STEP;
            ui.label(words::counted(data.messages, "message"));
            if data.hidden > 0 {
                dot_ui(ui);
                ui.label(format!("{} hidden by filter", words::count(data.hidden)));
                link_ui(
                    ui,
                    actions,
                    "show",
                    Action::SetFilter {
                        text: String::new(),
                    },
                );
            }
            dot_ui(ui);
            let missing = data.missing.words();
            if data.missing.is_any() {
                ui.colored_label(palette.warning, missing)
            } else {
                ui.weak(missing)
            }
            .on_hover_text(
                "Messages of HubSpot or the widget that were not recorded: the gaps in the list",
            );
            if data.missing.evicted > 0 {
                dot_ui(ui);
                ui.weak(format!("{} evicted", words::count(data.missing.evicted)))
                    .on_hover_text("The oldest messages, let go because the history was full");
            }
            if let Some((used, limit)) = data.used {
                dot_ui(ui);
                ui.weak(format!("{} of {}", words::bytes(used), words::bytes(limit)))
                    .on_hover_text("The history that the page keeps");
                dot_ui(ui);
                let others = words::counted(data.others, "other message");
                ui.add(egui::Label::new(egui::RichText::new(others).weak()).truncate())
                    .on_hover_text("Messages of other scripts in this page, counted and not kept");
            }
            // Where there is no room for it, the first button of the toolbar says it.
            let color = egui::Color32::PLACEHOLDER;
            let state = galley(ui, &data.state, crate::theme::body(), color);
            if ui.available_width() >= state.size().x {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.weak(&data.state);
                });
            }
        });
    });
}

fn dot_ui(ui: &mut Ui) {
    ui.weak("·");
}
