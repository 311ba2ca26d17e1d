//! A line that says who talks and whether it works; a second one if it does not.

use callscope_session_view::visible::sentence;
use callscope_session_view::words;
use egui::{Align, Color32, Layout, Response, RichText, Sense, Ui, Vec2};

use super::fit::{Piece, fit_most, share};
use super::parts::{
    Actions, bar_ui, cut_galley, give_keyboard_back, icon_button_ui, icon_slot_ui, is_low,
    limited_lines_ui, steady_ui, text_width,
};
use crate::action::Action;
use crate::icons::Icon;
use crate::model::{BarData, Health, Trouble};
use crate::theme::{Palette, size};

/// The bar's contents when there is no conversation.
#[derive(Debug)]
pub(crate) struct NoConversation {
    pub(crate) words: String,
}

/// The SDK is left out if it would get less than this, in points.
const SDK_WIDTH: f32 = 60.0;

/// The least width of a name or an origin, in points.
const LEAST: f32 = 44.0;

/// Draws the bar.
///
/// Whether it works matters more than who talks: a low panel has only one line, with what is wrong,
/// otherwise the states. What is wrong takes at most `lines` lines.
pub(crate) fn conversation_bar_ui(
    ui: &mut Ui,
    data: Result<&BarData, &NoConversation>,
    lines: usize,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    bar_ui(ui, palette.panel, |ui| match data {
        Ok(data) if is_low(ui) => low_ui(ui, data, lines, actions),
        Ok(data) => {
            // The states are at the right end if they fit there, otherwise on a line of their own.
            let states = states_width(ui, data);
            let beside = ui.available_width() - WHO_WIDTH > states;
            ui.horizontal(|ui| {
                ui.set_min_height(size::CONTROL);
                let room = if beside { states } else { 0.0 };
                who_ui(ui, data, ui.available_width() - room, actions);
                if beside {
                    states_at_end_ui(ui, data);
                }
            });
            if !beside {
                states_ui(ui, data);
            }
            if let Some(trouble) = &data.trouble {
                trouble_ui(ui, trouble, lines);
            }
        }
        Err(none) => {
            ui.horizontal(|ui| {
                ui.set_min_height(size::CONTROL);
                let text = RichText::new(sentence(&none.words)).weak();
                ui.add(egui::Label::new(text).truncate());
            });
        }
    });
}

/// If who talks would get less than this, in points, the states move to a line of their own.
const WHO_WIDTH: f32 = 340.0;

/// Draws everything on one line, or what is wrong on a few.
fn low_ui(ui: &mut Ui, data: &BarData, lines: usize, actions: &mut Actions) {
    if let Some(trouble) = &data.trouble {
        ui.horizontal_top(|ui| {
            ui.set_min_height(size::CONTROL);
            eye_ui(ui, data, actions);
            let (icon, color) = trouble_look(ui, trouble);
            let room = Vec2::new(size::ICON, size::CONTROL);
            let (rect, _) = ui.allocate_exact_size(room, Sense::hover());
            icon.paint(ui.painter(), rect, color);
            ui.vertical(|ui| {
                ui.add_space(2.0);
                trouble_words_ui(ui, trouble, color, lines);
            });
        });
        return;
    }
    ui.horizontal(|ui| {
        ui.set_min_height(size::CONTROL);
        let room = ui.available_width() - states_width(ui, data);
        if room >= WHO_WIDTH {
            who_ui(ui, data, room, actions);
            return states_at_end_ui(ui, data);
        }
        eye_ui(ui, data, actions);
        if room >= LEAST + size::CONTROL {
            name_ui(ui, data, room - size::CONTROL - size::STEP, actions);
        }
        // The first says whether the two are connected, the last what the call is doing.
        let last = data.states.len().saturating_sub(1);
        let pieces: Vec<Piece> = data
            .states
            .iter()
            .enumerate()
            .map(|(index, (_, words))| Piece {
                widths: [words, short(words)].map(|it| state_width(ui, it)).to_vec(),
                rank: match index {
                    0 => 0,
                    _ if index == last => 1,
                    _ => 2,
                },
            })
            .collect();
        let forms = fit_most(ui.available_width(), 0.0, &pieces);
        let all: Vec<&str> = data.states.iter().map(|(_, it)| it.as_str()).collect();
        let response = ui.scope(|ui| {
            for ((health, words), form) in data.states.iter().zip(&forms) {
                match form {
                    Some(0) => state_ui(ui, *health, words, false),
                    Some(_) => state_ui(ui, *health, short(words), false),
                    None => {}
                }
            }
        });
        if forms.iter().any(|form| *form != Some(0)) {
            response.response.on_hover_text(all.join(" · "));
        }
    });
}

