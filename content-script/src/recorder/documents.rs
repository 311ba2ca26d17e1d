//! The documents of the page, and how much has arrived from each.

use callscope_bus::{Batch, DocumentId, Hello, Observed, ParkedDocument, bounds};

/// Messages from a frame that arrive this long after its document was unloaded, in milliseconds,
/// are from the next document, whose tap has not said hello yet.
const GRACE: f64 = 100.0;
/// The most documents remembered; of the unloaded ones, the oldest are forgotten.
///
/// Documents that are still there are never forgotten, and need no bound: Chrome gives a page at
/// most 1,000 frames (`kMaxNumberOfFrames` in Blink; 1,300 iframes that a script adds to a page are
/// 1,000 windows in Chromium 156).
const MOST_DOCUMENTS: usize = bounds::DOCUMENTS;

/// Identifies a document, in the order of the hellos.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct DocIx(u32);

/// A document with a tap.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// Its tap's hello.
    pub(crate) hello: Hello,
    /// Chrome's id of the document; `None` for the top document, which needs none.
    pub(crate) chrome: Option<String>,
    /// Chrome's id of the frame, which stays when another document is loaded.
    pub(crate) frame: i32,
    /// When it was unloaded.
    pub(crate) gone: Option<f64>,
    /// If this is only the frame's initial document, the document that it made way for, which
    /// messages to this one were meant for.
    meant: Option<DocIx>,
    /// The next sequence number.
    next: u32,
    /// Whether no batch has arrived yet.
    fresh: bool,
    lost: u32,
    /// How many messages it has received that are not calling-extension traffic.
    pub(crate) others: u32,
    /// The time of its latest message.
    latest: f64,
    /// Whether it has said that more follows.
    has_more: bool,
}

/// The new contents of a batch.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Accepted {
    /// How many messages are missing before `items`.
    pub(crate) lost: u32,
    /// The new messages, in order.
    pub(crate) items: Vec<Observed>,
}

/// All documents of the page, present and past.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    /// In ascending order.
    list: Vec<(DocIx, Document)>,
    count: u32,
    forgotten_others: u32,
    forgotten_lost: u32,
}

impl Documents {
    /// Handles a hello; returns whether the document is new.
    pub(crate) fn greet(
        &mut self,
        hello: Hello,
        chrome: Option<String>,
        frame: i32,
    ) -> (DocIx, bool) {
        if let Some(ix) = self.find(&hello.document) {
            if let Some(document) = self.get_mut(ix) {
                // It is back from the back/forward cache.
                document.gone = None;
                document.hello.path = hello.path;
            }
            return (ix, false);
        }
        self.count += 1;
        let ix = DocIx(self.count);
        let document = Document {
            hello,
            chrome,
            frame,
            gone: None,
            meant: None,
            next: 1,
            fresh: true,
            lost: 0,
            others: 0,
            latest: f64::NEG_INFINITY,
            has_more: false,
        };
        self.list.push((ix, document));
        if self.list.len() > MOST_DOCUMENTS {
            self.forget_one();
        }
        (ix, true)
    }

    fn forget_one(&mut self) {
        if let Some(oldest) = self
            .list
            .iter()
            .position(|(_, document)| document.gone.is_some())
        {
            let (_, document) = self.list.remove(oldest);
            self.forgotten_others += document.others;
            self.forgotten_lost += document.lost;
        }
    }

    /// The document with this id.
    pub(crate) fn find(&self, id: &DocumentId) -> Option<DocIx> {
        self.iter()
            .find(|(_, document)| document.hello.document == *id)
            .map(|(ix, _)| ix)
    }

    /// The document.
    pub(crate) fn get(&self, ix: DocIx) -> Option<&Document> {
        let place = self.list.binary_search_by_key(&ix, |(ix, _)| *ix).ok()?;
        self.list.get(place).map(|(_, document)| document)
    }

    fn get_mut(&mut self, ix: DocIx) -> Option<&mut Document> {
        let place = self.list.binary_search_by_key(&ix, |(ix, _)| *ix).ok()?;
        self.list.get_mut(place).map(|(_, document)| document)
    }

