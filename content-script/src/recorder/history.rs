//! The bounded history: what was recorded, what of it is kept whatever happens, and how much had
//! to go.

mod pins;

use callscope_bus::Record;
use callscope_protocol::{ConversationId, Fact, Gap, GapReason, Millis, Side};
use callscope_session_log::write_fact;

use self::pins::Pins;
use super::heard::Filed;

/// The bound unless the user sets another, in bytes.
pub(crate) const DEFAULT_LIMIT: usize = 16 * 1024 * 1024;
/// The least bound: less would hardly hold a handshake with its neighbors.
const LEAST_LIMIT: usize = 64 * 1024;
/// What an entry takes beside its texts, in bytes.
const OVERHEAD: usize = 200;
/// The most conversations whose handshakes are kept.
const MOST_PINNED: usize = 20;

#[derive(Debug)]
struct Entry {
    id: u32,
    filed: Filed,
    bytes: usize,
    pinned: bool,
}

/// What of one conversation is gone for one reason.
#[derive(Debug, Default)]
struct Hole {
    count: u32,
    at: f64,
    /// The count in the gap that tells of it.
    told: u32,
    /// The gap that tells of it.
    record: Option<u32>,
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
    /// By rising id.
    entries: Vec<Entry>,
    last_id: u32,
    bytes: usize,
    limit: usize,
    /// By rising conversation.
    pins: Vec<(ConversationId, Pins)>,
    /// By conversation; `None` for what belongs to none.
    holes: Vec<(Option<ConversationId>, Holes)>,
    evicted: u32,
    /// The last id when something was last taken out.
    disturbed_at: u32,
}

impl Default for History {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            last_id: 0,
            bytes: 0,
            limit: DEFAULT_LIMIT,
            pins: Vec::new(),
            holes: Vec::new(),
            evicted: 0,
            disturbed_at: 0,
        }
    }
}

impl History {
    /// Records a fact under the next id.
    pub(crate) fn push(&mut self, mut filed: Filed) -> u32 {
        self.last_id += 1;
        let id = self.last_id;
        let mut bytes = OVERHEAD;
        if let Fact::Frame(frame) = &mut filed.fact {
            frame.seq = u64::from(id);
            bytes += frame.message.as_str().len() + frame.origin.len();
        }
        bytes += filed.from.as_ref().map_or(0, |from| from.cloned.len());
        self.bytes += bytes;
        let pinned = self.pin(&filed.fact, id);
        self.entries.push(Entry {
            id,
            filed,
            bytes,
            pinned,
        });
        id
    }

    fn entry(&mut self, id: u32) -> Option<&mut Entry> {
        let place = self
            .entries
            .binary_search_by_key(&id, |entry| entry.id)
            .ok()?;
        self.entries.get_mut(place)
    }

    /// Lets the oldest entries go if there are too many; their ids.
    ///
    /// More go than must, so that this happens seldom.
    pub(crate) fn evict(&mut self) -> Vec<u32> {
        if self.bytes <= self.limit {
            return Vec::new();
        }
        self.remove(self.limit / 4 * 3, false)
    }

    /// Lets everything go but the handshakes; the ids.
    pub(crate) fn clear(&mut self) -> Vec<u32> {
        self.remove(0, true)
    }

    /// Takes the oldest entries that are not pinned out until no more than this many bytes are
    /// left, and records the gaps that say so; all ids that are gone by it.
    fn remove(&mut self, target: usize, cleared: bool) -> Vec<u32> {
        let mut gone = Vec::new();
        let mut left = self.bytes;
        let holes = &mut self.holes;
        self.entries.retain(|entry| {
            if entry.pinned || left <= target {
                return true;
            }
            left -= entry.bytes;
            gone.push(entry.id);
            let fact = &entry.filed.fact;
            let hole = hole_of(holes, conversation_of(fact), cleared);
            hole.count += match fact {
                Fact::Frame(_) => 1,
                Fact::Gap(gap) => gap
                    .lost
                    .and_then(|lost| u32::try_from(lost).ok())
                    .unwrap_or(0),
                _ => 0,
            };
            hole.at = hole.at.max(fact.at().0);
            false
        });
        self.bytes = left;
        if !cleared {
            self.evicted += u32::try_from(gone.len()).unwrap_or(u32::MAX);
        }
        for place in 0..self.holes.len() {
            if cleared && let Some((_, holes)) = self.holes.get_mut(place) {
                // Clearing takes the older gap from sight as well; its count lives on.
                let evicted = std::mem::take(&mut holes.evicted);
                holes.cleared.count += evicted.count;
                holes.cleared.at = holes.cleared.at.max(evicted.at);
                gone.extend(evicted.record.filter(|id| self.take(*id)));
            }
            gone.extend(self.tell_of(place, cleared));
        }
        if !gone.is_empty() {
            self.disturbed_at = self.last_id;
        }
        gone
    }

    /// Brings the gap of a hole up to date; the id of the one that it replaces.
    fn tell_of(&mut self, place: usize, cleared: bool) -> Option<u32> {
        let next = self.last_id + 1;
        let (conversation, holes) = self.holes.get_mut(place)?;
        let (hole, why) = if cleared {
            (&mut holes.cleared, GapReason::Cleared)
        } else {
            (&mut holes.evicted, GapReason::Evicted)
        };
        if hole.count == hole.told {
            return None;
        }
        hole.told = hole.count;
        let old = hole.record.replace(next);
        let (at, lost) = (Millis(hole.at), Some(u64::from(hole.count)));
        let gap = Gap {
            at,
            conversation: *conversation,
            lost,
            why,
        };
        self.push(Fact::Gap(gap).into());
        if let Some(entry) = self.entries.last_mut() {
            entry.pinned = true;
        }
        old.filter(|id| self.take(*id))
    }

