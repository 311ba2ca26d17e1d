//! The bands of calls behind the steps. They go on through a row that is selected or pointed at.

use egui::{Color32, Rangef, Rect, Stroke, Ui, vec2};

use callscope_session_view::ladder::Band;

use super::lanes::Lanes;
use crate::model::ladder::LadderData;
use crate::theme::{Palette, size};

/// How much narrower a call's band is, at each side, for each band around it.
const STEP: f32 = 8.0;

/// The width of the colored edge of a band.
const EDGE: f32 = 3.0;

/// Where the bands are.
pub(super) struct Bands<'a> {
    pub(super) data: &'a LadderData,
    pub(super) lanes: &'a Lanes,
}

impl<'a> Bands<'a> {
    /// Those that have one of these steps.
    fn at(&self, steps: std::ops::Range<usize>) -> impl Iterator<Item = &'a Band> {
        let bands = self.data.outline.bands.iter();
        bands.filter(move |band| begin(band) < steps.end && band.steps.end > steps.start)
    }

    /// From its left edge to its right one.
    fn x(&self, band: &Band) -> Rangef {
        let (host, widget) = (self.lanes.x(band.lanes.0), self.lanes.x(band.lanes.1));
        let inset = STEP * band.depth as f32;
        Rangef::new(host.min(widget) + inset, host.max(widget) - inset)
    }

    /// What is behind the step at `x`, on a row of this fill.
    pub(super) fn ground(
        &self,
        palette: &Palette,
        (step, x): (usize, f32),
        row: Option<Color32>,
    ) -> Color32 {
        let is_in_band = self.at(step..step + 1).any(|it| self.x(it).contains(x));
        match row {
            Some(row) if is_in_band => in_band(palette, row),
            Some(row) => row,
            None if is_in_band => palette.header,
            None => palette.bg,
        }
    }

    /// The colored edges of the bands that a step is in.
    pub(super) fn edges(&self, step: usize) -> impl Iterator<Item = Rangef> {
        let left = self.at(step..step + 1).map(|band| self.x(band).min);
        left.map(|left| Rangef::new(left, left + EDGE))
    }

    /// How far the edges reach that begin at the lifeline at `x`, counted from there: no text stands
    /// on them.
    pub(super) fn reach(&self, step: usize, x: f32) -> f32 {
        let from = |band: &&Band| {
            let (host, widget) = band.lanes;
            (self.lanes.x(host).min(self.lanes.x(widget)) - x).abs() < 0.5
        };
        let bands = self.at(step..step + 1).filter(from);
        let ends = bands.map(|band| self.x(band).min + EDGE - x);
        ends.fold(0.0, f32::max)
    }

    /// Draws the bands of these steps, where the first step is at `origin`.
    pub(super) fn ui(&self, ui: &Ui, origin: egui::Pos2, steps: std::ops::Range<usize>) {
        let fill = Palette::of(ui).header;
        for band in self.at(steps) {
            self.band_ui(ui, origin, band, (fill, ui.clip_rect()));
        }
    }

    /// Fills the row of a step, and draws again what goes through it.
    pub(super) fn row_ui(&self, ui: &Ui, row: Rect, step: usize, fill: Color32) {
        let palette = Palette::of(ui);
        ui.painter().rect_filled(row, 0.0, fill);
        let top = row.top() - self.data.heights.top(step);
        let origin = egui::pos2(row.left(), top);
        for band in self.at(step..step + 1) {
            self.band_ui(ui, origin, band, (in_band(palette, fill), row));
        }
        for x in &self.lanes.xs {
            let stroke = Stroke::new(1.0, palette.outline);
            ui.painter().vline(row.left() + x, row.y_range(), stroke);
        }
    }

    /// Draws what is within `seen` of a band.
    fn band_ui(&self, ui: &Ui, origin: egui::Pos2, band: &Band, (fill, seen): (Color32, Rect)) {
        let palette = Palette::of(ui);
        let heights = &self.data.heights;
        let x = self.x(band);
        let top = origin.y + heights.top(begin(band)) + 1.0;
        let bottom = origin.y + heights.bottom(band.steps.end - 1) - 1.0;
        let rect = Rect::from_x_y_ranges(origin.x + x.min..=origin.x + x.max, top..=bottom);
        // Far outside the view, nothing needs to be drawn, and coordinates get too large for the
        // painter.
        let rect = rect.intersect(ui.clip_rect().expand(size::ROW));
        let rect = rect.intersect(Rect::from_x_y_ranges(rect.x_range(), seen.y_range()));
        if !rect.is_positive() {
            return;
        }
        ui.painter().rect_filled(rect, 0.0, fill);
        let color = match band.severity {
            Some(severity) => palette.severity(severity),
            None => palette.ok,
        };
        let edge = Rect::from_min_size(rect.min, vec2(EDGE, rect.height()));
        ui.painter().rect_filled(edge, 0.0, color);
    }
}

/// The step where a band begins: the call's name is a step before its first message.
const fn begin(band: &Band) -> usize {
    band.steps.start.saturating_sub(1)
}

/// The fill of a band within a row of this fill: between the two.
fn in_band(palette: &Palette, row: Color32) -> Color32 {
    palette.header.lerp_to_gamma(row, 0.5)
}

#[cfg(test)]
mod tests {
    use callscope_session_view::colors::{Rgb, contrast};
    use egui::Theme;

    use super::*;

    #[test]
    fn what_stands_on_a_band_in_a_selected_row_can_be_read() {
        let rgb = |it: Color32| Rgb {
            r: it.r(),
            g: it.g(),
            b: it.b(),
        };
        for theme in [Theme::Light, Theme::Dark] {
            let palette = Palette::for_theme(theme);
            let Palette {
                text,
                weak,
                accent,
                widget,
                injected,
                error,
                warning,
                ..
            } = *palette;
            for row in [palette.hover, palette.selected] {
                let ground = in_band(palette, row);
                for words in [text, weak, accent, widget, injected, error, warning] {
                    let contrast = contrast(rgb(words), rgb(ground));
                    assert!(contrast >= 4.5, "{theme:?}: {words:?} has {contrast:.2}");
                }
            }
        }
    }
}
