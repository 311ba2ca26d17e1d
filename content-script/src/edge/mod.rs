//! Where the browser begins: listeners, timers and channels, and nothing that decides.

mod app;
mod browser;
mod clock;
mod inside;
mod js;
mod listener;
mod posted;
mod windows;

use wasm_bindgen::prelude::*;

/// Runs when the script is injected.
#[wasm_bindgen(start)]
fn start() {
    app::start();
}
