//! A finding in full: what is wrong, why it matters, how to fix it.

use callscope_session_view::card::FindingCard;
use egui::{Label, RichText, Ui};

use crate::action::Action;
use crate::icons::Icon;
use crate::theme::{Palette, size};
use crate::views::parts::{Actions, icon_slot_ui, link_ui};

/// The width of the names in a finding.
const NAME: f32 = 34.0;

/// Draws a finding.
pub(crate) fn finding_ui(ui: &mut Ui, finding: &FindingCard, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let color = palette.severity(finding.severity);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        icon_slot_ui(ui, Icon::from(finding.severity), color);
        ui.vertical(|ui| {
            ui.set_max_width(ui.available_width().min(size::PROSE));
            ui.spacing_mut().item_spacing.y = 0.0;
            let text = RichText::new(&finding.message).color(color);
            ui.add(Label::new(text).wrap());
            if let Some(words) = finding.stranger {
                ui.weak(words);
            }
            if finding.is_muted {
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().item_spacing.x = size::STEP;
                    ui.weak("Muted, and counted nowhere else");
                    let code = finding.code.to_owned();
                    link_ui(ui, actions, "unmute", Action::UnmuteRule { code });
                });
            }
            rule_ui(ui, finding, actions);
            if let Some(cause) = &finding.cause {
                ui.horizontal_wrapped(|ui| {
                    ui.weak("Follows from");
                    ui.label(RichText::new(cause.code).monospace());
                    if let Some((id, name)) = &cause.entry {
                        link_ui(ui, actions, name, Action::ShowEntry { id: *id });
                    }
                });
            }
            if !finding.related.is_empty() {
                named_ui(ui, "See", |ui| {
                    for (seq, name) in &finding.related {
                        link_ui(ui, actions, name, Action::SelectSeq { seq: *seq });
                    }
                });
            }
        });
    });
}

/// Draws the rule: why it matters, how to fix it, its name.
fn rule_ui(ui: &mut Ui, finding: &FindingCard, actions: &mut Actions) {
    for (name, text) in [("Why", finding.why), ("Fix", &finding.fix)] {
        named_ui(ui, name, |ui| ui.add(Label::new(text).wrap()));
    }
    named_ui(ui, "Rule", |ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        let code = finding.code.to_owned();
        link_ui(ui, actions, finding.code, Action::ShowRule { code });
        ui.weak(finding.title);
        let copy = Action::Copy {
            what: "Finding".to_owned(),
            text: finding.to_text(),
        };
        link_ui(ui, actions, "copy", copy);
    });
}

/// Draws a name with wrapping text beside it; all parts of a finding share these two columns.
pub(crate) fn named_ui<R>(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui) -> R) {
    ui.horizontal_top(|ui| {
        let left = ui.cursor().left();
        ui.weak(name);
        let column = left + NAME - ui.cursor().left();
        ui.add_space(column.max(0.0));
        ui.vertical(|ui| ui.horizontal_wrapped(add));
    });
}
