//! Keys that the panel uses but that the browser or DevTools would handle as well.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::js;
use super::shared::Shared;

/// Lets keys that egui handles go on to DevTools, which has its own shortcuts.
pub(super) fn options() -> eframe::WebOptions {
    eframe::WebOptions {
        should_stop_propagation: Box::new(|event| {
            !matches!(event, egui::Event::Key { .. } | egui::Event::Text(_))
        }),
        // The panel has no gradients, and drawing without a graphics card takes half as long again
        // with it.
        dithering: false,
        ..eframe::WebOptions::default()
    }
}

/// Keeps the panel's shortcuts from the browser and from DevTools.
///
/// DevTools listens on the document of its panels, egui on the canvas; the body is in between.
pub(super) fn keep_keys(shared: &Rc<Shared>) -> Result<(), JsValue> {
    let shared = Rc::clone(shared);
    let callback = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        let get = |name: &str| js_sys::Reflect::get(&event, &name.into()).unwrap_or_default();
        let has_command = (get("ctrlKey").is_truthy() || get("metaKey").is_truthy())
            && !get("altKey").is_truthy();
        let is_ours = match get("key")
            .as_string()
            .unwrap_or_default()
            .to_lowercase()
            .as_str()
        {
            "e" | "f" | "k" | "l" | "o" | "s" | "z" => has_command,
            // In the rest of DevTools, it opens the drawer.
            "escape" => shared.panel().can_go_back(),
            _ => false,
        };
        // In the rest of DevTools, `?` opens the settings; here it can be typed.
        let is_kept = is_ours || get("key").as_string().as_deref() == Some("?");
        let event: &web_sys::Event = event.unchecked_ref();
        if is_kept {
            event.stop_propagation();
        }
        if is_ours {
            event.prevent_default();
        }
    });
    let body = js::document()?.body().ok_or("the page has no body")?;
    body.add_event_listener_with_callback("keydown", callback.as_ref().unchecked_ref())?;
    callback.forget();
    Ok(())
}
