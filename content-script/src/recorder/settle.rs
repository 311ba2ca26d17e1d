//! Sorts the reports of different documents by time.
//!
//! A frame's tap takes a few dozen milliseconds to report what it heard, so what is known
//! immediately waits a little for what happened earlier elsewhere.

use super::documents::Stream;
use crate::tap::{GAP_IN_STREAM, GATHER_UNWATCHED};

/// How long an event waits while a panel watches, in milliseconds: most of a frame's batches take
/// half of that. Later ones are put in place by whoever reads the session, at the cost of checking
/// again what follows.
pub(crate) const SETTLE: f64 = 60.0;
/// How long it waits otherwise, when the taps take more time, in milliseconds.
pub(crate) const SETTLE_UNWATCHED: f64 = SETTLE + GATHER_UNWATCHED;

/// In a stream, a frame's next batch is known to come only after a pause, and this long after the
/// last one something must have held it up.
pub(crate) const NEXT_IN_STREAM: f64 = GAP_IN_STREAM + 50.0;
/// In a stream, how long an event waits for what the top document itself has heard, but has not
/// read yet, in milliseconds.
const READING: f64 = 25.0;

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

    /// Removes and returns the events that have waited for `wait` milliseconds; in a stream, those
    /// that nothing can precede any more.
    pub(crate) fn ready(&mut self, now: f64, wait: f64, stream: Option<Stream>) -> Vec<(f64, T)> {
        let is_ready = |at: f64| match stream {
            Some(stream) => at <= stream.through && at + READING <= now,
            None => at + wait <= now,
        };
        let ready = (self.waiting.iter().take_while(|(at, _)| is_ready(*at))).count();
        self.waiting.drain(..ready).collect()
    }

    /// When the first waiting event happened.
    pub(crate) fn first(&self) -> Option<f64> {
        self.waiting.first().map(|(at, _)| *at)
    }

    /// When an event will have waited long enough; in a stream, when it no longer waits for that.
    pub(crate) fn deadline(&self, wait: f64, stream: Option<Stream>) -> Option<f64> {
        let first = self.first()?;
        Some(match stream {
            Some(stream) if first <= stream.through => first + READING,
            Some(stream) => stream.next_by,
            None => first + wait,
        })
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
        assert_eq!(settling.ready(9.0 + SETTLE, SETTLE, None), []);
        assert_eq!(settling.deadline(SETTLE, None), Some(10.0 + SETTLE));
        assert_eq!(settling.ready(19.0 + SETTLE, SETTLE, None), [(10.0, "a")]);
        settling.push(5.0, "late");
        assert_eq!(settling.ready(19.0 + SETTLE, SETTLE, None), [(5.0, "late")]);
        assert_eq!(
            settling.ready(f64::INFINITY, SETTLE, None),
            [(20.0, "b"), (20.0, "c")]
        );
        assert_eq!(settling.deadline(SETTLE, None), None);
    }

    #[test]
    fn in_a_stream_an_event_waits_for_the_other_frame_and_no_longer() {
        let mut settling = Settling::default();
        let stream = |through: f64| {
            Some(Stream {
                through,
                next_by: 250.0,
            })
        };
        settling.push(100.0, "a");
        settling.push(101.0, "b");
        let told_until = stream(100.0);
        assert_eq!(settling.deadline(SETTLE, told_until), Some(125.0));
        assert_eq!(settling.ready(124.0, SETTLE, told_until), []);
        assert_eq!(settling.ready(125.0, SETTLE, told_until), [(100.0, "a")]);
        assert_eq!(settling.ready(249.0, SETTLE, told_until), []);
        assert_eq!(settling.deadline(SETTLE, told_until), Some(250.0));
        assert_eq!(settling.ready(200.0, SETTLE, stream(190.0)), [(101.0, "b")]);
    }
}
