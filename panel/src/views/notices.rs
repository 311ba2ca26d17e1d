//! Notices: what was done or failed. Banners: what is special about what is shown.

use callscope_session_view::words;
use egui::{Align, Id, Layout, Rect, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo};

use super::parts::{
    Actions, at_end_ui, bar_height, bar_ui, button_width, icon_button_ui, is_low,
    labeled_button_ui, limited_lines_ui, text_width, whole_bars_ui,
};
use crate::action::Action;
use crate::icons::Icon;
use crate::model::{Notice, Tone};
use crate::theme::{Palette, size};

/// A line that is shown for as long as it applies.
#[derive(Debug)]
pub(crate) struct Banner {
    pub(crate) icon: Icon,
    pub(crate) text: String,
    /// What there is to know besides, as a tooltip or, where one line has room for it, behind the
    /// text: the text then takes one line.
    pub(crate) help: Option<&'static str>,
    pub(crate) action: Option<Action>,
}

/// The most of the page's height that notices take, at least one line; the rest can be scrolled to.
const NOTICES: f32 = 0.34;

/// The most lines of a notice that are shown.
const LINES: usize = 30;

fn notices_id() -> Id {
    Id::unique("callscope notices")
}

/// The page without the space at its bottom that notices need: they cover nothing, and move nothing
/// above them.
pub(crate) fn above_notices(ui: &Ui, page: Rect, has_notices: bool) -> Rect {
    if !has_notices {
        ui.data_mut(|it| it.remove::<f32>(notices_id()));
        return page;
    }
    let most = (page.height() * NOTICES).max(bar_height(ui)).floor();
    let needed = ui.data(|it| it.get_temp::<f32>(notices_id()));
    let height = needed.unwrap_or(bar_height(ui)).min(most);
    let bottom = (page.bottom() - height).max(page.top());
    page.with_max_y(bottom)
}

/// Draws the notices below the page that [`above_notices`] returned, newest first; the action that
/// the view offers already is not offered again.
pub(crate) fn notices_ui<'a>(
    ui: &mut Ui,
    band: Rect,
    notices: impl DoubleEndedIterator<Item = &'a Notice>,
    offered: Option<&Action>,
    actions: &mut Actions,
) {
    let mut notices = notices.rev().peekable();
    if notices.peek().is_none() {
        return;
    }
    let palette = Palette::of(ui);
    let before = ui.data(|it| it.get_temp::<f32>(notices_id()));
    let builder = UiBuilder::new().max_rect(band).id_salt("notices");
    let height = ui
        .scope_builder(builder, |ui| {
            ui.shrink_clip_rect(band);
            ui.painter().rect_filled(band, 0.0, palette.panel);
            ui.spacing_mut().item_spacing.y = 0.0;
            let area = egui::ScrollArea::vertical()
                .id_salt("notices")
                .auto_shrink(false)
                .min_scrolled_height(0.0);
            let shown = area.show(ui, |ui| {
                for notice in notices {
                    ui.push_id(notice.id, |ui| notice_ui(ui, notice, offered, actions));
                }
            });
            let line = egui::Stroke::new(1.0, palette.divider);
            ui.painter().hline(band.x_range(), band.top() + 0.5, line);
            shown.content_size.y
        })
        .inner;
    if before != Some(height) {
        // Draw again before this is shown, with the right amount of space.
        ui.data_mut(|it| it.insert_temp(notices_id(), height));
        ui.ctx().request_discard("other notices");
    }
}

fn notice_ui(ui: &mut Ui, notice: &Notice, offered: Option<&Action>, actions: &mut Actions) {
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
        (&notice.text, None),
        LINES,
        (notice.action.as_ref())
            .filter(|action| Some(*action) != offered)
            .cloned(),
        Some(dismiss),
        actions,
    );
}

/// The most of the panel's height that banners take, at least one line; the rest can be scrolled
/// to.
const BANNERS: f32 = 0.3;

/// Draws the banners, each on at most this many lines.
pub(crate) fn banners_ui(ui: &mut Ui, banners: &[Banner], lines: usize, actions: &mut Actions) {
    if banners.is_empty() {
        return;
    }
    let palette = Palette::of(ui);
    let share = if is_low(ui) { 0.0 } else { BANNERS };
    let most = (ui.ctx().content_rect().height() * share).max(bar_height(ui));
    whole_bars_ui(ui, "banners", most, |ui, ends| {
        for banner in banners {
            let color = match banner.icon {
                Icon::Warning => palette.warning,
                _ => palette.accent,
            };
            let lines = if banner.help.is_some() { 1 } else { lines };
            line_ui(
                ui,
                (banner.icon, color),
                (&banner.text, banner.help),
                lines,
                banner.action.clone(),
                None,
                actions,
            );
            ends.mark(ui);
        }
    });
}

fn line_ui(
    ui: &mut Ui,
    (icon, color): (Icon, egui::Color32),
    (text, help): (&str, Option<&str>),
    most_lines: usize,
    action: Option<Action>,
    dismiss: Option<Action>,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    bar_ui(ui, palette.panel, |ui| {
        let action = action.map(|action| match action {
            // The banner says that recording is paused.
            Action::SetRecording { on: true } => ("Resume".to_owned(), action),
            // The notice asks for the message to compare with.
            Action::CompareMessage { id: None } => ("Cancel".to_owned(), action),
            // The banner says what is seen inside.
            Action::SeeInside { on: false, .. } => ("Stop".to_owned(), action),
            _ => (action.label(), action),
        });
        let gap = ui.spacing().item_spacing.x;
        let widths = [
            action.as_ref().map(|(label, _)| button_width(ui, label)),
            dismiss.as_ref().map(|_| size::CONTROL),
        ];
        let buttons: f32 = widths.into_iter().flatten().map(|it| it + gap).sum();
        ui.horizontal_top(|ui| {
            let width = (ui.available_width() - buttons).max(0.0);
            let text_ui = |ui: &mut Ui| {
                ui.set_max_width(width);
                let (rect, _) =
                    ui.allocate_exact_size(Vec2::new(size::ICON, size::CONTROL), Sense::hover());
                icon.paint(ui.painter(), rect, color);
                ui.add_space(2.0);
                ui.vertical(|ui| {
                    ui.add_space(2.0);
                    let both = help.map(|help| format!("{text}: {help}"));
                    let both = both.filter(|it| text_width(ui, it) < ui.available_width());
                    let text = both.as_deref().unwrap_or(text);
                    let response = limited_lines_ui(ui, &[(text, palette.text)], most_lines);
                    if let Some(help) = help {
                        response.on_hover_text(words::capitalized(help));
                    }
                });
            };
            let room = Vec2::new(width, size::CONTROL);
            ui.allocate_ui_with_layout(room, Layout::left_to_right(Align::Min), text_ui);
            at_end_ui(ui, buttons - gap, |ui| {
                if let Some((label, action)) = action {
                    let name = action.label();
                    let response = labeled_button_ui(ui, actions, action, &label);
                    // A shorter label is read in full.
                    if name.len() > label.len() && name.starts_with(&label) {
                        let name = || WidgetInfo::labeled(Role::Button, true, &name);
                        response.widget_info(name);
                    }
                }
                if let Some(dismiss) = dismiss {
                    icon_button_ui(ui, actions, Icon::Close, palette.text, dismiss);
                }
            });
        });
    });
}
