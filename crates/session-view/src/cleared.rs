//! What the user has cleared from the list.
//!
//! Cleared facts are hidden but stay in the session, which is checked as before: the state of a
//! conversation, its log-in and its call continue, and nothing is missing.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use callscope_protocol::{
    CallId, Conversation, ConversationId, Fact, Finding, Gap, GapReason, Link, MessageType, Millis,
    Side,
};
use callscope_session_log::{LogLine, Placed, Session};

use crate::SessionView;

/// Which facts the user has cleared from the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cleared(Vec<(Range<u64>, Millis)>);

// The times compared here come from a clock, so they are never NaN.
impl Eq for Cleared {}

impl Cleared {
    /// The facts with these ids that happened no later than the given time.
    #[must_use]
    pub fn new(parts: impl IntoIterator<Item = (Range<u64>, Millis)>) -> Self {
        Self(parts.into_iter().collect())
    }

    /// Everything that happened no later than `at`.
    #[must_use]
    pub fn through(at: Millis) -> Self {
        Self(vec![(0..u64::MAX, at)])
    }

    /// Whether nothing is cleared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this fact is cleared.
    #[must_use]
    pub fn hides(&self, placed: &Placed) -> bool {
        let at = placed.fact.at();
        let mut parts = self.0.iter();
        parts.any(|(ids, through)| ids.contains(&placed.id) && at <= *through)
    }

    /// The latest time until which anything is cleared.
    fn end(&self) -> Option<Millis> {
        let ends = self.0.iter().map(|(_, through)| *through);
        ends.max_by(|a, b| a.0.total_cmp(&b.0))
    }

    /// Whether a finding is about something that is cleared: its message, or, without one, whether
    /// it was found before the clearing.
    pub(crate) fn hides_finding(&self, view: &SessionView, finding: &Finding) -> bool {
        if self.is_empty() {
            return false;
        }
        match view.session().anchor_of(finding) {
            Some(placed) => self.hides(placed),
            None => self.end().is_some_and(|end| finding.at <= end),
        }
    }

    /// The session without what is cleared, for a file that can be checked on its own.
    ///
    /// Of the cleared facts it keeps those that the rest depends on: how each conversation began
    /// that continues, its last handshake, log-in, availability and size, and the call in progress.
    /// A gap after the handshake stands for the others.
    #[must_use]
    pub fn rest_of(&self, view: &SessionView) -> Session {
        let session = view.session();
        let keeps = Kept::of(self, view);
        let mut rest = Session::new();
        for (position, placed) in session.facts().iter().enumerate() {
            if !self.hides(placed) || keeps.positions.contains(&position) {
                rest.push(LogLine {
                    fact: placed.fact.clone(),
                    extra: placed.extra.clone(),
                });
            }
            if let Some(gap) = keeps.gaps.get(&position) {
                rest.push(Fact::Gap(gap.clone()));
            }
        }
        if let Some(now) = session.now() {
            rest.advance(now);
        }
        rest
    }
}

/// Which of the omitted facts a file keeps nevertheless.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) positions: HashSet<usize>,
    /// The gap to write after the fact at this position.
    pub(crate) gaps: HashMap<usize, Gap>,
}

/// What is known about a conversation at the end of its cleared part, as positions of facts.
#[derive(Debug, Default)]
struct Known {
    start: Option<usize>,
    first_sync: Option<usize>,
    answered_sync: Option<usize>,
    ack: Option<usize>,
    initialized: Option<usize>,
    login: Option<usize>,
    availability: Option<usize>,
    visibility: Option<usize>,
    /// The messages of the call in progress.
    call: Vec<usize>,
    /// The conversation's first cleared fact.
    first: Option<usize>,
    /// How many messages are cleared.
    count: u64,
}

impl Kept {
    /// The facts to keep from what is cleared.
    fn of(cleared: &Cleared, view: &SessionView) -> Self {
        let session = view.session();
        let goes_on = |id: CallId| {
            let is_current = |it: &Conversation| it.call.as_ref().is_some_and(|it| it.id == id);
            let last = session.call(id).and_then(|call| view.id_of(call.last_seq));
            let last = last.and_then(|last| view.find(last));
            session
                .conversation(id.conversation)
                .is_some_and(is_current)
                || last.is_some_and(|(_, last)| !cleared.hides(last))
        };
        let mut going_on: HashSet<ConversationId> = session
            .conversations()
            .filter(|it| !matches!(it.link, Link::Closed { .. }))
            .map(|it| it.id)
            .collect();
        let facts = session.facts().iter().enumerate();
        let shown =
            facts.filter(|(_, it)| !cleared.hides(it) && !matches!(it.fact, Fact::Inside(_)));
        going_on.extend(shown.filter_map(|(position, _)| conversation_at(session, position)));
        let is_hidden = |position: usize, _| {
            let placed = session.facts().get(position);
            placed.is_some_and(|it| cleared.hides(it))
        };
        Self::before(view, &is_hidden, &goes_on, &going_on, &GapReason::Cleared)
    }

