//! The menu of a line: a small button opens it, a right click on the line, or the keyboard's key for
//! menus.

use egui::{Id, Key, Modifiers, Popup, Pos2, Rect, Role, Sense, Ui, WidgetInfo};

use crate::action::Action;
use crate::icons::Icon;
use crate::theme::Palette;
use crate::views::parts::{Actions, focus_ring, labeled_button_ui, popup_menu_ui};

/// How a menu was opened, as long as it is open.
#[derive(Clone, Copy, Debug)]
struct Opened {
    /// Where the pointer asked for it; `None` for the button and the keyboard.
    at: Option<Pos2>,
    /// Its first item was not given the keyboard yet.
    is_new: bool,
}

/// What the menu is of.
pub(super) struct RowMenu<'a> {
    /// What a right click opens the menu on.
    pub(super) line: Rect,
    /// Where the button is: seen while the pointer or the keyboard is there.
    pub(super) button: Rect,
    /// What the button is called.
    pub(super) label: String,
    /// A part of the line that can have the keyboard.
    pub(super) focused: Option<Id>,
    /// What can be done.
    pub(super) items: &'a [(String, Action)],
}

/// Draws the button, and the menu while it is open.
pub(super) fn row_menu_ui(ui: &Ui, menu: RowMenu<'_>, actions: &mut Actions) {
    let RowMenu {
        line,
        button: place,
        label,
        focused,
        items,
    } = menu;
    let response = ui.interact(place, ui.scope_id().with("menu"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    let id = Popup::default_response_id(&response);
    let opened_id = response.id.with("opened");

    let has_keyboard =
        response.has_focus() || focused.is_some_and(|it| ui.memory(|memory| memory.has_focus(it)));
    let is_over = ui.rect_contains_pointer(line);
    let by_pointer = is_over && ui.input(|input| input.pointer.secondary_clicked());
    let by_key = has_keyboard
        && ui.input_mut(|input| {
            input.consume_key(Modifiers::NONE, Key::Menu)
                || input.consume_key(Modifiers::SHIFT, Key::F10)
        });
    if by_pointer || by_key {
        Popup::open_id(ui.ctx(), id);
    }
    if by_pointer || by_key || response.clicked() {
        let pointer = ui.input(|input| input.pointer.interact_pos());
        let opened = Opened {
            at: pointer.filter(|_| by_pointer),
            is_new: true,
        };
        ui.data_mut(|data| data.insert_temp(opened_id, opened));
    }

    let is_open = Popup::is_id_open(ui.ctx(), id);
    if is_over || has_keyboard || is_open {
        Icon::More.paint(ui.painter(), place, Palette::of(ui).weak);
    }
    focus_ring(ui, place, &response);
    let opened = ui.data(|data| data.get_temp::<Opened>(opened_id));
    let mut popup = Popup::menu(&response).accessible_name(label);
    if let Some(at) = opened.and_then(|it| it.at) {
        popup = popup.at_position(at);
    }
    popup_menu_ui(popup, |ui| {
        for (index, (label, action)) in items.iter().enumerate() {
            let button = labeled_button_ui(ui, actions, action.clone(), label);
            if index == 0 && opened.is_some_and(|it| it.is_new) {
                button.request_focus();
            }
            if button.clicked() {
                ui.close();
            }
        }
    });
    if let Some(opened) = opened.filter(|it| it.is_new && is_open) {
        let opened = Opened {
            is_new: false,
            ..opened
        };
        ui.data_mut(|data| data.insert_temp(opened_id, opened));
    }
}
