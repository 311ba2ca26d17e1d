//! What is wrong with the filter, under the word. It lies over the page: a mistake is often only
//! half a word, and nothing is to move while the user types.

use callscope_session_view::filter::FilterError;
use callscope_session_view::visible::visible;
use egui::{Area, AreaState, Frame, Id, Order, Pos2, Rect, Ui};

use super::{FilterData, filter_id, popup_id};
use crate::action::Action;
use crate::icons::Icon;
use crate::theme::{Palette, size};
use crate::views::parts::{Actions, icon_slot_ui, labeled_button_ui};

/// The most width that it takes, in points.
const WIDTH: f32 = 480.0;

fn mistake_id() -> Id {
    filter_id().with("mistake")
}

/// Draws it below the field, or below the suggestions that are there; `x` is where the word begins.
/// Returns whether the user is at it with the pointer or the keyboard.
pub(super) fn mistake_ui(
    ui: &Ui,
    data: &FilterData<'_>,
    error: &FilterError,
    (field, x): (Rect, f32),
    has_suggestions: bool,
    actions: &mut Actions,
) -> bool {
    let ctx = ui.ctx();
    let screen = ctx.content_rect();
    let suggestions = AreaState::load(ctx, popup_id()).filter(|_| has_suggestions);
    let below = suggestions.map_or(field, |it| it.rect());
    let frame = Frame::popup(ui.style());
    let margin = frame.total_margin();
    let room = (screen.width() - margin.sum().x - 2.0 * size::STEP).min(WIDTH);
    let at = Pos2::new(x - margin.left, below.bottom() + size::STEP);
    let area = Area::new(mistake_id())
        .order(Order::Foreground)
        .fixed_pos(at)
        .constrain_to(screen);
    let shown = area.show(ctx, |ui| {
        frame.show(ui, |ui| {
            ui.set_max_width(room);
            words_ui(ui, data, error, actions);
        });
    });
    let it = shown.response;
    let focused = ctx.memory(egui::Memory::focused);
    let has_focus = focused
        .is_some_and(|id| (ctx.read_response(id)).is_some_and(|at| at.layer_id == it.layer_id));
    has_focus || it.contains_pointer()
}

fn words_ui(ui: &mut Ui, data: &FilterData<'_>, error: &FilterError, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let words = visible(&error.problem.to_string()).into_owned();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        if data.mistake(ui).is_some() {
            icon_slot_ui(ui, Icon::Error, palette.error);
            ui.colored_label(palette.error, words);
        } else {
            ui.label(words);
        }
        if let Some(suggestion) = &error.suggestion {
            let mut text = data.text.to_owned();
            if text.get(error.at.clone()).is_some() {
                text.replace_range(error.at.clone(), suggestion);
            }
            let words = format!("Did you mean {}?", visible(suggestion));
            labeled_button_ui(ui, actions, Action::SetFilter { text }, words);
        }
    });
    let still = match data.in_force {
        "" => "Still shown: everything".to_owned(),
        filter => format!("Still filtered by {}", visible(filter)),
    };
    ui.weak(still);
}
