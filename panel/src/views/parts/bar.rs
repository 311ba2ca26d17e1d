//! Bars across the panel, and how high they may be.

use std::fmt::Debug;
use std::hash::Hash;

use egui::{Color32, Id, Margin, Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder, vec2};

use crate::theme::{Palette, STEP, size};

/// Draws a bar across the whole width.
pub(crate) fn bar_ui<R>(ui: &mut Ui, fill: Color32, add: impl FnOnce(&mut Ui) -> R) -> R {
    let margin = Margin::symmetric(2 * STEP, if is_low(ui) { STEP / 2 } else { STEP });
    framed_bar_ui(ui, fill, margin, add)
}

/// The height of a bar with a single line of controls.
pub(crate) fn bar_height(ui: &Ui) -> f32 {
    if is_low(ui) {
        size::BAR - size::STEP
    } else {
        size::BAR
    }
}

/// Like [`bar_ui`], with other margins.
///
/// Contents that do not fit are clipped: they must not widen what comes below.
pub(crate) fn framed_bar_ui<R>(
    ui: &mut Ui,
    fill: Color32,
    margin: Margin,
    add: impl FnOnce(&mut Ui) -> R,
) -> R {
    let divider = Palette::of(ui).divider;
    let space = ui.available_rect_before_wrap();
    let mut bar = ui.new_child(UiBuilder::new().max_rect(space));
    // In a scroll area, the bar may be below the visible part.
    let below = Rect::from_x_y_ranges(space.x_range(), space.top()..=f32::INFINITY);
    bar.shrink_clip_rect(below);
    let response = egui::Frame::new()
        .fill(fill)
        .inner_margin(margin)
        .show(&mut bar, |ui| {
            ui.set_width(ui.available_width());
            add(ui)
        });
    let rect = response.response.rect.intersect(below);
    ui.advance_cursor_after_rect(rect);
    ui.painter().hline(
        rect.x_range(),
        rect.bottom() - 0.5,
        Stroke::new(1.0, divider),
    );
    response.inner
}

/// A part whose widgets keep their ids, and with them the keyboard, whatever is added or left out
/// before it.
pub(crate) fn steady(name: impl Hash + Debug) -> UiBuilder {
    UiBuilder::new().scope_id(Id::unique(("callscope part", name)))
}

/// Draws a [`steady`] part.
pub(crate) fn steady_ui<R>(
    ui: &mut Ui,
    name: impl Hash + Debug,
    add: impl FnOnce(&mut Ui) -> R,
) -> R {
    ui.scope_builder(steady(name), add).inner
}

/// Where each of several bars ends, from the top of the first.
#[derive(Debug)]
pub(crate) struct BarEnds {
    top: f32,
    ends: Vec<f32>,
}

impl BarEnds {
    /// Remembers that a bar ends here, if one has been drawn since the last.
    pub(crate) fn mark(&mut self, ui: &Ui) {
        let end = ui.cursor().top() - self.top;
        if end > self.ends.last().copied().unwrap_or_default() + 0.5 {
            self.ends.push(end);
        }
    }

    /// The height of the bars that fit whole in `most`, at least that of the first.
    fn fitting(&self, most: f32) -> f32 {
        let fitting = self.ends.iter().rev().find(|end| **end <= most + 0.5);
        let end = fitting.or_else(|| self.ends.first());
        end.copied().unwrap_or_default()
    }
}

/// How bars are drawn next time.
#[derive(Clone, Copy, Debug)]
struct WholeBars {
    room: f32,
    /// Where they are to be scrolled to.
    offset: Option<f32>,
}

/// Draws bars below each other in at most `most` of the height: as many as fit whole, at least the
/// first. The others can be scrolled to.
pub(crate) fn whole_bars_ui(
    ui: &mut Ui,
    name: &str,
    most: f32,
    add: impl FnOnce(&mut Ui, &mut BarEnds),
) {
    let id = Id::unique(("callscope bars", name));
    let before: Option<WholeBars> = ui.data(|it| it.get_temp(id));
    let room = before.map_or(most, |it| it.room);
    let mut area = ScrollArea::vertical()
        .id_salt(name)
        .auto_shrink([false, true])
        .max_height(room)
        .min_scrolled_height(room);
    if let Some(offset) = before.and_then(|it| it.offset) {
        area = area.vertical_scroll_offset(offset);
    }
    let output = area.show(ui, |ui| {
        let top = ui.cursor().top();
        let ends = Vec::new();
        let mut ends = BarEnds { top, ends };
        add(ui, &mut ends);
        ends
    });
    let ends = output.inner;
    let room = ends.fitting(most);
    // Scrolled, they begin with a whole one.
    let offset = output.state.clamped_offset().y;
    let last = (output.content_size.y - room).max(0.0);
    let begins = ends.ends.iter().copied().filter(|it| *it < last);
    let distance = |it: &f32| (it - offset).abs();
    let nearest = begins
        .chain([0.0, last])
        .min_by(|a, b| distance(a).total_cmp(&distance(b)));
    let is_at_rest = !ui.input(egui::InputState::is_scrolling) && !ui.ctx().egui_is_using_pointer();
    let now = WholeBars {
        room,
        offset: nearest.filter(|it| is_at_rest && distance(it) > 0.5),
    };
    if before.map(|it| it.room) != Some(room) || now.offset.is_some() {
        // Draw again before this is shown, with the right amount of space.
        ui.ctx().request_discard("other bars");
    }
    ui.data_mut(|it| it.insert_temp(id, now));
}

/// Draws what may be long, and below it, always in sight, what finishes it: the former scrolls
/// where both would take more than `most` of the height.
pub(crate) fn finished_ui(
    ui: &mut Ui,
    name: &str,
    most: f32,
    long_ui: impl FnOnce(&mut Ui),
    finish_ui: impl FnOnce(&mut Ui),
) {
    let id = Id::unique(("callscope finish", name));
    let gap = ui.spacing().item_spacing.y;
    let before = ui.data(|it| it.get_temp::<f32>(id));
    let room = most - before.unwrap_or(size::CONTROL) - gap;
    ScrollArea::vertical()
        .id_salt(name)
        .auto_shrink([false, true])
        .max_height(room.max(0.0))
        .min_scrolled_height(0.0)
        .show(ui, long_ui);
    let height = ui.scope(finish_ui).response.rect.height();
    if before != Some(height) {
        // Draw again before this is shown, with the right amount of space.
        ui.data_mut(|it| it.insert_temp(id, height));
        ui.ctx().request_discard("another height");
    }
}

/// Draws the `width` wide end of a line from left to right, in the order in which it is read and
/// Tab goes through it.
pub(crate) fn at_end_ui<R>(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.add_space((ui.available_width() - width).max(0.0));
    add(ui)
}

/// Draws a thin vertical line between groups in a bar.
pub(crate) fn bar_divider_ui(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(1.0, size::CONTROL), Sense::hover());
    let stroke = Stroke::new(1.0, Palette::of(ui).divider);
    ui.painter().vline(
        rect.center().x,
        rect.shrink2(vec2(0.0, 3.0)).y_range(),
        stroke,
    );
}

/// Whether the panel is so low that bars are limited to one line.
pub(crate) fn is_low(ui: &Ui) -> bool {
    let room = ui.ctx().content_rect();
    // In a narrow panel, a sentence takes more lines.
    let low = if room.width() < size::TWO_LINES {
        size::LOW_AND_NARROW
    } else {
        size::LOW
    };
    room.height() < low
}
