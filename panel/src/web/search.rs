//! DevTools' own search (Ctrl+F outside the panel's frame).
//!
//! DevTools reports it to the page that created the panel, whose `devtools.js` forwards it to the
//! panel's window as an event.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::js;
use super::shared::Shared;
use crate::action::Action;

/// The event's name, as in `devtools.js`.
const EVENT: &str = "callscope-search";

/// Listens for searches.
pub(super) fn listen(shared: &Rc<Shared>) -> Result<(), JsValue> {
    let shared = Rc::clone(shared);
    js::on_window(EVENT, move |event| {
        let get = |object: &JsValue, name: &str| {
            js_sys::Reflect::get(object, &name.into()).unwrap_or_default()
        };
        let detail = get(&event, "detail");
        let text = |name: &str| get(&detail, name).as_string().unwrap_or_default();
        if let Some(action) = action(&text("action"), text("query")) {
            shared.perform(action);
            shared.repaint();
        }
    })
}

/// The action for DevTools' name of a search step.
fn action(name: &str, query: String) -> Option<Action> {
    Some(match name {
        "performSearch" => Action::Find { text: query },
        "nextSearchResult" => Action::FindAgain { backwards: false },
        "previousSearchResult" => Action::FindAgain { backwards: true },
        "cancelSearch" => Action::Find {
            text: String::new(),
        },
        _ => return None,
    })
}
