//! Where this document sits.

use wasm_bindgen::prelude::*;

use super::js::Window;

/// Indices into `window.frames` from the top window down to this one.
pub(super) fn path(own: &Window) -> Vec<u32> {
    let mut path = Vec::new();
    let mut window = own.clone();
    while let Some(parent) = window.parent() {
        let child: &JsValue = window.as_ref();
        if AsRef::<JsValue>::as_ref(&parent) == child {
            break;
        }
        path.push(index_of(&parent, child).unwrap_or(u32::MAX));
        window = parent;
    }
    path.reverse();
    path
}

/// The place of a window among the frames of its parent.
pub(super) fn index_of(parent: &Window, child: &JsValue) -> Option<u32> {
    (0..parent.length()).find(|index| parent.frame(*index).is_ok_and(|frame| &frame == child))
}
