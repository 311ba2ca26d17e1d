//! Combines what the recorders of a tab send, one page load after another, into one session. Pure.
//!
//! Every page that a tab loads has a recorder of its own, which numbers its records and its
//! conversations from 1. Whoever listens to the tab (the panel that preserves its log, `callscope
//! record`) wants one session of them all: [`PageLoads`] gives each record an id, and each
//! conversation a number, that no other page load uses.
//!
//! A calling window is a tab of its own with a recorder of its own; its page loads are numbered
//! together with those of the tab that opened it ([`PageLoads::listen_to`]).
//!
//! A port may reach the unloading page once more after the new one has answered. So a page load
//! that is already known is continued, never begun again.
//!
//! The last messages of a page may not have come through its port: its recorder
//! [parks](callscope_bus::Parked) them when the page unloads, and the caller hands them in
//! ([`PageLoads::park`], [`PageLoads::leave`], [`PageLoads::settle`]). They are put in their
//! places, without duplicates, and what is still missing becomes a gap.

mod cleared;
mod leaving;
mod left;

use std::collections::{BTreeMap, BTreeSet};

use callscope_bus::{DocumentId, FromPanel, Goodbye, Record, RecorderInfo};
use callscope_protocol::{Conversation, ConversationId, ConversationStart, Fact, Link, Millis};
use callscope_session_log::{Entry, LineError, LogLine, Session, read_fact};

use left::{LeftBehind, closed, end_of};

pub use cleared::{Cleared, ClearedPart};
pub use leaving::left_by;

/// A tab that is being listened to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tab(u32);

impl Tab {
    /// The tab that the session is about.
    pub const OPENER: Self = Self(0);

    /// A calling window that it opened, with any number but 0, such as Chrome's tab id.
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

/// The page loads of a tab and its calling windows, and which of their recorders are being listened
/// to.
///
/// It holds no facts: those are in a [`Session`], to which the owner of both applies what this
/// returns.
#[derive(Clone, Debug, Default)]
pub struct PageLoads {
    loads: Vec<PageLoad>,
    /// The tab that the next calls are about.
    tab: Tab,
    /// The index of that tab's current page load.
    current: usize,
    /// The same for the other tabs.
    others: BTreeMap<Tab, usize>,
    /// The session's number for each page load's conversation.
    numbers: BTreeMap<(usize, ConversationId), ConversationId>,
    /// The page load and its own number of a conversation, by the session's number.
    keys: BTreeMap<ConversationId, (usize, ConversationId)>,
    /// What documents left behind whose page load is not known yet.
    strays: Vec<Goodbye>,
    /// The calling windows that were closed.
    closed: BTreeSet<Tab>,
}

#[derive(Clone, Debug)]
struct PageLoad {
    tab: Tab,
    recorder: DocumentId,
    /// The last record before which none is missing, by the recorder's numbering.
    last_record: u64,
    left: LeftBehind,
    /// The time up to which the user has cleared the list.
    cleared: Option<Millis>,
}

impl PageLoad {
    fn of(tab: Tab, recorder: &DocumentId) -> Self {
        Self {
            tab,
            recorder: recorder.clone(),
            last_record: 0,
            left: LeftBehind::default(),
            cleared: None,
        }
    }
}

/// Changes to a session after a recorder has answered or its page has unloaded: first removals,
/// then insertions.
#[derive(Debug, Default)]
pub struct Edits {
    /// Ids of facts that are no longer true, or that a recorder is about to send again.
    pub remove: Vec<u64>,
    /// Facts that no recorder sends: the ends of conversations whose page unloaded, and their last
    /// messages.
    pub insert: Vec<(u64, LogLine)>,
    /// Records that could not be read.
    pub unreadable: Vec<LineError>,
}

impl Edits {
    /// Applies the changes to a session.
    pub fn apply(self, session: &mut Session) {
        session.remove(&self.remove);
        session.insert_all(self.insert);
    }
}

/// The ids of a page load's facts have the page load's index above this bit, so that page loads
/// cannot collide. A recorder's own numbers have 32 bits.
const PLACE: u32 = 32;

impl PageLoads {
    /// Makes all further calls about this tab.
    pub fn listen_to(&mut self, tab: Tab) {
        if let Some(load) = self.loads.get(self.current) {
            self.others.insert(load.tab, self.current);
        }
        self.tab = tab;
        // Without a page load yet, the index is one that is never used.
        self.current = self.others.remove(&tab).unwrap_or(usize::MAX);
    }

