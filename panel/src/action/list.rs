//! How the selection moves in a list, and what a list folds.

use serde::{Deserialize, Serialize};

/// How far the selection moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    /// One row up.
    Previous,
    /// One row down.
    Next,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// The first row.
    First,
    /// The last row.
    Last,
}

impl Move {
    /// All moves.
    pub const ALL: [Self; 6] = [
        Self::Previous,
        Self::Next,
        Self::PageUp,
        Self::PageDown,
        Self::First,
        Self::Last,
    ];

    /// The move in words, for the list of keys.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Previous => "One row up",
            Self::Next => "One row down",
            Self::PageUp => "A page up",
            Self::PageDown => "A page down",
            Self::First => "First row",
            Self::Last => "Last row",
        }
    }

    /// The row that the move leads to from row `at`, in a list with last row `last` that shows
    /// `page` rows at a time.
    pub(crate) fn from(self, at: Option<usize>, last: usize, page: usize) -> usize {
        let page = page.saturating_sub(1).max(1);
        match (at, self) {
            (_, Self::First) | (None, Self::Next | Self::PageDown) => 0,
            (_, Self::Last) | (None, Self::Previous | Self::PageUp) => last,
            (Some(at), Self::Previous) => at.saturating_sub(1),
            (Some(at), Self::Next) => (at + 1).min(last),
            (Some(at), Self::PageUp) => at.saturating_sub(page),
            (Some(at), Self::PageDown) => (at + page).min(last),
        }
    }
}

/// Something that can be folded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    tag = "what",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Fold {
    /// A run of messages of one type.
    Run {
        /// The id of its first message.
        id: u64,
    },
    /// A section of the detail pane.
    Section {
        /// The section's title.
        title: String,
    },
    /// A value in the JSON tree.
    Json {
        /// Its path, such as `data.calleeInfo`.
        path: String,
    },
    /// The findings under a heading.
    Findings {
        /// The heading.
        name: String,
    },
}
