//! What leaves the panel, and in which form: exports, saved ladders, copies.

use serde::{Deserialize, Serialize};

/// What to export, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExportChoice {
    /// The part of the session.
    pub part: ExportPart,
    /// The format.
    pub format: ExportFormat,
    /// Whether names, phone numbers and ids are replaced.
    pub redacted: bool,
    /// The file name; empty for one made from the date and time.
    pub name: String,
}

impl Default for ExportChoice {
    fn default() -> Self {
        Self {
            part: ExportPart::default(),
            format: ExportFormat::default(),
            redacted: true,
            name: String::new(),
        }
    }
}

/// A part of a session that can be exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportPart {
    /// The whole session.
    #[default]
    Whole,
    /// The messages that the filter shows.
    Shown,
    /// The call that is followed, or the one that the selected message belongs to.
    Call,
    /// The selected messages.
    Selected,
}

/// The formats in which a session can be exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportFormat {
    /// A log, which can be opened here and checked with `callscope`.
    #[default]
    Log,
    /// A report in HTML.
    Html,
    /// A report in Markdown.
    Markdown,
    /// The ladder as an SVG picture.
    Svg,
    /// The ladder as a Mermaid diagram.
    Mermaid,
    /// The ladder as text.
    Text,
}

impl ExportFormat {
    /// All formats, in the order offered.
    pub const ALL: [Self; 6] = [
        Self::Log,
        Self::Markdown,
        Self::Html,
        Self::Svg,
        Self::Mermaid,
        Self::Text,
    ];

    /// The format's name, as shown.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Log => "Session log",
            Self::Html => "HTML report",
            Self::Markdown => "Markdown report",
            Self::Svg => "SVG ladder",
            Self::Mermaid => "Mermaid ladder",
            Self::Text => "Text ladder",
        }
    }

    /// What the format is good for.
    #[must_use]
    pub const fn tooltip(self) -> &'static str {
        match self {
            Self::Log => "A .callscope.jsonl file: Import opens it, callscope check judges it",
            Self::Html => "One page with findings, ladder and timeline, as of callscope report",
            Self::Markdown => "The same, to paste into an issue",
            Self::Svg => "A picture of who said what to whom",
            Self::Mermaid => "A sequence diagram that GitHub draws",
            Self::Text => "For a terminal or an e-mail, as of callscope diagram",
        }
    }

    /// The file name extension.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Log => ".callscope.jsonl",
            Self::Html => ".html",
            Self::Markdown => ".md",
            Self::Svg => ".svg",
            Self::Mermaid => ".mmd",
            Self::Text => ".txt",
        }
    }

    /// Whether it is a drawing of the ladder.
    #[must_use]
    pub const fn is_ladder(self) -> bool {
        matches!(self, Self::Svg | Self::Mermaid | Self::Text)
    }
}

/// The forms in which selected messages can be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopyAs {
    /// As recorded; several as an array with one per line.
    Json,
    /// The cells of their rows, separated by tabs.
    Rows,
    /// SDK calls that send them, or handlers that receive them.
    Code,
    /// Console lines that post them again.
    Console,
}

/// The forms in which a part of a message can be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Its value; for a string, the text itself.
    Value,
    /// Its path, as code would write it.
    Path,
    /// Its value as pretty-printed JSON.
    Json,
    /// Its value as the page wrote it.
    Raw,
}
