//! The Calls view: a table, two calls side by side, and how long answers took.

mod compare;
mod followed;
mod latency;
mod table;
#[cfg(test)]
mod tests;

use callscope_session_view::visible::visible;
use callscope_session_view::words;
use egui::{Id, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo};

use super::parts::{
    Actions, bar_ui, button_width, cut_middle, focus_ring, heading_ui, keep_arrows,
    labeled_button_ui, link_ui, prose_ui, scroll_area,
};
use crate::action::Action;
use crate::model::{CallsData, Folds};
use crate::theme::{self, Palette, size};

pub(crate) use followed::followed_ui;

/// The id of the table, for keyboard focus.
pub(crate) fn calls_list_id() -> Id {
    Id::unique("callscope calls")
}

/// Lets the list of calls, or that of a comparison, take keyboard focus, and keeps the arrow keys
/// for it.
fn list_focus_ui(ui: &Ui, rect: Rect, name: &str) -> Response {
    let id = calls_list_id();
    let response = ui.interact(rect, id, Sense::FOCUSABLE);
    response.widget_info(|| WidgetInfo::labeled(Role::List, true, name));
    focus_ring(ui, rect, &response);
    keep_arrows(ui, id);
    response
}

/// Draws the calls, or the comparison if one is shown.
pub(crate) fn calls_ui(ui: &mut Ui, data: &CallsData, folds: &Folds, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let rect = ui.available_rect_before_wrap();
    ui.painter().rect_filled(rect, 0.0, palette.bg);
    if let Some(comparison) = &data.comparison {
        return compare::comparison_ui(ui, comparison, folds, actions);
    }
    scroll_area("calls").show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        head_ui(ui, data, actions);
        if data.table.rows.is_empty() {
            nothing_ui(ui, data);
        } else {
            table::table_ui(ui, data, actions);
        }
        latency::latency_ui(ui, data, folds, actions);
    });
}

/// The number of calls, and the sessions that they can be compared with.
fn head_ui(ui: &mut Ui, data: &CallsData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    bar_ui(ui, palette.panel, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0 * size::STEP;
            ui.label(words::counted(data.table.rows.len() as u64, "call"));
            // If it hides all calls, a line above says so.
            if data.table.hidden > 0 && !data.table.rows.is_empty() {
                let hidden = format!("{} hidden by filter", words::count(data.table.hidden));
                ui.label(RichText::new(hidden).color(palette.weak));
                let text = String::new();
                link_ui(ui, actions, "show", Action::SetFilter { text });
            }
            if let Some(call) = data.choosing_for {
                let row = data.table.rows.iter().find(|row| row.id == call);
                let name = row.map_or("it", |row| &row.name);
                let text = format!("Choose the call to compare {name} with");
                ui.label(RichText::new(text).color(palette.accent));
                link_ui(ui, actions, "Cancel", Action::Back);
            }
            match data.picked.len() {
                _ if data.choosing_for.is_some() => {}
                0 => {}
                1 => {
                    ui.weak("Pick one more to compare");
                }
                _ => {
                    let response = labeled_button_ui(
                        ui,
                        actions,
                        Action::CompareCalls,
                        Action::CompareCalls.label(),
                    );
                    response.widget_info(|| {
                        WidgetInfo::labeled(Role::Button, true, "Compare the two calls")
                    });
                }
            }
            for (with, name) in &data.others {
                let name = visible(name);
                let begin = "Compare session with ";
                let room = ui.max_rect().width() - button_width(ui, begin);
                let name = cut_middle(ui, &name, &theme::body(), room);
                let label = format!("{begin}{name}");
                labeled_button_ui(ui, actions, Action::CompareSession { with: *with }, label);
            }
        });
    });
}

/// Draws the reason why there are no calls.
fn nothing_ui(ui: &mut Ui, data: &CallsData) {
    if data.table.hidden > 0 {
        return;
    }
    egui::Frame::new()
        .inner_margin(egui::Margin::same(8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let (title, text) = match data.message_count {
                0 => (
                    "No calls",
                    "A call appears here when HubSpot sends DIAL_NUMBER or the widget sends \
                     OUTGOING_CALL_STARTED or INCOMING_CALL. This session has no messages.",
                ),
                _ => (
                    "No calls",
                    "A call appears here when HubSpot sends DIAL_NUMBER or the widget sends \
                     OUTGOING_CALL_STARTED or INCOMING_CALL. This session has none of these.",
                ),
            };
            heading_ui(ui, title);
            prose_ui(ui, RichText::new(text).color(Palette::of(ui).weak));
        });
}
