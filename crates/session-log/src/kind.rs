//! One file per kind of line: its keys, how it is read, how it is written.

pub(crate) mod closed;
pub(crate) mod conversation;
pub(crate) mod end;
pub(crate) mod finding;
pub(crate) mod frame;
pub(crate) mod gap;
pub(crate) mod header;
pub(crate) mod inside;
pub(crate) mod setting;
