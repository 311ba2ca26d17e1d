//! The extension's worker: forwards messages between the frames of a tab, and keeps no state.
//!
//! If it dies, that costs a few milliseconds: the next message wakes it, and a lost message is sent
//! again.
//! It forwards messages as text and only looks at the sender and the kind of request. Only for a
//! frame that leaves before its content script runs, it writes what that would have written.
//!
//! Like the content script, it is lowered to one classic script, because a worker must register its
//! listeners while its script runs.

// A native build has no `edge`, so code used only by that is dead there.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

#[cfg(target_arch = "wasm32")]
mod edge;
mod left_early;
mod parking;
mod relay;
