//! Writes JSON text and describes it in errors. `callscope_json` reads it.

use std::fmt::Write as _;

use crate::trouble::is_trouble;

/// How many characters of an unexpected value an error message quotes.
const EXCERPT_CHARS: usize = 40;

/// `text` as a JSON string.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_string(&mut out, text);
    out
}

/// Appends `text` as a JSON string.
pub(crate) fn push_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    // Everything that needs an escape is ASCII, so these positions are character boundaries.
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

/// Appends a number so that reading it gives the same `f64`; infinities and NaN, which JSON does
/// not have, become 0.
pub(crate) fn push_f64(out: &mut String, value: f64) {
    match serde_json::Number::from_f64(value) {
        // Writing to a `String` never fails.
        Some(number) => _ = write!(out, "{number}"),
        // The form that it will have after it is read and written again.
        None => out.push_str("0.0"),
    }
}

/// Appends a whole number.
pub(crate) fn push_u64(out: &mut String, value: u64) {
    _ = write!(out, "{value}");
}

/// Appends JSON text, keeping it on one line.
///
/// A raw line feed can only stand between two tokens: inside a string, JSON requires an escape.
pub(crate) fn push_raw(out: &mut String, raw: &str) {
    if raw.contains('\n') {
        out.push_str(&raw.replace('\n', " "));
    } else {
        out.push_str(raw);
    }
}

/// Describes a JSON value for an error message: its type, and its text if that is short.
pub(crate) fn describe(raw: &str) -> String {
    let noun = type_name(raw);
    match raw.bytes().next() {
        Some(b'"' | b'-' | b'0'..=b'9') => format!("{noun} {}", excerpt(raw)),
        _ => noun.to_owned(),
    }
}

/// The type of the JSON value that a text begins with.
pub(crate) fn type_name(raw: &str) -> &'static str {
    match raw.trim_ascii_start().bytes().next() {
        Some(b'"') => "the string",
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't') => "true",
        Some(b'f') => "false",
        Some(b'n') => "null",
        _ => "the number",
    }
}

/// The beginning of a text from outside, safe to print.
pub(crate) fn excerpt(text: &str) -> String {
    let mut out = String::new();
    for (index, char) in text.chars().enumerate() {
        if index == EXCERPT_CHARS {
            out.push('…');
            break;
        }
        if is_trouble(char) {
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
            assert_eq!(callscope_json::string(&raw).unwrap(), text);
            assert_eq!(serde_json::from_str::<String>(&raw).unwrap(), text);
        }
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
            "the string \"a\\u{202e}\\u{1b}[31m\""
        );
        assert_eq!(
            describe(&"9".repeat(100)).chars().count(),
            "the number ".len() + 41
        );
        assert_eq!(describe("{\"a\":1}"), "an object");
    }
}
