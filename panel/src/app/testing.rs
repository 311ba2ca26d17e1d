//! The whole panel for tests that look at it or use it.

use egui::Vec2;
use egui_kittest::Harness;

use super::Panel;

/// The whole panel, this large; it has yet to be drawn with [`Harness::run`] or steps.
pub(crate) fn whole_panel(panel: Panel, size: Vec2) -> Harness<'static, Panel> {
    Harness::builder()
        .with_size(size)
        .with_context_setup(crate::theme::apply)
        .allow_missing_glyphs()
        .build_ui_state(|ui, panel: &mut Panel| panel.ui(ui), panel)
}
