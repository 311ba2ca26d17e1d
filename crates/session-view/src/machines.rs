//! The state machines of a conversation: their states at a message, how they got there, and which
//! messages were legal there.

use std::collections::BTreeMap;

use callscope_protocol::{
    Availability, CallPhase, CallState, Condition, ConversationId, Fact, Legal, LinkState, Login,
    MessageType, Side, legal_next,
};

use crate::{SessionView, words};

mod graph;
#[cfg(test)]
mod tests;

pub use graph::Spot;
use graph::{Station, Usual};

/// The state machines of a conversation at one point of the session.
#[derive(Clone, Debug, PartialEq)]
pub struct Machines {
    /// "conversation 1 · …"
    pub title: String,
    /// The link, the log-in, the availability and the call.
    pub machines: Vec<Machine>,
    /// The messages that HubSpot and the widget might have sent at this point.
    pub legal: [(Side, Vec<LegalMessage>); 2],
    /// Whether the message at this point is legal; `None` if there is no message, or its type is
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
    /// The arrows to draw: the transitions of a well-behaved session, and those taken.
    pub arrows: Vec<Arrow>,
}

/// An arrow from one state of a machine to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The index of the first state in [`Machine::states`].
    pub from: usize,
    /// The index of the second state in [`Machine::states`].
    pub to: usize,
    /// What triggers it: the type of a message, or something else.
    pub label: String,
    /// The index in [`Machine::taken`], if it was taken.
    pub taken: Option<usize>,
    /// The message at this point triggered it.
    pub is_now: bool,
}

/// One state of a machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MachineState {
    /// Its name.
    pub name: &'static str,
    /// Where it is drawn.
    pub spot: Spot,
    /// The machine was in it before the message at this point.
    pub is_before: bool,
    /// The machine is in it after the message at this point.
    pub is_after: bool,
    /// The machine has been in it.
    pub was_reached: bool,
}

/// A transition that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The state before it.
    pub from: &'static str,
    /// The state after it.
    pub to: &'static str,
    /// How many times.
    pub count: usize,
    /// The message that caused the last one, and its name; `None` if something else did.
    pub cause: Option<(u64, String)>,
    /// Whatever else caused it.
    pub remark: Option<String>,
    /// The message at this point caused the last one.
    pub is_now: bool,
}

impl Taken {
    /// "started → ended by", and how often.
    #[must_use]
    pub fn words(&self) -> String {
        let count = match self.count {
            1 => String::new(),
            count => format!(" ×{}, the last", words::count(count as u64)),
        };
        format!("{} → {}{count} by", self.from, self.to)
    }
}

/// A legal message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegalMessage {
    /// Its type.
    pub ty: MessageType,
    /// Why it is legal.
    pub why: &'static str,
    /// It is the message that came.
    pub is_it: bool,
}

/// How to read a machine's state from a conversation, and how to draw it.
struct Spec {
    name: &'static str,
    states: &'static [Station],
    usual: &'static [Usual],
    state: fn(&Condition) -> usize,
    /// Each call has a machine of its own, and the one that the message is about is shown.
    is_per_call: bool,
}

/// A state that a conversation got into, with the position from which it holds.
type Step = (usize, Condition);

const SPECS: [Spec; 4] = [
    Spec {
        name: "Link",
        states: &graph::LINK,
        usual: &graph::LINK_USUAL,
        state: |it| match it.link {
            LinkState::Silent => 0,
            LinkState::Joined => 1,
            LinkState::Syncing => 2,
            LinkState::Ready => 3,
            LinkState::Initialized => 4,
            LinkState::Failed => 5,
            LinkState::Closed => 6,
        },
        is_per_call: false,
    },
    Spec {
        name: "Log-in",
        states: &graph::LOGIN,
        usual: &graph::LOGIN_USUAL,
        state: |it| match it.login {
            Login::Unknown => 0,
            Login::LoggedOut => 1,
            Login::LoggedIn => 2,
        },
        is_per_call: false,
    },
    Spec {
        name: "Availability",
        states: &graph::AVAILABILITY,
        usual: &graph::AVAILABILITY_USUAL,
        state: |it| match it.availability {
            Availability::Unknown => 0,
            Availability::Unavailable => 1,
            Availability::Available => 2,
        },
        is_per_call: false,
    },
    Spec {
        name: "Call",
        states: &graph::CALL,
        usual: &graph::CALL_USUAL,
        state: |it| it.call.map_or(0, state_of_call),
        is_per_call: true,
    },
];

const fn state_of_call(call: CallState) -> usize {
    match call.phase {
        CallPhase::DialRequested => 1,
        CallPhase::Started => 2,
        CallPhase::Ringing => 3,
        CallPhase::Resumed => 4,
        CallPhase::Answered => 5,
        CallPhase::Ended => 6,
        CallPhase::Finalizing => 7,
        CallPhase::Completed => 8,
        CallPhase::Transferred => 9,
    }
}

