//! A font of spaces and an ellipsis, built when the panel starts.
//!
//! In the browser, egui can draw glyphs missing from its fonts with the browser's own fonts. So a
//! font that lacks all of them makes the panel look like the DevTools around it, and saves the 670
//! kB of egui's fonts. But the font must provide what the browser does not draw: the widths of
//! spaces, the height of a line, and the ellipsis of truncated text.

/// Measures of the browser's font, in thousandths of its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FontMeasure {
    /// From the baseline to the top of a line.
    pub ascent: u16,
    /// From the baseline to the bottom of a line.
    pub descent: u16,
    /// The width of a space.
    pub space: u16,
}

impl FontMeasure {
    /// The same measures with the line height of `other` included, stretched evenly to `line`
    /// thousandths if lower: texts in both fonts then share a baseline and a line height.
    #[must_use]
    pub fn in_line_with(self, other: Self, line: u16) -> Self {
        let ascent = self.ascent.max(other.ascent);
        let descent = self.descent.max(other.descent);
        let rest = line.saturating_sub(ascent + descent);
        Self {
            ascent: ascent + rest / 2,
            descent: descent + rest - rest / 2,
            ..self
        }
    }
}

const UNITS_PER_EM: u16 = 1000;

/// Characters and their glyphs, in ascending order.
const GLYPHS: [(u16, Glyph); 12] = [
    (0x0020, Glyph::Space),
    (0x00A0, Glyph::Space),
    (0x2002, Glyph::Space),
    (0x2003, Glyph::Space),
    (0x2007, Glyph::Space),
    (0x2008, Glyph::ThinSpace),
    (0x2009, Glyph::ThinSpace),
    (0x200A, Glyph::ThinSpace),
    (0x2026, Glyph::Ellipsis),
    (0x202F, Glyph::ThinSpace),
    (0x205F, Glyph::ThinSpace),
    (0x3000, Glyph::Space),
];

/// The font's glyphs after the one for missing characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Glyph {
    Space = 1,
    ThinSpace = 2,
    Ellipsis = 3,
}

const GLYPH_COUNT: u16 = 4;

/// The side of a dot of the ellipsis, in font units; each dot's room is below.
const DOT: i16 = 110;
const DOT_ROOM: i16 = 280;

