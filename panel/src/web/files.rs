//! Files: saved with a link to a blob, opened with a file field or by dropping them on the panel.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::shared::Shared;
use super::{js, mirror};
use crate::event::Event;

/// Offers a text as a download.
pub(super) fn save(name: &str, text: &str) -> Result<(), JsValue> {
    let options = web_sys::BlobPropertyBag::new();
    // The name alone tells the type: nobody who gets the blob's address should open it as a page.
    options.set_type("application/octet-stream");
    let parts: JsValue = js_sys::Array::of1(&text.into()).into();
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = js::document()?.create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // By then, the download has started and holds the blob itself.
    js::after(60_000, move || _ = web_sys::Url::revoke_object_url(&url));
    Ok(())
}

/// Asks the user for a file; must be called shortly after a click.
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
    input.set_accept(".jsonl,.ndjson,.json,.jsonc,.txt,.log");
    Ok(input)
}

/// Opens the first of the files dropped on the panel; the panel says so if there are others.
pub(super) fn take_dropped(shared: &Rc<Shared>, ctx: &egui::Context) {
    let files = ctx.input_mut(|input| std::mem::take(&mut input.raw.dropped_files));
    if let Some(file) = files.first().and_then(|file| file.web_file()) {
        if files.len() > 1 {
            shared.handle(Event::FilesLeft {
                first: file.name(),
                others: files.len() - 1,
            });
        }
        read(shared, file.clone());
        // The keys go on with what was dropped here, wherever they went before. Not now: eframe
        // would miss it while it draws.
        let shared = Rc::clone(shared);
        js::after(0, move || mirror::take_keyboard(&shared));
    }
}

/// Reads a text like a file.
pub(super) fn read_text(shared: &Rc<Shared>, name: &str, text: &str) {
    let parts: JsValue = js_sys::Array::of1(&text.into()).into();
    // A file in memory cannot fail to be made.
    if let Ok(file) = web_sys::File::new_with_str_sequence(&parts, name) {
        read(shared, file);
    }
}

/// Reads a file piece by piece, each in a task of its own, as long as the panel wants more.
fn read(shared: &Rc<Shared>, file: web_sys::File) {
    thread_local! {
        static COUNT: Cell<u32> = const { Cell::new(0) };
    }
    let number = COUNT.get().wrapping_add(1);
    COUNT.set(number);
    let shared = Rc::clone(shared);
    wasm_bindgen_futures::spawn_local(async move {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a file size is a small whole number"
        )]
        let bytes = file.size() as u64;
        shared.handle(Event::FileBegins {
            number,
            name: file.name(),
            bytes,
        });
        let result = read_pieces(&shared, &file, number)
            .await
            .map_err(|error| js::describe(&error));
        shared.handle(Event::FileEnds { number, result });
    });
}

async fn read_pieces(
    shared: &Rc<Shared>,
    file: &web_sys::File,
    number: u32,
) -> Result<(), JsValue> {
    /// How much is read at once, in bytes, while the panel processes what was read before.
    const CHUNK: f64 = 2_097_152.0;
    /// How long the panel should take for a piece, in milliseconds: a frame has 16.
    const BUSY: f64 = 8.0;
    let chunk = |from: f64| {
        let blob = file.slice_with_f64_and_f64(from, from + CHUNK)?;
        Ok::<_, JsValue>(wasm_bindgen_futures::JsFuture::from(blob.array_buffer()))
    };
    let mut length: usize = 16_384;
    let mut from = 0.0;
    let mut next = chunk(from)?;
    while from < file.size() {
        let buffer = next.await?;
        from += CHUNK;
        next = chunk(from)?;
        let chunk = js_sys::Uint8Array::new(&buffer).to_vec();
        let mut rest = chunk.as_slice();
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(length.min(rest.len()));
            let start = js::now();
            let bytes = piece.to_vec();
            shared.handle(Event::FilePiece { number, bytes });
            if !shared.panel().is_reading(number) {
                return Ok(());
            }
            let busy = (js::now() - start).0;
            length = next_length(length, busy / BUSY);
            rest = after;
            // Let pending tasks run.
            js::next_task().await?;
        }
    }
    Ok(())
}

/// The length of the next piece, given how long the last one took as a multiple of the target.
fn next_length(length: usize, ratio: f64) -> usize {
    const LEAST: usize = 4_096;
    const MOST: usize = 1_048_576;
    let next = if ratio > 2.0 {
        length / 2
    } else if ratio > 1.0 {
        length / 8 * 7
    } else if ratio < 0.5 {
        length * 2
    } else {
        length
    };
    next.clamp(LEAST, MOST)
}
