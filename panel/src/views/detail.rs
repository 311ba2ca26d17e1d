//! Everything about the selected entry.

mod finding;
mod tree;

pub(super) use finding::{finding_ui, named_ui};

use egui::{Align, Label, Layout, RichText, Ui};

use callscope_session_view::calls::TieLine;
use callscope_session_view::card::{Card, FieldCard, Labeled};

use super::parts::{
    Actions, bar_ui, icon_button_ui, icon_slot_ui, labeled_button_ui, link_ui, prose_ui,
    scroll_area, section_ui, sentence_ui, text_width, value_ui, words_ui,
};
use crate::action::Action;
use crate::icons::Icon;
use crate::model::{DetailData, Folds, MessageDetail};
use crate::theme::{Palette, size};

/// The type in the header gets at least this before the direction goes.
const LEAST_TITLE: f32 = 110.0;

/// The most of a line that the name of a field takes.
const NAME_SHARE: f32 = 0.6;

/// The width of the names beside facts.
const FACT_NAME: f32 = 88.0;

/// Draws the detail pane.
pub(crate) fn detail_ui(ui: &mut Ui, data: &DetailData, folds: &Folds, actions: &mut Actions) {
    let palette = Palette::of(ui);
    ui.painter()
        .rect_filled(ui.available_rect_before_wrap(), 0.0, palette.panel);
    // Each line of text is as high as the next, also where it wraps.
    ui.spacing_mut().item_spacing.y = 0.0;
    header_ui(ui, data, actions);
    scroll_area("detail").show(ui, |ui| {
        egui::Frame::new()
            .inner_margin(egui::Margin::symmetric(8, 8))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                // Lines of text, not of buttons.
                ui.spacing_mut().interact_size.y = size::LINE;
                match data {
                    DetailData::Message(message) => message_ui(ui, message, folds, actions),
                    DetailData::Other { lines, finding, .. } => {
                        facts_ui(
                            ui,
                            lines
                                .iter()
                                .map(|(name, value)| (name.as_str(), value.as_str())),
                        );
                        if let Some(finding) = finding {
                            ui.add_space(size::STEP);
                            finding_ui(ui, finding, actions);
                        }
                    }
                }
            });
    });
}

fn header_ui(ui: &mut Ui, data: &DetailData, actions: &mut Actions) {
    let palette = Palette::of(ui);
    bar_ui(ui, palette.header, |ui| {
        ui.horizontal(|ui| {
            let (title, direction) = match data {
                DetailData::Message(message) => (
                    RichText::new(&message.card.title).monospace().strong(),
                    message.card.direction(),
                ),
                DetailData::Other { title, .. } => (RichText::new(title).strong(), ""),
            };
            let gap = ui.spacing().item_spacing.x;
            let icons = match data {
                DetailData::Message(_) => 3.0,
                DetailData::Other { .. } => 1.0,
            };
            let room = ui.available_width() - icons * (size::CONTROL + gap);
            // The type matters more than its direction, which its arrow in the list has as well.
            let words = text_width(ui, direction) + gap;
            let has_direction = !direction.is_empty() && room - words >= LEAST_TITLE;
            let room = if has_direction { room - words } else { room };
            ui.scope(|ui| {
                ui.set_max_width(room.max(0.0));
                ui.add(Label::new(title).truncate());
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                icon_button_ui(ui, actions, Icon::Close, palette.text, Action::Back);
                if let DetailData::Message(message) = data {
                    let copy = Action::Copy {
                        what: "Message".to_owned(),
                        text: message.raw.clone(),
                    };
                    icon_button_ui(ui, actions, Icon::Copy, palette.text, copy);
                    let resend = Action::Resend { id: message.id };
                    icon_button_ui(ui, actions, Icon::Injected, palette.text, resend);
                    if has_direction {
                        ui.colored_label(palette.side(message.card.from), direction);
                    }
                }
            });
        });
    });
}

