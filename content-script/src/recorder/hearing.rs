//! Handles what taps report: documents, the messages that they have heard, their end.

use callscope_bus::{Batch, Hello, Observed, Outcome, Source};
use callscope_protocol::{GapReason, MessageType};

use super::documents::DocIx;
use super::heard::{Direction, Heard};
use super::inside::InsideReport;
use super::message::Message;
use super::pairing::Answered;
use super::settle::{NEXT_IN_STREAM, Stream};
use super::{Event, Recorder};
use crate::speech::Speech;
use crate::tap::STREAM;

impl Recorder {
    pub(super) fn on_hello(&mut self, hello: Hello, chrome: Option<String>, frame: i32, now: f64) {
        let at = hello.at;
        let (ix, new) = self.documents.greet(hello, chrome, frame);
        if !new {
            return;
        }
        // A frame holds one document: the previous one is gone, whether it said so or not.
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
        } else if self.conversations.was_dated_late(&self.documents, ix) {
            // Its load is the first step of the handshake, and is shown from now on.
            self.file_anew(now);
        }
    }

    /// Whether a document replaces its frame's initial document, which was taken for a widget: a
    /// host may post SYNC to any origin while the widget is loading. If the initial document has
    /// answered, it is a widget.
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

    /// Whether messages that a host heard from this frame were filed as another document's, before
    /// it was known that this document has been in it since `start`.
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

    pub(super) fn on_left(&mut self, ix: DocIx, at: f64) {
        if ix != self.top && self.documents.leave(ix, at) {
            self.settling.push(at, Event::Left(ix));
        }
    }

    pub(super) fn on_batch(&mut self, batch: Batch, now: f64) {
        let Some(by) = self.documents.find(&batch.document) else {
            return;
        };
        let stream = (batch.items.last())
            .filter(|_| batch.items.len() >= STREAM && by != self.top && self.panels.any())
            .map(|last| Stream {
                by,
                through: last.at,
                next_by: now + NEXT_IN_STREAM,
            });
        self.settling.heard_from(by, stream);
        let accepted = self.documents.accept(by, batch);
        if accepted.lost > 0 {
            let at = accepted.items.first().map_or(now, |first| first.at);
            self.settling.push(
                at,
                Event::Lost {
                    by,
                    count: accepted.lost,
                    why: GapReason::BufferFull,
                },
            );
        }
        let is_of_nobody = |it: &Observed| it.source == Source::Other;
        let first = accepted.items.iter().find(|it| is_of_nobody(it));
        if let Some(at) = first.map(|it| it.at) {
            let items = accepted.items.iter().filter(|it| is_of_nobody(it));
            let count = items.fold(0, |count, _| count + 1);
            self.from_gone += count;
            let why = GapReason::SenderGone;
            self.settling.push(at, Event::Lost { by, count, why });
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
                let report = InsideReport::read(by, at, origin.unwrap_or_default(), message);
                self.settling
                    .push(at, report.map_or(Event::Stray, Event::Inside));
                continue;
            }
            let Some(direction) = Direction::of(&source) else {
                if source != Source::Other {
                    self.settling.push(at, Event::Stray);
                }
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

    /// Learns from the handshake which window is which document; returns whether that disproves an
    /// assumption.
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
}
