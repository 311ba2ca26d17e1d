//! Decides when to store what the recorder holds before its page is unloaded.
//!
//! What a page sends while it is being unloaded only reaches a worker that is running. Chrome stops
//! the worker after half a minute, and discards an unloaded page, with everything it sent, while the
//! worker starts. So a recorder stores its records once nothing new has arrived for a while: if
//! something arrives later, the worker is awake.

/// How long nothing new must have arrived, in milliseconds.
const QUIET: f64 = 5_000.0;
/// If only the top document hears messages, nothing wakes the worker; then records are stored this
/// long after the first of them arrived, in milliseconds, pause or not.
const LONGEST: f64 = 20_000.0;

/// Whether the recorded data is stored.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    /// The id of the last record seen.
    seen: u32,
    /// When the first and the last record that is not stored arrived, in milliseconds since the
    /// epoch.
    fresh: Option<(f64, f64)>,
    /// Whether the worker has yet to answer the last request. One that Chromium has given up on
    /// never does, and everything sent to it stays in the browser's memory.
    is_under_way: bool,
}

impl Ahead {
    /// Takes note of the last record's id.
    pub(super) fn see(&mut self, last: u32, now: f64) {
        if std::mem::replace(&mut self.seen, last) == last {
            return;
        }
        let first = self.fresh.map_or(now, |(first, _)| first);
        self.fresh = Some((first, now));
    }

    /// The worker has shown that it is awake.
    pub(super) fn is_awake(&mut self, now: f64) {
        if let Some((first, _)) = &mut self.fresh {
            *first = now;
        }
    }

    /// When to store records.
    pub(super) fn deadline(&self) -> Option<f64> {
        let (first, last) = self.fresh.filter(|_| !self.is_under_way)?;
        Some((last + QUIET).min(first + LONGEST))
    }

    /// All records are stored, or on their way; in that case, [`answered`](Self::answered) reports
    /// the result.
    pub(super) fn keep(&mut self, is_under_way: bool) {
        self.fresh = None;
        self.is_under_way = is_under_way;
    }

    /// The worker has answered, or Chrome in its place.
    pub(super) fn answered(&mut self) {
        self.is_under_way = false;
    }
}
