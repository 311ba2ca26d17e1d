//! The checker: facts and time in, findings and states out.

mod hooks;
mod standing;
mod tracked;

use std::collections::{BTreeMap, VecDeque};

use hooks::{CHECKS, DUE, END, GAP, INSIDE, LEAVE, RECORDED, SETTING};
use tracked::{Bound, Tracked, order};

use crate::arrival::Arrival;
use crate::parsed_message::ParsedMessage;
use crate::recorded::Recorded;
use crate::rule::Report;
use crate::state::{Ack, Elsewhere, Mark, State, direction_of, hash_id, other_party};
use crate::{
    Call, CallId, Closed, Conversation, ConversationId, ConversationStart, Fact, Finding,
    FrameStanding, Gap, Inside, InsideKind, MessageType, Millis, Placement, RecordedMessage, Rule,
    Setting, Side, Summary, Waiting, json,
};

/// Follows a session and reports where it breaks the protocol.
///
/// A checker never reads a clock and never fails.
/// Whoever owns it says what happened and when, then asks what that means:
///
/// 1. [`observe`](Self::observe) for every fact, in session order;
/// 2. [`advance`](Self::advance) once [`next_deadline`](Self::next_deadline) has passed, so
///    that silence is reported while it lasts;
/// 3. [`drain_findings`](Self::drain_findings), [`drain_calls`](Self::drain_calls) and
///    [`conversations`](Self::conversations) after either, [`placement`](Self::placement) after a
///    message.
///
/// The end of a recording is a fact, too. Without [`Fact::End`], or [`finish`](Self::finish) for a
/// recording that does not say when it ended, nothing is reported about what was still open.
/// Time must not run backwards between calls; an earlier time counts as the latest one seen.
/// A later fact never changes an existing finding: the findings for the first part of a session are
/// the first findings for the whole session, except for those about silence.
///
/// A conversation is what the facts say it is.
/// If the recorder did not start a new conversation after a reload, the checker detects the reload
/// by the handshake: a `SYNC_ACK` that answers a `SYNC` from after the last `SYNC_ACK` comes from
/// another page of the widget, and log-in, availability and calls start afresh.
/// A `SYNC` that merely crossed the last `SYNC_ACK` does not count.
///
/// Memory is bounded whatever happens, as long as findings and calls are drained.
/// To check again from some point on, keep a clone of the checker as it was at that point.
///
/// ```
/// use callscope_protocol::{Checker, Fact, Millis};
///
/// let mut checker = Checker::new();
/// checker.observe(&Fact::End(Millis(0.0)));
/// let findings = checker.drain_findings();
/// assert_eq!(findings[0].message, "Nothing was recorded: the session has no message");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Checker {
    conversations: BTreeMap<ConversationId, Tracked>,
    settings: Vec<Setting>,
    recorded: Recorded,
    /// The end has been reported already.
    is_over: bool,
    placement: Placement,
    findings: Vec<Finding>,
    /// How many of the findings are in `summary`.
    counted: usize,
    /// Calls that no later message can change.
    calls: Vec<Call>,
    /// Covers only what is over, not the calls and conversations still in progress.
    summary: Summary,
    now: Option<Millis>,
    /// The same, or when a conversation starts later.
    latest: Option<Millis>,
    /// Not later than the first deadline of any conversation.
    next_deadline: Option<Millis>,
    /// When messages were last missing that may belong to conversations not known yet.
    last_gap: Option<Millis>,
    /// Script failures in pages whose conversation was not known at the time.
    failures: Vec<Inside>,
    /// The last calls that were announced, in any conversation, oldest first.
    announced: VecDeque<Announced>,
}

/// A call that a widget announced.
#[derive(Clone, Copy, Debug)]
struct Announced {
    conversation: ConversationId,
    mark: Mark,
    /// A hash of its `externalCallId`.
    id: Option<u64>,
    /// A hash of the direction and the other party's number.
    number: Option<u64>,
}

