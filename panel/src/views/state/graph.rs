//! A state machine as a graph: states as boxes, transitions as arrows labeled with the message that
//! causes them.

use std::f32::consts::TAU;
use std::sync::Arc;

use callscope_session_view::machines::{Machine, MachineState, Spot, Taken};
use callscope_session_view::visible::name;
use egui::{
    Align2, Color32, Galley, Id, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use crate::action::Action;
use crate::theme::{self, Palette, size};
use crate::views::parts::{Actions, cut_galley, galley, place};

/// The height of a state, in points.
const BOX_HEIGHT: f32 = size::ROW;
/// How much room there is: the space between two rows, for the label of an arrow and its head, and
/// how much wider than needed the columns are. The first with which no label is on something else.
const ROOMS: [(f32, f32); 7] = [
    (36.0, 1.0),
    (44.0, 1.0),
    (52.0, 1.0),
    (52.0, 1.2),
    (72.0, 1.2),
    (72.0, 1.5),
    (96.0, 1.8),
];
/// The space on each side of a label.
const WORDS_GAP: f32 = 3.0 * size::STEP;
/// The most width of a label: the types of the SDK fit.
const MOST_WORDS: f32 = 190.0;
/// The most distance between the ends of two arrows at the edge of a state.
const APART: f32 = 14.0;
/// How far an arrow curves around states in its way.
const SWING: f32 = 44.0;
/// The length of an arrow's head.
const HEAD: f32 = 7.0;
/// The number of straight segments that a curve is drawn with.
const PIECES: usize = 24;
/// Where a label can be along its arrow, best first.
const PLACES: [f32; 11] = [
    0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8, 0.14, 0.86,
];
/// The space between a label and the arrow that it is beside, and around a label.
const BESIDE: f32 = 3.0;
/// An arrow is looked for at points this close to one another.
const FINE: f32 = 4.0;

/// A graph, laid out from its top left corner.
pub(super) struct Graph {
    kept: Arc<(Key, Plan)>,
    names: Vec<Arc<Galley>>,
    words: Vec<Arc<Galley>>,
}

/// What a plan depends on, besides the machine: the width that there is, the sizes of the names and
/// of the labels, and the ends and looks of the arrows.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    room: f32,
    names: Vec<Vec2>,
    words: Vec<Vec2>,
    arrows: Vec<(usize, usize, Look)>,
}

/// Where everything is. Finding that takes a while, so it is kept until something has another size.
#[derive(Clone, Debug, Default)]
struct Plan {
    size: Vec2,
    boxes: Vec<Rect>,
    courses: Vec<Vec<Pos2>>,
    /// The places of the labels; `None` if there is no room.
    words: Vec<Option<Rect>>,
    /// How many labels have no room, or are on another arrow, and how many arrows go behind a state.
    faults: usize,
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
    /// Lays out a machine, in the available width if it can be.
    pub(super) fn new(ui: &Ui, machine: &Machine) -> Self {
        let palette = Palette::of(ui);
        let names: Vec<Arc<Galley>> = machine
            .states
            .iter()
            .map(|state| galley(ui, state.name, theme::body(), colors(palette, state).2))
            .collect();
        let words: Vec<Arc<Galley>> = machine
            .arrows
            .iter()
            .map(|arrow| {
                let color = look(arrow.taken, arrow.is_now).words(palette);
                cut_galley(ui, &name(&arrow.label), theme::mono(), color, MOST_WORDS)
            })
            .collect();
        let sizes = |galleys: &[Arc<Galley>]| galleys.iter().map(|it| it.size()).collect();
        let arrows = machine.arrows.iter();
        let arrows = arrows.map(|it| (it.from, it.to, look(it.taken, it.is_now)));
        let key = Key {
            room: ui.available_width(),
            names: sizes(&names),
            words: sizes(&words),
            arrows: arrows.collect(),
        };
        let id = Id::unique(("callscope graph", machine.name));
        let kept = ui.data(|it| it.get_temp::<Arc<(Key, Plan)>>(id));
        let kept = kept.filter(|kept| kept.0 == key).unwrap_or_else(|| {
            let plan = Plan::new(machine, &key);
            let kept = Arc::new((key, plan));
            ui.data_mut(|it| it.insert_temp(id, Arc::clone(&kept)));
            kept
        });
        Self { kept, names, words }
    }

    fn plan(&self) -> &Plan {
        &self.kept.1
    }

