//! The Calls view: the table, which calls are marked and compared, how long answers took.

mod comparing;

use std::rc::Rc;

use callscope_protocol::{CallId, ConversationId, Millis, RecordedMessage};
use callscope_session_view::calls::{self, CallTable};
use callscope_session_view::compare::Comparison;
use callscope_session_view::handshake::{Handshake, handshakes};
use callscope_session_view::latency::{Latencies, latencies};
use callscope_session_view::words::UtcOffset;

use self::comparing::Comparing;
use super::Model;
use super::cached::{Cached, Paced};
use super::files::Imported;
use crate::action::{Action, Move, OtherSession, View};

pub(super) use self::comparing::Beside;
pub(crate) use self::comparing::ComparisonData;

/// The state of the Calls view.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    /// The calls marked for comparison, at most two, in the order they were marked.
    picked: Vec<CallId>,
    /// The filter that stood there before a call was followed.
    filter_before: Option<String>,
    /// Whether the marked call is to be compared with the one chosen next.
    is_choosing: bool,
    comparing: Option<Comparing>,
    /// The selected message of the session that the shown one is compared with, by its id.
    elsewhere: Option<u64>,
    /// The pair of a comparison that has yet to be scrolled into view.
    pub(crate) reveals_pair: Option<usize>,
    /// The saved session that was shown before the present one.
    aside: Option<Imported>,
    table: Paced<(u64, Option<i64>), CallTable>,
    answers: Paced<u64, Answers>,
    comparison: Cached<(u64, u64, Comparing), Comparison>,
}

/// How long answers and handshakes took.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Answers {
    pub(crate) latencies: Latencies,
    pub(crate) handshakes: Vec<Handshake>,
}

/// What the Calls view shows.
#[derive(Clone, Debug)]
pub(crate) struct CallsData {
    pub(crate) table: Rc<CallTable>,
    pub(crate) offset: UtcOffset,
    /// The call of the selected message.
    pub(crate) selected: Option<CallId>,
    /// The selected message's number.
    pub(crate) selected_seq: Option<u64>,
    pub(crate) picked: Vec<CallId>,
    /// The call that is to be compared with the one chosen next.
    pub(crate) choosing_for: Option<CallId>,
    pub(crate) answers: Rc<Answers>,
    pub(crate) comparison: Option<ComparisonData>,
    /// The sessions that the shown one can be compared with, with their names.
    pub(crate) others: Vec<(OtherSession, String)>,
    /// The number of messages in the session.
    pub(crate) message_count: usize,
    /// Whether the selected call is to be scrolled into view.
    pub(crate) reveals: bool,
}

/// The call that is shown alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Followed {
    /// "call 4", "call 4 of conversation 2".
    pub(crate) name: String,
    /// Whether the filter has terms besides the call.
    pub(crate) is_filtered: bool,
    /// The filter that comes back afterwards; empty if there was none.
    pub(crate) before: String,
}

impl Calls {
    /// Forgets state that belongs to the calls of another session.
    pub(super) fn look_at_another_session(&mut self) {
        self.picked.clear();
        self.is_choosing = false;
        self.comparing = None;
        self.elsewhere = None;
    }

    /// A message of the shown session is selected, or none.
    pub(super) const fn look_here(&mut self) {
        self.elsewhere = None;
    }

    /// Keeps the saved session that was shown, for comparison with the next one.
    pub(super) fn put_aside(&mut self, saved: Option<Imported>) {
        if saved.is_some() {
            self.aside = saved;
        }
    }

    /// When to ask again for results that are out of date.
    fn due(&self, pause: Millis) -> [Option<Millis>; 2] {
        [self.table.due(pause), self.answers.due(pause)]
    }

    /// The marked calls, without those that the filter hides: nothing is done to what is not seen,
    /// except that a call may be chosen for one that is named.
    fn shown_picks(&self, table: &CallTable) -> Vec<CallId> {
        let is_shown = |id: &CallId| table.rows.iter().any(|row| row.id == *id);
        let picks = self.picked.iter().copied();
        picks
            .filter(|it| self.is_choosing || is_shown(it))
            .collect()
    }

    fn pick(&mut self, id: CallId, is_picked: bool) {
        self.picked.retain(|it| *it != id);
        if is_picked {
            if self.picked.len() == 2 {
                self.picked.remove(0);
            }
            self.picked.push(id);
        }
    }
}

impl Followed {
    /// The call that this filter shows alone: `call:4`, `conv:2 call:4`.
    pub(crate) fn of(filter: &str) -> Option<Self> {
        let number = |key: &str| {
            let mut words = filter
                .split_whitespace()
                .filter_map(|it| it.strip_prefix(key));
            let number = words.next()?.trim_start_matches('#').parse::<u32>().ok()?;
            words.next().is_none().then_some(number)
        };
        // A filter with negated or alternative terms may show more than this call.
        let is_more = |word: &str| matches!(word, "or" | "not") || word.contains(['(', ')', '|']);
        if filter.split_whitespace().any(is_more) {
            return None;
        }
        let serial = number("call:")?;
        let conversation = number("conv:");
        let words = 1 + usize::from(conversation.is_some());
        let id = CallId {
            conversation: conversation.map(ConversationId).unwrap_or_default(),
            serial,
        };
        Some(Self {
            name: calls::name(id, conversation.is_some()),
            is_filtered: filter.split_whitespace().count() > words,
            before: String::new(),
        })
    }
}

