//! Reduced motion, as set by the user in the system or the browser.

use egui::Context;
use wasm_bindgen::prelude::*;

use super::js;
use crate::motion;

/// Applies the setting now and whenever it changes.
pub(super) fn follow(ctx: &Context) {
    ctx.add_plugin(motion::Stillness);
    let query = js::window()
        .and_then(|window| window.match_media("(prefers-reduced-motion: reduce)"))
        .ok()
        .flatten();
    let Some(query) = query else { return };
    motion::reduce(ctx, query.matches());
    let (later, setting) = (ctx.clone(), query.clone());
    let changed = Closure::<dyn FnMut()>::new(move || {
        motion::reduce(&later, setting.matches());
    });
    query.set_onchange(Some(changed.into_js_value().unchecked_ref()));
}
