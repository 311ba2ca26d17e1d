//! The recorder: makes one session of what all documents of the page heard, keeps it, and serves
//! the panels.
//!
//! What is known of a message grows on its way through it, and each step is a type:
//!
//! | type | known by then |
//! | --- | --- |
//! | [`Observed`] | what a document received and when, and the window that sent it |
//! | [`Heard`] | which document that is, the direction, what the envelope says |
//! | [`Passed`](heard::Passed) | the conversation that it passed in |
//! | a record of the [`History`] | its number |

mod actions;
mod ahead;
mod conversations;
mod documents;
mod filed;
mod heard;
mod history;
mod injections;
mod inside;
mod leaving;
mod message;
mod page;
mod pairing;
mod panels;
mod relabel;
mod reports;
mod requests;
mod settle;
#[cfg(test)]
mod tests;

use callscope_bus::{
    Ack, Batch, FrameInfo, Hello, Observed, Outcome, RecorderInfo, RecorderStatus, Source,
    TapMessage, ToPanel,
};
use callscope_protocol::{ConversationId, Gap, GapReason, MessageType, Millis, Side};

pub(crate) use self::page::{Page, PageFrame};
pub(crate) use self::panels::PanelId;

use self::ahead::Ahead;
use self::conversations::{Conversations, OPAQUE};
use self::documents::{DocIx, Documents};
use self::filed::Filed;
use self::heard::{Direction, Heard};
use self::history::History;
use self::injections::Injections;
use self::inside::Told;
use self::message::Message;
use self::pairing::{Answered, Pairing};
use self::panels::Panels;
use self::reports::Asked;
use self::requests::Forwarded;
use self::settle::{SETTLE, SETTLE_UNWATCHED, Settling};
use crate::speech::Speech;

/// The most pauses that are remembered, for messages that arrive late.
const MOST_PAUSES: usize = callscope_bus::bounds::PAUSES;

/// Something that happened, on its way into the history.
#[derive(Debug)]
enum Event {
    Heard(Heard),
    /// A message that did not pass between a page and a frame in it.
    Stray,
    /// A page told something of itself.
    Told(Told),
    Lost {
        by: DocIx,
        count: u32,
    },
    Left(DocIx),
    Resumed,
}

/// Makes one session of what all documents of a page heard.
///
/// It reads no clock and touches no browser: whoever owns it passes the time and a [`Page`],
/// hands in what arrives, and calls [`tick`](Self::tick) once [`deadline`](Self::deadline) has
/// passed.
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
    /// Reports that panels wait for.
    asked: Vec<Asked>,
    done: Vec<(PanelId, u32, Outcome)>,
    /// From when to when nothing was recorded; without an end it is paused now.
    pauses: Vec<(f64, Option<f64>)>,
    /// Messages that were not recorded in them, and that no gap counts yet.
    missed: u32,
    /// Until when the user has cleared the list.
    cleared: Option<f64>,
    /// The page goes away, or is in the browser's cache.
    has_left: bool,
    /// Calling-extension messages that did not pass between a page and a frame in it.
    unpaired: u32,
    /// What is known of [`actions::RECORDED_SETTINGS`].
    settings: [Option<String>; 2],
    /// What was told by pages that take part in no conversation yet.
    told: Vec<Told>,
}

