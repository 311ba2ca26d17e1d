//! A forgiving reader of JSON that borrows from its text.
//!
//! A page can post what `serde_json` refuses: lone surrogates, thousands of nested levels,
//! numbers beyond `f64`.
//! A checker must look at such a message, not reject it, and must look at a million of them
//! quickly; so this reader never fails, borrows every text without escapes, and says whether
//! something was lost.

use std::borrow::Cow;

use memchr::memchr2;
use serde_json::{Map, Value};

/// Containers nested deeper than this are replaced by null.
pub(crate) const MAX_DEPTH: u32 = 128;

/// More items or members of one container than any message has; what follows is left out, so that
/// a value takes hardly more memory than its text.
const MAX_ITEMS: usize = 10_000;

/// The same for all containers together that are nested deeper than a message's fields.
const MAX_DEEP_ITEMS: usize = 50_000;

/// How deep the fields of `data` are.
const FIELD_DEPTH: u32 = 1;

/// A JSON value that borrows from its text.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    /// The number as it was written.
    Number(&'a str),
    String(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    /// The members in the order of the text; of equal keys the last counts.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// What [`read`] found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Read<'a> {
    pub(crate) json: Json<'a>,
    /// Something of the text is not in `json`.
    pub(crate) lossy: bool,
}

/// Reads a text; one that is no JSON counts as the text that it is.
pub(crate) fn read(text: &str) -> Read<'_> {
    let mut reader = Reader {
        text,
        at: 0,
        room: MAX_DEEP_ITEMS,
        lossy: false,
    };
    reader.skip_space();
    let json = reader.value(0);
    reader.skip_space();
    match json {
        Some(json) if reader.at == text.len() => Read {
            json,
            lossy: reader.lossy,
        },
        _ => Read {
            json: Json::String(Cow::Borrowed(text)),
            lossy: true,
        },
    }
}

