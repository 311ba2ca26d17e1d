//! Which generation of HubSpot the page plays, and where the widget is in it.

use callscope_protocol::{Direction, FieldSpec, Location, MessageType, Version};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A generation of HubSpot's page: it sends only what the SDK of its time knows.
///
/// The catalogue says which messages and fields these are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Profile {
    /// 2019, the SDK's first readme: dial, end, visibility.
    #[serde(rename = "seed")]
    Seed,
    /// 2024, engagements; no inbound calls yet.
    #[serde(rename = "0.2")]
    V0_2,
    /// 2024, inbound calls.
    #[serde(rename = "0.5")]
    V0_5,
    /// Today.
    #[default]
    #[serde(rename = "0.9")]
    V0_9,
}

impl Profile {
    /// All profiles, oldest first.
    pub const ALL: [Self; 4] = [Self::Seed, Self::V0_2, Self::V0_5, Self::V0_9];

    /// The name in URLs and settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seed => "seed",
            Self::V0_2 => "0.2",
            Self::V0_5 => "0.5",
            Self::V0_9 => "0.9",
        }
    }

    /// What it is, in a few words.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::Seed => "The SDK's first readme (0.0.3): dial, end call, visibility",
            Self::V0_2 => "SDK 0.2.1: HubSpot creates and updates engagements",
            Self::V0_5 => "SDK 0.5.1: inbound calls and caller id",
            Self::V0_9 => "SDK 0.9.7: the newest",
        }
    }

    /// The profile of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The SDK version of its time.
    #[must_use]
    pub const fn version(self) -> Version {
        match self {
            Self::Seed => Version::new(0, 0, 3),
            Self::V0_2 => Version::new(0, 2, 1),
            Self::V0_5 => Version::new(0, 5, 1),
            Self::V0_9 => Version::new(0, 9, 7),
        }
    }

    /// Whether this generation of HubSpot sends this message.
    #[must_use]
    pub fn sends(self, kind: MessageType) -> bool {
        let spec = kind.spec();
        matches!(spec.direction, Direction::HostToWidget | Direction::Both)
            && spec.exists_in(self.version())
    }

    /// Whether this generation of HubSpot reacts to this message from the widget.
    #[must_use]
    pub fn knows(self, kind: MessageType) -> bool {
        kind.spec().exists_in(self.version())
    }

    /// Keeps only those fields of a message that this generation has. Fields that the catalogue
    /// does not have stay.
    #[must_use]
    pub fn only_its_fields(
        self,
        kind: MessageType,
        at: Location,
        mut fields: Map<String, Value>,
    ) -> Map<String, Value> {
        let first = |spec: &FieldSpec| {
            let name = spec.name.split(['.', '[']).next();
            name.unwrap_or_default().to_owned()
        };
        fields.retain(|name, _| {
            let mut rows = (kind.spec().fields.iter())
                .filter(|spec| spec.location == at && first(spec) == *name)
                .peekable();
            rows.peek().is_none() || rows.any(|spec| spec.since <= self.version())
        });
        fields
    }
}

/// Where the widget is in HubSpot's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// A window that floats over the record.
    #[default]
    Widget,
    /// A panel of the navigation bar: a frame of HubSpot's that contains the widget's frame.
    Remote,
    /// A browser window of its own.
    Window,
    /// In the navigation bar, and in a window of its own as well.
    Both,
}

impl Place {
    /// All places.
    pub const ALL: [Self; 4] = [Self::Widget, Self::Remote, Self::Window, Self::Both];

    /// Each frame's place; `iframeLocation` on the wire is its name.
    #[must_use]
    pub const fn frames(self) -> &'static [Self] {
        match self {
            Self::Widget => &[Self::Widget],
            Self::Remote => &[Self::Remote],
            Self::Window => &[Self::Window],
            Self::Both => &[Self::Remote, Self::Window],
        }
    }

    /// Whether one of the frames is in a window of its own, which outlives the pages of HubSpot's.
    #[must_use]
    pub const fn has_window(self) -> bool {
        matches!(self, Self::Window | Self::Both)
    }

    /// The name in addresses and settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Widget => "widget",
            Self::Remote => "remote",
            Self::Window => "window",
            Self::Both => "both",
        }
    }

    /// What it is, in a few words.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::Widget => "Floats over the record",
            Self::Remote => "In the navigation bar, in a frame of HubSpot's",
            Self::Window => "In a window of its own, the calling window",
            Self::Both => "In the navigation bar and in the calling window, at the same time",
        }
    }

    /// The place of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}
