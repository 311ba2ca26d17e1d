//! The panel's state, without egui and without a browser.
//!
//! Three ways in: [`Model::handle`] for events from outside, `perform` for the user's actions,
//! [`Model::tick`] for time. What it asks of the outside is returned as [`Effect`]s.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use callscope_bus::{FromPanel, RecorderStatus, SettingText};
use callscope_live::{PageLoads, Tab};
use callscope_protocol::{Conversation, ConversationId, Link, Millis, Missing, Side};

use crate::action::{Fold, Overlay, View};
use crate::event::Effect;

mod announcing;
mod bar;
pub(crate) mod bounds;
mod cached;
mod calls;
mod clearing;
pub(crate) mod columns;
mod compose;
mod connection;
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
use calls::{Beside, Calls};
use callscope_session_log::Session;
use callscope_session_view::filter::FilterError;
use callscope_session_view::findings::Counts as FindingCounts;
use callscope_session_view::part::Part;
use callscope_session_view::rows::ViewOptions;
use callscope_session_view::words::{self, UtcOffset};
use callscope_session_view::{SessionView, overdue};
use clearing::Clearing;
use compose::{Compose, Surroundings};
use files::Imported;
use filtering::Filtering;
use findings::FindingsState;
use ladder::LadderState;
use leaving::LeftPage;
use notices::Notices;
use overrides::Overrides;
use permissions::Permissions;
use reading::{Other, Reading};
use redirected::FramePlaces;
pub(crate) use redirected::redirected_fix;
use removed::Removed;
use reports::{Exporting, Paused};
use saved::Saved;
use scenarios::Scenarios;
use selection::Selection;
use settings_sheet::BeforeReset;
use timeline::TimelineState;

/// What counts depend on: the session's revision, that of the view options, and both as they were
/// when the rows were last brought in step.
type CountsKey = (u64, u64, (u64, u64));

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

