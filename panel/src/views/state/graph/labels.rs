//! Where the labels of the arrows are: where they can be read, and belong to one arrow.

use egui::{Pos2, Rect, Vec2, vec2};

use super::{HEAD, Key, Look};

/// Where a label can be along its arrow, best first.
const PLACES: [f32; 11] = [
    0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8, 0.14, 0.86,
];
/// The space between a label and the arrow that it is beside, and around a label.
const BESIDE: f32 = 3.0;
/// An arrow is looked for at points this close to one another.
const FINE: f32 = 4.0;

/// Gives each label a place where nothing else is; transitions that were taken come first. Returns
/// the places, and how much cannot be seen.
pub(super) fn place_words(
    boxes: &[Rect],
    courses: &[Vec<Pos2>],
    key: &Key,
) -> (Vec<Option<Rect>>, usize) {
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

#[cfg(test)]
mod tests {
    use callscope_session_view::SessionView;
    use callscope_session_view::machines::Machines;
    use egui_kittest::Harness;

    use super::super::Graph;
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
