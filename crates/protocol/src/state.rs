//! What the checker knows about a conversation: more than [`Conversation`] shows.
//!
//! The state only follows the messages; it judges nothing.
//! Rules read it before a message changes it.
//! It is bounded, so that a session of any length needs the same memory.

mod calls;
mod handshake;
mod learn;
mod link;
mod peer;
mod place;
mod repeated_ids;
mod requests;
mod session;
mod standing;
mod track;
mod troubles;
mod unaccepted;

use std::collections::VecDeque;

pub(crate) use calls::{
    Calls, CompletedBy, Elsewhere, EndedBy, Unsaved, direction_of, other_party,
};
pub(crate) use handshake::{Ack, AckMark, Asked, Outgoing, SyncLoop, median_interval};
pub(crate) use link::ASKING;
pub(crate) use peer::Peer;
pub(crate) use repeated_ids::{RepeatedId, RepeatedIds};
pub(crate) use requests::{Request, Requests};
pub(crate) use track::{CallTrack, Engagement, Late, Naming};
pub use troubles::PageCause;
pub(crate) use troubles::Troubles;
pub(crate) use unaccepted::Unready;

use peer::Sent;

use standing::StandingEvidence;

use crate::parsed_message::ParsedMessage;
use crate::{
    Answer, Availability, Conversation, Gap, GapReason, Inside, InsideKind, Link, Login,
    MessageType, Millis, Placement, RecordedMessage, Side, SpanSummary, Version,
};

/// The event by which the SDK tells its own page that the handshake is complete.
const READY: &str = "READY";

/// A message to refer to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mark {
    pub(crate) seq: u64,
    pub(crate) at: Millis,
}

/// A widget message that came before its handshake, to be judged later.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EarlyMessage {
    pub(crate) mark: Mark,
    pub(crate) type_name: String,
    pub(crate) instance: Option<String>,
}

/// What happened since the widget's page was loaded, apart from calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Load {
    /// The first `INITIALIZED`.
    pub(crate) initialized: Option<Mark>,
    /// The first widget message that should not come before `INITIALIZED`.
    pub(crate) spoke: Option<Mark>,
    /// `SYNC_ACK`s after the first.
    pub(crate) extra_acks: VecDeque<AckMark>,
    /// The message that shows two SDK objects in the page; T09 is anchored to it.
    ///
    /// From then on, repeated messages are expected and give no findings of their own.
    pub(crate) second_sdk: Option<Mark>,
    /// The message that set the log-in state.
    pub(crate) login_mark: Option<Mark>,
    /// Whether that message was an `INITIALIZED`.
    pub(crate) login_by_initialized: bool,
    /// The message that set the availability.
    pub(crate) availability_mark: Option<Mark>,
    /// The message that minimized the widget.
    pub(crate) minimized: Option<Mark>,
    /// The URL that `SET_WIDGET_URL` announced, and that message.
    pub(crate) moved_to: Option<(String, u64)>,
    /// `SYNC.engagementId`: the call that continues from the previous page.
    pub(crate) resumed_engagement: Option<String>,
}

/// The shapes of messages seen so far, by which a widget that reports no SDK version is judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shapes {
    /// A form that only the seed sends was seen.
    pub(crate) seed: bool,
    /// The oldest version that has everything that was seen.
    pub(crate) oldest: Version,
}

impl Default for Shapes {
    fn default() -> Self {
        Self {
            seed: false,
            oldest: Version::OLDEST,
        }
    }
}

/// One conversation.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) view: Conversation,
    pub(crate) shapes: Shapes,
    /// `SYNC_ACK` had `iFrameUrl`.
    pub(crate) acked_with_url: bool,
    /// The handshake in progress.
    pub(crate) syncing: Option<SyncLoop>,
    /// `SYNC`s for which the host may still accept an answer, oldest first.
    pub(crate) outstanding: VecDeque<Outgoing>,
    /// The `SYNC`s of earlier hosts, of the page before too, until a page of the widget becomes
    /// ready.
    pub(crate) given_up: VecDeque<Outgoing>,
    /// When the host sent the last `SYNC`.
    pub(crate) last_asked: Option<Millis>,
    /// When the host last sent anything else: a host that uses the SDK is ready by then.
    pub(crate) last_spoke: Option<Millis>,
    /// The handshake of this load, if it was recorded.
    pub(crate) answered: Option<AckMark>,
    pub(crate) host: Peer,
    pub(crate) widget: Peer,
    pub(crate) load: Load,
    pub(crate) handshakes: SpanSummary,
    pub(crate) calls: Calls,
    pub(crate) requests: Requests,
    /// Messages that repeat an id of the SDK's form.
    pub(crate) repeated_ids: RepeatedIds,
    /// Widget messages from before the first `SYNC`.
    pub(crate) unplaced: VecDeque<EarlyMessage>,
    /// `INITIALIZED` that came before `SYNC_ACK`, as 0.0.1 may send it.
    pub(crate) hasty: VecDeque<EarlyMessage>,
    /// Messages may be missing since the last handshake, or since the start.
    pub(crate) gapped: bool,
    /// When messages were last missing, or a page went away that waited for an engagement, so that
    /// HubSpot may answer soon what is not known.
    pub(crate) gapped_at: Option<Millis>,
    /// The side whose messages are not recorded.
    pub(crate) half_missing: Option<Side>,
    /// A page unloaded, and no handshake has begun since.
    pub(crate) closed: bool,
    /// What the widget's page reported going wrong.
    pub(crate) troubles: Troubles,
    /// Whether the host syncs with the frame.
    pub(crate) standing_evidence: StandingEvidence,
    /// The latest time of the session.
    pub(crate) now: Millis,
}

