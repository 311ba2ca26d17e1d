//! How long answers took: a strip of points for each kind of request, and the handshakes.

use std::collections::HashSet;

use callscope_protocol::Millis;
use callscope_session_view::handshake::{Handshake, Step, StepKind};
use callscope_session_view::latency::{Point, RequestKind, Unanswered};
use callscope_session_view::words;
use egui::{Align2, Label, Pos2, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::action::Action;
use crate::model::{CallsData, Folds, share};
use crate::theme::{self, Palette, size};
use crate::views::parts::{
    Actions, background, cut_galley, focus_ring, link_ui, mono_width, place, section_ui, words_ui,
};

/// The height of a strip of points.
const STRIP: f32 = 32.0;
/// The least width for the summary beside a name.
const LEAST_SUMMARY: f32 = 280.0;
/// The radius of a point.
const POINT: f32 = 2.5;
/// How close to a point the pointer must be to select it.
const NEAR: f32 = 12.0;

/// Draws the latencies and the handshakes.
pub(super) fn latency_ui(ui: &mut Ui, data: &CallsData, folds: &Folds, actions: &mut Actions) {
    let latencies = &data.answers.latencies;
    let handshakes = &data.answers.handshakes;
    let margin = egui::Margin::symmetric(8, 6);
    egui::Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 2.0;
        if !latencies.kinds.is_empty() || !latencies.unanswered.is_empty() {
            let answers: usize = latencies.kinds.iter().map(|it| it.points.len()).sum();
            let remark = words::counted(answers as u64, "answer");
            if section_ui(ui, actions, folds, "Latency", &remark) {
                unanswered_ui(ui, &latencies.unanswered, actions);
                let span = span(&latencies.kinds);
                let names = names_width(ui, &latencies.kinds);
                for kind in &latencies.kinds {
                    ui.push_id((kind.request, kind.answer), |ui| {
                        kind_ui(ui, kind, (names, span), data.selected_seq, actions);
                    });
                }
            }
        }
        if !handshakes.is_empty() {
            let remark = match handshakes.as_slice() {
                [one] => words::duration(one.span()),
                several => words::counted(several.len() as u64, "conversation"),
            };
            if section_ui(ui, actions, folds, "Handshake", &remark) {
                for handshake in handshakes {
                    let has_several = handshakes.len() > 1;
                    ui.push_id(("handshake", handshake.conversation.0), |ui| {
                        handshake_ui(ui, handshake, has_several, actions);
                    });
                }
            }
        }
    });
}

/// The time from the first answer to the last.
fn span(kinds: &[RequestKind]) -> (Millis, Millis) {
    let times = kinds.iter().flat_map(|kind| &kind.points).map(|it| it.at.0);
    let (first, last) = times.fold((f64::INFINITY, f64::NEG_INFINITY), |(first, last), at| {
        (first.min(at), last.max(at))
    });
    (Millis(first), Millis(last))
}

/// Draws a line about missing answers; it is there if none is missing, so that nothing below moves
/// when one is.
fn unanswered_ui(ui: &mut Ui, unanswered: &[Unanswered], actions: &mut Actions) {
    let palette = Palette::of(ui);
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(size::ROW);
        ui.spacing_mut().item_spacing.x = size::STEP;
        ui.spacing_mut().interact_size.y = size::LINE;
        if unanswered.is_empty() {
            words_ui(ui, "No answer is missing", palette.weak);
        }
        for (index, it) in unanswered.iter().enumerate() {
            if index > 0 {
                ui.add_space(2.0 * size::STEP);
            }
            let before = match it.seqs.len() {
                0 => "",
                1 => ":",
                _ => ", the first:",
            };
            words_ui(ui, &format!("{}{before}", it.words()), palette.warning);
            if let Some(first) = it.seqs.first() {
                let text = format!("message {first}");
                link_ui(ui, actions, &text, Action::SelectSeq { seq: *first });
            }
        }
    });
}

/// The width of the column of names, if there is room for summaries beside it.
fn names_width(ui: &Ui, kinds: &[RequestKind]) -> Option<f32> {
    let longest = kinds.iter().map(|it| it.name().chars().count()).max();
    let width = longest? as f32 * mono_width(ui) + 2.0 * size::STEP;
    (width + LEAST_SUMMARY < ui.available_width()).then_some(width)
}

fn kind_ui(
    ui: &mut Ui,
    kind: &RequestKind,
    (names, span): (Option<f32>, (Millis, Millis)),
    selected: Option<u64>,
    actions: &mut Actions,
) {
    let Some(worst) = kind.worst() else { return };
    let name = RichText::new(kind.name()).monospace();
    let text = kind.summary();
    let mut link = |ui: &mut Ui| {
        let action = Action::SelectSeq { seq: worst.answer };
        let response = link_ui(ui, actions, &text, action);
        let label = format!("{}, {text}", kind.name());
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &label));
    };
    ui.spacing_mut().interact_size.y = size::LINE;
    if let Some(width) = names {
        ui.horizontal(|ui| {
            ui.set_min_height(size::ROW);
            ui.spacing_mut().item_spacing.x = 0.0;
            let left = ui.cursor().left();
            ui.add(Label::new(name).truncate());
            ui.add_space((left + width - ui.cursor().left()).max(0.0));
            link(ui);
        });
    } else {
        // How long it took stands in a line of its own.
        ui.add(Label::new(name).wrap());
        ui.horizontal_wrapped(|ui| {
            ui.add_space(2.0 * size::STEP);
            link(ui);
        });
        ui.add_space(size::STEP);
    }
    if kind.points.len() > 1 {
        strip_ui(ui, kind, (span, worst), selected, actions);
    }
}

