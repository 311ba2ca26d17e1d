//! Two calls or two sessions side by side; the first difference is in sight.

use std::borrow::Cow;

use callscope_protocol::Side;
use callscope_reference::wrap;
use callscope_session_view::compare::{Comparison, Pair, RuleDifference, Step};
use callscope_session_view::visible::visible;
use callscope_session_view::words;
use egui::{
    Align, Align2, Color32, Label, Layout, Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui,
    Vec2, WidgetInfo, pos2, vec2,
};

use super::list_focus_ui;
use crate::action::Action;
use crate::icons::{Icon, slot};
use crate::model::{ComparisonData, Folds};
use crate::theme::{self, Palette, size};
use crate::views::parts::{
    Actions, background_of, bar_height, bar_ui, cut_galley, cut_type, folded_section_ui,
    icon_button_ui, icon_slot_ui, is_low, limited_lines_ui, link_ui, mono_width, place, prose_ui,
    scroll_area, text_width, words_ui,
};

/// Lists lower than this have the titles of their columns among the rows, where they scroll away.
const CRAMPED: f32 = 4.0 * size::ROW;

/// Lists lower than this have a head of one line: what differs first.
const LOW: f32 = 8.0 * size::ROW;

/// In lists no higher than this, even that line scrolls away with the rows.
const NO_HEAD: f32 = 3.0 * size::ROW;

/// A summary with less room than this is left out.
const LEAST_SUMMARY: f32 = 48.0;

/// The least width for a comparison's first difference on a single line.
const ONE_LINE: f32 = 900.0;

/// The title of the section about findings; its fold is remembered by it.
const FINDINGS: &str = "Findings that differ";

/// The most of the room below the head that the findings take while they are unfolded.
const MOST_FINDINGS: f32 = 0.4;

/// Draws the comparison: what differs first and which findings differ, which stays in sight, then
/// all steps, then what was not compared. Nothing moves the steps while messages arrive.
pub(super) fn comparison_ui(
    ui: &mut Ui,
    data: &ComparisonData,
    folds: &Folds,
    actions: &mut Actions,
) {
    let spacing = std::mem::take(&mut ui.spacing_mut().item_spacing.y);
    let room = ui.available_height();
    let is_low = is_low(ui) || room < LOW;
    let has_head = room > NO_HEAD;
    if has_head {
        head_ui(ui, data, is_low, actions);
    }
    let places = Places::new(ui, &data.comparison);
    let is_cramped = !has_head || ui.available_height() < CRAMPED;
    if !is_cramped {
        findings_ui(ui, data, folds, actions);
        titles_ui(ui, &places, &data.comparison.names);
    }
    ui.spacing_mut().item_spacing.y = spacing;
    let pairs = data.comparison.pairs.iter();
    let heights: Vec<f32> = pairs.map(|it| height(&places, it)).collect();
    let id = super::calls_list_id().with("seen");
    let mut seen: Seen = ui.data(|it| it.get_temp(id)).unwrap_or_default();
    let room = ui.available_size();
    // Another size keeps the selected pair in sight.
    let kept = data
        .selected
        .filter(|_| seen.has_selected && seen.room != room);
    let mut area = scroll_area("comparison");
    if let Some(index) = data.reveal.or(kept) {
        let line = if has_head { 0.0 } else { bar_height(ui) };
        let head = if is_cramped { line + seen.head } else { 0.0 };
        area = area.vertical_scroll_offset(seen.in_sight(head, &heights, index, room.y));
    }
    let output = area.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if !has_head {
            head_ui(ui, data, is_low, actions);
        }
        let begin = ui.cursor().top();
        if is_cramped {
            findings_ui(ui, data, folds, actions);
            titles_ui(ui, &places, &data.comparison.names);
            seen.head = ui.cursor().top() - begin;
        }
        seen.has_selected = pairs_ui(ui, data, &places, &heights, actions);
        egui::Frame::new()
            .inner_margin(egui::Margin::symmetric(8, 4))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing.y = 2.0;
                rest_ui(ui, data, is_low);
            });
    });
    seen.room = room;
    seen.offset = output.state.clamped_offset().y;
    ui.data_mut(|it| it.insert_temp(id, seen));
}

