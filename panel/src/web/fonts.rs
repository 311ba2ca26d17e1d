//! The browser's own fonts, as DevTools around the panel has them.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};
use wasm_bindgen::prelude::*;

use super::js;
use crate::blank_font::{FontMeasure, blank_font};
use crate::theme;

/// The size at which fonts are measured, so that a pixel is a thousandth.
const MEASURED_AT: &str = "1000px";

/// The font names that eframe uses when it asks the browser for glyphs.
pub(super) const PROPORTIONAL: &str = "system-ui, sans-serif";
/// The monospace font.
pub(super) const MONOSPACE: &str = "monospace";

/// Fonts that leave every glyph to the browser, with the widths and heights of its fonts.
pub(super) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let families = [
        (FontFamily::Proportional, PROPORTIONAL),
        (FontFamily::Monospace, MONOSPACE),
    ];
    let measures = families.clone().map(|(family, name)| {
        measure(name).unwrap_or(FontMeasure {
            ascent: 930,
            descent: 240,
            space: if family == FontFamily::Monospace {
                600
            } else {
                300
            },
        })
    });
    let [proportional, monospace] = measures;
    let leveled = [
        proportional.in_line_with(monospace, theme::LINE_HEIGHT),
        monospace.in_line_with(proportional, theme::LINE_HEIGHT),
    ];
    for ((family, name), measure) in families.into_iter().zip(leveled) {
        let data = FontData::from_owned(blank_font(measure));
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
        fonts.families.insert(family, vec![name.to_owned()]);
    }
    fonts
}

/// Measures one of the browser's fonts.
fn measure(name: &str) -> Option<FontMeasure> {
    let canvas = js::document().ok()?.create_element("canvas").ok()?;
    let canvas: web_sys::HtmlCanvasElement = canvas.dyn_into().ok()?;
    let context = canvas.get_context("2d").ok()??;
    let context: web_sys::CanvasRenderingContext2d = context.dyn_into().ok()?;
    context.set_font(&format!("{MEASURED_AT} {name}"));
    let metrics = context.measure_text(" ").ok()?;
    let measure = FontMeasure {
        ascent: thousandths(metrics.font_bounding_box_ascent())?,
        descent: thousandths(metrics.font_bounding_box_descent())?,
        space: thousandths(metrics.width())?,
    };
    Some(measure)
}

/// A length, if a font can have it.
fn thousandths(length: f64) -> Option<u16> {
    if !(1.0..=3_000.0).contains(&length) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked above"
    )]
    let length = length.round() as u16;
    Some(length)
}
