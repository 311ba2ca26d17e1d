//! The State view: the machines of a conversation, and which messages were legal at the selected
//! one.

mod graph;

use callscope_protocol::Side;
use callscope_session_view::machines::{LegalMessage, Machine, MachineState};
use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align2, Frame, Label, Margin, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2,
};

use super::parts::{Actions, galley, heading_ui, link_ui, place, prose_ui, scroll_area, words_ui};
use super::timeline::list_focus_ui;
use crate::action::Action;
use crate::model::state::StateData;
use crate::theme::{self, Palette, size};
use graph::Graph;

/// From this width on, the list of transitions is beside the drawing.
const LEAST_LIST: f32 = 260.0;

/// From this width on, two machines are side by side, if there is room for their graphs.
const TWO_COLUMNS: f32 = 1144.0;

/// The space between them.
const COLUMNS_GAP: f32 = 4.0 * size::STEP;

/// Draws the machines.
pub(crate) fn state_ui(ui: &mut Ui, data: &StateData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let rect = ui.available_rect_before_wrap();
    ui.painter().rect_filled(rect, 0.0, palette.bg);
    list_focus_ui(ui, rect, "State");
    scroll_area("state").show(ui, |ui| {
        Frame::new().inner_margin(Margin::same(8)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().interact_size.y = size::LINE;
            let Some(machines) = &data.machines else {
                prose_ui(
                    ui,
                    "No conversation between HubSpot and a widget in this session, so there is no \
                     state. It begins with HubSpot's first SYNC.",
                );
                return;
            };
            words_ui(ui, &machines.title, palette.text);
            let place = match &data.at {
                Some(at) => format!("At {at}: ↑ ↓ move through the session"),
                None => "The current state. To see the state at a message, select it or press ↓"
                    .to_owned(),
            };
            words_ui(ui, &place, palette.weak);
            machines_ui(ui, &machines.machines, actions);
            ui.add_space(2.0 * size::STEP);
            let heading = match (machines.is_legal, &data.at) {
                (Some(false), _) => "Not this message, but these were allowed here",
                (_, Some(_)) => "Messages that were allowed here",
                (_, None) => "Messages that are allowed now",
            };
            heading_ui(ui, heading);
            for (side, messages) in &machines.legal {
                legal_ui(ui, *side, messages);
            }
        });
    });
}

/// Draws all machines; the call, which is the highest, beside the others where there is room.
fn machines_ui(ui: &mut Ui, machines: &[Machine], actions: &mut Actions) {
    let graphs = machines.iter().map(|it| (it, Graph::new(ui, it)));
    let graphs: Vec<(&Machine, Graph)> = graphs.collect();
    let mut one_ui = |ui: &mut Ui, (machine, graph): &(&Machine, Graph)| {
        ui.add_space(size::STEP);
        ui.push_id(machine.name, |ui| machine_ui(ui, machine, graph, actions));
    };
    let room = ui.available_width() - COLUMNS_GAP;
    let split = graphs.split_last().filter(|_| room >= TWO_COLUMNS);
    let split = split.and_then(|(last, others)| {
        // Half of the room, or as much more as a graph takes.
        let widths = others.iter().map(|(_, graph)| graph.size().x);
        let left = widths.fold(room / 2.0, f32::max);
        (left + last.1.size().x <= room).then_some((last, others, left))
    });
    let Some((last, others, left)) = split else {
        for it in &graphs {
            one_ui(ui, it);
        }
        return;
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = COLUMNS_GAP;
        ui.vertical(|ui| {
            ui.set_width(left);
            for it in others {
                one_ui(ui, it);
            }
        });
        ui.vertical(|ui| {
            ui.set_width(room - left);
            one_ui(ui, last);
        });
    });
}

