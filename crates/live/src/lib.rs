//! What the recorders of a tab send, one page load after another, made into one session. Pure.
//!
//! Every page that a tab loads has a recorder of its own, which counts its records and its
//! conversations from 1. Whoever listens to the tab (the panel that preserves its log,
//! `callscope record`) wants one session of them all: [`PageLoads`] gives each record an id and
//! each conversation a number that no other page load uses.
//!
//! A port may reach the page that goes away once more after the new one has answered, so a page
//! load that was heard of before is taken up where it was, never begun again.
//!
//! What a page heard last may not have come through its port: its recorder
//! [parks](callscope_bus::Parked) it when the page goes away, and whoever listens hands it in
//! ([`PageLoads::park`], [`PageLoads::leave`], [`PageLoads::settle`]). It is put where it belongs,
//! nothing twice, and what is missing even then is a gap.

mod leaving;

use std::collections::{BTreeMap, HashSet};

use callscope_bus::{DocumentId, FromPanel, Parked, Record, RecorderInfo, Rest};
use callscope_protocol::{Conversation, ConversationId, ConversationStart, Fact, Link};
use callscope_session_log::{Entry, LineError, LogLine, Placed, Session, read_fact};

use leaving::{FIRST, Left, MOST_RESTS, closed, end_of};

/// The page loads of a tab, and which of their recorders is listened to.
///
/// It holds no facts: those are in a [`Session`], to which whoever owns both applies what this
/// says.
#[derive(Clone, Debug, Default)]
pub struct PageLoads {
    loads: Vec<PageLoad>,
    /// Which of them speaks.
    current: usize,
    /// The session's number of a page load's conversation.
    numbers: BTreeMap<(usize, ConversationId), ConversationId>,
    /// What documents left whose page load is not known yet.
    strays: Vec<Rest>,
}

#[derive(Clone, Debug)]
struct PageLoad {
    recorder: DocumentId,
    /// The last record up to which all have come, by the recorder's counting.
    last_record: u64,
    left: Left,
}

impl PageLoad {
    fn of(recorder: &DocumentId) -> Self {
        Self {
            recorder: recorder.clone(),
            last_record: 0,
            left: Left::default(),
        }
    }
}

/// What a session needs when a recorder has answered or its page has gone: take out, then put in.
#[derive(Debug, Default)]
pub struct Edits {
    /// Ids of facts that are no longer true, or that a recorder is about to send again.
    pub remove: Vec<u64>,
    /// Facts that no recorder sends: the ends of conversations whose page went away, and what was
    /// heard last in them.
    pub insert: Vec<(u64, LogLine)>,
    /// Records that could not be read.
    pub unreadable: Vec<LineError>,
}

impl Edits {
    /// Makes them in a session.
    pub fn apply(self, session: &mut Session) {
        session.remove(&self.remove);
        session.insert_all(self.insert);
    }
}

/// The ids of a page load's facts have its place above this bit, so that page loads cannot get in
/// each other's way. A recorder counts with 32 bits.
const PLACE: u32 = 32;

impl PageLoads {
    /// What to say first on a port: what is known already need not be told again.
    #[must_use]
    pub fn subscribe(&self) -> FromPanel {
        let since = self
            .loads
            .get(self.current)
            .map(|load| (load.recorder.clone(), load.last_record));
        FromPanel::Subscribe { since }
    }

    /// Whether this recorder was heard of.
    #[must_use]
    pub fn knows(&self, recorder: &DocumentId) -> bool {
        self.loads.iter().any(|load| load.recorder == *recorder)
    }

    /// Whether this recorder is the one that spoke last.
    #[must_use]
    pub fn is_current(&self, recorder: &DocumentId) -> bool {
        self.loads
            .get(self.current)
            .is_some_and(|load| load.recorder == *recorder)
    }

    /// A recorder has answered; what follows comes from it.
    ///
    /// `reset` is [`ToPanel::Attached`](callscope_bus::ToPanel::Attached)'s.
    pub fn attach(&mut self, info: &RecorderInfo, reset: bool, session: &Session) -> Edits {
        let known = (self.loads.iter()).position(|load| load.recorder == info.recorder);
        self.current = known.unwrap_or(self.loads.len());
        if known.is_none() {
            self.loads.push(PageLoad::of(&info.recorder));
        }
        let mut edits = Edits::default();
        if let Some(load) = self.loads.get_mut(self.current) {
            // If it is back, whoever has not reported something will.
            edits.remove = std::mem::take(&mut load.left.ids);
            load.left.is_back = load.left.parked.is_some();
            load.left.is_settled = false;
        }
        edits.insert = self.close_earlier(session);
        if let Some(load) = self.loads.get_mut(self.current)
            && reset
        {
            load.last_record = 0;
            let ids = session.facts().iter().map(|placed| placed.id);
            edits.remove = ids.filter(|id| self.is_of_current(*id)).collect();
        }
        edits
    }

