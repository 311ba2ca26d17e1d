//! Page data on its way to somebody's eyes.
//!
//! What a page posted may hold escape sequences that repaint a terminal, characters that turn the
//! direction of what follows, and such that nobody sees. Whatever is shown of a session goes
//! through here: in the panel, in the terminal and in reports.

use std::borrow::Cow;
use std::fmt::Write as _;

pub use callscope_session_log::is_trouble;

/// Text of a page as one line that shows all that is in it: `\n`, `\u{1b}`, `\u{202e}` stand for
/// characters that would not show themselves. Doing it twice changes nothing.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    escape(text, |character, out| match character {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        other => {
            // A `String` never fails.
            _ = write!(out, "\\u{{{:x}}}", u32::from(other));
        }
    })
}

/// The same for JSON without line ends: it stays the same JSON.
#[must_use]
pub fn visible_json(json: &str) -> Cow<'_, str> {
    escape(json, |character, out| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            // A `String` never fails.
            _ = write!(out, "\\u{unit:04x}");
        }
    })
}

/// [`visible`] in place.
pub(crate) fn make_visible(text: &mut String) {
    if let Cow::Owned(visible) = visible(text) {
        *text = visible;
    }
}

fn escape(text: &str, replace: impl Fn(char, &mut String)) -> Cow<'_, str> {
    let Some(first) = text.find(is_trouble) else {
        return Cow::Borrowed(text);
    };
    let (good, rest) = text.split_at(first);
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(good);
    for character in rest.chars() {
        if is_trouble(character) {
            replace(character, &mut out);
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_repaints_the_terminal_or_turns_the_line() {
        assert_eq!(visible("+1 555 0100"), "+1 555 0100");
        assert!(matches!(visible("Zoë 電話 🎉"), Cow::Borrowed(_)));
        assert_eq!(visible("a\x1b[2Jb\u{9b}1m"), "a\\u{1b}[2Jb\\u{9b}1m");
        assert_eq!(visible("one\r\n\ttwo\0"), "one\\r\\n\\ttwo\\u{0}");
        assert_eq!(
            visible("\u{202e}drowssap\u{2069}"),
            "\\u{202e}drowssap\\u{2069}"
        );
        assert_eq!(
            visible("\u{feff}\u{200f}\u{2028}\u{7f}\u{200d}"),
            "\\u{feff}\\u{200f}\\u{2028}\\u{7f}\\u{200d}"
        );
    }

    #[test]
    fn all_that_was_escaped_is_seen() {
        for character in (0..=0x10_ffff_u32).filter_map(char::from_u32) {
            if is_trouble(character) {
                let text = format!("a{character}b");
                let shown = visible(&text).into_owned();
                assert!(!shown.chars().any(is_trouble), "{shown:?}");
                assert_eq!(visible(&shown), shown);
            }
        }
    }

    #[test]
    fn json_stays_the_same_json() {
        let json = serde_json::to_string("\u{202e}\u{9b}\u{e0041}é\u{1b}").unwrap();
        let shown = visible_json(&json);
        assert_eq!(shown, r#""\u202e\u009b\udb40\udc41é\u001b""#);
        assert_eq!(
            serde_json::from_str::<String>(&shown).unwrap(),
            serde_json::from_str::<String>(&json).unwrap()
        );
    }
}
