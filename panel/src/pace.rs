//! Decides how soon the panel is drawn again for events from outside.
//!
//! In a stream of messages, drawing for each would cost more than everything else. Changes by the
//! user are always drawn at once.

use std::collections::VecDeque;

/// How often the panel is drawn.
#[derive(Debug)]
struct Rhythm {
    /// The shortest time between two frames, in milliseconds.
    shortest: f64,
    /// The shortest time when frames take long to draw, in milliseconds.
    longest: f64,
    /// Drawing may take one part in this many of the time.
    parts: f64,
}

/// While arriving messages can be read.
const CALM: Rhythm = Rhythm {
    shortest: 100.0,
    longest: 300.0,
    parts: 5.0,
};
/// While messages arrive faster than anyone can read: without a graphics card, drawing a frame
/// keeps the processors busy for some 60 ms, which the inspected page has to do without.
const BUSY: Rhythm = Rhythm {
    shortest: 250.0,
    longest: 1_000.0,
    parts: 20.0,
};
/// The rate that counts as busy, in messages per second.
const MANY: f64 = 60.0;
/// The time over which messages are counted, in milliseconds.
const COUNTED_OVER: f64 = 400.0;
/// When no message has arrived for this long, in milliseconds, a flood is over, and its last rows
/// are drawn. In a flood, the recorder sends more after less than half of that.
const OVER: f64 = 150.0;
/// How many frames the drawing time is estimated from.
const TIMED: usize = 3;

/// When the panel was last drawn, how long that takes, and how many messages have arrived since.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    drawn_at: f64,
    /// The drawing times of the last frames, in milliseconds.
    took: VecDeque<f64>,
    /// When counting started, and how many messages had arrived by then.
    since: (f64, u64),
    /// When the last message arrived, and how many have arrived.
    arrived: (f64, u64),
    is_busy: bool,
}

impl Pace {
    /// A frame is drawn at `now`, in milliseconds since the epoch, with this many messages so far.
    pub(crate) fn drawn(&mut self, now: f64, messages: u64) {
        self.drawn_at = now;
        let (since, before) = self.since;
        let time = now - since;
        if (0.0..COUNTED_OVER).contains(&time) {
            return;
        }
        let new = messages.saturating_sub(before);
        self.is_busy = time > 0.0 && is_flood(new, time);
        self.since = (now, messages);
    }

    /// Something happens outside at `now`, in milliseconds since the epoch, with this many messages
    /// so far.
    pub(crate) fn arrived(&mut self, now: f64, messages: u64) {
        if messages != self.arrived.1 {
            self.arrived = (now, messages);
        }
        let (since, before) = self.since;
        let is_counting = (0.0..COUNTED_OVER).contains(&(now - since));
        // What is enough for the whole of that time need not wait for its end.
        self.is_busy |= is_counting && is_flood(messages.saturating_sub(before), COUNTED_OVER);
    }

    /// The last frame took this many milliseconds until it was on the screen.
    pub(crate) fn took(&mut self, millis: f64) {
        self.took.push_back(millis);
        if self.took.len() > TIMED {
            self.took.pop_front();
        }
    }

    /// The time between two frames, in milliseconds.
    pub(crate) fn between(&self) -> f64 {
        self.between_at(if self.is_busy { &BUSY } else { &CALM })
    }

    fn between_at(&self, rhythm: &Rhythm) -> f64 {
        // The median ignores a frame that had to wait for something else, or for nothing.
        let mut took: Vec<f64> = self.took.iter().copied().collect();
        took.sort_by(f64::total_cmp);
        let usual = took.get(took.len().saturating_sub(1) / 2).copied();
        (usual.unwrap_or_default() * rhythm.parts).clamp(rhythm.shortest, rhythm.longest)
    }

    /// How many milliseconds to wait at `now` before drawing what has happened. The time may turn
    /// out longer when that has passed, because more has arrived.
    pub(crate) fn wait(&self, now: f64) -> f64 {
        let between = self.between();
        let mut due = self.drawn_at + between;
        if self.is_busy {
            let calm = self.drawn_at + self.between_at(&CALM);
            due = due.min(calm.max(self.arrived.0 + OVER));
        }
        (due - now).clamp(0.0, between)
    }
}

