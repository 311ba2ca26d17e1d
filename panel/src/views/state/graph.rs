//! A state machine as a graph: states as boxes, transitions as arrows labeled with the message that
//! causes them.

use std::f32::consts::TAU;
use std::sync::Arc;

use callscope_session_view::machines::{Machine, MachineState, Spot, Taken};
use callscope_session_view::visible::name;
use egui::{
    Align2, Color32, Galley, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use crate::action::Action;
use crate::theme::{self, Palette, size};
use crate::views::parts::{Actions, cut_galley, galley, place};

/// The height of a state, in points.
const BOX_HEIGHT: f32 = size::ROW;
/// The space between two rows, for the label of an arrow and its head.
const ROW_GAP: f32 = 36.0;
/// The space on each side of a label.
const WORDS_GAP: f32 = 3.0 * size::STEP;
/// The most width of a label: the types of the SDK fit.
const MOST_WORDS: f32 = 190.0;
/// The distance between the ends of two arrows between the same states.
const APART: f32 = 9.0;
/// How far an arrow curves around states in its way.
const SWING: f32 = 44.0;
/// The length of an arrow's head.
const HEAD: f32 = 7.0;
/// The number of straight segments that a curve is drawn with.
const PIECES: usize = 24;
/// Where a label can be along its arrow, best first.
const PLACES: [f32; 9] = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78, 0.15, 0.85];

/// A graph, laid out from its top left corner.
pub(super) struct Graph {
    size: Vec2,
    boxes: Vec<(Rect, Arc<Galley>)>,
    arrows: Vec<Drawn>,
}

/// An arrow to draw.
struct Drawn {
    look: Look,
    points: Vec<Pos2>,
    /// Its label and where that is; `None` if there is no room for it.
    words: Option<(Rect, Arc<Galley>)>,
    /// Its index among the transitions that were taken.
    taken: Option<usize>,
}

/// How an arrow looks, the most prominent last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    /// Not taken.
    Open,
    /// Taken earlier.
    Taken,
    /// Taken by the selected message.
    Now,
}

impl Look {
    const fn stroke(self, palette: &Palette) -> Stroke {
        let (width, color) = match self {
            Self::Open => (1.0, palette.outline),
            Self::Taken => (1.5, palette.text),
            Self::Now => (2.5, palette.accent),
        };
        Stroke { width, color }
    }

    const fn words(self, palette: &Palette) -> Color32 {
        match self {
            Self::Open => palette.weak,
            Self::Taken => palette.text,
            Self::Now => palette.accent,
        }
    }
}

impl Graph {
    /// Lays out a machine.
    pub(super) fn new(ui: &Ui, machine: &Machine) -> Self {
        let palette = Palette::of(ui);
        let galleys: Vec<Arc<Galley>> = machine
            .states
            .iter()
            .map(|state| galley(ui, state.name, theme::body(), colors(palette, state).2))
            .collect();
        let widest = galleys.iter().map(|it| it.size().x).fold(0.0, f32::max);
        let box_width = widest + 4.0 * size::STEP;
        let words: Vec<Arc<Galley>> = machine
            .arrows
            .iter()
            .map(|arrow| {
                let color = look(arrow.taken, arrow.is_now).words(palette);
                cut_galley(ui, &name(&arrow.label), theme::mono(), color, MOST_WORDS)
            })
            .collect();
        let pitch = vec2(
            column_pitch(machine, &words, box_width),
            BOX_HEIGHT + ROW_GAP,
        );
        let rect = |spot: Spot| {
            let center = pos2(spot.column * pitch.x, spot.row * pitch.y);
            Rect::from_center_size(center.round(), vec2(box_width.round(), BOX_HEIGHT))
        };
        let boxes: Vec<Rect> = machine.states.iter().map(|it| rect(it.spot)).collect();
        let mut arrows: Vec<Drawn> = machine
            .arrows
            .iter()
            .map(|arrow| Drawn {
                look: look(arrow.taken, arrow.is_now),
                points: curve(&boxes, machine, arrow.from, arrow.to),
                words: None,
                taken: arrow.taken,
            })
            .collect();
        place_words(&boxes, &mut arrows, words);
        let mut graph = Self {
            size: Vec2::ZERO,
            boxes: boxes.into_iter().zip(galleys).collect(),
            arrows,
        };
        graph.move_to_corner();
        graph
    }

