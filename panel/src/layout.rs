//! Checks that what is drawn can be read and reached: no two texts overlap, no text is cut off
//! without an ellipsis, no control is out of view.
//!
//! Examines the painted texts of a frame, and the widget rectangles from the AccessKit tree and
//! egui's hit test. It needs no pixels, so the same check runs in tests without a browser and, as
//! `callscopePanel.layout()`, in a real panel.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use egui::accesskit::{self, NodeId};
use egui::{Context, FullOutput, Order, Rect, Role, Shape, WidgetRect};

/// Something that cannot be read or reached.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Problem {
    /// Two texts overlap.
    Overlap { first: String, second: String },
    /// A text is cut off at an edge without an ellipsis.
    Cut { text: String, at: Rect, edge: Rect },
    /// A text was shortened to fit, and cut again.
    CutAgain { text: String, at: Rect },
    /// Part of a text is painted over.
    Covered { text: String, at: Rect, edge: Rect },
    /// A widget is cut off or outside the window, and cannot be scrolled to.
    OutOfSight {
        role: Role,
        label: String,
        at: Rect,
        edge: Rect,
    },
    /// Two controls overlap, and neither contains the other.
    Collision { first: String, second: String },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overlap { first, second } => write!(f, "{first:?} and {second:?} overlap"),
            Self::Cut { text, at, edge } => {
                write!(
                    f,
                    "{text:?} is cut without an ellipsis{}",
                    Place(*at, *edge)
                )
            }
            Self::CutAgain { text, at } => {
                write!(f, "{text:?} is cut twice at {at:?}")
            }
            Self::Covered { text, at, edge } => {
                write!(f, "{text:?} is painted over{}", Place(*at, *edge))
            }
            Self::OutOfSight {
                role,
                label,
                at,
                edge,
            } => {
                let place = Place(*at, *edge);
                write!(f, "the {role:?} {label:?} is out of sight{place}")
            }
            Self::Collision { first, second } => {
                write!(f, "the controls {first:?} and {second:?} share a place")
            }
        }
    }
}

/// A place, and its visible part.
struct Place(Rect, Rect);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(at, edge) = self;
        write!(f, ": from {} to {}, ", at.min.round(), at.max.round())?;
        write!(f, "seen from {} to {}", edge.min.round(), edge.max.round())
    }
}

/// A request and its answer, shared between the plugin and the caller.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer(Arc<Mutex<Asked>>);

#[derive(Debug, Default)]
enum Asked {
    #[default]
    No,
    Yes,
    Found(Found),
}

/// The result for a frame.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) problems: Vec<Problem>,
    /// The painted lines of text, as far as visible.
    #[cfg_attr(
        not(any(target_arch = "wasm32", test)),
        expect(
            dead_code,
            reason = "only tests ask for them, most of them in a browser"
        )
    )]
    pub(crate) texts: Vec<(String, Rect)>,
}

impl Answer {
    /// Requests a look at the next frame, unless already requested. Returns the result once, when
    /// it is available.
    pub(crate) fn ask(&self) -> Option<Found> {
        let mut asked = self.0.lock().ok()?;
        match std::mem::take(&mut *asked) {
            Asked::No | Asked::Yes => {
                *asked = Asked::Yes;
                None
            }
            Asked::Found(found) => Some(found),
        }
    }
}

/// The plugin that examines a frame on request. It must come before any that takes the AccessKit
/// tree away.
pub(crate) struct Surveyor(Answer);

impl Surveyor {
    pub(crate) const fn new(answer: Answer) -> Self {
        Self(answer)
    }
}

impl egui::Plugin for Surveyor {
    fn debug_name(&self) -> &'static str {
        "callscope surveyor"
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        let Ok(mut asked) = self.0.0.lock() else {
            return;
        };
        // Nothing was drawn in a frame without a tree.
        if matches!(*asked, Asked::Yes)
            && let Some(tree) = &output.platform_output.accesskit_update
        {
            let survey = Survey::new(ctx, tree, output);
            *asked = Asked::Found(Found {
                problems: survey.problems(),
                texts: survey.texts(),
            });
        }
    }
}

/// Tolerance for rectangles, in points: glyphs and pixels are rounded.
const SLACK: f32 = 1.5;

