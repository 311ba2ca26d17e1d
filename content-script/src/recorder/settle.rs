//! Sorts the reports of different documents by time.
//!
//! A frame's tap takes a few dozen milliseconds to report what it heard, so what is known
//! immediately waits a little for what happened earlier elsewhere.

use crate::tap::GATHER_UNWATCHED;

/// How long an event waits while a panel watches, in milliseconds: most of a frame's batches take
/// half of that. Later ones are put in place by whoever reads the session, at the cost of checking
/// again what follows.
pub(crate) const SETTLE: f64 = 60.0;
/// How long it waits otherwise, when the taps take more time, in milliseconds.
pub(crate) const SETTLE_UNWATCHED: f64 = SETTLE + GATHER_UNWATCHED;

/// Events on their way into the history.
#[derive(Debug)]
pub(crate) struct Settling<T> {
    /// By time, then by arrival.
    waiting: Vec<(f64, T)>,
}

impl<T> Default for Settling<T> {
    fn default() -> Self {
        Self {
            waiting: Vec::new(),
        }
    }
}

impl<T> Settling<T> {
    /// Adds an event that happened at `at`, in milliseconds since the epoch.
    pub(crate) fn push(&mut self, at: f64, what: T) {
        let later = |(other, _): &(f64, T)| *other > at;
        let place = self.waiting.len() - self.waiting.iter().rev().take_while(|w| later(w)).count();
        self.waiting.insert(place, (at, what));
    }

    /// Removes and returns the events that have waited for `wait` milliseconds.
    pub(crate) fn ready(&mut self, now: f64, wait: f64) -> Vec<(f64, T)> {
        let ready = self
            .waiting
            .iter()
            .take_while(|(at, _)| at + wait <= now)
            .count();
        self.waiting.drain(..ready).collect()
    }

    /// When the first waiting event happened.
    pub(crate) fn first(&self) -> Option<f64> {
        self.waiting.first().map(|(at, _)| *at)
    }

    /// When an event will have waited long enough.
    pub(crate) fn deadline(&self, wait: f64) -> Option<f64> {
        self.waiting.first().map(|(at, _)| at + wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_order_within_the_wait_arrival_order_after_it() {
        let mut settling = Settling::default();
        settling.push(20.0, "b");
        settling.push(10.0, "a");
        settling.push(20.0, "c");
        assert_eq!(settling.ready(9.0 + SETTLE, SETTLE), []);
        assert_eq!(settling.deadline(SETTLE), Some(10.0 + SETTLE));
        assert_eq!(settling.ready(19.0 + SETTLE, SETTLE), [(10.0, "a")]);
        settling.push(5.0, "late");
        assert_eq!(settling.ready(19.0 + SETTLE, SETTLE), [(5.0, "late")]);
        assert_eq!(
            settling.ready(f64::INFINITY, SETTLE),
            [(20.0, "b"), (20.0, "c")]
        );
        assert_eq!(settling.deadline(SETTLE), None);
    }
}
