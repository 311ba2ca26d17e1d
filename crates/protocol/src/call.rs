//! Calls as objects, and which messages belong to which call.

use crate::{ConversationId, MessageType, Millis};

/// Names a call in a session, for as long as the session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId {
    /// The conversation that it is held in.
    pub conversation: ConversationId,
    /// Counts the calls of the conversation, from 1, in the order in which they were asked for
    /// or began.
    pub serial: u32,
}

/// Who called whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallDirection {
    /// The widget's user called.
    Outbound,
    /// The widget's user was called.
    Inbound,
}

/// How a call is known to have begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Beginning {
    /// `DIAL_NUMBER`, `OUTGOING_CALL_STARTED` or `INCOMING_CALL` announced it.
    #[default]
    Announced,
    /// No message announced it, although the session has every message since the handshake.
    NeverAnnounced,
    /// It may have been announced before the recording, in a gap, or by the previous page.
    NotRecorded,
}

/// How far a call has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CallPhase {
    /// HubSpot asked the widget to dial.
    DialRequested,
    /// A call in progress whose beginning was not recorded.
    Resumed,
    /// `OUTGOING_CALL_STARTED`
    Started,
    /// `INCOMING_CALL`
    Ringing,
    /// `CALL_ANSWERED`
    Answered,
    /// `CALL_ENDED`
    Ended,
    /// `CALL_COMPLETED`
    Completed,
    /// `FINALIZE_ENGAGEMENT` or `PUBLISH_TO_CHANNEL`, not answered yet.
    Finalizing,
    /// `CALL_TRANSFERRED`
    Transferred,
}

impl CallPhase {
    /// The phase in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::DialRequested => "dial requested",
            Self::Resumed => "resumed",
            Self::Started => "started",
            Self::Ringing => "ringing",
            Self::Answered => "answered",
            Self::Ended => "ended",
            Self::Completed => "completed",
            Self::Finalizing => "finalizing",
            Self::Transferred => "transferred",
        }
    }

    /// Whether the line is in use.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(
            self,
            Self::Resumed | Self::Started | Self::Ringing | Self::Answered
        )
    }
}

/// A call, as far as the messages describe it.
///
/// It begins with the request to dial, the start or the ringing, or with the first message about a
/// call that none of these announced.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Its name.
    pub id: CallId,
    /// How it is known to have begun.
    pub beginning: Beginning,
    /// How far it has got.
    pub phase: CallPhase,
    /// When it reached that phase.
    pub since: Millis,
    /// Who called whom; `None` if no message says so.
    pub direction: Option<CallDirection>,
    /// The caller's number.
    pub from: Option<String>,
    /// The number that was called.
    pub to: Option<String>,
    /// The widget's id of the call.
    pub external_call_id: Option<String>,
    /// HubSpot's engagement.
    pub engagement_id: Option<String>,
    /// When HubSpot asked the widget to dial.
    pub requested_at: Option<Millis>,
    /// When the widget said that it is dialing or ringing.
    pub started_at: Option<Millis>,
    /// When it was answered.
    pub answered_at: Option<Millis>,
    /// When it ended, or continued without the widget because it was transferred.
    pub ended_at: Option<Millis>,
    /// `callEndStatus`.
    pub end_status: Option<String>,
    /// The first message that belongs to it.
    pub first_seq: u64,
    /// The last one so far; others may lie between the two.
    pub last_seq: u64,
    /// How many messages belong to it.
    pub message_count: u64,
}

impl Call {
    pub(crate) const fn new(id: CallId) -> Self {
        Self {
            id,
            beginning: Beginning::Announced,
            phase: CallPhase::Resumed,
            since: Millis(0.0),
            direction: None,
            from: None,
            to: None,
            external_call_id: None,
            engagement_id: None,
            requested_at: None,
            started_at: None,
            answered_at: None,
            ended_at: None,
            end_status: None,
            first_seq: 0,
            last_seq: 0,
            message_count: 0,
        }
    }

    /// The other party's number.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        match self.direction {
            Some(CallDirection::Inbound) => self.from.as_deref(),
            Some(CallDirection::Outbound) | None => self.to.as_deref(),
        }
    }

    /// From the start to the answer.
    #[must_use]
    pub fn ringing(&self) -> Option<Millis> {
        Some(self.answered_at? - self.started_at?)
    }

    /// From the answer to the end.
    #[must_use]
    pub fn talking(&self) -> Option<Millis> {
        Some(self.ended_at? - self.answered_at?)
    }
}

/// What a message belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Placement {
    /// The call that it is about, or that was in progress when it was received.
    pub call: Option<CallId>,
    /// The request that it answers.
    pub answers: Option<Answer>,
}

/// Which request a message answers.
///
/// Only `SYNC_ACK` and the SDK's `ERROR` name their request; the others are matched by the ids in
/// them, by type and by order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// The frame of the request.
    pub request: u64,
    /// The request's type; `None` if the SDK does not know the type.
    pub request_type: Option<MessageType>,
    /// The answer's own type.
    pub answer_type: MessageType,
    /// How long the answer took.
    pub latency: Millis,
}

impl Answer {
    /// What was asked for, however it turned out: `CREATE_ENGAGEMENT` for its success and its
    /// failure.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        let name = self.answer_type.name();
        let name = name.strip_suffix("_SUCCEEDED").unwrap_or(name);
        name.strip_suffix("_FAILED").unwrap_or(name)
    }
}

/// A request that has not been answered yet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waiting {
    /// The frame of the request.
    pub request: u64,
    /// When it was asked.
    pub since: Millis,
    /// From when on the rules call it unanswered; until then, the answer may be on its way.
    pub due: Millis,
    /// Any of these answers it.
    pub answers: &'static [MessageType],
}
