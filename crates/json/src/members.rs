//! Splits an object into its members in one pass.

use crate::{Lexer, RawString};

/// The deepest nesting of containers in a member that is accepted.
pub const MAX_DEPTH: u32 = u64::BITS;

/// Passes the members of a JSON object to `member`, in order: keys, and values as written.
///
/// It only accepts valid JSON: nothing that `serde_json` rejects. `None`, possibly after some
/// members were passed, means that another parser has to look at the text: it is not JSON, not an
/// object, nested deeper than [`MAX_DEPTH`], or has control characters between its tokens.
///
/// ```
/// let mut keys = Vec::new();
/// callscope_json::members(r#"{"type": "SYNC", "data": {"a": [1]}}"#, |key, value| {
///     keys.push((key.text(), value));
/// });
/// assert_eq!(keys, [("type".into(), r#""SYNC""#), ("data".into(), r#"{"a": [1]}"#)]);
/// ```
#[inline]
pub fn members<'a>(text: &'a str, mut member: impl FnMut(RawString<'a>, &'a str)) -> Option<()> {
    // Checked once for the whole text, so that strings need not be searched for them.
    if text.bytes().fold(u8::MAX, u8::min) < b' ' {
        return None;
    }
    let mut lexer = Lexer::new(text);
    lexer.skip_space();
    lexer.eat(b'{')?;
    lexer.skip_space();
    if lexer.eat(b'}').is_none() {
        loop {
            lexer.skip_space();
            let key = lexer.string()?;
            lexer.colon()?;
            member(key, value(&mut lexer)?);
            if !lexer.comma_or(b'}')? {
                break;
            }
        }
    }
    lexer.skip_space();
    lexer.is_at_end().then_some(())
}

/// Reads a value, if its containers are nested no deeper than [`MAX_DEPTH`].
fn value<'a>(lexer: &mut Lexer<'a>) -> Option<&'a str> {
    let start = lexer.position();
    let mut open = Open::default();
    loop {
        match lexer.peek()? {
            b'"' => drop(lexer.string()?),
            b'{' => {
                lexer.eat(b'{')?;
                lexer.skip_space();
                if lexer.eat(b'}').is_none() {
                    open.push(true)?;
                    lexer.string()?;
                    lexer.colon()?;
                    continue;
                }
            }
            b'[' => {
                lexer.eat(b'[')?;
                lexer.skip_space();
                if lexer.eat(b']').is_none() {
                    open.push(false)?;
                    continue;
                }
            }
            b't' => lexer.word("true")?,
            b'f' => lexer.word("false")?,
            b'n' => lexer.word("null")?,
            _ => drop(lexer.number()?),
        }
        // After a value: the ends of containers, then the next value.
        loop {
            if open.depth == 0 {
                return lexer.since(start);
            }
            let is_object = open.is_object();
            if lexer.comma_or(if is_object { b'}' } else { b']' })? {
                lexer.skip_space();
                if is_object {
                    lexer.string()?;
                    lexer.colon()?;
                }
                break;
            }
            open.pop();
        }
    }
}

/// The open containers: one bit for each, the innermost last, set for an object.
#[derive(Default)]
struct Open {
    bits: u64,
    depth: u32,
}

impl Open {
    fn push(&mut self, is_object: bool) -> Option<()> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.bits = self.bits << 1 | u64::from(is_object);
        self.depth += 1;
        Some(())
    }

    const fn is_object(&self) -> bool {
        self.bits & 1 == 1
    }

    const fn pop(&mut self) {
        self.bits >>= 1;
        self.depth -= 1;
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;
    use serde_json::value::RawValue;

    use super::*;

    fn pairs(text: &str) -> Option<Vec<(Cow<'_, str>, &str)>> {
        let mut pairs = Vec::new();
        members(text, |key, value| pairs.push((key.text(), value)))?;
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
    fn the_rare_is_left_to_others() {
        let lists = |depth: usize| format!("{{\"a\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
        let mixed = |depth: usize| {
            let (start, end) = (r#"[{"b":"#.repeat(depth / 2), "}]".repeat(depth / 2));
            format!("{{\"a\":{start}1{end}}}")
        };
        assert!(pairs(&lists(64)).is_some() && pairs(&mixed(64)).is_some());
        for text in ["{\t}", "[]", "", "{", "{\"a\":01}", &lists(65), &mixed(66)] {
            assert_eq!(pairs(text), None, "{text}");
        }
    }

    #[test]
    fn brackets_must_match() {
        for text in [
            r#"{"a":[}}"#,
            r#"{"a":[1}}"#,
            r#"{"a":{"b":1]}"#,
            r#"{"a":[{"b":1]]}"#,
            r#"{"a":[1,]}"#,
            r#"{"a":{"b":1,}}"#,
            r#"{"a":{,}}"#,
            r#"{"a":[1]]}"#,
            r#"{"a":[[1]}"#,
            r#"{"a":1]"#,
        ] {
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
                .map(|key| (key, serde_json::json!({"a": [value], "b": {}})))
                .collect();
            let text = serde_json::to_string(&object).unwrap();
            prop_assert_eq!(pairs(&text).map(|it| it.len()), Some(object.len()));
        }
    }
}
