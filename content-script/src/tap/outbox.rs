//! Messages on their way to the recorder.
//!
//! One batch is on its way at a time and is sent again until it is acknowledged, for as long as the
//! document lives. Only in a stream more follow before that, for the answer to a busy page waits
//! behind everything that was posted to it. Each attempt waits twice as long as the previous one;
//! any sign that the recorder can be reached triggers the next one at once.
//! The outbox has no clock and no channel: the owner passes in the time, calls [`Outbox::next`]
//! once [`Outbox::deadline`] has passed, and reports the results. An answer says how far the
//! recorder has got, so it counts whichever attempt it answers.
//!
//! A worker that Chromium could not register is silent forever: Chromium keeps each message in its
//! memory and never calls back. So the outbox waits only briefly for an answer, and after silence
//! it does not send the whole batch again, but a hello to find out whether somebody answers.

#[cfg(test)]
mod tests;

use callscope_bus::{Ack, Batch, DocumentId, Goodbye, Hello, Observed, Source, TapMessage, bounds};

/// How long the first message waits for more while a panel watches, in milliseconds.
const GATHER: f64 = 20.0;
/// How long it waits otherwise, in milliseconds. Somebody may have opened a panel since the last
/// answer, so this is not much longer.
const GATHER_UNWATCHED: f64 = 50.0;
/// The shortest time between two batches with messages while a panel watches, in milliseconds: in a
/// stream of messages, some are already waiting when a batch is answered, and each batch costs the
/// page, the worker and the browser more than the messages in it. Including the way to the
/// recorder, this stays below the time that the recorder waits for a frame,
/// `recorder::settle::SETTLE`.
const GAP: f64 = 40.0;
/// The same if no panel watches: each batch wakes the worker and the browser.
pub(crate) const GAP_UNWATCHED: f64 = 200.0;
/// The same in a stream, which nobody reads line by line: each batch costs all processes on its way
/// something, the page's own among them. The panel may be 200 ms behind.
pub(crate) const GAP_IN_STREAM: f64 = 80.0;
/// A batch with this many messages is part of a stream; the recorder then expects the next one only
/// after [`GAP_IN_STREAM`].
pub(crate) const STREAM: usize = 16;
/// If the answer to a batch takes this long, in milliseconds, a stream goes on without it.
const LATE: f64 = 200.0;
/// How many batches may be unanswered then.
const MOST_UNANSWERED: u32 = 16;
/// If this many messages are waiting, they are sent without that pause.
const MANY: usize = BATCH_ITEMS / 2;
/// How long to wait for the answer to the first attempt, in milliseconds; doubles after each
/// silence. An answer takes about 35 ms, starting a worker a few hundred.
const FIRST_ANSWER_DUE: f64 = 500.0;
/// After this many attempts in a row without an answer, about two minutes, no room is expected soon.
/// In a frame that is busy with a burst, an answer waits behind that.
const GIVEN_UP: u32 = 24;
/// The first pause after a refusal, in milliseconds; doubles after each.
const FIRST_RETRY: f64 = 50.0;
/// The longest pause between two attempts, in milliseconds.
const LONGEST_WAIT: f64 = 60_000.0;
/// The longest pause if a message has arrived since the last attempt, in milliseconds.
const LONGEST_WAIT_WITH_NEW: f64 = 5_000.0;
/// The most text in one batch, in bytes.
const BATCH_BYTES: usize = 512 * 1024;
/// The most messages in one batch.
const BATCH_ITEMS: usize = 1_000;
/// The most text waiting, in bytes.
const ROOM_BYTES: usize = bounds::WAITING_BYTES;
/// The most messages waiting.
const ROOM_ITEMS: usize = bounds::WAITING_MESSAGES;

#[derive(Debug)]
struct Waiting {
    seq: u32,
    lost_before: u32,
    observed: Observed,
}

#[derive(Debug)]
struct OnItsWay {
    /// When the last of them was sent.
    since: f64,
    /// How many are unanswered: one, or several batches.
    count: u32,
    /// The first sequence number of the first batch; `None` for a hello.
    batch_first: Option<u32>,
    /// The sequence number after the last batch.
    end: u32,
    /// How many messages a single batch has, if these are all that were waiting; otherwise 0.
    whole: usize,
}

