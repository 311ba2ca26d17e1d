//! Reduced motion: scrolled content moves to its destination at once.
//!
//! The panel has no animations, so nothing else moves; see `theme`.

use egui::{Context, Event, Id, MouseWheelUnit, RawInput, Theme, TouchPhase};

/// egui scrolls smoothly over several frames for a wheel step, but follows one shorter than this,
/// in points, at once, because it takes it for a touchpad's.
const STEP: f32 = 7.0;

/// Turns reduced motion on or off.
pub(crate) fn reduce(ctx: &Context, is_reduced: bool) {
    ctx.data_mut(|data| data.insert_temp(id(), is_reduced));
    let coasts = egui::style::KineticScrollStyle::default().decay_time;
    for theme in [Theme::Light, Theme::Dark] {
        ctx.style_mut_of(theme, |style| {
            style.spacing.scroll.kinetic.decay_time = if is_reduced { 0.0 } else { coasts };
        });
    }
}

fn id() -> Id {
    Id::unique("callscope reduced motion")
}

/// The plugin that splits wheel steps into short ones.
pub(crate) struct Stillness;

impl egui::Plugin for Stillness {
    fn debug_name(&self) -> &'static str {
        "callscope stillness"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        let is_reduced = ctx.data(|data| data.get_temp::<bool>(id()));
        if is_reduced == Some(true) {
            input.events = std::mem::take(&mut input.events)
                .into_iter()
                .flat_map(in_steps)
                .collect();
        }
    }
}

fn in_steps(event: Event) -> Vec<Event> {
    let Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta,
        phase: TouchPhase::Move,
        modifiers,
        source,
    } = event
    else {
        return vec![event];
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates"
    )]
    let count = ((delta.length() / STEP).ceil() as usize).clamp(1, 1_000);
    let step = Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: delta / count as f32,
        phase: TouchPhase::Move,
        modifiers,
        source,
    };
    vec![step; count]
}

#[cfg(test)]
mod tests {
    use egui::vec2;
    use egui_kittest::Harness;

    use super::*;

    /// How far the content has scrolled one frame after a wheel step.
    fn scrolled(is_reduced: bool) -> f32 {
        let mut harness = Harness::builder()
            .with_size(vec2(200.0, 100.0))
            .with_step_dt(1.0 / 60.0)
            .with_context_setup(move |ctx| {
                crate::theme::apply(ctx);
                ctx.add_plugin(Stillness);
                reduce(ctx, is_reduced);
            })
            .build_ui_state(
                |ui, offset: &mut f32| {
                    let area = egui::ScrollArea::vertical()
                        .auto_shrink(false)
                        .show(ui, |ui| {
                            ui.set_height(2000.0);
                        });
                    *offset = area.state.clamped_offset().y;
                },
                0.0,
            );
        harness.hover_at(egui::pos2(50.0, 50.0));
        harness.run_steps(3);
        harness.event(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, -120.0),
            modifiers: egui::Modifiers::NONE,
            phase: TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
        });
        harness.step();
        harness.step();
        *harness.state()
    }

    #[test]
    fn the_wheel_scrolls_at_once_where_motion_is_reduced() {
        let at_once = scrolled(true);
        assert!((at_once - 120.0).abs() < 0.5, "{at_once}");
        assert!(scrolled(false) < 100.0);
    }
}
