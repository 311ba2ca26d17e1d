//! Everything painted is readable: contrast of 4.5:1 for text, 3:1 for icons and rings, in both
//! themes, when hovered, focused, selected, disabled, or as a placeholder.

use callscope_session_view::colors::{Rgb, contrast};
use egui::epaint::TextShape;
use egui::{Color32, Key, Pos2, Rect, Shape, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::hostile::{EVIL, hostile_panel};
use crate::Panel;
use crate::action::{Action, View};
use crate::model::Model;
use crate::theme::Palette;

const WORDS: f64 = 4.5;
const SIGNS: f64 = 3.0;

/// Checks what is painted, from bottom to top.
struct Look {
    theme: Theme,
    what: String,
    clip: Rect,
    grounds: Vec<(Rect, Color32)>,
    checked: usize,
}

impl Look {
    fn at(&mut self, shape: &Shape) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|it| self.at(it)),
            Shape::Rect(rect) => {
                if rect.fill.a() == 255 {
                    self.grounds
                        .push((rect.rect.intersect(self.clip), rect.fill));
                }
                if rect.stroke.width > 0.0 {
                    self.check(rect.rect.center_top(), rect.stroke.color, SIGNS, "a border");
                }
            }
            Shape::Text(text) => self.at_text(text),
            Shape::LineSegment { points, stroke } => {
                self.check(
                    points[0].lerp(points[1], 0.5),
                    stroke.color,
                    SIGNS,
                    "a line",
                );
            }
            Shape::Circle(circle) => {
                if circle.stroke.width > 0.0 {
                    // A radio button: its inside is behind its dot.
                    self.check(circle.center, circle.stroke.color, SIGNS, "a ring");
                    if circle.fill.a() == 255 {
                        let bounds = circle.visual_bounding_rect();
                        self.grounds.push((bounds, circle.fill));
                    }
                } else {
                    self.check(circle.center, circle.fill, SIGNS, "a dot");
                }
            }
            Shape::Path(path) => {
                let color = match &path.stroke.color {
                    egui::epaint::ColorMode::Solid(color) if path.stroke.width > 0.0 => *color,
                    _ => path.fill,
                };
                let middle = Rect::from_points(&path.points).center();
                self.check(middle, color, SIGNS, "an icon");
            }
            _ => {}
        }
    }

    fn at_text(&mut self, text: &TextShape) {
        for placed in &text.galley.rows {
            let middle = (text.pos + placed.pos.to_vec2()) + placed.row.size * 0.5;
            let mesh = &placed.row.visuals.mesh;
            for glyph in &placed.row.glyphs {
                if glyph.uv_rect.is_nothing() || glyph.is_color {
                    continue;
                }
                let corner = mesh.vertices.get(glyph.first_vertex as usize);
                let mut color = corner.map_or(Color32::PLACEHOLDER, |it| it.color);
                if let Some(instead) = text.override_text_color {
                    color = instead;
                }
                if color == Color32::PLACEHOLDER {
                    color = text.fallback_color;
                }
                let color = color.gamma_multiply(text.opacity_factor);
                self.check(middle, color, WORDS, text.galley.text());
            }
        }
    }

    fn check(&mut self, at: Pos2, sign: Color32, least: f64, what: &str) {
        let palette = Palette::for_theme(self.theme);
        // Dividers convey nothing that is not also shown otherwise.
        if !self.clip.contains(at) || sign.a() == 0 || sign == palette.divider {
            return;
        }
        let ground = self.grounds.iter().rfind(|(rect, _)| rect.contains(at));
        let Some((_, ground)) = ground else {
            return;
        };
        if sign == *ground {
            // A fill of the same color.
            return;
        }
        let seen = ground.blend(sign);
        let rgb = |it: Color32| Rgb {
            r: it.r(),
            g: it.g(),
            b: it.b(),
        };
        let contrast = contrast(rgb(seen), rgb(*ground));
        self.checked += 1;
        assert!(
            contrast >= least,
            "{:?}, {}: {what:?} in {sign:?} on {ground:?} has {contrast:.2}",
            self.theme,
            self.what
        );
    }
}

fn look(harness: &Harness<'_, Panel>, theme: Theme, what: &str) {
    let mut look = Look {
        theme,
        what: what.to_owned(),
        clip: Rect::EVERYTHING,
        grounds: Vec::new(),
        checked: 0,
    };
    for clipped in &harness.output().shapes {
        look.clip = clipped.clip_rect;
        look.at(&clipped.shape);
    }
    assert!(look.checked > 100, "{what}: only {} checked", look.checked);
}

/// Checks a panel as it is, with the pointer over each of its widgets, and with keyboard focus on
/// some.
fn check(panel: Panel, what: &str) {
    let mut panel = Some(panel);
    for theme in [Theme::Light, Theme::Dark] {
        let mut harness = Harness::builder()
            .with_size(vec2(1000.0, 720.0))
            .with_theme(theme)
            .with_context_setup(crate::theme::apply)
            .allow_missing_glyphs()
            .build_ui_state(|ui, panel: &mut Panel| panel.ui(ui), panel.take().unwrap());
        harness.run();
        look(&harness, theme, what);
        let places: Vec<Rect> = harness
            .query_all_by(|_| true)
            .filter_map(|node| node.accesskit_node().raw_bounds())
            .map(|it| {
                #[expect(clippy::cast_possible_truncation, reason = "places on the screen")]
                let [x0, y0, x1, y1] = [it.x0, it.y0, it.x1, it.y1].map(|it| it as f32);
                Rect::from_min_max(egui::pos2(x0, y0), egui::pos2(x1, y1))
            })
            .filter(|it| it.height() < 40.0)
            .collect();
        for place in places.iter().step_by(places.len() / 4 + 1) {
            harness.hover_at(place.center());
            harness.run_steps(2);
            look(
                &harness,
                theme,
                &format!("{what}, the pointer at {place:?}"),
            );
        }
        for index in 0..3 {
            harness.key_press(Key::Tab);
            harness.run_steps(2);
            look(&harness, theme, &format!("{what}, the focus on {index}"));
        }
        panel = Some(std::mem::replace(
            harness.state_mut(),
            Panel::new(Model::default()),
        ));
    }
}

#[test]
fn all_that_is_painted_can_be_read() {
    // Without a recorder, nearly everything is disabled, and the filter shows its placeholder.
    for view in [View::Timeline, View::Compose, View::Overrides] {
        let mut panel = Panel::new(Model::default());
        panel.perform(Action::ShowView { view });
        check(panel, &format!("no page, {}", view.title()));
    }
    for view in [
        View::Timeline,
        View::Findings,
        View::Compose,
        View::Overrides,
    ] {
        let mut panel = hostile_panel(EVIL);
        panel.perform(Action::SetFilter {
            text: String::new(),
        });
        panel.perform(Action::Select { id: 5 });
        panel.perform(Action::ShowView { view });
        panel.take_effects();
        check(panel, view.title());
    }
}
