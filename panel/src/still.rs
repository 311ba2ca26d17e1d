//! What is around the list stands still while the wheel turns it, and a row only moves.
//!
//! Each drawing lays out everything anew, and the bars and the details are most of that. While only
//! the list moves, they are painted as they were, and their widgets are put where they were; so are
//! the rows that stay in sight, where they have got to. This ends with whatever could change them: an event, an action, the pointer, the keyboard. It is only
//! done in drawings that do not describe their widgets to assistive technology, and such drawings
//! follow each other for half a second at most, see [`aria::Pace`](crate::aria).

mod rows;

use std::sync::Arc;

use egui::epaint::ClippedShape;
use egui::text_selection::LabelSelectionState;
use egui::{Color32, Context, Event, Galley, Id, LayerId, Popup, Rect, Theme, Ui, WidgetRect};

pub(crate) use self::rows::Rows;
use crate::theme;
use crate::views::steady;

/// A part of the panel that can stand still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Region {
    /// The bars above everything.
    Top,
    Tabs,
    Detail,
    Status,
}

/// How many regions there are.
const REGIONS: usize = 4;

/// How long after a change something may still move, in seconds: longer than egui's animations.
const SETTLING: f64 = 0.3;

/// The regions as they were last drawn.
#[derive(Debug, Default)]
pub(crate) struct Still {
    regions: [State; REGIONS],
    /// The rows of the timeline.
    pub(crate) rows: Rows,
    around: Option<Around>,
    /// The time of this drawing, in seconds.
    now: f64,
    /// Whether everything around the list may be as it was in this drawing.
    stands: bool,
    /// Whether the next drawing is likely to ask for the regions.
    keeps: bool,
    has_changed: bool,
}

#[derive(Debug, Default)]
struct State {
    /// When it last changed.
    changed: f64,
    kept: Option<Kept>,
}

/// A region as it was drawn.
#[derive(Debug)]
struct Kept {
    /// The room it was given.
    room: Rect,
    /// What it took of that.
    rect: Rect,
    clip: Rect,
    shapes: Vec<ClippedShape>,
    widgets: Vec<WidgetRect>,
}

/// What all regions depend on.
#[derive(Debug)]
struct Around {
    screen: Rect,
    pixels_per_point: f32,
    theme: Theme,
    focused: Option<Id>,
    /// egui makes it anew when it has made all its letters anew: then what was laid out before must
    /// not be painted.
    letters: Arc<Galley>,
}

impl PartialEq for Around {
    fn eq(&self, other: &Self) -> bool {
        self.screen == other.screen
            && self.pixels_per_point == other.pixels_per_point
            && self.theme == other.theme
            && self.focused == other.focused
            && Arc::ptr_eq(&self.letters, &other.letters)
    }
}

impl Around {
    fn new(ui: &Ui) -> Self {
        Self {
            screen: ui.ctx().viewport_rect(),
            pixels_per_point: ui.ctx().pixels_per_point(),
            theme: ui.theme(),
            focused: ui.memory(egui::Memory::focused),
            letters: (ui.painter()).layout_no_wrap(
                "0".to_owned(),
                theme::body(),
                Color32::PLACEHOLDER,
            ),
        }
    }
}

impl Still {
    /// Something has changed: every region is drawn anew.
    pub(crate) const fn change(&mut self) {
        self.has_changed = true;
    }

    /// Begins a drawing.
    pub(crate) fn begin(&mut self, ui: &Ui) {
        let ctx = ui.ctx();
        self.now = ui.input(|it| it.time);
        let around = Around::new(ui);
        let has_changed = std::mem::take(&mut self.has_changed)
            || self.around.as_ref() != Some(&around)
            || is_in_use(ctx);
        self.around = Some(around);
        if has_changed {
            let changed = self.now;
            self.regions = std::array::from_fn(|_| State {
                changed,
                kept: None,
            });
            self.rows.clear();
        }
        let is_described = ctx.has_accesskit_node(egui::accesskit_root_id());
        self.stands = !is_described;
        self.keeps = !is_described || ui.input(|it| it.events.iter().any(is_wheel));
        (self.rows.stands, self.rows.keeps) = (self.stands, self.keeps);
    }

