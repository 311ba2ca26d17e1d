//! Taking a line apart in one pass, which is where the time of reading goes.
//!
//! `serde_json` has the last word on what is JSON and on what is wrong with it: this scanner
//! accepts nothing that `serde_json` refuses, and leaves what is rare to it.

use std::borrow::Cow;

use memchr::memchr2;

use crate::json;

/// Containers nested deeper are left to `serde_json`, which needs no recursion for them.
const MAX_DEPTH: u32 = 64;

/// Passes the members of a JSON object to `member`, in their order: keys, and values as they stand
/// in the text.
///
/// `None` means that `serde_json` has to look at it, whatever was passed: it is no JSON, no
/// object, nested deeply, or has control characters between its tokens.
pub(crate) fn members<'a>(
    text: &'a str,
    mut member: impl FnMut(Cow<'a, str>, &'a str),
) -> Option<()> {
    // Once for the whole line, so that strings need not be searched for them.
    if text.bytes().fold(u8::MAX, u8::min) < b' ' {
        return None;
    }
    let mut scanner = Scanner { text, at: 0 };
    scanner.skip_space();
    scanner.eat(b'{')?;
    scanner.skip_space();
    if scanner.eat(b'}').is_none() {
        loop {
            scanner.skip_space();
            let key = scanner.key()?;
            scanner.colon()?;
            let start = scanner.at;
            scanner.value(1)?;
            member(key, text.get(start..scanner.at)?);
            if !scanner.comma_or(b'}')? {
                break;
            }
        }
    }
    scanner.skip_space();
    (scanner.at == text.len()).then_some(())
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn key(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at;
        let has_escapes = self.string()?;
        let raw = self.text.get(start..self.at)?;
        if has_escapes {
            return json::string(raw);
        }
        raw.get(1..raw.len() - 1).map(Cow::Borrowed)
    }

    fn skip_space(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    fn colon(&mut self) -> Option<()> {
        self.skip_space();
        self.eat(b':')?;
        self.skip_space();
        Some(())
    }

    /// Whether another item follows instead of the end of the container.
    fn comma_or(&mut self, end: u8) -> Option<bool> {
        self.skip_space();
        let next = self.peek()?;
        self.at += 1;
        match next {
            b',' => Some(true),
            _ => (next == end).then_some(false),
        }
    }

    fn value(&mut self, depth: u32) -> Option<()> {
        match self.peek()? {
            b'"' => self.string().map(drop),
            b'{' | b'[' if depth > MAX_DEPTH => None,
            b'{' => self.container(b'}', |it| {
                it.string()?;
                it.colon()?;
                it.value(depth + 1)
            }),
            b'[' => self.container(b']', |it| it.value(depth + 1)),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => self.number(),
        }
    }

    fn container(&mut self, end: u8, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.at += 1;
        self.skip_space();
        if self.eat(end).is_some() {
            return Some(());
        }
        loop {
            self.skip_space();
            item(self)?;
            if !self.comma_or(end)? {
                return Some(());
            }
        }
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.rest().starts_with(word).then(|| self.at += word.len())
    }

    /// Whether the string has escapes.
    fn string(&mut self) -> Option<bool> {
        self.eat(b'"')?;
        let mut has_escapes = false;
        loop {
            self.at += memchr2(b'"', b'\\', self.rest())?;
            if self.eat(b'"').is_some() {
                return Some(has_escapes);
            }
            has_escapes = true;
            self.at += match self.rest() {
                [
                    _,
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't',
                    ..,
                ] => 2,
                [_, b'u', a, b, c, d, ..]
                    if [a, b, c, d].iter().all(|it| it.is_ascii_hexdigit()) =>
                {
                    6
                }
                _ => return None,
            };
        }
    }

    fn number(&mut self) -> Option<()> {
        _ = self.eat(b'-');
        if self.eat(b'0').is_none() {
            self.digits()?;
        }
        if self.eat(b'.').is_some() {
            self.digits()?;
        }
        if self.eat(b'e').or_else(|| self.eat(b'E')).is_some() {
            _ = self.eat(b'+').or_else(|| self.eat(b'-'));
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    use super::*;

    fn pairs(text: &str) -> Option<Vec<(Cow<'_, str>, &str)>> {
        let mut pairs = Vec::new();
        members(text, |key, value| pairs.push((key, value)))?;
        Some(pairs)
    }

    #[test]
    fn values_stay_as_they_are_written() {
        assert_eq!(
            pairs(r#" { "a" : -0.5e+3 , "\u00e9\"":[ {"b": [ ] , "c":"\\"}, true ] , "a": {} } "#),
            Some(vec![
                ("a".into(), "-0.5e+3"),
                ("é\"".into(), r#"[ {"b": [ ] , "c":"\\"}, true ]"#),
                ("a".into(), "{}"),
            ])
        );
        assert_eq!(pairs("{}"), Some(Vec::new()));
    }

    #[test]
    fn the_rare_is_left_to_serde_json() {
        let deep = |depth| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(pairs(&deep(64)).is_some());
        for text in ["{\t}", "[]", "", "{", "{\"a\":01}", &deep(65)] {
            assert_eq!(pairs(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn accepts_only_what_serde_json_accepts(text in r#"\{("a":)?[\[\]{}",:0-9truefalsn\\.e+ -]{0,16}\}"#) {
            if pairs(&text).is_some() {
                prop_assert!(serde_json::from_str::<&RawValue>(&text).is_ok());
            }
        }

        #[test]
        fn knows_what_serde_json_writes(keys in proptest::collection::vec("\\PC{0,4}", 0..4), value: Vec<(f64, Option<bool>, String)>) {
            let object: serde_json::Map<_, _> = keys
                .into_iter()
                .map(|key| (key, serde_json::json!(value)))
                .collect();
            let text = serde_json::to_string(&object).unwrap();
            prop_assert_eq!(pairs(&text).map(|it| it.len()), Some(object.len()));
        }
    }
}
