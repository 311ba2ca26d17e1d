//! The context menu of a row.

use egui::{Context, Id, Popup, PopupAnchor, PopupKind, Rect, Ui, pos2};

use super::header::columns_menu_ui;
use crate::action::{Action, Sort};
use crate::model::columns::ColumnSettings;
use crate::model::timeline::RowMenu;
use crate::views::parts::{Actions, button_ui, scrolled_menu_ui};

/// The id of the menu; there is only one.
fn menu_id() -> Id {
    Id::unique("callscope row menu")
}

/// Opens the menu as soon as its row is known.
pub(crate) fn open(ctx: &Context) {
    Popup::open_id(ctx, menu_id());
}

/// Draws the menu; `row` is the place of its row, if visible.
pub(super) fn menu_ui(
    ui: &mut Ui,
    menu: &RowMenu,
    row: Option<Rect>,
    columns: &ColumnSettings,
    actions: &mut Actions,
) {
    let list = ui.max_rect();
    let anchor = match menu.open.at {
        Some((x, y)) => PopupAnchor::Position(pos2(x, y)),
        None => PopupAnchor::ParentRect(row.unwrap_or(list)),
    };
    let is_new = ui.data_mut(|data| {
        let shown = data.get_temp_mut_or_default::<Option<u64>>(menu_id());
        shown.replace(menu.open.id) != Some(menu.open.id)
    });
    let popup = Popup::new(menu_id(), ui.ctx().clone(), anchor, ui.layer_id())
        .kind(PopupKind::Menu)
        .accessible_name("What can be done with this message")
        .layout(egui::Layout::top_down_justified(egui::Align::Min))
        .style(egui::containers::menu::menu_style)
        .open_memory(None);
    let shown = popup.show(|ui| {
        scrolled_menu_ui(ui, |ui| {
            let mut is_first = true;
            for group in &menu.groups {
                for (label, action) in group {
                    let response = ui.button(label.as_str());
                    if std::mem::take(&mut is_first) && is_new {
                        response.request_focus();
                    }
                    if response.on_hover_text(action.help(ui.ctx())).clicked() {
                        actions.push(action.clone());
                        // A key is no click to egui, which would close it.
                        ui.close();
                    }
                }
                ui.separator();
            }
            ui.menu_button("Columns", |ui| {
                scrolled_menu_ui(ui, |ui| columns_menu_ui(ui, columns, list.width(), actions));
            });
            // Lists with little room have no titles to click on.
            ui.menu_button("Sort", |ui| {
                scrolled_menu_ui(ui, |ui| {
                    for sort in Sort::choices(menu.sort) {
                        let action = Action::Sort { sort };
                        if button_ui(ui, actions, action).clicked() {
                            ui.close();
                        }
                    }
                });
            });
        });
    });
    if shown.is_none() {
        ui.data_mut(|data| data.remove::<Option<u64>>(menu_id()));
        ui.memory_mut(|memory| memory.request_focus(super::list_id()));
        actions.push(Action::CloseMenu);
    }
}
