//! A forgiving reader of JSON that borrows from its text.
//!
//! A page can post what `serde_json` refuses: lone surrogates, thousands of nested levels,
//! numbers beyond `f64`.
//! A checker must examine such a message, not reject it, and must get through a million of them
//! quickly. So this reader never fails, borrows every string without escapes, and reports whether
//! something was lost.

use std::borrow::Cow;

use callscope_json::Lexer;
use serde_json::{Map, Value};

/// Containers nested deeper than this are replaced by null.
pub(crate) const MAX_DEPTH: u32 = 128;

/// More items or members than any message has in one container; the rest is left out, so that a
/// value takes hardly more memory than its text.
const MAX_ITEMS: usize = 10_000;

/// The limit for all containers together that are nested deeper than a message's fields.
const MAX_DEEP_ITEMS: usize = 50_000;

/// The depth of the fields of `data`.
const FIELD_DEPTH: u32 = 1;

/// A JSON value that borrows from its text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    /// The number as it was written.
    Number(&'a str),
    String(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    /// The members in the order of the text; of duplicate keys the last one counts.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// What [`read`] found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Read<'a> {
    pub(crate) json: Json<'a>,
    /// Part of the text is not in `json`.
    pub(crate) lossy: bool,
}

/// Reads a text; one that is not JSON becomes a string with that text.
pub(crate) fn read(text: &str) -> Read<'_> {
    let mut reader = Reader {
        lexer: Lexer::new(text),
        room: MAX_DEEP_ITEMS,
        lossy: false,
    };
    reader.lexer.skip_space();
    let json = reader.value(0);
    reader.lexer.skip_space();
    match json {
        Some(json) if reader.lexer.is_at_end() => Read {
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

    /// The value at a path of keys: `error.message`.
    pub(crate) fn at(&self, path: &str) -> Option<&Json<'a>> {
        // Paths are short, and this is faster for them than `split`.
        let Some(dot) = path.bytes().position(|it| it == b'.') else {
            return self.get(path);
        };
        let (key, rest) = path.split_at_checked(dot)?;
        self.get(key)?.at(rest.strip_prefix('.')?)
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

    /// Whether JavaScript treats it as false.
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

    /// The same as an owned value, and whether a number was lost in the conversion.
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
    lexer: Lexer<'a>,
    /// How many more deep items may be kept.
    room: usize,
    lossy: bool,
}

impl<'a> Reader<'a> {
    /// Whether a container with `count` items, itself at `depth`, can take another one.
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

    fn value(&mut self, depth: u32) -> Option<Json<'a>> {
        let word = match self.lexer.peek()? {
            b'"' => return self.string().map(Json::String),
            b'{' | b'[' if depth >= MAX_DEPTH => {
                self.lossy = true;
                self.lexer.skip_container()?;
                return Some(Json::Null);
            }
            b'{' => return self.object(depth),
            b'[' => return self.array(depth),
            b'n' => ("null", Json::Null),
            b't' => ("true", Json::Bool(true)),
            b'f' => ("false", Json::Bool(false)),
            _ => return self.lexer.number().map(Json::Number),
        };
        self.lexer.word(word.0).map(|()| word.1)
    }

    fn object(&mut self, depth: u32) -> Option<Json<'a>> {
        self.lexer.eat(b'{')?;
        self.lexer.skip_space();
        if self.lexer.eat(b'}').is_some() {
            return Some(Json::Object(Vec::new()));
        }
        // Most objects of the protocol have fewer members.
        let mut members = Vec::with_capacity(8);
        loop {
            self.lexer.skip_space();
            let key = self.string()?;
            self.lexer.colon()?;
            let value = self.value(depth + 1)?;
            if self.has_room(members.len(), depth) {
                members.push((key, value));
            }
            if !self.lexer.comma_or(b'}')? {
                return Some(Json::Object(members));
            }
        }
    }

    fn array(&mut self, depth: u32) -> Option<Json<'a>> {
        self.lexer.eat(b'[')?;
        self.lexer.skip_space();
        let mut items = Vec::new();
        if self.lexer.eat(b']').is_some() {
            return Some(Json::Array(items));
        }
        loop {
            self.lexer.skip_space();
            let item = self.value(depth + 1)?;
            if self.has_room(items.len(), depth) {
                items.push(item);
            }
            if !self.lexer.comma_or(b']')? {
                return Some(Json::Array(items));
            }
        }
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        let (text, is_lossy) = self.lexer.string()?.text_and_loss();
        self.lossy |= is_lossy;
        Some(text)
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
    fn lone_surrogates_are_a_loss() {
        for text in [r#""\ud800x""#, r#"{"\ud800x":1}"#] {
            let read = read(text);
            assert!(read.lossy, "{text}");
            let key = read.json.members().first().map(|(key, _)| key.as_ref());
            assert_eq!(read.json.as_str().or(key), Some("\u{fffd}x"));
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
            "01",
            "1.",
            "-",
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
