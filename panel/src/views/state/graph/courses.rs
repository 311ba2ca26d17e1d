//! Where the arrows go: from which edge of a state to which, and around what is in the way.

use callscope_session_view::machines::Machine;
use egui::{Pos2, Rect, Vec2, pos2, vec2};

/// The most distance between the ends of two arrows at the edge of a state.
const APART: f32 = 14.0;
/// How far an arrow curves around states in its way.
const SWING: f32 = 44.0;
/// The number of straight segments that a curve is drawn with.
const PIECES: usize = 24;

pub(super) fn is_same(left: f32, right: f32) -> bool {
    (left - right).abs() < 0.1
}

/// The courses of all arrows.
pub(super) fn curves(boxes: &[Rect], machine: &Machine) -> Vec<Vec<Pos2>> {
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
