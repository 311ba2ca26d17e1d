//! What the ends need of the page: its clock, its chance, its console.

use callscope_protocol::Millis;
use callscope_sdk::Log;
use js_sys::{Array, Math};
use wasm_bindgen::JsValue;
use web_sys::{Window, console};

use crate::value::PageValue;

/// What lines in the console begin with.
pub(crate) const PREFIX: &str = concat!("[callscope-sdk@", env!("CARGO_PKG_VERSION"), "]");

/// Milliseconds since the epoch that never go back, unlike those of `Date.now()`.
pub(crate) fn now(window: &Window) -> Millis {
    Millis(
        window
            .performance()
            .map_or_else(js_sys::Date::now, |it| it.time_origin() + it.now()),
    )
}

/// A number that no other object has.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "chance is between 0 and 1"
)]
pub(crate) fn seed() -> u64 {
    (Math::random() * 9_007_199_254_740_992.0) as u64
}

/// Prints a line as the original does: one list.
pub(crate) fn log(line: &Log<PageValue>) {
    let Log {
        label,
        type_name,
        message,
    } = line;
    let list = Array::of4(
        &PREFIX.into(),
        &(*label).into(),
        &type_name.as_str().into(),
        &message.0,
    );
    console::log_1(&list);
}

/// Tells a developer what is wrong.
pub(crate) fn warn(sentence: &str, about: &JsValue) {
    console::warn_3(&PREFIX.into(), &sentence.into(), about);
}