    /// A recorder's page has gone, and this is what it held.
    ///
    /// It completes the page load; what of it is known already stays as it is. The same may come
    /// more than once. A page load of which nothing else was heard is taken in if an earlier one
    /// is in the session. While a recorder is listened to, only what it has parked since is to be
    /// handed in: its page may have come back from the browser's cache.
    pub fn park(&mut self, mut parked: Parked, session: &Session) -> Edits {
        let known = (self.loads.iter()).position(|load| load.recorder == parked.recorder);
        let place = match known {
            Some(place) => place,
            None if self.has_before(parked.began, session) => {
                self.loads.push(PageLoad::of(&parked.recorder));
                self.loads.len() - 1
            }
            None => return Edits::default(),
        };
        let records = std::mem::take(&mut parked.records);
        let is_told = |load: &PageLoad| load.left.parked.as_ref().is_some_and(|it| *it == parked);
        if self.loads.get(place).is_some_and(is_told) {
            return if place == self.current {
                Edits::default()
            } else {
                self.go_again(place, session)
            };
        }
        let mut edits = Edits::default();
        let parked_ids: HashSet<u64> = records.iter().map(|it| it.id).collect();
        let mut omitted = u64::from(parked.omitted);
        for placed in of_load(session, place) {
            let own = placed.id & u64::from(u32::MAX);
            if own >= u64::from(FIRST) {
                continue;
            }
            if !holds(&parked.held, own) {
                edits.remove.push(placed.id);
            } else if placed.message().is_some() && !parked_ids.contains(&own) {
                omitted = omitted.saturating_sub(1);
            }
        }
        let (mut strays, others) =
            std::mem::take(&mut self.strays)
                .into_iter()
                .partition(|rest: &Rest| match &rest.recorder {
                    Some(recorder) => *recorder == parked.recorder,
                    None => (parked.began..=parked.at).contains(&rest.hello.at),
                });
        self.strays = others;
        if let Some(load) = self.loads.get_mut(place) {
            let left = &mut load.left;
            edits.remove.append(&mut left.ids);
            for rest in strays.drain(..) {
                left.take(rest);
            }
            if omitted == 0 {
                let last = records.last().map_or(0, |last| last.id);
                load.last_record = load.last_record.max(last);
            }
            left.parked = Some(parked);
            left.is_back = false;
            left.is_settled = false;
            left.omitted = omitted;
        }
        let is_new = |it: &Record| session.position(id(place, it.id)).is_none();
        let new = records.into_iter().filter(is_new).collect();
        let (lines, unreadable) = self.read(place, new, session);
        edits.insert = lines;
        edits.unreadable = unreadable;
        // All that was made of what was known before is gone by now.
        edits.insert.extend(self.make(place));
        edits
    }

    /// A document has gone, and this is what its recorder may not have taken; the same as for
    /// [`park`](Self::park), and before or after it.
    pub fn leave(&mut self, rest: Rest, session: &Session) -> Edits {
        let is_its_own = |load: &PageLoad| match &rest.recorder {
            Some(recorder) => load.recorder == *recorder,
            None => (load.left.parked.as_ref())
                .is_some_and(|it| (it.began..=it.at).contains(&rest.hello.at)),
        };
        let Some(place) = self.loads.iter().position(is_its_own) else {
            (self.strays).retain(|it| it.hello.document != rest.hello.document);
            if self.strays.len() < MOST_RESTS {
                self.strays.push(rest);
            }
            return Edits::default();
        };
        if let Some(load) = self.loads.get_mut(place) {
            load.left.take(rest);
        }
        self.update(place, session)
    }

    /// So much time has passed since a page went away that what it has not left is missing: says so
    /// as gaps, which go again should it come after all.
    pub fn settle(&mut self, session: &Session) -> Edits {
        let mut edits = Edits::default();
        for place in 0..self.loads.len() {
            if let Some(load) = self.loads.get_mut(place)
                && (load.left.parked.is_some() || place != self.current)
                && !std::mem::replace(&mut load.left.is_settled, true)
            {
                if place != self.current {
                    load.left.is_back = false;
                }
                let Edits { remove, insert, .. } = self.update(place, session);
                edits.remove.extend(remove);
                edits.insert.extend(insert);
            }
        }
        edits
    }

    /// A page that had left was heard of once more, and has left nothing else.
    fn go_again(&mut self, place: usize, session: &Session) -> Edits {
        let load = self.loads.get_mut(place);
        if load.is_some_and(|load| std::mem::take(&mut load.left.is_back)) {
            self.update(place, session)
        } else {
            Edits::default()
        }
    }

