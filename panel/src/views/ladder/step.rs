//! One step of the ladder.

use callscope_protocol::{Severity, Side};
use callscope_session_view::columns;
use callscope_session_view::ladder::{Arrow, FindingMark, Rung, StepKind};
use callscope_session_view::short_type::short_type;
use callscope_session_view::words;
use egui::{
    Align2, Color32, Galley, Rangef, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo,
    pos2,
};
use std::borrow::Cow;
use std::sync::Arc;

use super::LadderView;
use super::bands::Bands;
use super::lanes::Lanes;
use crate::action::Action;
use crate::icons::{Icon, slot};
use crate::theme::{self, Palette, size};
use crate::views::parts::{Actions, cut_galley, cut_to_fit, galley, place};
use crate::views::timeline::list_id;

/// What a step is drawn with, besides its text.
pub(super) struct StepContext<'a> {
    pub(super) bands: &'a Bands<'a>,
    pub(super) view: &'a LadderView<'a>,
    pub(super) step: usize,
    /// The entry's id.
    pub(super) id: Option<u64>,
    pub(super) is_selected: bool,
}

/// The length of an arrow's head.
const HEAD: f32 = 7.0;
/// The gap between two things on an arrow.
const SPACE: f32 = 6.0;

/// Draws a step.
pub(super) fn step_ui(
    ui: &Ui,
    rect: Rect,
    context: &StepContext<'_>,
    rung: &Rung,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let kind = context.kind();
    let call = match kind {
        Some(StepKind::Call(call)) => Some(Action::follow(call)),
        _ => None,
    };
    let action = call.or_else(|| context.id.map(|id| Action::Select { id }));
    let sense = if action.is_some() {
        Sense::CLICK
    } else {
        Sense::HOVER
    };
    let name = context.id.map_or((0, context.step as u64), |id| (1, id));
    let seen = ui.clip_rect().x_range();
    let row = Rect::from_x_y_ranges(rect.x_range().intersection(seen), rect.y_range());
    let response = ui.interact(row, ui.scope_id().with(name), sense);
    response.widget_info(|| {
        let label = label(context, rung);
        WidgetInfo::selected(Role::ListItem, true, context.is_selected, label)
    });
    let mut fill = context.is_selected.then_some(palette.selected);
    if response.hovered() && fill.is_none() && action.is_some() {
        fill = Some(palette.hover);
        (context.bands).row_ui(ui, rect, context.step, palette.hover);
    }
    let across =
        |icon, words: &str, color| across_ui(ui, rect, context, fill, (icon, words, color));
    let has_words = context.view.data.zoom.has_words() || !matches!(rung, Rung::Message(_));
    if has_words && !matches!(rung, Rung::Heading(_) | Rung::Finding(_)) {
        time_ui(ui, rect, context);
    }
    match rung {
        Rung::Heading(words) => across(None, words, palette.text),
        Rung::Message(arrow) if has_words => arrow_ui(ui, rect, context, arrow),
        Rung::Message(arrow) => hair_ui(ui, rect, context, arrow),
        Rung::Remark { words, is_gap, .. } => {
            let is_break = matches!(kind, Some(StepKind::Break(_)));
            if is_break {
                broken_ui(ui, rect, context.lanes());
            }
            let icon = is_break.then_some(Icon::Gap);
            let color = if *is_gap {
                palette.warning
            } else {
                palette.weak
            };
            across(icon, words, color);
        }
        Rung::Finding(mark) => {
            let color = palette.severity(mark.severity);
            let icon = Some(Icon::from(mark.severity));
            across(icon, &sentence(mark), color);
        }
    }
    clicked(ui, &response, action, actions);
    tooltip(response, context, rung);
}

impl StepContext<'_> {
    const fn lanes(&self) -> &Lanes {
        self.bands.lanes
    }

    fn kind(&self) -> Option<StepKind> {
        let steps = &self.view.data.outline.steps;
        Some(steps.get(self.step)?.kind)
    }

    /// The lifelines of host and widget.
    fn ends(&self) -> (f32, f32) {
        let step = self.view.data.outline.steps.get(self.step);
        let (host, widget) = step.and_then(|step| step.lanes).unwrap_or((0, 1));
        (self.lanes().x(host), self.lanes().x(widget))
    }

    fn time(&self) -> String {
        let step = self.view.data.outline.steps.get(self.step);
        step.map_or_else(String::new, |step| self.view.offset.time_of_day(step.at))
    }
}

