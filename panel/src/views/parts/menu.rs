//! Menus below buttons.

use egui::{Response, Ui};

use crate::theme::size;

/// A menu below a button, which scrolls if the panel is too low for it.
pub(crate) fn menu_ui(button: &Response, add: impl FnOnce(&mut Ui)) {
    popup_menu_ui(egui::Popup::menu(button), add);
    give_keyboard_back(button);
}

/// Gives the keyboard to the button of a popup that was just closed by a key: what had it in there
/// is gone.
pub(crate) fn give_keyboard_back(button: &Response) {
    let ctx = &button.ctx;
    let popup = egui::Popup::default_response_id(button);
    let is_open = egui::Popup::is_id_open(ctx, popup);
    let name = popup.with("was open");
    let was_open =
        ctx.data_mut(|data| std::mem::replace(data.get_temp_mut_or_default(name), is_open));
    let keys = [egui::Key::Escape, egui::Key::Enter, egui::Key::Space];
    if was_open && !is_open && ctx.input(|input| keys.iter().any(|key| input.key_pressed(*key))) {
        button.request_focus();
    }
}

/// Like [`menu_ui`], for a popup that can be opened in other ways too.
pub(crate) fn popup_menu_ui(popup: egui::Popup<'_>, add: impl FnOnce(&mut Ui)) {
    popup
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            let screen = ui.ctx().content_rect();
            let room = screen.bottom() - ui.cursor().top() - 4.0 * size::STEP;
            scrolled_ui(ui, room, add);
        });
}

/// The contents of a menu that egui moves to where it has room: it scrolls if the panel is too low
/// for it.
pub(crate) fn scrolled_menu_ui(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let room = ui.ctx().content_rect().height() - 6.0 * size::STEP;
    scrolled_ui(ui, room, add);
}

fn scrolled_ui(ui: &mut Ui, room: f32, add: impl FnOnce(&mut Ui)) {
    let height = room.max(4.0 * size::ROW);
    egui::ScrollArea::vertical()
        .max_height(height)
        // A popup would make it lower unless a minimum is set.
        .min_scrolled_height(height)
        .show(ui, add);
}
