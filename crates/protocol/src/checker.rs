//! The checker: facts and time in, findings and states out.

mod announced;
mod due;
mod hooks;
mod observe;
mod standing;
mod tracked;

use std::collections::{BTreeMap, VecDeque};

use announced::Announced;
use tracked::{Bound, Tracked, order};

use crate::recorded::Recorded;
use crate::state::State;
use crate::{
    Call, CallId, Conversation, ConversationId, Fact, Finding, Inside, Millis, PageCause,
    Placement, Setting, Stage, Summary, Waiting,
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
    /// How many facts have been seen.
    seen: usize,
    /// The end has been reported already.
    is_over: bool,
    placement: Placement,
    findings: Vec<Finding>,
    /// How many of the findings are in `summary`.
    counted: usize,
    /// The last findings that may still be replaced, oldest first.
    open: VecDeque<Finding>,
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

/// How many conversations a checker follows at most, which is more than any session has. Beyond
/// that, it drops the one that has been quiet for longest.
pub const MAX_CONVERSATIONS: usize = 1_024;

/// How many findings at most may be replaced later; there are seldom more than one or two.
const MAX_OPEN: usize = 64;

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
        self.seen += 1;
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

    /// Why a conversation does not get ready, as far as the widget's page has reported it: what T13
    /// and S01 add to their findings, once they are certain.
    #[must_use]
    pub fn why_not_ready(&self, id: ConversationId) -> Option<PageCause> {
        self.conversations.get(&id)?.state.why_not_ready()
    }

    /// Why the widget does not answer the request with this `seq`, one of those that are
    /// [waiting](Self::waiting), as far as its page has reported it.
    #[must_use]
    pub fn why_unanswered(&self, id: ConversationId, request: u64) -> Option<PageCause> {
        let state = &self.conversations.get(&id)?.state;
        let asked = state.requests.waiting().find(|it| it.mark.seq == request)?;
        state.why_unanswered(asked)
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
        for finding in self.findings.get_mut(self.counted..).unwrap_or_default() {
            self.summary.findings.add(finding.severity);
            match finding.stage {
                Stage::Final => {}
                Stage::Open => {
                    if self.open.len() == MAX_OPEN {
                        self.open.pop_front();
                    }
                    self.open.push_back(finding.clone());
                }
                Stage::Replacing(_) => {
                    let earlier = self.open.iter().position(|it| finding.replaces(it));
                    let Some(earlier) = earlier.and_then(|index| self.open.remove(index)) else {
                        finding.stage = Stage::Final;
                        continue;
                    };
                    self.summary.findings.take_back(earlier.severity);
                    if let Some(tracked) = self.conversations.get_mut(&earlier.conversation) {
                        tracked.state.view.take_back(earlier.severity);
                    }
                }
            }
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
