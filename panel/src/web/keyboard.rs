//! Keys that the panel uses and that the browser or DevTools would use as well.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::js;
use super::shared::Shared;

/// What egui does with the page's events: keys go on to DevTools, which has its own.
pub(super) fn options() -> eframe::WebOptions {
    eframe::WebOptions {
        should_stop_propagation: Box::new(|event| {
            !matches!(event, egui::Event::Key { .. } | egui::Event::Text(_))
        }),
        // It blends no gradients, and a processor that has to draw takes half as long again for it.
        dithering: false,
        ..eframe::WebOptions::default()
    }
}

/// Keeps the panel's shortcuts from the browser and from DevTools.
///
/// DevTools listens on the document of its panels, egui on the canvas: between the two is the
/// body.
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
            // Elsewhere in DevTools it opens the drawer.
            "escape" => shared.panel().can_go_back(),
            _ => false,
        };
        // Elsewhere in DevTools it opens the settings; here it may be typed.
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
