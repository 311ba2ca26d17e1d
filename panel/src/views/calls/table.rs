//! The table of calls, one row each. Where space is short, the least important columns are dropped.

use callscope_protocol::CallDirection;
use callscope_session_view::calls::{CallRow, Lasting};
use callscope_session_view::columns;
use callscope_session_view::words::{self, UtcOffset};
use egui::{
    Align2, Color32, FontId, Frame, Key, Modifiers, Rect, RectAlign, Response, Role, Sense, Stroke,
    StrokeKind, Tooltip, Ui, WidgetInfo, pos2, vec2,
};

use crate::action::Action;
use crate::icons::{Icon, slot};
use crate::keys::is_pressed;
use crate::model::CallsData;
use crate::theme::{self, Palette, size};
use crate::views::parts::{
    Actions, background, cut_galley, focus_ring, mono_width, place, text_width,
};
use crate::views::row_menu::{RowMenu, list_has_keyboard, row_menu_ui};

/// A column.
struct Column {
    head: &'static str,
    /// The text of its cell for a call.
    cell: fn(&CallRow, UtcOffset) -> String,
    /// The most characters that it shows where space is short.
    most: usize,
    /// The longest text that comes from the SDK as it should be; where there is space, it fits,
    /// whatever the present calls have, so that a new one does not move the columns.
    longest: &'static str,
    /// Where space is short, the column with the highest rank is dropped first.
    rank: u8,
    is_mono: bool,
    is_right: bool,
}

impl Column {
    const fn new(
        rank: u8,
        head: &'static str,
        most: usize,
        cell: fn(&CallRow, UtcOffset) -> String,
    ) -> Self {
        Self {
            head,
            cell,
            most,
            longest: "",
            rank,
            is_mono: false,
            is_right: false,
        }
    }

    const fn longest(self, longest: &'static str) -> Self {
        Self { longest, ..self }
    }

    const fn mono(self) -> Self {
        Self {
            is_mono: true,
            ..self
        }
    }

    const fn right(self) -> Self {
        Self {
            is_mono: true,
            is_right: true,
            ..self
        }
    }
}

/// The columns from left to right.
static COLUMNS: [Column; 12] = [
    Column::new(0, "Call", 8, |row, _| number(row)).mono(),
    Column::new(6, "Began", 12, |row, offset| offset.time_of_day(row.at)).mono(),
    Column::new(1, "Number", 20, |row, _| {
        row.number.clone().unwrap_or_default()
    })
    .mono(),
    Column::new(11, "Own number", 20, |row, _| {
        row.own_number.clone().unwrap_or_default()
    })
    .mono(),
    Column::new(4, "Ringing", 9, |row, _| row.ringing_words()).right(),
    Column::new(2, "Talking", 9, |row, _| row.talking_words()).right(),
    // Also with the name of the SDK's constant, which M13 reports, in place of its value.
    Column::new(3, "State", 24, |row, _| row.state()).longest("transferred · INTERNAL_NO_ANSWER"),
    Column::new(7, "Engagement", 26, |row, _| row.engagement_words())
        .longest("180008871280 by the widget"),
    Column::new(5, "Slowest", 12, |row, _| slowest(row)).right(),
    Column::new(9, "Median", 9, |row, _| {
        row.median.map_or(String::new(), words::duration)
    })
    .right(),
    Column::new(8, "Finding", 60, |row, _| {
        row.finding_words().unwrap_or_default()
    }),
    Column::new(10, "externalCallId", 36, |row, _| {
        row.external_call_id.clone().unwrap_or_default()
    })
    .mono(),
];

/// The column that takes the remaining space.
const FINDING: &str = "Finding";

/// `1`, `2·1` for the first call of the second conversation if there are several.
fn number(row: &CallRow) -> String {
    let serial = row.id.serial;
    match row.conversation {
        Some(conversation) => format!("{conversation}·{serial}"),
        None => serial.to_string(),
    }
}

/// The slowest answer, received or not.
fn slowest(row: &CallRow) -> String {
    let answered = row.slowest.map(|it| it.latency);
    match row.waiting {
        Some((_, waited)) if answered.is_none_or(|answered| waited > answered) => {
            format!("{}…", words::seconds(waited))
        }
        _ => answered.map_or(String::new(), words::duration),
    }
}