impl Model {
    /// What the Calls view shows.
    pub(crate) fn calls_data(&mut self) -> CallsData {
        self.refresh();
        let table = self.call_table();
        let revision = self.shown().session().revision();
        let mut cached = std::mem::take(&mut self.calls.answers);
        let answers = cached.get(
            (self.options_revision, revision),
            self.now,
            self.calls_pause(),
            || {
                let view = self.shown();
                Answers {
                    latencies: latencies(view, |position| view.shows(position)),
                    handshakes: handshakes(view, |position| view.shows(position)),
                }
            },
        );
        self.calls.answers = cached;
        let selected_seq = self.selected_seq();
        let session = self.shown().session();
        CallsData {
            offset: self.offset,
            selected: selected_seq.and_then(|seq| session.placement(seq).call),
            selected_seq,
            picked: self.calls.shown_picks(&table),
            choosing_for: (self.calls.picked.first().copied()).filter(|_| self.calls.is_choosing),
            answers,
            message_count: session.message_count(),
            others: self.other_sessions(),
            comparison: self.comparison_data(),
            reveals: self.nudges.reveal,
            table,
        }
    }

    /// Like [`pause`](Self::pause), but longer: table and latencies take several times longer to
    /// compute than the overview.
    pub(super) fn calls_pause(&self) -> Millis {
        Millis(self.pause().0 * 4.0)
    }

    /// When to ask again for the tables of the Calls view.
    pub(super) fn calls_due(&self) -> [Option<Millis>; 2] {
        self.calls.due(self.calls_pause())
    }

    /// The calls that the filter shows.
    pub(crate) fn call_table(&mut self) -> Rc<CallTable> {
        let now = self.shown_now();
        let last = self.calls.table.last();
        let counts = last.is_none_or(|last| last.rows.iter().any(calls::CallRow::counts_time));
        #[expect(clippy::cast_possible_truncation, reason = "saturates")]
        let second = now.map(|now| (now.0 / 1000.0).floor() as i64);
        let revision = self.shown().session().revision();
        let key = ((self.options_revision, second.filter(|_| counts)), revision);
        let mut cached = std::mem::take(&mut self.calls.table);
        let table = cached.get(key, self.now, self.calls_pause(), || {
            calls::table(self.shown(), now)
        });
        self.calls.table = cached;
        table
    }

    /// The call that is shown alone, if any.
    pub(crate) fn followed(&self) -> Option<Followed> {
        let followed = Followed::of(&self.filter_text).filter(|_| self.filter_error.is_none())?;
        Some(Followed {
            before: self.calls.filter_before.clone().unwrap_or_default(),
            ..followed
        })
    }

    pub(super) fn follow_call(&mut self, id: CallId) {
        let has_several = self.shown().session().conversations().nth(1).is_some();
        let before = match self.followed() {
            Some(followed) => followed.before,
            None => self.filter_text.clone(),
        };
        self.set_filter(calls::filter(id, has_several));
        self.calls.filter_before = Some(before);
        self.take_selection_to(id);
    }

    /// If the filter now hides the selected entry, selects the call's first message instead.
    fn take_selection_to(&mut self, id: CallId) {
        self.refresh();
        if self.selected.is_none() || self.selected_row().is_some() {
            return;
        }
        let view = self.shown();
        let is_of_call =
            |recorded: &RecordedMessage| view.session().placement(recorded.seq).call == Some(id);
        let facts = view.session().facts();
        let rows = (0..view.rows().len()).filter_map(|row| view.rows().get(row));
        let mut rows = rows.filter(|row| {
            let mut facts = facts.get(row.positions()).into_iter().flatten();
            facts.any(|placed| placed.message().is_some_and(is_of_call))
        });
        let first = rows.next().map(|row| row.id);
        self.select_alone(first);
    }

    /// Goes back to the filter that was there before.
    pub(super) fn unfollow_call(&mut self) {
        let before = self.calls.filter_before.take();
        self.set_filter(before.unwrap_or_default());
    }

    /// Another session is shown, in which the number stands for another call. A filter that was
    /// typed stays.
    pub(super) fn end_following_call(&mut self) {
        if self.calls.filter_before.is_some() {
            self.unfollow_call();
        }
    }

    /// The filter is another one: what was there before a call was followed comes back only as
    /// long as that call is followed.
    pub(super) fn forget_filter_before(&mut self) {
        if self.followed().is_none() {
            self.calls.filter_before = None;
        }
    }

