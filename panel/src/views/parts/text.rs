//! Texts: one line, a few lines, running text.

use std::borrow::Cow;
use std::sync::Arc;

use callscope_session_view::columns;
use callscope_session_view::short_type::short_type;
use callscope_session_view::visible::{self, sentence};
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{
    Align2, Color32, FontId, Galley, Painter, Pos2, Rect, Response, RichText, Role, Sense, Ui, Vec2,
};

use super::is_low;
use crate::icons::Icon;
use crate::theme::{self, size};

/// Draws running text that wraps before its lines get too long to read.
pub(crate) fn prose_ui(ui: &mut Ui, text: impl Into<egui::WidgetText>) -> Response {
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width().min(size::PROSE));
        ui.add(egui::Label::new(text).wrap())
    })
    .inner
}

/// One line of text, laid out.
pub(crate) fn galley(ui: &Ui, text: &str, font: FontId, color: Color32) -> Arc<Galley> {
    ui.painter().layout_no_wrap(one_line(text), font, color)
}

/// One line of text, truncated with an ellipsis if it does not fit.
pub(crate) fn cut_galley(
    ui: &Ui,
    text: &str,
    font: FontId,
    color: Color32,
    width: f32,
) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(one_line(text), TextFormat::simple(font, color));
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}

/// Paints a text; returns its place.
pub(crate) fn place(painter: &Painter, at: Pos2, anchor: Align2, galley: Arc<Galley>) -> Rect {
    let rect = anchor.anchor_size(at, galley.size());
    painter.galley(rect.min.round(), galley, Color32::PLACEHOLDER);
    rect
}

/// The width of a line of body text.
pub(crate) fn text_width(ui: &Ui, text: &str) -> f32 {
    galley(ui, text, theme::body(), Color32::PLACEHOLDER)
        .size()
        .x
}

/// Draws wrapping text in a bar, with a limited number of lines; the tooltip has the whole text.
pub(crate) fn lines_ui(ui: &mut Ui, text: &str, color: Color32) -> Response {
    limited_lines_ui(ui, &[(text, color)], most_lines(ui))
}

/// The most lines of a text in a bar.
pub(crate) fn most_lines(ui: &Ui) -> usize {
    if is_low(ui) { 1 } else { 4 }
}

/// Like [`lines_ui`], in several colors, with this many lines.
pub(crate) fn limited_lines_ui(
    ui: &mut Ui,
    parts: &[(&str, Color32)],
    most_lines: usize,
) -> Response {
    let mut job = LayoutJob::default();
    let mut is_long = false;
    let width = ui.available_width();
    for (index, (text, color)) in parts.iter().enumerate() {
        let space = if index == 0 { "" } else { " " };
        let text = format!("{space}{}", visible::visible(text));
        is_long |= has_too_long_words(ui, &text, width);
        job.append(&text, 0.0, TextFormat::simple(theme::body(), *color));
    }
    job.wrap = TextWrapping {
        max_width: width,
        max_rows: most_lines,
        // A single line holds more if it may be cut off within a word.
        break_anywhere: most_lines == 1 || is_long,
        ..TextWrapping::default()
    };
    let galley = ui.painter().layout_job(job);
    ui.add(egui::Label::new(galley))
}

/// Draws a heading.
pub(crate) fn heading_ui(ui: &mut Ui, text: impl Into<String>) -> Response {
    let text = text.into();
    let response = ui.label(RichText::new(&text).heading());
    ui.ctx().accesskit_node_builder(response.id, |it| {
        it.set_role(Role::Heading);
        it.clear_value();
        it.set_label(text);
        it.set_level(2);
    });
    response
}

/// Draws running text within a line that wraps.
pub(crate) fn words_ui(ui: &mut Ui, text: &str, color: Color32) -> Response {
    if !has_long_words(text) {
        return ui.add(egui::Label::new(RichText::new(text).color(color)).wrap());
    }
    // egui would place a long word to the left of the line's start.
    let width = ui.max_rect().width();
    let mut job = LayoutJob::simple(text.to_owned(), theme::body(), color, width);
    job.wrap.break_anywhere = has_too_long_words(ui, text, width);
    let galley = ui.painter().layout_job(job);
    ui.add(egui::Label::new(galley))
}

/// The words of a text that are too long for a narrow line.
fn long_words(text: &str) -> impl Iterator<Item = &str> {
    const LONG: usize = 24;
    let words = text.split_whitespace();
    words.filter(|word| word.chars().nth(LONG).is_some())
}

/// Whether a text has words too long for a narrow line.
fn has_long_words(text: &str) -> bool {
    long_words(text).next().is_some()
}

/// Whether a text has words that no line of this width holds. Only then are words broken.
fn has_too_long_words(ui: &Ui, text: &str, width: f32) -> bool {
    long_words(text).any(|word| text_width(ui, word) > width)
}