/// Draws a machine as a graph, or as its states if that does not fit; then its transitions.
fn machine_ui(ui: &mut Ui, machine: &Machine, graph: &Graph, actions: &mut Actions) {
    let palette = Palette::of(ui);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0 * size::STEP;
        heading_ui(ui, machine.name);
        let color = if machine.has_changed() {
            palette.accent
        } else {
            palette.weak
        };
        words_ui(ui, &machine.change(), color);
    });
    let room = ui.available_width();
    if graph.size().x + LEAST_LIST <= room {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0 * size::STEP;
            graph.ui(ui, machine, actions);
            ui.vertical(|ui| taken_ui(ui, machine, actions));
        });
        return;
    }
    if graph.size().x <= room {
        graph.ui(ui, machine, actions);
    } else {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(size::STEP, size::STEP);
            for state in &machine.states {
                box_ui(ui, machine.name, state);
            }
        });
    }
    taken_ui(ui, machine, actions);
}

/// Draws the transitions that it took.
fn taken_ui(ui: &mut Ui, machine: &Machine, actions: &mut Actions) {
    let palette = Palette::of(ui);
    for taken in &machine.taken {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = size::STEP;
            let color = if taken.is_now {
                palette.text
            } else {
                palette.weak
            };
            ui.label(RichText::new(taken.words()).color(color));
            match (&taken.cause, &taken.remark) {
                (Some((seq, name)), _) => {
                    link_ui(ui, actions, name, Action::SelectSeq { seq: *seq });
                }
                (None, Some(remark)) => {
                    words_ui(ui, remark, color);
                }
                (None, None) => {}
            }
        });
    }
}

/// Draws a state where there is no room for the graph.
fn box_ui(ui: &mut Ui, machine: &str, state: &MachineState) {
    let (fill, stroke, color) = graph::colors(Palette::of(ui), state);
    let text = if state.is_before && !state.is_after {
        format!("{} (before)", state.name)
    } else {
        state.name.to_owned()
    };
    let galley = galley(ui, &text, theme::body(), color);
    let room = galley.size() + vec2(4.0 * size::STEP, 2.0);
    let (rect, response) = ui.allocate_exact_size(room, Sense::hover());
    let painter = ui.painter();
    painter.rect(
        rect,
        2.0,
        fill,
        Stroke::new(1.0, stroke),
        StrokeKind::Inside,
    );
    place(painter, rect.center(), Align2::CENTER_CENTER, galley);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, graph::label(machine, state)));
}

fn legal_ui(ui: &mut Ui, side: Side, messages: &[LegalMessage]) {
    let palette = Palette::of(ui);
    let title = match side {
        Side::Host => "From HubSpot",
        Side::Widget => "From the widget",
    };
    ui.label(RichText::new(title).color(palette.side(side)));
    if messages.is_empty() {
        ui.weak("None");
    }
    for message in messages {
        let mut job = LayoutJob::default();
        let color = if message.is_it {
            palette.accent
        } else {
            palette.text
        };
        let came = if message.is_it { ": it came" } else { "" };
        let name = message.ty.name();
        job.append(name, 0.0, TextFormat::simple(theme::mono(), color));
        let why = format!("{}{came}", message.why);
        let weak = TextFormat::simple(theme::body(), palette.weak);
        job.append(&why, 2.0 * size::STEP, weak);
        job.wrap.break_anywhere = false;
        ui.add(Label::new(job).wrap());
    }
}

#[cfg(test)]
mod tests {
    use egui::vec2;
    use egui_kittest::Harness;
    use egui_kittest::kittest::{NodeT as _, Queryable as _};

    use crate::Panel;
    use crate::action::{Action, View};
    use crate::app::testing::whole_panel;
    use crate::model::Model;

    fn harness<'a>(width: f32) -> Harness<'a, Panel> {
        let log =
            include_str!("../../../fixtures/mistakes/M14-completed-before-ended.callscope.jsonl");
        let mut panel = Panel::new(Model::default());
        let (name, text) = ("M14".to_owned(), log.to_owned());
        panel.perform(Action::ImportText { name, text });
        panel.perform(Action::ShowView { view: View::State });
        let mut harness = whole_panel(panel, vec2(width, 1400.0));
        harness.run_steps(3);
        harness
    }

