//! Makes page data safe to display.
//!
//! What a page posted may contain escape sequences that repaint a terminal, characters that reverse
//! the direction of what follows, and invisible ones. Everything of a session that is displayed
//! goes through here: in the panel, in the terminal and in reports.
//!
//! Joiners and variation selectors are kept where they do what they are for: inside an emoji, or
//! between letters of a script that is written with them. Anywhere else they would be invisible.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::value;

pub use callscope_session_log::is_trouble;

/// Page data as one line that shows everything in it: `\n`, `\u001b`, `\u202e` stand for characters
/// that would not be visible, spelled as in JSON, or as `\u{e0001}` where JSON needs two. Applying it
/// twice changes nothing.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    escape(text, |character, out| match character {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        // Writing to a `String` never fails.
        other => match u16::try_from(u32::from(other)) {
            Ok(unit) => _ = write!(out, "\\u{unit:04x}"),
            Err(_) => _ = write!(out, "\\u{{{:x}}}", u32::from(other)),
        },
    })
}

/// The same for JSON without line breaks: the result is equivalent JSON.
#[must_use]
pub fn visible_json(json: &str) -> Cow<'_, str> {
    escape(json, |character, out| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a `String` never fails.
            _ = write!(out, "\\u{unit:04x}");
        }
    })
}

/// [`visible`] for a sentence that quotes page data, or for one value among others: a text that is
/// too long loses its middle, so that the sentence still ends with what to do.
#[must_use]
pub fn sentence(text: &str) -> Cow<'_, str> {
    const HEAD: usize = 200;
    const TAIL: usize = 120;
    shortened(text, HEAD, TAIL)
}

/// [`sentence`] that stands among others: a word that would take more than a line, such as a quoted
/// value, loses its middle as well.
#[must_use]
pub fn short_sentence(text: &str) -> Cow<'_, str> {
    const LINE: usize = 80;
    const HEAD: usize = 40;
    const TAIL: usize = 20;
    let is_long = |word: &str| word.len() > LINE && word.chars().nth(LINE).is_some();
    if !text.split_whitespace().any(is_long) {
        return sentence(text);
    }
    let words = text.split_inclusive(char::is_whitespace).map(|word| {
        if is_long(word.trim_end()) {
            value::without_middle(word, HEAD, TAIL)
        } else {
            Cow::Borrowed(word)
        }
    });
    Cow::Owned(sentence(&words.collect::<String>()).into_owned())
}

/// [`name`] for a value in the middle of other words, such as somebody's phone number.
#[must_use]
pub fn brief(text: &str) -> Cow<'_, str> {
    const HEAD: usize = 24;
    const TAIL: usize = 12;
    shortened(text, HEAD, TAIL)
}

/// [`sentence`] for the name of something, such as a type or an origin.
#[must_use]
pub fn name(text: &str) -> Cow<'_, str> {
    const HEAD: usize = 60;
    const TAIL: usize = 20;
    shortened(text, HEAD, TAIL)
}

fn shortened(text: &str, head: usize, tail: usize) -> Cow<'_, str> {
    // Cut before, to avoid going through megabytes, and again after, because it may have become
    // longer.
    let text = value::without_middle(text, head, tail);
    let shown = match text {
        Cow::Borrowed(text) => visible(text),
        Cow::Owned(text) => Cow::Owned(visible(&text).into_owned()),
    };
    match shown {
        Cow::Borrowed(text) => value::without_middle(text, head, tail),
        Cow::Owned(text) => Cow::Owned(value::without_middle(&text, head, tail).into_owned()),
    }
}

/// [`sentence`] in place.
pub(crate) fn make_visible(text: &mut String) {
    if let Cow::Owned(visible) = sentence(text) {
        *text = visible;
    }
}

/// The characters of a text, and whether each would hide or reverse something where it stands.
pub fn characters(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut rest = text.chars();
    // The last character that is visible, or that properly changes the look of another.
    let mut before = None;
    std::iter::from_fn(move || {
        let character = rest.next()?;
        let after = rest.clone().next();
        let is_trouble = match character {
            '\u{200c}' => !joins_letters(before, after),
            '\u{200d}' => !joins_letters(before, after) && !joins_emoji(before, after),
            '\u{fe00}'..='\u{fe0f}'
            | '\u{e0100}'..='\u{e01ef}'
            | '\u{180b}'..='\u{180d}'
            | '\u{180f}' => !before.is_some_and(|it| has_variants(it, character)),
            other => is_trouble(other),
        };
        before = (!is_trouble).then_some(character);
        Some((character, is_trouble))
    })
}

