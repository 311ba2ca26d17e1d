//! How the widget's messages change the calls.

use super::meaning::direction_of;
use super::{Calls, CompletedBy, EndedBy, Scene};
use crate::json::Json;
use crate::parsed_message::ParsedMessage;
use crate::state::Mark;
use crate::state::track::CallTrack;
use crate::{Beginning, CallDirection, CallPhase, MessageType};

impl Calls {
    /// Updates the calls with a message of the widget's, and returns the number of its call.
    pub(super) fn on_widget(
        &mut self,
        ty: MessageType,
        seen: &ParsedMessage<'_>,
        mark: Mark,
        scene: Scene<'_>,
    ) -> Option<u32> {
        match ty {
            MessageType::OutgoingCallStarted | MessageType::IncomingCall => {
                Some(self.on_start(ty, seen, mark, scene))
            }
            MessageType::CallAnswered => {
                // A call that is over does not begin again; M11 reports this.
                if let Some(over) = self.answered_late(seen) {
                    return Some(over.serial);
                }
                let call = self.on_course(seen, mark, scene, |call| call.phase.is_active());
                call.enter(CallPhase::Answered, mark.at);
                call.answered.get_or_insert(mark);
                Some(call.serial)
            }
            MessageType::CallTransferred => {
                let call = self.on_course(seen, mark, scene, |_| true);
                call.enter(CallPhase::Transferred, mark.at);
                call.transferred.get_or_insert(mark);
                Some(call.serial)
            }
            MessageType::CallEnded => Some(self.on_ended(seen, mark, scene)),
            MessageType::CallCompleted => self.on_completed(seen, mark, scene),
            MessageType::FinalizeEngagement | MessageType::PublishToChannel => {
                let call = self.find_mut(seen)?;
                if !call.phase.is_active() {
                    call.finalizing = true;
                    call.finalized = Some((ty, mark));
                    call.enter(CallPhase::Finalizing, mark.at);
                }
                Some(call.serial)
            }
            MessageType::CallData => {
                let call = self.find_mut(seen)?;
                call.call_data = true;
                Some(call.serial)
            }
            MessageType::NavigateToRecord | MessageType::RingtoneEnded => {
                Some(self.find(seen)?.serial)
            }
            // Not about calls.
            MessageType::SyncAck
            | MessageType::Error
            | MessageType::SetWidgetUrl
            | MessageType::Initialized
            | MessageType::LoggedIn
            | MessageType::LoggedOut
            | MessageType::UserAvailable
            | MessageType::UserUnavailable
            | MessageType::ResizeWidget
            // Hosts ignore these from a widget; T17, T18, T23 and Q08 report them.
            | MessageType::Sync
            | MessageType::Ready
            | MessageType::SyncAckFailed
            | MessageType::Unloading
            | MessageType::SetWidgetUrlFailed
            | MessageType::Failed
            | MessageType::VisibilityChanged
            | MessageType::DialNumber
            | MessageType::Data
            | MessageType::EndCall
            | MessageType::SetCallState
            | MessageType::EngagementCreated
            | MessageType::CreateEngagementSucceeded
            | MessageType::CreateEngagementFailed
            | MessageType::UpdateEngagementSucceeded
            | MessageType::UpdateEngagementFailed
            | MessageType::InitiateCallIdSucceeded
            | MessageType::InitiateCallIdFailed
            | MessageType::PublishToChannelSucceeded
            | MessageType::PublishToChannelFailed
            | MessageType::FinalizeEngagementSucceeded
            | MessageType::FinalizeEngagementFailed
            | MessageType::UpdateAssociationsFailed
            | MessageType::CallerIdMatchSucceeded
            | MessageType::CallerIdMatchFailed
            | MessageType::NavigateToRecordFailed => self.bystander(seen, scene),
        }
    }

    /// The widget announces a call.
    fn on_start(
        &mut self,
        ty: MessageType,
        seen: &ParsedMessage<'_>,
        mark: Mark,
        scene: Scene<'_>,
    ) -> u32 {
        let external_id = seen.id_field("externalCallId");
        if let Some(serial) = self
            .announced_again(seen, scene.has_two_sdks)
            .map(|call| call.serial)
        {
            if let Some(call) = self.get_mut(serial) {
                call.announced_again.get_or_insert(mark);
                call.add_external_id(external_id);
            }
            return serial;
        }
        if let Some(id) = external_id {
            // Announced again, it is a call of this page.
            self.left.retain(|left| !left.has_external_id(id));
        }
        let is_waiting =
            self.lets_wait(seen).is_some() && self.announced_under_other_id(seen).is_none();
        let late = self.announced_late(seen).map(|call| call.serial);
        let dial = self
            .dial
            .take_if(|_| ty == MessageType::OutgoingCallStarted);
        let text = |key| seen.text(key).map(str::to_owned);
        let direction = direction_of(seen);
        let phase = match direction {
            Some(CallDirection::Inbound) => CallPhase::Ringing,
            Some(CallDirection::Outbound) | None => CallPhase::Started,
        };
        if is_waiting && let Some(call) = &mut self.current {
            call.is_held = true;
        }
        let call = if let Some(call) = late.and_then(|serial| self.get_mut(serial)) {
            // Earlier messages about the call stay in effect.
            call.beginning = Beginning::Announced;
            call.began = mark;
            call
        } else {
            let serial = dial.as_ref().map(|dial| dial.serial);
            let call = self.begin(serial, phase, Beginning::Announced, mark, true);
            call.extent = dial.as_ref().map_or(call.extent, |dial| dial.extent);
            call
        };
        call.direction = direction;
        call.from = text("fromNumber");
        call.to = text("toNumber");
        let phone_number = || text("phoneNumber");
        match direction {
            Some(CallDirection::Inbound) => call.from = call.from.take().or_else(phone_number),
            Some(CallDirection::Outbound) | None => {
                let dialed = || dial.as_ref().and_then(|dial| dial.number.clone());
                call.to = call.to.take().or_else(phone_number).or_else(dialed);
            }
        }
        if dial.is_some() {
            call.dial = dial;
        }
        call.add_external_id(external_id);
        call.serial
    }

