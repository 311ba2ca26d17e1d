//! Small building blocks that several views share.

mod bar;
mod button;
mod field;
mod menu;
mod text;

use egui::{Align2, Id, Rect, Response, Role, Sense, Ui, WidgetInfo, vec2};

use crate::action::{Action, Fold};
use crate::icons::Icon;
use crate::model::Folds;
use crate::theme::{self, Palette, size};

pub(crate) use bar::{
    BarEnds, at_end_ui, bar_divider_ui, bar_height, bar_ui, finished_ui, framed_bar_ui, is_low,
    steady, steady_ui, whole_bars_ui,
};
pub(crate) use button::{
    background, background_of, button_ui, button_width, enabled_ui, focus_ring, icon_button_ui,
    icon_text_ui, icon_ui, labeled_button_ui, link_ui, primary_button_ui,
};
pub(crate) use field::{field_in_menu_ui, is_entered, lay_out_line, lay_out_lines, seen};
pub(crate) use menu::{give_keyboard_back, menu_ui, popup_menu_ui, scrolled_menu_ui};
pub(crate) use text::{
    cut_galley, cut_middle, cut_to_fit, cut_type, galley, heading_ui, icon_slot_ui,
    limited_lines_ui, lines_ui, mono_width, most_lines, one_line, place, prose_ui, sentence_ui,
    text_width, value_ui, words_ui,
};

/// The user's actions.
pub(crate) type Actions = Vec<Action>;

/// The level of a section's title among the headings of a document: below those of [`heading_ui`].
const SECTION_LEVEL: usize = 3;

/// What a click on a row of a list selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    /// Only this row.
    Alone,
    /// Adds this row to the selection, or removes it.
    Toggle,
    /// All rows up to this one.
    UpTo,
}

impl Pick {
    /// The choice made by the modifier keys held.
    pub(crate) fn of(ui: &Ui) -> Self {
        let modifiers = ui.input(|input| input.modifiers);
        match (modifiers.shift, modifiers.command) {
            (true, _) => Self::UpTo,
            (_, true) => Self::Toggle,
            _ => Self::Alone,
        }
    }
}

/// Draws a title with an arrow that folds what follows; returns whether it is unfolded.
pub(crate) fn section_ui(
    ui: &mut Ui,
    actions: &mut Actions,
    folds: &Folds,
    title: &str,
    remark: &str,
) -> bool {
    folded_section_ui(ui, actions, folds, title, remark, true)
}

/// Like [`section_ui`], with the state that applies until the user folds or unfolds it.
pub(crate) fn folded_section_ui(
    ui: &mut Ui,
    actions: &mut Actions,
    folds: &Folds,
    title: &str,
    remark: &str,
    is_unfolded_at_first: bool,
) -> bool {
    let palette = Palette::of(ui);
    let fold = Fold::Section {
        title: title.to_owned(),
    };
    let is_unfolded = folds.get(&fold).copied().unwrap_or(is_unfolded_at_first);
    let size = vec2(ui.available_width(), size::ROW);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| {
        WidgetInfo::selected(
            Role::DisclosureTriangle,
            ui.is_enabled(),
            is_unfolded,
            title,
        )
    });
    (ui.ctx()).accesskit_node_builder(response.id, |it| it.set_level(SECTION_LEVEL));
    background(ui, rect, &response);
    let icon = if is_unfolded {
        Icon::Unfolded
    } else {
        Icon::Folded
    };
    icon.paint(
        ui.painter(),
        crate::icons::slot(rect, rect.left()),
        palette.weak,
    );
    let at = egui::pos2(rect.left() + size::ICON + size::STEP, rect.center().y);
    let title = cut_galley(ui, title, theme::body(), palette.text, rect.right() - at.x);
    let end = place(ui.painter(), at, Align2::LEFT_CENTER, title);
    let at = egui::pos2(end.right() + 2.0 * size::STEP, rect.center().y);
    let remark = cut_galley(ui, remark, theme::body(), palette.weak, rect.right() - at.x);
    place(ui.painter(), at, Align2::LEFT_CENTER, remark);
    if response.clicked() {
        actions.push(Action::SetUnfolded {
            fold,
            unfolded: !is_unfolded,
        });
    }
    is_unfolded
}

