//! The Ladder view: frames as lifelines, messages as arrows between them. Only the visible part is
//! laid out.

mod bands;
mod bar;
mod lanes;
mod step;
#[cfg(test)]
mod tests;

use callscope_session_view::ladder::Rung;
use callscope_session_view::words::{self, UtcOffset};
use egui::scroll_area::ScrollSource;
use egui::{Align2, Rect, ScrollArea, Stroke, StrokeKind, Ui, UiBuilder, Vec2, pos2, vec2};

use super::parts::{Actions, galley, place};
use super::timeline::{InSight, following, list_focus_ui};
use crate::action::Action;
use crate::model::ladder::{LadderData, Zoom};
use crate::theme::{self, Palette, size};
use bands::Bands;
use lanes::Lanes;
use step::StepContext;

/// What the ladder is drawn from.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something else about the list"
)]
pub(crate) struct LadderView<'a> {
    pub(crate) data: &'a LadderData,
    /// Makes the text of a step, with its entry's id.
    pub(crate) rung: &'a dyn Fn(usize) -> Option<(Option<u64>, Rung)>,
    /// Whether to scroll to the selected step.
    pub(crate) reveals: bool,
    /// Whether it was selected elsewhere since the ladder was last drawn.
    pub(crate) is_new: bool,
    /// Whether another view was drawn last.
    pub(crate) is_chosen: bool,
    /// Whether to stay at the end.
    pub(crate) follows: bool,
    pub(crate) offset: UtcOffset,
}

/// The least height of the list, even where the bars leave less.
const LEAST_HEIGHT: f32 = size::ROW;

/// Lists lower than this have neither a bar nor the lifelines' names.
const CRAMPED: f32 = 4.0 * size::ROW;

/// How far the wheel must turn for the next level, as a zoom factor.
const ZOOM_STEP: f32 = 1.15;

/// The point that stays in place on the screen when the zoom level changes.
#[derive(Clone, Copy, Debug)]
struct Anchor {
    zoom: Zoom,
    step: usize,
    /// How far below the top of the step, as a share of the distance to the next one.
    share: f32,
    /// How far below the top of the list, in points.
    at: f32,
}

