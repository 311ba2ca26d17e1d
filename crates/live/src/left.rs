//! Puts what an unloaded page left behind in its places in the page load.
//!
//! A recorder parks its state when its page unloads, and each document of the page leaves what its
//! recorder no longer accepted: see [`callscope_bus::Parked`].
//! The records are the recorder's own. All other facts are made here, each time anew from
//! everything that is known, with numbers above those of all records.

use std::collections::BTreeMap;

use callscope_bus::{
    DocumentId, Goodbye, Hello, Observed, Parked, ParkedConversation, Source, bounds,
};
use callscope_protocol::{
    Closed, ConversationId, Fact, Gap, GapReason, Message, MessageText, Millis, Side,
};
use callscope_session_log::{Entry, FrameLine, LogLine, Session, read_fact, write_frame};

/// The first number above those of all records, which a recorder numbers by arrival.
pub(crate) const FIRST: u32 = 1 << 31;
/// How many numbers are reserved for each document's goodbye: more than a tap can hold.
const SHARE: u32 = 1 << 20;
/// The most documents per page load whose goodbyes are kept.
pub(crate) const MOST_GOODBYES: usize = bounds::LEFT_DOCUMENTS;
/// The first number of a page load's gaps.
const GAPS: u32 = FIRST + (1 << 30);
/// The end of conversation `n` has the number `ENDS - n`.
const ENDS: u32 = u32::MAX;
/// The gap before that end, if the page left nothing, has the number `BEFORE_ENDS - n`.
const BEFORE_ENDS: u32 = GAPS + (1 << 29);

/// What is known about a page load's end.
#[derive(Clone, Debug, Default)]
pub(crate) struct LeftBehind {
    /// What its recorder parked; the records themselves are in the session.
    pub(crate) parked: Option<Parked>,
    /// How many messages the recorder held that are neither in the session nor parked.
    pub(crate) omitted: u64,
    /// One for each document, in order of arrival.
    pub(crate) goodbyes: Vec<Goodbye>,
    /// Whether the page sent more after all this: it came back from the browser's cache, or its
    /// port stayed open for a moment.
    pub(crate) is_back: bool,
    /// Whether what is missing now will never come.
    pub(crate) is_settled: bool,
    /// The ids of the facts that were added to the session because of it.
    pub(crate) ids: Vec<u64>,
}

impl LeftBehind {
    /// Stores what a document left, replacing what it left before.
    pub(crate) fn take(&mut self, goodbye: Goodbye) {
        let document = &goodbye.hello.document;
        let known = self
            .goodbyes
            .iter()
            .position(|it| it.hello.document == *document);
        if let Some(known) = known.and_then(|place| self.goodbyes.get_mut(place)) {
            *known = goodbye;
        } else if self.goodbyes.len() < MOST_GOODBYES {
            self.goodbyes.push(goodbye);
        }
    }

    /// If the recorder has parked nothing: a gap before each conversation's end that the recorder
    /// did not report itself.
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

    /// If the recorder has parked nothing, so that the conversations are unknown: a gap for the
    /// messages that documents left.
    pub(crate) fn unplaced(&self) -> Option<(u32, LogLine)> {
        let batches = self.goodbyes.iter().flat_map(|goodbye| &goodbye.batches);
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

    /// The facts that follow, with numbers in the recorder's range.
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
        for (place, goodbye) in (0..).zip(&self.goodbyes) {
            filing.file(FIRST + place * SHARE, goodbye);
        }
        if self.is_settled {
            filing.name_missing(&self.goodbyes);
        }
        filing.close();
        filing.facts
    }
}

/// The number of a conversation's end that its recorder could not report.
pub(crate) const fn end_of(conversation: ConversationId) -> u32 {
    ENDS - conversation.0
}

/// The end of a conversation whose page unloaded.
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
    /// The widgets' documents for conversations of which the recorder only knew the host.
    adopted: BTreeMap<u32, &'a DocumentId>,
    injected: Vec<&'a (DocumentId, String)>,
    last_at: f64,
}

