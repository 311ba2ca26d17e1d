//! The worker's interface to Chrome.

use std::cell::RefCell;

use callscope_bus::{
    CONTENT_SCRIPT, FRAME_STATE_SCRIPT, Goodbye, LISTENER_SCRIPT, RelayRequest, VERSION,
    WELCOME_PAGE, encode, goodbye_key,
};
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::left_early::{Kept, LeftEarly};
use crate::parking::{Change, ROOM, bounded, make_room, of_tab, park, park_ahead, renumbered};
use crate::relay::{Forward, Sender, UnderWay, is_taken, route, route_request};

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

    #[wasm_bindgen(method, getter, structural, js_name = onInstalled)]
    fn on_installed(this: &Runtime) -> ChromeEvent;

    #[wasm_bindgen(method, structural, js_name = getURL)]
    fn url_of(this: &Runtime, file: &str) -> String;

    type Tabs;

    #[wasm_bindgen(method, getter, structural, js_name = onRemoved)]
    fn on_removed(this: &Tabs) -> ChromeEvent;

    #[wasm_bindgen(method, getter, structural, js_name = onReplaced)]
    fn on_replaced(this: &Tabs) -> ChromeEvent;

    #[wasm_bindgen(method, structural)]
    fn create(this: &Tabs, properties: &JsValue, done: &JsValue);

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

    #[wasm_bindgen(method, structural, js_name = getBytesInUse)]
    fn bytes_in_use(this: &Area, keys: &JsValue, read: &JsValue);

    #[wasm_bindgen(method, structural)]
    fn set(this: &Area, items: &JsValue, written: &JsValue);

    #[wasm_bindgen(method, structural)]
    fn remove(this: &Area, keys: &JsValue, removed: &JsValue);

    #[wasm_bindgen(js_name = fetch)]
    fn fetch(url: &str) -> Fetching;

    type Fetching;

    #[wasm_bindgen(method, structural)]
    fn then(this: &Fetching, found: &JsValue, missing: &JsValue);

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

    #[wasm_bindgen(method, getter, structural, js_name = documentLifecycle)]
    fn lifecycle(this: &RawSender) -> Option<String>;

    type RawTab;

    #[wasm_bindgen(method, getter, structural, js_name = id)]
    fn number(this: &RawTab) -> Option<f64>;
}

thread_local! {
    /// The goodbyes that the top frame has yet to answer.
    static UNDER_WAY: RefCell<UnderWay> = const { RefCell::new(UnderWay::new()) };
}