/// A state without its details: `Answered 00:42` of `Answered 00:42 · to +1 555 010 0199`.
fn short(words: &str) -> &str {
    words.split_once(" · ").map_or(words, |(short, _)| short)
}

/// Draws the states at the right end of a line.
fn states_at_end_ui(ui: &mut Ui, data: &BarData) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        for (health, words) in data.states.iter().rev() {
            state_ui(ui, *health, words, true);
        }
    });
}

fn states_ui(ui: &mut Ui, data: &BarData) {
    ui.horizontal_wrapped(|ui| {
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        for (health, words) in &data.states {
            // Keeps the dot with its words when they wrap.
            let width = state_width(ui, words).min(ui.max_rect().width());
            let room = egui::vec2(width, size::LINE);
            ui.allocate_ui_with_layout(room, layout, |ui| state_ui(ui, *health, words, false));
        }
    });
}

/// Draws who talks, in `room` points.
fn who_ui(ui: &mut Ui, data: &BarData, room: f32, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let gap = ui.spacing().item_spacing.x;
    let end = ui.cursor().left() + room;
    let side = |origin: &Option<String>| {
        origin
            .as_deref()
            .map_or_else(|| "?".to_owned(), |it| words::origin(it).to_owned())
    };
    let (host, widget) = (side(&data.host), side(&data.widget));
    let has_eye = data.sees_inside.is_some() && data.widget.is_some();
    let eye = if has_eye { size::CONTROL + gap } else { 0.0 };
    let arrows = text_width(ui, ARROWS) + gap;
    let needs = [
        name_width(ui, data),
        text_width(ui, &host) + 1.0,
        text_width(ui, &widget) + 1.0,
    ];
    let shares = share(room - eye - arrows - 2.0 * gap, &needs);
    let [name_room, host_room, widget_room] = shares[..] else {
        return;
    };
    name_ui(ui, data, name_room, actions);
    cut_ui(ui, &host, palette.accent, host_room).on_hover_text("The HubSpot page's origin");
    ui.weak(ARROWS);
    cut_ui(ui, &widget, palette.widget, widget_room).on_hover_text("The widget's origin");
    eye_ui(ui, data, actions);
    let left = end - ui.cursor().left() - 2.0 * size::STEP;
    if left > SDK_WIDTH {
        ui.add_space(2.0 * size::STEP);
        cut_ui(ui, &data.sdk, palette.weak, left)
            .on_hover_text(format!("Protocol: {}", data.generation));
    }
}

/// Draws the button for looking inside the widget's page, if that can be switched.
fn eye_ui(ui: &mut Ui, data: &BarData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let Some((sees_inside, origin)) = data.sees_inside.zip(data.widget.as_ref()) else {
        return;
    };
    let action = Action::SeeInside {
        origin: origin.clone(),
        on: !sees_inside,
    };
    let color = if sees_inside {
        palette.inside
    } else {
        palette.weak
    };
    steady_ui(ui, "see inside", |ui| {
        icon_button_ui(ui, actions, Icon::Inside, color, action);
    });
}

/// The separator between the two origins.
const ARROWS: &str = "⇄";

fn name_width(ui: &Ui, data: &BarData) -> f32 {
    let text = text_width(ui, &data.name) + 1.0;
    if data.choices.len() > 1 {
        let spacing = ui.spacing();
        text + 2.0 * spacing.button_padding.x + spacing.icon_spacing + spacing.icon_width
    } else {
        text
    }
}

/// Draws the conversation's name, or a choice of conversations.
fn name_ui(ui: &mut Ui, data: &BarData, room: f32, actions: &mut Actions) {
    if data.choices.len() <= 1 {
        cut_ui(ui, &data.name, Palette::of(ui).text, room);
        return;
    }
    let width = room.min(name_width(ui, data));
    let choice = ui.scope(|ui| {
        ui.set_max_width(width);
        egui::ComboBox::from_id_salt("conversation")
            .selected_text(&data.name)
            .width(width)
            .truncate()
            .show_ui(ui, |ui| {
                for (id, name) in &data.choices {
                    if ui.selectable_label(*id == data.id, name).clicked() {
                        actions.push(Action::ShowConversation {
                            conversation: Some(*id),
                        });
                        // egui closes it for the mouse, but not for a key.
                        ui.close();
                    }
                }
            })
            .response
    });
    give_keyboard_back(&choice.inner);
    choice.inner.on_hover_text(format!(
        "Conversations of this session. Shown: {}",
        data.name
    ));
}

