//! Puts what different documents report in the order of their clocks.
//!
//! The tap of a frame needs a few dozen milliseconds to report what it heard, so what is known at
//! once waits a little for what happened before it elsewhere.

use crate::tap::GATHER_UNWATCHED;

/// How long something waits while a panel watches, in milliseconds: most batches of a frame take half
/// of that. What comes later is put in its place by whoever reads the session, at the cost of checking
/// what follows once more.
pub(crate) const SETTLE: f64 = 60.0;
/// How long it waits while none does, and the taps take their time, in milliseconds.
pub(crate) const SETTLE_UNWATCHED: f64 = SETTLE + GATHER_UNWATCHED;

/// Things that happened, on their way into the history.
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
    /// Takes something that happened at `at`, in milliseconds since the epoch.
    pub(crate) fn push(&mut self, at: f64, what: T) {
        let later = |(other, _): &(f64, T)| *other > at;
        let place = self.waiting.len() - self.waiting.iter().rev().take_while(|w| later(w)).count();
        self.waiting.insert(place, (at, what));
    }

    /// What has waited long enough: `wait` milliseconds.
    pub(crate) fn ready(&mut self, now: f64, wait: f64) -> Vec<(f64, T)> {
        let ready = self
            .waiting
            .iter()
            .take_while(|(at, _)| at + wait <= now)
            .count();
        self.waiting.drain(..ready).collect()
    }

    /// When the first of what waits happened.
    pub(crate) fn first(&self) -> Option<f64> {
        self.waiting.first().map(|(at, _)| *at)
    }

    /// When something will have waited long enough.
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
