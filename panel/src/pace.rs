//! How soon the panel is drawn again for what comes from outside.
//!
//! In a stream of messages something comes at any moment, and to draw each of them would cost more
//! than all the rest. What the user does is drawn at once in any case.

/// The time between two drawings, in milliseconds.
const CALM: f64 = 100.0;
/// The same while so much comes that nobody reads it as it passes: without a graphics card a drawing
/// takes the machine some 40 ms, which the page that is being inspected has to do without.
const BUSY: f64 = 250.0;
/// From so many messages a second on.
const MANY: f64 = 60.0;
/// Over how many milliseconds they are counted.
const COUNTED_OVER: f64 = 400.0;

/// When the panel was drawn, and how much has come since.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    drawn_at: f64,
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

    /// After how many milliseconds it is to be drawn for something that comes now.
    pub(crate) fn wait(&self, now: f64) -> f64 {
        let between = if self.is_busy { BUSY } else { CALM };
        (self.drawn_at + between - now).clamp(0.0, between)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often it is drawn in a second of so many messages, one after the other, after `pace` has
    /// got used to them.
    fn drawings(rate: u64) -> usize {
        let mut pace = Pace::default();
        let mut due = None;
        let mut drawings = 0;
        for time in 0..4_000_u64 {
            let now = 1e12 + time as f64;
            let messages = time * rate / 1000;
            if messages > (time.saturating_sub(1)) * rate / 1000 {
                due = due.or(Some(now + pace.wait(now)));
            }
            if due.is_some_and(|due| now >= due) {
                due = None;
                pace.drawn(now, messages);
                drawings += usize::from(time >= 3_000);
            }
        }
        drawings
    }

    #[test]
    fn a_flood_is_drawn_less_often_than_what_can_be_read() {
        assert_eq!(drawings(2), 2);
        assert_eq!(drawings(30), 10);
        assert_eq!(drawings(300), 4);
        assert_eq!(drawings(5_000), 4);
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
