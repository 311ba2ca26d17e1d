//! When what the recorder holds is kept before its page goes away.
//!
//! What a page says when it goes reaches a worker that runs. Chrome puts that to sleep after half a
//! minute, and deletes a page that has gone, with all that it said, while the worker starts. So a
//! recorder has its records kept once nothing more has come for a while: if something comes later,
//! the worker is awake.

/// How long nothing must have come, in milliseconds.
const QUIET: f64 = 5_000.0;
/// Where only this page speaks, nothing wakes the worker; then records are kept this long after
/// the first of them came, in milliseconds, whether there is a pause or not.
const LONGEST: f64 = 20_000.0;

/// Whether what is recorded is kept.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    /// The last record that was seen.
    seen: u32,
    /// When something that is not kept came first and last, in milliseconds since the epoch.
    fresh: Option<(f64, f64)>,
    /// Whether the worker still owes an answer. One that Chromium has given up never gives it, and
    /// whatever it is sent stays in the browser's memory.
    is_under_way: bool,
}

impl Ahead {
    /// Takes note of the last record.
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

    /// When records are to be kept.
    pub(super) fn deadline(&self) -> Option<f64> {
        let (first, last) = self.fresh.filter(|_| !self.is_under_way)?;
        Some((last + QUIET).min(first + LONGEST))
    }

    /// All is kept, or on its way to be; then [`answered`](Self::answered) says what became of it.
    pub(super) fn keep(&mut self, is_under_way: bool) {
        self.fresh = None;
        self.is_under_way = is_under_way;
    }

    /// The worker has answered, or Chrome for it.
    pub(super) fn answered(&mut self) {
        self.is_under_way = false;
    }
}
