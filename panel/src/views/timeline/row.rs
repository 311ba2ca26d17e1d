//! A row.

use std::borrow::Cow;

use egui::{Align2, Pos2, Rangef, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2};

use callscope_protocol::{Severity, Side};
use callscope_session_view::rows::{InsideRow, Mark, MessageRow, RowBody, RowText};
use callscope_session_view::{columns, words};

use super::layout::{Layout, arrow};
use crate::action::{Action, Fold};
use crate::icons::{Icon, slot};
use crate::model::columns::{Clock, Column};
use crate::theme::{self, Palette, size};
use crate::views::parts::{Actions, Pick, cut_galley, cut_type, galley, place};

/// What a row is drawn with, besides its texts.
pub(super) struct RowContext<'a> {
    /// Its place in the list.
    pub(super) place: usize,
    pub(super) layout: &'a Layout,
    pub(super) clock: Clock,
    pub(super) is_selected: bool,
    /// Whether it is the selected row whose details are shown.
    pub(super) is_lead: bool,
    /// How it relates to the selected row.
    pub(super) tie: Option<&'static str>,
    /// The reason, if a scenario failed here.
    pub(super) failure: Option<&'a String>,
}

/// The width of the bar before the row where a scenario failed.
const FAILED: f32 = 3.0;

/// Draws a row; returns whether it is hovered.
pub(super) fn row_ui(
    ui: &Ui,
    rect: Rect,
    context: &RowContext<'_>,
    row: &RowText,
    actions: &mut Actions,
) -> bool {
    let palette = Palette::of(ui);
    let is_selected = context.is_selected;
    let response = ui.interact(rect, ui.scope_id().with(row.id), Sense::CLICK);
    response.widget_info(|| {
        let mut label = row.label();
        if let Some(tie) = context.tie {
            label.push_str(", ");
            label.push_str(tie);
        }
        if let Some(failure) = context.failure {
            label.push_str(", ");
            label.push_str(failure);
        }
        WidgetInfo::selected(Role::ListItem, true, is_selected, label)
    });
    (ui.ctx()).accesskit_node_builder(response.id, |it| {
        it.set_row_index(context.place);
        if context.is_lead {
            it.set_aria_current(egui::accesskit::AriaCurrent::True);
        }
        if let Some(is_unfolded) = row.fold {
            it.set_expanded(is_unfolded);
        }
    });
    let painter = ui.painter();
    if is_selected {
        painter.rect_filled(rect, 0.0, palette.selected);
        if context.is_lead && ui.memory(|memory| memory.has_focus(super::list_id())) {
            let stroke = egui::Stroke::new(1.0, palette.accent);
            painter.rect_stroke(rect, 0.0, stroke, egui::StrokeKind::Inside);
        }
    } else if response.hovered() {
        painter.rect_filled(rect, 0.0, palette.hover);
    }

    if context.failure.is_some() {
        let bar = Rect::from_min_size(rect.min, egui::vec2(FAILED, rect.height()));
        painter.rect_filled(bar, 0.0, palette.error);
    }

    let mut cells = Cells {
        ui,
        rect,
        x: Rangef::NOTHING,
        pointer: response.hover_pos(),
        full: None,
        is_on_finding: false,
        finding: None,
    };
    match &row.body {
        RowBody::Message(message) => message_ui(&mut cells, context, row, message),
        RowBody::Gap(words) => other_ui(
            &mut cells,
            context,
            row,
            words,
            Some(Icon::Gap),
            palette.warning,
        ),
        RowBody::Inside(inside) => {
            let (icon, color) = sign(inside, palette);
            other_ui(&mut cells, context, row, &inside.line(), icon, color);
        }
        RowBody::Remark(words) => {
            other_ui(&mut cells, context, row, words, None, palette.weak);
        }
    }
    let full = match context.failure {
        Some(failure) => Some(columns::cut(failure, super::LONGEST_TOOLTIP).into_owned()),
        None => cells.tooltip(),
    };
    if let Some(is_unfolded) = row.fold {
        fold_ui(ui, rect, row.id, is_unfolded, actions);
    }
    clicked(ui, &response, row, actions);
    let is_hovered = response.hovered();
    if let Some(full) = full {
        response.on_hover_text_at_pointer(full);
    }
    is_hovered
}

