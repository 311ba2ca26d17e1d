//! Reads JSON text piece by piece, without building values.
//!
//! A page can post what `serde_json::Value` cannot represent: lone surrogates, thousands of nested
//! levels, numbers beyond `f64`. And a million messages must be read quickly. So Callscope keeps
//! posted values as text, and code that needs something from them uses this crate:
//!
//! - [`members`] splits an object, [`string`] decodes one string;
//! - [`Lexer`] is the basis of both, for readers with other needs.
//!
//! Only the text of a string with escapes is allocated, and nothing is recursive.

mod lexer;
mod members;
mod string;

pub use lexer::Lexer;
pub use members::{MAX_DEPTH, members};
pub use string::{RawString, string};
