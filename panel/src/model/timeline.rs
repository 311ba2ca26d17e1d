//! The timeline besides its rows: their order, ties, the overview, the row menu.

use std::ops::Range;
use std::rc::Rc;

use callscope_protocol::{CallId, Fact, Finding, Millis, Severity};
use callscope_session_view::rows::RowText;
use callscope_session_view::{SessionView, findings};

use super::Model;
use super::cached::{Cached, Paced};
use super::columns::{Clock, Sort, TimeFormat};
use crate::action::{Action, View};

/// The state of the timeline. The sort order is not stored with the settings: a forgotten one hides
/// what is new.
#[derive(Debug, Default)]
pub(crate) struct TimelineState {
    /// `None` for session order.
    pub(crate) sort: Option<Sort>,
    order: Paced<(u64, Sort), Order>,
    overview: Paced<(u64, Option<Sort>), Overview>,
    pub(crate) menu: Option<OpenMenu>,
    /// The ids of the entries that have arrived since the list was sorted. A number would not do:
    /// how many of them are in the list depends on the filter.
    arrived: Vec<u64>,
    new_count: Cached<(u64, u64), u64>,
    /// A place to scroll to once.
    pub(crate) jump: Option<usize>,
}

/// The sorted rows.
#[derive(Debug, Default)]
struct Order {
    /// The row at each place.
    rows: Vec<usize>,
    /// The place of each row.
    places: Vec<usize>,
}

/// The row whose menu is open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct OpenMenu {
    pub(crate) id: u64,
    /// Where the pointer was; `None` if the menu was opened with a key.
    pub(crate) at: Option<(f32, f32)>,
}

/// A row with the request or an answer of the selected message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TiedRow {
    /// Its place in the list.
    pub(crate) place: usize,
    /// Whether it is the selected message's request; otherwise it is an answer to it.
    pub(crate) is_request: bool,
}

/// The whole list in miniature.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Overview {
    /// Equal shares of the rows, from the first to the last.
    pub(crate) buckets: Vec<Bucket>,
}

/// Some of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bucket {
    /// The worst severity of their findings.
    pub(crate) severity: Option<Severity>,
    /// The last call.
    pub(crate) call: Option<CallId>,
    /// Whether messages are missing.
    pub(crate) has_gap: bool,
    /// Whether a page was loaded or unloaded.
    pub(crate) has_load: bool,
}

/// More buckets than anyone can tell apart.
const MAX_BUCKETS: usize = 512;

/// How many rows of a bucket are checked for their call.
const SAMPLES: usize = 8;

/// The context menu of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RowMenu {
    pub(crate) open: OpenMenu,
    /// The items, in groups.
    pub(crate) groups: Vec<Vec<(String, Action)>>,
    /// How the list is sorted.
    pub(crate) sort: Option<Sort>,
}

impl Overview {
    fn new(view: &SessionView, place_of: impl Fn(usize) -> usize) -> Self {
        let rows = view.rows();
        let session = view.session();
        let count = rows.len();
        let mut buckets = vec![Bucket::default(); count.min(MAX_BUCKETS)];
        let bucket_count = buckets.len();
        let row_of = |finding: &Finding| {
            let entry = session.anchor_of(finding)?;
            rows.row_of(session.position(entry.id)?)
        };
        let mut at_row = |row: usize, change: &dyn Fn(&mut Bucket)| {
            let bucket = place_of(row) * bucket_count / count.max(1);
            if let Some(bucket) = buckets.get_mut(bucket) {
                change(bucket);
            }
        };
        for finding in session.findings().iter().filter(|it| !view.is_muted(it)) {
            let severity = findings::severity(session, finding);
            if let Some(row) = row_of(finding) {
                at_row(row, &|bucket| {
                    bucket.severity = bucket.severity.max(Some(severity));
                });
            }
        }
        for (position, placed) in session.other_facts() {
            let is_gap = match placed.fact {
                Fact::Gap(_) => true,
                Fact::Conversation(_) | Fact::Closed(_) => false,
                Fact::Message(_) | Fact::Setting(_) | Fact::Inside(_) | Fact::End(_) => continue,
            };
            if let Some(row) = rows.row_of(position) {
                at_row(row, &|bucket| {
                    bucket.has_gap |= is_gap;
                    bucket.has_load |= !is_gap;
                });
            }
        }
        let step = (count / (MAX_BUCKETS * SAMPLES)).max(1);
        for row in (0..count).step_by(step) {
            let fact = rows
                .get(row)
                .and_then(|row| session.facts().get(row.positions().start));
            let recorded = fact.and_then(|placed| placed.message());
            if let Some(call) = recorded.and_then(|it| session.placement(it.seq).call) {
                at_row(row, &|bucket| bucket.call = Some(call));
            }
        }
        Self { buckets }
    }
}

