//! A state machine as a graph: states as boxes, transitions as arrows labeled with the message that
//! causes them.

mod courses;
mod labels;

use std::f32::consts::TAU;
use std::sync::Arc;

use callscope_session_view::machines::{Machine, MachineState, Spot, Taken};
use callscope_session_view::visible::name;
use egui::{
    Align2, Color32, Galley, Id, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use courses::{curves, is_same};
use labels::place_words;

use crate::action::Action;
use crate::theme::{self, Palette, size};
use crate::views::parts::{Actions, cut_type, galley, place};

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
/// The most width of a label: with the first, the types of the SDK fit; with the others, which need
/// narrower columns, long ones are shortened in the middle.
const MOST_WORDS: [f32; 4] = [220.0, 190.0, 160.0, 130.0];
/// The length of an arrow's head.
const HEAD: f32 = 7.0;

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
        let room = ui.available_width();
        let fitting = MOST_WORDS.into_iter().find_map(|most_words| {
            let graph = Self::with_words(ui, machine, most_words);
            (graph.size().x <= room).then_some(graph)
        });
        fitting.unwrap_or_else(|| Self::with_words(ui, machine, MOST_WORDS[0]))
    }

    fn with_words(ui: &Ui, machine: &Machine, most_words: f32) -> Self {
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
                let label = name(&arrow.label);
                galley(ui, &cut_type(ui, &label, most_words), theme::mono(), color)
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
        let id = Id::unique(("callscope graph", machine.name, most_words.to_bits()));
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
/// in between; elsewhere labels are above one another. States that are less than a column apart do
/// not touch.
fn column_pitch(machine: &Machine, words: &[Vec2], box_width: f32) -> f32 {
    let mut pitch = box_width + 2.0 * WORDS_GAP;
    let spots = || machine.states.iter().map(|it| it.spot);
    for (left, right) in spots().flat_map(|left| spots().map(move |right| (left, right))) {
        let apart = right.column - left.column;
        if is_same(left.row, right.row) && apart > 0.0 {
            pitch = pitch.max((box_width + WORDS_GAP) / apart);
        }
    }
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
