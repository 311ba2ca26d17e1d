//! Calls as the messages tell them: one at a time, and the last few that are over.

use std::collections::VecDeque;

use super::{Mark, hash_id};
use crate::json::Json;
use crate::step::{Seen, id_text};
use crate::{Call, CallDirection, CallPhase, Category, MessageType, Millis, Side};

/// A number that HubSpot asked the widget to dial.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dial {
    /// The number in the conversation of the call that will take it up.
    pub(crate) serial: u32,
    pub(crate) mark: Mark,
    pub(crate) number: Option<String>,
}

/// One call.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each with its doc"
)]
pub(crate) struct CallTrack {
    /// Counts the calls of a conversation, from 1.
    pub(crate) serial: u32,
    pub(crate) phase: CallPhase,
    pub(crate) since: Millis,
    pub(crate) direction: Option<CallDirection>,
    /// The other party's number.
    pub(crate) number: Option<String>,
    /// The message that began it; the first that spoke of it if none did.
    pub(crate) began: Mark,
    /// Nothing may be missing since it began.
    pub(crate) sure: bool,
    pub(crate) dial: Option<Dial>,
    pub(crate) answered: Option<Mark>,
    pub(crate) ended: Option<Mark>,
    pub(crate) completed: Option<Mark>,
    pub(crate) transferred: Option<Mark>,
    pub(crate) end_status: Option<String>,
    /// The widget's ids of it; more than one only by mistake.
    pub(crate) external_ids: Vec<String>,
    /// HubSpot's engagements of it, with the message that gave each.
    pub(crate) engagements: Vec<(String, Mark)>,
    /// HubSpot gave the engagement by the deprecated message.
    pub(crate) created_by_old: Option<Mark>,
    /// HubSpot gave the engagement by the newer message.
    pub(crate) created_by_new: bool,
    pub(crate) call_data: bool,
    /// The records that HubSpot matched with the caller: object ids.
    pub(crate) matches: Option<Vec<String>>,
    finalizing: bool,
}

impl CallTrack {
    /// More are kept by no sane call.
    const MANY: usize = 8;
    const MATCHES: usize = 100;

    fn new(serial: u32, phase: CallPhase, mark: Mark, sure: bool) -> Self {
        Self {
            serial,
            phase,
            since: mark.at,
            direction: None,
            number: None,
            began: mark,
            sure,
            dial: None,
            answered: None,
            ended: None,
            completed: None,
            transferred: None,
            end_status: None,
            external_ids: Vec::new(),
            engagements: Vec::new(),
            created_by_old: None,
            created_by_new: false,
            call_data: false,
            matches: None,
            finalizing: false,
        }
    }

    pub(crate) fn has_external_id(&self, id: &str) -> bool {
        self.external_ids.iter().any(|known| known == id)
    }

    /// Whether HubSpot waits for its completion in vain if none comes.
    pub(crate) fn lacks_completion(&self) -> bool {
        self.sure
            && self.ended.is_some()
            && self.completed.is_none()
            && self.transferred.is_none()
            && !self.engagements.is_empty()
    }

    fn enter(&mut self, phase: CallPhase, at: Millis) {
        self.phase = phase;
        self.since = at;
    }

    fn add_external_id(&mut self, id: Option<&str>) {
        if let Some(id) = id
            && !self.has_external_id(id)
            && self.external_ids.len() < Self::MANY
        {
            self.external_ids.push(id.to_owned());
        }
    }

    fn add_engagement(&mut self, id: Option<&str>, mark: Mark) {
        if let Some(id) = id
            && !self.engagements.iter().any(|(known, _)| known == id)
            && self.engagements.len() < Self::MANY
        {
            self.engagements.push((id.to_owned(), mark));
        }
    }
}

/// The calls of a conversation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calls {
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
}

impl Calls {
    /// Late messages can speak of these.
    const RECENT: usize = 4;
    const USED_IDS: usize = 256;

    /// The call that a message with this `externalCallId` is about.
    pub(crate) fn find(&self, external_id: Option<&str>) -> Option<&CallTrack> {
        let by_id = external_id.and_then(|id| {
            let calls = self.current.iter().chain(self.recent.iter().rev());
            calls.into_iter().find(|call| call.has_external_id(id))
        });
        by_id.or(self.current.as_ref())
    }

