//! Decodes JSON strings.

use std::borrow::Cow;

use crate::Lexer;

/// A string as written, without its quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawString<'a> {
    inner: &'a str,
    has_escapes: bool,
}

impl<'a> RawString<'a> {
    /// `inner` must be the text between the quotes of a JSON string.
    #[inline]
    pub(crate) const fn new(inner: &'a str, has_escapes: bool) -> Self {
        Self { inner, has_escapes }
    }

    /// The text between the quotes, with its escapes.
    #[must_use]
    pub const fn as_written(self) -> &'a str {
        self.inner
    }

    /// The decoded text, if it has no escapes.
    #[inline]
    #[must_use]
    pub fn plain(self) -> Option<&'a str> {
        (!self.has_escapes).then_some(self.inner)
    }

    /// The decoded text. A lone surrogate, which a Rust string cannot hold, becomes U+FFFD.
    #[inline]
    #[must_use]
    pub fn text(self) -> Cow<'a, str> {
        self.text_and_loss().0
    }

    /// The decoded text, and whether it had a lone surrogate.
    #[inline]
    #[must_use]
    pub fn text_and_loss(self) -> (Cow<'a, str>, bool) {
        if self.has_escapes {
            let (text, is_lossy) = unescape(self.inner);
            (Cow::Owned(text), is_lossy)
        } else {
            (Cow::Borrowed(self.inner), false)
        }
    }
}

/// Decodes a JSON string; `None` if `raw` is anything else, or more than one string.
///
/// A lone surrogate, which a Rust string cannot hold, becomes U+FFFD.
///
/// ```
/// assert_eq!(callscope_json::string(r#""a\u00e9""#).as_deref(), Some("aé"));
/// assert_eq!(callscope_json::string("7"), None);
/// ```
#[must_use]
pub fn string(raw: &str) -> Option<Cow<'_, str>> {
    let mut lexer = Lexer::new(raw);
    let string = lexer.string()?;
    lexer.is_at_end().then(|| string.text())
}

/// The decoded text, and whether something was lost.
fn unescape(inner: &str) -> (String, bool) {
    let mut out = String::with_capacity(inner.len());
    let mut is_lossy = false;
    let mut rest = inner;
    while let Some((plain, escape)) = rest.split_once('\\') {
        out.push_str(plain);
        let mut chars = escape.chars();
        let unescaped = match chars.next() {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('u') => {
                let (char, after) = unicode_escape(chars.as_str());
                is_lossy |= char.is_none();
                out.push(char.unwrap_or(char::REPLACEMENT_CHARACTER));
                rest = after;
                continue;
            }
            // A quote, a slash or a backslash: the lexer accepts no others.
            Some(other) => other,
            None => char::REPLACEMENT_CHARACTER,
        };
        out.push(unescaped);
        rest = chars.as_str();
    }
    out.push_str(rest);
    (out, is_lossy)
}

/// Decodes what follows `\u`, and a second escape if the two form a surrogate pair.
fn unicode_escape(text: &str) -> (Option<char>, &str) {
    let Some((first, after)) = hex_unit(text) else {
        return (None, text);
    };
    let second = after.strip_prefix("\\u").and_then(hex_unit);
    let pair = second.and_then(|(second, after)| Some((combine(first, second)?, after)));
    match pair {
        Some((char, after)) => (Some(char), after),
        None => (char::from_u32(u32::from(first)), after),
    }
}

fn hex_unit(text: &str) -> Option<(u16, &str)> {
    let (digits, after) = text.split_at_checked(4)?;
    Some((u16::from_str_radix(digits, 16).ok()?, after))
}

fn combine(high: u16, low: u16) -> Option<char> {
    let is_pair = (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(&low);
    let code = 0x1_0000 + (u32::from(high & 0x3ff) << 10) + u32::from(low & 0x3ff);
    char::from_u32(code).filter(|_| is_pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_that_serde_json_writes_and_others() {
        for (raw, text) in [
            (r#""\u00e9\/\b\f\n\r\t\"\\""#, "é/\u{8}\u{c}\n\r\t\"\\"),
            (r#""\ud83d\ude00""#, "😀"),
            (r#""\uD83D\uDE00!""#, "😀!"),
            (r#""\\u0041""#, "\\u0041"),
            (r#""\u0000é😀""#, "\0é😀"),
        ] {
            let (read, is_lossy) = Lexer::new(raw).string().unwrap().text_and_loss();
            assert_eq!(read, text, "{raw}");
            assert!(!is_lossy, "{raw}");
        }
    }

    #[test]
    fn lone_surrogates_are_replaced() {
        for (raw, text) in [
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""\ud83dx""#, "\u{fffd}x"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83d\u0041""#, "\u{fffd}A"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\udc00\ud800\ud83d\ude00""#, "\u{fffd}\u{fffd}😀"),
        ] {
            let (read, is_lossy) = Lexer::new(raw).string().unwrap().text_and_loss();
            assert_eq!(read, text, "{raw}");
            assert!(is_lossy, "{raw}");
        }
        // U+FFFD can also be in the text itself.
        let raw = Lexer::new("\"\u{fffd}\\n\"").string().unwrap();
        assert_eq!(raw.text_and_loss(), ("\u{fffd}\n".into(), false));
    }

    #[test]
    fn what_is_no_string_is_none() {
        for raw in ["", "5", "\"", "a\"", "\"a\"b\"", "\"a\" ", r#""\""#] {
            assert_eq!(string(raw), None, "{raw}");
        }
    }
}
