//! What the page reports about itself, if the user has switched that on:
//! `content-script/inside-relay.js` keeps it.

use callscope_bus::{Observed, Source};
use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::clock::Clock;
use super::js;
use crate::text::join;

/// The name of the relay's object on the global object of the extension's own world.
const NAME: &str = "callscopeInside";

#[wasm_bindgen]
extern "C" {
    /// The interface of the relay.
    pub(super) type Inside;

    /// Returns and removes the reports, oldest first: each is a text and its time by
    /// `performance.now`.
    #[wasm_bindgen(method, structural)]
    fn take(this: &Inside) -> Array;

    /// Returns and resets the number of reports that there was no room for.
    #[wasm_bindgen(method, structural, js_name = takeLost)]
    fn take_lost(this: &Inside) -> u32;

    /// Counts reports that there was no room for later on.
    #[wasm_bindgen(method, structural)]
    pub(super) fn lose(this: &Inside, count: u32);

    /// Sets a callback for new reports.
    #[wasm_bindgen(method, setter, structural, js_name = onReport)]
    fn set_on_report(this: &Inside, callback: &JsValue);
}

impl Inside {
    /// The relay of this document, if its page may be looked into.
    pub(super) fn of_document(global: &JsValue) -> Option<Self> {
        let found = js::has_own_key(global, NAME)
            .then(|| js_sys::Reflect::get(global, &NAME.into()).unwrap_or_default())
            .filter(JsValue::is_object)?;
        Some(found.unchecked_into())
    }

    /// Sets a callback for new reports.
    pub(super) fn start(&self, callback: &JsValue) {
        self.set_on_report(callback);
    }

    /// The reports, in the form that the outbox takes, each with the number of reports that are lost
    /// without it.
    pub(super) fn observed(&self, clock: &mut Clock) -> Vec<(Observed, u32)> {
        let mut observed = Vec::new();
        for pair in self.take().iter() {
            let pair: &Array = pair.unchecked_ref();
            let (Some(message), Some(at)) = (pair.get(0).as_string(), pair.get(1).as_f64()) else {
                continue;
            };
            observed.push((report(clock.at(at), message), 1));
        }
        let lost = self.take_lost();
        if lost > 0 {
            let count = js::to_text(&lost.into()).unwrap_or_default();
            let message = join(&[r#"["lost","","",""#, &count, r#""]"#]);
            observed.push((report(clock.now(), message), lost));
        }
        observed
    }
}

fn report(at: f64, message: String) -> Observed {
    Observed {
        at,
        source: Source::Page,
        origin: String::new(),
        message,
        cloned: String::new(),
        truncated: None,
    }
}
