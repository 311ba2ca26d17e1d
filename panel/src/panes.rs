//! How list and details share the space between the bars.

use egui::{Rect, Vec2};

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
