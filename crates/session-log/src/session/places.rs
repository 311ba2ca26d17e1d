//! Which call each message belongs to and what answers what, kept up to date with the facts.

use std::collections::BTreeMap;

use callscope_protocol::{
    Call, CallId, Checker, Condition, Conversation, ConversationId, Fact, Placement,
};

use super::history::History;
use crate::numbered::Numbered;

/// One thing that the checker said about calls, answers or states.
#[derive(Clone, Debug)]
pub(super) enum Record {
    /// What the message with this number belongs to.
    Placement(u64, Placement),
    /// A call that no fact after this position can change.
    Over(usize, Box<Call>),
    /// From the fact at this position on, a conversation is in this state.
    Condition(usize, ConversationId, Condition),
}

/// The states of the conversations that a fact may change.
#[derive(Clone, Debug)]
pub(super) enum Conditions {
    /// Usually at most one.
    Of(Option<(ConversationId, Condition)>),
    All(Vec<(ConversationId, Condition)>),
}

impl Conditions {
    pub(super) fn before(checker: &Checker, fact: &Fact) -> Self {
        let of = |it: &Conversation| (it.id, Condition::from(it));
        let only = match fact {
            Fact::Message(recorded) => Some(recorded.conversation),
            Fact::Closed(closed) => Some(closed.conversation),
            Fact::Conversation(start) => Some(start.id),
            Fact::Gap(gap) => gap.conversation,
            Fact::Inside(_) | Fact::Setting(_) | Fact::End(_) => return Self::Of(None),
        };
        match only {
            Some(id) => Self::Of(checker.conversation(id).map(of)),
            None => Self::All(checker.conversations().map(of).collect()),
        }
    }

    fn as_slice(&self) -> &[(ConversationId, Condition)] {
        match self {
            Self::Of(only) => only.as_slice(),
            Self::All(all) => all,
        }
    }
}

impl Record {
    /// Adds what the checker says after it has seen `fact`, which is at this position.
    pub(super) fn add(
        checker: &mut Checker,
        fact: &Fact,
        position: usize,
        before: &Conditions,
        records: &mut Vec<Self>,
    ) {
        if let Fact::Message(recorded) = fact {
            let placement = checker.placement();
            if placement != Placement::default() {
                records.push(Self::Placement(recorded.seq, placement));
            }
        }
        let over = checker.drain_calls().into_iter().map(Box::new);
        records.extend(over.map(|call| Self::Over(position, call)));
        let after = Conditions::before(checker, fact);
        let changed = after.as_slice().iter();
        let changed = changed.filter(|it| !before.as_slice().contains(it));
        records.extend(changed.map(|(id, condition)| Self::Condition(position, *id, *condition)));
    }
}

/// Lookups into what the checker said.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    placements: Numbered<Placement>,
    /// The answers to a request, in ascending order.
    answers: Numbered<Answers>,
    over: BTreeMap<CallId, Call>,
    /// The calls in `over`, with the positions of [`Record::Over`], in ascending order.
    over_at: Vec<(usize, CallId)>,
    histories: BTreeMap<ConversationId, History>,
}

/// The answers to one request: usually a single one, which needs no list.
#[derive(Clone, Debug)]
enum Answers {
    One(u64),
    Many(Vec<u64>),
}

impl Answers {
    fn as_slice(&self) -> &[u64] {
        match self {
            Self::One(seq) => std::slice::from_ref(seq),
            Self::Many(all) => all,
        }
    }

    fn add(&mut self, seq: u64) {
        match self {
            Self::One(first) => *self = Self::Many(vec![*first, seq]),
            Self::Many(all) => all.push(seq),
        }
    }

    /// Removes an answer; returns whether there are others.
    fn remove(&mut self, seq: u64) -> bool {
        match self {
            Self::One(only) => *only != seq,
            Self::Many(all) => {
                all.retain(|it| *it != seq);
                !all.is_empty()
            }
        }
    }
}

impl Places {
    /// Forgets the records of all but the first `kept` facts, whose last message has the number
    /// `last`, and adds the new ones.
    pub(super) fn update(
        &mut self,
        (kept, last): (usize, u64),
        new: impl IntoIterator<Item = Record>,
    ) {
        self.forget(kept, last);
        for record in new {
            match record {
                Record::Placement(seq, placement) => {
                    self.placements.insert(seq, placement);
                    if let Some(answer) = placement.answers {
                        match self.answers.get_mut(answer.request) {
                            Some(answers) => answers.add(seq),
                            None => _ = self.answers.insert(answer.request, Answers::One(seq)),
                        }
                    }
                }
                Record::Over(position, call) => {
                    self.over_at.push((position, call.id));
                    self.over.insert(call.id, *call);
                }
                Record::Condition(position, id, condition) => {
                    let history = self.histories.entry(id).or_default();
                    history.push(position, condition);
                }
            }
        }
    }

    fn forget(&mut self, kept: usize, last: u64) {
        for (seq, placement) in self.placements.take_after(last) {
            let Some(answer) = placement.answers else {
                continue;
            };
            let answers = self.answers.get_mut(answer.request);
            if answers.is_some_and(|answers| !answers.remove(seq)) {
                self.answers.remove(answer.request);
            }
        }
        while let Some((_, id)) = self.over_at.pop_if(|(position, _)| *position >= kept) {
            self.over.remove(&id);
        }
        for history in self.histories.values_mut() {
            history.truncate(kept);
        }
    }

    pub(super) fn placement(&self, seq: u64) -> Placement {
        self.placements.get(seq).copied().unwrap_or_default()
    }

    pub(super) fn answers_to(&self, seq: u64) -> &[u64] {
        let answers = self.answers.get(seq);
        answers.map(Answers::as_slice).unwrap_or_default()
    }

    pub(super) fn history(&self, id: ConversationId) -> Option<&History> {
        self.histories.get(&id)
    }

    pub(super) const fn over(&self) -> &BTreeMap<CallId, Call> {
        &self.over
    }
}
