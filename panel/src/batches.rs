//! Hands WebGL one mesh, where egui makes many.
//!
//! egui gives each shape a clip rectangle and merges neighbors with the same one into a mesh; each
//! mesh takes two buffers and a draw call, which cost more than its triangles. Nearly all shapes lie
//! well inside their clip rectangles, such as a word in its column: these need none. The triangles
//! of the few others are cut here where the clip rectangle ends, instead of by WebGL, so that no
//! mesh has one any more, and all that use the same texture are one. Nothing moves; the color of a
//! smoothed edge that is cut may be rounded differently, by 1 of 255.

#[cfg(target_arch = "wasm32")]
use std::sync::Arc;

use egui::epaint::emath::TSTransform;
use egui::epaint::{
    ClippedPrimitive, ClippedShape, CornerRadius, Mesh, Primitive, RectShape, Shape, Vertex,
};
#[cfg(target_arch = "wasm32")]
use egui::{Context, FullOutput, RawInput};
use egui::{Pos2, Rect, lerp, pos2};

/// The plugin that does this in each frame; must come after those that look at clip rectangles.
#[cfg(target_arch = "wasm32")]
pub(crate) struct Batches;

#[cfg(target_arch = "wasm32")]
impl egui::Plugin for Batches {
    fn debug_name(&self) -> &'static str {
        "callscope batches"
    }

    fn input_hook(&mut self, ctx: &Context, _input: &mut RawInput) {
        leave_out(ctx, true);
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        let density = output.pixels_per_point;
        let screen = ctx.viewport_rect();
        let mut shapes = std::mem::take(&mut output.shapes);
        unclip(&mut shapes, density);
        let primitives = merge(ctx.tessellate(shapes, density), screen, density);
        output.shapes = primitives.into_iter().map(shape).collect();
        leave_out(ctx, false);
    }
}

/// Whether egui looks for what is not visible, which takes long for a mesh of the whole panel.
#[cfg(target_arch = "wasm32")]
fn leave_out(ctx: &Context, is_on: bool) {
    ctx.options_mut(|it| it.tessellation_options.coarse_tessellation_culling = is_on);
}

/// The shape that egui turns into just this primitive.
#[cfg(target_arch = "wasm32")]
fn shape(primitive: ClippedPrimitive) -> ClippedShape {
    let shape = match primitive.primitive {
        Primitive::Mesh(mesh) => Shape::Mesh(Arc::new(mesh)),
        Primitive::Callback(callback) => Shape::Callback(callback),
    };
    ClippedShape::new(primitive.clip_rect, shape)
}

/// How far a shape may paint beyond its reported bounds, in pixels: edges are smoothed over one,
/// texts and rectangles are rounded to the next whole one.
const SLACK: f32 = 2.0;

/// How much further a line's corners may reach.
const CORNERS: f32 = 4.0;

/// What a shape requires of its clip rectangle.
enum Need {
    /// That it cuts the shape.
    Clip,
    /// Nothing: the shape is inside.
    Nothing,
    /// Nothing: the shape is not visible.
    Gone,
}

/// The clip rectangle of shapes that need none.
const UNCLIPPED: Rect = Rect::EVERYTHING;

