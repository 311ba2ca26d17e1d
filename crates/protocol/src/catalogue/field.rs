//! How a row of the catalogue describes a field of a message.

use crate::Version;

/// Where in a message a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// A key of the message itself.
    Top,
    /// A key of its `data`.
    Data,
}

/// Whether a message must have a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Required {
    /// Always.
    Yes,
    /// Never.
    No,
    /// As the field's note says.
    Conditional,
}

impl Required {
    /// The word for a table.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "required",
            Self::No => "optional",
            Self::Conditional => "conditional",
        }
    }
}

/// The type of a field as the SDK's documents and types give it.
///
/// The SDK itself never validates a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Text.
    String,
    /// Text that is a bare origin: `https://host[:port]`.
    Origin,
    /// Text that is a URL.
    Url,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// The key is there, but its value is `undefined`; JSON has no such thing.
    Undefined,
    /// Exactly this text.
    Constant(&'static str),
    /// One of these texts.
    Enum(&'static [&'static str]),
    /// One of these types.
    OneOf(&'static [FieldType]),
    /// An object with at least these members; empty where none are documented.
    Object(&'static [(&'static str, FieldType)]),
    /// An object whose values are texts, or null.
    Properties,
    /// A list.
    Array,
    /// Anything.
    Any,
    /// Several fields of different types in one row.
    Mixed,
}

impl std::fmt::Display for FieldType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::String => f.write_str("string"),
            Self::Origin => f.write_str("string (origin)"),
            Self::Url => f.write_str("string (URL)"),
            Self::Number => f.write_str("number"),
            Self::Boolean => f.write_str("boolean"),
            Self::Undefined => f.write_str("undefined"),
            Self::Constant(text) => write!(f, "\"{text}\""),
            Self::Enum(values) => write!(f, "enum {}", values.join("|")),
            Self::OneOf(types) => {
                for (index, ty) in types.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "|" };
                    write!(f, "{separator}{ty}")?;
                }
                Ok(())
            }
            Self::Object([]) => f.write_str("object"),
            Self::Object(members) => {
                f.write_str("object {")?;
                for (index, (name, ty)) in members.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(f, "{separator}{name}:{ty}")?;
                }
                f.write_str("}")
            }
            Self::Properties => f.write_str("object string→string"),
            Self::Array => f.write_str("array"),
            Self::Any => f.write_str("any"),
            Self::Mixed => f.write_str("mixed"),
        }
    }
}

/// One field of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldSpec {
    /// Its path under `location`: `error.message`, `callerIdMatches[].name`.
    ///
    /// Rows that stand for several fields join the last part with `/` or `|`; rows in `<…>`
    /// stand for whatever else there is.
    pub name: &'static str,
    /// Where the path begins.
    pub location: Location,
    /// What it holds.
    pub ty: FieldType,
    /// Another type that it may have, because another document or one of HubSpot's demos uses it.
    pub also: Option<FieldType>,
    /// Whether it must be there.
    pub required: Required,
    /// The unit of a number.
    pub unit: Option<&'static str>,
    /// The version that introduced it, as documented or typed.
    pub since: Version,
    /// The last version that documents or types it; `None` if the newest does.
    pub until: Option<Version>,
    /// Anything else that is known about it.
    pub note: &'static str,
}

impl FieldSpec {
    const fn new(location: Location, name: &'static str, ty: FieldType) -> Self {
        Self {
            name,
            location,
            ty,
            also: None,
            required: Required::No,
            unit: None,
            since: Version::OLDEST,
            until: None,
            note: "",
        }
    }

    /// A field of every message.
    pub(crate) const fn envelope(name: &'static str, note: &'static str) -> Self {
        Self::new(Location::Top, name, FieldType::String)
            .required()
            .note(note)
    }

    pub(crate) const fn or(self, ty: FieldType) -> Self {
        Self {
            also: Some(ty),
            ..self
        }
    }

    pub(super) const fn required(self) -> Self {
        Self {
            required: Required::Yes,
            ..self
        }
    }

    pub(super) const fn conditional(self) -> Self {
        Self {
            required: Required::Conditional,
            ..self
        }
    }

    pub(super) const fn since(self, major: u16, minor: u16, patch: u16) -> Self {
        Self {
            since: Version::new(major, minor, patch),
            ..self
        }
    }

    pub(super) const fn until(self, major: u16, minor: u16, patch: u16) -> Self {
        Self {
            until: Some(Version::new(major, minor, patch)),
            ..self
        }
    }

    /// A field that exists in one alpha only, because of a bug.
    pub(super) const fn only_in(self, version: Version) -> Self {
        Self {
            since: version,
            until: Some(version),
            ..self
        }
    }

    pub(super) const fn unit(self, unit: &'static str) -> Self {
        Self {
            unit: Some(unit),
            ..self
        }
    }

    pub(super) const fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    /// Whether the row stands for all other keys instead of naming a field.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        self.name.starts_with('<')
    }

    /// The paths that the row stands for; none for a wildcard.
    pub fn paths(&self) -> impl Iterator<Item = String> {
        let (parent, last) = match self.name.rsplit_once('.') {
            Some((parent, last)) => (Some(parent), last),
            None => (None, self.name),
        };
        let last = if self.is_wildcard() { "" } else { last };
        last.split(['/', '|'])
            .filter(|part| !part.is_empty())
            .map(move |part| match parent {
                Some(parent) => format!("{parent}.{part}"),
                None => part.to_owned(),
            })
    }
}

/// A field of the message itself.
pub(super) const fn top(name: &'static str, ty: FieldType) -> FieldSpec {
    FieldSpec::new(Location::Top, name, ty)
}

/// A field of the message's `data`.
pub(super) const fn data(name: &'static str, ty: FieldType) -> FieldSpec {
    FieldSpec::new(Location::Data, name, ty)
}

pub(super) const SIZE: FieldType =
    FieldType::Object(&[("height", FieldType::Number), ("width", FieldType::Number)]);

pub(super) const COORDINATES: FieldType = FieldType::Object(&[
    ("portalId", FieldType::Number),
    ("objectId", FieldType::Number),
    (
        "objectTypeId",
        FieldType::OneOf(&[FieldType::Constant("0-1"), FieldType::Constant("0-2")]),
    ),
]);
