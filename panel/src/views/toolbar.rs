//! Recording, the filter, the counts of findings, files, settings.

use callscope_bus::bounds::HISTORY_CHOICES;
use callscope_session_view::visible::sentence;
use callscope_session_view::words;
use egui::{Align, Id, Key, Label, Layout, TextBuffer, TextEdit, Ui};

use callscope_protocol::Severity;

use super::parts::{
    Actions, bar_divider_ui, bar_ui, button_ui, enabled_ui, icon_button_ui, icon_text_ui, icon_ui,
    lay_out_line_as,
};
use crate::action::{Action, View};
use crate::icons::Icon;
use crate::model::bounds;
use crate::theme::{Palette, size};

/// What the toolbar shows.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the toolbar shows that many switches"
)]
pub(crate) struct ToolbarData<'a> {
    /// `None` if nobody records.
    pub(crate) recording: Option<bool>,
    pub(crate) preserve_log: bool,
    pub(crate) filter: &'a str,
    pub(crate) filter_error: Option<&'a str>,
    /// The filter must get the cursor.
    pub(crate) wants_filter: bool,
    /// The worst first.
    pub(crate) counts: [(Severity, usize); 3],
    pub(crate) history_limit: u64,
    pub(crate) has_parked: bool,
    pub(crate) is_imported: bool,
}

/// The id of the filter's text field.
fn filter_id() -> Id {
    Id::unique("callscope filter")
}

/// Draws the toolbar.
pub(crate) fn toolbar_ui(ui: &mut Ui, data: &ToolbarData<'_>, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let is_narrow = ui.available_width() < size::NARROW;
    let has_two_lines = ui.available_width() < size::TWO_LINES;
    bar_ui(ui, palette.header, |ui| {
        ui.horizontal(|ui| {
            ui.set_height(size::CONTROL);
            record_ui(ui, data, actions);
            enabled_ui(ui, !data.is_imported, |ui| {
                icon_button_ui(ui, actions, Icon::Clear, palette.text, Action::Clear);
            });
            bar_divider_ui(ui);
            let mut preserve_log = data.preserve_log;
            let action = Action::SetPreserveLog { on: !preserve_log };
            let label = if is_narrow {
                "Preserve".to_owned()
            } else {
                action.label()
            };
            let response = ui
                .checkbox(&mut preserve_log, label)
                .on_hover_text(action.help(ui.ctx()));
            if response.changed() {
                actions.push(action);
            }
            bar_divider_ui(ui);
            if has_two_lines {
                counts_ui(ui, data, actions);
            } else {
                filter_beside_ui(ui, data, actions, |ui, actions| {
                    counts_ui(ui, data, actions);
                    bar_divider_ui(ui);
                    files_ui(ui, data, actions, is_narrow);
                });
            }
        });
        if has_two_lines {
            ui.add_space(size::STEP);
            ui.horizontal(|ui| {
                filter_beside_ui(ui, data, actions, |ui, actions| {
                    files_ui(ui, data, actions, is_narrow);
                });
            });
        }
        if let Some(error) = data.filter_error {
            ui.horizontal(|ui| {
                let (rect, _) =
                    ui.allocate_exact_size(egui::Vec2::splat(size::ICON), egui::Sense::hover());
                Icon::Error.paint(ui.painter(), rect, palette.error);
                ui.colored_label(palette.error, format!("Filter: {}", sentence(error)));
            });
        }
    });
}

fn record_ui(ui: &mut Ui, data: &ToolbarData<'_>, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let recording = data.recording.unwrap_or(false);
    let (icon, color) = if recording {
        (Icon::Recording, palette.error)
    } else {
        (Icon::Paused, palette.text)
    };
    enabled_ui(ui, data.recording.is_some() && !data.is_imported, |ui| {
        icon_button_ui(
            ui,
            actions,
            icon,
            color,
            Action::SetRecording { on: !recording },
        );
    });
}

/// The filter, as wide as what stands to the right of it allows.
fn filter_beside_ui(
    ui: &mut Ui,
    data: &ToolbarData<'_>,
    actions: &mut Actions,
    right_ui: impl FnOnce(&mut Ui, &mut Actions),
) {
    // The right group's width is known from the last time.
    let id = ui.scope_id().with("right group");
    let right = ui.data(|it| it.get_temp::<f32>(id)).unwrap_or(280.0);
    filter_ui(ui, data, actions, ui.available_width() - right - size::STEP);
    let group = ui.horizontal(|ui| right_ui(ui, actions)).response.rect;
    if (group.width() - right).abs() > 0.5 {
        ui.data_mut(|it| it.insert_temp(id, group.width()));
        ui.ctx()
            .request_discard("the toolbar's right group has another width");
    }
}

