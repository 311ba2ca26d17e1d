//! The recorder: combines what all documents of the page heard into one session, keeps it, and
//! serves panels.
//!
//! As more becomes known about a message on its way through, its type changes:
//!
//! | type | known by then |
//! | --- | --- |
//! | [`Observed`](callscope_bus::Observed) | what a document received and when, and the window that sent it |
//! | [`Heard`] | which document that is, the direction, what the envelope says |
//! | [`Passed`](heard::Passed) | the conversation that it passed in |
//! | a record of the [`History`] | its number |
//!
//! | where | what |
//! | --- | --- |
//! | `hearing`, `documents`, `message`, `heard` | what documents heard, as their taps report it |
//! | `pairing`, `conversations`, `relabel` | who talks to whom |
//! | `settle`, `filing`, `filed`, `history` | in which order, and how much is kept |
//! | `inside` | what pages report about themselves |
//! | `panels`, `requests`, `reports`, `status` | what panels are told and ask for |
//! | `posting`, `injections`, `actions` | what the user posts |
//! | `leaving`, `ahead` | documents and the page go away |

mod actions;
mod ahead;
mod conversations;
mod documents;
mod filed;
mod filing;
mod heard;
mod hearing;
mod history;
mod injections;
mod inside;
mod leaving;
mod message;
mod page;
mod pairing;
mod panels;
mod posting;
mod redirected;
mod relabel;
mod reports;
mod requests;
mod settle;
mod status;
#[cfg(test)]
mod tests;

use callscope_bus::{Ack, Hello, Outcome, RecorderInfo, TapMessage, ToPanel};
use callscope_protocol::GapReason;

pub(crate) use self::page::{Page, PageFrame};
pub(crate) use self::panels::PanelId;

use self::ahead::Ahead;
use self::conversations::Conversations;
use self::documents::{DocIx, Documents};
use self::heard::Heard;
use self::history::History;
use self::injections::Injections;
use self::inside::InsideReport;
use self::pairing::Pairing;
use self::panels::Panels;
use self::posting::Forwarded;
use self::redirected::Redirected;
use self::reports::Asked;
use self::settle::{SETTLE, SETTLE_UNWATCHED, Settling};

/// The most pauses remembered, for messages that arrive late.
const MOST_PAUSES: usize = callscope_bus::bounds::PAUSES;

/// An event on its way into the history.
#[derive(Debug)]
enum Event {
    Heard(Heard),
    /// A message that did not pass between a page and one of its frames.
    Stray,
    /// A page's report about itself.
    Inside(InsideReport),
    /// Messages that this document has received are missing.
    Lost {
        by: DocIx,
        count: u32,
        why: GapReason,
    },
    Left(DocIx),
    Resumed,
}

/// Combines what all documents of a page heard into one session.
///
/// It has no clock and no browser: the owner passes in the time and a [`Page`], hands over what
/// arrives, and calls [`tick`](Self::tick) once [`deadline`](Self::deadline) has passed.
#[derive(Debug)]
pub(crate) struct Recorder {
    info: RecorderInfo,
    top: DocIx,
    documents: Documents,
    pairing: Pairing,
    settling: Settling<Event>,
    conversations: Conversations,
    history: History,
    injections: Injections,
    forwarded: Vec<Forwarded>,
    panels: Panels,
    ahead: Ahead,
    /// Reports that panels are waiting for.
    asked: Vec<Asked>,
    done: Vec<(PanelId, u32, Outcome)>,
    /// The periods in which nothing was recorded; one without an end is still going on.
    pauses: Vec<(f64, Option<f64>)>,
    /// How many messages were not recorded in them and are not yet in a gap.
    missed: u32,
    /// How many messages are missing because the frames that sent them were gone.
    from_gone: u32,
    /// Until when the user has cleared the list.
    cleared: Option<f64>,
    /// Whether the page is being unloaded, or is in the back/forward cache.
    has_left: bool,
    /// Calling-extension messages that did not pass between a page and one of its frames.
    unpaired: u32,
    /// The last known values of [`actions::RECORDED_SETTINGS`].
    settings: [Option<String>; 2],
    /// Reports of pages that do not take part in a conversation yet.
    inside_reports: Vec<InsideReport>,
    /// What was recorded of redirected widgets.
    redirected: Vec<Redirected>,
}