impl Announced {
    /// The call that a message announces.
    fn by(seen: &ParsedMessage<'_>) -> Option<Self> {
        let number = other_party(seen, direction_of(seen)?);
        let recorded = seen.recorded;
        Some(Self {
            conversation: recorded.conversation,
            mark: Mark {
                seq: recorded.seq,
                at: seen.at,
            },
            id: seen.id_field("externalCallId").map(hash_id),
            number: number.map(|number| hash_id(number) ^ seen.ty.map_or(0, |ty| ty as u64)),
        })
    }
}

/// How many conversations a checker follows at most, which is more than any session has. Beyond
/// that, it drops the one that has been quiet for longest.
pub const MAX_CONVERSATIONS: usize = 1_024;

/// A host repeats its SYNC within this time.
const REPEATED: Millis = Millis(1_000.0);

/// Two frames that announce one call do so within this time.
const AT_ONCE: Millis = Millis(1_000.0);

/// How many announced calls are kept, which is more than are in progress at a time.
const MAX_ANNOUNCED: usize = 64;

/// More settings than exist.
const MAX_SETTINGS: usize = 32;

/// How many script failures are kept for conversations that are not known yet.
const MAX_FAILURES: usize = 16;

impl Checker {
    /// A checker that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Processes what happened next.
    pub fn observe(&mut self, fact: &Fact) {
        let at = match fact {
            // The recorder dates it by what it has heard by then: of a frame whose messages reach it
            // late, later than the first of them.
            Fact::Conversation(_) => self.time_of(fact.at()),
            _ => self.clock(fact.at()),
        };
        if self.latest.is_none_or(|latest| latest < at) {
            self.latest = Some(at);
        }
        match fact {
            // What was due since the last message may have come, and be missing.
            Fact::Gap(gap) if gap.lost != Some(0) => {
                let is_whole = |id| gap.conversation.is_some_and(|gapped| gapped != id);
                self.run_where(at, Bound::Before, is_whole);
            }
            _ => self.run_until(at, Bound::Before),
        }
        self.placement = Placement::default();
        self.recorded.add(fact);
        match fact {
            Fact::Message(recorded) => self.observe_frame(recorded, at),
            Fact::Gap(gap) => self.observe_gap(gap, at),
            Fact::Conversation(start) => self.observe_start(start, at),
            Fact::Closed(closed) => self.observe_closed(closed, at),
            Fact::Setting(setting) => self.observe_setting(setting, at),
            Fact::Inside(inside) => self.observe_inside(inside, at),
            Fact::End(_) => self.observe_end(at),
        }
        self.count_findings();
    }

    /// Lets time pass in which nothing happened.
    pub fn advance(&mut self, now: Millis) {
        let now = self.clock(now);
        self.run_until(now, Bound::Reached);
        self.count_findings();
    }

    /// Treats the last fact as the end of the recording, as for a log that was cut off.
    ///
    /// Findings about the end are not repeated.
    pub fn finish(&mut self) {
        self.observe(&Fact::End(self.latest.unwrap_or_default()));
    }

