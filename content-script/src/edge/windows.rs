//! The place of a window.

use wasm_bindgen::prelude::*;

use super::js::Window;

/// The index of a window among the frames of its parent.
pub(super) fn index_of(parent: &Window, child: &JsValue) -> Option<u32> {
    (0..parent.length()).find(|index| parent.frame(*index).is_ok_and(|frame| &frame == child))
}