/// Whether this many messages in this time, in milliseconds, are more than anyone can read.
fn is_flood(messages: u64, time: f64) -> bool {
    messages as f64 * 1000.0 / time >= MANY
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When frames are drawn, in milliseconds from the start, if `arrived` says how many messages
    /// have arrived by a time; drawing a frame takes `takes` milliseconds.
    fn drawn_at(until: u64, takes: f64, arrived: impl Fn(u64) -> u64) -> Vec<u64> {
        let mut pace = Pace::default();
        let mut drawn = 0;
        let mut drawings = Vec::new();
        for time in 0..until {
            let now = 1e12 + time as f64;
            let messages = arrived(time);
            pace.arrived(now, messages);
            if messages > drawn && pace.wait(now) <= 0.0 {
                drawn = messages;
                pace.drawn(now, messages);
                pace.took(takes);
                drawings.push(time);
            }
        }
        drawings
    }

    /// How many frames are drawn per second at `rate` messages a second, evenly spread, after
    /// `pace` has adapted; drawing a frame takes `takes` milliseconds.
    fn drawings(rate: u64, takes: f64) -> usize {
        let drawings = drawn_at(9_000, takes, |time| time * rate / 1000);
        drawings.iter().filter(|time| **time >= 5_000).count() / 4
    }

    #[test]
    fn a_flood_is_drawn_less_often_than_what_can_be_read() {
        assert_eq!(drawings(2, 5.0), 2);
        assert_eq!(drawings(30, 5.0), 10);
        assert_eq!(drawings(300, 5.0), 4);
        assert_eq!(drawings(5_000, 5.0), 4);
    }

    #[test]
    fn the_longer_a_drawing_takes_the_fewer_there_are() {
        assert_eq!(drawings(2, 40.0), 2);
        assert_eq!(drawings(30, 40.0), 5);
        assert_eq!(drawings(30, 400.0), 3);
        assert_eq!(drawings(300, 25.0), 2);
        assert_eq!(drawings(5_000, 40.0), 1);
        assert_eq!(drawings(5_000, 4_000.0), 1);
    }

    #[test]
    fn a_flood_is_known_by_its_first_messages_and_its_end_by_silence() {
        // 80 messages every 80 ms, four times in a second.
        let flood = |time: u64| (time / 80).min(12) * 80;
        assert_eq!(drawn_at(3_000, 40.0, flood), [80, 880, 1110]);
        assert_eq!(drawn_at(3_000, 4.0, flood), [80, 330, 580, 830, 1080]);
        // A few at once are no flood.
        let few = |time: u64| (time / 80).min(3) * 6;
        assert_eq!(drawn_at(3_000, 40.0, few), [80, 280]);
        // Many at once, and no more.
        let many = |time: u64| if time < 80 { time / 79 } else { 200 };
        assert_eq!(drawn_at(3_000, 40.0, many), [79, 279]);
    }

    #[test]
    fn one_drawing_that_takes_long_or_no_time_changes_nothing() {
        let mut pace = Pace::default();
        let mut between = |millis: f64| {
            pace.took(millis);
            pace.between().to_string()
        };
        assert_eq!(between(900.0), "300");
        assert_eq!(between(40.0), "200");
        assert_eq!(between(40.0), "200");
        assert_eq!(between(900.0), "200");
        assert_eq!(between(0.0), "200");
        assert_eq!(between(40.0), "200");
    }

    #[test]
    fn after_a_rest_it_is_drawn_at_once() {
        let mut pace = Pace::default();
        pace.drawn(1_000.0, 0);
        pace.drawn(2_000.0, 1_000);
        pace.arrived(2_040.0, 1_100);
        assert_eq!(pace.wait(2_050.0).to_string(), "140");
        pace.arrived(2_120.0, 1_200);
        assert_eq!(pace.wait(2_190.0).to_string(), "60");
        assert_eq!(pace.wait(9_000.0).to_string(), "0");
        // The clock was set back.
        assert_eq!(pace.wait(0.0).to_string(), "250");
    }
}