    /// The size of the graph.
    pub(super) const fn size(&self) -> Vec2 {
        self.size
    }

    /// Moves everything to the top left corner.
    fn move_to_corner(&mut self) {
        let mut all = Rect::NOTHING;
        for (rect, _) in &self.boxes {
            all |= *rect;
        }
        for arrow in &self.arrows {
            for point in &arrow.points {
                all.extend_with(*point);
            }
            if let Some((rect, _)) = &arrow.words {
                all |= *rect;
            }
        }
        let all = all.expand(2.0).round();
        let by = -all.min.to_vec2();
        for (rect, _) in &mut self.boxes {
            *rect = rect.translate(by);
        }
        for arrow in &mut self.arrows {
            for point in &mut arrow.points {
                *point += by;
            }
            if let Some((rect, _)) = &mut arrow.words {
                *rect = rect.translate(by);
            }
        }
        self.size = all.size();
    }

    /// Draws the graph.
    pub(super) fn ui(&self, ui: &mut Ui, machine: &Machine, actions: &mut Actions) {
        let palette = Palette::of(ui);
        let (whole, _) = ui.allocate_exact_size(self.size, Sense::hover());
        let by = whole.min.to_vec2();
        let mut order: Vec<usize> = (0..self.arrows.len()).collect();
        order.sort_by_key(|index| self.arrows.get(*index).map(|it| it.look));
        // The most prominent arrows are drawn on top.
        for arrow in order.iter().filter_map(|index| self.arrows.get(*index)) {
            arrow_ui(ui, arrow, by);
        }
        for (state, (rect, galley)) in machine.states.iter().zip(&self.boxes) {
            state_ui(ui, machine.name, state, rect.translate(by), galley);
        }
        for (index, arrow) in self.arrows.iter().enumerate() {
            let Some((rect, galley)) = &arrow.words else {
                continue;
            };
            let rect = rect.translate(by);
            ui.painter().rect_filled(rect, 0.0, palette.bg);
            place(
                ui.painter(),
                rect.center(),
                Align2::CENTER_CENTER,
                Arc::clone(galley),
            );
            let taken = arrow.taken.and_then(|place| machine.taken.get(place));
            if let Some(taken) = taken {
                words_ui(ui, rect, index, taken, actions);
            }
        }
    }
}

const fn look(taken: Option<usize>, is_now: bool) -> Look {
    match (is_now, taken) {
        (true, _) => Look::Now,
        (false, Some(_)) => Look::Taken,
        (false, None) => Look::Open,
    }
}

/// The fill, outline and text colors of a state.
pub(super) const fn colors(palette: &Palette, state: &MachineState) -> (Color32, Color32, Color32) {
    if state.is_after {
        (palette.selected, palette.accent, palette.text)
    } else if state.is_before {
        (palette.bg, palette.accent, palette.text)
    } else if state.was_reached {
        (palette.header, palette.outline, palette.text)
    } else {
        (palette.bg, palette.divider, palette.weak)
    }
}

/// The distance between columns: where an arrow leads straight to the next column, its label fits
/// in between; elsewhere labels are above one another.
fn column_pitch(machine: &Machine, words: &[Arc<Galley>], box_width: f32) -> f32 {
    let mut pitch = box_width + 2.0 * WORDS_GAP;
    for (arrow, words) in machine.arrows.iter().zip(words) {
        let spot = |state: usize| machine.states.get(state).map(|it| it.spot);
        let (Some(from), Some(to)) = (spot(arrow.from), spot(arrow.to)) else {
            continue;
        };
        let words = words.size().x + 2.0 * WORDS_GAP;
        let is_beside = is_same(from.row, to.row) && (from.column - to.column).abs() < 1.5;
        let needs = if is_beside { box_width + words } else { words };
        pitch = pitch.max(needs);
    }
    pitch.round()
}