impl Recorder {
    /// A recorder in the top document, which `hello` and `info` describe.
    pub(crate) fn new(hello: Hello, info: RecorderInfo) -> Self {
        let mut documents = Documents::default();
        let (top, _) = documents.greet(hello, None, 0);
        Self {
            info,
            top,
            documents,
            pairing: Pairing::default(),
            settling: Settling::default(),
            conversations: Conversations::default(),
            history: History::default(),
            injections: Injections::default(),
            forwarded: Vec::new(),
            panels: Panels::default(),
            ahead: Ahead::default(),
            asked: Vec::new(),
            done: Vec::new(),
            pauses: Vec::new(),
            missed: 0,
            from_gone: 0,
            cleared: None,
            has_left: false,
            unpaired: 0,
            settings: [None, None],
            inside_reports: Vec::new(),
            redirected: Vec::new(),
        }
    }

    /// Handles a tap's message; `chrome` and `frame` are Chrome's ids of its document and frame.
    pub(crate) fn on_tap_message(
        &mut self,
        chrome: Option<String>,
        frame: i32,
        message: TapMessage,
        now: f64,
    ) -> Ack {
        let document = match &message {
            TapMessage::Hello(hello) => &hello.document,
            TapMessage::Batch(batch) => &batch.document,
            TapMessage::Goodbye(goodbye) => &goodbye.hello.document,
        };
        let document = document.clone();
        // Its own document's tap reports to it directly; through the worker comes only what that left.
        if chrome.is_none() {
            self.come_back();
        } else {
            self.ahead.is_awake(now);
        }
        let is_answered = !self.has_left && self.is_of_this_page(&message);
        if is_answered {
            match message {
                TapMessage::Hello(hello) => self.on_hello(hello, chrome, frame, now),
                TapMessage::Batch(batch) => self.on_batch(batch, now),
                TapMessage::Goodbye(goodbye) => self.on_goodbye(goodbye, chrome, frame, now),
            }
        }
        let ix = (self.documents.find(&document)).filter(|_| is_answered);
        Ack {
            through: ix.map_or(0, |ix| self.documents.through(ix)),
            recorder: self.info.recorder.clone(),
            known: ix.is_some(),
            watched: self.panels.any(),
        }
    }

    /// Sets how many messages the top document has received that are not calling-extension traffic.
    pub(crate) fn count_others(&mut self, others: u32) {
        self.documents.count_others(self.top, others);
    }

    /// Does everything that is due.
    pub(crate) fn tick(&mut self, now: f64, page: &mut impl Page) {
        let before = self.history.last_id();
        // In a hidden page, timers are late, so waiting would take a second or a minute.
        let horizon = if page.is_hidden() { f64::INFINITY } else { now };
        for (at, event) in self.settling.ready(horizon, self.settle_time()) {
            self.settle(at, event);
        }
        self.file_waiting(now);
        if self.conversations.missing_half_came(&self.documents) {
            self.file_anew(now);
        }
        for origin in self.conversations.unheard_frames(now) {
            page.start_frames(&origin);
        }
        for filed in self.conversations.missing_halves(now) {
            self.history.push(filed);
        }
        self.fail_unposted(now);
        while let Some((panel, request, receiver)) = self.injections.overdue(now) {
            let reason = actions::unheard(Some(receiver));
            self.done.push((panel, request, Outcome::Failed { reason }));
        }
        for (panel, request, outcome) in self.done.drain(..) {
            page.send(panel, &ToPanel::Done { request, outcome });
        }
        let evicted = self.history.evict();
        self.panels.gone(&evicted, now);
        if self.history.last_id() > before {
            self.panels.hurry(now);
        }
        self.ahead.see(self.history.last_id(), now);
        let attached = (&self.info, self.cleared);
        self.panels.pump(now, attached, &self.history, page);
        if self.panels.status_due(now) {
            let status = self.status(now, page);
            self.panels.send_status(status, page);
        }
        self.report(now, page);
    }

    fn settle_time(&self) -> f64 {
        if self.panels.any() {
            SETTLE
        } else {
            SETTLE_UNWATCHED
        }
    }

    /// When to call [`Self::tick`], if nothing happens before.
    pub(crate) fn deadline(&self) -> Option<f64> {
        let all = [
            self.settling.deadline(self.settle_time()),
            self.conversations.deadline(),
            self.inside_reports
                .first()
                .map(|report| report.at + inside::WAIT),
            self.injections.deadline(),
            self.forwarded.iter().map(|it| it.due).reduce(f64::min),
            self.panels.deadline(),
            self.ahead.deadline(),
            self.report_deadline(),
            // Pending answers are sent immediately.
            (!self.done.is_empty()).then_some(0.0),
        ];
        all.into_iter().flatten().reduce(f64::min)
    }

    pub(crate) fn paused_at(&self, at: f64) -> bool {
        self.pauses
            .iter()
            .any(|(from, to)| at >= *from && to.is_none_or(|to| at < to))
    }
}
