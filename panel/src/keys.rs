//! Keyboard shortcuts: whether one was pressed, exactly as shown, and how it is shown.

use egui::{Context, InputState, Key, KeyboardShortcut, Modifiers};

/// Whether a key was pressed with exactly these modifiers; consumes the event.
///
/// egui's own check lets Ctrl+Shift+F trigger Ctrl+F. For a character such as `?`, Shift is
/// ignored: keyboard layouts differ in whether it is needed.
pub(crate) fn is_pressed(ctx: &Context, wanted: Modifiers, key: Key) -> bool {
    ctx.input_mut(|input| take(input, wanted, key) > 0)
}

/// How often a key was pressed with exactly these modifiers; consumes the events.
pub(crate) fn take(input: &mut InputState, wanted: Modifiers, key: Key) -> usize {
    let is_wanted = |event: &egui::Event| {
        let egui::Event::Key {
            key: pressed,
            modifiers,
            pressed: true,
            ..
        } = event
        else {
            return false;
        };
        let modifiers = Modifiers {
            shift: modifiers.shift && !is_sign(key),
            ..*modifiers
        };
        *pressed == key && modifiers.matches_exact(wanted)
    };
    let count = input.events.len();
    input.events.retain(|event| !is_wanted(event));
    count - input.events.len()
}

/// Whether the key is a character for which some keyboard layouts need Shift.
const fn is_sign(key: Key) -> bool {
    matches!(key, Key::Questionmark | Key::Plus | Key::Minus | Key::Slash)
}

/// A shortcut as shown to the user: `Ctrl+F`, `,`.
pub(crate) fn text(ctx: &Context, keys: KeyboardShortcut) -> String {
    let text = ctx.format_shortcut(&keys);
    let key = keys.logical_key;
    match text.strip_suffix(key.name()) {
        Some(modifiers) if is_sign(key) || key == Key::Comma => {
            format!("{modifiers}{}", key.symbol_or_name())
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_told_as_it_is_typed() {
        let ctx = Context::default();
        let told = |modifiers, key| text(&ctx, KeyboardShortcut::new(modifiers, key));
        assert_eq!(told(Modifiers::NONE, Key::Comma), ",");
        assert_eq!(told(Modifiers::NONE, Key::Questionmark), "?");
        assert_eq!(told(Modifiers::NONE, Key::Escape), "Escape");
        assert_eq!(told(Modifiers::ALT, Key::C), "Alt+C");
    }
}
