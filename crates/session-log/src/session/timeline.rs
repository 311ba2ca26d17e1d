//! Facts in session order, and the numbers of their messages.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use callscope_protocol::{ConversationId, Fact, RecordedMessage, Side};

use super::causes::{RESOLUTION, answers};
use crate::keys::Extra;
use crate::line::LogLine;
use crate::numbered::Numbered;

/// A fact in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Identifies the fact for as long as the session lives: the number under which it arrived.
    pub id: u64,
    /// The fact; a message's `seq` is its number in session order.
    pub fact: Fact,
    /// The keys of its line that this version does not know.
    pub extra: Extra,
    // Its place, without the id, which would be stored twice.
    place_at: f64,
    place_rank: u8,
    // A pushed fact stays where it was put, whatever comes later.
    is_pinned: bool,
}

impl Placed {
    /// The fact's line in a log, without a line end.
    #[must_use]
    pub fn to_line(&self) -> String {
        crate::line::write_line(&self.fact, &self.extra)
    }

    fn new(id: u64, LogLine { fact, extra }: LogLine, place: Place, is_pinned: bool) -> Self {
        Self {
            id,
            fact,
            extra,
            place_at: place.at,
            place_rank: place.rank,
            is_pinned,
        }
    }

    /// Its present place.
    const fn place(&self) -> Place {
        Place {
            at: self.place_at,
            rank: self.place_rank,
            id: self.id,
        }
    }

    /// Its place by its own time; for a pushed fact, where it was put.
    fn own_place(&self) -> Place {
        if self.is_pinned {
            self.place()
        } else {
            Place::new(&self.fact, self.id)
        }
    }

    /// The message, if the fact is one.
    #[must_use]
    pub const fn message(&self) -> Option<&RecordedMessage> {
        match &self.fact {
            Fact::Message(recorded) => Some(recorded),
            _ => None,
        }
    }
}

/// What determines the order.
#[derive(Clone, Copy, Debug)]
struct Place {
    at: f64,
    rank: u8,
    id: u64,
}

impl Place {
    fn new(fact: &Fact, id: u64) -> Self {
        let at = fact.at().0;
        Self {
            // Makes `<` and `total_cmp` agree: no NaN, and no negative zero.
            at: if at.is_nan() { 0.0 } else { at + 0.0 },
            rank: rank(fact),
            id,
        }
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Place {}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at.total_cmp(&other.at))
            .then(self.rank.cmp(&other.rank))
            .then(self.id.cmp(&other.id))
    }
}

/// Orders facts with the same time.
///
/// The host sends first in the protocol, so its messages come before the widget's; a gap ends
/// before the message that was received at its time.
const fn rank(fact: &Fact) -> u8 {
    match fact {
        Fact::Conversation(_) => 0,
        Fact::Setting(_) => 1,
        Fact::Gap(_) => 2,
        Fact::Message(recorded) => match recorded.from {
            Side::Host => 3,
            Side::Widget => 4,
        },
        Fact::Inside(_) => 5,
        Fact::Closed(_) => 6,
        Fact::End(_) => 7,
    }
}

/// The facts of a session in session order.
///
/// Invariants: places rise strictly; the `seq` of messages rises strictly; an inserted conversation
/// fact comes before the first message of its conversation.
#[derive(Clone, Debug, Default)]
pub(super) struct Timeline {
    facts: Vec<Placed>,
    /// The positions of the messages in `facts`.
    messages: Vec<usize>,
    /// The positions of the other facts, of which there are few.
    others: Vec<usize>,
    /// The place of each fact, by its id, except for those counted in `in_step`.
    places: Numbered<Place>,
    /// How many facts, from the first on, have an id that equals their position: all facts of a log
    /// that is read, none once anything is inserted or removed.
    in_step: usize,
    next_id: u64,
    /// The earliest message of each conversation.
    first_messages: HashMap<ConversationId, f64>,
    /// For each conversation, the latest place of its inserted conversation facts.
    starts: HashMap<ConversationId, f64>,
    /// Whether messages are numbered here instead of keeping their own `seq`.
    counts: bool,
    origins: Origins,
}

/// The origins of the messages of a session, each of which is in memory once.
#[derive(Clone, Debug, Default)]
struct Origins(Vec<Arc<str>>);

impl Origins {
    /// A page can post from any number of frames, but most messages come from two.
    const MOST: usize = 8;

