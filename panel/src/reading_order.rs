//! Right-to-left text on its way to the screen.
//!
//! egui lays text out character by character from left to right, wraps and truncates it; selecting
//! and copying use the same layout, so that has to stay in logical order. So all this happens later:
//! a plugin looks at the texts about to be painted and moves the glyphs of each line to where
//! [`reading_order`](callscope_session_view::reading_order) puts them. All views benefit without
//! knowing about it.
//!
//! The letters of such scripts join, and egui draws each one separately. So whole words are drawn by
//! the browser instead, which does that well; each becomes a texture that replaces its letters. egui
//! has measured the letters one by one, so a text with such words may end a little before its space
//! does.
//!
//! A field that is being edited keeps egui's layout, in the order typed, because the cursor has to
//! be where egui puts it. The line with the cursor is shown in reading order below the field, see
//! [`preview_ui`].

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use callscope_session_view::reading_order::{ReadingOrder, is_right_to_left};
use egui::epaint::text::{ByteRangeExt as _, Glyph, PlacedRow, Row};
use egui::epaint::{ClippedShape, FontColorTransferFunction, TextShape};
use egui::{
    Color32, ColorImage, Context, FontFamily, FontId, FontPriority, FullOutput, Galley,
    GlyphRasterizer, GlyphRasterizerRequest, Id, Plugin, Pos2, RasterizedGlyph, Rect, Shape,
    TextureHandle, TextureOptions, Ui, Vec2, pos2, vec2,
};

use crate::theme::size;

/// Draws some characters, white on transparent, with joining letters joined.
///
/// [`RIGHT_TO_LEFT`] and [`AS_BEFORE`] around them say that the first one is on the right.
pub(crate) type Draw = fn(&GlyphRasterizerRequest<'_>) -> Option<RasterizedGlyph>;

/// Right-to-left override: what follows runs from right to left, whatever it is.
const RIGHT_TO_LEFT: char = '\u{202e}';
/// The end of the override.
const AS_BEFORE: char = '\u{202c}';
/// Zero-width joiner: the last letter of a truncated word still joins.
const JOINER: char = '\u{200d}';

/// Longer words, in letters, are drawn letter by letter.
const LONGEST_WORD: usize = 100;
/// How many words are kept before those that are not on the screen are dropped.
const KEPT_WORDS: usize = 500;

/// Shows all text of the context in reading order. `draw` draws words, and single letters of
/// right-to-left scripts, which egui would reorder by itself.
pub(crate) fn install(ctx: &Context, draw: Draw) {
    let letters = GlyphRasterizer::new("callscope right to left", move |request| {
        let first = request.cluster.chars().next();
        first.is_some_and(is_right_to_left).then(|| draw(request))?
    });
    // egui leaves only letters that do not come from a font where they were written.
    ctx.add_glyph_rasterizer(letters.with_priority(FontPriority::Highest));
    ctx.add_plugin(Painted {
        draw,
        words: HashMap::new(),
        preview: None,
        transfer: FontColorTransferFunction::Off,
        frame: 0,
    });
}

/// The plugin.
struct Painted {
    draw: Draw,
    words: HashMap<WordKey, Option<Word>>,
    /// The line being edited.
    preview: Option<Preview>,
    /// How the theme turns coverage into opacity.
    transfer: FontColorTransferFunction,
    frame: u64,
}

#[derive(PartialEq, Eq, Hash)]
struct WordKey {
    text: String,
    family: FontFamily,
    /// The size in pixels, as bits.
    size: u32,
}

/// A word, drawn.
#[derive(Clone)]
struct Word {
    texture: TextureHandle,
    /// From the start of its baseline to the top left of the picture, in pixels.
    offset: Vec2,
    advance: f32,
    last_frame: u64,
}

impl Plugin for Painted {
    fn debug_name(&self) -> &'static str {
        "callscope reading order"
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        self.frame += 1;
        let transfer = ctx
            .global_style()
            .visuals
            .text_options
            .color_transfer_function;
        if transfer != self.transfer {
            self.transfer = transfer;
            self.words.clear();
        }
        let edited = edited_field(ctx);
        self.preview = None;
        for ClippedShape { shape, .. } in &mut output.shapes {
            self.reorder(ctx, shape, edited);
        }
        let before = ctx.data_mut(|data| {
            let known = data.get_temp_mut_or_default::<Option<Preview>>(preview_id());
            std::mem::replace(known, self.preview.clone())
        });
        if before != self.preview {
            ctx.request_repaint();
        }
        if self.words.len() > KEPT_WORDS {
            let frame = self.frame;
            self.words
                .retain(|_, word| word.as_ref().is_some_and(|it| it.last_frame == frame));
        }
        // egui has already collected this frame's textures.
        let new = ctx.tex_manager().write().take_delta();
        output.textures_delta.append(new);
    }
}

