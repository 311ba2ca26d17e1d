//! What the two ends need from a value that a page posts.

use serde_json::Value as Json;

/// A value of a page. Only what the protocol itself needs is ever read from it.
///
/// Payloads are passed on unchanged: in a browser they stay the page's own objects, in a test they
/// are [`serde_json::Value`]s.
pub trait Value: Clone {
    /// The value of a key; `None` if this is not an object, has no such key, or has `undefined`
    /// there.
    ///
    /// This must never fail, because pages post anything.
    fn get(&self, key: &str) -> Option<Self>;

    /// The text, if it is a string.
    fn as_text(&self) -> Option<String>;

    /// The text of a string or number that is not falsy, which is how the SDK reads a `messageId`.
    fn as_id(&self) -> Option<String>;

    /// The boolean, if it is one.
    fn as_bool(&self) -> Option<bool>;

    /// The origin of a URL in the browser's spelling; `None` if it has none.
    #[must_use]
    fn origin_of(url: &str) -> Option<String> {
        callscope_protocol::origin_of(url)
    }

    /// An object with the own keys of `base` and these entries; of duplicate keys the later one
    /// counts.
    fn object(base: Option<&Self>, entries: &[(&str, Entry<'_, Self>)]) -> Self;
}

/// An entry of an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry<'a, V> {
    /// The key exists without a value. JSON does not have this and omits the key.
    Undefined,
    /// A string.
    Text(&'a str),
    /// `true` or `false`.
    Bool(bool),
    /// A value of the page.
    Value(V),
}

impl<V> Entry<'_, V> {
    pub(crate) fn or_undefined(value: Option<V>) -> Self {
        value.map_or(Self::Undefined, Self::Value)
    }
}

impl Value for Json {
    fn get(&self, key: &str) -> Option<Self> {
        self.as_object()?.get(key).cloned()
    }

    fn as_text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }

    fn as_id(&self) -> Option<String> {
        match self {
            Self::String(text) if !text.is_empty() => Some(text.clone()),
            Self::Number(number) if number.as_f64() != Some(0.0) => Some(number.to_string()),
            _ => None,
        }
    }

    fn as_bool(&self) -> Option<bool> {
        Self::as_bool(self)
    }

    fn object(base: Option<&Self>, entries: &[(&str, Entry<'_, Self>)]) -> Self {
        let mut object = base.and_then(Self::as_object).cloned().unwrap_or_default();
        for (key, entry) in entries {
            let value = match entry {
                Entry::Undefined => {
                    object.shift_remove(*key);
                    continue;
                }
                Entry::Text(text) => Self::from(*text),
                Entry::Bool(bool) => Self::from(*bool),
                Entry::Value(value) => value.clone(),
            };
            object.insert((*key).to_owned(), value);
        }
        Self::Object(object)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_is_made_of_another_and_more() {
        let base = json!({"type": "SYNC", "portalId": 7, "debugMode": true});
        let made = Json::object(
            Some(&base),
            &[
                ("type", Entry::Text("SYNC_ACK")),
                ("debugMode", Entry::Undefined),
                ("data", Entry::Value(json!([1]))),
            ],
        );
        assert_eq!(
            made,
            json!({"type": "SYNC_ACK", "portalId": 7, "data": [1]})
        );
    }

    #[test]
    fn falsy_ids_are_no_ids() {
        assert_eq!(json!(17).as_id().as_deref(), Some("17"));
        assert_eq!(json!("a").as_id().as_deref(), Some("a"));
        for value in [json!(0), json!(""), json!(null), json!(true), json!({})] {
            assert_eq!(value.as_id(), None, "{value}");
        }
    }
}
