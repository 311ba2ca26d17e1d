//! Reduces the number of meshes handed to WebGL.
//!
//! egui gives each shape a clip rectangle and merges neighbors with the same one into a mesh; each
//! mesh takes two buffers and a draw call, which cost more than its triangles. Nearly all shapes lie
//! well inside their clip rectangles, such as a word in its column, so any other rectangle around
//! them would do: here they share that of their neighbors. Nothing moves, and no pixel changes.

use egui::epaint::emath::TSTransform;
use egui::epaint::{ClippedShape, CornerRadius, RectShape, Shape};
use egui::{Context, FullOutput, Rect};

/// The plugin that does this in each frame; must come after those that look at clip rectangles.
#[cfg(target_arch = "wasm32")]
pub(crate) struct Batches;

#[cfg(target_arch = "wasm32")]
impl egui::Plugin for Batches {
    fn debug_name(&self) -> &'static str {
        "callscope batches"
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        join(
            &mut output.shapes,
            ctx.viewport_rect(),
            output.pixels_per_point,
        );
    }
}

/// How far a shape may paint beyond its reported bounds, in pixels: edges are smoothed over one,
/// texts and rectangles are rounded to the next whole one.
const SLACK: f32 = 2.0;

/// How much further a line's corners may reach.
const CORNERS: f32 = 4.0;

/// What a shape requires of its clip rectangle.
enum Need {
    /// Exactly this rectangle.
    Exactly(Rect),
    /// Any rectangle that contains this one.
    Holds(Rect),
    /// Nothing: the shape is not visible.
    Gone,
}

/// Makes neighbors share a clip rectangle wherever that makes no difference, and removes shapes
/// that are not visible.
fn join(shapes: &mut Vec<ClippedShape>, screen: Rect, pixels_per_point: f32) {
    let mut needs: Vec<Need> = shapes.iter().map(|it| need(it, pixels_per_point)).collect();
    let mut index = 0;
    shapes.retain(|_| {
        index += 1;
        !matches!(needs.get(index - 1), Some(Need::Gone))
    });
    needs.retain(|need| !matches!(need, Need::Gone));

    let mut rest = needs.as_slice();
    let mut start = 0;
    while !rest.is_empty() {
        let (count, shared) = longest(rest, screen);
        for shape in shapes.iter_mut().skip(start).take(count) {
            shape.clip_rect = shared;
        }
        start += count;
        rest = rest.get(count..).unwrap_or_default();
    }
}

/// How many shapes, from the first on, can share a clip rectangle, and that rectangle.
fn longest(needs: &[Need], screen: Rect) -> (usize, Rect) {
    let mut shared = None;
    let mut held = Rect::NOTHING;
    let count = needs.iter().take_while(|need| match need {
        Need::Exactly(rect) => {
            let holds_all = held.is_negative() || rect.contains_rect(held);
            let fits = shared.map_or(holds_all, |shared| shared == *rect);
            shared = shared.or(fits.then_some(*rect));
            fits
        }
        Need::Holds(part) => {
            let fits = shared.is_none_or(|shared: Rect| shared.contains_rect(*part));
            if fits {
                held |= *part;
            }
            fits
        }
        Need::Gone => true,
    });
    // The first one always fits.
    let count = count.count().max(1);
    (count, shared.unwrap_or(screen | held))
}

fn need(clipped: &ClippedShape, pixels_per_point: f32) -> Need {
    let ClippedShape {
        clip_rect,
        shape,
        transform_after_tessellation,
    } = clipped;
    if !clip_rect.is_positive() || matches!(shape, Shape::Noop) {
        return Need::Gone;
    }
    if *transform_after_tessellation != TSTransform::IDENTITY || has_callback(shape) {
        return Need::Exactly(*clip_rect);
    }
    let bounds = shape.visual_bounding_rect();
    if bounds.is_negative() {
        return Need::Gone;
    }
    let slack = match shape {
        Shape::Text(text) if !text.underline.is_empty() => return Need::Exactly(*clip_rect),
        Shape::Rect(rect) if is_sharp(rect, pixels_per_point) => 0.0,
        Shape::Text(_) | Shape::Rect(_) | Shape::Mesh(_) | Shape::Circle(_) => SLACK,
        _ => SLACK + CORNERS,
    };
    let paints = bounds.expand(slack / pixels_per_point);
    if clip_rect.contains_rect(paints) {
        Need::Holds(paints)
    } else if clip_rect.intersects(paints) {
        Need::Exactly(*clip_rect)
    } else {
        Need::Gone
    }
}

/// Whether a rectangle fills whole pixels: its smoothed edges then run from the middle of the last
/// pixel inside to that of the first one outside, where nothing is left of them.
fn is_sharp(shape: &RectShape, pixels_per_point: f32) -> bool {
    let RectShape {
        rect,
        corner_radius,
        stroke,
        blur_width,
        brush,
        angle,
        ..
    } = shape;
    let is_plain = *corner_radius == CornerRadius::ZERO
        && stroke.is_empty()
        && *blur_width == 0.0
        && brush.is_none()
        && *angle == 0.0;
    let is_whole = |at: f32| {
        let pixels = at * pixels_per_point;
        (pixels - pixels.round()).abs() < 0.01
    };
    let Rect { min, max } = rect;
    is_plain && [min.x, min.y, max.x, max.y].into_iter().all(is_whole)
}