/// A line being edited, in reading order.
#[derive(Clone, Debug, PartialEq)]
struct Preview {
    text: String,
    /// The place of its field.
    field: Rect,
}

fn preview_id() -> Id {
    Id::unique("callscope edited line")
}

/// Shows the line being edited in reading order next to its field, if that differs from the order
/// typed.
pub(crate) fn preview_ui(ui: &Ui) {
    let ctx = ui.ctx();
    let known = ctx.data(|data| data.get_temp::<Option<Preview>>(preview_id()));
    let Some(Preview { text, field }) = known.flatten().filter(|_| ctx.text_edit_focused()) else {
        return;
    };
    let room = ctx.content_rect();
    let height = size::ROW + 2.0 * size::STEP;
    // The field's suggestions are below it.
    let is_below = !egui::Popup::is_any_open(ctx) && field.bottom() + height <= room.bottom();
    let top = if is_below {
        field.bottom() + 2.0
    } else if field.top() - height - 2.0 >= room.top() {
        field.top() - height - 2.0
    } else {
        return;
    };
    let area = egui::Area::new(preview_id())
        .order(egui::Order::Tooltip)
        .interactable(false)
        .constrain(false)
        .fixed_pos(pos2(field.left(), top));
    area.show(ctx, |ui| {
        ui.set_max_width((room.right() - field.left() - 4.0 * size::STEP).max(size::ROW));
        let frame = egui::Frame::popup(ui.style()).inner_margin(egui::Margin::symmetric(4, 2));
        frame.show(ui, |ui| {
            ui.add(egui::Label::new(text).selectable(false).truncate());
        });
    });
}

/// The line with the cursor of an edited text, if its reading order differs.
fn edited_line(ctx: &Context, text: &TextShape) -> Option<String> {
    ReadingOrder::new(text.galley.text())?;
    let id = ctx.memory(egui::Memory::focused)?;
    let state = egui::TextEdit::load_state(ctx, id);
    let cursor = state
        .and_then(|it| it.cursor.char_range())
        .map_or(0, |it| it.primary.index.0);
    let chars: Vec<char> = text.galley.text().chars().collect();
    let before = chars.get(..cursor).unwrap_or(&chars);
    let start = before
        .iter()
        .rposition(|it| *it == '\n')
        .map_or(0, |at| at + 1);
    let line = chars.get(start..)?.iter().take_while(|it| **it != '\n');
    let line: String = line.collect();
    ReadingOrder::new(&line).map(|_| line)
}

/// The place of the text field being edited.
fn edited_field(ctx: &Context) -> Option<Rect> {
    if !ctx.text_edit_focused() {
        return None;
    }
    let id = ctx.memory(egui::Memory::focused)?;
    Some(ctx.read_response(id)?.rect)
}

impl Painted {
    fn reorder(&mut self, ctx: &Context, shape: &mut Shape, edited: Option<Rect>) {
        match shape {
            Shape::Vec(shapes) => {
                for shape in shapes {
                    self.reorder(ctx, shape, edited);
                }
            }
            Shape::Text(text) => {
                let field = edited.filter(|it| it.intersects(text.visual_bounding_rect()));
                if let Some(field) = field {
                    let line = edited_line(ctx, text);
                    self.preview = line
                        .map(|text| Preview { text, field })
                        .or(self.preview.take());
                }
                if field.is_some() || text.angle != 0.0 {
                    return;
                }
                let Some(order) = ReadingOrder::new(text.galley.text()) else {
                    return;
                };
                let mut words = Vec::new();
                text.galley = Arc::new(self.reordered(ctx, text, &order, &mut words));
                if !words.is_empty() {
                    words.insert(0, shape.clone());
                    *shape = Shape::Vec(words);
                }
            }
            _ => {}
        }
    }

