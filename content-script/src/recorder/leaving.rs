//! Handles the end of documents: the page's own, and those of its frames.

use callscope_bus::{Goodbye, Parked, TapMessage, bounds};

use super::history::Kept;
use super::{Event, Page, Recorder};

/// The most bytes of records that are parked: the next page waits while they are written.
const PARKED: usize = bounds::PARKED_BYTES;

impl Recorder {
    /// The page is being unloaded: sends panels what they do not have yet, and returns what
    /// outlives the page, if there is a conversation. `address` is the page's, without query and
    /// fragment.
    ///
    /// From then on no document is known, so that late messages are stored elsewhere, until the
    /// page comes back from the back/forward cache.
    pub(crate) fn leave(
        &mut self,
        address: String,
        now: f64,
        page: &mut impl Page,
    ) -> Option<Parked> {
        self.settle_all();
        self.settle(now, Event::Resumed);
        self.flush(now, page);
        self.has_left = true;
        self.ahead.keep(false);
        self.kept(address, now, false)
    }

    /// The page may be about to leave; if its tab is being closed, nothing sent later arrives.
    /// Sends panels what they do not have yet, and returns what the worker should store, if it has
    /// not already.
    pub(crate) fn prepare(
        &mut self,
        address: impl FnOnce() -> String,
        now: f64,
        page: &mut impl Page,
    ) -> Option<Parked> {
        self.settle_all();
        self.flush(now, page);
        self.ahead.see(self.history.last_id(), now);
        self.ahead.deadline()?;
        let kept = self.kept(address(), now, true);
        self.ahead.keep(kept.is_some());
        kept
    }

    /// Files everything held back until its order is certain.
    fn settle_all(&mut self) {
        for (at, event) in self.settling.ready(f64::INFINITY, 0.0) {
            self.settle(at, event);
        }
        self.file_waiting(f64::INFINITY);
    }

    fn flush(&mut self, now: f64, page: &mut impl Page) {
        let attached = (&self.info, self.cleared);
        self.panels.flush(now, attached, &self.history, page);
    }

    /// What the worker should store while the page stays, if it is time; `address` as in
    /// [`leave`](Self::leave).
    pub(crate) fn keep_ahead(
        &mut self,
        address: impl FnOnce() -> String,
        now: f64,
    ) -> Option<Parked> {
        if self.ahead.deadline().is_none_or(|due| now < due) {
            return None;
        }
        let kept = self.kept(address(), now, true);
        self.ahead.keep(kept.is_some());
        kept
    }

    /// The worker has answered the request to store, or will not.
    pub(crate) fn on_kept(&mut self) {
        self.ahead.answered();
    }

    fn kept(&self, address: String, now: f64, is_ahead: bool) -> Option<Parked> {
        if !self.history.has_conversations() {
            return None;
        }
        let Kept {
            records,
            held,
            omitted,
            omitted_at,
        } = self.history.park(PARKED);
        let top = self.documents.get(self.top);
        let injected = self.injections.waiting().filter_map(|(widget, message)| {
            let widget = self.documents.get(widget)?;
            Some((widget.hello.document.clone(), message.to_owned()))
        });
        Some(Parked {
            recorder: self.info.recorder.clone(),
            page: address,
            began: top.map_or(now, |top| top.hello.at),
            at: now,
            is_ahead,
            records,
            held,
            omitted,
            omitted_at,
            cleared: self.cleared,
            pauses: self.pauses.clone(),
            documents: self.documents.park(),
            conversations: self.conversations.park(&self.documents),
            injected: injected.collect(),
        })
    }

    /// The page is back from the back/forward cache.
    pub(crate) fn come_back(&mut self) {
        self.has_left = false;
    }

    /// Whether a document belongs to this page. For a moment, a page and the one replacing it both
    /// exist, and messages from the old one's documents arrive here.
    pub(super) fn is_of_this_page(&self, message: &TapMessage) -> bool {
        let hello = match message {
            TapMessage::Batch(_) => return true,
            TapMessage::Hello(hello) => hello,
            TapMessage::Goodbye(goodbye) => match &goodbye.recorder {
                Some(recorder) => return *recorder == self.info.recorder,
                None => &goodbye.hello,
            },
        };
        let top = self.documents.get(self.top);
        top.is_none_or(|top| {
            let both_known = top.hello.from_start && hello.from_start;
            !both_known || hello.at >= top.hello.at
        })
    }

    pub(super) fn on_goodbye(
        &mut self,
        goodbye: Goodbye,
        chrome: Option<String>,
        frame: i32,
        now: f64,
    ) {
        let Goodbye {
            hello, at, batches, ..
        } = goodbye;
        let document = hello.document.clone();
        if self.documents.find(&document).is_none() {
            self.on_hello(hello, chrome, frame, now);
        }
        for batch in batches {
            self.on_batch(batch, now);
        }
        if let (Some(ix), Some(at)) = (self.documents.find(&document), at) {
            self.on_left(ix, at);
        }
    }
}
