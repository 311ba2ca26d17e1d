//! Follows which buttons are held, for [`Releases`].

use wasm_bindgen::prelude::*;

use super::js;
use crate::pointer::Releases;

/// Follows the buttons on the whole page, before eframe handles them.
pub(super) fn follow(releases: &Releases) -> Result<(), JsValue> {
    for (name, tell) in [
        ("pointerdown", pressed as fn(&Releases, &JsValue)),
        ("pointerup", released),
        ("pointercancel", canceled),
        ("mousemove", moved),
    ] {
        let releases = releases.clone();
        let callback = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            tell(&releases, &event);
        });
        js::window()?.add_event_listener_with_callback_and_bool(
            name,
            callback.into_js_value().unchecked_ref(),
            true,
        )?;
    }
    Ok(())
}

fn pressed(releases: &Releases, event: &JsValue) {
    releases.pressed(number(event, "button") as i16);
}

fn released(releases: &Releases, event: &JsValue) {
    releases.released(number(event, "button") as i16);
}

fn canceled(releases: &Releases, _event: &JsValue) {
    releases.moved(0);
}

fn moved(releases: &Releases, event: &JsValue) {
    releases.moved(number(event, "buttons") as u16);
}

fn number(event: &JsValue, name: &str) -> f64 {
    let member = js_sys::Reflect::get(event, &name.into());
    member.ok().and_then(|it| it.as_f64()).unwrap_or_default()
}
