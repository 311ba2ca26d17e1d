//! Prints pages of the reference on a terminal.

use std::io::{self, Write as _};

use callscope_reference::{Block, Fact, FieldRow, Page, Role, rows};

use crate::output::Output;
use crate::style::{self, BOLD, DIM, paint};
use crate::words;

/// The blanks before a row of an example.
const INDENT: usize = 2;

/// Prints a page in lines of at most `width` characters, unless a word is longer.
pub(crate) fn print(page: &Page, width: usize, out: &mut Output) -> io::Result<()> {
    let Page {
        name,
        title,
        blocks,
    } = page;
    writeln!(out, "{}  {title}", paint(BOLD, name))?;
    for block in blocks {
        writeln!(out)?;
        match block {
            Block::Paragraph(text) => {
                for line in words::wrap(text, width) {
                    writeln!(out, "{line}")?;
                }
            }
            Block::Facts(facts) => print_facts(facts, width, out)?,
            Block::Fields(fields) => print_fields(fields, width, out)?,
            Block::Example { title, lines } => {
                writeln!(out, "{}", paint(BOLD, title))?;
                for row in rows(lines, width - INDENT) {
                    write!(out, "{:INDENT$}", "")?;
                    for (role, text) in row {
                        let style = match role {
                            Role::Margin => DIM,
                            Role::Sender(side) => style::side(side),
                            Role::Finding(severity) => style::severity(severity),
                            Role::Text => {
                                write!(out, "{text}")?;
                                continue;
                            }
                        };
                        write!(out, "{}", paint(style, text))?;
                    }
                    writeln!(out)?;
                }
            }
        }
    }
    Ok(())
}

fn print_facts(facts: &[Fact], width: usize, out: &mut Output) -> io::Result<()> {
    let label_width = facts.iter().map(|it| it.label.len()).max().unwrap_or(0);
    for Fact { label, text } in facts {
        let text_width = width.saturating_sub(label_width + 2);
        for (index, line) in words::wrap(text, text_width).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            let label = format!("{label:>label_width$}");
            writeln!(out, "{}  {line}", paint(DIM, label))?;
        }
    }
    Ok(())
}

fn print_fields(fields: &[FieldRow], width: usize, out: &mut Output) -> io::Result<()> {
    writeln!(out, "{}", paint(BOLD, "Fields"))?;
    for FieldRow {
        path,
        ty,
        required,
        versions,
        note,
    } in fields
    {
        let facts = format!("{ty}, {required}, {}", sdk(versions));
        let indent = 2 * INDENT;
        writeln!(out, "{:INDENT$}{path}", "")?;
        for line in words::wrap(&facts, width - indent) {
            writeln!(out, "{:indent$}{line}", "")?;
        }
        for line in words::wrap(note, width - indent) {
            if !line.is_empty() {
                writeln!(out, "{:indent$}{}", "", paint(DIM, line))?;
            }
        }
    }
    Ok(())
}

fn sdk(versions: &str) -> String {
    if versions == "all" {
        "every SDK".to_owned()
    } else {
        format!("SDK {versions}")
    }
}
