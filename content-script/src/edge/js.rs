//! The browser APIs that are needed: nothing here makes decisions.
//!
//! The bindings are hand-written, so that the lowered script contains only what is used. Whatever a
//! page can make fail is `catch`: elements with clever names can shadow a document's methods even in
//! the extension's own world.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `chrome`, as available to content scripts.
    pub(crate) type Chrome;

    #[wasm_bindgen(thread_local_v2, js_name = chrome)]
    pub(crate) static CHROME: Chrome;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn runtime(this: &Chrome) -> Option<Runtime>;

    /// `chrome.runtime`.
    #[derive(Clone)]
    pub(crate) type Runtime;

    /// Undefined once the extension was updated or removed.
    #[wasm_bindgen(method, getter, structural, catch)]
    pub(crate) fn id(this: &Runtime) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = getURL)]
    pub(crate) fn get_url(this: &Runtime, path: &str) -> Result<String, JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = sendMessage)]
    pub(crate) fn send_message(
        this: &Runtime,
        message: &str,
        answered: &JsValue,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, structural, js_name = lastError)]
    pub(crate) fn last_error(this: &Runtime) -> JsValue;

    #[wasm_bindgen(method, getter, structural, js_name = onMessage)]
    pub(crate) fn on_message(this: &Runtime) -> ChromeEvent;

    #[wasm_bindgen(method, getter, structural, js_name = onConnect)]
    pub(crate) fn on_connect(this: &Runtime) -> ChromeEvent;

    /// An event of the extension API.
    pub(crate) type ChromeEvent;

    #[wasm_bindgen(method, structural, catch, js_name = addListener)]
    pub(crate) fn add_listener(this: &ChromeEvent, listener: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = removeListener)]
    pub(crate) fn remove_listener(this: &ChromeEvent, listener: &JsValue) -> Result<(), JsValue>;

    /// The sender of a message, or the page that opened a port.
    pub(crate) type Sender;

    #[wasm_bindgen(method, getter, structural, js_name = id)]
    pub(crate) fn extension(this: &Sender) -> JsValue;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn url(this: &Sender) -> Option<String>;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn tab(this: &Sender) -> JsValue;

    /// The port to a panel.
    #[derive(Clone)]
    pub(crate) type Port;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn name(this: &Port) -> String;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn sender(this: &Port) -> Option<Sender>;

    #[wasm_bindgen(method, structural, catch, js_name = postMessage)]
    pub(crate) fn post_message(this: &Port, message: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method, getter, structural, js_name = onMessage)]
    pub(crate) fn on_message(this: &Port) -> ChromeEvent;

    #[wasm_bindgen(method, getter, structural, js_name = onDisconnect)]
    pub(crate) fn on_disconnect(this: &Port) -> ChromeEvent;

    /// A window: this one, or another frame's, of which only a few properties are accessible.
    #[derive(Clone)]
    pub(crate) type Window;

    #[wasm_bindgen(thread_local_v2, js_name = window)]
    pub(crate) static WINDOW: Window;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn parent(this: &Window) -> Option<Window>;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn closed(this: &Window) -> bool;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn length(this: &Window) -> u32;

    #[wasm_bindgen(method, structural, indexing_getter, catch)]
    pub(crate) fn frame(this: &Window, index: u32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = postMessage)]
    pub(crate) fn post(this: &Window, message: &JsValue, origin: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method, getter, structural, catch, js_name = localStorage)]
    pub(crate) fn local_storage(this: &Window) -> Result<Option<Storage>, JsValue>;

    /// The origin of its document, even where `location` has none: `null` in a sandbox, the
    /// creator's in a document without an address of its own.
    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn origin(this: &Window) -> String;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn location(this: &Window) -> Location;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn navigator(this: &Window) -> Navigator;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn document(this: &Window) -> Document;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn performance(this: &Window) -> Performance;

    pub(crate) type Location;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn origin(this: &Location) -> String;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn pathname(this: &Location) -> String;

    #[wasm_bindgen(method, structural)]
    pub(crate) fn reload(this: &Location);

    pub(crate) type Navigator;

    #[wasm_bindgen(method, getter, structural, js_name = userAgent)]
    pub(crate) fn user_agent(this: &Navigator) -> String;

    pub(crate) type Performance;

    #[wasm_bindgen(method, getter, structural, js_name = timeOrigin)]
    pub(crate) fn time_origin(this: &Performance) -> f64;

    #[wasm_bindgen(method, structural)]
    pub(crate) fn now(this: &Performance) -> f64;

    pub(crate) type Document;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn hidden(this: &Document) -> JsValue;

    #[wasm_bindgen(method, getter, structural, js_name = wasDiscarded)]
    pub(crate) fn was_discarded(this: &Document) -> JsValue;

    #[wasm_bindgen(method, structural, catch, js_name = querySelectorAll)]
    pub(crate) fn select(this: &Document, selector: &str) -> Result<JsValue, JsValue>;

    pub(crate) type Element;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn id(this: &Element) -> JsValue;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn src(this: &Element) -> JsValue;

    /// The window of an iframe.
    #[wasm_bindgen(method, getter, structural, js_name = contentWindow)]
    pub(crate) fn content_window(this: &Element) -> JsValue;

    pub(crate) type Storage;

    #[wasm_bindgen(method, structural, catch, js_name = getItem)]
    pub(crate) fn get(this: &Storage, key: &str) -> Result<Option<String>, JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = setItem)]
    pub(crate) fn set(this: &Storage, key: &str, value: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = removeItem)]
    pub(crate) fn remove(this: &Storage, key: &str) -> Result<(), JsValue>;

    /// A `message`, `pagehide` or `pageshow` event.
    pub(crate) type Event;

    #[wasm_bindgen(method, getter, structural, js_name = isTrusted)]
    pub(crate) fn is_trusted(this: &Event) -> bool;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn persisted(this: &Event) -> bool;

    #[wasm_bindgen(method, getter, structural, catch)]
    pub(crate) fn data(this: &Event) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn origin(this: &Event) -> String;

    /// A posted object.
    pub(crate) type Posted;

    #[wasm_bindgen(method, getter, structural, js_name = type)]
    pub(crate) fn type_name(this: &Posted) -> JsValue;

    #[wasm_bindgen(method, getter, structural, js_name = messageId)]
    pub(crate) fn message_id(this: &Posted) -> JsValue;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn size(this: &Posted) -> JsValue;

    #[wasm_bindgen(method, getter, structural, js_name = byteLength)]
    pub(crate) fn byte_length(this: &Posted) -> JsValue;

}

