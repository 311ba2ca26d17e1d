//! The context menu of a line, opened with a small button, a right click on the line, or the
//! keyboard's menu key.

use egui::{Id, Key, Modifiers, Popup, Pos2, Rect, Role, Sense, Ui, WidgetInfo};

use crate::action::Action;
use crate::icons::Icon;
use crate::keys::is_pressed;
use crate::theme::Palette;
use crate::views::parts::{Actions, focus_ring, labeled_button_ui, popup_menu_ui};

/// How the menu was opened, while it is open.
#[derive(Clone, Copy, Debug)]
struct Opened {
    /// Where the pointer was; `None` if it was opened with the button or the keyboard.
    at: Option<Pos2>,
    /// Whether its first item has yet to get the focus.
    is_new: bool,
}

/// The menu of a line.
pub(super) struct RowMenu<'a> {
    /// Where a right click opens the menu.
    pub(super) line: Rect,
    /// The place of the button, which is visible while pointer or focus is there.
    pub(super) button: Rect,
    /// The button's label.
    pub(super) label: String,
    /// Whether a part of the line has focus, or the keys of its list act on it.
    pub(super) has_keyboard: bool,
    /// Its items.
    pub(super) items: &'a dyn Fn() -> Vec<(String, Action)>,
    /// Whether Tab stops at the button; in a list, it stops at the list, whose keys open the menu.
    pub(super) is_tab_stop: bool,
}

/// Whether keys go to a list: it has focus, or nothing has.
pub(super) fn list_has_keyboard(ui: &Ui, list: Id) -> bool {
    let (focused, is_covered) = ui.memory(|it| (it.focused(), it.top_modal_layer().is_some()));
    !is_covered && !Popup::is_any_open(ui.ctx()) && focused.is_none_or(|it| it == list)
}

/// Draws the button, and the menu while it is open.
pub(super) fn row_menu_ui(ui: &Ui, menu: RowMenu<'_>, actions: &mut Actions) {
    let RowMenu {
        line,
        button: place,
        label,
        has_keyboard,
        items,
        is_tab_stop,
    } = menu;
    let sense = if is_tab_stop {
        Sense::click()
    } else {
        Sense::CLICK
    };
    let response = ui.interact(place, ui.scope_id().with("menu"), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    let id = Popup::default_response_id(&response);
    let opened_id = response.id.with("opened");

    let has_keyboard = has_keyboard || response.has_focus();
    let is_over = ui.rect_contains_pointer(line);
    let by_pointer = is_over && ui.input(|input| input.pointer.secondary_clicked());
    let by_key = has_keyboard
        && (is_pressed(ui.ctx(), Modifiers::NONE, Key::Menu)
            || is_pressed(ui.ctx(), Modifiers::SHIFT, Key::F10));
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
        for (index, (label, action)) in items().into_iter().enumerate() {
            let button = labeled_button_ui(ui, actions, action, label);
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
