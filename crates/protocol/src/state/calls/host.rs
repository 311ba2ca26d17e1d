//! How HubSpot's messages change the calls.

use super::meaning::{click_of, dialed_number};
use super::{Calls, GivenEngagement, Scene};
use crate::json::Json;
use crate::parsed_message::{ParsedMessage, id_text};
use crate::state::track::{CallTrack, Dial, Extent, Late};
use crate::state::{Mark, hash_id};
use crate::{CallPhase, MessageType};

impl Calls {
    /// Updates the calls with a message of HubSpot's, and returns the number of its call.
    pub(super) fn on_host(
        &mut self,
        ty: MessageType,
        seen: &ParsedMessage<'_>,
        mark: Mark,
        scene: Scene<'_>,
    ) -> Option<u32> {
        match ty {
            MessageType::DialNumber => Some(self.on_dial(seen, mark)),
            MessageType::CreateEngagementSucceeded => {
                let serial = self.on_engagement(seen, mark, scene)?;
                let call = self.get_mut(serial)?;
                call.created_by_new = true;
                Some(call.serial)
            }
            MessageType::EngagementCreated => {
                let serial = self.on_engagement(seen, mark, scene)?;
                let call = self.get_mut(serial)?;
                call.created_by_old.get_or_insert(mark);
                Some(call.serial)
            }
            MessageType::CreateEngagementFailed => {
                let call = self.answered_mut(seen, scene)?;
                if !scene.is_contested() {
                    call.engagement_failed = Some(mark);
                }
                Some(call.serial)
            }
            MessageType::UpdateEngagementFailed => {
                let call = self.answered_mut(seen, scene)?;
                call.update_failed = true;
                Some(call.serial)
            }
            MessageType::CallerIdMatchSucceeded => {
                let call = self.answered_mut(seen, scene)?;
                call.matches = Some(matched_ids(seen.field("callerIdMatches")));
                Some(call.serial)
            }
            MessageType::FinalizeEngagementSucceeded | MessageType::PublishToChannelSucceeded => {
                self.on_finalized(seen, mark, scene, true)
            }
            MessageType::FinalizeEngagementFailed | MessageType::PublishToChannelFailed => {
                self.on_finalized(seen, mark, scene, false)
            }
            MessageType::EndCall
            | MessageType::SetCallState
            | MessageType::UpdateEngagementSucceeded
            | MessageType::InitiateCallIdSucceeded
            | MessageType::InitiateCallIdFailed
            | MessageType::UpdateAssociationsFailed
            | MessageType::CallerIdMatchFailed
            | MessageType::NavigateToRecordFailed => Some(self.answered_mut(seen, scene)?.serial),
            // Not about calls.
            MessageType::Sync
            | MessageType::Error
            | MessageType::SetWidgetUrl
            | MessageType::SetWidgetUrlFailed
            | MessageType::VisibilityChanged
            // Widgets ignore these from a host; T17, T18, T23 and Q08 report them.
            | MessageType::SyncAck
            | MessageType::Ready
            | MessageType::SyncAckFailed
            | MessageType::Unloading
            | MessageType::Failed
            | MessageType::Initialized
            | MessageType::LoggedIn
            | MessageType::LoggedOut
            | MessageType::UserAvailable
            | MessageType::UserUnavailable
            | MessageType::ResizeWidget
            | MessageType::OutgoingCallStarted
            | MessageType::IncomingCall
            | MessageType::CallAnswered
            | MessageType::CallData
            | MessageType::Data
            | MessageType::CallEnded
            | MessageType::CallCompleted
            | MessageType::CallTransferred
            | MessageType::RingtoneEnded
            | MessageType::PublishToChannel
            | MessageType::FinalizeEngagement
            | MessageType::NavigateToRecord => self.bystander(seen, scene),
        }
    }

