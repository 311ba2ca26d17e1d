//! The groups of settings that can be reset.

use serde::{Deserialize, Serialize};

/// Groups of settings that are reset together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingGroup {
    /// How the page's messages are recorded and kept.
    Recording,
    /// The timeline's columns and time format.
    Columns,
    /// Whether exports are redacted.
    Export,
    /// How findings are grouped, and the size of the detail pane.
    Layout,
    /// The muted rules.
    Muted,
    /// The saved filters.
    Filters,
    /// The messages saved in Compose.
    Snippets,
}

impl SettingGroup {
    /// All groups, in the order shown.
    pub const ALL: [Self; 7] = [
        Self::Recording,
        Self::Columns,
        Self::Export,
        Self::Layout,
        Self::Muted,
        Self::Filters,
        Self::Snippets,
    ];

    /// The group's heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Recording => "Recording",
            Self::Columns => "Timeline",
            Self::Export => "Export",
            Self::Layout => "Layout",
            Self::Muted => "Muted rules",
            Self::Filters => "Saved filters",
            Self::Snippets => "Saved messages",
        }
    }

    /// The label of its reset button.
    #[must_use]
    pub const fn reset_label(self) -> &'static str {
        match self {
            Self::Recording => "Reset recording",
            Self::Columns => "Reset timeline",
            Self::Export => "Reset export",
            Self::Layout => "Reset layout",
            Self::Muted => "Unmute all",
            Self::Filters => "Remove all saved filters",
            Self::Snippets => "Remove all saved messages",
        }
    }

    /// What the reset did, for a notice.
    pub(crate) const fn done(self) -> &'static str {
        match self {
            Self::Recording => "Recording settings are back to their defaults",
            Self::Columns => "Columns and times are back to their defaults",
            Self::Export => "Exports are redacted by default again",
            Self::Layout => "The layout is back to its default",
            Self::Muted => "No rule is muted any more",
            Self::Filters => "Removed all saved filters",
            Self::Snippets => "Removed all saved messages",
        }
    }
}
