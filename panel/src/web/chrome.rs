//! The parts of Chrome's extension API that the panel uses, and nothing of them more.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `chrome.runtime.Port`
    #[derive(Clone, Debug)]
    pub(crate) type Port;

    #[wasm_bindgen(method, js_name = postMessage, catch)]
    pub(crate) fn post_message(this: &Port, message: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method)]
    pub(crate) fn disconnect(this: &Port);

    #[wasm_bindgen(method, getter, js_name = onMessage)]
    pub(crate) fn on_message(this: &Port) -> EventTarget;

    #[wasm_bindgen(method, getter, js_name = onDisconnect)]
    pub(crate) fn on_disconnect(this: &Port) -> EventTarget;

    /// `chrome.events.Event`
    pub(crate) type EventTarget;

    #[wasm_bindgen(method, js_name = addListener)]
    pub(crate) fn add_listener(this: &EventTarget, listener: &JsValue);

    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = connect, catch)]
    fn tabs_connect(tab: i32, options: &JsValue) -> Result<Port, JsValue>;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "devtools", "inspectedWindow"], js_name = tabId)]
    static TAB_ID: i32;

    #[wasm_bindgen(js_namespace = ["chrome", "devtools", "inspectedWindow"], js_name = eval)]
    fn inspected_eval(expression: &str, answer: &JsValue);

    #[wasm_bindgen(js_namespace = ["chrome", "devtools", "inspectedWindow"], js_name = reload)]
    fn inspected_reload(options: &JsValue);

    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "devtools", "network"], js_name = onNavigated)]
    static ON_NAVIGATED: EventTarget;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "devtools", "panels"], js_name = themeName)]
    static THEME_NAME: Option<String>;

    #[wasm_bindgen(js_namespace = ["chrome", "devtools", "panels"], js_name = setThemeChangeHandler, catch)]
    fn set_theme_change_handler(handler: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "permissions"], js_name = request, catch)]
    fn permissions_request(permissions: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "permissions"], js_name = contains, catch)]
    fn permissions_contains(permissions: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "scripting"], js_name = getRegisteredContentScripts, catch)]
    fn registered_content_scripts(filter: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "scripting"], js_name = registerContentScripts, catch)]
    fn register_content_scripts(scripts: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "scripting"], js_name = executeScript, catch)]
    fn execute_script(injection: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "storage", "session"], js_name = get, catch)]
    fn storage_session_get(key: &str) -> Result<Promise, JsValue>;
}

/// Chrome's id of the inspected tab.
pub(crate) fn tab_id() -> i32 {
    TAB_ID.with(|id| *id)
}

/// A plain object of these entries.
pub(crate) fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in entries {
        // Setting a key of a fresh plain object cannot fail.
        drop(Reflect::set(&object, &JsValue::from_str(key), value));
    }
    object.into()
}

fn list(items: &[&str]) -> JsValue {
    items
        .iter()
        .map(|item| JsValue::from_str(item))
        .collect::<Array>()
        .into()
}

