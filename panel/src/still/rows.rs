//! The rows of a list as they were drawn, painted again where they are now.

use std::collections::BTreeMap;
use std::ops::Range;

use egui::epaint::ClippedShape;
use egui::{Rect, Ui, Vec2, WidgetRect};

use super::Mark;

/// The rows of one list, by their places in it. Only [`Still`](super::Still) knows for how long they
/// may be painted as they were.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    kept: BTreeMap<usize, Kept>,
    /// Whether rows may be painted as they were in this drawing.
    pub(super) stands: bool,
    /// Whether the next drawing is likely to ask for them.
    pub(super) keeps: bool,
}

/// A row as it was drawn.
#[derive(Debug)]
struct Kept {
    /// Its entry.
    id: u64,
    rect: Rect,
    clip: Rect,
    shapes: Vec<ClippedShape>,
    widgets: Vec<WidgetRect>,
}

impl Rows {
    /// Forgets all rows: something has changed.
    pub(super) fn clear(&mut self) {
        self.kept.clear();
    }

    /// Forgets the rows that are out of sight.
    pub(crate) fn retain(&mut self, in_sight: &Range<usize>) {
        self.kept.retain(|place, _| in_sight.contains(place));
    }

    /// Whether the row at a place can be painted in `rect` as it was: it may only have moved by
    /// whole pixels, and the pointer must be elsewhere.
    pub(crate) fn has(&self, ui: &Ui, place: usize, rect: Rect) -> bool {
        let pointer = ui.input(|it| it.pointer.hover_pos());
        let pixels = |by: Vec2| by * ui.ctx().pixels_per_point();
        let is_whole = |by: Vec2| (by - by.round()).abs().max_elem() < 0.01;
        self.stands
            && pointer.is_none_or(|at| !rect.contains(at))
            && self.kept.get(&place).is_some_and(|kept| {
                kept.clip == ui.clip_rect()
                    && kept.rect.size() == rect.size()
                    && is_whole(pixels(rect.min - kept.rect.min))
            })
    }

    /// Paints the row at a place in `rect` as it was; returns the id of its entry.
    pub(crate) fn paint(&self, ui: &Ui, place: usize, rect: Rect) -> Option<u64> {
        let kept = self.kept.get(&place)?;
        let by = rect.min - kept.rect.min;
        let layer = ui.layer_id();
        ui.ctx().graphics_mut(|it| {
            let list = it.entry(layer);
            for ClippedShape {
                clip_rect, shape, ..
            } in &kept.shapes
            {
                let clip = if *clip_rect == kept.clip {
                    kept.clip
                } else {
                    clip_rect.translate(by).intersect(kept.clip)
                };
                let mut shape = shape.clone();
                shape.translate(by);
                list.add(clip, shape);
            }
        });
        for widget in &kept.widgets {
            ui.interact(widget.rect.translate(by), widget.id, widget.sense);
        }
        Some(kept.id)
    }

    /// Draws the row at a place with `add`, which returns whether the row is hovered, and remembers
    /// it if it is not.
    pub(crate) fn draw(
        &mut self,
        ui: &Ui,
        (place, id): (usize, u64),
        rect: Rect,
        add: impl FnOnce(&Ui) -> bool,
    ) {
        let mark = self.keeps.then(|| Mark::new(ui));
        // egui goes by where the row was before; here it is where it is now.
        let was_hovered = add(ui);
        let pointer = ui.input(|it| it.pointer.hover_pos());
        let is_hovered = was_hovered || pointer.is_some_and(|at| rect.contains(at));
        let Some(mark) = mark.filter(|_| !is_hovered) else {
            self.kept.remove(&place);
            return;
        };
        let kept = Kept {
            id,
            rect,
            clip: ui.clip_rect(),
            shapes: mark.shapes(ui),
            widgets: mark.widgets(ui),
        };
        self.kept.insert(place, kept);
    }
}
