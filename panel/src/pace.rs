//! How soon the panel is drawn again for what comes from outside.
//!
//! In a stream of messages something comes at any moment, and to draw each of them would cost more
//! than all the rest. What the user does is drawn at once in any case.

use std::collections::VecDeque;

/// How often it is drawn.
#[derive(Debug)]
struct Rhythm {
    /// The shortest time between two drawings, in milliseconds.
    shortest: f64,
    /// The same where a drawing takes long.
    longest: f64,
    /// A drawing may have one part of the time in so many.
    parts: f64,
}

/// While what comes can be read.
const CALM: Rhythm = Rhythm {
    shortest: 100.0,
    longest: 300.0,
    parts: 5.0,
};
/// While so much comes that nobody reads it as it passes: without a graphics card a drawing keeps
/// the processors busy for some 60 ms, which the page that is being inspected has to do without.
const BUSY: Rhythm = Rhythm {
    shortest: 250.0,
    longest: 1_000.0,
    parts: 20.0,
};
/// From so many messages a second on.
const MANY: f64 = 60.0;
/// Over how many milliseconds they are counted.
const COUNTED_OVER: f64 = 400.0;
/// How many drawings tell how long one takes.
const TIMED: usize = 3;

/// When the panel was drawn, how long that takes, and how much has come since.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    drawn_at: f64,
    /// Of the last drawings, in milliseconds.
    took: VecDeque<f64>,
    /// Since when the messages are counted, and how many had come by then.
    since: (f64, u64),
    is_busy: bool,
}

impl Pace {
    /// It is drawn now, in milliseconds since the epoch; so many messages have come so far.
    pub(crate) fn drawn(&mut self, now: f64, messages: u64) {
        self.drawn_at = now;
        let (since, before) = self.since;
        let time = now - since;
        if (0.0..COUNTED_OVER).contains(&time) {
            return;
        }
        let new = messages.saturating_sub(before);
        self.is_busy = time > 0.0 && new as f64 * 1000.0 / time >= MANY;
        self.since = (now, messages);
    }

    /// A drawing was on the screen after so many milliseconds.
    pub(crate) fn took(&mut self, millis: f64) {
        self.took.push_back(millis);
        if self.took.len() > TIMED {
            self.took.pop_front();
        }
    }

    /// The time between two drawings, in milliseconds.
    pub(crate) fn between(&self) -> f64 {
        let rhythm = if self.is_busy { BUSY } else { CALM };
        // One that had to wait for something else, or for nothing, says nothing.
        let mut took: Vec<f64> = self.took.iter().copied().collect();
        took.sort_by(f64::total_cmp);
        let usual = took.get(took.len().saturating_sub(1) / 2).copied();
        (usual.unwrap_or_default() * rhythm.parts).clamp(rhythm.shortest, rhythm.longest)
    }

    /// After how many milliseconds it is to be drawn for something that comes now.
    pub(crate) fn wait(&self, now: f64) -> f64 {
        let between = self.between();
        (self.drawn_at + between - now).clamp(0.0, between)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often it is drawn in a second of so many messages, one after the other, after `pace` has
    /// got used to them; a drawing takes so many milliseconds.
    fn drawings(rate: u64, takes: f64) -> usize {
        let mut pace = Pace::default();
        let mut due = None;
        let mut drawings = 0;
        for time in 0..9_000_u64 {
            let now = 1e12 + time as f64;
            let messages = time * rate / 1000;
            if messages > (time.saturating_sub(1)) * rate / 1000 {
                due = due.or(Some(now + pace.wait(now)));
            }
            if due.is_some_and(|due| now >= due) {
                due = None;
                pace.drawn(now, messages);
                pace.took(takes);
                drawings += usize::from(time >= 8_000);
            }
        }
        drawings
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
        assert_eq!(pace.wait(2_050.0).to_string(), "200");
        assert_eq!(pace.wait(9_000.0).to_string(), "0");
        // The clock was set back.
        assert_eq!(pace.wait(0.0).to_string(), "250");
    }
}