impl State {
    pub(crate) fn peer(&self, side: Side) -> &Peer {
        match side {
            Side::Host => &self.host,
            Side::Widget => &self.widget,
        }
    }

    fn peer_mut(&mut self, side: Side) -> &mut Peer {
        match side {
            Side::Host => &mut self.host,
            Side::Widget => &mut self.widget,
        }
    }

    pub(crate) fn instance(&self, side: Side) -> Option<&str> {
        match side {
            Side::Host => self.view.host_instance.as_deref(),
            Side::Widget => self.view.widget_instance.as_deref(),
        }
    }

    /// Whether the widget's SDK is certainly this version or newer.
    pub(crate) fn since(&self, major: u16, minor: u16, patch: u16) -> bool {
        self.view.speaks.oldest >= Version::new(major, minor, patch)
    }

    /// Whether the widget's SDK is certainly this version or older.
    pub(crate) fn until(&self, major: u16, minor: u16, patch: u16) -> bool {
        self.view.speaks.newest <= Version::new(major, minor, patch)
    }

    /// Whether the rules for calls of the seed apply: up to 0.0.6.
    pub(crate) fn is_seed(&self) -> bool {
        self.until(0, 0, 6)
    }

    /// Whether the host sends `hostUrl`, and so is 0.0.7 or newer.
    pub(crate) fn host_is_newer(&self) -> bool {
        self.host_url().is_some()
    }

    fn host_url(&self) -> Option<&str> {
        let answered = self
            .answered
            .as_ref()
            .and_then(|ack| ack.host_url.as_deref());
        answered.or_else(|| self.syncing.as_ref()?.host_url.as_deref())
    }

    /// Whether the receiver of what `from` sends drops messages without `messageId` or `type`. The
    /// SDK does so from 0.0.6 on, but 0.0.6 cannot be told from older versions.
    pub(crate) fn receiver_is_strict(&self, from: Side) -> bool {
        self.since(0, 0, 7) || from == Side::Widget && self.host_is_newer()
    }

    /// Whether this widget message is from the page that was ready before the current handshake.
    pub(crate) fn is_from_ready_page(&self, syncing: &SyncLoop, instance: Option<&str>) -> bool {
        match (instance, syncing.widget_instance_before.as_deref()) {
            (Some(instance), Some(before)) => instance == before,
            (None, Some(_)) => syncing.after_ready,
            (_, None) => {
                syncing.after_ready || syncing.widget_messages_before > 0 && self.answered.is_none()
            }
        }
    }

    /// A deadline passes.
    pub(crate) fn tick(&mut self, now: Millis) {
        self.now = now;
        if let (Link::Syncing { .. }, Some(syncing)) = (self.view.link, &self.syncing)
            && now >= syncing.deadline()
        {
            self.view.link = Link::Failed {
                since: syncing.first.at,
                sync_count: syncing.count,
            };
        }
    }

    /// Whether two SDK objects send messages from the widget's page: T09.
    pub(crate) const fn has_two_sdks(&self) -> bool {
        self.load.second_sdk.is_some()
    }

    /// Whether the widget's messages name their calls, so that one call can be on hold during
    /// another.
    pub(crate) fn may_wait(&self) -> bool {
        self.view.speaks.newest >= Version::new(0, 7, 0)
    }

    /// Whether what the widget sends is recorded.
    pub(crate) fn hears_widget(&self) -> bool {
        self.half_missing != Some(Side::Widget)
    }

    /// Whether what the host sends is recorded.
    pub(crate) fn hears_host(&self) -> bool {
        self.half_missing != Some(Side::Host)
    }

