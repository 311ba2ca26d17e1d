//! A ladder for the terminal.

use std::fmt::{self, Write};

use callscope_protocol::Side;

use callscope_session_view::columns;
use callscope_session_view::ladder::{Arrow, Ladder, Rung};

use super::{detail, finding, label};
use crate::style::{BOLD, DIM, GAP, INJECTED, Painted, paint, severity, side};
use crate::text::safe;
use crate::words;

/// Columns between the two sides.
const MIN_WIDTH: usize = 44;
/// Columns of the time before the host's side.
const TIME: usize = 14;

/// Draws a ladder.
pub(crate) fn draw(ladder: &Ladder, out: &mut impl Write) -> fmt::Result {
    let labels = ladder.rungs.iter().filter_map(|rung| match rung {
        Rung::Message(arrow) => Some(columns::width(&label(arrow)) + 8),
        _ => None,
    });
    let width = labels.max().unwrap_or(0).max(MIN_WIDTH);
    writeln!(out, "{}\n", paint(BOLD, safe(&ladder.title)))?;
    heading(ladder, width, out)?;
    for rung in &ladder.rungs {
        match rung {
            Rung::Heading(words) => {
                let words = paint(BOLD, safe(words));
                writeln!(out, "{:TIME$}│{:width$}│\n{:TIME$}│ {words}", "", "", "")?;
            }
            Rung::Message(it) => arrow(it, width, out)?,
            Rung::Remark { at, words, is_gap } => {
                let time = words::time_of_day(*at);
                let style = if *is_gap { GAP } else { DIM };
                writeln!(out, "{time:TIME$}┆ {}", paint(style, safe(words)))?;
            }
            Rung::Finding(mark) => {
                let words = paint(severity(mark.severity), finding(mark));
                writeln!(out, "{:TIME$}│ {words}", "")?;
            }
        }
    }
    Ok(())
}

fn heading(ladder: &Ladder, width: usize, out: &mut impl Write) -> fmt::Result {
    let host = format!("HubSpot {}", safe(&ladder.host));
    let widget = format!("widget {}", safe(&ladder.widget));
    let space = (width + 2)
        .saturating_sub(columns::width(&host) + columns::width(&widget))
        .max(2);
    writeln!(
        out,
        "{:TIME$}{}{:space$}{}",
        "",
        paint(side(Side::Host), host),
        "",
        paint(side(Side::Widget), widget)
    )
}

fn arrow(arrow: &Arrow, width: usize, out: &mut impl Write) -> fmt::Result {
    let label = label(arrow);
    let line = "─".repeat(width.saturating_sub(columns::width(&label) + 7));
    let style = if arrow.injected {
        INJECTED
    } else {
        side(arrow.from)
    };
    let picture: Painted<String> = match arrow.from {
        Side::Host => paint(style, format!(" ─ {label} {line}─▶ ")),
        Side::Widget => paint(style, format!(" ◀─{line} {label} ─ ")),
    };
    let time = words::time_of_day(arrow.at);
    let text = format!("{time:TIME$}│{picture}│ {}", detail(arrow));
    writeln!(out, "{}", text.trim_end())?;
    for mark in &arrow.findings {
        writeln!(
            out,
            "{:TIME$}│ {}",
            "",
            paint(severity(mark.severity), finding(mark))
        )?;
    }
    Ok(())
}
