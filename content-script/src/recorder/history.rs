//! The bounded history: what was recorded, what of it is kept whatever happens, and how much had
//! to go.

use std::cmp::Ordering;
use std::collections::{BTreeMap, VecDeque};

use callscope_bus::Record;
use callscope_protocol::{ConversationId, Fact, Frame, Gap, GapReason, Millis, Side};
use callscope_session_log::write_fact;

use super::conversations::Filed;
use super::envelope;

/// The bound unless the user sets another, in bytes.
pub(crate) const DEFAULT_LIMIT: u64 = 16 * 1024 * 1024;
/// The least bound: less would hardly hold a handshake with its neighbors.
const LEAST_LIMIT: u64 = 64 * 1024;
/// What an entry takes beside its texts, in bytes.
const OVERHEAD: u64 = 200;
/// The most conversations whose handshakes are kept.
const MOST_PINNED: usize = 20;
/// The most SYNCs of a conversation that may be the answered one.
const MOST_SYNCS: usize = 400;

/// What the state of a conversation hangs on, so that it outlives the frames around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Pin {
    Start,
    LateStart,
    HalfMissing,
    FirstSync,
    AnsweredSync,
    SyncAck,
    Initialized,
    Login,
    Availability,
    Closed,
}

#[derive(Debug, Default)]
struct Pins {
    kept: BTreeMap<Pin, u64>,
    /// messageIds and record ids of SYNCs that were not answered yet.
    syncs: VecDeque<(String, u64)>,
}

#[derive(Debug)]
struct Entry {
    filed: Filed,
    bytes: u64,
    pinned: bool,
}

/// What of one conversation is gone for one reason.
#[derive(Debug, Default)]
struct Hole {
    count: u64,
    at: f64,
    /// The gap that tells of it.
    record: Option<u64>,
}

/// What of one conversation is gone.
#[derive(Debug, Default)]
struct Holes {
    evicted: Hole,
    cleared: Hole,
}

/// What was recorded, in the order in which it was recorded.
#[derive(Debug)]
pub(crate) struct History {
    entries: BTreeMap<u64, Entry>,
    last_id: u64,
    bytes: u64,
    limit: u64,
    pins: BTreeMap<ConversationId, Pins>,
    /// By conversation; `None` for what belongs to none.
    holes: BTreeMap<Option<ConversationId>, Holes>,
    evicted: u64,
    /// The last id when something was last taken out.
    disturbed_at: u64,
}

impl Default for History {
    fn default() -> Self {
        Self {
            entries: BTreeMap::new(),
            last_id: 0,
            bytes: 0,
            limit: DEFAULT_LIMIT,
            pins: BTreeMap::new(),
            holes: BTreeMap::new(),
            evicted: 0,
            disturbed_at: 0,
        }
    }
}

impl History {
    /// Records a fact under the next id.
    pub(crate) fn push(&mut self, mut filed: Filed) -> u64 {
        self.last_id += 1;
        let id = self.last_id;
        let mut bytes = OVERHEAD;
        if let Fact::Frame(frame) = &mut filed.fact {
            frame.seq = id;
            let notes: usize = frame.cloned.iter().map(|(path, what)| path.len() + what.len()).sum();
            bytes += (frame.message.as_str().len() + frame.origin.len() + notes) as u64;
        }
        self.bytes += bytes;
        self.pin(&filed.fact, id);
        let pinned = self.is_pinned(&filed.fact, id);
        self.entries.insert(id, Entry { filed, bytes, pinned });
        id
    }

    /// Lets the oldest entries go if there are too many; their ids.
    ///
    /// More go than must, so that this happens seldom.
    pub(crate) fn evict(&mut self) -> Vec<u64> {
        if self.bytes <= self.limit {
            return Vec::new();
        }
        let target = self.limit / 4 * 3;
        let mut gone = Vec::new();
        let mut left = self.bytes;
        for (id, entry) in &self.entries {
            if left <= target {
                break;
            }
            if !entry.pinned {
                left -= entry.bytes;
                gone.push(*id);
            }
        }
        self.remove(gone, false)
    }

    /// Lets everything go but the handshakes; the ids.
    pub(crate) fn clear(&mut self) -> Vec<u64> {
        let gone = self.entries.iter().filter(|(_, entry)| !entry.pinned).map(|(id, _)| *id);
        let gone = gone.collect();
        self.remove(gone, true)
    }

