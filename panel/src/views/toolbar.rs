//! Recording, the filter, the counts of findings, files, settings.

use callscope_session_view::words;
use egui::Ui;

use callscope_protocol::Severity;

use super::filter::{FilterData, filter_ui};
use super::fit::{Piece, fit};
use super::parts::{
    Actions, bar_divider_ui, bar_ui, button_ui, enabled_ui, icon_button_ui, icon_text_ui, icon_ui,
    is_low, menu_ui, steady_ui, text_width,
};
use crate::action::{Action, Overlay, View};
use crate::icons::Icon;
use crate::theme::{Palette, size};

/// What the toolbar shows.
#[derive(Debug)]
pub(crate) struct ToolbarData<'a> {
    /// `None` if there is no recorder.
    pub(crate) recording: Option<bool>,
    pub(crate) preserve_log: bool,
    pub(crate) filter: FilterData<'a>,
    /// The worst severity first.
    pub(crate) counts: [(Severity, usize); 3],
    pub(crate) is_imported: bool,
}

/// The parts of the toolbar besides the filter, from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Item {
    Record,
    Clear,
    PreserveLog,
    Counts,
    Export,
    Import,
    Settings,
}

impl Item {
    const ALL: [Self; 7] = [
        Self::Record,
        Self::Clear,
        Self::PreserveLog,
        Self::Counts,
        Self::Export,
        Self::Import,
        Self::Settings,
    ];

    /// Where space is short, the parts with the highest rank move to the menu **More** first.
    const fn rank(self) -> u8 {
        match self {
            Self::Record | Self::Clear => 0,
            Self::Counts => 1,
            Self::PreserveLog => 2,
            Self::Export => 3,
            Self::Import => 4,
            Self::Settings => 5,
        }
    }

    /// Whether a line separates it from the previous part.
    const fn begins_group(self) -> bool {
        matches!(self, Self::PreserveLog | Self::Export)
    }

    /// The group that it belongs to; a line separates the groups.
    fn group(self) -> usize {
        let parts = Self::ALL.iter().take_while(|it| **it != self);
        parts.filter(|it| it.begins_group()).count() + usize::from(self.begins_group())
    }

    /// Its label in several forms, the full one first; an icon's text is empty.
    fn texts(self) -> Vec<String> {
        match self {
            Self::PreserveLog => {
                let action = Action::SetPreserveLog { on: true };
                vec![action.label(), "Preserve".to_owned()]
            }
            Self::Export => vec![Action::Export.label(), String::new()],
            Self::Import => vec![Action::Import.label(), String::new()],
            Self::Record | Self::Clear | Self::Counts | Self::Settings => vec![String::new()],
        }
    }

    fn piece(self, ui: &Ui, data: &ToolbarData<'_>) -> Piece {
        let padding = 2.0 * ui.spacing().button_padding.x;
        let mut widths: Vec<f32> = match self {
            Self::Counts => {
                let counts = data.counts.iter();
                let widths = counts.map(|(_, count)| {
                    let text = words::count(*count as u64);
                    size::ICON + 2.0 + text_width(ui, &text) + 3.0 * size::STEP
                });
                vec![widths.sum::<f32>() - size::STEP]
            }
            _ => self
                .texts()
                .iter()
                .map(|text| match self {
                    _ if text.is_empty() => size::CONTROL,
                    Self::PreserveLog => size::ICON + size::STEP + text_width(ui, text),
                    _ => padding + text_width(ui, text),
                })
                .collect(),
        };
        if self.begins_group() {
            for width in &mut widths {
                *width += GROUP;
            }
        }
        let rank = self.rank();
        Piece { widths, rank }
    }
}

/// Opens the settings sheet.
const SETTINGS: Action = Action::ShowOverlay {
    overlay: Some(Overlay::Settings),
};

/// The width of a line between groups, and the gap after it.
const GROUP: f32 = 1.0 + size::STEP;

/// The least width of the filter.
const LEAST_FILTER: f32 = 140.0;

