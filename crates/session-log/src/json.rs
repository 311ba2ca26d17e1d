//! JSON text, without making values of it.

use std::borrow::Cow;
use std::fmt::Write as _;

use memchr::memchr;

/// How much of a foreign value an error message quotes, in characters.
const EXCERPT_CHARS: usize = 40;

/// Appends `text` as a JSON string.
pub(crate) fn push_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    // Everything that needs an escape is ASCII, so that between these bytes is between characters.
    while let Some((plain, special)) = rest
        .bytes()
        .position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\')
        .and_then(|at| rest.split_at_checked(at))
    {
        out.push_str(plain);
        match special.as_bytes().first() {
            Some(b'"') => out.push_str("\\\""),
            Some(b'\\') => out.push_str("\\\\"),
            Some(b'\n') => out.push_str("\\n"),
            Some(b'\r') => out.push_str("\\r"),
            Some(b'\t') => out.push_str("\\t"),
            Some(byte) => {
                out.push_str("\\u00");
                out.push(hex_digit(byte >> 4));
                out.push(hex_digit(byte & 15));
            }
            None => {}
        }
        rest = special.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
    out.push('"');
}

fn hex_digit(value: u8) -> char {
    char::from(b"0123456789abcdef"[usize::from(value & 15)])
}

/// Appends a number so that reading it gives the same `f64`; JSON has no infinities and no NaN,
/// they become 0.
pub(crate) fn push_f64(out: &mut String, value: f64) {
    match serde_json::Number::from_f64(value) {
        // Writing to a `String` cannot fail.
        Some(number) => _ = write!(out, "{number}"),
        // As it will be written when it was read.
        None => out.push_str("0.0"),
    }
}

/// Appends a whole number.
pub(crate) fn push_u64(out: &mut String, value: u64) {
    _ = write!(out, "{value}");
}

/// Appends JSON text so that it stays on one line.
///
/// A raw line feed can only stand between two tokens: inside a string JSON demands an escape.
pub(crate) fn push_raw(out: &mut String, raw: &str) {
    if raw.contains('\n') {
        out.push_str(&raw.replace('\n', " "));
    } else {
        out.push_str(raw);
    }
}

/// The text of a JSON string, `None` if `raw` is no string.
///
/// `raw` must be valid JSON. A lone surrogate, which a Rust string cannot hold, becomes U+FFFD.
pub(crate) fn string(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if memchr(b'\\', inner.as_bytes()).is_some() {
        Some(Cow::Owned(unescape(inner)))
    } else {
        Some(Cow::Borrowed(inner))
    }
}

fn unescape(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
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
                out.push(char);
                rest = after;
                continue;
            }
            Some(other) => other,
            None => char::REPLACEMENT_CHARACTER,
        };
        out.push(unescaped);
        rest = chars.as_str();
    }
    out.push_str(rest);
    out
}

/// Reads what follows `\u`, and a second escape if the two are a pair.
fn unicode_escape(text: &str) -> (char, &str) {
    let Some((first, after)) = hex_unit(text) else {
        return (char::REPLACEMENT_CHARACTER, text);
    };
    let second = after.strip_prefix("\\u").and_then(hex_unit);
    let pair = second.and_then(|(second, after)| Some((combine(first, second)?, after)));
    pair.unwrap_or_else(|| {
        let char = char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER);
        (char, after)
    })
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

/// Names a JSON value for an error message: its type, and its beginning if that is short.
pub(crate) fn describe(raw: &str) -> String {
    let noun = type_name(raw);
    match raw.bytes().next() {
        Some(b'"' | b'-' | b'0'..=b'9') => format!("{noun} {}", excerpt(raw)),
        _ => noun.to_owned(),
    }
}

/// What type of JSON value a text begins with.
pub(crate) fn type_name(raw: &str) -> &'static str {
    match raw.trim_ascii_start().bytes().next() {
        Some(b'"') => "the text",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b't') => "true",
        Some(b'f') => "false",
        Some(b'n') => "null",
        _ => "the number",
    }
}

/// The beginning of foreign text, safe to print: no control characters and nothing that changes
/// the direction of writing.
pub(crate) fn excerpt(text: &str) -> String {
    let mut out = String::new();
    for (index, char) in text.chars().enumerate() {
        if index == EXCERPT_CHARS {
            out.push('…');
            break;
        }
        let is_bidi = matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if char.is_control() || is_bidi || matches!(char, '\u{2028}' | '\u{2029}') {
            out.extend(char.escape_unicode());
        } else {
            out.push(char);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_survive() {
        for text in [
            "",
            "a\"b\\c\n\r\t\u{0}\u{1f}\u{7f}é\u{2028}😀",
            "\\u0041",
            "\u{8}\u{c}/",
        ] {
            let mut raw = String::new();
            push_string(&mut raw, text);
            assert_eq!(string(&raw).unwrap(), text);
            assert_eq!(serde_json::from_str::<String>(&raw).unwrap(), text);
        }
    }

    #[test]
    fn escapes_that_serde_json_writes_and_others() {
        for (raw, text) in [
            (r#""\u00e9\/\b\f""#, "é/\u{8}\u{c}"),
            (r#""\ud83d\ude00""#, "😀"),
            (r#""\uD83D\uDE00!""#, "😀!"),
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""\ud83dx""#, "\u{fffd}x"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83d\u0041""#, "\u{fffd}A"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
        ] {
            assert_eq!(string(raw).unwrap(), text, "{raw}");
        }
        assert_eq!(string("5"), None);
    }

    #[test]
    fn numbers_are_exact() {
        for value in [1_795_350_545_829.4, 0.1, -0.0, f64::MAX, 5e-324] {
            let mut raw = String::new();
            push_f64(&mut raw, value);
            assert_eq!(raw.parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
        let mut raw = String::new();
        push_f64(&mut raw, f64::NAN);
        assert_eq!(raw, "0.0");
    }

    #[test]
    fn excerpts_are_short_and_harmless() {
        assert_eq!(
            describe("\"a\u{202e}\u{1b}[31m\""),
            "the text \"a\\u{202e}\\u{1b}[31m\""
        );
        assert_eq!(
            describe(&"9".repeat(100)).chars().count(),
            "the number ".len() + 41
        );
        assert_eq!(describe("{\"a\":1}"), "an object");
    }
}
