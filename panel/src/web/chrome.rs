//! What the panel needs of Chrome's extension API.

use wasm_bindgen::JsCast as _;

use super::js;

/// The tab that DevTools inspects; `None` outside DevTools.
pub(super) fn inspected_tab() -> Option<i32> {
    let id = js::global(&["chrome", "devtools", "inspectedWindow", "tabId"])?.as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "Chrome's tab ids are 32 bits wide"
    )]
    let id = id as i32;
    Some(id)
}

/// Whether the extension is still the one that this page belongs to: false once it was updated or
/// removed.
pub(super) fn has_context() -> bool {
    js::global(&["chrome", "runtime", "id"]).is_some()
}

/// Reloads the inspected page.
pub(super) fn reload() {
    _ = js::call(&["chrome", "devtools", "inspectedWindow"], "reload", &[]);
}

/// Reads and clears the last error of Chrome's API.
pub(super) fn last_error() -> Option<String> {
    Some(js::describe(&js::global(&[
        "chrome",
        "runtime",
        "lastError",
    ])?))
}

/// Whether DevTools is dark.
pub(super) fn is_dark() -> Option<bool> {
    Some(js::global(&["chrome", "devtools", "panels", "themeName"])?.as_string()? == "dark")
}

/// Calls `changed` with the name of the theme whenever DevTools changes it.
pub(super) fn on_theme(changed: impl FnMut(wasm_bindgen::JsValue) + 'static) {
    let callback = wasm_bindgen::closure::Closure::<dyn FnMut(wasm_bindgen::JsValue)>::new(changed)
        .into_js_value();
    // Available since Chrome 99.
    _ = js::call(
        &["chrome", "devtools", "panels"],
        "setThemeChangeHandler",
        &[callback.unchecked_into()],
    );
}
