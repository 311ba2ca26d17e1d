//! What can be found out about the inspected page without its recorder.

use std::rc::Rc;

use callscope_bus::FRAME_STATE_SCRIPT;
use wasm_bindgen::prelude::*;

use super::js;
use super::permission;
use super::shared::Shared;
use crate::event::{Event, Page};

/// Finds out about the page and reports it.
pub(super) fn look(shared: &Rc<Shared>) {
    let shared = Rc::clone(shared);
    let callback = Closure::once_into_js(move |origin: JsValue| {
        // The page cannot forge `location`; a result that is not a string is not an origin.
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

/// When to look where the frames are, in milliseconds from now: redirects take a while.
const LOOKS: [i32; 3] = [1_000, 3_000, 10_000];

/// Finds out the origins of the page's frames.
pub(super) fn find_frames(shared: &Rc<Shared>) {
    for pause in LOOKS {
        let shared = Rc::clone(shared);
        js::after(pause, move || {
            let Some(tab) = shared.tab else { return };
            wasm_bindgen_futures::spawn_local(async move {
                // Fails if Callscope lacks permission for the page.
                if let Ok(origins) = frame_origins(tab).await {
                    shared.handle(Event::Frames { origins });
                }
            });
        });
    }
}

/// The origins of the frames in a tab's page that Callscope may look into.
async fn frame_origins(tab: i32) -> Result<Vec<String>, JsValue> {
    let target = js::object(&[("tabId", tab.into()), ("allFrames", true.into())]);
    let frames = permission::run(target, &[FRAME_STATE_SCRIPT]).await?;
    let get = |value: &JsValue, key: &str| js_sys::Reflect::get(value, &key.into());
    let mut origins = Vec::new();
    for frame in js_sys::Array::from(&frames).iter() {
        if get(&frame, "frameId")?.as_f64() == Some(0.0) {
            continue;
        }
        let origin = get(&get(&frame, "result")?, "origin")?.as_string();
        origins.extend(origin);
    }
    Ok(origins)
}
