//! What can be clicked: buttons, icons, links.

use callscope_session_view::visible::{name, sentence};
use egui::{
    Align2, Button, Color32, Rect, Response, RichText, Role, Sense, Stroke, StrokeKind,
    TextWrapMode, Ui, Vec2, WidgetInfo, vec2,
};

use super::{Actions, cut_galley, galley, place, text_width};
use crate::action::Action;
use crate::icons::Icon;
use crate::theme::{self, Palette, size};

/// Draws a button with the action's own label.
pub(crate) fn button_ui(ui: &mut Ui, actions: &mut Actions, action: Action) -> Response {
    let label = action.label();
    labeled_button_ui(ui, actions, action, label)
}

/// Draws a button with another label.
pub(crate) fn labeled_button_ui(
    ui: &mut Ui,
    actions: &mut Actions,
    action: Action,
    label: impl AsRef<str>,
) -> Response {
    let help = sentence(&action.help(ui.ctx())).into_owned();
    let label = name(label.as_ref());
    let response = ui
        .add(Button::new(label).wrap_mode(TextWrapMode::Extend))
        .on_hover_text(help);
    if response.clicked() {
        actions.push(action);
    }
    response
}

/// Draws the button of the most likely next step, which stands out.
pub(crate) fn primary_button_ui(
    ui: &mut Ui,
    actions: &mut Actions,
    action: Action,
    is_enabled: bool,
) -> Response {
    let palette = Palette::of(ui);
    let help = sentence(&action.help(ui.ctx())).into_owned();
    let label = action.label();
    let text = RichText::new(name(&label));
    let button = if is_enabled && ui.is_enabled() {
        Button::new(text.color(palette.accent))
            .fill(palette.selected)
            .stroke(Stroke::new(1.0, palette.accent))
    } else {
        Button::new(text)
    };
    let button = button.wrap_mode(TextWrapMode::Extend);
    let response = enabled_ui(ui, is_enabled, |ui| ui.add(button)).on_hover_text(help);
    if response.clicked() {
        actions.push(action);
    }
    response
}

/// Draws widgets that may be disabled: their text is dimmed, but stays readable.
pub(crate) fn enabled_ui<R>(ui: &mut Ui, is_enabled: bool, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.add_enabled_ui(is_enabled, |ui| {
        if !ui.is_enabled() {
            ui.visuals_mut().override_text_color = Some(Palette::of(ui).weak);
        }
        add(ui)
    })
    .inner
}

/// Draws a button with only an icon; its label is for tooltips and assistive technology.
pub(crate) fn icon_button_ui(
    ui: &mut Ui,
    actions: &mut Actions,
    icon: Icon,
    color: Color32,
    action: Action,
) -> Response {
    let label = action.label();
    let label = name(&label);
    let help = format!("{label}: {}", sentence(&action.help(ui.ctx())));
    let response = icon_ui(ui, icon, color, &label).on_hover_text(help);
    if response.clicked() {
        actions.push(action);
    }
    response
}

/// Draws a clickable icon.
pub(crate) fn icon_ui(ui: &mut Ui, icon: Icon, color: Color32, label: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size::CONTROL), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), label));
    if ui.is_rect_visible(rect) {
        background(ui, rect, &response);
        let color = if ui.is_enabled() {
            color
        } else {
            Palette::of(ui).disabled
        };
        icon.paint(ui.painter(), rect, color);
    }
    response
}

/// Draws a button with an icon and a short text.
pub(crate) fn icon_text_ui(
    ui: &mut Ui,
    icon: Icon,
    color: Color32,
    text: &str,
    label: &str,
    is_selected: bool,
) -> Response {
    let galley = galley(ui, text, theme::body(), Palette::of(ui).text);
    let width = size::ICON + 2.0 + galley.size().x + 2.0 * size::STEP;
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::CONTROL), Sense::click());
    response
        .widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), is_selected, label));
    if ui.is_rect_visible(rect) {
        background_of(ui, rect, &response, is_selected);
        let left = rect.left() + size::STEP;
        icon.paint(ui.painter(), crate::icons::slot(rect, left), color);
        let at = egui::pos2(left + size::ICON + 2.0, rect.center().y);
        place(ui.painter(), at, Align2::LEFT_CENTER, galley);
    }
    response
}

/// Draws a text that acts like a link in a page.
pub(crate) fn link_ui(ui: &mut Ui, actions: &mut Actions, text: &str, action: Action) -> Response {
    let color = Palette::of(ui).accent;
    let help = sentence(&action.help(ui.ctx())).into_owned();
    let galley = cut_galley(ui, text, theme::body(), color, ui.max_rect().width());
    let is_cut = galley.elided;
    let mut response = ui.add(egui::Link::new(galley)).on_hover_text(help);
    if is_cut {
        response = response.on_hover_text(text);
    }
    if response.clicked() {
        actions.push(action);
    }
    response
}

/// The width of a button with this text.
pub(crate) fn button_width(ui: &Ui, text: &str) -> f32 {
    let padding = 2.0 * ui.spacing().button_padding.x;
    text_width(ui, &name(text)).ceil() + padding
}

/// Paints hover background and focus ring of something clickable.
pub(crate) fn background(ui: &Ui, rect: Rect, response: &Response) {
    background_of(ui, rect, response, false);
}

/// [`background`] of something that can be selected: while it is, it looks so under the pointer, too.
pub(crate) fn background_of(ui: &Ui, rect: Rect, response: &Response, is_selected: bool) {
    let palette = Palette::of(ui);
    if is_selected {
        ui.painter().rect_filled(rect, 2.0, palette.selected);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 2.0, palette.hover);
    }
    focus_ring(ui, rect, response);
}

/// Paints the focus ring if the widget has focus.
pub(crate) fn focus_ring(ui: &Ui, rect: Rect, response: &Response) {
    if response.has_focus() {
        let stroke = Stroke::new(1.0, Palette::of(ui).accent);
        ui.painter()
            .rect_stroke(rect, 2.0, stroke, StrokeKind::Inside);
    }
}