fn message_ui(ui: &mut Ui, data: &MessageDetail, folds: &Folds, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let card = &data.card;
    prose_ui(ui, card.about);
    for remark in &card.remarks {
        let (icon, color) = if remark.is_injected {
            (Icon::Injected, palette.injected)
        } else {
            (Icon::Note, palette.warning)
        };
        sentence_ui(ui, icon, color, &remark.text);
    }
    ui.add_space(size::STEP);
    facts_ui(ui, pairs(&card.type_facts));
    for (index, tie) in card.ties.iter().enumerate() {
        ui.push_id(("tie", index), |ui| tie_ui(ui, tie, actions));
    }
    if let Some(call) = data.call {
        let follow = Action::FollowCall {
            conversation: call.conversation.0,
            call: call.serial,
        };
        fact_ui(ui, "call", |ui| {
            link_ui(ui, actions, &follow.label(), follow.clone());
        });
    }
    if !card.findings.is_empty() {
        ui.add_space(size::STEP);
        let count = card.findings.len().to_string();
        if section_ui(ui, actions, folds, "Findings", &count) {
            for (index, finding) in card.findings.iter().enumerate() {
                ui.push_id(("finding", index), |ui| finding_ui(ui, finding, actions));
                ui.add_space(size::STEP);
            }
        }
    }
    ui.add_space(size::STEP);
    fields_ui(ui, card, folds, actions);
    ui.add_space(size::STEP);
    if section_ui(ui, actions, folds, "Message", "as JSON") {
        tree::tree_ui(ui, &data.tree, actions);
        ui.add_space(size::STEP);
        let copy = Action::Copy {
            what: "Message".to_owned(),
            text: data.raw.clone(),
        };
        labeled_button_ui(ui, actions, copy, "Copy message");
    }
    ui.add_space(size::STEP);
    if section_ui(ui, actions, folds, "Envelope", "") {
        for (name, value) in pairs(&card.envelope) {
            fact_ui(ui, name, |ui| {
                value_ui(ui, RichText::new(value));
            });
        }
    }
}

fn pairs(facts: &[Labeled]) -> impl Iterator<Item = (&str, &str)> {
    facts.iter().map(|(name, value)| (*name, value.as_str()))
}

/// Names and values in two columns.
fn facts_ui<'a>(ui: &mut Ui, facts: impl Iterator<Item = (&'a str, &'a str)>) {
    for (name, value) in facts {
        fact_ui(ui, name, |ui| {
            ui.vertical(|ui| ui.add(Label::new(value).wrap()));
        });
    }
}

fn fact_ui(ui: &mut Ui, name: &str, value_ui: impl FnOnce(&mut Ui)) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0 * size::STEP;
        let left = ui.cursor().left();
        ui.weak(name);
        let column = left + FACT_NAME - ui.cursor().left();
        ui.add_space(column.max(0.0));
        value_ui(ui);
    });
}

/// A link to another message, and what that has to do with this one.
fn tie_ui(ui: &mut Ui, tie: &TieLine, actions: &mut Actions) {
    fact_ui(ui, tie.name, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = size::STEP;
            if let Some((seq, name)) = &tie.other {
                link_ui(ui, actions, name, Action::SelectSeq { seq: *seq });
            }
            words_ui(ui, &tie.words, Palette::of(ui).text);
        });
    });
}

fn fields_ui(ui: &mut Ui, card: &Card, folds: &Folds, actions: &mut Actions) {
    let not_sent: Vec<&FieldCard> = card.not_sent().collect();
    let sent = card.fields.len() - not_sent.len();
    let remark = format!("{sent} sent, {} more documented", not_sent.len());
    if !section_ui(ui, actions, folds, "Fields", &remark) {
        return;
    }
    for field in card.sent() {
        field_ui(ui, field);
    }
    if !not_sent.is_empty() {
        ui.horizontal_top(|ui| {
            ui.add_space(size::ICON + size::STEP);
            ui.weak("not sent");
            ui.vertical(|ui| {
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().item_spacing.x = 2.0 * size::STEP;
                    for field in not_sent {
                        let color = Palette::of(ui).weak;
                        let text = RichText::new(&field.path).monospace().color(color);
                        ui.label(text).on_hover_text(&field.about);
                    }
                });
            });
        });
    }
}

fn field_ui(ui: &mut Ui, field: &FieldCard) {
    let palette = Palette::of(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        match &field.problem {
            Some((severity, _)) => {
                icon_slot_ui(ui, Icon::from(*severity), palette.severity(*severity));
            }
            None => ui.add_space(size::ICON + size::STEP),
        }
        // A page may send any name.
        let most = (ui.available_width() * NAME_SHARE).max(0.0);
        let name = ui
            .scope(|ui| {
                ui.set_max_width(most);
                let text = RichText::new(&field.path).monospace().color(palette.weak);
                ui.add(Label::new(text).truncate())
            })
            .inner;
        if !field.about.is_empty() {
            name.on_hover_text(&field.about);
        }
        ui.vertical(|ui| {
            if let Some(value) = &field.value {
                value_ui(ui, RichText::new(value).monospace());
            }
            if let Some((severity, words)) = &field.problem {
                let color = palette.severity(*severity);
                ui.add(Label::new(RichText::new(words).color(color)).wrap());
            }
        });
    });
}
