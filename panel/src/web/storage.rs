//! What outlives the panel: its settings, and the parked session of the page before.

use std::rc::Rc;

use callscope_bus::{Parked, parked_key};

use super::js;
use super::shared::Shared;
use crate::event::Event;

const SETTINGS: &str = "callscope settings";

fn local() -> Option<web_sys::Storage> {
    js::window().ok()?.local_storage().ok()?
}

/// The stored settings.
pub(super) fn load() -> Option<String> {
    local()?.get_item(SETTINGS).ok()?
}

/// Stores the settings; where that is impossible they last as long as the panel.
pub(super) fn store(text: &str) {
    if let Some(storage) = local() {
        _ = storage.set_item(SETTINGS, text);
    }
}

/// Looks for the session of the page that was in this tab before.
pub(super) fn find_parked(shared: &Rc<Shared>) {
    let Some(tab) = shared.tab else { return };
    let shared = Rc::clone(shared);
    wasm_bindgen_futures::spawn_local(async move {
        let key = parked_key(tab);
        let session = ["chrome", "storage", "session"];
        let found = js::call_async(&session, "get", &[key.as_str().into()])
            .await
            .ok();
        let text = found
            .and_then(|found| js_sys::Reflect::get(&found, &key.into()).ok())
            .and_then(|value| value.as_string());
        let parked = text.and_then(|text| callscope_bus::decode::<Parked>(&text).ok());
        shared.handle(Event::Parked(parked));
    });
}