    /// The size of the graph.
    pub(super) fn size(&self) -> Vec2 {
        self.plan().size
    }

    /// Draws the graph.
    pub(super) fn ui(&self, ui: &mut Ui, machine: &Machine, actions: &mut Actions) {
        let palette = Palette::of(ui);
        let plan = self.plan();
        let (whole, _) = ui.allocate_exact_size(plan.size, Sense::hover());
        let by = whole.min.to_vec2();
        let looks = self.kept.0.arrows.iter().map(|(.., look)| *look);
        let mut courses: Vec<(Look, &Vec<Pos2>)> = looks.zip(&plan.courses).collect();
        // The most prominent arrows are drawn on top.
        courses.sort_by_key(|(look, _)| *look);
        for (look, points) in courses {
            arrow_ui(ui, look, points, by);
        }
        let states = machine.states.iter().zip(&plan.boxes);
        for ((state, rect), galley) in states.zip(&self.names) {
            state_ui(ui, machine.name, state, rect.translate(by), galley);
        }
        let arrows = machine.arrows.iter().zip(&plan.words);
        for (index, ((arrow, rect), galley)) in arrows.zip(&self.words).enumerate() {
            let Some(rect) = rect else {
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

impl Plan {
    /// Of those that fit, the first one in which everything can be seen, otherwise the one with the
    /// fewest faults; if none fits, the first one.
    fn new(machine: &Machine, key: &Key) -> Self {
        let mut best: Option<Self> = None;
        for room in ROOMS {
            let plan = Self::with_room(machine, key, room);
            let fits = plan.size.x <= key.room;
            let is_better = best
                .as_ref()
                .is_none_or(|it| plan.faults < it.faults && fits);
            let is_good = plan.faults == 0;
            if is_better {
                best = Some(plan);
            }
            if is_good || !fits {
                break;
            }
        }
        best.unwrap_or_default()
    }

    fn with_room(machine: &Machine, key: &Key, (row_gap, stretch): (f32, f32)) -> Self {
        let widest = key.names.iter().map(|it| it.x).fold(0.0, f32::max);
        let box_width = widest + 4.0 * size::STEP;
        let pitch = vec2(
            (column_pitch(machine, &key.words, box_width) * stretch).round(),
            BOX_HEIGHT + row_gap,
        );
        let rect = |spot: Spot| {
            let center = pos2(spot.column * pitch.x, spot.row * pitch.y);
            Rect::from_center_size(center.round(), vec2(box_width.round(), BOX_HEIGHT))
        };
        let boxes: Vec<Rect> = machine.states.iter().map(|it| rect(it.spot)).collect();
        let courses = curves(&boxes, machine);
        let (words, faults) = place_words(&boxes, &courses, key);
        let mut plan = Self {
            size: Vec2::ZERO,
            boxes,
            courses,
            words,
            faults,
        };
        plan.move_to_corner();
        plan
    }

    /// Moves everything to the top left corner.
    fn move_to_corner(&mut self) {
        let mut all = Rect::NOTHING;
        for rect in self.boxes.iter().chain(self.words.iter().flatten()) {
            all |= *rect;
        }
        for point in self.courses.iter().flatten() {
            all.extend_with(*point);
        }
        let all = all.expand(2.0).round();
        let by = -all.min.to_vec2();
        let rects = self.boxes.iter_mut();
        for rect in rects.chain(self.words.iter_mut().flatten()) {
            *rect = rect.translate(by);
        }
        for point in self.courses.iter_mut().flatten() {
            *point += by;
        }
        self.size = all.size();
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
fn column_pitch(machine: &Machine, words: &[Vec2], box_width: f32) -> f32 {
    let mut pitch = box_width + 2.0 * WORDS_GAP;
    for (arrow, words) in machine.arrows.iter().zip(words) {
        let spot = |state: usize| machine.states.get(state).map(|it| it.spot);
        let (Some(from), Some(to)) = (spot(arrow.from), spot(arrow.to)) else {
            continue;
        };
        let words = words.x + 2.0 * WORDS_GAP;
        let is_beside = is_same(from.row, to.row) && (from.column - to.column).abs() < 1.5;
        let needs = if is_beside { box_width + words } else { words };
        pitch = pitch.max(needs);
    }
    pitch
}

fn is_same(left: f32, right: f32) -> bool {
    (left - right).abs() < 0.1
}

/// The courses of all arrows.
fn curves(boxes: &[Rect], machine: &Machine) -> Vec<Vec<Pos2>> {
    let ways: Vec<Option<Way>> = machine
        .arrows
        .iter()
        .map(|arrow| Way::new(boxes, machine, arrow.from, arrow.to))
        .collect();
    let ways_there = || ways.iter().enumerate();
    ways_there()
        .map(|(index, way)| {
            let Some(way) = way else {
                return Vec::new();
            };
            // Arrows at one edge of a state are side by side, in the order of their other ends.
            let port = |edge: Edge, is_end: bool| {
                let mut others: Vec<(f32, usize, bool)> = ways_there()
                    .filter_map(|(index, way)| Some((index, way.as_ref()?)))
                    .flat_map(|(index, way)| {
                        let ends = [(way.ends[0], false), (way.ends[1], true)];
                        let here = ends.into_iter().filter(|(it, _)| *it == edge);
                        here.map(move |(_, is_end)| (way.far(is_end), index, is_end))
                    })
                    .collect();
                others.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
                let is_it = |it: &(f32, usize, bool)| (it.1, it.2) == (index, is_end);
                let rank = others.iter().position(is_it).unwrap_or(0) as f32;
                let middle = (others.len() as f32 - 1.0) / 2.0;
                edge.at(boxes, (rank - middle, others.len()))
            };
            let controls = way.controls(port(way.ends[0], false), port(way.ends[1], true));
            let pieces = 0..=PIECES;
            let point = |piece| on_curve(controls, piece as f32 / PIECES as f32);
            pieces.map(point).collect()
        })
        .collect()
}

/// An edge of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edge {
    state: usize,
    side: EdgeSide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EdgeSide {
    Left,
    Right,
    Top,
    Bottom,
}

impl Edge {
    /// The place of one of `count` arrows, counted from the middle one.
    fn at(self, boxes: &[Rect], (rank, count): (f32, usize)) -> Pos2 {
        let rect = boxes.get(self.state).copied().unwrap_or(Rect::ZERO);
        let apart = |length: f32| rank * APART.min(length / count.max(1) as f32);
        let middle = rect.center();
        match self.side {
            EdgeSide::Left => pos2(rect.left(), middle.y + apart(rect.height())),
            EdgeSide::Right => pos2(rect.right(), middle.y + apart(rect.height())),
            EdgeSide::Top => pos2(middle.x + apart(rect.width()), rect.top()),
            EdgeSide::Bottom => pos2(middle.x + apart(rect.width()), rect.bottom()),
        }
    }

    /// The direction in which an arrow leaves.
    const fn out(self) -> Vec2 {
        match self.side {
            EdgeSide::Left => vec2(-1.0, 0.0),
            EdgeSide::Right => vec2(1.0, 0.0),
            EdgeSide::Top => vec2(0.0, -1.0),
            EdgeSide::Bottom => vec2(0.0, 1.0),
        }
    }
}

/// How an arrow goes from one state to another.
struct Way {
    ends: [Edge; 2],
    /// The centers of the two states.
    centers: [Pos2; 2],
    /// How far it swings out around what is in its way.
    swing: Option<f32>,
}

impl Way {
    fn new(boxes: &[Rect], machine: &Machine, from: usize, to: usize) -> Option<Self> {
        let (start, end) = (*boxes.get(from)?, *boxes.get(to)?);
        let has_opposite = machine
            .arrows
            .iter()
            .any(|it| (it.from, it.to) == (to, from));
        let is_between = |rect: &&Rect| {
            let middle = Rect::from_two_pos(start.center(), end.center());
            rect.intersects(middle.expand(1.0)) && **rect != start && **rect != end
        };
        let is_barred = boxes.iter().any(|rect| is_between(&rect));
        let way = end.center() - start.center();
        let is_level = way.y.abs() < 1.0;
        let is_upright = way.x.abs() < 1.0;
        let (right, down) = (way.x > 0.0, way.y > 0.0);
        let beside = |is_right| {
            if is_right {
                EdgeSide::Right
            } else {
                EdgeSide::Left
            }
        };
        let upright = |is_down| {
            if is_down {
                EdgeSide::Bottom
            } else {
                EdgeSide::Top
            }
        };
        let (sides, swing) = match () {
            // Over what is in the way.
            () if is_level && is_barred => ([EdgeSide::Top; 2], Some(SWING)),
            () if is_level => ([beside(right), beside(!right)], None),
            // Around what is in the way, on the right going down and on the left going up.
            () if is_upright && is_barred => ([beside(down); 2], Some(SWING * 1.6)),
            // There and back on two sides of the way.
            () if has_opposite && !is_upright => ([upright(down), beside(!right)], None),
            () => ([upright(down), upright(!down)], None),
        };
        let [one, other] = sides;
        Some(Self {
            ends: [
                Edge {
                    state: from,
                    side: one,
                },
                Edge {
                    state: to,
                    side: other,
                },
            ],
            centers: [start.center(), end.center()],
            swing,
        })
    }

    /// Where the other end is, along the edge of this one.
    fn far(&self, is_end: bool) -> f32 {
        let [start, end] = self.centers;
        let [tail, head] = self.ends;
        let (edge, far) = if is_end { (head, start) } else { (tail, end) };
        match edge.side {
            EdgeSide::Left | EdgeSide::Right => far.y,
            EdgeSide::Top | EdgeSide::Bottom => far.x,
        }
    }

    /// The control points of its curve.
    fn controls(&self, start: Pos2, end: Pos2) -> [Pos2; 4] {
        let [from, to] = self.ends.map(Edge::out);
        let way = end - start;
        let reach = |out: Vec2| {
            // Along the way as far as half of it; where it turns once, nearly all of it.
            let share = if from.dot(to) == 0.0 { 0.8 } else { 0.5 };
            (out * way).length() * share
        };
        let (one, other) = match self.swing {
            Some(swing) => (swing, swing),
            None => (reach(from), reach(to)),
        };
        [start, start + from * one, end + to * other, end]
    }
}

/// A point of a cubic Bézier curve.
fn on_curve([start, out, back, end]: [Pos2; 4], share: f32) -> Pos2 {
    let sides = [(start, out), (out, back), (back, end)];
    let [first, middle, last] = sides.map(|(from, to)| from.lerp(to, share));
    let (before, after) = (first.lerp(middle, share), middle.lerp(last, share));
    before.lerp(after, share)
}

/// Gives each label a place where nothing else is; transitions that were taken come first. Returns
/// the places, and how much cannot be seen.
fn place_words(boxes: &[Rect], courses: &[Vec<Pos2>], key: &Key) -> (Vec<Option<Rect>>, usize) {
    let courses: Vec<Course> = courses.iter().map(|it| Course::new(it)).collect();
    let mut occupied: Vec<Rect> = boxes.iter().map(|it| it.expand(1.0)).collect();
    let mut places = vec![None; key.words.len()];
    let mut faults = hidden(boxes, &courses, key);
    let mut order: Vec<usize> = (0..key.words.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(key.arrows.get(*index).map(|(.., look)| *look)));
    for index in order {
        let (Some(course), Some(words)) = (courses.get(index), key.words.get(index)) else {
            continue;
        };
        let room = *words + vec2(4.0, 0.0);
        let is_free = |rect: &Rect| {
            let is_on_head = course.points.last().is_none_or(|end| {
                // Otherwise nobody sees where it goes.
                rect.expand(HEAD).contains(*end)
            });
            !is_on_head && !occupied.iter().any(|it| it.intersects(*rect))
        };
        let is_crossed = |rect: &Rect| {
            let others = courses.iter().enumerate().filter(|(it, _)| *it != index);
            others.into_iter().any(|(_, other)| other.crosses(*rect))
        };
        let candidates: Vec<Rect> = course.candidates(room).filter(is_free).collect();
        let good = candidates.iter().find(|it| !is_crossed(it));
        faults += usize::from(good.is_none());
        // An arrow under it is better than no label.
        if let Some(rect) = good.or(candidates.first()) {
            occupied.push(rect.expand(1.0));
            if let Some(place) = places.get_mut(index) {
                *place = Some(*rect);
            }
        }
    }
    (places, faults)
}

/// How many arrows go behind a state that they have nothing to do with.
fn hidden(boxes: &[Rect], courses: &[Course], key: &Key) -> usize {
    let ends = key.arrows.iter().zip(courses);
    let is_hidden = |((from, to, _), course): &(&(usize, usize, Look), &Course)| {
        let mut others = boxes.iter().enumerate();
        others.any(|(state, rect)| state != *from && state != *to && course.crosses(*rect))
    };
    ends.filter(is_hidden).count()
}

/// The course of an arrow, in points close to one another.
struct Course {
    points: Vec<Pos2>,
    bounds: Rect,
}

impl Course {
    fn new(points: &[Pos2]) -> Self {
        let mut fine = Vec::new();
        for (start, end) in points.iter().zip(points.iter().skip(1)) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a small number"
            )]
            let count = (start.distance(*end) / FINE).ceil().max(1.0) as usize;
            fine.extend((0..count).map(|it| start.lerp(*end, it as f32 / count as f32)));
        }
        fine.extend(points.last());
        Self {
            bounds: Rect::from_points(&fine),
            points: fine,
        }
    }

    fn crosses(&self, rect: Rect) -> bool {
        let rect = rect.expand(BESIDE);
        self.bounds.intersects(rect) && self.points.iter().any(|it| rect.contains(*it))
    }

    /// Where a label of this size can be, best first: on its arrow, beside it, above or below it.
    fn candidates(&self, room: Vec2) -> impl Iterator<Item = Rect> {
        let (x, y) = (room.x / 2.0 + BESIDE, room.y / 2.0 + BESIDE);
        let shifts = [(0.0, 0.0), (x, 0.0), (-x, 0.0), (0.0, -y), (0.0, y)];
        let last = self.points.len().saturating_sub(1);
        shifts.into_iter().flat_map(move |(x, y)| {
            PLACES.iter().filter_map(move |share| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a small number"
                )]
                let place = (share * last as f32).round() as usize;
                let center = *self.points.get(place)? + vec2(x, y);
                Some(Rect::from_center_size(center, room).round())
            })
        })
    }
}

