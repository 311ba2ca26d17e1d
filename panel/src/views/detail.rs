//! The details of the selected entry.

mod difference;
mod finding;
#[cfg(test)]
mod tests;
mod tree;

pub(super) use finding::{finding_ui, named_ui};

use egui::{Label, Rect, RichText, Ui};

use callscope_session_view::calls::TieLine;
use callscope_session_view::card::{Card, FieldCard, FindingCard, Labeled};
use callscope_session_view::inside::AboutMessage;
use callscope_session_view::visible::visible;

use super::parts::{
    Actions, at_end_ui, bar_ui, button_ui, folded_section_ui, icon_button_ui, labeled_button_ui,
    link_ui, prose_ui, scroll_area, section_ui, sentence_ui, text_width, value_ui, words_ui,
};
use super::row_menu::{RowMenu, row_menu_ui};
use crate::action::Action;
use crate::icons::Icon;
use crate::model::reading::Code;
use crate::model::{DetailData, Folds, MessageDetail};
use crate::theme::{Palette, size};

/// The direction is dropped from the header if the type would get less than this, in points.
const LEAST_TITLE: f32 = 110.0;

/// The width of the names of facts.
const FACT_NAME: f32 = 88.0;

/// Draws the detail pane.
pub(crate) fn detail_ui(ui: &mut Ui, data: &DetailData, folds: &Folds, actions: &mut Actions) {
    let palette = Palette::of(ui);
    ui.painter()
        .rect_filled(ui.available_rect_before_wrap(), 0.0, palette.panel);
    // All lines of text have the same height, wrapped or not.
    ui.spacing_mut().item_spacing.y = 0.0;
    header_ui(ui, data, actions);
    scroll_area("detail").show(ui, |ui| {
        egui::Frame::new()
            .inner_margin(egui::Margin::symmetric(8, 8))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                // The height of lines of text, not of buttons.
                ui.spacing_mut().interact_size.y = size::LINE;
                match data {
                    DetailData::Message(message) => message_ui(ui, message, folds, actions),
                    DetailData::Other {
                        about,
                        lines,
                        findings,
                        ..
                    } => {
                        findings_ui(ui, findings, folds, actions);
                        if let Some(about) = about {
                            tie_ui(ui, about, None, actions);
                        }
                        facts_ui(
                            ui,
                            lines
                                .iter()
                                .map(|(name, value)| (name.as_str(), value.as_str())),
                        );
                    }
                    DetailData::Elsewhere { session, .. } => {
                        let text = format!("Only {session} has this message.");
                        prose_ui(ui, text);
                        ui.add_space(size::STEP);
                        button_ui(ui, actions, Action::ShowElsewhere);
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
                DetailData::Elsewhere { title, .. } => {
                    (RichText::new(title).monospace().strong(), "")
                }
            };
            let gap = ui.spacing().item_spacing.x;
            let icons = match data {
                DetailData::Message(_) => 3.0,
                DetailData::Other { .. } | DetailData::Elsewhere { .. } => 1.0,
            };
            let room = ui.available_width() - icons * (size::CONTROL + gap);
            // The type matters more than the direction, which the list also shows.
            let words = text_width(ui, direction) + gap;
            let has_direction = !direction.is_empty() && room - words >= LEAST_TITLE;
            let room = if has_direction { room - words } else { room };
            ui.scope(|ui| {
                ui.set_max_width(room.max(0.0));
                ui.add(Label::new(title).truncate());
            });
            let buttons = icons * size::CONTROL + (icons - 1.0) * gap;
            let width = if has_direction {
                words + buttons
            } else {
                buttons
            };
            at_end_ui(ui, width, |ui| {
                if let DetailData::Message(message) = data {
                    if has_direction {
                        ui.colored_label(palette.side(message.card.from), direction);
                    }
                    let resend = Action::Resend { id: message.id };
                    icon_button_ui(ui, actions, Icon::Injected, palette.text, resend);
                    let copy = Action::Copy {
                        what: "Message".to_owned(),
                        text: message.raw.clone(),
                    };
                    icon_button_ui(ui, actions, Icon::Copy, palette.text, copy);
                }
                icon_button_ui(ui, actions, Icon::Close, palette.text, Action::Back);
            });
        });
    });
}

/// Draws the findings first, then the message, then what is known of its type.
fn message_ui(ui: &mut Ui, data: &MessageDetail, folds: &Folds, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let card = &data.card;
    for remark in &card.remarks {
        let (icon, color) = if remark.is_injected {
            (Icon::Injected, palette.injected)
        } else {
            (Icon::Note, palette.warning)
        };
        sentence_ui(ui, icon, color, &remark.text);
    }
    findings_ui(ui, &card.findings, folds, actions);
    let call = data.call.as_ref();
    let mut follow = call.map(|(call, name)| Action::follow_named(*call, name));
    for (index, tie) in card.ties.iter().enumerate() {
        let follow = follow.take_if(|_| tie.is_of_call());
        ui.push_id(("tie", index), |ui| tie_ui(ui, tie, follow, actions));
    }
    for (index, report) in card.reports.iter().enumerate() {
        ui.push_id(("report", index), |ui| report_ui(ui, report, actions));
    }
    if let Some((label, follow)) = follow {
        fact_ui(ui, "call", |ui| {
            link_ui(ui, actions, &label, follow);
        });
    }
    ui.add_space(size::STEP);
    if section_ui(ui, actions, folds, "Message", "") {
        tree::tree_ui(ui, data, actions);
    }
    if let Some(code) = &data.code {
        ui.add_space(size::STEP);
        code_ui(ui, code, folds, actions);
    }
    ui.add_space(size::STEP);
    difference::difference_ui(ui, data, folds, actions);
    ui.add_space(size::STEP);
    if section_ui(ui, actions, folds, "Envelope", "") {
        for (name, value) in pairs(&card.envelope) {
            ui.push_id(name, |ui| envelope_ui(ui, name, value, actions));
        }
    }
    ui.add_space(size::STEP);
    if folded_section_ui(ui, actions, folds, "Documentation", card.about, false) {
        prose_ui(ui, card.about);
        facts_ui(ui, pairs(&card.type_facts));
        not_sent_ui(ui, card);
    }
}

