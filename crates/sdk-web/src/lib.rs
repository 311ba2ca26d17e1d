//! The Calling Extensions SDK for JavaScript.
//!
//! [`widget`] and [`host`] make one of [`callscope_sdk`]'s two ends; messages go in with [`hear`] and
//! [`send`], what to do comes out of [`poll`]. `js/sdk.js` binds it to a window or an iframe, and gives it the names that
//! `@hubspot/calling-extensions-sdk` has; `cargo xtask npm` lowers and packs both.
//!
//! A payload stays the page's own value: see [`PageValue`].
//!
//! The script that becomes of it is loaded by every page that uses it, so it does without what costs
//! much there: formatting, searching in texts, integers of 64 bits, and the usual allocator.

mod end;
mod value;

pub use end::{ask, hear, host, poll, send, tell, widget};
pub use value::PageValue;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());
