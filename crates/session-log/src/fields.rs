//! Splits a line into its keys and the JSON texts of their values.

use std::borrow::Cow;
use std::fmt;

use callscope_protocol::{ConversationId, MessageText, Millis, Side};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::error::LineError;
use crate::json;
use crate::keys::Extra;
use crate::keys::Kind;

/// A message has seven keys and three optional ones.
const USUAL_KEYS: usize = 8;

/// The keys of one entry that have not been read yet.
///
/// Values stay text, so that surrogates and large numbers are no problem.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    kind: &'static str,
    entries: Vec<(Cow<'a, str>, &'a str)>,
}

impl<'a> Fields<'a> {
    /// Parses a line.
    pub(crate) fn parse(line: &'a str) -> Result<Self, LineError> {
        let mut entries = Vec::with_capacity(USUAL_KEYS);
        let members = callscope_json::members(line, |key, value| entries.push((key.text(), value)));
        // `serde_json` decides what is valid JSON, and says what is wrong.
        if members.is_some() {
            return Ok(Self { kind: "", entries });
        }
        serde_json::from_str(line).map_err(|error| match error.classify() {
            Category::Eof => LineError::Cut { bytes: line.len() },
            Category::Data => LineError::NotAnObject {
                found: match json::type_name(line) {
                    "the string" => "a string",
                    "the number" => "a number",
                    other => other,
                },
            },
            Category::Syntax | Category::Io => {
                let text = error.to_string();
                let reason = text.split(" at line ").next().unwrap_or(&text);
                LineError::NotJson {
                    column: error.column(),
                    reason: reason.to_owned(),
                }
            }
        })
    }

    /// Sets the kind that error messages name.
    pub(crate) fn of(&mut self, kind: &Kind) -> &mut Self {
        self.kind = kind.name;
        self
    }

    /// Removes and returns a key's value; `null` counts as absent.
    pub(crate) fn take(&mut self, key: &'static str) -> Result<Option<&'a str>, LineError> {
        Ok(self.take_any(key)?.filter(|raw| *raw != "null"))
    }

    /// Removes and returns a key's value, which may be `null`.
    pub(crate) fn take_any(&mut self, key: &'static str) -> Result<Option<&'a str>, LineError> {
        let Some(index) = self.entries.iter().position(|(name, _)| name == key) else {
            return Ok(None);
        };
        let (_, raw) = self.entries.remove(index);
        if self.entries.iter().any(|(name, _)| name == key) {
            return Err(LineError::Twice { key });
        }
        Ok(Some(raw))
    }

    /// Removes and returns the value of a required key.
    pub(crate) fn need(&mut self, key: &'static str) -> Result<&'a str, LineError> {
        let kind = self.kind;
        self.take_any(key)?.ok_or(LineError::Missing { kind, key })
    }

    /// A required string.
    pub(crate) fn need_text<T>(&mut self, key: &'static str) -> Result<T, LineError>
    where
        T: for<'t> From<Cow<'t, str>>,
    {
        text(key, self.need(key)?)
    }

    /// An optional string.
    pub(crate) fn text(&mut self, key: &'static str) -> Result<Option<String>, LineError> {
        self.take(key)?.map(|raw| text(key, raw)).transpose()
    }

    /// The time of the entry.
    pub(crate) fn at(&mut self) -> Result<Millis, LineError> {
        let raw = self.need("at")?;
        number(raw)
            .filter(|at| at.is_finite())
            .map(Millis)
            .ok_or_else(|| wrong("at", "a number of milliseconds since the epoch", raw))
    }

    /// A required side.
    pub(crate) fn side(&mut self, key: &'static str) -> Result<Side, LineError> {
        let raw = self.need(key)?;
        match callscope_json::string(raw).as_deref() {
            Some("host") => Ok(Side::Host),
            Some("widget") => Ok(Side::Widget),
            _ => Err(wrong(key, "\"host\" or \"widget\"", raw)),
        }
    }

    /// An optional whole number.
    pub(crate) fn whole(&mut self, key: &'static str) -> Result<Option<u64>, LineError> {
        self.take(key)?
            .map(|raw| whole(raw).ok_or_else(|| wrong(key, "a whole number", raw)))
            .transpose()
    }

    /// An optional conversation.
    pub(crate) fn conversation(
        &mut self,
        key: &'static str,
    ) -> Result<Option<ConversationId>, LineError> {
        self.take(key)?
            .map(|raw| {
                whole(raw)
                    .and_then(|id| u32::try_from(id).ok())
                    .map(ConversationId)
                    .ok_or_else(|| wrong(key, "the number of a conversation", raw))
            })
            .transpose()
    }

    /// An optional `true` or `false`.
    pub(crate) fn flag(&mut self, key: &'static str) -> Result<Option<bool>, LineError> {
        self.take(key)?
            .map(|raw| match raw {
                "true" => Ok(true),
                "false" => Ok(false),
                _ => Err(wrong(key, "true or false", raw)),
            })
            .transpose()
    }

    /// An optional object of strings, as pairs.
    pub(crate) fn texts(&mut self, key: &'static str) -> Result<Vec<(String, String)>, LineError> {
        let Some(raw) = self.take(key)? else {
            return Ok(Vec::new());
        };
        let inner: Fields<'_> =
            serde_json::from_str(raw).map_err(|_| wrong(key, "an object of strings", raw))?;
        inner
            .entries
            .into_iter()
            .map(|(name, raw)| Ok((name.into_owned(), text(key, raw)?)))
            .collect()
    }

    /// The remaining keys, which this version does not know.
    pub(crate) fn into_extra(self) -> Extra {
        self.entries
            .into_iter()
            .map(|(name, raw)| (name.into_owned(), MessageText::from(raw)))
            .collect()
    }
}

/// The error for a value of the wrong type.
pub(crate) fn wrong(key: &'static str, expected: &'static str, raw: &str) -> LineError {
    LineError::Wrong {
        key,
        expected,
        found: json::describe(raw),
    }
}

fn text<T>(key: &'static str, raw: &str) -> Result<T, LineError>
where
    T: for<'a> From<Cow<'a, str>>,
{
    callscope_json::string(raw)
        .map(T::from)
        .ok_or_else(|| wrong(key, "a string", raw))
}

fn number(raw: &str) -> Option<f64> {
    // `parse` alone would also accept `inf` and `nan`, which are not JSON. It is exact, which
    // serde_json's reading of floats is not by default.
    raw.parse().ok()
}

/// A whole number, also if a tool wrote it as `1.0` or `1e3`.
pub(crate) fn whole(raw: &str) -> Option<u64> {
    /// Above this, `f64`, and so JavaScript and jq, cannot represent every whole number.
    const MAX_EXACT: f64 = 9_007_199_254_740_991.0;
    if let Ok(value) = raw.parse() {
        return Some(value);
    }
    let value = number(raw)?;
    let is_whole = value.fract() == 0.0 && (0.0..=MAX_EXACT).contains(&value);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked above"
    )]
    is_whole.then_some(value as u64)
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;

        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = Fields<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::with_capacity(USUAL_KEYS);
                // Keys are read as raw text, too: a path in `cloned` may hold lone surrogates.
                while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    let key = callscope_json::string(key.get()).unwrap_or(Cow::Borrowed(key.get()));
                    entries.push((key, value.get()));
                }
                Ok(Fields { kind: "", entries })
            }
        }

        deserializer.deserialize_map(FieldsVisitor)
    }
}