    /// The galley of a text with its glyphs in reading order, and the words to paint over it.
    fn reordered(
        &mut self,
        ctx: &Context,
        text: &TextShape,
        order: &ReadingOrder,
        words: &mut Vec<Shape>,
    ) -> Galley {
        let mut galley = Galley::clone(&text.galley);
        let chars: Vec<char> = galley.text().chars().collect();
        let row_count = galley.rows.len();
        let mut start = 0;
        let mut bounds = Rect::NOTHING;
        for (index, placed) in galley.rows.iter_mut().enumerate() {
            let glyph_count = placed.row.glyphs.len();
            let is_cut = text.galley.elided && index + 1 == row_count && glyph_count > 0;
            let end = start + glyph_count - usize::from(is_cut);
            let line = Line {
                text,
                order,
                chars: &chars,
                start,
                end: end.min(chars.len()),
                is_cut,
            };
            self.reorder_row(ctx, &line, placed, words);
            bounds |= placed
                .row
                .visuals
                .mesh_bounds
                .translate(placed.pos.to_vec2());
            start = end + usize::from(placed.ends_with_newline);
        }
        galley.mesh_bounds = bounds;
        galley
    }

    fn reorder_row(
        &mut self,
        ctx: &Context,
        line: &Line<'_>,
        placed: &mut PlacedRow,
        words: &mut Vec<Shape>,
    ) {
        let origin = line.text.pos + placed.pos.to_vec2();
        let row = Arc::make_mut(&mut placed.row);
        let Some(first) = row.glyphs.first() else {
            return;
        };
        let mut x = first.pos.x;
        for run in line.order.line(line.start..line.end) {
            let glyphs = run.chars.start - line.start..run.chars.end - line.start;
            if !run.is_right_to_left {
                x += move_to(row, glyphs, x);
                continue;
            }
            for piece in pieces(row, glyphs).into_iter().rev() {
                let drawn = match piece {
                    Piece::Word(ref glyphs) => self.word(ctx, line, glyphs),
                    Piece::Other(_) => None,
                };
                let (Piece::Word(glyphs) | Piece::Other(glyphs)) = piece;
                if let Some(word) = drawn {
                    let at =
                        origin + vec2(x, row.glyphs.get(glyphs.start).map_or(0.0, |it| it.pos.y));
                    words.push(picture(
                        line.text,
                        &word,
                        at,
                        color_of(line.text, row, &glyphs),
                    ));
                    hide(row, glyphs);
                    x += word.advance / line.text.galley.pixels_per_point;
                } else {
                    for letter in letters(row, glyphs).into_iter().rev() {
                        x += move_to(row, letter, x);
                    }
                }
            }
        }
        let rest = line.end - line.start..row.glyphs.len();
        move_to(row, rest, x);
        row.visuals.mesh_bounds = row.visuals.mesh.calc_bounds();
    }

    /// A word, newly drawn or from the cache.
    fn word(&mut self, ctx: &Context, line: &Line<'_>, glyphs: &Range<usize>) -> Option<Word> {
        let start = line.start + glyphs.start;
        let mut end = line.start + glyphs.end;
        let is_cut = line.is_cut && end == line.end;
        if is_cut {
            end = line.order.whole_letters(end);
        }
        let letters = line.chars.get(start..end)?;
        if letters.len() > LONGEST_WORD {
            return None;
        }
        let mut text = String::from(RIGHT_TO_LEFT);
        text.extend(letters);
        if is_cut && line.chars.get(end).copied().is_some_and(is_right_to_left) {
            text.push(JOINER);
        }
        text.push(AS_BEFORE);
        let FontId { size, family } = line.font(start)?;
        let size = size * line.text.galley.pixels_per_point;
        let key = WordKey {
            text,
            family,
            size: size.to_bits(),
        };
        let frame = self.frame;
        if let Some(known) = self.words.get_mut(&key) {
            if let Some(word) = known {
                word.last_frame = frame;
            }
            return known.clone();
        }
        let drawn = (self.draw)(&GlyphRasterizerRequest {
            cluster: &key.text,
            family: &key.family,
            font_size_px: size,
            subpixel_offset_px: 0.0,
        });
        let word = drawn.map(|RasterizedGlyph { bitmap, advance_px }| {
            let mut image: ColorImage = bitmap.image;
            for pixel in &mut image.pixels {
                *pixel = self.transfer.to_atlas_color(*pixel);
            }
            Word {
                texture: ctx.load_texture("word", image, TextureOptions::LINEAR),
                offset: bitmap.offset_px,
                advance: advance_px,
                last_frame: frame,
            }
        });
        self.words.insert(key, word.clone());
        word
    }
}

