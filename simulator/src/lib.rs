//! The Rust part of the simulator's page: a single function, text in and text out.
//!
//! The page's scripts (`pages/`) draw and listen; `callscope-simulator` decides what HubSpot does.
//! The build lowers this crate to plain JavaScript, so that the page works without
//! `wasm-unsafe-eval`, whoever serves it.

mod commands;
#[cfg(target_arch = "wasm32")]
mod edge;

pub use commands::Page;
