//! Calls as the messages describe them: the current one, and the last few that are over.

mod host;
mod meaning;
mod widget;

use std::collections::VecDeque;

pub(crate) use meaning::{Click, CompletedBy, EndedBy, direction_of, other_party};

use super::track::{CallTrack, Dial, Naming};
use super::{Mark, hash_id};
use crate::parsed_message::ParsedMessage;
use crate::{
    Beginning, Call, CallDirection, CallId, CallPhase, CallState, ConversationId, MessageType, Side,
};

/// The calls of a conversation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calls {
    /// Whose calls they are.
    pub(crate) conversation: ConversationId,
    /// The current call, or the last one.
    pub(crate) current: Option<CallTrack>,
    /// The calls before it, the newest last.
    pub(crate) recent: VecDeque<CallTrack>,
    /// The call that HubSpot asked for and the widget has not started yet.
    pub(crate) dial: Option<Dial>,
    /// Hashes of the widget's ids of calls before `current`.
    used_ids: VecDeque<u64>,
    /// The engagements that HubSpot gave, oldest first, including those of earlier page loads.
    given: VecDeque<GivenEngagement>,
    /// A call that is not known was never announced, because no message of this page load is
    /// missing.
    pub(super) knows_all: bool,
    /// A call was not over when the previous page unloaded, and no other was announced since, so
    /// that the widget's messages may be about that one.
    pub(crate) has_left: bool,
    /// The calls that earlier pages left unfinished, oldest first.
    pub(crate) left: VecDeque<LeftCall>,
    /// The one of those calls that the message being processed names.
    pub(super) named_left: Option<LeftCall>,
    /// The start being processed announces a call that another frame of the session has announced.
    pub(crate) announced_elsewhere: Option<Elsewhere>,
    /// The calls that this conversation's pages left with an engagement still to be completed.
    pub(crate) unsaved: VecDeque<Unsaved>,
    /// The number of calls so far, including the one that HubSpot asked for.
    count: u32,
    /// Calls that no later message can change.
    over: Vec<Call>,
}

/// An engagement that HubSpot gave to one call.
#[derive(Clone, Debug)]
pub(crate) struct GivenEngagement {
    /// The hash of its id.
    id: u64,
    /// The call's number in the conversation.
    pub(crate) call: u32,
    /// The message that gave it.
    pub(crate) mark: Mark,
    /// The widget's id of the call.
    pub(crate) external_id: Option<String>,
}

/// A call that a page left unfinished, and that the next page may continue.
#[derive(Clone, Debug)]
pub(crate) struct LeftCall {
    /// The message that began it.
    pub(crate) began: Mark,
    /// It was announced, and had not ended.
    pub(crate) is_going_on: bool,
    /// Its engagement, and the message that gave it, if HubSpot gave it one.
    pub(crate) engagement: Option<(String, Mark)>,
    /// The widget's ids for it.
    external_ids: Vec<String>,
}

impl LeftCall {
    /// Whether a message names this call.
    fn is_named_by(&self, seen: &ParsedMessage<'_>) -> bool {
        let id = seen.id_field("externalCallId");
        let engagement = seen.id_field("engagementId");
        let own = self.engagement.as_ref().map(|(id, _)| id.as_str());
        id.is_some_and(|id| self.has_external_id(id)) || own.is_some() && own == engagement
    }

    /// The widget's id for it.
    pub(crate) fn external_id(&self) -> Option<&str> {
        self.external_ids.first().map(String::as_str)
    }

    pub(crate) fn has_external_id(&self, id: &str) -> bool {
        self.external_ids.iter().any(|own| own == id)
    }
}

/// A call in progress that another frame has announced.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elsewhere {
    /// The conversation of that frame.
    pub(crate) conversation: ConversationId,
    /// The announcement.
    pub(crate) began: Mark,
    /// It has the same `externalCallId`, not only the same number.
    pub(crate) is_same_id: bool,
}

/// A call that had ended when its page went away, and whose engagement is still to be completed.
#[derive(Clone, Debug)]
pub(crate) struct Unsaved {
    /// The call's number.
    pub(crate) serial: u32,
    pub(crate) ended: Mark,
    /// The id of its engagement.
    pub(crate) engagement_id: String,
    /// The message that gave the engagement.
    pub(crate) given: Mark,
    /// The widget's ids for the call.
    external_ids: Vec<String>,
}

