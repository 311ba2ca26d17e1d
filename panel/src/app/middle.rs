//! The view and its details.

use egui::{Id, Rect, Ui, UiBuilder};

use super::{ListInSight, Look, Panel};
use crate::action::{Action, View};
use crate::panes::Panes;
use crate::still::Region;
use crate::theme::{Palette, size};
use crate::views::{
    Actions, Beside, FindingsList, HeaderData, InSight, LadderView, TimelineData, all_hidden_ui,
    bar_height, calls_ui, compose_ui, detail_ui, divider_ui, empty_ui, finding_detail_ui,
    findings_ui, header_ui, ladder_ui, overrides_ui, paint_divider, scenarios_ui, state_ui, steady,
    tabs_ui, timeline_ui,
};

/// The least height of the details below the tabs: their head, and a little of what it is about.
const LEAST_DETAIL: f32 = 2.0 * size::BAR;

/// Says below the details that the filter hides what they are about: above them, it would move what
/// is being read. Returns the room that is left.
fn hidden_detail_ui(ui: &mut Ui, words: &str, actions: &mut Actions) -> Rect {
    let id = Id::unique("callscope hidden detail");
    let before: Option<f32> = ui.data(|it| it.get_temp(id));
    let room = ui.max_rect();
    let top = room.bottom() - before.unwrap_or_else(|| bar_height(ui));
    let place = room.with_min_y(top.max(room.top()));
    let mut bar = ui.new_child(steady("hidden detail").max_rect(place));
    all_hidden_ui(&mut bar, words, actions);
    let height = bar.min_rect().height();
    if before != Some(height) {
        // Draw again before this is shown, with the right amount of space.
        ui.data_mut(|it| it.insert_temp(id, height));
        ui.ctx().request_discard("another height");
    }
    room.with_max_y(place.top())
}

impl Panel {
    /// Draws list and details in `whole`, as far as `seen` reaches.
    pub(super) fn middle_ui(
        &mut self,
        ui: &mut Ui,
        whole: Rect,
        seen: Rect,
        actions: &mut Actions,
    ) {
        let finding = self.model.finding_detail();
        let shows_message = self.model.view != View::Findings || self.model.findings_show_message();
        let detail = if self.model.view.has_detail() && shows_message {
            self.model.detail_data()
        } else {
            None
        };
        if detail.is_none() && finding.is_none() {
            ui.scope_builder(steady("list").max_rect(seen), |ui| {
                self.list_ui(ui, actions);
            });
            return;
        }
        // The divider stays where it is, whatever arrives below.
        let mut panes = Panes::new(whole, self.model.settings.detail_share);
        panes.detail = panes.detail.intersect(seen);
        if panes.list.is_none() && panes.detail.height() >= bar_height(ui) + LEAST_DETAIL {
            // Without the list, its tabs are the way to the other views.
            let tabs = ui.scope_builder(steady("list").max_rect(panes.detail), |ui| {
                self.tabs_ui(ui, actions);
            });
            panes.detail.min.y = tabs.response.rect.bottom();
        }
        if let Some(list) = panes.list.map(|it| it.intersect(seen)) {
            ui.scope_builder(steady("list").max_rect(list), |ui| {
                ui.shrink_clip_rect(list);
                self.list_ui(ui, actions);
            });
        }
        // Before the details, as that is where Tab finds it.
        let divider = (panes.list.is_some()).then(|| divider_ui(ui, whole, &panes, actions));
        let builder = UiBuilder::new().max_rect(panes.detail).id_salt("detail");
        let hidden = self.model.hidden_detail_words();
        ui.scope_builder(builder, |ui| {
            ui.shrink_clip_rect(panes.detail);
            self.region_ui(ui, Region::Detail, |panel, ui| {
                let room = match hidden {
                    Some(words) => hidden_detail_ui(ui, words, actions),
                    None => ui.max_rect(),
                };
                let folds = &panel.model.folds;
                ui.scope_builder(steady("shown detail").max_rect(room), |ui| {
                    if let Some(finding) = finding.as_deref().and_then(Option::as_ref) {
                        finding_detail_ui(ui, finding, folds, actions);
                    } else if let Some(detail) = detail.as_deref().and_then(Option::as_ref) {
                        detail_ui(ui, detail, folds, actions);
                    }
                });
            });
        });
        if let Some(divider) = divider {
            paint_divider(ui, &panes, &divider);
        }
    }

