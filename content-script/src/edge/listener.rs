//! The listener script, `content-script/listener.js`: the messages that it has kept, and its
//! methods.

use callscope_bus::Source;
use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::js::{self, Event, Window};

/// The name of its object on the global object of the extension's own world.
const NAME: &str = "callscope";

#[wasm_bindgen]
extern "C" {
    /// The interface of the listener script.
    #[derive(Clone)]
    pub(super) type Listener;

    /// When it started to listen, by `performance.now`.
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn since(this: &Listener) -> f64;

    /// Whether it has listened from the document's start.
    #[wasm_bindgen(method, getter, structural, js_name = fromStart)]
    pub(super) fn from_start(this: &Listener) -> bool;

    /// How many messages so far were not calling-extension traffic.
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn others(this: &Listener) -> u32;

    #[wasm_bindgen(method, setter, structural)]
    pub(super) fn set_others(this: &Listener, others: u32);

    /// How many later messages there was no room for.
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn lost(this: &Listener) -> u32;

    #[wasm_bindgen(method, setter, structural)]
    pub(super) fn set_lost(this: &Listener, lost: u32);

    /// Sets whether the recorder in this frame is paused, which is part of the frame's state.
    #[wasm_bindgen(method, setter, structural)]
    pub(super) fn set_paused(this: &Listener, paused: bool);

    /// Where this document is: indices into `window.frames` from the top window down, negative
    /// where unknown.
    #[wasm_bindgen(method, structural, js_name = path)]
    fn raw_path(this: &Listener) -> Array;

    /// The child window of a slot, unless it has left and been forgotten.
    #[wasm_bindgen(method, structural, js_name = childOf)]
    fn child_of(this: &Listener, slot: u32) -> JsValue;

    /// Returns and removes the oldest kept messages, at most this many: [`Kept`].
    #[wasm_bindgen(method, structural)]
    pub(super) fn take(this: &Listener, most: u32) -> Array;

    /// How many messages are kept.
    #[wasm_bindgen(method, structural)]
    pub(super) fn waiting(this: &Listener) -> u32;

    /// Sets the callback for kept messages that the page has already handled.
    #[wasm_bindgen(method, structural)]
    pub(super) fn start(this: &Listener, due: &JsValue);

    /// Whether it has a callback.
    #[wasm_bindgen(method, structural)]
    fn started(this: &Listener) -> bool;

    /// Calls back again, after the page's pending tasks.
    #[wasm_bindgen(method, structural)]
    pub(super) fn again(this: &Listener);

    /// Listens on the window, even after the document has rewritten itself.
    #[wasm_bindgen(method, structural)]
    pub(super) fn listen(this: &Listener, event: &str, listener: &JsValue);

    /// Removes all listeners from the window.
    #[wasm_bindgen(method, structural)]
    pub(super) fn stop(this: &Listener);

    /// A received message.
    pub(super) type Kept;

    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn event(this: &Kept) -> Event;

    /// When it arrived, by `performance.now`.
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn at(this: &Kept) -> f64;

    /// 0 for the parent, from 1 on for a child, negative for a window that has left.
    #[wasm_bindgen(method, getter, structural)]
    fn slot(this: &Kept) -> i32;

    #[wasm_bindgen(method, getter, structural)]
    fn index(this: &Kept) -> u32;
}

impl Kept {
    /// The sender. Only messages of the parent and of child windows are kept, and those of windows
    /// that have left and are no longer known: [`Source::Other`].
    pub(super) fn source(&self) -> Source {
        match u32::try_from(self.slot()) {
            Ok(0) => Source::Parent,
            Ok(slot) => Source::Child {
                slot,
                index: self.index(),
            },
            Err(_) => Source::Other,
        }
    }
}

impl Listener {
    /// The listener script of this document, unless something has already taken over from it.
    pub(super) fn of_document(global: &JsValue) -> Option<Self> {
        let found = js::has_own_key(global, NAME)
            .then(|| js_sys::Reflect::get(global, &NAME.into()).unwrap_or_default())
            .filter(JsValue::is_object)?;
        let found: Self = found.unchecked_into();
        (!found.started()).then_some(found)
    }

    /// Where this document is, in the form of [`Hello::path`](callscope_bus::Hello::path).
    pub(super) fn path(&self) -> Vec<u32> {
        let index = |index: JsValue| index.as_f64().filter(|index| *index >= 0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an index of a window"
        )]
        let index = |it: JsValue| index(it).map_or(u32::MAX, |index| index as u32);
        self.raw_path().iter().map(index).collect()
    }

    /// The window of a source, if it is a child or the parent and still open.
    pub(super) fn window(&self, own: &Window, source: &Source) -> Option<Window> {
        let window = match source {
            // A child that has not been heard from.
            Source::Child { slot: 0, index } => own.frame(*index).ok()?,
            Source::Child { slot, .. } => self.child_of(*slot),
            Source::Parent => own.parent()?.into(),
            Source::Own | Source::Opener | Source::Other | Source::Page => return None,
        };
        let window: Window = window.is_object().then(|| window.unchecked_into())?;
        (!window.closed()).then_some(window)
    }
}