/// Registers the listeners, which Chrome requires before the script has run to its end.
#[wasm_bindgen(start)]
fn start() {
    let message_listener =
        Closure::<dyn FnMut(JsValue, RawSender, Function) -> bool>::new(on_message);
    let removal_listener = Closure::<dyn FnMut(f64)>::new(on_tab_removed);
    let replacement_listener = Closure::<dyn FnMut(f64, f64)>::new(on_tab_replaced);
    let install_listener = Closure::<dyn FnMut(JsValue)>::new(on_installed);
    CHROME.with(|chrome| {
        chrome
            .tabs()
            .on_replaced()
            .add_listener(&replacement_listener.into_js_value());
        chrome
            .runtime()
            .on_installed()
            .add_listener(&install_listener.into_js_value());
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

/// Forwards a message; `true` tells Chrome that the answer comes later.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a closure for JavaScript owns its arguments"
)]
fn on_message(message: JsValue, sender: RawSender, answer: Function) -> bool {
    let sender = Sender {
        own_extension: CHROME.with(|chrome| sender.extension() == chrome.runtime().id()),
        tab: sender.tab().and_then(|tab| tab.number()).map(number),
        frame: sender.frame().map_or(-1, number),
        document: sender.document(),
        is_leaving: matches!(
            sender.lifecycle().as_deref(),
            Some("pending_deletion" | "cached")
        ),
    };
    // What is not a message of the bus comes from an old content script; without an answer, it
    // stops sending.
    let forward = match message.as_string() {
        Some(text) => route(sender, &text).ok().flatten(),
        None => route_left_early(sender, &message),
    };
    let Some(forward) = forward else {
        return false;
    };
    match forward {
        Forward::Start { tab, document } => {
            let documents = Array::of1(&document.into());
            start_in(tab, "documentIds", &documents);
            false
        }
        Forward::StartFrames { tab, origin } => {
            start_frames(tab, origin);
            false
        }
        Forward::Answer => {
            drop(answer.call1(&JsValue::UNDEFINED, &JsValue::from_str("")));
            false
        }
        Forward::ToTop { tab, text } => {
            let options = object("frameId", &0.into());
            // If nobody listens there, start it; the tap will send its message again.
            send_to_tab(tab, &text, &options, answer, move |answer| {
                if answer.is_none() {
                    start_in(tab, "frameIds", &Array::of1(&0.into()));
                }
            })
        }
        Forward::ToDocument {
            tab,
            document,
            text,
        } => {
            let options = object("documentId", &document.into());
            send_to_tab(tab, &text, &options, answer, |_| {})
        }
        Forward::Park {
            tab,
            recorder,
            began,
            is_ahead,
            text,
        } => {
            read_all(move |stored| {
                let change = if is_ahead {
                    park_ahead(stored, tab, &recorder, text)
                } else {
                    park(&stored, tab, &recorder, began, text)
                };
                store(change, move || {
                    drop(answer.call1(&JsValue::UNDEFINED, &JsValue::from_str("")));
                });
            });
            is_ahead
        }
        Forward::Leave { tab, text, goodbye } => {
            let options = object("frameId", &0.into());
            // Stored right away: a page that is being replaced may never answer. If the recorder
            // has received it and it is stored nevertheless, its sequence numbers show that.
            let key = goodbye_key(tab, &goodbye);
            keep(&key, goodbye);
            let number = UNDER_WAY.with_borrow_mut(|under_way| under_way.add(&key));
            send_to_tab(tab, &text, &options, answer, move |answer| {
                let is_last = UNDER_WAY.with_borrow_mut(|under_way| under_way.end(&key, number));
                // A later one of the same document is stored in its place.
                if is_last && is_taken(answer.and_then(JsValue::as_string).as_deref()) {
                    area().remove(&key.into(), &ignore_failure());
                }
            })
        }
    }
}

/// Opens the welcome page, only after installation: not after an update of the extension or Chrome.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a closure for JavaScript owns its arguments"
)]
fn on_installed(details: JsValue) {
    let reason = Reflect::get(&details, &"reason".into()).unwrap_or_default();
    if reason != "install" {
        return;
    }
    let url = CHROME.with(|chrome| chrome.runtime().url_of(WELCOME_PAGE));
    let page = url.clone();
    let found = Closure::once_into_js(move |_: JsValue| {
        CHROME.with(|chrome| {
            let properties = object("url", &page.into());
            chrome.tabs().create(&properties, &ignore_failure());
        });
    });
    // In a browser driven by a program, the extension lacks this page.
    let missing = Closure::once_into_js(|_: JsValue| {});
    fetch(&url).then(&found, &missing);
}

/// Where to forward what a frame hands over that leaves before the content script ran in it.
fn route_left_early(sender: Sender, message: &JsValue) -> Option<Forward> {
    let document = sender.document.clone()?;
    let goodbye = || {
        let left = left_early(message).ok_or(())?;
        let goodbye = left.into_goodbye(&document);
        Ok::<_, ()>(RelayRequest::Leave { goodbye })
    };
    route_request(sender, goodbye).ok().flatten()
}

