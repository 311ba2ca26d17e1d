//! The overlays: the command palette and the list of keys.

use callscope_session_view::visible::visible;
use callscope_session_view::words;
use egui::{
    Align2, Id, Key, KeyboardShortcut, Modal, Modifiers, RichText, ScrollArea, TextEdit, Ui,
};

use super::parts::{self, Actions};
use crate::action::{Action, Overlay};
use crate::commands::{Command, Group, fit};
use crate::icons::Icon;
use crate::keys;
use crate::theme::{self, Palette, size};

/// The width of the overlay, if there is room.
const WIDTH: f32 = 420.0;

/// How far the overlay is from the top of the panel.
const TOP: f32 = 4.0 * size::STEP;

/// The most commands that are listed at once: a session may have thousands of calls to follow.
const MOST: usize = 100;

/// Draws an overlay; `groups` are all commands available.
pub(crate) fn overlay_ui(ui: &Ui, overlay: Overlay, groups: &[Group], actions: &mut Actions) {
    let name = match overlay {
        Overlay::Commands => "Commands",
        Overlay::Keys => "Keys",
        Overlay::Settings => "Settings",
    };
    modal_ui(
        ui,
        name,
        WIDTH,
        // The field takes it itself.
        overlay != Overlay::Commands,
        actions,
        |ui, height, actions| match overlay {
            Overlay::Commands => commands_ui(ui, groups, height, actions),
            Overlay::Keys => keys_ui(ui, groups, height, actions),
            Overlay::Settings => {}
        },
    );
}

/// Draws an overlay of at most this width; `add` receives the available height.
pub(super) fn modal_ui(
    ui: &Ui,
    name: &str,
    width: f32,
    gives_keyboard: bool,
    actions: &mut Actions,
    add: impl FnOnce(&mut Ui, f32, &mut Actions),
) {
    let room = ui.ctx().content_rect().size();
    let id = Id::unique("callscope overlay");
    let is_second = parts::passes_before(ui, id) == 1 && gives_keyboard;
    let frame = egui::Frame::popup(ui.style()).fill(Palette::of(ui).bg);
    // Its top stays where it is, however much it holds.
    let area = Modal::default_area(id)
        .accessible_name(name)
        .anchor(Align2::CENTER_TOP, [0.0, TOP]);
    let modal = Modal::new(id).area(area).frame(frame);
    let modal = modal.show(ui.ctx(), |ui| {
        if is_second {
            // The keyboard goes to the first thing in it, and is there for a screen reader. What
            // lies below has it no more from the second pass on.
            ui.memory_mut(|memory| {
                memory.stop_text_input();
                memory.move_focus(egui::FocusDirection::Next);
            });
        }
        ui.set_width((room.x - 8.0 * size::STEP).clamp(100.0, width));
        ui.spacing_mut().item_spacing.y = 0.0;
        let height = (room.y - 20.0 * size::STEP).max(3.0 * size::ROW);
        add(ui, height, actions);
    });
    if modal.should_close() {
        actions.push(Action::ShowOverlay { overlay: None });
    }
}

/// The scroll area of a list that is as high as its lines, up to `height`.
///
/// Without a minimum, what is drawn in an overlay gets no more than egui's default height, and once
/// it was lower, no more than that.
fn list_area(height: f32) -> ScrollArea {
    ScrollArea::vertical()
        .max_height(height)
        .min_scrolled_height(height)
}

/// The state of the palette while it is open.
#[derive(Clone, Debug, Default)]
struct Choice {
    typed: String,
    chosen: usize,
}

fn commands_ui(ui: &mut Ui, groups: &[Group], height: f32, actions: &mut Actions) {
    let id = Id::unique("callscope commands");
    let is_new = parts::passes_before(ui, id.with("passes")) == 0;
    let kept = ui.data(|it| it.get_temp(id)).filter(|_| !is_new);
    let mut choice: Choice = kept.unwrap_or_default();

    let count = |input: &mut egui::InputState, key| keys::take(input, Modifiers::NONE, key);
    let (down, up) =
        ui.input_mut(|input| (count(input, Key::ArrowDown), count(input, Key::ArrowUp)));
    let before = choice.typed.clone();
    let edit = TextEdit::singleline(&mut choice.typed)
        .id(id.with("typed"))
        .hint_text("What to do")
        .desired_width(f32::INFINITY);
    let field = ui.add(edit).accessible_name("Command");
    if is_new || (ui.memory(|it| it.focused().is_none()) && !field.lost_focus()) {
        field.request_focus();
    }
    if choice.typed != before {
        choice.chosen = 0;
    }
    let mut fits: Vec<(u32, &Command)> = groups
        .iter()
        .flat_map(|group| &group.commands)
        .filter(|command| command.is_in_palette)
        .filter_map(|command| Some((fit(&choice.typed, &command.name)?, command)))
        .collect();
    fits.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let more = fits.len().saturating_sub(MOST);
    fits.truncate(MOST);
    if !fits.is_empty() {
        choice.chosen = (choice.chosen + down + (fits.len() - up % fits.len())) % fits.len();
    }
    let is_entered = parts::is_entered(&field);
    let mut done = is_entered
        .then(|| {
            fits.get(choice.chosen)
                .map(|(_, command)| command.action.clone())
        })
        .flatten();
    ui.add_space(size::STEP);
    list_area(height).show(ui, |ui| {
        if fits.is_empty() {
            ui.weak("Nothing is called like that");
        } else {
            offers_node(ui, field.id);
        }
        for (index, (_, command)) in fits.iter().enumerate() {
            let keys = keys_of(ui, &command.action);
            let name = parts::one_line(&visible(&command.name));
            let is_chosen = index == choice.chosen;
            let mut row = egui::Button::selectable(is_chosen, name);
            if !keys.is_empty() {
                row = row.shortcut_text(keys);
            }
            let row = row
                .truncate()
                .min_size(egui::vec2(ui.available_width(), size::ROW));
            let response = ui.add(row).on_hover_text(command.action.tooltip());
            if is_chosen && (down, up) != (0, 0) {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                done = Some(command.action.clone());
            }
        }
        if more > 0 {
            ui.weak(format!(
                "{} more: type a part of the name",
                words::count(more as u64)
            ));
        }
    });
    ui.data_mut(|it| it.insert_temp(id, choice));
    if let Some(action) = done {
        actions.push(Action::ShowOverlay { overlay: None });
        actions.push(action);
    } else if is_entered {
        field.request_focus();
    }
}

