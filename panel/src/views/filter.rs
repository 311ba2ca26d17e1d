//! The filter field, its suggestions and errors.

use std::rc::Rc;
use std::sync::Arc;

use callscope_session_view::filter::{FilterError, Vocabulary, completions};
use callscope_session_view::visible::visible;
use egui::text::{CCursor, CCursorRange, LayoutJob, TextFormat};
use egui::text_edit::TextEditState;
use egui::{
    Align2, AreaState, CompletionPopup, Galley, Id, Key, LayerId, Modifiers, Order, RectAlign,
    Stroke, Suggestion, TextBuffer, TextEdit, Ui,
};

use super::parts::{self, Actions, icon_button_ui, steady_ui};
use crate::action::Action;
use crate::icons::Icon;
use crate::keys;
use crate::model::SavedFilter;
use crate::theme::{Palette, body, mono, size};

mod mistake;
mod saved;

use mistake::mistake_ui;
pub(crate) use saved::saved_filters_ui;
use saved::{save_ui, saved_menu_ui};

/// What the filter field shows.
#[derive(Clone, Debug)]
pub(crate) struct FilterData<'a> {
    pub(crate) text: &'a str,
    pub(crate) error: Option<&'a FilterError>,
    /// Whether the error is only that the value has yet to be typed.
    pub(crate) is_unfinished: bool,
    /// The filter that is in force while there is an error.
    pub(crate) in_force: &'a str,
    /// Whether the field should get the cursor.
    pub(crate) wants_cursor: bool,
    pub(crate) saved: &'a [SavedFilter],
    /// What the session offers as suggestions.
    pub(crate) vocabulary: Rc<Vocabulary>,
}

impl<'a> FilterData<'a> {
    /// The error to be marked as one: a value that is missing is none as long as it may be typed.
    fn mistake(&self, ui: &Ui) -> Option<&'a FilterError> {
        let has_focus = ui.memory(|it| it.has_focus(filter_id()));
        self.error.filter(|_| !(self.is_unfinished && has_focus))
    }
}

/// The id of the filter's text field.
pub(crate) fn filter_id() -> Id {
    Id::unique("callscope filter")
}

/// The state of the field that is kept from frame to frame.
#[derive(Clone, Copy, Debug, Default)]
struct FieldState {
    /// Whether the user asked for all suggestions.
    offers_all: bool,
    /// Whether the user has chosen a suggestion, so that Enter accepts it.
    has_chosen: bool,
    /// Whether the user is at what is wrong with the text.
    is_at_mistake: bool,
    /// How many suggestions there were.
    offered: usize,
}

fn state_id() -> Id {
    filter_id().with("state")
}

