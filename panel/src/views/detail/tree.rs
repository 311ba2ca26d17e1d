//! The message as a tree that can be folded: keys in one column, values in another, problems below
//! their value.

use callscope_session_view::words;
use egui::{Key, Modifiers, RichText, Role, Sense, TextEdit, Ui, WidgetInfo, vec2};

use super::copies_ui;
use crate::action::{Action, Fold, Part};
use crate::icons::Icon;
use crate::model::{MessageDetail, TreeLine, ValueKind};
use crate::theme::{Palette, size};
use crate::views::parts::{
    Actions, icon_button_ui, icon_slot_ui, labeled_button_ui, lay_out_line, mono_width,
    triangle_ui, words_ui,
};

/// The most of a line's width that a key takes.
const KEY_SHARE: f32 = 0.45;
/// The indentation per level, in points.
const INDENT: f32 = 12.0;

/// Draws the tree and its search field.
pub(super) fn tree_ui(ui: &mut Ui, data: &MessageDetail, actions: &mut Actions) {
    search_ui(ui, data, actions);
    ui.spacing_mut().item_spacing.y = 0.0;
    let column = column(ui, &data.tree);
    let search = &data.search;
    let current = search.lines.get(search.current).copied();
    // Scroll to the match once.
    let seen = ui.scope_id().with("place");
    let place = (data.id, search.text.clone(), current);
    let is_new = ui.data_mut(|it| {
        let last = it.get_temp_mut_or_default::<Option<(u64, String, Option<usize>)>>(seen);
        last.replace(place.clone()) != Some(place)
    });
    for (index, line) in data.tree.iter().enumerate() {
        let mark = Mark {
            is_match: search.lines.binary_search(&index).is_ok(),
            is_current: current == Some(index),
            is_new,
        };
        ui.push_id(index, |ui| line_ui(ui, line, column, mark, actions));
    }
    ui.add_space(size::STEP);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(size::STEP, size::STEP);
        let copy = Action::Copy {
            what: "Message".to_owned(),
            text: data.raw.clone(),
        };
        labeled_button_ui(ui, actions, copy, "Copy raw text");
        let pretty = Action::CopyPart {
            pointer: String::new(),
            part: Part::Json,
        };
        let label = pretty.label();
        labeled_button_ui(ui, actions, pretty, label);
    });
}

/// Draws the search field, the number of matches, and the buttons to step through them.
fn search_ui(ui: &mut Ui, data: &MessageDetail, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let search = &data.search;
    let said = match (search.text.is_empty(), search.lines.len()) {
        (true, _) => String::new(),
        (false, 0) => "none".to_owned(),
        (false, count) => format!("{} of {count}", search.current + 1),
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        let mut text = search.text.clone();
        let buttons = if said.is_empty() {
            0.0
        } else {
            80.0 + 3.0 * (size::CONTROL + size::STEP)
        };
        let mut layouter = lay_out_line;
        let edit = TextEdit::singleline(&mut text)
            .hint_text("Find in message")
            .layouter(&mut layouter)
            .desired_width((ui.available_width() - buttons).clamp(60.0, 240.0));
        let response = ui.add(edit).accessible_name("Find in message");
        if text != search.text {
            actions.push(Action::SearchMessage { text });
        }
        let enter = |modifiers| {
            ui.input(|input| input.key_pressed(Key::Enter) && input.modifiers == modifiers)
        };
        if response.lost_focus() && (enter(Modifiers::NONE) || enter(Modifiers::SHIFT)) {
            let backwards = enter(Modifiers::SHIFT);
            actions.push(Action::SearchMessageAgain { backwards });
            response.request_focus();
        }
        if said.is_empty() {
            return;
        }
        ui.weak(&said);
        for (icon, action) in [
            (Icon::Up, Action::SearchMessageAgain { backwards: true }),
            (
                Icon::Unfolded,
                Action::SearchMessageAgain { backwards: false },
            ),
            (
                Icon::Close,
                Action::SearchMessage {
                    text: String::new(),
                },
            ),
        ] {
            icon_button_ui(ui, actions, icon, palette.text, action);
        }
    });
    if search.unlisted > 0 {
        let count = words::count(search.unlisted as u64);
        words_ui(
            ui,
            &format!("{count} more beyond what is listed"),
            palette.weak,
        );
    }
    ui.add_space(size::STEP);
}

