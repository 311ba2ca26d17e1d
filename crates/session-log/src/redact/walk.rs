//! Rewrites the scalars of a JSON text in place.

use std::borrow::Cow;

use callscope_json::Lexer;

use super::keys::{Class, classify};
use crate::json;

/// How to replace keys and scalars.
pub(super) trait Rewrite {
    /// A key.
    fn key<'a>(&self, key: &'a str) -> Cow<'a, str>;
    /// A string under a key of this class.
    fn text<'a>(&self, class: Class, text: &'a str) -> Cow<'a, str>;
    /// A number, as written, under a key of this class.
    fn number<'a>(&self, class: Class, number: &'a str) -> Cow<'a, str>;
}

/// Rewrites `raw`, which must be JSON; everything but keys, strings and numbers stays as it is.
///
/// It is not recursive and builds no values, so that anything in a log can be processed. From the
/// point where `raw` is not JSON, the rest is rewritten as one string.
pub(super) fn rewrite(raw: &str, class: Class, how: &impl Rewrite) -> String {
    let mut walk = Walk {
        lexer: Lexer::new(raw),
        class,
        outer: Vec::new(),
        out: String::with_capacity(raw.len() + raw.len() / 8),
    };
    loop {
        let rest = raw.get(walk.lexer.position()..).unwrap_or_default();
        if rest.is_empty() {
            break;
        }
        if walk.token(rest, how).is_none() {
            json::push_string(&mut walk.out, &how.text(walk.class, rest));
            break;
        }
    }
    walk.out
}

struct Walk<'a> {
    lexer: Lexer<'a>,
    /// The class of the next value, and those of the containers around it.
    class: Class,
    outer: Vec<Class>,
    out: String,
}

impl<'a> Walk<'a> {
    /// Rewrites the token that `rest` begins with.
    fn token(&mut self, rest: &'a str, how: &impl Rewrite) -> Option<()> {
        let Self {
            lexer,
            class,
            outer,
            out,
        } = self;
        let start = lexer.position();
        match lexer.peek()? {
            b'"' => {
                let text = lexer.string()?.text();
                let token = lexer.since(start)?;
                let after = rest.get(token.len()..)?;
                let is_key = after.trim_ascii_start().starts_with(':');
                let new = if is_key {
                    *class = classify(&text);
                    how.key(&text)
                } else {
                    how.text(*class, &text)
                };
                if new == text {
                    // This also keeps what the decoded text has lost: lone surrogates.
                    out.push_str(token);
                } else {
                    json::push_string(out, &new);
                }
            }
            b'-' | b'0'..=b'9' => out.push_str(&how.number(*class, lexer.number()?)),
            byte @ (b'{' | b'[') => {
                lexer.eat(byte)?;
                out.push(char::from(byte));
                outer.push(*class);
                // The items of a list belong to the list's class.
                if byte == b'{' {
                    *class = Class::Unknown;
                }
            }
            byte @ (b'}' | b']') => {
                lexer.eat(byte)?;
                out.push(char::from(byte));
                *class = outer.pop().unwrap_or_default();
            }
            // A blank, a comma, a colon, or a letter of `true`, `false` or `null`.
            byte => {
                lexer.eat(byte).filter(|()| byte.is_ascii())?;
                out.push(char::from(byte));
            }
        }
        Some(())
    }
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
        check("{\"id\":7 oops é}", "{\"id\":9 oops \"É}\"");
        check("[\"a\",\"b\\", "[\"A\",\"\\\"B\\\\\"");
        for broken in ["\"", "\"\\", "]]}", "-", "{\"a\"", "\u{fffd}", "\"é"] {
            rewrite(broken, Class::Unknown, &Shout);
        }
    }
}
