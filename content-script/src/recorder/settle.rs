//! Puts what different documents report in the order of their clocks.
//!
//! The tap of a frame needs a few dozen milliseconds to tell what it heard, so what is known at
//! once waits a little for what happened before it elsewhere.

use std::collections::VecDeque;

/// How long something waits, in milliseconds: three times what a batch of a frame takes.
const SETTLE: f64 = 100.0;

/// Things that happened, on their way into the history.
#[derive(Debug)]
pub(crate) struct Settling<T> {
    /// By time, then by arrival.
    waiting: VecDeque<(f64, T)>,
}

impl<T> Default for Settling<T> {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
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

    /// The next thing that has waited long enough.
    pub(crate) fn next(&mut self, now: f64) -> Option<(f64, T)> {
        let (at, _) = self.waiting.front()?;
        if at + SETTLE <= now {
            self.waiting.pop_front()
        } else {
            None
        }
    }

    /// The next thing, however short it has waited.
    pub(crate) fn next_anyway(&mut self) -> Option<(f64, T)> {
        self.waiting.pop_front()
    }

    /// When something will have waited long enough.
    pub(crate) fn deadline(&self) -> Option<f64> {
        self.waiting.front().map(|(at, _)| at + SETTLE)
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
        assert_eq!(settling.next(109.0), None);
        assert_eq!(settling.deadline(), Some(110.0));
        assert_eq!(settling.next(119.0), Some((10.0, "a")));
        assert_eq!(settling.next(119.0), None);
        settling.push(5.0, "late");
        assert_eq!(settling.next(119.0), Some((5.0, "late")));
        assert_eq!(settling.next(120.0), Some((20.0, "b")));
        assert_eq!(settling.next_anyway(), Some((20.0, "c")));
        assert_eq!(settling.next_anyway(), None);
    }
}