/// A line of a text to be painted.
struct Line<'a> {
    text: &'a TextShape,
    order: &'a ReadingOrder,
    /// The whole text.
    chars: &'a [char],
    /// The index of the line's first character in the text.
    start: usize,
    end: usize,
    /// Whether the line ends with an ellipsis that is not part of the text.
    is_cut: bool,
}

impl Line<'_> {
    /// The font of a character.
    fn font(&self, char: usize) -> Option<FontId> {
        let job = &self.text.galley.job;
        let (at, _) = job.text.char_indices().nth(char)?;
        let sections = &mut job.sections.iter();
        let section = sections.find(|it| it.byte_range.as_usize().contains(&at))?;
        Some(section.format.font_id.clone())
    }
}

/// A part of a right-to-left run.
enum Piece {
    /// Joining letters.
    Word(Range<usize>),
    /// Spaces or emoji.
    Other(Range<usize>),
}

fn pieces(row: &Row, glyphs: Range<usize>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for letter in letters(row, glyphs) {
        let glyph = row.glyphs.get(letter.start);
        if glyph.is_none_or(|it| it.is_color || it.chr.is_whitespace()) {
            pieces.push(Piece::Other(letter));
        } else if let Some(Piece::Word(word)) = pieces.last_mut() {
            word.end = letter.end;
        } else {
            pieces.push(Piece::Word(letter));
        }
    }
    pieces
}

/// The glyphs of each letter: egui puts the whole picture on the first, and gives the others no
/// width.
fn letters(row: &Row, glyphs: Range<usize>) -> Vec<Range<usize>> {
    let mut letters: Vec<Range<usize>> = Vec::new();
    for index in glyphs {
        let is_more = row
            .glyphs
            .get(index)
            .is_some_and(|it| it.advance_width == 0.0 && it.uv_rect.is_nothing());
        match letters.last_mut() {
            Some(letter) if is_more => letter.end = index + 1,
            _ => letters.push(index..index + 1),
        }
    }
    letters
}

/// Moves consecutive glyphs so that they begin at `x`; returns their width.
fn move_to(row: &mut Row, glyphs: Range<usize>, x: f32) -> f32 {
    let Some((first, last)) = row
        .glyphs
        .get(glyphs.clone())
        .and_then(|it| Some((it.first()?, it.last()?)))
    else {
        return 0.0;
    };
    let (by, width) = (x - first.pos.x, last.max_x() - first.pos.x);
    for vertex in vertices(row, glyphs) {
        vertex.x += by;
    }
    width
}

/// Makes glyphs invisible.
fn hide(row: &mut Row, glyphs: Range<usize>) {
    for vertex in vertices(row, glyphs) {
        *vertex = Pos2::ZERO;
    }
}

/// The painted corners of some glyphs.
fn vertices(row: &mut Row, glyphs: Range<usize>) -> impl Iterator<Item = &mut Pos2> {
    let is_drawn = |it: &&Glyph| !it.uv_rect.is_nothing();
    let glyphs = row.glyphs.get(glyphs).unwrap_or_default();
    let first = glyphs.iter().find(is_drawn);
    let last = glyphs.iter().rfind(is_drawn);
    let range = match (first, last) {
        (Some(first), Some(last)) => first.first_vertex as usize..last.first_vertex as usize + 4,
        _ => 0..0,
    };
    let vertices = row.visuals.mesh.vertices.get_mut(range).unwrap_or_default();
    vertices.iter_mut().map(|it| &mut it.pos)
}