/// Reads what the listener hands over; `None` if it belongs to another build of the extension.
fn left_early(message: &JsValue) -> Option<LeftEarly> {
    let get = |of: &JsValue, key: &str| Reflect::get(of, &key.into()).unwrap_or_default();
    let text = |of: &JsValue, key: &str| get(of, key).as_string().unwrap_or_default();
    let float = |of: &JsValue, key: &str| get(of, key).as_f64().unwrap_or_default();
    let count = |of: &JsValue, key: &str| u32::try_from(number(float(of, key))).unwrap_or(u32::MAX);
    let list = |key: &str| get(message, key).dyn_into::<Array>().unwrap_or_default();
    if get(message, "version").as_f64() != Some(f64::from(VERSION)) {
        return None;
    }
    let kept = |kept: JsValue| Kept {
        at: float(&kept, "at"),
        slot: number(float(&kept, "slot")),
        index: count(&kept, "index"),
        origin: text(&kept, "origin"),
        text: text(&kept, "text"),
        is_whole: get(&kept, "isWhole").is_truthy(),
    };
    let index = |index: JsValue| index.as_f64().map(number);
    let index = |it: JsValue| u32::try_from(index(it).unwrap_or(-1)).unwrap_or(u32::MAX);
    Some(LeftEarly {
        origin: text(message, "origin"),
        path: list("path").iter().map(index).collect(),
        time_origin: float(message, "timeOrigin"),
        since: float(message, "since"),
        now: float(message, "now"),
        from_start: get(message, "fromStart").is_truthy(),
        is_blank: get(message, "isBlank").is_truthy(),
        messages: list("messages").iter().map(kept).collect(),
        lost: count(message, "lost"),
        others: count(message, "others"),
    })
}

/// Removes everything stored for a closed tab.
fn on_tab_removed(tab: f64) {
    read_all(move |stored| {
        let going: Array = (of_tab(&stored, number(tab)).into_iter())
            .map(JsValue::from)
            .collect();
        area().remove(&going, &ignore_failure());
    });
}

/// A tab was discarded and got a new id; what its earlier pages left still belongs to it.
fn on_tab_replaced(new: f64, old: f64) {
    let (new, old) = (number(new), number(old));
    read_all(move |stored| {
        // The old entries are removed first: there may not be room for both.
        let change = Change {
            write: renumbered(&stored, old, new),
            remove: of_tab(&stored, old),
        };
        store(change, || {});
    });
}

/// Sends a text to a frame of a tab, and the answer back; `see` receives it first, or `None` if
/// nobody listens there.
fn send_to_tab(
    tab: i32,
    text: &str,
    options: &JsValue,
    answer: Function,
    see: impl FnOnce(Option<&JsValue>) + 'static,
) -> bool {
    let answered = Closure::once_into_js(move |what: JsValue| {
        // Otherwise the browser reports the error. No answer is an answer, too: nobody listens
        // there.
        let failed = CHROME.with(|chrome| !chrome.runtime().last_error().is_undefined());
        see(Some(&what).filter(|_| !failed));
        let what = if failed { JsValue::NULL } else { what };
        drop(answer.call1(&JsValue::UNDEFINED, &what));
    });
    CHROME
        .with(|chrome| chrome.tabs().send_message(tab, text, options, &answered))
        .is_ok()
}

/// Runs the content script in some frames of a tab, given by one of Chrome's keys; where it is
/// already running, the new run ends itself.
fn start_in(tab: i32, key: &str, names: &Array) {
    let files = Array::of2(&LISTENER_SCRIPT.into(), &CONTENT_SCRIPT.into());
    execute(tab, key, names, &files, &ignore_failure());
}

