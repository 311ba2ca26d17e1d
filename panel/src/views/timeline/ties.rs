//! Lines that connect the selected message with its request and its answers.

use egui::{Stroke, Ui, pos2};

use crate::model::timeline::TiedRow;
use crate::theme::{Palette, size};

/// How a row relates to the selected one, for screen readers.
pub(super) const fn words(tie: TiedRow) -> &'static str {
    if tie.is_request {
        "the selected message answers it"
    } else {
        "answers the selected message"
    }
}

/// Draws a line at the left edge from the selected row, whose middle is at `from`, to each related
/// row, with a tick at both ends.
pub(super) fn ties_ui(
    ui: &Ui,
    left: f32,
    tied: &[TiedRow],
    from: f32,
    middle: impl Fn(usize) -> f32,
) {
    let stroke = Stroke::new(2.0, Palette::of(ui).accent);
    let clip = ui.clip_rect().y_range().expand(size::ROW);
    let x = left + 2.0;
    for tie in tied {
        let to = middle(tie.place);
        let painter = ui.painter();
        let line = egui::Rangef::new(clip.clamp(from.min(to)), clip.clamp(from.max(to)));
        painter.vline(x, line, stroke);
        for y in [from, to] {
            painter.line_segment([pos2(x, y), pos2(x + size::STEP, y)], stroke);
        }
    }
}