    /// Why the widget has not sent `INITIALIZED`, as far as its page has said.
    pub(crate) fn why_not_initialized(&self) -> Option<PageCause> {
        let ack = self.answered.as_ref()?;
        if let Some(cause) = self.troubles.initialized_too_early() {
            return Some(cause);
        }
        // Measured by the widget's clock: the host may have been busy when the answer arrived.
        let asked = ack.first_sync.unwrap_or(ack.mark);
        self.troubles.of_message(READY, asked.at)
    }

    /// The `SYNC` that stays without an answer because this `SYNC_ACK` was not delivered.
    pub(crate) fn left_without_answer(&self, inside: &Inside) -> Option<u64> {
        if inside.what != InsideKind::Undelivered || inside.type_name.as_deref() != Some("SYNC_ACK")
        {
            return None;
        }
        let is_meant = |it: &&Outgoing| inside.message_id.as_deref() == Some(it.id.as_str());
        let asked = self.outstanding.iter().find(is_meant).map(|it| it.mark);
        let asked = asked.or_else(|| self.syncing.as_ref().map(|it| it.last))?;
        Some(asked.seq)
    }

    /// The report that the widget has no handler for the message at `given`, which gave it an
    /// engagement, nor for the other one that says the same, if that came.
    pub(crate) fn engagement_not_taken(&self, given: Mark) -> Option<usize> {
        const GIVE: [MessageType; 2] = [
            MessageType::CreateEngagementSucceeded,
            MessageType::EngagementCreated,
        ];
        let types = || self.host.types_since(given.seq);
        // SYNC can give one, too.
        types().next().filter(|it| GIVE.contains(it))?;
        let came = |ty: &MessageType| types().any(|it| it == *ty);
        let mut given_by = GIVE.into_iter().filter(came);
        let not_taken = |ty: MessageType| self.troubles.unhandled(ty.name(), given.at);
        let first = not_taken(given_by.next()?)?;
        given_by.all(|ty| not_taken(ty).is_some()).then_some(first)
    }

    /// Why the conversation does not get ready, as far as the widget's page has said; `None` if
    /// it is ready, too.
    pub(crate) fn why_not_ready(&self) -> Option<PageCause> {
        match self.view.link {
            Link::Syncing { .. } | Link::Failed { .. } => self.troubles.of_handshake(),
            Link::Ready { .. } if self.load.initialized.is_none() => self.why_not_initialized(),
            _ => None,
        }
    }

    /// Why the widget does not answer this request, as far as its page has said.
    pub(crate) fn why_unanswered(&self, request: &Request) -> Option<PageCause> {
        match request.answerer() {
            Side::Widget => self.troubles.of_message(request.ty.name(), request.mark.at),
            Side::Host => None,
        }
    }

    /// Whether every call that the message can be about is known: the handshake was seen, nothing is
    /// missing since then, no call was resumed, and the previous page left none that is meant.
    pub(crate) fn knows_calls(&self) -> bool {
        self.answered.is_some()
            && !self.gapped
            && self.half_missing.is_none()
            && self.load.resumed_engagement.is_none()
            && !self.calls.has_left
            && self.calls.named_left.is_none()
    }

    /// Updates the state with a message, and returns what the message belongs to.
    pub(crate) fn apply(&mut self, seen: &ParsedMessage<'_>, ack: Option<Ack>) -> Placement {
        let (recorded, at) = (seen.recorded, seen.at);
        let mark = Mark {
            seq: recorded.seq,
            at,
        };

        if self.half_missing == Some(recorded.from) {
            self.half_missing = None;
            // The messages before this one are missing all the same.
            self.gapped = true;
        }
        self.view.message_count += 1;
        self.view.last_at = at;
        self.remember(seen);
        if self.view.link == Link::Silent {
            self.view.link = Link::Joined;
        }

        match seen.ty {
            Some(MessageType::Sync) if recorded.from == Side::Host => {
                self.on_sync(seen, mark);
                Placement::default()
            }
            Some(MessageType::SyncAck) if recorded.from == Side::Widget => {
                let asked = self
                    .outstanding
                    .iter()
                    .find(|sync| Some(sync.id.as_str()) == seen.id);
                let answers = asked.map(|sync| Answer {
                    request: sync.mark.seq,
                    request_type: Some(MessageType::Sync),
                    answer_type: MessageType::SyncAck,
                    latency: place::since(sync.mark, at),
                });
                self.on_ack(seen, ack, mark);
                self.show_call(None);
                // The call that continues from the previous page.
                let call = self
                    .calls
                    .current
                    .as_ref()
                    .filter(|call| call.began == mark);
                let call = call.map(|call| self.call_id(call.serial));
                Placement { call, answers }
            }
            _ => {
                self.learn_instance(seen, mark);
                self.note_early(seen, mark);
                if let Some(ty) = seen.ty {
                    self.on_session(ty, seen, mark);
                }
                // Log-in and what follows from it may come before the widget's `INITIALIZED`.
                let is_of_session = matches!(
                    seen.ty,
                    Some(
                        MessageType::LoggedIn
                            | MessageType::LoggedOut
                            | MessageType::UserAvailable
                            | MessageType::UserUnavailable
                            | MessageType::SetWidgetUrl
                    )
                );
                let is_early = may_precede_initialized(seen.ty) || is_of_session;
                if seen.from() == Side::Widget && !is_early && seen.type_name.is_some() {
                    self.load.spoke.get_or_insert(mark);
                }
                self.on_request(seen, mark)
            }
        }
    }