    fn on_dial(&mut self, seen: &ParsedMessage<'_>, mark: Mark) -> u32 {
        if let Some(serial) = self.dialed_again(seen).map(|dial| dial.serial) {
            let taken = self.current.as_mut().and_then(|call| call.dial.as_mut());
            let dials = self.dial.iter_mut().chain(taken);
            for dial in dials.filter(|dial| dial.serial == serial) {
                dial.repeated.get_or_insert(mark);
            }
            return serial;
        }
        let number = dialed_number(seen);
        let asked = self.dial.take().map(|dial| (dial.serial, dial.extent));
        let (serial, extent) = asked.unwrap_or_else(|| (self.next_serial(), Extent::default()));
        self.dial = Some(Dial {
            serial,
            mark,
            number: number.map(str::to_owned),
            click: click_of(seen),
            repeated: None,
            extent,
        });
        serial
    }

    /// HubSpot has created an engagement: for the call that asked, otherwise for the current one.
    fn on_engagement(
        &mut self,
        seen: &ParsedMessage<'_>,
        mark: Mark,
        scene: Scene<'_>,
    ) -> Option<u32> {
        let serial = self.answered(seen, scene)?;
        let Some(id) = seen.id_field("engagementId") else {
            return Some(serial);
        };
        if scene.is_contested() {
            for waiting in scene.waiting.iter().filter(|waiting| **waiting != serial) {
                if let Some(call) = self.get_mut(*waiting) {
                    call.add_engagement(id, mark, false);
                }
            }
        }
        let next = self
            .current
            .as_ref()
            .filter(|call| call.serial != serial)
            .map(|call| call.began);
        let call = self.get_mut(serial)?;
        let is_new = !call.has_engagement(id);
        let is_clear = !scene.is_contested() && !scene.is_after_gap;
        call.add_engagement(id, mark, is_clear);
        let late = match (call.completed, next) {
            (Some(completed), _) => Some(Late::Completed(completed)),
            (None, Some(next)) if call.ended.is_some() => Some(Late::NextCall(next)),
            (None, _) => None,
        };
        if let Some(engagement) = call.engagements.iter_mut().find(|it| it.id == id && is_new) {
            engagement.late = late;
        }
        let external_id = call.external_ids.first().cloned();
        // Without a request, it may be for a call that was not recorded.
        let is_sure = scene.asked == Some(serial) && is_clear;
        if is_new && is_sure {
            self.give(id, serial, mark, external_id);
        }
        Some(serial)
    }

    fn give(&mut self, id: &str, call: u32, mark: Mark, external_id: Option<String>) {
        if self.given.len() == Self::GIVEN {
            self.given.pop_front();
        }
        self.given.push_back(GivenEngagement {
            id: hash_id(id),
            call,
            mark,
            external_id: external_id.filter(|id| id.len() <= Self::QUOTED_ID_BYTES),
        });
    }

    fn on_finalized(
        &mut self,
        seen: &ParsedMessage<'_>,
        mark: Mark,
        scene: Scene<'_>,
        is_done: bool,
    ) -> Option<u32> {
        let call = self.answered_mut(seen, scene)?;
        if std::mem::take(&mut call.finalizing) {
            let phase = if call.completed.is_some() {
                CallPhase::Completed
            } else {
                CallPhase::Ended
            };
            call.enter(phase, mark.at);
        }
        if !is_done {
            // The widget may send the request again.
            call.finalized = None;
        }
        Some(call.serial)
    }

    /// The call that an answer of HubSpot is about: the one that its ids name, the one that asked,
    /// otherwise the current one.
    fn answered(&self, seen: &ParsedMessage<'_>, scene: Scene<'_>) -> Option<u32> {
        let named = self.named(seen).map(|call| call.serial);
        let current = || Some(self.current.as_ref()?.serial);
        named.or(scene.asked).or_else(current)
    }

    fn answered_mut(
        &mut self,
        seen: &ParsedMessage<'_>,
        scene: Scene<'_>,
    ) -> Option<&mut CallTrack> {
        let serial = self.answered(seen, scene)?;
        self.get_mut(serial)
    }
}

fn matched_ids(matches: Option<&Json<'_>>) -> Vec<String> {
    let items = matches.map(Json::items).unwrap_or_default();
    let ids = items.iter().filter_map(|item| {
        item.get("objectCoordinates")?
            .get("objectId")
            .and_then(id_text)
    });
    ids.take(CallTrack::MATCHES).map(str::to_owned).collect()
}
