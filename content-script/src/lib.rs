//! Runs in every frame of the inspected page: **tap** (each frame), **recorder** (top frame) and
//! the **actions** that the user asks for.
//!
//! ```text
//! window "message" ─► tap: filter ─► copy ─► outbox ─┬─(top frame)────────► recorder ─► panels
//!                                                    └─► relay ─► top frame ─┘
//! ```
//!
//! Everything that makes decisions is plain Rust and runs natively in tests; only the module `edge`
//! uses the browser.
//! The crate is lowered to one classic script, so that it runs at `document_start` under any
//! Content-Security-Policy.

// A native build has no `edge`, so code used only by that is dead there.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, unused_imports))]

#[cfg(target_arch = "wasm32")]
mod edge;
mod recorder;
mod speech;
mod tap;
mod text;
