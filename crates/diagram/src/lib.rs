//! The ladder of a session as text, as a Mermaid diagram and as an SVG picture, for `callscope
//! diagram` and for what the panel saves.
//!
//! [`callscope_session_view::ladder`] decides which rungs there are; here their words are cut to
//! fit into a picture, and escaped.

mod mermaid;
mod svg;
mod text;

use std::fmt;

use callscope_protocol::{Millis, Severity, Side};
use callscope_session_view::columns;
use callscope_session_view::ladder::{Arrow, FindingMark, Ladder};
use callscope_session_view::visible::visible;
use callscope_session_view::words::{self, UtcOffset};

pub use callscope_reference::mark;

/// How a ladder is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a terminal, or as text in an e-mail.
    Text,
    /// A Mermaid sequence diagram, which GitHub draws in issues and documents.
    Mermaid,
    /// A picture, readable on light and dark pages.
    Svg,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Svg, Self::Mermaid, Self::Text];

    /// The file extension of this format.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Mermaid => "mmd",
            Self::Svg => "svg",
        }
    }

    /// Its usual name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Mermaid => "Mermaid",
            Self::Svg => "SVG",
        }
    }
}

/// What a piece of a text ladder is, so that the caller can color it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// The name of a conversation or of a call.
    Title,
    /// What this side sent, and the side's name.
    Side(Side),
    /// What Callscope posted.
    Injected,
    /// A finding.
    Severity(Severity),
    /// Messages are missing.
    Gap,
    /// Secondary text.
    Weak,
}

/// Text without colors.
#[must_use]
pub fn plain(_: Ink, text: &str) -> String {
    text.to_owned()
}

/// Writes ladders one after another as text; `paint` colors the pieces.
#[must_use]
pub fn text(ladders: &[Ladder], paint: &dyn Fn(Ink, &str) -> String) -> String {
    let mut out = String::new();
    for (index, ladder) in ladders.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        written(text::draw(ladder, paint, &mut out));
    }
    out
}

/// Writes one ladder as a Mermaid diagram.
#[must_use]
pub fn mermaid(ladder: &Ladder) -> String {
    let mut out = String::new();
    written(mermaid::draw(ladder, &mut out));
    out
}

/// Writes ladders as Mermaid diagrams in Markdown fences, which a Markdown file requires and which
/// separate several diagrams in one file.
#[must_use]
pub fn fenced_mermaid(ladders: &[Ladder]) -> String {
    let fenced = ladders.iter();
    let fenced = fenced.map(|ladder| format!("```mermaid\n{}```\n\n", mermaid(ladder)));
    fenced.collect()
}

/// Draws ladders below each other as one SVG picture.
#[must_use]
pub fn svg(ladders: &[Ladder]) -> String {
    let mut out = String::new();
    written(svg::draw(ladders, &mut out));
    out
}

/// Writes ladders in a format, without colors if it is text.
#[must_use]
pub fn write(ladders: &[Ladder], format: Format) -> String {
    match (format, ladders) {
        (Format::Text, _) => text(ladders, &plain),
        (Format::Mermaid, [one]) => mermaid(one),
        (Format::Mermaid, _) => fenced_mermaid(ladders),
        (Format::Svg, _) => svg(ladders),
    }
}

/// Escapes text for XML and HTML; characters that XML cannot represent are escaped as everywhere
/// else.
#[must_use]
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 forbids them.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

/// Writing to a `String` never fails.
fn written(result: fmt::Result) {
    debug_assert!(result.is_ok(), "a String does not fail");
}

/// The widest summary, in columns. Those of the SDK's messages fit with all ids in full, so that an
/// id looks the same wherever it stands.
const MAX_SUMMARY: usize = 120;
/// The widest type; it has to fit on its arrow.
const MAX_TYPE: usize = 37;

/// The text above an arrow: the type, with "×40" for a run, and "(injected)"; safe to print.
fn label(arrow: &Arrow) -> String {
    let mut label = columns::short(&arrow.type_name, MAX_TYPE).into_owned();
    if let Some(run) = &arrow.run {
        label.push_str(" ×");
        label.push_str(&words::count(run.count));
    }
    if arrow.injected {
        label.push_str(" (injected)");
    }
    label
}

/// The texts beside an arrow: the summary, if any, and what it answers, or the duration of a run;
/// safe to print.
fn details(arrow: &Arrow) -> impl Iterator<Item = String> {
    let summary = match &arrow.run {
        Some(_) => "".into(),
        None => columns::short(&arrow.summary, MAX_SUMMARY),
    };
    let summary = Some(summary.into_owned()).filter(|it| !it.is_empty());
    summary.into_iter().chain(arrow.remark())
}

/// The [`details`] on one line.
fn detail(arrow: &Arrow) -> String {
    details(arrow).collect::<Vec<_>>().join(" · ")
}

/// Mark, code and message of a finding: "✕ M14 …", safe to print.
fn finding(finding: &FindingMark) -> String {
    let mark = mark(finding.severity);
    format!("{mark} {} {}", finding.code, visible(&finding.message))
}

/// The time of day in UTC, because a file may be read in another time zone.
fn time_of_day(at: Millis) -> String {
    UtcOffset::UTC.time_of_day(at)
}