    /// The document that messages to this one were meant for: usually itself.
    pub(crate) fn meant(&self, ix: DocIx) -> DocIx {
        self.get(ix).and_then(|it| it.meant).unwrap_or(ix)
    }

    /// Records that a document only made way for another.
    pub(crate) fn stood_in(&mut self, ix: DocIx, meant: DocIx) {
        if let Some(document) = self.get_mut(ix) {
            document.meant = Some(meant);
        }
    }

    /// All documents, in the order in which they said hello.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (DocIx, &Document)> {
        self.list.iter().map(|(ix, document)| (*ix, document))
    }

    /// Takes the new contents of a batch.
    ///
    /// Batches may arrive twice and overlap. A hole that the tap does not report as a loss means
    /// that something is still on its way: nothing after it is taken, and the tap sends it again.
    pub(crate) fn accept(&mut self, ix: DocIx, batch: Batch) -> Accepted {
        let Some(document) = self.get_mut(ix) else {
            return Accepted::default();
        };
        let Batch {
            document: _,
            first,
            items,
            lost,
            others,
            more,
        } = batch;
        document.others = document.others.max(others);
        let end = first + u32::try_from(items.len()).unwrap_or(u32::MAX);
        let hole = first.saturating_sub(document.next);
        // Messages acknowledged to an earlier recorder are lost to this one.
        let owned_up = document.fresh || hole <= lost.saturating_sub(document.lost);
        if !owned_up || end < document.next {
            return Accepted::default();
        }
        document.fresh = false;
        document.has_more = more;
        document.latest = items.last().map_or(document.latest, |last| last.at);
        let known = usize::try_from(document.next.saturating_sub(first)).unwrap_or(usize::MAX);
        document.next = document.next.max(end);
        document.lost += hole;
        Accepted {
            lost: hole,
            items: items.into_iter().skip(known).collect(),
        }
    }

    /// Whether all documents still there have sent what they heard until `at`, as far as they have
    /// announced it.
    pub(crate) fn have_told(&self, at: f64) -> bool {
        self.iter().all(|(_, document)| {
            document.gone.is_some() || !document.has_more || document.latest > at
        })
    }

    /// Records how many messages a document has received that are not calling-extension traffic.
    pub(crate) fn count_others(&mut self, ix: DocIx, others: u32) {
        if let Some(document) = self.get_mut(ix) {
            document.others = document.others.max(others);
        }
    }

    /// The highest sequence number up to which everything has arrived.
    pub(crate) fn through(&self, ix: DocIx) -> u32 {
        self.get(ix).map_or(0, |document| document.next - 1)
    }

    /// How far each document has been heard.
    pub(crate) fn park(&self) -> Vec<ParkedDocument> {
        let parked = self.iter().map(|(_, document)| ParkedDocument {
            document: document.hello.document.clone(),
            next: document.next,
            lost: document.lost,
            gone: document.gone.is_some(),
        });
        parked.collect()
    }

    /// Records that a document is gone; returns whether that is new.
    pub(crate) fn leave(&mut self, ix: DocIx, at: f64) -> bool {
        let Some(document) = self.get_mut(ix) else {
            return false;
        };
        let new = document.gone.is_none();
        document.gone.get_or_insert(at);
        new
    }

    /// The document that was in a frame at a time.
    ///
    /// A tap that was injected late stands for its document from the end of the previous one. After
    /// the last known document is gone, it is unknown which one is there.
    pub(crate) fn in_frame(&self, frame: i32, at: f64) -> Option<DocIx> {
        let mut found: Option<(DocIx, &Document)> = None;
        for (ix, document) in self.iter().filter(|(_, document)| document.frame == frame) {
            let start = match found {
                _ if document.hello.from_start => document.hello.at,
                Some((_, before)) => before.gone.unwrap_or(document.hello.at),
                None => f64::NEG_INFINITY,
            };
            if start <= at {
                found = Some((ix, document));
            }
        }
        let (ix, document) = found?;
        let is_over = document.gone.is_some_and(|gone| gone + GRACE < at);
        let is_last = || {
            self.iter()
                .all(|(other, it)| it.frame != frame || other <= ix)
        };
        (!is_over || !is_last()).then_some(ix)
    }

    /// The number of messages in all documents that are not calling-extension traffic.
    pub(crate) fn others(&self) -> u32 {
        self.forgotten_others
            + self
                .iter()
                .map(|(_, document)| document.others)
                .sum::<u32>()
    }

    /// The number of calling-extension messages lost before they reached the recorder.
    pub(crate) fn lost(&self) -> u32 {
        self.forgotten_lost + self.iter().map(|(_, document)| document.lost).sum::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use callscope_bus::Source;

    use super::*;

    fn hello(name: &str, at: f64, from_start: bool) -> Hello {
        Hello {
            document: DocumentId(name.to_owned()),
            origin: String::new(),
            path: vec![0],
            at,
            from_start,
            blank: false,
        }
    }

    fn batch(first: u32, messages: &[&str], lost: u32) -> Batch {
        let observed = |message: &&str| Observed {
            at: 0.0,
            source: Source::Parent,
            origin: String::new(),
            message: (*message).to_owned(),
            cloned: String::new(),
            truncated: None,
        };
        let items = messages.iter().map(observed).collect();
        Batch {
            document: DocumentId("w".to_owned()),
            first,
            items,
            lost,
            others: 0,
            more: false,
        }
    }

    #[track_caller]
    fn check(documents: &mut Documents, batch: Batch, lost: u32, expected: &[&str], through: u32) {
        let ix = documents.find(&batch.document).unwrap();
        let accepted = documents.accept(ix, batch);
        let items: Vec<String> = accepted
            .items
            .into_iter()
            .map(|item| item.message)
            .collect();
        assert_eq!(
            (accepted.lost, items),
            (lost, expected.iter().map(|&s| s.to_owned()).collect())
        );
        assert_eq!(documents.through(ix), through);
    }

    fn one() -> Documents {
        let mut documents = Documents::default();
        documents.greet(hello("w", 0.0, true), None, 1);
        documents
    }

    #[test]
    fn a_batch_counts_once() {
        let mut documents = one();
        check(&mut documents, batch(1, &["a", "b"], 0), 0, &["a", "b"], 2);
        check(&mut documents, batch(1, &["a", "b"], 0), 0, &[], 2);
        check(&mut documents, batch(2, &["b", "c"], 0), 0, &["c"], 3);
        check(&mut documents, batch(1, &["a"], 0), 0, &[], 3);
    }

    #[test]
    fn a_hole_is_waited_for_or_owned_up_to() {
        let mut documents = one();
        check(&mut documents, batch(1, &["a"], 0), 0, &["a"], 1);
        check(&mut documents, batch(3, &["c"], 0), 0, &[], 1);
        check(&mut documents, batch(3, &["c"], 1), 1, &["c"], 3);
        check(&mut documents, batch(6, &[], 3), 2, &[], 5);
        assert_eq!(documents.lost(), 3);
    }

    #[test]
    fn what_another_recorder_took_is_lost_here() {
        check(&mut one(), batch(5, &["e"], 0), 4, &["e"], 5);
    }

    #[test]
    fn a_frame_changes_its_document_with_time() {
        let mut documents = Documents::default();
        let (first, _) = documents.greet(hello("1", 10.0, true), None, 7);
        let (second, _) = documents.greet(hello("2", 20.0, true), None, 7);
        assert_eq!(documents.in_frame(7, 5.0), None);
        assert_eq!(documents.in_frame(7, 15.0), Some(first));
        assert_eq!(documents.in_frame(7, 25.0), Some(second));
        assert_eq!(documents.in_frame(8, 25.0), None);
    }

    #[test]
    fn a_late_tap_stands_for_its_document_from_the_start() {
        let mut documents = Documents::default();
        let (late, _) = documents.greet(hello("1", 10.0, false), None, 7);
        assert_eq!(documents.in_frame(7, 5.0), Some(late));
        documents.leave(late, 20.0);
        assert_eq!(documents.in_frame(7, 20.0 + GRACE), Some(late));
        assert_eq!(documents.in_frame(7, 21.0 + GRACE), None);
        let (later, _) = documents.greet(hello("2", 30.0, false), None, 7);
        assert_eq!(documents.in_frame(7, 15.0), Some(late));
        assert_eq!(documents.in_frame(7, 25.0), Some(later));
    }
}
