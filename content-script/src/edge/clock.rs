//! The clock that all documents of a machine share.

use super::js;

/// The difference to the wall clock, in milliseconds, from which on that is trusted: it ticks in
/// whole milliseconds.
const TRUST: f64 = 10.0;

/// Milliseconds since the epoch, with fractions, never running backwards.
pub(super) struct Clock {
    performance: js::Performance,
    origin: f64,
}

impl Clock {
    pub(super) fn new(performance: js::Performance) -> Self {
        let origin = performance.time_origin();
        Self {
            performance,
            origin,
        }
    }

    /// The time now.
    ///
    /// The page's clock may stop while the machine sleeps. A document loaded afterwards would then
    /// have a different offset, so this clock follows the wall clock if that is ahead.
    pub(super) fn now(&mut self) -> f64 {
        // The wall clock comes first: a pause between the two readings must not look like sleep.
        let wall = js::wall_clock();
        let now = self.origin + self.performance.now();
        let behind = wall - now;
        let now = if behind > TRUST {
            self.origin += behind;
            now + behind
        } else {
            now
        };
        rounded(now)
    }

    /// The time of a reading of `performance.now`, as of the last call of [`now`](Self::now).
    pub(super) fn at(&self, reading: f64) -> f64 {
        rounded(self.origin + reading)
    }
}

/// Browsers report at most microseconds; anything beyond is rounding error of the addition.
fn rounded(time: f64) -> f64 {
    (time * 1_000.0).round() / 1_000.0
}
