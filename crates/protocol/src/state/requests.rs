//! Requests and their answers, as far as the messages alone can match them.
//!
//! Only `SYNC_ACK` and `ERROR` name their request. The other answers are matched by the ids in
//! them, otherwise by order: HubSpot has one call at a time.

use std::collections::VecDeque;

use super::{Mark, hash_id};
use crate::json::Json;
use crate::parsed_message::ParsedMessage;
use crate::{MessageType, Millis, Side, Version, VersionRange};

/// A request and the messages that answer it.
#[derive(Debug)]
pub(crate) struct Pair {
    /// Any of these answers it.
    pub(crate) answers: &'static [MessageType],
    /// The further answers to the same request that may follow a given answer.
    after: fn(MessageType) -> &'static [MessageType],
    /// If it is sent again, one answer is enough for both.
    is_repeatable: bool,
}

impl Pair {
    const fn new(answers: &'static [MessageType]) -> Self {
        Self {
            answers,
            after: |_| &[],
            is_repeatable: false,
        }
    }
}

static ENGAGEMENT: Pair = Pair {
    // HubSpot sends both forms, in either order.
    after: |answer| match answer {
        MessageType::EngagementCreated => &[
            MessageType::CreateEngagementSucceeded,
            MessageType::CreateEngagementFailed,
        ],
        MessageType::CreateEngagementSucceeded => &[MessageType::EngagementCreated],
        _ => &[],
    },
    ..Pair::new(&[
        MessageType::CreateEngagementSucceeded,
        MessageType::CreateEngagementFailed,
        MessageType::EngagementCreated,
    ])
};
static CALL_ID: Pair = Pair::new(&[
    MessageType::InitiateCallIdSucceeded,
    MessageType::InitiateCallIdFailed,
]);
static CALLER: Pair = Pair::new(&[
    MessageType::CallerIdMatchSucceeded,
    MessageType::CallerIdMatchFailed,
]);
static UPDATE: Pair = Pair::new(&[
    MessageType::UpdateEngagementSucceeded,
    MessageType::UpdateEngagementFailed,
]);
static FINALIZE: Pair = Pair::new(&[
    MessageType::FinalizeEngagementSucceeded,
    MessageType::FinalizeEngagementFailed,
]);
static PUBLISH: Pair = Pair::new(&[
    MessageType::PublishToChannelSucceeded,
    MessageType::PublishToChannelFailed,
]);
static NAVIGATE: Pair = Pair::new(&[MessageType::NavigateToRecordFailed]);
static WIDGET_URL: Pair = Pair::new(&[MessageType::SetWidgetUrlFailed]);
static STARTED: Pair = Pair {
    is_repeatable: true,
    ..Pair::new(&[MessageType::OutgoingCallStarted])
};
static ENDED: Pair = Pair::new(&[MessageType::CallEnded]);

/// A request that waits for its answer.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) ty: MessageType,
    pub(crate) mark: Mark,
    /// The number of the call that it is about.
    pub(crate) call: Option<u32>,
    /// Any of these answers it.
    pub(crate) answers: &'static [MessageType],
    pair: &'static Pair,
    /// A missing answer is a mistake.
    is_expected: bool,
    /// Hashes of the ids that its answers will have, as far as known.
    engagement_id: Option<u64>,
    external_id: Option<u64>,
}

impl Request {
    /// No source states a time-out; this is longer than any real answer takes.
    pub(crate) const PATIENCE: Millis = Millis(10_000.0);

    /// Whether it names an engagement, and none of these.
    pub(crate) fn names_no_engagement_of<'a>(&self, ids: impl Iterator<Item = &'a str>) -> bool {
        let named = self.engagement_id;
        let mut ids = ids.map(hash_id);
        named.is_some_and(|named| ids.all(|id| id != named))
    }

    pub(crate) fn deadline(&self) -> Millis {
        self.mark.at + Self::PATIENCE
    }

    /// The side that has to answer.
    pub(crate) fn answerer(&self) -> Side {
        let is_asked_by_host = self.ty.spec().direction.allows(Side::Host);
        if is_asked_by_host {
            Side::Widget
        } else {
            Side::Host
        }
    }

    /// Whether a message is this request's answer, judging by its ids; `None` if they do not
    /// decide.
    fn fits(&self, ids: Ids) -> Option<bool> {
        let pairs = [
            (self.engagement_id, ids.engagement),
            (self.external_id, ids.external),
        ];
        let mut same = pairs
            .iter()
            .filter_map(|(own, its)| Some((*own)? == (*its)?));
        let first = same.next()?;
        Some(first || same.any(|is_same| is_same))
    }
}