/// Takes away the clip rectangle of shapes wherever that makes no difference, and removes shapes
/// that are not visible.
fn unclip(shapes: &mut Vec<ClippedShape>, pixels_per_point: f32) {
    shapes.retain_mut(|shape| {
        match need(shape, pixels_per_point) {
            Need::Clip => {}
            Need::Nothing => shape.clip_rect = UNCLIPPED,
            Need::Gone => return false,
        }
        true
    });
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
        return Need::Clip;
    }
    let bounds = shape.visual_bounding_rect();
    if bounds.is_negative() {
        return Need::Gone;
    }
    let slack = match shape {
        Shape::Text(text) if !text.underline.is_empty() => return Need::Clip,
        Shape::Rect(rect) if is_sharp(rect, pixels_per_point) => 0.0,
        // Painted as it is, without smoothed edges.
        Shape::Mesh(_) => 0.0,
        Shape::Text(_) | Shape::Rect(_) | Shape::Circle(_) => SLACK,
        _ => SLACK + CORNERS,
    };
    let paints = bounds.expand(slack / pixels_per_point);
    if clip_rect.contains_rect(paints) {
        Need::Nothing
    } else if clip_rect.intersects(paints) {
        Need::Clip
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

/// Clips meshes and merges those with the same texture, as far as they follow each other.
fn merge(
    primitives: Vec<ClippedPrimitive>,
    screen: Rect,
    pixels_per_point: f32,
) -> Vec<ClippedPrimitive> {
    let mut merged: Vec<ClippedPrimitive> = Vec::new();
    let mut room = (0, 0);
    for ClippedPrimitive { primitive, .. } in &primitives {
        if let Primitive::Mesh(mesh) = primitive {
            room.0 += mesh.vertices.len();
            room.1 += mesh.indices.len();
        }
    }
    for ClippedPrimitive {
        clip_rect,
        primitive,
    } in primitives
    {
        let mesh = match primitive {
            Primitive::Mesh(mesh) => mesh,
            primitive @ Primitive::Callback(_) => {
                merged.push(ClippedPrimitive {
                    clip_rect,
                    primitive,
                });
                continue;
            }
        };
        // WebGL clips at whole pixels.
        let clip = (clip_rect * pixels_per_point).round() / pixels_per_point;
        let is_clipped = clip_rect != UNCLIPPED;
        let last = merged.last_mut().and_then(|it| match &mut it.primitive {
            Primitive::Mesh(last) => (last.texture_id == mesh.texture_id).then_some(last),
            Primitive::Callback(_) => None,
        });
        if let Some(last) = last {
            if is_clipped {
                add_clipped(&mesh, clip, last);
            } else {
                last.append_ref(&mesh);
            }
            continue;
        }
        let mut first = Mesh::with_texture(mesh.texture_id);
        // Growing step by step would copy it each time.
        first.vertices.reserve_exact(room.0);
        first.indices.reserve_exact(room.1);
        if is_clipped {
            add_clipped(&mesh, clip, &mut first);
        } else {
            first.append_ref(&mesh);
        }
        merged.push(ClippedPrimitive {
            clip_rect: screen,
            primitive: Primitive::Mesh(first),
        });
    }
    merged
}

/// Adds to `to` what is seen of a mesh in `clip`.
fn add_clipped(mesh: &Mesh, clip: Rect, to: &mut Mesh) {
    let beyond: Vec<u8> = (mesh.vertices.iter())
        .map(|vertex| edges_beyond(clip, vertex.pos))
        .collect();
    if beyond.iter().all(|edges| *edges == 0) {
        to.append_ref(mesh);
        return;
    }
    let offset = count(to);
    to.vertices.extend_from_slice(&mesh.vertices);
    for corners in mesh.indices.chunks_exact(3) {
        let &[a, b, c] = corners else { continue };
        let edges = |corner: u32| beyond.get(corner as usize).copied().unwrap_or(u8::MAX);
        let (of_a, of_b, of_c) = (edges(a), edges(b), edges(c));
        if of_a | of_b | of_c == 0 {
            to.indices
                .extend_from_slice(&[a + offset, b + offset, c + offset]);
        } else if of_a & of_b & of_c == 0 {
            let corners = [a, b, c].into_iter();
            let corners = corners.filter_map(|corner| mesh.vertices.get(corner as usize));
            let cut = cut(corners.copied().collect(), clip);
            let first = count(to);
            // It has no dents, so its corners with the first one make triangles.
            for last in 2..u32::try_from(cut.len()).unwrap_or_default() {
                to.add_triangle(first, first + last - 1, first + last);
            }
            to.vertices.extend(cut);
        }
    }
}

/// The edges of a rectangle beyond which a point lies, a bit for each.
fn edges_beyond(rect: Rect, point: Pos2) -> u8 {
    u8::from(point.x < rect.left())
        | u8::from(point.x > rect.right()) << 1
        | u8::from(point.y < rect.top()) << 2
        | u8::from(point.y > rect.bottom()) << 3
}

fn count(mesh: &Mesh) -> u32 {
    u32::try_from(mesh.vertices.len()).unwrap_or(u32::MAX)
}

/// A polygon without dents, cut at the four edges of a rectangle.
fn cut(polygon: Vec<Vertex>, clip: Rect) -> Vec<Vertex> {
    type Side = (fn(&mut Pos2) -> &mut f32, f32, f32);
    let x: fn(&mut Pos2) -> &mut f32 = |it| &mut it.x;
    let y: fn(&mut Pos2) -> &mut f32 = |it| &mut it.y;
    let sides: [Side; 4] = [
        (x, clip.left(), 1.0),
        (x, clip.right(), -1.0),
        (y, clip.top(), 1.0),
        (y, clip.bottom(), -1.0),
    ];
    sides
        .into_iter()
        .fold(polygon, |polygon, (axis, edge, sign)| {
            // How far inside the edge.
            let depth = |vertex: &Vertex| (*axis(&mut vertex.pos.clone()) - edge) * sign;
            let mut cut = Vec::with_capacity(polygon.len() + 1);
            let mut before = polygon.last().copied();
            for vertex in polygon {
                if let Some(before) = before {
                    let depths = (depth(&before), depth(&vertex));
                    // Always from the inner end, so that triangles side by side are cut alike.
                    let mut at = match depths {
                        (inner, outer) if inner > 0.0 && outer < 0.0 => {
                            Some(between(before, vertex, inner / (inner - outer)))
                        }
                        (outer, inner) if inner > 0.0 && outer < 0.0 => {
                            Some(between(vertex, before, inner / (inner - outer)))
                        }
                        _ => None,
                    };
                    if let Some(at) = &mut at {
                        *axis(&mut at.pos) = edge;
                    }
                    cut.extend(at);
                }
                if depth(&vertex) >= 0.0 {
                    cut.push(vertex);
                }
                before = Some(vertex);
            }
            cut
        })
}

/// The vertex on the way from one to another.
fn between(from: Vertex, to: Vertex, part: f32) -> Vertex {
    let point = |from: Pos2, to: Pos2| pos2(lerp(from.x..=to.x, part), lerp(from.y..=to.y, part));
    Vertex {
        pos: point(from.pos, to.pos),
        uv: point(from.uv, to.uv),
        color: from.color.lerp_to_gamma(to.color, part),
    }
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

    use egui::{Color32, Context, FullOutput, TextureId, vec2};
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
    fn each_triangle_is_seen_where_it_was_and_all_are_one_mesh() {
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
                unclip(&mut after, density);
                let tessellate = |shapes| harness.ctx.tessellate(shapes, density);
                let title = view.title();
                let is_clipped = |it: &&ClippedShape| it.clip_rect != UNCLIPPED;
                let clipped = after.iter().filter(is_clipped).count();
                assert!(clipped * 2 < after.len(), "{title}: {clipped}");
                assert!(tessellate(before.clone()).len() > 5, "{title}");
                let screen = harness.ctx.viewport_rect();
                let merged = merge(tessellate(after.clone()), screen, density);
                assert_eq!(merged.len(), 1, "{title}");
                let mut rest = after.into_iter();
                for shape in before {
                    let is_gone = matches!(need(&shape, density), Need::Gone);
                    let unclipped = rest.by_ref().take(usize::from(!is_gone)).collect();
                    let [old, new] = [vec![shape.clone()], unclipped].map(|shapes| {
                        let triangles = triangles(&tessellate(shapes), density).into_iter();
                        let seen = triangles.filter_map(|it| Some((it.0, seen(&it, density)?)));
                        seen.collect::<Vec<_>>()
                    });
                    assert_eq!(old, new, "{title}: {shape:?}");
                }
            }
        }
    }

    /// A number of a reproducible sequence, from 0 to 1.
    fn next(state: &mut u32) -> f32 {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (*state >> 8) as f32 / (1 << 24) as f32
    }

    /// What is seen of a mesh at a point: the middles of texture and color of each triangle there.
    fn seen_at(mesh: &Mesh, at: Pos2) -> Vec<([f64; 2], [f64; 4])> {
        let mut seen = Vec::new();
        for triangle in mesh.triangles() {
            let [a, b, c] = triangle.map(|index| mesh.vertices[index as usize]);
            let area = |a: Pos2, b: Pos2, c: Pos2| {
                let ([ab, ac], cross) = ([b - a, c - a], |a: egui::Vec2, b: egui::Vec2| {
                    f64::from(a.x) * f64::from(b.y) - f64::from(a.y) * f64::from(b.x)
                });
                cross(ab, ac)
            };
            let whole = area(a.pos, b.pos, c.pos);
            let parts = [
                area(at, b.pos, c.pos),
                area(a.pos, at, c.pos),
                area(a.pos, b.pos, at),
            ]
            .map(|it| it / whole);
            if whole == 0.0 || parts.iter().any(|it| *it <= 0.0) {
                continue;
            }
            let mix = |of: &dyn Fn(&Vertex) -> f32| -> f64 {
                let corners = parts.iter().zip([a, b, c]);
                corners.map(|(part, it)| part * f64::from(of(&it))).sum()
            };
            let color = |index: usize| mix(&|it| f32::from(it.color.to_array()[index]));
            seen.push((
                [mix(&|it| it.uv.x), mix(&|it| it.uv.y)],
                [color(0), color(1), color(2), color(3)],
            ));
        }
        seen
    }

    #[test]
    fn a_clipped_mesh_is_the_mesh_inside_and_nothing_outside() {
        let mut state = 7;
        for _ in 0..300 {
            let mut point = |size: f32| pos2(next(&mut state) * size, next(&mut state) * size);
            let clip = Rect::from_two_pos(point(20.0).round(), point(20.0).round());
            let mut mesh = Mesh::with_texture(TextureId::default());
            for index in 0..3 {
                let color = Color32::from_rgba_premultiplied(index * 100, 40, 80, 90 * index);
                mesh.vertices.push(Vertex {
                    pos: point(24.0),
                    uv: point(1.0),
                    color,
                });
            }
            mesh.add_triangle(0, 1, 2);
            let mut clipped = Mesh::with_texture(TextureId::default());
            // What is already there stays as it is.
            clipped.add_colored_rect(
                Rect::from_min_size(pos2(30.0, 30.0), vec2(9.0, 9.0)),
                Color32::RED,
            );
            let before = clipped.clone();
            add_clipped(&mesh, clip, &mut clipped);
            assert!(clipped.is_valid());
            assert_eq!(clipped.indices[..6], before.indices);
            assert_eq!(clipped.vertices[..4], before.vertices);
            for pixel in 0..576 {
                // Not in the middle, where two triangles may meet: WebGL draws just one of them.
                let at = pos2((pixel % 24) as f32 + 0.47, (pixel / 24) as f32 + 0.54);
                let was = seen_at(&mesh, at);
                let now = seen_at(&clipped, at);
                if !clip.contains(at) {
                    assert_eq!(now, [], "outside at {at:?}");
                    continue;
                }
                assert_eq!(was.len(), now.len(), "{mesh:?} in {clip:?} at {at:?}");
                for ((old_uv, old), (uv, new)) in was.iter().zip(&now) {
                    assert!(old_uv.iter().zip(uv).all(|(a, b)| (a - b).abs() < 1e-4));
                    // A corner's color is a whole number, and may come from another such corner.
                    assert!(old.iter().zip(new).all(|(a, b)| (a - b).abs() <= 1.01));
                }
            }
        }
    }
}
