//! Decides whether the list follows its end.
//!
//! Only the user's input over the list decides, never its scroll position: arriving rows and changes
//! of size change that as well.

use egui::{Id, Rect, Ui};

use crate::action::Action;

/// How far the wheel has turned over the list in this frame, in points; positive is up.
pub(in crate::views) fn wheel(ui: &Ui, list: Rect) -> f32 {
    if ui.rect_contains_pointer(list) {
        ui.input(|input| input.smooth_scroll_delta().y)
    } else {
        0.0
    }
}

/// Whether the user is holding the scroll bar or dragging the list with a finger.
pub(in crate::views) fn is_dragged(ui: &Ui, area: Id) -> bool {
    // The ids that egui's scroll area gives its parts.
    let parts = [area.with(1_usize), area.with("area")];
    parts
        .into_iter()
        .any(|id| (ui.ctx().read_response(id)).is_some_and(|part| part.is_pointer_button_down_on()))
}

/// The list's position after this frame, and the user's input.
#[derive(Clone, Copy, Debug)]
pub(in crate::views) struct Moved {
    pub(in crate::views) offset: f32,
    /// The largest possible offset.
    pub(in crate::views) end: f32,
    pub(in crate::views) wheel: f32,
    pub(in crate::views) is_dragged: bool,
    /// Whether the list still coasts after a finger let it go.
    pub(in crate::views) is_moving: bool,
}

impl Moved {
    /// The change that this asks for in a list that follows its end, or does not.
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