    /// The call that a progress message is about, if it is in a fitting state; otherwise a new call
    /// that nothing announced.
    fn on_course(
        &mut self,
        seen: &ParsedMessage<'_>,
        mark: Mark,
        scene: Scene<'_>,
        fits: fn(&CallTrack) -> bool,
    ) -> &mut CallTrack {
        let found = self.find(seen).filter(|call| fits(call));
        let serial = found.map(|call| call.serial);
        let call = self.get_or_begin(serial, mark, scene);
        call.add_external_id(seen.id_field("externalCallId"));
        call
    }

    fn on_ended(&mut self, seen: &ParsedMessage<'_>, mark: Mark, scene: Scene<'_>) -> u32 {
        let serial = match self.ended_by(seen) {
            EndedBy::Call(call) | EndedBy::Again(call) => Some(call.serial),
            EndedBy::Unknown => None,
        };
        let external_id = self.own_id(seen, serial);
        let call = self.get_or_begin(serial, mark, scene);
        call.add_external_id(external_id);
        // A completion or transfer that came too early keeps the call's phase.
        if call.completed.is_none() && call.transferred.is_none() {
            call.enter(CallPhase::Ended, mark.at);
        }
        call.ended.get_or_insert(mark);
        if let Some(status) = seen.text("callEndStatus") {
            call.end_status = Some(status.to_owned());
        }
        call.serial
    }

    /// The message's `externalCallId`, unless it belongs to another call.
    fn own_id<'a>(&self, seen: &ParsedMessage<'a>, serial: Option<u32>) -> Option<&'a str> {
        let id = seen.id_field("externalCallId")?;
        let is_foreign = serial.is_some_and(|serial| self.is_of_another(id, serial));
        (!is_foreign).then_some(id)
    }

    fn on_completed(
        &mut self,
        seen: &ParsedMessage<'_>,
        mark: Mark,
        scene: Scene<'_>,
    ) -> Option<u32> {
        let serial = match self.completed_by(seen) {
            CompletedBy::Call(call) | CompletedBy::Again(call) => Some(call.serial),
            CompletedBy::Closing => return None,
            CompletedBy::Unknown => None,
        };
        let engagement_id = seen.id_field("engagementId");
        if let Some(id) = engagement_id {
            let calls = self.current.iter_mut().chain(&mut self.recent);
            let engagements = calls.flat_map(|call| &mut call.engagements);
            for engagement in engagements.filter(|it| it.id == id) {
                engagement.is_completed = true;
            }
        }
        let external_id = self.own_id(seen, serial);
        let call = self.get_or_begin(serial, mark, scene);
        call.add_external_id(external_id);
        call.enter(CallPhase::Completed, mark.at);
        call.completed.get_or_insert(mark);
        call.completed_with_id |= engagement_id.is_some();
        call.hid_widget |= seen.field("hideWidget").and_then(Json::as_bool) == Some(true);
        call.update_failed = false;
        Some(call.serial)
    }

    /// The call with this number; without a number, a new call that nothing announced.
    fn get_or_begin(
        &mut self,
        serial: Option<u32>,
        mark: Mark,
        scene: Scene<'_>,
    ) -> &mut CallTrack {
        let Some(serial) = serial else {
            return self.begin_unannounced(mark, scene);
        };
        let in_recent = self.recent.iter().position(|call| call.serial == serial);
        match in_recent.and_then(|index| self.recent.get_mut(index)) {
            Some(call) => call,
            None => self.current.get_or_insert_with(|| {
                let beginning = Beginning::NotRecorded;
                CallTrack::new(serial, CallPhase::Resumed, beginning, mark, false)
            }),
        }
    }

    fn begin_unannounced(&mut self, mark: Mark, scene: Scene<'_>) -> &mut CallTrack {
        let beginning = if self.knows_all {
            Beginning::NeverAnnounced
        } else {
            Beginning::NotRecorded
        };
        // The call that HubSpot asked for is evidently this one.
        let dial = self.dial.take();
        let serial = dial.as_ref().map(|dial| dial.serial);
        let sure = scene.is_complete;
        let left = self.named_left.take();
        let call = self.begin(serial, CallPhase::Resumed, beginning, mark, sure);
        // The call goes on that an earlier page had begun.
        if let Some(left) = left {
            for id in &left.external_ids {
                call.add_external_id(Some(id));
            }
            if let Some((id, given)) = left.engagement {
                call.add_engagement(&id, given, true);
            }
        }
        if let Some(dial) = dial {
            call.direction = Some(CallDirection::Outbound);
            call.to.clone_from(&dial.number);
            call.extent = dial.extent;
            call.dial = Some(dial);
        }
        call
    }
}