fn arrow_ui(ui: &Ui, look: Look, points: &[Pos2], by: Vec2) {
    let stroke = look.stroke(Palette::of(ui));
    let points: Vec<Pos2> = points.iter().map(|it| *it + by).collect();
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

#[cfg(test)]
mod tests {
    use callscope_session_view::SessionView;
    use callscope_session_view::machines::Machines;
    use egui_kittest::Harness;

    use super::*;
    use crate::model::testing::{recorded, source};

    /// All labels of a session's graphs at each of its messages.
    fn check(view: &SessionView, name: &str) {
        let id = view.session().conversations().next().unwrap().id;
        let count = view.session().facts().len();
        let positions = (0..count)
            .step_by(count.div_ceil(40))
            .map(Some)
            .chain([None]);
        let all: Vec<Machines> = positions
            .filter_map(|position| Machines::new(view, id, position))
            .collect();
        let mut harness = Harness::builder()
            .with_size(vec2(1280.0, 700.0))
            .with_context_setup(crate::theme::apply)
            .build_ui(|ui| {
                for machine in all.iter().flat_map(|it| &it.machines) {
                    let graph = Graph::new(ui, machine);
                    let plan = graph.plan();
                    let name = format!("{name}, {}", machine.name);
                    assert_eq!(plan.faults, 0, "{name}");
                    let courses: Vec<Course> =
                        plan.courses.iter().map(|it| Course::new(it)).collect();
                    for (index, rect) in plan.words.iter().enumerate() {
                        let rect = rect.unwrap_or_else(|| panic!("{name}: {index} has no label"));
                        assert!(plan.boxes.iter().all(|it| !it.intersects(rect)), "{name}");
                        for (other, course) in courses.iter().enumerate() {
                            assert!(other == index || !course.crosses(rect), "{name}");
                            let words = plan.words.get(other).copied().flatten();
                            let is_apart = words.is_none_or(|it| !it.intersects(rect));
                            assert!(other == index || is_apart, "{name}");
                        }
                        // It is its own arrow's.
                        let near = rect.expand(2.0 * BESIDE);
                        let points = &courses[index].points;
                        assert!(points.iter().any(|it| near.contains(*it)), "{name}");
                    }
                }
            });
        harness.run_steps(1);
    }

    #[test]
    fn every_label_can_be_read_and_belongs_to_one_arrow() {
        check(&source(r#"host {"type":"SYNC","messageId":"1"}"#), "begun");
        for name in [
            "well-behaved/widget-0.9.7",
            "mistakes/M14-completed-before-ended",
            "mistakes/H04-no-answer",
            "mistakes/T13-no-answer",
        ] {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/");
            let log = std::fs::read(format!("{folder}{name}.callscope.jsonl")).unwrap();
            check(&recorded(&log), name);
        }
    }
}