/// The color of a glyph, as egui resolves it when it paints the text.
fn color_of(text: &TextShape, row: &Row, glyphs: &Range<usize>) -> Color32 {
    let glyph = row.glyphs.get(glyphs.start);
    let vertex = glyph.and_then(|it| row.visuals.mesh.vertices.get(it.first_vertex as usize));
    let color = match text.override_text_color {
        Some(color) => color,
        None => vertex.map_or(Color32::PLACEHOLDER, |it| it.color),
    };
    if color == Color32::PLACEHOLDER {
        text.fallback_color
    } else {
        color
    }
}

/// A word, painted in its place.
fn picture(text: &TextShape, word: &Word, at: Pos2, color: Color32) -> Shape {
    let scale = text.galley.pixels_per_point;
    let corner = at.to_vec2() * scale + word.offset;
    let min = (corner.round() / scale).to_pos2();
    let rect = Rect::from_min_size(min, word.texture.size_vec2() / scale);
    let uv = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
    let color = color.gamma_multiply(text.opacity_factor);
    Shape::image(word.texture.id(), rect, uv, color)
}

#[cfg(test)]
mod tests {
    use egui::{GlyphBitmap, Label, RichText, TextEdit, Ui};
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    use super::*;

    /// A browser that draws letters as boxes, 10 pixels wide alone and 8 in a word, and encodes the
    /// number of letters in the color.
    #[expect(clippy::unnecessary_wraps, reason = "the signature of a rasterizer")]
    fn boxes(request: &GlyphRasterizerRequest<'_>) -> Option<RasterizedGlyph> {
        let is_word = request.cluster.starts_with(RIGHT_TO_LEFT);
        let letters = request.cluster.chars().filter(|it| it.is_alphabetic());
        let count = letters.count().max(1);
        let advance = if is_word { 8 * count } else { 10 };
        Some(RasterizedGlyph {
            bitmap: GlyphBitmap {
                image: ColorImage::filled([advance, 8], Color32::WHITE),
                offset_px: vec2(0.0, -8.0),
                is_color: false,
            },
            advance_px: advance as f32,
        })
    }

    /// What is painted, from left to right: letters from a font, and each word as `[n]`, where n is
    /// its width in letters.
    fn painted(width: f32, add: impl FnMut(&mut Ui) + 'static) -> String {
        let mut harness = Harness::builder()
            .with_size(vec2(width, 100.0))
            .with_pixels_per_point(1.0)
            .with_context_setup(|ctx| {
                crate::theme::apply(ctx);
                install(ctx, boxes);
            })
            .build_ui(add);
        harness.run();
        let mut seen = Vec::new();
        for clipped in &harness.output().shapes {
            collect(&clipped.shape, &mut seen);
        }
        // Lines are far apart, letters close together.
        seen.sort_by(|(a, _), (b, _): &(Pos2, String)| {
            ((a.y / 12.0).round(), a.x)
                .partial_cmp(&((b.y / 12.0).round(), b.x))
                .unwrap()
        });
        seen.into_iter().map(|(_, what)| what).collect()
    }

