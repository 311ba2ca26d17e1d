//! A session as people read it: what the panel draws and the program prints.
//!
//! Data only. Escaping, egui, HTML, SVG and the terminal stay where it is drawn.
//!
//! - [`SessionView`] holds a session and makes its [`rows`];
//! - [`findings`], [`calls`] and the [`ladder`] are made of it;
//! - [`filter`] is what the user types to see less;
//! - [`words`] has one sentence for one thing, and [`columns`] says how wide text is.

pub mod calls;
pub mod columns;
mod digest;
pub mod filter;
pub mod findings;
pub mod ladder;
pub mod rows;
mod view;
pub mod words;

pub use digest::Digest;
pub use view::{SessionView, Work};