/// Draws what is compared, and the first difference; only the latter in a low list. Its height does
/// not depend on what it says.
fn head_ui(ui: &mut Ui, data: &ComparisonData, is_low: bool, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let comparison = &data.comparison;
    let [left, right] = &comparison.names;
    let color = match comparison.first {
        Some(_) => palette.text,
        None => palette.ok,
    };
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
                    // The titles of the columns say what is compared, too.
                    if is_low {
                        let sentence = RichText::new(&comparison.sentence).strong().color(color);
                        ui.add(Label::new(sentence).truncate());
                        return;
                    }
                    let title = format!("{} and {}", visible(left), visible(right));
                    ui.add(Label::new(RichText::new(title).strong()).truncate());
                });
            });
        });
        if is_low {
            return;
        }
        let most = match ui.available_width() {
            width if width < size::TWO_LINES => 3,
            width if width < ONE_LINE => 2,
            _ => 1,
        };
        sentence_ui(ui, comparison, color, most);
        let counted = format!(
            "{}, {} of them different",
            words::counted(comparison.pairs.len() as u64, "step"),
            words::count(differing(data))
        );
        let limit = limit_words(data).map(|it| format!("{it}:"));
        let limit = limit.iter().map(|it| (it.as_str(), palette.warning));
        let parts: Vec<_> = limit.chain([(counted.as_str(), palette.weak)]).collect();
        let most = if parts.len() > 1 { most.min(2) } else { 1 };
        limited_lines_ui(ui, &parts, most);
    });
}

/// What is not compared because there is too much.
fn limit_words(data: &ComparisonData) -> Option<String> {
    let most = words::count(data.max_steps as u64);
    (data.comparison.is_cut).then(|| format!("Only the first {most} steps of each are compared"))
}

/// The height of the first difference, for the names and the width that it was drawn with.
#[derive(Clone, Debug, Default)]
struct SentenceHeight {
    names: [String; 2],
    width: f32,
    height: f32,
}

/// Draws the first difference on at most `most` lines. While messages arrive it keeps the height
/// that it once had, so that what is below moves at most once.
fn sentence_ui(ui: &mut Ui, comparison: &Comparison, color: Color32, most: usize) {
    let id = super::calls_list_id().with("sentence");
    let width = ui.available_width();
    let before: SentenceHeight = ui.data(|it| it.get_temp(id)).unwrap_or_default();
    let is_same = before.names == comparison.names && (before.width - width).abs() < 0.5;
    let least = if is_same { before.height } else { 0.0 };
    let height = ui.allocate_ui(vec2(width, least), |ui| {
        ui.set_min_height(least);
        let parts = [(comparison.sentence.as_str(), color)];
        let response = limited_lines_ui(ui, &parts, most);
        response.on_hover_text(&comparison.sentence).rect.height()
    });
    let now = SentenceHeight {
        names: comparison.names.clone(),
        width,
        height: height.inner.max(least),
    };
    ui.data_mut(|it| it.insert_temp(id, now));
}

fn differing(data: &ComparisonData) -> u64 {
    let pairs = data.comparison.pairs.iter();
    pairs.filter(|pair| !pair.is_equal()).count() as u64
}

/// Draws which rules have other findings, each a link to the rule. Folded, it has the same height
/// whatever it says.
fn findings_ui(ui: &mut Ui, data: &ComparisonData, folds: &Folds, actions: &mut Actions) {
    let comparison = &data.comparison;
    let remark = match comparison.rules.len() as u64 {
        0 => "none".to_owned(),
        count => words::counted(count, "rule"),
    };
    let palette = Palette::of(ui);
    let most = ui.available_height() * MOST_FINDINGS;
    let frame = egui::Frame::new().fill(palette.panel);
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        if !folded_section_ui(ui, actions, folds, FINDINGS, &remark, false) {
            return;
        }
        egui::ScrollArea::vertical()
            .id_salt("findings that differ")
            .auto_shrink([false, true])
            .max_height(most)
            .min_scrolled_height(size::ROW)
            .show(ui, |ui| {
                let margin = egui::Margin::symmetric(8, 2);
                egui::Frame::new().inner_margin(margin).show(ui, |ui| {
                    for rule in &comparison.rules {
                        rule_ui(ui, rule, &comparison.names, actions);
                    }
                });
            });
    });
}

