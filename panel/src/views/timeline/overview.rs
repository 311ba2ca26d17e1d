//! The whole list in miniature, beside its scroll bar.

use egui::{Rangef, Rect, Role, Sense, Ui, WidgetInfo};

use crate::action::Action;
use crate::model::timeline::{Bucket, Overview};
use crate::theme::{Palette, size};
use crate::views::parts::Actions;

/// A mark lower than this would not be visible.
const LEAST_MARK: f32 = 2.0;

/// Draws the overview; a click scrolls to that part of the list.
pub(super) fn overview_ui(
    ui: &Ui,
    rect: Rect,
    overview: &Overview,
    row_count: usize,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let id = ui.scope_id().with("overview");
    let response = ui.interact(rect, id, Sense::CLICK | Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, true, "Overview of the list"));
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0.0, palette.panel);
    let step = rect.height() / overview.buckets.len().max(1) as f32;
    let y = |index: usize| rect.top() + index as f32 * step;
    let mark = |index: usize, x: Rangef, height: f32, color| {
        let top = y(index).min(rect.bottom() - height);
        let place = Rect::from_x_y_ranges(x, Rangef::new(top, top + height));
        painter.rect_filled(place, 0.0, color);
    };
    let calls = Rangef::new(rect.left() + 1.0, rect.left() + 3.0);
    let findings = Rangef::new(rect.left() + 3.0, rect.right());
    // Calls are bands, separated by a thin line.
    let mut start = 0;
    for band in overview.buckets.chunk_by(|a, b| a.call == b.call) {
        if band.first().is_some_and(|it| it.call.is_some()) {
            let height = (band.len() as f32 * step - 1.0).max(1.0);
            mark(start, calls, height, palette.accent);
        }
        start += band.len();
    }
    for (index, bucket) in overview.buckets.iter().enumerate() {
        let Bucket {
            severity,
            call: _,
            has_gap,
            has_load,
        } = *bucket;
        if has_load {
            mark(index, rect.x_range(), 1.0, palette.weak);
        }
        if has_gap {
            mark(index, rect.x_range(), 1.0, palette.warning);
            let below = (index + 1).min(overview.buckets.len() - 1);
            mark(below, calls, LEAST_MARK, palette.warning);
        }
        if let Some(severity) = severity {
            let height = step.clamp(LEAST_MARK, 2.0 * LEAST_MARK);
            mark(index, findings, height, palette.severity(severity));
        }
    }
    if (response.clicked() || response.dragged())
        && let Some(at) = response.interact_pointer_pos()
    {
        let share = ((at.y - rect.top()) / rect.height()).clamp(0.0, 1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a count"
        )]
        let place = (share * row_count as f32) as usize;
        let place = place.min(row_count.saturating_sub(1));
        actions.push(Action::JumpTo { place });
    }
    response.on_hover_text(
        "The whole list: findings, calls (bands), page loads and gaps (lines). Click to go there",
    );
}

/// The place of the overview, for which the list's layout leaves room.
pub(super) fn place(list: Rect) -> Rect {
    Rect::from_x_y_ranges(list.right() - size::OVERVIEW..=list.right(), list.y_range())
}
