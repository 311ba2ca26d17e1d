//! A finding in full beside the list: what is wrong, why, how to fix it, where, and its rule.

use callscope_session_view::words;
use egui::{Align, Label, Layout, RichText, Ui};

use super::rule::rule_page_ui;
use crate::action::{Action, View};
use crate::icons::Icon;
use crate::model::{FindingDetail, Folds, Mute, Place};
use crate::theme::{Palette, size};
use crate::views::detail::{finding_ui, named_ui};
use crate::views::parts::{
    Actions, bar_ui, folded_section_ui, icon_button_ui, icon_slot_ui, labeled_button_ui, link_ui,
    scroll_area, section_ui, words_ui,
};

/// Draws the details.
pub(crate) fn finding_detail_ui(
    ui: &mut Ui,
    data: &FindingDetail,
    folds: &Folds,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    ui.painter()
        .rect_filled(ui.available_rect_before_wrap(), 0.0, palette.panel);
    // All lines of text have the same height, wrapped or not.
    ui.spacing_mut().item_spacing.y = 0.0;
    header_ui(ui, data, actions);
    scroll_area("finding").show(ui, |ui| {
        egui::Frame::new()
            .inner_margin(egui::Margin::symmetric(8, 8))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                // The height of lines of text, not of buttons.
                ui.spacing_mut().interact_size.y = size::LINE;
                body_ui(ui, data, folds, actions);
            });
    });
}

fn header_ui(ui: &mut Ui, data: &FindingDetail, actions: &mut Actions) {
    let palette = Palette::of(ui);
    bar_ui(ui, palette.header, |ui| {
        ui.horizontal(|ui| {
            let gap = ui.spacing().item_spacing.x;
            ui.label(RichText::new(data.rule.code).monospace().strong());
            let room = ui.available_width() - size::CONTROL - gap;
            ui.scope(|ui| {
                ui.set_max_width(room.max(0.0));
                ui.add(Label::new(RichText::new(data.rule.title).strong()).truncate());
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                icon_button_ui(ui, actions, Icon::Close, palette.text, Action::Back);
            });
        });
    });
}

fn body_ui(ui: &mut Ui, data: &FindingDetail, folds: &Folds, actions: &mut Actions) {
    if let Some(card) = &data.card {
        finding_ui(ui, card, actions);
        indented_ui(ui, |ui| {
            named_ui(ui, "At", |ui| {
                ui.spacing_mut().item_spacing.x = size::STEP;
                time_ui(ui, &data.time);
                if let Some((id, name)) = &card.entry {
                    link_ui(ui, actions, name, Action::ShowEntry { id: *id });
                }
                if let Some((call, name)) = &data.call {
                    let (label, follow) = Action::follow_named(*call, name);
                    link_ui(ui, actions, &label, follow);
                }
            });
        });
    }
    if !data.consequences.is_empty() {
        ui.add_space(size::STEP);
        let count = data.consequences.len().to_string();
        if section_ui(ui, actions, folds, "Follows from it", &count) {
            for (index, place) in data.consequences.iter().enumerate() {
                ui.push_id(("consequence", index), |ui| {
                    place_ui(ui, place, true, actions);
                });
            }
        }
    }
    let is_rule = data.card.is_none();
    ui.add_space(size::STEP);
    mute_ui(ui, data, actions);
    ui.add_space(size::STEP);
    if !is_rule {
        elsewhere_ui(ui, data, folds, actions);
    }
    if folded_section_ui(ui, actions, folds, "Rule", data.rule.code, is_rule) {
        rule_page_ui(ui, data.rule, is_rule);
    }
    if is_rule {
        ui.add_space(size::STEP);
        elsewhere_ui(ui, data, folds, actions);
    }
}

/// Draws something aligned with the sentences of a finding.
fn indented_ui<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        ui.add_space(size::ICON + size::STEP);
        ui.vertical(|ui| {
            ui.set_max_width(ui.available_width().min(size::PROSE));
            ui.spacing_mut().item_spacing.y = 0.0;
            add(ui)
        })
        .inner
    })
    .inner
}

fn mute_ui(ui: &mut Ui, data: &FindingDetail, actions: &mut Actions) {
    let code = || data.rule.code.to_owned();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(size::STEP, size::STEP);
        let said = match data.mute {
            Mute::No => {
                for always in [false, true] {
                    let action = Action::MuteRule {
                        code: code(),
                        always,
                    };
                    let label = action.label();
                    labeled_button_ui(ui, actions, action, label);
                }
                return;
            }
            Mute::ForNow => "Muted until the panel is closed",
            Mute::Always => "Muted",
        };
        words_ui(ui, said, Palette::of(ui).weak);
        let action = Action::UnmuteRule { code: code() };
        let label = action.label();
        labeled_button_ui(ui, actions, action, label);
    });
}

fn elsewhere_ui(ui: &mut Ui, data: &FindingDetail, folds: &Folds, actions: &mut Actions) {
    let count = data.elsewhere.len() + data.more;
    if count == 0 {
        return;
    }
    let title = if data.card.is_some() {
        "Elsewhere in this session"
    } else {
        "In this session"
    };
    if !section_ui(ui, actions, folds, title, &words::count(count as u64)) {
        return;
    }
    for (index, place) in data.elsewhere.iter().enumerate() {
        ui.push_id(("place", index), |ui| place_ui(ui, place, false, actions));
    }
    if data.more > 0 {
        let more = words::count(data.more as u64);
        let text = format!("rule:{}", data.rule.code);
        let filter = Action::SetFilter { text };
        let text = format!("{more} more, show all in the timeline");
        if link_ui(ui, actions, &text, filter).clicked() {
            let view = View::Timeline;
            actions.push(Action::ShowView { view });
        }
    }
    ui.add_space(size::STEP);
}

fn time_ui(ui: &mut Ui, time: &str) {
    let color = Palette::of(ui).weak;
    ui.label(RichText::new(time).monospace().color(color));
}

/// Draws the place of a finding, and its sentence.
fn place_ui(ui: &mut Ui, place: &Place, has_code: bool, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let line = &place.line;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        icon_slot_ui(
            ui,
            Icon::from(line.severity),
            palette.severity(line.severity),
        );
        ui.vertical(|ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = size::STEP;
                time_ui(ui, &place.time);
                match line.entry {
                    Some(id) => {
                        link_ui(ui, actions, &line.place, Action::ShowEntry { id });
                    }
                    None => {
                        ui.weak(&line.place);
                    }
                }
            });
            let code = if has_code { line.code } else { "" };
            let text = format!("{code} {}", line.message);
            ui.add(Label::new(text.trim_start()).wrap());
        });
    });
}