fn clicked(ui: &Ui, response: &Response, row: &RowText, actions: &mut Actions) {
    if response.clicked() || response.secondary_clicked() {
        ui.memory_mut(|memory| memory.request_focus(super::list_id()));
    }
    if response.clicked() {
        let id = row.id;
        actions.push(match Pick::of(ui) {
            Pick::Alone => Action::Select { id },
            Pick::Toggle => Action::ToggleSelected { id },
            Pick::UpTo => Action::Extend { id },
        });
    }
    if response.secondary_clicked() {
        super::menu::open(ui.ctx());
        let at = response.interact_pointer_pos().map(|at| (at.x, at.y));
        actions.push(Action::OpenMenu { id: row.id, at });
    }
    if response.double_clicked()
        && let Some(is_unfolded) = row.fold
    {
        actions.push(set_unfolded(row.id, !is_unfolded));
    }
}

/// The sign and color of a report. The eye stands for what a page said about itself: what Callscope
/// itself found has only the mark of its finding.
const fn sign(inside: &InsideRow, palette: &Palette) -> (Option<Icon>, egui::Color32) {
    match inside.side {
        Some(_) => (Some(Icon::Inside), palette.inside),
        None => (None, palette.text),
    }
}

/// Draws a row that is not a message: times, then text across the whole width.
fn other_ui(
    cells: &mut Cells<'_>,
    context: &RowContext<'_>,
    row: &RowText,
    words: &str,
    icon: Option<Icon>,
    color: egui::Color32,
) {
    let layout = context.layout;
    for (column, range) in &layout.fixed {
        if matches!(column, Column::Time | Column::Delta) {
            cell_ui(cells, *column, *range, context, row);
        }
    }
    let mut x = layout.words();
    let severity = row.mark.as_ref().map(|mark| mark.severity);
    let palette = Palette::of(cells.ui);
    let severity = severity.map(|it| (Icon::from(it), palette.severity(it)));
    for (icon, color) in severity.into_iter().chain(icon.map(|icon| (icon, color))) {
        let rect = cells.rect;
        icon.paint(cells.ui.painter(), slot(rect, rect.left() + x), color);
        x += size::ICON + size::STEP;
    }
    // Such a row has nothing on the right.
    let end = layout.fixed.iter().map(|(_, range)| range.max);
    let end = end.fold(layout.rest.max, f32::max);
    cells.go_to(Rangef::new(x, end));
    cells.put(words, color, theme::body());
}

fn message_ui(
    cells: &mut Cells<'_>,
    context: &RowContext<'_>,
    row: &RowText,
    message: &MessageRow,
) {
    let palette = Palette::of(cells.ui);
    let (ui, rect) = (cells.ui, cells.rect);
    let layout = context.layout;
    let mut is_told = false;
    for (column, range) in &layout.fixed {
        match column {
            Column::Direction => {
                arrow_ui(
                    ui,
                    rect,
                    rect.left() + range.min,
                    layout.digit,
                    message.from,
                );
            }
            Column::Type => is_told = type_ui(cells, *range, layout, row, message),
            _ => cell_ui(cells, *column, *range, context, row),
        }
    }
    let mut marks = rect.left() + layout.marks.min;
    if let Some(mark) = &row.mark {
        let color = palette.severity(mark.severity);
        Icon::from(mark.severity).paint(ui.painter(), slot(rect, marks), color);
        marks += size::ICON;
    } else if layout.marks.span() > size::ICON + size::STEP {
        // Injected messages always have their mark in the same place, with or without a finding.
        marks += size::ICON;
    }
    if message.injected && marks + size::ICON <= rect.left() + layout.marks.max + size::STEP {
        Icon::Injected.paint(ui.painter(), slot(rect, marks), palette.injected);
    }
    rest_ui(cells, context, row, message, is_told);
}

