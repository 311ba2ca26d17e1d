//! What outlives the panel: its settings, and data left by unloaded pages.

use std::rc::Rc;

use callscope_bus::{Goodbye, Parked, ahead_key, decode, goodbyes_of, parked_key};
use wasm_bindgen::prelude::*;

use super::shared::Shared;
use super::{js, windows};
use crate::event::{Event, WindowEvent};

const SETTINGS: &str = "callscope settings";
/// How long to wait for data of unloaded pages, in milliseconds: documents report when they are
/// unloaded, and the worker may have to be started for that.
const LEFT_ALL: i32 = 2_000;

fn local() -> Option<web_sys::Storage> {
    js::window().ok()?.local_storage().ok()?
}

/// The stored settings.
pub(super) fn load() -> Option<String> {
    local()?.get_item(SETTINGS).ok()?
}

/// Stores the settings; if that is impossible, they last until the panel is closed.
pub(super) fn store(text: &str) {
    if let Some(storage) = local() {
        _ = storage.set_item(SETTINGS, text);
    }
}

/// Follows what pages of this tab and its calling windows leave, for the life of the panel.
pub(super) fn watch(shared: &Rc<Shared>, tab: i32) {
    let path = ["chrome", "storage", "session", "onChanged"];
    let Some(changed) = js::global(&path) else {
        return;
    };
    let shared = Rc::clone(shared);
    // Without the event, data is still found when the panel looks for it.
    _ = js::listen(&changed, move |changes| {
        let value = |change: JsValue| js_sys::Reflect::get(&change, &"newValue".into()).ok();
        let entries = entries(&changes, value);
        let windows: Vec<i32> = shared.windows.borrow().keys().copied().collect();
        for window in windows {
            let Left {
                parked,
                goodbyes,
                ahead,
            } = Left::read(window, &entries);
            let parked = parked.or(ahead);
            if parked.is_some() || !goodbyes.is_empty() {
                let what = WindowEvent::Left { parked, goodbyes };
                windows::handle(&shared, window, what);
                settle_later(&shared);
            }
        }
        tell(&shared, Left::read(tab, &entries), true);
    });
}

/// Looks for data left by pages of this tab.
pub(super) fn find_left(shared: &Rc<Shared>) {
    let Some(tab) = shared.tab else { return };
    let shared = Rc::clone(shared);
    wasm_bindgen_futures::spawn_local(async move {
        let session = ["chrome", "storage", "session"];
        if let Ok(all) = js::call_async(&session, "get", &[JsValue::NULL]).await {
            tell(&shared, Left::read(tab, &entries(&all, Some)), false);
        }
        settle_later(&shared);
    });
}

/// The string values of an object, with their keys.
fn entries(object: &JsValue, value: impl Fn(JsValue) -> Option<JsValue>) -> Vec<(String, String)> {
    let entries = js_sys::Object::entries(object.unchecked_ref());
    let entry = |entry: JsValue| {
        let entry: js_sys::Array = entry.unchecked_into();
        let text = value(entry.get(1))?.as_string()?;
        Some((entry.get(0).as_string()?, text))
    };
    entries.iter().filter_map(entry).collect()
}

/// Data left by pages of a tab.
struct Left {
    parked: Option<Box<Parked>>,
    goodbyes: Vec<Goodbye>,
    /// What a recorder had stored ahead, while its page was still open.
    ahead: Option<Box<Parked>>,
}

impl Left {
    /// Reads the data of a tab; skips what another version of the extension has left.
    fn read(tab: i32, entries: &[(String, String)]) -> Self {
        let (parked_key, ahead_key, goodbyes_of) =
            (parked_key(tab), ahead_key(tab), goodbyes_of(tab));
        let parked = |key: &str| {
            let found = entries.iter().find(|(other, _)| other == key);
            found.and_then(|(_, text)| decode(text).ok()).map(Box::new)
        };
        let goodbyes = (entries.iter()).filter(|(key, _)| key.starts_with(&goodbyes_of));
        Self {
            parked: parked(&parked_key),
            goodbyes: goodbyes.filter_map(|(_, text)| decode(text).ok()).collect(),
            ahead: parked(&ahead_key),
        }
    }
}

fn tell(shared: &Rc<Shared>, left: Left, is_new: bool) {
    let Left {
        parked,
        goodbyes,
        ahead,
    } = left;
    // While the page is open, its recorder reports everything itself.
    if let Some(ahead) = ahead.filter(|_| !is_new) {
        shared.handle(Event::Left {
            parked: Some(ahead),
            goodbyes: Vec::new(),
            is_new,
        });
    }
    if parked.is_none() && goodbyes.is_empty() {
        return;
    }
    shared.handle(Event::Left {
        parked,
        goodbyes,
        is_new,
    });
    if is_new {
        settle_later(shared);
    }
}

pub(super) fn settle_later(shared: &Rc<Shared>) {
    let shared = Rc::clone(shared);
    js::after(LEFT_ALL, move || shared.handle(Event::LeftAll));
}