/// Where the values begin, from the left edge.
fn column(ui: &Ui, lines: &[TreeLine]) -> f32 {
    let digit = mono_width(ui);
    let width = |line: &TreeLine| {
        let letters = callscope_session_view::columns::width(&line.key);
        line.depth as f32 * INDENT + letters as f32 * digit
    };
    let widest = lines.iter().map(width).fold(0.0, f32::max);
    let most = ui.available_width() * KEY_SHARE - size::ICON;
    size::ICON + 2.0 + widest.min(most) + 2.0 * size::STEP
}

/// Whether a line matches the search.
#[derive(Clone, Copy)]
struct Mark {
    is_match: bool,
    is_current: bool,
    is_new: bool,
}

fn line_ui(ui: &mut Ui, line: &TreeLine, column: f32, mark: Mark, actions: &mut Actions) {
    let palette = Palette::of(ui);
    let behind = ui.painter().add(egui::Shape::Noop);
    let mut fold = None;
    let row = ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        let left = ui.cursor().left();
        ui.add_space(line.depth as f32 * INDENT);
        fold = fold_ui(ui, line, actions);
        let color = if line.problem.is_some() && line.kind == ValueKind::Missing {
            palette.text
        } else {
            palette.weak
        };
        let room = (left + column - ui.cursor().left() - size::STEP).max(0.0);
        let key = ui
            .scope(|ui| {
                ui.set_max_width(room);
                let text = RichText::new(&line.key).monospace().color(color);
                ui.add(egui::Label::new(text).truncate())
            })
            .inner;
        if !line.about.is_empty() {
            key.on_hover_text(&line.about);
        }
        let gap = left + column - ui.cursor().left();
        ui.add_space(gap.max(0.0));
        ui.vertical(|ui| {
            ui.set_max_width((ui.available_width() - size::CONTROL).max(0.0));
            if !line.text.is_empty() {
                let color = match line.kind {
                    ValueKind::Container | ValueKind::More | ValueKind::Missing => palette.weak,
                    ValueKind::Text => palette.text,
                    ValueKind::Number => palette.accent,
                    ValueKind::Word => palette.injected,
                };
                let text = RichText::new(&line.text).monospace().color(color);
                ui.add(egui::Label::new(text).wrap());
            }
            if let Some((severity, words)) = &line.problem {
                let color = palette.severity(*severity);
                ui.horizontal_top(|ui| {
                    icon_slot_ui(ui, Icon::from(*severity), color);
                    ui.vertical(|ui| {
                        ui.add(egui::Label::new(RichText::new(words).color(color)).wrap())
                    });
                });
            }
        });
    });
    let rect = row.response.rect.with_max_x(ui.max_rect().right());
    if mark.is_match {
        let fill = if mark.is_current {
            palette.selected
        } else {
            palette.hover
        };
        let shape = egui::Shape::rect_filled(rect, 2.0, fill);
        ui.painter().set(behind, shape);
    }
    if mark.is_current && mark.is_new {
        ui.scroll_to_rect(rect, None);
    }
    if !line.pointer.is_empty() {
        let copies = || {
            let parts = [Part::Value, Part::Path, Part::Json, Part::Raw].into_iter();
            let copies = parts.map(|part| {
                let pointer = line.pointer.clone();
                let copy = Action::CopyPart { pointer, part };
                (copy.label(), copy)
            });
            copies.collect()
        };
        copies_ui(ui, rect, &line.path, fold, &copies, actions);
    }
}

/// Draws the triangle of a line that can be folded; returns its id.
fn fold_ui(ui: &mut Ui, line: &TreeLine, actions: &mut Actions) -> Option<egui::Id> {
    let slot = vec2(size::ICON, size::LINE);
    let Some(is_unfolded) = line.fold else {
        ui.allocate_exact_size(slot, Sense::hover());
        return None;
    };
    let (rect, response) = ui.allocate_exact_size(slot, Sense::click());
    response.widget_info(|| {
        WidgetInfo::selected(Role::DisclosureTriangle, true, is_unfolded, &line.path)
    });
    triangle_ui(ui, rect, &response, is_unfolded);
    if response.clicked() {
        let path = line.path.clone();
        actions.push(Action::SetUnfolded {
            fold: Fold::Json { path },
            unfolded: !is_unfolded,
        });
    }
    Some(response.id)
}
