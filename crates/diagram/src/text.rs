//! A ladder for the terminal.

use std::fmt::{self, Write};

use callscope_protocol::Side;

use callscope_session_view::columns;
use callscope_session_view::ladder::{Arrow, Ladder, Rung};

use callscope_session_view::visible::visible as safe;

use super::{Ink, detail, finding, label, time_of_day};

/// Colors a piece of text.
type Paint<'a> = &'a dyn Fn(Ink, &str) -> String;

/// Columns between the two sides.
const MIN_WIDTH: usize = 44;
/// Columns of the time, to the left of the host's side.
const TIME: usize = 14;

/// Draws a ladder.
pub(crate) fn draw(ladder: &Ladder, paint: Paint<'_>, out: &mut impl Write) -> fmt::Result {
    let labels = ladder.rungs.iter().filter_map(|rung| match rung {
        Rung::Message(arrow) => Some(columns::width(&label(arrow)) + 8),
        _ => None,
    });
    let width = labels.max().unwrap_or(0).max(MIN_WIDTH);
    writeln!(out, "{}\n", paint(Ink::Title, &safe(&ladder.title)))?;
    heading(ladder, width, paint, out)?;
    for rung in &ladder.rungs {
        match rung {
            Rung::Heading(words) => {
                let words = paint(Ink::Title, &safe(words));
                writeln!(out, "{:TIME$}│{:width$}│\n{:TIME$}│ {words}", "", "", "")?;
            }
            Rung::Message(it) => arrow(it, width, paint, out)?,
            Rung::Remark { at, words, is_gap } => {
                let time = time_of_day(*at);
                let ink = if *is_gap { Ink::Gap } else { Ink::Weak };
                writeln!(out, "{time:TIME$}┆ {}", paint(ink, &safe(words)))?;
            }
            Rung::Finding(mark) => {
                let words = paint(Ink::Severity(mark.severity), &finding(mark));
                writeln!(out, "{:TIME$}│ {words}", "")?;
            }
        }
    }
    Ok(())
}

fn heading(ladder: &Ladder, width: usize, paint: Paint<'_>, out: &mut impl Write) -> fmt::Result {
    let host = format!("HubSpot {}", safe(&ladder.host));
    let widget = format!("widget {}", safe(&ladder.widget));
    let space = (width + 2)
        .saturating_sub(columns::width(&host) + columns::width(&widget))
        .max(2);
    writeln!(
        out,
        "{:TIME$}{}{:space$}{}",
        "",
        paint(Ink::Side(Side::Host), &host),
        "",
        paint(Ink::Side(Side::Widget), &widget)
    )
}

fn arrow(arrow: &Arrow, width: usize, paint: Paint<'_>, out: &mut impl Write) -> fmt::Result {
    let label = label(arrow);
    let line = "─".repeat(width.saturating_sub(columns::width(&label) + 7));
    let ink = if arrow.injected {
        Ink::Injected
    } else {
        Ink::Side(arrow.from)
    };
    let picture = match arrow.from {
        Side::Host => paint(ink, &format!(" ─ {label} {line}─▶ ")),
        Side::Widget => paint(ink, &format!(" ◀─{line} {label} ─ ")),
    };
    let time = time_of_day(arrow.at);
    let text = format!("{time:TIME$}│{picture}│ {}", detail(arrow));
    writeln!(out, "{}", text.trim_end())?;
    for mark in &arrow.findings {
        writeln!(
            out,
            "{:TIME$}│ {}",
            "",
            paint(Ink::Severity(mark.severity), &finding(mark))
        )?;
    }
    Ok(())
}
