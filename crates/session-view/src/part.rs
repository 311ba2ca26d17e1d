//! A part of a session, for a file: the chosen messages, and what is needed to judge them on their
//! own.
//!
//! Checking the part must find nothing that is not wrong with the whole. So it includes the
//! handshake that its messages depend on, the state of log-in, availability and visibility before
//! the first of them, and a gap ([`GapReason::LeftOut`]) wherever messages are left out: a checker
//! then reports nothing that depends on the missing messages. Where log-in and availability are the
//! same on both sides of a gap, it says so, because they stay known then.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use callscope_protocol::{CallId, ConversationId, Fact, Gap, GapReason, Millis};
use callscope_session_log::{LogLine, Placed, Session};

use crate::SessionView;
use crate::cleared::{Cleared, Kept, conversation_at};

/// Which messages of a session go into a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Everything that is not cleared.
    Whole,
    /// Of that, what the filter shows, as the view was last looked at.
    Shown,
    /// One call: everything in its conversation from the call's first to its last message, except
    /// what belongs to another call.
    Call(CallId),
    /// The messages with these ids.
    Messages(BTreeSet<u64>),
}

/// A part of a session.
#[derive(Clone, Debug)]
pub struct PartialSession<'a> {
    /// The part, which can be written and checked like any other session. Messages keep their
    /// numbers.
    pub session: Cow<'a, Session>,
    /// How many messages were chosen.
    pub chosen: u64,
    /// How many messages are included only because the chosen ones depend on them.
    pub context: u64,
    /// How many messages are left out, not counting cleared ones.
    pub left_out: u64,
}

impl Part {
    /// How many messages are chosen, without those that they depend on.
    #[must_use]
    pub fn count(&self, view: &SessionView, cleared: &Cleared) -> u64 {
        let chosen = self.test(view, cleared);
        let facts = view.session().facts().iter().enumerate();
        let chosen = facts.filter(|(at, it)| it.message().is_some() && chosen(*at, it));
        chosen.count() as u64
    }

    /// Cuts the part out of the session.
    #[must_use]
    pub fn of<'a>(&self, view: &'a SessionView, cleared: &Cleared) -> PartialSession<'a> {
        match self {
            Self::Whole => whole(view, cleared),
            _ => partial(view, cleared, &*self.test(view, cleared)),
        }
    }

    /// The test for whether a fact at a position is chosen.
    fn test<'a>(&'a self, view: &'a SessionView, cleared: &'a Cleared) -> Box<Test<'a>> {
        match self {
            Self::Whole => Box::new(move |_, it| !cleared.hides(it)),
            Self::Shown => Box::new(move |position, it| {
                let shows = match &it.fact {
                    Fact::Message(_) => !view.rows().hides(position),
                    Fact::Inside(inside) => view.shows_inside(position, inside),
                    _ => false,
                };
                shows && !cleared.hides(it)
            }),
            Self::Call(id) => {
                let call = view.session().call(*id);
                let ends = call.and_then(|call| {
                    let position = |seq| Some(view.find(view.id_of(seq)?)?.0);
                    Some(position(call.first_seq)?..=position(call.last_seq)?)
                });
                Box::new(move |position, it| {
                    let is_in_time = ends.as_ref().is_some_and(|it| it.contains(&position));
                    let conversation = conversation_at(view.session(), position);
                    let call = it
                        .message()
                        .and_then(|it| view.session().placement(it.seq).call);
                    is_in_time
                        && !cleared.hides(it)
                        && conversation == Some(id.conversation)
                        && call.is_none_or(|call| call == *id)
                })
            }
            Self::Messages(ids) => Box::new(move |_, it| ids.contains(&it.id)),
        }
    }
}

/// Whether a fact is chosen, given its position.
type Test<'a> = dyn Fn(usize, &Placed) -> bool + 'a;

fn whole<'a>(view: &'a SessionView, cleared: &Cleared) -> PartialSession<'a> {
    let all = view.session();
    let hidden = all.facts().iter().filter(|it| cleared.hides(it));
    let hidden = hidden.filter(|it| it.message().is_some()).count();
    let session = if cleared.is_empty() {
        Cow::Borrowed(all)
    } else {
        Cow::Owned(cleared.rest_of(view))
    };
    let chosen = all.message_count() - hidden;
    PartialSession {
        chosen: chosen as u64,
        context: (session.message_count() - chosen) as u64,
        left_out: 0,
        session,
    }
}

