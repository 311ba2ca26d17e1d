//! Page data on its way to a terminal.
//!
//! What a page posted may hold escape sequences that repaint the terminal, and characters that
//! turn the direction of what follows. Whatever comes from a log goes through here before it is
//! printed.

use std::borrow::Cow;
use std::fmt::Write as _;

use callscope_session_view::columns;

/// Whether a character changes how a terminal, or a reader of text, shows the others.
const fn is_trouble(character: char) -> bool {
    matches!(
        character,
        // C0, DEL and C1: cursor movements, colors, titles, bells, line ends.
        '\0'..='\x1f' | '\x7f'..='\u{9f}'
        // Marks, embeddings, overrides and isolates of the bidirectional algorithm.
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // Line and paragraph separators.
        | '\u{2028}' | '\u{2029}'
        // Characters that nobody sees: soft hyphen, zero-width space, byte order mark,
        // annotations and tags.
        | '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}'
    )
}

/// Text of a page as one line that is safe to print: `\n`, `\u{1b}`, `\u{202e}` stand for
/// characters that would not show themselves.
pub(crate) fn safe(text: &str) -> Cow<'_, str> {
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
pub(crate) fn safe_json(json: &str) -> Cow<'_, str> {
    escape(json, |character, out| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            // A `String` never fails.
            _ = write!(out, "\\u{unit:04x}");
        }
    })
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

/// Text that is safe to print, cut to `limit` columns.
pub(crate) fn short(text: &str, limit: usize) -> Cow<'_, str> {
    match safe(text) {
        Cow::Borrowed(text) => columns::cut(text, limit),
        Cow::Owned(text) => Cow::Owned(columns::cut(&text, limit).into_owned()),
    }
}

/// Text for XML and HTML; characters that XML cannot hold are escaped as everywhere.
pub(crate) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in safe(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 forbids them.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_repaints_the_terminal_or_turns_the_line() {
        assert_eq!(safe("+1 555 0100"), "+1 555 0100");
        assert!(matches!(safe("Zoë 電話 🎉"), Cow::Borrowed(_)));
        assert_eq!(safe("a\x1b[2Jb\u{9b}1m"), "a\\u{1b}[2Jb\\u{9b}1m");
        assert_eq!(safe("one\r\n\ttwo\0"), "one\\r\\n\\ttwo\\u{0}");
        assert_eq!(
            safe("\u{202e}drowssap\u{2069}"),
            "\\u{202e}drowssap\\u{2069}"
        );
        assert_eq!(
            safe("\u{feff}\u{200f}\u{2028}\u{7f}"),
            "\\u{feff}\\u{200f}\\u{2028}\\u{7f}"
        );
    }

    #[test]
    fn json_stays_the_same_json() {
        let json = serde_json::to_string("\u{202e}\u{9b}\u{e0041}é\u{1b}").unwrap();
        let safe = safe_json(&json);
        assert_eq!(safe, r#""\u202e\u009b\udb40\udc41é\u001b""#);
        assert_eq!(
            serde_json::from_str::<String>(&safe).unwrap(),
            serde_json::from_str::<String>(&json).unwrap()
        );
    }

    #[test]
    fn what_is_cut_fits_its_columns() {
        assert_eq!(short("día\n", 10), "día\\n");
        assert_eq!(short("día\n", 3), "dí…");
        assert_eq!(short("王小明\u{202e}", 20), "王小明\\u{202e}");
        assert_eq!(short("王小明\u{202e}", 6), "王小…");
    }
}
