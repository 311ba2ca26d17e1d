//! How often the elements follow what is drawn.
//!
//! Describing all widgets takes a good part of a drawing, and turning that into elements about as
//! much again. While the wheel turns, the rows are others in each drawing, and nobody can have them
//! read; so they follow now and then, and when the wheel has come to rest. The same holds while a
//! word is typed: what is typed is in the field that the browser itself describes, and the next key
//! should not wait for a description of what that key changes.

use egui::Event;

/// How long the wheel turns on after its last event, or the user types on, in milliseconds: egui
/// spreads each step over several drawings.
const GOING_ON: f64 = 200.0;
/// The longest time for which the elements fall behind, in milliseconds.
const LONGEST: f64 = 500.0;

/// When the widgets were last described, and when the wheel was last turned or something typed, in
/// milliseconds.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    described: Option<f64>,
    moved: Option<f64>,
}

impl Pace {
    /// Decides about the drawing at `now`, with these events: `None` if it is to describe its
    /// widgets, otherwise in how many milliseconds at most one has to.
    ///
    /// Only in a text field does a key type something; elsewhere the space bar presses a button.
    pub(crate) fn wait(&mut self, now: f64, events: &[Event], is_in_field: bool) -> Option<f64> {
        let is_text = |event: &Event| is_in_field && matches!(event, Event::Text(_));
        let moves = |event: &Event| is_text(event) || matches!(event, Event::MouseWheel { .. });
        let types = events.iter().any(is_text);
        if events.iter().any(moves) {
            self.moved = Some(now);
        }
        let is_other = |event: &Event| match event {
            // The press of a key that types something comes with what it types.
            Event::Key { pressed, .. } => *pressed && !types,
            Event::PointerMoved(_) => false,
            _ => !moves(event),
        };
        let left = |since: Option<f64>, longest: f64| {
            let passed = now - since?;
            (0.0..longest).contains(&passed).then_some(longest - passed)
        };
        let wait = match (left(self.moved, GOING_ON), left(self.described, LONGEST)) {
            (Some(going_on), Some(behind)) => Some(going_on.min(behind)),
            _ => None,
        };
        let wait = wait.filter(|_| !events.iter().any(is_other));
        if wait.is_none() {
            self.described = Some(now);
        }
        wait
    }
}

#[cfg(test)]
mod tests {
    use egui::{Key, Modifiers, MouseWheelSource, MouseWheelUnit, TouchPhase, Vec2, pos2};

    use super::*;

    fn wheel() -> Event {
        Event::MouseWheel {
            source: MouseWheelSource::Wheel,
            unit: MouseWheelUnit::Point,
            delta: Vec2::new(0.0, -120.0),
            phase: TouchPhase::Move,
            modifiers: Modifiers::NONE,
        }
    }

    /// The times at which widgets are described, of drawings every 16 ms.
    fn described(until: u32, events: impl Fn(u32) -> Vec<Event>) -> Vec<u32> {
        let mut pace = Pace::default();
        let times = (0..until).map(|index| index * 16);
        times
            .filter(|now| pace.wait(f64::from(*now), &events(*now), true).is_none())
            .collect()
    }

    #[test]
    fn while_the_wheel_turns_the_elements_follow_now_and_then_and_at_its_end() {
        let turned = |now| if now <= 480 { vec![wheel()] } else { vec![] };
        assert_eq!(described(46, turned), [0, 512, 688, 704, 720]);
    }

    #[test]
    fn while_a_word_is_typed_the_elements_follow_at_its_end() {
        let key = |pressed| Event::Key {
            key: Key::E,
            physical_key: None,
            pressed,
            repeat: false,
            modifiers: Modifiers::NONE,
        };
        let typed = |now| match now {
            16 | 160 => vec![key(true), Event::Text("e".to_owned())],
            80 | 224 => vec![key(false)],
            _ => vec![],
        };
        assert_eq!(described(25, typed), [0, 368, 384]);
        // A key that types nothing, such as an arrow in what could be typed.
        let arrow = |now| {
            if now == 96 {
                vec![key(true)]
            } else {
                typed(now)
            }
        };
        assert_eq!(described(25, arrow), [0, 96, 368, 384]);
    }

    #[test]
    fn anything_else_is_followed_at_once() {
        let all: Vec<u32> = (0..20).map(|index| index * 16).collect();
        assert_eq!(described(20, |_| vec![]), all);
        assert_eq!(described(20, |_| vec![wheel(), Event::Copy]), all);
        let moved = |_| vec![Event::PointerMoved(pos2(1.0, 1.0))];
        assert_eq!(described(20, moved), all);
    }

    #[test]
    fn the_space_bar_presses_a_button() {
        let mut pace = Pace::default();
        assert_eq!(pace.wait(1000.0, &[], false), None);
        let space = [Event::Text(" ".to_owned())];
        assert_eq!(pace.wait(1010.0, &space, false), None);
        assert_eq!(pace.wait(1020.0, &space, true), Some(200.0));
    }

    #[test]
    fn the_wait_ends_with_the_turning() {
        let mut pace = Pace::default();
        assert_eq!(pace.wait(1000.0, &[], false), None);
        assert_eq!(pace.wait(1010.0, &[wheel()], false), Some(200.0));
        assert_eq!(pace.wait(1100.0, &[], false), Some(110.0));
        assert_eq!(pace.wait(1200.0, &[wheel()], false), Some(200.0));
        assert_eq!(pace.wait(1390.0, &[wheel()], false), Some(110.0));
        // The clock was set back.
        assert_eq!(pace.wait(900.0, &[], false), None);
    }
}