    fn share(&mut self, fact: &mut Fact) {
        let Fact::Message(recorded) = fact else {
            return;
        };
        if let Some(known) = self.0.iter().find(|it| **it == recorded.origin) {
            recorded.origin = Arc::clone(known);
        } else if self.0.len() < Self::MOST {
            self.0.push(Arc::clone(&recorded.origin));
        }
    }
}

impl Timeline {
    pub(super) fn facts(&self) -> &[Placed] {
        &self.facts
    }

    pub(super) fn message_count(&self) -> usize {
        self.messages.len()
    }

    /// The position of the fact with this id.
    pub(super) fn position(&self, id: u64) -> Option<usize> {
        let position = usize::try_from(id).ok();
        if let Some(position) = position.filter(|it| *it < self.in_step) {
            return Some(position);
        }
        let place = self.places.get(id)?;
        let found = self
            .facts
            .binary_search_by(|placed| placed.place().cmp(place));
        found.ok()
    }

    /// The position of the message with this `seq`.
    pub(super) fn position_of_message(&self, seq: u64) -> Option<usize> {
        self.messages.get(self.message_index(seq)?).copied()
    }

    /// The fact that is the `index`th message, counted from 0.
    pub(super) fn nth_message(&self, index: usize) -> Option<&Placed> {
        self.facts.get(*self.messages.get(index)?)
    }

    /// The facts that are not messages, with their positions.
    pub(super) fn others(&self) -> impl Iterator<Item = (usize, &Placed)> {
        let others = self.others.iter();
        others.filter_map(|position| Some((*position, self.facts.get(*position)?)))
    }

    /// The index among the messages, counted from 0, of the one with this `seq`.
    pub(super) fn message_index(&self, seq: u64) -> Option<usize> {
        self.messages
            .binary_search_by_key(&Some(seq), |position| self.seq_at(*position))
            .ok()
    }

    /// The `seq` of the last message before a position; 0 if there is none.
    pub(super) fn last_seq_before(&self, position: usize) -> u64 {
        let count = self.messages.partition_point(|it| *it < position);
        let last = self.messages.get(..count).and_then(<[_]>::last);
        last.and_then(|it| self.seq_at(*it)).unwrap_or_default()
    }

    fn seq_at(&self, position: usize) -> Option<u64> {
        Some(self.facts.get(position)?.message()?.seq)
    }

    /// When the earliest message of a conversation was heard.
    pub(super) fn first_message(&self, conversation: ConversationId) -> Option<f64> {
        self.first_messages.get(&conversation).copied()
    }

    /// Reserves memory for this many more facts.
    pub(super) fn reserve(&mut self, count: usize) {
        self.facts.reserve_exact(count);
        self.messages.reserve_exact(count);
    }

    /// Adds a fact at the end.
    pub(super) fn push(&mut self, mut line: LogLine) {
        self.origins.share(&mut line.fact);
        let id = self.next_id;
        let mut place = Place::new(&line.fact, id);
        if let Some(last) = self.facts.last().map(Placed::place)
            && place < last
        {
            place = Place { id, ..last };
        }
        self.next_id = id.saturating_add(1);
        if let Fact::Message(recorded) = &line.fact {
            // Its own time, even if it is written after something later.
            let own = Place::new(&line.fact, id).at;
            self.see_message(recorded.conversation, own);
        }
        let from = self.facts.len();
        if self.in_step == from && id == from as u64 {
            self.in_step += 1;
        } else {
            self.places.insert(id, place);
        }
        self.facts.push(Placed::new(id, line, place, true));
        self.number(from);
    }

    /// Inserts facts in their places; those whose id already exists are ignored.
    ///
    /// Returns the position of the first fact that is new or has moved.
    pub(super) fn insert(
        &mut self,
        items: impl IntoIterator<Item = (u64, LogLine)>,
    ) -> Option<usize> {
        self.find_all_by_place();
        let mut new_facts = Vec::new();
        for (id, mut line) in items {
            if !self.places.contains(id) {
                self.origins.share(&mut line.fact);
                let place = Place::new(&line.fact, id);
                self.places.insert(id, place);
                new_facts.push(Placed::new(id, line, place, false));
            }
        }
        let mut items = new_facts;
        if items.is_empty() {
            return None;
        }
        self.counts = true;
        let mut starts_move = false;
        for item in &items {
            self.next_id = self.next_id.max(item.id.saturating_add(1));
            if let Fact::Message(recorded) = &item.fact {
                starts_move |= self.see_message(recorded.conversation, item.place_at);
            }
        }
        for item in &mut items {
            self.settle_start(item);
        }
        items.sort_unstable_by_key(Placed::place);
        let times = items.first().zip(items.last());
        let times = times.map(|(first, last)| (first.place_at, last.place_at));

        let end = self.facts.len();
        let is_at_end = self.facts.last().map(Placed::place) < items.first().map(Placed::place);
        let from = if is_at_end && !starts_move {
            self.facts.append(&mut items);
            end
        } else {
            self.merge(items, starts_move)
        };
        let moved = times.and_then(|(first, last)| self.follow_causes(first, last));
        let from = moved.map_or(from, |moved| moved.min(from));
        self.number(from);
        Some(from)
    }

