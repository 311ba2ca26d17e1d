//! Which call a message belongs to, and which request it answers.

use super::calls::{Scene, direction_of};
use super::requests::{Reception, Request};
use super::{Mark, State, requests};
use crate::json::Json;
use crate::parsed_message::{ParsedMessage, id_text};
use crate::{Answer, CallId, Login, MessageType, Millis, Placement, Waiting};

impl State {
    /// Assigns a message to its call and to its request.
    pub(super) fn on_request(&mut self, seen: &ParsedMessage<'_>, mark: Mark) -> Placement {
        let has_two_sdks = self.has_two_sdks();
        let is_repeated = self.calls.announced_again(seen, has_two_sdks).is_some()
            || seen.is(MessageType::DialNumber) && self.calls.dialed_again(seen).is_some()
            || self.calls.asks_again(seen);
        let reception = if self.is_dropped(seen) {
            Reception::Dropped
        } else if is_repeated {
            Reception::Repeated
        } else {
            Reception::Heard
        };
        let context = requests::Context {
            speaks: self.view.speaks,
            in_call: self.calls.active().is_some_and(|call| call.sure),
            logged_out: self.view.login == Login::LoggedOut,
            reception,
        };
        let gives_engagement = matches!(
            seen.ty,
            Some(MessageType::CreateEngagementSucceeded | MessageType::EngagementCreated)
        );
        let waiting = if gives_engagement {
            self.requests.wanting_engagement()
        } else {
            Vec::new()
        };
        let asked = if seen.is(MessageType::Error) {
            self.replied_to(seen)
        } else {
            let request = self.requests.answer(seen);
            request.map(|request| (request.mark, Some(request.ty), request.call))
        };
        let of_asked = asked.and_then(|(.., call)| call);
        let scene = Scene {
            asked: of_asked,
            waiting: &waiting,
            is_complete: !self.gapped,
            is_after_gap: self
                .gapped_at
                .is_some_and(|gap| mark.at - gap <= Request::PATIENCE),
            has_two_sdks,
        };
        let was_asked = self.calls.dial.is_some();
        self.calls.save(seen);
        let serial = self.calls.apply(seen, mark, scene);
        // From now on, a message that names no call is about the new one.
        self.calls.has_left &= direction_of(seen).is_none();
        let is_taken_up = was_asked && self.calls.dial.is_none();
        if is_taken_up && !seen.is(MessageType::OutgoingCallStarted) {
            // M11, M12 or C04 has reported that the start is missing.
            self.requests.forget_dial();
        }
        self.requests.note(seen, mark, serial, context);
        if serial.is_some() {
            self.show_call(serial);
            let sent = self.peer_mut(seen.from()).recent.back_mut();
            if let Some(sent) = sent.filter(|sent| sent.mark == mark) {
                sent.call = serial;
            }
        }
        let answers = asked.zip(seen.ty);
        Placement {
            call: serial.map(|serial| self.call_id(serial)),
            answers: answers.map(|((asked, request_type, _), answer_type)| Answer {
                request: asked.seq,
                request_type,
                answer_type,
                latency: since(asked, mark.at),
            }),
        }
    }

    /// Writes the current call into the view, and the one that the message belongs to, if that is
    /// another.
    pub(super) fn show_call(&mut self, of_message: Option<u32>) {
        self.calls.show(&mut self.view.call);
        let shown = self.view.call.as_ref().map(|call| call.id.serial);
        let other = of_message.filter(|serial| shown.is_some_and(|shown| shown != *serial));
        self.view.other_call = other.and_then(|serial| self.calls.state_of(serial));
    }

    /// Whether the receiver drops the message, for lack of a `messageId` or because of its origin.
    pub(crate) fn is_dropped(&self, seen: &ParsedMessage<'_>) -> bool {
        let recorded = seen.recorded;
        let expected = self.peer(seen.from()).expected_origin.as_ref();
        if expected
            .is_some_and(|origin| !recorded.origin.is_empty() && *recorded.origin != **origin)
        {
            return true;
        }
        let is_sure = || recorded.truncated.is_none() && !recorded.cloned.contains_key("messageId");
        let lacks_id = seen.id.is_none() && seen.json.get("messageId").is_none_or(Json::is_falsy);
        lacks_id && self.receiver_is_strict(seen.from()) && is_sure()
    }

    /// The message that the SDK's `ERROR` quotes.
    fn replied_to(
        &self,
        seen: &ParsedMessage<'_>,
    ) -> Option<(Mark, Option<MessageType>, Option<u32>)> {
        let quoted = seen.deep_field("data.originalMessage")?;
        let id = quoted.get("messageId").and_then(id_text)?;
        let sent = self.peer(seen.from().other()).sent(id)?;
        Some((sent.mark, sent.ty, sent.call))
    }

    pub(super) const fn call_id(&self, serial: u32) -> CallId {
        CallId {
            conversation: self.view.id,
            serial,
        }
    }

    /// The unanswered requests, oldest first.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = Waiting> {
        let asked = self.syncing.iter().flat_map(|syncing| {
            let syncs = self.outstanding.iter().map(|sync| sync.mark);
            let syncs = syncs.filter(|mark| syncing.first.seq <= mark.seq);
            syncs.map(|mark| Waiting {
                request: mark.seq,
                since: mark.at,
                due: syncing.deadline(),
                answers: &[MessageType::SyncAck],
            })
        });
        let requests = self.requests.waiting().map(|request| Waiting {
            request: request.mark.seq,
            since: request.mark.at,
            due: request.deadline(),
            answers: request.answers,
        });
        asked.chain(requests)
    }
}

/// The time since `asked`; never negative, even if the clocks disagree.
pub(super) fn since(asked: Mark, at: Millis) -> Millis {
    Millis((at - asked.at).0.max(0.0))
}
