//! Copying within DevTools, where the clipboard API is often blocked.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::js;
use super::shared::Shared;
use crate::event::Event;

/// Copies a text, and reports the result.
pub(super) fn copy(shared: &Rc<Shared>, what: String, text: String) {
    let shared = Rc::clone(shared);
    wasm_bindgen_futures::spawn_local(async move {
        let written = js::call_async(
            &["navigator", "clipboard"],
            "writeText",
            &[text.as_str().into()],
        )
        .await;
        let result = match written {
            Ok(_) => Ok(()),
            Err(_) => copy_selection(&text).map_err(|error| js::describe(&error)),
        };
        shared.handle(Event::Copied { what, result });
    });
}

/// The old way: selects the text in a text field and makes the document copy it.
fn copy_selection(text: &str) -> Result<(), JsValue> {
    let document = js::document()?;
    let focused = document.active_element();
    let area: web_sys::HtmlTextAreaElement = document.create_element("textarea")?.dyn_into()?;
    area.set_value(text);
    area.set_attribute("style", "position:fixed;top:0;left:-9999px")?;
    let body = document
        .body()
        .ok_or_else(|| JsValue::from_str("the page has no body"))?;
    body.append_child(&area)?;
    area.select();
    let is_copied = document
        .dyn_into::<web_sys::HtmlDocument>()?
        .exec_command("copy");
    area.remove();
    if let Some(focused) = focused.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
        _ = focused.focus();
    }
    match is_copied {
        Ok(true) => Ok(()),
        _ => Err(JsValue::from_str(
            "the browser does not let DevTools panels use the clipboard here",
        )),
    }
}
