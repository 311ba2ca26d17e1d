//! The whole list in miniature, beside its scroll bar.

use egui::emath::GuiRounding as _;
use egui::{Color32, Mesh, Rangef, Rect, Role, Sense, Shape, Ui, WidgetInfo};

use crate::action::Action;
use crate::model::timeline::Overview;
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
    let mut marks = Marks::new(rect, ui.pixels_per_point());
    let calls = Rangef::new(rect.left() + 1.0, rect.left() + 3.0);
    let findings = Rangef::new(rect.left() + 3.0, rect.right());
    // Calls are bands, separated by a thin line.
    let mut start = 0;
    for band in overview.buckets.chunk_by(|a, b| a.call == b.call) {
        if band.first().is_some_and(|it| it.call.is_some()) {
            let height = (band.len() as f32 * step - 1.0).max(1.0);
            marks.add(y(start), calls, height, palette.accent);
        }
        start += band.len();
    }
    let buckets = || overview.buckets.iter().enumerate();
    for (index, _) in buckets().filter(|(_, it)| it.has_load) {
        marks.add(y(index), rect.x_range(), 1.0, palette.weak);
    }
    for (index, _) in buckets().filter(|(_, it)| it.has_gap) {
        marks.add(y(index), rect.x_range(), 1.0, palette.warning);
        let below = (index + 1).min(overview.buckets.len() - 1);
        marks.add(y(below), calls, LEAST_MARK, palette.warning);
    }
    let height = step.clamp(LEAST_MARK, 2.0 * LEAST_MARK);
    for (index, severity) in buckets().filter_map(|(index, it)| Some((index, it.severity?))) {
        marks.add(y(index), findings, height, palette.severity(severity));
    }
    painter.add(Shape::mesh(marks.mesh));
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

/// Marks of whole pixels, as one shape: a long session has hundreds, which are painted in each
/// drawing.
struct Marks {
    mesh: Mesh,
    rect: Rect,
    pixels_per_point: f32,
    /// The last mark and its color.
    last: Option<(Rect, Color32)>,
}

impl Marks {
    fn new(rect: Rect, pixels_per_point: f32) -> Self {
        Self {
            mesh: Mesh::default(),
            rect,
            pixels_per_point,
            last: None,
        }
    }

    /// Adds a mark, or makes the last one longer if this goes on where that ends.
    fn add(&mut self, top: f32, x: Rangef, height: f32, color: Color32) {
        let top = top.min(self.rect.bottom() - height);
        let place = Rect::from_x_y_ranges(x, Rangef::new(top, top + height));
        let place = place.round_to_pixels(self.pixels_per_point);
        let ends = self.last.filter(|(last, of)| {
            *of == color && last.x_range() == place.x_range() && place.top() <= last.bottom()
        });
        if let Some((last, _)) = ends {
            let longer = last.union(place);
            for corner in self.mesh.vertices.iter_mut().rev().take(2) {
                corner.pos.y = longer.bottom();
            }
            self.last = Some((longer, color));
        } else {
            self.mesh.add_colored_rect(place, color);
            self.last = Some((place, color));
        }
    }
}

/// The place of the overview, for which the list's layout leaves room.
pub(super) fn place(list: Rect) -> Rect {
    Rect::from_x_y_ranges(list.right() - size::OVERVIEW..=list.right(), list.y_range())
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn marks_that_touch_are_one() {
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(8.0, 100.0));
        let heights = |marks: &[(f32, f32, Color32)]| -> Vec<(f32, f32)> {
            let mut all = Marks::new(rect, 1.0);
            for (top, height, color) in marks {
                all.add(*top, Rangef::new(1.0, 3.0), *height, *color);
            }
            let corners = all.mesh.vertices.chunks_exact(4);
            corners.map(|it| (it[0].pos.y, it[3].pos.y)).collect()
        };
        let (blue, red) = (Color32::BLUE, Color32::RED);
        assert_eq!(
            heights(&[(0.2, 1.0, blue), (1.0, 1.0, blue), (1.8, 1.0, blue)]),
            [(0.0, 3.0)]
        );
        assert_eq!(
            heights(&[(0.0, 2.0, blue), (3.0, 2.0, blue), (4.0, 2.0, red)]),
            [(0.0, 2.0), (3.0, 5.0), (4.0, 6.0)]
        );
        // The last is not below the end.
        assert_eq!(heights(&[(99.9, 2.0, red)]), [(98.0, 100.0)]);
    }
}
