//! The tabs over the list.

use egui::{Align2, Margin, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::parts::{Actions, background, framed_bar_ui, galley, place};
use crate::action::{Action, View};
use crate::theme::{self, Palette, size};

/// Draws the tabs.
pub(crate) fn tabs_ui(ui: &mut Ui, shown: View, findings: usize, actions: &mut Actions) {
    let palette = Palette::of(ui);
    framed_bar_ui(ui, palette.panel, Margin::ZERO, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
            for view in View::ALL {
                let text = match view {
                    View::Findings if findings > 0 => format!("{} ({findings})", view.title()),
                    _ => view.title().to_owned(),
                };
                if tab_ui(ui, &text, view.title(), shown == view, view.tooltip()) {
                    actions.push(Action::ShowView { view });
                }
            }
        });
    });
}

/// Draws a tab with this text, which is called `name`; returns whether it was clicked.
pub(super) fn tab_ui(ui: &mut Ui, text: &str, name: &str, is_shown: bool, help: &str) -> bool {
    let palette = Palette::of(ui);
    let color = if is_shown { palette.text } else { palette.weak };
    let galley = galley(ui, text, theme::body(), color);
    let margins = if ui.max_rect().width() < size::TWO_LINES {
        3.0 * size::STEP
    } else {
        6.0 * size::STEP
    };
    let size = vec2(galley.size().x + margins, size::BAR - size::STEP);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, ui.is_enabled(), is_shown, name));
    background(ui, rect, &response);
    place(ui.painter(), rect.center(), Align2::CENTER_CENTER, galley);
    if is_shown {
        let stroke = Stroke::new(2.0, palette.accent);
        let line = [
            pos2(rect.left(), rect.bottom() - 1.0),
            pos2(rect.right(), rect.bottom() - 1.0),
        ];
        ui.painter().line_segment(line, stroke);
    }
    response.on_hover_text(help).clicked()
}
