//! The state machines of a conversation: where they stand at a message, how they got there, and
//! which messages had a place there.

use callscope_protocol::{
    Availability, CallPhase, Condition, ConversationId, Fact, LinkState, Login, MessageType, Side,
    legal_next,
};

use crate::{SessionView, words};

/// A conversation at one place of the session.
#[derive(Clone, Debug, PartialEq)]
pub struct Machines {
    /// "conversation 1 · …"
    pub title: String,
    /// The link, the log-in, the availability and the call.
    pub machines: Vec<Machine>,
    /// What HubSpot and what the widget might have sent at this place.
    pub legal: [(Side, Vec<LegalMessage>); 2],
    /// Whether the message at this place is among them; `None` if there is none, or its type is
    /// unknown.
    pub is_legal: Option<bool>,
}

/// One machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    /// "Link", "Log-in", "Availability" or "Call".
    pub name: &'static str,
    /// All its states.
    pub states: Vec<MachineState>,
    /// The transitions that it has taken, in the order in which they were first taken.
    pub taken: Vec<Taken>,
}

/// One state of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MachineState {
    /// What it is called.
    pub name: &'static str,
    /// The machine was in it before the message.
    pub is_before: bool,
    /// The machine is in it after the message.
    pub is_after: bool,
    /// The machine has been in it.
    pub was_reached: bool,
}

/// A transition that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The states.
    pub from: &'static str,
    /// The states.
    pub to: &'static str,
    /// How often.
    pub count: usize,
    /// The message that caused the last one, and what that is called; `None` if something else did.
    pub cause: Option<(u64, String)>,
    /// What else caused it.
    pub remark: Option<String>,
    /// The message at this place did.
    pub is_now: bool,
}

/// A message that had a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegalMessage {
    /// Its type.
    pub ty: MessageType,
    /// Why.
    pub why: &'static str,
    /// It is the one that came.
    pub is_it: bool,
}

/// How a machine reads the state of a conversation.
struct Spec {
    name: &'static str,
    states: &'static [&'static str],
    state: fn(&Condition) -> usize,
}

const SPECS: [Spec; 4] = [
    Spec {
        name: "Link",
        states: &[
            "silent",
            "joined later",
            "syncing",
            "ready",
            "initialized",
            "failed",
            "closed",
        ],
        state: |it| match it.link {
            LinkState::Silent => 0,
            LinkState::Joined => 1,
            LinkState::Syncing => 2,
            LinkState::Ready => 3,
            LinkState::Initialized => 4,
            LinkState::Failed => 5,
            LinkState::Closed => 6,
        },
    },
    Spec {
        name: "Log-in",
        states: &["unknown", "logged out", "logged in"],
        state: |it| match it.login {
            Login::Unknown => 0,
            Login::LoggedOut => 1,
            Login::LoggedIn => 2,
        },
    },
    Spec {
        name: "Availability",
        states: &["unknown", "unavailable", "available"],
        state: |it| match it.availability {
            Availability::Unknown => 0,
            Availability::Unavailable => 1,
            Availability::Available => 2,
        },
    },
    Spec {
        name: "Call",
        states: &[
            "no call",
            "dial requested",
            "started",
            "ringing",
            "resumed",
            "answered",
            "ended",
            "finalizing",
            "completed",
            "transferred",
        ],
        state: |it| match it.call.map(|call| call.phase) {
            None => 0,
            Some(CallPhase::DialRequested) => 1,
            Some(CallPhase::Started) => 2,
            Some(CallPhase::Ringing) => 3,
            Some(CallPhase::Resumed) => 4,
            Some(CallPhase::Answered) => 5,
            Some(CallPhase::Ended) => 6,
            Some(CallPhase::Finalizing) => 7,
            Some(CallPhase::Completed) => 8,
            Some(CallPhase::Transferred) => 9,
        },
    },
];

impl Machines {
    /// A conversation before and after the fact at a position of the session; as it is now without
    /// a position.
    #[must_use]
    pub fn new(view: &SessionView, id: ConversationId, position: Option<usize>) -> Option<Self> {
        let session = view.session();
        let conversation = session.conversation(id)?;
        let history = session.conditions(id);
        let count = position.map_or(history.len(), |position| {
            history.partition_point(|(at, _)| *at <= position)
        });
        let path = history.get(..count).unwrap_or_default();
        let after = match (position, path.last()) {
            // That HubSpot gives up is told by time alone.
            (None, _) => Condition::from(conversation),
            (Some(_), last) => last.map(|(_, it)| *it).unwrap_or_default(),
        };
        let before = position.map_or(after, |position| session.condition_before(id, position));
        let message = position
            .and_then(|position| session.facts().get(position))
            .and_then(|placed| Some((placed.message()?.from, view.digest(placed.id)?.known?)));
        let mut legal = [(Side::Host, Vec::new()), (Side::Widget, Vec::new())];
        for it in legal_next(&before) {
            let is_it = message == Some((it.from, it.ty));
            for (_, messages) in legal.iter_mut().filter(|(side, _)| *side == it.from) {
                messages.push(LegalMessage {
                    ty: it.ty,
                    why: it.why,
                    is_it,
                });
            }
        }
        Some(Self {
            title: words::conversation(conversation),
            machines: SPECS
                .iter()
                .map(|spec| spec.machine(view, path, before, after, position))
                .collect(),
            is_legal: message.map(|(from, ty)| before.allows(from, ty).is_some()),
            legal,
        })
    }
}

impl Spec {
    fn machine(
        &self,
        view: &SessionView,
        path: &[(usize, Condition)],
        before: Condition,
        after: Condition,
        position: Option<usize>,
    ) -> Machine {
        let name = |state: usize| self.states.get(state).copied().unwrap_or_default();
        let (before, after) = ((self.state)(&before), (self.state)(&after));
        let mut reached = vec![before, after];
        // The states, how often, and where last.
        let mut steps: Vec<(usize, usize, usize, usize)> = Vec::new();
        let mut last = (self.state)(&Condition::default());
        for (at, condition) in path {
            let state = (self.state)(condition);
            if state == last {
                continue;
            }
            reached.extend([last, state]);
            match steps
                .iter_mut()
                .find(|(from, to, ..)| (*from, *to) == (last, state))
            {
                Some((.., count, place)) => (*count, *place) = (*count + 1, *at),
                None => steps.push((last, state, 1, *at)),
            }
            last = state;
        }
        let taken = |(from, to, count, at): (usize, usize, usize, usize)| {
            let fact = view.session().facts().get(at).map(|placed| &placed.fact);
            let seq = match fact {
                Some(Fact::Message(recorded)) => Some(recorded.seq),
                _ => None,
            };
            let remark = fact.filter(|_| seq.is_none()).map(|fact| match fact {
                Fact::Gap(gap) => words::gap(gap),
                fact => words::remark(fact),
            });
            Taken {
                from: name(from),
                to: name(to),
                count,
                cause: seq.map(|seq| (seq, view.named(seq))),
                remark,
                is_now: position == Some(at),
            }
        };
        let states = self.states.iter().enumerate();
        Machine {
            name: self.name,
            states: states
                .map(|(state, name)| MachineState {
                    name,
                    is_before: state == before,
                    is_after: state == after,
                    was_reached: reached.contains(&state),
                })
                .collect(),
            taken: steps.into_iter().map(taken).collect(),
        }
    }
}
