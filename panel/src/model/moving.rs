//! Moving the selection, going back, folding.

use super::Model;
use crate::action::{Action, Fold, Move, View};

/// What can be taken back, the first that is there before the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StepBack {
    Overlay,
    Export,
    /// A file that is being read: whatever else there is, this was started last.
    Opening,
    /// A selection of several rows, for one row.
    Several,
    ChoosingCall,
    PickedCalls,
    InFindings,
    Detail,
    Comparison,
    Followed,
    Selection,
    Filter,
}

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

    /// What Esc takes back: what was opened last. It never leaves a view for another one.
    pub(super) fn step_back(&self) -> Option<StepBack> {
        let has_detail = self.view.has_detail();
        let steps = [
            (StepBack::Overlay, self.overlay.is_some()),
            (StepBack::Export, self.export.is_open),
            (StepBack::Opening, self.is_opening()),
            (StepBack::Several, has_detail && self.has_several()),
            (
                StepBack::ChoosingCall,
                self.view == View::Calls && self.is_choosing_call(),
            ),
            // The details beside the findings are in the way.
            (
                StepBack::InFindings,
                self.view == View::Findings && self.can_go_back_in_findings(),
            ),
            (
                StepBack::Detail,
                has_detail && self.view != View::Findings && self.is_detail_open,
            ),
            (
                StepBack::Comparison,
                self.view == View::Calls && self.is_comparing(),
            ),
            (
                StepBack::PickedCalls,
                self.view == View::Calls && self.has_picked_calls(),
            ),
            (StepBack::Followed, self.followed().is_some()),
            (StepBack::Selection, has_detail && self.selected.is_some()),
            (StepBack::Filter, !self.filter_text.is_empty()),
        ];
        let mut steps = steps.into_iter();
        steps.find(|(_, is_there)| *is_there).map(|(step, _)| step)
    }

    pub(super) fn back(&mut self) {
        match self.step_back() {
            Some(StepBack::Overlay) => self.overlay = None,
            Some(StepBack::Export) => self.export.is_open = false,
            Some(StepBack::Opening) => self.cancel_import(),
            Some(StepBack::Several) => self.select_alone(self.selected),
            Some(StepBack::ChoosingCall | StepBack::PickedCalls) => self.choose_no_call(),
            Some(StepBack::InFindings) => self.back_in_findings(),
            Some(StepBack::Detail) => self.is_detail_open = false,
            Some(StepBack::Comparison) => self.close_comparison(),
            Some(StepBack::Followed) => self.unfollow_call(),
            Some(StepBack::Selection) => self.select_alone(None),
            Some(StepBack::Filter) => self.set_filter(String::new()),
            None => {}
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
