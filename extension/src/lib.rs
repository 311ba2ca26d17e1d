//! The extension's worker: passes messages between the frames of a tab, and keeps nothing.
//!
//! Its death costs a few milliseconds: the next message wakes it, and a message that was lost is
//! sent again.
//! What it forwards stays text; it looks at the sender and the kind of request, no further. Only for
//! a frame that leaves before the content script ran in it, it writes what that would have written.
//!
//! Like the content script it is lowered to one classic script, because a worker must register
//! its listeners while its script runs.

// A native build has no `edge`, so what only that uses is dead code there.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

#[cfg(target_arch = "wasm32")]
mod edge;
mod left_early;
mod parking;
mod relay;
