//! What was done, what did not work, and what is special about what is shown.

use egui::{Align, Id, Layout, Order, Rect, Sense, Ui, UiBuilder, Vec2, pos2, vec2};

use super::parts::{Actions, bar_height, bar_ui, button_ui, icon_button_ui, is_low, lines_ui};
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

/// What is never covered at the lower end of the page: the newest rows.
const NEWEST: f32 = 2.0 * size::ROW;

/// Draws the notices over the page, under the tabs: they push nothing away.
///
/// Where not all fit, the newest are in sight.
pub(crate) fn notices_ui<'a>(
    ui: &Ui,
    page: Rect,
    notices: impl DoubleEndedIterator<Item = &'a Notice>,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let mut notices = notices.rev().peekable();
    if notices.peek().is_none() {
        return;
    }
    let margin = size::STEP;
    let top = (page.top() + size::BAR).min(page.bottom() - size::BAR);
    // The newest rows stay in sight.
    let bottom = (page.bottom() - NEWEST).max(top + size::BAR);
    let room = Rect::from_min_max(
        pos2(page.left() + margin, top),
        pos2(page.right() - margin, bottom),
    );
    let width = room.width().min(size::PROSE);
    egui::Area::new(Id::unique("callscope notices"))
        .order(Order::Middle)
        .fixed_pos(room.min)
        .constrain(false)
        .show(ui.ctx(), |ui| {
            // An area gives only the room that it had the last time.
            let most = Rect::from_min_size(room.min, vec2(width, room.height()));
            let mut list = ui.new_child(UiBuilder::new().max_rect(most));
            list.spacing_mut().item_spacing.y = 0.0;
            for notice in notices {
                let top = list.cursor().top();
                if room.bottom() - top < 2.0 * size::BAR && top > room.top() + 1.0 {
                    break;
                }
                list.push_id(notice.id, |ui| notice_ui(ui, notice, actions));
            }
            let rect = list.min_rect();
            let stroke = egui::Stroke::new(1.0, palette.divider);
            ui.painter()
                .rect_stroke(rect, 0.0, stroke, egui::StrokeKind::Inside);
            ui.advance_cursor_after_rect(rect);
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
        (icon, color),
        &notice.text,
        notice.action.clone(),
        Some(dismiss),
        actions,
    );
}

/// The banners get at most this share of the panel's height, and one line of a low one; what is
/// beyond can be scrolled to.
const BANNERS: f32 = 0.3;

/// Draws the banners.
pub(crate) fn banners_ui(ui: &mut Ui, banners: &[Banner], actions: &mut Actions) {
    if banners.is_empty() {
        return;
    }
    let color = Palette::of(ui).accent;
    let share = if is_low(ui) { 0.0 } else { BANNERS };
    let most = (ui.ctx().content_rect().height() * share).max(bar_height(ui));
    egui::ScrollArea::vertical()
        .id_salt("banners")
        .auto_shrink([false, true])
        .max_height(most)
        .min_scrolled_height(most)
        .show(ui, |ui| {
            for banner in banners {
                line_ui(
                    ui,
                    (banner.icon, color),
                    &banner.text,
                    banner.action.clone(),
                    None,
                    actions,
                );
            }
        });
}

fn line_ui(
    ui: &mut Ui,
    (icon, color): (Icon, egui::Color32),
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
                        lines_ui(ui, text, palette.text);
                    });
                },
            );
        });
    });
}
