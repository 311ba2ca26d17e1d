//! Chrome's side of the worker.

use callscope_bus::{CONTENT_SCRIPT, LISTENER_SCRIPT, Parked, encode, parked_key};
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::parking::make_room;
use crate::relay::{Forward, Sender, route};

#[wasm_bindgen]
extern "C" {
    type Chrome;

    #[wasm_bindgen(thread_local_v2, js_name = chrome)]
    static CHROME: Chrome;

    #[wasm_bindgen(method, getter, structural)]
    fn runtime(this: &Chrome) -> Runtime;

    #[wasm_bindgen(method, getter, structural)]
    fn tabs(this: &Chrome) -> Tabs;

    #[wasm_bindgen(method, getter, structural)]
    fn storage(this: &Chrome) -> Storage;

    #[wasm_bindgen(method, getter, structural)]
    fn scripting(this: &Chrome) -> Scripting;

    type Scripting;

    #[wasm_bindgen(method, structural, js_name = executeScript)]
    fn execute_script(this: &Scripting, injection: &JsValue, done: &JsValue);

    type Runtime;

    #[wasm_bindgen(method, getter, structural)]
    fn id(this: &Runtime) -> JsValue;

    #[wasm_bindgen(method, getter, structural, js_name = lastError)]
    fn last_error(this: &Runtime) -> JsValue;

    #[wasm_bindgen(method, getter, structural, js_name = onMessage)]
    fn on_message(this: &Runtime) -> ChromeEvent;

    type Tabs;

    #[wasm_bindgen(method, getter, structural, js_name = onRemoved)]
    fn on_removed(this: &Tabs) -> ChromeEvent;

    #[wasm_bindgen(method, structural, catch, js_name = sendMessage)]
    fn send_message(
        this: &Tabs,
        tab: i32,
        message: &str,
        options: &JsValue,
        answered: &JsValue,
    ) -> Result<JsValue, JsValue>;

    type Storage;

    #[wasm_bindgen(method, getter, structural)]
    fn session(this: &Storage) -> Area;

    #[derive(Clone)]
    type Area;

    #[wasm_bindgen(method, structural)]
    fn get(this: &Area, keys: &JsValue, read: &JsValue);

    #[wasm_bindgen(method, structural)]
    fn set(this: &Area, items: &JsValue, written: &JsValue);

    #[wasm_bindgen(method, structural)]
    fn remove(this: &Area, keys: &JsValue, removed: &JsValue);

    type ChromeEvent;

    #[wasm_bindgen(method, structural, js_name = addListener)]
    fn add_listener(this: &ChromeEvent, listener: &JsValue);

    type RawSender;

    #[wasm_bindgen(method, getter, structural, js_name = id)]
    fn extension(this: &RawSender) -> JsValue;

    #[wasm_bindgen(method, getter, structural)]
    fn tab(this: &RawSender) -> Option<RawTab>;

    #[wasm_bindgen(method, getter, structural, js_name = frameId)]
    fn frame(this: &RawSender) -> Option<f64>;

    #[wasm_bindgen(method, getter, structural, js_name = documentId)]
    fn document(this: &RawSender) -> Option<String>;

    #[wasm_bindgen(method, getter, structural)]
    fn url(this: &RawSender) -> Option<String>;

    type RawTab;

    #[wasm_bindgen(method, getter, structural, js_name = id)]
    fn number(this: &RawTab) -> Option<f64>;

    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn wall_clock() -> f64;
}

/// Registers the listeners; Chrome wants them before the script has run to its end.
#[wasm_bindgen(start)]
fn start() {
    let message_listener =
        Closure::<dyn FnMut(JsValue, RawSender, Function) -> bool>::new(on_message);
    let removal_listener = Closure::<dyn FnMut(f64)>::new(on_tab_removed);
    CHROME.with(|chrome| {
        chrome
            .runtime()
            .on_message()
            .add_listener(&message_listener.into_js_value());
        chrome
            .tabs()
            .on_removed()
            .add_listener(&removal_listener.into_js_value());
    });
}