/// What else decides which call a message is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'a> {
    /// The number of the call whose request the message answers.
    pub(super) asked: Option<u32>,
    /// The numbers of the calls that wait for an engagement, if the message gives one.
    pub(super) waiting: &'a [u32],
    /// No message is missing since the handshake.
    pub(super) is_complete: bool,
    /// Messages were missing shortly before, so that it may answer one of them.
    pub(super) is_after_gap: bool,
    /// Two SDK objects send messages from the widget's page.
    pub(super) has_two_sdks: bool,
}

impl Scene<'_> {
    /// Whether more than one call waits for the engagement: HubSpot's answers name no call, and may
    /// come in any order.
    const fn is_contested(self) -> bool {
        self.waiting.len() > 1
    }
}

impl Calls {
    /// This many past calls can still get late messages.
    const RECENT: usize = 4;
    const USED_IDS: usize = 256;
    const GIVEN: usize = 256;
    /// This many calls of earlier pages can still be continued.
    const LEFT: usize = 8;
    /// Longer ids are not quoted.
    const QUOTED_ID_BYTES: usize = 64;

    /// The call that a message is about: the one that its ids name, otherwise the current one.
    pub(crate) fn find(&self, seen: &ParsedMessage<'_>) -> Option<&CallTrack> {
        let unnamed = || {
            // A call on hold continues after the one that came in between.
            let is_course = matches!(
                seen.ty,
                Some(
                    MessageType::CallAnswered
                        | MessageType::CallEnded
                        | MessageType::CallTransferred
                )
            );
            let active = if is_course { self.active() } else { None };
            let call = active.or(self.current.as_ref())?;
            // An unknown id is a mistake of the widget, or belongs to a call that was not recorded.
            let is_other = call.naming(seen) == Naming::Another;
            (self.knows_all || !is_other).then_some(call)
        };
        self.named(seen).or_else(unnamed)
    }

    fn named(&self, seen: &ParsedMessage<'_>) -> Option<&CallTrack> {
        if let Some(id) = seen.id_field("externalCallId") {
            let named = self.known().find(|call| call.has_external_id(id));
            if let Some(call) = named {
                return Some(self.meant_instead(call, seen).unwrap_or(call));
            }
            // Of an id that no call has, the engagement may tell which call is meant.
            if !seen.is(MessageType::CallCompleted) {
                return None;
            }
        }
        let id = seen.id_field("engagementId")?;
        self.known()
            .find(|call| call.has_engagement(id) && call.awaits(seen.ty))
    }

    /// The call that an end or a completion is really about, although it names one that is already
    /// past that stage: its engagement belongs to another call, which is still to be ended or
    /// completed.
    fn meant_instead(&self, named: &CallTrack, seen: &ParsedMessage<'_>) -> Option<&CallTrack> {
        let lacks = |call: &CallTrack| match seen.ty {
            Some(MessageType::CallEnded) => call.ended.is_none() && call.phase.is_active(),
            Some(MessageType::CallCompleted) => call.ended.is_some() && call.completed.is_none(),
            _ => false,
        };
        let id = seen.id_field("engagementId")?;
        if named.phase.is_active() || lacks(named) || named.has_engagement(id) {
            return None;
        }
        self.known()
            .find(|call| call.serial != named.serial && call.has_engagement(id) && lacks(call))
    }

    /// Whether another call than this one has the id.
    pub(crate) fn is_of_another(&self, external_id: &str, serial: u32) -> bool {
        let mut known = self.known();
        known.any(|call| call.serial != serial && call.has_external_id(external_id))
    }

    /// The call that the start of another one drops from those that messages can be about.
    pub(crate) fn drops_next(&self) -> Option<u32> {
        let oldest = self.recent.front()?;
        (self.recent.len() == Self::RECENT && self.current.is_some()).then_some(oldest.serial)
    }

    /// The calls that messages can still be about, the newest first.
    pub(crate) fn known(&self) -> impl Iterator<Item = &CallTrack> {
        self.current.iter().chain(self.recent.iter().rev())
    }

    fn get_mut(&mut self, serial: u32) -> Option<&mut CallTrack> {
        let calls = self.current.iter_mut().chain(&mut self.recent);
        calls.into_iter().find(|call| call.serial == serial)
    }

    fn find_mut(&mut self, seen: &ParsedMessage<'_>) -> Option<&mut CallTrack> {
        let serial = self.find(seen)?.serial;
        self.get_mut(serial)
    }

