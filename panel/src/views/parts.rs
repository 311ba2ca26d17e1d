//! Small building blocks that several views share.

use callscope_session_view::columns;
use callscope_session_view::short_type::short_type;
use callscope_session_view::visible::{self, name, sentence};
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{
    Align2, Button, Color32, FontId, Galley, Margin, Painter, Pos2, Rect, Response, RichText, Role,
    Sense, Stroke, StrokeKind, TextBuffer, TextWrapMode, Ui, UiBuilder, Vec2, WidgetInfo, vec2,
};
use std::borrow::Cow;
use std::sync::Arc;

use crate::action::{Action, Fold};
use crate::icons::Icon;
use crate::model::Folds;
use crate::theme::{self, Palette, STEP, size};

/// The user's actions.
pub(crate) type Actions = Vec<Action>;

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
        if is_selected {
            ui.painter()
                .rect_filled(rect, 2.0, Palette::of(ui).selected);
        }
        background(ui, rect, &response);
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

/// What a click on a row of a list selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    /// Only this row.
    Alone,
    /// Adds this row to the selection, or removes it.
    Toggle,
    /// All rows up to this one.
    UpTo,
}

impl Pick {
    /// The choice made by the modifier keys held.
    pub(crate) fn of(ui: &Ui) -> Self {
        let modifiers = ui.input(|input| input.modifiers);
        match (modifiers.shift, modifiers.command) {
            (true, _) => Self::UpTo,
            (_, true) => Self::Toggle,
            _ => Self::Alone,
        }
    }
}

/// Paints hover background and focus ring of something clickable.
pub(crate) fn background(ui: &Ui, rect: Rect, response: &Response) {
    let palette = Palette::of(ui);
    if response.hovered() {
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

/// Draws a bar across the whole width.
pub(crate) fn bar_ui<R>(ui: &mut Ui, fill: Color32, add: impl FnOnce(&mut Ui) -> R) -> R {
    let margin = Margin::symmetric(2 * STEP, if is_low(ui) { STEP / 2 } else { STEP });
    framed_bar_ui(ui, fill, margin, add)
}

/// The height of a bar with a single line of controls.
pub(crate) fn bar_height(ui: &Ui) -> f32 {
    if is_low(ui) {
        size::BAR - size::STEP
    } else {
        size::BAR
    }
}

/// Like [`bar_ui`], with other margins.
///
/// Contents that do not fit are clipped: they must not widen what comes below.
pub(crate) fn framed_bar_ui<R>(
    ui: &mut Ui,
    fill: Color32,
    margin: Margin,
    add: impl FnOnce(&mut Ui) -> R,
) -> R {
    let divider = Palette::of(ui).divider;
    let space = ui.available_rect_before_wrap();
    let mut bar = ui.new_child(UiBuilder::new().max_rect(space));
    // In a scroll area, the bar may be below the visible part.
    let below = Rect::from_x_y_ranges(space.x_range(), space.top()..=f32::INFINITY);
    bar.shrink_clip_rect(below);
    let response = egui::Frame::new()
        .fill(fill)
        .inner_margin(margin)
        .show(&mut bar, |ui| {
            ui.set_width(ui.available_width());
            add(ui)
        });
    let rect = response.response.rect.intersect(below);
    ui.advance_cursor_after_rect(rect);
    ui.painter().hline(
        rect.x_range(),
        rect.bottom() - 0.5,
        Stroke::new(1.0, divider),
    );
    response.inner
}

/// Draws the `width` wide end of a line from left to right, in the order in which it is read and
/// Tab goes through it.
pub(crate) fn at_end_ui<R>(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.add_space((ui.available_width() - width).max(0.0));
    add(ui)
}

/// The width of a button with this text.
pub(crate) fn button_width(ui: &Ui, text: &str) -> f32 {
    let padding = 2.0 * ui.spacing().button_padding.x;
    text_width(ui, &name(text)).ceil() + padding
}

/// Draws a thin vertical line between groups in a bar.
pub(crate) fn bar_divider_ui(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(1.0, size::CONTROL), Sense::hover());
    let stroke = Stroke::new(1.0, Palette::of(ui).divider);
    ui.painter().vline(
        rect.center().x,
        rect.shrink2(vec2(0.0, 3.0)).y_range(),
        stroke,
    );
}

/// Draws running text that wraps before its lines get too long to read.
pub(crate) fn prose_ui(ui: &mut Ui, text: impl Into<egui::WidgetText>) -> Response {
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width().min(size::PROSE));
        ui.add(egui::Label::new(text).wrap())
    })
    .inner
}