/// The columns, from the left edge.
struct Places {
    /// The shown columns, each with its left edge and width.
    shown: Vec<(&'static Column, f32, f32)>,
    pick: f32,
    direction: f32,
    severity: f32,
    follow: f32,
    menu: f32,
}

impl Places {
    fn new(ui: &Ui, data: &CallsData, cells: &[Vec<String>]) -> Self {
        let digit = mono_width(ui);
        let gap = 2.0 * size::STEP;
        let room = ui.max_rect().width();
        let pick = size::STEP;
        let direction = pick + size::CONTROL;
        let severity = direction + size::ICON + size::STEP;
        let begin = severity + size::ICON + size::STEP;
        let menu = room - size::CONTROL - size::STEP;
        let follow = menu - size::CONTROL;
        let widths: Vec<f32> = COLUMNS
            .iter()
            .enumerate()
            .map(|(index, column)| {
                let texts = cells.iter().filter_map(|row| row.get(index));
                let widest = texts.map(|it| columns::width(it)).max().unwrap_or(0);
                let is_empty = widest == 0;
                let letters = widest.min(column.most).max(columns::width(column.head) + 1);
                if is_empty && !data.table.rows.is_empty() {
                    0.0
                } else {
                    letters as f32 * digit
                }
            })
            .collect();
        let mut order: Vec<usize> = (0..COLUMNS.len()).filter(|it| widths[*it] > 0.0).collect();
        order.sort_by_key(|index| COLUMNS[*index].rank);
        let mut left = follow - begin;
        let mut fits = vec![false; COLUMNS.len()];
        let mut taken = widths.clone();
        for index in order {
            let width = widths[index];
            // This column is worth showing as soon as a few words of a sentence fit.
            let least = if COLUMNS[index].head == FINDING {
                width.min(24.0 * digit)
            } else if COLUMNS[index].rank <= 1 {
                0.0
            } else {
                width
            };
            if least + gap > left {
                break;
            }
            taken[index] = width.min(left - gap);
            left -= taken[index] + gap;
            fits[index] = true;
        }
        for (index, column) in COLUMNS.iter().enumerate() {
            if fits[index] && !column.longest.is_empty() {
                let wanted = text_width(ui, column.longest) - taken[index];
                let more = wanted.clamp(0.0, left.max(0.0));
                taken[index] += more;
                left -= more;
            }
        }
        let mut x = begin;
        let mut shown = Vec::new();
        for (index, column) in COLUMNS.iter().enumerate() {
            if !fits[index] {
                continue;
            }
            let more = if column.head == FINDING { left } else { 0.0 };
            let width = taken[index] + more;
            shown.push((column, x, width));
            x += width + gap;
        }
        Self {
            shown,
            pick,
            direction,
            severity,
            follow,
            menu,
        }
    }
}

/// Draws the table.
pub(super) fn table_ui(ui: &mut Ui, data: &CallsData, actions: &mut Actions) {
    let rows = &data.table.rows;
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let cells = COLUMNS.iter().map(|column| (column.cell)(row, data.offset));
            cells.collect()
        })
        .collect();
    let places = Places::new(ui, data, &cells);
    let width = ui.max_rect().width();
    let (head, _) = ui.allocate_exact_size(vec2(width, size::ROW), Sense::hover());
    heads_ui(ui, head, &places);
    let height = rows.len() as f32 * size::ROW;
    let (list, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    focus_ui(ui, list, data, actions);
    (ui.ctx()).accesskit_node_builder(super::calls_list_id(), |it| it.set_row_count(rows.len()));
    drop(response);
    let rect_of = |index: usize| {
        let top = list.top() + index as f32 * size::ROW;
        Rect::from_min_size(pos2(list.left(), top), vec2(width, size::ROW))
    };
    let selected = rows.iter().position(|row| data.selected == Some(row.id));
    if let Some(selected) = selected.filter(|_| data.reveals) {
        // With the row before and after it.
        let around = rect_of(selected).expand2(vec2(0.0, size::ROW));
        ui.scroll_to_rect_animation(around, None, egui::style::ScrollAnimation::none());
    }
    for (index, (row, cells)) in rows.iter().zip(&cells).enumerate() {
        let rect = rect_of(index);
        let is_selected = data.selected == Some(row.id);
        if !ui.is_rect_visible(rect) {
            continue;
        }
        ui.push_id(("call", row.id), |ui| {
            let row_id = row_ui(ui, rect, &places, (row, cells), is_selected, data, actions);
            (ui.ctx()).accesskit_node_builder(row_id, |it| it.set_row_index(index));
        });
    }
}

fn heads_ui(ui: &Ui, rect: Rect, places: &Places) {
    let palette = Palette::of(ui);
    ui.painter().rect_filled(rect, 0.0, palette.header);
    for (column, x, width) in &places.shown {
        text_ui(
            ui,
            rect,
            (*x, *width),
            column.head,
            (theme::body(), palette.weak),
            column.is_right,
        );
    }
}

