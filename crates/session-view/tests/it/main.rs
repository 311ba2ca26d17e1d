//! A session as people read it, from text to text.

#![expect(clippy::unwrap_used, reason = "all of it is test code")]

mod card;
mod findings;
mod fixtures;
mod growth;
mod ladder;
mod rows;
mod ties;
mod trace;