/// Draws a title with an arrow that folds what follows; returns whether it is unfolded.
pub(crate) fn section_ui(
    ui: &mut Ui,
    actions: &mut Actions,
    folds: &Folds,
    title: &str,
    remark: &str,
) -> bool {
    folded_section_ui(ui, actions, folds, title, remark, true)
}

/// Like [`section_ui`], with the state that applies until the user folds or unfolds it.
pub(crate) fn folded_section_ui(
    ui: &mut Ui,
    actions: &mut Actions,
    folds: &Folds,
    title: &str,
    remark: &str,
    is_unfolded_at_first: bool,
) -> bool {
    let palette = Palette::of(ui);
    let fold = Fold::Section {
        title: title.to_owned(),
    };
    let is_unfolded = folds.get(&fold).copied().unwrap_or(is_unfolded_at_first);
    let size = vec2(ui.available_width(), size::ROW);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| {
        WidgetInfo::selected(
            Role::DisclosureTriangle,
            ui.is_enabled(),
            is_unfolded,
            title,
        )
    });
    background(ui, rect, &response);
    let icon = if is_unfolded {
        Icon::Unfolded
    } else {
        Icon::Folded
    };
    icon.paint(
        ui.painter(),
        crate::icons::slot(rect, rect.left()),
        palette.weak,
    );
    let at = egui::pos2(rect.left() + size::ICON + size::STEP, rect.center().y);
    let title = cut_galley(ui, title, theme::body(), palette.text, rect.right() - at.x);
    let end = place(ui.painter(), at, Align2::LEFT_CENTER, title);
    let at = egui::pos2(end.right() + 2.0 * size::STEP, rect.center().y);
    let remark = cut_galley(ui, remark, theme::body(), palette.weak, rect.right() - at.x);
    place(ui.painter(), at, Align2::LEFT_CENTER, remark);
    if response.clicked() {
        actions.push(Action::SetUnfolded {
            fold,
            unfolded: !is_unfolded,
        });
    }
    is_unfolded
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

/// Whether the panel is so low that bars are limited to one line.
pub(crate) fn is_low(ui: &Ui) -> bool {
    let room = ui.ctx().content_rect();
    // In a narrow panel, a sentence takes more lines.
    let low = if room.width() < size::TWO_LINES {
        size::LOW_AND_NARROW
    } else {
        size::LOW
    };
    room.height() < low
}

/// Draws wrapping text in a bar, with a limited number of lines; the tooltip has the whole text.
pub(crate) fn lines_ui(ui: &mut Ui, text: &str, color: Color32) -> Response {
    colored_lines_ui(ui, &[(text, color)])
}

/// The most lines of a text in a bar.
pub(crate) fn most_lines(ui: &Ui) -> usize {
    if is_low(ui) { 1 } else { 4 }
}

/// Like [`lines_ui`], in several colors.
pub(crate) fn colored_lines_ui(ui: &mut Ui, parts: &[(&str, Color32)]) -> Response {
    limited_lines_ui(ui, parts, most_lines(ui))
}

/// Like [`colored_lines_ui`], with this many lines.
pub(crate) fn limited_lines_ui(
    ui: &mut Ui,
    parts: &[(&str, Color32)],
    most_lines: usize,
) -> Response {
    let mut job = LayoutJob::default();
    let mut is_long = false;
    for (index, (text, color)) in parts.iter().enumerate() {
        let space = if index == 0 { "" } else { " " };
        let text = format!("{space}{}", visible::visible(text));
        is_long |= has_long_words(&text);
        job.append(&text, 0.0, TextFormat::simple(theme::body(), *color));
    }
    job.wrap = TextWrapping {
        max_width: ui.available_width(),
        max_rows: most_lines,
        // A single line holds more if it may be cut off within a word.
        break_anywhere: most_lines == 1 || is_long,
        ..TextWrapping::default()
    };
    let galley = ui.painter().layout_job(job);
    ui.add(egui::Label::new(galley))
}

