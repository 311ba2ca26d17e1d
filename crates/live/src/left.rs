//! What a page that went away has left, put where it belongs in its page load.
//!
//! A recorder parks what it holds when its page goes away, and each document of the page leaves
//! what its recorder did not take any more: see [`callscope_bus::Parked`].
//! The records are the recorder's own; all else is made here, each time anew from all that is
//! known, under ids above those of any record.

use std::collections::BTreeMap;

use callscope_bus::{
    DocumentId, Hello, Observed, Parked, ParkedConversation, Rest, Source, bounds,
};
use callscope_protocol::{
    Closed, ConversationId, Fact, Gap, GapReason, Message, MessageText, Millis, Side,
};
use callscope_session_log::{Entry, FrameLine, LogLine, Session, read_fact, write_frame};

/// The first number above those of all records: a recorder counts what passes in a page.
pub(crate) const FIRST: u32 = 1 << 31;
/// How many numbers the rest of one document has: more than a tap holds.
const SHARE: u32 = 1 << 20;
/// The most documents of a page load whose rests are taken in.
pub(crate) const MOST_RESTS: usize = bounds::LEFT_DOCUMENTS;
/// The numbers of the gaps of a page load.
const GAPS: u32 = FIRST + (1 << 30);
/// The end of the conversation `n` has the number `ENDS - n`.
const ENDS: u32 = u32::MAX;
/// The gap before it, if the page left nothing, has the number `BEFORE_ENDS - n`.
const BEFORE_ENDS: u32 = GAPS + (1 << 29);

/// What is known of a page load's end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Left {
    /// What its recorder parked; the records are in the session.
    pub(crate) parked: Option<Parked>,
    /// How many messages the recorder held that are neither in the session nor parked.
    pub(crate) omitted: u64,
    /// One for each document, in the order in which they came.
    pub(crate) rests: Vec<Rest>,
    /// Whether the page spoke after all this: it came back from the browser's cache, or its port
    /// lived on for a moment.
    pub(crate) is_back: bool,
    /// Whether what has not come will not come.
    pub(crate) is_settled: bool,
    /// The ids of the facts that are in the session because of it.
    pub(crate) ids: Vec<u64>,
}

impl Left {
    /// Takes what a document has left in place of what it left before.
    pub(crate) fn take(&mut self, rest: Rest) {
        let document = &rest.hello.document;
        let known = self
            .rests
            .iter()
            .position(|it| it.hello.document == *document);
        if let Some(known) = known.and_then(|place| self.rests.get_mut(place)) {
            *known = rest;
        } else if self.rests.len() < MOST_RESTS {
            self.rests.push(rest);
        }
    }

    /// Of which conversations the end is missing, if the recorder has parked nothing: those of
    /// which somebody else had to say that they ended.
    pub(crate) fn missing_ends(&self, session: &Session) -> Vec<(u64, LogLine)> {
        let ends = self.ids.iter().filter_map(|id| {
            let placed = session.facts().get(session.position(*id)?)?;
            let Fact::Closed(closed) = &placed.fact else {
                return None;
            };
            let gap = Gap {
                at: closed.at,
                conversation: Some(closed.conversation),
                lost: None,
                why: GapReason::PageLeft,
            };
            let id = id - u64::from(ENDS - BEFORE_ENDS);
            Some((id, LogLine::from(Fact::Gap(gap))))
        });
        ends.collect()
    }

    /// How much documents have left of a page whose recorder has parked nothing, so that nobody
    /// knows the conversations.
    pub(crate) fn unplaced(&self) -> Option<(u32, LogLine)> {
        let batches = self.rests.iter().flat_map(|rest| &rest.batches);
        let observed = batches.flat_map(|batch| &batch.items);
        let ours: Vec<f64> = observed
            .filter(|it| is_distinct(&it.message))
            .map(|it| it.at)
            .collect();
        let at = ours.iter().copied().reduce(f64::max)?;
        let gap = Gap {
            at: Millis(at),
            conversation: None,
            lost: Some(ours.len() as u64),
            why: GapReason::PageLeft,
        };
        Some((GAPS, LogLine::from(Fact::Gap(gap))))
    }

    /// The facts that follow, with the recorder's numbers.
    pub(crate) fn facts(&self) -> Vec<(u32, LogLine)> {
        let Some(parked) = self.parked.as_ref().filter(|_| !self.is_back) else {
            return Vec::new();
        };
        let mut filing = Filing {
            parked,
            facts: Vec::new(),
            gaps: 0,
            adopted: BTreeMap::new(),
            injected: parked.injected.iter().collect(),
            last_at: parked.at,
        };
        if self.omitted > 0 {
            filing.gap(
                parked.omitted_at,
                None,
                Some(self.omitted),
                GapReason::PageLeft,
            );
        }
        for (place, rest) in (0..).zip(&self.rests) {
            filing.file(FIRST + place * SHARE, rest);
        }
        if self.is_settled {
            filing.name_missing(&self.rests);
        }
        filing.close();
        filing.facts
    }
}