    /// Takes one entry out; says whether it was there.
    fn take(&mut self, id: u32) -> bool {
        let Ok(place) = self.entries.binary_search_by_key(&id, |entry| entry.id) else {
            return false;
        };
        self.bytes -= self.entries.remove(place).bytes;
        true
    }

    /// Sets the bound.
    pub(crate) fn set_limit(&mut self, bytes: usize) {
        self.limit = bytes.max(LEAST_LIMIT);
    }

    /// The bound, in bytes.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// What it holds, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many entries were evicted so far.
    pub(crate) fn evicted(&self) -> u32 {
        self.evicted
    }

    /// The id of the newest record.
    pub(crate) fn last_id(&self) -> u32 {
        self.last_id
    }

    /// Whether who has everything up to this id lacks nothing but what is after it, and has
    /// nothing that is gone.
    pub(crate) fn continues_from(&self, id: u32) -> bool {
        (self.disturbed_at..=self.last_id).contains(&id)
    }

    /// The records after this id, about as many bytes as asked for, but at least one.
    pub(crate) fn after(&self, id: u32, bytes: usize) -> Vec<Record> {
        let mut records = Vec::new();
        let mut size = 0;
        let start = self.entries.partition_point(|entry| entry.id <= id);
        for entry in self.entries.iter().skip(start) {
            let line = entry.filed.line();
            size += line.len();
            if size > bytes && !records.is_empty() {
                break;
            }
            records.push(Record {
                id: u64::from(entry.id),
                line,
            });
        }
        records
    }

    /// The session as log lines in session order, without a header; `more` is of the end.
    ///
    /// What is pinned and the newest entries, up to about as many bytes as asked for.
    pub(crate) fn log(&mut self, bytes: usize, more: &[Fact]) -> String {
        let mut left = bytes;
        let fits = |entry: &&Entry| {
            let room = left >= entry.bytes;
            left = left.saturating_sub(entry.bytes);
            room
        };
        let newest = self.entries.iter().rev().take_while(fits).count();
        let start = self.entries.len() - newest;
        let mut omitted = Hole::default();
        let mut in_order: Vec<&mut Filed> = Vec::new();
        for (place, entry) in self.entries.iter_mut().enumerate() {
            if entry.pinned || place >= start {
                insert(&mut in_order, &mut entry.filed);
            } else {
                omitted.count += 1;
                omitted.at = omitted.at.max(entry.filed.fact.at().0);
            }
        }
        let mut gap = Filed::from(Fact::Gap(Gap {
            at: Millis(omitted.at),
            conversation: None,
            lost: Some(u64::from(omitted.count)),
            why: GapReason::Evicted,
        }));
        if omitted.count > 0 {
            insert(&mut in_order, &mut gap);
        }
        let mut log = String::new();
        let mut seq = 0;
        for filed in in_order {
            // In a log frames are counted in session order.
            let mut id = None;
            if let Fact::Frame(frame) = &mut filed.fact {
                seq += 1;
                id = Some(std::mem::replace(&mut frame.seq, seq));
            }
            push_line(&mut log, &filed.line());
            if let (Fact::Frame(frame), Some(id)) = (&mut filed.fact, id) {
                frame.seq = id;
            }
        }
        for fact in more {
            push_line(&mut log, &write_fact(fact));
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
        std::mem::take(&mut self.entries)
            .into_iter()
            .map(|entry| entry.filed)
            .collect()
    }

    /// Pins what the state of a conversation hangs on; says whether this is pinned.
    fn pin(&mut self, fact: &Fact, id: u32) -> bool {
        let Some(conversation) = conversation_of(fact) else {
            return false;
        };
        let known = self
            .pins
            .iter()
            .position(|(known, _)| *known == conversation);
        let place = known.unwrap_or(self.pins.len());
        if known.is_none() {
            self.pins.push((conversation, Pins::default()));
        }
        let Some((_, pins)) = self.pins.get_mut(place) else {
            return false;
        };
        let (pinned, released) = pins.keep(fact, id);
        let answered = pins.answered_sync();
        if let Some(entry) = answered.and_then(|id| self.entry(id)) {
            entry.pinned = true;
        }
        self.unpin(released);
        if self.pins.len() > MOST_PINNED {
            let (_, oldest) = self.pins.remove(0);
            for id in oldest.into_ids() {
                self.unpin(Some(id));
            }
        }
        pinned
    }

    fn unpin(&mut self, id: Option<u32>) {
        if let Some(entry) = id.and_then(|id| self.entry(id)) {
            entry.pinned = false;
        }
    }
}

fn hole_of(
    holes: &mut Vec<(Option<ConversationId>, Holes)>,
    conversation: Option<ConversationId>,
    cleared: bool,
) -> &mut Hole {
    let known = holes.iter().position(|(known, _)| *known == conversation);
    let place = known.unwrap_or(holes.len());
    if known.is_none() {
        holes.push((conversation, Holes::default()));
    }
    let (_, holes) = &mut holes[place];
    if cleared {
        &mut holes.cleared
    } else {
        &mut holes.evicted
    }
}

/// Puts a fact in its place in session order, searched from the end: most facts come in order.
fn insert<'a>(in_order: &mut Vec<&'a mut Filed>, filed: &'a mut Filed) {
    let before = order(&filed.fact);
    let later = in_order
        .iter()
        .rev()
        .take_while(|other| order(&other.fact) > before)
        .count();
    in_order.insert(in_order.len() - later, filed);
}

fn push_line(log: &mut String, line: &str) {
    log.push_str(line);
    log.push('\n');
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
