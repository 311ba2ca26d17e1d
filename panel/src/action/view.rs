//! What the panel can show: its views, what lies over them, and another session beside its own.

use serde::{Deserialize, Serialize};

/// A view of the panel, one per tab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// Messages in session order.
    #[default]
    Timeline,
    /// Messages as arrows between lifelines.
    Ladder,
    /// The calls, and how long answers took.
    Calls,
    /// What is wrong.
    Findings,
    /// The state machines of a conversation.
    State,
    /// Send a message.
    Compose,
    /// Run scenarios with the simulator's widget.
    Scenarios,
    /// Set the `LocalSettings` override.
    Overrides,
}

impl View {
    /// All views, in tab order.
    pub const ALL: [Self; 8] = [
        Self::Timeline,
        Self::Ladder,
        Self::Calls,
        Self::Findings,
        Self::State,
        Self::Compose,
        Self::Scenarios,
        Self::Overrides,
    ];

    /// The tab's label.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Timeline => "Timeline",
            Self::Ladder => "Ladder",
            Self::Calls => "Calls",
            Self::Findings => "Findings",
            Self::State => "State",
            Self::Compose => "Compose",
            Self::Scenarios => "Scenarios",
            Self::Overrides => "Overrides",
        }
    }

    /// What the view is for.
    #[must_use]
    pub const fn tooltip(self) -> &'static str {
        match self {
            Self::Timeline => "Every message between HubSpot and the widget",
            Self::Ladder => "Who says what to whom: arrows between HubSpot and the widget",
            Self::Calls => "Each call in one row, two side by side, and how long answers took",
            Self::Findings => "What is wrong in this session, the worst first",
            Self::State => {
                "What the link, the log-in and the call are at a message, and what may come there"
            }
            Self::Compose => "Send any message, as HubSpot or the widget would",
            Self::Scenarios => "Play a scenario with the widget in the simulator, step by step",
            Self::Overrides => "Load another widget through HubSpot's local settings",
        }
    }

    /// Whether the view shows the details of the selected message beside the list.
    #[must_use]
    pub const fn has_detail(self) -> bool {
        matches!(
            self,
            Self::Timeline | Self::Ladder | Self::Calls | Self::Findings | Self::State
        )
    }
}

/// What can be shown over the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Overlay {
    /// The command palette.
    Commands,
    /// The list of keyboard shortcuts.
    Keys,
    /// The settings that the panel remembers.
    Settings,
}

/// A session that the shown one can be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtherSession {
    /// The live session.
    Live,
    /// The saved session that was shown before.
    Before,
}