impl Model {
    /// Sorts the rows as the user chose; call it when they are up to date.
    pub(super) fn order_rows(&mut self) {
        let Some(sort) = self.timeline.sort else {
            return;
        };
        let key = (
            (self.options_revision, sort),
            self.shown().session().revision(),
        );
        let mut order = std::mem::take(&mut self.timeline.order);
        // New rows are at the end until the next sorting; rows that are gone must not be shown.
        let count = self.shown().rows().len();
        let has_gone = order.last().is_some_and(|last| last.rows.len() > count);
        let pause = if has_gone { Millis(0.0) } else { self.pause() };
        order.get(key, self.now, pause, || {
            let rows = self
                .shown()
                .ordered(sort.column.spec().order, sort.is_descending);
            let mut places = vec![0; rows.len()];
            for (place, row) in rows.iter().enumerate() {
                if let Some(slot) = places.get_mut(*row) {
                    *slot = place;
                }
            }
            Order { rows, places }
        });
        self.timeline.order = order;
    }

    fn order(&self) -> Option<&Order> {
        self.timeline.sort?;
        // The ladder is always in order of time.
        if matches!(self.view, View::Ladder | View::State) {
            return None;
        }
        self.timeline.order.last()
    }

    /// The row at this place of the list.
    pub(crate) fn row_at(&self, place: usize) -> usize {
        let row = self.order().and_then(|order| order.rows.get(place));
        row.copied().unwrap_or(place)
    }

    /// The place of a row in the list.
    pub(crate) fn place_of(&self, row: usize) -> usize {
        let place = self.order().and_then(|order| order.places.get(row));
        place.copied().unwrap_or(row)
    }

    /// The texts of the rows at these places.
    pub(crate) fn describe_places(&self, places: Range<usize>) -> Vec<RowText> {
        let source = self.shown();
        if self.timeline.sort.is_none() {
            return source.describe(places, self.offset);
        }
        let rows = places.map(|place| self.row_at(place));
        rows.flat_map(|row| source.describe(row..row + 1, self.offset))
            .collect()
    }

    /// Whether the list follows its end, which it does only in session order.
    pub(crate) fn follows_tail(&self) -> bool {
        self.follows && self.timeline.sort.is_none()
    }

    /// Sorts the list, and scrolls to its top: whoever sorts wants to see what comes first. In the
    /// session's order, it scrolls to the selected row, if there is one.
    pub(super) fn sort(&mut self, sort: Option<Sort>) {
        self.timeline.sort = sort;
        self.order_rows();
        self.forget_arrived();
        self.nudges.reveal = sort.is_none();
        let has_place = sort.is_none() && self.selected_row().is_some();
        if !has_place && !self.follows_tail() {
            self.timeline.jump = Some(0);
        }
    }

    /// Counts anew what arrives in a sorted list.
    pub(super) fn forget_arrived(&mut self) {
        self.timeline.arrived.clear();
        self.timeline.new_count = Cached::default();
    }

    /// Takes note of what arrives in a sorted list. What is only filed anew is not new.
    pub(super) fn arrives_in_sorted(&mut self, ids: impl Iterator<Item = u64>) {
        if self.timeline.sort.is_some() {
            let session = self.live.session();
            let new = ids.filter(|id| session.position(*id).is_none());
            self.timeline.arrived.extend(new);
        }
    }