    fn remember(&mut self, seen: &ParsedMessage<'_>) {
        let recorded = seen.recorded;
        let origin = match recorded.from {
            Side::Host => &mut self.view.host_origin,
            Side::Widget => &mut self.view.widget_origin,
        };
        if origin.is_none() && !recorded.origin.is_empty() {
            *origin = Some(recorded.origin.to_string());
        }
        // The answer to a `SYNC` carries the host's id, so it says nothing about the widget's own
        // ids.
        let own_id = seen.id.filter(|_| !seen.is(MessageType::SyncAck));
        let hash = own_id.map(hash_id);
        let received = received_at(recorded);
        let is_of_two = recorded.from == Side::Widget && self.load.second_sdk.is_some();
        if let Some(id) = own_id.filter(|_| seen.instance.is_some() && !is_of_two)
            && let Some(earlier) = self.peer(recorded.from).seen_id(id)
        {
            let later = Mark {
                seq: recorded.seq,
                at: seen.at,
            };
            let repeated = RepeatedId { earlier, later };
            self.repeated_ids.note(recorded.from, repeated);
        }
        let peer = self.peer_mut(recorded.from);
        peer.message_count += 1;
        if let Some(hash) = hash {
            peer.remember(Sent {
                hash,
                mark: Mark {
                    seq: recorded.seq,
                    at: seen.at,
                },
                ty: seen.ty,
                call: None,
            });
        }
        if received.is_some() {
            peer.last_received = received;
        }
    }

    /// Notes that two SDK objects are in the page, as T09 reports at this message.
    fn show_second_sdk(&mut self, mark: Mark) {
        self.load.second_sdk.get_or_insert(mark);
        let since = self.answered.as_ref().map_or(0, |ack| ack.mark.seq);
        self.repeated_ids.forgive(since);
    }

    /// Messages are missing here: forgets whatever they may have changed.
    pub(crate) fn on_gap(&mut self, gap: &Gap, at: Millis) {
        if gap.lost == Some(0) {
            return;
        }
        self.gapped_at = Some(at);
        self.standing_evidence.doubt(gap);
        if let GapReason::HalfMissing(side) = &gap.why {
            self.half_missing = Some(*side);
        }
        self.gapped = true;
        if gap.why != (GapReason::LeftOut { same_state: true }) {
            self.view.login = Login::Unknown;
            self.view.availability = Availability::Unknown;
        }
        self.view.visibility = None;
        self.load.minimized = None;
        self.load.extra_acks.clear();
        self.view.widget_instance = None;
        self.unplaced.clear();
        self.hasty.clear();
        self.outstanding.clear();
        self.given_up.clear();
        if let Some(answered) = &mut self.answered {
            answered.unseen = false;
        }
        if let Some(syncing) = &mut self.syncing {
            syncing.interrupted = true;
        }
        self.calls.doubt();
        self.requests.clear();
        self.show_call(None);
    }

    /// The page that sent the requests is gone, and HubSpot may answer them all the same.
    fn drop_requests(&mut self, at: Millis) {
        if !self.requests.wanting_engagement().is_empty() {
            self.gapped_at = Some(at);
        }
        self.requests.clear();
    }

    /// A page unloaded.
    pub(crate) fn on_closed(&mut self, at: Millis, side: Side) {
        self.closed = true;
        self.troubles = Troubles::default();
        self.view.link = Link::Closed { since: at, side };
        self.syncing = None;
        self.drop_requests(at);
        self.calls.clear();
        self.view.call = None;
        self.view.other_call = None;
        self.load.extra_acks.clear();
    }
}

/// Messages that a widget may send before `INITIALIZED`.
pub(crate) fn may_precede_initialized(ty: Option<MessageType>) -> bool {
    matches!(
        ty,
        Some(
            MessageType::SyncAck
                | MessageType::Initialized
                | MessageType::Error
                | MessageType::ResizeWidget
        )
    )
}

/// A hash that is stable within one run, to compare ids without keeping them.
pub(crate) fn hash_id(id: &str) -> u64 {
    // FNV-1a: the texts are short, and nobody gains from a collision.
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn received_at(recorded: &RecordedMessage) -> Option<Millis> {
    recorded.at.0.is_finite().then_some(recorded.at)
}