/// A transition of a machine at one position of the session.
struct Move {
    at: usize,
    /// The number of the call that changes, in the machine of the calls.
    call: u32,
    from: usize,
    to: usize,
}

/// The transitions along a path of a machine that is the same throughout the conversation.
fn moves(state: fn(&Condition) -> usize, path: impl Iterator<Item = Step>) -> Vec<Move> {
    let mut from = state(&Condition::default());
    let moves = path.map(|(at, condition)| {
        let to = state(&condition);
        let from = std::mem::replace(&mut from, to);
        Move {
            at,
            call: 0,
            from,
            to,
        }
    });
    moves.filter(|it| it.from != it.to).collect()
}

/// The transitions along a path of each call: every one begins with no call, however the others go
/// on. That another call becomes the current one is no transition.
fn call_moves(path: impl Iterator<Item = Step>) -> Vec<Move> {
    let mut moves = Vec::new();
    let mut states = BTreeMap::new();
    let mut current = None;
    for (at, condition) in path {
        if condition.call.is_none() {
            // The page has unloaded, and its calls with it.
            moves.extend(current.map(|call: CallState| Move {
                at,
                call: call.serial,
                from: state_of_call(call),
                to: 0,
            }));
            states.clear();
        }
        current = condition.call;
        for call in [condition.call, condition.other_call].into_iter().flatten() {
            let to = state_of_call(call);
            let from = states.insert(call.serial, to).unwrap_or(0);
            if from != to {
                let call = call.serial;
                moves.push(Move { at, call, from, to });
            }
        }
    }
    moves
}

/// The last transition of the call that the message at this position is about; without one, of the
/// current call.
fn last_of_call<'a>(
    view: &SessionView,
    moves: &'a [Move],
    after: Condition,
    position: Option<usize>,
) -> Option<&'a Move> {
    let session = view.session();
    let message = position.and_then(|position| session.facts().get(position)?.message());
    let placed = message.and_then(|recorded| session.placement(recorded.seq).call);
    let call = placed.map(|call| call.serial);
    let call = call.or(after.call.map(|call| call.serial))?;
    moves.iter().rev().find(|it| it.call == call)
}

/// The state before the message at this position, with its own call as the current one: with call
/// waiting, one call may be completed while the other goes on.
///
/// `None` if it begins a call, because that depends on the call in progress.
fn before_in_own_call(
    view: &SessionView,
    id: ConversationId,
    position: usize,
) -> Option<Condition> {
    let session = view.session();
    let placed = session.facts().get(position)?;
    let is_start = matches!(
        view.digest(placed.id)?.known?,
        MessageType::DialNumber | MessageType::OutgoingCallStarted | MessageType::IncomingCall
    );
    let seq = placed.message()?.seq;
    let own = session.placement(seq).call?.serial;
    let path = session.conditions(id).take_while(|(at, _)| *at < position);
    let calls = path.flat_map(|(_, it)| [it.call, it.other_call]).flatten();
    let call = calls.filter(|call| call.serial == own).last()?;
    let has_begun = call.phase != CallPhase::DialRequested;
    let before = session.condition_before(id, position);
    (has_begun && !is_start).then_some(Condition {
        call: Some(call),
        ..before
    })
}

/// How often each transition was taken, in the order in which they were first taken.
fn count(moves: &[Move]) -> Vec<Count> {
    let mut counts: Vec<Count> = Vec::new();
    for &Move { at, from, to, .. } in moves {
        match counts.iter_mut().find(|it| (it.from, it.to) == (from, to)) {
            Some(known) => (known.times, known.at) = (known.times + 1, at),
            None => counts.push(Count {
                from,
                to,
                times: 1,
                at,
            }),
        }
    }
    counts
}

impl Machines {
    /// A conversation before and after the fact at a position of the session; without a position,
    /// as it is now.
    #[must_use]
    pub fn new(view: &SessionView, id: ConversationId, position: Option<usize>) -> Option<Self> {
        let session = view.session();
        let conversation = session.conversation(id)?;
        let last = position.unwrap_or(usize::MAX);
        let path = session.conditions(id).take_while(|(at, _)| *at <= last);
        let after = match position {
            // That HubSpot gives up follows from time alone, not from a fact.
            None => Condition::from(conversation),
            Some(position) => session.condition_before(id, position + 1),
        };
        let before = position.map_or(after, |position| session.condition_before(id, position));
        let message = position
            .and_then(|position| session.facts().get(position))
            .and_then(|placed| Some((placed.message()?.from, view.digest(placed.id)?.known?)));
        let own = position.and_then(|position| before_in_own_call(view, id, position));
        let own_why = message.and_then(|(from, ty)| own?.allows(from, ty));
        let mut allowed = legal_next(&before);
        if let Some(((from, ty), why)) = message.zip(own_why)
            && before.allows(from, ty).is_none()
        {
            allowed.push(Legal { from, ty, why });
        }
        let mut legal = [(Side::Host, Vec::new()), (Side::Widget, Vec::new())];
        for it in &allowed {
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
                .map(|spec| spec.machine(view, path.clone(), (before, after), position))
                .collect(),
            is_legal: message.map(|it| allowed.iter().any(|legal| (legal.from, legal.ty) == it)),
            legal,
        })
    }
}

