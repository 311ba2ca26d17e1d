//! The settings sheet: all stored settings, in groups with a reset each.

use callscope_bus::bounds::HISTORY_CHOICES;
use callscope_session_view::visible::visible;
use callscope_session_view::words;
use egui::{Align, Button, DragValue, Id, Label, Layout, RichText, ScrollArea, Ui};

use super::palette::modal_ui;
use super::parts::{
    Actions, button_ui, enabled_ui, heading_ui, icon_button_ui, keep_keyboard, one_line, radios_ui,
    value_ui, words_ui,
};
use super::timeline::columns_ui;
use crate::action::{Action, Grouping, SettingGroup};
use crate::icons::Icon;
use crate::model::{DETAIL_SHARES, Mute, SettingsData, bounds};
use crate::theme::{Palette, size};

/// The greatest width of the sheet.
const WIDTH: f32 = 480.0;

/// Draws the sheet; `list_width` is that of the timeline, which decides which columns it shows.
pub(crate) fn settings_ui(ui: &Ui, data: &SettingsData, list_width: f32, actions: &mut Actions) {
    modal_ui(
        ui,
        "Settings",
        WIDTH,
        true,
        actions,
        |ui, height, actions| {
            // All the room below is its own: in a low panel every line counts.
            let margin = egui::Frame::popup(ui.style()).total_margin().bottom + size::STEP;
            let below = ui.ctx().content_rect().bottom() - ui.next_widget_position().y - margin;
            let height = height.max(below);
            let close = head_ui(ui, data, actions);
            let mut buttons = Vec::new();
            let height = (height - size::BAR).max(2.0 * size::ROW);
            ScrollArea::vertical()
                .id_salt("settings")
                .auto_shrink([false, true])
                .max_height(height)
                // An area would make it lower unless a minimum is set.
                .min_scrolled_height(height)
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = size::STEP;
                    for group in SettingGroup::ALL {
                        buttons.extend(group_ui(ui, data, group, actions));
                        ui.push_id(group.title(), |ui| match group {
                            SettingGroup::Recording => recording_ui(ui, data, actions),
                            SettingGroup::Columns => {
                                columns_ui(ui, &data.columns, list_width, actions);
                            }
                            SettingGroup::Export => export_ui(ui, data, actions),
                            SettingGroup::Layout => layout_ui(ui, data, actions),
                            SettingGroup::Muted => muted_ui(ui, data, &mut buttons, actions),
                            SettingGroup::Filters => filters_ui(ui, data, &mut buttons, actions),
                            SettingGroup::Snippets => {
                                snippets_ui(ui, data, &mut buttons, actions);
                            }
                        });
                    }
                });
            keep_keyboard(ui, "settings", &buttons, close);
        },
    );
}

/// Draws the heading of the sheet; returns the button that closes it.
fn head_ui(ui: &mut Ui, data: &SettingsData, actions: &mut Actions) -> Id {
    let palette = Palette::of(ui);
    let line = ui.horizontal(|ui| {
        ui.set_height(size::CONTROL);
        heading_ui(ui, "Settings");
        // The keyboard begins at what is drawn first, which should do no harm.
        let end = ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let close = Action::ShowOverlay { overlay: None };
            let close = icon_button_ui(ui, actions, Icon::Close, palette.text, close);
            enabled_ui(ui, !data.changed.is_empty(), |ui| {
                button_ui(ui, actions, Action::ResetSettings);
            });
            close.id
        });
        end.inner
    });
    ui.add_space(size::STEP);
    line.inner
}

/// Draws the heading of a group, with its reset, which it returns.
fn group_ui(
    ui: &mut Ui,
    data: &SettingsData,
    group: SettingGroup,
    actions: &mut Actions,
) -> Option<Id> {
    ui.separator();
    let line = ui.horizontal(|ui| {
        ui.set_height(size::CONTROL);
        heading_ui(ui, group.title());
        let end = ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let is_changed = data.changed.contains(&group);
            is_changed.then(|| button_ui(ui, actions, Action::ResetSetting { group }).id)
        });
        end.inner
    });
    line.inner
}

fn recording_ui(ui: &mut Ui, data: &SettingsData, actions: &mut Actions) {
    let mut on = data.preserve_log;
    let action = Action::SetPreserveLog { on: !on };
    let response = ui.checkbox(&mut on, action.label());
    if response.on_hover_text(action.tooltip()).changed() {
        actions.push(action);
    }
    radios_ui(ui, "History in the page", |ui| {
        for bytes in HISTORY_CHOICES {
            let bytes = bytes as u64;
            let action = Action::SetHistoryLimit { bytes };
            let response = ui.radio(data.history_limit == bytes, words::bytes(bytes));
            if response.on_hover_text(action.tooltip()).clicked() {
                actions.push(action);
            }
        }
    });
    enabled_ui(ui, data.has_parked, |ui| {
        if button_ui(ui, actions, Action::ShowParked).clicked() {
            actions.push(Action::ShowOverlay { overlay: None });
        }
    });
    egui::CollapsingHeader::new("All bounds").show(ui, bounds_ui);
}

