//! Ladders as one SVG picture, readable on light and dark pages.

use std::borrow::Cow;
use std::fmt::{self, Write};

use callscope_protocol::{Severity, Side};
use callscope_session_view::colors::{DARK, LIGHT, Palette};

use callscope_session_view::columns;
use callscope_session_view::ladder::{Arrow, FindingMark, Ladder, Rung};
use callscope_session_view::visible::visible;

use callscope_reference::wrap;

use super::{detail, finding, label, time_of_day, xml};

/// Height of a line of text.
const LINE: u32 = 20;
/// The horizontal positions of the two sides.
const HOST_X: u32 = 120;
const WIDGET_X: u32 = 560;
/// The least and the most width of a picture: as wide as its texts, or these end in an ellipsis.
const LEAST_WIDTH: u32 = 1080;
const MOST_WIDTH: u32 = 1600;
/// The space at the edges.
const MARGIN: u32 = 12;
/// Findings are wrapped at this many columns.
const WRAP: usize = 76;

/// The rules that are the same on light and dark pages.
const STYLE: &str = "\
.ladder { font: 12px system-ui, sans-serif; }
.ladder text { paint-order: stroke; stroke-width: 4px; }
.ladder .mono { font-family: ui-monospace, monospace; }
.ladder .title { font-weight: 600; font-size: 13px; }";

/// The rules that set the colors.
fn colors(palette: &Palette, out: &mut impl Write) -> fmt::Result {
    let Palette {
        bg,
        text,
        weak,
        divider,
        warning,
        ..
    } = palette;
    writeln!(out, ".ladder {{ background: {bg}; }}")?;
    writeln!(out, ".ladder text {{ fill: {text}; stroke: {bg}; }}")?;
    writeln!(out, ".ladder .weak, .ladder .remark {{ fill: {weak}; }}")?;
    writeln!(out, ".ladder .life {{ stroke: {divider}; }}")?;
    let [host, widget] = [Side::Host, Side::Widget].map(|side| (side.name(), palette.side(side)));
    for (class, color) in [host, widget, ("injected", palette.injected)] {
        writeln!(
            out,
            ".ladder .{class} {{ stroke: {color}; }} .ladder text.{class}, \
             .ladder .head.{class} {{ fill: {color}; stroke: none; }}"
        )?;
    }
    for severity in Severity::ALL {
        let color = palette.severity(severity);
        writeln!(out, ".ladder .{severity} {{ fill: {color}; }}")?;
    }
    writeln!(out, ".ladder .gap {{ fill: {warning}; }}")
}

/// Draws ladders below each other.
pub(crate) fn draw(ladders: &[Ladder], out: &mut impl Write) -> fmt::Result {
    let mut body = Picture {
        out: String::new(),
        width: LEAST_WIDTH,
    };
    let mut y = 0;
    for ladder in ladders {
        y = draw_one(ladder, y, &mut body)?;
    }
    let Picture { out: body, width } = body;
    let height = y + LINE;
    let label = match ladders {
        [one] => xml(&one.title),
        _ => format!("{} conversations", ladders.len()),
    };
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ladder\" role=\"img\" \
         aria-label=\"Messages of {label}\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">\n<style>\n{STYLE}"
    )?;
    colors(&LIGHT, out)?;
    writeln!(out, "@media (prefers-color-scheme: dark) {{")?;
    colors(&DARK, out)?;
    writeln!(out, "}}\n</style>")?;
    out.write_str(&body)?;
    writeln!(out, "</svg>")
}