fn is_same(left: f32, right: f32) -> bool {
    (left - right).abs() < 0.1
}

/// The course of an arrow between two states.
fn curve(boxes: &[Rect], machine: &Machine, from: usize, to: usize) -> Vec<Pos2> {
    let (Some(start), Some(end)) = (boxes.get(from), boxes.get(to)) else {
        return Vec::new();
    };
    let has_opposite = machine
        .arrows
        .iter()
        .any(|it| (it.from, it.to) == (to, from));
    let is_between = |rect: &&Rect| {
        let middle = Rect::from_two_pos(start.center(), end.center());
        rect.intersects(middle.expand(1.0)) && *rect != start && *rect != end
    };
    let is_barred = boxes.iter().any(|rect| is_between(&rect));
    let (dx, dy) = (
        end.center().x - start.center().x,
        end.center().y - start.center().y,
    );
    let controls = if dy.abs() < 1.0 {
        beside(*start, *end, dx, has_opposite, is_barred)
    } else if dx.abs() < 1.0 && is_barred {
        // Around what is in the way, on the right going down and on the left going up.
        let side = if dy > 0.0 { 1.0 } else { -1.0 };
        let edge = |rect: &Rect| pos2(rect.center().x + side * rect.width() / 2.0, rect.center().y);
        let (start, end) = (edge(start), edge(end));
        let out = vec2(side * SWING * 1.6, 0.0);
        [start, start + out, end + out, end]
    } else {
        let down = dy.signum();
        let shift = if has_opposite { APART * down } else { 0.0 };
        let end_of = |rect: &Rect, side: f32| {
            let y = rect.center().y + side * BOX_HEIGHT / 2.0;
            pos2(rect.center().x + shift, y)
        };
        let (start, end) = (end_of(start, down), end_of(end, -down));
        let bend = vec2(0.0, (end.y - start.y) / 2.0);
        [start, start + bend, end - bend, end]
    };
    (0..=PIECES)
        .map(|piece| on_curve(controls, piece as f32 / PIECES as f32))
        .collect()
}

/// The course of an arrow between two states of one row.
fn beside(start: Rect, end: Rect, dx: f32, has_opposite: bool, is_barred: bool) -> [Pos2; 4] {
    let right = dx.signum();
    if is_barred {
        // Over what is in the way.
        let (start, end) = (start.center_top(), end.center_top());
        let up = vec2(0.0, -SWING);
        return [start, start + up, end + up, end];
    }
    let shift = if has_opposite { -6.0 * right } else { 0.0 };
    let edge = |rect: Rect, side: f32| {
        let x = rect.center().x + side * rect.width() / 2.0;
        pos2(x, rect.center().y + shift)
    };
    let (start, end) = (edge(start, right), edge(end, -right));
    let bend = vec2(dx / 4.0, 2.0 * shift);
    let back = vec2(-dx / 4.0, 2.0 * shift);
    [start, start + bend, end + back, end]
}

/// A point of a cubic Bézier curve.
fn on_curve([start, out, back, end]: [Pos2; 4], share: f32) -> Pos2 {
    let sides = [(start, out), (out, back), (back, end)];
    let [first, middle, last] = sides.map(|(from, to)| from.lerp(to, share));
    let (before, after) = (first.lerp(middle, share), middle.lerp(last, share));
    before.lerp(after, share)
}