    /// Stores the place of each fact, because positions are about to change.
    fn find_all_by_place(&mut self) {
        let in_step = std::mem::take(&mut self.in_step);
        for placed in self.facts.iter().take(in_step) {
            self.places.insert(placed.id, placed.place());
        }
    }

    /// Removes facts; returns the position of the first one that is gone or has moved.
    pub(super) fn remove(&mut self, ids: &[u64]) -> Option<usize> {
        self.find_all_by_place();
        let ids: HashSet<u64> = ids
            .iter()
            .copied()
            .filter(|id| self.places.remove(*id).is_some())
            .collect();
        if ids.is_empty() {
            return None;
        }
        let is_gone = |placed: &Placed| ids.contains(&placed.id);
        let mut from = self.facts.iter().position(is_gone)?;
        self.facts.retain(|placed| !is_gone(placed));

        self.first_messages.clear();
        self.starts.clear();
        let mut facts = std::mem::take(&mut self.facts);
        for placed in &facts {
            if let Fact::Message(recorded) = &placed.fact {
                // Its own time, even if it was moved behind its request.
                let own = Place::new(&placed.fact, placed.id).at;
                self.see_message(recorded.conversation, own);
            }
        }
        // Without the message that pulled it forward, a conversation begins at its own time again.
        for (position, placed) in facts.iter_mut().enumerate() {
            let before = placed.place();
            self.settle_start(placed);
            if placed.place() != before {
                from = from.min(position);
            }
        }
        facts.sort_by_key(Placed::place);
        self.facts = facts;
        let moved = self.follow_causes(f64::NEG_INFINITY, f64::INFINITY);
        let from = moved.map_or(from, |moved| moved.min(from));
        self.number(from);
        Some(from)
    }

    /// Moves answers behind their requests where the clocks cannot tell, and with them what their
    /// documents received after them. This covers the messages between two times, which are new or
    /// whose neighbors were removed.
    ///
    /// Returns the position of the first fact that has moved.
    fn follow_causes(&mut self, first: f64, last: f64) -> Option<usize> {
        // A message moves by at most the resolution, and messages further away do not affect it.
        let start = self.place_of(first - 2.0 * RESOLUTION);
        let end = self.place_of(last + 4.0 * RESOLUTION);
        let mut last_moved: HashMap<(ConversationId, Side), f64> = HashMap::new();
        let before = self.facts.get(..start).unwrap_or_default();
        let near = before.iter().rev();
        let near = near.take_while(|placed| placed.place_at >= first - 4.0 * RESOLUTION);
        for placed in near {
            if let Some(recorded) = placed.message()
                && placed.place_at > placed.own_place().at
            {
                let heard = (recorded.conversation, recorded.from);
                last_moved.entry(heard).or_insert(placed.place_at);
            }
        }

        let range = self.facts.get(start..end)?;
        let mut messages: Vec<(Place, usize)> = (start..)
            .zip(range)
            .filter(|(_, placed)| placed.message().is_some() && !placed.is_pinned)
            .map(|(position, placed)| (placed.own_place(), position))
            .collect();
        messages.sort_unstable_by_key(|(own, _)| *own);
        let mut new_places = Vec::new();
        for (own, position) in messages {
            let Some(placed) = self.facts.get(position) else {
                continue;
            };
            let Some(recorded) = placed.message() else {
                continue;
            };
            let mut place = own;
            if let Some(request) = self.request_near(own, recorded) {
                place.at = request.next_up();
            }
            let last = last_moved.get(&(recorded.conversation, recorded.from));
            if let Some(last) = last.filter(|last| **last >= place.at) {
                place.at = last.next_up();
            }
            if place.at > own.at {
                last_moved.insert((recorded.conversation, recorded.from), place.at);
            }
            if place != placed.place() {
                new_places.push((position, place));
            }
        }
        if new_places.is_empty() {
            return None;
        }
        for (position, place) in new_places {
            if let Some(placed) = self.facts.get_mut(position) {
                placed.place_at = place.at;
                self.places.insert(placed.id, place);
            }
        }
        let range = self.facts.get_mut(start..end)?;
        let before: Vec<u64> = range.iter().map(|placed| placed.id).collect();
        range.sort_by_key(Placed::place);
        let moved = before
            .iter()
            .zip(range)
            .position(|(id, placed)| *id != placed.id)?;
        Some(start + moved)
    }

