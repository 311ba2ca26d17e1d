//! Messages on their way to the recorder.
//!
//! One batch is on its way at a time and is sent again until it is acknowledged, for as long as the
//! document lives: each attempt waits twice as long as the one before, and any sign that the way is
//! open makes the next one at once.
//! The outbox knows no clock and no channel: the owner passes the time, asks [`Outbox::next`]
//! once [`Outbox::deadline`] has passed, and reports what became of what it sent. An answer says
//! how far the recorder is, so it counts whichever attempt it answers.
//!
//! A worker that Chromium could not register is silent for ever: Chromium keeps each message in its
//! memory and calls nobody back. So an answer is waited for only briefly, and after a silence it is
//! a hello that asks whether somebody is there again, not the whole batch.

use callscope_bus::{Ack, Batch, DocumentId, Hello, Observed, Rest, TapMessage, bounds};

/// How long the first message waits for others while a panel watches, in milliseconds.
const GATHER: f64 = 20.0;
/// How long it waits if none does, in milliseconds: each batch wakes the worker and the browser.
pub(crate) const GATHER_UNWATCHED: f64 = 200.0;
/// How long the answer to the first attempt is waited for, in milliseconds; it doubles from one
/// silence to the next. An answer takes about 35 ms, and a worker some hundred to start.
const FIRST_ANSWER_DUE: f64 = 500.0;
/// The first wait after a refusal, in milliseconds; it doubles from one to the next.
const FIRST_RETRY: f64 = 50.0;
/// The longest wait between two attempts, in milliseconds.
const LONGEST_WAIT: f64 = 60_000.0;
/// The longest wait if something new has come since the last attempt, in milliseconds.
const LONGEST_WAIT_WITH_NEW: f64 = 5_000.0;
/// The most text in one batch, in bytes.
const BATCH_BYTES: usize = 512 * 1024;
/// The most messages in one batch.
const BATCH_ITEMS: usize = 1_000;
/// The most text that waits, in bytes.
const ROOM_BYTES: usize = bounds::WAITING_BYTES;
/// The most messages that wait.
const ROOM_ITEMS: usize = bounds::WAITING_MESSAGES;

#[derive(Debug)]
struct Waiting {
    seq: u32,
    lost_before: u32,
    observed: Observed,
}

#[derive(Debug)]
struct OnItsWay {
    since: f64,
    /// The first sequence number of the batch; `None` for a hello.
    batch_first: Option<u32>,
}

/// The messages of one document that the recorder has not acknowledged.
#[derive(Debug)]
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
    watched: bool,
    gather_until: f64,
    on_its_way: Option<OnItsWay>,
    /// How many attempts in a row have failed.
    failures: u32,
    /// When the last attempt was refused; `None` if it was not.
    refused_at: Option<f64>,
    /// Whether a message has come since the last attempt.
    has_new: bool,
    room_items: usize,
    room_bytes: usize,
}