    /// Whether anything was heard before this time.
    fn has_before(&self, at: f64, session: &Session) -> bool {
        let first = session.facts().first();
        !self.loads.is_empty() && first.is_some_and(|first| first.fact.at().0 < at)
    }

    /// Brings the session in step with what is known of a page load's end.
    fn update(&mut self, place: usize, session: &Session) -> Edits {
        let Some(load) = self.loads.get_mut(place) else {
            return Edits::default();
        };
        let left = &mut load.left;
        if left.parked.is_none() {
            let mut edits = Edits::default();
            if left.is_settled {
                edits.insert = left.missing_ends(session);
                if let Some((own, gap)) = left.unplaced() {
                    edits.insert.push((id(place, own.into()), gap));
                }
                // The ends stay; their gaps, and what more has been left by now, come anew.
                let made: HashSet<u64> = edits.insert.iter().map(|(id, _)| *id).collect();
                let (again, mut ids): (Vec<u64>, Vec<u64>) =
                    left.ids.iter().partition(|id| made.contains(id));
                ids.extend(made);
                left.ids = ids;
                edits.remove = again;
            }
            return edits;
        }
        let before: HashSet<u64> = std::mem::take(&mut left.ids).into_iter().collect();
        let mut insert = self.make(place);
        let is_there = |(id, line): &(u64, LogLine)| {
            before.contains(id)
                && session
                    .position(*id)
                    .and_then(|at| session.facts().get(at))
                    .is_some_and(|placed| is_same(&placed.fact, &line.fact))
        };
        let stays: HashSet<u64> = (insert.iter())
            .filter(|it| is_there(it))
            .map(|(id, _)| *id)
            .collect();
        insert.retain(|(id, _)| !stays.contains(id));
        let gone = before.difference(&stays).copied();
        Edits {
            remove: gone.collect(),
            insert,
            unreadable: Vec::new(),
        }
    }

    /// What follows from what is known of a page load's end.
    fn make(&mut self, place: usize) -> Vec<(u64, LogLine)> {
        let Some(load) = self.loads.get(place) else {
            return Vec::new();
        };
        let mut facts = load.left.facts();
        let mut made = Vec::with_capacity(facts.len());
        for (own, mut line) in facts.drain(..) {
            self.number(place, &mut line.fact);
            made.push((id(place, own.into()), line));
        }
        if let Some(load) = self.loads.get_mut(place) {
            load.left.ids = made.iter().map(|(id, _)| *id).collect();
        }
        made
    }

    /// The ends of earlier pages' conversations that are still open.
    fn close_earlier(&mut self, session: &Session) -> Vec<(u64, LogLine)> {
        let mut ends = Vec::new();
        for (&(place, own), number) in &self.numbers {
            if place < self.current
                && let Some(conversation) = session.conversation(*number)
                && !matches!(conversation.link, Link::Closed { .. })
            {
                let id = id(place, end_of(own).into());
                ends.push((id, closed(*number, conversation.last_at)));
                if let Some(load) = self.loads.get_mut(place) {
                    load.left.ids.push(id);
                }
            }
        }
        ends
    }

    /// Reads records of the current recorder: what to put into the session, and what could not be
    /// read.
    pub fn take_in(
        &mut self,
        records: Vec<Record>,
        session: &Session,
    ) -> (Vec<(u64, LogLine)>, Vec<LineError>) {
        if let (Some(load), Some(last)) = (self.loads.get_mut(self.current), records.last()) {
            load.last_record = load.last_record.max(last.id);
        }
        self.read(self.current, records, session)
    }

    fn read(
        &mut self,
        place: usize,
        records: Vec<Record>,
        session: &Session,
    ) -> (Vec<(u64, LogLine)>, Vec<LineError>) {
        let mut lines = Vec::with_capacity(records.len());
        let mut unreadable = Vec::new();
        for Record { id: own, line } in records {
            match read_fact(&line) {
                Ok(Entry::Fact(mut entry)) => {
                    self.number(place, &mut entry.fact);
                    if let Fact::Conversation(start) = &mut entry.fact
                        && start.continues.is_none()
                    {
                        start.continues = self.predecessor(place, start, session);
                    }
                    lines.push((id(place, own), entry));
                }
                Ok(_) => {}
                Err(error) => unreadable.push(error),
            }
        }
        (lines, unreadable)
    }

    /// The ids of records that the current recorder has dropped.
    #[must_use]
    pub fn evicted(&self, ids: Vec<u64>) -> Vec<u64> {
        ids.into_iter().map(|own| id(self.current, own)).collect()
    }

