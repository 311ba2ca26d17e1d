//! Rewriting the scalars of a JSON text in place.

use std::borrow::Cow;

use super::keys::{Class, classify};
use crate::json;

/// What to put in the place of keys and scalars.
pub(super) trait Rewrite {
    /// A key.
    fn key<'a>(&self, key: &'a str) -> Cow<'a, str>;
    /// A text under a key of this class.
    fn text<'a>(&self, class: Class, text: &'a str) -> Cow<'a, str>;
    /// A number, as it is written, under a key of this class.
    fn number<'a>(&self, class: Class, number: &'a str) -> Cow<'a, str>;
}

/// Rewrites `raw`, which must be JSON; everything but keys, texts and numbers stays as it is.
///
/// It is not recursive and makes no values, so that whatever is in a log can pass.
pub(super) fn rewrite(raw: &str, class: Class, how: &impl Rewrite) -> String {
    let mut out = String::with_capacity(raw.len() + raw.len() / 8);
    let mut outer: Vec<Class> = Vec::new();
    let mut class = class;
    let mut rest = raw;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '-' | '0'..='9' => number_length(rest),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        match first {
            '"' => {
                let text = json::string(token).unwrap_or_default();
                let is_key = after.trim_ascii_start().starts_with(':');
                let new = if is_key {
                    class = classify(&text);
                    how.key(&text)
                } else {
                    how.text(class, &text)
                };
                if new == text {
                    // Also keeps what the decoded text has lost: lone surrogates.
                    out.push_str(token);
                } else {
                    json::push_string(&mut out, &new);
                }
            }
            '-' | '0'..='9' => out.push_str(&how.number(class, token)),
            '{' | '[' => {
                outer.push(class);
                out.push(first);
                // The items of a list are what the list's key says.
                if first == '{' {
                    class = Class::Unknown;
                }
            }
            '}' | ']' => {
                class = outer.pop().unwrap_or_default();
                out.push(first);
            }
            _ => out.push_str(token),
        }
    }
    out
}

/// The length of the string that `text` begins with, in bytes.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

fn number_length(text: &str) -> usize {
    text.bytes()
        .position(|byte| !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Shout;

    impl Rewrite for Shout {
        fn key<'a>(&self, key: &'a str) -> Cow<'a, str> {
            Cow::Borrowed(key)
        }

        fn text<'a>(&self, class: Class, text: &'a str) -> Cow<'a, str> {
            if class == Class::Phone {
                "P".into()
            } else {
                text.to_uppercase().into()
            }
        }

        fn number<'a>(&self, class: Class, number: &'a str) -> Cow<'a, str> {
            if class == Class::Id {
                "9".into()
            } else {
                number.into()
            }
        }
    }

    #[track_caller]
    fn check(raw: &str, expected: &str) {
        assert_eq!(rewrite(raw, Class::Unknown, &Shout), expected);
    }

    #[test]
    fn scalars_change_and_the_rest_stays() {
        check(
            r#" { "a" : "b\"c" , "ownerId":[1,{"x":-2.5e+3},3], "y":4 } "#,
            r#" { "a" : "B\"C" , "ownerId":[9,{"x":-2.5e+3},9], "y":4 } "#,
        );
        check(
            r#"[true,null,{"phoneNumber":["b"],"c":"b"}]"#,
            r#"[true,null,{"phoneNumber":["P"],"c":"B"}]"#,
        );
        check(
            r#"{"\ud800":"\ud800","__proto__":{}}"#,
            r#"{"\ud800":"\ud800","__proto__":{}}"#,
        );
        check("\"\\\\\"", "\"\\\\\"");
        check("\"é😀\"", "\"É😀\"");
    }

    #[test]
    fn depth_and_broken_texts_do_no_harm() {
        let deep = format!("{}1{}", r#"{"id":["#.repeat(100_000), "]}".repeat(100_000));
        assert!(rewrite(&deep, Class::Unknown, &Shout) == deep.replace('1', "9"));
        for broken in ["\"", "\"\\", "]]}", "-", "{\"a\"", "\u{fffd}", "\"é"] {
            rewrite(broken, Class::Unknown, &Shout);
        }
    }
}
