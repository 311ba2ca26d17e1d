//! The titles of the columns: a click sorts, dragging an edge resizes, a menu shows and hides.

use egui::{
    Align2, EventFilter, Key, Modifiers, Popup, PopupCloseBehavior, Rangef, Rect, Response, Role,
    Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use callscope_session_view::words;

use super::layout::{EDGE, Layout};
use crate::action::{Action, Column, Sort};
use crate::icons::{Icon, slot};
use crate::keys::is_pressed;
use crate::model::columns::{COLUMNS, ColumnSettings, TimeFormat};
use crate::theme::{self, Palette, size};
use crate::views::parts::{
    Actions, background, cut_galley, enabled_ui, focus_ring, galley, give_keyboard_back, link_ui,
    mono_width, place, radio_group,
};

/// What the header shows.
pub(crate) struct HeaderData<'a> {
    pub(crate) columns: &'a ColumnSettings,
    pub(crate) sort: Option<Sort>,
    /// How many messages have arrived since the list was sorted.
    pub(crate) new_count: Option<u64>,
}

/// Lists narrower than this have no header: they have few columns, and the row menu includes the
/// menu of columns.
const LEAST_WIDTH: f32 = size::TWO_LINES;

/// Lists lower than this have no header either.
const LEAST_HEIGHT: f32 = 8.0 * size::ROW;

/// What stands after a column that is wanted, and that the list is too narrow for.
const NO_ROOM: &str = "no room at this width";

/// How far a key moves the edge of a column, in points.
const KEY_STEP: f32 = 8.0;

/// Draws the column titles, if there is room, and a line that says that the list is sorted.
pub(crate) fn header_ui(ui: &mut Ui, data: &HeaderData<'_>, actions: &mut Actions) {
    let space = ui.available_rect_before_wrap();
    let spacing = std::mem::take(&mut ui.spacing_mut().item_spacing.y);
    if space.width() >= LEAST_WIDTH && space.height() >= LEAST_HEIGHT {
        let (rect, _) = ui.allocate_exact_size(vec2(space.width(), size::ROW), Sense::hover());
        titles_ui(ui, rect, data, actions);
    }
    if let Some(sort) = data.sort {
        sorted_ui(ui, sort, data.new_count, actions);
    }
    ui.spacing_mut().item_spacing.y = spacing;
}

fn titles_ui(ui: &mut Ui, rect: Rect, data: &HeaderData<'_>, actions: &mut Actions) {
    let palette = Palette::of(ui);
    ui.painter().rect_filled(rect, 0.0, palette.header);
    let line = Stroke::new(1.0, palette.divider);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
    let layout = Layout::new(data.columns, rect.width(), mono_width(ui));
    let mut wants_menu = false;
    for title in titles(ui, &layout) {
        wants_menu |= title_ui(ui, rect, title, data.sort, actions);
    }
    for (column, range) in &layout.fixed {
        let is_left_edge = range.min >= layout.rest.max;
        if *column != Column::Direction {
            edge_ui(ui, rect, *column, *range, is_left_edge, actions);
        }
    }
    menu_button_ui(ui, rect, data.columns, wants_menu, actions);
}

/// A title, and where it is.
#[derive(Clone, Copy, Debug)]
struct Title {
    column: Column,
    range: Rangef,
    /// Shown in place of the words.
    icon: Option<Icon>,
}

/// The titles, from left to right.
///
/// Finding and summary are one text, in which the one begins where the other ends: two titles
/// above it would head each other's words. The summary has the one above the text, the finding
/// one above the marks, which is what the rows are sorted by.
fn titles(ui: &Ui, layout: &Layout) -> Vec<Title> {
    let title = |(column, range)| Title {
        column,
        range,
        icon: None,
    };
    let mut titles: Vec<Title> = layout.fixed.iter().copied().map(title).collect();
    let of_text = if layout.has_summary {
        Some(Column::Summary)
    } else {
        layout.has_finding.then_some(Column::Finding)
    };
    if let Some(column) = of_text {
        let width = title_width(ui, column.spec().title);
        if layout.rest.span() >= width {
            let range = Rangef::new(layout.rest.min, layout.rest.min + width);
            titles.push(title((column, range)));
        }
    }
    if layout.has_finding && of_text != Some(Column::Finding) {
        titles.push(Title {
            column: Column::Finding,
            range: layout.marks,
            icon: Some(Icon::Warning),
        });
    }
    titles.sort_by(|a, b| a.range.min.total_cmp(&b.range.min));
    titles
}

