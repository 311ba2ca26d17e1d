//! The DevTools panel.
//!
//! - [`model`] holds all of the panel's state, without egui and without a browser;
//! - `views` draw it and return [`Action`]s;
//! - [`app`] connects the two;
//! - `web` is the only part that uses the browser.

pub mod action;
pub mod app;
pub mod blank_font;
mod commands;
pub mod event;
pub mod model;

#[cfg(any(test, target_arch = "wasm32"))]
mod aria;
#[cfg(any(test, target_arch = "wasm32"))]
mod batches;
mod icons;
mod keys;
#[cfg(any(test, target_arch = "wasm32"))]
mod layout;
#[cfg(any(test, target_arch = "wasm32"))]
mod motion;
mod pace;
mod panes;
#[cfg(any(test, target_arch = "wasm32"))]
mod pointer;
#[cfg(any(test, target_arch = "wasm32"))]
mod reading_order;
mod still;
mod theme;
mod views;
#[cfg(target_arch = "wasm32")]
mod web;

pub use action::Action;
pub use app::Panel;
