//! The list of all findings.

use callscope_protocol::Severity;
use callscope_session_view::words;
use egui::{Label, RichText, Ui};

use super::detail::{finding_ui, named_ui, rule_ui};
use super::parts::{Actions, icon_slot_ui, link_ui, prose_ui, scroll_area};
use super::timeline::list_focus_ui;
use crate::action::{Action, View};
use crate::icons::Icon;
use crate::model::{FindingGroup, FindingsData, Place};
use crate::theme::{Palette, size};

/// The message that is selected in all views.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Selected {
    /// Its number.
    pub(crate) seq: Option<u64>,
    /// It is to be brought into sight.
    pub(crate) reveal: bool,
}

/// Draws the findings.
pub(crate) fn findings_ui(
    ui: &mut Ui,
    data: &FindingsData,
    selected: Selected,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let rect = ui.available_rect_before_wrap();
    ui.painter().rect_filled(rect, 0.0, palette.bg);
    list_focus_ui(ui, rect, "Findings");
    scroll_area("findings").show(ui, |ui| {
        egui::Frame::new()
            .inner_margin(egui::Margin::same(8))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                // Lines of text, not of buttons.
                ui.spacing_mut().interact_size.y = size::LINE;
                hidden_ui(ui, data.hidden, actions);
                if data.groups.is_empty() && data.hidden == 0 {
                    nothing_ui(ui, data.checked);
                }
                for (index, group) in data.groups.iter().enumerate() {
                    if index > 0 {
                        ui.add_space(size::STEP);
                        ui.separator();
                    }
                    if let Some(heading) = &group.heading {
                        ui.label(RichText::new(heading).heading());
                    }
                    ui.push_id(index, |ui| group_ui(ui, group, selected, actions));
                }
            });
    });
}

/// What the filter hides is said where it is missing.
fn hidden_ui(ui: &mut Ui, hidden: usize, actions: &mut Actions) {
    if hidden == 0 {
        return;
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        let count = words::counted(hidden as u64, "finding");
        ui.weak(format!("{count} hidden by filter"));
        let text = String::new();
        link_ui(ui, actions, "show", Action::SetFilter { text });
    });
    ui.add_space(size::STEP);
}

fn nothing_ui(ui: &mut Ui, checked: usize) {
    let title = match checked {
        0 => "Nothing to check yet".to_owned(),
        count => format!(
            "{} checked, nothing to complain about",
            words::counted(count as u64, "message")
        ),
    };
    ui.label(RichText::new(title).heading());
    let text = "Each message is held against the protocol of the SDK version that the widget \
                speaks.";
    prose_ui(ui, RichText::new(text).color(Palette::of(ui).weak));
}

fn group_ui(ui: &mut Ui, group: &FindingGroup, selected: Selected, actions: &mut Actions) {
    let [place] = group.places.as_slice() else {
        return several_ui(ui, group, selected, actions);
    };
    finding_ui(ui, &group.first, actions);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        ui.add_space(size::ICON + size::STEP);
        ui.vertical(|ui| {
            ui.set_max_width(ui.available_width().min(size::PROSE));
            ui.spacing_mut().item_spacing.y = 0.0;
            named_ui(ui, "At", |ui| place_ui(ui, place, selected, actions));
            consequences_ui(ui, place, selected, actions);
        });
    });
}

/// What follows from a finding, under it.
fn consequences_ui(ui: &mut Ui, place: &Place, selected: Selected, actions: &mut Actions) {
    let Some(more) = &place.more else { return };
    ui.weak(more);
    for consequence in &place.consequences {
        ui.horizontal_top(|ui| {
            icon_slot_ui(ui, Icon::Note, Palette::of(ui).severity(Severity::Note));
            ui.vertical(|ui| {
                ui.horizontal_wrapped(|ui| place_ui(ui, consequence, selected, actions));
                ui.add(Label::new(format!("{} {}", consequence.code, consequence.message)).wrap());
            });
        });
    }
}

fn several_ui(ui: &mut Ui, group: &FindingGroup, selected: Selected, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let color = palette.severity(group.first.severity);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        icon_slot_ui(ui, Icon::from(group.first.severity), color);
        ui.vertical(|ui| {
            ui.set_max_width(ui.available_width().min(size::PROSE));
            ui.spacing_mut().item_spacing.y = 0.0;
            let title = format!(
                "{} ×{}",
                group.first.title,
                words::count(group.count as u64)
            );
            ui.label(RichText::new(title).color(color));
            rule_ui(ui, &group.first, actions);
            for place in &group.places {
                ui.horizontal_wrapped(|ui| place_ui(ui, place, selected, actions));
                ui.add(Label::new(&place.message).wrap());
                consequences_ui(ui, place, selected, actions);
            }
            if group.count > group.places.len() {
                let more = group.count - group.places.len();
                let text = format!(
                    "{} more, show all in the timeline",
                    words::count(more as u64)
                );
                let filter = Action::SetFilter {
                    text: format!("code:{}", group.first.code),
                };
                if link_ui(ui, actions, &text, filter).clicked() {
                    actions.push(Action::ShowView {
                        view: View::Timeline,
                    });
                }
            }
        });
    });
}

fn place_ui(ui: &mut Ui, place: &Place, selected: Selected, actions: &mut Actions) {
    ui.label(
        RichText::new(&place.time)
            .monospace()
            .color(Palette::of(ui).weak),
    );
    match &place.anchor {
        Some((seq, name)) => {
            // Its place, for what is painted behind it.
            let behind = ui.painter().add(egui::Shape::Noop);
            let link = link_ui(ui, actions, name, Action::SelectSeq { seq: *seq });
            if selected.seq == Some(*seq) {
                let rect = link.rect.expand(2.0);
                let color = Palette::of(ui).selected;
                ui.painter()
                    .set(behind, egui::Shape::rect_filled(rect, 2.0, color));
                if selected.reveal {
                    link.scroll_to_me(None);
                }
            }
        }
        None => {
            if let Some(conversation) = place.conversation {
                ui.weak(format!("conversation {conversation}"));
            }
        }
    }
}
