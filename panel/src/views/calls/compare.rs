//! Two calls or two sessions side by side, scrolled to the first difference.

use callscope_protocol::Side;
use callscope_session_view::compare::{Pair, Step};
use callscope_session_view::visible::visible;
use callscope_session_view::words;
use egui::{
    Align, Align2, Color32, Label, Layout, Rect, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2,
};

use crate::action::Action;
use crate::icons::{Icon, slot};
use crate::model::ComparisonData;
use crate::theme::{self, Palette, size};
use crate::views::parts::{
    Actions, background, bar_ui, cut_galley, icon_button_ui, mono_width, place, prose_ui,
    scroll_area, sentence_ui,
};

/// Draws the comparison.
pub(super) fn comparison_ui(
    ui: &mut Ui,
    data: &ComparisonData,
    selected: Option<u64>,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let comparison = &data.comparison;
    let [left, right] = &comparison.names;
    let spacing = std::mem::take(&mut ui.spacing_mut().item_spacing.y);
    bar_ui(ui, palette.header, |ui| {
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                icon_button_ui(
                    ui,
                    actions,
                    Icon::Close,
                    palette.text,
                    Action::CloseComparison,
                );
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let title = format!("{} and {}", visible(left), visible(right));
                    ui.add(Label::new(RichText::new(title).strong()).truncate());
                });
            });
        });
    });
    ui.spacing_mut().item_spacing.y = spacing;
    scroll_area("comparison").show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        egui::Frame::new()
            .inner_margin(egui::Margin::symmetric(8, 4))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing.y = 2.0;
                summary_ui(ui, data);
            });
        pairs_ui(ui, data, selected, actions);
    });
}

/// Draws the first difference, and those that are not about a single message.
fn summary_ui(ui: &mut Ui, data: &ComparisonData) {
    let palette = Palette::of(ui);
    let comparison = &data.comparison;
    let color = match comparison.first {
        Some(_) => palette.text,
        None => palette.ok,
    };
    prose_ui(
        ui,
        RichText::new(&comparison.sentence).strong().color(color),
    );
    let differing = comparison.pairs.iter().filter(|pair| !pair.is_equal());
    let counted = format!(
        "{}, {} of them different",
        words::counted(comparison.pairs.len() as u64, "step"),
        words::count(differing.count() as u64)
    );
    prose_ui(ui, RichText::new(counted).color(palette.weak));
    let [left, right] = &comparison.names;
    for rule in &comparison.rules {
        let [first, second] = rule.counts.map(words::count);
        let (code, title) = (rule.code, rule.title);
        let text = format!("{code} {title}: {first} in {left}, {second} in {right}");
        let color = palette.severity(rule.severity);
        sentence_ui(ui, Icon::from(rule.severity), color, &visible(&text));
    }
    if let Some(words) = comparison.ignored_words() {
        prose_ui(ui, RichText::new(words).color(palette.weak));
    }
    if data.comparison.is_cut {
        let text = format!(
            "Only the first {} steps of each are compared",
            words::count(data.max_steps as u64)
        );
        prose_ui(ui, RichText::new(text).color(palette.warning));
    }
}

fn height(pair: &Pair) -> f32 {
    let lines = match pair {
        Pair::Both { changes, .. } => changes.len(),
        Pair::Left(_) | Pair::Right(_) => 0,
    };
    size::ROW + lines as f32 * size::LINE
}

fn pairs_ui(ui: &mut Ui, data: &ComparisonData, selected: Option<u64>, actions: &mut Actions) {
    let pairs = &data.comparison.pairs;
    let width = ui.max_rect().width();
    let places = Places::new(ui, pairs);
    let whole: f32 = pairs.iter().map(height).sum();
    let (list, response) = ui.allocate_exact_size(vec2(width, whole), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::List, true, "Comparison"));
    let mut top = list.top();
    for (index, pair) in pairs.iter().enumerate() {
        let rect = Rect::from_min_size(pos2(list.left(), top), vec2(width, height(pair)));
        top = rect.bottom();
        if data.reveal && data.comparison.first == Some(index) {
            ui.scroll_to_rect(rect, Some(Align::Center));
        }
        if ui.is_rect_visible(rect) {
            ui.push_id(("pair", index), |ui| {
                pair_ui(ui, rect, &places, pair, (data, selected), actions);
            });
        }
    }
}

/// The columns, from the left edge.
struct Places {
    left_number: f32,
    right_number: f32,
    arrow: f32,
    type_name: f32,
    summary: f32,
}

impl Places {
    fn new(ui: &Ui, pairs: &[Pair]) -> Self {
        let digit = mono_width(ui);
        let seqs = pairs.iter().flat_map(|pair| [pair.left(), pair.right()]);
        let last = seqs.flatten().map(|step| step.seq).max().unwrap_or(0);
        let number = last.to_string().len().max(3) as f32 * digit;
        let types = pairs
            .iter()
            .map(|pair| pair.step().type_name.chars().count());
        let letters = types.max().unwrap_or(0).clamp(8, 32) as f32;
        let gap = 2.0 * size::STEP;
        let left_number = size::ICON + size::STEP + number;
        let right_number = left_number + gap + number;
        let arrow = right_number + gap;
        let type_name = arrow + size::ICON + size::STEP;
        let room = ui.max_rect().width() - type_name;
        Self {
            left_number,
            right_number,
            arrow,
            type_name,
            summary: type_name + (letters * digit).min(room * 0.7) + gap,
        }
    }
}

