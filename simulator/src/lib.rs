//! The simulator's page, as far as it is Rust: one function, text in and text out.
//!
//! The page's scripts (`pages/`) draw and listen; what HubSpot does is `callscope-simulator`. The
//! build lowers this crate to plain JavaScript, so that the page needs no `wasm-unsafe-eval` of
//! whoever serves it.

mod commands;
#[cfg(target_arch = "wasm32")]
mod edge;

pub use commands::Page;
