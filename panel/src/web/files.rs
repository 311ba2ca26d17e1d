//! Saves a text as a file and asks for one.

use wasm_bindgen::prelude::*;

use super::events::Events;
use crate::event::Event;

/// The ending of session logs; the file dialog shows these first.
const ACCEPTED: &str = ".jsonl,.json,.txt";

/// Offers `text` for saving under `name`.
///
/// `None` if the page has no document, which a panel always has.
pub(super) fn save(name: &str, text: &str) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("application/jsonl;charset=utf-8");
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    let address = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let link = document.create_element("a").ok()?;
    let link: web_sys::HtmlAnchorElement = link.dyn_into().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The download has its own hold on the blob by now.
    super::chrome::after(60_000, move || {
        drop(web_sys::Url::revoke_object_url(&address))
    });
    Some(())
}

/// Asks the user for a file and reads it.
///
/// Must be called within a user gesture; a dialog that is closed without a choice says nothing.
pub(super) fn pick(events: Events) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let input = document.create_element("input").ok()?;
    let input: web_sys::HtmlInputElement = input.dyn_into().ok()?;
    input.set_type("file");
    input.set_accept(ACCEPTED);
    let chosen = input.clone();
    let changed = Closure::once_into_js(move || {
        if let Some(file) = chosen.files().and_then(|files| files.get(0)) {
            wasm_bindgen_futures::spawn_local(read(file, events));
        }
    });
    input.set_onchange(Some(changed.unchecked_ref()));
    input.click();
    Some(())
}

async fn read(file: web_sys::File, events: Events) {
    let content = match wasm_bindgen_futures::JsFuture::from(file.array_buffer()).await {
        Ok(buffer) => Ok(js_sys::Uint8Array::new(&buffer).to_vec()),
        Err(error) => Err(super::chrome::words(&error)),
    };
    events.push(Event::File {
        name: file.name(),
        content,
    });
}