impl Outbox {
    /// An outbox that begins with a hello.
    pub(crate) fn new(hello: Hello) -> Self {
        Self {
            watched: true,
            gather_until: hello.at,
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
            on_its_way: None,
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

    /// Takes one received message.
    pub(crate) fn push(&mut self, observed: Observed, now: f64) {
        if !self.has_news() || self.waiting.is_empty() {
            let gather = if self.watched {
                GATHER
            } else {
                GATHER_UNWATCHED
            };
            self.gather_until = now + gather;
        }
        let seq = self.next_seq;
        self.next_seq += 1;
        let size = size_of(&observed);
        // The first messages are the handshake, which everything after depends on: when there is no
        // room, the newest message is dropped.
        if self.waiting.len() >= self.room_items || self.bytes + size > self.room_bytes {
            self.lost += 1;
        } else {
            self.bytes += size;
            self.waiting.push(Waiting {
                seq,
                lost_before: self.lost,
                observed,
            });
        }
        self.has_new = true;
    }

    /// Counts messages that there was no room for even to be read, after all that were pushed.
    pub(crate) fn lose(&mut self, count: u32) {
        self.next_seq += count;
        self.lost += count;
        self.has_new = true;
    }

    /// How many messages so far are not calling-extension traffic; said along with the next batch.
    pub(crate) fn count_others(&mut self, others: u32) {
        self.others = others;
    }

    /// Says hello once more, because the document came back from the cache.
    pub(crate) fn greet_again(&mut self, now: f64) {
        self.greeted = false;
        self.on_its_way = None;
        self.begin_anew();
        self.gather_until = now;
    }

    /// Something has shown that the way to the recorder may be open, so what waits goes at once.
    pub(crate) fn on_sign_of_life(&mut self) {
        if self.failures > 0 {
            self.on_its_way = None;
            self.begin_anew();
        }
    }

    /// When to call [`Self::next`], if nothing happens before.
    pub(crate) fn deadline(&self) -> Option<f64> {
        if let Some(on_its_way) = &self.on_its_way {
            return Some(on_its_way.since + self.wait(FIRST_ANSWER_DUE, self.failures));
        }
        if !self.has_news() {
            return None;
        }
        let retry_at = self
            .refused_at
            .map(|at| at + self.wait(FIRST_RETRY, self.failures.saturating_sub(1)));
        Some(self.gather_until.max(retry_at.unwrap_or(f64::NEG_INFINITY)))
    }

    /// What to send now, if anything.
    pub(crate) fn next(&mut self, now: f64) -> Option<TapMessage> {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return None;
        }
        if self.on_its_way.take().is_some() {
            // Nobody has answered, and the wait is over.
            self.failures += 1;
            self.greeted = false;
        }
        let (message, batch_first) = if self.greeted {
            let batch = self.batch_from(0);
            let first = batch.first;
            (TapMessage::Batch(batch), Some(first))
        } else {
            (TapMessage::Hello(self.hello.clone()), None)
        };
        self.on_its_way = Some(OnItsWay {
            since: now,
            batch_first,
        });
        self.refused_at = None;
        self.has_new = false;
        Some(message)
    }

    /// The recorder answered.
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
            let there = self
                .waiting
                .iter()
                .take_while(|waiting| waiting.seq <= *through)
                .count();
            for done in self.waiting.drain(..there) {
                self.bytes -= size_of(&done.observed);
            }
            if through + 1 >= self.next_seq {
                self.lost_acked = self.lost;
            }
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
                !self.greeted || self.waiting.is_empty() || *through >= first
            }
        };
        if progress {
            self.begin_anew();
            self.gather_until = self.gather_until.max(now);
        } else {
            self.back_off(now);
        }
    }

    /// What was sent was refused, or could not be sent.
    pub(crate) fn on_failure(&mut self, now: f64) {
        if self.on_its_way.take().is_some() {
            self.back_off(now);
        }
    }

    /// What waits, for a recorder in the same document, which takes it for certain: nothing of it
    /// waits any more. To be called until there is nothing.
    pub(crate) fn take(&mut self) -> Option<Batch> {
        let (first, lost) = self.beginning(0);
        if self.waiting.is_empty() && self.lost == self.lost_acked {
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
        Some(Batch {
            document: self.hello.document.clone(),
            first,
            items,
            lost,
            others: self.others,
        })
    }

    /// Everything that is left to say when the document goes away; `at` is
    /// [`Rest::at`].
    pub(crate) fn goodbye(&self, at: Option<f64>) -> Rest {
        let mut batches = vec![self.batch_from(0)];
        let mut taken = batches.iter().map(|batch| batch.items.len()).sum();
        while taken < self.waiting.len() {
            let next = self.batch_from(taken);
            taken += next.items.len();
            batches.push(next);
        }
        Rest {
            recorder: self.known_to.clone(),
            hello: self.hello.clone(),
            at,
            batches,
            next: self.next_seq,
            lost: self.lost,
        }
    }

    fn has_news(&self) -> bool {
        !self.greeted || !self.waiting.is_empty() || self.lost > self.lost_acked
    }

    fn back_off(&mut self, now: f64) {
        self.failures += 1;
        self.refused_at = Some(now);
    }

    fn begin_anew(&mut self) {
        self.failures = 0;
        self.refused_at = None;
    }

    /// A wait of this length, doubled so many times.
    fn wait(&self, first: f64, doublings: u32) -> f64 {
        let longest = if self.has_new {
            LONGEST_WAIT_WITH_NEW
        } else {
            LONGEST_WAIT
        };
        // More than this many doublings are beyond the longest wait.
        (first * f64::from(1_u32 << doublings.min(11))).min(longest)
    }

    /// The sequence number of the message in this place, or of the next one, and how many are lost
    /// before it.
    fn beginning(&self, place: usize) -> (u32, u32) {
        match self.waiting.get(place) {
            Some(waiting) => (waiting.seq, waiting.lost_before),
            None => (self.next_seq, self.lost),
        }
    }

    /// The messages from the given place on, as far as they have no hole and fit in one batch.
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
        Batch {
            document: self.hello.document.clone(),
            first,
            items,
            lost,
            others: self.others,
        }
    }
}