/// Hashes of the ids in a message.
#[derive(Clone, Copy, Debug, Default)]
struct Ids {
    engagement: Option<u64>,
    external: Option<u64>,
}

impl Ids {
    fn of(seen: &ParsedMessage<'_>) -> Self {
        Self {
            engagement: seen.id_field("engagementId").map(hash_id),
            external: seen.id_field("externalCallId").map(hash_id),
        }
    }
}

/// The requests of a conversation that may still be answered, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    open: VecDeque<Request>,
}

/// What decides whether an answer can be expected.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    pub(super) speaks: VersionRange,
    pub(super) in_call: bool,
    pub(super) logged_out: bool,
    pub(super) reception: Reception,
}

/// How the other side treats a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reception {
    /// It acts on it.
    Heard,
    /// It received the same request before, and may answer only one of the two.
    Repeated,
    /// It drops the request, as T03, T04 or T05 has reported; if an answer comes anyway, it counts.
    Dropped,
}

impl Requests {
    const OPEN: usize = 32;

    /// The unanswered requests, oldest first.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &Request> {
        self.open.iter().filter(|request| request.is_expected)
    }

    /// The waiting request that another one of this type replaces.
    pub(crate) fn overtaken_by(&self, ty: MessageType) -> Option<&Request> {
        self.waiting()
            .find(|request| request.ty == ty && request.pair.is_repeatable)
    }

    /// The numbers of the calls that wait for an engagement, oldest first.
    pub(super) fn wanting_engagement(&self) -> Vec<u32> {
        let wanting = self
            .waiting()
            .filter(|request| std::ptr::eq(request.pair, &raw const ENGAGEMENT));
        let mut calls: Vec<u32> = wanting.filter_map(|request| request.call).collect();
        calls.dedup();
        calls
    }

    /// The request that a message answers, if any.
    pub(crate) fn answered_by(&self, seen: &ParsedMessage<'_>) -> Option<&Request> {
        self.open.get(self.index_answered_by(seen)?)
    }

    fn index_answered_by(&self, seen: &ParsedMessage<'_>) -> Option<usize> {
        let ty = seen.ty?;
        let is_answer = |request: &Request| request.answers.contains(&ty);
        if !self.open.iter().any(is_answer) || !ty.spec().direction.allows(seen.from()) {
            return None;
        }
        let ids = Ids::of(seen);
        // By its ids; then the oldest request that is waiting; then the latest that is not. If the
        // ids differ and no other request fits, the wrong id is a mistake of its own.
        let rank = |(index, request): (usize, &Request)| {
            let is_awaited = request.is_expected && request.deadline() >= seen.at;
            match (request.fits(ids), is_awaited) {
                (Some(true), _) => Some((0, index)),
                (None, true) => Some((1, index)),
                (None, false) => Some((2, usize::MAX - index)),
                (Some(false), true) => Some((3, index)),
                (Some(false), false) => None,
            }
        };
        let answered = self.open.iter().enumerate();
        let answered = answered.filter(|(_, request)| is_answer(request));
        let ranked = answered.filter_map(|it| Some((rank(it)?, it.0)));
        ranked.min().map(|(_, index)| index)
    }

    /// Matches a message with the request that it answers, if any.
    pub(super) fn answer(&mut self, seen: &ParsedMessage<'_>) -> Option<Request> {
        let ty = seen.ty?;
        let ids = Ids::of(seen);
        let index = self.index_answered_by(seen)?;
        let request = self.open.get_mut(index)?;
        let answered = request.clone();
        request.answers = (request.pair.after)(ty);
        if request.answers.is_empty() {
            self.open.remove(index);
        } else {
            request.is_expected = false;
            request.engagement_id = request.engagement_id.or(ids.engagement);
        }
        Some(answered)
    }

    /// Notes the answers that a message of this call asks for.
    pub(super) fn note(
        &mut self,
        seen: &ParsedMessage<'_>,
        mark: Mark,
        call: Option<u32>,
        context: Context,
    ) {
        let Some(ty) = seen.ty else { return };
        // An older widget does not know the answer, and need not get it.
        let may_know =
            |major, minor, patch| context.speaks.newest >= Version::new(major, minor, patch);
        let wants_engagement = || {
            may_know(0, 0, 10)
                && seen.field("createEngagement").and_then(Json::as_bool) == Some(true)
        };
        let mut push = |pair: &'static Pair, ids: Ids, is_expected: bool| {
            self.push(Request {
                ty,
                mark,
                call,
                answers: pair.answers,
                pair,
                is_expected: is_expected && context.reception == Reception::Heard,
                engagement_id: ids.engagement,
                external_id: ids.external,
            });
        };
        // A message that begins a call has no engagement yet, and its answers do not name the call.
        let none = Ids::default();
        let from_widget = seen.from() == Side::Widget;
        match ty {
            // Few sources say when HubSpot answers with a call id, so none is expected; a
            // successful navigation is not answered.
            MessageType::OutgoingCallStarted if from_widget => {
                push(&ENGAGEMENT, none, wants_engagement());
                push(&CALL_ID, none, false);
            }
            MessageType::IncomingCall if from_widget => {
                push(&ENGAGEMENT, none, wants_engagement());
                let has_match = context.speaks.oldest >= Version::new(0, 3, 0);
                push(&CALLER, none, has_match);
                push(&CALL_ID, none, false);
            }
            MessageType::CallCompleted if from_widget => {
                // Without an engagement, there is nothing to update.
                let has_update = may_know(0, 1, 8)
                    && seen.has("engagementProperties")
                    && !seen.lacks_id("engagementId");
                push(&UPDATE, Ids::of(seen), has_update);
            }
            MessageType::FinalizeEngagement if from_widget => push(&FINALIZE, Ids::of(seen), true),
            MessageType::PublishToChannel if from_widget => push(&PUBLISH, Ids::of(seen), true),
            MessageType::NavigateToRecord if from_widget => push(&NAVIGATE, none, false),
            MessageType::SetWidgetUrl if from_widget => push(&WIDGET_URL, none, false),
            // One answer is enough for two requests from one click.
            MessageType::DialNumber if !from_widget && context.reception != Reception::Repeated => {
                push(&STARTED, none, !context.logged_out);
            }
            MessageType::EndCall if !from_widget => push(&ENDED, none, context.in_call),
            // Nothing answers these, or they come from the side that does not send them as
            // requests.
            MessageType::Sync
            | MessageType::SyncAck
            | MessageType::Ready
            | MessageType::SyncAckFailed
            | MessageType::Unloading
            | MessageType::Error
            | MessageType::SetWidgetUrl
            | MessageType::SetWidgetUrlFailed
            | MessageType::Failed
            | MessageType::Initialized
            | MessageType::LoggedIn
            | MessageType::LoggedOut
            | MessageType::UserAvailable
            | MessageType::UserUnavailable
            | MessageType::ResizeWidget
            | MessageType::VisibilityChanged
            | MessageType::DialNumber
            | MessageType::OutgoingCallStarted
            | MessageType::IncomingCall
            | MessageType::CallAnswered
            | MessageType::CallData
            | MessageType::Data
            | MessageType::CallEnded
            | MessageType::CallCompleted
            | MessageType::CallTransferred
            | MessageType::RingtoneEnded
            | MessageType::EndCall
            | MessageType::SetCallState
            | MessageType::EngagementCreated
            | MessageType::CreateEngagementSucceeded
            | MessageType::CreateEngagementFailed
            | MessageType::UpdateEngagementSucceeded
            | MessageType::UpdateEngagementFailed
            | MessageType::InitiateCallIdSucceeded
            | MessageType::InitiateCallIdFailed
            | MessageType::PublishToChannel
            | MessageType::PublishToChannelSucceeded
            | MessageType::PublishToChannelFailed
            | MessageType::FinalizeEngagement
            | MessageType::FinalizeEngagementSucceeded
            | MessageType::FinalizeEngagementFailed
            | MessageType::UpdateAssociationsFailed
            | MessageType::CallerIdMatchSucceeded
            | MessageType::CallerIdMatchFailed
            | MessageType::NavigateToRecord
            | MessageType::NavigateToRecordFailed => {}
        }
    }

    /// Adds a request, replacing those of its kind whose answer is no longer expected.
    fn push(&mut self, new: Request) {
        let is_over = |old: &Request| {
            let is_late = !old.is_expected || old.deadline() < new.mark.at;
            std::ptr::eq(old.pair, new.pair) && (is_late || old.pair.is_repeatable)
        };
        self.open.retain(|old| !is_over(old));
        if self.open.len() == Self::OPEN {
            self.open.pop_front();
        }
        self.open.push_back(new);
    }

    /// Stops waiting for the start of the call that HubSpot asked for.
    pub(super) fn forget_dial(&mut self) {
        self.open
            .retain(|request| !std::ptr::eq(request.pair, &raw const STARTED));
    }

    pub(super) fn clear(&mut self) {
        self.open.clear();
    }
}
