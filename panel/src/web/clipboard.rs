//! Puts text on the clipboard: by the asynchronous API, and where DevTools blocks that, by the old
//! command on a text area.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::events::Events;
use crate::event::Event;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "clipboard"], js_name = writeText, catch)]
    fn write_text(text: &str) -> Result<Promise, JsValue>;
}

/// Copies `text` and says whether it worked.
pub(super) fn copy(what: String, text: String, events: Events) {
    let written = write_text(&text);
    wasm_bindgen_futures::spawn_local(async move {
        let written = match written {
            Ok(done) => wasm_bindgen_futures::JsFuture::from(done).await.is_ok(),
            Err(_) => false,
        };
        let result = if written || copy_by_command(&text) == Some(true) {
            Ok(())
        } else {
            Err("DevTools blocks the clipboard here. Use Export instead".to_owned())
        };
        events.push(Event::Copied { what, result });
    });
}

/// `None` or `Some(false)` if it did not work.
fn copy_by_command(text: &str) -> Option<bool> {
    let document = web_sys::window()?.document()?;
    let had_focus = document.active_element();
    let area = document.create_element("textarea").ok()?;
    let area: web_sys::HtmlTextAreaElement = area.dyn_into().ok()?;
    area.set_value(text);
    // Out of sight, but not `display: none`: what is not laid out cannot be selected.
    area.style().set_property("position", "fixed").ok()?;
    area.style().set_property("opacity", "0").ok()?;
    document.body()?.append_child(&area).ok()?;
    area.select();
    let document: web_sys::HtmlDocument = document.dyn_into().ok()?;
    let copied = document.exec_command("copy").unwrap_or(false);
    area.remove();
    if let Some(element) =
        had_focus.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        drop(element.focus());
    }
    Some(copied)
}
