//! Requests and their answers, as far as messages alone can tie them.

use std::collections::VecDeque;

use super::{Mark, Speaks};
use crate::json::Json;
use crate::step::Seen;
use crate::{MessageType, Millis, Side, Version};

/// A request that waits for its answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) ty: MessageType,
    pub(crate) mark: Mark,
    /// Any of these answers it.
    pub(crate) answers: &'static [MessageType],
}

impl Request {
    /// No source states a time-out; this is longer than any honest answer takes.
    pub(crate) const PATIENCE: Millis = Millis(10_000.0);

    pub(crate) fn deadline(&self) -> Millis {
        self.mark.at + Self::PATIENCE
    }
}

/// The requests of a conversation that are not answered yet, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    open: VecDeque<Request>,
}

/// What decides whether an answer can be expected.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    pub(super) speaks: Speaks,
    pub(super) in_call: bool,
    pub(super) logged_out: bool,
}

const ENGAGEMENT: &[MessageType] = &[
    MessageType::CreateEngagementSucceeded,
    MessageType::CreateEngagementFailed,
    MessageType::EngagementCreated,
];
const CALLER: &[MessageType] = &[
    MessageType::CallerIdMatchSucceeded,
    MessageType::CallerIdMatchFailed,
];
const UPDATE: &[MessageType] = &[
    MessageType::UpdateEngagementSucceeded,
    MessageType::UpdateEngagementFailed,
];
const FINALIZE: &[MessageType] = &[
    MessageType::FinalizeEngagementSucceeded,
    MessageType::FinalizeEngagementFailed,
];
const PUBLISH: &[MessageType] = &[
    MessageType::PublishToChannelSucceeded,
    MessageType::PublishToChannelFailed,
];
const STARTED: &[MessageType] = &[MessageType::OutgoingCallStarted];
const ENDED: &[MessageType] = &[MessageType::CallEnded];

impl Requests {
    const OPEN: usize = 32;

    /// The requests that wait, oldest first.
    pub(crate) fn open(&self) -> impl Iterator<Item = &Request> {
        self.open.iter()
    }

    /// Takes a message in and tells which request it answers.
    pub(super) fn apply(
        &mut self,
        seen: &Seen<'_>,
        mark: Mark,
        context: Context,
    ) -> Option<Request> {
        let ty = seen.ty?;
        // What waited too long was reported, and should not take the answer to a later one.
        self.open.retain(|request| request.deadline() >= mark.at);
        let is_answer = |request: &Request| request.answers.contains(&ty);
        let answered = if ty.spec().direction.allows(seen.from()) {
            self.open
                .iter()
                .position(is_answer)
                .and_then(|index| self.open.remove(index))
        } else {
            None
        };
        self.note(ty, seen, mark, context);
        answered
    }

    /// Notes what the message itself asks for.
    fn note(&mut self, ty: MessageType, seen: &Seen<'_>, mark: Mark, context: Context) {
        // An older widget does not know the answer, and need not get it.
        let may_know =
            |major, minor, patch| context.speaks.newest >= Version::new(major, minor, patch);
        let wants_engagement = may_know(0, 0, 10)
            && seen.field("createEngagement").and_then(Json::as_bool) == Some(true);
        match (ty, seen.from()) {
            (MessageType::OutgoingCallStarted, Side::Widget) if wants_engagement => {
                self.push(ty, mark, ENGAGEMENT);
            }
            (MessageType::IncomingCall, Side::Widget) => {
                if wants_engagement {
                    self.push(ty, mark, ENGAGEMENT);
                }
                if context.speaks.oldest >= Version::new(0, 3, 0) {
                    self.push(ty, mark, CALLER);
                }
            }
            (MessageType::CallCompleted, Side::Widget)
                if may_know(0, 1, 8) && !seen.lacks("engagementProperties") =>
            {
                self.push(ty, mark, UPDATE);
            }
            (MessageType::FinalizeEngagement, Side::Widget) => self.push(ty, mark, FINALIZE),
            (MessageType::PublishToChannel, Side::Widget) => self.push(ty, mark, PUBLISH),
            (MessageType::DialNumber, Side::Host) if !context.logged_out => {
                // A second click asks for the same answer.
                self.open.retain(|request| request.ty != ty);
                self.push(ty, mark, STARTED);
            }
            (MessageType::EndCall, Side::Host) if context.in_call => {
                self.push(ty, mark, ENDED);
            }
            _ => {}
        }
    }

    fn push(&mut self, ty: MessageType, mark: Mark, answers: &'static [MessageType]) {
        if self.open.len() == Self::OPEN {
            self.open.pop_front();
        }
        self.open.push_back(Request { ty, mark, answers });
    }

    pub(super) fn clear(&mut self) {
        self.open.clear();
    }
}