fn draw_one(ladder: &Ladder, top: u32, picture: &mut Picture) -> Result<u32, fmt::Error> {
    let mut y = top + LINE + 4;
    picture.text(MARGIN, y, "title", &ladder.title)?;
    y += LINE + 4;
    let host = format!("HubSpot {}", ladder.host);
    picture.centered(HOST_X, 2 * (HOST_X - MARGIN), y, "host", &host)?;
    let widget = format!("widget {}", ladder.widget);
    picture.centered(WIDGET_X, WIDGET_X - HOST_X, y, "widget", &widget)?;
    let start = y + 8;
    let outside = std::mem::take(&mut picture.out);
    for rung in &ladder.rungs {
        y += LINE;
        match rung {
            Rung::Heading(words) => {
                y += LINE / 2;
                picture.text(HOST_X + 10, y, "title", words)?;
            }
            Rung::Message(it) => y = arrow(picture, it, y)?,
            Rung::Remark { at, words, is_gap } => {
                picture.text(MARGIN, y, "weak mono", &time_of_day(*at))?;
                let class = if *is_gap { "gap" } else { "remark" };
                picture.text(HOST_X + 10, y, class, &format!("┄ {words}"))?;
            }
            Rung::Finding(mark) => y = wrapped(picture, mark, y)?,
        }
    }
    let lines = std::mem::replace(&mut picture.out, outside);
    let end = y + LINE / 2;
    for x in [HOST_X, WIDGET_X] {
        writeln!(
            picture.out,
            "<line class=\"life\" x1=\"{x}\" y1=\"{start}\" x2=\"{x}\" y2=\"{end}\"/>"
        )?;
    }
    picture.out.push_str(&lines);
    Ok(end + LINE)
}

fn arrow(picture: &mut Picture, arrow: &Arrow, y: u32) -> Result<u32, fmt::Error> {
    let class = match (arrow.injected, arrow.from) {
        (true, _) => "injected",
        (false, Side::Host) => "host",
        (false, Side::Widget) => "widget",
    };
    picture.text(MARGIN, y, "weak mono", &time_of_day(arrow.at))?;
    let (middle, between) = (u32::midpoint(HOST_X, WIDGET_X), WIDGET_X - HOST_X);
    picture.centered(middle, between, y, "mono", &label(arrow))?;
    let shaft = y + 5;
    let (from, to, back) = match arrow.from {
        Side::Host => (HOST_X, WIDGET_X, WIDGET_X - 8),
        Side::Widget => (WIDGET_X, HOST_X, HOST_X + 8),
    };
    writeln!(
        picture.out,
        "<line class=\"{class}\" x1=\"{from}\" y1=\"{shaft}\" x2=\"{back}\" y2=\"{shaft}\"/>"
    )?;
    writeln!(
        picture.out,
        "<path class=\"head {class}\" d=\"M{to} {shaft}L{back} {}L{back} {}Z\"/>",
        shaft - 4,
        shaft + 4
    )?;
    picture.text(WIDGET_X + MARGIN, shaft, "weak", &detail(arrow))?;
    let mut y = shaft;
    for mark in &arrow.findings {
        y = wrapped(picture, mark, y + LINE - 2)?;
    }
    Ok(y)
}

/// Draws a finding from this line on; returns the last one's place.
fn wrapped(picture: &mut Picture, mark: &FindingMark, mut y: u32) -> Result<u32, fmt::Error> {
    for (index, line) in wrap(&finding(mark), WRAP).into_iter().enumerate() {
        if index > 0 {
            y += LINE - 4;
        }
        picture.text(HOST_X + 10, y, mark.severity.name(), &line)?;
    }
    Ok(y)
}

/// What is drawn, and how wide it is.
struct Picture {
    out: String,
    width: u32,
}

impl Picture {
    /// Draws a text from `x` on.
    fn text(&mut self, x: u32, y: u32, class: &str, words: &str) -> fmt::Result {
        let words = cut_to(words, MOST_WIDTH - MARGIN - x);
        self.width = self.width.max(x + width_of(&words) + MARGIN);
        self.put(&format!("x=\"{x}\""), y, class, &words)
    }

    /// Draws a text around `x`, within this width.
    fn centered(&mut self, x: u32, room: u32, y: u32, class: &str, words: &str) -> fmt::Result {
        let place = format!("x=\"{x}\" text-anchor=\"middle\"");
        self.put(&place, y, class, &cut_to(words, room))
    }