/// Consecutive messages of a conversation that are left out.
#[derive(Clone, Copy, Debug, Default)]
struct Hole {
    count: u64,
    /// The first of them, with the time when it was received: from then on, nothing is certain.
    first: Option<(usize, Millis)>,
}

fn partial(
    view: &SessionView,
    cleared: &Cleared,
    is_chosen: &dyn Fn(usize, &Placed) -> bool,
) -> PartialSession<'static> {
    let facts = view.session().facts();
    let mut firsts: HashMap<ConversationId, usize> = HashMap::new();
    for (position, placed) in facts.iter().enumerate() {
        if placed.message().is_some()
            && is_chosen(position, placed)
            && let Some(id) = conversation_at(view.session(), position)
        {
            firsts.entry(id).or_insert(position);
        }
    }
    let conversations: HashSet<ConversationId> = firsts.keys().copied().collect();
    let is_before = |position, id| firsts.get(&id).is_some_and(|first| position < *first);
    let no_call = |_| false;
    let kept = Kept::before(
        view,
        &is_before,
        &no_call,
        &conversations,
        &GapReason::LeftOut { same_state: false },
    );
    let mut partial = PartialSession {
        session: Cow::Owned(Session::new()),
        chosen: 0,
        context: 0,
        left_out: 0,
    };
    let mut holes: HashMap<ConversationId, Hole> = HashMap::new();
    let mut lines: Vec<LogLine> = Vec::new();
    for (position, placed) in facts.iter().enumerate() {
        let id = conversation_at(view.session(), position);
        let is_involved = id.is_none_or(|id| conversations.contains(&id));
        let is_early = id.is_some_and(|id| is_before(position, id));
        let stays = match &placed.fact {
            Fact::Message(_) => is_chosen(position, placed),
            Fact::Inside(_) => is_involved && is_chosen(position, placed),
            Fact::Closed(_) => is_involved && !is_early,
            Fact::Gap(_) | Fact::Conversation(_) => is_involved,
            Fact::Setting(_) => false,
            Fact::End(_) => true,
        };
        let is_context = kept.positions.contains(&position);
        if placed.message().is_some() {
            let slot = match (stays, is_context) {
                (true, _) => Some(&mut partial.chosen),
                (false, true) => Some(&mut partial.context),
                (false, false) if cleared.hides(placed) => None,
                (false, false) => Some(&mut partial.left_out),
            };
            if let Some(slot) = slot {
                *slot += 1;
            }
        }
        if let Some(id) = id.filter(|_| is_involved) {
            let hole = holes.entry(id).or_default();
            match (stays || is_context, placed.message()) {
                (false, Some(recorded)) => {
                    hole.count += 1;
                    hole.first.get_or_insert((position, recorded.at));
                }
                (true, _) => {
                    let hole = std::mem::take(hole);
                    lines.extend(gap(view.session(), id, hole, position));
                }
                (false, None) => {}
            }
        }
        if matches!(placed.fact, Fact::End(_)) {
            close(view.session(), &mut holes, position, &mut lines);
        }
        if stays || is_context {
            lines.push(LogLine {
                fact: placed.fact.clone(),
                extra: placed.extra.clone(),
            });
        }
    }
    close(view.session(), &mut holes, facts.len(), &mut lines);
    let mut session = Session::new();
    for line in lines {
        session.push(line);
    }
    if let Some(now) = view.session().now() {
        session.advance(now);
    }
    partial.session = Cow::Owned(session);
    partial
}

/// Writes a gap for each conversation's messages left out before the fact at this position.
fn close(
    session: &Session,
    holes: &mut HashMap<ConversationId, Hole>,
    position: usize,
    lines: &mut Vec<LogLine>,
) {
    let mut ends: Vec<_> = holes.drain().collect();
    ends.sort_by_key(|(id, _)| *id);
    for (id, hole) in ends {
        lines.extend(gap(session, id, hole, position));
    }
}

/// The gap for a hole that ends before the fact at position `end`.
fn gap(session: &Session, id: ConversationId, hole: Hole, end: usize) -> Option<LogLine> {
    let (start, at) = hole.first?;
    let state = |position| {
        let condition = session.condition_before(id, position);
        (condition.login, condition.availability)
    };
    let gap = Gap {
        at,
        conversation: Some(id),
        lost: Some(hole.count),
        why: GapReason::LeftOut {
            same_state: state(start) == state(end),
        },
    };
    Some(Fact::Gap(gap).into())
}