/// The width of a title with its sort arrow.
fn title_width(ui: &Ui, title: &str) -> f32 {
    let galley = galley(ui, title, theme::body(), Palette::of(ui).weak);
    galley.size().x + size::ICON
}

/// Draws a title; returns whether the user asked for the menu of columns.
fn title_ui(ui: &Ui, rect: Rect, title: Title, sort: Option<Sort>, actions: &mut Actions) -> bool {
    let Title {
        column,
        range,
        icon,
    } = title;
    let spec = column.spec();
    let palette = Palette::of(ui);
    let sort_here = sort.filter(|it| it.column == column);
    let cell = Rect::from_x_y_ranges(
        rect.left() + range.min - 2.0..=rect.left() + range.max + 2.0,
        rect.y_range(),
    );
    let response = ui.interact(cell, ui.scope_id().with(("title", spec.id)), Sense::click());
    let label = match sort_here {
        None => spec.title.to_owned(),
        Some(it) if it.is_descending => format!("{}, sorted descending", spec.title),
        Some(_) => format!("{}, sorted ascending", spec.title),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, label.as_str()));
    if response.hovered() {
        ui.painter().rect_filled(cell, 0.0, palette.hover);
    }
    focus_ring(ui, cell, &response);
    let arrow = if sort_here.is_some() { size::ICON } else { 0.0 };
    let color = if sort_here.is_some() {
        palette.text
    } else {
        palette.weak
    };
    let text = if let Some(icon) = icon {
        let place = slot(rect, cell.left() + 2.0);
        icon.paint(ui.painter(), place, color);
        place
    } else {
        let room = cell.width() - 4.0 - arrow;
        let text = cut_galley(ui, spec.title, theme::body(), color, room);
        let (x, align) = if spec.is_number {
            (cell.right() - 2.0 - arrow, Align2::RIGHT_CENTER)
        } else {
            (cell.left() + 2.0, Align2::LEFT_CENTER)
        };
        place(ui.painter(), pos2(x, rect.center().y), align, text)
    };
    if let Some(it) = sort_here {
        let icon = if it.is_descending {
            Icon::Unfolded
        } else {
            Icon::Up
        };
        icon.paint(ui.painter(), slot(rect, text.right()), palette.accent);
    }
    resize_by_key(ui, &response, column, range, actions);
    if response.clicked() {
        let sort = Sort::next(sort, column);
        actions.push(Action::Sort { sort });
    }
    let wants_menu = response.secondary_clicked();
    let next = match Sort::next(sort, column) {
        None => "Click for the session's order",
        Some(_) => "Click to sort",
    };
    let name = icon.map_or(String::new(), |_| format!("{}: ", spec.title));
    response.on_hover_text(format!(
        "{name}{}. {next}, Shift+←/→ to resize, right-click for more columns",
        spec.about
    ));
    wants_menu
}

/// Shift and the arrow keys resize the column whose title has focus.
fn resize_by_key(
    ui: &Ui,
    response: &Response,
    column: Column,
    range: Rangef,
    actions: &mut Actions,
) {
    if !response.has_focus() {
        return;
    }
    ui.memory_mut(|memory| {
        let filter = EventFilter {
            horizontal_arrows: true,
            ..EventFilter::default()
        };
        memory.set_focus_lock_filter(response.id, filter);
    });
    for (key, step) in [(Key::ArrowLeft, -KEY_STEP), (Key::ArrowRight, KEY_STEP)] {
        if is_pressed(ui.ctx(), Modifiers::SHIFT, key) {
            let width = Some(range.span() + step);
            actions.push(Action::ResizeColumn { column, width });
        }
    }
}

