//! `globalThis.callscopePanel`: gives browser tests and the demo access to the panel.
//!
//! Only the extension's own page can reach it.

use std::rc::Rc;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::js;
use super::shared::Shared;
use crate::action::{Action, View};
use crate::layout::Found;

/// Installs the bridge.
pub(super) fn install(shared: &Rc<Shared>) -> Result<(), JsValue> {
    let members = [
        ("snapshot", snapshot(shared)),
        ("progress", progress(shared)),
        ("layout", layout(shared)),
        ("painted", painted(shared)),
        ("mirrorCost", mirror_cost(shared)),
        ("views", views()),
        ("perform", perform(shared)),
        ("export", export(shared)),
    ];
    js_sys::Reflect::set(
        &js_sys::global(),
        &"callscopePanel".into(),
        &js::object(&members),
    )?;
    Ok(())
}

/// `snapshot()`: a `Snapshot` as JSON.
fn snapshot(shared: &Rc<Shared>) -> JsValue {
    let shared = Rc::clone(shared);
    Closure::<dyn FnMut() -> String>::new(move || {
        let Some(context) = shared.context() else {
            return String::new();
        };
        let is_dark = context.theme() == egui::Theme::Dark;
        let mut panel = shared.panel();
        panel.tick(context, js::now());
        json(&panel.snapshot(is_dark))
    })
    .into_js_value()
}

/// `progress()`: a `Progress` as JSON, which costs the same however long the session is.
fn progress(shared: &Rc<Shared>) -> JsValue {
    let shared = Rc::clone(shared);
    Closure::<dyn FnMut() -> String>::new(move || json(&shared.panel().progress())).into_js_value()
}

/// `views()`: the names of the views, as a JSON list.
fn views() -> JsValue {
    Closure::<dyn FnMut() -> String>::new(|| json(&View::ALL)).into_js_value()
}

/// `layout()`: what in the next frame cannot be read or reached, as a JSON list of sentences; null
/// until that frame is drawn, so call it again.
fn layout(shared: &Rc<Shared>) -> JsValue {
    let shared = Rc::clone(shared);
    Closure::<dyn FnMut() -> Option<String>>::new(move || {
        let sentences = look(&shared)?
            .problems
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>();
        Some(json(&sentences))
    })
    .into_js_value()
}

/// `painted()`: the lines of text as painted in the next frame, each with left, top, width and
/// height in CSS pixels, as a JSON list; null until that frame is drawn, so call it again.
fn painted(shared: &Rc<Shared>) -> JsValue {
    let shared = Rc::clone(shared);
    Closure::<dyn FnMut() -> Option<String>>::new(move || {
        let texts = look(&shared)?.texts.into_iter();
        let texts = texts.map(|(text, rect)| {
            let place = [rect.left(), rect.top(), rect.width(), rect.height()];
            (text, place)
        });
        Some(json(&texts.collect::<Vec<_>>()))
    })
    .into_js_value()
}

/// `mirrorCost()`: how many frames the elements for assistive technology were updated for, and how
/// many milliseconds that took, as JSON.
fn mirror_cost(shared: &Rc<Shared>) -> JsValue {
    let shared = Rc::clone(shared);
    Closure::<dyn FnMut() -> String>::new(move || {
        let cost = shared.mirror.borrow().as_ref().map(|it| it.cost);
        json(&cost.unwrap_or_default())
    })
    .into_js_value()
}

/// The result for the requested frame; `None` if it has not been drawn.
fn look(shared: &Shared) -> Option<Found> {
    let found = shared.layout().ask();
    if found.is_none() {
        shared.repaint();
    }
    found
}

/// `perform(json)`: performs an `Action`; returns undefined, or why it could not be parsed.
fn perform(shared: &Rc<Shared>) -> JsValue {
    let shared = Rc::clone(shared);
    Closure::<dyn FnMut(String) -> Option<String>>::new(move |text: String| {
        match serde_json::from_str::<Action>(&text) {
            Ok(action) => {
                if let Some(context) = shared.context() {
                    shared.panel().tick(context, js::now());
                }
                shared.perform(action);
                shared.repaint();
                None
            }
            Err(error) => Some(error.to_string()),
        }
    })
    .into_js_value()
}

/// `export()`: the shown session as a log file.
fn export(shared: &Rc<Shared>) -> JsValue {
    let shared = Rc::clone(shared);
    Closure::<dyn FnMut() -> String>::new(move || {
        let mut panel = shared.panel();
        if let Some(context) = shared.context() {
            panel.tick(context, js::now());
        }
        panel.export_text()
    })
    .into_js_value()
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
