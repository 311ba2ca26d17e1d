//! The layout of the lifelines.

use callscope_session_view::ladder::Lane;
use egui::{Align2, Rangef, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use crate::theme::{self, Palette, size};
use crate::views::parts::{cut_galley, place};

/// The parts of the ladder, from its left edge.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lanes {
    /// The times, if they fit.
    pub(super) times: Option<Rangef>,
    /// The place of the first lifeline, whether there is one or not.
    left: f32,
    /// The lifelines.
    pub(super) xs: Vec<f32>,
    /// The text beside the arrows, if it fits.
    pub(super) words: Option<Rangef>,
    /// The total width.
    pub(super) width: f32,
    /// The distance between two lifelines.
    distance: f32,
}

/// The type does not fit on arrows shorter than this.
const LEAST_DISTANCE: f32 = 150.0;
/// On arrows this long, every type of the SDK fits with its marks.
const GOOD_DISTANCE: f32 = 270.0;
const MOST_DISTANCE: f32 = 380.0;
/// Text with less room than this is useless.
const LEAST_WORDS: f32 = 140.0;

impl Lanes {
    /// Lays out `count` lifelines in `room` points; `digit` is the width of a digit.
    pub(super) fn new(count: usize, room: f32, digit: f32) -> Self {
        let margin = 2.0 * size::STEP;
        let times = (room >= size::TWO_LINES).then(|| Rangef::new(margin, margin + 12.0 * digit));
        let left = times.map_or(margin, |times| times.max) + 2.0 * margin;
        let right = 2.0 * margin + size::SCROLL_BAR;
        let between = count.saturating_sub(1).max(1) as f32;
        let free = room - left - right;
        let has_words = free >= between * GOOD_DISTANCE + LEAST_WORDS;
        let distance = if has_words {
            (free * 0.5 / between).clamp(GOOD_DISTANCE, MOST_DISTANCE)
        } else {
            (free / between).max(LEAST_DISTANCE)
        };
        let xs: Vec<f32> = (0..count)
            .map(|lane| left + lane as f32 * distance)
            .collect();
        let last = left + between * distance;
        let words = has_words.then(|| Rangef::new(last + margin, room - size::SCROLL_BAR - margin));
        let width = words.map_or(last + right, |_| room).max(room) - size::SCROLL_BAR;
        Self {
            times,
            left,
            xs,
            words,
            width,
            distance,
        }
    }

    /// The position of a lifeline.
    pub(super) fn x(&self, lane: usize) -> f32 {
        self.xs.get(lane).copied().unwrap_or_default()
    }

    /// The room for text that concerns all lifelines.
    pub(super) fn across(&self) -> Rangef {
        Rangef::new(self.left + 2.0 * size::STEP, self.width - size::STEP)
    }

    /// Draws the names of the lifelines above them.
    pub(super) fn head_ui(&self, ui: &Ui, rect: Rect, scrolled: f32, lanes: &[Lane]) {
        let palette = Palette::of(ui);
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 0.0, palette.panel);
        let divider = Stroke::new(1.0, palette.divider);
        painter.hline(rect.x_range(), rect.bottom() - 0.5, divider);
        for (lane, x) in lanes.iter().zip(&self.xs) {
            let middle = rect.left() + x - scrolled;
            let half = self.distance / 2.0 - size::STEP;
            let left = (middle - half).max(rect.left() + size::STEP);
            let right = (middle + half).min(rect.right() - size::STEP);
            if right - left < 2.0 * size::ROW {
                continue;
            }
            let text = format!("{} · {}", lane.title, lane.origin);
            let color = palette.side(lane.side);
            let galley = cut_galley(ui, &text, theme::body(), color, right - left);
            let is_cut = galley.elided;
            let width = galley.size().x;
            let x = (middle - width / 2.0).clamp(left, (right - width).max(left));
            let at = pos2(x, rect.center().y);
            let place = place(&painter, at, Align2::LEFT_CENTER, galley);
            let id = ui.scope_id().with((&text, "lane"));
            let response = ui.interact(place, id, Sense::HOVER);
            response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, &text));
            if is_cut {
                response.on_hover_text(&text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lifelines_are_within_reach() {
        for count in 0..6 {
            for room in [300.0, 480.0, 800.0, 1280.0, 2500.0] {
                let lanes = Lanes::new(count, room, 7.0);
                assert_eq!(lanes.xs.len(), count);
                let times = lanes.times.map_or(0.0, |times| times.max);
                assert!(times < lanes.across().min, "{count} in {room}: {lanes:?}");
                if count == 0 {
                    // A gap before the first message.
                    continue;
                }
                let last = lanes.xs[count - 1];
                assert!(last < lanes.width, "{count} in {room}: {lanes:?}");
                assert!(count < 2 || lanes.distance >= LEAST_DISTANCE);
                if let Some(words) = lanes.words {
                    assert!(
                        words.min > last && words.span() >= LEAST_WORDS - 40.0,
                        "{lanes:?}"
                    );
                }
            }
        }
        // Two lifelines fit in the narrowest panel without scrolling.
        assert!(Lanes::new(2, 300.0, 7.0).width <= 300.0);
    }
}
