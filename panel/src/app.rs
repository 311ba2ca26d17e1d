//! The whole panel: connects the model and its views.

use std::ops::Range;
use std::rc::Rc;

use callscope_session_view::words;
use egui::{Context, Key, Modifiers, Rect, Ui, UiBuilder, pos2};

use callscope_protocol::Millis;

use crate::action::{Action, CopyAs, Fold, Move, Overlay, View};
use crate::commands;
use crate::event::{Effect, Event};
use crate::icons::Icon;
use crate::keys::is_pressed;
use crate::model::{Connection, Model, Progress, REDIRECTED_FIX, Snapshot, worker_silent};
use crate::pace::Pace;
use crate::panes::Panes;
use crate::still::{Region, Still};
use crate::theme::{self, Palette, size};
use crate::views::{
    Actions, Banner, Beside, FilterData, FindingsList, HeaderData, InSight, LadderView,
    NoConversation, StatusData, TimelineData, ToolbarData, above_notices, all_hidden_ui,
    banners_ui, bar_height, calls_list_id, calls_ui, compose_ui, conversation_bar_ui, detail_ui,
    divider_ui, empty_ui, export_ui, filter_id, finding_detail_ui, findings_ui, followed_ui,
    header_ui, ladder_ui, list_id, notices_ui, open_menu, overlay_ui, overrides_ui, paint_divider,
    scenarios_ui, sessions_ui, settings_ui, state_ui, status_bar_ui, tabs_ui, timeline_ui,
    toolbar_ui,
};

/// The panel.
///
/// Its owner passes in what happens outside and carries out the effects that the panel asks for:
///
/// 1. [`set_up`](Self::set_up) once;
/// 2. [`handle`](Self::handle) for what happens outside, at any time;
/// 3. [`begin_frame`](Self::begin_frame), then [`ui`](Self::ui) for each frame that is drawn;
/// 4. [`take_effects`](Self::take_effects) after any of these.
#[derive(Debug)]
pub struct Panel {
    model: Model,
    effects: Vec<Effect>,
    /// Whether a text field had the cursor when the panel was last drawn: Esc takes the cursor away
    /// before anything else can check.
    had_cursor: bool,
    /// Whether something to be answered first lies over the view, and what had the keyboard before.
    covered: Covered,
    pace: Pace,
    /// Whether something from outside has yet to be drawn.
    wants_drawing: bool,
    wake_after: Option<f64>,
    /// Whether a new filter has yet to be applied to a part of the session.
    is_filtering: bool,
    /// The time as last told, in milliseconds since the epoch.
    now: f64,
    /// The timeline as last drawn.
    list: ListInSight,
    pub(crate) still: Still,
}

/// What lies over the view.
#[derive(Clone, Copy, Debug, Default)]
struct Covered {
    is_now: bool,
    /// What had the keyboard before.
    focused: Option<egui::Id>,
}

/// The visible part of the timeline.
#[derive(Debug, Default)]
struct ListInSight {
    /// Its size.
    room: egui::Vec2,
    rows: Range<usize>,
    /// Whether details were beside or below it.
    has_details: bool,
}

/// How soon to draw again while a filter is being applied to a long session, in milliseconds.
const FILTERING: u64 = 100;

impl Panel {
    /// A panel that shows `model`.
    #[must_use]
    pub fn new(model: Model) -> Self {
        Self {
            model,
            effects: Vec::new(),
            had_cursor: false,
            covered: Covered::default(),
            pace: Pace::default(),
            wants_drawing: false,
            wake_after: None,
            is_filtering: false,
            now: 0.0,
            list: ListInSight::default(),
            still: Still::default(),
        }
    }

    /// Applies the panel's theme to the context.
    pub fn set_up(ctx: &Context) {
        theme::apply(ctx);
    }

    /// Handles an event; returns whether it changes what is shown.
    pub fn handle(&mut self, event: Event) -> bool {
        self.still.change();
        let effects = self.model.handle(event);
        self.effects.extend(effects);
        self.pace.arrived(self.now, self.model.arrived());
        !self.model.is_quiet()
    }

    /// Sets the wall clock for the events that are handled next.
    pub fn set_time(&mut self, now: Millis) {
        self.now = now.0;
        self.model.set_time(now);
    }

