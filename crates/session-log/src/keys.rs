//! Which keys a line has.

use std::collections::BTreeMap;

use callscope_protocol::MessageText;

/// A kind of line that this version knows.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Its `kind`.
    pub(crate) name: &'static str,
    /// Its keys besides `kind`.
    pub(crate) keys: &'static [&'static str],
}

/// Keys of a line that this version does not know, with their values as JSON text.
pub type Extra = BTreeMap<String, MessageText>;
