//! The bounded history: what was recorded, what is always kept, and how much has been evicted.

mod pins;

use callscope_bus::bounds;
use callscope_protocol::{ConversationId, Gap, GapReason, Millis};

use self::pins::Pins;
use super::filed::Filed;
use super::heard::Passed;

/// The default limit, in bytes.
pub(crate) const DEFAULT_LIMIT: usize = bounds::HISTORY_BYTES;
/// The smallest limit, in bytes: less would hardly hold a handshake and its surroundings.
const LEAST_LIMIT: usize = 64 * 1024;
/// The size of a record besides its texts, in bytes.
const OVERHEAD: usize = 200;
/// The most conversations whose handshakes are kept.
const MOST_PINNED: usize = bounds::PINNED_CONVERSATIONS;
/// The most conversations whose evicted messages are counted separately.
const MOST_HOLES: usize = bounds::COUNTED_CONVERSATIONS;

/// A fact with its number.
#[derive(Debug)]
struct Record {
    /// Numbers the records, from 1.
    id: u32,
    filed: Filed,
    bytes: usize,
    pinned: bool,
}

impl Record {
    /// Its line for a panel; for a message, with the record's number.
    fn line(&self) -> String {
        self.filed.line(u64::from(self.id))
    }
}

/// What has been evicted of a conversation.
#[derive(Debug, Default)]
struct Hole {
    count: u32,
    at: f64,
    /// The count in the gap that represents it.
    in_gap: u32,
    /// The id of the gap that represents it.
    record: Option<u32>,
}

/// The part of a history that outlives its page: see [`callscope_bus::Parked`].
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) records: Vec<callscope_bus::Record>,
    pub(crate) held: Vec<(u64, u64)>,
    pub(crate) omitted: u32,
    pub(crate) omitted_at: f64,
}

/// Everything recorded, in the order of recording.
#[derive(Debug)]
pub(crate) struct History {
    /// In ascending order of id.
    records: Vec<Record>,
    last_id: u32,
    bytes: usize,
    limit: usize,
    /// In the order in which their conversations began.
    pins: Vec<(ConversationId, Pins)>,
    /// By conversation; `None` for facts of no conversation.
    holes: Vec<(Option<ConversationId>, Hole)>,
    evicted: u32,
    /// The last id when something was last removed.
    disturbed_at: u32,
}