/// The messages of a document that the recorder has not acknowledged.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent state"
)]
pub(crate) struct Outbox {
    hello: Hello,
    greeted: bool,
    recorder: Option<DocumentId>,
    /// The last recorder that knew this document.
    known_to: Option<DocumentId>,
    waiting: Vec<Waiting>,
    bytes: usize,
    next_seq: u32,
    lost: u32,
    lost_acked: u32,
    others: u32,
    /// Whether the document has received messages that have not been pushed yet.
    has_unread: bool,
    /// Whether the last batch said that more follows.
    said_more: bool,
    watched: bool,
    /// When the next batch may be sent: until then messages gather, which also keeps batches apart.
    next_at: f64,
    on_its_way: Option<OnItsWay>,
    /// Whether the recorder has answered a batch since the last hello: from then on it takes nothing
    /// after a batch that did not arrive.
    has_answered: bool,
    /// How many attempts in a row have failed.
    failures: u32,
    /// When the last attempt was refused; `None` if it was not.
    refused_at: Option<f64>,
    /// Whether a message has arrived since the last attempt.
    has_new: bool,
    room_items: usize,
    room_bytes: usize,
}

impl Outbox {
    /// An outbox that starts with a hello.
    pub(crate) fn new(hello: Hello) -> Self {
        Self {
            watched: true,
            next_at: hello.at,
            hello,
            greeted: false,
            recorder: None,
            known_to: None,
            waiting: Vec::new(),
            bytes: 0,
            next_seq: 1,
            lost: 0,
            lost_acked: 0,
            others: 0,
            has_unread: false,
            said_more: false,
            on_its_way: None,
            has_answered: false,
            failures: 0,
            refused_at: None,
            has_new: false,
            room_items: ROOM_ITEMS,
            room_bytes: ROOM_BYTES,
        }
    }

    #[cfg(test)]
    pub(crate) fn limit_room(&mut self, items: usize) {
        self.room_items = items;
    }

    /// Adds a received message, or a report of the page, which is not a message and not counted as
    /// one if there is no room.
    ///
    /// Returns whether there was room.
    pub(crate) fn push(&mut self, observed: Observed, now: f64) -> bool {
        let size = size_of(&observed);
        let has_room = self.waiting.len() < self.room_items && self.bytes + size <= self.room_bytes;
        if !has_room && observed.source == Source::Page {
            return false;
        }
        if self.waiting.is_empty() {
            let gather = if self.watched {
                GATHER
            } else {
                GATHER_UNWATCHED
            };
            self.next_at = self.next_at.max(now + gather);
        }
        let seq = self.next_seq;
        self.next_seq += 1;
        // The first messages are the handshake, which everything later depends on: if there is no
        // room, the newest message is dropped.
        if has_room {
            self.bytes += size;
            self.waiting.push(Waiting {
                seq,
                lost_before: self.lost,
                observed,
            });
        } else {
            self.lost += 1;
        }
        self.has_new = true;
        has_room
    }

    /// Counts messages lost because there was no room even to read them, after all that were
    /// pushed.
    pub(crate) fn lose(&mut self, count: u32) {
        self.next_seq += count;
        self.lost += count;
        self.has_new = true;
    }

    /// Sets how many messages so far are not calling-extension traffic; sent with the next batch.
    pub(crate) fn count_others(&mut self, others: u32) {
        self.others = others;
    }

    /// Sets whether the document has received messages that have not been pushed yet; sent with the
    /// next batch.
    pub(crate) fn set_unread(&mut self, has_unread: bool) {
        self.has_unread = has_unread;
    }

    /// Says hello again, because the document is back from the back/forward cache.
    pub(crate) fn greet_again(&mut self, now: f64) {
        self.greeted = false;
        self.on_its_way = None;
        self.begin_anew();
        self.next_at = now;
    }

    /// There is a sign that the recorder can be reached, so waiting messages are sent at once.
    pub(crate) fn on_sign_of_life(&mut self) {
        if self.failures > 0 {
            self.on_its_way = None;
            self.begin_anew();
        }
    }

    /// When to call [`Self::next`], if nothing happens before.
    pub(crate) fn deadline(&self) -> Option<f64> {
        if let Some(on_its_way) = &self.on_its_way {
            let due = on_its_way.since + self.wait(FIRST_ANSWER_DUE, self.failures);
            return Some(self.next_part_at().map_or(due, |at| at.min(due)));
        }
        if !self.has_news() {
            return None;
        }
        let retry_at = self
            .refused_at
            .map(|at| at + self.wait(FIRST_RETRY, self.failures.saturating_sub(1)));
        Some(self.next_at.max(retry_at.unwrap_or(f64::NEG_INFINITY)))
    }

