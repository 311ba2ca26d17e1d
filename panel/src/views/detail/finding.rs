//! A finding in full: what is wrong, why it matters, what to do.

use egui::{RichText, Ui};

use crate::action::Action;
use crate::icons::Icon;
use crate::model::FindingDetail;
use crate::theme::{Palette, size};
use crate::views::parts::{Actions, link_ui};

/// Draws a finding; `with_anchor` names its message as well.
pub(crate) fn finding_ui(
    ui: &mut Ui,
    finding: &FindingDetail,
    with_anchor: bool,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let color = palette.severity(finding.severity);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        let (rect, _) = ui.allocate_exact_size(egui::Vec2::splat(size::ICON), egui::Sense::hover());
        Icon::from(finding.severity).paint(ui.painter(), rect, color);
        ui.vertical(|ui| {
            ui.set_max_width(ui.available_width().min(size::PROSE));
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.add(egui::Label::new(RichText::new(&finding.message).color(color)).wrap());
            for (name, text) in [("Why", finding.why), ("Fix", finding.fix)] {
                ui.horizontal_top(|ui| {
                    ui.weak(name);
                    ui.add(egui::Label::new(text).wrap());
                });
            }
            ui.horizontal_wrapped(|ui| {
                ui.weak("Rule");
                ui.label(RichText::new(finding.code).monospace());
                ui.weak(finding.title);
                let copy = Action::Copy {
                    what: "Finding".to_owned(),
                    text: finding.to_text(),
                };
                link_ui(ui, actions, "copy", copy);
            });
            let anchor = finding.anchor.iter().filter(|_| with_anchor);
            let mut messages = anchor.chain(&finding.related).peekable();
            if messages.peek().is_some() {
                ui.horizontal_wrapped(|ui| {
                    ui.weak(if with_anchor { "At" } else { "See" });
                    for (seq, name) in messages {
                        link_ui(ui, actions, name, Action::SelectSeq { seq: *seq });
                    }
                    if with_anchor {
                        ui.weak(&finding.time);
                    }
                });
            } else if with_anchor {
                ui.weak(format!(
                    "conversation {}, {}",
                    finding.conversation, finding.time
                ));
            }
        });
    });
}
