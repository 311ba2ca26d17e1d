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
    releases.pressed(number(event, "button"));
}

fn released(releases: &Releases, event: &JsValue) {
    releases.released(number(event, "button"));
}

fn canceled(releases: &Releases, _event: &JsValue) {
    releases.moved(0);
}

fn moved(releases: &Releases, event: &JsValue) {
    releases.moved(number(event, "buttons"));
}

/// A member of an event; in a press or a release, no number is negative.
fn number(event: &JsValue, name: &str) -> u16 {
    let member = js_sys::Reflect::get(event, &name.into());
    let number = member.ok().and_then(|it| it.as_f64()).unwrap_or_default();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few bits"
    )]
    let number = number as u16;
    number
}
