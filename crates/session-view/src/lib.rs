//! A session as people read it: what the panel draws and the program prints.
//!
//! Data only. Escaping for HTML and SVG, egui and the terminal is done where it is drawn;
//! [`visible`] makes sure that no character hides or reverses another one.
//!
//! - [`SessionView`] holds a session and builds its [`rows`]; [`Opening`] builds one while its log
//!   is still being read;
//! - [`findings`] and their [list](finding_list), [`calls`] and the [`ladder`] are derived from it;
//! - [`latency`] says how long answers took, [`handshake`] how a conversation got ready;
//! - [`compare`] compares two calls or two sessions, [`difference`] two messages key by key;
//! - [`card`] is everything that is known about one message;
//! - [`filter`] is what the user types to see less;
//! - [`inside`] shows what a page reported about itself;
//! - [`header`] says where a log comes from, [`composer`] builds messages from the catalogue,
//!   [`snippet`] shows one as code;
//! - [`words`] has one sentence for one thing, [`value`] shows JSON in one line, [`columns`] says
//!   how wide text is, [`short_type`] how a type is told in less room, [`reading_order`] where its
//!   letters go, and [`colors`] are plain values for whoever draws.

mod about;
pub mod calls;
pub mod card;
pub mod cleared;
pub mod colors;
pub mod columns;
pub mod compare;
pub mod composer;
pub mod difference;
mod digest;
mod digests;
pub mod filter;
pub mod finding_list;
pub mod findings;
pub mod handshake;
pub mod header;
pub mod inside;
pub mod ladder;
pub mod latency;
pub mod machines;
mod opening;
pub mod overdue;
pub mod part;
pub mod reading_order;
pub mod rows;
pub mod short_type;
mod shown;
pub mod snippet;
pub mod value;
mod view;
pub mod visible;
pub mod words;

pub use digest::Digest;
pub use opening::{Opened, Opening};
pub use view::{SessionView, Work};