fn rule_ui(ui: &mut Ui, rule: &RuleDifference, names: &[String; 2], actions: &mut Actions) {
    let palette = Palette::of(ui);
    let [left, right] = names;
    let [first, second] = rule.counts.map(words::count);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        icon_slot_ui(
            ui,
            Icon::from(rule.severity),
            palette.severity(rule.severity),
        );
        let code = rule.code.to_owned();
        link_ui(ui, actions, rule.code, Action::ShowRule { code });
        let text = format!("{}: {first} in {left}, {second} in {right}", rule.title);
        words_ui(ui, &visible(&text), palette.severity(rule.severity));
    });
}

/// Draws what was not compared, as far as the head does not say it.
fn rest_ui(ui: &mut Ui, data: &ComparisonData, is_low: bool) {
    let palette = Palette::of(ui);
    let comparison = &data.comparison;
    if let Some(words) = comparison.ignored_words() {
        prose_ui(ui, RichText::new(words).color(palette.weak));
    }
    if let Some(text) = limit_words(data).filter(|_| is_low) {
        prose_ui(ui, RichText::new(text).color(palette.warning));
    }
}

/// Draws the titles of the columns of numbers: which is whose.
fn titles_ui(ui: &mut Ui, places: &Places, names: &[String; 2]) {
    let palette = Palette::of(ui);
    let room = vec2(ui.max_rect().width(), size::ROW);
    let (rect, _) = ui.allocate_exact_size(room, Sense::hover());
    ui.painter().rect_filled(rect, 0.0, palette.panel);
    for (index, name) in names.iter().enumerate() {
        let name = visible(name);
        let is_first = index == 0;
        let (right, room) = if is_first {
            (places.left_number, places.left_number - size::STEP)
        } else {
            (places.right_number, places.number)
        };
        // Nothing stands to the right of the second one, so that it may go on there.
        let begin = right - places.number;
        let goes_on = !is_first && text_width(ui, &name) > room;
        let (x, align, room) = if goes_on {
            (
                begin,
                Align2::LEFT_CENTER,
                rect.width() - begin - size::STEP,
            )
        } else {
            (right, Align2::RIGHT_CENTER, room)
        };
        let galley = cut_galley(ui, &name, theme::body(), palette.weak, room);
        let is_cut = galley.elided;
        let at = pos2(rect.left() + x, rect.center().y);
        let place = place(ui.painter(), at, align, galley);
        let response = ui.interact(place, ui.scope_id().with(("side", index)), Sense::HOVER);
        let label = format!("Message of {name}");
        response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, &label));
        if is_cut {
            response.on_hover_text(&*name);
        }
    }
}

fn height(places: &Places, pair: &Pair) -> f32 {
    let lines = match pair {
        Pair::Both { changes, .. } => changes.iter().map(|it| places.lines(it).len()).sum(),
        Pair::Left(_) | Pair::Right(_) => 0,
    };
    size::ROW + lines as f32 * size::LINE
}

/// The list as it was last drawn.
#[derive(Clone, Copy, Debug)]
struct Seen {
    room: Vec2,
    offset: f32,
    /// The height of what stands above the pairs and scrolls with them in a low list, without the
    /// line that says what differs first.
    head: f32,
    /// Whether the selected pair was in sight.
    has_selected: bool,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            room: Vec2::ZERO,
            offset: 0.0,
            // The titles, and the folded findings.
            head: 2.0 * size::ROW,
            has_selected: false,
        }
    }
}

