//! JSON text, piece by piece, without making values of it.
//!
//! A page can post what `serde_json::Value` cannot hold: lone surrogates, thousands of nested
//! levels, numbers beyond `f64`. And a million messages are to be read quickly. So Callscope keeps
//! what was posted as its text, and whoever wants something of it asks here:
//!
//! - [`members`] takes an object apart, [`string`] reads one string;
//! - [`Lexer`] is what both are made of, for readers with other needs.
//!
//! Nothing is allocated but the text of a string that has escapes, and nothing is recursive.

mod lexer;
mod members;
mod string;

pub use lexer::Lexer;
pub use members::{MAX_DEPTH, members};
pub use string::{RawString, string};
