//! How list and details share the space between the bars.

use std::ops::RangeInclusive;

use egui::{Rect, Vec2};

use crate::model::DETAIL_SHARES;
use crate::theme::size;

/// The places of list and details.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Panes {
    /// `None` if there is only room for the details.
    pub(crate) list: Option<Rect>,
    pub(crate) detail: Rect,
    /// Whether the details are to the right of the list, rather than below it.
    pub(crate) is_beside: bool,
}

/// The smallest usable pane, including the list's tabs or the header of the details.
const LEAST: Vec2 = Vec2::new(240.0, 68.0);

impl Panes {
    /// Gives the details this share of the room, as far as both panes remain usable.
    pub(crate) fn new(room: Rect, share: f32) -> Self {
        let is_high_enough = room.height() >= 2.0 * LEAST.y;
        let is_beside = room.width() >= size::SIDE_BY_SIDE
            || (!is_high_enough && room.width() >= 2.0 * LEAST.x);
        if !is_beside && !is_high_enough {
            return Self {
                list: None,
                detail: room,
                is_beside,
            };
        }
        let (list, detail) = if is_beside {
            let x = (room.width() * share).clamp(LEAST.x, room.width() - LEAST.x);
            room.split_left_right_at_x((room.right() - x).round())
        } else {
            let y = (room.height() * share).clamp(LEAST.y, room.height() - LEAST.y);
            room.split_top_bottom_at_y((room.bottom() - y).round())
        };
        Self {
            list: Some(list),
            detail,
            is_beside,
        }
    }

    /// The shares of the room that the details can be given.
    pub(crate) fn shares(&self, room: Rect) -> RangeInclusive<f32> {
        let least = LEAST[self.axis()] / room.size()[self.axis()];
        let least = least.max(*DETAIL_SHARES.start());
        // A room for the least of both panes has one share, up to rounding.
        least..=(1.0 - least).min(*DETAIL_SHARES.end()).max(least)
    }

    /// The share of the room that the details have.
    pub(crate) fn share(&self, room: Rect) -> f32 {
        self.share_at(room, self.detail.min[self.axis()])
    }

    /// The share of the room that the details have if the divider is at `place`, which is measured
    /// from the left or from the top.
    pub(crate) fn share_at(&self, room: Rect, place: f32) -> f32 {
        let axis = self.axis();
        (room.max[axis] - place) / room.size()[axis]
    }

    /// The axis that the divider moves along.
    const fn axis(&self) -> usize {
        if self.is_beside { 0 } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use egui::{pos2, vec2};

    use super::*;

    #[test]
    fn both_panes_stay_usable_or_the_details_are_alone() {
        for (width, height) in [
            (300.0, 60.0),
            (300.0, 136.0),
            (300.0, 800.0),
            (480.0, 60.0),
            (900.0, 30.0),
            (2500.0, 800.0),
        ] {
            for share in [0.15, 0.42, 0.8] {
                let room = Rect::from_min_size(pos2(0.0, 100.0), vec2(width, height));
                let panes = Panes::new(room, share);
                let Some(list) = panes.list else {
                    assert!(height < 2.0 * LEAST.y && width < 2.0 * LEAST.x);
                    assert_eq!(panes.detail, room);
                    continue;
                };
                for pane in [list, panes.detail] {
                    if panes.is_beside {
                        assert!(pane.width() >= LEAST.x - 1.0, "{room}: {panes:?}");
                    } else {
                        assert!(pane.height() >= LEAST.y - 1.0, "{room}: {panes:?}");
                    }
                }
            }
        }
    }
}
