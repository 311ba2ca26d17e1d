//! The panel's state, without egui and without a browser.
//!
//! Three ways in: [`Model::handle`] for events from outside, `perform` for the user's actions,
//! [`Model::tick`] for time. What it asks of the outside is returned as [`Effect`](crate::event::Effect)s.

use std::collections::{BTreeSet, HashMap, HashSet};

use callscope_bus::{RecorderStatus, SettingText};
use callscope_live::{PageLoads, Tab};
use callscope_protocol::{ConversationId, Millis, Missing, Side};

use crate::action::{Fold, Overlay, View};

mod announcing;
mod bar;
pub(crate) mod bounds;
mod cached;
mod calls;
mod clearing;
pub(crate) mod columns;
mod compose;
mod connection;
mod counts;
mod detail;
mod drawn;
mod empty;
mod exporting;
mod files;
mod filtering;
mod finding_menu;
pub(crate) mod findings;
mod incoming;
mod json_tree;
pub(crate) mod ladder;
mod leaving;
mod moving;
mod notices;
mod overrides;
mod perform;
mod permissions;
pub(crate) mod reading;
mod redirected;
mod removed;
mod reports;
mod rows;
mod saved;
pub(crate) mod scenarios;
mod selection;
mod settings;
mod settings_sheet;
mod snapshot;
mod snippets;
pub(crate) mod state;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub(crate) mod timeline;

pub(crate) use bar::{BarData, Health, Trouble};
pub(crate) use calls::{CallsData, ComparisonData, Followed, share};
#[cfg(test)]
pub(crate) use compose::Obstacle;
pub(crate) use compose::{ComposeData, SendOutcome, TypeGroup};
pub(crate) use connection::Connection;
pub(crate) use detail::{DetailData, Folds, MessageDetail};
pub(crate) use empty::{EmptyData, worker_silent};
pub(crate) use exporting::ExportData;
pub(crate) use findings::{FindingDetail, FindingsData, Mute, Place};
pub(crate) use json_tree::{TreeLine, ValueKind};
pub(crate) use notices::{Notice, Tone};
pub(crate) use overrides::{
    ChangeData, FieldKind, KeyData, KeyState, OverrideField, OverridesData, WriteOutcome,
};
pub(crate) use saved::{OpeningFile, SavedSession, SessionsData};
pub(crate) use settings::{DETAIL_SHARES, SavedFilter, Settings};
pub(crate) use settings_sheet::SettingsData;
pub use snapshot::{
    ComposeSnapshot, ConversationSnapshot, EmptySnapshot, FindingSnapshot, Progress, RowSnapshot,
    SettingSnapshot, Snapshot, StatusSnapshot,
};
pub(crate) use snippets::SnippetsData;

use announcing::Announcer;
use cached::Cached;
use calls::Calls;
use callscope_session_view::SessionView;
use callscope_session_view::filter::FilterError;
use callscope_session_view::findings::Counts as FindingCounts;
use callscope_session_view::rows::ViewOptions;
use callscope_session_view::words::{self, UtcOffset};
use clearing::Clearing;
use compose::Compose;
use counts::CountsKey;
use detail::DetailKey;
use files::Imported;
use filtering::Filtering;
use findings::FindingsState;
use ladder::LadderState;
use leaving::LeftPage;
use notices::Notices;
use overrides::Overrides;
use permissions::Permissions;
use reading::Reading;
use redirected::FramePlaces;
pub(crate) use redirected::redirected_fix;
use removed::Removed;
use reports::{Exporting, Paused};
use saved::Saved;
use scenarios::Scenarios;
use selection::Selection;
use settings_sheet::BeforeReset;
use timeline::TimelineState;

/// What a request to the recorder was for.
#[derive(Clone, Debug, PartialEq)]
enum Request {
    ReadSettings,
    WriteSetting {
        setting: SettingText,
        before: Option<String>,
    },
    Inject {
        message_id: String,
        from: Side,
    },
    Reload,
    /// Deadlines wait for it: whether nothing has happened by then.
    Time,
    /// The export waits for it, from the recorder of this tab.
    Export(Tab),
}

/// What the views must do once, the next time they are drawn.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Nudges {
    /// Scroll the selected row into view.
    pub(crate) reveal: bool,
    /// Move the cursor to the filter field.
    pub(crate) focus_filter: bool,
    /// Move keyboard focus to the list.
    pub(crate) focus_list: bool,
}

