//! The text of input fields.

use std::sync::Arc;

use callscope_session_view::visible;
use egui::text::LayoutJob;
use egui::{Color32, FontId, Galley, Key, Response, TextBuffer, TextEdit, Ui};

use crate::theme::{self, Palette};

/// Lays out the text of a single-line field without changing it: each invisible character is drawn
/// as `�`, so that the cursor is where it should be.
pub(crate) fn lay_out_line(ui: &Ui, text: &dyn TextBuffer, _: f32) -> Arc<Galley> {
    let color = Palette::of(ui).text;
    lay_out_line_as(ui, text, theme::mono(), color)
}

/// Draws a field in a menu, where egui leaves out the outline of everything.
pub(crate) fn field_in_menu_ui(ui: &mut Ui, field: TextEdit<'_>) -> Response {
    ui.scope(|ui| {
        ui.reset_style();
        ui.add(field)
    })
    .inner
}

/// Whether Enter was pressed in a single-line field, which egui leaves at that.
pub(crate) fn is_entered(field: &Response) -> bool {
    field.lost_focus() && field.ctx.input(|input| input.key_pressed(Key::Enter))
}

/// Like [`lay_out_line`], in another font and color.
fn lay_out_line_as(ui: &Ui, text: &dyn TextBuffer, font: FontId, color: Color32) -> Arc<Galley> {
    let shown = seen(text.as_str(), false);
    let job = LayoutJob::simple_singleline(shown, font, color);
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}

/// Like [`lay_out_line`], for a field with several lines.
pub(crate) fn lay_out_lines(ui: &Ui, text: &dyn TextBuffer, width: f32) -> Arc<Galley> {
    let color = Palette::of(ui).text;
    let shown = seen(text.as_str(), true);
    let job = LayoutJob::simple(shown, theme::mono(), color, width);
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}

/// The text of a field, with `�` for each invisible character.
pub(crate) fn seen(text: &str, has_lines: bool) -> String {
    let show = |(character, is_trouble)| {
        if is_trouble && !(has_lines && matches!(character, '\n' | '\t')) {
            char::REPLACEMENT_CHARACTER
        } else {
            character
        }
    };
    visible::characters(text).map(show).collect()
}