impl Seen {
    /// The offset nearest to the present one at which a pair is visible.
    fn in_sight(&self, head: f32, heights: &[f32], index: usize, room: f32) -> f32 {
        let before = heights.get(..index).unwrap_or_default();
        let top = head + before.iter().sum::<f32>();
        let bottom = top + heights.get(index).copied().unwrap_or_default();
        if bottom > self.offset + room {
            // Of a pair that is higher than the list, the beginning is shown.
            (bottom - room).min(top)
        } else {
            self.offset.min(top)
        }
    }
}

/// Draws the pairs; returns whether the selected one is in sight.
fn pairs_ui(
    ui: &mut Ui,
    data: &ComparisonData,
    places: &Places,
    heights: &[f32],
    actions: &mut Actions,
) -> bool {
    let pairs = &data.comparison.pairs;
    let width = ui.max_rect().width();
    let whole = vec2(width, heights.iter().sum());
    let (list, _) = ui.allocate_exact_size(whole, Sense::hover());
    let has_keyboard = list_focus_ui(ui, list, "Comparison").has_focus();
    let mut has_selected = false;
    let mut top = list.top();
    for (index, (pair, height)) in pairs.iter().zip(heights).enumerate() {
        let rect = Rect::from_min_size(pos2(list.left(), top), vec2(width, *height));
        top = rect.bottom();
        if ui.is_rect_visible(rect) {
            let is_selected = data.selected == Some(index);
            has_selected |= is_selected;
            ui.push_id(("pair", index), |ui| {
                let state = (data, is_selected, has_keyboard);
                pair_ui(ui, rect, places, pair, state, actions);
            });
        }
    }
    has_selected
}

/// The columns, from the left edge.
struct Places {
    left_number: f32,
    right_number: f32,
    arrow: f32,
    type_name: f32,
    /// `None` in a narrow list: right after the type, which is whole.
    summary: Option<f32>,
    /// The width of a column of numbers.
    number: f32,
    /// Where the sentences about a pair begin, and how many letters fit in a line.
    changes: f32,
    letters: usize,
}

impl Places {
    fn new(ui: &Ui, comparison: &Comparison) -> Self {
        let pairs = &comparison.pairs;
        let width = ui.max_rect().width();
        let is_narrow = width < size::TWO_LINES;
        let digit = mono_width(ui);
        let seqs = pairs.iter().flat_map(|pair| [pair.left(), pair.right()]);
        let last = seqs.flatten().map(|step| step.seq).max().unwrap_or(0);
        let digits = last.to_string().len().max(3) as f32 * digit;
        // Wide enough for `call 12`, and for some of a session's name; where there is room, for
        // `call 12 of conversation 2`.
        let most = if is_narrow {
            44.0
        } else {
            (width * 0.2).clamp(100.0, 180.0)
        };
        let names = comparison.names.iter().map(|it| text_width(ui, it));
        let number = names.fold(digits, f32::max).min(most.max(digits)).ceil();
        let types = pairs
            .iter()
            .map(|pair| pair.step().type_name.chars().count());
        let letters = types.max().unwrap_or(0).clamp(8, 32) as f32;
        let gap = 2.0 * size::STEP;
        let left_number = size::ICON + size::STEP + number;
        let right_number = left_number + gap + number;
        let arrow = right_number + gap;
        let type_name = arrow + size::ICON + size::STEP;
        let room = width - type_name;
        let changes = if is_narrow {
            size::ICON + size::STEP
        } else {
            type_name
        };
        let per_line = ((width - changes - 2.0 * size::STEP) / digit).max(8.0);
        Self {
            number,
            changes,
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a small number"
            )]
            letters: per_line as usize,
            left_number,
            right_number,
            arrow,
            type_name,
            summary: (!is_narrow).then(|| type_name + (letters * digit).min(room * 0.7) + gap),
        }
    }
}

