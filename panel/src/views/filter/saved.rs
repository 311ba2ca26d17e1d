//! Saving the filter, and the bar with the saved ones.

use callscope_session_view::visible::visible;
use egui::{Button, Id, Key, Stroke, TextEdit, Ui, WidgetInfo, vec2};

use super::{FilterData, filter_id};
use crate::action::Action;
use crate::icons::Icon;
use crate::model::SavedFilter;
use crate::theme::{Palette, size};
use crate::views::parts::{self, Actions, icon_button_ui, icon_ui, steady_ui};

/// The passes in which a popup may still be measured.
const OPENING: u64 = 3;

/// Draws the button that saves the filter, or that renames it if it is already `saved`; naming it is
/// optional.
pub(super) fn save_ui(ui: &mut Ui, saved: Option<&SavedFilter>, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let save = Action::SaveFilter {
        name: String::new(),
    };
    let (color, label, help) = if saved.is_some() {
        let label = "Rename saved filter".to_owned();
        (palette.accent, label, "Give this saved filter another name")
    } else {
        (palette.text, save.label(), save.tooltip())
    };
    let button = icon_ui(ui, Icon::Save, color, &label).on_hover_text(help);
    let id = filter_id().with("name");
    egui::Popup::menu(&button)
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            let opened = parts::passes_before(ui, id.with("opened"));
            let mut name: String = ui.data(|it| it.get_temp(id)).unwrap_or_default();
            if opened == 0 {
                // Not what was typed before it was given up.
                name = saved.map_or_else(String::new, |it| it.name.clone());
            }
            let edit = TextEdit::singleline(&mut name)
                .id(id)
                .hint_text("Name, or nothing")
                .desired_width(size::MENU_TABLE);
            let field = parts::field_in_menu_ui(ui, edit).accessible_name("Name of the filter");
            // At first a popup is only measured, and what is in it cannot take the keyboard.
            if opened < OPENING && !field.has_focus() {
                field.request_focus();
            }
            let verb = saved.map_or("Save", |_| "Rename");
            let is_done = ui.button(verb).clicked() || parts::is_entered(&field);
            if is_done {
                actions.push(Action::SaveFilter {
                    name: std::mem::take(&mut name),
                });
                if ui.input(|it| it.key_pressed(Key::Enter) || it.key_pressed(Key::Space)) {
                    actions.push(Action::FocusFilter);
                }
                ui.close();
            }
            ui.data_mut(|it| it.insert_temp(id, name));
        });
    parts::give_keyboard_back(&button);
}

/// Draws the bar with the saved filters; `text` is the present filter. A low panel has
/// [`saved_menu_ui`] in its place.
pub(crate) fn saved_filters_ui(
    ui: &mut Ui,
    saved: &[SavedFilter],
    text: &str,
    actions: &mut Actions,
) {
    let mut removes = Vec::new();
    if !saved.is_empty() {
        parts::bar_ui(ui, Palette::of(ui).header, |ui| {
            ui.horizontal_wrapped(|ui| removes = chips_ui(ui, saved, text, actions));
        });
    }
    parts::keep_keyboard(ui, "saved filters", &removes, filter_id());
}

/// Draws the button at the beginning of the filter that opens the saved ones, where a bar of them
/// would take the room of the list.
pub(super) fn saved_menu_ui(ui: &mut Ui, data: &FilterData<'_>, actions: &mut Actions) {
    const NAME: &str = "Saved filters";
    let mut removes = Vec::new();
    if !data.saved.is_empty() {
        let button = icon_ui(ui, Icon::Unfolded, Palette::of(ui).text, NAME).on_hover_text(NAME);
        parts::menu_ui(&button, |ui| {
            let before = actions.len();
            removes = chips_ui(ui, data.saved, data.text, actions);
            let mut new = actions.iter().skip(before);
            if new.any(|it| matches!(it, Action::SetFilter { .. })) {
                ui.close();
            }
        });
    }
    parts::keep_keyboard(ui, "menu of saved filters", &removes, filter_id());
}

/// Draws the saved filters; returns the buttons that remove them.
fn chips_ui(ui: &mut Ui, saved: &[SavedFilter], text: &str, actions: &mut Actions) -> Vec<Id> {
    ui.spacing_mut().item_spacing = vec2(size::STEP, size::STEP);
    let chips = saved.iter().map(|saved| {
        let is_on = saved.text == text.trim();
        let chip = |ui: &mut Ui| chip_ui(ui, saved, is_on, actions);
        steady_ui(ui, ("saved filter", &saved.text), chip)
    });
    chips.collect()
}

/// Draws a saved filter: a click sets it, or clears it if it is set. Returns the button that removes
/// it.
fn chip_ui(ui: &mut Ui, saved: &SavedFilter, is_on: bool, actions: &mut Actions) -> Id {
    let palette = Palette::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let title = visible(saved.title()).into_owned();
        let label = format!("Saved filter {title}");
        let chip = Button::selectable(is_on, parts::one_line(&title))
            .stroke(Stroke::new(1.0, palette.divider))
            .truncate();
        // The button that removes it has its place, however long the title is.
        let response = ui
            .scope(|ui| {
                ui.set_max_width((ui.available_width() - size::CONTROL).max(0.0));
                ui.add(chip)
            })
            .inner
            .on_hover_text(visible(&saved.text));
        response.widget_info(|| {
            WidgetInfo::selected(egui::Role::Button, ui.is_enabled(), is_on, &label)
        });
        if response.clicked() {
            let text = if is_on {
                String::new()
            } else {
                saved.text.clone()
            };
            actions.push(Action::SetFilter { text });
        }
        let remove = Action::RemoveFilter {
            text: saved.text.clone(),
        };
        icon_button_ui(ui, actions, Icon::Close, palette.weak, remove)
            .accessible_name(format!("Remove saved filter {title}"))
            .id
    })
    .inner
}
