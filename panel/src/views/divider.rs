//! The divider between list and details, which the pointer drags and the arrow keys move.

use egui::accesskit::{self, Orientation};
use egui::{CursorIcon, EventFilter, Key, Modifiers, Rect, Response, Role, Sense, Stroke, Ui};

use super::parts::Actions;
use crate::action::Action;
use crate::keys;
use crate::panes::Panes;
use crate::theme::{Palette, size};

/// How far from the line the pointer still takes hold of it, in points.
const REACH: f32 = 3.0;

/// How far a key moves it, in points.
const KEY_STEP: f32 = size::ROW;

/// Lets the user move the divider between the panes in `room`; what [`paint_divider`] draws.
pub(crate) fn divider_ui(ui: &Ui, room: Rect, panes: &Panes, actions: &mut Actions) -> Response {
    let handle = Rect::from_points(&line(panes)).expand(REACH);
    let id = ui.scope_id().with("divider");
    let response = ui.interact(handle, id, Sense::DRAG | Sense::FOCUSABLE);
    let percent = |share: f32| f64::from((share * 100.0).round());
    let (share, shares) = (panes.share(room), panes.shares(room));
    response.widget_info(|| egui::WidgetInfo {
        value: Some(percent(share)),
        ..egui::WidgetInfo::labeled(Role::Splitter, true, "Resize details")
    });
    ui.ctx().accesskit_node_builder(id, |it| {
        it.set_orientation(if panes.is_beside {
            Orientation::Vertical
        } else {
            Orientation::Horizontal
        });
        it.set_value(format!("{} %", percent(share)));
        it.set_min_numeric_value(percent(*shares.start()));
        it.set_max_numeric_value(percent(*shares.end()));
        it.add_action(accesskit::Action::Increment);
        it.add_action(accesskit::Action::Decrement);
    });
    let wanted = if response.dragged() {
        let at = response.interact_pointer_pos();
        at.map(|at| panes.share_at(room, if panes.is_beside { at.x } else { at.y }))
    } else {
        let steps = steps(ui, &response, panes.is_beside);
        (steps != 0.0).then(|| {
            let length = if panes.is_beside {
                room.width()
            } else {
                room.height()
            };
            (share + steps * KEY_STEP / length).clamp(*shares.start(), *shares.end())
        })
    };
    if let Some(share) = wanted {
        actions.push(Action::SetDetailSize { share });
    }
    response
}

/// How many steps larger keyboard and assistive technology want the details.
fn steps(ui: &Ui, response: &Response, is_beside: bool) -> f32 {
    let (larger, smaller) = if is_beside {
        (Key::ArrowLeft, Key::ArrowRight)
    } else {
        (Key::ArrowUp, Key::ArrowDown)
    };
    let has_focus = response.has_focus();
    if has_focus {
        // Otherwise the arrows would move the focus.
        let filter = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|it| it.set_focus_lock_filter(response.id, filter));
    }
    ui.input_mut(|input| {
        let asked = |action| input.num_accesskit_action_requests(response.id, action) as f32;
        let asked = asked(accesskit::Action::Increment) - asked(accesskit::Action::Decrement);
        let mut pressed = |key| keys::take(input, Modifiers::NONE, key) as f32;
        if has_focus {
            asked + pressed(larger) - pressed(smaller)
        } else {
            asked
        }
    })
}

/// Draws the divider, over the edges of both panes.
pub(crate) fn paint_divider(ui: &Ui, panes: &Panes, response: &Response) {
    let palette = Palette::of(ui);
    let is_active = response.hovered() || response.dragged();
    let stroke = if response.has_focus() {
        // Wide enough to be found.
        Stroke::new(REACH, palette.accent)
    } else if is_active {
        Stroke::new(1.0, palette.accent)
    } else {
        Stroke::new(1.0, palette.divider)
    };
    ui.painter().line_segment(line(panes), stroke);
    if is_active {
        ui.ctx().set_cursor_icon(if panes.is_beside {
            CursorIcon::ResizeHorizontal
        } else {
            CursorIcon::ResizeVertical
        });
    }
}

/// The ends of the line.
const fn line(panes: &Panes) -> [egui::Pos2; 2] {
    let Rect { min, max } = panes.detail;
    if panes.is_beside {
        [min, egui::pos2(min.x, max.y)]
    } else {
        [min, egui::pos2(max.x, min.y)]
    }
}

