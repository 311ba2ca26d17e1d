//! What the recorders of a tab send, one page load after another, made into one session. Pure.
//!
//! Every page that a tab loads has a recorder of its own, which counts its records and its
//! conversations from 1. Whoever listens to the tab (the panel that preserves its log,
//! `callscope record`) wants one session of them all: [`PageLoads`] gives each record an id and
//! each conversation a number that no other page load uses.
//!
//! A calling window is a tab of its own, with a recorder of its own; its page loads are numbered
//! beside those of the tab that opened it ([`PageLoads::listen_to`]).
//!
//! A port may reach the page that goes away once more after the new one has answered, so a page
//! load that was heard of before is taken up where it was, never begun again.
//!
//! What a page heard last may not have come through its port: its recorder
//! [parks](callscope_bus::Parked) it when the page goes away, and whoever listens hands it in
//! ([`PageLoads::park`], [`PageLoads::leave`], [`PageLoads::settle`]). It is put where it belongs,
//! nothing twice, and what is missing even then is a gap.

mod cleared;
mod leaving;
mod left;

use std::collections::{BTreeMap, BTreeSet};

use callscope_bus::{DocumentId, FromPanel, Record, RecorderInfo, Rest};
use callscope_protocol::{Conversation, ConversationId, ConversationStart, Fact, Link, Millis};
use callscope_session_log::{Entry, LineError, LogLine, Session, read_fact};

use left::{Left, closed, end_of};

pub use cleared::{Cleared, ClearedPart};
pub use leaving::left_by;

/// A tab that is listened to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tab(u32);

impl Tab {
    /// The tab that the session is about.
    pub const OPENER: Self = Self(0);

    /// A calling window that it opened, by any number but 0, such as Chrome's for the tab.
    #[must_use]
    pub const fn calling_window(number: u32) -> Self {
        Self(number)
    }