    fn find_mut(&mut self, external_id: Option<&str>) -> Option<&mut CallTrack> {
        let serial = self.find(external_id)?.serial;
        let calls = self.current.iter_mut().chain(&mut self.recent);
        calls.into_iter().find(|call| call.serial == serial)
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

    /// Takes a message in and tells the number of the call that it is about.
    pub(super) fn apply(&mut self, seen: &Seen<'_>, mark: Mark, gapped: bool) -> Option<u32> {
        let ty = seen.ty?;
        let is_about_calls = match ty.spec().category {
            Category::Outbound | Category::Inbound | Category::Call | Category::Engagement => true,
            Category::Transport | Category::Error | Category::Session => false,
        };
        // What the wrong side says changes nothing.
        if !is_about_calls || !ty.spec().direction.allows(seen.from()) {
            return None;
        }
        match seen.from() {
            Side::Widget => {
                self.apply_start(ty, seen, mark);
                self.apply_course(ty, seen, mark, !gapped);
            }
            Side::Host => self.apply_host(ty, seen, mark),
        }
        match (ty, &self.dial) {
            (MessageType::DialNumber, Some(dial)) => Some(dial.serial),
            _ => self
                .find(seen.id_field("externalCallId"))
                .map(|call| call.serial),
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
                call.number = text("toNumber").or_else(|| text("phoneNumber")).or(dialed);
                call.dial = dial;
                call.add_external_id(seen.id_field("externalCallId"));
            }
            MessageType::IncomingCall => {
                let call = self.begin(None, CallPhase::Ringing, mark, true);
                call.direction = Some(CallDirection::Inbound);
                call.number = text("fromNumber").or_else(|| text("phoneNumber"));
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
                let call = self.on_call(external_id, CallPhase::is_active, mark, sure);
                call.enter(CallPhase::Answered, mark.at);
                call.answered.get_or_insert(mark);
                call.add_external_id(external_id);
            }
            MessageType::CallEnded => {
                let call = self.on_call(external_id, |_| true, mark, sure);
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
                let call = self.on_call(external_id, |_| true, mark, sure);
                call.enter(CallPhase::Completed, mark.at);
                call.completed.get_or_insert(mark);
                call.add_external_id(external_id);
            }
            MessageType::CallTransferred => {
                let call = self.on_call(external_id, |_| true, mark, sure);
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
                if let Some(call) = self.find_mut(external_id)
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
                let asked = self.dial.take().map(|dial| dial.serial);
                let serial = asked.unwrap_or_else(|| self.next_serial());
                self.dial = Some(Dial {
                    serial,
                    mark,
                    number,
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
                if let Some(call) = self.find_mut(seen.id_field("externalCallId"))
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
        external_id: Option<&str>,
        fits: fn(CallPhase) -> bool,
        mark: Mark,
        sure: bool,
    ) -> &mut CallTrack {
        let found = self.find(external_id).filter(|call| fits(call.phase));
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
                self.recent.pop_front();
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
        }
    }

    pub(super) fn clear(&mut self) {
        let Self {
            current,
            recent,
            dial,
            used_ids: _,
            count: _,
        } = self;
        *current = None;
        recent.clear();
        *dial = None;
    }

    /// Something may be missing: what is known may be out of date.
    pub(super) fn doubt(&mut self) {
        for call in self.current.iter_mut().chain(&mut self.recent) {
            call.sure = false;
        }
        self.dial = None;
    }

    /// What to show.
    pub(super) fn view(&self) -> Option<Call> {
        let busy = self.active().is_some();
        if let (Some(dial), false) = (&self.dial, busy) {
            return Some(Call {
                index: dial.serial,
                phase: CallPhase::DialRequested,
                since: dial.mark.at,
                direction: Some(CallDirection::Outbound),
                number: dial.number.clone(),
                external_call_id: None,
                engagement_id: None,
                began_at: Some(dial.mark.at),
                answered_at: None,
                ended_at: None,
                end_status: None,
            });
        }
        let call = self.current.as_ref()?;
        let at = |mark: Option<Mark>| mark.map(|mark| mark.at);
        Some(Call {
            index: call.serial,
            phase: call.phase,
            since: call.since,
            direction: call.direction,
            number: call.number.clone(),
            external_call_id: call.external_ids.first().cloned(),
            engagement_id: call.engagements.first().map(|(id, _)| id.clone()),
            began_at: call.direction.map(|_| call.began.at),
            answered_at: at(call.answered),
            ended_at: at(call.ended),
            end_status: call.end_status.clone(),
        })
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
