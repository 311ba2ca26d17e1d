//! Calls as the messages tell them: one at a time, and the last few that are over.

use std::collections::VecDeque;

use super::track::{CallTrack, Dial, Extent};
use super::{Mark, hash_id};
use crate::json::Json;
use crate::seen::{Seen, id_text};
use crate::{Call, CallDirection, CallId, CallPhase, Category, ConversationId, MessageType, Side};

/// The calls of a conversation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calls {
    /// Whose calls they are.
    pub(crate) conversation: ConversationId,
    /// The call of now, or the last one.
    pub(crate) current: Option<CallTrack>,
    /// Calls before it, the newest last.
    pub(crate) recent: VecDeque<CallTrack>,
    /// What HubSpot asked for and no call has taken up.
    pub(crate) dial: Option<Dial>,
    /// Hashes of the widget's ids of calls before `current`.
    used_ids: VecDeque<u64>,
    /// Calls so far, with the one that is asked for.
    count: u32,
    /// Calls of which nothing more can come.
    over: Vec<Call>,
}

impl Calls {
    /// Late messages can speak of these.
    const RECENT: usize = 4;
    const USED_IDS: usize = 256;

    /// The call that a message is about: the one that its ids name, else the call of now.
    pub(crate) fn find(&self, seen: &Seen<'_>) -> Option<&CallTrack> {
        self.named(seen).or(self.current.as_ref())
    }

    fn named(&self, seen: &Seen<'_>) -> Option<&CallTrack> {
        let mut calls = self.current.iter().chain(self.recent.iter().rev());
        if let Some(id) = seen.id_field("externalCallId") {
            return calls.find(|call| call.has_external_id(id));
        }
        let id = seen.id_field("engagementId")?;
        calls.find(|call| call.has_engagement(id) && call.awaits(seen.ty))
    }

    fn get_mut(&mut self, serial: u32) -> Option<&mut CallTrack> {
        let calls = self.current.iter_mut().chain(&mut self.recent);
        calls.into_iter().find(|call| call.serial == serial)
    }

    fn find_mut(&mut self, seen: &Seen<'_>) -> Option<&mut CallTrack> {
        let serial = self.find(seen)?.serial;
        self.get_mut(serial)
    }

    /// The call that goes on.
    pub(crate) fn active(&self) -> Option<&CallTrack> {
        self.current.as_ref().filter(|call| call.phase.is_active())
    }

    /// Whether an earlier call had this id.
    pub(crate) fn was_used(&self, external_id: &str) -> bool {
        let current = self.current.as_ref();
        current.is_some_and(|call| call.has_external_id(external_id))
            || self.used_ids.contains(&hash_id(external_id))
    }

    /// Takes a message in and tells the number of the call that it belongs to.
    ///
    /// `asked` is the number of the call whose request it answers.
    pub(super) fn apply(
        &mut self,
        seen: &Seen<'_>,
        mark: Mark,
        asked: Option<u32>,
        gapped: bool,
    ) -> Option<u32> {
        let known = seen.ty.filter(|ty| is_about_calls(*ty, seen.from()));
        let serial = if let Some(ty) = known {
            self.apply_known(ty, seen, mark, asked, gapped)
        } else {
            // What is not about calls, or said by the wrong side, changes nothing.
            let named = self.named(seen).map(|call| call.serial);
            named.or(asked).or_else(|| Some(self.active()?.serial))
        }?;
        self.extend(serial, mark.seq);
        Some(serial)
    }

    fn apply_known(
        &mut self,
        ty: MessageType,
        seen: &Seen<'_>,
        mark: Mark,
        asked: Option<u32>,
        gapped: bool,
    ) -> Option<u32> {
        let from_widget = seen.from() == Side::Widget;
        if from_widget {
            self.apply_start(ty, seen, mark);
        }
        // What the message tells of the call may let it await no more.
        let named = self.named(seen).map(|call| call.serial);
        if from_widget {
            self.apply_course(ty, seen, mark, !gapped);
        } else {
            self.apply_host(ty, seen, mark);
        }
        if ty == MessageType::DialNumber {
            return self.dial.as_ref().map(|dial| dial.serial);
        }
        // A message of the widget that answers one of HubSpot may well begin another call.
        let asked = asked.filter(|_| !from_widget);
        let serial = named
            .or(asked)
            .or_else(|| Some(self.current.as_ref()?.serial))?;
        let gives_engagement = matches!(
            ty,
            MessageType::CreateEngagementSucceeded | MessageType::EngagementCreated
        );
        if gives_engagement
            && let Some(call) = self.get_mut(serial)
            && call.engagement.is_none()
        {
            call.engagement = seen.id_field("engagementId").map(str::to_owned);
        }
        Some(serial)
    }

