//! The keys that the panel handles itself, and what has the keyboard.

use egui::{Context, FocusDirection, Key, Modifiers, Ui};

use super::Panel;
use super::typed_ahead::TypedAhead;
use crate::action::{Action, CopyAs, Fold, Move, Overlay, View};
use crate::keys::is_pressed;
use crate::theme;
use crate::views::{Actions, calls_list_id, list_id, open_menu};

impl Panel {
    /// What had the keyboard before an overlay or a sheet was opened has it again after that.
    pub(super) fn give_keyboard_back(&mut self, ui: &Ui) {
        let is_now = self.model.overlay.is_some() || self.model.export.is_open;
        let was = std::mem::replace(&mut self.covered.is_now, is_now);
        if is_now {
            if !was {
                let focused = ui.memory(egui::Memory::focused);
                self.covered.focused = focused.or_else(|| self.list().map(|list| list()));
            }
            return;
        }
        if self.covered.focused.is_none() {
            return;
        }
        if was {
            // What had it is gone. An overlay keeps it from all else for as long as this drawing,
            // in which something else may ask for it.
            ui.memory_mut(egui::Memory::stop_text_input);
            ui.ctx().request_repaint();
        } else if let Some(id) = self.covered.focused.take() {
            ui.memory_mut(|it| {
                if it.focused().is_none() {
                    it.request_focus(id);
                }
            });
        }
    }

    /// The list that the keys of the shown view act on.
    const fn list(&self) -> Option<fn() -> egui::Id> {
        match self.model.view {
            View::Timeline | View::Ladder | View::Findings | View::State => Some(list_id),
            View::Calls => Some(calls_list_id),
            View::Compose | View::Scenarios | View::Overrides => None,
        }
    }

    /// Esc leaves a text field for the list.
    pub(super) fn leave_field(&self, ui: &Ui) {
        let is_left = self.before.had_cursor
            && !self.covered.is_now
            && ui.memory(|it| it.focused().is_none())
            && ui.input(|it| it.key_pressed(Key::Escape));
        if let Some(list) = self.list().filter(|_| is_left) {
            ui.memory_mut(|it| it.request_focus(list()));
        }
    }

    /// Handles shortcuts that work everywhere, and those of the list while nothing else has focus.
    pub(super) fn shortcuts(&mut self, ui: &Ui, actions: &mut Actions) {
        let ctx = ui.ctx();
        self.typed_ahead.hold(ctx);
        let opening = TypedAhead::after_key(ctx);
        self.shortcuts_of(ui, actions);
        self.typed_ahead.wait_for(ctx, actions, opening);
    }

    fn shortcuts_of(&mut self, ui: &Ui, actions: &mut Actions) {
        let ctx = ui.ctx();
        let recording = self.model.recording();
        let mut everywhere = vec![
            Action::FocusFilter,
            Action::Clear,
            Action::Export,
            Action::Import,
            Action::SwitchSession,
            Action::ShowOverlay {
                overlay: Some(Overlay::Commands),
            },
        ];
        everywhere.extend(recording.map(|on| Action::SetRecording { on: !on }));
        consume(ctx, everywhere, actions);

        let focused = ctx.memory(egui::Memory::focused);
        if self.before.had_cursor
            || ctx.text_edit_focused()
            || egui::Popup::is_any_open(ctx)
            || self.model.overlay.is_some()
        {
            return;
        }
        if is_pressed(ctx, Modifiers::NONE, Key::Slash) {
            // The slash itself must not end up in the filter.
            ui.input_mut(|input| {
                let is_slash =
                    |event: &egui::Event| matches!(event, egui::Event::Text(text) if text == "/");
                if let Some(at) = input.events.iter().position(is_slash) {
                    input.events.remove(at);
                }
            });
            actions.push(Action::FocusFilter);
        }
        let by_letter = vec![
            Action::ShowOverlay {
                overlay: Some(Overlay::Keys),
            },
            Action::MoveToFinding { backwards: false },
            Action::MoveToFinding { backwards: true },
            Action::ShowOverlay {
                overlay: Some(Overlay::Settings),
            },
        ];
        consume(ctx, by_letter, actions);
        self.copy_selected(ui, actions);
        if self.model.export.is_open
            && focused.is_none()
            && is_pressed(ctx, Modifiers::NONE, Key::Enter)
        {
            actions.push(Action::SaveExport);
        }
        take_pasted(ui, actions);
        consume(ctx, vec![Action::Back, Action::UndoClear], actions);
        let Some(list) = self.list().map(|list| list()) else {
            return;
        };
        if focused.is_none_or(|id| id == list) {
            let before = actions.len();
            self.list_keys(ui, actions);
            if focused.is_none() && actions.len() > before {
                // A screen reader follows the keyboard.
                ui.memory_mut(|it| {
                    it.request_focus(list);
                    // An arrow key that nothing had asked for moves the focus on to whatever is
                    // beside or below the list.
                    it.move_focus(FocusDirection::None);
                });
            }
        }
    }