/// Draws the field.
pub(crate) fn filter_ui(ui: &mut Ui, data: &FilterData<'_>, actions: &mut Actions, width: f32) {
    let palette = Palette::of(ui);
    let mut text = data.text.to_owned();
    let begin = ui.cursor().left();
    let has_menu = parts::is_low(ui);
    if has_menu {
        steady_ui(ui, "saved filters", |ui| saved_menu_ui(ui, data, actions));
    }
    if !has_menu || data.saved.is_empty() {
        let (rect, _) = ui.allocate_exact_size(egui::Vec2::splat(size::ICON), egui::Sense::hover());
        Icon::Search.paint(ui.painter(), rect, palette.weak);
    }
    let begin_width = ui.cursor().left() - begin;
    let can_save = !text.trim().is_empty() && data.error.is_none();
    let buttons = usize::from(!text.is_empty()) + usize::from(can_save);
    let buttons_width = buttons as f32 * (size::CONTROL + size::STEP);
    let width = width - begin_width - buttons_width;

    keep_undo(ui.ctx(), data.text);
    let mut state: FieldState = ui.data(|it| it.get_temp(state_id())).unwrap_or_default();
    let accept_keys = accept_keys(ui, &mut state);
    let mistake = data.mistake(ui);
    let mut layouter = |ui: &Ui, text: &dyn TextBuffer, _: f32| {
        let error = mistake.filter(|_| text.as_str() == data.text);
        lay_out(ui, text.as_str(), error)
    };
    let edit = TextEdit::singleline(&mut text)
        .align(Align2::LEFT_CENTER)
        .hint_text("Filter: words, type:CALL_*, from:host, severity>=warning")
        .layouter(&mut layouter)
        .desired_width(width.max(60.0));
    let offers_all = state.offers_all;
    let room = Room::of(ui, width);
    let ctx = ui.ctx().clone();
    let margin = egui::Frame::popup(ui.style()).total_margin().sum().y;
    let most = most_offered(ui, margin);
    let offered = &mut state.offered;
    let output = CompletionPopup::new(filter_id())
        .align(RectAlign::BOTTOM_START)
        .max_height(most)
        .accept_keys(accept_keys)
        .show(ui, edit, |query| {
            let before = std::mem::take(offered);
            if query.word.is_empty() && !offers_all {
                return Vec::new();
            }
            let end = byte_of(query.text, query.word_range.end.0);
            let start = byte_of(query.text, query.word_range.start.0);
            let typed = query.text.get(..end).unwrap_or_default();
            let found = suggestions((typed, start), data, &room);
            *offered = found.len();
            if before > 0 && *offered > before {
                let_grow(&ctx, most + margin);
            }
            found
        });
    let edit = output.text_edit;
    let response = edit.response.response.accessible_name("Filter");
    if text != data.text {
        state.has_chosen = false;
        state.offers_all = false;
    }
    if data.wants_cursor {
        response.request_focus();
    }
    let was_at_mistake = std::mem::take(&mut state.is_at_mistake);
    if let Some(error) = data.error {
        let before = data.text.get(..error.at.start);
        let index = before.map_or(0, |it| it.chars().count());
        let cursor = edit.galley.pos_from_cursor(CCursor::new(index));
        let x = edit.galley_pos.x + cursor.left();
        error_node(ui, response.id, error, mistake.is_some());
        // What is suggested says what is still to be typed.
        let is_suggested = output.is_open && mistake.is_none();
        let is_there = response.has_focus() || response.hovered() || was_at_mistake;
        state.is_at_mistake = is_there
            && !is_suggested
            && mistake_ui(ui, data, error, (response.rect, x), output.is_open, actions);
    }
    ui.data_mut(|it| it.insert_temp(state_id(), state));
    offers_node(ui, response.id, output.is_open);

    let leaves = parts::is_entered(&response);
    let goes_down = response.has_focus()
        && !output.is_open
        && output.accepted.is_none()
        && keys::is_pressed(ui.ctx(), Modifiers::NONE, Key::ArrowDown);
    if leaves || goes_down {
        actions.push(Action::FocusList);
    }
    remember(ui.ctx(), &text);
    // Back one step, as in Chrome's own filters: first clear the text, which Ctrl+Z brings back,
    // then leave the field, which egui does itself.
    let is_cleared = response.lost_focus()
        && ui.input(|input| input.key_pressed(Key::Escape))
        && !text.is_empty();
    if is_cleared {
        text.clear();
        response.request_focus();
    }
    // What was being typed is meant as it stands now.
    let is_left = response.lost_focus() && data.error.is_none() && data.in_force != text.trim();
    if text != data.text || is_left {
        actions.push(Action::SetFilter { text });
    }
    buttons_ui(ui, data, can_save, actions);
}

fn text_id() -> Id {
    filter_id().with("text")
}

/// Remembers the field's text, to see when it is replaced.
fn remember(ctx: &egui::Context, text: &str) {
    let is_same = |it: &mut egui::util::IdTypeMap| {
        let before: Option<Arc<str>> = it.get_temp(text_id());
        before.is_some_and(|before| *before == *text)
    };
    if !ctx.data_mut(is_same) {
        ctx.data_mut(|it| it.insert_temp::<Arc<str>>(text_id(), text.into()));
    }
}