    fn collect(shape: &Shape, seen: &mut Vec<(Pos2, String)>) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|it| collect(it, seen)),
            Shape::Mesh(mesh) => {
                let bounds = mesh.calc_bounds();
                let letters = (bounds.width() / 8.0).round();
                seen.push((bounds.left_bottom(), format!("[{letters}]")));
            }
            Shape::Text(text) => {
                for placed in &text.galley.rows {
                    let vertices = &placed.row.visuals.mesh.vertices;
                    for glyph in &placed.row.glyphs {
                        let corner = glyph.first_vertex as usize;
                        let Some(corners) = vertices.get(corner..corner + 4) else {
                            continue;
                        };
                        let bounds =
                            Rect::from_points(&corners.iter().map(|it| it.pos).collect::<Vec<_>>());
                        if !glyph.uv_rect.is_nothing() && bounds.width() > 0.0 {
                            let at =
                                text.pos + placed.pos.to_vec2() + vec2(bounds.left(), glyph.pos.y);
                            seen.push((at, glyph.chr.to_string()));
                        }
                    }
                }
            }
            _ => {}
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let label = text.to_owned();
        let seen = painted(600.0, move |ui| {
            ui.label(label.as_str());
        });
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn letters_stand_where_the_algorithm_says() {
        check("call +20 100 555 0199", "call+201005550199");
        check("محمد +20 100 555 0199", "[4]+201005550199");
        check("+20 100 555 0199 محمد", "+201005550199[4]");
        // The first word is on the right.
        check("to محمد عل (0199) ab", "to[2][4](0199)ab");
        check("אב · גדה", "[2]·[3]");
        // The comma is drawn as part of its word.
        check("אב, 12 גדה", "[3]12[2]");
    }

    #[test]
    fn nothing_is_left_where_letters_were() {
        let seen = painted(600.0, |ui| {
            ui.label("אבגד x");
        });
        assert_eq!(seen, "[4]x");
    }

    #[test]
    fn each_line_is_ordered_by_itself() {
        let seen = painted(80.0, |ui| {
            ui.add(Label::new("אב גדה וז").wrap());
        });
        assert_eq!(seen, "[3][2][2]");
    }

    #[test]
    fn the_end_of_the_text_is_cut_and_not_what_stands_at_the_right() {
        let seen = painted(60.0, |ui| {
            ui.add(Label::new("אבגדהוז 0199").truncate());
        });
        assert_eq!(seen, "[3]…");
        let seen = painted(110.0, |ui| {
            ui.add(Label::new("12 אבגדהוז חטי").truncate());
        });
        assert!(seen.starts_with("12[") && seen.ends_with("]…"), "{seen}");
    }

    #[test]
    fn words_have_the_color_of_their_text() {
        let mut harness = Harness::builder()
            .with_context_setup(|ctx| install(ctx, boxes))
            .build_ui(|ui| {
                ui.label(RichText::new("אבג").color(Color32::RED));
            });
        harness.run();
        let mut colors = Vec::new();
        for clipped in &harness.output().shapes {
            if let Shape::Vec(shapes) = &clipped.shape {
                for shape in shapes {
                    if let Shape::Mesh(mesh) = shape {
                        colors.extend(mesh.vertices.iter().map(|it| it.color));
                    }
                }
            }
        }
        assert_eq!(colors, [Color32::RED; 4]);
    }

    #[test]
    fn what_is_edited_stays_as_it_was_typed_and_is_read_below() {
        let text = "אב +20 100 555 0199";
        let mut harness = Harness::builder()
            .with_context_setup(|ctx| install(ctx, boxes))
            .build_ui_state(
                |ui, text: &mut String| {
                    ui.add(TextEdit::singleline(text)).accessible_name("Text");
                    preview_ui(ui);
                },
                text.to_owned(),
            );
        let pictures = |harness: &Harness<'_, String>| {
            let shapes = &harness.output().shapes;
            shapes
                .iter()
                .filter(|it| matches!(&it.shape, Shape::Vec(shapes) if shapes.iter().any(|it| matches!(it, Shape::Mesh(_)))))
                .count()
        };
        harness.run();
        assert_eq!(pictures(&harness), 1);
        assert!(harness.query_by_label(text).is_none());
        harness.get_by_label("Text").focus();
        harness.run();
        // The line below shows the word as a picture; the field keeps its letters where the cursor
        // expects them.
        assert_eq!(pictures(&harness), 1);
        let field = harness.get_by_label("Text").rect();
        let line = harness.get_by_label(text).rect();
        assert!(line.top() > field.bottom(), "{line:?} {field:?}");
        let mut seen = Vec::new();
        for clipped in &harness.output().shapes {
            collect(&clipped.shape, &mut seen);
        }
        seen.retain(|(at, _)| line.expand(4.0).contains(*at));
        seen.sort_by(|(a, _), (b, _): &(Pos2, String)| a.x.total_cmp(&b.x));
        let seen: String = seen.into_iter().map(|(_, what)| what).collect();
        assert_eq!(seen, "[2]+201005550199");
        // Latin text needs no such line.
        *harness.state_mut() = "call +20 100 555 0199".to_owned();
        harness.run();
        assert!(harness.query_by_label("call +20 100 555 0199").is_none());
    }
}