/// Draws the toolbar.
pub(crate) fn toolbar_ui(ui: &mut Ui, data: &ToolbarData<'_>, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let has_two_lines = ui.available_width() < size::TWO_LINES && !is_low(ui);
    bar_ui(ui, palette.header, |ui| {
        let width = ui.available_width();
        let filter = if has_two_lines { 0.0 } else { LEAST_FILTER };
        let pieces = Item::ALL.map(|item| item.piece(ui, data));
        let gap = size::STEP;
        let mut room = width - filter - gap;
        let mut forms = fit(room, gap, &pieces);
        if forms.iter().any(Option::is_none) {
            room -= size::CONTROL + gap;
            forms = fit(room, gap, &pieces);
        }
        let shown = pieces.iter().zip(&forms);
        let used: f32 = shown
            .filter_map(|(piece, form)| Some(piece.widths.get((*form)?)? + gap))
            .sum();
        let spare = room - used + filter + gap;
        ui.horizontal(|ui| {
            ui.set_height(size::CONTROL);
            ui.spacing_mut().item_spacing.x = gap;
            for (item, form) in Item::ALL.into_iter().zip(&forms) {
                if item == Item::Counts {
                    if has_two_lines {
                        ui.add_space(spare.max(0.0));
                    } else {
                        steady_ui(ui, "filter", |ui| {
                            filter_ui(ui, &data.filter, actions, spare);
                        });
                    }
                }
                if let Some(form) = form {
                    steady_ui(ui, item, |ui| {
                        if item.begins_group() {
                            bar_divider_ui(ui);
                        }
                        item_ui(ui, data, item, *form, actions);
                    });
                }
            }
            let left_out: Vec<Item> = Item::ALL
                .into_iter()
                .zip(&forms)
                .filter_map(|(item, form)| form.is_none().then_some(item))
                .collect();
            if !left_out.is_empty() {
                steady_ui(ui, "more", |ui| more_ui(ui, data, &left_out, actions));
            }
        });
        if has_two_lines {
            ui.add_space(size::STEP);
            ui.horizontal(|ui| {
                let width = ui.available_width();
                steady_ui(ui, "filter", |ui| {
                    filter_ui(ui, &data.filter, actions, width);
                });
            });
        }
    });
}

fn item_ui(ui: &mut Ui, data: &ToolbarData<'_>, item: Item, form: usize, actions: &mut Actions) {
    let palette = Palette::of(ui);
    match item {
        Item::Record => record_ui(ui, data, actions),
        Item::Clear => {
            enabled_ui(ui, !data.is_imported, |ui| {
                icon_button_ui(ui, actions, Icon::Clear, palette.text, Action::Clear);
            });
        }
        Item::PreserveLog => {
            let label = item.texts().swap_remove(form);
            preserve_log_ui(ui, data, label, actions);
        }
        Item::Counts => counts_ui(ui, data, actions),
        Item::Export | Item::Import => {
            let (icon, action) = if item == Item::Export {
                (Icon::Export, Action::Export)
            } else {
                (Icon::Import, Action::Import)
            };
            if form == 0 {
                button_ui(ui, actions, action);
            } else {
                icon_button_ui(ui, actions, icon, palette.text, action);
            }
        }
        Item::Settings => {
            icon_button_ui(ui, actions, Icon::Settings, palette.text, SETTINGS);
        }
    }
}

fn preserve_log_ui(ui: &mut Ui, data: &ToolbarData<'_>, label: String, actions: &mut Actions) {
    let mut preserve_log = data.preserve_log;
    let action = Action::SetPreserveLog { on: !preserve_log };
    let response = ui
        .checkbox(&mut preserve_log, label)
        .on_hover_text(action.help(ui.ctx()));
    if response.changed() {
        actions.push(action);
    }
}

/// Draws the menu with what does not fit in the toolbar.
fn more_ui(ui: &mut Ui, data: &ToolbarData<'_>, items: &[Item], actions: &mut Actions) {
    let palette = Palette::of(ui);
    let button = icon_ui(ui, Icon::More, palette.text, "More").on_hover_text("More");
    menu_ui(&button, |ui| {
        let mut group = None;
        for item in items {
            if group.is_some_and(|before| before != item.group()) {
                ui.separator();
            }
            group = Some(item.group());
            let before = actions.len();
            match item {
                Item::Settings => {
                    button_ui(ui, actions, SETTINGS);
                }
                Item::Counts => {
                    ui.horizontal(|ui| counts_ui(ui, data, actions));
                }
                Item::PreserveLog => {
                    let label = item.texts().swap_remove(0);
                    preserve_log_ui(ui, data, label, actions);
                }
                Item::Record | Item::Clear | Item::Export | Item::Import => {
                    item_ui(ui, data, *item, 0, actions);
                }
            }
            // A checkbox shows in the menu what was chosen.
            if actions.len() > before && *item != Item::PreserveLog {
                ui.close();
            }
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

fn counts_ui(ui: &mut Ui, data: &ToolbarData<'_>, actions: &mut Actions) {
    let palette = Palette::of(ui);
    for (severity, count) in data.counts {
        // Exactly this one: `severity:note` would be all findings.
        let text = format!("severity={severity}");
        let is_on = data.filter.text == text;
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
