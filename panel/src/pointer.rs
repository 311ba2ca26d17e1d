//! Ends a drag whose release never arrived.
//!
//! Nobody tells the page that a button was released while another window or a debugger had the
//! pointer, and of several buttons held at once only the last release is told. But each movement
//! says which buttons are held. eframe does not look at that: what was dragged would stick to the
//! pointer.

use std::sync::{Arc, Mutex};

use egui::{Context, Event, PointerButton, RawInput};

/// The buttons: their numbers in a press and in a release, their bits in a movement, and what egui
/// calls them.
const BUTTONS: [(u16, u16, PointerButton); 5] = [
    (0, 1, PointerButton::Primary),
    (1, 4, PointerButton::Middle),
    (2, 2, PointerButton::Secondary),
    (3, 8, PointerButton::Extra1),
    (4, 16, PointerButton::Extra2),
];

/// The buttons that egui was told are held; as a plugin, it releases those that are not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Releases(Arc<Mutex<Held>>);

/// Sets of bits.
#[derive(Debug, Default)]
struct Held {
    down: u16,
    /// Those of which the release has yet to be told.
    lost: u16,
}

impl Releases {
    /// A button with this number was pressed.
    pub(crate) fn pressed(&self, button: u16) {
        self.change(|it| it.down |= bit(button));
    }

    /// A button with this number was released.
    pub(crate) fn released(&self, button: u16) {
        self.change(|it| it.down &= !bit(button));
    }

    /// The pointer moved with these buttons held.
    pub(crate) fn moved(&self, held: u16) {
        self.change(|it| {
            it.lost |= it.down & !held;
            it.down &= held;
        });
    }

    fn change(&self, change: impl FnOnce(&mut Held)) {
        if let Ok(mut held) = self.0.lock() {
            change(&mut held);
        }
    }
}

fn bit(button: u16) -> u16 {
    let found = BUTTONS.iter().find(|(number, ..)| *number == button);
    found.map_or(0, |(_, bit, _)| *bit)
}

impl egui::Plugin for Releases {
    fn debug_name(&self) -> &'static str {
        "callscope releases"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        let mut lost = 0;
        self.change(|it| lost = std::mem::take(&mut it.lost));
        if lost == 0 {
            return;
        }
        let is_press = |event: &Event| matches!(event, Event::PointerButton { pressed: true, .. });
        let events = &mut input.events;
        // Behind the movement, with which the release is no click, and before the next press.
        let at = events.iter().position(is_press).unwrap_or(events.len());
        let moved = events.iter().take(at).rev().find_map(|event| match event {
            Event::PointerMoved(pos) => Some(*pos),
            _ => None,
        });
        let pos = moved.or_else(|| ctx.input(|it| it.pointer.latest_pos()));
        let modifiers = ctx.input(|it| it.modifiers);
        let released = BUTTONS.iter().filter(|(_, bit, _)| lost & bit != 0);
        let released = released.map(|(.., button)| Event::PointerButton {
            pos: pos.unwrap_or_default(),
            button: *button,
            pressed: false,
            modifiers,
        });
        let released: Vec<Event> = released.collect();
        events.splice(at..at, released);
    }
}

#[cfg(test)]
mod tests {
    use egui::{Pos2, Rect, Sense, pos2, vec2};
    use egui_kittest::Harness;

    use super::*;

    /// What happened to something that can be clicked and dragged.
    #[derive(Clone, Copy, Debug, Default, PartialEq)]
    struct Told {
        clicks: u32,
        dragged_to: Pos2,
    }

    const FROM: Pos2 = pos2(50.0, 50.0);
    const FAR: Pos2 = pos2(150.0, 50.0);
    const BACK: Pos2 = pos2(60.0, 80.0);

    fn drawn() -> (Harness<'static, Told>, Releases) {
        let releases = Releases::default();
        let plugin = releases.clone();
        let mut harness = Harness::builder()
            .with_context_setup(move |ctx| ctx.add_plugin(plugin))
            .build_ui_state(
                |ui, told: &mut Told| {
                    let rect = Rect::from_min_size(Pos2::ZERO, vec2(400.0, 100.0));
                    let response =
                        ui.interact(rect, ui.scope_id().with("all"), Sense::click_and_drag());
                    told.clicks += u32::from(response.clicked());
                    if let Some(at) = response.interact_pointer_pos()
                        && response.dragged()
                    {
                        told.dragged_to = at;
                    }
                },
                Told::default(),
            );
        harness.run_steps(2);
        (harness, releases)
    }

    fn press(harness: &mut Harness<'static, Told>, releases: &Releases, at: Pos2) {
        releases.moved(0);
        releases.pressed(0);
        harness.drag_at(at);
        harness.run_steps(2);
    }

    fn go(harness: &mut Harness<'static, Told>, releases: &Releases, to: Pos2, held: u16) {
        releases.moved(held);
        harness.hover_at(to);
        harness.run_steps(2);
    }

    #[test]
    fn a_drag_ends_when_the_pointer_comes_back_with_no_button_held() {
        let (mut harness, releases) = drawn();
        press(&mut harness, &releases, FROM);
        go(&mut harness, &releases, FAR, 1);
        assert_eq!(harness.state().dragged_to, FAR);
        for at in [BACK, FROM] {
            go(&mut harness, &releases, at, 0);
            let ended = Told {
                clicks: 0,
                dragged_to: FAR,
            };
            assert_eq!(*harness.state(), ended);
        }
        // The next one is a drag of its own.
        press(&mut harness, &releases, FROM);
        go(&mut harness, &releases, BACK, 1);
        assert_eq!(harness.state().dragged_to, BACK);
        releases.released(0);
        harness.drop_at(BACK);
        harness.run_steps(2);
        go(&mut harness, &releases, FAR, 0);
        assert_eq!(harness.state().dragged_to, BACK);
    }

    #[test]
    fn a_press_in_the_same_drawing_as_the_late_release_counts() {
        let (mut harness, releases) = drawn();
        press(&mut harness, &releases, FROM);
        go(&mut harness, &releases, FAR, 1);
        releases.moved(0);
        releases.pressed(0);
        harness.hover_at(BACK);
        harness.drag_at(BACK);
        harness.run_steps(2);
        go(&mut harness, &releases, FROM, 1);
        assert_eq!(harness.state().dragged_to, FROM);
    }

    #[test]
    fn of_two_buttons_the_first_is_released_although_only_the_second_is_told() {
        let (mut harness, releases) = drawn();
        press(&mut harness, &releases, FROM);
        go(&mut harness, &releases, FAR, 3);
        go(&mut harness, &releases, BACK, 2);
        assert_eq!(harness.state().dragged_to, FAR);
        releases.released(2);
        go(&mut harness, &releases, FROM, 0);
        assert_eq!(harness.state().dragged_to, FAR);
    }

    #[test]
    fn a_click_is_a_click() {
        let (mut harness, releases) = drawn();
        for clicks in 1..=3 {
            press(&mut harness, &releases, FROM);
            releases.released(0);
            harness.drop_at(FROM);
            harness.run_steps(2);
            go(&mut harness, &releases, FROM, 0);
            assert_eq!(harness.state().clicks, clicks);
        }
    }
}
