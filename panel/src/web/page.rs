//! What can be known about the inspected page while no recorder answers in it.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::js;
use super::permission;
use super::shared::Shared;
use crate::event::{Event, Page};

/// Looks at the page and says what it is.
pub(super) fn look(shared: &Rc<Shared>) {
    let shared = Rc::clone(shared);
    let callback = Closure::once_into_js(move |origin: JsValue| {
        // `location` cannot be forged by the page; anything but a text is no origin.
        let origin = origin
            .as_string()
            .filter(|it| it != "null" && !it.is_empty());
        wasm_bindgen_futures::spawn_local(async move {
            let permitted = match &origin {
                Some(origin) => permission::is_granted(origin).await,
                None => false,
            };
            if shared.port.borrow().is_attached() {
                return;
            }
            shared.handle(Event::Page(Page { origin, permitted }));
        });
    });
    let inspected = ["chrome", "devtools", "inspectedWindow"];
    _ = js::call(&inspected, "eval", &["location.origin".into(), callback]);
}
