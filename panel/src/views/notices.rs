//! What was done and what did not work, over the view; and bars that say what is special about what
//! is shown.

use callscope_session_view::visible::visible;
use egui::{Align, Frame, Id, Layout, Order, Rect, ScrollArea, Sense, Stroke, Ui, Vec2, pos2};

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

/// What of a view the notices never cover: its tabs above, and below the newest rows, which are
/// what the user looks at.
const TABS: f32 = size::BAR;
const NEWEST: f32 = 2.0 * size::ROW;

/// Draws the notices over a view, from its upper right corner down: they push nothing, and the
/// newest rows stay in sight. Where there is no room for all, they scroll.
pub(crate) fn notices_ui<'a>(
    ui: &Ui,
    view: Rect,
    notices: impl Iterator<Item = &'a Notice>,
    actions: &mut Actions,
) {
    let mut notices = notices.peekable();
    if notices.peek().is_none() {
        return;
    }
    let palette = Palette::of(ui);
    // The scroll bar of the list stays in reach.
    let right = view.right() - 4.0 * size::STEP;
    let width = (right - view.left()).clamp(0.0, size::PROSE);
    let height = (view.height() - TABS - NEWEST).max(size::BAR);
    let at = pos2(right - width, view.top() + TABS);
    let area = egui::Area::new(Id::unique("callscope notices"))
        .order(Order::Foreground)
        .fixed_pos(at)
        .constrain(false);
    area.show(ui.ctx(), |ui| {
        let frame = Frame::new()
            .fill(palette.panel)
            .stroke(Stroke::new(1.0, palette.divider));
        frame.show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.set_width(width);
            let scroll = ScrollArea::vertical().max_height(height);
            scroll.show(ui, |ui| {
                for notice in notices {
                    notice_ui(ui, notice, actions);
                }
            });
        });
    });
}

fn notice_ui(ui: &mut Ui, notice: &Notice, actions: &mut Actions) {
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
                        ui.add(egui::Label::new(visible(text)).wrap());
                    });
                },
            );
        });
    });
}