/// The row's error or warning, if findings are shown.
fn problem<'a>(layout: &Layout, row: &'a RowText) -> Option<&'a Mark> {
    let mark = row.mark.as_ref().filter(|_| layout.has_finding);
    mark.filter(|it| it.severity > Severity::Note)
}

/// The sentence of a row's worst finding. What it begins with stands before it in a column of its
/// own.
fn sentence<'a>(layout: &Layout, row: &'a RowText, mark: &'a Mark) -> &'a str {
    let has_type = layout.place(Column::Type).is_some();
    match row.finding() {
        Some(finding) if has_type => finding,
        _ => &mark.message,
    }
}

/// Draws the columns that share the remaining space; `is_told` if the row's finding was already
/// drawn.
fn rest_ui(
    cells: &mut Cells<'_>,
    context: &RowContext<'_>,
    row: &RowText,
    message: &MessageRow,
    mut is_told: bool,
) {
    let layout = context.layout;
    let palette = Palette::of(cells.ui);
    cells.go_to(layout.rest);
    if let Some(conversation) = row.conversation.filter(|_| !layout.is_narrow) {
        cells.put(&format!("#{conversation}"), palette.weak, theme::mono());
    }
    let mark = row.mark.as_ref().filter(|_| layout.has_finding);
    let finding = mark.map(|mark| sentence(layout, row, mark));
    let problem = problem(layout, row);
    // More than a few letters of a note have to fit, and beside the length of a run.
    let least = 5.0 * Cells::LEAST;
    if let Some(run) = message.run.as_ref().filter(|_| layout.has_room_for_rest()) {
        let mut count = run.words();
        let rest = cells.room() - count.chars().count() as f32 * layout.digit;
        if problem.is_some() && rest < least + 2.0 * size::STEP {
            // What is wrong matters more than how long it took.
            count = format!("×{}", words::count(run.count));
        }
        cells.put(&count, palette.text, theme::mono());
    }
    if let Some(failure) = context.failure {
        cells.put(failure, palette.error, theme::body());
    }
    // However little of it fits: its beginning says more than that of the summary.
    if let Some((problem, finding)) = problem.zip(finding).filter(|_| layout.has_room_for_rest()) {
        let color = palette.severity(problem.severity);
        is_told = cells.put_finding(finding, color);
    }
    let has_note = |cells: &Cells<'_>| problem.is_none() && cells.room() >= least;
    // HubSpot's words for a failure are in the finding as well.
    let is_said =
        row.quotes_summary() && finding.is_some_and(|_| problem.is_some() || has_note(cells));
    let has_room = problem.is_none() || layout.has_room_for_rest();
    if layout.has_summary && !is_said && has_room {
        cells.put(&message.summary, palette.text, theme::body());
    }
    // A note comes after the summary, so that it moves nothing, in what room is left.
    if let Some(finding) = finding.filter(|_| has_note(cells)) {
        let stands_for_it = layout.has_summary && is_said;
        let color = if stands_for_it {
            palette.text
        } else {
            palette.weak
        };
        is_told = cells.put_finding(finding, color);
    }
    if let Some(mark) = mark.filter(|_| !is_told && cells.pointer.is_some()) {
        let whole = columns::cut(&mark.message, super::LONGEST_TOOLTIP);
        cells.finding = Some(whole.into_owned());
    }
}

