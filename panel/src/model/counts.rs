//! How many findings and missing messages the shown session has.

use callscope_protocol::Missing;
use callscope_session_view::findings::Counts as FindingCounts;

use super::Model;

/// What counts depend on: the session's revision, that of the view options, and both as they were
/// when the rows were last brought in step.
pub(super) type CountsKey = (u64, u64, (u64, u64));

impl Model {
    /// The number of findings, whether or not the filter shows their messages.
    pub(crate) fn finding_counts(&mut self) -> FindingCounts {
        let key = self.counts_key();
        let mut cached = std::mem::take(&mut self.finding_counts);
        let counts = cached.get(key, || self.shown().finding_counts());
        self.finding_counts = cached;
        *counts
    }

    /// How many findings the filter shows.
    pub(crate) fn shown_finding_count(&mut self) -> usize {
        if self.view_options.filter.is_empty() {
            self.finding_counts().total()
        } else {
            self.findings_data().count
        }
    }

    pub(super) fn counts_key(&self) -> CountsKey {
        (
            self.shown().session().revision(),
            self.options_revision,
            self.drawn,
        )
    }

    /// How many messages are missing.
    pub(crate) fn missing(&mut self) -> Missing {
        let key = self.counts_key();
        let mut cached = std::mem::take(&mut self.missing);
        let missing = cached.get(key, || self.shown().missing());
        self.missing = cached;
        *missing
    }
}
