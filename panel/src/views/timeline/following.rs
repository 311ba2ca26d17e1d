//! Whether the list stays at its end.
//!
//! What the user does over the list decides, never where the list stands: arriving rows and changing
//! room move that as well.

use egui::{Id, Rect, Ui};

use crate::action::Action;

/// How the wheel turns over the list in this frame, in points; positive is upwards.
pub(in crate::views) fn wheel(ui: &Ui, list: Rect) -> f32 {
    if ui.rect_contains_pointer(list) {
        ui.input(|input| input.smooth_scroll_delta().y)
    } else {
        0.0
    }
}

/// Whether the user holds the scroll bar, or drags the list with a finger.
pub(in crate::views) fn is_dragged(ui: &Ui, area: Id) -> bool {
    // The names that egui's scroll area gives to its parts.
    let parts = [area.with(1_usize), area.with("area")];
    parts
        .into_iter()
        .any(|id| (ui.ctx().read_response(id)).is_some_and(|part| part.is_pointer_button_down_on()))
}

/// Where the list stands after this frame, and what the user did to it.
#[derive(Clone, Copy, Debug)]
pub(in crate::views) struct Moved {
    pub(in crate::views) offset: f32,
    /// The greatest offset.
    pub(in crate::views) end: f32,
    pub(in crate::views) wheel: f32,
    pub(in crate::views) is_dragged: bool,
    /// It still moves from a finger that has let it go.
    pub(in crate::views) is_moving: bool,
}

impl Moved {
    /// What that means for a list that follows its end, or does not.
    pub(in crate::views) fn asks_for(self, follows: bool) -> Option<Action> {
        let is_at_end = self.offset >= self.end - 1.0;
        if follows {
            let is_left = self.offset < self.end - 0.01;
            (is_left && (self.wheel > 0.0 || self.is_dragged)).then_some(Action::StopFollowing)
        } else {
            let is_down = self.wheel < 0.0 || self.is_dragged || self.is_moving;
            (is_at_end && is_down).then_some(Action::FollowTail)
        }
    }
}
