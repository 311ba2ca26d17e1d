//! Files: saved by a link to a blob, opened by a file field or by dropping them on the panel.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::js;
use super::shared::Shared;
use crate::event::Event;

/// Offers a text for saving.
pub(super) fn save(name: &str, text: &str) -> Result<(), JsValue> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("application/x-ndjson");
    let parts: JsValue = js_sys::Array::of1(&text.into()).into();
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = js::document()?.create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The download has begun by then, and holds the blob itself.
    js::after(60_000, move || _ = web_sys::Url::revoke_object_url(&url));
    Ok(())
}

/// Asks the user for a file; must follow a click within a moment.
pub(super) fn pick(shared: &Rc<Shared>) {
    let Ok(input) = file_field() else { return };
    let shared = Rc::clone(shared);
    let field = input.clone();
    let changed = Closure::once_into_js(move || {
        if let Some(file) = field.files().and_then(|files| files.get(0)) {
            read(&shared, file);
        }
    });
    input.set_onchange(Some(changed.unchecked_ref()));
    input.click();
}

fn file_field() -> Result<web_sys::HtmlInputElement, JsValue> {
    let input: web_sys::HtmlInputElement = js::document()?.create_element("input")?.dyn_into()?;
    input.set_type("file");
    input.set_accept(".jsonl,.ndjson,.json,.txt,.log");
    Ok(input)
}

fn read(shared: &Rc<Shared>, file: web_sys::File) {
    let shared = Rc::clone(shared);
    wasm_bindgen_futures::spawn_local(async move {
        let content = wasm_bindgen_futures::JsFuture::from(file.array_buffer())
            .await
            .map(|buffer| js_sys::Uint8Array::new(&buffer).to_vec())
            .map_err(|error| js::describe(&error));
        shared.handle(Event::File {
            name: file.name(),
            content,
        });
    });
}

/// Opens the first of the files that were dropped on the panel.
pub(super) fn take_dropped(shared: &Rc<Shared>, ctx: &egui::Context) {
    let files = ctx.input_mut(|input| std::mem::take(&mut input.raw.dropped_files));
    let Some(file) = files.into_iter().next() else {
        return;
    };
    let shared = Rc::clone(shared);
    wasm_bindgen_futures::spawn_local(async move {
        let name = file.path().to_string_lossy().into_owned();
        let content = file.bytes_async().await;
        shared.handle(Event::File { name, content });
    });
}
