//! Sorts the reports of different documents by time.
//!
//! A frame's tap takes a few dozen milliseconds to report what it heard, so what is known
//! immediately waits a little for what happened earlier elsewhere.

use super::documents::DocIx;
use crate::tap::{GAP_IN_STREAM, GAP_UNWATCHED};

/// How long an event waits while a panel watches, in milliseconds: most of a frame's batches take
/// half of that. Later ones are put in place by whoever reads the session, at the cost of checking
/// again what follows.
pub(crate) const SETTLE: f64 = 60.0;
/// How long it waits otherwise, when the taps take more time, in milliseconds.
pub(crate) const SETTLE_UNWATCHED: f64 = SETTLE + GAP_UNWATCHED;

/// In a stream, a frame's next batch is known to come only after a pause; this long after the last
/// one, in milliseconds, it is no longer waited for.
pub(crate) const NEXT_IN_STREAM: f64 = GAP_IN_STREAM + 50.0;
/// In a stream, how long an event waits for what the top document itself has heard, but has not
/// read yet, in milliseconds.
const READING: f64 = 25.0;

/// A frame's document that hears a stream of messages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stream {
    pub(crate) by: DocIx,
    /// Everything that it heard until then has arrived.
    pub(crate) through: f64,
    /// When its next batch should be here.
    pub(crate) next_by: f64,
}

/// Events on their way into the history.
#[derive(Debug)]
pub(crate) struct Settling<T> {
    /// By time, then by arrival.
    waiting: Vec<(f64, T)>,
    /// The last frame to tell of a stream. If there are several, the others are not waited for.
    stream: Option<Stream>,
}

impl<T> Default for Settling<T> {
    fn default() -> Self {
        Self {
            waiting: Vec::new(),
            stream: None,
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

    /// A document has told what it heard: a stream, or no longer one.
    pub(crate) fn heard_from(&mut self, by: DocIx, stream: Option<Stream>) {
        if stream.is_some() || self.stream.is_some_and(|known| known.by == by) {
            self.stream = stream;
        }
    }

    /// Removes and returns the events that have waited for `wait` milliseconds; in a stream, those
    /// that nothing can precede any more.
    pub(crate) fn ready(&mut self, now: f64, wait: f64) -> Vec<(f64, T)> {
        let stream = self.stream.filter(|stream| now < stream.next_by);
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

    /// When an event will have waited long enough.
    pub(crate) fn deadline(&self, wait: f64) -> Option<f64> {
        let first = self.first()?;
        Some(match self.stream {
            Some(stream) if first <= stream.through => first + READING,
            _ => self.complete_at(first, wait),
        })
    }

    /// When everything that happened until `at` should be here.
    pub(crate) fn complete_at(&self, at: f64, wait: f64) -> f64 {
        let stream = self.stream.filter(|it| it.through < at && at < it.next_by);
        let next_by = stream.map_or(f64::NEG_INFINITY, |it| it.next_by);
        next_by.max(at + wait)
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

    #[test]
    fn in_a_stream_an_event_waits_for_the_other_frame_and_no_longer() {
        let mut settling = Settling::default();
        let by = DocIx::default();
        let stream = |through: f64| {
            Some(Stream {
                by,
                through,
                next_by: through + NEXT_IN_STREAM,
            })
        };
        settling.heard_from(by, stream(100.0));
        settling.push(100.0, "a");
        settling.push(101.0, "b");
        assert_eq!(settling.deadline(SETTLE), Some(125.0));
        assert_eq!(settling.ready(124.0, SETTLE), []);
        assert_eq!(settling.ready(125.0, SETTLE), [(100.0, "a")]);
        assert_eq!(settling.ready(229.0, SETTLE), []);
        assert_eq!(settling.deadline(SETTLE), Some(230.0));
        settling.heard_from(by, stream(200.0));
        assert_eq!(settling.ready(201.0, SETTLE), [(101.0, "b")]);
        settling.push(201.0, "c");
        assert_eq!(settling.ready(329.0, SETTLE), []);
        // The next batch does not come.
        assert_eq!(settling.ready(330.0, SETTLE), [(201.0, "c")]);
        settling.push(351.0, "d");
        assert_eq!(settling.deadline(SETTLE), Some(351.0 + SETTLE));
        assert_eq!(settling.ready(351.0 + SETTLE, SETTLE), [(351.0, "d")]);
    }
}
