//! The bar above the ladder.

use callscope_session_view::words;
use egui::{RichText, Role, Ui, WidgetInfo};

use super::LadderView;
use crate::action::Action;
use crate::icons::Icon;
use crate::theme::{Palette, size};
use crate::views::parts::{Actions, enabled_ui, icon_button_ui, icon_text_ui, link_ui};

/// Draws the bar.
pub(super) fn bar_ui(ui: &mut Ui, view: &LadderView<'_>, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let data = view.data;
    crate::views::parts::bar_ui(ui, palette.panel, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = size::STEP;
            for (closer, icon) in [(false, Icon::Minus), (true, Icon::Plus)] {
                enabled_ui(ui, data.zoom.can(closer), |ui| {
                    let action = Action::ZoomLadder { closer };
                    icon_button_ui(ui, actions, icon, palette.text, action);
                });
            }
            scale_ui(ui, view, actions);
            let save = icon_text_ui(
                ui,
                Icon::Export,
                palette.text,
                "Save",
                &Action::SaveLadder.label(),
                false,
            );
            if save.on_hover_text(Action::SaveLadder.tooltip()).clicked() {
                actions.push(Action::SaveLadder);
            }
            if data.hidden > 0 {
                let hidden = format!("{} hidden by filter", words::count(data.hidden));
                ui.label(RichText::new(hidden).color(palette.weak));
                let text = String::new();
                link_ui(ui, actions, "show", Action::SetFilter { text });
            }
            if data.new_count > 0 {
                let text = format!("{} new", words::count(data.new_count));
                link_ui(ui, actions, &text, Action::FollowTail);
            }
        });
    });
}

/// Draws whether times are to scale, and the scale.
fn scale_ui(ui: &mut Ui, view: &LadderView<'_>, actions: &mut Actions) {
    let is_on = view.data.zoom.to_scale;
    let action = Action::ScaleLadder { on: !is_on };
    let text = match view.data.zoom.row_millis() {
        Some(millis) => {
            let span = words::duration(callscope_protocol::Millis(millis));
            format!("To scale: {span} a row")
        }
        None => "To scale".to_owned(),
    };
    let response = ui
        .selectable_label(is_on, text)
        .on_hover_text(action.tooltip());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_on, action.label()));
    if response.clicked() {
        actions.push(action);
    }
}
