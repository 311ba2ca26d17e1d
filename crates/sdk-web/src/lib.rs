//! The Calling Extensions SDK for JavaScript.
//!
//! [`widget`] and [`host`] create one of [`callscope_sdk`]'s two ends; messages go in with [`hear`]
//! and [`send`], and what to do comes out of [`poll`]. `js/sdk.js` connects it to a window or an
//! iframe, with the names of `@hubspot/calling-extensions-sdk`; `cargo xtask npm` lowers and packs
//! both.
//!
//! A payload stays the page's own value: see [`PageValue`].
//!
//! The resulting script is loaded by every page that uses it, so it avoids what takes much space
//! there: formatting, text search, 64-bit integers, and the usual allocator.

mod end;
mod value;

pub use end::{ask, hear, host, poll, send, tell, widget};
pub use value::PageValue;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());
