//! What to send, as which side, in which conversation.

use callscope_protocol::Side;
use callscope_session_view::visible::visible;
use egui::{Button, RichText, TextEdit, Ui};

use crate::action::Action;
use crate::icons::Icon;
use crate::model::{ComposeData, TypeGroup};
use crate::theme::{Palette, size};
use crate::views::parts::{
    Actions, field_in_menu_ui, give_keyboard_back, icon_text_ui, is_entered, lay_out_line, menu_ui,
};

/// The most characters of a type shown on its button.
const LONGEST_TYPE: usize = 28;

/// The width of the list of types.
const LIST: f32 = 250.0;

pub(super) fn choices_ui(ui: &mut Ui, data: &ComposeData, actions: &mut Actions) {
    ui.horizontal_wrapped(|ui| {
        for (side, by_widget) in [(Side::Host, false), (Side::Widget, true)] {
            let choose = Action::ChooseSide { by_widget };
            choice_ui(ui, actions, choose, data.from == side, None);
        }
        ui.add_space(size::STEP);
        type_ui(ui, data, actions);
        ui.add_space(size::STEP);
        let form = Action::WriteAsJson { on: false };
        choice_ui(ui, actions, form, !data.is_json, data.no_form);
        let json = Action::WriteAsJson { on: true };
        choice_ui(ui, actions, json, data.is_json, None);
    });
    if data.targets.len() > 1 {
        target_ui(ui, data, actions);
    }
}

/// Draws one of several options, unless there is a reason why it cannot be chosen. Without a scope
/// around it, it goes to the next line where it has no room.
fn choice_ui(
    ui: &mut Ui,
    actions: &mut Actions,
    action: Action,
    is_chosen: bool,
    why_not: Option<&str>,
) {
    let mut label = RichText::new(action.label());
    if why_not.is_some() {
        label = label.color(Palette::of(ui).weak);
    }
    let button = Button::selectable(is_chosen, label);
    let mut response = ui.add_enabled(why_not.is_none(), button);
    if let Some(why_not) = why_not {
        response = response.on_disabled_hover_text(why_not);
    }
    if response.on_hover_text(action.help(ui.ctx())).clicked() {
        actions.push(action);
    }
}

fn target_ui(ui: &mut Ui, data: &ComposeData, actions: &mut Actions) {
    ui.horizontal(|ui| {
        ui.label("In");
        let name = data.targets.iter().find(|(id, _)| Some(*id) == data.target);
        let choice = egui::ComboBox::from_id_salt("target")
            .width(LIST.min(ui.available_width() - 2.0 * size::STEP))
            .truncate()
            .selected_text(name.map_or("", |(_, name)| name.as_str()))
            .show_ui(ui, |ui| {
                for (id, name) in &data.targets {
                    let is_chosen = Some(*id) == data.target;
                    if ui.selectable_label(is_chosen, name).clicked() {
                        actions.push(Action::ChooseTarget { conversation: *id });
                        // egui closes it for the mouse, but not for a key.
                        ui.close();
                    }
                }
            });
        give_keyboard_back(&choice.response);
        choice.response.accessible_name("Conversation");
    });
}

/// Draws the type, and the list of all types below it.
fn type_ui(ui: &mut Ui, data: &ComposeData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let name = visible(&data.type_name);
    let short = match name.char_indices().nth(LONGEST_TYPE) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None if name.is_empty() => "no type".to_owned(),
        None => name.to_string(),
    };
    let label = format!("Message type {name}");
    let button = icon_text_ui(ui, Icon::Unfolded, palette.weak, &short, &label, true)
        .on_hover_text("Choose another message");
    menu_ui(&button, |ui| {
        ui.set_width(LIST);
        let has_chosen = list_ui(ui, data, actions);
        if has_chosen {
            ui.close();
        }
    });
}

/// Draws the search field and its results; returns whether a type was chosen.
fn list_ui(ui: &mut Ui, data: &ComposeData, actions: &mut Actions) -> bool {
    let by_widget = data.from == Side::Widget;
    let mut search = data.search.clone();
    let mut layouter = lay_out_line;
    let edit = TextEdit::singleline(&mut search)
        .align(egui::Align2::LEFT_CENTER)
        .hint_text("Search messages")
        .layouter(&mut layouter)
        .desired_width(LIST - 2.0 * size::STEP);
    let edit = field_in_menu_ui(ui, edit).accessible_name("Search messages");
    let is_done = is_entered(&edit);
    let has_focus = ui.memory(egui::Memory::focused).is_some();
    if !has_focus && !is_done {
        edit.request_focus();
    }
    if search != data.search {
        actions.push(Action::SearchTypes { text: search });
    }
    let choose = |type_name: &str| Action::ChooseType {
        by_widget,
        type_name: type_name.to_owned(),
    };
    if is_done && let Some(first) = data.types.first().and_then(|group| group.types.first()) {
        actions.push(choose(first.name()));
        return true;
    }
    let mut has_chosen = false;
    if data.types.is_empty() {
        ui.weak("No message of the catalogue is found by that.");
    }
    for TypeGroup { title, types } in &data.types {
        ui.weak(title);
        for ty in types {
            let is_chosen = ty.name() == data.type_name;
            let text = RichText::new(ty.name()).monospace();
            let response = ui.selectable_label(is_chosen, text);
            if response.clicked() {
                actions.push(choose(ty.name()));
                has_chosen = true;
            }
            response.on_hover_text(ty.spec().summary);
        }
    }
    has_chosen
}