/// Draws the findings about the entry, if there are any.
fn findings_ui(ui: &mut Ui, findings: &[FindingCard], folds: &Folds, actions: &mut Actions) {
    if findings.is_empty() {
        return;
    }
    let count = findings.len().to_string();
    if section_ui(ui, actions, folds, "Findings", &count) {
        for (index, finding) in findings.iter().enumerate() {
            ui.push_id(("finding", index), |ui| finding_ui(ui, finding, actions));
            ui.add_space(size::STEP);
        }
    }
    ui.add_space(size::STEP);
}

/// Draws the message as code to paste.
fn code_ui(ui: &mut Ui, code: &Code, folds: &Folds, actions: &mut Actions) {
    if !folded_section_ui(ui, actions, folds, "As code", code.what, false) {
        return;
    }
    ui.add(Label::new(RichText::new(&code.text).monospace()).wrap());
    ui.add_space(size::STEP);
    let copy = Action::Copy {
        what: code.what.to_owned(),
        text: code.text.clone(),
    };
    labeled_button_ui(ui, actions, copy, format!("Copy {}", code.what));
}

fn pairs(facts: &[Labeled]) -> impl Iterator<Item = (&str, &str)> {
    facts.iter().map(|(name, value)| (*name, value.as_str()))
}

/// Draws names and values in two columns.
fn facts_ui<'a>(ui: &mut Ui, facts: impl Iterator<Item = (&'a str, &'a str)>) {
    for (name, value) in facts {
        fact_ui(ui, name, |ui| {
            ui.vertical(|ui| ui.add(Label::new(value).wrap()));
        });
    }
}

/// Draws a name and its value; returns their place.
fn fact_ui(ui: &mut Ui, name: &str, value_ui: impl FnOnce(&mut Ui)) -> Rect {
    let fact = ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0 * size::STEP;
        let left = ui.cursor().left();
        ui.weak(name);
        let column = left + FACT_NAME - ui.cursor().left();
        ui.add_space(column.max(0.0));
        value_ui(ui);
    });
    fact.response.rect
}

/// Draws a fact that can be copied.
fn envelope_ui(ui: &mut Ui, name: &str, value: &str, actions: &mut Actions) {
    let line = fact_ui(ui, name, |ui| {
        ui.vertical(|ui| {
            ui.set_max_width((ui.available_width() - size::CONTROL).max(0.0));
            value_ui(ui, RichText::new(value));
        });
    });
    let line = line.with_max_x(ui.max_rect().right());
    let copies = || {
        let what = "Value".to_owned();
        let text = value.to_owned();
        vec![("Copy value".to_owned(), Action::Copy { what, text })]
    };
    copies_ui(ui, line, name, None, &copies, actions);
}

/// Draws a line's menu for copying; `focused` is the part of the line that can have keyboard focus.
fn copies_ui(
    ui: &Ui,
    line: Rect,
    of: &str,
    focused: Option<egui::Id>,
    items: &dyn Fn() -> Vec<(String, Action)>,
    actions: &mut Actions,
) {
    let menu = RowMenu {
        line,
        button: line
            .with_min_x(line.right() - size::CONTROL)
            .with_max_y(line.bottom().min(line.top() + size::LINE)),
        label: format!("Copy of {}…", visible(of)),
        has_keyboard: focused.is_some_and(|it| ui.memory(|memory| memory.has_focus(it))),
        items,
        is_tab_stop: true,
    };
    row_menu_ui(ui, menu, actions);
}

/// Draws a link to another message, and how it relates to this one; for its call, the link that
/// follows the call as well.
fn tie_ui(ui: &mut Ui, tie: &TieLine, follow: Option<(String, Action)>, actions: &mut Actions) {
    fact_ui(ui, tie.name, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = size::STEP;
            if let Some((seq, name)) = &tie.other {
                link_ui(ui, actions, name, Action::SelectSeq { seq: *seq });
            }
            words_ui(ui, &tie.words, Palette::of(ui).text);
            if let Some((label, follow)) = follow {
                link_ui(ui, actions, &label, follow);
            }
        });
    });
}

/// Draws a link to what a page reported about the message, and the report.
fn report_ui(ui: &mut Ui, report: &AboutMessage, actions: &mut Actions) {
    fact_ui(ui, "reported by", |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = size::STEP;
            link_ui(
                ui,
                actions,
                &report.name,
                Action::ShowEntry { id: report.id },
            );
            words_ui(ui, &report.words, Palette::of(ui).text);
        });
    });
}

/// Draws the fields that the message could also have.
fn not_sent_ui(ui: &mut Ui, card: &Card) {
    let not_sent: Vec<&FieldCard> = card.not_sent().collect();
    if not_sent.is_empty() {
        return;
    }
    ui.add_space(size::STEP);
    ui.weak("Fields that it does not have");
    for field in not_sent {
        let path = RichText::new(&field.path).monospace();
        value_ui(ui, path);
        ui.horizontal_top(|ui| {
            ui.add_space(size::ICON);
            ui.vertical(|ui| {
                let about = RichText::new(&field.about).color(Palette::of(ui).weak);
                ui.add(Label::new(about).wrap());
            });
        });
    }
}