    /// Carries out an action.
    pub fn perform(&mut self, action: Action) {
        self.still.change();
        let effects = self.model.perform(action);
        self.effects.extend(effects);
    }

    /// The effects requested since the last call.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Lets time pass; `now` is the wall clock. Requests a frame if something looks different now
    /// or will later; see also [`wake_after`](Self::wake_after).
    pub fn tick(&mut self, ctx: &Context, now: Millis) {
        let next = self.pass_time(now);
        self.wants_drawing |= self.model.is_stale();
        let wait = self.pace.wait(self.now);
        self.draw_later(ctx, next, wait);
        if !self.wants_drawing {
            return;
        }
        if wait > 0.0 {
            self.wake_after = Some(self.wake_after.map_or(wait, |after| after.min(wait)));
        } else {
            // Scheduled for the future, it is drawn once; for now, twice.
            ctx.request_repaint_after(std::time::Duration::from_millis(1));
        }
    }

    /// Like [`tick`](Self::tick), but at the beginning of a frame, which shows what has changed
    /// anyway.
    pub fn begin_frame(&mut self, ctx: &Context, now: Millis) {
        let next = self.pass_time(now);
        self.draw_later(ctx, next, self.pace.between());
    }

    fn pass_time(&mut self, now: Millis) -> Option<f64> {
        self.now = now.0;
        let next = self.model.tick(now);
        self.effects.extend(self.model.take_due());
        self.effects.extend(self.model.take_announcement());
        next
    }

    /// Schedules the next wake-up or the next frame, the frame no sooner than `soonest`.
    fn draw_later(&mut self, ctx: &Context, next: Option<f64>, soonest: f64) {
        self.wake_after = next.filter(|_| self.model.only_wakes());
        if let Some(after) = next.filter(|_| self.wake_after.is_none()) {
            let after = after.max(soonest);
            ctx.request_repaint_after(std::time::Duration::from_secs_f64(after / 1000.0));
        }
    }

    /// Reports that a frame was on the screen this many milliseconds after it began.
    pub fn drawing_took(&mut self, millis: f64) {
        self.pace.took(millis);
    }

    /// In how many milliseconds to call [`tick`](Self::tick) again although nothing may look
    /// different then: something is due to be requested or announced, or it may be time to draw
    /// what has arrived.
    #[must_use]
    pub const fn wake_after(&self) -> Option<f64> {
        self.wake_after
    }

    /// Requests a frame for something from outside: immediately if there are no rows to show until
    /// then, otherwise from the next [`tick`](Self::tick) on, when the panel was not drawn a moment
    /// ago.
    pub fn draw_soon(&mut self, ctx: &Context) {
        if self.model.shown().rows().is_empty() {
            ctx.request_repaint();
        } else {
            self.wants_drawing = true;
        }
    }

    /// Whether a new filter has not been applied to the whole session yet; then call
    /// [`go_on`](Self::go_on) as often as there is time.
    #[must_use]
    pub const fn is_filtering(&self) -> bool {
        self.is_filtering
    }

    /// Whether the recorder has not yet sent what there is to show.
    #[must_use]
    pub fn is_starting(&self) -> bool {
        self.model.is_starting()
    }

    /// Applies a new filter to some more messages, which takes about a millisecond; returns whether
    /// there are more. If not, the panel should be drawn.
    pub fn go_on(&mut self) -> bool {
        self.is_filtering = self.model.refresh_for_drawing(false);
        self.is_filtering
    }

    /// Whether Esc does something here, so that nobody else should handle it.
    #[must_use]
    pub fn can_go_back(&self) -> bool {
        self.model.can_go_back()
    }

    /// What the panel shows, as data.
    #[must_use]
    pub fn snapshot(&mut self, is_dark: bool) -> Snapshot {
        Snapshot::new(&mut self.model, if is_dark { "dark" } else { "light" })
    }

    /// Whether the panel wants more of the file with this number.
    #[must_use]
    pub fn is_reading(&self, number: u32) -> bool {
        self.model.is_reading(number)
    }

    #[cfg(test)]
    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    /// The id of the selected entry.
    #[must_use]
    pub fn selected(&self) -> Option<u64> {
        self.model.selected
    }

