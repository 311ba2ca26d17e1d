//! Moving the selection, going back, folding.

use super::Model;
use crate::action::{Action, Fold, Move, View};

impl Model {
    pub(super) fn select(&mut self, id: u64) {
        self.select_alone(Some(id));
        self.is_detail_open = true;
        self.findings.shows_message = true;
    }

    /// Makes sure that the rows include the selection.
    pub(super) fn show_selection(&mut self) {
        if matches!(self.view, View::Compose | View::Scenarios | View::Overrides) {
            self.view = View::Timeline;
        }
        self.refresh();
        if self.selected_row().is_none() && !self.view_options.filter.is_empty() {
            let filter = self.filter_text.clone();
            self.unfollow_call();
            self.refresh();
            if self.selected_row().is_none() {
                self.set_filter(String::new());
                self.refresh();
            }
            let text = "The filter hid this message, and was taken away";
            let again = Action::SetFilter { text: filter };
            self.notices.info(self.seconds(), text, Some(again));
        }
        self.stop_following();
        self.nudges.reveal = true;
    }

    pub(super) fn stop_following(&mut self) {
        if self.follows {
            self.follows = false;
            self.left_at = self.shown().rows().shown();
        }
    }

    pub(super) fn move_selection(&mut self, step: Move) {
        if self.view == View::Findings {
            self.move_in_findings(step);
            return;
        }
        self.refresh();
        let rows = self.shown().rows();
        let Some(last) = rows.len().checked_sub(1) else {
            return;
        };
        let row = step.from(self.selected_row(), last, self.page_rows);
        let Some(id) = rows.get(self.row_at(row)).map(|row| row.id) else {
            return;
        };
        let was_open = self.is_detail_open || self.selected.is_none();
        self.select(id);
        self.is_detail_open = was_open;
        if step == Move::Last {
            self.follows = true;
        } else {
            self.stop_following();
        }
        self.nudges.reveal = true;
    }

    pub(super) fn back(&mut self) {
        if self.overlay.take().is_some() {
            return;
        }
        if std::mem::take(&mut self.export.is_open) {
            return;
        }
        if self.is_opening() {
            // Whatever else there is, this was started last.
            self.cancel_import();
        } else if self.has_several() {
            self.select_alone(self.selected);
        } else if self.view == View::Calls && self.choose_no_call() {
            // Choosing a call was started last.
        } else if self.view == View::Findings && self.back_in_findings() {
            // The details beside the findings were in the way.
        } else if self.is_detail_open && self.view.has_detail() && self.view != View::Findings {
            self.is_detail_open = false;
        } else if self.view == View::Calls && self.close_comparison() {
            // The comparison covered the calls.
        } else if self.followed().is_some() {
            self.unfollow_call();
        } else if self.selected.is_some() {
            self.select_alone(None);
        } else if !self.filter_text.is_empty() {
            self.set_filter(String::new());
        } else if self.view != View::Timeline {
            self.view = View::Timeline;
        }
    }

    pub(super) fn set_unfolded(&mut self, fold: Fold, unfolded: bool) {
        match fold {
            Fold::Run { id } => {
                let changed = if unfolded {
                    self.view_options.unfolded.insert(id)
                } else {
                    self.view_options.unfolded.remove(&id)
                };
                if changed {
                    self.options_revision += 1;
                }
            }
            fold => {
                self.folds.insert(fold, unfolded);
                self.fold_revision += 1;
            }
        }
    }
}