    /// Takes entries out and records the gaps that say so; all ids that are gone by it.
    fn remove(&mut self, mut gone: Vec<u64>, cleared: bool) -> Vec<u64> {
        let mut removed = Vec::new();
        for id in &gone {
            let Some(Filed { fact, .. }) = self.take(*id) else { continue };
            let count = match &fact {
                Fact::Frame(_) => 1,
                Fact::Gap(gap) => gap.lost.unwrap_or(0),
                _ => 0,
            };
            self.evicted += u64::from(!cleared);
            removed.push((conversation_of(&fact), count, fact.at().0));
        }
        for (conversation, count, at) in removed {
            let holes = self.holes.entry(conversation).or_default();
            let hole = if cleared { &mut holes.cleared } else { &mut holes.evicted };
            hole.count += count;
            hole.at = hole.at.max(at);
        }
        let conversations: Vec<_> = self.holes.keys().copied().collect();
        for conversation in conversations {
            if let Some(holes) = self.holes.get_mut(&conversation)
                && cleared
            {
                // Clearing takes the older gap from sight as well; its count lives on.
                let evicted = std::mem::take(&mut holes.evicted);
                holes.cleared.count += evicted.count;
                holes.cleared.at = holes.cleared.at.max(evicted.at);
                gone.extend(evicted.record.and_then(|id| self.take(id).map(|_| id)));
            }
            gone.extend(self.tell_of(conversation, cleared));
        }
        gone.sort_unstable();
        if !gone.is_empty() {
            self.disturbed_at = self.last_id;
        }
        gone
    }

    /// Brings the gap of a hole up to date; the id of the one that it replaces.
    fn tell_of(&mut self, conversation: Option<ConversationId>, cleared: bool) -> Option<u64> {
        let holes = self.holes.get_mut(&conversation)?;
        let (hole, why) = if cleared {
            (&mut holes.cleared, GapReason::Cleared)
        } else {
            (&mut holes.evicted, GapReason::Evicted)
        };
        let gap = Gap { at: Millis(hole.at), conversation, lost: Some(hole.count), why };
        let old = hole.record;
        let told = old.and_then(|id| self.entries.get(&id)).map(|entry| &entry.filed.fact);
        if hole.count == 0 || matches!(told, Some(Fact::Gap(told)) if *told == gap) {
            return None;
        }
        hole.record = Some(self.last_id + 1);
        let id = self.push(Fact::Gap(gap).into());
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.pinned = true;
        }
        old.and_then(|id| self.take(id).map(|_| id))
    }

    fn take(&mut self, id: u64) -> Option<Filed> {
        let entry = self.entries.remove(&id)?;
        self.bytes -= entry.bytes;
        Some(entry.filed)
    }

    /// Sets the bound.
    pub(crate) fn set_limit(&mut self, bytes: u64) {
        self.limit = bytes.max(LEAST_LIMIT);
    }

    /// The bound, in bytes.
    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// What it holds, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many entries were evicted so far.
    pub(crate) fn evicted(&self) -> u64 {
        self.evicted
    }

    /// The id of the newest record.
    pub(crate) fn last_id(&self) -> u64 {
        self.last_id
    }

    /// Whether who has everything up to this id lacks nothing but what is after it, and has
    /// nothing that is gone.
    pub(crate) fn continues_from(&self, id: u64) -> bool {
        (self.disturbed_at..=self.last_id).contains(&id)
    }

    /// The records after this id, about as many bytes as asked for, but at least one.
    pub(crate) fn after(&self, id: u64, bytes: usize) -> Vec<Record> {
        let mut records = Vec::new();
        let mut size = 0;
        for (id, entry) in self.entries.range(id + 1..) {
            let line = write_fact(&entry.filed.fact);
            size += line.len();
            if size > bytes && !records.is_empty() {
                break;
            }
            records.push(Record { id: *id, line });
        }
        records
    }

    /// The session as log lines in session order, without a header, `more` among them.
    ///
    /// What is pinned and the newest entries, up to about as many bytes as asked for.
    pub(crate) fn log(&self, bytes: u64, more: &[Fact]) -> String {
        let mut left = bytes;
        let mut omitted = Hole::default();
        let mut facts: Vec<Fact> = more.to_vec();
        for entry in self.entries.values().rev() {
            if entry.pinned || entry.bytes <= left {
                left = left.saturating_sub(entry.bytes);
                facts.push(entry.filed.fact.clone());
            } else {
                // Nothing older follows, or the log would have more holes than one.
                left = 0;
                omitted.count += 1;
                omitted.at = omitted.at.max(entry.filed.fact.at().0);
            }
        }
        if omitted.count > 0 {
            facts.push(Fact::Gap(Gap {
                at: Millis(omitted.at),
                conversation: None,
                lost: Some(omitted.count),
                why: GapReason::Evicted,
            }));
        }
        facts.sort_by(|one, two| order(one).partial_cmp(&order(two)).unwrap_or(Ordering::Equal));
        let mut log = String::new();
        let mut seq = 0;
        for mut fact in facts {
            if let Fact::Frame(frame) = &mut fact {
                seq += 1;
                frame.seq = seq;
            }
            log.push_str(&write_fact(&fact));
            log.push('\n');
        }
        log
    }

    /// Whether any conversation has begun.
    pub(crate) fn has_conversations(&self) -> bool {
        !self.pins.is_empty()
    }

    /// Takes everything out, to be filed anew; ids go on counting.
    pub(crate) fn take_all(&mut self) -> Vec<Filed> {
        self.bytes = 0;
        self.pins.clear();
        self.holes.clear();
        self.disturbed_at = self.last_id + 1;
        std::mem::take(&mut self.entries).into_values().map(|entry| entry.filed).collect()
    }

    fn is_pinned(&self, fact: &Fact, id: u64) -> bool {
        conversation_of(fact)
            .and_then(|conversation| self.pins.get(&conversation))
            .is_some_and(|pins| pins.kept.values().any(|kept| *kept == id))
    }

    fn pin(&mut self, fact: &Fact, id: u64) {
        let Some(conversation) = conversation_of(fact) else { return };
        if !self.pins.contains_key(&conversation)
            && self.pins.len() >= MOST_PINNED
            && let Some((_, oldest)) = self.pins.pop_first()
        {
            for id in oldest.kept.into_values() {
                self.unpin(id);
            }
        }
        let pins = self.pins.entry(conversation).or_default();
        let released = match fact {
            Fact::Conversation(_) => pins.keep_first(Pin::Start, id),
            Fact::Closed(_) => pins.keep_latest(Pin::Closed, id),
            Fact::Gap(Gap { why: GapReason::LateStart, .. }) => {
                pins.keep_latest(Pin::LateStart, id)
            }
            Fact::Gap(Gap { why: GapReason::HalfMissing(_), .. }) => {
                pins.keep_latest(Pin::HalfMissing, id)
            }
            Fact::Frame(frame) => pins.keep_frame(frame, id),
            Fact::Gap(_) | Fact::Setting(_) | Fact::End(_) => None,
        };
        if let Some(released) = released {
            self.unpin(released);
        }
        let kept: Vec<u64> = self
            .pins
            .get(&conversation)
            .map(|pins| pins.kept.values().copied().collect())
            .unwrap_or_default();
        for id in kept {
            if let Some(entry) = self.entries.get_mut(&id) {
                entry.pinned = true;
            }
        }
    }

    fn unpin(&mut self, id: u64) {
        let still = self.pins.values().any(|pins| pins.kept.values().any(|kept| *kept == id));
        if !still && let Some(entry) = self.entries.get_mut(&id) {
            entry.pinned = false;
        }
    }
}

