//! Ladders as one SVG picture, readable on light and dark pages.

use std::fmt::{self, Write};

use callscope_protocol::{Severity, Side};
use callscope_session_view::colors::{DARK, LIGHT, Palette};

use callscope_session_view::ladder::{Arrow, Ladder, Rung};

use callscope_reference::wrap;

use super::{detail, finding, label, time_of_day, xml};

/// Height of a line of text.
const LINE: u32 = 20;
/// The horizontal positions of the two sides.
const HOST_X: u32 = 120;
const WIDGET_X: u32 = 560;
const WIDTH: u32 = 1080;

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
    let mut body = String::new();
    let mut y = 0;
    for ladder in ladders {
        y = draw_one(ladder, y, &mut body)?;
    }
    let height = y + LINE;
    let label = match ladders {
        [one] => xml(&one.title),
        _ => format!("{} conversations", ladders.len()),
    };
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ladder\" role=\"img\" \
         aria-label=\"Messages of {label}\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\">\n<style>\n{STYLE}"
    )?;
    colors(&LIGHT, out)?;
    writeln!(out, "@media (prefers-color-scheme: dark) {{")?;
    colors(&DARK, out)?;
    writeln!(out, "}}\n</style>")?;
    out.write_str(&body)?;
    writeln!(out, "</svg>")
}

fn draw_one(ladder: &Ladder, top: u32, out: &mut String) -> Result<u32, fmt::Error> {
    let mut y = top + LINE + 4;
    text(out, 12, y, "title", &ladder.title)?;
    y += LINE + 4;
    centered(out, HOST_X, y, "host", &format!("HubSpot {}", ladder.host))?;
    centered(
        out,
        WIDGET_X,
        y,
        "widget",
        &format!("widget {}", ladder.widget),
    )?;
    let start = y + 8;
    let mut lines = String::new();
    for rung in &ladder.rungs {
        y += LINE;
        match rung {
            Rung::Heading(words) => {
                y += LINE / 2;
                text(&mut lines, HOST_X + 10, y, "title", words)?;
            }
            Rung::Message(it) => y = arrow(&mut lines, it, y)?,
            Rung::Remark { at, words, is_gap } => {
                text(&mut lines, 12, y, "weak mono", &time_of_day(*at))?;
                let class = if *is_gap { "gap" } else { "remark" };
                text(&mut lines, HOST_X + 10, y, class, &format!("┄ {words}"))?;
            }
            Rung::Finding(mark) => {
                text(
                    &mut lines,
                    HOST_X + 10,
                    y,
                    mark.severity.name(),
                    &finding(mark),
                )?;
            }
        }
    }
    let end = y + LINE / 2;
    for x in [HOST_X, WIDGET_X] {
        writeln!(
            out,
            "<line class=\"life\" x1=\"{x}\" y1=\"{start}\" x2=\"{x}\" y2=\"{end}\"/>"
        )?;
    }
    out.push_str(&lines);
    Ok(end + LINE)
}

fn arrow(out: &mut String, arrow: &Arrow, y: u32) -> Result<u32, fmt::Error> {
    let class = match (arrow.injected, arrow.from) {
        (true, _) => "injected",
        (false, Side::Host) => "host",
        (false, Side::Widget) => "widget",
    };
    text(out, 12, y, "weak mono", &time_of_day(arrow.at))?;
    let middle = u32::midpoint(HOST_X, WIDGET_X);
    centered(out, middle, y, "mono", &label(arrow))?;
    let shaft = y + 5;
    let (from, to, back) = match arrow.from {
        Side::Host => (HOST_X, WIDGET_X, WIDGET_X - 8),
        Side::Widget => (WIDGET_X, HOST_X, HOST_X + 8),
    };
    writeln!(
        out,
        "<line class=\"{class}\" x1=\"{from}\" y1=\"{shaft}\" x2=\"{back}\" y2=\"{shaft}\"/>"
    )?;
    writeln!(
        out,
        "<path class=\"head {class}\" d=\"M{to} {shaft}L{back} {}L{back} {}Z\"/>",
        shaft - 4,
        shaft + 4
    )?;
    text(out, WIDGET_X + 12, shaft, "weak", &detail(arrow))?;
    let mut y = shaft;
    for mark in &arrow.findings {
        let style = mark.severity.name();
        for (index, line) in wrap(&finding(mark), 76).into_iter().enumerate() {
            y += if index == 0 { LINE - 2 } else { LINE - 4 };
            text(out, HOST_X + 10, y, style, &line)?;
        }
    }
    Ok(y)
}

fn text(out: &mut String, x: u32, y: u32, class: &str, words: &str) -> fmt::Result {
    if words.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>",
        xml(words)
    )
}

fn centered(out: &mut String, x: u32, y: u32, class: &str, words: &str) -> fmt::Result {
    writeln!(
        out,
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{}</text>",
        xml(words)
    )
}