/// The number of a conversation's end of which its recorder could not tell.
pub(crate) const fn end_of(conversation: ConversationId) -> u32 {
    ENDS - conversation.0
}

/// The end of a conversation whose page went away.
pub(crate) fn closed(conversation: ConversationId, at: Millis) -> LogLine {
    LogLine::from(Fact::Closed(Closed {
        conversation,
        at,
        side: Side::Host,
    }))
}

struct Filing<'a> {
    parked: &'a Parked,
    facts: Vec<(u32, LogLine)>,
    gaps: u32,
    /// The widgets of conversations of which the recorder had heard the host only.
    adopted: BTreeMap<u32, &'a DocumentId>,
    injected: Vec<&'a (DocumentId, String)>,
    last_at: f64,
}

impl<'a> Filing<'a> {
    /// Files what a document has heard last; `number` is the first of its messages' numbers.
    fn file(&mut self, number: u32, rest: &'a Rest) {
        let document = &rest.hello.document;
        let known = self.parked.documents.iter();
        let known = known.into_iter().find(|it| it.document == *document);
        if known.is_none() && rest.recorder.is_some() {
            // Its recorder knew it and has forgotten it: it had gone long before.
            return;
        }
        let (mut next, mut lost) = known.map_or((1, 0), |known| (known.next, known.lost));
        let mut at = rest.at.unwrap_or(self.parked.at);
        let mut numbers = number..number + SHARE;
        let mut paused = (0, at);
        let mut unplaced = (0, at);
        for batch in &rest.batches {
            if let Some(first) = batch.items.first() {
                at = first.at;
            }
            self.hole(document, at, (next, batch.first), (lost, batch.lost));
            next = next.max(batch.first);
            lost = lost.max(batch.lost);
            for (seq, observed) in (batch.first..).zip(&batch.items) {
                if seq < next {
                    continue;
                }
                next = seq + 1;
                at = observed.at;
                if self.paused_at(at) {
                    paused = (paused.0 + 1, at);
                } else if !(numbers.next()).is_some_and(|it| self.place(it, rest, observed)) {
                    unplaced = (unplaced.0 + 1, at);
                }
            }
        }
        self.hole(document, at, (next, rest.next), (lost, rest.lost));
        if paused.0 > 0 {
            self.gap(paused.1, None, Some(paused.0), GapReason::Paused);
        }
        if unplaced.0 > 0 {
            self.gap(unplaced.1, None, Some(unplaced.0), GapReason::PageLeft);
        }
    }

    /// Says what is missing between two sequence numbers: what the tap had to drop, by its counts
    /// before and after, and what is lost otherwise.
    fn hole(&mut self, document: &DocumentId, at: f64, seq: (u32, u32), lost: (u32, u32)) {
        let hole = seq.1.saturating_sub(seq.0);
        let dropped = lost.1.saturating_sub(lost.0).min(hole);
        let conversation = self.heard_by(document);
        for (count, why) in [
            (dropped, GapReason::BufferFull),
            (hole - dropped, GapReason::PageLeft),
        ] {
            if count > 0 {
                self.gap(at, conversation, Some(count.into()), why);
            }
        }
    }

    /// Puts a message into its conversation; `false` if it is calling-extension traffic of a
    /// conversation that nobody knows.
    fn place(&mut self, number: u32, rest: &'a Rest, observed: &Observed) -> bool {
        let Observed {
            at,
            source,
            origin,
            message,
            cloned,
            truncated,
        } = observed;
        let (conversation, from) = match *source {
            Source::Parent => (self.of_widget(&rest.hello), Side::Host),
            Source::Child { slot, .. } => {
                (self.of_window(&rest.hello.document, slot), Side::Widget)
            }
            // What a page told of itself is not written as a message is; that it is missing is
            // said.
            Source::Page => return false,
            Source::Own | Source::Opener | Source::Other => return true,
        };
        let Some(conversation) = conversation else {
            return !is_distinct(message);
        };
        let posted = (self.injected.iter())
            .position(|(receiver, posted)| *receiver == rest.hello.document && posted == message);
        if let Some(posted) = posted {
            self.injected.remove(posted);
        }
        let line = write_frame(&FrameLine {
            seq: number.into(),
            at: Millis(*at),
            conversation,
            from,
            origin,
            injected: posted.is_some(),
            message,
            cloned,
            truncated: truncated.map(u64::from),
        });
        let Ok(Entry::Fact(line)) = read_fact(&line) else {
            return false;
        };
        self.last_at = self.last_at.max(*at);
        self.facts.push((number, line));
        true
    }

