//! Keys typed for a text field before it has the keyboard.
//!
//! A shortcut that opens a field, such as `/`, changes the panel at the end of a drawing, the next
//! one draws the field, and only the one after that hands it its keys. Who types on at once, or
//! while the browser is busy, would lose the first letters.

use egui::{Context, Event};

use crate::action::{Action, Overlay};

/// The drawings after which a field that has not come is given up.
const LONGEST: u8 = 6;

/// What opens a text field.
const OPENING: [Action; 2] = [
    Action::FocusFilter,
    Action::ShowOverlay {
        overlay: Some(Overlay::Commands),
    },
];

/// The keys that wait for a field.
#[derive(Debug, Default)]
pub(super) struct TypedAhead {
    events: Vec<Event>,
    /// In how many drawings the keys are handed on at the latest; 0 while none wait.
    left: u8,
}

impl TypedAhead {
    /// Keeps the keys of this drawing while a field is on its way, and hands all of them on once
    /// it has the keyboard.
    pub(super) fn hold(&mut self, ctx: &Context) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        if ctx.text_edit_focused() {
            self.left = 0;
        }
        let mut typed = std::mem::take(&mut self.events);
        ctx.input_mut(|input| {
            if self.left == 0 {
                typed.append(&mut input.events);
                input.events = typed;
            } else {
                typed.extend(input.events.extract_if(.., |event| is_typed(event)));
                self.events = typed;
            }
        });
    }

    /// The number of the first event after a key that may open a field, in this drawing.
    pub(super) fn after_key(ctx: &Context) -> Option<usize> {
        let opens = |event: &Event| match event {
            Event::Key {
                key, pressed: true, ..
            } => OPENING
                .iter()
                .flat_map(|it| [it.shortcut(), it.other_shortcut()])
                .flatten()
                .any(|it| it.logical_key == *key),
            _ => false,
        };
        ctx.input(|input| input.events.iter().position(opens))
    }

    /// Waits for a field if one of the actions opens one; `from` is the place of the first event
    /// after the key that led to it, which is consumed.
    pub(super) fn wait_for(&mut self, ctx: &Context, actions: &[Action], from: Option<usize>) {
        let is_opening = actions.iter().any(|it| OPENING.contains(it));
        let Some(from) = from.filter(|_| is_opening) else {
            return;
        };
        self.left = LONGEST;
        ctx.input_mut(|input| {
            let from = from.min(input.events.len());
            let typed = input.events.extract_if(from.., |event| is_typed(event));
            self.events.extend(typed);
        });
        ctx.request_repaint();
    }
}

const fn is_typed(event: &Event) -> bool {
    matches!(event, Event::Text(_) | Event::Key { .. })
}
