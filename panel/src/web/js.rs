//! The JavaScript functions that all of `web` needs.

use callscope_protocol::Millis;
use wasm_bindgen::prelude::*;

use callscope_session_view::words::UtcOffset;

pub(super) fn window() -> Result<web_sys::Window, JsValue> {
    web_sys::window().ok_or_else(|| JsValue::from_str("there is no window"))
}

pub(super) fn document() -> Result<web_sys::Document, JsValue> {
    window()?
        .document()
        .ok_or_else(|| JsValue::from_str("there is no document"))
}

/// The wall clock.
pub(super) fn now() -> Millis {
    Millis(js_sys::Date::now())
}

/// A monotonic clock for measuring, in milliseconds; 0 if there is none.
pub(super) fn clock() -> f64 {
    let time = call(&["performance"], "now", &[]);
    time.ok().and_then(|it| it.as_f64()).unwrap_or_default()
}

/// The user's time zone.
pub(super) fn utc_offset() -> UtcOffset {
    #[expect(clippy::cast_possible_truncation, reason = "minutes of a day")]
    let minutes = js_sys::Date::new_0().get_timezone_offset() as i32;
    UtcOffset(-minutes)
}

/// A thrown error, in words.
pub(super) fn describe(error: &JsValue) -> String {
    let message = js_sys::Reflect::get(error, &"message".into())
        .ok()
        .and_then(|it| it.as_string());
    message
        .or_else(|| error.as_string())
        .unwrap_or_else(|| format!("{error:?}"))
}

/// The value at a path from the global object; `None` if there is none.
pub(super) fn global(path: &[&str]) -> Option<JsValue> {
    let mut value: JsValue = js_sys::global().into();
    for name in path {
        value = js_sys::Reflect::get(&value, &(*name).into()).ok()?;
        if value.is_undefined() || value.is_null() {
            return None;
        }
    }
    Some(value)
}

/// Calls a function of the object at `path`.
pub(super) fn call(path: &[&str], name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let this = global(path)
        .ok_or_else(|| JsValue::from_str(&format!("{} is not there", path.join("."))))?;
    let function: js_sys::Function = js_sys::Reflect::get(&this, &name.into())?.dyn_into()?;
    let list: js_sys::Array = arguments.iter().collect();
    function.apply(&this, &list)
}

/// Calls a function that returns a promise, and awaits it.
pub(super) async fn call_async(
    path: &[&str],
    name: &str,
    arguments: &[JsValue],
) -> Result<JsValue, JsValue> {
    let promise: js_sys::Promise = call(path, name, arguments)?.dyn_into()?;
    wasm_bindgen_futures::JsFuture::from(promise).await
}

/// An object with these members.
pub(super) fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in members {
        // Setting a member of a plain object cannot fail.
        _ = js_sys::Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// A list with a single text, which Chrome's APIs often take.
pub(super) fn list(text: &str) -> JsValue {
    js_sys::Array::of1(&text.into()).into()
}

/// Lets pending tasks run.
pub(super) async fn next_task() -> Result<(), JsValue> {
    thread_local! {
        static NOTHING: JsValue = Closure::<dyn Fn()>::new(|| {}).into_js_value();
    }
    let nothing = NOTHING.with(JsValue::clone);
    call_async(&["scheduler"], "postTask", &[nothing]).await?;
    Ok(())
}

/// Calls `then` once after this many milliseconds.
pub(super) fn after(millis: i32, then: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(then);
    if let Ok(window) = window() {
        _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(
            callback.unchecked_ref(),
            millis,
        );
    }
}

/// Calls `listener` for each event of this name on the window, for the life of the page.
pub(super) fn on_window(
    name: &str,
    listener: impl FnMut(JsValue) + 'static,
) -> Result<(), JsValue> {
    let callback = Closure::<dyn FnMut(JsValue)>::new(listener).into_js_value();
    window()?.add_event_listener_with_callback(name, callback.unchecked_ref())
}

/// Calls `listener` for each event of one of Chrome's event objects, for the life of the page.
pub(super) fn listen(
    event: &JsValue,
    listener: impl FnMut(JsValue) + 'static,
) -> Result<(), JsValue> {
    let add: js_sys::Function = js_sys::Reflect::get(event, &"addListener".into())?.dyn_into()?;
    let callback = Closure::<dyn FnMut(JsValue)>::new(listener).into_js_value();
    add.call1(event, &callback)?;
    Ok(())
}
