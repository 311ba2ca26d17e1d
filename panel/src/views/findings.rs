//! The list of all findings.

use egui::{RichText, ScrollArea, Ui};

use super::detail::finding_ui;
use super::parts::{Actions, prose_ui};
use crate::model::{FindingsData, format};
use crate::theme::{Palette, size};

/// Draws the findings.
pub(crate) fn findings_ui(ui: &mut Ui, data: &FindingsData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    ui.painter()
        .rect_filled(ui.available_rect_before_wrap(), 0.0, palette.bg);
    ScrollArea::vertical().auto_shrink(false).id_salt("findings").show(ui, |ui| {
        egui::Frame::new().inner_margin(egui::Margin::symmetric(8, 8)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            if data.findings.is_empty() {
                let checked = format::counted(data.checked as u64, "message");
                let title = match data.checked {
                    0 => "Nothing to check yet".to_owned(),
                    _ => format!("{checked} checked, nothing to complain about"),
                };
                ui.label(RichText::new(title).heading());
                prose_ui(
                    ui,
                    RichText::new("Each message is held against the protocol of the SDK version that the widget speaks.")
                        .color(palette.weak),
                );
                return;
            }
            for (index, finding) in data.findings.iter().enumerate() {
                if index > 0 {
                    ui.add_space(size::STEP);
                    ui.separator();
                }
                ui.push_id(index, |ui| finding_ui(ui, finding, true, actions));
            }
            if data.more > 0 {
                ui.separator();
                ui.weak(format!("{} more are not listed", format::count(data.more as u64)));
            }
        });
    });
}
