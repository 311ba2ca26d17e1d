//! The keys of each kind of line.

use std::collections::BTreeMap;

use callscope_protocol::MessageText;

/// A kind of line that this version knows.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The value of its `kind` key.
    pub(crate) name: &'static str,
    /// Its keys besides `kind`.
    pub(crate) keys: &'static [&'static str],
}

/// The keys of a line that this version does not know, with their values as JSON text.
pub type Extra = BTreeMap<String, MessageText>;