    /// The call in progress: the current one, or one on hold because of call waiting.
    pub(crate) fn active(&self) -> Option<&CallTrack> {
        let current = self.current.as_ref().filter(|call| call.phase.is_active());
        let mut recent = self.recent.iter().rev();
        current.or_else(|| recent.find(|call| call.is_held && call.phase.is_active()))
    }

    /// Whether the call that this message announced is in progress.
    pub(crate) fn is_going_on(&self, began: Mark) -> bool {
        self.known()
            .any(|call| call.began == began && call.phase.is_active())
    }

    /// Whether the next page inherits a call if this one unloads: one in progress, or one that has
    /// ended and is still to be completed.
    pub(crate) fn leave_one(&self) -> bool {
        let current = self.current.as_ref();
        self.has_left || self.active().is_some() || current.is_some_and(CallTrack::is_to_be_saved)
    }

    /// The calls that the next page would inherit, oldest first.
    pub(crate) fn leave_calls(&self) -> VecDeque<LeftCall> {
        let calls = self.recent.iter().chain(&self.current);
        let open = calls.filter(|call| call.phase.is_active() || call.is_to_be_saved());
        let open = open.map(|call| {
            let given = call.engagements.last().filter(|it| it.sure && call.sure);
            LeftCall {
                began: call.began,
                is_going_on: call.phase.is_active() && call.beginning == Beginning::Announced,
                engagement: given.map(|it| (it.id.clone(), it.mark)),
                external_ids: call.external_ids.clone(),
            }
        });
        let mut left: VecDeque<LeftCall> = self.left.iter().cloned().chain(open).collect();
        left.drain(..left.len().saturating_sub(Self::LEFT));
        left
    }

    /// The call of an earlier page that a message names.
    pub(crate) fn left_to(&self, seen: &ParsedMessage<'_>) -> Option<&LeftCall> {
        self.left.iter().rev().find(|left| left.is_named_by(seen))
    }

    /// The call that an earlier page announced, that goes on, and that this start announces again.
    pub(crate) fn announced_before_reload(&self, seen: &ParsedMessage<'_>) -> Option<&LeftCall> {
        direction_of(seen)?;
        let id = seen.id_field("externalCallId")?;
        let mut left = self.left.iter().rev();
        left.find(|left| left.is_going_on && left.has_external_id(id))
    }

    /// Notes the calls whose completion the page that goes away leaves to the next one.
    fn leave_unsaved(&mut self) {
        let calls = self.recent.iter().chain(&self.current);
        for call in calls.filter(|call| call.lacks_completion()) {
            let given = call.engagements.iter().find(|it| it.is_open());
            let Some((ended, given)) = call.ended.zip(given) else {
                continue;
            };
            if self.unsaved.len() == Self::LEFT {
                self.unsaved.pop_front();
            }
            self.unsaved.push_back(Unsaved {
                serial: call.serial,
                ended,
                engagement_id: given.id.clone(),
                given: given.mark,
                external_ids: call.external_ids.clone(),
            });
        }
    }

    /// Whether an earlier page left a call with an engagement.
    pub(crate) fn has_left_engagement(&self) -> bool {
        self.left.iter().any(|left| left.engagement.is_some())
    }

    /// Notes that a page completes a call that an earlier page left.
    pub(crate) fn save(&mut self, seen: &ParsedMessage<'_>) {
        let is_completion = seen.is(MessageType::CallCompleted) && seen.from() == Side::Widget;
        if !is_completion {
            return;
        }
        self.left.retain(|left| !left.is_named_by(seen));
        let id = seen.id_field("externalCallId");
        let engagement_id = seen.id_field("engagementId");
        self.unsaved.retain(|call| {
            let is_named = id.is_some_and(|id| call.external_ids.iter().any(|own| own == id));
            !is_named && engagement_id != Some(call.engagement_id.as_str())
        });
    }

    /// Whether an earlier call had this id.
    pub(crate) fn was_used(&self, external_id: &str) -> bool {
        let current = self.current.as_ref();
        current.is_some_and(|call| call.has_external_id(external_id))
            || self.used_ids.contains(&hash_id(external_id))
    }

