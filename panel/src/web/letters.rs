//! Letters and words that the browser draws on a separate canvas.

use std::cell::OnceCell;

use egui::{
    ColorImage, FontFamily, GlyphBitmap, GlyphRasterizerRequest, MAX_GLYPH_SIZE, RasterizedGlyph,
    vec2,
};
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::{fonts, js};

/// The space around the letters for their blurred edges, in pixels.
const EDGE: f64 = 2.0;

thread_local! {
    // egui requires a `Send` callback, but a canvas cannot leave its thread.
    static CANVAS: OnceCell<Option<CanvasRenderingContext2d>> = const { OnceCell::new() };
}

/// Draws text in white, with joining letters joined.
pub(super) fn draw(request: &GlyphRasterizerRequest<'_>) -> Option<RasterizedGlyph> {
    CANVAS.with(|it| draw_on(it.get_or_init(|| canvas().ok()).as_ref()?, request))
}

/// A canvas made for reading its pixels.
fn canvas() -> Result<CanvasRenderingContext2d, JsValue> {
    let canvas = js::document()?.create_element("canvas")?;
    let canvas: HtmlCanvasElement = canvas.dyn_into()?;
    let options = js::object(&[("willReadFrequently", JsValue::TRUE)]);
    let context = canvas.get_context_with_context_options("2d", &options)?;
    context
        .ok_or_else(|| JsValue::from_str("there is no canvas to draw on"))?
        .dyn_into()
        .map_err(JsValue::from)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels of a small picture"
)]
fn draw_on(
    context: &CanvasRenderingContext2d,
    request: &GlyphRasterizerRequest<'_>,
) -> Option<RasterizedGlyph> {
    let GlyphRasterizerRequest {
        cluster: text,
        family,
        font_size_px: size,
        ..
    } = request;
    let family = match family {
        FontFamily::Monospace => fonts::MONOSPACE,
        _ => fonts::PROPORTIONAL,
    };
    let font = format!("{size}px {family}");
    context.set_font(&font);
    let measured = context.measure_text(text).ok()?;
    // Whole pixels, so that letters keep their position between pixels.
    let left = (measured.actual_bounding_box_left() + EDGE).ceil();
    let above = (measured.actual_bounding_box_ascent() + EDGE).ceil();
    let width = left + (measured.actual_bounding_box_right() + EDGE).ceil();
    let height = above + (measured.actual_bounding_box_descent() + EDGE).ceil();
    let most = MAX_GLYPH_SIZE as f64;
    if !(1.0..=most).contains(&width) || !(1.0..=most).contains(&height) {
        return None;
    }
    let canvas = context.canvas()?;
    // Resizing clears the canvas and resets the font.
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    context.set_font(&font);
    context.set_fill_style_str("white");
    context.fill_text(text, left, above).ok()?;
    let pixels = context.get_image_data(0.0, 0.0, width, height).ok()?;
    let size = [width as usize, height as usize];
    Some(RasterizedGlyph {
        bitmap: GlyphBitmap {
            image: ColorImage::from_rgba_unmultiplied(size, &pixels.data().0),
            offset_px: vec2(-left as f32, -above as f32),
            is_color: false,
        },
        advance_px: measured.width() as f32,
    })
}
