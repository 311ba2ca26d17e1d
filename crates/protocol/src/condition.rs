//! The state of a conversation in short, and which messages are legal in it.
//!
//! The rules about order (T01, T11, S01, S06 to S10, M11, M12, M14, M21, M25, M32, Q04, Q10) are
//! summarized in one table: [`legal_next`].

use crate::{
    Availability, CallDirection, CallPhase, Conversation, Link, Login, MessageType, Side, Version,
    VersionRange,
};

/// How far the link has got, without its times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LinkState {
    /// Nothing was seen yet.
    #[default]
    Silent,
    /// The two sides talk, but their handshake was not recorded.
    Joined,
    /// `SYNC` was sent and not answered.
    Syncing,
    /// `SYNC_ACK` came; `INITIALIZED` did not.
    Ready,
    /// `INITIALIZED` came: every message is allowed.
    Initialized,
    /// The host has given up.
    Failed,
    /// A document unloaded.
    Closed,
}

/// The current call, or the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallState {
    /// Its number in the conversation.
    pub serial: u32,
    /// How far it has got.
    pub phase: CallPhase,
    /// Who called whom, if that is known.
    pub direction: Option<CallDirection>,
}

/// The state of a conversation in short.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// The handshake.
    pub link: LinkState,
    /// Whether a user is logged in.
    pub login: Login,
    /// Whether the user takes calls.
    pub availability: Availability,
    /// The current call, or the last one; `None` before the first call.
    pub call: Option<CallState>,
    /// The call of the last message about a call, if that is not `call`.
    pub other_call: Option<CallState>,
    /// Which versions of the SDK the widget can be.
    pub speaks: VersionRange,
}

impl From<&Conversation> for Condition {
    fn from(conversation: &Conversation) -> Self {
        Self {
            link: match conversation.link {
                Link::Silent => LinkState::Silent,
                Link::Joined => LinkState::Joined,
                Link::Syncing { .. } => LinkState::Syncing,
                Link::Ready { .. } => LinkState::Ready,
                Link::Initialized { .. } => LinkState::Initialized,
                Link::Failed { .. } => LinkState::Failed,
                Link::Closed { .. } => LinkState::Closed,
            },
            login: conversation.login,
            availability: conversation.availability,
            call: conversation.call.as_ref().map(|call| CallState {
                serial: call.id.serial,
                phase: call.phase,
                direction: call.direction,
            }),
            other_call: conversation.other_call,
            speaks: conversation.speaks,
        }
    }
}

/// A message that is legal now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Legal {
    /// Who may send it.
    pub from: Side,
    /// Its type.
    pub ty: MessageType,
    /// Why it is legal now.
    pub why: &'static str,
}

/// The messages that break no rule about order in this state, in the order of the protocol.
///
/// What is not known forbids nothing. A message that is not listed may still be excused by
/// something that the state does not hold, such as an echo that crossed another message.
#[must_use]
pub fn legal_next(condition: &Condition) -> Vec<Legal> {
    let all = MessageType::ALL.iter().copied();
    let sent = all.flat_map(|ty| [(Side::Host, ty), (Side::Widget, ty)]);
    sent.filter_map(|(from, ty)| {
        let why = condition.allows(from, ty)?;
        Some(Legal { from, ty, why })
    })
    .collect()
}