impl Places {
    /// The lines of a sentence about a pair.
    fn lines<'a>(&self, change: &'a str) -> Vec<Cow<'a, str>> {
        if change.len() <= self.letters {
            return vec![Cow::Borrowed(change)];
        }
        let lines = wrap(change, self.letters).into_iter();
        lines.map(Cow::Owned).collect()
    }
}

fn pair_ui(
    ui: &Ui,
    rect: Rect,
    places: &Places,
    pair: &Pair,
    (data, is_selected, has_keyboard): (&ComparisonData, bool, bool),
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let row = Rect::from_min_size(rect.min, vec2(rect.width(), size::ROW));
    // In a comparison of sessions, only messages of the first are in the shown session.
    let action = match pair {
        Pair::Both { left: step, .. } | Pair::Left(step) => Action::SelectSeq { seq: step.seq },
        Pair::Right(step) if data.is_of_shown => Action::SelectSeq { seq: step.seq },
        Pair::Right(step) => Action::SelectElsewhere { id: step.id },
    };
    let response = ui.interact(rect, ui.scope_id().with("pair"), Sense::CLICK);
    let label = label(pair, &data.comparison.names);
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, is_selected, &label));
    background_of(ui, rect, &response, is_selected);
    if is_selected && has_keyboard {
        let stroke = Stroke::new(1.0, palette.accent);
        let painter = ui.painter();
        painter.rect_stroke(rect, 0.0, stroke, StrokeKind::Inside);
    }
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
    let gap = 2.0 * size::STEP;
    let end = (places.summary).map_or(row.right(), |it| row.left() + it - size::STEP);
    let clip = row.with_max_x(end);
    let text_color = if icon.is_some() { color } else { palette.text };
    let left = Align2::LEFT_CENTER;
    let count = count_words(step);
    let room = clip.width() - places.type_name - size::STEP;
    let room = room - count.chars().count() as f32 * mono_width(ui);
    let shown = format!("{}{count}", cut_type(ui, &step.type_name, room));
    let type_end = text_ui(ui, clip, places.type_name, &shown, text_color, left);
    let summary = places.summary.unwrap_or(type_end + gap);
    if row.width() - summary > LEAST_SUMMARY {
        text_ui(ui, row, summary, &step.summary, palette.weak, left);
    }
    changes_ui(ui, rect, places, pair);
    if response.clicked() {
        ui.memory_mut(|it| it.request_focus(super::calls_list_id()));
        actions.push(action);
    }
    response.on_hover_text(label);
}

fn changes_ui(ui: &Ui, rect: Rect, places: &Places, pair: &Pair) {
    let Pair::Both { changes, .. } = pair else {
        return;
    };
    let lines = changes.iter().flat_map(|it| places.lines(it));
    for (index, change) in lines.enumerate() {
        let top = rect.top() + size::ROW + index as f32 * size::LINE;
        let line =
            Rect::from_min_size(pos2(rect.left(), top - 2.0), vec2(rect.width(), size::LINE));
        let color = Palette::of(ui).warning;
        text_ui(
            ui,
            line,
            places.changes,
            &change,
            color,
            Align2::LEFT_CENTER,
        );
    }
}

/// Draws a text that stands at `x` in `rect`; returns where it ends there.
fn text_ui(ui: &Ui, rect: Rect, x: f32, text: &str, color: Color32, align: Align2) -> f32 {
    let room = match align {
        Align2::RIGHT_CENTER => x,
        _ => rect.width() - x - size::STEP,
    };
    if room < 2.0 * size::STEP || text.is_empty() {
        return x;
    }
    let galley = cut_galley(ui, text, theme::mono(), color, room);
    let at = pos2(rect.left() + x, rect.center().y);
    place(ui.painter(), at, align, galley).right() - rect.left()
}

/// `CALL_ENDED`, `SYNC ×40`.
fn name(step: &Step) -> String {
    format!("{}{}", step.type_name, count_words(step))
}

/// ` ×40`; nothing for a single message.
fn count_words(step: &Step) -> String {
    match step.count {
        1 => String::new(),
        count => format!(" ×{}", words::count(count)),
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
