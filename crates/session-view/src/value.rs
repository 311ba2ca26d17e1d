//! JSON values in one line.

use std::borrow::Cow;

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::visible::{visible, visible_json};
use crate::words::bytes;

/// How many keys of an object are listed.
const KEYS: usize = 4;
/// The keys together are cut after this many characters.
const MAX_KEYS: usize = 80;

/// A value in one line: strings are quoted and cut after `max_text` characters; lists and objects
/// show only their size and their first keys.
#[must_use]
pub fn inline(value: &Value, max_text: usize) -> String {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => quoted(text, max_text),
        Value::Array(items) => match items.len() {
            0 => "[]".to_owned(),
            1 => "[1 item]".to_owned(),
            count => format!("[{count} items]"),
        },
        Value::Object(map) => {
            let keys: Vec<&str> = map.keys().take(KEYS).map(String::as_str).collect();
            let more = if map.len() > KEYS { ", …" } else { "" };
            let keys = cut(&keys.join(", "), MAX_KEYS);
            format!("{{{}{more}}}", visible(&keys))
        }
    }
}

/// The path of an object's member: `data.phoneNumber`; for the message itself, only the key.
pub(crate) fn member_path(object: &str, key: &str) -> String {
    if object.is_empty() {
        key.to_owned()
    } else {
        format!("{object}.{key}")
    }
}

fn quoted(text: &str, max_text: usize) -> String {
    let shown = cut(text, max_text);
    let json = Value::from(shown.as_str()).to_string();
    let json = visible_json(&json);
    if shown.len() < text.len() {
        format!("{json} ({})", bytes(text.len() as u64))
    } else {
        json.into_owned()
    }
}

/// The beginning of a text, with an ellipsis if there is more: this many characters, or a few less
/// so that no letter loses its accents and no emoji falls apart.
#[must_use]
pub fn cut(text: &str, chars: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(chars) else {
        return text.to_owned();
    };
    let graphemes = text.grapheme_indices(true).map(|(start, _)| start);
    let whole = graphemes.take_while(|start| *start <= end).last();
    // A page can put any number of marks on one letter.
    let end = whole.filter(|it| *it > 0).unwrap_or(end);
    format!("{}…", text.get(..end).unwrap_or_default())
}

/// The text without its middle if it has more than `head + tail` characters, with an ellipsis in
/// its place. Letters stay whole.
pub(crate) fn without_middle(text: &str, head: usize, tail: usize) -> Cow<'_, str> {
    // Most texts are short, and no character is shorter than a byte.
    if text.len() <= head + tail || text.char_indices().nth(head + tail).is_none() {
        return Cow::Borrowed(text);
    }
    let beginning = cut(text, head);
    let last = tail.saturating_sub(1);
    let from = text.char_indices().rev().nth(last).map_or(0, |(at, _)| at);
    // A letter may have begun earlier, and a page can put any number of marks on one.
    let around = text.get(text.floor_char_boundary(from.saturating_sub(64))..);
    let around = around.unwrap_or_default();
    let first = around.len() - (text.len() - from);
    let mut letters = around.grapheme_indices(true).map(|(start, _)| start);
    let whole = letters.find(|start| *start >= first);
    let end = whole.and_then(|it| around.get(it..)).unwrap_or_default();
    Cow::Owned(format!("{beginning}{end}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn letters_are_cut_whole() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "abc…");
        assert_eq!(cut("abe\u{301}", 3), "ab…");
        assert_eq!(cut("a👩\u{200d}👩\u{200d}👧", 4), "a…");
        assert_eq!(cut("e\u{301}\u{301}\u{301}", 2), "e\u{301}…");
    }

    #[test]
    fn the_middle_is_what_can_be_missed() {
        assert_eq!(without_middle("abcdef", 3, 3), "abcdef");
        assert_eq!(without_middle("abcdefg", 3, 3), "abc…efg");
        assert_eq!(
            without_middle("ab\u{301}cdefg\u{301}", 3, 3),
            "ab\u{301}…fg\u{301}"
        );
        assert_eq!(without_middle("abcdeg\u{301}\u{302}", 2, 2), "ab…");
        let long = "x".repeat(5_000_000);
        assert_eq!(without_middle(&long, 5, 4), "xxxxx…xxxx");
    }

    #[test]
    fn values_are_one_line() {
        let words = |value: Value| inline(&value, 10);
        assert_eq!(words(json!(null)), "null");
        assert_eq!(words(json!(1.5)), "1.5");
        assert_eq!(words(json!("a\n")), r#""a\n""#);
        assert_eq!(
            words(json!("x".repeat(5_000_000))),
            r#""xxxxxxxxxx…" (4.8 MB)"#
        );
        assert_eq!(words(json!([])), "[]");
        assert_eq!(words(json!([1, 2])), "[2 items]");
        assert_eq!(words(json!({})), "{}");
        assert_eq!(
            words(json!({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5})),
            "{a, b, c, d, …}"
        );
    }
}