/// Draws the answers over time: the longer one took, the higher it is.
fn strip_ui(
    ui: &mut Ui,
    kind: &RequestKind,
    ((first, last), worst): ((Millis, Millis), Point),
    selected: Option<u64>,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let width = ui.available_width().min(size::PROSE);
    let (rect, response) = ui.allocate_exact_size(vec2(width, STRIP), Sense::click());
    let label = format!(
        "Plot of {}: {}. Selects the slowest answer",
        kind.name(),
        kind.summary()
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    if !ui.is_rect_visible(rect) {
        return;
    }
    let painter = ui.painter();
    painter.rect_filled(rect, 2.0, palette.panel);
    let field = rect.shrink2(vec2(2.0 * POINT, 2.0 * POINT));
    let at = |point: &Point| -> Pos2 {
        let x = share(point.at, first, last);
        let y = share(point.latency, Millis(0.0), worst.latency);
        pos2(
            field.left() + x * field.width(),
            field.bottom() - y * field.height(),
        )
    };
    let hairline = Stroke::new(1.0, palette.divider);
    painter.hline(field.x_range(), field.bottom(), hairline);
    if let Some(median) = kind.spans().median() {
        let y = field.bottom() - share(median, Millis(0.0), worst.latency) * field.height();
        let dashes = egui::Shape::dashed_line(
            &[pos2(field.left(), y), pos2(field.right(), y)],
            Stroke::new(1.0, palette.weak),
            3.0,
            3.0,
        );
        painter.extend(dashes);
    }
    // Points that coincide are drawn once.
    let mut drawn = HashSet::new();
    let hovered = response.hover_pos();
    let mut nearest: Option<(f32, Point)> = None;
    for point in &kind.points {
        let center = at(point);
        let distance = hovered.map(|it| it.distance(center));
        if let Some(distance) = distance.filter(|it| *it <= NEAR)
            && nearest.is_none_or(|(least, _)| distance < least)
        {
            nearest = Some((distance, *point));
        }
        #[expect(clippy::cast_possible_truncation, reason = "a position on the screen")]
        let pixel = (center.x as i32, center.y as i32);
        if drawn.insert(pixel) {
            painter.circle_filled(center, POINT, palette.accent);
        }
    }
    let ring = |point: &Point, color| {
        painter.circle_stroke(at(point), POINT + 2.0, Stroke::new(1.5, color));
    };
    ring(&worst, palette.warning);
    let is_selected =
        |point: &&Point| selected == Some(point.answer) || selected == Some(point.request);
    if let Some(point) = kind.points.iter().find(is_selected) {
        ring(point, palette.text);
    }
    focus_ring(ui, rect, &response);
    if response.clicked() {
        let point = nearest.map_or(worst, |(_, point)| point);
        actions.push(Action::SelectSeq { seq: point.answer });
    }
    if let Some((_, point)) = nearest {
        ring(&point, palette.accent);
        let text = format!(
            "{}: message {} answers {}",
            words::duration(point.latency),
            point.answer,
            point.request
        );
        response.on_hover_text_at_pointer(text);
    }
}

/// Draws the steps of a handshake, each starting where the previous one ended.
fn handshake_ui(ui: &mut Ui, handshake: &Handshake, has_several: bool, actions: &mut Actions) {
    let palette = Palette::of(ui);
    if has_several {
        ui.weak(format!("conversation {}", handshake.conversation.0));
    }
    let whole = handshake.span();
    for step in &handshake.steps {
        ui.push_id(step.id, |ui| step_ui(ui, step, whole, actions));
    }
    if let Some(missing) = handshake.missing {
        let text = format!("no {} yet", missing.name());
        ui.label(RichText::new(text).color(palette.warning));
    }
}

fn step_ui(ui: &mut Ui, step: &Step, whole: Millis, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let width = ui.available_width().min(size::PROSE);
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::ROW), Sense::click());
    let words = step.words();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
    background(ui, rect, &response);
    let text = |at: Pos2, align, text: &str, color, room| {
        let galley = cut_galley(ui, text, theme::mono(), color, room);
        place(ui.painter(), at, align, galley)
    };
    let names = (width * 0.4).min(150.0);
    let name = match step.count {
        0 | 1 => step.kind.name().to_owned(),
        count => format!("{} ×{}", step.kind.name(), words::count(count)),
    };
    let left = pos2(rect.left() + size::STEP, rect.center().y);
    text(
        left,
        Align2::LEFT_CENTER,
        &name,
        palette.text,
        names - size::STEP,
    );
    let took = if step.since_first.0 <= 0.0 {
        "0 ms".to_owned()
    } else {
        format!("+{}", words::duration(step.took))
    };
    let right = pos2(rect.right() - size::STEP, rect.center().y);
    let numbers = 76.0;
    text(right, Align2::RIGHT_CENTER, &took, palette.weak, numbers);
    let field = Rect::from_x_y_ranges(
        rect.left() + names + size::STEP..=rect.right() - numbers - 2.0 * size::STEP,
        rect.y_range().shrink(6.0),
    );
    let x = |at: Millis| field.left() + share(at, Millis(0.0), whole) * field.width();
    let (from, to) = (x(step.since_first - step.took), x(step.since_first));
    let bar = Rect::from_x_y_ranges(from..=to.max(from + 2.0), field.y_range());
    let color = match step.kind {
        StepKind::FrameLoad | StepKind::Sync => palette.accent,
        StepKind::SyncAck | StepKind::Initialized => palette.widget,
    };
    ui.painter().rect_filled(bar, 1.0, color);
    if response.clicked() {
        actions.push(Action::Select { id: step.id });
    }
    response.on_hover_text(words);
}