    /// Whether a fact came from the recorder that is listened to now.
    #[must_use]
    pub const fn is_of_current(&self, id: u64) -> bool {
        id >> PLACE == self.current as u64
    }

    /// The id of the last fact that came from the recorder that is listened to now.
    #[must_use]
    pub fn last_id(&self) -> u64 {
        let last = self.loads.get(self.current).map(|load| load.last_record);
        id(self.current, last.unwrap_or(0))
    }

    /// The number by which the current recorder knows a conversation; `None` if it does not.
    #[must_use]
    pub fn own_number(&self, conversation: ConversationId) -> Option<u32> {
        let key = self.key_of(conversation)?;
        (key.0 == self.current).then_some(key.1.0)
    }

    /// Whether a conversation is of another page load than the current one.
    #[must_use]
    pub fn is_of_another(&self, conversation: ConversationId) -> bool {
        self.key_of(conversation)
            .is_some_and(|(load, _)| load != self.current)
    }

    fn key_of(&self, conversation: ConversationId) -> Option<(usize, ConversationId)> {
        let mut numbers = self.numbers.iter();
        let (key, _) = numbers.find(|(_, number)| **number == conversation)?;
        Some(*key)
    }

    /// Gives the conversations of a fact of a page load the session's numbers.
    fn number(&mut self, place: usize, fact: &mut Fact) {
        let mut number = |own: &mut ConversationId| {
            let next = self.numbers.values().max().map_or(1, |last| last.0 + 1);
            let key = (place, *own);
            *own = *self.numbers.entry(key).or_insert(ConversationId(next));
        };
        match fact {
            Fact::Message(recorded) => number(&mut recorded.conversation),
            Fact::Gap(gap) => gap.conversation.iter_mut().for_each(number),
            Fact::Conversation(start) => {
                start.continues.iter_mut().for_each(&mut number);
                number(&mut start.id);
            }
            Fact::Closed(closed) => number(&mut closed.conversation),
            Fact::Setting(_) | Fact::End(_) => {}
        }
    }

    /// The conversation of an earlier page that this one takes the place of after a reload of the
    /// whole page, of which its recorder knows nothing; `None` if that is not certain.
    fn predecessor(
        &self,
        place: usize,
        start: &ConversationStart,
        session: &Session,
    ) -> Option<ConversationId> {
        let is_earlier = |it: &&Conversation| {
            let load = self.key_of(it.id).map(|(load, _)| load);
            // What a page has left may come when the next one has begun.
            load.is_some_and(|load| load != place)
                && (place == self.current || it.last_at <= start.at)
        };
        let earlier = || session.conversations().filter(is_earlier);
        let is_candidate = |it: &&Conversation| {
            it.host_origin == start.host_origin
                && it.widget_origin == start.widget_origin
                && earlier().all(|other| other.continues != Some(it.id))
        };
        let mut candidates = earlier().filter(is_candidate);
        let only = candidates.next()?;
        candidates.next().is_none().then_some(only.id)
    }
}

/// The session of one page that has gone, from what it has left; what is missing is a gap.
///
/// With it come the records that could not be read.
#[must_use]
pub fn left_by(parked: Parked, rests: Vec<Rest>) -> (Session, Vec<LineError>) {
    let mut loads = PageLoads::default();
    let mut session = Session::new();
    let info = RecorderInfo {
        recorder: parked.recorder.clone(),
        page: parked.page.clone(),
        user_agent: String::new(),
    };
    loads.attach(&info, true, &session);
    let Edits {
        insert, unreadable, ..
    } = loads.park(parked, &session);
    session.insert_all(insert);
    for rest in rests {
        loads.leave(rest, &session).apply(&mut session);
    }
    loads.settle(&session).apply(&mut session);
    if let Some(last) = session.facts().last() {
        session.advance(last.fact.at());
    }
    (session, unreadable)
}

/// The facts of a page load.
fn of_load(session: &Session, place: usize) -> impl Iterator<Item = &Placed> {
    let facts = session.facts().iter();
    facts.filter(move |placed| placed.id >> PLACE == place as u64)
}

/// Whether a number is in one of these ranges, which rise.
fn holds(ranges: &[(u64, u64)], number: u64) -> bool {
    let next = ranges.partition_point(|(_, last)| *last < number);
    ranges.get(next).is_some_and(|(first, _)| *first <= number)
}

/// Whether two facts are one; a session gives its messages numbers of its own.
fn is_same(one: &Fact, two: &Fact) -> bool {
    matches!((one, two), (Fact::Message(_), Fact::Message(_))) || one == two
}

/// The id of what the recorder of a page load calls `own`.
const fn id(load: usize, own: u64) -> u64 {
    ((load as u64) << PLACE) + own
}

#[cfg(test)]
mod tests;