    /// How far the shown session has got.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress::new(&self.model)
    }

    /// The shown session as a log file.
    #[must_use]
    pub fn export_text(&self) -> String {
        self.model.export_text()
    }

    /// Draws the panel on a `panel_fill` background and performs the user's actions.
    pub fn ui(&mut self, ui: &mut Ui) {
        self.pace.drawn(self.now, self.model.arrived());
        self.wants_drawing = false;
        if self.model.is_stale() {
            self.still.change();
        }
        self.is_filtering = self.model.refresh_for_drawing(true);
        if self.is_filtering {
            // A caller with time to spare goes on with [`go_on`](Self::go_on) before that.
            let next = std::time::Duration::from_millis(FILTERING);
            ui.ctx().request_repaint_after(next);
            self.still.change();
        }
        self.still.begin(ui);
        let mut actions = Actions::new();
        self.give_keyboard_back(ui);
        self.shortcuts(ui, &mut actions);
        let spacing = std::mem::take(&mut ui.spacing_mut().item_spacing.y);
        self.region_ui(ui, Region::Top, |panel, ui| panel.top_ui(ui, &mut actions));
        ui.spacing_mut().item_spacing.y = spacing;
        // The status bar keeps its place at the bottom; the space in between belongs to the view.
        let whole = ui.available_rect_before_wrap();
        let bottom = (whole.bottom() - bar_height(ui)).max(whole.top());
        let middle = Rect::from_min_max(whole.min, pos2(whole.right(), bottom));
        let status = Rect::from_min_max(pos2(whole.left(), bottom), whole.max);
        let sheet = self.model.export_data();
        let middle = if let Some(data) = &sheet {
            let used = ui.scope_builder(UiBuilder::new().max_rect(middle), |ui| {
                export_ui(ui, data, &mut actions);
            });
            let top = used.response.rect.bottom().min(middle.bottom());
            Rect::from_min_max(pos2(middle.left(), top), middle.max)
        } else {
            middle
        };
        let has_notices = self.model.notices.iter().next().is_some();
        let above = above_notices(ui, middle, has_notices);
        self.middle_ui(ui, middle, above, &mut actions);
        let band = middle.with_min_y(above.bottom());
        notices_ui(ui, band, self.model.notices.iter(), &mut actions);
        ui.scope_builder(UiBuilder::new().max_rect(status), |ui| {
            self.region_ui(ui, Region::Status, |panel, ui| {
                let data = panel.status_data();
                status_bar_ui(ui, &data, &mut actions);
            });
        });

        if self.model.nudges.focus_list && takes_keyboard(ui) {
            self.model.nudges.focus_list = false;
            let list = match self.model.view {
                View::Calls => calls_list_id(),
                _ => list_id(),
            };
            ui.memory_mut(|it| it.request_focus(list));
        }
        match self.model.overlay {
            Some(Overlay::Settings) => {
                let data = self.model.settings_data();
                settings_ui(ui, &data, self.list.room.x, &mut actions);
            }
            Some(overlay) => {
                overlay_ui(ui, overlay, &commands::groups(&self.model), &mut actions);
            }
            None => {}
        }

        #[cfg(any(test, target_arch = "wasm32"))]
        crate::reading_order::preview_ui(ui);
        self.had_cursor = ui.ctx().text_edit_focused();
        if !actions.is_empty() {
            for action in actions {
                self.perform(action);
            }
            // The result shows without delay.
            ui.ctx().request_repaint();
        }
    }

    /// What had the keyboard before an overlay or a sheet was opened has it again after that.
    fn give_keyboard_back(&mut self, ui: &Ui) {
        let is_now = self.model.overlay.is_some() || self.model.export.is_open;
        let was = std::mem::replace(&mut self.covered.is_now, is_now);
        if is_now {
            if !was {
                self.covered.focused = ui.memory(egui::Memory::focused);
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

    /// Draws a part that stands still while the list is turned.
    fn region_ui(&mut self, ui: &mut Ui, region: Region, add: impl FnOnce(&mut Self, &mut Ui)) {
        let mut still = std::mem::take(&mut self.still);
        still.ui(ui, region, |ui| add(self, ui));
        self.still = still;
    }

    fn top_ui(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let model = &mut self.model;
        let counts = model.finding_counts().worst_first();
        let focus_filter = model.nudges.focus_filter && takes_keyboard(ui);
        // Only a focused filter field needs the session's words.
        let is_filtering = ui.memory(|it| it.has_focus(filter_id()));
        let vocabulary = if is_filtering {
            model.vocabulary()
        } else {
            Rc::default()
        };
        let toolbar = ToolbarData {
            recording: model.is_recorded(),
            preserve_log: model.settings.preserve_log,
            filter: FilterData {
                text: &model.filter_text,
                error: model.filter_error.as_ref(),
                in_force: model.filter_in_force(),
                wants_cursor: focus_filter,
                saved: &model.settings.saved_filters,
                vocabulary,
            },
            counts,
            is_imported: model.imported.is_some(),
        };
        toolbar_ui(ui, &toolbar, actions);
        model.nudges.focus_filter &= !focus_filter;
        if let Some(data) = model.bar_data() {
            conversation_bar_ui(ui, Ok(&data), actions);
        } else {
            let words = if model.imported.is_some() {
                "No conversation between HubSpot and a widget in this session".to_owned()
            } else {
                no_conversation(&model.connection)
            };
            let none = NoConversation { words };
            conversation_bar_ui(ui, Err(&none), actions);
        }
        if let Some(sessions) = model.sessions_data() {
            sessions_ui(ui, &sessions, actions);
        }
        let is_dropping = ui.input(|input| !input.raw.hovered_files.is_empty());
        if let Some(followed) = model.followed() {
            followed_ui(ui, &followed, actions);
        }
        banners_ui(ui, &banners(model, is_dropping), actions);
    }

    /// Draws list and details in `whole`, as far as `seen` reaches.
    fn middle_ui(&mut self, ui: &mut Ui, whole: Rect, seen: Rect, actions: &mut Actions) {
        let finding = self.model.finding_detail();
        let shows_message = self.model.view != View::Findings || self.model.findings_show_message();
        let detail = if self.model.view.has_detail() && shows_message {
            self.model.detail_data()
        } else {
            None
        };
        if detail.is_none() && finding.is_none() {
            ui.scope_builder(UiBuilder::new().max_rect(seen), |ui| {
                self.list_ui(ui, actions);
            });
            return;
        }
        // The divider stays where it is, whatever arrives below.
        let mut panes = Panes::new(whole, self.model.settings.detail_share);
        panes.detail = panes.detail.intersect(seen);
        if let Some(list) = panes.list.map(|it| it.intersect(seen)) {
            ui.scope_builder(UiBuilder::new().max_rect(list), |ui| {
                ui.shrink_clip_rect(list);
                self.list_ui(ui, actions);
            });
        }
        // Before the details, as that is where Tab finds it.
        let divider = (panes.list.is_some()).then(|| divider_ui(ui, whole, &panes, actions));
        let builder = UiBuilder::new().max_rect(panes.detail).id_salt("detail");
        ui.scope_builder(builder, |ui| {
            ui.shrink_clip_rect(panes.detail);
            self.region_ui(ui, Region::Detail, |panel, ui| {
                let folds = &panel.model.folds;
                if let Some(finding) = finding.as_deref().and_then(Option::as_ref) {
                    finding_detail_ui(ui, finding, folds, actions);
                } else if let Some(detail) = detail.as_deref().and_then(Option::as_ref) {
                    detail_ui(ui, detail, folds, actions);
                }
            });
        });
        if let Some(divider) = divider {
            paint_divider(ui, &panes, &divider);
        }
    }

    fn list_ui(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let spacing = std::mem::take(&mut ui.spacing_mut().item_spacing.y);
        self.region_ui(ui, Region::Tabs, |panel, ui| {
            let findings = panel.model.shown_finding_count();
            tabs_ui(ui, panel.model.view, findings, actions);
            if let Some(words) = panel.model.all_hidden_words() {
                all_hidden_ui(ui, &words, actions);
            }
        });
        ui.spacing_mut().item_spacing.y = spacing;
        match self.model.view {
            View::Timeline => self.timeline_ui(ui, actions),
            View::Ladder => self.ladder_ui(ui, actions),
            View::Calls => {
                let data = self.model.calls_data();
                let has_more = data.comparison.is_some() || !data.table.rows.is_empty();
                if !has_more && self.cleared_ui(ui, actions) {
                    return;
                }
                calls_ui(ui, &data, &self.model.folds, actions);
                self.model.calls.reveals_difference = false;
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
    fn cleared_ui(&self, ui: &mut Ui, actions: &mut Actions) -> bool {
        let empty = self.model.empty_data();
        empty.is_some_and(|it| it.is_cleared()) && self.empty_ui(ui, actions)
    }

    /// Draws the reason for an empty list; returns whether it is empty.
    fn empty_ui(&self, ui: &mut Ui, actions: &mut Actions) -> bool {
        let Some(empty) = self.model.empty_data() else {
            return false;
        };
        let rect = ui.available_rect_before_wrap();
        ui.painter().rect_filled(rect, 0.0, Palette::of(ui).bg);
        if !empty.is_filtered() {
            empty_ui(ui, &empty, actions);
        }
        true
    }

    fn ladder_ui(&mut self, ui: &mut Ui, actions: &mut Actions) {
        if self.empty_ui(ui, actions) {
            return;
        }
        let ladder = self.model.ladder_data();
        let reveals = std::mem::take(&mut self.model.nudges.reveal);
        let follows = self.model.follows;
        let offset = self.model.offset;
        let view = self.model.shown();
        self.model.page_rows = ladder_ui(
            ui,
            &LadderView {
                data: &ladder,
                rung: &|step| {
                    let row = ladder.outline.steps.get(step)?.kind.row();
                    let id = row.and_then(|row| view.rows().get(row)).map(|row| row.id);
                    Some((id, ladder.outline.rung(view, step)?))
                },
                reveals,
                follows,
                offset,
            },
            actions,
        );
    }

    fn timeline_ui(&mut self, ui: &mut Ui, actions: &mut Actions) {
        if self.empty_ui(ui, actions) {
            return;
        }
        let header = HeaderData {
            columns: &self.model.settings.columns,
            sort: self.model.timeline.sort,
            new_count: self.model.new_since_sorted(),
        };
        header_ui(ui, &header, actions);
        let room = ui.available_size();
        self.keep_selection_in_sight(room, actions);
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
        self.list = ListInSight {
            room,
            rows: places,
            has_details: self.model.is_detail_open,
        };
    }

    /// Keeps the selected row visible when the list gets smaller, such as when its details open,
    /// unless the user had scrolled the row out of view.
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
        // The list keeps following its end however its size changes, unless the user has just
        // opened the details of a row too far from the end to fit the remaining space.
        let is_opened = self.model.is_detail_open && !self.list.has_details;
        let fitting = (room.y / size::ROW).floor();
        let to_the_end = self.model.shown().rows().len() - row;
        if is_opened && self.model.follows_tail() && to_the_end as f32 > fitting {
            self.model.nudges.reveal = true;
            actions.push(Action::StopFollowing);
        }
    }

    fn status_data(&mut self) -> StatusData {
        let missing = self.model.missing();
        let muted = self.model.muted_count();
        let selected = self.model.selected_count();
        let model = &self.model;
        let rows = model.shown().rows();
        let state = match (&model.imported, &model.connection, &model.status) {
            (Some(_), ..) => "Saved session".to_owned(),
            (None, Connection::Attached(_), Some(status)) if status.recording => {
                "Recording".to_owned()
            }
            (None, Connection::Attached(_), Some(_)) => "Paused".to_owned(),
            (None, Connection::Attached(_) | Connection::Connecting, _) => {
                "Looking for the page…".to_owned()
            }
            (None, Connection::Absent(_) | Connection::Detached | Connection::Outdated(_), _) => {
                "Not recording".to_owned()
            }
        };
        let state = match model.shown().filtering() {
            Some((done, all)) => format!("Filtering: {} %", done * 100 / all.max(1)),
            None => state,
        };
        let status = model.status.as_ref().filter(|_| model.imported.is_none());
        StatusData {
            messages: model.message_count(),
            hidden: rows.hidden(),
            selected,
            muted,
            missing,
            others: status.map_or(0, |it| it.others),
            used: status.map(|it| (it.bytes, it.limit)),
            state,
        }
    }

    /// Handles shortcuts that work everywhere, and those of the list while nothing else has focus.
    fn shortcuts(&mut self, ui: &Ui, actions: &mut Actions) {
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
        if self.had_cursor
            || ctx.text_edit_focused()
            || egui::Popup::is_any_open(ctx)
            || self.model.overlay.is_some()
        {
            return;
        }
        if is_pressed(ctx, Modifiers::NONE, Key::Slash) {
            // The slash itself must not end up in the filter.
            ui.input_mut(|input| {
                input
                    .events
                    .retain(|event| !matches!(event, egui::Event::Text(text) if text == "/"));
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
        let list = match self.model.view {
            View::Timeline | View::Ladder | View::Findings | View::State => list_id(),
            View::Calls => calls_list_id(),
            View::Compose | View::Scenarios | View::Overrides => return,
        };
        if focused.is_none_or(|id| id == list) {
            let before = actions.len();
            self.list_keys(ui, actions);
            if focused.is_none() && actions.len() > before {
                // A screen reader follows the keyboard.
                ui.memory_mut(|it| it.request_focus(list));
            }
        }
    }
}

impl Panel {
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
}

impl Panel {
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

/// Whether something can be given keyboard focus: not until the frame after the last one with an
/// overlay.
fn takes_keyboard(ui: &Ui) -> bool {
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

fn no_conversation(connection: &Connection) -> String {
    match connection {
        Connection::Attached(info) => {
            format!(
                "Listening in {}. No conversation between HubSpot and a widget yet",
                info.page
            )
        }
        Connection::Detached => "No page to inspect".to_owned(),
        Connection::Connecting => "Looking for the page…".to_owned(),
        Connection::Absent(page) => match &page.origin {
            Some(origin) => format!("Not listening in {origin}"),
            None => "Not listening".to_owned(),
        },
        Connection::Outdated(_) => {
            "Callscope was updated: reload the page and reopen DevTools".to_owned()
        }
    }
}

fn banners(model: &Model, is_dropping: bool) -> Vec<Banner> {
    let mut banners = Vec::new();
    if is_dropping {
        banners.push(Banner {
            icon: Icon::Import,
            text: "Drop a .callscope.jsonl file to open it".to_owned(),
            action: None,
        });
    }
    if let Some(text) = model.paused_words() {
        banners.push(Banner {
            icon: Icon::Paused,
            text,
            action: Some(Action::SetRecording { on: true }),
        });
    }
    if model.imported.is_none() {
        for origin in model.sees_inside() {
            banners.push(Banner {
                icon: Icon::Inside,
                text: format!(
                    "Callscope sees inside the pages of {}: its script runs in the page's own \
                     world, and window.parent is a stand-in there.",
                    words::origin(origin)
                ),
                action: Some(Action::SeeInside {
                    origin: origin.clone(),
                    on: false,
                }),
            });
        }
    }
    // The empty timeline itself says so and asks for permission.
    let is_asked = model.view == View::Timeline && model.empty_data().is_some();
    if let Some(silence) = model.worker_silence().filter(|_| !is_asked) {
        banners.push(Banner {
            icon: Icon::Warning,
            text: format!(
                "{}. This panel passes on what the widget's frame receives, as long as it is open. To mend it, reload Callscope on chrome://extensions or restart the browser, then reload this page and open DevTools anew.",
                worker_silent(silence)
            ),
            action: None,
        });
    }
    if let Some(redirected) = model.redirected().filter(|_| !is_asked) {
        banners.push(Banner {
            icon: Icon::Warning,
            text: format!("{}. {REDIRECTED_FIX}", redirected.words()),
            action: Some(Action::ShowView {
                view: View::Overrides,
            }),
        });
    }
    for origin in model.origins_to_permit() {
        if is_asked {
            break;
        }
        let text = format!(
            "The widget comes from {}, where Callscope may not listen: what HubSpot sends to it is missing.",
            words::origin(&origin)
        );
        let action = (!model.is_asking(&origin)).then_some(Action::PermitOrigin { origin });
        banners.push(Banner {
            icon: Icon::Warning,
            text,
            action,
        });
    }
    banners
}
