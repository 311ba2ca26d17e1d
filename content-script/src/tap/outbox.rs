//! Messages on their way to the recorder.
//!
//! One batch is on its way at a time and is sent again until it is acknowledged.
//! The outbox knows no clock and no channel: the owner passes the time, asks [`Outbox::next`]
//! once [`Outbox::deadline`] has passed, and reports what became of what it sent. An answer says
//! how far the recorder is, so it counts whichever attempt it answers.

use callscope_bus::{Ack, Batch, DocumentId, Hello, Observed, TapMessage};

/// How long the first message waits for others while a panel watches, in milliseconds.
const GATHER: f64 = 20.0;
/// How long it waits if none does, in milliseconds: each batch wakes the worker and the browser.
pub(crate) const GATHER_UNWATCHED: f64 = 200.0;
/// The first wait after a failure, in milliseconds; it doubles from one to the next.
const FIRST_RETRY: f64 = 50.0;
/// The longest wait after a failure, in milliseconds.
const LAST_RETRY: f64 = 5_000.0;
/// After this many failures in a row there is most likely no recorder, for example because the top
/// page is one that Callscope may not see. Then only a new message starts another attempt.
const PATIENCE: u32 = 14;
/// An answer that takes longer, in milliseconds, will not come.
const ANSWER_DUE: f64 = 5_000.0;
/// The most text in one batch, in bytes.
const BATCH_BYTES: usize = 512 * 1024;
/// The most messages in one batch.
const BATCH_ITEMS: usize = 1_000;
/// The most text that waits, in bytes.
const ROOM_BYTES: usize = 8 * 1024 * 1024;
/// The most messages that wait.
const ROOM_ITEMS: usize = 20_000;

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
    waiting: Vec<Waiting>,
    bytes: usize,
    next_seq: u32,
    lost: u32,
    lost_acked: u32,
    others: u32,
    watched: bool,
    gather_until: f64,
    on_its_way: Option<OnItsWay>,
    failures: u32,
    retry_at: f64,
    /// Whether something new came since patience ran out.
    rearmed: bool,
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
            waiting: Vec::new(),
            bytes: 0,
            next_seq: 1,
            lost: 0,
            lost_acked: 0,
            others: 0,
            on_its_way: None,
            failures: 0,
            retry_at: 0.0,
            rearmed: false,
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
        self.rearmed = true;
    }

    /// Counts messages that there was no room for even to be read, after all that were pushed.
    pub(crate) fn lose(&mut self, count: u32) {
        self.next_seq += count;
        self.lost += count;
        self.rearmed = true;
    }

    /// How many messages so far are not calling-extension traffic; said along with the next batch.
    pub(crate) fn count_others(&mut self, others: u32) {
        self.others = others;
    }

    /// Says hello once more, because the document came back from the cache.
    pub(crate) fn greet_again(&mut self, now: f64) {
        self.greeted = false;
        self.on_its_way = None;
        self.failures = 0;
        self.gather_until = now;
        self.retry_at = now;
    }

    /// When to call [`Self::next`], if nothing happens before.
    pub(crate) fn deadline(&self) -> Option<f64> {
        if let Some(on_its_way) = &self.on_its_way {
            return Some(on_its_way.since + ANSWER_DUE);
        }
        let hopeless = self.failures >= PATIENCE && !self.rearmed;
        (self.has_news() && !hopeless).then(|| self.gather_until.max(self.retry_at))
    }

    /// What to send now, if anything.
    pub(crate) fn next(&mut self, now: f64) -> Option<TapMessage> {
        if let Some(OnItsWay { since, .. }) = self.on_its_way {
            if now < since + ANSWER_DUE {
                return None;
            }
            self.on_failure(now);
        }
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return None;
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
            return;
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
            self.failures = 0;
            self.retry_at = now;
            self.gather_until = self.gather_until.max(now);
        } else {
            self.back_off(now);
        }
    }

    /// What was sent did not arrive, or nothing answered.
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

    /// Everything that is left to send when the document goes away.
    pub(crate) fn goodbye(&mut self, at: f64) -> Vec<TapMessage> {
        let mut messages = Vec::new();
        if !self.greeted {
            messages.push(TapMessage::Hello(self.hello.clone()));
        }
        let mut batch = self.batch_from(0);
        let mut taken = batch.items.len();
        while taken < self.waiting.len() {
            let next = self.batch_from(taken);
            taken += next.items.len();
            messages.push(TapMessage::Batch(std::mem::replace(&mut batch, next)));
        }
        messages.push(TapMessage::Goodbye { at, batch });
        messages
    }

    fn has_news(&self) -> bool {
        !self.greeted || !self.waiting.is_empty() || self.lost > self.lost_acked
    }

    fn back_off(&mut self, now: f64) {
        // More than this many doublings are beyond the longest wait.
        let doublings = self.failures.min(10);
        self.failures += 1;
        self.rearmed = false;
        self.retry_at = now + (FIRST_RETRY * f64::from(1_u32 << doublings)).min(LAST_RETRY);
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

    #[test]
    fn a_silent_channel_counts_as_failed() {
        let mut outbox = greeted();
        outbox.push(observed("1"), 100.0);
        batch(outbox.next(120.0));
        assert_eq!(outbox.deadline(), Some(120.0 + ANSWER_DUE));
        assert_eq!(outbox.next(120.0 + ANSWER_DUE), None);
        let retry = outbox.deadline().unwrap();
        batch(outbox.next(retry));
    }

    #[test]
    fn without_a_recorder_it_falls_silent_until_a_message_comes() {
        let mut outbox = Outbox::new(hello());
        let mut attempts = 0;
        while let Some(deadline) = outbox.deadline() {
            outbox.next(deadline).unwrap();
            outbox.on_failure(deadline);
            attempts += 1;
        }
        assert_eq!(attempts, PATIENCE);
        outbox.push(observed("1"), 1e6);
        let sent = outbox.next(1e6 + LAST_RETRY).unwrap();
        assert_eq!(sent, TapMessage::Hello(hello()));
        outbox.on_failure(2e6);
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
        let messages = outbox.goodbye(2.0);
        assert_eq!(messages.len(), 2);
        assert_eq!(messages[0], TapMessage::Hello(hello()));
        let TapMessage::Goodbye { at, batch } = &messages[1] else {
            panic!("{messages:?}")
        };
        assert!(*at > 1.0 && batch.items.len() == 1);
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