fn clicked(ui: &Ui, response: &Response, action: Option<Action>, actions: &mut Actions) {
    if response.clicked() {
        ui.memory_mut(|memory| memory.request_focus(list_id()));
        actions.extend(action);
    }
}

fn tooltip(response: Response, context: &StepContext<'_>, rung: &Rung) {
    match rung {
        Rung::Heading(_) => {
            response.on_hover_text_at_pointer("Show this call alone");
        }
        Rung::Message(_) if response.hovered() => {
            let label = label(context, rung);
            response.on_hover_text_at_pointer(columns::cut(&label, 1_000).into_owned());
        }
        _ => {}
    }
}

/// Its text on one line, for tooltips and assistive technology.
fn label(context: &StepContext<'_>, rung: &Rung) -> String {
    let time = context.time();
    match rung {
        Rung::Heading(words) => words.clone(),
        Rung::Message(arrow) => {
            let mut label = format!("{time} {} {}", arrow.from.name(), title(arrow));
            let parts = [Some(arrow.summary.clone()), arrow.remark()];
            let findings = arrow.findings.iter().map(sentence);
            for part in parts.into_iter().flatten().chain(findings) {
                if !part.is_empty() {
                    label.push_str(", ");
                    label.push_str(&part);
                }
            }
            label
        }
        Rung::Remark { words, .. } => format!("{time} {words}"),
        Rung::Finding(mark) => sentence(mark),
    }
}

fn sentence(mark: &FindingMark) -> String {
    format!("{} {}", mark.code, mark.message)
}

/// The type, with "×40" for a run.
fn title(arrow: &Arrow) -> String {
    let mut title = arrow.type_name.clone();
    if let Some(run) = &arrow.run {
        title.push_str(" ×");
        title.push_str(&words::count(run.count));
    }
    title
}

fn time_ui(ui: &Ui, rect: Rect, context: &StepContext<'_>) {
    let Some(times) = context.lanes().times else {
        return;
    };
    let weak = Palette::of(ui).weak;
    let galley = galley(ui, &context.time(), theme::mono(), weak);
    let at = pos2(rect.left() + times.min, rect.center().y);
    place(ui.painter(), at, Align2::LEFT_CENTER, galley);
}

/// Draws text that concerns all lifelines.
fn across_ui(
    ui: &Ui,
    rect: Rect,
    context: &StepContext<'_>,
    fill: Option<Color32>,
    (icon, words, color): (Option<Icon>, &str, Color32),
) {
    let mut room = context.lanes().across();
    let mut left = context.lanes().xs.first().copied().unwrap_or_default();
    if matches!(context.kind(), Some(StepKind::Call(_))) {
        let (host, widget) = context.ends();
        left = host.min(widget);
        room.min = left + 2.0 * size::STEP;
    }
    let edges = context.bands.reach(context.step, left);
    room.min = room.min.max(left + edges + size::STEP);
    // Of a ladder that is wider than the panel they stand in the part that is in sight.
    let seen = ui.clip_rect().x_range();
    room.min = room.min.max(seen.min - rect.left() + size::STEP);
    room.max = room.max.min(seen.max - rect.left() - size::STEP);
    if let Some(icon) = icon {
        icon.paint(ui.painter(), slot(rect, rect.left() + room.min), color);
        room.min += size::ICON + size::STEP;
    }
    let galley = cut_galley(ui, words, theme::body(), color, room.span());
    let at = pos2(rect.left() + room.min, rect.center().y);
    let end = at.x + galley.size().x;
    let palette = Palette::of(ui);
    let lifelines = context.lanes().xs.iter();
    let lifelines = lifelines.map(|x| Rangef::new(x - 1.0, x + 1.0));
    for line in lifelines.chain(context.bands.edges(context.step)) {
        // Neither lifelines nor the edges of calls run through the text.
        let x = rect.left() + line.center();
        if at.x < x && x < end {
            let at = (context.step, line.center());
            let fill = context.bands.ground(palette, at, fill);
            let line = Rect::from_x_y_ranges(
                rect.left() + line.min..=rect.left() + line.max,
                rect.shrink(1.0).y_range(),
            );
            ui.painter().rect_filled(line, 0.0, fill);
        }
    }
    place(ui.painter(), at, Align2::LEFT_CENTER, galley);
}