#[wasm_bindgen(module = "/src/edge/plain.js")]
extern "C" {
    /// The JSON text of a value that JSON can represent completely; undefined if it cannot.
    #[wasm_bindgen(js_name = plainText)]
    pub(crate) fn plain_text(value: &JsValue, values: u32, units: u32, levels: u32) -> JsValue;
}

#[wasm_bindgen(module = "/src/edge/frames.js")]
extern "C" {
    /// A listener for `load` events that calls back when the page's frames may have changed.
    #[wasm_bindgen(js_name = frameListener)]
    pub(crate) fn frame_listener(document: &Document, most: usize, changed: &JsValue) -> JsValue;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = JSON)]
    pub(crate) fn stringify(value: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = JSON)]
    pub(crate) fn parse(text: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Object)]
    pub(crate) fn keys(object: &JsValue) -> Array;

    #[wasm_bindgen(js_namespace = Object)]
    pub(crate) fn values(object: &JsValue) -> Array;

    #[wasm_bindgen(js_namespace = Object)]
    pub(crate) fn entries(object: &JsValue) -> Array;

    #[wasm_bindgen(js_namespace = Object, js_name = getPrototypeOf)]
    pub(crate) fn prototype_of(object: &JsValue) -> JsValue;

    #[wasm_bindgen(js_namespace = Object, js_name = hasOwn)]
    pub(crate) fn has_own(object: &JsValue, index: u32) -> bool;

    #[wasm_bindgen(js_namespace = Object, js_name = hasOwn)]
    pub(crate) fn has_own_key(object: &JsValue, key: &str) -> bool;

    #[wasm_bindgen(js_namespace = Array, js_name = isArray)]
    pub(crate) fn is_array(value: &JsValue) -> bool;

    #[wasm_bindgen(js_namespace = Array, js_name = from, catch)]
    pub(crate) fn array_from(value: &JsValue) -> Result<Array, JsValue>;

    /// `Object.prototype.toString`, to call on any value.
    #[wasm_bindgen(thread_local_v2, js_namespace = ["Object", "prototype"], js_name = toString)]
    pub(crate) static CLASS_OF: Function;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["Object"], js_name = prototype)]
    pub(crate) static PLAIN: JsValue;

    #[wasm_bindgen(js_name = String, catch)]
    pub(crate) fn to_text(value: &JsValue) -> Result<String, JsValue>;

    #[wasm_bindgen(js_namespace = Math)]
    pub(crate) fn random() -> f64;

    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    pub(crate) fn wall_clock() -> f64;

    #[wasm_bindgen(js_name = setTimeout)]
    pub(crate) fn set_timeout(callback: &JsValue, delay: f64) -> f64;

    #[wasm_bindgen(js_name = clearTimeout)]
    pub(crate) fn clear_timeout(timer: f64);
}
