//! Bars that say what was done, what did not work, and what is special about what is shown.

use callscope_session_view::visible::sentence;
use egui::{Align, Layout, Sense, Ui, Vec2};

use super::parts::{Actions, bar_ui, button_ui, icon_button_ui};
use crate::action::Action;
use crate::icons::Icon;
use crate::model::{Notice, Tone};
use crate::theme::{Palette, size};

/// Something that holds for as long as it is shown.
#[derive(Debug)]
pub(crate) struct Banner {
    pub(crate) icon: Icon,
    pub(crate) text: String,
    pub(crate) action: Option<Action>,
}

/// Draws the notices.
pub(crate) fn notices_ui<'a>(
    ui: &mut Ui,
    notices: impl Iterator<Item = &'a Notice>,
    actions: &mut Actions,
) {
    for notice in notices {
        let palette = Palette::of(ui);
        let (icon, color) = match notice.tone {
            Tone::Done => (Icon::Ok, palette.ok),
            Tone::Info => (Icon::Note, palette.accent),
            Tone::Failed => (Icon::Error, palette.error),
        };
        let dismiss = Action::DismissNotice { id: notice.id };
        line_ui(
            ui,
            icon,
            color,
            &notice.text,
            notice.action.clone(),
            Some(dismiss),
            actions,
        );
    }
}

/// Draws a banner.
pub(crate) fn banner_ui(ui: &mut Ui, banner: &Banner, actions: &mut Actions) {
    let color = Palette::of(ui).accent;
    line_ui(
        ui,
        banner.icon,
        color,
        &banner.text,
        banner.action.clone(),
        None,
        actions,
    );
}

fn line_ui(
    ui: &mut Ui,
    icon: Icon,
    color: egui::Color32,
    text: &str,
    action: Option<Action>,
    dismiss: Option<Action>,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    bar_ui(ui, palette.panel, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            let line = Vec2::new(ui.available_width(), size::CONTROL);
            ui.allocate_ui_with_layout(line, Layout::right_to_left(Align::Center), |ui| {
                if let Some(dismiss) = dismiss {
                    icon_button_ui(ui, actions, Icon::Close, palette.text, dismiss);
                }
                if let Some(action) = action {
                    button_ui(ui, actions, action);
                }
            });
            ui.with_layout(
                Layout::left_to_right(Align::Min).with_main_wrap(false),
                |ui| {
                    let (rect, _) = ui
                        .allocate_exact_size(Vec2::new(size::ICON, size::CONTROL), Sense::hover());
                    icon.paint(ui.painter(), rect, color);
                    ui.add_space(2.0);
                    ui.vertical(|ui| {
                        ui.add_space(2.0);
                        ui.add(egui::Label::new(sentence(text)).wrap());
                    });
                },
            );
        });
    });
}