    /// Counts a message to a call.
    pub(super) fn extend(&mut self, serial: u32, seq: u64) {
        match &mut self.dial {
            Some(dial) if dial.serial == serial => dial.extent.add(seq),
            _ => {
                if let Some(call) = self.get_mut(serial) {
                    call.extent.add(seq);
                }
            }
        }
    }

    /// The widget begins a call.
    fn apply_start(&mut self, ty: MessageType, seen: &Seen<'_>, mark: Mark) {
        let text = |key| seen.text(key).map(str::to_owned);
        match ty {
            MessageType::OutgoingCallStarted => {
                let dial = self.dial.take();
                let dialed = dial.as_ref().and_then(|dial| dial.number.clone());
                let serial = dial.as_ref().map(|dial| dial.serial);
                let call = self.begin(serial, CallPhase::Started, mark, true);
                call.direction = Some(CallDirection::Outbound);
                call.from = text("fromNumber");
                call.to = text("toNumber").or_else(|| text("phoneNumber")).or(dialed);
                call.extent = dial.as_ref().map_or(call.extent, |dial| dial.extent);
                call.dial = dial;
                call.add_external_id(seen.id_field("externalCallId"));
            }
            MessageType::IncomingCall => {
                let call = self.begin(None, CallPhase::Ringing, mark, true);
                call.direction = Some(CallDirection::Inbound);
                call.from = text("fromNumber").or_else(|| text("phoneNumber"));
                call.to = text("toNumber");
                call.add_external_id(seen.id_field("externalCallId"));
            }
            _ => {}
        }
    }

    /// The widget tells how a call goes on.
    fn apply_course(&mut self, ty: MessageType, seen: &Seen<'_>, mark: Mark, sure: bool) {
        let external_id = seen.id_field("externalCallId");
        match ty {
            MessageType::CallAnswered => {
                let call = self.on_call(seen, CallPhase::is_active, mark, sure);
                call.enter(CallPhase::Answered, mark.at);
                call.answered.get_or_insert(mark);
                call.add_external_id(external_id);
            }
            MessageType::CallEnded => {
                let call = self.on_call(seen, |_| true, mark, sure);
                // What came before its time keeps its place.
                if call.completed.is_none() && call.transferred.is_none() {
                    call.enter(CallPhase::Ended, mark.at);
                }
                call.ended.get_or_insert(mark);
                if let Some(status) = seen.text("callEndStatus") {
                    call.end_status = Some(status.to_owned());
                }
                call.add_external_id(external_id);
            }
            MessageType::CallCompleted => {
                let call = self.on_call(seen, |_| true, mark, sure);
                call.enter(CallPhase::Completed, mark.at);
                call.completed.get_or_insert(mark);
                call.add_external_id(external_id);
            }
            MessageType::CallTransferred => {
                let call = self.on_call(seen, |_| true, mark, sure);
                call.enter(CallPhase::Transferred, mark.at);
                call.transferred.get_or_insert(mark);
                call.add_external_id(external_id);
            }
            MessageType::CallData => {
                if let Some(call) = &mut self.current {
                    call.call_data = true;
                }
            }
            MessageType::FinalizeEngagement | MessageType::PublishToChannel => {
                if let Some(call) = self.find_mut(seen)
                    && !call.phase.is_active()
                {
                    call.finalizing = true;
                    call.enter(CallPhase::Finalizing, mark.at);
                }
            }
            _ => {}
        }
    }

    /// HubSpot asks or answers.
    fn apply_host(&mut self, ty: MessageType, seen: &Seen<'_>, mark: Mark) {
        let engagement_id = seen.id_field("engagementId");
        match ty {
            MessageType::DialNumber => {
                let number = seen
                    .text("phoneNumber")
                    .or_else(|| seen.text("phone_number"));
                let number = number.map(str::to_owned);
                let asked = self.dial.take().map(|dial| (dial.serial, dial.extent));
                let (serial, extent) =
                    asked.unwrap_or_else(|| (self.next_serial(), Extent::default()));
                self.dial = Some(Dial {
                    serial,
                    mark,
                    number,
                    extent,
                });
            }
            MessageType::CreateEngagementSucceeded => {
                if let Some(call) = &mut self.current {
                    call.created_by_new = true;
                    call.add_engagement(engagement_id, mark);
                }
            }
            MessageType::EngagementCreated => {
                if let Some(call) = &mut self.current {
                    call.created_by_old.get_or_insert(mark);
                    call.add_engagement(engagement_id, mark);
                }
            }
            MessageType::CallerIdMatchSucceeded => {
                if let Some(call) = &mut self.current {
                    call.matches = Some(matched_ids(seen.field("callerIdMatches")));
                }
            }
            MessageType::FinalizeEngagementSucceeded
            | MessageType::FinalizeEngagementFailed
            | MessageType::PublishToChannelSucceeded
            | MessageType::PublishToChannelFailed => {
                if let Some(call) = self.find_mut(seen)
                    && std::mem::take(&mut call.finalizing)
                {
                    let is_completed = call.completed.is_some();
                    let done = if is_completed {
                        CallPhase::Completed
                    } else {
                        CallPhase::Ended
                    };
                    call.enter(done, mark.at);
                }
            }
            _ => {}
        }
    }

