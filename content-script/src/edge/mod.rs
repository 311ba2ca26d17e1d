//! The border to the browser: listeners, timers and channels, but no decisions.

mod app;
mod browser;
mod clock;
mod inside;
mod js;
mod listener;
mod posted;
mod windows;

use wasm_bindgen::prelude::*;

/// Called when the script is injected.
#[wasm_bindgen(start)]
fn start() {
    app::start();
}
