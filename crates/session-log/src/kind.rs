//! One file per kind of line: its keys, how it is read, how it is written.

pub(crate) mod closed;
pub(crate) mod conversation;
pub(crate) mod end;
pub(crate) mod finding;
pub(crate) mod frame;
pub(crate) mod gap;
pub(crate) mod header;
pub(crate) mod setting;

/// A kind of line that this version knows.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Its `kind`.
    pub(crate) name: &'static str,
    /// Its keys besides `kind`.
    pub(crate) keys: &'static [&'static str],
}