/// The width of a digit in the monospace font.
pub(crate) fn mono_width(ui: &Ui) -> f32 {
    galley(ui, "0", theme::mono(), Color32::PLACEHOLDER)
        .size()
        .x
}

/// Shortens a text in the middle if it does not fit in `room`.
pub(crate) fn cut_middle<'a>(ui: &Ui, text: &'a str, font: &FontId, room: f32) -> Cow<'a, str> {
    cut_to_fit(ui, text, font, room, columns::cut_middle)
}

/// Shortens the name of a message's type if it does not fit in `room`, so that it still differs
/// from those of other types.
pub(crate) fn cut_type<'a>(ui: &Ui, name: &'a str, room: f32) -> Cow<'a, str> {
    cut_to_fit(ui, name, &theme::mono(), room, short_type)
}

/// Shortens a text with `cut`, which is given a number of columns, until it fits in `room`.
pub(crate) fn cut_to_fit<'a>(
    ui: &Ui,
    text: &'a str,
    font: &FontId,
    room: f32,
    cut: impl Fn(&'a str, usize) -> Cow<'a, str>,
) -> Cow<'a, str> {
    let fits = |text: &str| {
        let galley = galley(ui, text, font.clone(), Color32::PLACEHOLDER);
        galley.size().x <= room + 0.5
    };
    if fits(text) {
        return Cow::Borrowed(text);
    }
    // The ellipsis may come from another font, so only the whole text can be measured.
    let (mut least, mut most) = (1, columns::width(text));
    while least + 1 < most {
        let limit = usize::midpoint(least, most);
        if fits(&cut(text, limit)) {
            least = limit;
        } else {
            most = limit;
        }
    }
    cut(text, least)
}

/// The text without line breaks, and limited in length.
pub(crate) fn one_line(text: &str) -> String {
    text.chars()
        .take(1_000)
        .map(|it| if it.is_control() { ' ' } else { it })
        .collect()
}

/// Draws a value on one line, truncated with an ellipsis; hovering shows more of it.
pub(crate) fn value_ui(ui: &mut Ui, text: RichText) -> Response {
    // egui shows a truncated label's text on hover.
    ui.add(egui::Label::new(text).truncate())
}

/// Draws an icon and a sentence that wraps beside it.
pub(crate) fn sentence_ui(ui: &mut Ui, icon: Icon, color: Color32, text: &str) {
    ui.horizontal_top(|ui| {
        icon_slot_ui(ui, icon, color);
        ui.vertical(|ui| {
            ui.set_max_width(ui.available_width().min(size::PROSE));
            ui.add(egui::Label::new(RichText::new(sentence(text)).color(color)).wrap());
        });
    });
}

/// Draws an icon in a line of text.
pub(crate) fn icon_slot_ui(ui: &mut Ui, icon: Icon, color: Color32) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(size::ICON), Sense::hover());
    icon.paint(ui.painter(), rect, color);
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui_kittest::Harness;

    /// The lines of a text in this width.
    fn lines(text: &str, width: f32, draw: impl Fn(&mut Ui, &str)) -> Vec<String> {
        let harness = Harness::builder()
            .with_size(egui::vec2(width, 300.0))
            .with_context_setup(crate::theme::apply)
            .build_ui(|ui| draw(ui, text));
        let shapes = &harness.output().shapes;
        let galleys = shapes.iter().filter_map(|it| match &it.shape {
            egui::Shape::Text(text) => Some(&text.galley),
            _ => None,
        });
        let rows = galleys.flat_map(|galley| galley.rows.iter().map(|row| row.text()));
        rows.collect()
    }

    #[test]
    fn a_word_is_broken_only_where_no_line_holds_it() {
        let text = "At 43 INITIATE_CALL_ID_SUCCEEDED_X: up and down move through the session";
        let is_whole = |line: &str| line.split_whitespace().all(|word| text.contains(word));
        for draw in [
            |ui: &mut Ui, text: &str| {
                words_ui(ui, text, Color32::WHITE);
            },
            |ui: &mut Ui, text: &str| {
                limited_lines_ui(ui, &[(text, Color32::WHITE)], 9);
            },
        ] {
            for width in 280..340 {
                let lines = lines(text, width as f32, draw);
                let words: Vec<&str> = lines.iter().flat_map(|it| it.split_whitespace()).collect();
                assert!(lines.len() > 1 && lines.iter().all(|it| is_whole(it)));
                assert_eq!(words.join(" "), text, "{width}: {lines:?}");
            }
            let narrow = lines(text, 100.0, draw);
            assert_eq!(narrow.concat().replace(' ', ""), text.replace(' ', ""));
        }
    }
}