/// Draws the type, shortened in the middle: many begin alike.
///
/// Where nothing but the type has room, it shares that with the sentence of an error or a warning;
/// returns whether all of this can be read.
fn type_ui(
    cells: &mut Cells<'_>,
    range: Rangef,
    layout: &Layout,
    row: &RowText,
    message: &MessageRow,
) -> bool {
    /// The share of the room that the type gets at most.
    const SHARE: f32 = 0.6;
    let palette = Palette::of(cells.ui);
    let color = if message.injected {
        palette.injected
    } else {
        palette.text
    };
    let indent = if row.is_member { 2.0 * size::STEP } else { 0.0 };
    let range = Rangef::new(range.min + indent, range.max);
    cells.go_to(range);
    if let Some(run) = message.run.as_ref().filter(|_| !layout.has_room_for_rest()) {
        let count = format!("×{}", words::count(run.count));
        cells.put(&count, palette.text, theme::mono());
    }
    let problem = problem(layout, row).filter(|_| !layout.has_room_for_rest());
    let mut room = cells.room();
    if problem.is_some() && room * (1.0 - SHARE) >= 2.0 * Cells::LEAST {
        room *= SHARE;
    }
    let cut = cut_type(cells.ui, &message.type_name, room);
    if matches!(cut, Cow::Owned(_)) {
        cells.explain(&message.type_name);
    }
    cells.put(&cut, color, theme::mono());
    let Some(problem) = problem else {
        return false;
    };
    let color = palette.severity(problem.severity);
    cells.x.max = cells.x.max.max(cells.rect.left() + layout.rest.max);
    cells.put_finding(sentence(layout, row, problem), color)
}

/// Draws a cell with only a text.
fn cell_ui(
    cells: &mut Cells<'_>,
    column: Column,
    range: Rangef,
    context: &RowContext<'_>,
    row: &RowText,
) {
    let spec = column.spec();
    let text = (spec.cell)(row, context.clock);
    let mut text: &str = &text;
    let is_relative = context.clock != Clock::OfDay;
    if column == Column::Time && !is_relative && range.span() < 12.0 * context.layout.digit - 1.0 {
        // Without the hours.
        text = text.get(3..).unwrap_or(text);
    }
    let weak = Palette::of(cells.ui).weak;
    cells.go_to(range);
    if spec.is_number || (column == Column::Time && is_relative) {
        cells.put_right(text, weak, theme::mono());
    } else {
        cells.put(text, weak, theme::mono());
    }
}

/// Texts side by side, as long as there is room.
struct Cells<'a> {
    ui: &'a Ui,
    rect: Rect,
    /// The remaining space, from the left edge of the screen.
    x: Rangef,
    pointer: Option<Pos2>,
    /// The text under the pointer, if it is shortened.
    full: Option<String>,
    /// Whether that is the sentence of the row's worst finding.
    is_on_finding: bool,
    /// The row's worst finding, if the pointer is on the row and there is no room for all of it.
    finding: Option<String>,
}

impl Cells<'_> {
    /// With less room than this, nothing worth reading fits.
    const LEAST: f32 = 24.0;

    /// Moves on to a column, measured from the left edge of the row.
    fn go_to(&mut self, range: Rangef) {
        let left = self.rect.left();
        self.x = Rangef::new(left + range.min, left + range.max);
    }

    /// The width of the remaining space.
    fn room(&self) -> f32 {
        self.x.span().max(0.0)
    }

    /// Adds a text; returns whether all of it can be read.
    fn put(&mut self, text: &str, color: egui::Color32, font: egui::FontId) -> bool {
        let room = self.room();
        if text.is_empty() || room < Self::LEAST {
            return false;
        }
        let part = cut_galley(self.ui, text, font, color, room);
        if part.elided {
            self.explain(text);
        }
        let is_whole = !part.elided;
        let at = pos2(self.x.min, self.rect.center().y);
        self.x.min += part.size().x + 2.0 * size::STEP;
        place(self.ui.painter(), at, Align2::LEFT_CENTER, part);
        is_whole
    }

    /// Adds the sentence of the row's worst finding; returns whether all of it can be read.
    fn put_finding(&mut self, sentence: &str, color: egui::Color32) -> bool {
        let before = self.full.take();
        let is_told = self.put(sentence, color, theme::body());
        self.is_on_finding = self.full.is_some();
        self.full = self.full.take().or(before);
        is_told
    }

    /// What is said where the pointer is: the text there if it is shortened, and the finding that
    /// has no room.
    fn tooltip(self) -> Option<String> {
        match (self.full, self.finding) {
            (Some(full), Some(finding)) if !self.is_on_finding => {
                Some(format!("{full}\n{finding}"))
            }
            (full, finding) => full.or(finding),
        }
    }

    /// Adds a text at the right end.
    fn put_right(&mut self, text: &str, color: egui::Color32, font: egui::FontId) {
        if text.is_empty() {
            return;
        }
        let part = cut_galley(self.ui, text, font, color, self.room());
        if part.elided {
            self.explain(text);
        }
        let at = pos2(self.x.max, self.rect.center().y);
        place(self.ui.painter(), at, Align2::RIGHT_CENTER, part);
    }

    /// Shows the whole text while the pointer is over its shortened form.
    fn explain(&mut self, text: &str) {
        if self.pointer.is_some_and(|at| self.x.contains(at.x)) {
            let longest = super::LONGEST_TOOLTIP;
            self.full = Some(columns::cut(text, longest).into_owned());
        }
    }
}