/// Draws the ladder; returns how much of it is seen, in steps.
pub(crate) fn ladder_ui(ui: &mut Ui, view: &LadderView<'_>, actions: &mut Actions) -> InSight {
    let palette = Palette::of(ui);
    let data = view.data;
    // The bar's actions also have shortcuts and are in the palette.
    let is_cramped = ui.available_height() < CRAMPED;
    if !is_cramped {
        bar::bar_ui(ui, view, actions);
    }
    let whole = ui.available_rect_before_wrap();
    ui.painter().rect_filled(whole, 0.0, palette.bg);
    let digit = super::parts::mono_width(ui);
    let lanes = Lanes::new(data.outline.lanes.len(), whole.width(), digit);
    let head = if is_cramped { 0.0 } else { size::ROW };
    let (head, list) = whole.split_top_bottom_at_y(whole.top() + head);
    list_focus_ui(ui, list, "Ladder");
    ui.spacing_mut().item_spacing = Vec2::ZERO;

    let height = list.height().max(LEAST_HEIGHT);
    let content = data.heights.total();
    let end = (content - height).max(0.0);
    let id = ui.scope_id().with("ladder");
    let before = ui.data(|it| it.get_temp::<f32>(id)).unwrap_or(0.0).min(end);
    let anchor = ui.data(|it| it.get_temp::<Anchor>(id));
    // A step that can be seen at the end is no reason to stop following.
    let is_followed = |step| view.follows && data.heights.top(step) >= end;
    let is_new = view.is_new && data.selected.is_some_and(|step| !is_followed(step));
    // Another height, such as below a bar that has come, keeps the selected step in sight.
    let height_id = id.with("height");
    let other_height = ui.data(|it| it.get_temp::<f32>(height_id));
    let other_height = other_height.filter(|other| (other - height).abs() > 0.5);
    let was_seen = |step, other_height: f32| {
        let top = data.heights.top(step);
        top + 0.5 >= before && top < before + other_height && !is_followed(step)
    };
    let is_kept = data.selected.zip(other_height);
    // What happened while another view was shown is no reason to stop following.
    let is_kept = is_kept.filter(|_| !(view.is_chosen && view.follows));
    let is_kept = is_kept.is_some_and(|(step, other_height)| was_seen(step, other_height));
    let is_new = is_new || is_kept;
    if is_new && view.follows {
        actions.push(Action::StopFollowing);
    }
    let wanted = match (data.selected, anchor) {
        (Some(step), _) if view.reveals || is_new => Some(revealed(data, step, before, height)),
        (_, Some(anchor)) if anchor.zoom != data.zoom && !view.follows => Some(anchor.offset(data)),
        _ => view.follows.then_some(end),
    };

    let mut area = ScrollArea::both()
        .auto_shrink(false)
        .min_scrolled_height(LEAST_HEIGHT)
        .scroll_source(ScrollSource::ALL)
        .id_salt("ladder");
    if let Some(wanted) = wanted {
        area = area.vertical_scroll_offset(wanted.clamp(0.0, end));
    }
    let wheel = following::wheel(ui, list);
    let output = ui
        .scope_builder(UiBuilder::new().max_rect(list), |ui| {
            ui.shrink_clip_rect(ui.max_rect());
            area.show_viewport(ui, |ui, viewport| {
                steps_ui(ui, viewport, &lanes, view, actions);
            })
        })
        .inner;

    let offset = output.state.clamped_offset();
    if !is_cramped {
        lanes.head_ui(ui, head, offset.x, &data.outline.lanes);
    }
    let inner = output.inner_rect;
    ui.data_mut(|it| {
        it.insert_temp(id, offset.y);
        it.insert_temp(height_id, height);
        it.insert_temp(id, Anchor::at(data, offset.y, inner.height()));
    });
    zoom_ui(ui, list, offset.y, data, id, actions);
    let moved = following::Moved {
        offset: offset.y,
        end: (output.content_size.y - inner.height()).max(0.0),
        wheel,
        is_dragged: following::is_dragged(ui, output.id),
        is_moving: output.state.velocity().y != 0.0,
    };
    actions.extend(moved.asks_for(view.follows));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small number"
    )]
    let fitting = (height / size::ROW).floor().max(1.0) as usize;
    let (first, end) = (offset.y, offset.y + height);
    InSight {
        fitting,
        places: data.heights.step_at(first)..data.heights.step_at(end) + 1,
    }
}

/// The offset nearest to the present one at which the step is visible.
fn revealed(data: &LadderData, step: usize, offset: f32, height: f32) -> f32 {
    let top = data.heights.top(step);
    let bottom = data.heights.bottom(step);
    if top < offset {
        // A row of context above.
        top - size::ROW
    } else if bottom > offset + height {
        bottom - height + size::ROW
    } else {
        offset
    }
}

impl Anchor {
    /// The selected step, if visible; otherwise what is in the middle.
    fn at(data: &LadderData, offset: f32, height: f32) -> Self {
        let selected = data.selected.map(|step| data.heights.top(step) - offset);
        let selected = selected.filter(|at| (0.0..height).contains(at));
        Self::of(data, offset, selected.unwrap_or(height / 2.0))
    }

    fn of(data: &LadderData, offset: f32, at: f32) -> Self {
        let y = offset + at;
        let step = data.heights.step_at(y);
        let top = data.heights.top(step);
        let way = data.heights.top(step + 1) - top;
        Self {
            zoom: data.zoom,
            step,
            share: if way > 0.0 { (y - top) / way } else { 0.0 },
            at,
        }
    }

    /// The offset that keeps the anchor in place.
    fn offset(self, data: &LadderData) -> f32 {
        let top = data.heights.top(self.step);
        let way = data.heights.top(self.step + 1) - top;
        top + self.share * way - self.at
    }
}