    /// How many messages of the list have arrived since it was sorted, each at its place; `None` in
    /// a saved session, in which none arrive.
    pub(crate) fn new_since_sorted(&mut self) -> Option<u64> {
        if self.imported.is_some() {
            return None;
        }
        let key = (self.options_revision, self.live.session().revision());
        let mut cached = std::mem::take(&mut self.timeline.new_count);
        let count = cached.get(key, || {
            let is_listed = |id: &&u64| {
                let found = self.live.find(**id);
                found.is_some_and(|(position, placed)| {
                    placed.message().is_some() && self.live.shows(position)
                })
            };
            self.timeline.arrived.iter().filter(is_listed).count() as u64
        });
        self.timeline.new_count = cached;
        Some(*count)
    }

    /// The place in the list of the row with this id.
    pub(crate) fn place_of_row(&self, id: u64) -> Option<usize> {
        let (position, _) = self.shown().find(id)?;
        let row = self.shown().rows().row_of(position)?;
        Some(self.place_of(row))
    }

    /// The reference for the list's times.
    pub(crate) fn clock(&self) -> Clock {
        let source = self.shown();
        let start = match self.settings.columns.time {
            TimeFormat::OfDay => None,
            TimeFormat::SinceFirst => source.row_at(0),
            TimeFormat::SinceSelected => {
                let selected = self.selected.and_then(|id| source.find(id));
                selected.map_or_else(|| source.row_at(0), |(_, it)| Some(it.fact.at()))
            }
        };
        start.map_or(Clock::OfDay, Clock::Since)
    }

    /// The request and the answers of the selected message that are in the list.
    pub(crate) fn tied_rows(&self) -> Vec<TiedRow> {
        let source = self.shown();
        let session = source.session();
        let Some(seq) = self.selected_seq() else {
            return Vec::new();
        };
        let request = session.placement(seq).answers.map(|it| (it.request, true));
        let answers = session.answers_to(seq).map(|(answer, _)| (answer, false));
        let tied = request.into_iter().chain(answers);
        tied.filter_map(|(seq, is_request)| {
            let (position, _) = source.find(source.id_of(seq)?)?;
            Some(TiedRow {
                place: self.place_of(source.rows().row_of(position)?),
                is_request,
            })
        })
        .collect()
    }

    /// The whole list in miniature.
    pub(crate) fn overview(&mut self) -> Rc<Overview> {
        let sort = self.timeline.sort;
        let key = (
            (self.options_revision, sort),
            self.shown().session().revision(),
        );
        let mut cached = std::mem::take(&mut self.timeline.overview);
        // It is computed from all rows: while a filter is being applied, the last one is used.
        let last = cached
            .last_one()
            .filter(|_| self.shown().filtering().is_some());
        if let Some(last) = last {
            self.timeline.overview = cached;
            return last;
        }
        let overview = cached.get(key, self.now, self.pause(), || {
            Overview::new(self.shown(), |row| self.place_of(row))
        });
        self.timeline.overview = cached;
        overview
    }

    /// How far results computed from the whole session may lag behind new messages: the longer the
    /// session, the longer. For short sessions, nobody notices.
    pub(super) fn pause(&self) -> Millis {
        /// The number of facts per millisecond of lag.
        const FACTS: usize = 200;
        let facts = self.shown().session().facts().len();
        Millis((facts / FACTS).min(1_000) as f64)
    }

    /// In how many milliseconds something on the screen has to be computed again.
    pub(super) fn renewal_due(&self) -> Option<f64> {
        let pause = self.pause();
        let due = match self.view {
            View::Timeline => [
                self.timeline.overview.due(pause),
                self.timeline.order.due(pause),
            ],
            View::Calls => self.calls_due(),
            View::Ladder => [self.ladder.due(self.calls_pause()), None],
            View::Findings => self.findings.due(self.calls_pause()),
            _ => [None, None],
        };
        // The status bar counts the findings that the filter shows.
        let count = self.findings.due(self.calls_pause())[0];
        let count = count.filter(|_| !self.view_options.filter.is_empty());
        let due = due
            .into_iter()
            .chain([count])
            .flatten()
            .map(|due| (due - self.now).0);
        due.reduce(f64::min)
    }