    fn put(&mut self, place: &str, y: u32, class: &str, words: &str) -> fmt::Result {
        if words.is_empty() {
            return Ok(());
        }
        let words = xml(words);
        writeln!(
            self.out,
            "<text class=\"{class}\" y=\"{y}\" {place}>{words}</text>"
        )
    }
}

/// The most width of a text. The reader's font is unknown: these are the widths of a wide one.
fn width_of(words: &str) -> u32 {
    let widths = words.chars().map(|it| match it {
        ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | 'i' | 'l' | 'j' | 'I' => 5,
        '-' | '/' | '(' | ')' | 'f' | 't' | 'r' => 6,
        'm' | 'w' | '@' | '%' | '…' => 12,
        'A'..='Z' | '+' | '=' | '<' | '>' | '×' | '→' => 9,
        it if it.is_ascii() => 8,
        it => 12 * u32::try_from(columns::width(it.encode_utf8(&mut [0; 4]))).unwrap_or(1),
    });
    widths.sum()
}

/// The text, cut until it is at most this wide.
fn cut_to(words: &str, room: u32) -> Cow<'_, str> {
    let words = visible(words);
    let mut limit = columns::width(&words);
    let mut cut = Cow::Borrowed(&*words);
    while width_of(&cut) > room && limit > 1 {
        // Nothing is wider than twice the usual.
        let over = width_of(&cut) - room;
        limit -= (over as usize / 24).clamp(1, limit - 1);
        cut = columns::cut(&words, limit);
    }
    Cow::Owned(cut.into_owned())
}

#[cfg(test)]
mod tests {
    use callscope_protocol::{Answer, ConversationId, MessageType, Millis};

    use super::*;
    use crate::{Format, write};

    const ID: &str = "3525927e-e07a-4f26-9b44-b39d5a524edf";

    fn ended() -> Arrow {
        Arrow {
            id: 1,
            seq: 1,
            at: Millis(0.0),
            from: Side::Widget,
            type_name: "CALL_ENDED".to_owned(),
            summary: format!("INTERNAL_COMPLETED · engagement 18000887128 · call {ID}"),
            injected: false,
            answers: Some(Answer {
                request: 0,
                request_type: Some(MessageType::EndCall),
                answer_type: MessageType::CallEnded,
                latency: Millis(9.0),
            }),
            run: None,
            findings: Vec::new(),
        }
    }

    /// An id that is cut in one line and not in another cannot be searched for.
    #[test]
    fn ids_are_whole_and_the_picture_is_as_wide_as_they_need() {
        let rungs = [format!("call {ID}"), ended().summary]
            .map(|summary| Rung::Message(Arrow { summary, ..ended() }));
        let ladder = Ladder {
            conversation: ConversationId(1),
            title: "conversation 1".to_owned(),
            host: "app.hubspot.com".to_owned(),
            widget: "localhost:9025".to_owned(),
            rungs: rungs.into(),
        };
        for format in Format::ALL {
            let text = write(std::slice::from_ref(&ladder), format);
            assert_eq!(text.matches(ID).count(), 2, "{text}");
            assert!(!text.contains('…'), "{text}");
        }
        let text = write(&[ladder], Format::Svg);
        let wide = text
            .split("width=\"")
            .nth(1)
            .and_then(|it| it.split('"').next());
        let wide: u32 = wide.unwrap().parse().unwrap();
        let needed = WIDGET_X + MARGIN + width_of(&detail(&ended())) + MARGIN;
        assert_eq!(wide, needed);
        assert!(needed > LEAST_WIDTH);
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        for words in ["CALL_ENDED ".repeat(40), "漢字".repeat(90), "m".repeat(500)] {
            for room in [30, 200, 900] {
                let cut = cut_to(&words, room);
                assert!(cut.ends_with('…') && width_of(&cut) <= room, "{cut}");
                assert!(width_of(&cut) + 60 > room, "{cut} leaves room in {room}");
            }
        }
        assert_eq!(cut_to("CALL_ENDED", 200), "CALL_ENDED");
    }
}