fn text_ui(
    ui: &Ui,
    rect: Rect,
    (x, width): (f32, f32),
    text: &str,
    (font, color): (FontId, Color32),
    is_right: bool,
) {
    if text.is_empty() {
        return;
    }
    let galley = cut_galley(ui, text, font, color, width);
    let (x, align) = if is_right {
        (x + width, Align2::RIGHT_CENTER)
    } else {
        (x, Align2::LEFT_CENTER)
    };
    let at = pos2(rect.left() + x, rect.center().y);
    place(ui.painter(), at, align, galley);
}

/// Lets the list take keyboard focus, and marks a call with its keys.
fn focus_ui(ui: &Ui, rect: Rect, data: &CallsData, actions: &mut Actions) {
    let response = super::list_focus_ui(ui, rect, "Calls");
    let selected = data
        .table
        .rows
        .iter()
        .find(|it| data.selected == Some(it.id));
    let Some(selected) = selected.filter(|_| response.has_focus()) else {
        return;
    };
    let is_picked = data.picked.contains(&selected.id);
    if is_pressed(ui.ctx(), Modifiers::NONE, Key::Space) {
        actions.push(pick(selected, !is_picked));
    }
}

const fn pick(row: &CallRow, on: bool) -> Action {
    Action::PickCall {
        conversation: row.id.conversation.0,
        call: row.id.serial,
        on,
    }
}

/// The actions that compare the marked call with this one.
const fn chosen(row: &CallRow) -> [Action; 2] {
    [pick(row, true), Action::CompareCalls]
}

fn row_ui(
    ui: &Ui,
    rect: Rect,
    places: &Places,
    (row, cells): (&CallRow, &[String]),
    is_selected: bool,
    data: &CallsData,
    actions: &mut Actions,
) -> egui::Id {
    let palette = Palette::of(ui);
    let response = ui.interact(rect, ui.scope_id().with("row"), Sense::CLICK);
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, is_selected, row.label()));
    let painter = ui.painter();
    let is_picked = data.picked.contains(&row.id);
    if is_selected {
        painter.rect_filled(rect, 0.0, palette.selected);
    } else if response.hovered() {
        painter.rect_filled(rect, 0.0, palette.hover);
    }
    if is_selected && ui.memory(|memory| memory.has_focus(super::calls_list_id())) {
        let stroke = Stroke::new(1.0, palette.accent);
        painter.rect_stroke(rect, 0.0, stroke, StrokeKind::Inside);
    }
    direction_ui(ui, rect, places, row);
    if let Some((severity, ..)) = &row.finding {
        let at = slot(rect, rect.left() + places.severity);
        Icon::from(*severity).paint(painter, at, palette.severity(*severity));
    }
    for (column, x, width) in &places.shown {
        let index = COLUMNS.iter().position(|it| it.head == column.head);
        let cell = index.and_then(|index| cells.get(index));
        let text = cell.map_or("", String::as_str);
        let font = if column.is_mono {
            theme::mono()
        } else {
            theme::body()
        };
        let color = color(column, row, palette);
        text_ui(ui, rect, (*x, *width), text, (font, color), column.is_right);
    }
    let is_adding = ui.input(|input| input.modifiers.command);
    pick_ui(ui, rect, places, row, is_picked, actions);
    follow_ui(ui, rect, places, row, actions);
    call_menu_ui(ui, rect, places, row, is_selected, actions);
    if response.clicked() {
        ui.memory_mut(|memory| memory.request_focus(super::calls_list_id()));
        if data.choosing_for.is_some() && !is_picked {
            actions.extend(chosen(row));
        } else if is_adding {
            actions.push(pick(row, !is_picked));
        } else {
            actions.push(Action::SelectSeq { seq: row.first_seq });
        }
    }
    let right = rect.with_min_x(slot(rect, rect.left() + places.pick).right());
    tooltip_ui(ui, &response, right, RectAlign::BOTTOM_START, &tooltip(row));
    response.id
}

/// Shows a tooltip of `response` at `place`, which is to the right of the checkbox, and goes no
/// further left: it must not cover the checkboxes of other calls, which are picked next.
fn tooltip_ui(ui: &Ui, response: &Response, place: Rect, align: RectAlign, text: &str) {
    const GAP: f32 = 4.0;
    let mut tooltip = Tooltip::for_enabled(response).gap(GAP);
    let popup = tooltip.popup.anchor(place).align(align);
    tooltip.popup = popup.align_alternatives(&[RectAlign::TOP_START]);
    let frame = Frame::popup(ui.style()).total_margin().sum().x;
    let begin = if align == RectAlign::RIGHT {
        place.right() + GAP
    } else {
        place.left()
    };
    let room = ui.ctx().content_rect().right() - begin - frame;
    let width = ui.spacing().tooltip_width.min(room);
    tooltip.width(width).show(|ui| {
        ui.set_max_width(width);
        ui.label(text);
    });
    (ui.ctx()).accesskit_node_builder(response.id, |it| it.set_description(text));
}

