//! Mouse and keyboard input that counts as a user gesture.

use serde_json::json;

use crate::{BrowserError, Target};

impl Target {
    /// Clicks with the left button, at a point in CSS pixels of the target's own viewport.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub fn click(&self, x: f64, y: f64) -> Result<(), BrowserError> {
        let mouse = |kind: &str, buttons: u32, clicks: u32| {
            self.call(
                "Input.dispatchMouseEvent",
                &json!({
                    "type": kind,
                    "x": x,
                    "y": y,
                    "button": if clicks == 0 { "none" } else { "left" },
                    "buttons": buttons,
                    "clickCount": clicks,
                }),
            )
        };
        mouse("mouseMoved", 0, 0)?;
        mouse("mousePressed", 1, 1)?;
        mouse("mouseReleased", 0, 1)?;
        Ok(())
    }

    /// Clicks on the center of the first element that matches a CSS selector, after scrolling it
    /// into view.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Script`] if there is no such element.
    pub fn click_on(&self, selector: &str) -> Result<(), BrowserError> {
        let selector = json!(selector);
        let (x, y) = self.evaluate(&format!(
            "(() => {{
                const element = document.querySelector({selector});
                if (!element) throw new Error('there is no ' + {selector});
                element.scrollIntoView({{ block: 'center', behavior: 'instant' }});
                const box = element.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
            }})()"
        ))?;
        self.click(x, y)
    }

    /// Moves the mouse to a point and turns its wheel there; a positive `down` shows what is
    /// further down, in CSS pixels.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub fn scroll(&self, x: f64, y: f64, down: f64) -> Result<(), BrowserError> {
        let moved = json!({ "type": "mouseMoved", "x": x, "y": y });
        self.call("Input.dispatchMouseEvent", &moved)?;
        let params = json!({ "type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": down });
        self.call("Input.dispatchMouseEvent", &params).map(drop)
    }

    /// Types into the focused element, as an input method does.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub fn type_text(&self, text: &str) -> Result<(), BrowserError> {
        self.call("Input.insertText", &json!({ "text": text }))
            .map(drop)
    }

    /// Presses and releases a key.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub fn press(&self, key: Key) -> Result<(), BrowserError> {
        self.press_with(key, Modifiers::NONE)
    }

    /// Presses and releases a key while others are held down.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub fn press_with(&self, key: Key, modifiers: Modifiers) -> Result<(), BrowserError> {
        let KeySpec {
            name,
            code,
            number,
            text,
        } = key.spec();
        let held = modifiers.bits();
        let mut down = json!({
            "type": "rawKeyDown",
            "key": name,
            "code": code,
            "windowsVirtualKeyCode": number,
            "modifiers": held,
        });
        // With Ctrl or Alt held, the key is a command; otherwise it types text.
        if let (Some(text), false) = (text, modifiers.ctrl || modifiers.alt) {
            down["type"] = json!("keyDown");
            down["text"] = json!(text);
        }
        self.call("Input.dispatchKeyEvent", &down)?;
        let up = json!({
            "type": "keyUp",
            "key": name,
            "code": code,
            "windowsVirtualKeyCode": number,
            "modifiers": held,
        });
        self.call("Input.dispatchKeyEvent", &up).map(drop)
    }
}

/// A key of the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Key {
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// Tab.
    Tab,
    /// Space.
    Space,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A letter or digit, `a` to `z` and `0` to `9`, a slash or a question mark.
    Char(char),
    /// F1 to F12.
    Function(u8),
}

/// Which modifier keys are held down while a key is pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    /// Ctrl.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
}

impl Modifiers {
    /// No modifier key.
    pub const NONE: Self = Self {
        ctrl: false,
        shift: false,
        alt: false,
    };

    /// Ctrl.
    pub const CTRL: Self = Self {
        ctrl: true,
        ..Self::NONE
    };

    /// Alt.
    pub const ALT: Self = Self {
        alt: true,
        ..Self::NONE
    };

    /// Shift.
    pub const SHIFT: Self = Self {
        shift: true,
        ..Self::NONE
    };

    fn bits(self) -> u32 {
        u32::from(self.alt) | u32::from(self.ctrl) << 1 | u32::from(self.shift) << 3
    }
}

struct KeySpec {
    name: String,
    code: String,
    number: u32,
    text: Option<String>,
}

impl Key {
    fn spec(self) -> KeySpec {
        let (name, number, text) = match self {
            Self::Enter => ("Enter", 13, Some("\r")),
            Self::Escape => ("Escape", 27, None),
            Self::Tab => ("Tab", 9, None),
            Self::Space => {
                return KeySpec {
                    name: " ".to_owned(),
                    code: "Space".to_owned(),
                    number: 32,
                    text: Some(" ".to_owned()),
                };
            }
            Self::Backspace => ("Backspace", 8, None),
            Self::Delete => ("Delete", 46, None),
            Self::Up => ("ArrowUp", 38, None),
            Self::Down => ("ArrowDown", 40, None),
            Self::Left => ("ArrowLeft", 37, None),
            Self::Right => ("ArrowRight", 39, None),
            Self::Home => ("Home", 36, None),
            Self::End => ("End", 35, None),
            Self::PageUp => ("PageUp", 33, None),
            Self::PageDown => ("PageDown", 34, None),
            Self::Function(number) => {
                let name = format!("F{number}");
                return KeySpec {
                    code: name.clone(),
                    name,
                    number: 111 + u32::from(number),
                    text: None,
                };
            }
            Self::Char(letter @ ('/' | '?')) => {
                return KeySpec {
                    name: letter.to_string(),
                    code: "Slash".to_owned(),
                    number: 191,
                    text: Some(letter.to_string()),
                };
            }
            Self::Char(letter) => {
                let upper = letter.to_ascii_uppercase();
                let kind = if upper.is_ascii_digit() {
                    "Digit"
                } else {
                    "Key"
                };
                return KeySpec {
                    name: letter.to_string(),
                    code: format!("{kind}{upper}"),
                    number: u32::from(upper),
                    text: Some(letter.to_string()),
                };
            }
        };
        KeySpec {
            name: name.to_owned(),
            code: name.to_owned(),
            number,
            text: text.map(ToOwned::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_their_codes() {
        let code = |key: Key| {
            let KeySpec { code, number, .. } = key.spec();
            (code, number)
        };
        assert_eq!(code(Key::Char('a')), ("KeyA".to_owned(), 65));
        assert_eq!(code(Key::Char('7')), ("Digit7".to_owned(), 55));
        assert_eq!(code(Key::Up), ("ArrowUp".to_owned(), 38));
        assert_eq!(code(Key::Space), ("Space".to_owned(), 32));
        assert_eq!(code(Key::Char('?')), ("Slash".to_owned(), 191));
        assert_eq!(code(Key::Function(8)), ("F8".to_owned(), 119));
    }

    #[test]
    fn modifiers_are_the_protocols_bits() {
        assert_eq!(Modifiers::CTRL.bits(), 2);
        assert_eq!(Modifiers::SHIFT.bits(), 8);
    }
}