fn escape(text: &str, replace: impl Fn(char, &mut String)) -> Cow<'_, str> {
    let may_be_trouble = |it: char| {
        is_trouble(it)
            || matches!(it, '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
    };
    // This holds for nearly all texts.
    if !text.contains(may_be_trouble) || !characters(text).any(|(_, is_trouble)| is_trouble) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (character, is_trouble) in characters(text) {
        if is_trouble {
            replace(character, &mut out);
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// Whether a joiner or a non-joiner stands between letters that join or stack: Arabic and related
/// scripts, the scripts of India and related ones, Mongolian.
const fn joins_letters(before: Option<char>, after: Option<char>) -> bool {
    const fn is_letter(character: Option<char>) -> bool {
        matches!(
            character,
            Some(
                '\u{620}'..='\u{65f}'
                | '\u{66e}'..='\u{6d3}'
                | '\u{6d5}'..='\u{6dc}'
                | '\u{6ee}'..='\u{6ef}'
                | '\u{6fa}'..='\u{6ff}'
                | '\u{710}'..='\u{7ff}'
                | '\u{840}'..='\u{85b}'
                | '\u{860}'..='\u{88e}'
                | '\u{8a0}'..='\u{8ff}'
                | '\u{900}'..='\u{dff}'
                | '\u{f40}'..='\u{fbc}'
                | '\u{1000}'..='\u{109f}'
                | '\u{1780}'..='\u{17b3}'
                | '\u{17b6}'..='\u{17d3}'
                | '\u{1820}'..='\u{18aa}'
                | '\u{1b00}'..='\u{1b4c}'
                | '\u{a980}'..='\u{a9c0}'
                | '\u{fb50}'..='\u{fdc7}'
                | '\u{fe70}'..='\u{fefc}'
                | '\u{11000}'..='\u{11fff}',
            )
        )
    }
    is_letter(before) && is_letter(after)
}

/// Whether a joiner combines two emoji into one.
const fn joins_emoji(before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    (is_emoji(before) || before == '\u{fe0f}') && is_emoji(after)
}

/// Whether a character can be an emoji, or can be made to look like one.
const fn is_emoji(character: char) -> bool {
    matches!(
        character,
        '©' | '®' | '‼' | '⁉' | '\u{2100}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | 'Ⓜ'
        | '\u{25a0}'..='\u{27bf}' | '\u{2900}'..='\u{2bff}' | '〰' | '〽' | '㊗' | '㊙'
        | '\u{1f000}'..='\u{1faff}'
    )
}

/// Whether a variation selector can change the look of the character before it.
const fn has_variants(before: char, selector: char) -> bool {
    match selector {
        '\u{fe0e}' | '\u{fe0f}' => is_emoji(before) || matches!(before, '0'..='9' | '#' | '*'),
        '\u{180b}'..='\u{180f}' => matches!(before, '\u{1820}'..='\u{18aa}'),
        // Ideographs, kana and their punctuation; mathematical signs; Myanmar, Phags-pa.
        _ => matches!(
            before,
            '\u{2190}'..='\u{22ff}' | '\u{2a00}'..='\u{2aff}' | '\u{3000}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
            | '\u{ff01}'..='\u{ff60}' | '\u{1000}'..='\u{109f}' | '\u{a840}'..='\u{a877}'
            | '\u{aa60}'..='\u{aa7f}' | '\u{20000}'..='\u{3ffff}'
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_repaints_the_terminal_or_turns_the_line() {
        assert_eq!(visible("+1 555 0100"), "+1 555 0100");
        assert!(matches!(visible("Zoë 電話 🎉"), Cow::Borrowed(_)));
        assert_eq!(visible("a\x1b[2Jb\u{9b}1m"), "a\\u001b[2Jb\\u009b1m");
        assert_eq!(visible("one\r\n\ttwo\0"), "one\\r\\n\\ttwo\\u0000");
        assert_eq!(
            visible("\u{202e}drowssap\u{2069}"),
            "\\u202edrowssap\\u2069"
        );
        assert_eq!(
            visible("\u{feff}\u{200f}\u{2028}\u{7f}\u{200d}"),
            "\\ufeff\\u200f\\u2028\\u007f\\u200d"
        );
    }

    #[test]
    fn joiners_and_selectors_stay_where_they_do_their_work() {
        for text in [
            // A family, a pirate flag, a heart on fire, a key, a thumb with a skin tone.
            "👩\u{200d}👩\u{200d}👧",
            "🏴\u{200d}☠\u{fe0f}",
            "❤\u{fe0f}\u{200d}🔥",
            "1\u{fe0f}\u{20e3}",
            "👩🏽\u{200d}💻",
            // Persian "I want", Devanagari half forms, Sinhala.
            "می\u{200c}خواهم",
            "क्\u{200d}ष and र\u{200d}्य",
            "ශ්\u{200d}රී",
            // A variant of an ideograph, a slashed sign.
            "葛\u{e0100}城",
            "∩\u{fe00}",
        ] {
            assert!(matches!(visible(text), Cow::Borrowed(_)), "{text:?}");
        }
        for (text, seen) in [
            ("a\u{200d}b", "a\\u200db"),
            ("555\u{200c}0100", "555\\u200c0100"),
            ("👩\u{200d}", "👩\\u200d"),
            ("👩\u{200d}\u{200d}👧", "👩\\u200d\\u200d👧"),
            ("\u{200d}می", "\\u200dمی"),
            ("a\u{fe0f}", "a\\ufe0f"),
            ("\u{fe0f}", "\\ufe0f"),
            // Attached to a letter, they can carry hidden data.
            (
                "😀\u{fe0f}\u{e0101}\u{e0102}",
                "😀\u{fe0f}\\u{e0101}\\u{e0102}",
            ),
            ("a\u{fe0f}\u{200d}👧", "a\\ufe0f\\u200d👧"),
            ("\u{3164}\u{115f}\u{34f}", "\\u3164\\u115f\\u034f"),
        ] {
            assert_eq!(visible(text), seen);
            assert_eq!(visible(seen), seen);
        }
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