    fn tabs_ui(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let spacing = std::mem::take(&mut ui.spacing_mut().item_spacing.y);
        self.region_ui(ui, Region::Tabs, |panel, ui| {
            let findings = panel.model.shown_finding_count();
            tabs_ui(ui, panel.model.view, findings, actions);
            if let Some(words) = panel.model.all_hidden_words() {
                all_hidden_ui(ui, &words, actions);
            }
        });
        ui.spacing_mut().item_spacing.y = spacing;
    }

    fn list_ui(&mut self, ui: &mut Ui, actions: &mut Actions) {
        self.tabs_ui(ui, actions);
        // Another session is seen from its beginning, not from where this one was left.
        let session = self.model.session_number;
        ui.scope_builder(steady(("view", session)), |ui| self.view_ui(ui, actions));
    }

    fn view_ui(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let look = self.seen.look(self.model.view, self.model.selected);
        match self.model.view {
            View::Timeline => self.timeline_ui(ui, look, actions),
            View::Ladder => self.ladder_ui(ui, look, actions),
            View::Calls => {
                self.model.nudges.reveal |= look.is_new;
                let data = self.model.calls_data();
                let has_more = data.comparison.is_some() || !data.table.rows.is_empty();
                if !has_more && self.cleared_ui(ui, actions) {
                    return;
                }
                calls_ui(ui, &data, &self.model.folds, actions);
                self.model.calls.reveals_pair = None;
                self.model.nudges.reveal = false;
            }
            View::Findings => {
                let data = self.model.findings_data();
                if data.lines.is_empty() && self.cleared_ui(ui, actions) {
                    return;
                }
                let chosen = self.model.chosen_line();
                let reveal = std::mem::take(&mut self.model.nudges.reveal);
                let model = &self.model;
                let list = FindingsList {
                    data: &data,
                    describe: &|index| model.finding_line(index),
                    time: &|at| model.offset.time_of_day(at),
                    chosen,
                    is_selected: &|index| model.is_finding_selected(index),
                    name_of: &|index| model.finding_name(index),
                    menu: &|line| model.finding_menu(line),
                    reveal,
                };
                self.model.page_rows = findings_ui(ui, &list, actions);
            }
            View::State => state_ui(ui, &self.model.state_data(), actions),
            View::Compose => compose_ui(ui, &self.model.compose_data(), &self.model.folds, actions),
            View::Scenarios => scenarios_ui(ui, &self.model.scenarios_data(), actions),
            View::Overrides => overrides_ui(ui, &self.model.overrides_data(), actions),
        }
    }

    /// Draws that the user cleared the list, if that is so; returns whether it is.
    fn cleared_ui(&mut self, ui: &mut Ui, actions: &mut Actions) -> bool {
        let empty = self.model.empty_data();
        empty.is_some_and(|it| it.is_cleared()) && self.empty_ui(ui, actions)
    }

    /// Draws the reason for an empty list; returns whether it is empty.
    fn empty_ui(&mut self, ui: &mut Ui, actions: &mut Actions) -> bool {
        let Some(empty) = self.model.empty_data() else {
            return false;
        };
        let rect = ui.available_rect_before_wrap();
        ui.painter().rect_filled(rect, 0.0, Palette::of(ui).bg);
        self.says_cleared = empty.is_cleared();
        if !empty.is_filtered() {
            empty_ui(ui, &empty, actions);
        }
        true
    }