/// The panel's state.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent state"
)]
pub struct Model {
    pub(crate) settings: Settings,
    pub(crate) offset: UtcOffset,
    /// The user's wall clock.
    now: Millis,

    pub(crate) connection: Connection,
    /// The page loads whose records the live session holds.
    loads: PageLoads,
    /// The calling windows of the page.
    windows: BTreeSet<Tab>,
    live: SessionView,
    clearing: Clearing,
    pub(crate) status: Option<RecorderStatus>,
    /// When `status` arrived, by the wall clock.
    status_at: Millis,
    is_quiet: bool,
    only_wakes: bool,
    /// The export that is waiting for recorders.
    exporting: Option<Exporting>,
    requests: HashMap<u32, Request>,
    next_request: u32,
    left: LeftPage,
    /// Origins for which the browser is being asked for permission.
    asking: HashSet<String>,
    /// The origins whose pages are looked into, from their next load on. `None` until the browser
    /// has reported them.
    sees_inside: Option<Vec<String>>,
    permissions: Permissions,
    frame_places: FramePlaces,
    /// Since when the worker has not answered; `None` if it has.
    worker_silent_since: Option<Millis>,

    pub(crate) export: exporting::ExportState,
    /// What the recorder that answers next is to be told: whether it shall record.
    recording_wish: Option<bool>,
    /// When recording was paused; `None` if it is not.
    paused: Option<Paused>,
    /// The messages selected together with the selected entry.
    selection: Selection,
    /// The settings before the last reset.
    before_reset: Option<Box<BeforeReset>>,
    /// The saved filter or message that was removed last.
    removed: Option<Removed>,
    pub(crate) imported: Option<Imported>,
    saved: Saved,
    /// Changes whenever another session is shown: where the views were scrolled to is forgotten.
    pub(crate) session_number: u32,
    pub(crate) view: View,
    pub(crate) filter_text: String,
    /// How the rows are filtered and folded, apart from what was cleared.
    view_options: ViewOptions,
    pub(crate) filter_error: Option<FilterError>,
    pub(crate) filtering: Filtering,
    /// What is shown over the panel.
    pub(crate) overlay: Option<Overlay>,
    /// Changes whenever the rows would change although the session has not.
    options_revision: u64,
    /// The revision of the options for which the rows were last updated.
    applied: u64,
    pub(crate) folds: Folds,
    /// Changes whenever `folds` do.
    fold_revision: u64,
    detail: Cached<DetailKey, Option<DetailData>>,
    finding_counts: Cached<CountsKey, FindingCounts>,
    missing: Cached<CountsKey, Missing>,
    /// The session's revision and that of the options, as last drawn.
    drawn: (u64, u64),
    /// The id of the selected entry.
    pub(crate) selected: Option<u64>,
    pub(crate) is_detail_open: bool,
    pub(crate) follows: bool,
    pub(crate) timeline: TimelineState,
    /// How many messages there were when the user stopped following.
    left_at: u64,
    /// The filter has changed; the messages that it shows are counted once it is applied.
    recounts: bool,
    /// The conversation that the user chose for the bar.
    chosen_conversation: Option<ConversationId>,
    pub(crate) nudges: Nudges,
    /// How many rows of the timeline are visible at once.
    pub(crate) page_rows: usize,