/// What the contents of the detail pane depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct DetailKey {
    id: u64,
    beside: Option<Beside>,
    session: u64,
    folds: u64,
    options_revision: u64,
    /// The options of the rows, which come later on a long session.
    drawn: u64,
    /// The time in seconds, if the pane shows a running time.
    second: Option<i64>,
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
                || source.session().conversations().any(bar::counts_time));
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

    /// Brings the rows up to date; call it before drawing, and again while there is more to do,
    /// with or without drawing.
    ///
    /// On a long session, a filter is applied in steps, smaller ones if the panel is drawn right
    /// after; returns whether there is more to do.
    pub(crate) fn refresh_for_drawing(&mut self, is_drawn: bool) -> bool {
        /// This many facts are filtered at once.
        const FACTS: usize = 2_000;
        /// Of longer sessions, this many facts are filtered in about a millisecond.
        const STEP: usize = 400;
        /// Fewer if the panel is drawn right after, which takes long enough.
        const DRAWN: usize = 200;
        let (source, options) = self.source_and_options();
        let was_done = source.filtering().is_none();
        let is_long = source.session().facts().len() > FACTS;
        let facts = match (is_long, is_drawn) {
            (true, true) => DRAWN,
            (true, false) => STEP,
            (false, _) => FACTS,
        };
        let is_done = source.update_rows_in_part(&options, facts);
        self.view_options = options;
        if is_done {
            self.has_other_rows(was_done);
        }
        self.order_rows();
        self.drawn = (self.shown().session().revision(), self.options_revision);
        !is_done
    }

    /// Brings the rows up to date; call it before looking at them.
    pub(crate) fn refresh(&mut self) {
        let (source, options) = self.source_and_options();
        let was_done = source.filtering().is_none();
        source.update_rows(&options);
        self.view_options = options;
        self.has_other_rows(was_done);
        self.order_rows();
    }

    /// The filter has been applied to all rows.
    fn has_other_rows(&mut self, at_once: bool) {
        // What was asked for since the options changed was answered by the rows before.
        if !at_once || self.applied != self.options_revision {
            self.options_revision += 1;
            self.applied = self.options_revision;
        }
        if std::mem::take(&mut self.recounts) {
            self.left_at = self.shown().rows().shown();
        }
    }

    /// The shown session and how its rows are filtered and folded; give the options back.
    fn source_and_options(&mut self) -> (&mut SessionView, ViewOptions) {
        let mut options = std::mem::take(&mut self.view_options);
        options.cleared = self.cleared();
        options.muted = self.muted_rules();
        let source = match &mut self.imported {
            Some(imported) => &mut imported.source,
            None => &mut self.live,
        };
        (source, options)
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

    /// The conversation that the bar shows: the chosen one, otherwise that of the selected message,
    /// otherwise the newest one that is alive.
    pub(crate) fn bar_conversation(&self) -> Option<&Conversation> {
        let source = self.shown();
        let session = source.session();
        let selected = || {
            let (_, placed) = source.find(self.selected?)?;
            Some(placed.message()?.conversation)
        };
        let chosen = self
            .chosen_conversation
            .and_then(|it| session.conversation(it));
        chosen
            .or_else(|| selected().and_then(|it| session.conversation(it)))
            .or_else(|| {
                session.conversations().max_by(|a, b| {
                    let lives = |it: &Conversation| !matches!(it.link, Link::Closed { .. });
                    // However much a stranger says, the bar is about the widget.
                    (b.is_strangers().cmp(&a.is_strangers()))
                        .then(lives(a).cmp(&lives(b)))
                        .then(a.last_at.0.total_cmp(&b.last_at.0))
                })
            })
    }

    /// What the bar would show about a conversation.
    fn bar_of(&self, all: &[&Conversation], it: &Conversation) -> BarData {
        let mut data = BarData::new(
            all,
            it,
            self.shown_now(),
            self.shown().session().why_not_ready(it.id),
        );
        let is_live = self.imported.is_none();
        if is_live && !it.is_strangers() && self.loads.is_in_closed_window(it.id) {
            data.tell_closed_window();
        }
        data
    }

    /// What the bar shows about it.
    pub(crate) fn bar_data(&self) -> Option<BarData> {
        let source = self.shown();
        let shown = self.bar_conversation()?;
        let all: Vec<&Conversation> = source.session().conversations().collect();
        let now = self.shown_now();
        let mut data = self.bar_of(&all, shown);
        let overdue = now.and_then(|now| overdue::dial(source, shown.id, now));
        if let Some(overdue) = overdue.filter(|_| self.imported.is_none()) {
            let cause = source.session().why_unanswered(shown.id, overdue.request);
            data.trouble = Some(bar::unanswered_dial(overdue, cause));
        }
        let is_about_link = matches!(
            shown.link,
            Link::Syncing { .. } | Link::Failed { .. } | Link::Ready { .. }
        );
        if let Some(trouble) = &mut data.trouble
            && (is_about_link || overdue.is_some())
        {
            trouble.severity = bar::severity(source, shown, trouble);
            if trouble.is_unexplained
                && is_about_link
                && let Some(entry) = bar::first_error(source, shown)
            {
                trouble.point_to_error(&entry);
            }
        }
        if self.imported.is_none() {
            let origin = shown.widget_origin.as_ref();
            data.sees_inside = origin.map(|origin| self.sees_inside().contains(origin));
            if let (Some(false), Some(trouble)) = (data.sees_inside, &mut data.trouble) {
                trouble.point_to_eye();
            }
        }
        Some(data)
    }

    /// Says that the filter hides everything the view would show; `None` if it does not.
    pub(crate) fn all_hidden_words(&mut self) -> Option<String> {
        if self.shown().filtering().is_some() {
            return None;
        }
        let (shown, hidden, what) = match self.view {
            View::Timeline | View::Ladder | View::State => {
                let rows = self.shown().rows();
                (rows.shown(), rows.hidden(), "message")
            }
            View::Findings => {
                let data = self.findings_data();
                (data.count as u64, data.hidden as u64, "finding")
            }
            View::Calls => {
                let table = self.call_table();
                (table.rows.len() as u64, table.hidden, "call")
            }
            View::Compose | View::Scenarios | View::Overrides => return None,
        };
        let hidden = (shown == 0 && hidden > 0).then_some(hidden)?;
        let hidden = match hidden {
            1 => format!("the only {what}"),
            many => format!("all {}", words::counted(many, what)),
        };
        Some(format!("The filter hides {hidden}"))
    }

    /// Why the timeline is empty; `None` if it is not empty.
    pub(crate) fn empty_data(&self) -> Option<EmptyData> {
        let rows = self.shown().rows();
        if !rows.is_empty() {
            return None;
        }
        Some(EmptyData::new(empty::Situation {
            connection: &self.connection,
            status: self.status.as_ref(),
            is_imported: self.imported.is_some(),
            hidden: rows.hidden(),
            cleared: rows.cleared(),
            has_parked: self.has_parked() && self.imported.is_none(),
            permissions: &self.permissions,
            redirected: self.redirected(),
            worker_silence: self.worker_silence(),
        }))
    }

    /// What the detail pane shows; `None` if it is closed.
    pub(crate) fn detail_data(&mut self) -> Option<Rc<Option<DetailData>>> {
        if !self.is_detail_open {
            return None;
        }
        if let Some(elsewhere) = self.elsewhere_detail() {
            return Some(Rc::new(Some(elsewhere)));
        }
        let id = self.selected?;
        let now = self.shown_now();
        let beside = self.beside_selected();
        #[expect(clippy::cast_possible_truncation, reason = "saturates")]
        let second = now.map(|now| (now.0 / 1000.0).floor() as i64);
        let key = DetailKey {
            beside,
            id,
            second: second.filter(|_| self.detail_counts_time()),
            session: self.shown().session().revision(),
            folds: self.fold_revision,
            options_revision: self.options_revision,
            drawn: self.drawn.1,
        };
        let mut cached = std::mem::take(&mut self.detail);
        let data = cached.get(key, || {
            let reading = &self.reading;
            let mut data =
                DetailData::new(self.shown(), id, (&self.folds, reading), self.offset, now);
            if let Some(DetailData::Message(message)) = &mut data {
                self.compare_in_detail(message, beside);
            }
            data
        });
        self.detail = cached;
        data.is_some().then_some(data)
    }

    /// Compares a message with what a comparison has beside it, unless the user chose another.
    fn compare_in_detail(&self, message: &mut MessageDetail, beside: Option<Beside>) {
        let is_chosen = (message.other.as_ref()).is_ok_and(|it| it.is == Other::Chosen);
        let beside = beside.filter(|_| !is_chosen);
        if let Some(other) = beside.and_then(|it| self.compared_beside(message.id, it)) {
            message.other = other;
        }
    }

    /// Whether the details shown last change as time passes.
    fn detail_counts_time(&self) -> bool {
        let last = self.detail.last().and_then(Option::as_ref);
        self.is_detail_open && last.is_some_and(DetailData::counts_time)
    }

    /// The number of findings, whether or not the filter shows their messages.
    pub(crate) fn finding_counts(&mut self) -> FindingCounts {
        let key = self.counts_key();
        let mut cached = std::mem::take(&mut self.finding_counts);
        let counts = cached.get(key, || self.shown().finding_counts());
        self.finding_counts = cached;
        *counts
    }

    /// How many findings the filter shows.
    pub(crate) fn shown_finding_count(&mut self) -> usize {
        if self.view_options.filter.is_empty() {
            self.finding_counts().total()
        } else {
            self.findings_data().count
        }
    }

    fn counts_key(&self) -> CountsKey {
        (
            self.shown().session().revision(),
            self.options_revision,
            self.drawn,
        )
    }

    /// How many messages are missing.
    pub(crate) fn missing(&mut self) -> Missing {
        let key = self.counts_key();
        let mut cached = std::mem::take(&mut self.missing);
        let missing = cached.get(key, || self.shown().missing());
        self.missing = cached;
        *missing
    }

    pub(crate) fn compose_data(&mut self) -> ComposeData {
        let mut compose = std::mem::take(&mut self.compose);
        let data = compose.data(self.surroundings(), &self.settings.snippets);
        self.compose = compose;
        data
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            source: &self.live,
            is_attached: self.connection.is_attached(),
            is_imported: self.imported.is_some(),
            loads: &self.loads,
            frames: self.status.as_ref().map_or(&[], |status| &status.frames),
            is_worker_silent: self.worker_silence().is_some(),
            now: self.recorder_clock().unwrap_or(self.now),
        }
    }

    pub(crate) fn overrides_data(&self) -> OverridesData {
        let obstacle = if self.imported.is_some() {
            Some("This is a saved session. Go back to live to change the page.")
        } else if self.connection.is_attached() {
            None
        } else {
            Some("Callscope is not connected to a HubSpot page, so there is nothing to change.")
        };
        self.overrides
            .data(obstacle.map(str::to_owned), self.offset)
    }

    /// How long the worker has not answered, if that is long enough to mention.
    pub(crate) fn worker_silence(&self) -> Option<Millis> {
        let since = self.worker_silent_since?;
        let matters = self.imported.is_none() && self.connection.is_attached();
        matters.then(|| self.now - since)
    }

    /// Origins of widgets that Callscope lacks permission for.
    pub(crate) fn origins_to_permit(&self) -> Vec<String> {
        if self.imported.is_some() || !self.connection.is_attached() {
            return Vec::new();
        }
        let frames = self.status.iter().flat_map(|status| &status.frames);
        let mut origins: Vec<String> = frames
            .filter(|frame| frame.widget && !frame.tapped)
            .filter(|frame| self.permissions.is_missing(&frame.origin))
            .map(|frame| frame.origin.clone())
            .collect();
        origins.sort();
        origins.dedup();
        origins
    }

    /// Whether the browser is being asked for permission for this origin.
    pub(crate) fn is_asking(&self, origin: &str) -> bool {
        self.asking.contains(origin)
    }

    pub(crate) const fn has_parked(&self) -> bool {
        self.left.parked.is_some()
    }

    /// The shown session as a complete log file.
    #[must_use]
    pub fn export_text(&self) -> String {
        let whole = Part::Whole.of(self.shown(), &self.cleared());
        self.export_lines(&whole.session)
    }

    /// A part of the shown session as a log.
    fn export_lines(&self, part: &Session) -> String {
        let writer = match &self.connection {
            Connection::Attached(info) => files::Writer {
                user_agent: info.user_agent.clone(),
                page: Some(info.page.clone()),
            },
            _ => files::Writer::default(),
        };
        let header = self.imported.as_ref().map(|imported| &imported.header);
        files::export(part, header, &writer, self.now)
    }

    fn seconds(&self) -> f64 {
        self.now.0 / 1000.0
    }

    fn request(&mut self, request: Request) -> u32 {
        self.next_request += 1;
        self.requests.insert(self.next_request, request);
        self.next_request
    }

    fn read_settings(&mut self) -> Effect {
        self.overrides.is_waiting = true;
        let request = self.request(Request::ReadSettings);
        let keys = overrides::KEYS.map(|it| it.key.to_owned()).to_vec();
        Effect::Send(FromPanel::ReadSettings { request, keys })
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