/// Draws a text of at most this width, with a tooltip if it is truncated.
fn cut_ui(ui: &mut Ui, text: &str, color: Color32, room: f32) -> Response {
    ui.scope(|ui| {
        ui.set_max_width(room.max(LEAST).min(ui.available_width()));
        ui.add(egui::Label::new(RichText::new(text).color(color)).truncate())
    })
    .inner
}

fn states_width(ui: &Ui, data: &BarData) -> f32 {
    let states = data.states.iter();
    states.map(|(_, words)| state_width(ui, words)).sum()
}

/// The width of a state's dot, in points.
const DOT: f32 = 8.0;

/// The width of a state besides its words: the dot and the gaps.
const AROUND: f32 = DOT + 3.0 * size::STEP;

/// The width of a dot, the words and the gaps; a little more, against rounding.
fn state_width(ui: &Ui, words: &str) -> f32 {
    text_width(ui, words) + AROUND + 1.0
}

fn state_ui(ui: &mut Ui, health: Health, words: &str, is_reversed: bool) {
    let palette = Palette::of(ui);
    let color = match health {
        Health::Good => palette.ok,
        Health::Waiting => palette.warning,
        Health::Bad => palette.error,
        Health::Neutral => palette.weak,
    };
    let dot = |ui: &mut Ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(DOT), Sense::hover());
        if health == Health::Neutral {
            ui.painter()
                .circle_stroke(rect.center(), 3.0, egui::Stroke::new(1.0, color));
        } else {
            ui.painter().circle_filled(rect.center(), 3.5, color);
        }
    };
    let room = ui.max_rect().width() - AROUND;
    let words = cut_galley(ui, words, crate::theme::body(), color, room);
    if is_reversed {
        ui.add(egui::Label::new(words));
        dot(ui);
    } else {
        dot(ui);
        ui.add(egui::Label::new(words));
    }
    ui.add_space(size::STEP);
}

fn trouble_look(ui: &Ui, trouble: &Trouble) -> (Icon, Color32) {
    let palette = Palette::of(ui);
    match trouble.severity {
        Some(severity) => (Icon::from(severity), palette.severity(severity)),
        // The icons of severities are only for findings.
        None => (Icon::Paused, palette.text),
    }
}

fn trouble_ui(ui: &mut Ui, trouble: &Trouble, lines: usize) {
    let (icon, color) = trouble_look(ui, trouble);
    ui.horizontal_top(|ui| {
        icon_slot_ui(ui, icon, color);
        trouble_words_ui(ui, trouble, color, lines);
    });
}

fn trouble_words_ui(ui: &mut Ui, trouble: &Trouble, color: Color32, lines: usize) {
    let text = Palette::of(ui).text;
    limited_lines_ui(ui, &[(&trouble.what, color), (&trouble.fix, text)], lines);
}

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;

    use super::*;

    #[test]
    fn the_sdk_is_whole_where_there_is_room() {
        let data = BarData {
            choices: vec![(1, "#1 remote".to_owned())],
            id: 1,
            name: "#1 remote".to_owned(),
            host: Some("https://app.hubspot.com".to_owned()),
            widget: Some("https://dialer.example".to_owned()),
            sdk: "SDK 0.9.7 (reports 0.9.7-beta.0)".to_owned(),
            generation: "modern",
            states: ["Ready", "Logged in", "Available", "No call"]
                .map(|it| (Health::Good, it.to_owned()))
                .to_vec(),
            sees_inside: Some(true),
            trouble: None,
        };
        for width in 300..1300 {
            let mut harness = Harness::builder()
                .with_size(egui::vec2(width as f32, 500.0))
                .with_context_setup(crate::theme::apply)
                .allow_missing_glyphs()
                .build_ui(|ui| conversation_bar_ui(ui, Ok(&data), 4, &mut Actions::new()));
            harness.run();
            let texts: Vec<(String, bool, egui::Rect)> = harness
                .output()
                .shapes
                .iter()
                .filter_map(|it| match &it.shape {
                    egui::Shape::Text(it) => Some((
                        it.galley.text().to_owned(),
                        it.galley.elided,
                        it.galley.rect.translate(it.pos.to_vec2()),
                    )),
                    _ => None,
                })
                .collect();
            let Some((_, elided, sdk)) = texts.iter().find(|it| it.0.starts_with("SDK")) else {
                continue;
            };
            let after = texts.iter().filter(|it| {
                it.2.left() >= sdk.right() - 1.0 && it.2.y_range().contains(sdk.center().y)
            });
            let next = after.map(|it| it.2.left()).fold(width as f32, f32::min);
            // Less than one more letter and a dot would take.
            let free = next - sdk.right();
            assert!(!elided || free < 16.0 + AROUND, "{free} at {width}");
        }
    }
}