/// Tells assistive technology that what is drawn here is what the field chooses from.
fn offers_node(ui: &Ui, field: Id) {
    let list = ui.unique_id();
    ui.ctx().accesskit_node_builder(list, |it| {
        it.set_role(egui::Role::ListBox);
        it.set_label("Commands");
    });
    ui.ctx().accesskit_node_builder(field, |it| {
        it.set_has_popup(egui::accesskit::HasPopup::Listbox);
        it.set_expanded(true);
        it.set_controls(vec![list.accesskit_id()]);
    });
}

fn keys_ui(ui: &mut Ui, groups: &[Group], height: f32, actions: &mut Actions) {
    ui.horizontal(|ui| {
        ui.set_height(size::CONTROL);
        parts::heading_ui(ui, "Keys");
        parts::at_end_ui(ui, size::CONTROL, |ui| {
            let close = Action::ShowOverlay { overlay: None };
            let color = Palette::of(ui).text;
            parts::icon_button_ui(ui, actions, Icon::Close, color, close);
        });
    });
    let height = (height - size::CONTROL).max(2.0 * size::ROW);
    list_area(height).show(ui, |ui| {
        ui.set_width(ui.available_width() - size::STEP);
        for group in groups {
            let with_keys = group.commands.iter();
            let mut with_keys = with_keys
                .filter(|it| it.action.shortcut().is_some())
                .peekable();
            if with_keys.peek().is_none() {
                continue;
            }
            ui.add_space(size::STEP);
            parts::heading_ui(ui, group.title);
            for command in with_keys {
                let keys = keys_of(ui, &command.action);
                key_ui(ui, &command.name, command.action.tooltip(), &keys);
            }
        }
        ui.add_space(size::STEP);
        parts::heading_ui(ui, "Sizes");
        for (name, about, modifiers, keys) in SIZES {
            let keys = keys
                .iter()
                .map(|key| KeyboardShortcut::new(modifiers, *key));
            let keys: Vec<String> = keys.map(|it| keys::text(ui.ctx(), it)).collect();
            key_ui(ui, name, about, &keys.join(", "));
        }
    });
}

/// What keys resize while it has the keyboard: a name, a description and the keys.
const SIZES: [(&str, &str, Modifiers, &[Key]); 2] = [
    (
        "Resize the details, on their divider",
        "Move the line between list and details, which Tab goes to after the list",
        Modifiers::NONE,
        &[
            Key::ArrowLeft,
            Key::ArrowRight,
            Key::ArrowUp,
            Key::ArrowDown,
        ],
    ),
    (
        "Resize a column, on its title",
        "Make the column narrower or wider whose title Tab has gone to",
        Modifiers::SHIFT,
        &[Key::ArrowLeft, Key::ArrowRight],
    ),
];

fn key_ui(ui: &mut Ui, name: &str, about: &str, keys: &str) {
    let keys_ui = |ui: &mut Ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            // Away from the scroll bar, which follows at once.
            ui.add_space(2.0 * size::STEP);
            ui.label(RichText::new(keys).monospace());
        });
    };
    let galley = parts::galley(ui, keys, theme::mono(), Palette::of(ui).text);
    let width = parts::text_width(ui, name) + galley.size().x + 4.0 * size::STEP;
    let is_one_line = width <= ui.available_width();
    ui.horizontal(|ui| {
        ui.set_height(size::ROW);
        ui.label(name).on_hover_text(about);
        if is_one_line {
            keys_ui(ui);
        }
    });
    if !is_one_line {
        ui.horizontal(|ui| {
            ui.set_height(size::ROW);
            keys_ui(ui);
        });
    }
}

/// The shortcuts of an action as shown to the user.
fn keys_of(ui: &Ui, action: &Action) -> String {
    let keys = action.shortcut().into_iter().chain(action.other_shortcut());
    let keys: Vec<String> = keys.map(|it| keys::text(ui.ctx(), it)).collect();
    keys.join(", ")
}
