//! JSON values in one line.

use serde_json::Value;

use crate::visible::{visible, visible_json};
use crate::words::bytes;

/// How many keys of an object are named.
const KEYS: usize = 4;
/// The keys together are cut after this many characters.
const MAX_KEYS: usize = 80;

/// A value in one line: texts are quoted and cut after `max_text` characters, of lists and
/// objects only the size and the first keys are told.
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

/// The beginning of a text, with an ellipsis if there is more.
#[must_use]
pub fn cut(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