/// Draws the direction: the widget's messages point left in the left column, the host's right in
/// the right one.
fn arrow_ui(ui: &Ui, rect: Rect, left: f32, digit: f32, from: Side) {
    let palette = Palette::of(ui);
    let color = palette.side(from);
    let (x, letter) = match from {
        Side::Widget => (left, "W"),
        Side::Host => (left + arrow(digit), "H"),
    };
    let letter = galley(ui, letter, theme::mono(), color);
    let width = letter.size().x;
    let y = rect.center().y;
    match from {
        Side::Widget => {
            Icon::Left.paint(ui.painter(), slot(rect, x), color);
            place(
                ui.painter(),
                pos2(x + size::ICON + 2.0, y),
                Align2::LEFT_CENTER,
                letter,
            );
        }
        Side::Host => {
            place(ui.painter(), pos2(x, y), Align2::LEFT_CENTER, letter);
            Icon::Right.paint(ui.painter(), slot(rect, x + width + 2.0), color);
        }
    }
}

fn fold_ui(ui: &Ui, rect: Rect, id: u64, is_unfolded: bool, actions: &mut Actions) {
    let place = slot(rect, rect.left() + size::STEP);
    let response = ui.interact(place, ui.scope_id().with((id, "fold")), Sense::CLICK);
    let label = if is_unfolded {
        "Fold the run"
    } else {
        "Unfold the run"
    };
    response
        .widget_info(|| WidgetInfo::selected(Role::DisclosureTriangle, true, is_unfolded, label));
    let icon = if is_unfolded {
        Icon::Unfolded
    } else {
        Icon::Folded
    };
    icon.paint(ui.painter(), place, Palette::of(ui).weak);
    if response.clicked() {
        actions.push(set_unfolded(id, !is_unfolded));
    }
}

const fn set_unfolded(id: u64, unfolded: bool) -> Action {
    Action::SetUnfolded {
        fold: Fold::Run { id },
        unfolded,
    }
}

#[cfg(test)]
mod tests {
    use callscope_session_view::rows::ViewOptions;
    use callscope_session_view::words::UtcOffset;

    use super::*;
    use crate::model::testing::recorded;

    #[test]
    fn only_what_a_page_said_about_itself_has_the_eye() {
        let mut view = recorded(
            br#"{"kind":"header","format":"callscope-session","version":1}
{"kind":"inside","at":2,"side":"widget","origin":"https://widget.example","what":"error","text":"x"}
{"kind":"inside","at":3,"side":"widget","origin":"https://widget.example","what":"redirected","target":"https://widget.example","recipient":"https://other.example"}"#,
        );
        view.update_rows(&ViewOptions::everything());
        let palette = Palette::for_theme(egui::Theme::Dark);
        let rows = view.describe(0..view.rows().len(), UtcOffset::UTC);
        let signs = rows.iter().filter_map(|row| match &row.body {
            RowBody::Inside(inside) => Some(sign(inside, palette).0),
            _ => None,
        });
        assert_eq!(signs.collect::<Vec<_>>(), [Some(Icon::Inside), None]);
    }
}
