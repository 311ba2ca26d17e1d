//! The whole panel: connects the model and its views.

mod bars;
mod keyboard;
mod middle;
#[cfg(test)]
pub(crate) mod testing;
mod typed_ahead;

use std::collections::HashMap;
use std::ops::Range;

use callscope_protocol::Millis;
use egui::{Context, Rect, Ui, UiBuilder, pos2};

use self::keyboard::{hold_tooltips, takes_keyboard};
use self::typed_ahead::TypedAhead;
use crate::action::{Action, Overlay, View};
use crate::commands;
use crate::event::{Effect, Event};
use crate::model::{Model, Progress, Snapshot};
use crate::pace::Pace;
use crate::still::{Region, Still};
use crate::theme;
use crate::views::{
    Actions, above_notices, bar_height, calls_list_id, export_ui, list_id, notices_ui, overlay_ui,
    settings_ui, status_bar_ui,
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
    before: Drawn,
    /// Whether something to be answered first lies over the view, and what had the keyboard before.
    covered: Covered,
    typed_ahead: TypedAhead,
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
    seen: SeenSelection,
    /// Whether the view says that the user cleared the list, and offers to undo that.
    says_cleared: bool,
    pub(crate) still: Still,
}

/// What there was when the panel was last drawn.
#[derive(Clone, Copy, Debug, Default)]
struct Drawn {
    /// Whether a text field had the cursor: Esc takes the cursor away before anything else can
    /// check.
    had_cursor: bool,
    /// Whether a menu was open: Esc closes it.
    had_popup: bool,
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
}

/// The selection as the views last showed it.
#[derive(Debug, Default)]
struct SeenSelection {
    /// The view that was last drawn.
    view: Option<View>,
    /// The entry that was selected when each view was last drawn.
    selected: HashMap<View, Option<u64>>,
    /// The selected entry, once timeline or ladder have had it in sight.
    in_sight: Option<u64>,
}

/// How a view is drawn, compared with the last time.
#[derive(Clone, Copy)]
struct Look {
    /// Another view was drawn in between.
    is_chosen: bool,
    /// There is a selection that it has yet to show.
    is_new: bool,
}

impl SeenSelection {
    /// Whether `view` was just chosen, and whether it shows a selection that was made elsewhere since
    /// it was last drawn: then it scrolls there. Otherwise it stays where the user has scrolled it.
    fn look(&mut self, view: View, selected: Option<u64>) -> Look {
        let is_chosen = self.view.replace(view) != Some(view);
        let before = self.selected.insert(view, selected);
        let is_new = is_chosen && selected.is_some() && before != Some(selected);
        self.in_sight = self.in_sight.filter(|_| self.in_sight == selected);
        Look { is_chosen, is_new }
    }

    /// Whether a list that follows its end goes on with it: the selection was in sight, and is not
    /// any more because others came or the user went to the end.
    fn was_in_sight(&self, selected: Option<u64>) -> bool {
        selected.is_some() && self.in_sight == selected
    }
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
            before: Drawn::default(),
            covered: Covered::default(),
            typed_ahead: TypedAhead::default(),
            pace: Pace::default(),
            wants_drawing: false,
            wake_after: None,
            is_filtering: false,
            now: 0.0,
            list: ListInSight::default(),
            seen: SeenSelection::default(),
            says_cleared: false,
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
        self.before.had_cursor || self.before.had_popup || self.model.can_go_back()
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
        theme::fit_tooltips(ui.ctx());
        self.still.begin(ui);
        let mut actions = Actions::new();
        hold_tooltips(ui);
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
        self.says_cleared = false;
        self.middle_ui(ui, middle, above, &mut actions);
        let band = middle.with_min_y(above.bottom());
        let offered = self.says_cleared.then_some(&Action::UndoClear);
        notices_ui(ui, band, self.model.notices.iter(), offered, &mut actions);
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
        self.leave_field(ui);
        self.before = Drawn {
            had_cursor: ui.ctx().text_edit_focused(),
            had_popup: egui::Popup::is_any_open(ui.ctx()),
        };
        if !actions.is_empty() {
            for action in actions {
                self.perform(action);
            }
            // The result shows without delay.
            ui.ctx().request_repaint();
        }
    }

    /// Draws a part that stands still while the list is turned.
    fn region_ui(&mut self, ui: &mut Ui, region: Region, add: impl FnOnce(&mut Self, &mut Ui)) {
        let mut still = std::mem::take(&mut self.still);
        still.ui(ui, region, |ui| add(self, ui));
        self.still = still;
    }
}
