//! A JSON value as fields are looked up in it, however it is held.

use serde_json::Value;

use crate::Kind;
use crate::json::Json;

/// A JSON value, owned or borrowed from its text.
pub(crate) trait Node: Sized {
    /// Its JSON kind.
    fn kind(&self) -> Kind;
    /// The member of an object with this key.
    fn member(&self, key: &str) -> Option<&Self>;
    /// Its text, if it is a string.
    fn text(&self) -> Option<&str>;
    /// The items of a list; empty if it is not a list.
    fn items(&self) -> &[Self];
    /// The members of an object in order; none if it is not an object.
    fn members(&self) -> impl Iterator<Item = (&str, &Self)>;

    /// Whether it is null, or `undefined`, which JSON does not have.
    fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }
}

impl Node for Value {
    fn kind(&self) -> Kind {
        Kind::of(self)
    }

    fn member(&self, key: &str) -> Option<&Self> {
        self.get(key)
    }

    fn text(&self) -> Option<&str> {
        self.as_str()
    }

    fn items(&self) -> &[Self] {
        self.as_array().map_or(&[], Vec::as_slice)
    }

    fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        let members = self.as_object().into_iter().flatten();
        members.map(|(key, value)| (key.as_str(), value))
    }
}

impl Node for Json<'_> {
    fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Bool(_) => Kind::Boolean,
            Self::Number(_) => Kind::Number,
            Self::String(_) => Kind::String,
            Self::Array(_) => Kind::Array,
            Self::Object(_) => Kind::Object,
        }
    }

    fn member(&self, key: &str) -> Option<&Self> {
        self.get(key)
    }

    fn text(&self) -> Option<&str> {
        self.as_str()
    }

    fn items(&self) -> &[Self] {
        Json::items(self)
    }

    fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        let members = Json::members(self).iter();
        members.map(|(key, value)| (key.as_ref(), value))
    }
}