/// The space without ink at the top and bottom of a line, in points.
const LEADING: f32 = 3.0;

/// How much wider a scroll area's clip rectangle is than its bar, in points.
const SCROLL_MARGIN: f32 = 4.0;

/// A line of a painted text.
struct Line {
    rect: Rect,
    /// The clip rectangle.
    clip: Rect,
    text: String,
    /// The index of the frame's text that it belongs to.
    of: usize,
    /// Its place in painting order.
    order: usize,
    /// Whether the text was shortened and still did not fit.
    is_cut_again: bool,
}

/// An opaque rectangle.
struct Cover {
    rect: Rect,
    order: usize,
}

/// A widget with a name, and its visible part.
struct Widget {
    rect: Rect,
    interact_rect: Rect,
    layer: egui::LayerId,
    role: Role,
    label: String,
    is_clickable: bool,
}

/// The contents of a frame.
struct Survey {
    screen: Rect,
    lines: Vec<Line>,
    covers: Vec<Cover>,
    widgets: Vec<Widget>,
    /// The bars of scroll areas: content cut off at their ends can be scrolled to.
    bars: Vec<Rect>,
    /// Text fields, which scroll their contents.
    fields: Vec<Rect>,
    /// Menus and tooltips, which float over the rest.
    floating: Vec<Rect>,
}

impl Survey {
    fn new(ctx: &Context, tree: &accesskit::TreeUpdate, output: &FullOutput) -> Self {
        let floating = ctx.memory(|memory| {
            let areas = memory.areas();
            let layers = areas.visible_layer_ids().into_iter();
            layers
                .filter(|layer| layer.order != Order::Background)
                .filter_map(|layer| memory.area_rect(layer.id))
                .collect()
        });
        let mut survey = Self {
            screen: ctx.content_rect(),
            lines: Vec::new(),
            covers: Vec::new(),
            widgets: Vec::new(),
            bars: Vec::new(),
            fields: Vec::new(),
            floating,
        };
        survey.add_widgets(ctx, tree);
        let mut order = 0;
        for clipped in &output.shapes {
            survey.add_shape(&clipped.shape, clipped.clip_rect, &mut order);
        }
        survey
    }

    fn add_widgets(&mut self, ctx: &Context, tree: &accesskit::TreeUpdate) {
        let nodes: HashMap<NodeId, &accesskit::Node> =
            tree.nodes.iter().map(|(id, node)| (*id, node)).collect();
        let rects: Vec<WidgetRect> = ctx.viewport(|viewport| {
            let widgets = &viewport.prev_pass.widgets;
            widgets
                .layers()
                .flat_map(|(_, rects)| rects.iter().copied())
                .collect()
        });
        for widget in rects {
            let Some(node) = nodes.get(&widget.id.accesskit_id()) else {
                continue;
            };
            match node.role() {
                Role::ScrollBar => self.bars.push(widget.rect),
                Role::TextInput | Role::MultilineTextInput => self.fields.push(widget.rect),
                _ => {}
            }
            let label = node
                .label()
                .or_else(|| node.value())
                .or_else(|| {
                    let name = node.labelled_by().first()?;
                    let name = nodes.get(name)?;
                    name.label().or_else(|| name.value())
                })
                .unwrap_or_default();
            if label.is_empty() || !is_looked_for(node.role()) || !widget.visible {
                continue;
            }
            self.widgets.push(Widget {
                rect: widget.rect,
                interact_rect: widget.interact_rect,
                layer: widget.layer_id,
                role: node.role(),
                label: short(label),
                is_clickable: widget.sense.senses_click() && node.role() != Role::Label,
            });
        }
    }

    fn add_shape(&mut self, shape: &Shape, clip: Rect, order: &mut usize) {
        *order += 1;
        match shape {
            Shape::Vec(shapes) => {
                for shape in shapes {
                    self.add_shape(shape, clip, order);
                }
            }
            Shape::Rect(rect) if rect.fill.is_opaque() => self.covers.push(Cover {
                rect: rect.rect.intersect(clip),
                order: *order,
            }),
            Shape::Text(text) => {
                for row in &text.galley.rows {
                    let words = row.text();
                    if words.trim().is_empty() {
                        continue;
                    }
                    let rect = row.rect_without_leading_space();
                    self.lines.push(Line {
                        rect: rect.translate(text.pos.to_vec2()),
                        clip: clip.intersect(self.screen),
                        text: short(&words),
                        of: *order,
                        order: *order,
                        is_cut_again: text.galley.elided && was_cut_to_fit(&words),
                    });
                }
            }
            _ => {}
        }
    }