    /// The facts to keep from those that `is_hidden` selects, so that the later facts of these
    /// conversations can be judged.
    pub(crate) fn before(
        view: &SessionView,
        is_hidden: &dyn Fn(usize, ConversationId) -> bool,
        keeps_call: &dyn Fn(CallId) -> bool,
        conversations: &HashSet<ConversationId>,
        why: &GapReason,
    ) -> Self {
        let session = view.session();
        let mut all: HashMap<ConversationId, Known> = HashMap::new();
        for (position, placed) in session.facts().iter().enumerate() {
            let Some(id) = conversation_at(session, position) else {
                continue;
            };
            let is_report = matches!(placed.fact, Fact::Inside(_));
            if is_report || !conversations.contains(&id) || !is_hidden(position, id) {
                continue;
            }
            let known = all.entry(id).or_default();
            known.first.get_or_insert(position);
            match &placed.fact {
                Fact::Message(recorded) => {
                    let placement = session.placement(recorded.seq);
                    if placement.call.is_some_and(keeps_call) {
                        known.call.push(position);
                    }
                    let digest = view.digest(placed.id);
                    let known_type = digest.and_then(|digest| digest.known);
                    known.take(position, (recorded.from, known_type), || {
                        let request = view.id_of(placement.answers?.request)?;
                        session.position(request)
                    });
                }
                Fact::Gap(gap) => known.count += gap.lost.unwrap_or_default(),
                Fact::Conversation(_) => known.start = Some(position),
                _ => {}
            }
        }
        let mut kept = Self::default();
        for (id, known) in all {
            kept.keep(session, id, &known, is_hidden, why);
        }
        kept
    }

    fn keep(
        &mut self,
        session: &Session,
        id: ConversationId,
        known: &Known,
        is_hidden: &dyn Fn(usize, ConversationId) -> bool,
        why: &GapReason,
    ) {
        let Some(first) = known.first else {
            return;
        };
        let handshake = [
            known.start,
            known.first_sync,
            known.answered_sync,
            known.ack,
        ];
        let state = [
            known.initialized,
            known.login,
            known.availability,
            known.visibility,
        ];
        let states = state
            .into_iter()
            .flatten()
            .chain(known.call.iter().copied());
        let handshake = || handshake.into_iter().flatten();
        let all: HashSet<usize> = handshake().chain(states).collect();
        // The answered SYNC may be shown although its answer is cleared: by the clocks of two
        // pages, an answer can be older than its request.
        let hidden = all.iter().filter(|position| is_hidden(**position, id));
        let messages = hidden.count() as u64 - u64::from(known.start.is_some());
        let lost = known.count.saturating_sub(messages);
        self.positions.extend(all);
        // The facts kept for the state stand after the gap, because a gap makes everything before
        // it uncertain.
        let place = handshake().max().unwrap_or(first);
        if let Some(placed) = session.facts().get(place).filter(|_| lost > 0) {
            let gap = Gap {
                at: placed.fact.at(),
                conversation: Some(id),
                lost: Some(lost),
                why: why.clone(),
            };
            self.gaps.insert(place, gap);
        }
    }
}

/// The conversation that a fact belongs to, if it names one.
pub(crate) fn conversation_at(session: &Session, position: usize) -> Option<ConversationId> {
    match &session.facts().get(position)?.fact {
        Fact::Message(it) => Some(it.conversation),
        Fact::Conversation(it) => Some(it.id),
        Fact::Closed(it) => Some(it.conversation),
        Fact::Gap(it) => it.conversation,
        Fact::Inside(it) => it.conversation,
        Fact::Setting(_) | Fact::End(_) => None,
    }
}

impl Known {
    /// Notes the next cleared message.
    fn take(
        &mut self,
        position: usize,
        message: (Side, Option<MessageType>),
        request: impl Fn() -> Option<usize>,
    ) {
        self.count += 1;
        let slot = match message {
            (Side::Host, Some(MessageType::Sync)) => {
                self.first_sync.get_or_insert(position);
                return;
            }
            (Side::Widget, Some(MessageType::SyncAck)) => {
                self.answered_sync = request();
                // A reloaded widget starts afresh, so its earlier state is void.
                (self.initialized, self.login, self.availability) = (None, None, None);
                &mut self.ack
            }
            (Side::Widget, Some(MessageType::Initialized)) => {
                (self.login, self.availability) = (None, None);
                &mut self.initialized
            }
            (Side::Widget, Some(MessageType::LoggedIn | MessageType::LoggedOut)) => &mut self.login,
            (Side::Widget, Some(MessageType::UserAvailable | MessageType::UserUnavailable)) => {
                &mut self.availability
            }
            (Side::Host, Some(MessageType::VisibilityChanged)) => &mut self.visibility,
            _ => return,
        };
        *slot = Some(position);
    }
}
