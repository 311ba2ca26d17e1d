//! The time that all documents of a machine share.

use super::js;

/// Smaller differences to the wall clock mean nothing: it ticks in whole milliseconds.
const TRUST: f64 = 10.0;

/// Milliseconds since the epoch, fractions included, never running backwards.
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
    /// The page's own clock may stand still while the machine sleeps. A document that was loaded
    /// since has another offset, so the wall clock is followed when it is ahead.
    pub(super) fn now(&mut self) -> f64 {
        // The wall clock first: a pause between the two readings must not look like a sleep.
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

    /// The time of a reading of `performance.now`, as it looks since [`now`](Self::now) was last
    /// asked.
    pub(super) fn at(&self, reading: f64) -> f64 {
        rounded(self.origin + reading)
    }
}

/// Browsers give no more than microseconds; the rest is rounding error of the addition.
fn rounded(time: f64) -> f64 {
    (time * 1_000.0).round() / 1_000.0
}