/// Draws a choice between radio buttons in one line, after its name: each label is nearer to its
/// own button than to the next one.
pub(crate) fn radios_ui(ui: &mut Ui, name: &str, contents: impl FnOnce(&mut Ui)) {
    ui.horizontal_wrapped(|ui| {
        radio_group(ui, name);
        ui.spacing_mut().item_spacing.x = 4.0 * size::STEP;
        words_ui(ui, name, Palette::of(ui).weak);
        contents(ui);
    });
}

/// Tells assistive technology that the radio buttons in `ui`, which may have other contents, are
/// one choice with this name.
pub(crate) fn radio_group(ui: &Ui, name: &str) {
    ui.ctx().accesskit_node_builder(ui.unique_id(), |it| {
        it.set_role(Role::RadioGroup);
        it.set_label(name);
    });
}

/// Keeps the keyboard in a list of buttons that go away when they are pressed, such as those that
/// remove something: it goes to the one that takes the place, and after the last one to `otherwise`.
///
/// Call it in every frame, after drawing; `buttons` are those drawn, in their order.
pub(crate) fn keep_keyboard(ui: &Ui, list: &str, buttons: &[Id], otherwise: Id) {
    let kept = Id::unique(("callscope list", list));
    let focused = ui.memory(egui::Memory::focused);
    let before: Option<(Id, usize)> = ui.data(|it| it.get_temp(kept)).flatten();
    let mut place = buttons.iter().position(|it| Some(*it) == focused);
    if let Some((id, at)) = before
        && focused == Some(id)
        && place.is_none()
    {
        place = buttons.len().checked_sub(1).map(|end| at.min(end));
        let next = place.and_then(|place| buttons.get(place)).copied();
        ui.memory_mut(|it| it.request_focus(next.unwrap_or(otherwise)));
    }
    let now = place.and_then(|place| Some((*buttons.get(place)?, place)));
    ui.data_mut(|it| it.insert_temp(kept, now));
}

/// The scroll area of a view: everything can be reached, however little room there is.
pub(crate) fn scroll_area(id: &str) -> egui::ScrollArea {
    egui::ScrollArea::vertical()
        .auto_shrink(false)
        // Otherwise the area would extend below the bars, out of reach.
        .min_scrolled_height(0.0)
        .id_salt(id)
}

/// Leaves the arrow keys and Esc to a list while it has the keyboard: otherwise they would move the
/// focus on.
pub(crate) fn keep_arrows(ui: &Ui, list: Id) {
    let filter = egui::EventFilter {
        tab: false,
        horizontal_arrows: true,
        vertical_arrows: true,
        escape: true,
    };
    ui.memory_mut(|it| it.set_focus_lock_filter(list, filter));
}

/// Draws the triangle of a foldable part, and its focus ring.
pub(crate) fn triangle_ui(ui: &Ui, rect: Rect, response: &Response, is_unfolded: bool) {
    focus_ring(ui, rect, response);
    let icon = if is_unfolded {
        Icon::Unfolded
    } else {
        Icon::Folded
    };
    icon.paint(ui.painter(), rect, Palette::of(ui).weak);
}

/// How many passes in a row have drawn `id` before this one: none where it has just been opened.
pub(crate) fn passes_before(ui: &Ui, id: Id) -> u64 {
    let pass = ui.ctx().cumulative_pass_nr();
    ui.data_mut(|data| {
        let (first, last) = data.get_temp_mut_or(id, (pass, pass));
        if *last + 1 < pass {
            *first = pass;
        }
        *last = pass;
        pass - *first
    })
}

/// Which of `count` rows of a list are in its viewport.
pub(crate) fn rows_in(viewport: Rect, count: usize) -> std::ops::Range<usize> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates"
    )]
    let row = |y: f32| (y / size::ROW).floor().max(0.0) as usize;
    row(viewport.top()).min(count)..(row(viewport.bottom()) + 1).min(count)
}