    fn texts(&self) -> Vec<(String, Rect)> {
        let lines = self.lines.iter().filter(|line| {
            let is_in_sight = line.clip.contains_rect(line.rect);
            is_in_sight && !self.is_under_cover(line.rect, line.order)
        });
        lines.map(|line| (line.text.clone(), line.rect)).collect()
    }

    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.find_cut(&mut problems);
        self.find_overlaps(&mut problems);
        self.find_covered(&mut problems);
        self.find_out_of_sight(&mut problems);
        self.find_collisions(&mut problems);
        problems.dedup();
        problems
    }

    /// Whether content cut off at this place can be scrolled to.
    fn is_scrolled_at(&self, y: f32, rect: Rect) -> bool {
        self.bars.iter().any(|bar| {
            let ends = [bar.top(), bar.bottom()];
            let is_end = ends.iter().any(|end| (end - y).abs() <= SCROLL_MARGIN);
            is_end && bar.left() + SCROLL_MARGIN >= rect.left()
        })
    }

    /// The same to the left and to the right.
    fn is_scrolled_across(&self, x: f32, rect: Rect) -> bool {
        self.bars.iter().any(|bar| {
            let ends = [bar.left(), bar.right()];
            let is_end = ends
                .iter()
                .any(|end| (end - x).abs() <= SCROLL_MARGIN + SLACK);
            is_end && bar.width() > bar.height() && bar.top() + SCROLL_MARGIN >= rect.top()
        })
    }

    fn is_in_field(&self, rect: Rect) -> bool {
        self.fields
            .iter()
            .any(|field| field.expand(SLACK).intersects(rect))
    }

    /// Whether an opaque rectangle is painted over `rect` after `order`.
    fn is_under_cover(&self, rect: Rect, order: usize) -> bool {
        self.covers
            .iter()
            .any(|cover| cover.order > order && cover.rect.expand(SLACK).contains_rect(rect))
    }

    fn find_cut(&self, problems: &mut Vec<Problem>) {
        for line in &self.lines {
            let Line { rect, clip, .. } = line;
            let is_in_sight = rect.shrink2(egui::vec2(0.0, LEADING)).intersects(*clip);
            if !is_in_sight || self.is_in_field(*rect) || self.is_under_cover(*rect, line.order) {
                continue;
            }
            if line.is_cut_again {
                problems.push(Problem::CutAgain {
                    text: line.text.clone(),
                    at: *rect,
                });
            }
            let left =
                rect.left() < clip.left() - SLACK && !self.is_scrolled_across(clip.left(), *rect);
            let right = rect.right() > clip.right() + SLACK
                && !self.is_scrolled_across(clip.right(), *rect);
            let is_cut = left || right;
            let top = rect.top() + LEADING < clip.top() && !self.is_scrolled_at(clip.top(), *rect);
            let bottom = rect.bottom() - LEADING > clip.bottom()
                && !self.is_scrolled_at(clip.bottom(), *rect);
            if is_cut || top || bottom {
                problems.push(Problem::Cut {
                    text: line.text.clone(),
                    at: *rect,
                    edge: *clip,
                });
            }
        }
    }

    fn find_overlaps(&self, problems: &mut Vec<Problem>) {
        for (index, first) in self.lines.iter().enumerate() {
            for second in &self.lines[index + 1..] {
                let both = ink(first).intersect(ink(second));
                if first.of == second.of
                    || both.width() <= SLACK
                    || both.height() <= SLACK
                    || self.is_under_cover(both, first.order)
                    || self.is_in_field(both)
                {
                    continue;
                }
                problems.push(Problem::Overlap {
                    first: first.text.clone(),
                    second: second.text.clone(),
                });
            }
        }
    }

    fn find_covered(&self, problems: &mut Vec<Problem>) {
        for line in &self.lines {
            let mut ink = ink(line);
            // A scroll area shows a little beyond its end.
            for y in [line.clip.top(), line.clip.bottom()] {
                if self.is_scrolled_at(y, ink) {
                    let inner = line.clip.shrink2(egui::vec2(0.0, SCROLL_MARGIN));
                    ink = ink.intersect(inner);
                }
            }
            if ink.width() <= SLACK || ink.height() <= SLACK {
                continue;
            }
            let is_covered = self.covers.iter().any(|cover| {
                let both = cover.rect.intersect(ink);
                cover.order > line.order
                    && both.width() > SLACK
                    && both.height() > SLACK
                    && !self
                        .floating
                        .iter()
                        .any(|it| it.expand(SLACK).contains_rect(cover.rect))
            });
            // A text covered completely was drawn in vain, such as in a discarded pass.
            if is_covered && !self.is_under_cover(ink, line.order) {
                problems.push(Problem::Covered {
                    text: line.text.clone(),
                    at: line.rect,
                    edge: line.clip,
                });
            }
        }
    }

    fn find_out_of_sight(&self, problems: &mut Vec<Problem>) {
        for widget in &self.widgets {
            let Widget {
                rect,
                interact_rect: seen,
                ..
            } = widget;
            let left = seen.left().max(self.screen.left()) > rect.left() + SLACK;
            let right = seen.right().min(self.screen.right()) < rect.right() - SLACK;
            let top = seen.top().max(self.screen.top());
            let is_cut_above =
                top > rect.top() + SLACK.max(LEADING) && !self.is_scrolled_at(top, *rect);
            let bottom = seen.bottom().min(self.screen.bottom());
            let is_cut_below =
                bottom < rect.bottom() - SLACK.max(LEADING) && !self.is_scrolled_at(bottom, *rect);
            if left || right || is_cut_above || is_cut_below {
                problems.push(Problem::OutOfSight {
                    role: widget.role,
                    label: widget.label.clone(),
                    at: *rect,
                    edge: *seen,
                });
            }
        }
    }

    fn find_collisions(&self, problems: &mut Vec<Problem>) {
        let controls: Vec<&Widget> = self
            .widgets
            .iter()
            .filter(|it| it.is_clickable && it.interact_rect.is_positive())
            .collect();
        for (index, first) in controls.iter().enumerate() {
            for second in &controls[index + 1..] {
                let (one, other) = (first.interact_rect, second.interact_rect);
                let both = one.intersect(other);
                if first.layer == second.layer
                    && both.width() > SLACK
                    && both.height() > SLACK
                    && !one.expand(SLACK).contains_rect(other)
                    && !other.expand(SLACK).contains_rect(one)
                {
                    problems.push(Problem::Collision {
                        first: first.label.clone(),
                        second: second.label.clone(),
                    });
                }
            }
        }
    }
}