/// Draws the bounds on what Callscope keeps: folded, because they are rarely looked up.
fn bounds_ui(ui: &mut Ui) {
    for (what, most) in bounds::table() {
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::TOP), |ui| {
                ui.label(most);
                ui.with_layout(Layout::left_to_right(Align::TOP), |ui| {
                    ui.add(Label::new(what).wrap());
                });
            });
        });
    }
    let text = "What is beyond is counted, and a gap says how much is missing.";
    ui.add(Label::new(RichText::new(text).weak()).wrap());
}

fn export_ui(ui: &mut Ui, data: &SettingsData, actions: &mut Actions) {
    let mut on = data.redact_exports;
    let action = Action::SetRedaction { on: !on };
    let response = ui.checkbox(
        &mut on,
        "Redact names, numbers, e-mail addresses and ids by default",
    );
    if response.on_hover_text(action.tooltip()).changed() {
        actions.push(action);
    }
    if !data.redact_exports {
        let text = "An export holds phone numbers, names and ids as they were, unless its sheet \
                    is told otherwise.";
        words_ui(ui, text, Palette::of(ui).warning);
    }
}

fn layout_ui(ui: &mut Ui, data: &SettingsData, actions: &mut Actions) {
    let weak = Palette::of(ui).weak;
    radios_ui(ui, "Findings", |ui| {
        for by in Grouping::ALL {
            let action = Action::GroupFindings { by };
            let response = ui.radio(data.group_findings == by, by.title());
            if response.on_hover_text(action.tooltip()).clicked() {
                actions.push(action);
            }
        }
    });
    ui.horizontal_wrapped(|ui| {
        words_ui(ui, "Details take", weak);
        let percent = |share: f32| (share * 100.0).round();
        let shares = percent(*DETAIL_SHARES.start())..=percent(*DETAIL_SHARES.end());
        let mut percent = percent(data.detail_share);
        let value = DragValue::new(&mut percent).range(shares).suffix(" %");
        let response = ui
            .add(value)
            .accessible_name("Details, share of the window");
        if response.changed() {
            let share = percent / 100.0;
            actions.push(Action::SetDetailSize { share });
        }
        words_ui(ui, "of the window", weak);
    });
    words_ui(ui, "Colors and zoom are those of DevTools.", weak);
}

fn muted_ui(ui: &mut Ui, data: &SettingsData, buttons: &mut Vec<Id>, actions: &mut Actions) {
    if data.muted.is_empty() {
        return none_ui(ui, "No rule is muted.");
    }
    for rule in &data.muted {
        let until = match rule.mute {
            Mute::Always => "",
            Mute::ForNow | Mute::No => " (until the panel is closed)",
        };
        let code = rule.code.to_owned();
        let text = format!("{} {}{until}", rule.code, rule.title);
        buttons.push(kept_ui(ui, &text, Action::UnmuteRule { code }, actions));
    }
}

fn filters_ui(ui: &mut Ui, data: &SettingsData, buttons: &mut Vec<Id>, actions: &mut Actions) {
    if data.saved_filters.is_empty() {
        return none_ui(
            ui,
            "No filter is saved: the bookmark beside the filter saves it.",
        );
    }
    for saved in &data.saved_filters {
        let text = saved.words();
        let remove = Action::RemoveFilter {
            text: saved.text.clone(),
        };
        buttons.push(kept_ui(ui, &text, remove, actions));
    }
}

fn snippets_ui(ui: &mut Ui, data: &SettingsData, buttons: &mut Vec<Id>, actions: &mut Actions) {
    if data.snippets.is_empty() {
        return none_ui(ui, "No message is saved: Compose saves what it shows.");
    }
    for (index, name) in data.snippets.iter().enumerate() {
        let remove = Action::RemoveSnippet {
            index,
            name: name.clone(),
        };
        buttons.push(kept_ui(ui, name, remove, actions));
    }
}

fn none_ui(ui: &mut Ui, text: &str) {
    words_ui(ui, text, Palette::of(ui).weak);
}

/// Draws a stored item with a button that removes it, which it returns.
fn kept_ui(ui: &mut Ui, text: &str, remove: Action, actions: &mut Actions) -> Id {
    let palette = Palette::of(ui);
    let line = ui.horizontal(|ui| {
        ui.set_height(size::CONTROL);
        let end = ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let button = if let Action::UnmuteRule { .. } = remove {
                let label = remove.label();
                let response = ui.add(Button::new("Unmute"));
                response.widget_info(|| {
                    egui::WidgetInfo::labeled(egui::Role::Button, true, label.as_str())
                });
                let response = response.on_hover_text(remove.tooltip());
                if response.clicked() {
                    actions.push(remove);
                }
                response.id
            } else {
                icon_button_ui(ui, actions, Icon::Close, palette.text, remove).id
            };
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                value_ui(
                    ui,
                    RichText::new(one_line(&visible(text))).color(palette.text),
                );
            });
            button
        });
        end.inner
    });
    line.inner
}
