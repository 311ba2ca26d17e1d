//! How many messages are missing from a session, as JSON.

use callscope_protocol::Missing;
use serde::Serialize;

/// The counts of [`Missing`], as part of those of a session.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MissingEntry {
    lost: u64,
    more_lost: bool,
    evicted: u64,
    left_out: u64,
}

impl MissingEntry {
    /// Adds the counts of another session.
    pub(crate) fn add(&mut self, other: Self) {
        *self = Missing::from(*self).and(other.into()).into();
    }
}

impl From<Missing> for MissingEntry {
    fn from(missing: Missing) -> Self {
        let Missing {
            lost,
            has_more,
            evicted,
            left_out,
        } = missing;
        Self {
            lost,
            more_lost: has_more,
            evicted,
            left_out,
        }
    }
}

impl From<MissingEntry> for Missing {
    fn from(entry: MissingEntry) -> Self {
        let MissingEntry {
            lost,
            more_lost,
            evicted,
            left_out,
        } = entry;
        Self {
            lost,
            has_more: more_lost,
            evicted,
            left_out,
        }
    }
}