    /// Draws a region with `add`, or as it was.
    pub(crate) fn ui(&mut self, ui: &mut Ui, region: Region, add: impl FnOnce(&mut Ui)) {
        let room = ui.available_rect_before_wrap();
        let clip = ui.clip_rect();
        let pointer = ui.input(|it| it.pointer.hover_pos());
        let now = self.now;
        let (is_still, keeps) = (self.stands, self.keeps);
        let Some(state) = self.regions.get_mut(region as usize) else {
            return;
        };
        if let Some(kept) = state
            .kept
            .as_ref()
            .filter(|it| is_still && it.room == room && it.clip == clip)
            .filter(|it| pointer.is_none_or(|at| !it.rect.contains(at)))
        {
            ui.scope(|ui| kept.ui(ui));
            return;
        }
        let mark = keeps.then(|| Mark::new(ui));
        let part = steady(("region", region as usize));
        let rect = ui.scope_builder(part, add).response.rect;
        if pointer.is_some_and(|at| rect.contains(at)) {
            state.changed = now;
        }
        let is_settled = now - state.changed >= SETTLING;
        state.kept = mark.filter(|_| is_settled).map(|mark| Kept {
            room,
            rect,
            clip,
            shapes: mark.shapes(ui),
            widgets: mark.widgets(ui),
        });
    }
}

impl Kept {
    /// Draws it again.
    fn ui(&self, ui: &mut Ui) {
        ui.advance_cursor_after_rect(self.rect);
        let layer = ui.layer_id();
        ui.ctx().graphics_mut(|it| {
            let list = it.entry(layer);
            for shape in &self.shapes {
                list.add(shape.clip_rect, shape.shape.clone());
            }
        });
        for widget in &self.widgets {
            ui.set_clip_rect(widget.interact_rect);
            ui.interact(widget.rect, widget.id, widget.sense);
        }
    }
}

/// What a layer had before something was drawn.
#[derive(Clone, Copy, Debug)]
struct Mark {
    layer: LayerId,
    shapes: usize,
    widgets: usize,
}

impl Mark {
    fn new(ui: &Ui) -> Self {
        let layer = ui.layer_id();
        let ctx = ui.ctx();
        Self {
            layer,
            shapes: ctx.graphics(|it| it.get(layer).map_or(0, |it| it.all_entries().len())),
            widgets: ctx.viewport(|it| it.this_pass.widgets.get_layer(layer).count()),
        }
    }

    /// The shapes since then.
    fn shapes(self, ui: &Ui) -> Vec<ClippedShape> {
        ui.ctx().graphics(|it| {
            let list = it.get(self.layer).into_iter();
            let entries = list.flat_map(egui::layers::PaintList::all_entries);
            entries.skip(self.shapes).cloned().collect()
        })
    }

    /// The widgets since then that do something.
    fn widgets(self, ui: &Ui) -> Vec<WidgetRect> {
        ui.ctx().viewport(|it| {
            let all = it.this_pass.widgets.get_layer(self.layer);
            let acts = |it: &&WidgetRect| {
                it.enabled && (it.sense.interactive() || it.sense.is_focusable())
            };
            all.skip(self.widgets).filter(acts).copied().collect()
        })
    }
}

/// Whether the user is doing something other than to turn the wheel or to move the pointer.
fn is_in_use(ctx: &Context) -> bool {
    let is_other = |event: &Event| !is_wheel(event) && !matches!(event, Event::PointerMoved(_));
    ctx.input(|it| it.events.iter().any(is_other) || it.pointer.any_down())
        || ctx.text_edit_focused()
        || Popup::is_any_open(ctx)
        || ctx.memory(|it| it.top_modal_layer().is_some())
        || ctx.plugin::<LabelSelectionState>().lock().has_selection()
}

const fn is_wheel(event: &Event) -> bool {
    matches!(event, Event::MouseWheel { .. })
}

#[cfg(test)]
mod tests {
    use egui::{
        Modifiers, MouseWheelSource, MouseWheelUnit, Pos2, RawInput, TouchPhase, pos2, vec2,
    };

    use super::*;
    use crate::Panel;
    use crate::action::{Action, View};
    use crate::model::Model;

    const SIZE: Rect = Rect::from_min_max(Pos2::ZERO, pos2(1280.0, 500.0));

    /// A panel that nobody describes, as while the wheel turns.
    struct Stage {
        ctx: Context,
        panel: Panel,
        time: f64,
        /// Whether each drawing is told that something has changed.
        changes: bool,
    }