    /// The call that HubSpot gave this engagement to, if it was certainly given to one call only.
    pub(crate) fn owner_of(&self, engagement_id: &str) -> Option<&GivenEngagement> {
        let id = hash_id(engagement_id);
        self.given.iter().rev().find(|given| given.id == id)
    }

    /// Updates the calls with a message, and returns the number of the call that it belongs to.
    pub(super) fn apply(
        &mut self,
        seen: &ParsedMessage<'_>,
        mark: Mark,
        scene: Scene<'_>,
    ) -> Option<u32> {
        let serial = match (seen.ty, seen.from()) {
            (Some(ty), Side::Widget) => self.on_widget(ty, seen, mark, scene),
            (Some(ty), Side::Host) => self.on_host(ty, seen, mark, scene),
            (None, _) => self.bystander(seen, scene),
        }?;
        self.extend(serial, mark.seq);
        Some(serial)
    }

    /// A message that is not about calls, or comes from the wrong side, changes no call.
    fn bystander(&self, seen: &ParsedMessage<'_>, scene: Scene<'_>) -> Option<u32> {
        let named = self.named(seen).map(|call| call.serial);
        named
            .or(scene.asked)
            .or_else(|| Some(self.active()?.serial))
    }

    /// Adds a message to a call's count.
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

    fn next_serial(&mut self) -> u32 {
        self.count = self.count.saturating_add(1);
        self.count
    }

    fn begin(
        &mut self,
        serial: Option<u32>,
        phase: CallPhase,
        beginning: Beginning,
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
        let call = CallTrack::new(serial, phase, beginning, mark, sure);
        self.current.insert(call)
    }

    /// Another page of the widget begins, perhaps with a call that continues.
    pub(super) fn begin_load(&mut self, resumed_engagement: Option<&str>, mark: Mark) {
        self.clear();
        if let Some(id) = resumed_engagement {
            let call = self.begin(
                None,
                CallPhase::Resumed,
                Beginning::NotRecorded,
                mark,
                false,
            );
            call.add_engagement(id, mark, true);
            call.extent.add(mark.seq);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.has_left = self.leave_one();
        self.left = self.leave_calls();
        self.leave_unsaved();
        // A call that was not completed may continue in the next page.
        let open: Vec<u32> = self
            .known()
            .filter(|call| call.completed.is_none())
            .map(|call| call.serial)
            .collect();
        self.given.retain(|given| !open.contains(&given.call));
        let open: Vec<Call> = self.open().collect();
        self.over.extend(open);
        self.current = None;
        self.recent.clear();
        self.dial = None;
    }

    /// Messages may be missing, so what is known may be out of date.
    pub(super) fn doubt(&mut self) {
        for call in self.current.iter_mut().chain(&mut self.recent) {
            call.sure = false;
        }
        self.unsaved.clear();
        let dial = self.dial.take();
        let dial = dial.map(|dial| self.of(|view| dial.show(view)));
        self.over.extend(dial);
    }

    /// Removes and returns the calls that no later message can change.
    pub(crate) fn drain_over(&mut self) -> impl Iterator<Item = Call> {
        self.over.drain(..)
    }

    /// The calls that messages can still be about; the current one comes last.
    pub(crate) fn open(&self) -> impl Iterator<Item = Call> {
        let calls = self.recent.iter().chain(&self.current);
        let dial = self.dial.iter().map(|dial| self.of(|view| dial.show(view)));
        let calls = calls.map(|call| self.of(|view| call.show(view)));
        calls.chain(dial)
    }

    /// Writes the current call into `view`.
    pub(super) fn show(&self, view: &mut Option<Call>) {
        let busy = self.active().is_some();
        match (&self.dial, &self.current) {
            (Some(dial), _) if !busy => dial.show(view.get_or_insert_with(|| self.blank())),
            (_, Some(call)) => {
                let call = self.active().unwrap_or(call);
                call.show(view.get_or_insert_with(|| self.blank()));
            }
            (_, None) => *view = None,
        }
    }

    /// How far a call has got that messages can still be about.
    pub(super) fn state_of(&self, serial: u32) -> Option<CallState> {
        if self.dial.as_ref().is_some_and(|dial| dial.serial == serial) {
            return Some(CallState {
                serial,
                phase: CallPhase::DialRequested,
                direction: Some(CallDirection::Outbound),
            });
        }
        let call = self.known().find(|call| call.serial == serial)?;
        Some(CallState {
            serial,
            phase: call.phase,
            direction: call.direction,
        })
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
