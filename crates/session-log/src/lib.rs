//! The exported session: read, write, replay. Pure.
//!
//! A session log is a text with one JSON object a line; `docs/session-log.md` describes it for
//! people who read or write one without this crate.
//!
//! - [`write_fact`] and [`read_fact`] are one line each; [`write_frame`] and its siblings write a
//!   line for whoever has no [`Fact`](callscope_protocol::Fact);
//! - [`LogReader`] reads a log as a stream, [`Log`] holds a whole one, [`write_log`] writes one;
//! - [`Session`] checks a session, whether it comes from a log or piece by piece from a recorder;
//! - [`Redactor`] takes people out of it.
//!
//! What a page posted is never taken apart here: the text of a message travels as the JSON text that
//! it was, so that a value which no JSON library can hold is still in the next copy of the log.

mod error;
mod feed;
mod fields;
mod json;
mod keys;
mod kind;
mod line;
mod line_reader;
mod line_writer;
mod numbered;
mod read;
mod redact;
mod session;
mod trouble;
mod write;

pub use error::{LineError, LogError, Note};
pub use feed::LogFeed;
pub use keys::Extra;
pub use kind::closed::write_closed;
pub use kind::conversation::write_conversation;
pub use kind::end::write_end;
pub use kind::finding::write_finding;
pub use kind::frame::{FrameLine, write_frame};
pub use kind::gap::{why, write_gap};
pub use kind::header::{FORMAT, Header, Timestamp, VERSION};
pub use kind::inside::{InsideLine, write_inside};
pub use kind::setting::write_setting;
pub use line::{Entry, LogLine, UnknownLine, read_fact, write_fact};
pub use numbered::Numbered;
pub use read::{Log, LogReader};
pub use redact::{Redactor, Replaced};
pub use session::{Changes, Placed, Session};
pub use trouble::is_trouble;
pub use write::write_log;