    /// Handles the keys of a list.
    fn list_keys(&mut self, ui: &Ui, actions: &mut Actions) {
        let ctx = ui.ctx();
        if matches!(self.model.view, View::Timeline | View::Findings) {
            let extending = Move::ALL.map(|step| Action::ExtendSelection { step });
            consume(ctx, extending.to_vec(), actions);
            consume(ctx, vec![Action::SelectAll], actions);
        }
        let steps = Move::ALL.map(|step| Action::MoveSelection { step });
        consume(ctx, steps.to_vec(), actions);
        if self.model.view == View::Calls {
            let steps = [Move::Previous, Move::Next];
            let picking = steps.map(|step| Action::MovePicking { step });
            consume(ctx, picking.to_vec(), actions);
            if is_pressed(ctx, Modifiers::NONE, Key::Enter) {
                actions.extend(self.model.enter_in_calls());
            }
        }
        if self.model.view == View::Ladder {
            let zooms = [true, false].map(|closer| Action::ZoomLadder { closer });
            consume(ctx, zooms.to_vec(), actions);
        }
        if self.model.view == View::Findings {
            return self.finding_keys(ui, actions);
        }
        if self.model.view != View::Timeline {
            return;
        }
        let Some(id) = self.model.selected else {
            return;
        };
        let folds = [true, false]
            .map(|unfolded| Action::SetUnfolded {
                fold: Fold::Run { id },
                unfolded,
            })
            .to_vec();
        consume(ctx, folds, actions);
        if is_pressed(ctx, Modifiers::NONE, Key::Enter) {
            actions.push(Action::Select { id });
        }
        if is_pressed(ctx, Modifiers::NONE, Key::Menu)
            || is_pressed(ctx, Modifiers::SHIFT, Key::F10)
        {
            open_menu(ui.ctx());
            actions.push(Action::OpenMenu { id, at: None });
        }
    }

    /// Handles the keys of the list of findings.
    fn finding_keys(&mut self, ui: &Ui, actions: &mut Actions) {
        if let Some(fold) = self.model.chosen_fold() {
            let folds = [true, false].map(|unfolded| {
                let fold = fold.clone();
                Action::SetUnfolded { fold, unfolded }
            });
            consume(ui.ctx(), folds.to_vec(), actions);
        }
        if is_pressed(ui.ctx(), Modifiers::NONE, Key::Enter) {
            actions.extend(self.model.enter_in_findings());
        }
    }

    /// Alt+C copies the selected rows as a table, Ctrl+C copies the selected messages, unless
    /// a text is selected.
    fn copy_selected(&self, ui: &Ui, actions: &mut Actions) {
        if self.model.selected.is_none() {
            return;
        }
        let is_copying = ui.input(|input| input.events.contains(&egui::Event::Copy));
        let form = CopyAs::Rows;
        consume(ui.ctx(), vec![Action::CopySelected { form }], actions);
        let has_text = ui
            .ctx()
            .plugin::<egui::text_selection::LabelSelectionState>()
            .lock()
            .has_selection();
        if is_copying && !has_text {
            let form = CopyAs::Json;
            actions.push(Action::CopySelected { form });
        }
    }
}

/// A key changes what is under the resting pointer: what it brings there shows no tooltip until the
/// pointer moves again.
pub(super) fn hold_tooltips(ui: &Ui) {
    let (has_key, has_moved) = ui.input(|input| {
        let is_key = |event: &egui::Event| matches!(event, egui::Event::Key { pressed: true, .. });
        let has_moved = input.pointer.delta() != egui::Vec2::ZERO;
        (input.events.iter().any(is_key), has_moved)
    });
    if has_key || has_moved {
        theme::hold_tooltips(ui.ctx(), has_key);
    }
}

/// Whether something can be given keyboard focus: not until the frame after the last one with an
/// overlay.
pub(super) fn takes_keyboard(ui: &Ui) -> bool {
    let is_covered = ui.memory(|it| it.top_modal_layer().is_some());
    if is_covered {
        ui.ctx().request_repaint();
    }
    !is_covered
}

/// Opens a log that is pasted anywhere but in a text field.
fn take_pasted(ui: &Ui, actions: &mut Actions) {
    let texts = ui.input_mut(|input| {
        let pasted = input
            .events
            .extract_if(.., |event| matches!(event, egui::Event::Paste(_)));
        pasted.collect::<Vec<_>>()
    });
    for event in texts {
        if let egui::Event::Paste(text) = event {
            actions.push(Action::Paste { text });
        }
    }
}

/// Adds the actions whose shortcuts were pressed.
fn consume(ctx: &Context, candidates: Vec<Action>, actions: &mut Actions) {
    for action in candidates {
        let keys = action.shortcut();
        if keys.is_some_and(|keys| is_pressed(ctx, keys.modifiers, keys.logical_key)) {
            actions.push(action);
        }
    }
}
