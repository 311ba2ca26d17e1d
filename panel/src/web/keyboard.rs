//! Keys that the panel uses and that the browser or DevTools would use as well.

use wasm_bindgen::prelude::*;

use super::js;

/// Keeps the panel's shortcuts from the browser.
pub(super) fn keep_keys() -> Result<(), JsValue> {
    let callback = Closure::<dyn FnMut(JsValue)>::new(|event: JsValue| {
        let get = |name: &str| js_sys::Reflect::get(&event, &name.into()).unwrap_or_default();
        let has_command = get("ctrlKey").is_truthy() || get("metaKey").is_truthy();
        let key = get("key").as_string().unwrap_or_default().to_lowercase();
        if has_command && matches!(key.as_str(), "e" | "f" | "l" | "o" | "s") {
            event.unchecked_ref::<web_sys::Event>().prevent_default();
        }
    });
    js::document()?
        .add_event_listener_with_callback("keydown", callback.as_ref().unchecked_ref())?;
    callback.forget();
    Ok(())
}