/// Draws breaks in the lifelines.
pub(super) fn broken_ui(ui: &Ui, rect: Rect, lanes: &Lanes) {
    let palette = Palette::of(ui);
    for x in &lanes.xs {
        let x = rect.left() + x;
        let line = Rect::from_x_y_ranges(x - 1.0..=x + 1.0, rect.y_range());
        ui.painter().rect_filled(line, 0.0, palette.bg);
        let ends = [pos2(x, rect.top()), pos2(x, rect.bottom())];
        let stroke = Stroke::new(1.0, palette.warning);
        ui.painter()
            .extend(Shape::dashed_line(&ends, stroke, 3.0, 3.0));
    }
}

fn color_of(palette: &Palette, arrow: &Arrow) -> Color32 {
    if arrow.injected {
        palette.injected
    } else {
        palette.side(arrow.from)
    }
}

/// The ends of an arrow: the sender's lifeline and the receiver's.
fn course(rect: Rect, context: &StepContext<'_>, from: Side) -> (f32, f32) {
    let (host, widget) = context.ends();
    let (host, widget) = (rect.left() + host, rect.left() + widget);
    match from {
        Side::Host => (host, widget),
        Side::Widget => (widget, host),
    }
}

/// Draws a message that has no room for text.
fn hair_ui(ui: &Ui, rect: Rect, context: &StepContext<'_>, arrow: &Arrow) {
    let palette = Palette::of(ui);
    let (tail, head) = course(rect, context, arrow.from);
    let worst = arrow.worst();
    let color = worst
        .map(|it| it.severity)
        .filter(|severity| *severity > Severity::Note)
        .map_or_else(|| color_of(palette, arrow), |it| palette.severity(it));
    let y = rect.center().y;
    let line = [pos2(tail, y), pos2(head, y)];
    ui.painter().line_segment(line, Stroke::new(1.0, color));
    let back = head - 3.0 * (head - tail).signum();
    let tip = [pos2(back, y - 1.0), pos2(back, y + 1.0)];
    ui.painter().line_segment(tip, Stroke::new(1.0, color));
}

/// Draws a message with its text.
fn arrow_ui(ui: &Ui, rect: Rect, context: &StepContext<'_>, arrow: &Arrow) {
    let palette = Palette::of(ui);
    let color = color_of(palette, arrow);
    let (tail, head) = course(rect, context, arrow.from);
    let y = rect.center().y.round();
    let forward = (head - tail).signum();
    let painter = ui.painter();
    let stroke = Stroke::new(if context.is_selected { 2.0 } else { 1.0 }, color);

    // Everything begins and ends beside the edges of the calls at the left end.
    let (host, widget) = context.ends();
    let edges = context.bands.reach(context.step, host.min(widget));
    let (begin, behind) = if forward > 0.0 {
        (SPACE + edges, HEAD + SPACE)
    } else {
        (SPACE, HEAD.max(edges) + SPACE)
    };
    let inner = (head - tail).abs() - begin - behind;
    let marks = Marks::new(ui, arrow, inner);
    let title = title(arrow);
    // The count of a run stays whole.
    let count = title.strip_prefix(arrow.type_name.as_str()).unwrap_or("");
    let room = inner - marks.width();
    let cut = cut_to_fit(ui, &title, &theme::mono(), room, |title, limit| match limit
        .checked_sub(columns::width(count))
    {
        Some(limit) if limit > 1 => {
            Cow::Owned(format!("{}{count}", short_type(&arrow.type_name, limit)))
        }
        _ => columns::cut_middle(title, limit),
    });
    let title = galley(ui, &cut, theme::mono(), color);
    // Starting from the tail: the marks, then the type in the middle of the rest.
    let length = title.size().x;
    let centered = f32::midpoint(inner, -length) + begin;
    let start = centered.max(marks.width() + begin);
    let along = |distance: f32| tail + forward * distance;
    let line = |from: f32, to: f32| {
        if to > from {
            painter.line_segment([pos2(along(from), y), pos2(along(to), y)], stroke);
        }
    };
    let marked = marks.ui(ui, rect, color, (begin, &along));
    line(marked, start - 3.0);
    line(start + length + 3.0, (head - tail).abs() - HEAD);
    if marked > 0.0 {
        line(0.0, begin - 2.0);
    }
    let (left, right) = (along(start), along(start + length));
    let at = pos2(left.min(right), y);
    place(painter, at, Align2::LEFT_CENTER, title);
    let tip = pos2(head, y);
    let back = head - forward * HEAD;
    painter.add(Shape::convex_polygon(
        vec![tip, pos2(back, y - 4.0), pos2(back, y + 4.0)],
        color,
        Stroke::NONE,
    ));
    words_ui(ui, rect, context, arrow);
}