impl<'a> Json<'a> {
    /// The member with this key.
    pub(crate) fn get(&self, key: &str) -> Option<&Json<'a>> {
        match self {
            Self::Object(members) => members
                .iter()
                .rev()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, infinite if it is beyond `f64`.
    pub(crate) fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    pub(crate) fn members(&self) -> &[(Cow<'a, str>, Json<'a>)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    pub(crate) fn items(&self) -> &[Json<'a>] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    /// What JavaScript takes for false.
    pub(crate) fn is_falsy(&self) -> bool {
        match self {
            Self::Null | Self::Bool(false) => true,
            Self::Bool(true) | Self::Array(_) | Self::Object(_) => false,
            Self::Number(_) => self.as_f64() == Some(0.0),
            Self::String(text) => text.is_empty(),
        }
    }

    /// What kind of value it is, with its article: "a string".
    pub(crate) fn kind_words(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// The same as an owned value, and whether a number was lost on the way.
    pub(crate) fn to_value(&self) -> (Value, bool) {
        let mut lossy = false;
        let value = self.value(&mut lossy);
        (value, lossy)
    }

    fn value(&self, lossy: &mut bool) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(text) => {
                // A number that `serde_json` cannot hold is kept as its text.
                serde_json::from_str(text).map_or_else(
                    |_| {
                        *lossy = true;
                        Value::String((*text).to_owned())
                    },
                    Value::Number,
                )
            }
            Self::String(text) => Value::String(text.clone().into_owned()),
            Self::Array(items) => items.iter().map(|item| item.value(lossy)).collect(),
            Self::Object(members) => {
                let mut map = Map::with_capacity(members.len());
                for (key, member) in members {
                    map.insert(key.clone().into_owned(), member.value(lossy));
                }
                Value::Object(map)
            }
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// How many deep items may still be kept.
    room: usize,
    lossy: bool,
}

impl<'a> Reader<'a> {
    /// Whether a container of so many items, itself this deep, takes another one.
    fn has_room(&mut self, count: usize, depth: u32) -> bool {
        let is_deep = depth > FIELD_DEPTH;
        let has_room = count < MAX_ITEMS && (!is_deep || self.room > 0);
        if !has_room {
            self.lossy = true;
        } else if is_deep {
            self.room -= 1;
        }
        has_room
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str, json: Json<'a>) -> Option<Json<'a>> {
        let rest = self.text.as_bytes().get(self.at..)?;
        rest.starts_with(word.as_bytes()).then(|| {
            self.at += word.len();
            json
        })
    }

    fn value(&mut self, depth: u32) -> Option<Json<'a>> {
        match self.peek()? {
            b'"' => self.string().map(Json::String),
            b'{' | b'[' if depth >= MAX_DEPTH => self.skip_container(),
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'n' => self.word("null", Json::Null),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'-' | b'0'..=b'9' => self.number(),
            _ => None,
        }
    }

    fn number(&mut self) -> Option<Json<'a>> {
        let start = self.at;
        while matches!(
            self.peek(),
            Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
        ) {
            self.at += 1;
        }
        let text = self.text.get(start..self.at)?;
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        // `f64` reads a superset of JSON's numbers, which is fine here.
        (is_whole || text.parse::<f64>().is_ok()).then_some(Json::Number(text))
    }

    fn object(&mut self, depth: u32) -> Option<Json<'a>> {
        self.eat(b'{')?;
        self.skip_space();
        if self.eat(b'}').is_some() {
            return Some(Json::Object(Vec::new()));
        }
        // Most objects of the protocol have fewer.
        let mut members = Vec::with_capacity(8);
        loop {
            self.skip_space();
            let key = self.string()?;
            self.skip_space();
            self.eat(b':')?;
            self.skip_space();
            let value = self.value(depth + 1)?;
            if self.has_room(members.len(), depth) {
                members.push((key, value));
            }
            self.skip_space();
            if self.eat(b',').is_none() {
                self.eat(b'}')?;
                return Some(Json::Object(members));
            }
        }
    }

    fn array(&mut self, depth: u32) -> Option<Json<'a>> {
        self.eat(b'[')?;
        self.skip_space();
        let mut items = Vec::new();
        if self.eat(b']').is_some() {
            return Some(Json::Array(items));
        }
        loop {
            self.skip_space();
            let item = self.value(depth + 1)?;
            if self.has_room(items.len(), depth) {
                items.push(item);
            }
            self.skip_space();
            if self.eat(b',').is_none() {
                self.eat(b']')?;
                return Some(Json::Array(items));
            }
        }
    }

    /// Passes a container without reading it.
    fn skip_container(&mut self) -> Option<Json<'a>> {
        self.lossy = true;
        let mut open = 0_usize;
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return Some(Json::Null);
            }
        }
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.eat(b'"')?;
        let start = self.at;
        let rest = self.text.as_bytes().get(start..)?;
        self.at += memchr2(b'"', b'\\', rest)?;
        let head = self.text.get(start..self.at)?;
        if self.eat(b'"').is_some() {
            return Some(Cow::Borrowed(head));
        }

        let mut text = head.to_owned();
        loop {
            let start = self.at;
            let rest = self.text.as_bytes().get(start..)?;
            self.at += memchr2(b'"', b'\\', rest)?;
            text.push_str(self.text.get(start..self.at)?);
            if self.eat(b'"').is_some() {
                return Some(Cow::Owned(text));
            }
            self.at += 1;
            let escape = self.peek()?;
            self.at += 1;
            text.push(match escape {
                b'"' => '"',
                b'\\' => '\\',
                b'/' => '/',
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                b'u' => self.unicode()?,
                _ => return None,
            });
        }
    }

    /// The character of a `\u` escape, with the second half of a pair.
    fn unicode(&mut self) -> Option<char> {
        let first = self.hex4()?;
        if let Some(character) = char::from_u32(first) {
            return Some(character);
        }
        let rest = self.text.as_bytes().get(self.at..)?;
        if first < 0xDC00 && rest.starts_with(b"\\u") {
            let before = self.at;
            self.at += 2;
            let second = self.hex4()?;
            if (0xDC00..0xE000).contains(&second) {
                return char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
            }
            // Not the second half: read it again for itself.
            self.at = before;
        }
        self.lossy = true;
        Some(char::REPLACEMENT_CHARACTER)
    }

    fn hex4(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn value(text: &str) -> Value {
        read(text).json.to_value().0
    }

    #[test]
    fn reads_what_serde_json_reads() {
        let text = r#" { "a" : [ 1, -2.5e3, true, false, null, "é\n\"\\\/\u00e9\ud83d\ude00" ],
            "b": {}, "c": [], "__proto__": {"x": 1}, "a2": 9007199254740993 } "#;
        assert_eq!(value(text), serde_json::from_str::<Value>(text).unwrap());
        assert!(!read(text).lossy);
    }

    #[test]
    fn of_equal_keys_the_last_counts() {
        let read = read(r#"{"a":1,"a":2}"#);
        assert_eq!(read.json.get("a").and_then(Json::as_f64), Some(2.0));
        assert_eq!(read.json.to_value().0, json!({"a": 2}));
    }

    #[test]
    fn lone_surrogates_are_replaced() {
        for (text, expected) in [
            (r#""\ud800""#, "\u{fffd}"),
            (r#""\ud800x""#, "\u{fffd}x"),
            (r#""\udc00\ud800\ud83d\ude00""#, "\u{fffd}\u{fffd}😀"),
            (r#""\ud800A""#, "\u{fffd}A"),
        ] {
            let read = read(text);
            assert_eq!(read.json.as_str(), Some(expected), "{text}");
            assert!(read.lossy, "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_cut() {
        let text = format!("{}\"]\"{}", "[".repeat(100_000), "]".repeat(100_000));
        let read = read(&text);
        assert!(read.lossy);
        assert!(matches!(read.json, Json::Array(_)));
    }

    #[test]
    fn endless_containers_are_cut() {
        let zeros = vec!["0"; 100_000].join(",");
        let lists = vec![format!("[{}]", &zeros[..9_999]); 20].join(",");
        let text = format!(r#"{{"data":{{"a":[{zeros}],"b":[{lists}],"c":1}}}}"#);
        let read = read(&text);
        assert!(read.lossy);
        let data = read.json.get("data").unwrap();
        assert_eq!(data.get("a").unwrap().items().len(), MAX_ITEMS);
        let inner = data.get("b").unwrap().items().iter();
        assert!(inner.map(|list| list.items().len()).sum::<usize>() < MAX_DEEP_ITEMS);
        assert_eq!(data.get("c").and_then(Json::as_f64), Some(1.0));
    }

    #[test]
    fn huge_numbers_stay_as_text() {
        let read = read("1e999");
        assert_eq!(read.json.as_f64(), Some(f64::INFINITY));
        assert_eq!(read.json.to_value(), (json!("1e999"), true));
    }

    #[test]
    fn what_is_no_json_is_the_text_itself() {
        for text in [
            "",
            "{",
            "nul",
            "[1,]",
            "1 2",
            "\"\\x\"",
            "\"\\u12\"",
            "{\"a\"}",
            "--1",
        ] {
            let read = read(text);
            assert_eq!(read.json.as_str(), Some(text));
            assert!(read.lossy);
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in r#"[\[\]{}",:\\u0-9a-fden. \-é]{0,64}"#) {
            let _ = read(&text).json.to_value();
        }

        #[test]
        fn agrees_with_serde_json(text in r#"[\[\]{}",:0-9u\\e. \-]{0,24}"#) {
            if let Ok(expected) = serde_json::from_str::<Value>(&text) {
                prop_assert_eq!(value(&text), expected);
            }
        }
    }
}