/// Whether users look for widgets of this role by name.
fn is_looked_for(role: Role) -> bool {
    !matches!(
        role,
        // Containers, and areas that are only for dragging.
        Role::GenericContainer
            | Role::Group
            | Role::Window
            | Role::Pane
            | Role::Dialog
            | Role::Menu
            | Role::Tooltip
            | Role::List
            | Role::TextRun
            | Role::ScrollBar
            | Role::Splitter
    )
}

/// The part of a line with ink, as far as visible.
fn ink(line: &Line) -> Rect {
    line.rect
        .shrink2(egui::vec2(0.0, LEADING))
        .intersect(line.clip)
}

/// Whether a line that ends with an ellipsis has another one from being cut to fit. Very long
/// values are cut too, but much later.
fn was_cut_to_fit(line: &str) -> bool {
    const ENDLESS: usize = 60;
    let mut cuts = line.char_indices().filter(|(_, it)| *it == '…');
    cuts.next()
        .is_some_and(|(at, _)| at < ENDLESS && cuts.next().is_some())
}

/// The beginning of a text, enough to find it.
fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use egui::{Pos2, Sense, Vec2, WidgetInfo, pos2, vec2};
    use egui_kittest::Harness;

    use super::*;

    /// The problems of the next frame.
    pub(crate) fn problems<State>(
        harness: &mut Harness<'_, State>,
        answer: &Answer,
    ) -> Vec<String> {
        _ = answer.ask();
        harness.step();
        let problems = answer.ask().unwrap().problems;
        problems.iter().map(ToString::to_string).collect()
    }

    #[track_caller]
    fn check(draw: impl FnMut(&mut egui::Ui), expected: &[&str]) {
        let answer = Answer::default();
        let surveyor = Surveyor::new(answer.clone());
        let mut harness = Harness::builder()
            .with_size(vec2(200.0, 100.0))
            .with_context_setup(move |ctx| {
                crate::theme::apply(ctx);
                ctx.add_plugin(surveyor);
            })
            .build_ui(draw);
        harness.run();
        let problems = problems(&mut harness, &answer);
        assert_eq!(problems.len(), expected.len(), "{problems:#?}");
        for (problem, expected) in problems.iter().zip(expected) {
            assert!(problem.starts_with(expected), "{problem}");
        }
    }

    fn put(ui: &egui::Ui, at: Pos2, text: &str) {
        let color = egui::Color32::PLACEHOLDER;
        let galley = ui
            .painter()
            .layout_no_wrap(text.to_owned(), crate::theme::body(), color);
        ui.painter().galley(at, galley, egui::Color32::PLACEHOLDER);
    }

    fn button(ui: &egui::Ui, rect: Rect, label: &str) {
        let response = ui.interact(rect, ui.scope_id().with(label), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
    }

    #[test]
    fn texts_that_overlap_are_found() {
        let draw = |ui: &mut egui::Ui| {
            put(ui, pos2(10.0, 10.0), "first");
            put(ui, pos2(20.0, 12.0), "second");
            put(ui, pos2(10.0, 40.0), "third");
        };
        check(draw, &[r#""first" and "second" overlap"#]);
    }

    #[test]
    fn text_that_is_cut_is_found() {
        let draw = |ui: &mut egui::Ui| {
            put(ui, pos2(180.0, 10.0), "too far to the right");
            put(ui, pos2(10.0, 93.0), "too low");
        };
        let expected = [
            r#""too far to the right" is cut without an ellipsis"#,
            r#""too low" is cut without an ellipsis"#,
        ];
        check(draw, &expected);
    }

    #[test]
    fn text_that_is_cut_twice_is_found() {
        let draw = |ui: &mut egui::Ui| {
            let color = egui::Color32::PLACEHOLDER;
            let text = "it was shor…d, and is too long";
            let mut job = egui::text::LayoutJob::simple_singleline(
                text.to_owned(),
                crate::theme::body(),
                color,
            );
            job.wrap = egui::text::TextWrapping::truncate_at_width(100.0);
            let galley = ui.painter().layout_job(job);
            ui.painter().galley(pos2(10.0, 10.0), galley, color);
        };
        check(draw, &[r#""it was shor…"#]);
    }

    #[test]
    fn what_is_painted_over_a_text_is_found() {
        let draw = |ui: &mut egui::Ui| {
            put(ui, pos2(10.0, 10.0), "a long text");
            let rect = Rect::from_min_size(pos2(20.0, 5.0), vec2(20.0, 30.0));
            ui.painter()
                .rect_filled(rect, 0.0, crate::theme::Palette::of(ui).header);
        };
        check(draw, &[r#""a long text" is painted over"#]);
    }

    #[test]
    fn controls_out_of_sight_and_on_each_other_are_found() {
        let draw = |ui: &mut egui::Ui| {
            let at = |x, y| Rect::from_min_size(pos2(x, y), Vec2::splat(20.0));
            button(ui, at(190.0, 10.0), "outside");
            button(ui, at(10.0, 50.0), "one");
            button(ui, at(20.0, 60.0), "other");
        };
        let expected = [
            r#"the Button "outside" is out of sight"#,
            r#"the controls "one" and "other" share a place"#,
        ];
        check(draw, &expected);
    }

    #[test]
    fn what_can_be_scrolled_to_is_none() {
        let draw = |ui: &mut egui::Ui| {
            egui::ScrollArea::vertical()
                .auto_shrink(false)
                .show(ui, |ui| {
                    for index in 0..50 {
                        ui.label(format!("line {index}"));
                        _ = ui.button(format!("button {index}"));
                    }
                });
        };
        check(draw, &[]);
    }
}
