//! One row.

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2};

use callscope_protocol::{Severity, Side};
use callscope_session_view::rows::{MessageRow, RowBody, RowText};

use crate::action::{Action, Fold};
use crate::icons::{Icon, slot};
use crate::theme::{self, Palette, size};
use crate::views::parts::{Actions, cut_galley, galley, mono_width, place};

/// Where the columns are, from the left edge of the row.
pub(super) struct Columns {
    fold: f32,
    time: f32,
    /// Its right edge; `None` if there is no room for it.
    delta_right: Option<f32>,
    from_widget: f32,
    from_host: f32,
    marks: f32,
    type_name: f32,
    type_width: f32,
    gap: f32,
}

impl Columns {
    pub(super) fn new(ui: &Ui, type_columns: usize) -> Self {
        let digit = mono_width(ui);
        let width = ui.max_rect().width();
        let gap = 2.0 * size::STEP;
        let fold = size::STEP;
        let time = fold + size::ICON + 2.0;
        let mut x = time + 12.0 * digit;
        let delta_right = (width >= 560.0).then(|| {
            x += gap + 8.0 * digit;
            x
        });
        let from_widget = x + gap;
        let from_host = from_widget + size::ICON + digit + 6.0;
        let marks = from_host + size::ICON + digit + 6.0;
        let type_name = marks + 2.0 * size::ICON + size::STEP;
        // A page can post types of any length; where room is short, the summary gets a share.
        let letters = type_columns.clamp(12, 27) as f32;
        let type_width = (letters * digit).min((width - type_name) * 0.55).max(60.0);
        Self {
            fold,
            time,
            delta_right,
            from_widget,
            from_host,
            marks,
            type_name,
            type_width,
            gap,
        }
    }
}

/// Draws a row.
pub(super) fn row_ui(
    ui: &Ui,
    rect: Rect,
    columns: &Columns,
    row: &RowText,
    is_selected: bool,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let response = ui.interact(rect, ui.scope_id().with(row.id), Sense::CLICK);
    let label = row.label();
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, is_selected, &label));
    let painter = ui.painter();
    if is_selected {
        painter.rect_filled(rect, 0.0, palette.selected);
        if ui.memory(|memory| memory.has_focus(super::list_id())) {
            let stroke = egui::Stroke::new(1.0, palette.accent);
            painter.rect_stroke(rect, 0.0, stroke, egui::StrokeKind::Inside);
        }
    } else if response.hovered() {
        painter.rect_filled(rect, 0.0, palette.hover);
    }

    let middle = rect.center().y;
    let at = |x: f32| pos2(rect.left() + x, middle);
    let mono = |text: &str, color| galley(ui, text, theme::mono(), color);
    place(
        painter,
        at(columns.time),
        Align2::LEFT_CENTER,
        mono(&row.time, palette.weak),
    );
    if let (Some(right), Some(delta)) = (columns.delta_right, &row.delta) {
        place(
            painter,
            at(right),
            Align2::RIGHT_CENTER,
            mono(delta, palette.weak),
        );
    }

    body_ui(ui, rect, columns, row);
    if let Some(is_unfolded) = row.fold {
        fold_ui(ui, rect, columns, row.id, is_unfolded, actions);
    }
    if response.clicked() {
        ui.memory_mut(|memory| memory.request_focus(super::list_id()));
        actions.push(Action::Select { id: row.id });
    }
    if response.double_clicked()
        && let Some(is_unfolded) = row.fold
    {
        actions.push(set_unfolded(row.id, !is_unfolded));
    }
}