fn property(of: &JsValue, key: &str) -> JsValue {
    Reflect::get(of, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

fn chrome_runtime() -> JsValue {
    property(&property(&js_sys::global(), "chrome"), "runtime")
}

/// Whether the extension that this page belongs to still runs; after an update it does not.
pub(crate) fn is_alive() -> bool {
    property(&chrome_runtime(), "id").is_string()
}

/// What went wrong with the call whose callback runs now, by `chrome.runtime.lastError`.
///
/// Reading it also keeps Chrome from reporting it in the console.
pub(crate) fn last_error() -> Option<String> {
    property(&property(&chrome_runtime(), "lastError"), "message").as_string()
}

/// The words of a thrown value.
pub(crate) fn words(error: &JsValue) -> String {
    let message = property(error, "message").as_string();
    message
        .or_else(|| error.as_string())
        .unwrap_or_else(|| "the browser gave no reason".to_owned())
}

/// Opens a port to the content script in the top frame of the inspected tab.
///
/// It opens even if nobody listens there, and then closes at once.
///
/// # Errors
///
/// What Chrome throws, for one if the extension was updated.
pub(crate) fn connect(name: &str) -> Result<Port, JsValue> {
    tabs_connect(
        tab_id(),
        &object(&[("frameId", 0.into()), ("name", name.into())]),
    )
}

/// Calls `then` with the origin of the inspected page; `None` where the browser does not say, as
/// on its own error pages.
pub(crate) fn inspected_origin(then: impl FnOnce(Option<String>) + 'static) {
    let answer = Closure::once_into_js(move |origin: JsValue, _error: JsValue| {
        then(origin.as_string().filter(|origin| origin != "null"));
    });
    inspected_eval("location.origin", &answer);
}

/// Reloads the inspected page.
pub(crate) fn reload_page() {
    inspected_reload(&object(&[]));
}

/// Calls `handler` whenever the inspected page goes to another address.
pub(crate) fn on_navigated(handler: impl FnMut() + 'static) {
    let handler = Closure::<dyn FnMut()>::new(handler).into_js_value();
    ON_NAVIGATED.with(|event| event.add_listener(&handler));
}

/// Whether DevTools is dark.
pub(crate) fn is_dark() -> bool {
    THEME_NAME.with(|name| name.as_deref() == Some("dark"))
}

/// Calls `handler` with whether DevTools is dark whenever that changes.
///
/// Does nothing before Chrome 99, where there is no such event.
pub(crate) fn on_theme_change(mut handler: impl FnMut(bool) + 'static) {
    let handler = Closure::<dyn FnMut(JsValue)>::new(move |name: JsValue| {
        handler(name.as_string().as_deref() == Some("dark"));
    });
    drop(set_theme_change_handler(&handler.into_js_value()));
}

/// Whether the extension may listen in this origin.
pub(crate) async fn may_listen_in(pattern: &str) -> bool {
    let Ok(answer) = permissions_contains(&object(&[("origins", list(&[pattern]))])) else {
        return false;
    };
    wasm_bindgen_futures::JsFuture::from(answer)
        .await
        .is_ok_and(|yes| yes.is_truthy())
}

/// Asks the user whether the extension may listen in this origin.
///
/// Must be called during a user gesture or within two animation frames after one, and must reach
/// Chrome before the first `await`: so it is no `async` function.
///
/// # Errors
///
/// What Chrome throws.
pub(crate) fn ask_to_listen_in(pattern: &str) -> Result<Promise, JsValue> {
    permissions_request(&object(&[("origins", list(&[pattern]))]))
}

/// Has Chrome run the content script in all frames of this origin, from now on and for good.
///
/// # Errors
///
/// What Chrome throws.
pub(crate) async fn listen_from_now_on(id: &str, pattern: &str) -> Result<(), JsValue> {
    let registered = registered_content_scripts(&object(&[("ids", list(&[id]))]))?;
    let registered = wasm_bindgen_futures::JsFuture::from(registered).await?;
    if Array::from(&registered).length() > 0 {
        return Ok(());
    }
    let script = object(&[
        ("id", id.into()),
        ("matches", list(&[pattern])),
        ("js", list(&["content-script.js"])),
        ("allFrames", true.into()),
        ("runAt", "document_start".into()),
        ("persistAcrossSessions", true.into()),
    ]);
    let scripts: Array = [script].into_iter().collect();
    wasm_bindgen_futures::JsFuture::from(register_content_scripts(&scripts)?).await?;
    Ok(())
}

/// Runs the content script in the frames that are open now; where it runs already it does nothing.
///
/// # Errors
///
/// What Chrome throws.
pub(crate) async fn listen_in_open_frames() -> Result<(), JsValue> {
    let target = object(&[("tabId", tab_id().into()), ("allFrames", true.into())]);
    let injection = object(&[
        ("target", target),
        ("files", list(&["content-script.js"])),
        ("injectImmediately", true.into()),
    ]);
    wasm_bindgen_futures::JsFuture::from(execute_script(&injection)?).await?;
    Ok(())
}

/// The text under a key of `chrome.storage.session`.
pub(crate) async fn session_text(key: &str) -> Option<String> {
    let found = wasm_bindgen_futures::JsFuture::from(storage_session_get(key).ok()?)
        .await
        .ok()?;
    property(&found, key).as_string()
}

/// Calls `then` after so many milliseconds.
pub(crate) fn after(milliseconds: i32, then: impl FnOnce() + 'static) {
    let then: Function = Closure::once_into_js(then).unchecked_into();
    if let Some(window) = web_sys::window() {
        // It fails only without a window.
        drop(window.set_timeout_with_callback_and_timeout_and_arguments_0(&then, milliseconds));
    }
}