fn filter_ui(ui: &mut Ui, data: &ToolbarData<'_>, actions: &mut Actions, width: f32) {
    let palette = Palette::of(ui);
    let mut text = data.filter.to_owned();
    let (rect, _) = ui.allocate_exact_size(egui::Vec2::splat(size::ICON), egui::Sense::hover());
    Icon::Search.paint(ui.painter(), rect, palette.weak);
    let clear = if text.is_empty() {
        0.0
    } else {
        size::CONTROL + size::STEP
    };
    let width = width - size::ICON - size::STEP - clear;
    let color = if data.filter_error.is_some() {
        palette.error
    } else {
        palette.text
    };
    let mut layouter = |ui: &Ui, text: &dyn TextBuffer, _: f32| {
        lay_out_line_as(ui, text, crate::theme::body(), color)
    };
    let edit = TextEdit::singleline(&mut text)
        .align(egui::Align2::LEFT_CENTER)
        .id(filter_id())
        .hint_text("Filter: words, type:CALL_*, from:host, severity:error")
        .layouter(&mut layouter)
        .desired_width(width.max(60.0));
    let response = ui.add(edit).accessible_name("Filter");
    if data.wants_filter {
        response.request_focus();
    }
    // One step back: first the text, then the cursor, which egui takes itself.
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) && !text.is_empty()
    {
        text.clear();
    }
    if text != data.filter {
        actions.push(Action::SetFilter { text });
    }
    if !data.filter.is_empty() {
        let action = Action::SetFilter {
            text: String::new(),
        };
        icon_button_ui(ui, actions, Icon::Close, palette.text, action);
    }
}

fn counts_ui(ui: &mut Ui, data: &ToolbarData<'_>, actions: &mut Actions) {
    let palette = Palette::of(ui);
    for (severity, count) in data.counts {
        let text = format!("severity:{severity}");
        let is_on = data.filter == text;
        let label = format!(
            "{}, show only these",
            words::counted(count as u64, severity.name())
        );
        let color = if count == 0 {
            palette.weak
        } else {
            palette.severity(severity)
        };
        let response = icon_text_ui(
            ui,
            Icon::from(severity),
            color,
            &words::count(count as u64),
            &label,
            is_on,
        )
        .on_hover_text(label.as_str());
        if response.clicked() {
            let text = if is_on { String::new() } else { text };
            actions.push(Action::SetFilter { text });
            actions.push(Action::ShowView {
                view: View::Timeline,
            });
        }
    }
}

fn files_ui(ui: &mut Ui, data: &ToolbarData<'_>, actions: &mut Actions, is_narrow: bool) {
    let palette = Palette::of(ui);
    for (icon, action) in [
        (Icon::Export, Action::Export),
        (Icon::Import, Action::Import),
    ] {
        if is_narrow {
            icon_button_ui(ui, actions, icon, palette.text, action);
        } else {
            button_ui(ui, actions, action);
        }
    }
    let settings = icon_ui(ui, Icon::Settings, palette.text, "Settings").on_hover_text("Settings");
    egui::Popup::menu(&settings)
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| settings_ui(ui, data, actions));
}

fn settings_ui(ui: &mut Ui, data: &ToolbarData<'_>, actions: &mut Actions) {
    ui.weak("History in the page");
    for bytes in HISTORY_CHOICES {
        let bytes = bytes as u64;
        let action = Action::SetHistoryLimit { bytes };
        let response = ui
            .selectable_label(data.history_limit == bytes, action.label())
            .on_hover_text(action.help(ui.ctx()));
        if response.clicked() {
            actions.push(action);
            ui.close();
        }
    }
    ui.separator();
    enabled_ui(ui, data.has_parked, |ui| {
        if button_ui(ui, actions, Action::ShowParked).clicked() {
            ui.close();
        }
    });
    ui.separator();
    bounds_ui(ui);
}

/// What is kept at most, whatever a page sends: folded, because it is looked up once.
fn bounds_ui(ui: &mut Ui) {
    egui::CollapsingHeader::new("All bounds").show(ui, |ui| {
        let height = ui.ctx().content_rect().bottom() - ui.cursor().top() - 4.0 * size::STEP;
        egui::ScrollArea::vertical()
            .max_height(height.max(4.0 * size::ROW))
            // A popup would give it less, as long as it is not asked for more.
            .min_scrolled_height(height.max(4.0 * size::ROW))
            .show(ui, |ui| {
                for (what, most) in bounds::table() {
                    ui.horizontal(|ui| {
                        ui.set_width(size::MENU_TABLE);
                        ui.with_layout(Layout::right_to_left(Align::TOP), |ui| {
                            ui.label(most);
                            ui.with_layout(Layout::left_to_right(Align::TOP), |ui| {
                                ui.add(Label::new(what).wrap());
                            });
                        });
                    });
                }
                ui.weak("What is beyond is counted, and a gap says how much is missing.");
            });
    });
}