    pub(crate) calls: Calls,
    pub(crate) ladder: LadderState,
    state: state::StateState,
    findings: FindingsState,
    reading: Reading,
    compose: Compose,
    pub(crate) overrides: Overrides,
    scenarios: Scenarios,
    pub(crate) notices: Notices,
    announcer: Announcer,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            offset: UtcOffset::default(),
            now: Millis(0.0),
            connection: Connection::default(),
            loads: PageLoads::default(),
            windows: BTreeSet::new(),
            live: SessionView::default(),
            clearing: Clearing::default(),
            status: None,
            status_at: Millis(0.0),
            is_quiet: false,
            only_wakes: false,
            exporting: None,
            requests: HashMap::new(),
            next_request: 0,
            left: LeftPage::default(),
            asking: HashSet::new(),
            sees_inside: None,
            permissions: Permissions::default(),
            frame_places: FramePlaces::default(),
            worker_silent_since: None,
            export: exporting::ExportState::default(),
            recording_wish: None,
            paused: None,
            selection: Selection::default(),
            before_reset: None,
            removed: None,
            imported: None,
            saved: Saved::default(),
            session_number: 0,
            view: View::default(),
            filter_text: String::new(),
            view_options: ViewOptions::default(),
            filter_error: None,
            filtering: Filtering::default(),
            overlay: None,
            options_revision: 0,
            applied: 0,
            folds: Folds::default(),
            fold_revision: 0,
            detail: Cached::default(),
            finding_counts: Cached::default(),
            missing: Cached::default(),
            drawn: (0, 0),
            selected: None,
            is_detail_open: false,
            follows: true,
            timeline: TimelineState::default(),
            left_at: 0,
            recounts: false,
            chosen_conversation: None,
            nudges: Nudges::default(),
            page_rows: 20,
            calls: Calls::default(),
            ladder: LadderState::default(),
            state: state::StateState::default(),
            findings: FindingsState::default(),
            reading: Reading::default(),
            compose: Compose::default(),
            overrides: Overrides::default(),
            scenarios: Scenarios::default(),
            notices: Notices::default(),
            announcer: Announcer::default(),
        }
    }
}

impl Model {
    /// The model of a panel that has just opened; `is_detached` if there is no page to inspect.
    #[must_use]
    pub fn new(settings: Option<&str>, offset: UtcOffset, is_detached: bool) -> Self {
        let settings = settings.and_then(Settings::parse).unwrap_or_default();
        let mut model = Self {
            offset,
            connection: if is_detached {
                Connection::Detached
            } else {
                Connection::Connecting
            },
            ..Self::default()
        };
        model.export.choice.redacted = settings.redact_exports;
        model.settings = settings;
        model
    }

    /// Sets the wall clock for the events that are handled next; nothing becomes due.
    pub fn set_time(&mut self, now: Millis) {
        self.now = now;
    }

    /// Lets time pass; `now` is the wall clock. Returns in how many milliseconds to call this again
    /// even if nothing happens: because something will look different then, unless it
    /// [`only_wakes`](Self::only_wakes).
    pub fn tick(&mut self, now: Millis) -> Option<f64> {
        self.now = now;
        self.note_pause();
        self.live.tell_time(self.recorder_now());
        if let Some(at) = self.confirmed_now() {
            self.live.advance(at);
        }
        self.advance_scenario();
        let mut next = self
            .notices
            .tick(now.0 / 1000.0)
            .map(|at| at * 1000.0 - now.0);
        let source = self.shown();
        let is_running = self.imported.is_none() && !self.is_paused();
        let counts = self.connection.is_attached()
            && (self.detail_counts_time()
                || (source.session().conversations())
                    .any(|it| bar::counts_time(it, self.shown_now())));
        let counts = counts || (self.view == View::Calls && self.calls_count_time());
        if self.worker_silence().is_some() || (is_running && counts) {
            // In step with the seconds shown.
            next = Some(next.map_or(1000.0, |next| next.min(1000.0)));
        }
        let earliest = |one: Option<f64>, other: Option<f64>| match (one, other) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let looks = earliest(earliest(next, self.renewal_due()), self.scenario_counts());
        let announcement = self.announcement_due();
        let wakes = earliest(
            earliest(self.silence_due(), self.export_due()),
            earliest(announcement, self.scenario_due()),
        );
        self.only_wakes = wakes.is_some_and(|wakes| looks.is_none_or(|looks| wakes < looks));
        earliest(looks, wakes).map(|next| next.max(20.0))
    }

    /// Whether the next [`tick`](Self::tick) that was asked for changes nothing on the screen.
    pub(crate) const fn only_wakes(&self) -> bool {
        self.only_wakes
    }

    /// The time up to which the shown session is complete.
    pub(crate) fn shown_now(&self) -> Option<Millis> {
        match &self.imported {
            Some(imported) => imported
                .source
                .session()
                .facts()
                .last()
                .map(|last| last.fact.at()),
            None => self.recorder_now().or_else(|| self.live.session().now()),
        }
    }

    /// How many messages have arrived so far, whatever became of them.
    pub(crate) fn arrived(&self) -> u64 {
        self.live.work().decoded
    }

    /// The shown session.
    pub(crate) fn shown(&self) -> &SessionView {
        self.imported
            .as_ref()
            .map_or(&self.live, |imported| &imported.source)
    }