/// Lets Ctrl+Z bring back a text that was replaced by other means than typing: cleared, or by a
/// saved filter. egui only takes note of it once it has stayed the same for a while.
fn keep_undo(ctx: &egui::Context, text: &str) {
    let before: Option<Arc<str>> = ctx.data(|it| it.get_temp(text_id()));
    let Some(before) = before.filter(|before| **before != *text) else {
        return;
    };
    let Some(mut state) = TextEditState::load(ctx, filter_id()) else {
        return;
    };
    let end = CCursorRange::one(CCursor::new(before.chars().count()));
    let mut undoer = state.undoer();
    undoer.add_undo(&(end, before.to_string()));
    state.set_undoer(undoer);
    state.store(ctx, filter_id());
}

/// Draws the buttons that save or rename, and that clear the filter.
fn buttons_ui(ui: &mut Ui, data: &FilterData<'_>, can_save: bool, actions: &mut Actions) {
    if can_save {
        let saved = data.saved.iter().find(|it| it.text == data.text.trim());
        steady_ui(ui, "save filter", |ui| save_ui(ui, saved, actions));
    }
    if !data.text.is_empty() {
        let action = Action::SetFilter {
            text: String::new(),
        };
        steady_ui(ui, "clear filter", |ui| {
            icon_button_ui(ui, actions, Icon::Close, Palette::of(ui).text, action);
        });
    }
}

/// The keys that accept a suggestion; takes note of those that ask for suggestions or choose one.
fn accept_keys(ui: &Ui, state: &mut FieldState) -> Vec<Key> {
    let has_focus = ui.memory(|it| it.has_focus(filter_id()));
    if has_focus {
        ui.input_mut(|input| {
            if keys::take(input, Modifiers::CTRL, Key::Space) > 0 {
                state.offers_all = true;
            }
            if input.key_pressed(Key::ArrowDown) || input.key_pressed(Key::ArrowUp) {
                state.has_chosen = true;
            }
        });
    } else {
        state.offers_all = false;
        state.has_chosen = false;
    }
    if state.has_chosen {
        vec![Key::Tab, Key::Enter]
    } else {
        vec![Key::Tab]
    }
}

/// The id that egui gives the popup with the suggestions.
fn popup_id() -> Id {
    filter_id().with("completion_popup")
}

/// How high the suggestions may get: no higher than the space below the field, where they do not
/// cover what is being typed.
fn most_offered(ui: &Ui, margin: f32) -> f32 {
    const MOST: f32 = 200.0;
    const LEAST: f32 = 2.0 * size::CONTROL;
    let field = ui.ctx().read_response(filter_id());
    let bottom = field.map_or(0.0, |it| it.rect.bottom());
    let room = ui.ctx().content_rect().bottom() - bottom - margin - size::STEP;
    room.clamp(LEAST, MOST)
}

/// Gives the popup this height for more suggestions than it had: by itself, it gets lower but never
/// higher, and cuts what is added.
fn let_grow(ctx: &egui::Context, height: f32) {
    let Some(mut area) = AreaState::load(ctx, popup_id()) else {
        return;
    };
    let Some(size) = &mut area.size else {
        return;
    };
    size.y = size.y.max(height);
    let layer = LayerId::new(Order::Foreground, popup_id());
    ctx.memory_mut(|memory| memory.areas_mut().set_state(layer, area));
}

/// Tells assistive technology what is wrong with the text of the field.
fn error_node(ui: &Ui, field: Id, error: &FilterError, is_mistake: bool) {
    ui.ctx().accesskit_node_builder(field, |it| {
        if is_mistake {
            it.set_invalid(egui::accesskit::Invalid::True);
        }
        it.set_description(visible(&error.problem.to_string()).into_owned());
    });
}

/// Tells assistive technology that the field has suggestions.
fn offers_node(ui: &Ui, field: Id, is_open: bool) {
    use egui::accesskit::HasPopup;

    let offers = popup_id();
    ui.ctx().accesskit_node_builder(field, |it| {
        it.set_has_popup(HasPopup::Listbox);
        it.set_expanded(is_open);
        if is_open {
            it.set_controls(vec![offers.accesskit_id()]);
        }
    });
    if is_open && ui.ctx().has_accesskit_node(offers) {
        ui.ctx().accesskit_node_builder(offers, |it| {
            it.set_role(egui::Role::ListBox);
            it.set_label("What can be typed");
        });
    }
}

