//! The tap: handles what a document receives, up to the recorder's acknowledgment.
//!
//! [`Filter`] decides what is calling-extension traffic; [`copy`] turns it into text; [`Outbox`]
//! keeps the text until the recorder has it.

pub(crate) mod copy;
mod filter;
mod outbox;

pub(crate) use filter::Filter;
pub(crate) use outbox::{GAP_IN_STREAM, GAP_UNWATCHED, Outbox, STREAM};