    /// When [`advance`](Self::advance) will have something to say if nothing happens until
    /// then.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Millis> {
        self.conversations
            .values()
            .flat_map(Tracked::deadlines)
            .min_by(|a, b| order(*a, *b))
    }

    /// The findings since the last call, in the order in which they were made.
    pub fn drain_findings(&mut self) -> Vec<Finding> {
        self.counted = 0;
        std::mem::take(&mut self.findings)
    }

    /// The calls that ended for good since the last call of this method, each once per session.
    ///
    /// The checker drops a call when several others have followed it, when its page has unloaded,
    /// or when its conversation is dropped. Keep the calls if they are needed later.
    pub fn drain_calls(&mut self) -> Vec<Call> {
        std::mem::take(&mut self.calls)
    }

    /// The calls that messages can still be about, by conversation: those that
    /// [`drain_calls`](Self::drain_calls) has neither returned nor would return now.
    pub fn open_calls(&self) -> impl Iterator<Item = Call> {
        self.conversations
            .values()
            .flat_map(|tracked| tracked.state.calls.open())
    }

    /// One of [`open_calls`](Self::open_calls).
    #[must_use]
    pub fn open_call(&self, id: CallId) -> Option<Call> {
        let tracked = self.conversations.get(&id.conversation)?;
        tracked.state.calls.open().find(|call| call.id == id)
    }

    /// The unanswered requests of a conversation, the oldest of each kind first.
    ///
    /// A request stops waiting at a gap, at the end of a page or with an answer, but not at a
    /// time-out.
    pub fn waiting(&self, id: ConversationId) -> impl Iterator<Item = Waiting> {
        let tracked = self.conversations.get(&id);
        tracked
            .into_iter()
            .flat_map(|tracked| tracked.state.waiting())
    }

    /// A summary of the session so far.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = self.summary.clone();
        for Tracked { state, .. } in self.conversations.values() {
            summary.add_conversation(&state.view, state.handshakes);
        }
        for call in self.open_calls() {
            summary.calls.add(&call);
        }
        summary
    }

    /// What the last fact belongs to, if that fact was a message.
    #[must_use]
    pub const fn placement(&self) -> Placement {
        self.placement
    }

    /// The conversations, by their numbers.
    pub fn conversations(&self) -> impl Iterator<Item = &Conversation> {
        self.conversations
            .values()
            .map(|tracked| &tracked.state.view)
    }

    /// One conversation.
    #[must_use]
    pub fn conversation(&self, id: ConversationId) -> Option<&Conversation> {
        self.conversations
            .get(&id)
            .map(|tracked| &tracked.state.view)
    }

    /// Brings the finding counts of the summary up to date.
    fn count_findings(&mut self) {
        for finding in self.findings.get(self.counted..).unwrap_or_default() {
            self.summary.findings.add(finding.severity);
        }
        self.counted = self.findings.len();
    }

    /// The session's time after a fact with time `at`.
    fn clock(&mut self, at: Millis) -> Millis {
        let now = self.time_of(at);
        self.now = Some(now);
        now
    }

    /// The same, for what does not move the time on.
    fn time_of(&self, at: Millis) -> Millis {
        match self.now {
            Some(now) if !at.0.is_finite() || at < now => now,
            None if !at.0.is_finite() => Millis(0.0),
            _ => at,
        }
    }

    fn observe_frame(&mut self, recorded: &RecordedMessage, at: Millis) {
        let read = json::read(recorded.message.as_str());
        let seen = ParsedMessage::new(recorded, at, &read.json);
        self.recorded.add_message(&seen);
        self.make_room(recorded.conversation);
        let last_gap = self.last_gap;
        let elsewhere = self.announced_elsewhere(&seen);
        let findings = &mut self.findings;
        let tracked = Self::tracked(&mut self.conversations, recorded.conversation, at);

        let Tracked { state, once, .. } = tracked;
        state.now = at;
        if state.view.message_count == 0 {
            // A SYNC that comes well after the gap is the first of its handshake.
            let is_first = |gap: Millis| seen.is_sync() && at - gap > REPEATED;
            // A page before this one may have left a call.
            state.calls.has_left |= last_gap.is_some() && state.view.continues.is_none();
            if let Some(gap) = last_gap.filter(|gap| !is_first(*gap)) {
                state.gapped = true;
                state.gapped_at = Some(gap);
            }
            state.standing_evidence.begin(last_gap.is_some());
        }
        let sdk = seen.is_ack().then(|| state.view.sdk_words());
        state.learn(&seen);
        state.calls.announced_elsewhere = elsewhere;
        let ack = seen.is_ack().then(|| state.classify_ack(seen.id));
        let is_new_load = matches!(ack, Some(Ack::NewLoad | Ack::Unseen));
        let first_finding = findings.len();
        let speaks = state.view.speaks;
        let mut report = |rule: &'static Rule, check: &dyn Fn(&mut Report<'_>)| {
            let report = Report {
                rule,
                conversation: recorded.conversation,
                seq: Some(recorded.seq),
                at,
                findings,
                once,
            };
            report.judge(speaks, check);
        };
        if is_new_load && state.answered.is_some() {
            if let Some(sdk) = sdk {
                self.summary.add_sdk(sdk);
            }
            for (rule, check) in LEAVE.iter() {
                report(rule, &|report| check(state, report));
            }
        }
        let arrival = Arrival::new(&seen, state, ack);
        let index = seen.ty.map_or(MessageType::ALL.len(), |ty| ty as usize);
        for (rule, check) in CHECKS.get(index).into_iter().flatten() {
            report(rule, &|report| check(&arrival, report));
        }
        self.placement = state.apply(&seen, ack);
        if is_new_load {
            once.clear();
            // A page can report its troubles before its answer to SYNC is received.
            let first_sync = state.answered.as_ref().and_then(|it| it.first_sync);
            let began = first_sync.map_or(at, |it| it.at);
            state.troubles.forget_before(began);
        }
        let found = self.findings.get_mut(first_finding..).unwrap_or_default();
        for finding in found.iter_mut().filter(|it| it.seq == Some(recorded.seq)) {
            finding.call = self.placement.call;
        }
        tracked.count(Some(found));
        if seen.is(MessageType::CallCompleted) {
            // The page that goes on with the call may be one of another conversation.
            for tracked in self.conversations.values_mut() {
                tracked.state.calls.save(&seen);
            }
        }
        let Some(tracked) = self.conversations.get_mut(&recorded.conversation) else {
            return;
        };
        let has_synced = tracked.state.learn_standing(&seen);
        self.schedule(recorded.conversation);
        if has_synced {
            self.sync_frame(recorded.conversation);
        }
        // Only a message that begins a call or a page can end other calls for good.
        if self.placement.call.is_some() || is_new_load {
            self.collect_calls(recorded.conversation);
        }
    }

    /// The call in progress that another frame has announced and this start announces again.
    fn announced_elsewhere(&mut self, seen: &ParsedMessage<'_>) -> Option<Elsewhere> {
        let start = Announced::by(seen)?;
        let mut earlier = self.announced.iter().rev();
        let found = earlier.find_map(|it| {
            let calls = &self.conversations.get(&it.conversation)?.state.calls;
            let is_going_on = calls.is_going_on(it.mark);
            let is_same_id = it.id.is_some() && it.id == start.id;
            let is_at_once = start.mark.at - it.mark.at <= AT_ONCE;
            let is_same_number = it.number.is_some() && it.number == start.number && is_at_once;
            let is_other = it.conversation != start.conversation;
            (is_other && is_going_on && (is_same_id || is_same_number)).then_some(Elsewhere {
                conversation: it.conversation,
                began: it.mark,
                is_same_id,
            })
        });
        if self.announced.len() == MAX_ANNOUNCED {
            self.announced.pop_front();
        }
        self.announced.push_back(start);
        found
    }

    /// Collects the conversation's calls that no later message can change.
    fn collect_calls(&mut self, id: ConversationId) {
        let Some(tracked) = self.conversations.get_mut(&id) else {
            return;
        };
        for call in tracked.state.calls.drain_over() {
            self.summary.calls.add(&call);
            self.calls.push(call);
        }
    }

    /// Drops a conversation if there is no room for another one.
    fn make_room(&mut self, id: ConversationId) {
        if self.conversations.len() < MAX_CONVERSATIONS || self.conversations.contains_key(&id) {
            return;
        }
        let quietest = self
            .conversations
            .iter()
            .min_by(|(_, a), (_, b)| a.state.view.last_at.0.total_cmp(&b.state.view.last_at.0))
            .map(|(id, _)| *id);
        let Some(quietest) = quietest else { return };
        if let Some(tracked) = self.conversations.get_mut(&quietest) {
            tracked.state.calls.clear();
            let State {
                view, handshakes, ..
            } = &tracked.state;
            self.summary.add_conversation(view, *handshakes);
        }
        self.collect_calls(quietest);
        self.conversations.remove(&quietest);
    }

    fn observe_gap(&mut self, gap: &Gap, at: Millis) {
        if gap.lost == Some(0) {
            return;
        }
        self.summary.missing.add(gap);
        if let Some(id) = gap.conversation {
            self.make_room(id);
            Self::tracked(&mut self.conversations, id, at);
        } else {
            self.last_gap = Some(at);
        }
        let mut reported = false;
        let concerns = |id: &ConversationId| gap.conversation.is_none_or(|gapped| gapped == *id);
        for tracked in self.conversations.values_mut() {
            // What completes a call of an earlier page may be missing.
            tracked.state.calls.unsaved.clear();
        }
        for (id, tracked) in self.conversations.iter_mut().filter(|(id, _)| concerns(id)) {
            tracked.state.now = at;
            if !std::mem::replace(&mut reported, true) {
                for (rule, check) in GAP.iter() {
                    tracked.report(*id, rule, at, &mut self.findings, &|state, report| {
                        check(state, gap, report);
                    });
                }
            }
            tracked.state.on_gap(gap, at);
            tracked.schedule();
        }
        if !reported {
            // No conversation has a message yet: attribute the gap to the first one to come.
            let id = ConversationId::default();
            let mut nobody = Tracked::default();
            for (rule, check) in GAP.iter() {
                nobody.report(id, rule, at, &mut self.findings, &|state, report| {
                    check(state, gap, report);
                });
            }
        }
        let gapped: Vec<_> = self
            .conversations
            .keys()
            .copied()
            .filter(concerns)
            .collect();
        for id in gapped {
            self.collect_calls(id);
        }
        self.run_until(at, Bound::Before);
        self.tell_standings();
    }

    fn observe_start(&mut self, start: &ConversationStart, at: Millis) {
        if let Some(continued) = start.continues.filter(|id| *id != start.id) {
            self.leave(continued, at);
        }
        let continued = start.continues.and_then(|id| self.conversations.get(&id));
        let leaves_call =
            continued.is_some_and(|Tracked { state, .. }| state.gapped || state.calls.leave_one());
        let gapped_at = continued.and_then(|tracked| tracked.state.gapped_at);
        let left = continued.map(|tracked| tracked.state.calls.leave_calls());
        let given_up = continued.and_then(|tracked| tracked.state.asked_by_host_that_left());
        let is_synced =
            continued.is_some_and(|tracked| tracked.state.view.standing == FrameStanding::Synced);
        self.make_room(start.id);
        let tracked = Self::tracked(&mut self.conversations, start.id, at);
        if start.continues != Some(start.id) {
            tracked.state.calls.has_left |= leaves_call;
            tracked.state.gapped_at = gapped_at.or(tracked.state.gapped_at);
            if let Some(left) = left {
                tracked.state.calls.left = left;
            }
            tracked.state.given_up = given_up.unwrap_or_default();
        }
        tracked.state.standing_evidence.start();
        if is_synced {
            tracked.state.sync_standing();
        }
        let view = &mut tracked.state.view;
        view.continues = start.continues.or(view.continues);
        view.host_origin = start.host_origin.clone().or(view.host_origin.take());
        view.widget_origin = start.widget_origin.clone().or(view.widget_origin.take());
        view.in_calling_window |= start.in_calling_window;
        let widget = tracked.state.view.widget_origin.as_deref();
        if let Some(failure) = self
            .failures
            .iter()
            .find(|failure| widget == Some(failure.origin.as_str()))
        {
            tracked.state.troubles.learn(failure);
        }
    }

    fn observe_inside(&mut self, inside: &Inside, at: Millis) {
        let is_failure = matches!(inside.what, InsideKind::Error | InsideKind::Rejection)
            && inside.side == Side::Widget;
        let report = |tracked: &mut Tracked, id, findings: &mut Vec<Finding>| {
            for (rule, check) in INSIDE.iter() {
                tracked.report(id, rule, at, findings, &|state, report| {
                    check(state, inside, report);
                });
            }
        };
        let Some(id) = inside.conversation else {
            self.report_on_session(report);
            if is_failure && self.failures.len() < MAX_FAILURES {
                self.failures.push(inside.clone());
            }
            return;
        };
        self.make_room(id);
        let tracked = Self::tracked(&mut self.conversations, id, at);
        tracked.state.now = at;
        report(tracked, id, &mut self.findings);
        tracked.state.troubles.learn(inside);
    }

    fn observe_closed(&mut self, closed: &Closed, at: Millis) {
        self.leave(closed.conversation, at);
        self.make_room(closed.conversation);
        let tracked = Self::tracked(&mut self.conversations, closed.conversation, at);
        tracked.state.on_closed(at, closed.side);
        tracked.once.clear();
        tracked.schedule();
        self.collect_calls(closed.conversation);
    }

    fn observe_setting(&mut self, setting: &Setting, at: Millis) {
        let known = std::mem::take(&mut self.settings);
        self.report_on_session(|tracked, id, findings| {
            for (rule, check) in SETTING.iter() {
                tracked.report(id, rule, at, findings, &|_, report| {
                    check(setting, &known, report);
                });
            }
        });
        self.settings = known;
        self.settings.retain(|known| known.key != setting.key);
        if self.settings.len() < MAX_SETTINGS {
            self.settings.push(setting.clone());
        }
    }

    fn observe_end(&mut self, at: Millis) {
        self.run_until(at, Bound::Reached);
        for (id, tracked) in &mut self.conversations {
            tracked.state.now = at;
            for (rule, check) in END.iter() {
                tracked.report(*id, rule, at, &mut self.findings, &|state, report| {
                    check(state, report);
                });
            }
        }
        if std::mem::replace(&mut self.is_over, true) {
            return;
        }
        let recorded = self.recorded;
        self.report_on_session(|tracked, id, findings| {
            for (rule, check) in RECORDED.iter() {
                tracked.report(id, rule, at, findings, &|_, report| check(recorded, report));
            }
        });
    }

    /// Lets rules look at facts that belong to no particular conversation; their findings are
    /// counted in the first conversation.
    fn report_on_session(
        &mut self,
        look: impl FnOnce(&mut Tracked, ConversationId, &mut Vec<Finding>),
    ) {
        let first = self.conversations.keys().next().copied();
        let id = first.unwrap_or_default();
        let mut nobody = Tracked::default();
        let tracked = self.conversations.get_mut(&id).unwrap_or(&mut nobody);
        look(tracked, id, &mut self.findings);
    }

    /// A page of a conversation unloads.
    fn leave(&mut self, id: ConversationId, at: Millis) {
        let Some(tracked) = self.conversations.get_mut(&id) else {
            return;
        };
        tracked.state.now = at;
        for (rule, check) in LEAVE.iter() {
            tracked.report(id, rule, at, &mut self.findings, &|state, report| {
                check(state, report);
            });
        }
    }

    /// Runs the checks that have become due.
    fn run_until(&mut self, now: Millis, bound: Bound) {
        self.run_where(now, bound, |_| true);
    }

    /// Runs the checks that have become due in some conversations.
    fn run_where(&mut self, now: Millis, bound: Bound, is_meant: impl Fn(ConversationId) -> bool) {
        let is_due = |deadline: Millis| bound.has_passed(deadline, now);
        if !self.next_deadline.is_some_and(is_due) {
            return;
        }
        let first_finding = self.findings.len();
        let mut has_standings = false;
        for (id, tracked) in self
            .conversations
            .iter_mut()
            .filter(|(id, _)| is_meant(**id))
        {
            if tracked.state.standing_due().is_some_and(is_due) {
                tracked.state.end_time_to_sync();
                has_standings = true;
            }
            while let Some((deadline, index)) =
                tracked.due.filter(|(deadline, _)| is_due(*deadline))
            {
                tracked.state.tick(deadline);
                if let Some(looked_at) = tracked.looked_at.get_mut(index) {
                    *looked_at = deadline;
                }
                if let Some((rule, _, check)) = DUE.get(index) {
                    tracked.report(*id, rule, deadline, &mut self.findings, &|state, report| {
                        check(state, deadline, report);
                    });
                }
                tracked.schedule();
            }
        }
        // Order the findings by time, as if time had advanced step by step for all conversations.
        if let Some(found) = self.findings.get_mut(first_finding..) {
            found.sort_by(|a, b| order(a.at, b.at));
        }
        if has_standings {
            self.tell_standings();
        }
        self.next_deadline = self.next_deadline();
    }

    fn schedule(&mut self, id: ConversationId) {
        let Some(tracked) = self.conversations.get_mut(&id) else {
            return;
        };
        tracked.schedule();
        for deadline in tracked.deadlines() {
            if self.next_deadline.is_none_or(|next| deadline < next) {
                self.next_deadline = Some(deadline);
            }
        }
    }

    fn tracked(
        conversations: &mut BTreeMap<ConversationId, Tracked>,
        id: ConversationId,
        at: Millis,
    ) -> &mut Tracked {
        conversations
            .entry(id)
            .or_insert_with(|| Tracked::new(id, at))
    }
}