/// Zooms around the pointer with Ctrl and the wheel.
fn zoom_ui(
    ui: &Ui,
    list: Rect,
    offset: f32,
    data: &LadderData,
    id: egui::Id,
    actions: &mut Actions,
) {
    if !ui.rect_contains_pointer(list) {
        return;
    }
    let (delta, pointer) = ui.input(|input| (input.zoom_delta(), input.pointer.hover_pos()));
    #[expect(
        clippy::float_cmp,
        reason = "egui returns exactly this when nothing happens"
    )]
    if delta == 1.0 {
        return;
    }
    let id_of_turn = id.with("turn");
    let turned = ui.data(|it| it.get_temp::<f32>(id_of_turn)).unwrap_or(1.0) * delta;
    let closer = turned > 1.0;
    let is_enough = !(1.0 / ZOOM_STEP..=ZOOM_STEP).contains(&turned);
    ui.data_mut(|it| it.insert_temp(id_of_turn, if is_enough { 1.0 } else { turned }));
    if is_enough && data.zoom.can(closer) {
        if let Some(pointer) = pointer {
            let anchor = Anchor::of(data, offset, pointer.y - list.top());
            ui.data_mut(|it| it.insert_temp(id, anchor));
        }
        actions.push(Action::ZoomLadder { closer });
    }
}

/// Draws the visible steps.
fn steps_ui(
    ui: &mut Ui,
    viewport: Rect,
    lanes: &Lanes,
    view: &LadderView<'_>,
    actions: &mut Actions,
) {
    let data = view.data;
    let count = data.outline.steps.len();
    ui.set_height(data.heights.total());
    ui.set_width(lanes.width);
    let origin = ui.max_rect().min;
    let visible = data.heights.step_at(viewport.top())
        ..(data.heights.step_at(viewport.bottom()) + 1).min(count);
    let rect_of = |step: usize| {
        let (top, bottom) = (data.heights.top(step), data.heights.bottom(step));
        let (top, bottom) = (origin.y + top, origin.y + bottom);
        Rect::from_x_y_ranges(origin.x..=origin.x + lanes.width, top..=bottom)
    };
    let palette = Palette::of(ui);
    let bands = Bands { data, lanes };
    bands.ui(ui, origin, visible.clone());
    let y = origin.y + viewport.top()..=origin.y + viewport.bottom().min(data.heights.total());
    for x in &lanes.xs {
        let stroke = Stroke::new(1.0, palette.outline);
        ui.painter().vline(origin.x + x, y.clone(), stroke);
    }
    if let Some(selected) = data.selected.filter(|step| visible.contains(step)) {
        let rect = rect_of(selected);
        bands.row_ui(ui, rect, selected, palette.selected);
        if ui.memory(|memory| memory.has_focus(super::timeline::list_id())) {
            let stroke = Stroke::new(1.0, palette.accent);
            let painter = ui.painter();
            painter.rect_stroke(rect, 0.0, stroke, StrokeKind::Inside);
        }
    }
    for step in visible {
        let Some((id, rung)) = (view.rung)(step) else {
            continue;
        };
        let rect = rect_of(step);
        if data.heights.is_broken(step)
            && let Some(before) = step.checked_sub(1)
        {
            let above =
                Rect::from_x_y_ranges(rect.x_range(), rect_of(before).bottom()..=rect.top());
            pause_ui(ui, above, &bands, view, step);
        }
        let context = StepContext {
            bands: &bands,
            view,
            step,
            id,
            is_selected: data.selected == Some(step),
        };
        step::step_ui(ui, rect, &context, &rung, actions);
    }
}

/// Draws breaks in the lifelines where more time has passed than the distance shows.
fn pause_ui(ui: &Ui, rect: Rect, bands: &Bands<'_>, view: &LadderView<'_>, step: usize) {
    let palette = Palette::of(ui);
    let steps = &view.data.outline.steps;
    let (Some(now), Some(before)) = (steps.get(step), steps.get(step.wrapping_sub(1))) else {
        return;
    };
    let middle = Rect::from_center_size(rect.center(), vec2(rect.width(), size::ROW));
    step::broken_ui(ui, middle, bands.lanes);
    let text = words::duration(now.at - before.at);
    let galley = galley(ui, &text, theme::body(), palette.weak);
    let x = bands.lanes.xs.first().copied().unwrap_or_default();
    let space = (bands.reach(step, x) + size::STEP).max(2.0 * size::STEP);
    let at = pos2(rect.left() + x + space, middle.center().y);
    place(ui.painter(), at, Align2::LEFT_CENTER, galley);
}