    /// Draws the ladder.
    fn ladder_ui(&mut self, ui: &mut Ui, look: Look, actions: &mut Actions) {
        if self.empty_ui(ui, actions) {
            return;
        }
        let ladder = self.model.ladder_data();
        let reveals = std::mem::take(&mut self.model.nudges.reveal);
        let follows = self.model.follows;
        let offset = self.model.offset;
        let goes_on = follows && self.seen.was_in_sight(self.model.selected);
        let view = self.model.shown();
        let InSight { fitting, places } = ladder_ui(
            ui,
            &LadderView {
                data: &ladder,
                rung: &|step| {
                    let row = ladder.outline.steps.get(step)?.kind.row();
                    let id = row.and_then(|row| view.rows().get(row)).map(|row| row.id);
                    Some((id, ladder.outline.rung(view, step)?))
                },
                reveals,
                is_new: look.is_new && !goes_on,
                is_chosen: look.is_chosen,
                follows,
                offset,
            },
            actions,
        );
        self.model.page_rows = fitting;
        if ladder.selected.is_some_and(|step| places.contains(&step)) {
            self.seen.in_sight = self.model.selected;
        }
    }

    /// Draws the timeline.
    fn timeline_ui(&mut self, ui: &mut Ui, look: Look, actions: &mut Actions) {
        if self.empty_ui(ui, actions) {
            return;
        }
        let new_count = self.model.new_since_sorted();
        let header = HeaderData {
            columns: &self.model.settings.columns,
            sort: self.model.timeline.sort,
            new_count,
        };
        header_ui(ui, &header, actions);
        let room = ui.available_size();
        if look.is_new {
            self.show_new_selection(room, actions);
        } else if !(look.is_chosen && self.model.follows_tail()) {
            self.keep_selection_in_sight(room, actions);
        }
        let overview = self.model.overview();
        let model = &self.model;
        let is_sorted = model.timeline.sort.is_some();
        let selected = model.selected_row();
        let data = TimelineData {
            row_count: model.shown().rows().len(),
            describe: &|places| model.describe_places(places),
            selected,
            is_selected: &|place| model.is_place_selected(place),
            place_of: &|id| model.place_of_row(id),
            reveal: selected.filter(|_| model.nudges.reveal),
            follows: model.follows_tail(),
            new_count: if is_sorted { 0 } else { model.new_count() },
            beside: Beside {
                columns: model.settings.columns.clone(),
                clock: model.clock(),
                tied: model.tied_rows(),
                overview,
                menu: model.row_menu(),
                jump: model.timeline.jump,
                failure: model.scenario_failure(),
            },
        };
        let InSight { fitting, places } = timeline_ui(ui, &data, &mut self.still.rows, actions);
        self.model.page_rows = fitting;
        self.model.nudges.reveal = false;
        self.model.timeline.jump = None;
        if selected.is_some_and(|row| places.contains(&row)) {
            self.seen.in_sight = self.model.selected;
        }
        self.list = ListInSight { room, rows: places };
    }

    /// Scrolls to a row that was selected in another view, unless it is among those at the end
    /// that the list follows.
    fn show_new_selection(&mut self, room: egui::Vec2, actions: &mut Actions) {
        let Some(row) = self.model.selected_row() else {
            return;
        };
        if self.model.follows_tail() {
            if self.seen.was_in_sight(self.model.selected) || self.is_in_last_rows(row, room) {
                return;
            }
            actions.push(Action::StopFollowing);
        }
        self.model.nudges.reveal = true;
    }

    /// Whether a row can be seen while the list is at its end.
    fn is_in_last_rows(&self, row: usize, room: egui::Vec2) -> bool {
        let fitting = (room.y / size::ROW).floor();
        let to_the_end = self.model.shown().rows().len() - row;
        to_the_end as f32 <= fitting
    }

    /// Keeps the selected row visible when the list gets smaller, such as when its details open or
    /// a bar comes above it, unless the user had scrolled the row out of view.
    fn keep_selection_in_sight(&mut self, room: egui::Vec2, actions: &mut Actions) {
        let Some(row) = self.model.selected_row() else {
            return;
        };
        if room == self.list.room || !self.list.rows.contains(&row) {
            return;
        }
        if !self.model.follows {
            self.model.nudges.reveal = true;
            return;
        }
        // The list keeps following its end however its size changes, unless that is now too far
        // from the row to fit the remaining space.
        if self.model.follows_tail() && !self.is_in_last_rows(row, room) {
            self.model.nudges.reveal = true;
            actions.push(Action::StopFollowing);
        }
    }
}