/// Draws the edge of a column, which can be dragged.
fn edge_ui(
    ui: &Ui,
    rect: Rect,
    column: Column,
    range: Rangef,
    is_left_edge: bool,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let x = if is_left_edge {
        range.min - size::STEP
    } else {
        range.max + size::STEP
    };
    let x = rect.left() + x;
    let handle = Rect::from_center_size(pos2(x, rect.center().y), vec2(6.0, rect.height()));
    let id = ui.scope_id().with(("edge", column.spec().id));
    let response = ui.interact(handle, id, Sense::CLICK | Sense::DRAG);
    response.widget_info(|| {
        let label = format!("Resize {}", column.spec().title.to_lowercase());
        WidgetInfo::labeled(Role::Splitter, true, label)
    });
    let is_active = response.hovered() || response.dragged();
    let color = if is_active {
        palette.accent
    } else {
        palette.divider
    };
    let inner = rect.y_range().shrink(if is_active { 0.0 } else { 4.0 });
    ui.painter().vline(x, inner, Stroke::new(1.0, color));
    if is_active {
        ui.ctx().set_cursor_icon(egui::CursorIcon::ResizeHorizontal);
    }
    if response.double_clicked() {
        let width = None;
        actions.push(Action::ResizeColumn { column, width });
    } else if let Some(at) = response.interact_pointer_pos()
        && response.dragged()
        // Otherwise it would ask forever for a width that does not fit.
        && response.drag_delta().x != 0.0
    {
        let at = at.x - rect.left();
        let width = if is_left_edge {
            range.max - at - size::STEP
        } else {
            at - range.min - size::STEP
        };
        let width = Some(width);
        actions.push(Action::ResizeColumn { column, width });
    }
}

/// Draws the button at the right end, above the scroll bar.
fn menu_button_ui(
    ui: &mut Ui,
    rect: Rect,
    columns: &ColumnSettings,
    wants_menu: bool,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let place = Rect::from_min_max(pos2(rect.right() - EDGE, rect.top()), rect.max);
    let response = ui.interact(place, ui.scope_id().with("columns"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Columns"));
    background(ui, place, &response);
    Icon::Columns.paint(ui.painter(), place, palette.weak);
    let response = response.on_hover_text("Which columns are shown, and how times are written");
    let popup = Popup::menu(&response);
    if wants_menu {
        Popup::open_id(ui.ctx(), popup.get_id());
    }
    popup
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| columns_menu_ui(ui, columns, rect.width(), actions));
    give_keyboard_back(&response);
}

/// The menu of columns.
pub(super) fn columns_menu_ui(
    ui: &mut Ui,
    columns: &ColumnSettings,
    list_width: f32,
    actions: &mut Actions,
) {
    columns_ui(ui, columns, list_width, actions);
    ui.separator();
    let reset = egui::Button::new(Action::ResetColumns.label());
    if enabled_ui(ui, !columns.is_default(), |ui| ui.add(reset)).clicked() {
        actions.push(Action::ResetColumns);
    }
}

/// Draws which columns are shown, and the time format.
pub(crate) fn columns_ui(
    ui: &mut Ui,
    columns: &ColumnSettings,
    list_width: f32,
    actions: &mut Actions,
) {
    // It has no width before it is drawn.
    let layout = (list_width > 0.0).then(|| Layout::new(columns, list_width, mono_width(ui)));
    for spec in &COLUMNS {
        let column = spec.column;
        let mut shown = columns.is_wanted(column);
        let has_no_room = shown && layout.as_ref().is_some_and(|it| !it.shows(column));
        ui.horizontal(|ui| {
            let response = ui.checkbox(&mut shown, spec.title);
            if response.on_hover_text(spec.about).changed() {
                actions.push(Action::ShowColumn { column, shown });
            }
            if has_no_room {
                ui.weak(NO_ROOM);
            }
        });
    }
    ui.separator();
    ui.scope(|ui| {
        radio_group(ui, "Time");
        for (format, label) in TimeFormat::ALL {
            if ui.radio(columns.time == format, label).clicked() {
                actions.push(Action::SetTimeFormat { format });
            }
        }
    });
}

/// Draws that the list is sorted, and therefore does not follow its end.
fn sorted_ui(ui: &mut Ui, sort: Sort, new_count: Option<u64>, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, palette.panel);
    let line = Stroke::new(1.0, palette.divider);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
    let inner = rect.shrink2(vec2(2.0 * size::STEP, 0.0));
    let title = sort.column.noun();
    let text = match new_count {
        None => format!("Sorted by {title}"),
        Some(0) => format!("Sorted by {title}: the list does not follow new messages"),
        Some(count) => {
            let count = words::count(count);
            format!("Sorted by {title}: {count} new, each in its place; the list does not follow")
        }
    };
    ui.scope_builder(egui::UiBuilder::new().max_rect(inner), |ui| {
        ui.horizontal_centered(|ui| {
            link_ui(ui, actions, "Session order", Action::Sort { sort: None });
            ui.add(egui::Label::new(egui::RichText::new(text).color(palette.weak)).truncate());
        });
    });
}