/// Runs the content script in the tab's frames of this origin that only run the listener so far.
fn start_frames(tab: i32, origin: String) {
    let seen = Closure::once_into_js(move |frames: JsValue| {
        // Otherwise the browser reports the error.
        CHROME.with(|chrome| drop(chrome.runtime().last_error()));
        let get = |of: &JsValue, key: &str| Reflect::get(of, &key.into()).unwrap_or_default();
        let documents = Array::new();
        for frame in frames.dyn_ref::<Array>().into_iter().flat_map(Array::iter) {
            let result = get(&frame, "result");
            let is =
                |key: &str, value: &str| get(&result, key).as_string().as_deref() == Some(value);
            if is("state", "listens") && is("origin", &origin) {
                documents.push(&get(&frame, "documentId"));
            }
        }
        if documents.length() > 0 {
            start_in(tab, "documentIds", &documents);
        }
    });
    let files = Array::of1(&FRAME_STATE_SCRIPT.into());
    execute(tab, "allFrames", &JsValue::TRUE, &files, &seen);
}

/// Runs files of the extension in some frames of a tab.
fn execute(tab: i32, key: &str, frames: &JsValue, files: &Array, done: &JsValue) {
    let target = object("tabId", &tab.into());
    let injection = object("target", &target);
    // These fail only on frozen objects.
    drop(Reflect::set(&target, &key.into(), frames));
    drop(Reflect::set(&injection, &"files".into(), files));
    drop(Reflect::set(
        &injection,
        &"injectImmediately".into(),
        &JsValue::TRUE,
    ));
    CHROME.with(|chrome| chrome.scripting().execute_script(&injection, done));
}

/// Stores what a document has left.
fn keep(key: &str, goodbye: Goodbye) {
    let (key, value) = (key.to_owned(), encode(&bounded(goodbye)));
    let read = Closure::once_into_js(move |used: JsValue| {
        // There is nearly always room, so the whole area, which may be large, is not read just to
        // check.
        if used
            .as_f64()
            .is_some_and(|used| used + as_f64(value.len()) <= as_f64(ROOM))
        {
            store(Change::of(key, value, Vec::new()), || {});
        } else {
            read_all(move |stored| {
                let going = make_room(stored.iter(), &key, value.len());
                store(Change::of(key, value, going), || {});
            });
        }
    });
    area().bytes_in_use(&JsValue::NULL, &read);
}

/// Reads all keys and values of the storage area.
fn read_all(then: impl FnOnce(Vec<(String, String)>) + 'static) {
    let read = Closure::once_into_js(move |all: JsValue| {
        let entries = Object::entries(all.unchecked_ref());
        let entry = |entry: JsValue| {
            let entry: Array = entry.unchecked_into();
            entry.get(0).as_string().zip(entry.get(1).as_string())
        };
        then(entries.iter().filter_map(entry).collect());
    });
    area().get(&JsValue::NULL, &read);
}

/// Removes old entries, then writes new ones.
fn store(change: Change, then: impl FnOnce() + 'static) {
    let Change { write, remove } = change;
    let values = Object::new();
    for (key, value) in write {
        // Fails only on frozen objects.
        drop(Reflect::set(&values, &key.into(), &value.into()));
    }
    let written = Closure::once_into_js(move || {
        // Otherwise the browser reports the error.
        CHROME.with(|chrome| drop(chrome.runtime().last_error()));
        then();
    });
    let write = Closure::once_into_js(move || area().set(&values, &written));
    if remove.is_empty() {
        drop(
            write
                .unchecked_into::<Function>()
                .call0(&JsValue::UNDEFINED),
        );
    } else {
        let keys: Array = remove.into_iter().map(JsValue::from).collect();
        area().remove(&keys, &write);
    }
}

fn area() -> Area {
    CHROME.with(|chrome| chrome.storage().session())
}

/// A callback that only prevents the browser from reporting a failure that nobody can fix.
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
    reason = "Chrome's tab and frame ids are 32 bits wide"
)]
fn number(number: f64) -> i32 {
    number as i32
}

#[expect(
    clippy::cast_precision_loss,
    reason = "text lengths are far below 2^52"
)]
fn as_f64(size: usize) -> f64 {
    size as f64
}