    /// The time of the earliest request that this message answers, although its own time is not
    /// later.
    fn request_near(&self, own: Place, answer: &RecordedMessage) -> Option<f64> {
        let near = self.facts.get(self.place_of(own.at)..)?.iter();
        let near = near.take_while(|placed| placed.place_at <= own.at + 2.0 * RESOLUTION);
        let requests = near.filter_map(|placed| {
            let request = placed.own_place();
            let is_near = request > own && request.at <= own.at + RESOLUTION;
            (is_near && answers(answer, placed.message()?)).then_some(request.at)
        });
        requests.min_by(f64::total_cmp)
    }

    /// The position of the first fact that is not before this time.
    fn place_of(&self, at: f64) -> usize {
        self.facts.partition_point(|placed| placed.place_at < at)
    }

    /// Notes a message; returns whether a conversation fact has to move before it.
    fn see_message(&mut self, conversation: ConversationId, at: f64) -> bool {
        let first = self.first_messages.entry(conversation).or_insert(at);
        *first = first.min(at);
        let first = *first;
        self.starts
            .get(&conversation)
            .is_some_and(|start| *start > first)
    }

    /// Sets the place of a conversation fact, which is before its first message.
    fn settle_start(&mut self, placed: &mut Placed) {
        let Fact::Conversation(start) = &placed.fact else {
            return;
        };
        if placed.is_pinned {
            return;
        }
        let first = self.first_messages.get(&start.id).copied();
        let own = Place::new(&placed.fact, placed.id).at;
        let at = first.map_or(own, |first| first.min(own));
        placed.place_at = at;
        self.places.insert(placed.id, placed.place());
        let latest = self.starts.entry(start.id).or_insert(at);
        *latest = latest.max(at);
    }

    /// Merges sorted items into the facts; `starts_move` says that some conversation facts have to
    /// move as well.
    fn merge(&mut self, mut items: Vec<Placed>, starts_move: bool) -> usize {
        let first_messages = &self.first_messages;
        let must_move = |placed: &Placed| match &placed.fact {
            Fact::Conversation(start) => {
                let first = first_messages.get(&start.id);
                !placed.is_pinned && first.is_some_and(|first| *first < placed.place_at)
            }
            _ => false,
        };
        // Most batches move none, and finding that out by search would visit all facts each time.
        let moved_from = starts_move
            .then(|| self.facts.iter().position(must_move))
            .flatten();
        if moved_from.is_some() {
            let mut moved: Vec<Placed> = self
                .facts
                .extract_if(.., |placed| must_move(placed))
                .collect();
            for placed in &moved {
                if let Fact::Conversation(start) = &placed.fact {
                    self.starts.remove(&start.id);
                }
            }
            for placed in &mut moved {
                self.settle_start(placed);
            }
            items.append(&mut moved);
            items.sort_unstable_by_key(Placed::place);
        }
        let first = items.first().map(Placed::place);
        let from = self
            .facts
            .partition_point(|placed| Some(placed.place()) < first);
        items.extend(self.facts.drain(from..));
        // Two sorted runs: this sort is a merge.
        items.sort_by_key(Placed::place);
        self.facts.append(&mut items);
        moved_from.map_or(from, |moved| moved.min(from))
    }

    /// Indexes and numbers the messages from a position on.
    fn number(&mut self, from: usize) {
        let known = self.messages.partition_point(|position| *position < from);
        self.messages.truncate(known);
        let known = self.others.partition_point(|position| *position < from);
        self.others.truncate(known);
        let last = self
            .messages
            .last()
            .and_then(|position| self.seq_at(*position));
        let mut previous = last.unwrap_or(0);
        for (position, placed) in self.facts.iter_mut().enumerate().skip(from) {
            if let Fact::Message(recorded) = &mut placed.fact {
                let next = previous.saturating_add(1);
                recorded.seq = if self.counts {
                    next
                } else {
                    recorded.seq.max(next)
                };
                previous = recorded.seq;
                self.messages.push(position);
            } else {
                self.others.push(position);
            }
        }
    }
}