    /// The number of a calling window; 0 for the opener.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// The page loads of a tab and its calling windows, and which of their recorders are listened to.
///
/// It holds no facts: those are in a [`Session`], to which whoever owns both applies what this
/// says.
#[derive(Clone, Debug, Default)]
pub struct PageLoads {
    loads: Vec<PageLoad>,
    /// The tab that speaks.
    tab: Tab,
    /// Which of its page loads does.
    current: usize,
    /// The same of the other tabs.
    others: BTreeMap<Tab, usize>,
    /// The session's number of a page load's conversation.
    numbers: BTreeMap<(usize, ConversationId), ConversationId>,
    /// The page load and its conversation, by the session's number.
    keys: BTreeMap<ConversationId, (usize, ConversationId)>,
    /// What documents left whose page load is not known yet.
    strays: Vec<Rest>,
    /// The calling windows that were closed.
    closed: BTreeSet<Tab>,
}

#[derive(Clone, Debug)]
struct PageLoad {
    tab: Tab,
    recorder: DocumentId,
    /// The last record up to which all have come, by the recorder's counting.
    last_record: u64,
    left: Left,
    /// Until when the user has cleared the list.
    cleared: Option<Millis>,
}

impl PageLoad {
    fn of(tab: Tab, recorder: &DocumentId) -> Self {
        Self {
            tab,
            recorder: recorder.clone(),
            last_record: 0,
            left: Left::default(),
            cleared: None,
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
    /// What is said and asked from now on is about this tab.
    pub fn listen_to(&mut self, tab: Tab) {
        if let Some(load) = self.loads.get(self.current) {
            self.others.insert(load.tab, self.current);
        }
        self.tab = tab;
        // No page load yet: the place that the first will not take.
        self.current = self.others.remove(&tab).unwrap_or(usize::MAX);
    }

    /// A calling window was closed: the ends of its conversations, which its recorder could not
    /// report.
    pub fn close(&mut self, tab: Tab, session: &Session) -> Vec<(u64, LogLine)> {
        self.listen_to(Tab::OPENER);
        self.others.remove(&tab);
        self.closed.insert(tab);
        self.ends(session, |_, load| load.tab == tab)
    }

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

    /// Whether this recorder is listened to.
    #[must_use]
    pub fn listens_to(&self, recorder: &DocumentId) -> bool {
        let place = (self.loads.iter()).position(|load| load.recorder == *recorder);
        place.is_some_and(|place| self.is_listened_to(place))
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
            self.loads.push(PageLoad::of(self.tab, &info.recorder));
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
            edits.remove = ids.filter(|id| place_of(*id) == self.current).collect();
        }
        edits
    }

    /// The ends of conversations of the tab's earlier pages that are still open.
    fn close_earlier(&mut self, session: &Session) -> Vec<(u64, LogLine)> {
        let (tab, current) = (self.tab, self.current);
        self.ends(session, |place, load| place < current && load.tab == tab)
    }

    /// The ends of such page loads' conversations that are still open.
    fn ends(
        &mut self,
        session: &Session,
        has_gone: impl Fn(usize, &PageLoad) -> bool,
    ) -> Vec<(u64, LogLine)> {
        let mut ends = Vec::new();
        for (&(place, own), number) in &self.numbers {
            if (self.loads.get(place)).is_some_and(|load| has_gone(place, load))
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
        if self.loads.get(self.current).is_none() {
            return (Vec::new(), Vec::new());
        }
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
                    if let Fact::Conversation(start) = &mut entry.fact {
                        let tab = self.loads.get(place).map(|load| load.tab);
                        start.in_calling_window |= tab.is_some_and(|tab| tab != Tab::OPENER);
                        if start.continues.is_none() {
                            start.continues = self.predecessor(place, start, session);
                        }
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

    /// Whether a fact came from a recorder that is listened to now.
    #[must_use]
    pub fn is_of_current(&self, id: u64) -> bool {
        self.is_listened_to(place_of(id))
    }

    fn is_listened_to(&self, load: usize) -> bool {
        load == self.current || self.others.values().any(|other| *other == load)
    }

    /// The id of the last fact that came from the recorder that speaks.
    #[must_use]
    pub fn last_id(&self) -> u64 {
        let last = self.loads.get(self.current).map(|load| load.last_record);
        id(self.current, last.unwrap_or(0))
    }

    /// The number by which its recorder knows a conversation; `None` if that is not listened to.
    #[must_use]
    pub fn own_number(&self, conversation: ConversationId) -> Option<u32> {
        let key = self.key_of(conversation)?;
        self.is_listened_to(key.0).then_some(key.1.0)
    }

    /// The tab of a conversation.
    #[must_use]
    pub fn tab_of(&self, conversation: ConversationId) -> Option<Tab> {
        let (load, _) = self.key_of(conversation)?;
        self.loads.get(load).map(|load| load.tab)
    }

    /// Whether a conversation was in a calling window that was closed.
    #[must_use]
    pub fn is_in_closed_window(&self, conversation: ConversationId) -> bool {
        let tab = self.tab_of(conversation);
        tab.is_some_and(|tab| self.closed.contains(&tab))
    }

    /// Whether a conversation is of a page load that is not listened to any more.
    #[must_use]
    pub fn is_of_another(&self, conversation: ConversationId) -> bool {
        self.key_of(conversation)
            .is_some_and(|(load, _)| !self.is_listened_to(load))
    }

    fn key_of(&self, conversation: ConversationId) -> Option<(usize, ConversationId)> {
        self.keys.get(&conversation).copied()
    }

    /// Gives the conversations of a fact of a page load the session's numbers.
    fn number(&mut self, place: usize, fact: &mut Fact) {
        let mut number = |own: &mut ConversationId| {
            let key = (place, *own);
            *own = *self.numbers.entry(key).or_insert_with(|| {
                let last = self.keys.last_key_value();
                let number = ConversationId(last.map_or(1, |(last, _)| last.0 + 1));
                self.keys.insert(number, key);
                number
            });
        };
        match fact {
            Fact::Message(recorded) => number(&mut recorded.conversation),
            Fact::Gap(gap) => gap.conversation.iter_mut().for_each(number),
            Fact::Conversation(start) => {
                start.continues.iter_mut().for_each(&mut number);
                number(&mut start.id);
            }
            Fact::Closed(closed) => number(&mut closed.conversation),
            Fact::Inside(inside) => inside.conversation.iter_mut().for_each(number),
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
        let tab = self.loads.get(place).map(|load| load.tab);
        let is_earlier = |it: &&Conversation| {
            let load = self.key_of(it.id).map(|(load, _)| load);
            // What a page has left may come when the next one has begun.
            let is_before = if place == self.current {
                self.is_of_another(it.id)
            } else {
                it.last_at <= start.at
            };
            load != Some(place) && self.tab_of(it.id) == tab && is_before
        };
        let earlier = || session.conversations().filter(is_earlier);
        let continued: BTreeSet<ConversationId> = earlier().filter_map(|it| it.continues).collect();
        let is_candidate = |it: &&Conversation| {
            it.host_origin == start.host_origin
                && it.widget_origin == start.widget_origin
                && !continued.contains(&it.id)
        };
        let mut candidates = earlier().filter(is_candidate);
        let only = candidates.next()?;
        candidates.next().is_none().then_some(only.id)
    }
}

/// The place of the page load that a fact came from.
fn place_of(id: u64) -> usize {
    usize::try_from(id >> PLACE).unwrap_or(usize::MAX)
}

/// The id of what the recorder of a page load calls `own`.
const fn id(load: usize, own: u64) -> u64 {
    ((load as u64) << PLACE) + own
}

#[cfg(test)]
mod tests;