    /// Whether the page is being recorded; `None` if that cannot be changed here: in a saved
    /// session, the change would not show.
    pub(crate) fn recording(&self) -> Option<bool> {
        self.is_recorded().filter(|_| self.imported.is_none())
    }

    /// Whether the page is being recorded, whichever session is shown; `None` if it has no recorder.
    pub(crate) fn is_recorded(&self) -> Option<bool> {
        // The last status is that of a page that is gone.
        let is_gone = !matches!(
            self.connection,
            Connection::Attached(_) | Connection::Connecting
        );
        let status = self.status.as_ref().filter(|_| !is_gone);
        status.map(|status| status.recording)
    }

    /// Whether the session has changed since it was drawn.
    pub(crate) fn is_stale(&self) -> bool {
        self.drawn != (self.shown().session().revision(), self.options_revision)
    }

    /// Whether [`Action::Back`](crate::Action::Back) changes anything.
    pub(crate) fn can_go_back(&self) -> bool {
        self.step_back().is_some()
    }

    /// How many messages have arrived since the user stopped following.
    pub(crate) fn new_count(&self) -> u64 {
        if self.follows {
            0
        } else {
            self.shown().rows().shown().saturating_sub(self.left_at)
        }
    }

    /// The selected entry's place in the list of rows.
    pub(crate) fn selected_row(&self) -> Option<usize> {
        let (position, _) = self.shown().find(self.selected?)?;
        let row = self.shown().rows().row_of(position)?;
        Some(self.place_of(row))
    }

    /// The origins whose pages are looked into, as far as the browser has reported them.
    pub(crate) fn sees_inside(&self) -> &[String] {
        self.sees_inside.as_deref().unwrap_or_default()
    }

    /// Says that recording is paused, for a line that nobody overlooks.
    pub(crate) fn paused_words(&self) -> Option<String> {
        let is_live = self.imported.is_none() && self.connection.is_attached();
        let status = self.status.as_ref().filter(|it| is_live && !it.recording)?;
        let since = self.paused?.since;
        let time = self.offset.time_of_day(since);
        let time = time.get(..5).unwrap_or_default();
        let passed = match status.passed {
            0 => "no message has come since".to_owned(),
            1 => "1 message has come since, and is not recorded".to_owned(),
            many => {
                let many = words::counted(many, "message");
                format!("{many} have come since, and are not recorded")
            }
        };
        Some(format!("Paused since {time}: {passed}"))
    }

    /// Whether the recorder has not answered yet, or has not yet sent its records.
    pub(crate) fn is_starting(&self) -> bool {
        match self.connection {
            Connection::Connecting => true,
            Connection::Attached(_) => self.status.is_none() && self.shown().rows().is_empty(),
            Connection::Detached | Connection::Absent(_) | Connection::Outdated(_) => false,
        }
    }

    /// Whether the last event changed nothing but the time.
    pub(crate) const fn is_quiet(&self) -> bool {
        self.is_quiet
    }

    pub(crate) fn selected_seq(&self) -> Option<u64> {
        let (_, placed) = self.shown().find(self.selected?)?;
        Some(placed.message()?.seq)
    }

    /// How long the worker has not answered, if that is long enough to mention.
    pub(crate) fn worker_silence(&self) -> Option<Millis> {
        let since = self.worker_silent_since?;
        let matters = self.imported.is_none() && self.connection.is_attached();
        matters.then(|| self.now - since)
    }

    pub(crate) const fn has_parked(&self) -> bool {
        self.left.parked.is_some()
    }

    fn seconds(&self) -> f64 {
        self.now.0 / 1000.0
    }

    fn request(&mut self, request: Request) -> u32 {
        self.next_request += 1;
        self.requests.insert(self.next_request, request);
        self.next_request
    }

    /// Forgets state that belongs to another session's entries.
    fn look_at_another_session(&mut self) {
        self.select_alone(None);
        self.is_detail_open = false;
        self.chosen_conversation = None;
        self.end_following_call();
        self.calls.look_at_another_session();
        self.findings.look_at_another_session();
        self.session_number += 1;
        self.reading.marked = None;
        self.view_options.unfolded.clear();
        self.folds
            .retain(|fold, _| matches!(fold, Fold::Section { .. }));
        self.fold_revision += 1;
        self.options_revision += 1;
    }
}