impl Default for History {
    fn default() -> Self {
        Self {
            records: Vec::new(),
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
    /// Records a fact with the next id.
    pub(crate) fn push(&mut self, filed: Filed) {
        self.last_id += 1;
        let id = self.last_id;
        let mut bytes = OVERHEAD;
        if let Filed::Message(Passed { heard, .. }) = &filed {
            bytes += heard.bytes();
        }
        if let Filed::Inside(report) = &filed {
            bytes += report.bytes();
        }
        self.bytes += bytes;
        let pinned = self.pin(&filed, id);
        self.records.push(Record {
            id,
            filed,
            bytes,
            pinned,
        });
    }

    fn record(&mut self, id: u32) -> Option<&mut Record> {
        let place = self
            .records
            .binary_search_by_key(&id, |record| record.id)
            .ok()?;
        self.records.get_mut(place)
    }

    /// Evicts the oldest records if there are too many; returns their ids.
    ///
    /// Evicts more than necessary, so that this happens rarely.
    pub(crate) fn evict(&mut self) -> Vec<u32> {
        if self.bytes <= self.limit {
            return Vec::new();
        }
        self.remove(self.limit / 4 * 3)
    }

    /// Removes the oldest records that are not pinned until at most this many bytes are left, and
    /// records the gaps; returns the ids of all removed records.
    fn remove(&mut self, target: usize) -> Vec<u32> {
        let mut gone = Vec::new();
        let mut left = self.bytes;
        let mut messages = 0;
        let holes = &mut self.holes;
        self.records.retain(|record| {
            if record.pinned || left <= target {
                return true;
            }
            left -= record.bytes;
            gone.push(record.id);
            let filed = &record.filed;
            let hole = hole_of(holes, filed.conversation());
            hole.count += match filed {
                Filed::Message(_) => {
                    messages += 1;
                    1
                }
                Filed::Gap(gap) => gap
                    .lost
                    .and_then(|lost| u32::try_from(lost).ok())
                    .unwrap_or(0),
                Filed::Start(_) | Filed::Closed(_) | Filed::Setting(_) | Filed::Inside(_) => 0,
            };
            hole.at = hole.at.max(filed.at().0);
            false
        });
        self.bytes = left;
        self.evicted += messages;
        gone.extend(self.join_holes());
        for place in 0..self.holes.len() {
            gone.extend(self.update_gap(place));
        }
        if !gone.is_empty() {
            self.disturbed_at = self.last_id;
        }
        gone
    }

    /// If there are too many holes, counts those of the oldest conversations together; returns the
    /// ids of their gaps.
    fn join_holes(&mut self) -> Vec<u32> {
        let mut gone = Vec::new();
        while self.holes.len() > MOST_HOLES {
            let oldest = self.holes.iter().position(|(id, _)| id.is_some());
            let Some(oldest) = oldest else { break };
            let (_, hole) = self.holes.remove(oldest);
            let all = hole_of(&mut self.holes, None);
            all.count += hole.count;
            all.at = all.at.max(hole.at);
            gone.extend(hole.record.filter(|id| self.take(*id)));
        }
        gone
    }

    /// Updates the gap of a hole; returns the id of the one that it replaces.
    fn update_gap(&mut self, place: usize) -> Option<u32> {
        let next = self.last_id + 1;
        let (conversation, hole) = self.holes.get_mut(place)?;
        if hole.count == hole.in_gap {
            return None;
        }
        hole.in_gap = hole.count;
        let old = hole.record.replace(next);
        let (at, lost) = (Millis(hole.at), Some(u64::from(hole.count)));
        let gap = Gap {
            at,
            conversation: *conversation,
            lost,
            why: GapReason::Evicted,
        };
        self.push(Filed::Gap(gap));
        if let Some(record) = self.records.last_mut() {
            record.pinned = true;
        }
        old.filter(|id| self.take(*id))
    }

    /// Removes a record; returns whether it was there.
    fn take(&mut self, id: u32) -> bool {
        let Ok(place) = self.records.binary_search_by_key(&id, |record| record.id) else {
            return false;
        };
        self.bytes -= self.records.remove(place).bytes;
        true
    }

    /// Sets the limit.
    pub(crate) fn set_limit(&mut self, bytes: usize) {
        self.limit = bytes.max(LEAST_LIMIT);
    }

    /// The limit, in bytes.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Its size, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many messages have been evicted so far.
    pub(crate) fn evicted(&self) -> u32 {
        self.evicted
    }

    /// The id of the newest record.
    pub(crate) fn last_id(&self) -> u32 {
        self.last_id
    }

    /// Whether a panel that has everything up to this id only needs what comes after it: nothing
    /// that it has was removed.
    pub(crate) fn continues_from(&self, id: u32) -> bool {
        (self.disturbed_at..=self.last_id).contains(&id)
    }

    /// The records after this id, about this many bytes of them, but at least one.
    pub(crate) fn after(&self, id: u32, bytes: usize) -> Vec<callscope_bus::Record> {
        let mut told = Vec::new();
        let mut size = 0;
        let start = self.records.partition_point(|record| record.id <= id);
        for record in self.records.iter().skip(start) {
            let line = record.line();
            size += line.len();
            if size > bytes && !told.is_empty() {
                break;
            }
            told.push(callscope_bus::Record {
                id: u64::from(record.id),
                line,
            });
        }
        told
    }

    /// The part that outlives the page: the pinned and the newest records, up to about this many
    /// bytes.
    pub(crate) fn park(&self, bytes: usize) -> Kept {
        let mut left = bytes;
        let fits = |record: &&Record| {
            let room = left >= record.bytes;
            left = left.saturating_sub(record.bytes);
            room
        };
        let newest = self.records.iter().rev().take_while(fits).count();
        let start = self.records.len() - newest;
        let mut kept = Kept::default();
        for (place, record) in self.records.iter().enumerate() {
            let id = u64::from(record.id);
            match kept.held.last_mut() {
                Some((_, last)) if *last + 1 == id => *last = id,
                _ => kept.held.push((id, id)),
            }
            if record.pinned || place >= start {
                kept.records.push(callscope_bus::Record {
                    id,
                    line: record.line(),
                });
            } else if matches!(record.filed, Filed::Message(_)) {
                kept.omitted += 1;
                kept.omitted_at = kept.omitted_at.max(record.filed.at().0);
            }
        }
        kept
    }

    /// The recorded messages.
    pub(crate) fn messages(&self) -> impl Iterator<Item = &Passed> {
        self.records
            .iter()
            .filter_map(|record| match &record.filed {
                Filed::Message(passed) => Some(passed),
                _ => None,
            })
    }

    /// Whether any conversation has started.
    pub(crate) fn has_conversations(&self) -> bool {
        !self.pins.is_empty()
    }

    /// Removes everything, in order to file it anew; ids continue.
    pub(crate) fn take_all(&mut self) -> Vec<Filed> {
        self.bytes = 0;
        self.pins.clear();
        self.holes.clear();
        self.disturbed_at = self.last_id + 1;
        std::mem::take(&mut self.records)
            .into_iter()
            .map(|record| record.filed)
            .collect()
    }

    /// Pins what a conversation's state depends on; returns whether this fact is pinned.
    fn pin(&mut self, filed: &Filed, id: u32) -> bool {
        let Some(conversation) = filed.conversation() else {
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
        let (pinned, released) = pins.keep(filed, id);
        let answered = pins.answered_sync();
        if let Some(record) = answered.and_then(|id| self.record(id)) {
            record.pinned = true;
        }
        self.unpin(released);
        if self.pins.len() > MOST_PINNED {
            // A frame that receives no SYNC is not a widget, and must not displace one.
            let mut earlier = self.pins.iter().take(MOST_PINNED);
            let others = earlier.position(|(_, pins)| !pins.has_sync());
            let (_, oldest) = self.pins.remove(others.unwrap_or(0));
            for id in oldest.into_ids() {
                self.unpin(Some(id));
            }
        }
        pinned
    }

    fn unpin(&mut self, id: Option<u32>) {
        if let Some(record) = id.and_then(|id| self.record(id)) {
            record.pinned = false;
        }
    }
}

fn hole_of(
    holes: &mut Vec<(Option<ConversationId>, Hole)>,
    conversation: Option<ConversationId>,
) -> &mut Hole {
    let known = holes.iter().position(|(known, _)| *known == conversation);
    let place = known.unwrap_or(holes.len());
    if known.is_none() {
        holes.push((conversation, Hole::default()));
    }
    &mut holes[place].1
}