fn pair_ui(
    ui: &Ui,
    rect: Rect,
    places: &Places,
    pair: &Pair,
    (data, selected): (&ComparisonData, Option<u64>),
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let row = Rect::from_min_size(rect.min, vec2(rect.width(), size::ROW));
    // In a comparison of sessions, only messages of the first are in the shown session.
    let target = match pair {
        Pair::Both { left, .. } | Pair::Left(left) => Some(left),
        Pair::Right(right) => Some(right).filter(|_| data.is_of_shown),
    };
    let steps = [pair.left(), pair.right().filter(|_| data.is_of_shown)];
    let is_selected = steps
        .iter()
        .flatten()
        .any(|step| selected == Some(step.seq));
    let response = ui.interact(rect, ui.scope_id().with("pair"), Sense::click());
    let label = label(pair, &data.comparison.names);
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, is_selected, &label));
    if is_selected {
        ui.painter().rect_filled(rect, 0.0, palette.selected);
    }
    background(ui, rect, &response);
    let (icon, color) = match pair {
        Pair::Both { changes, .. } if changes.is_empty() => (None, palette.text),
        Pair::Both { .. } => (Some(Icon::Warning), palette.warning),
        // As of a file's lines: what went, and what came.
        Pair::Left(_) => (Some(Icon::Minus), palette.error),
        Pair::Right(_) => (Some(Icon::Plus), palette.ok),
    };
    if let Some(icon) = icon {
        icon.paint(ui.painter(), slot(row, row.left() + 2.0), color);
    }
    let numbers = [
        (places.left_number, pair.left()),
        (places.right_number, pair.right()),
    ];
    for (x, step) in numbers {
        let number = step.map_or_else(|| "–".to_owned(), |step| step.seq.to_string());
        text_ui(ui, row, x, &number, palette.weak, Align2::RIGHT_CENTER);
    }
    let step = pair.step();
    let arrow = match step.from {
        Side::Host => Icon::Right,
        Side::Widget => Icon::Left,
    };
    let at = slot(row, row.left() + places.arrow);
    arrow.paint(ui.painter(), at, palette.side(step.from));
    let clip = Rect::from_x_y_ranges(
        row.left()..=row.left() + places.summary - size::STEP,
        row.y_range(),
    );
    let text_color = if icon.is_some() { color } else { palette.text };
    text_ui(
        ui,
        clip,
        places.type_name,
        &name(step),
        text_color,
        Align2::LEFT_CENTER,
    );
    text_ui(
        ui,
        row,
        places.summary,
        &step.summary,
        palette.weak,
        Align2::LEFT_CENTER,
    );
    changes_ui(ui, rect, places, pair);
    if response.clicked()
        && let Some(step) = target
    {
        actions.push(Action::SelectSeq { seq: step.seq });
    }
    response.on_hover_text(label);
}

fn changes_ui(ui: &Ui, rect: Rect, places: &Places, pair: &Pair) {
    let Pair::Both { changes, .. } = pair else {
        return;
    };
    for (index, change) in changes.iter().enumerate() {
        let top = rect.top() + size::ROW + index as f32 * size::LINE;
        let line =
            Rect::from_min_size(pos2(rect.left(), top - 2.0), vec2(rect.width(), size::LINE));
        let color = Palette::of(ui).warning;
        text_ui(
            ui,
            line,
            places.type_name,
            change,
            color,
            Align2::LEFT_CENTER,
        );
    }
}

fn text_ui(ui: &Ui, rect: Rect, x: f32, text: &str, color: Color32, align: Align2) {
    let room = match align {
        Align2::RIGHT_CENTER => x,
        _ => rect.width() - x - size::STEP,
    };
    if room < 2.0 * size::STEP || text.is_empty() {
        return;
    }
    let galley = cut_galley(ui, text, theme::mono(), color, room);
    let at = pos2(rect.left() + x, rect.center().y);
    place(ui.painter(), at, align, galley);
}

/// `CALL_ENDED`, `SYNC ×40`.
fn name(step: &Step) -> String {
    match step.count {
        1 => step.type_name.clone(),
        count => format!("{} ×{}", step.type_name, words::count(count)),
    }
}

/// The pair as a sentence.
fn label(pair: &Pair, [first, second]: &[String; 2]) -> String {
    let step = name(pair.step());
    let from = pair.step().from.name();
    let (first, second) = (visible(first), visible(second));
    match pair {
        Pair::Both { changes, .. } if changes.is_empty() => format!("{from} {step}, in both"),
        Pair::Both { changes, .. } => format!("{from} {step}, in both: {}", changes.join("; ")),
        Pair::Left(_) => format!("{from} {step}, only in {first}"),
        Pair::Right(_) => format!("{from} {step}, only in {second}"),
    }
}