    /// Ends the conversations of a calling window that was closed, which its recorder could not
    /// report.
    pub fn close(&mut self, tab: Tab, session: &Session) -> Vec<(u64, LogLine)> {
        self.listen_to(Tab::OPENER);
        self.others.remove(&tab);
        self.closed.insert(tab);
        self.ends(session, |_, load| load.tab == tab)
    }

    /// The first message to send on a port: it asks only for records that are not known yet.
    #[must_use]
    pub fn subscribe(&self) -> FromPanel {
        let since = self
            .loads
            .get(self.current)
            .map(|load| (load.recorder.clone(), load.last_record));
        FromPanel::Subscribe { since }
    }

    /// Whether this recorder is known.
    #[must_use]
    pub fn knows(&self, recorder: &DocumentId) -> bool {
        self.loads.iter().any(|load| load.recorder == *recorder)
    }

    /// Whether this recorder is being listened to.
    #[must_use]
    pub fn listens_to(&self, recorder: &DocumentId) -> bool {
        let place = (self.loads.iter()).position(|load| load.recorder == *recorder);
        place.is_some_and(|place| self.is_listened_to(place))
    }

    /// Whether this recorder is the current one of the current tab.
    #[must_use]
    pub fn is_current(&self, recorder: &DocumentId) -> bool {
        self.loads
            .get(self.current)
            .is_some_and(|load| load.recorder == *recorder)
    }

    /// Notes that a recorder has answered, so that further records come from it.
    ///
    /// `reset` is the one in [`ToPanel::Attached`](callscope_bus::ToPanel::Attached).
    pub fn attach(&mut self, info: &RecorderInfo, reset: bool, session: &Session) -> Edits {
        let known = (self.loads.iter()).position(|load| load.recorder == info.recorder);
        self.current = known.unwrap_or(self.loads.len());
        if known.is_none() {
            self.loads.push(PageLoad::of(self.tab, &info.recorder));
        }
        let mut edits = Edits::default();
        if let Some(load) = self.loads.get_mut(self.current) {
            // If the page is back, its documents will report what was missing.
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

    /// The ends of conversations from the tab's earlier pages that are still open.
    fn close_earlier(&mut self, session: &Session) -> Vec<(u64, LogLine)> {
        let (tab, current) = (self.tab, self.current);
        self.ends(session, |place, load| place < current && load.tab == tab)
    }

    /// The ends of all open conversations in the selected page loads.
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

    /// Reads records of the current recorder: returns what to put into the session, and what could
    /// not be read.
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

    /// Whether a fact came from a recorder that is being listened to.
    #[must_use]
    pub fn is_of_current(&self, id: u64) -> bool {
        self.is_listened_to(place_of(id))
    }

    fn is_listened_to(&self, load: usize) -> bool {
        load == self.current || self.others.values().any(|other| *other == load)
    }

    /// The id of the last fact that came from the current recorder.
    #[must_use]
    pub fn last_id(&self) -> u64 {
        let last = self.loads.get(self.current).map(|load| load.last_record);
        id(self.current, last.unwrap_or(0))
    }

    /// The recorder's own number of a conversation; `None` if the recorder is not listened to.
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

    /// Whether a conversation belongs to a page load that is no longer listened to.
    #[must_use]
    pub fn is_of_another(&self, conversation: ConversationId) -> bool {
        self.key_of(conversation)
            .is_some_and(|(load, _)| !self.is_listened_to(load))
    }

    fn key_of(&self, conversation: ConversationId) -> Option<(usize, ConversationId)> {
        self.keys.get(&conversation).copied()
    }

    /// Replaces the conversation numbers in a page load's fact by the session's.
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

    /// The conversation of an earlier page that this one continues after a reload of the whole
    /// page, which the new recorder cannot know; `None` if that is not certain.
    fn predecessor(
        &self,
        place: usize,
        start: &ConversationStart,
        session: &Session,
    ) -> Option<ConversationId> {
        let tab = self.loads.get(place).map(|load| load.tab);
        let is_earlier = |it: &&Conversation| {
            let load = self.key_of(it.id).map(|(load, _)| load);
            // What a page left may arrive after the next page has begun.
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

/// The index of the page load that a fact came from.
fn place_of(id: u64) -> usize {
    usize::try_from(id >> PLACE).unwrap_or(usize::MAX)
}

/// The session's id for what a page load's recorder numbers `own`.
const fn id(load: usize, own: u64) -> u64 {
    ((load as u64) << PLACE) + own
}

#[cfg(test)]
mod tests;
