//! The reference: a page for each rule and each message, built from their tables.
//!
//! A [`Page`] is the content in order. [`markdown`] turns all pages into documents, and the command
//! line prints single ones, so both say the same.

mod document;
mod family;
mod inline;
mod message;
mod page;
mod rule;
mod table;
mod wrap;

pub use document::{messages_markdown, rules_markdown};
pub use family::{FAMILIES, Family};
pub use message::{by_category, message_page};
pub use page::{Block, Fact, FieldRow, Page};
pub use rule::{rule_page, versions};
pub use table::{Role, Row, mark, rows};
pub use wrap::wrap;
