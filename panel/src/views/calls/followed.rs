//! The bar that names the call shown alone.

use callscope_session_view::visible::visible;
use egui::{Align, Label, Layout, Ui};

use crate::action::Action;
use crate::icons::Icon;
use crate::model::Followed;
use crate::theme::{Palette, size};
use crate::views::parts::{Actions, bar_ui, icon_button_ui, icon_slot_ui};

/// Draws "Following call 4".
pub(crate) fn followed_ui(ui: &mut Ui, followed: &Followed, actions: &mut Actions) {
    let palette = Palette::of(ui);
    bar_ui(ui, palette.selected, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = size::STEP;
            icon_slot_ui(ui, Icon::Search, palette.accent);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                icon_button_ui(ui, actions, Icon::Close, palette.text, Action::UnfollowCall);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let more = if followed.is_filtered {
                        ", filtered further"
                    } else {
                        ""
                    };
                    let name = &followed.name;
                    let then = match followed.before.trim() {
                        "" => "show all".to_owned(),
                        before => format!("go back to {}", visible(before)),
                    };
                    let text = format!("Following {name}{more} · Esc to {then}");
                    ui.add(Label::new(text).truncate());
                });
            });
        });
    });
}
