//! A session as people read it, from text to text.

#![expect(clippy::unwrap_used, reason = "all of it is test code")]
#![expect(clippy::unicode_not_nfc, reason = "the tests are about such text")]

mod calls;
mod card;
mod cleared;
mod compare;
mod completions;
mod composer;
mod finding_list;
mod findings;
mod fixtures;
mod growth;
mod guide;
mod hostile;
mod inside;
mod ladder;
mod latency;
mod long;
mod machines;
mod part;
mod rows;
mod said;
mod ties;
mod trace;