fn size_of(observed: &Observed) -> usize {
    observed.message.len() + observed.origin.len() + observed.cloned.len() + 64
}

#[cfg(test)]
mod tests {
    use callscope_bus::Source;

    use super::*;

    fn hello() -> Hello {
        Hello {
            document: DocumentId("widget".to_owned()),
            origin: "https://widget.test".to_owned(),
            path: vec![0],
            at: 0.0,
            from_start: true,
        }
    }

    fn observed(message: &str) -> Observed {
        Observed {
            at: 0.0,
            source: Source::Parent,
            origin: String::new(),
            message: message.to_owned(),
            cloned: String::new(),
            truncated: None,
        }
    }

    fn ack(through: u32) -> Ack {
        Ack {
            through,
            recorder: DocumentId("top".to_owned()),
            known: true,
            watched: true,
        }
    }

    fn greeted() -> Outbox {
        let mut outbox = Outbox::new(hello());
        let sent = outbox.next(0.0).unwrap();
        assert_eq!(sent, TapMessage::Hello(hello()));
        outbox.on_ack(&ack(0), 1.0);
        outbox
    }

    #[track_caller]
    fn batch(sent: Option<TapMessage>) -> (u32, Vec<String>, u32) {
        let Some(TapMessage::Batch(batch)) = sent else {
            panic!("no batch: {sent:?}");
        };
        let items = batch.items.into_iter().map(|item| item.message).collect();
        (batch.first, items, batch.lost)
    }

    #[test]
    fn messages_gather_and_go_once_acknowledged() {
        let mut outbox = greeted();
        assert_eq!(outbox.deadline(), None);
        outbox.push(observed("1"), 100.0);
        outbox.push(observed("2"), 110.0);
        assert_eq!(outbox.next(119.0), None);
        let (first, items, lost) = batch(outbox.next(120.0));
        assert_eq!(
            (first, items, lost),
            (1, vec!["1".to_owned(), "2".to_owned()], 0)
        );
        outbox.on_ack(&ack(2), 130.0);
        assert_eq!(outbox.deadline(), None);
    }

    #[test]
    fn a_failed_batch_goes_again_with_what_came_since() {
        let mut outbox = greeted();
        outbox.push(observed("1"), 100.0);
        batch(outbox.next(120.0));
        outbox.on_failure(121.0);
        outbox.push(observed("2"), 122.0);
        let retry = outbox.deadline().unwrap();
        assert!(retry >= 121.0 + FIRST_RETRY);
        let (first, items, _) = batch(outbox.next(retry));
        assert_eq!((first, items.len()), (1, 2));
    }

    /// The waits between attempts that `end` in the same way each, until they grow no more.
    fn waits(outbox: &mut Outbox, end: impl Fn(&mut Outbox, f64)) -> Vec<f64> {
        let mut waits = Vec::new();
        let mut before = outbox.deadline().unwrap();
        while waits.len() < 3 || waits.last() != waits.get(waits.len() - 2) {
            outbox.next(before).unwrap();
            end(outbox, before);
            let deadline = outbox.deadline().unwrap();
            waits.push(deadline - before);
            before = deadline;
        }
        waits
    }