/// The marks at the tail of an arrow: its finding, whether Callscope posted it, and its latency.
struct Marks {
    worst: Option<(Severity, Arc<Galley>)>,
    is_injected: bool,
    latency: Option<Arc<Galley>>,
}

impl Marks {
    /// As many marks as leave room for the type.
    fn new(ui: &Ui, arrow: &Arrow, inner: f32) -> Self {
        let palette = Palette::of(ui);
        let worst = arrow.worst().map(|mark| {
            let more = match arrow.findings.len() {
                1 => String::new(),
                count => format!(" +{}", count - 1),
            };
            let text = format!("{}{more}", mark.code);
            let color = palette.severity(mark.severity);
            (mark.severity, galley(ui, &text, theme::mono(), color))
        });
        let latency = arrow.answers.as_ref().map(|answer| {
            let text = words::duration(answer.latency);
            galley(ui, &text, theme::body(), palette.weak)
        });
        let digit = crate::views::parts::mono_width(ui);
        let wanted = columns::width(&arrow.type_name) as f32 * digit;
        let mut marks = Self {
            worst,
            is_injected: arrow.injected,
            latency,
        };
        if marks.width() + wanted > inner {
            marks.latency = None;
        }
        marks
    }

    fn width(&self) -> f32 {
        let worst = self.worst.as_ref();
        let worst = worst.map_or(0.0, |(_, code)| size::ICON + code.size().x + SPACE);
        let injected = if self.is_injected { size::ICON } else { 0.0 };
        let latency = self.latency.as_ref();
        worst + injected + latency.map_or(0.0, |it| it.size().x + SPACE)
    }

    /// Draws the marks from `begin` on; returns where they end, measured from the tail.
    fn ui(
        &self,
        ui: &Ui,
        rect: Rect,
        color: Color32,
        (begin, along): (f32, &dyn Fn(f32) -> f32),
    ) -> f32 {
        let width = self.width();
        if width <= 0.0 {
            return 0.0;
        }
        let palette = Palette::of(ui);
        let y = rect.center().y;
        let (from, to) = (along(begin), along(begin + width));
        let mut x = from.min(to);
        if let Some((severity, code)) = &self.worst {
            let color = palette.severity(*severity);
            Icon::from(*severity).paint(ui.painter(), slot(rect, x), color);
            x += size::ICON;
            let at = pos2(x, y);
            place(ui.painter(), at, Align2::LEFT_CENTER, Arc::clone(code));
            x += code.size().x + SPACE;
        }
        if self.is_injected {
            Icon::Injected.paint(ui.painter(), slot(rect, x), color);
            x += size::ICON;
        }
        if let Some(latency) = &self.latency {
            let at = pos2(x, y);
            place(ui.painter(), at, Align2::LEFT_CENTER, Arc::clone(latency));
        }
        begin + width
    }
}

/// Draws the text beside an arrow: its finding, then the summary.
fn words_ui(ui: &Ui, rect: Rect, context: &StepContext<'_>, arrow: &Arrow) {
    let Some(room) = context.lanes().words else {
        return;
    };
    let palette = Palette::of(ui);
    let mut parts: Vec<(String, Color32)> = Vec::new();
    if let Some(mark) = arrow.worst() {
        parts.push((mark.message.clone(), palette.severity(mark.severity)));
    }
    if arrow.run.is_none() && !arrow.summary.is_empty() {
        parts.push((arrow.summary.clone(), palette.text));
    }
    parts.extend(arrow.remark().map(|it| (it, palette.weak)));
    let mut x = Rangef::new(room.min, room.max);
    for (text, color) in parts {
        if x.span() < 2.0 * size::ROW {
            return;
        }
        let part = cut_galley(ui, &text, theme::body(), color, x.span());
        let width = part.size().x;
        let at = pos2(rect.left() + x.min, rect.center().y);
        place(ui.painter(), at, Align2::LEFT_CENTER, part);
        x.min += width + 2.0 * size::STEP;
    }
}
