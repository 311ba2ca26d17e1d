//! The tap: what one document receives, from the listener to the recorder's acknowledgement.
//!
//! The listener decides with [`Filter`] what is calling-extension traffic; [`copy`] makes text of
//! it; [`Outbox`] keeps the text until the recorder has it.

pub(crate) mod copy;
mod filter;
mod outbox;

pub(crate) use filter::Filter;
pub(crate) use outbox::{GATHER_UNWATCHED, Outbox};
