//! The Calling Extensions protocol as HubSpot's SDK speaks it on `postMessage`: what messages
//! there are, how to read one, what state a conversation is in, and what in it is wrong.
//!
//! Facts and time go in, findings come out.
//! Nothing here reads a clock, a file or a socket, touches a browser, or fails on bad input: a
//! broken protocol is a [`Finding`], not an error.

pub mod fact;

pub use fact::{
    Closed, ConversationId, ConversationStart, Fact, Frame, Gap, GapReason, MessageText, Millis,
    Setting, Side,
};
