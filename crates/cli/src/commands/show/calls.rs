//! The calls of a session as a table.

use std::io::{self, Write as _};

use callscope_session_view::calls::{CallRow, table};
use callscope_session_view::{SessionView, columns};

use crate::output::Output;
use crate::style::{BOLD, DIM, paint, severity};
use crate::words;

/// Longer texts are cut to keep the columns.
const MAX_TEXT: usize = 32;

/// A column's heading, and its text for a call.
type Column = (&'static str, fn(&CallRow) -> String);

const COLUMNS: [Column; 9] = [
    ("call", |row| row.name.clone()),
    ("began", |row| words::time_of_day(row.at)),
    ("direction", |row| row.direction_word().to_owned()),
    ("numbers", |row| row.numbers().unwrap_or_default()),
    ("ringing", CallRow::ringing_words),
    ("talking", CallRow::talking_words),
    ("state", CallRow::state),
    ("engagement", CallRow::engagement_words),
    ("answers", |row| row.latency().unwrap_or_default()),
];

/// Prints the calls that the filter shows.
pub(super) fn print(whole: &SessionView, findings: bool, out: &mut Output) -> io::Result<()> {
    let facts = whole.session().facts();
    let table = table(whole, facts.last().map(|last| last.fact.at()));
    let cells: Vec<[String; COLUMNS.len()]> = table
        .rows
        .iter()
        .map(|row| COLUMNS.map(|(_, cell)| columns::cut(&cell(row), MAX_TEXT).into_owned()))
        .collect();
    let mut widths = COLUMNS.map(|(head, _)| columns::width(head));
    for (index, width) in widths.iter_mut().enumerate() {
        let widest = cells
            .iter()
            .map(|cells| columns::width(&cells[index]))
            .max();
        *width = widest.unwrap_or(0).max(*width);
    }
    let line = |cells: &[String]| -> String {
        let padded = cells.iter().zip(widths);
        let padded = padded.map(|(cell, width)| columns::pad(cell, width));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    if table.rows.is_empty() {
        writeln!(out, "No calls")?;
    } else {
        let heads = COLUMNS.map(|(head, _)| head.to_owned());
        writeln!(out, "{}", paint(DIM, line(&heads)))?;
    }
    for (row, cells) in table.rows.iter().zip(&cells) {
        writeln!(out, "{}", line(cells))?;
        if let Some(id) = &row.external_call_id {
            writeln!(out, "  {} {id}", paint(DIM, "externalCallId"))?;
        }
        if let Some((level, ..)) = row.finding.as_ref().filter(|_| findings) {
            let words = row.finding_words().unwrap_or_default();
            let words = format!("{} {words}", words::mark(*level));
            writeln!(out, "  {}", paint(severity(*level), words))?;
        }
    }
    if table.hidden > 0 {
        let hidden = words::counted(table.hidden, "call");
        let words = format!("{hidden} hidden by the filter");
        writeln!(out, "{}", paint(BOLD, words))?;
    }
    Ok(())
}
