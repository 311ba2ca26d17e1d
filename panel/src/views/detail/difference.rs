//! How a message differs from another one.

use callscope_session_view::words;
use egui::{Label, RichText, Ui};

use crate::action::Action;
use crate::model::reading::Other;
use crate::model::{Folds, MessageDetail};
use crate::theme::{Palette, size};
use crate::views::parts::{Actions, folded_section_ui, labeled_button_ui, link_ui, words_ui};

/// Draws the section.
pub(super) fn difference_ui(
    ui: &mut Ui,
    data: &MessageDetail,
    folds: &Folds,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    let remark = match &data.other {
        Ok(other) => {
            let count = other.differences.all.len() + other.differences.more;
            let count = words::counted(count as u64, "difference");
            format!("{count} from {}", other.link.0)
        }
        Err(first) => (*first).to_owned(),
    };
    let is = data.other.as_ref().ok().map(|it| it.is);
    let is_asked_for = is.is_some_and(|it| it != Other::Before);
    if !folded_section_ui(ui, actions, folds, "Compare", &remark, is_asked_for) {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(size::STEP, size::STEP);
        if let Ok(other) = &data.other {
            let (name, action) = &other.link;
            let (before, after) = match (other.comes_first, other.is) {
                (false, _) => ("− is this one and + is", ""),
                (true, Other::Before) => ("− is", "(the one before of its type) and + is this one"),
                (true, Other::Chosen | Other::Beside) => ("− is", "and + is this one"),
            };
            words_ui(ui, before, palette.weak);
            link_ui(ui, actions, name, action.clone());
            if !after.is_empty() {
                words_ui(ui, after, palette.weak);
            }
        }
    });
    if let Ok(other) = &data.other {
        for difference in &other.differences.all {
            let path = RichText::new(&difference.path).monospace();
            ui.add(Label::new(path).wrap());
            let sides = [
                ("−", &difference.left, palette.error),
                ("+", &difference.right, palette.ok),
            ];
            for (sign, value, color) in sides {
                let Some(value) = value else { continue };
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = size::STEP;
                    ui.add_space(size::ICON);
                    let mono = |text: &str| RichText::new(text).monospace().color(color);
                    ui.label(mono(sign));
                    ui.vertical(|ui| ui.add(Label::new(mono(value)).wrap()));
                });
            }
        }
        let (same, more) = (other.differences.same, other.differences.more);
        let mut rest = format!("{} the same", words::counted(same as u64, "value"));
        if more > 0 {
            rest = format!("{} more differ, {rest}", words::count(more as u64));
        }
        words_ui(ui, &rest, palette.weak);
    }
    ui.add_space(size::STEP);
    if data.is_marked {
        words_ui(
            ui,
            "Select another message: its details say how it differs from this one.",
            palette.text,
        );
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(size::STEP, size::STEP);
        let id = (!data.is_marked).then_some(data.id);
        let mark = Action::CompareMessage { id };
        let label = if data.is_marked {
            "Do not compare with this".to_owned()
        } else {
            mark.label()
        };
        labeled_button_ui(ui, actions, mark, label);
        if is == Some(Other::Chosen) {
            let before = Action::CompareMessage { id: None };
            let label = before.label();
            labeled_button_ui(ui, actions, before, label);
        }
    });
}