    /// The labels of the arrows that were taken.
    fn arrows(harness: &Harness<'_, Panel>) -> Vec<String> {
        let links = harness.query_all_by_role(egui::Role::Link);
        let labels = links.filter_map(|it| it.accesskit_node().label());
        labels.filter(|it| it.contains(" → ")).collect()
    }

    #[test]
    fn the_state_follows_the_selection() {
        let mut harness = harness(1100.0);
        harness.get_by_label("Link: initialized, present");
        harness.get_by_label("Call: completed, present");
        harness.get_by_label("Messages that are allowed now");
        // CALL_COMPLETED while the call is answered.
        let completed = harness.state_mut().snapshot(false).findings[0].seq.unwrap();
        let seq = completed;
        harness.state_mut().perform(Action::SelectSeq { seq });
        harness.run_steps(3);
        harness.get_by_label("Call: answered, before");
        harness.get_by_label("Call: completed, present");
        harness.get_by_label("answered → completed");
        harness.get_by_label("Not this message, but these were allowed here");
        harness.key_press(egui::Key::ArrowUp);
        harness.run_steps(3);
        harness.get_by_label("Call: started, before");
        harness.get_by_label("Call: answered, present");
        harness.get_by_label("started → answered");
        harness.get_by_label("Messages that were allowed here");
        // A click on what caused a transition selects that.
        let link = harness.query_all_by_label("3 INITIALIZED").next().unwrap();
        link.click();
        harness.run_steps(3);
        harness.get_by_label("Link: ready, before");
    }

    #[test]
    fn the_drawing_has_words_on_whatever_was_taken() {
        let mut harness = harness(1000.0);
        expect_test::expect![[r#"
            silent → syncing by 1 SYNC
            syncing → ready by 2 SYNC_ACK
            ready → initialized by 3 INITIALIZED
            unknown → logged in by 3 INITIALIZED
            unknown → available by 3 INITIALIZED
            no call → dial requested by 4 DIAL_NUMBER
            dial requested → started by 5 OUTGOING_CALL_STARTED
            started → answered by 9 CALL_ANSWERED
            answered → completed by 10 CALL_COMPLETED"#]]
        .assert_eq(&arrows(&harness).join("\n"));
        harness
            .get_by_label("answered → completed by 10 CALL_COMPLETED")
            .click();
        harness.run_steps(3);
        let snapshot = harness.state_mut().snapshot(false);
        assert_eq!(snapshot.selected, snapshot.findings[0].seq);
        let state = snapshot.state.unwrap();
        assert_eq!(state.machines[3].change, "answered → completed");
        assert_eq!(state.is_legal, Some(false));
    }

    /// Graphs rather than rows of states wherever a graph fits.
    #[test]
    fn at_usual_widths_all_machines_are_graphs() {
        for width in [742.0, 800.0, 1160.0, 1280.0, 1400.0, 1700.0, 2500.0] {
            let harness = harness(width);
            let drawn = arrows(&harness);
            for transition in ["ready → initialized by", "answered → completed by"] {
                let is_it = |it: &String| it.starts_with(transition);
                assert!(
                    drawn.iter().any(is_it),
                    "{transition} at {width}: {drawn:?}"
                );
            }
            let right_of = |state: &str| harness.get_by_label(state).rect().right();
            let left_of = |state: &str| harness.get_by_label(state).rect().left();
            assert!(
                right_of("Call: ringing") < left_of("Call: resumed"),
                "at {width}"
            );
        }
    }

    #[test]
    fn where_it_has_no_room_the_states_stand_in_a_row() {
        let harness = harness(300.0);
        // Two states and the label of one message fit even there.
        assert!(arrows(&harness).iter().all(|it| !it.contains("CALL_")));
        harness.get_by_label("Call: completed, present");
        harness.get_by_label("answered → completed by");
    }
}