    /// The message to send now, if any.
    pub(crate) fn next(&mut self, now: f64) -> Option<TapMessage> {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return None;
        }
        let follows = self.next_part_at().is_some_and(|at| now >= at);
        let before = self.on_its_way.take();
        if before.is_some() && !follows {
            // No answer came in time.
            self.failures += 1;
            self.greeted = false;
        }
        let before = before.filter(|_| follows);
        let mut on_its_way = OnItsWay {
            since: now,
            count: before.as_ref().map_or(0, |it| it.count) + 1,
            batch_first: None,
            end: 0,
            whole: 0,
        };
        let message = if self.greeted {
            let place = before.as_ref().map_or(0, |it| self.place_of(it.end));
            let batch = self.batch_from(place);
            let count = batch.items.len();
            self.said_more = batch.more;
            on_its_way.batch_first = before.map_or(Some(batch.first), |it| it.batch_first);
            on_its_way.end = batch.first + u32::try_from(count).unwrap_or(u32::MAX);
            if count == self.waiting.len() {
                on_its_way.whole = count;
            }
            TapMessage::Batch(batch)
        } else {
            self.has_answered = false;
            TapMessage::Hello(self.hello.clone())
        };
        self.on_its_way = Some(on_its_way);
        self.refused_at = None;
        self.has_new = false;
        Some(message)
    }

    /// When to send another batch although the last is not answered, if so.
    fn next_part_at(&self) -> Option<f64> {
        let on_its_way = self.on_its_way.as_ref()?;
        let may_follow = self.has_answered
            && on_its_way.batch_first.is_some()
            && on_its_way.count < MOST_UNANSWERED;
        let unsent = self.waiting.len() - self.place_of(on_its_way.end);
        (may_follow && unsent >= STREAM).then_some(on_its_way.since + LATE)
    }

    /// The place of the first waiting message from this sequence number on.
    fn place_of(&self, seq: u32) -> usize {
        self.waiting.partition_point(|waiting| waiting.seq < seq)
    }

    /// Handles the recorder's answer.
    pub(crate) fn on_ack(&mut self, ack: &Ack, now: f64) {
        let Ack {
            through,
            recorder,
            known,
            watched,
        } = ack;
        self.watched = *watched;
        let same = self
            .recorder
            .as_ref()
            .is_none_or(|before| before == recorder);
        if *known {
            self.known_to = Some(recorder.clone());
        }
        if same && *known {
            let there = self.place_of(through + 1);
            for done in self.waiting.drain(..there) {
                self.bytes -= size_of(&done.observed);
            }
            if through + 1 >= self.next_seq {
                self.lost_acked = self.lost;
            }
        }
        if let Some(on_its_way) = self.on_its_way.as_mut().filter(|it| it.count > 1)
            && same
            && *known
            && on_its_way.batch_first.is_some_and(|it| *through >= it)
        {
            // The answers to the others are still to come.
            on_its_way.count -= 1;
            on_its_way.since = now;
            on_its_way.batch_first = Some(through + 1);
            return self.begin_anew();
        }
        let Some(on_its_way) = self.on_its_way.take() else {
            return self.on_sign_of_life();
        };
        self.recorder = Some(recorder.clone());
        let progress = match on_its_way.batch_first {
            None => {
                self.greeted = *known;
                *known
            }
            Some(first) => {
                self.greeted = same && *known;
                self.has_answered = self.greeted;
                !self.greeted || self.waiting.is_empty() || *through >= first
            }
        };
        if progress {
            self.begin_anew();
            self.next_at = self.next_at.max(now);
            if self.greeted && on_its_way.whole > 0 && self.waiting.len() < MANY {
                let gap = self.gap(on_its_way.whole);
                self.next_at = self.next_at.max(on_its_way.since + gap);
            }
        } else {
            self.back_off(now);
        }
    }

    /// Handles a refusal, or a failure to send.
    pub(crate) fn on_failure(&mut self, now: f64) {
        if self.on_its_way.take().is_some() {
            self.back_off(now);
        }
    }

    /// The next waiting messages for a recorder in the same document, which are removed because it
    /// is certain to take them. Call this until it returns `None`.
    pub(crate) fn take(&mut self) -> Option<Batch> {
        if self.known_to.is_none() {
            self.known_to = Some(self.hello.document.clone());
        }
        let (first, lost) = self.beginning(0);
        if self.waiting.is_empty() && self.lost == self.lost_acked && !self.has_no_more() {
            return None;
        }
        let together = (first..)
            .zip(&self.waiting)
            .take(BATCH_ITEMS)
            .take_while(|(expected, waiting)| waiting.seq == *expected)
            .count();
        let items: Vec<Observed> = self
            .waiting
            .drain(..together)
            .map(|waiting| waiting.observed)
            .collect();
        self.bytes -= items.iter().map(size_of).sum::<usize>();
        if self.waiting.is_empty() {
            self.lost_acked = if items.is_empty() { self.lost } else { lost };
        }
        self.said_more = self.has_unread || !self.waiting.is_empty();
        Some(Batch {
            document: self.hello.document.clone(),
            first,
            items,
            lost,
            others: self.others,
            more: self.said_more,
        })
    }

    /// Everything left to send when the document is unloaded; `at` is [`Goodbye::at`].
    pub(crate) fn goodbye(&self, at: Option<f64>) -> Goodbye {
        let mut batches = vec![self.batch_from(0)];
        let mut taken = batches.iter().map(|batch| batch.items.len()).sum();
        while taken < self.waiting.len() {
            let next = self.batch_from(taken);
            taken += next.items.len();
            batches.push(next);
        }
        Goodbye {
            recorder: self.known_to.clone(),
            hello: self.hello.clone(),
            at,
            is_ahead: false,
            batches,
            next: self.next_seq,
            lost: self.lost,
        }
    }

    /// Whether unacknowledged messages are waiting.
    pub(crate) fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether more messages should be read later, because there may be no room for the next one,
    /// and the recorder may still take what waits.
    pub(crate) fn is_draining(&self) -> bool {
        // With what comes with its text, a message takes a little more than that.
        const LARGEST: usize = 2 * bounds::MESSAGE_BYTES;
        let is_full =
            self.waiting.len() >= self.room_items || self.bytes + LARGEST > self.room_bytes;
        is_full && self.failures < GIVEN_UP
    }

    /// Whether there is room for many more messages, however large.
    pub(crate) fn is_spacious(&self) -> bool {
        self.bytes <= self.room_bytes / 2 && self.waiting.len() <= self.room_items / 2
    }

    /// Whether the recorder has not acknowledged all messages and losses.
    pub(crate) fn lacks_answer(&self) -> bool {
        !self.waiting.is_empty() || self.lost > self.lost_acked
    }

    fn has_news(&self) -> bool {
        !self.greeted || self.lacks_answer() || self.has_no_more()
    }

    /// Whether the last batch said that more follows, but what followed was not calling-extension
    /// traffic.
    fn has_no_more(&self) -> bool {
        self.said_more && !self.has_unread && self.waiting.is_empty()
    }

    /// The shortest time between a batch with this many messages and the next one.
    const fn gap(&self, messages: usize) -> f64 {
        match self.watched {
            true if messages >= STREAM => GAP_IN_STREAM,
            true => GAP,
            false => GAP_UNWATCHED,
        }
    }

    fn back_off(&mut self, now: f64) {
        self.failures += 1;
        self.refused_at = Some(now);
    }

    fn begin_anew(&mut self) {
        self.failures = 0;
        self.refused_at = None;
    }

    /// The pause `first`, doubled this many times.
    fn wait(&self, first: f64, doublings: u32) -> f64 {
        let longest = if self.has_new {
            LONGEST_WAIT_WITH_NEW
        } else {
            LONGEST_WAIT
        };
        // More doublings would exceed the longest pause anyway.
        (first * f64::from(1_u32 << doublings.min(11))).min(longest)
    }

    /// The sequence number of the message at this place, or of the next message, and how many were
    /// lost before it.
    fn beginning(&self, place: usize) -> (u32, u32) {
        match self.waiting.get(place) {
            Some(waiting) => (waiting.seq, waiting.lost_before),
            None => (self.next_seq, self.lost),
        }
    }

    /// The messages from this place on, up to a hole or the size of a batch.
    fn batch_from(&self, place: usize) -> Batch {
        let mut items = Vec::new();
        let mut bytes = 0;
        let (first, lost) = self.beginning(place);
        for (expected, waiting) in (first..).zip(self.waiting.iter().skip(place)) {
            let size = size_of(&waiting.observed);
            let full = items.len() >= BATCH_ITEMS || bytes + size > BATCH_BYTES;
            if waiting.seq != expected || (full && !items.is_empty()) {
                break;
            }
            bytes += size;
            items.push(waiting.observed.clone());
        }
        let more = self.has_unread || place + items.len() < self.waiting.len();
        Batch {
            document: self.hello.document.clone(),
            first,
            items,
            lost,
            others: self.others,
            more,
        }
    }
}

fn size_of(observed: &Observed) -> usize {
    observed.message.len() + observed.origin.len() + observed.cloned.len() + 64
}