    /// The call that a message is about, or one that nobody announced.
    fn on_call(
        &mut self,
        seen: &Seen<'_>,
        fits: fn(CallPhase) -> bool,
        mark: Mark,
        sure: bool,
    ) -> &mut CallTrack {
        let found = self.find(seen).filter(|call| fits(call.phase));
        match found.map(|call| call.serial) {
            None => self.begin(None, CallPhase::Resumed, mark, sure),
            Some(serial) => {
                let in_recent = self.recent.iter().position(|call| call.serial == serial);
                match in_recent.and_then(|index| self.recent.get_mut(index)) {
                    Some(call) => call,
                    None => self.current.get_or_insert_with(|| {
                        CallTrack::new(serial, CallPhase::Resumed, mark, sure)
                    }),
                }
            }
        }
    }

    fn next_serial(&mut self) -> u32 {
        self.count = self.count.saturating_add(1);
        self.count
    }

    fn begin(
        &mut self,
        serial: Option<u32>,
        phase: CallPhase,
        mark: Mark,
        sure: bool,
    ) -> &mut CallTrack {
        if let Some(old) = self.current.take() {
            for id in &old.external_ids {
                if self.used_ids.len() == Self::USED_IDS {
                    self.used_ids.pop_front();
                }
                self.used_ids.push_back(hash_id(id));
            }
            if self.recent.len() == Self::RECENT {
                let over = self.recent.pop_front();
                let over = over.map(|call| self.of(|view| call.show(view)));
                self.over.extend(over);
            }
            self.recent.push_back(old);
        }
        let serial = serial.unwrap_or_else(|| self.next_serial());
        self.current
            .insert(CallTrack::new(serial, phase, mark, sure))
    }

    /// Another page of the widget begins, perhaps with a call that goes on.
    pub(super) fn begin_load(&mut self, resumed_engagement: Option<&str>, mark: Mark) {
        self.clear();
        if let Some(id) = resumed_engagement {
            let call = self.begin(None, CallPhase::Resumed, mark, false);
            call.add_engagement(Some(id), mark);
            call.extent.add(mark.seq);
        }
    }

    pub(crate) fn clear(&mut self) {
        let open: Vec<Call> = self.open().collect();
        self.over.extend(open);
        self.current = None;
        self.recent.clear();
        self.dial = None;
    }

    /// Something may be missing: what is known may be out of date.
    pub(super) fn doubt(&mut self) {
        for call in self.current.iter_mut().chain(&mut self.recent) {
            call.sure = false;
        }
        let dial = self.dial.take();
        let dial = dial.map(|dial| self.of(|view| dial.show(view)));
        self.over.extend(dial);
    }

    /// Takes the calls of which nothing more can come.
    pub(crate) fn drain_over(&mut self) -> impl Iterator<Item = Call> {
        self.over.drain(..)
    }

    /// The calls that messages can still be about; the one of now comes last.
    pub(crate) fn open(&self) -> impl Iterator<Item = Call> {
        let calls = self.recent.iter().chain(&self.current);
        let dial = self.dial.iter().map(|dial| self.of(|view| dial.show(view)));
        let calls = calls.map(|call| self.of(|view| call.show(view)));
        calls.chain(dial)
    }

    /// Shows the call of now.
    pub(super) fn show(&self, view: &mut Option<Call>) {
        let busy = self.active().is_some();
        match (&self.dial, &self.current) {
            (Some(dial), _) if !busy => dial.show(view.get_or_insert_with(|| self.blank())),
            (_, Some(call)) => call.show(view.get_or_insert_with(|| self.blank())),
            (_, None) => *view = None,
        }
    }

    fn of(&self, show: impl FnOnce(&mut Call)) -> Call {
        let mut call = self.blank();
        show(&mut call);
        call
    }

    fn blank(&self) -> Call {
        Call::new(CallId {
            conversation: self.conversation,
            serial: 0,
        })
    }
}

/// Whether a message of this side says something about a call.
const fn is_about_calls(ty: MessageType, from: Side) -> bool {
    let is_about_calls = match ty.spec().category {
        Category::Outbound | Category::Inbound | Category::Call | Category::Engagement => true,
        Category::Transport | Category::Error | Category::Session => false,
    };
    is_about_calls && ty.spec().direction.allows(from)
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
