//! A JSON value as a tree that folds.

use egui::{RichText, Role, Sense, Ui, WidgetInfo, vec2};

use crate::action::{Action, Fold};
use crate::icons::Icon;
use crate::model::{TreeLine, ValueKind};
use crate::theme::{Palette, size};
use crate::views::parts::{Actions, focus_ring};

/// The most of a line that a key takes.
const KEY_SHARE: f32 = 0.6;

/// Draws the tree.
pub(super) fn tree_ui(ui: &mut Ui, lines: &[TreeLine], actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = 0.0;
    for (index, line) in lines.iter().enumerate() {
        ui.push_id(index, |ui| line_ui(ui, line, actions));
    }
}

fn line_ui(ui: &mut Ui, line: &TreeLine, actions: &mut Actions) {
    let palette = Palette::of(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        ui.add_space(line.depth as f32 * 12.0);
        let slot = vec2(size::ICON, size::LINE);
        if let Some(is_unfolded) = line.fold {
            let (rect, response) = ui.allocate_exact_size(slot, Sense::click());
            response.widget_info(|| {
                WidgetInfo::selected(Role::DisclosureTriangle, true, is_unfolded, &line.path)
            });
            focus_ring(ui, rect, &response);
            let icon = if is_unfolded {
                Icon::Unfolded
            } else {
                Icon::Folded
            };
            icon.paint(ui.painter(), rect, palette.weak);
            if response.clicked() {
                let fold = Fold::Json {
                    path: line.path.clone(),
                };
                actions.push(Action::SetUnfolded {
                    fold,
                    unfolded: !is_unfolded,
                });
            }
        } else {
            ui.allocate_exact_size(slot, Sense::hover());
        }
        if !line.key.is_empty() {
            let text = RichText::new(format!("{}:", line.key))
                .monospace()
                .color(palette.weak);
            // A page may send any key.
            ui.scope(|ui| {
                ui.set_max_width(ui.available_width() * KEY_SHARE);
                ui.add(egui::Label::new(text).truncate());
            });
            ui.add_space(size::STEP);
        }
        let color = match line.kind {
            ValueKind::Container | ValueKind::More => palette.weak,
            ValueKind::Text | ValueKind::Number | ValueKind::Word => palette.text,
        };
        ui.add(egui::Label::new(RichText::new(&line.text).monospace().color(color)).wrap());
    });
}