/// What stands right of the times.
fn body_ui(ui: &Ui, rect: Rect, columns: &Columns, row: &RowText) {
    let palette = Palette::of(ui);
    match &row.body {
        RowBody::Message(message) => {
            arrow(ui, rect, columns, message.from);
            let marks = rect.left() + columns.marks;
            if let Some(mark) = &message.mark {
                let color = palette.severity(mark.severity);
                Icon::from(mark.severity).paint(ui.painter(), slot(rect, marks), color);
            }
            if message.injected {
                let slot = slot(rect, marks + size::ICON);
                Icon::Injected.paint(ui.painter(), slot, palette.injected);
            }
            words_ui(ui, rect, columns, row, message);
        }
        RowBody::Gap(words) => {
            let x = rect.left() + columns.from_widget;
            Icon::Gap.paint(ui.painter(), slot(rect, x), palette.warning);
            let mut cells = Cells::new(ui, rect, x + size::ICON + size::STEP);
            cells.put(words, palette.warning, theme::body());
        }
        RowBody::Inside(inside) => {
            let x = rect.left() + columns.from_widget;
            Icon::Inside.paint(ui.painter(), slot(rect, x), palette.inside);
            let mut cells = Cells::new(ui, rect, x + size::ICON + size::STEP);
            cells.put(&inside.words, palette.inside, theme::body());
        }
        RowBody::Remark(words) => {
            let mut cells = Cells::new(ui, rect, rect.left() + columns.from_widget);
            cells.put(words, palette.weak, theme::body());
        }
    }
}

/// The words of a message: its type in a column, then what else there is room for.
fn words_ui(ui: &Ui, rect: Rect, columns: &Columns, row: &RowText, message: &MessageRow) {
    let palette = Palette::of(ui);
    let color = if message.injected {
        palette.injected
    } else {
        palette.text
    };
    let indent = if row.is_member { 2.0 * size::STEP } else { 0.0 };
    let x = rect.left() + columns.type_name;
    let end = rect.right().min(x + columns.type_width + size::STEP);
    let type_rect = Rect::from_x_y_ranges(x..=end, rect.y_range());
    Cells::new(ui, type_rect, x + indent).put(&message.type_name, color, theme::mono());

    let mut cells = Cells::new(ui, rect, x + columns.type_width + columns.gap);
    if let Some(conversation) = row.conversation {
        cells.put(&format!("#{conversation}"), palette.weak, theme::mono());
    }
    if let Some(run) = &message.run {
        cells.put(&run.words(), palette.text, theme::mono());
    }
    cells.put(&message.summary, palette.text, theme::body());
    // A note is worth an icon, what is worse a sentence; a few letters of it help nobody.
    let is_worth =
        |severity| severity > Severity::Note && cells.room() >= 10.0 * Cells::LEAST / 2.0;
    if let Some(mark) = message.mark.as_ref().filter(|it| is_worth(it.severity)) {
        cells.put(
            &mark.message,
            palette.severity(mark.severity),
            theme::body(),
        );
    }
}

/// Texts in a row, one after the other, as long as there is room.
struct Cells<'a> {
    ui: &'a Ui,
    rect: Rect,
    x: f32,
}

impl<'a> Cells<'a> {
    /// Less room than this shows nothing worth reading.
    const LEAST: f32 = 24.0;

    const fn new(ui: &'a Ui, rect: Rect, x: f32) -> Self {
        Self { ui, rect, x }
    }

    /// The room that is left.
    fn room(&self) -> f32 {
        self.rect.right() - size::STEP - self.x
    }

    fn put(&mut self, text: &str, color: egui::Color32, font: egui::FontId) {
        let room = self.room();
        if text.is_empty() || room < Self::LEAST {
            return;
        }
        let part = cut_galley(self.ui, text, font, color, room);
        let at = pos2(self.x, self.rect.center().y);
        self.x += part.size().x + 2.0 * size::STEP;
        place(self.ui.painter(), at, Align2::LEFT_CENTER, part);
    }
}

/// The direction: the widget's messages go left in the left column, the host's right in the right.
fn arrow(ui: &Ui, rect: Rect, columns: &Columns, from: Side) {
    let palette = Palette::of(ui);
    let color = palette.side(from);
    let (x, letter) = match from {
        Side::Widget => (rect.left() + columns.from_widget, "W"),
        Side::Host => (rect.left() + columns.from_host, "H"),
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

fn fold_ui(
    ui: &Ui,
    rect: Rect,
    columns: &Columns,
    id: u64,
    is_unfolded: bool,
    actions: &mut Actions,
) {
    let place = slot(rect, rect.left() + columns.fold);
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