#[cfg(test)]
mod tests {
    use egui::{Vec2, vec2};
    use egui_kittest::Harness;
    use egui_kittest::kittest::{NodeT as _, Queryable as _};

    use super::*;
    use crate::Panel;
    use crate::app::testing::whole_panel;
    use crate::model::Model;

    const LOG: &str =
        include_str!("../../../fixtures/mistakes/M14-completed-before-ended.callscope.jsonl");
    const NAME: &str = "Resize details";

    /// A panel of this size with the details of a message.
    fn drawn(size: Vec2) -> Harness<'static, Panel> {
        let mut panel = Panel::new(Model::default());
        panel.perform(Action::ImportText {
            name: "x".to_owned(),
            text: LOG.to_owned(),
        });
        panel.perform(Action::SelectSeq { seq: 5 });
        let mut harness = whole_panel(panel, size);
        harness.run_steps(3);
        harness
    }

    /// The middle of the divider's line.
    fn place(harness: &Harness<'_, Panel>) -> egui::Pos2 {
        harness.get_by_label(NAME).rect().center()
    }

    /// The share that assistive technology is told, with its range.
    fn told(harness: &Harness<'_, Panel>) -> [f64; 3] {
        let divider = harness.get_by_label(NAME);
        let node = divider.accesskit_node();
        let range = [node.min_numeric_value(), node.max_numeric_value()];
        [range[0], node.numeric_value(), range[1]].map(Option::unwrap)
    }

    fn presses(harness: &mut Harness<'_, Panel>, key: Key, times: usize) {
        for _ in 0..times {
            harness.key_press(key);
            harness.run_steps(2);
        }
    }

    #[test]
    fn tab_finds_the_divider_and_the_arrows_move_it_that_way() {
        let [left, right] = [Key::ArrowLeft, Key::ArrowRight];
        let [up, down] = [Key::ArrowUp, Key::ArrowDown];
        for (size, keys, others, step) in [
            (
                vec2(1100.0, 640.0),
                [left, right],
                [up, down],
                vec2(20.0, 0.0),
            ),
            (
                vec2(420.0, 700.0),
                [up, down],
                [left, right],
                vec2(0.0, 20.0),
            ),
        ] {
            let mut harness = drawn(size);
            for _ in 0..100 {
                if harness.get_by_label(NAME).accesskit_node().is_focused() {
                    break;
                }
                presses(&mut harness, Key::Tab, 1);
            }
            let before = place(&harness);
            let share = told(&harness)[1];
            presses(&mut harness, keys[0], 2);
            assert_eq!(place(&harness), before - 2.0 * step, "at {size:?}");
            assert!(told(&harness)[1] > share, "at {size:?}");
            presses(&mut harness, keys[1], 3);
            assert_eq!(place(&harness), before + step, "at {size:?}");
            // The list's keys are not its own.
            let selected = harness.state().selected();
            presses(&mut harness, others[0], 1);
            presses(&mut harness, others[1], 1);
            assert_eq!(place(&harness), before + step, "at {size:?}");
            assert_eq!(harness.state().selected(), selected);
            assert!(harness.get_by_label(NAME).accesskit_node().is_focused());
            // At either end, a key has an effect at once.
            for (share, key) in [(0.0, keys[0]), (1.0, keys[1])] {
                let panel = harness.state_mut();
                panel.perform(Action::SetDetailSize { share });
                harness.run_steps(2);
                let [least, now, most] = told(&harness);
                assert!([least, most].contains(&now), "{now} of {least} to {most}");
                let end = place(&harness);
                presses(&mut harness, key, 1);
                assert_ne!(place(&harness), end, "at {size:?}");
            }
        }
    }

    #[test]
    fn it_is_held_on_both_sides_of_its_line() {
        for size in [vec2(1100.0, 640.0), vec2(420.0, 700.0)] {
            for beside in [-2.0, 0.0, 2.0] {
                let mut harness = drawn(size);
                let before = place(&harness);
                let from = before + Vec2::splat(beside);
                let to = from - vec2(40.0, 40.0);
                harness.drag_at(from);
                harness.run_steps(2);
                harness.hover_at(to);
                harness.run_steps(2);
                harness.drop_at(to);
                harness.run_steps(2);
                let moved = (place(&harness) - before).abs().max_elem();
                assert!((36.0..44.0).contains(&moved), "{moved} from {beside}");
            }
        }
    }
}