    #[test]
    fn a_silent_channel_is_asked_ever_more_rarely_and_for_ever() {
        let mut outbox = greeted();
        outbox.push(observed("1"), 100.0);
        let waits = waits(&mut outbox, |_, _| ());
        let seconds: Vec<f64> = waits.iter().map(|wait| wait / 1_000.0).collect();
        assert_eq!(seconds, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]);
    }

    #[test]
    fn a_channel_that_refuses_is_asked_ever_more_rarely_and_for_ever() {
        let mut outbox = Outbox::new(hello());
        let waits = waits(&mut outbox, Outbox::on_failure);
        assert_eq!(waits.first(), Some(&50.0));
        assert!(waits.is_sorted(), "{waits:?}");
        assert_eq!(waits.last(), Some(&60_000.0));
        assert_eq!(waits.len(), 13);
    }

    #[test]
    fn after_a_silence_a_hello_asks_who_is_there() {
        let mut outbox = greeted();
        outbox.push(observed("1"), 100.0);
        batch(outbox.next(120.0));
        assert_eq!(outbox.next(619.0), None);
        assert_eq!(outbox.next(620.0), Some(TapMessage::Hello(hello())));
        outbox.on_ack(&ack(0), 650.0);
        let (first, items, _) = batch(outbox.next(650.0));
        assert_eq!((first, items.len()), (1, 1));
        outbox.on_ack(&ack(1), 660.0);
        assert_eq!(outbox.deadline(), None);
    }

    #[test]
    fn a_new_message_shortens_a_long_wait_and_makes_no_storm() {
        let mut outbox = Outbox::new(hello());
        waits(&mut outbox, |_, _| ());
        let asked = outbox.deadline().unwrap();
        outbox.next(asked).unwrap();
        assert_eq!(outbox.deadline(), Some(asked + 60_000.0));
        outbox.push(observed("1"), asked + 10.0);
        assert_eq!(outbox.deadline(), Some(asked + 5_000.0));
        outbox.push(observed("2"), asked + 20.0);
        assert_eq!(outbox.deadline(), Some(asked + 5_000.0));
        let sent = outbox.next(asked + 5_000.0);
        assert_eq!(sent, Some(TapMessage::Hello(hello())));
        assert_eq!(outbox.deadline(), Some(asked + 65_000.0));
    }

    #[test]
    fn a_sign_of_life_ends_the_wait() {
        let mut silent = Outbox::new(hello());
        waits(&mut silent, |_, _| ());
        silent.on_sign_of_life();
        assert_eq!(silent.next(0.0), Some(TapMessage::Hello(hello())));
        assert_eq!(silent.deadline(), Some(FIRST_ANSWER_DUE));
        // It says nothing about an attempt that nobody has had the time to answer.
        silent.on_sign_of_life();
        assert_eq!(silent.deadline(), Some(FIRST_ANSWER_DUE));

        let mut refused = Outbox::new(hello());
        waits(&mut refused, Outbox::on_failure);
        refused.on_sign_of_life();
        assert_eq!(refused.next(0.0), Some(TapMessage::Hello(hello())));
    }

    #[test]
    fn nothing_is_delivered_twice_when_all_attempts_are_answered_at_last() {
        let mut outbox = greeted();
        outbox.push(observed("1"), 100.0);
        batch(outbox.next(120.0));
        for _ in 0..3 {
            let deadline = outbox.deadline().unwrap();
            assert!(matches!(outbox.next(deadline), Some(TapMessage::Hello(_))));
        }
        // Chromium hands over what it has kept: the batch first, then three hellos.
        for _ in 0..4 {
            outbox.on_ack(&ack(1), 10_000.0);
        }
        assert_eq!(outbox.next(10_000.0), None);
        assert_eq!(outbox.deadline(), None);
    }

    #[test]
    fn without_room_the_last_are_let_go_and_counted() {
        let mut outbox = greeted();
        outbox.room_items = 2;
        for number in 1..=5 {
            outbox.push(observed(&number.to_string()), 100.0);
        }
        let (first, items, lost) = batch(outbox.next(120.0));
        assert_eq!((first, items.len(), lost), (1, 2, 0));
        outbox.on_ack(&ack(2), 121.0);
        outbox.push(observed("6"), 122.0);
        let (first, items, lost) = batch(outbox.next(150.0));
        assert_eq!((first, items, lost), (6, vec!["6".to_owned()], 3));
        outbox.on_ack(&ack(6), 151.0);
        assert_eq!(outbox.deadline(), None);
    }

    #[test]
    fn a_loss_at_the_end_is_told_without_a_message() {
        let mut outbox = greeted();
        outbox.room_items = 1;
        outbox.push(observed("1"), 100.0);
        outbox.push(observed("2"), 100.0);
        batch(outbox.next(120.0));
        outbox.on_ack(&ack(1), 121.0);
        let (first, items, lost) = batch(outbox.next(121.0));
        assert_eq!((first, items.len(), lost), (3, 0, 1));
        outbox.on_ack(&ack(2), 122.0);
        assert_eq!(outbox.deadline(), None);
    }

    #[test]
    fn another_recorder_hears_hello_first() {
        let mut outbox = greeted();
        outbox.push(observed("1"), 100.0);
        batch(outbox.next(120.0));
        let other = Ack {
            through: 0,
            recorder: DocumentId("new".to_owned()),
            known: false,
            watched: true,
        };
        outbox.on_ack(&other, 121.0);
        let sent = outbox.next(121.0).unwrap();
        assert_eq!(sent, TapMessage::Hello(hello()));
        outbox.on_ack(
            &Ack {
                known: true,
                ..other
            },
            122.0,
        );
        let (first, items, _) = batch(outbox.next(122.0));
        assert_eq!((first, items.len()), (1, 1));
    }

    #[test]
    fn a_late_answer_is_still_an_answer() {
        let mut outbox = greeted();
        outbox.push(observed("1"), 100.0);
        batch(outbox.next(120.0));
        outbox.on_failure(121.0);
        batch(outbox.next(200.0));
        outbox.on_ack(&ack(1), 201.0);
        assert!(outbox.waiting.is_empty());
        outbox.on_ack(&ack(1), 202.0);
        assert_eq!(outbox.deadline(), None);
    }

    #[test]
    fn goodbye_says_all_that_is_left() {
        let mut outbox = Outbox::new(hello());
        outbox.push(observed("1"), 1.0);
        let rest = outbox.goodbye(Some(2.0));
        assert_eq!((rest.hello, rest.recorder, rest.next), (hello(), None, 2));
        assert_eq!((rest.batches.len(), rest.batches[0].items.len()), (1, 1));

        let mut outbox = greeted();
        outbox.room_items = 2;
        for number in 1..=4 {
            outbox.push(observed(&number.to_string()), 100.0);
        }
        outbox.on_ack(&ack(1), 101.0);
        outbox.push(observed("5"), 102.0);
        let rest = outbox.goodbye(Some(103.0));
        assert_eq!(rest.recorder, Some(DocumentId("top".to_owned())));
        let batches = rest.batches.into_iter().map(|batch| batch.first);
        let numbers: Vec<u32> = batches.collect();
        assert_eq!((numbers, rest.next, rest.lost), (vec![2, 5], 6, 2));
    }

    #[test]
    fn only_a_recorder_that_knows_a_document_gets_its_goodbye() {
        let mut outbox = greeted();
        outbox.push(observed("1"), 100.0);
        batch(outbox.next(120.0));
        let stranger = Ack {
            through: 0,
            recorder: DocumentId("next page".to_owned()),
            known: false,
            watched: true,
        };
        outbox.on_ack(&stranger, 121.0);
        let rest = outbox.goodbye(Some(122.0));
        assert_eq!(rest.recorder, Some(DocumentId("top".to_owned())));
    }

    #[test]
    fn other_messages_are_counted_without_a_word_of_their_own() {
        let mut outbox = greeted();
        outbox.count_others(2);
        assert_eq!(outbox.deadline(), None);
        outbox.push(observed("1"), 100.0);
        let Some(TapMessage::Batch(batch)) = outbox.next(120.0) else {
            panic!("no batch");
        };
        assert_eq!(batch.others, 2);
    }

    #[test]
    fn what_was_never_read_is_lost_after_what_was() {
        let mut outbox = greeted();
        outbox.push(observed("1"), 100.0);
        outbox.lose(4);
        outbox.push(observed("6"), 101.0);
        let (first, items, lost) = batch(outbox.next(121.0));
        assert_eq!((first, items.len(), lost), (1, 1, 0));
        outbox.on_ack(&ack(1), 122.0);
        let (first, items, lost) = batch(outbox.next(122.0));
        assert_eq!((first, items, lost), (6, vec!["6".to_owned()], 4));
    }
}
