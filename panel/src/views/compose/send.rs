//! The bar that sends, and says what became of it or what is in the way.

use callscope_protocol::Side;
use callscope_session_view::visible::sentence;
use egui::{
    Align, Button, Color32, Id, Layout, RichText, Role, Stroke, TextWrapMode, Ui, WidgetInfo, vec2,
};

use crate::action::Action;
use crate::icons::Icon;
use crate::model::{ComposeData, SendOutcome};
use crate::theme::{Palette, size};
use crate::views::parts::{
    Actions, at_end_ui, bar_ui, icon_slot_ui, keep_keyboard, limited_lines_ui, link_ui, text_width,
};

/// The link to the message that was sent.
const SHOW: &str = "Show it in the timeline";

/// In a bar this wide, the words stand beside the buttons.
const ONE_LINE: f32 = 780.0;

/// In one this wide, they need no second line.
const WIDE: f32 = 1_100.0;

/// Draws the bar. It stands above all that comes and goes while the page talks, and what it says
/// has room from the beginning: nothing moves under a click.
pub(super) fn send_ui(ui: &mut Ui, data: &ComposeData, actions: &mut Actions) {
    bar_ui(ui, Palette::of(ui).panel, |ui| {
        let is_low = ui.ctx().content_rect().height() < size::LOW;
        let lines = if is_low || ui.available_width() >= WIDE {
            1
        } else {
            2
        };
        let is_beside = is_low || ui.available_width() >= ONE_LINE;
        ui.horizontal_top(|ui| {
            buttons_ui(ui, data, actions);
            let link = show_action(data);
            let taken = link.as_ref().map_or(0.0, |_| text_width(ui, SHOW).ceil());
            let gap = ui.spacing().item_spacing.x;
            if is_beside {
                let room = (ui.available_width() - taken - gap).max(0.0);
                words_ui(ui, data, room, lines);
            }
            if let Some(show) = link {
                at_end_ui(ui, taken, |ui| link_ui(ui, actions, SHOW, show));
            }
        });
        if !is_beside {
            words_ui(ui, data, ui.available_width(), lines);
        }
    });
}

fn buttons_ui(ui: &mut Ui, data: &ComposeData, actions: &mut Actions) {
    let is_sending = data.outcome == Some(SendOutcome::Sending);
    let why_not = match &data.obstacle {
        Some(obstacle) => Some(obstacle.words.as_str()),
        None => is_sending.then_some("The last one is on its way"),
    };
    let send = blockable_button_ui(ui, actions, Action::SendDraft { anyway: false }, why_not);
    let can_anyway = data.obstacle.as_ref().is_some_and(|it| it.can_send_anyway);
    let anyway = can_anyway.then(|| {
        let why_not = is_sending.then_some("The last one is on its way");
        blockable_button_ui(ui, actions, Action::SendDraft { anyway: true }, why_not)
    });
    // It may go away under the keyboard.
    keep_keyboard(ui, "send", anyway.as_slice(), send);
}

/// Draws a button that does nothing for as long as something is in the way. It keeps the keyboard,
/// which egui takes from one that is disabled: the page blocks and frees it at any time.
fn blockable_button_ui(
    ui: &mut Ui,
    actions: &mut Actions,
    action: Action,
    why_not: Option<&str>,
) -> Id {
    let palette = Palette::of(ui);
    let label = action.label();
    let is_primary = matches!(action, Action::SendDraft { anyway: false });
    let color = match why_not {
        Some(_) => palette.weak,
        None if is_primary => palette.accent,
        None => palette.text,
    };
    let mut button = Button::new(RichText::new(&label).color(color));
    if is_primary && why_not.is_none() {
        let stroke = Stroke::new(1.0, palette.accent);
        button = button.fill(palette.selected).stroke(stroke);
    }
    let help = why_not.map_or_else(|| action.help(ui.ctx()), str::to_owned);
    let response = ui.add(button.wrap_mode(TextWrapMode::Extend));
    let is_free = why_not.is_none();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, is_free, &label));
    let response = response.on_hover_text(sentence(&help));
    if response.clicked() && is_free {
        actions.push(action);
    }
    response.id
}

/// Shows the message that was sent.
fn show_action(data: &ComposeData) -> Option<Action> {
    match &data.outcome {
        Some(SendOutcome::Sent { message_id, .. }) if !message_id.is_empty() => {
            Some(Action::ShowMessage {
                message_id: message_id.clone(),
            })
        }
        _ => None,
    }
}

/// Draws what is to be said now, in as much room as any of it may take.
fn words_ui(ui: &mut Ui, data: &ComposeData, width: f32, lines: usize) {
    let (icon, color, words) = words(ui, data);
    let room = vec2(width, (lines as f32 * size::LINE).max(size::CONTROL));
    ui.allocate_ui_with_layout(room, Layout::left_to_right(Align::Min), |ui| {
        ui.set_min_size(room);
        ui.set_max_width(width);
        if let Some(icon) = icon {
            icon_slot_ui(ui, icon, color);
        }
        ui.vertical(|ui| limited_lines_ui(ui, &[(words, color)], lines));
    });
}

/// What stands in the way; before that, why sending failed; after it, that it was sent.
fn words<'a>(ui: &Ui, data: &'a ComposeData) -> (Option<Icon>, Color32, &'a str) {
    let palette = Palette::of(ui);
    match (&data.outcome, &data.obstacle) {
        (Some(SendOutcome::Sending), _) => (None, palette.weak, "Sending…"),
        (Some(SendOutcome::Failed { reason }), _) => (Some(Icon::Error), palette.error, reason),
        (_, Some(obstacle)) => (Some(Icon::Warning), palette.warning, &obstacle.words),
        (Some(SendOutcome::Sent { from, .. }), None) => {
            let words = match from {
                Side::Host => "Sent, and the widget's frame received it.",
                Side::Widget => "Sent, and HubSpot's page received it.",
            };
            (Some(Icon::Ok), palette.ok, words)
        }
        (None, None) => {
            let words = match data.from {
                Side::Host => {
                    "Posted from HubSpot's page, so the widget's SDK cannot tell it from \
                     HubSpot's own."
                }
                Side::Widget => {
                    "Posted from the widget's frame, so HubSpot's page cannot tell it from the \
                     widget's own."
                }
            };
            (None, palette.weak, words)
        }
    }
}
