//! The extension's worker: passes messages between the frames of a tab, and keeps nothing.
//!
//! Its death costs a few milliseconds: the next message wakes it, and whoever sent one that was
//! lost sends it again.
//! What it forwards stays text; it looks at who sent it, and no further.
//!
//! Like the content script it is lowered to one classic script, because a worker must register
//! its listeners while its script runs.

// Natively nothing starts what only `edge` uses.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

#[cfg(target_arch = "wasm32")]
mod edge;
mod parking;
mod relay;