fn color(column: &Column, row: &CallRow, palette: &Palette) -> Color32 {
    use callscope_session_view::calls::Engagement;

    match (column.head, &row.finding) {
        (FINDING, Some((severity, ..))) => palette.severity(*severity),
        ("Engagement", _) if matches!(row.engagement, Engagement::Missing | Engagement::Failed) => {
            palette.warning
        }
        ("Began" | "Own number" | "externalCallId" | "Median", _) => palette.weak,
        _ => palette.text,
    }
}

/// Everything about the call, one item per line, including what did not fit.
fn tooltip(row: &CallRow) -> String {
    let mut lines = vec![format!("{}, {}", row.name, row.direction_word())];
    let mut add = |name: &str, value: Option<String>| {
        lines.extend(value.map(|value| format!("{name} {value}")));
    };
    add("numbers", row.numbers());
    add("state", Some(row.state()));
    add("ringing", row.ringing.map(Lasting::words));
    add("talking", row.talking.map(Lasting::words));
    add("engagement", Some(row.engagement_words()));
    add("externalCallId", row.external_call_id.clone());
    add("answers", row.latency());
    add("messages", Some(words::count(row.message_count)));
    lines.extend(row.unsure_words());
    lines.extend(row.finding_words());
    lines.join("\n")
}

fn direction_ui(ui: &Ui, rect: Rect, places: &Places, row: &CallRow) {
    let palette = Palette::of(ui);
    let at = slot(rect, rect.left() + places.direction);
    match row.direction {
        Some(CallDirection::Outbound) => Icon::Right.paint(ui.painter(), at, palette.accent),
        Some(CallDirection::Inbound) => Icon::Left.paint(ui.painter(), at, palette.widget),
        None => {}
    }
}

/// Draws the checkbox that marks the call for comparison.
fn pick_ui(
    ui: &Ui,
    rect: Rect,
    places: &Places,
    row: &CallRow,
    is_picked: bool,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let action = pick(row, !is_picked);
    let label = format!("Compare {}", row.name);
    let whole = slot(rect, rect.left() + places.pick);
    let response = ui.interact(whole, ui.scope_id().with("pick"), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_picked, &label));
    let boxed = Rect::from_center_size(whole.center().round(), vec2(11.0, 11.0));
    let stroke = Stroke::new(1.0, palette.outline);
    ui.painter()
        .rect_stroke(boxed, 2.0, stroke, StrokeKind::Inside);
    if is_picked {
        Icon::Ok.paint(ui.painter(), whole, palette.accent);
    }
    focus_ring(ui, whole, &response);
    let help = action.help(ui.ctx());
    tooltip_ui(ui, &response, whole, RectAlign::RIGHT, &help);
    if response.clicked() {
        actions.push(action);
    }
}

fn follow_ui(ui: &Ui, rect: Rect, places: &Places, row: &CallRow, actions: &mut Actions) {
    let (label, action) = Action::follow_named(row.id, &row.name);
    let at = pos2(rect.left() + places.follow, rect.top());
    let whole = Rect::from_min_size(at, vec2(size::CONTROL, size::ROW));
    let response = ui.interact(whole, ui.scope_id().with("follow"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    background(ui, whole, &response);
    Icon::Search.paint(ui.painter(), whole, Palette::of(ui).accent);
    let help = format!("{label}: {}", action.help(ui.ctx()));
    if response.on_hover_text(help).clicked() {
        actions.push(action);
    }
}

/// Draws the context menu of a call.
fn call_menu_ui(
    ui: &Ui,
    rect: Rect,
    places: &Places,
    row: &CallRow,
    is_selected: bool,
    actions: &mut Actions,
) {
    let items = || {
        let first = Action::SelectSeq { seq: row.first_seq };
        let mut items = vec![
            Action::follow_named(row.id, &row.name),
            Action::compare_named(row.id, &row.name),
            (first.label(), first),
        ];
        let copies = [
            ("Copy number", &row.number),
            ("Copy externalCallId", &row.external_call_id),
        ];
        for (label, text) in copies {
            if let Some(text) = text {
                let (what, text) = ("Value".to_owned(), text.clone());
                items.push((label.to_owned(), Action::Copy { what, text }));
            }
        }
        items
    };
    let at = pos2(rect.left() + places.menu, rect.top());
    let menu = RowMenu {
        line: rect,
        button: Rect::from_min_size(at, vec2(size::CONTROL, size::ROW)),
        label: format!("Menu of {}", row.name),
        has_keyboard: is_selected && list_has_keyboard(ui, super::calls_list_id()),
        items: &items,
        is_tab_stop: false,
    };
    row_menu_ui(ui, menu, actions);
}