/// Makes the font in TrueType format.
#[must_use]
pub fn blank_font(measure: FontMeasure) -> Vec<u8> {
    let ellipsis = ellipsis();
    let tables: [(&[u8; 4], Vec<u8>); 7] = [
        (b"cmap", cmap()),
        (b"glyf", ellipsis.clone()),
        (b"head", head()),
        (b"hhea", hhea(measure)),
        (b"hmtx", hmtx(measure)),
        (b"loca", loca(ellipsis.len())),
        (b"maxp", maxp()),
    ];
    let mut font = Vec::new();
    words(&mut font, &[1, 0, 7, 64, 2, 48]);
    let mut offset = 12 + 16 * tables.len();
    for (tag, table) in &tables {
        font.extend_from_slice(*tag);
        // Nobody verifies the checksums of a font made in memory.
        long(&mut font, 0);
        long(&mut font, offset);
        long(&mut font, table.len());
        offset += table.len().next_multiple_of(4);
    }
    for (_, table) in &tables {
        font.extend_from_slice(table);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    font
}

fn words(table: &mut Vec<u8>, words: &[u16]) {
    for word in words {
        table.extend_from_slice(&word.to_be_bytes());
    }
}

fn long(table: &mut Vec<u8>, number: usize) {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    table.extend_from_slice(&number.to_be_bytes());
}

/// Maps characters to glyphs: one segment each, in format 4.
fn cmap() -> Vec<u8> {
    let mut segments: Vec<(u16, u16)> = GLYPHS
        .iter()
        .map(|(code, glyph)| (*code, *glyph as u16))
        .collect();
    segments.push((0xFFFF, 0));
    let count = u16::try_from(segments.len()).unwrap_or_default();
    let mut table = Vec::new();
    // One table, for Unicode on the Windows platform, at offset 12.
    words(&mut table, &[0, 1, 3, 1, 0, 12]);
    words(
        &mut table,
        &[4, 16 + 8 * count, 0, 2 * count, 16, 3, 2 * count - 16],
    );
    words(
        &mut table,
        &segments.iter().map(|(code, _)| *code).collect::<Vec<_>>(),
    );
    words(&mut table, &[0]);
    words(
        &mut table,
        &segments.iter().map(|(code, _)| *code).collect::<Vec<_>>(),
    );
    let deltas = segments
        .iter()
        .map(|(code, glyph)| glyph.wrapping_sub(*code));
    words(&mut table, &deltas.collect::<Vec<_>>());
    words(&mut table, &vec![0; segments.len()]);
    table
}

/// The only outline: three square dots.
fn ellipsis() -> Vec<u8> {
    let mut table = Vec::new();
    let word = |number: i16| number.cast_unsigned();
    let left = (DOT_ROOM - DOT) / 2;
    let right = left + 2 * DOT_ROOM + DOT;
    words(
        &mut table,
        &[3, word(left), 0, word(right), word(DOT), 3, 7, 11, 0],
    );
    // All twelve points are on the curve.
    table.extend_from_slice(&[1; 12]);
    // Coordinates are relative to the previous point; a dot ends at its top left.
    let starts = [left, DOT_ROOM, DOT_ROOM];
    for start in starts {
        words(&mut table, &[word(start), word(DOT), 0, word(-DOT)]);
    }
    for start in [0, -DOT, -DOT] {
        words(&mut table, &[word(start), 0, word(DOT), 0]);
    }
    table.resize(table.len().next_multiple_of(4), 0);
    table
}

fn head() -> Vec<u8> {
    let mut table = Vec::new();
    words(&mut table, &[1, 0, 1, 0, 0, 0]);
    long(&mut table, 0x5F0F_3CF5);
    words(&mut table, &[0, UNITS_PER_EM]);
    // Created and modified times; bounding box; style; smallest size; direction; short offsets.
    words(&mut table, &[0; 8]);
    words(
        &mut table,
        &[0, 0, UNITS_PER_EM, UNITS_PER_EM, 0, 1, 2, 0, 0],
    );
    table
}

fn hhea(measure: FontMeasure) -> Vec<u8> {
    let mut table = Vec::new();
    let descent = measure.descent.wrapping_neg();
    words(
        &mut table,
        &[1, 0, measure.ascent, descent, 0, UNITS_PER_EM],
    );
    words(&mut table, &[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, GLYPH_COUNT]);
    table
}

fn hmtx(measure: FontMeasure) -> Vec<u8> {
    let mut table = Vec::new();
    let left = ((DOT_ROOM - DOT) / 2).cast_unsigned();
    let space = measure.space;
    words(
        &mut table,
        &[
            space,
            0,
            space,
            0,
            space / 2,
            0,
            (3 * DOT_ROOM).cast_unsigned(),
            left,
        ],
    );
    table
}

/// Where each outline begins, in units of two bytes: only the last glyph has one.
fn loca(length: usize) -> Vec<u8> {
    let mut table = Vec::new();
    let end = u16::try_from(length / 2).unwrap_or_default();
    words(&mut table, &[0, 0, 0, 0, end]);
    table
}

fn maxp() -> Vec<u8> {
    let mut table = Vec::new();
    words(
        &mut table,
        &[1, 0, GLYPH_COUNT, 12, 3, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    );
    table
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use egui::{Color32, FontData, FontDefinitions, FontFamily, FontId};

    use super::*;

    #[test]
    fn all_lines_are_as_high() {
        let proportional = FontMeasure {
            ascent: 928,
            descent: 236,
            space: 300,
        };
        let monospace = FontMeasure {
            ascent: 900,
            descent: 250,
            space: 602,
        };
        let line = crate::theme::LINE_HEIGHT;
        let leveled = [
            (
                FontFamily::Proportional,
                proportional.in_line_with(monospace, line),
            ),
            (
                FontFamily::Monospace,
                monospace.in_line_with(proportional, line),
            ),
        ];
        let ascents = leveled.each_ref().map(|(_, measure)| measure.ascent);
        assert_eq!(ascents[0], ascents[1], "one baseline");
        for density in [1.0, 1.25, 1.5, 2.0] {
            let mut fonts = FontDefinitions::empty();
            for (family, measure) in &leveled {
                let name = family.to_string();
                let data = FontData::from_owned(blank_font(*measure));
                fonts.font_data.insert(name.clone(), Arc::new(data));
                fonts.families.insert(family.clone(), vec![name]);
            }
            let ctx = egui::Context::default();
            ctx.set_fonts(fonts);
            ctx.set_pixels_per_point(density);
            let mut heights = Vec::new();
            for _ in 0..2 {
                heights.clear();
                let input = egui::RawInput::default();
                let mut output = ctx.run_ui(input, |ui| {
                    for font in [crate::theme::body(), crate::theme::mono()] {
                        let text = "one\ntwo\nthree".to_owned();
                        let galley = ui.painter().layout_no_wrap(text, font, Color32::RED);
                        heights.push(galley.size().y / 3.0);
                    }
                });
                output.textures_delta.clear();
            }
            let line = crate::theme::size::LINE;
            assert_eq!(heights, [line, line], "at {density}");
        }
    }

    #[test]
    fn egui_takes_its_measures() {
        let measure = FontMeasure {
            ascent: 928,
            descent: 236,
            space: 602,
        };
        let mut fonts = FontDefinitions::empty();
        let data = FontData::from_owned(blank_font(measure));
        fonts.font_data.insert("blank".to_owned(), Arc::new(data));
        for family in [FontFamily::Proportional, FontFamily::Monospace] {
            fonts.families.insert(family, vec!["blank".to_owned()]);
        }
        let ctx = egui::Context::default();
        ctx.set_fonts(fonts);
        let mut sizes = Vec::new();
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            let font = FontId::monospace(100.0);
            for text in [" ", "\u{202f}", "…", "\u{a0}\u{a0}"] {
                let galley =
                    ui.painter()
                        .layout_no_wrap(text.to_owned(), font.clone(), Color32::RED);
                let is_drawn = galley
                    .rows
                    .iter()
                    .any(|row| row.glyphs.iter().any(|glyph| !glyph.uv_rect.is_nothing()));
                sizes.push((galley.size().x.round(), galley.size().y.round(), is_drawn));
            }
        });
        output.textures_delta.clear();
        let expected = [
            (60.0, 116.0, false),
            (30.0, 116.0, false),
            (84.0, 116.0, true),
            (120.0, 116.0, false),
        ];
        assert_eq!(sizes, expected);
    }
}
