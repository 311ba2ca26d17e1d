//! Log-in, availability, visibility: everything that is not about calls.

use super::{Mark, State};
use crate::json::Json;
use crate::origin;
use crate::parsed_message::ParsedMessage;
use crate::{Availability, Link, Login, MessageType, Side, Visibility};

impl State {
    /// Updates the session's state with a message.
    pub(super) fn on_session(&mut self, ty: MessageType, seen: &ParsedMessage<'_>, mark: Mark) {
        let from_widget = seen.from() == Side::Widget;
        let is_taken = !self.is_dropped(seen);
        match ty {
            MessageType::Initialized if from_widget => self.on_initialized(seen, mark, is_taken),
            MessageType::LoggedIn
            | MessageType::LoggedOut
            | MessageType::UserAvailable
            | MessageType::UserUnavailable
                if !is_taken => {}
            MessageType::LoggedIn if from_widget => self.set_login(true, mark),
            MessageType::LoggedOut if from_widget => self.set_login(false, mark),
            MessageType::UserAvailable if from_widget => self.set_available(true, mark),
            MessageType::UserUnavailable if from_widget => self.set_available(false, mark),
            MessageType::VisibilityChanged if !from_widget => {
                let flag = |key| seen.field(key).and_then(Json::as_bool) == Some(true);
                let (minimized, hidden) = (flag("isMinimized"), flag("isHidden"));
                self.view.visibility = Some(Visibility { minimized, hidden });
                self.load.minimized = minimized.then_some(mark);
            }
            MessageType::SetWidgetUrl => {
                // It is not known which of the two forms the receiver reads.
                self.peer_mut(seen.from()).expected_origin = None;
                // The form in `data` can be any URL.
                let in_data = || origin::of_url(seen.text("iFrameUrl")?);
                let url = seen.top_text("iFrameUrl").map(str::to_owned);
                if let Some(url) = url.or_else(in_data).filter(|_| seen.from() == Side::Widget) {
                    self.load.moved_to = Some((url, mark.seq));
                }
            }
            // Not about the session, or from the side that does not send it.
            MessageType::Sync
            | MessageType::SyncAck
            | MessageType::Ready
            | MessageType::SyncAckFailed
            | MessageType::Unloading
            | MessageType::Error
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

    /// What the host ignores leaves it as it was; T03 and T05 tell of that, and none that it lacks
    /// an `INITIALIZED`.
    fn on_initialized(&mut self, seen: &ParsedMessage<'_>, mark: Mark, is_taken: bool) {
        let flag = |key| seen.field(key).and_then(Json::as_bool);
        self.load.initialized.get_or_insert(mark);
        if !is_taken {
            self.view.ignores_initialized = true;
            return;
        }
        if let Some(is_logged_in) = flag("isLoggedIn") {
            self.set_login(is_logged_in, mark);
            self.load.login_by_initialized = true;
        }
        if let Some(is_available) = flag("isAvailable") {
            self.set_available(is_available, mark);
        }
        let (latency, sync_count) = match self.view.link {
            Link::Ready {
                latency,
                sync_count,
                ..
            } => (Some(latency), sync_count),
            Link::Joined => (None, 0),
            // It is repeated, comes before its handshake, or comes from a page that has unloaded.
            Link::Silent
            | Link::Syncing { .. }
            | Link::Initialized { .. }
            | Link::Failed { .. }
            | Link::Closed { .. } => return,
        };
        self.view.link = Link::Initialized {
            since: mark.at,
            latency,
            sync_count,
        };
    }

    fn set_login(&mut self, logged_in: bool, mark: Mark) {
        self.view.login = if logged_in {
            Login::LoggedIn
        } else {
            Login::LoggedOut
        };
        self.load.login_mark = Some(mark);
        self.load.login_by_initialized = false;
    }

    fn set_available(&mut self, available: bool, mark: Mark) {
        self.view.availability = if available {
            Availability::Available
        } else {
            Availability::Unavailable
        };
        self.load.availability_mark = Some(mark);
    }
}