/// Gives each label a place where nothing else is; transitions that were taken come first.
fn place_words(boxes: &[Rect], arrows: &mut [Drawn], words: Vec<Arc<Galley>>) {
    let mut occupied: Vec<Rect> = boxes.iter().map(|it| it.expand(1.0)).collect();
    let mut order: Vec<(usize, Arc<Galley>)> = words.into_iter().enumerate().collect();
    order.sort_by_key(|(index, _)| std::cmp::Reverse(arrows.get(*index).map(|it| it.look)));
    for (index, galley) in order {
        let Some(arrow) = arrows.get_mut(index) else {
            continue;
        };
        let room = galley.size() + vec2(4.0, 0.0);
        let last = arrow.points.len().saturating_sub(1);
        let mut candidates = PLACES.iter().filter_map(|share| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a small number"
            )]
            let place = (share * last as f32).round() as usize;
            let center = arrow.points.get(place)?;
            Some(Rect::from_center_size(*center, room).round())
        });
        let free = candidates.find(|rect| !occupied.iter().any(|it| it.intersects(*rect)));
        if let Some(rect) = free {
            occupied.push(rect.expand(1.0));
            arrow.words = Some((rect, galley));
        }
    }
}

fn arrow_ui(ui: &Ui, arrow: &Drawn, by: Vec2) {
    let stroke = arrow.look.stroke(Palette::of(ui));
    let points: Vec<Pos2> = arrow.points.iter().map(|it| *it + by).collect();
    let [.., before, end] = points.as_slice() else {
        return;
    };
    let (before, end) = (*before, *end);
    let angle = (end - before).angle();
    let corner = |turn: f32| end + Vec2::angled(angle + TAU / 2.0 + turn) * HEAD;
    let head = vec![end, corner(TAU / 16.0), corner(-TAU / 16.0)];
    ui.painter().line(points, stroke);
    ui.painter()
        .add(Shape::convex_polygon(head, stroke.color, Stroke::NONE));
}

/// Makes the label of an arrow clickable; the keyboard has the list of transitions.
fn words_ui(ui: &Ui, rect: Rect, index: usize, taken: &Taken, actions: &mut Actions) {
    let id = ui.scope_id().with(("arrow", index));
    let response = ui.interact(rect, id, Sense::CLICK);
    let mut tooltip = taken.words();
    if let Some((seq, cause)) = &taken.cause {
        tooltip = format!("{tooltip} {cause}");
        if response.clicked() {
            actions.push(Action::SelectSeq { seq: *seq });
        }
    } else if let Some(remark) = &taken.remark {
        tooltip = format!("{tooltip} {remark}");
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &tooltip));
    if taken.cause.is_some() && response.hovered() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
        let stroke = Stroke::new(1.0, Palette::of(ui).accent);
        ui.painter().hline(rect.x_range(), rect.bottom(), stroke);
    }
    response.on_hover_text(name(&tooltip).into_owned());
}

/// The name of a state for assistive technology.
pub(super) fn label(machine: &str, state: &MachineState) -> String {
    match (state.is_after, state.is_before, state.was_reached) {
        (true, ..) => format!("{machine}: {}, present", state.name),
        (_, true, _) => format!("{machine}: {}, before", state.name),
        (.., true) => format!("{machine}: {}, reached", state.name),
        _ => format!("{machine}: {}", state.name),
    }
}

/// Draws a state: filled if the machine is in it, with a colored outline if it was before the
/// message.
fn state_ui(ui: &Ui, machine: &str, state: &MachineState, rect: Rect, galley: &Arc<Galley>) {
    let palette = Palette::of(ui);
    let (fill, stroke, _) = colors(palette, state);
    let width = if state.is_after { 2.0 } else { 1.0 };
    let painter = ui.painter();
    painter.rect(
        rect,
        2.0,
        fill,
        Stroke::new(width, stroke),
        StrokeKind::Inside,
    );
    place(
        painter,
        rect.center(),
        Align2::CENTER_CENTER,
        Arc::clone(galley),
    );
    let id = ui.scope_id().with(("state", state.name));
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, label(machine, state)));
}