/// Passes a message on; `true` tells Chrome that the answer comes later.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a closure for JavaScript owns what it gets"
)]
fn on_message(message: JsValue, sender: RawSender, answer: Function) -> bool {
    let Some(text) = message.as_string() else {
        return false;
    };
    let sender = Sender {
        own_extension: CHROME.with(|chrome| sender.extension() == chrome.runtime().id()),
        tab: sender.tab().and_then(|tab| tab.number()).map(number),
        frame: sender.frame().map_or(-1, number),
        document: sender.document(),
        url: sender.url().unwrap_or_default(),
    };
    // What is not a message of the bus comes from an old content script; it gets no answer and goes
    // quiet.
    let Ok(Some(forward)) = route(sender, &text) else {
        return false;
    };
    match forward {
        Forward::Start { tab, document } => {
            let documents = Array::of1(&document.into());
            start_in(tab, "documentIds", &documents);
            false
        }
        Forward::Answer => {
            drop(answer.call1(&JsValue::UNDEFINED, &JsValue::from_str("")));
            false
        }
        Forward::ToTop { tab, text } => {
            let options = object("frameId", &0.into());
            send_to_tab(tab, &text, &options, answer, true)
        }
        Forward::ToDocument {
            tab,
            document,
            text,
        } => {
            let options = object("documentId", &document.into());
            send_to_tab(tab, &text, &options, answer, false)
        }
        Forward::Park { tab, page, log } => {
            let parked = Parked {
                page,
                at: wall_clock(),
                log,
            };
            park(parked_key(tab), encode(&parked));
            false
        }
    }
}

/// A tab that is gone has no parked session any more.
fn on_tab_removed(tab: f64) {
    area().remove(&parked_key(number(tab)).into(), &ignore_failure());
}

/// Sends a text to a frame of a tab, and the answer back.
///
/// If nobody listens there and it is the top frame, the recorder is started: the tap that said
/// something says it again.
fn send_to_tab(tab: i32, text: &str, options: &JsValue, answer: Function, is_top: bool) -> bool {
    let answered = Closure::once_into_js(move |what: JsValue| {
        // Reading it keeps the browser from reporting it. No answer is an answer too: nobody
        // listens there.
        let failed = CHROME.with(|chrome| !chrome.runtime().last_error().is_undefined());
        if failed && is_top {
            start_in(tab, "frameIds", &Array::of1(&0.into()));
        }
        let what = if failed { JsValue::NULL } else { what };
        drop(answer.call1(&JsValue::UNDEFINED, &what));
    });
    CHROME
        .with(|chrome| chrome.tabs().send_message(tab, text, options, &answered))
        .is_ok()
}

/// Runs the content script in a frame of a tab, named in one of Chrome's ways; where it runs
/// already, it ends itself.
fn start_in(tab: i32, key: &str, names: &Array) {
    let target = object("tabId", &tab.into());
    // Fails only on frozen objects, as below.
    drop(Reflect::set(&target, &key.into(), names));
    let files: Array = Array::of2(&LISTENER_SCRIPT.into(), &CONTENT_SCRIPT.into());
    let injection = object("target", &target);
    drop(Reflect::set(&injection, &"files".into(), &files));
    drop(Reflect::set(
        &injection,
        &"injectImmediately".into(),
        &JsValue::TRUE,
    ));
    CHROME.with(|chrome| {
        chrome
            .scripting()
            .execute_script(&injection, &ignore_failure())
    });
}

fn park(key: String, value: String) {
    let read = Closure::once_into_js(move |all: JsValue| {
        let entries = Object::entries(all.unchecked_ref());
        let entry = |entry: JsValue| {
            let entry: Array = entry.unchecked_into();
            entry.get(0).as_string().zip(entry.get(1).as_string())
        };
        let parked: Vec<(String, String)> = entries.iter().filter_map(entry).collect();
        let going = make_room(&parked, &key, value.len());
        let write = Closure::once_into_js(move || {
            area().set(&object(&key, &value.into()), &ignore_failure());
        });
        if going.is_empty() {
            drop(
                write
                    .unchecked_into::<Function>()
                    .call0(&JsValue::UNDEFINED),
            );
        } else {
            let keys: Array = going.into_iter().map(JsValue::from).collect();
            area().remove(&keys, &write);
        }
    });
    area().get(&JsValue::NULL, &read);
}

fn area() -> Area {
    CHROME.with(|chrome| chrome.storage().session())
}

/// A callback that only keeps the browser from reporting a failure that nobody can fix.
fn ignore_failure() -> JsValue {
    Closure::once_into_js(|| CHROME.with(|chrome| drop(chrome.runtime().last_error())))
}

fn object(key: &str, value: &JsValue) -> JsValue {
    let object = Object::new();
    // Fails only on frozen objects.
    drop(Reflect::set(&object, &key.into(), value));
    object.into()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "Chrome numbers tabs and frames by 32 bits"
)]
fn number(number: f64) -> i32 {
    number as i32
}
