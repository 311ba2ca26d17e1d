//! Exported sessions: reading, writing and replaying them. Pure.
//!
//! A session log is a text with one JSON object per line; `docs/session-log.md` describes it for
//! people who read or write logs without this crate.
//!
//! - [`write_fact`] and [`read_fact`] write and read one line; [`write_frame`] and its siblings
//!   write a line without needing a [`Fact`](callscope_protocol::Fact);
//! - [`LogReader`] reads a log as a stream, [`Log`] holds a whole one, [`write_log`] writes one;
//! - [`Session`] checks a session, whether it comes from a log or piece by piece from a recorder;
//! - [`Redactor`] removes personal data.
//!
//! What a page posted is never parsed and rebuilt here: a message keeps its original JSON text, so
//! that even a value which no JSON library can represent is still in the next copy of the log.

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
pub use json::quoted;
pub use keys::Extra;
pub use kind::closed::write_closed;
pub use kind::conversation::write_conversation;
pub use kind::frame::{FrameLine, write_frame};
pub use kind::gap::write_gap;
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