impl Recorder {
    /// A recorder in the top document, which both are about.
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
            cleared: None,
            has_left: false,
            unpaired: 0,
            settings: [None, None],
            told: Vec::new(),
        }
    }

    /// Takes a message of a tap; `chrome` and `frame` are Chrome's names of its document and frame.
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
            TapMessage::Goodbye(rest) => &rest.hello.document,
        };
        let document = document.clone();
        if document == self.info.recorder {
            self.come_back();
        } else {
            self.ahead.is_awake(now);
        }
        let is_answered = !self.has_left && self.is_of_this_page(&message);
        if is_answered {
            match message {
                TapMessage::Hello(hello) => self.on_hello(hello, chrome, frame, now),
                TapMessage::Batch(batch) => self.on_batch(batch, now),
                TapMessage::Goodbye(rest) => self.on_goodbye(rest, chrome, frame, now),
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

    /// How many messages that are not calling-extension traffic the top document has received.
    pub(crate) fn count_others(&mut self, others: u32) {
        self.documents.count_others(self.top, others);
    }

    fn on_hello(&mut self, hello: Hello, chrome: Option<String>, frame: i32, now: f64) {
        let at = hello.at;
        let (ix, new) = self.documents.greet(hello, chrome, frame);
        if !new {
            return;
        }
        // A frame holds one document: the one before is gone, whether it said so or not.
        let before: Vec<DocIx> = self
            .documents
            .iter()
            .filter(|(other, document)| *other != ix && document.frame == frame)
            .filter(|(_, document)| document.gone.is_none() && frame != 0)
            .map(|(other, _)| other)
            .collect();
        for other in before {
            self.on_left(other, at);
        }
        self.conversations
            .find_widgets(&self.documents, &mut self.pairing);
        if self.takes_a_place(frame, ix) || self.has_misfiled(frame, ix, at) {
            self.pairing.forget_instances();
            self.file_anew(now);
        }
    }

    /// Whether a document takes the place of an empty one that its frame had at first, and that was
    /// taken for a widget: a host may post SYNC to any origin while the widget is being loaded. An
    /// empty document that has answered is a widget.
    fn takes_a_place(&mut self, frame: i32, ix: DocIx) -> bool {
        let before = (self.documents.iter())
            .rfind(|(other, it)| *other != ix && it.frame == frame && frame != 0);
        let Some((before, _)) = before.filter(|(_, it)| it.hello.blank) else {
            return false;
        };
        let has_spoken = self.history.messages().any(|passed| {
            matches!(passed.heard.direction, Direction::FromChild { .. })
                && self.conversations.widget_of(passed.conversation) == Some(before)
        });
        if has_spoken || !self.conversations.has(before) {
            return false;
        }
        self.documents.stood_in(before, ix);
        true
    }

    /// Whether messages that a host heard from this frame were filed, before anybody knew that a
    /// document is in it since `start`, as another's.
    fn has_misfiled(&self, frame: i32, ix: DocIx, start: f64) -> bool {
        let mut earlier = self.documents.iter();
        if !earlier.any(|(other, document)| other != ix && document.frame == frame) {
            return false;
        }
        self.history.messages().any(|passed| {
            let Direction::FromChild { slot, .. } = passed.heard.direction else {
                return false;
            };
            self.pairing.frame_of(passed.heard.by, slot) == Some(frame)
                && (passed.heard.at >= start)
                    == self.conversations.widget_of(passed.conversation).is_some()
        })
    }

    fn on_left(&mut self, ix: DocIx, at: f64) {
        if ix != self.top && self.documents.leave(ix, at) {
            self.settling.push(at, Event::Left(ix));
        }
    }

    fn on_batch(&mut self, batch: Batch, now: f64) {
        let Some(by) = self.documents.find(&batch.document) else {
            return;
        };
        let accepted = self.documents.accept(by, batch);
        if accepted.lost > 0 {
            let at = accepted.items.first().map_or(now, |first| first.at);
            self.settling.push(
                at,
                Event::Lost {
                    by,
                    count: accepted.lost,
                },
            );
        }
        let mut wrong = false;
        for observed in accepted.items {
            let Observed {
                at,
                source,
                origin,
                message,
                cloned,
                truncated,
            } = observed;
            if source == Source::Page {
                let origin = self.documents.get(by).map(|it| it.hello.origin.clone());
                let told = Told::read(by, at, origin.unwrap_or_default(), message);
                self.settling
                    .push(at, told.map_or(Event::Stray, Event::Told));
                continue;
            }
            let Some(direction) = Direction::of(&source) else {
                self.settling.push(at, Event::Stray);
                continue;
            };
            let message = Message::read(message);
            wrong |= self.learn(by, direction, &origin, &message);
            let asked = self.injections.heard(by, &source, message.text());
            if let Some((panel, request)) = asked.and_then(|it| it.waits) {
                self.done.push((panel, request, Outcome::Ok));
            }
            let heard = Heard {
                by,
                direction,
                at,
                origin,
                message,
                cloned,
                truncated,
                injected: asked.is_some(),
            };
            self.settling.push(at, Event::Heard(heard));
        }
        if wrong {
            self.file_anew(now);
        }
    }

    /// Learns from the handshake who is who; returns whether that disproves anything.
    fn learn(&mut self, by: DocIx, direction: Direction, origin: &str, message: &Message) -> bool {
        let (Speech::Distinct(message_type), Some(id)) = (message.speech(), message.id()) else {
            return false;
        };
        match (direction, message_type) {
            (Direction::FromParent, MessageType::Sync) => {
                self.pairing.sync(&self.documents, by, id)
            }
            (Direction::FromChild { slot, index }, MessageType::SyncAck) => {
                let from = Answered {
                    host: by,
                    slot,
                    index,
                    origin: origin.to_owned(),
                };
                self.pairing.sync_ack(&self.documents, from, id)
            }
            _ => false,
        }
    }

    /// Does everything whose time has come.
    pub(crate) fn tick(&mut self, now: f64, page: &mut impl Page) {
        let before = self.history.last_id();
        // In a hidden page timers come late, and waiting would take a second or a minute.
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
            self.told.first().map(|told| told.at + inside::WAIT),
            self.injections.deadline(),
            self.forwarded.iter().map(|it| it.due).reduce(f64::min),
            self.panels.deadline(),
            self.ahead.deadline(),
            self.report_deadline(),
            // Answers that wait are sent at once.
            (!self.done.is_empty()).then_some(0.0),
        ];
        all.into_iter().flatten().reduce(f64::min)
    }

    fn settle(&mut self, at: f64, event: Event) {
        match event {
            // Its place in the list is not known, but that it is missing is.
            Event::Heard(_) | Event::Stray if self.paused_at(at) => self.missed += 1,
            Event::Told(_) if self.paused_at(at) => {}
            Event::Told(told) => self.wait_or_file(told),
            Event::Stray => self.unpaired += 1,
            Event::Heard(heard) => {
                self.file(heard);
            }
            Event::Lost { by, count } => {
                let conversation = self.conversations.heard_by(by);
                self.record_gap(at, conversation, count, GapReason::BufferFull);
            }
            Event::Left(document) => {
                let filed = self.conversations.close(document, at);
                self.record(filed);
            }
            Event::Resumed => {
                if self.missed > 0 {
                    let missed = std::mem::take(&mut self.missed);
                    self.record_gap(at, None, missed, GapReason::Paused);
                }
            }
        }
    }

    /// Records a message and what follows from it; the conversation that it belongs to.
    fn file(&mut self, heard: Heard) -> Option<ConversationId> {
        let filed = self
            .conversations
            .file(&self.documents, &mut self.pairing, heard);
        let conversation = match filed.last() {
            Some(Filed::Message(passed)) => Some(passed.conversation),
            _ => None,
        };
        self.record(filed);
        conversation
    }

    /// Files what a page told once its conversation is known, or it has waited long enough.
    fn wait_or_file(&mut self, told: Told) {
        let is_known = self.conversations.part_of(told.by).is_some();
        if is_known || self.told.len() >= inside::MOST_WAITING {
            self.file_told(told);
        } else {
            self.told.push(told);
        }
    }

    fn file_waiting(&mut self, now: f64) {
        let conversations = &self.conversations;
        let is_due = |told: &mut Told| {
            conversations.part_of(told.by).is_some() || told.at + inside::WAIT <= now
        };
        let due: Vec<Told> = self.told.extract_if(.., is_due).collect();
        for told in due {
            self.file_told(told);
        }
    }

    fn file_told(&mut self, mut told: Told) {
        let part = self.conversations.part_of(told.by);
        told.conversation = part.map(|(id, _)| id);
        let alone = if told.by == self.top {
            Side::Host
        } else {
            Side::Widget
        };
        told.side = part.map_or(alone, |(_, side)| side);
        self.history.push(Filed::Inside(Box::new(told)));
    }

    fn record(&mut self, filed: Vec<Filed>) {
        for filed in filed {
            self.history.push(filed);
        }
    }

    fn record_gap(
        &mut self,
        at: f64,
        conversation: Option<ConversationId>,
        lost: u32,
        why: GapReason,
    ) {
        self.history.push(Filed::Gap(Gap {
            at: Millis(at),
            conversation,
            lost: Some(u64::from(lost)),
            why,
        }));
    }

    pub(crate) fn paused_at(&self, at: f64) -> bool {
        self.pauses
            .iter()
            .any(|(from, to)| at >= *from && to.is_none_or(|to| at < to))
    }

    fn status(&self, now: f64, page: &impl Page) -> RecorderStatus {
        RecorderStatus {
            now,
            recording: !self.paused_at(now),
            bytes: self.history.bytes() as u64,
            limit: self.history.limit() as u64,
            others: u64::from(self.documents.others() + self.unpaired),
            lost: u64::from(self.documents.lost()),
            evicted: u64::from(self.history.evicted()),
            passed: u64::from(self.missed),
            frames: self.frames(page),
        }
    }

    /// The frames of the page: those with a tap, and those known from the page or from messages.
    fn frames(&self, page: &impl Page) -> Vec<FrameInfo> {
        let mut frames: Vec<FrameInfo> = Vec::new();
        let mut add = |frame: FrameInfo| {
            if !frames.contains(&frame) {
                frames.push(frame);
            }
        };
        for (ix, document) in self.documents.iter() {
            if ix != self.top && document.gone.is_none() {
                let origin = document.hello.origin.clone();
                add(FrameInfo {
                    origin,
                    tapped: true,
                    widget: self.conversations.has(ix),
                });
            }
        }
        let of_page = page.frames();
        for (origin, place) in self.conversations.untapped() {
            // A sandboxed frame's permission is that of the address it was loaded from.
            let mut all = of_page.iter();
            let from = all.find(|frame| {
                let index = frame.index.filter(|_| origin == OPAQUE);
                index.is_some_and(|index| place == Some((self.top, index)))
            });
            add(FrameInfo {
                origin: from.map_or(origin, |frame| &frame.origin).to_owned(),
                tapped: false,
                widget: true,
            });
        }
        for PageFrame { index, origin, sdk } in of_page {
            // The tap in a frame knows the origin better: a sandboxed page has none.
            let mut all = self.documents.iter();
            let own = all.find(|(_, document)| {
                document.gone.is_none() && index.is_some_and(|ix| document.hello.path == [ix])
            });
            let origin = own.map_or(origin, |(_, document)| document.hello.origin.clone());
            if let Some(frame) = frames.iter_mut().find(|frame| frame.origin == origin) {
                frame.widget |= sdk;
            } else {
                // One that is being loaded has no tap yet, but if its origin had one, it will.
                let mut all = self.documents.iter();
                let tapped = all.any(|(_, document)| document.hello.origin == origin);
                frames.push(FrameInfo {
                    origin,
                    tapped,
                    widget: sdk,
                });
            }
        }
        frames
    }
}