impl Pins {
    fn keep_first(&mut self, pin: Pin, id: u64) -> Option<u64> {
        self.kept.entry(pin).or_insert(id);
        None
    }

    /// Returns what was kept in its place before.
    fn keep_latest(&mut self, pin: Pin, id: u64) -> Option<u64> {
        self.kept.insert(pin, id)
    }

    fn keep_frame(&mut self, frame: &Frame, id: u64) -> Option<u64> {
        let envelope = envelope::read(frame.message.as_str());
        match (frame.from, envelope.type_name?) {
            (Side::Host, "SYNC") => {
                if let Some(message_id) = envelope.message_id {
                    if self.syncs.len() >= MOST_SYNCS {
                        self.syncs.pop_front();
                    }
                    self.syncs.push_back((message_id.to_owned(), id));
                }
                self.keep_first(Pin::FirstSync, id)
            }
            (Side::Widget, "SYNC_ACK") => {
                let answered = self
                    .syncs
                    .iter()
                    .find(|(sync, _)| Some(sync.as_str()) == envelope.message_id)
                    .map(|(_, id)| *id);
                if let Some(answered) = answered {
                    self.keep_first(Pin::AnsweredSync, answered);
                }
                self.keep_first(Pin::SyncAck, id)
            }
            (Side::Widget, "INITIALIZED") => self.keep_first(Pin::Initialized, id),
            (Side::Widget, "LOGGED_IN" | "LOGGED_OUT") => self.keep_latest(Pin::Login, id),
            (Side::Widget, "USER_AVAILABLE" | "USER_UNAVAILABLE") => {
                self.keep_latest(Pin::Availability, id)
            }
            _ => None,
        }
    }
}

fn conversation_of(fact: &Fact) -> Option<ConversationId> {
    match fact {
        Fact::Frame(frame) => Some(frame.conversation),
        Fact::Gap(gap) => gap.conversation,
        Fact::Conversation(start) => Some(start.id),
        Fact::Closed(closed) => Some(closed.conversation),
        Fact::Setting(_) | Fact::End(_) => None,
    }
}

/// Session order: by time, and at one time what the host sent first, then by id.
fn order(fact: &Fact) -> (f64, u8, u64) {
    let (rank, seq) = match fact {
        Fact::Conversation(_) => (0, 0),
        Fact::Gap(_) | Fact::Setting(_) => (1, 0),
        Fact::Frame(frame) => (if frame.from == Side::Host { 2 } else { 3 }, frame.seq),
        Fact::Closed(_) => (4, 0),
        Fact::End(_) => (5, 0),
    };
    (fact.at().0, rank, seq)
}