    impl Stage {
        fn new(changes: bool) -> Self {
            let log = include_str!("../../fixtures/well-behaved/widget-0.9.7.callscope.jsonl");
            let mut panel = Panel::new(Model::default());
            panel.perform(Action::ImportText {
                name: "widget.callscope.jsonl".to_owned(),
                text: log.to_owned(),
            });
            panel.perform(Action::SelectSeq { seq: 5 });
            let ctx = Context::default();
            crate::theme::apply(&ctx);
            let mut stage = Self {
                ctx,
                panel,
                time: 0.0,
                changes,
            };
            for _ in 0..20 {
                stage.draw(vec![Event::PointerMoved(pos2(200.0, 200.0))]);
            }
            stage
        }

        fn draw(&mut self, events: Vec<Event>) -> Vec<ClippedShape> {
            self.time += 0.05;
            let input = RawInput {
                screen_rect: Some(SIZE),
                time: Some(self.time),
                events,
                ..RawInput::default()
            };
            if self.changes {
                self.panel.still.change();
            }
            let panel = &mut self.panel;
            let mut output = self.ctx.run_ui(input, |ui| panel.ui(ui));
            output.textures_delta.clear();
            std::mem::take(&mut output.shapes)
        }

        fn turn(&mut self) -> Vec<ClippedShape> {
            self.draw(vec![Event::MouseWheel {
                source: MouseWheelSource::Wheel,
                unit: MouseWheelUnit::Point,
                delta: vec2(0.0, -30.0),
                phase: TouchPhase::Move,
                modifiers: Modifiers::NONE,
            }])
        }

        /// How many texts the last drawing laid out or looked up.
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method itself is for one lifetime only"
        )]
        fn texts(&self) -> usize {
            self.ctx.fonts(|it| it.num_galleys_in_cache())
        }

        /// The widgets of the last drawing that do something.
        fn widgets(&self) -> Vec<WidgetRect> {
            self.ctx.viewport(|it| {
                let all = it.prev_pass.widgets.layers();
                let mut found: Vec<WidgetRect> = all
                    .flat_map(|(_, all)| all.iter().copied())
                    .filter(|it| it.enabled && it.sense.interactive())
                    .collect();
                for widget in &mut found {
                    // Only the description for assistive technology depends on it.
                    widget.parent_id = Id::NULL;
                }
                found
            })
        }
    }

    #[test]
    fn what_stands_still_is_painted_as_if_it_were_drawn_anew() {
        let mut still = Stage::new(false);
        let mut anew = Stage::new(true);
        let first = anew.turn();
        assert_eq!(still.turn(), first);
        for _ in 0..8 {
            let (kept, drawn) = (still.turn(), anew.turn());
            assert_ne!(drawn, first, "the list does not move");
            assert_eq!(kept.len(), drawn.len());
            for (kept, drawn) in kept.iter().zip(&drawn) {
                assert_eq!(kept, drawn);
            }
            assert_eq!(still.widgets(), anew.widgets());
        }
        let texts = (still.texts(), anew.texts());
        assert!(texts.0 * 3 < texts.1, "{texts:?}");
    }

    #[test]
    fn a_click_on_what_stood_still_counts() {
        let mut stage = Stage::new(false);
        for _ in 0..5 {
            stage.turn();
        }
        let tab = View::Calls.title();
        let output = stage.turn();
        let painted = output.iter().find_map(|it| match &it.shape {
            egui::Shape::Text(text) if text.galley.text().starts_with(tab) => {
                Some(text.visual_bounding_rect().center())
            }
            _ => None,
        });
        let at = painted.unwrap();
        let button = |pressed| Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        stage.draw(vec![Event::PointerMoved(at), button(true)]);
        stage.draw(vec![button(false)]);
        assert_eq!(stage.panel.snapshot(false).view, View::Calls);
    }

    #[test]
    fn a_change_shows_in_the_next_drawing() {
        let mut stage = Stage::new(false);
        for _ in 0..5 {
            stage.turn();
        }
        let texts = |output: &[ClippedShape]| {
            let mut all = String::new();
            for shape in output {
                if let egui::Shape::Text(text) = &shape.shape {
                    all.push_str(text.galley.text());
                }
            }
            all
        };
        assert!(!texts(&stage.turn()).contains("type:DIAL_NUMBER"));
        stage.panel.perform(Action::SetFilter {
            text: "type:DIAL_NUMBER".to_owned(),
        });
        stage.draw(vec![]);
        let output = stage.turn();
        assert!(texts(&output).contains("type:DIAL_NUMBER"));
    }
}
