//! Which call each message belongs to and what answers what, kept up to date with the facts.

use std::collections::BTreeMap;

use callscope_protocol::{
    Call, CallId, Checker, Condition, Conversation, ConversationId, Fact, Placement,
};

use crate::numbered::Numbered;

/// One thing that the checker said about calls, answers or states.
#[derive(Clone, Debug)]
pub(super) enum Record {
    /// What the message with this number belongs to.
    Placement(u64, Placement),
    /// A call that no later message can change.
    Over(Box<Call>),
    /// From the fact at this position on, a conversation is in this state.
    Condition(usize, ConversationId, Condition),
}

/// The states of the conversations that a fact may change.
pub(super) fn conditions(checker: &Checker, fact: &Fact) -> Vec<(ConversationId, Condition)> {
    let of = |it: &Conversation| (it.id, Condition::from(it));
    let only = match fact {
        Fact::Message(recorded) => Some(recorded.conversation),
        Fact::Closed(closed) => Some(closed.conversation),
        Fact::Conversation(start) => Some(start.id),
        Fact::Gap(gap) => gap.conversation,
        Fact::Inside(_) | Fact::Setting(_) | Fact::End(_) => return Vec::new(),
    };
    match only {
        Some(id) => checker.conversation(id).map(of).into_iter().collect(),
        None => checker.conversations().map(of).collect(),
    }
}

impl Record {
    /// What the checker says after it has seen `fact`, which is at this position.
    pub(super) fn of(
        checker: &mut Checker,
        fact: &Fact,
        position: usize,
        before: &[(ConversationId, Condition)],
    ) -> Vec<Self> {
        let placement = match fact {
            Fact::Message(recorded) => Some((recorded.seq, checker.placement())),
            _ => None,
        };
        let placement = placement.filter(|(_, placement)| *placement != Placement::default());
        let placement = placement.map(|(seq, placement)| Self::Placement(seq, placement));
        let over = checker.drain_calls().into_iter().map(Box::new);
        let changed = conditions(checker, fact);
        let changed = changed.into_iter().filter(|it| !before.contains(it));
        let changed = changed.map(|(id, condition)| Self::Condition(position, id, condition));
        let told = placement.into_iter().chain(over.map(Self::Over));
        told.chain(changed).collect()
    }
}

/// Lookups into what the checker said.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// The keys of the records, in order.
    told: Vec<Key>,
    placements: Numbered<Placement>,
    /// The answers to a request, in ascending order.
    answers: Numbered<Vec<u64>>,
    over: BTreeMap<CallId, Call>,
    /// The states of each conversation, with the positions from which they hold, in ascending
    /// order.
    conditions: BTreeMap<ConversationId, Vec<(usize, Condition)>>,
}

/// Appends to a list that gets long: it grows by an eighth instead of doubling, because half of the
/// doubled capacity would usually stay unused.
fn push_frugally<T>(list: &mut Vec<T>, item: T) {
    /// Shorter lists grow as usual.
    const LONG: usize = 4_096;
    if list.len() == list.capacity() && list.len() >= LONG {
        list.reserve_exact(list.len() / 8);
    }
    list.push(item);
}

#[derive(Clone, Copy, Debug)]
enum Key {
    Message(u64),
    Call(CallId),
    Condition(ConversationId),
}

impl Places {
    /// Forgets all but the first `kept` records, and adds new ones.
    pub(super) fn update(&mut self, kept: usize, new: impl IntoIterator<Item = Record>) {
        for key in self.told.drain(kept.min(self.told.len())..) {
            match key {
                Key::Message(seq) => {
                    let placement = self.placements.remove(seq);
                    let answer = placement.and_then(|placement| placement.answers);
                    if let Some(answer) = answer
                        && let Some(answers) = self.answers.get_mut(answer.request)
                    {
                        answers.retain(|answer| *answer != seq);
                    }
                }
                Key::Call(id) => {
                    self.over.remove(&id);
                }
                // The later states are removed as well.
                Key::Condition(id) => {
                    if let Some(conditions) = self.conditions.get_mut(&id) {
                        conditions.pop();
                    }
                }
            }
        }
        for record in new {
            match record {
                Record::Placement(seq, placement) => {
                    push_frugally(&mut self.told, Key::Message(seq));
                    self.placements.insert(seq, placement);
                    if let Some(answer) = placement.answers {
                        match self.answers.get_mut(answer.request) {
                            Some(answers) => answers.push(seq),
                            None => _ = self.answers.insert(answer.request, vec![seq]),
                        }
                    }
                }
                Record::Over(call) => {
                    push_frugally(&mut self.told, Key::Call(call.id));
                    self.over.insert(call.id, *call);
                }
                Record::Condition(position, id, condition) => {
                    push_frugally(&mut self.told, Key::Condition(id));
                    let conditions = self.conditions.entry(id).or_default();
                    conditions.push((position, condition));
                }
            }
        }
    }

    pub(super) fn placement(&self, seq: u64) -> Placement {
        self.placements.get(seq).copied().unwrap_or_default()
    }

    pub(super) fn answers_to(&self, seq: u64) -> &[u64] {
        self.answers.get(seq).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn conditions(&self, id: ConversationId) -> &[(usize, Condition)] {
        self.conditions
            .get(&id)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    pub(super) const fn over(&self) -> &BTreeMap<CallId, Call> {
        &self.over
    }
}