impl Condition {
    /// Why this message is legal now; `None` if it is not.
    #[must_use]
    pub fn allows(&self, from: Side, ty: MessageType) -> Option<&'static str> {
        let spec = ty.spec();
        let is_known = spec.since.is_some_and(|since| since <= self.speaks.newest)
            && spec.last.is_none_or(|last| last >= self.speaks.oldest);
        if !spec.direction.allows(from) || !is_known {
            return None;
        }
        match ty {
            MessageType::Sync => return Some("a page asks whether the widget is ready"),
            MessageType::SyncAck => {
                let is_asked = !matches!(self.link, LinkState::Ready | LinkState::Initialized);
                return is_asked.then_some("the answer to SYNC");
            }
            MessageType::Error => return Some("may come at any time"),
            _ => {}
        }
        let is_first = self.speaks.oldest <= Version::new(0, 0, 1);
        match self.link {
            LinkState::Silent | LinkState::Syncing | LinkState::Failed | LinkState::Closed => {
                let is_hasty = ty == MessageType::Initialized && is_first;
                return is_hasty.then_some("SDK 0.0.1 sends it before SYNC_ACK");
            }
            LinkState::Ready if from == Side::Widget => {
                return match ty {
                    MessageType::Initialized => Some("HubSpot waits for it after SYNC_ACK"),
                    MessageType::ResizeWidget => Some("the size may be sent before INITIALIZED"),
                    _ => None,
                };
            }
            LinkState::Ready | LinkState::Joined | LinkState::Initialized => {}
        }
        match from {
            Side::Widget => self.allows_widget(ty),
            Side::Host => self.allows_host(ty),
        }
    }

    fn is_active(&self) -> bool {
        self.call.is_some_and(|call| call.phase.is_active())
    }

    fn allows_widget(&self, ty: MessageType) -> Option<&'static str> {
        let phase = self.call.map(|call| call.phase);
        let is_logged_out = self.login == Login::LoggedOut;
        // A call may continue from before the recording.
        let is_unknown = self.link == LinkState::Joined && phase.is_none();
        let may_wait =
            self.speaks.newest >= Version::new(0, 7, 0) && phase == Some(CallPhase::Answered);
        match ty {
            MessageType::Initialized => {
                (self.link == LinkState::Joined).then_some("the handshake was not recorded")
            }
            MessageType::LoggedIn => {
                (self.login != Login::LoggedIn).then_some("the user is not logged in")
            }
            MessageType::LoggedOut => Some("the user may log out"),
            MessageType::UserAvailable => (!is_logged_out).then_some("the user is logged in"),
            MessageType::UserUnavailable => Some("the user may become unavailable"),
            MessageType::OutgoingCallStarted => {
                (!is_logged_out && !self.is_active()).then_some("no other call goes on")
            }
            MessageType::IncomingCall => {
                let is_free = !self.is_active() || may_wait;
                let is_expected = self.availability != Availability::Unavailable
                    || self.speaks.newest < Version::new(0, 3, 0);
                (!is_logged_out && is_free && is_expected).then_some(if self.is_active() {
                    "call waiting, with an externalCallId of its own"
                } else {
                    "no other call goes on"
                })
            }
            MessageType::CallAnswered => {
                let is_ringing = matches!(
                    phase,
                    Some(CallPhase::Started | CallPhase::Ringing | CallPhase::Resumed)
                );
                (is_ringing || is_unknown).then_some("the call is not answered yet")
            }
            MessageType::CallData => {
                (phase.is_some() || is_unknown).then_some("there is a call to report on")
            }
            MessageType::CallEnded => {
                (self.is_active() || is_unknown).then_some("the call goes on")
            }
            MessageType::CallTransferred => {
                let is_over = phase == Some(CallPhase::Ended);
                (self.is_active() || is_over || is_unknown).then_some("there is a call to transfer")
            }
            MessageType::CallCompleted => {
                let is_left = phase == Some(CallPhase::Transferred);
                (!self.is_active() && !is_left).then_some(match phase {
                    Some(CallPhase::Ended | CallPhase::Finalizing) => "the call has ended",
                    _ => "closes the widget, with hideWidget: true",
                })
            }
            MessageType::FinalizeEngagement | MessageType::PublishToChannel => {
                (phase.is_some() && !self.is_active() || is_unknown).then_some("the call has ended")
            }
            _ => Some("may come at any time after INITIALIZED"),
        }
    }

    fn allows_host(&self, ty: MessageType) -> Option<&'static str> {
        let has_call = self.call.is_some() || self.link == LinkState::Joined;
        match ty {
            MessageType::DialNumber => (self.login != Login::LoggedOut && !self.is_active())
                .then_some("the user may click a number"),
            MessageType::EndCall => {
                (self.is_active() || self.link == LinkState::Joined).then_some("the call goes on")
            }
            MessageType::VisibilityChanged
            | MessageType::SetWidgetUrl
            | MessageType::SetWidgetUrlFailed
            | MessageType::NavigateToRecordFailed => Some("may come at any time after SYNC_ACK"),
            _ => has_call.then_some("answers what the widget reported about the call"),
        }
    }
}