fn byte_of(text: &str, character: usize) -> usize {
    let mut indices = text.char_indices();
    indices
        .nth(character)
        .map_or(text.len(), |(index, _)| index)
}

/// How much room there is for what is offered, and what it is laid out with.
struct Room {
    painter: egui::Painter,
    weak: egui::Color32,
    width: f32,
}

/// What could be typed is told what it is if there is so much room for that.
const LEAST_HELP: f32 = 80.0;

impl Room {
    /// In the popup below a field of this width.
    fn of(ui: &Ui, field: f32) -> Self {
        let spacing = ui.spacing();
        let margin = spacing.menu_margin.sum().x + 2.0;
        let padding = 2.0 * spacing.button_padding.x + spacing.icon_spacing;
        Self {
            painter: ui.painter().clone(),
            weak: Palette::of(ui).weak,
            width: field - margin - padding - size::SCROLL_BAR,
        }
    }

    /// A text, cut where the room ends; how much room is left.
    fn cut(&self, text: &str, font: egui::FontId, color: egui::Color32, width: f32) -> Arc<Galley> {
        let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font, color));
        job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(0.0));
        self.painter.layout_job(job)
    }
}

/// Suggestions after `before` that replace the word beginning at `start`.
fn suggestions(
    (before, start): (&str, usize),
    data: &FilterData<'_>,
    room: &Room,
) -> Vec<Suggestion> {
    let word = before.get(start..).unwrap_or_default();
    let typed = word.to_lowercase();
    let begins = |text: &str| text.to_lowercase().starts_with(&typed);
    let saved = data.saved.iter().filter(|it| {
        let is_whole = start == 0 && it.text != word;
        is_whole && (begins(&it.text) || begins(it.title()))
    });
    // A named one is known by its name.
    let saved = saved.map(|it| match it.name.as_str() {
        "" => (it.text.clone(), None, "saved".to_owned()),
        name => (it.text.clone(), Some(name.to_owned()), it.text.clone()),
    });
    let found = completions(before, before.len(), &data.vocabulary);
    let found = found.into_iter().map(|it| {
        let kept = before.get(start..it.at.start).unwrap_or_default();
        (format!("{kept}{}", it.insert), None, it.help)
    });
    saved
        .chain(found)
        .map(|(insert, name, help)| {
            let help = visible(&help);
            let shown = parts::one_line(&visible(name.as_deref().unwrap_or(&insert)));
            let mut suggestion = Suggestion::new(insert);
            let shown = room.cut(&shown, mono(), egui::Color32::PLACEHOLDER, room.width);
            let left = room.width - shown.size().x;
            suggestion = suggestion.content(shown);
            if left < LEAST_HELP {
                return suggestion;
            }
            suggestion.description(room.cut(&parts::one_line(&help), body(), room.weak, left))
        })
        .collect()
}

/// Lays out the text, with the erroneous word marked.
fn lay_out(ui: &Ui, text: &str, error: Option<&FilterError>) -> Arc<Galley> {
    let palette = Palette::of(ui);
    let seen = |part: &str| parts::seen(part, false);
    let plain = TextFormat::simple(body(), palette.text);
    let mut wrong = TextFormat::simple(body(), palette.error);
    wrong.underline = Stroke::new(1.5, palette.error);
    let at = error.map_or(0..0, |it| it.at.clone());
    let (before, marked, after) = match (
        text.get(..at.start),
        text.get(at.clone()),
        text.get(at.end..),
    ) {
        (Some(before), Some(marked), Some(after)) => (before, marked, after),
        _ => (text, "", ""),
    };
    let mut job = LayoutJob {
        break_on_newline: false,
        ..LayoutJob::default()
    };
    job.wrap.max_width = f32::INFINITY;
    for (part, format) in [(before, &plain), (marked, &wrong), (after, &plain)] {
        job.append(&seen(part), 0.0, format.clone());
    }
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}