impl<'a> Filing<'a> {
    /// Adds the last messages of a document; `number` is the first of their numbers.
    fn file(&mut self, number: u32, goodbye: &'a Goodbye) {
        let document = &goodbye.hello.document;
        let known = self.parked.documents.iter();
        let known = known.into_iter().find(|it| it.document == *document);
        if known.is_none() && goodbye.recorder.is_some() {
            // Its recorder knew it and has forgotten it, so it had unloaded long before.
            return;
        }
        let (mut next, mut lost) = known.map_or((1, 0), |known| (known.next, known.lost));
        let mut at = goodbye.at.unwrap_or(self.parked.at);
        let mut numbers = number..number + SHARE;
        let mut paused = (0, at);
        let mut unplaced = (0, at);
        for batch in &goodbye.batches {
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
                } else if !(numbers.next()).is_some_and(|it| self.place(it, goodbye, observed)) {
                    unplaced = (unplaced.0 + 1, at);
                }
            }
        }
        self.hole(document, at, (next, goodbye.next), (lost, goodbye.lost));
        if paused.0 > 0 {
            self.gap(paused.1, None, Some(paused.0), GapReason::Paused);
        }
        if unplaced.0 > 0 {
            self.gap(unplaced.1, None, Some(unplaced.0), GapReason::PageLeft);
        }
    }

    /// Adds gaps for what is missing between two sequence numbers: what the tap had to drop, by its
    /// counts before and after, and what was lost otherwise.
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

    /// Puts a message into its conversation; returns `false` if it is calling-extension traffic of
    /// an unknown conversation.
    fn place(&mut self, number: u32, goodbye: &'a Goodbye, observed: &Observed) -> bool {
        let Observed {
            at,
            source,
            origin,
            message,
            cloned,
            truncated,
        } = observed;
        let (conversation, from) = match *source {
            Source::Parent => (self.of_widget(&goodbye.hello), Side::Host),
            Source::Child { slot, .. } => {
                (self.of_window(&goodbye.hello.document, slot), Side::Widget)
            }
            // A page's report about itself is not a message, and nobody says which frame sent what
            // is of another source; both are counted as missing.
            Source::Page | Source::Other => return false,
            Source::Own | Source::Opener => return true,
        };
        let Some(conversation) = conversation else {
            return !is_distinct(message);
        };
        let posted = (self.injected.iter()).position(|(receiver, posted)| {
            *receiver == goodbye.hello.document && posted == message
        });
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
        // Its recorder may only have known the host. If exactly one widget of that origin is
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

    /// The conversation of a document with a window inside it.
    fn of_window(&self, host: &DocumentId, slot: u32) -> Option<ConversationId> {
        let all = || {
            let all = self.parked.conversations.iter().rev();
            all.filter(|it| it.host.as_ref() == Some(host))
        };
        let known = all().find(|it| it.slot == Some(slot));
        // A window that has sent nothing before has no number yet.
        let known = known.or_else(|| only(all().filter(|it| it.slot.is_none() && !it.closed)));
        Some(ConversationId(known?.conversation))
    }

    /// The conversation affected by a loss in this document; `None` means all.
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

    /// Adds gaps for the documents that left nothing.
    fn name_missing(&mut self, goodbyes: &[Goodbye]) {
        let parked = self.parked;
        if parked.is_ahead {
            self.gap(parked.at, None, None, GapReason::PageLeft);
        }
        let to_come = parked.documents.iter().filter(|it| !it.gone);
        for document in to_come.filter(|_| !parked.is_ahead) {
            let name = &document.document;
            let has_come = (goodbyes.iter()).any(|it| it.hello.document == *name && !it.is_ahead);
            let takes_part = parked.conversations.iter().any(|it| {
                !it.closed && (it.host.as_ref() == Some(name) || it.widget.as_ref() == Some(name))
            });
            // The recorder's own document has handed everything to it.
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

/// Whether only a calling extension sends such a message.
fn is_distinct(message: &str) -> bool {
    let message = Message::decode(&MessageText::from(message));
    message.known().is_some()
}

/// The only item, if there is exactly one.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let item = items.next()?;
    items.next().is_none().then_some(item)
}