impl Machine {
    /// What the message did: "answered → completed", or the state that it did not change.
    #[must_use]
    pub fn change(&self) -> String {
        let name = |is_it: fn(&MachineState) -> bool| {
            let state = self.states.iter().find(|it| is_it(it));
            state.map_or("", |it| it.name)
        };
        let (before, after) = (name(|it| it.is_before), name(|it| it.is_after));
        if before == after {
            after.to_owned()
        } else {
            format!("{before} → {after}")
        }
    }

    /// Whether the message changed the machine's state.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.states.iter().any(|it| it.is_before != it.is_after)
    }
}

/// A transition while it is counted: the states, how often, and where it was last taken.
struct Count {
    from: usize,
    to: usize,
    times: usize,
    at: usize,
}

impl Spec {
    fn machine(
        &self,
        view: &SessionView,
        path: impl Iterator<Item = Step>,
        ends: (Condition, Condition),
        position: Option<usize>,
    ) -> Machine {
        let (mut before, mut after) = ((self.state)(&ends.0), (self.state)(&ends.1));
        let moves = if self.is_per_call {
            let moves = call_moves(path);
            if let Some(last) = last_of_call(view, &moves, ends.1, position) {
                let is_now = position == Some(last.at);
                (before, after) = (if is_now { last.from } else { last.to }, last.to);
            }
            moves
        } else {
            moves(self.state, path)
        };
        let counts = count(&moves);
        let mut reached = vec![before, after];
        reached.extend(counts.iter().flat_map(|it| [it.from, it.to]));
        let taken: Vec<Taken> = counts
            .iter()
            .map(|it| self.taken(view, it, position))
            .collect();
        let states = self.states.iter().enumerate();
        Machine {
            name: self.name,
            states: states
                .map(|(state, station)| MachineState {
                    name: station.name,
                    spot: station.spot,
                    is_before: state == before,
                    is_after: state == after,
                    was_reached: reached.contains(&state),
                })
                .collect(),
            arrows: self.arrows(view, &counts, &taken),
            taken,
        }
    }

    fn taken(&self, view: &SessionView, counted: &Count, position: Option<usize>) -> Taken {
        let name = |state: usize| self.states.get(state).map_or("", |it| it.name);
        let fact = view
            .session()
            .facts()
            .get(counted.at)
            .map(|placed| &placed.fact);
        let seq = match fact {
            Some(Fact::Message(recorded)) => Some(recorded.seq),
            _ => None,
        };
        let remark = fact.filter(|_| seq.is_none()).map(|fact| match fact {
            Fact::Gap(gap) => words::gap(gap),
            fact => words::remark(fact),
        });
        Taken {
            from: name(counted.from),
            to: name(counted.to),
            count: counted.times,
            cause: seq.map(|seq| (seq, view.named(seq))),
            remark,
            is_now: position == Some(counted.at),
        }
    }

    /// The usual transitions first, in the order of the table.
    fn arrows(&self, view: &SessionView, counts: &[Count], taken: &[Taken]) -> Vec<Arrow> {
        let is_usual = |count: &&Count| {
            let mut usual = self.usual.iter();
            usual.any(|it| (it.from, it.to) == (count.from, count.to))
        };
        let usual = self.usual.iter();
        let usual = usual.map(|it| (it.from, it.to, it.by.words()));
        let others = counts.iter().filter(|it| !is_usual(it));
        let others = others.map(|it| (it.from, it.to, ""));
        let cause = |count: &Count| {
            let placed = view.session().facts().get(count.at)?;
            Some(view.digest(placed.id)?.type_words().to_owned())
        };
        let arrow = |(from, to, usual): (usize, usize, &str)| {
            let place = counts.iter().position(|it| (it.from, it.to) == (from, to));
            let step = place.and_then(|place| counts.get(place));
            let was_taken = place.and_then(|place| taken.get(place));
            let remark = || was_taken?.remark.clone();
            Arrow {
                from,
                to,
                label: step
                    .and_then(cause)
                    .or_else(remark)
                    .unwrap_or_else(|| usual.to_owned()),
                taken: place,
                is_now: was_taken.is_some_and(|it| it.is_now),
            }
        };
        usual.chain(others).map(arrow).collect()
    }
}