fn has_callback(shape: &Shape) -> bool {
    match shape {
        Shape::Callback(_) => true,
        Shape::Vec(shapes) => shapes.iter().any(has_callback),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use egui::epaint::{ClippedPrimitive, Primitive, Vertex};
    use egui::vec2;
    use egui_kittest::Harness;

    use super::*;
    use crate::Panel;
    use crate::action::{Action, View};
    use crate::model::Model;

    /// Keeps the shapes of the last frame as egui made them.
    struct Keep(Arc<Mutex<Vec<ClippedShape>>>);

    impl egui::Plugin for Keep {
        fn debug_name(&self) -> &'static str {
            "keep"
        }

        fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
            self.0.lock().unwrap().clone_from(&output.shapes);
        }
    }

    fn panel() -> Panel {
        let log =
            include_str!("../../fixtures/mistakes/M14-completed-before-ended.callscope.jsonl");
        let mut panel = Panel::new(Model::default());
        panel.perform(Action::ImportText {
            name: "M14.callscope.jsonl".to_owned(),
            text: log.to_owned(),
        });
        panel.perform(Action::SelectSeq { seq: 5 });
        panel
    }

    /// The triangles in painting order, each with its clip rectangle in whole pixels, rounded as in
    /// `egui_glow`.
    fn triangles(primitives: &[ClippedPrimitive], density: f32) -> Vec<([Vertex; 3], [f32; 4])> {
        let mut triangles = Vec::new();
        for ClippedPrimitive {
            clip_rect,
            primitive,
        } in primitives
        {
            let Primitive::Mesh(mesh) = primitive else {
                panic!("the panel has no callbacks");
            };
            let Rect { min, max } = *clip_rect * density;
            let clip = [min.x, min.y, max.x, max.y].map(f32::round);
            for corners in mesh.indices.chunks(3) {
                let corner = |index: usize| mesh.vertices[corners[index] as usize];
                triangles.push(([corner(0), corner(1), corner(2)], clip));
            }
        }
        triangles
    }

    /// The pixels whose centers a triangle can cover.
    fn seen((corners, clip): &([Vertex; 3], [f32; 4]), density: f32) -> Option<[f32; 4]> {
        let Rect { min, max } = Rect::from_points(&corners.map(|it| it.pos * density));
        let exact = |at: f32| (at * 64.0).round() / 64.0;
        let first = |at: f32| (exact(at) + 0.5).floor();
        let behind = |at: f32| (exact(at) - 0.5).ceil();
        let [left, top, right, bottom] = *clip;
        let seen = [
            first(min.x).max(left),
            first(min.y).max(top),
            behind(max.x).min(right),
            behind(max.y).min(bottom),
        ];
        (seen[0] < seen[2] && seen[1] < seen[3]).then_some(seen)
    }

    #[test]
    fn each_triangle_is_seen_where_it_was_and_there_are_fewer_meshes() {
        let shapes = Arc::default();
        let keep = Keep(Arc::clone(&shapes));
        let mut harness = Harness::builder()
            .with_context_setup(move |ctx| {
                crate::theme::apply(ctx);
                ctx.add_plugin(keep);
            })
            .allow_missing_glyphs()
            .build_ui_state(|ui, panel: &mut Panel| panel.ui(ui), panel());
        for (size, density) in [
            (vec2(300.0, 420.0), 1.25),
            (vec2(1280.0, 800.0), 1.0),
            (vec2(1280.0, 800.0), 2.0),
        ] {
            harness.set_size(size);
            let viewports = &mut harness.input_mut().viewports;
            let viewport = viewports.entry(egui::ViewportId::ROOT).or_default();
            viewport.native_pixels_per_point = Some(density);
            for view in View::ALL {
                harness.state_mut().perform(Action::ShowView { view });
                harness.run_steps(3);
                let before: Vec<ClippedShape> = shapes.lock().unwrap().clone();
                let mut after = before.clone();
                join(&mut after, harness.ctx.viewport_rect(), density);
                let tessellate = |shapes| harness.ctx.tessellate(shapes, density);
                let meshes = [before.clone(), after.clone()].map(|it| tessellate(it).len());
                let title = view.title();
                // Where edges fall between two pixels, more shapes are clipped.
                let most = if density.fract() == 0.0 {
                    meshes[0] / 2
                } else {
                    meshes[0] - 1
                };
                assert!(meshes[1] <= most, "{title}: {meshes:?}");
                let mut rest = after.into_iter();
                for shape in before {
                    let is_gone = matches!(need(&shape, density), Need::Gone);
                    let joined = rest.by_ref().take(usize::from(!is_gone)).collect();
                    let [old, new] = [vec![shape.clone()], joined].map(|shapes| {
                        let triangles = triangles(&tessellate(shapes), density).into_iter();
                        let seen = triangles.filter_map(|it| Some((it.0, seen(&it, density)?)));
                        seen.collect::<Vec<_>>()
                    });
                    assert_eq!(old, new, "{title}: {shape:?}");
                }
            }
        }
    }
}
