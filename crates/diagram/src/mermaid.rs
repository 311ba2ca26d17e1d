//! A ladder as a Mermaid sequence diagram, which GitHub draws in issues and documents.

use std::fmt::{self, Write};

use callscope_protocol::Side;

use callscope_session_view::ladder::{Ladder, Rung};

use callscope_session_view::visible::visible as safe;

use super::{details, finding, label};

/// Draws a ladder.
pub(crate) fn draw(ladder: &Ladder, out: &mut impl Write) -> fmt::Result {
    writeln!(out, "sequenceDiagram")?;
    writeln!(
        out,
        "    participant H as HubSpot<br/>{}",
        text(&ladder.host)
    )?;
    writeln!(
        out,
        "    participant W as Widget<br/>{}",
        text(&ladder.widget)
    )?;
    for rung in &ladder.rungs {
        match rung {
            Rung::Heading(words) => {
                writeln!(out, "    Note over H,W: {}", text(words))?;
            }
            Rung::Message(arrow) => {
                let (direction, place) = match arrow.from {
                    Side::Host => ("H->>W", "left of H"),
                    Side::Widget => ("W->>H", "right of W"),
                };
                write!(out, "    {direction}: {}", text(&label(arrow)))?;
                for detail in details(arrow) {
                    write!(out, "<br/>{}", text(&detail))?;
                }
                writeln!(out)?;
                for mark in &arrow.findings {
                    writeln!(out, "    Note {place}: {}", text(&finding(mark)))?;
                }
            }
            Rung::Remark { words, .. } => writeln!(out, "    Note over H,W: {}", text(words))?,
            Rung::Finding(mark) => {
                writeln!(out, "    Note over H,W: {}", text(&finding(mark)))?;
            }
        }
    }
    Ok(())
}

/// Text that is safe to print and that Mermaid does not interpret: its entities begin with `#`, its
/// statements end with `;`, `%%` begins a comment, and it reads some markup.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in safe(text).chars() {
        match character {
            '#' | ';' | '<' | '>' | '&' | '"' | '%' | '`' | '\\' | '{' | '}' | '[' | ']' | '$'
            | '*' => {
                out.push('#');
                out.push_str(&u32::from(character).to_string());
                out.push(';');
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(
            text("a;b #1 <img> CALL_ENDED"),
            "a#59;b #35;1 #60;img#62; CALL_ENDED"
        );
    }
}
