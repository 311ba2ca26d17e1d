//! One module per command: its arguments, its help, and its work.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod conform;
pub(crate) mod diagram;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod man;
pub(crate) mod messages;
pub(crate) mod record;
pub(crate) mod redact;
pub(crate) mod report;
pub(crate) mod scenario;
pub(crate) mod show;
pub(crate) mod simulate;
pub(crate) mod stats;