    pub(super) fn pick_call(&mut self, id: CallId, is_picked: bool) {
        self.calls.picked = self.shown_picks();
        self.calls.pick(id, is_picked);
    }

    fn shown_picks(&mut self) -> Vec<CallId> {
        self.refresh();
        let table = self.call_table();
        self.calls.shown_picks(&table)
    }

    /// Shows the calls to choose one to compare this one with; if there is only one other, it is
    /// compared at once.
    pub(super) fn compare_call_with(&mut self, id: CallId) {
        self.view = View::Calls;
        self.calls.comparing = None;
        self.calls.picked = vec![id];
        let others = |rows: &[calls::CallRow]| {
            let others = rows.iter().map(|row| row.id).filter(|it| *it != id);
            others.collect::<Vec<_>>()
        };
        self.refresh();
        let mut found = others(&self.call_table().rows);
        if found.is_empty() && !self.filter_text.is_empty() {
            // The filter shows the call alone, or with calls of no use here.
            self.set_filter(String::new());
            self.refresh();
            found = others(&self.call_table().rows);
        }
        match found[..] {
            [] => {
                self.calls.picked.clear();
                let name = self.shown().call_name(id);
                let text = format!("There is no other call to compare {name} with");
                self.notices.info(self.seconds(), text, None);
            }
            [other] => {
                self.calls.pick(other, true);
                self.compare_calls_of([id, other]);
            }
            _ => {
                self.calls.is_choosing = true;
                self.nudges.focus_list = true;
            }
        }
    }

    /// Whether a call is to be chosen for comparison.
    pub(super) const fn is_choosing_call(&self) -> bool {
        self.calls.is_choosing
    }

    /// Whether calls are marked for comparison.
    pub(super) const fn has_picked_calls(&self) -> bool {
        !self.calls.picked.is_empty()
    }

    /// Gives up choosing calls for comparison.
    pub(super) fn choose_no_call(&mut self) {
        self.calls.is_choosing = false;
        self.calls.picked.clear();
    }

    /// Selects the first message of another call.
    ///
    /// With `is_picking`, marks the calls it comes from and goes to for comparison.
    pub(super) fn move_call(&mut self, step: Move, is_picking: bool) {
        self.refresh();
        let table = self.call_table();
        let selected = self.selected_seq();
        let selected = selected.and_then(|seq| self.shown().session().placement(seq).call);
        let at = table.rows.iter().position(|row| Some(row.id) == selected);
        let Some(last) = table.rows.len().checked_sub(1) else {
            return;
        };
        let page = self.page_rows.max(1);
        let index = match (at, step) {
            (_, Move::First) | (None, Move::Next | Move::PageDown) => 0,
            (_, Move::Last) | (None, Move::Previous | Move::PageUp) => last,
            (Some(at), Move::Previous) => at.saturating_sub(1),
            (Some(at), Move::Next) => (at + 1).min(last),
            (Some(at), Move::PageUp) => at.saturating_sub(page),
            (Some(at), Move::PageDown) => (at + page).min(last),
        };
        let Some(row) = table.rows.get(index) else {
            return;
        };
        if is_picking {
            if let Some(from) = selected {
                self.calls.pick(from, true);
            }
            self.calls.pick(row.id, true);
        }
        if let Some(id) = self.shown().id_of(row.first_seq) {
            let was_open = self.is_detail_open;
            self.select(id);
            self.is_detail_open = was_open;
            self.nudges.reveal = true;
        }
    }

    /// What Enter does in the list of calls: compares the call if one is to be chosen, otherwise
    /// opens its details.
    pub(crate) fn enter_in_calls(&self) -> Vec<Action> {
        if self.is_comparing() {
            return self.enter_in_comparison().into_iter().collect();
        }
        let placement = |seq| self.shown().session().placement(seq).call;
        let selected = self.selected_seq().and_then(placement);
        match selected {
            Some(call) if self.calls.is_choosing && !self.calls.picked.contains(&call) => {
                let pick = Action::PickCall {
                    conversation: call.conversation.0,
                    call: call.serial,
                    on: true,
                };
                vec![pick, Action::CompareCalls]
            }
            _ => (self.selected.map(|id| Action::Select { id }))
                .into_iter()
                .collect(),
        }
    }

    /// Whether the Calls view changes as time passes.
    pub(super) fn calls_count_time(&self) -> bool {
        let last = self.calls.table.last();
        last.is_some_and(|last| last.rows.iter().any(calls::CallRow::counts_time))
    }
}

/// Where a time is between two others, 0 to 1.
pub(crate) fn share(at: Millis, from: Millis, to: Millis) -> f32 {
    let span = (to - from).0;
    if span <= 0.0 {
        return 0.5;
    }
    #[expect(clippy::cast_possible_truncation, reason = "from 0 to 1")]
    let share = ((at - from).0 / span).clamp(0.0, 1.0) as f32;
    share
}
