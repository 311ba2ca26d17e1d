//! One line that says who talks and whether it works; a second one if it does not.

use callscope_session_view::visible::sentence;
use callscope_session_view::words;
use egui::{Align, Layout, RichText, Sense, Ui, Vec2};

use super::parts::{Actions, bar_ui, icon_button_ui, icon_slot_ui};
use crate::action::Action;
use crate::icons::Icon;
use crate::model::{BarData, Health, Trouble};
use crate::theme::{Palette, size};

/// What the bar says while there is no conversation.
#[derive(Debug)]
pub(crate) struct NoConversation {
    pub(crate) words: String,
}

/// The SDK is left out if it would get less than this.
const SDK_WIDTH: f32 = 60.0;

/// Draws the bar.
pub(crate) fn conversation_bar_ui(
    ui: &mut Ui,
    data: Result<&BarData, &NoConversation>,
    actions: &mut Actions,
) {
    let palette = Palette::of(ui);
    bar_ui(ui, palette.panel, |ui| {
        match data {
            Ok(data) => {
                // The states stand at the right end if they fit there, else in a line of their own.
                let is_narrow = ui.available_width() < size::TWO_LINES;
                let fits = if is_narrow {
                    ui.horizontal_wrapped(|ui| who_ui(ui, data, actions));
                    false
                } else {
                    ui.horizontal(|ui| {
                        ui.set_min_height(size::CONTROL);
                        who_ui(ui, data, actions);
                        let fits = ui.available_width() > states_width(ui, data);
                        if fits {
                            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                                for (health, words) in data.states.iter().rev() {
                                    state_ui(ui, *health, words, true);
                                }
                            });
                        }
                        fits
                    })
                    .inner
                };
                if !fits {
                    ui.horizontal_wrapped(|ui| {
                        for (health, words) in &data.states {
                            state_ui(ui, *health, words, false);
                        }
                    });
                }
                if let Some(trouble) = &data.trouble {
                    trouble_ui(ui, trouble);
                }
            }
            Err(none) => {
                ui.horizontal(|ui| {
                    ui.set_min_height(size::CONTROL);
                    let text = RichText::new(sentence(&none.words)).weak();
                    ui.add(egui::Label::new(text).truncate());
                });
            }
        }
    });
}

fn who_ui(ui: &mut Ui, data: &BarData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    if data.choices.len() > 1 {
        egui::ComboBox::from_id_salt("conversation")
            .selected_text(&data.name)
            .width(0.0)
            .show_ui(ui, |ui| {
                for (id, name) in &data.choices {
                    if ui.selectable_label(*id == data.id, name).clicked() {
                        actions.push(Action::ShowConversation {
                            conversation: Some(*id),
                        });
                    }
                }
            })
            .response
            .on_hover_text("Conversations of this session");
    } else {
        ui.label(RichText::new(&data.name).strong());
    }
    let side = |origin: &Option<String>| {
        origin
            .as_deref()
            .map_or_else(|| "?".to_owned(), |it| words::origin(it).to_owned())
    };
    ui.label(RichText::new(side(&data.host)).color(palette.accent))
        .on_hover_text("The HubSpot page's origin");
    ui.weak("⇄");
    let widget = RichText::new(side(&data.widget)).color(palette.widget);
    let widget = egui::Label::new(widget);
    // What does not fit goes to the next line where there is one.
    let widget = if ui.layout().main_wrap() {
        widget.extend()
    } else {
        widget.truncate()
    };
    ui.add(widget).on_hover_text("The widget's origin");
    if let (Some(sees_inside), Some(origin)) = (data.sees_inside, &data.widget) {
        let action = Action::SeeInside {
            origin: origin.clone(),
            on: !sees_inside,
        };
        let color = if sees_inside {
            palette.inside
        } else {
            palette.weak
        };
        icon_button_ui(ui, actions, Icon::Inside, color, action);
    }
    if ui.available_width() > SDK_WIDTH {
        ui.add_space(2.0 * size::STEP);
        ui.add(egui::Label::new(RichText::new(&data.sdk).weak()).truncate())
            .on_hover_text(format!("Protocol: {}", data.profile));
    }
}

fn states_width(ui: &Ui, data: &BarData) -> f32 {
    let font = crate::theme::body();
    let widths = data.states.iter().map(|(_, words)| {
        let galley = super::parts::galley(ui, words, font.clone(), egui::Color32::PLACEHOLDER);
        galley.size().x + 8.0 + 5.0 * size::STEP
    });
    widths.sum()
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
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(8.0), Sense::hover());
        if health == Health::Neutral {
            ui.painter()
                .circle_stroke(rect.center(), 3.0, egui::Stroke::new(1.0, color));
        } else {
            ui.painter().circle_filled(rect.center(), 3.5, color);
        }
    };
    if is_reversed {
        ui.colored_label(color, words);
        dot(ui);
    } else {
        dot(ui);
        ui.colored_label(color, words);
    }
    ui.add_space(size::STEP);
}

fn trouble_ui(ui: &mut Ui, trouble: &Trouble) {
    let palette = Palette::of(ui);
    let (icon, color) = if trouble.is_bad {
        (Icon::Error, palette.error)
    } else {
        (Icon::Warning, palette.warning)
    };
    ui.horizontal_top(|ui| {
        icon_slot_ui(ui, icon, color);
        ui.vertical(|ui| {
            ui.horizontal_wrapped(|ui| {
                ui.colored_label(color, &trouble.what);
                ui.label(trouble.fix);
            });
        });
    });
}