    /// The conversation of a document with its parent.
    fn of_widget(&mut self, hello: &'a Hello) -> Option<ConversationId> {
        let document = &hello.document;
        let all = &self.parked.conversations;
        let known = all.iter().rev().find(|it| {
            it.widget.as_ref() == Some(document)
                || self.adopted.get(&it.conversation) == Some(&document)
        });
        if let Some(known) = known {
            return Some(ConversationId(known.conversation));
        }
        // Its recorder may have heard the host's half only. If one widget of that origin is
        // missing, it is this one.
        let is_half = |it: &&ParkedConversation| {
            it.widget.is_none()
                && !it.closed
                && it.widget_origin.as_ref() == Some(&hello.origin)
                && !self.adopted.contains_key(&it.conversation)
        };
        let half = only(all.iter().filter(is_half))?.conversation;
        self.adopted.insert(half, document);
        Some(ConversationId(half))
    }

    /// The conversation of a document with a window in it.
    fn of_window(&self, host: &DocumentId, slot: u32) -> Option<ConversationId> {
        let all = || {
            let all = self.parked.conversations.iter().rev();
            all.filter(|it| it.host.as_ref() == Some(host))
        };
        let known = all().find(|it| it.slot == Some(slot));
        // A window that was not heard from before has no number yet.
        let known = known.or_else(|| only(all().filter(|it| it.slot.is_none() && !it.closed)));
        Some(ConversationId(known?.conversation))
    }

    /// The conversation that a loss in this document concerns; `None` stands for all.
    fn heard_by(&self, document: &DocumentId) -> Option<ConversationId> {
        let running = self.parked.conversations.iter().filter(|it| {
            let takes_part = [&it.host, &it.widget]
                .iter()
                .any(|side| side.as_ref() == Some(document));
            let is_adopted = self.adopted.get(&it.conversation) == Some(&document);
            !it.closed && (takes_part || is_adopted)
        });
        only(running).map(|it| ConversationId(it.conversation))
    }

    fn paused_at(&self, at: f64) -> bool {
        let mut pauses = self.parked.pauses.iter();
        pauses.any(|(from, to)| at >= *from && to.is_none_or(|to| at < to))
    }

    /// Says of which documents nothing has come.
    fn name_missing(&mut self, rests: &[Rest]) {
        let parked = self.parked;
        if parked.is_ahead {
            self.gap(parked.at, None, None, GapReason::PageLeft);
        }
        let to_come = parked.documents.iter().filter(|it| !it.gone);
        for document in to_come.filter(|_| !parked.is_ahead) {
            let name = &document.document;
            let has_come = (rests.iter()).any(|it| it.hello.document == *name && !it.is_ahead);
            let takes_part = parked.conversations.iter().any(|it| {
                !it.closed && (it.host.as_ref() == Some(name) || it.widget.as_ref() == Some(name))
            });
            // The recorder's own document has said all to it.
            if *name != parked.recorder && takes_part && !has_come {
                self.gap(parked.at, self.heard_by(name), None, GapReason::PageLeft);
            }
        }
        for it in parked.conversations.iter().filter(|it| !it.half_missing) {
            let unheard = match (&it.host, &it.widget) {
                (Some(_), None) if !self.adopted.contains_key(&it.conversation) => Side::Host,
                (None, Some(_)) => Side::Widget,
                _ => continue,
            };
            let conversation = Some(ConversationId(it.conversation));
            let why = GapReason::HalfMissing(unheard);
            self.gap(it.began, conversation, None, why);
        }
    }

    fn close(&mut self) {
        let at = Millis(self.last_at);
        for it in self.parked.conversations.iter().filter(|it| !it.closed) {
            let conversation = ConversationId(it.conversation);
            self.facts
                .push((end_of(conversation), closed(conversation, at)));
        }
    }

    fn gap(
        &mut self,
        at: f64,
        conversation: Option<ConversationId>,
        lost: Option<u64>,
        why: GapReason,
    ) {
        let gap = Gap {
            at: Millis(at),
            conversation,
            lost,
            why,
        };
        self.facts
            .push((GAPS + self.gaps, LogLine::from(Fact::Gap(gap))));
        self.gaps += 1;
    }
}

/// Whether only a calling extension says this.
fn is_distinct(message: &str) -> bool {
    let message = Message::decode(&MessageText::from(message));
    message.known().is_some()
}

/// The one item, if there is one only.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let item = items.next()?;
    items.next().is_none().then_some(item)
}