/// Draws running text within a line that wraps.
pub(crate) fn words_ui(ui: &mut Ui, text: &str, color: Color32) -> Response {
    if !has_long_words(text) {
        return ui.add(egui::Label::new(RichText::new(text).color(color)).wrap());
    }
    // egui would place a long word to the left of the line's start.
    let mut job = LayoutJob::simple(text.to_owned(), theme::body(), color, ui.max_rect().width());
    job.wrap.break_anywhere = true;
    let galley = ui.painter().layout_job(job);
    ui.add(egui::Label::new(galley))
}

/// Whether a text has words too long for a narrow line.
fn has_long_words(text: &str) -> bool {
    const LONG: usize = 24;
    let mut words = text.split_whitespace();
    words.any(|word| word.chars().nth(LONG).is_some())
}

/// The scroll area of a view: everything can be reached, however little room there is.
pub(crate) fn scroll_area(id: &str) -> egui::ScrollArea {
    egui::ScrollArea::vertical()
        .auto_shrink(false)
        // Otherwise the area would extend below the bars, out of reach.
        .min_scrolled_height(0.0)
        .id_salt(id)
}

/// A menu below a button, which scrolls if the panel is too low for it.
pub(crate) fn menu_ui(button: &Response, add: impl FnOnce(&mut Ui)) {
    popup_menu_ui(egui::Popup::menu(button), add);
    give_keyboard_back(button);
}

/// Gives the keyboard to the button of a popup that was just closed by a key: what had it in there
/// is gone.
pub(crate) fn give_keyboard_back(button: &Response) {
    let ctx = &button.ctx;
    let popup = egui::Popup::default_response_id(button);
    let is_open = egui::Popup::is_id_open(ctx, popup);
    let name = popup.with("was open");
    let was_open =
        ctx.data_mut(|data| std::mem::replace(data.get_temp_mut_or_default(name), is_open));
    let keys = [egui::Key::Escape, egui::Key::Enter, egui::Key::Space];
    if was_open && !is_open && ctx.input(|input| keys.iter().any(|key| input.key_pressed(*key))) {
        button.request_focus();
    }
}

/// Like [`menu_ui`], for a popup that can be opened in other ways too.
pub(crate) fn popup_menu_ui(popup: egui::Popup<'_>, add: impl FnOnce(&mut Ui)) {
    popup
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            let screen = ui.ctx().content_rect();
            let room = screen.bottom() - ui.cursor().top() - 4.0 * size::STEP;
            let height = room.max(4.0 * size::ROW);
            egui::ScrollArea::vertical()
                .max_height(height)
                // A popup would make it lower unless a minimum is set.
                .min_scrolled_height(height)
                .show(ui, add);
        });
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

/// Draws the triangle of a foldable part, and its focus ring.
pub(crate) fn triangle_ui(ui: &Ui, rect: Rect, response: &Response, is_unfolded: bool) {
    focus_ring(ui, rect, response);
    let icon = if is_unfolded {
        Icon::Unfolded
    } else {
        Icon::Folded
    };
    icon.paint(ui.painter(), rect, Palette::of(ui).weak);
}

/// Which of `count` rows of a list are in its viewport.
pub(crate) fn rows_in(viewport: Rect, count: usize) -> std::ops::Range<usize> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates"
    )]
    let row = |y: f32| (y / size::ROW).floor().max(0.0) as usize;
    row(viewport.top()).min(count)..(row(viewport.bottom()) + 1).min(count)
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

/// Lays out the text of a single-line field without changing it: each invisible character is drawn
/// as `�`, so that the cursor is where it should be.
pub(crate) fn lay_out_line(ui: &Ui, text: &dyn TextBuffer, _: f32) -> Arc<Galley> {
    let color = Palette::of(ui).text;
    lay_out_line_as(ui, text, theme::mono(), color)
}

/// Like [`lay_out_line`], in another font and color.
pub(crate) fn lay_out_line_as(
    ui: &Ui,
    text: &dyn TextBuffer,
    font: FontId,
    color: Color32,
) -> Arc<Galley> {
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

/// Draws an icon in a line of text.
pub(crate) fn icon_slot_ui(ui: &mut Ui, icon: Icon, color: Color32) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(size::ICON), Sense::hover());
    icon.paint(ui.painter(), rect, color);
}