    /// The context menu that is open.
    pub(crate) fn row_menu(&self) -> Option<RowMenu> {
        let open = self.timeline.menu?;
        self.shown().find(open.id)?;
        let groups = self.selection_actions();
        let sort = self.timeline.sort;
        Some(RowMenu { open, groups, sort })
    }

    /// Opens a recorded message in Compose.
    pub(super) fn resend(&mut self, id: u64) {
        let Some((_, placed)) = self.shown().find(id) else {
            return;
        };
        let Some(recorded) = placed.message() else {
            return;
        };
        // A saved session's conversations are not those of the page.
        let target = (self.imported.is_none()).then_some(recorded.conversation);
        let recorded = recorded.clone();
        self.change_draft(|compose, around| compose.write_again(around, &recorded, target));
        self.view = View::Compose;
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use callscope_session_view::words::UtcOffset;
    use expect_test::{Expect, expect};

    use super::*;
    use crate::action::Column;
    use crate::model::testing::{log, source};

    const CALL: &str = r#"
        host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
        widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
        widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        host   {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100","objectId":7}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
        host   {"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":"17_3","data":{"engagementId":7}}
        widget {"type":"CALL_COMPLETED","messageId":"18_3","data":{"externalCallId":"a","engagementId":7}}
        widget {"type":"a \"b\" c","messageId":"18_4"}
    "#;

    fn model(trace: &str) -> Model {
        let mut model = Model::new(None, UtcOffset::UTC, false);
        let name = "trace".to_owned();
        let text = log(&source(trace));
        model.perform(Action::ImportText { name, text });
        model.refresh();
        model
    }

    /// The id of the message with this number.
    fn id(model: &Model, seq: u64) -> u64 {
        model.shown().id_of(seq).unwrap()
    }

    fn sort(column: Column, is_descending: bool) -> Action {
        let sort = Some(Sort {
            column,
            is_descending,
        });
        Action::Sort { sort }
    }

    /// The message numbers, from top to bottom.
    fn order(model: &Model) -> Vec<Option<u64>> {
        let rows = model.describe_places(0..model.shown().rows().len());
        rows.into_iter().map(|row| row.seq).collect()
    }

    #[test]
    fn rows_without_the_value_come_last_in_both_directions() {
        let mut model = model(CALL);
        model.perform(Action::FollowTail);
        let session = order(&model);
        model.perform(sort(Column::Latency, true));
        let descending = order(&model);
        // SYNC_ACK, OUTGOING_CALL_STARTED and CREATE_ENGAGEMENT_SUCCEEDED answer, after 10 ms each.
        assert_eq!(descending[..3], [Some(2), Some(5), Some(6)]);
        model.perform(sort(Column::Latency, false));
        assert_eq!(order(&model), descending, "all take as long");
        model.perform(sort(Column::Type, true));
        assert_eq!(order(&model)[0], Some(8));
        assert_eq!(order(&model)[1], Some(2));
        model.perform(sort(Column::Time, true));
        let mut reversed = session.clone();
        reversed.reverse();
        assert_eq!(order(&model), reversed);
        assert!(!model.follows_tail());
        model.perform(Action::Sort { sort: None });
        assert_eq!(order(&model), session);
        assert!(model.follows_tail());
    }

    #[test]
    fn the_selection_moves_in_the_order_that_is_seen() {
        let mut model = model(CALL);
        model.perform(sort(Column::Time, true));
        model.perform(Action::SelectSeq { seq: 5 });
        let step = crate::action::Move::Next;
        model.perform(Action::MoveSelection { step });
        assert_eq!(model.selected_seq(), Some(4));
        let place = model.selected_row().unwrap();
        assert_eq!(model.describe_places(place..place + 1)[0].seq, Some(4));
    }

    #[test]
    fn request_and_answer_are_tied() {
        let mut model = model(CALL);
        for (selected, other, is_request) in [(4, 5, false), (5, 4, true), (2, 1, true)] {
            model.perform(Action::SelectSeq { seq: selected });
            let tied = model.tied_rows();
            assert!(
                tied.iter().any(|tied| {
                    let row = &model.describe_places(tied.place..tied.place + 1)[0];
                    row.seq == Some(other) && tied.is_request == is_request
                }),
                "{selected}: {tied:?}"
            );
        }
        model.perform(Action::SelectSeq { seq: 3 });
        assert_eq!(model.tied_rows(), []);
    }

    #[track_caller]
    fn check_menu(filter: &str, seq: u64, expected: &Expect) {
        let mut model = model(CALL);
        let text = filter.to_owned();
        model.perform(Action::SetFilter { text });
        model.refresh();
        let id = id(&model, seq);
        model.perform(Action::OpenMenu { id, at: None });
        let mut text = String::new();
        for (label, action) in model.row_menu().unwrap().groups.into_iter().flatten() {
            writeln!(text, "{label}: {}", serde_json::to_string(&action).unwrap()).unwrap();
        }
        expected.assert_eq(&text);
    }

    #[test]
    fn the_menu_of_a_row_is_about_its_message() {
        check_menu(
            "from:widget or is:call",
            7,
            &expect![[r#"
                Follow call 1: {"do":"follow-call","conversation":1,"call":1}
                Compare call 1 with…: {"do":"compare-call-with","conversation":1,"call":1}
                Only this type: {"do":"set-filter","text":"(from:widget or is:call) type:CALL_COMPLETED"}
                Hide this type: {"do":"set-filter","text":"(from:widget or is:call) -type:CALL_COMPLETED"}
                Copy message as JSON: {"do":"copy-selected","form":"json"}
                Copy as table row: {"do":"copy-selected","form":"rows"}
                Copy SDK call: {"do":"copy-selected","form":"code"}
                Copy as console snippet: {"do":"copy-selected","form":"console"}
                Compare with…: {"do":"compare-message","id":6}
                Resend…: {"do":"resend","id":6}
            "#]],
        );
        check_menu(
            "",
            8,
            &expect![[r#"
                Only this type: {"do":"set-filter","text":"type:/^a \"b\" c$/"}
                Hide this type: {"do":"set-filter","text":"-type:/^a \"b\" c$/"}
                Copy message as JSON: {"do":"copy-selected","form":"json"}
                Copy as table row: {"do":"copy-selected","form":"rows"}
                Copy as console snippet: {"do":"copy-selected","form":"console"}
                Compare with…: {"do":"compare-message","id":7}
                Resend…: {"do":"resend","id":7}
            "#]],
        );
    }

    #[test]
    fn a_dial_number_is_written_again_with_all_that_it_held() {
        let mut model = model(CALL);
        let id = id(&model, 4);
        model.perform(Action::Resend { id });
        assert_eq!(model.view, View::Compose);
        let fields = model.compose_data().fields;
        let value = |path: &str| {
            fields
                .iter()
                .find(|it| it.path == path)
                .unwrap()
                .value
                .clone()
        };
        assert_eq!(value("data.phoneNumber"), "+15550100");
        assert_eq!(value("data.objectId"), "7");
        assert_eq!(value("data.ownerId"), "", "what it lacked is not made up");
    }

    #[test]
    fn the_overview_shows_where_what_is() {
        let mut model = model(CALL);
        let mut text = String::new();
        for bucket in &model.overview().buckets {
            let Bucket {
                severity,
                call,
                has_gap,
                has_load,
            } = bucket;
            let severity = severity.map_or("-", Severity::name);
            let call = call.map_or_else(|| "-".to_owned(), |it| it.serial.to_string());
            writeln!(text, "{severity} call {call} gap {has_gap} load {has_load}").unwrap();
        }
        expect![[r#"
            - call - gap false load false
            - call - gap false load false
            - call - gap false load false
            - call 1 gap false load false
            - call 1 gap false load false
            - call 1 gap false load false
            warning call 1 gap false load false
            warning call - gap false load false
        "#]]
        .assert_eq(&text);
        let text = "type:NONE".to_owned();
        model.perform(Action::SetFilter { text });
        model.refresh();
        assert_eq!(model.overview().buckets, []);
    }
}
