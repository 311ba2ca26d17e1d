//! What a message means for the known calls, for the rules and the state alike.

use super::Calls;
use crate::json::Json;
use crate::parsed_message::{ParsedMessage, id_text};
use crate::state::hash_id;
use crate::state::track::{CallTrack, Dial, Naming};
use crate::{Beginning, CallDirection, CallPhase, MessageType, Millis, Side};

/// Two starts with one number within this time, with nothing in between, are one call.
const REPEATED: Millis = Millis(5_000.0);

/// Two equal `DIAL_NUMBER`s within this time are one click.
const ONE_CLICK: Millis = Millis(1_000.0);

/// What a `CALL_ENDED` ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum EndedBy<'a> {
    /// A call that has not ended yet.
    Call(&'a CallTrack),
    /// A call that has ended already.
    Again(&'a CallTrack),
    /// No known call.
    Unknown,
}

/// What a `CALL_COMPLETED` completes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CompletedBy<'a> {
    /// A call that is not completed yet.
    Call(&'a CallTrack),
    /// A call that is completed already.
    Again(&'a CallTrack),
    /// No call: it only closes the widget.
    Closing,
    /// No known call.
    Unknown,
}

impl Calls {
    /// The call that a start announces a second time: one with its `externalCallId`, or, if the ids
    /// do not decide, the same number again within 5 s with nothing in between.
    pub(crate) fn announced_again(
        &self,
        seen: &ParsedMessage<'_>,
        has_two_sdks: bool,
    ) -> Option<&CallTrack> {
        let direction = direction_of(seen)?;
        let id = seen.id_field("externalCallId");
        let is_going_on =
            |call: &&CallTrack| call.beginning == Beginning::Announced && call.phase.is_active();
        if let Some(id) = id {
            let mut going_on = self.known().filter(is_going_on);
            let same = going_on.find(|call| call.has_external_id(id));
            if same.is_some() {
                return same;
            }
        }
        let call = self.just_announced(seen, direction, REPEATED)?;
        let number = other_party(seen, direction);
        // The call's number may come from its DIAL_NUMBER.
        let is_same_number = match number {
            Some(number) => call.number() == Some(number),
            None => call.number().is_none() || call.dial.is_some(),
        };
        let is_told_twice = has_two_sdks || call.naming(seen) == Naming::Open && number.is_some();
        (is_same_number && is_told_twice).then_some(call)
    }

    /// The call that a start announces a second time under another `externalCallId`: the same
    /// number within a second, faster than anybody hangs up and dials again.
    pub(crate) fn announced_under_other_id(&self, seen: &ParsedMessage<'_>) -> Option<&CallTrack> {
        let direction = direction_of(seen)?;
        let call = self.just_announced(seen, direction, ONE_CLICK)?;
        let number = other_party(seen, direction)?;
        let is_other_id = call.naming(seen) == Naming::Another;
        (is_other_id && call.number() == Some(number)).then_some(call)
    }

    /// The current call, if it was announced in this direction within this time and no message was
    /// about it since.
    fn just_announced(
        &self,
        seen: &ParsedMessage<'_>,
        direction: CallDirection,
        within: Millis,
    ) -> Option<&CallTrack> {
        let call = self.current.as_ref()?;
        let is_untouched = matches!(call.phase, CallPhase::Started | CallPhase::Ringing)
            && self.dial.is_none()
            && call.sure
            && call.beginning == Beginning::Announced
            && call.direction == Some(direction)
            && seen.at - call.began.at <= within;
        is_untouched.then_some(call)
    }

    /// The call that an earlier message was about and that this start announces only now.
    pub(crate) fn announced_late(&self, seen: &ParsedMessage<'_>) -> Option<&CallTrack> {
        let call = self.current.as_ref()?;
        let id = seen.id_field("externalCallId");
        let is_same = match id {
            Some(id) => call.has_external_id(id),
            None => call.external_ids.is_empty() && call.beginning == Beginning::NeverAnnounced,
        };
        // An end can also overtake the start, if the start is delayed.
        let has_just_ended = call.phase == CallPhase::Ended && seen.at - call.began.at <= REPEATED;
        let is_open = call.phase.is_active() || has_just_ended;
        (call.beginning != Beginning::Announced && is_open && is_same).then_some(call)
    }

    /// The call that has to wait for a new one: an incoming call with an id of its own, as in call
    /// waiting. The call before is answered or has its engagement, so that HubSpot's next answers
    /// can only be for the new one.
    pub(crate) fn lets_wait(&self, seen: &ParsedMessage<'_>) -> Option<&CallTrack> {
        let call = self.active().or(self.current.as_ref())?;
        let is_waiting = seen.is(MessageType::IncomingCall)
            && call.naming(seen) == Naming::Another
            && !self.is_forgotten(call)
            && (call.phase == CallPhase::Answered
                || call.phase.is_active() && !call.engagements.is_empty());
        is_waiting.then_some(call)
    }

    /// Whether the end of a call has evidently not been told: nobody has three calls on one line, and
    /// two others were answered and have ended since it began.
    fn is_forgotten(&self, call: &CallTrack) -> bool {
        let later = self.known().filter(|next| next.serial > call.serial);
        let done = later.filter(|next| next.answered.is_some() && next.ended.is_some());
        done.count() >= 2
    }

    /// The call that a `CALL_ANSWERED` is about although it is over: one with its `externalCallId`,
    /// or, if the ids do not decide, one that has just ended.
    pub(crate) fn answered_late(&self, seen: &ParsedMessage<'_>) -> Option<&CallTrack> {
        let call = self.find(seen).filter(|call| !call.phase.is_active())?;
        let ended = call.ended.or(call.transferred).or(call.completed);
        let is_recent = ended.is_some_and(|ended| seen.at - ended.at <= REPEATED)
            && self.dial.is_none()
            && call.beginning == Beginning::Announced;
        let is_meant = match call.naming(seen) {
            Naming::This => true,
            Naming::Open => is_recent,
            Naming::Another => false,
        };
        is_meant.then_some(call)
    }

    /// What a `CALL_ENDED` ends.
    pub(crate) fn ended_by(&self, seen: &ParsedMessage<'_>) -> EndedBy<'_> {
        let Some(call) = self.find(seen) else {
            return EndedBy::Unknown;
        };
        let Some(_) = call.ended else {
            return EndedBy::Call(call);
        };
        // After a request to dial, or some time after the completion, CALL_ENDED is about a new
        // call.
        let is_past = self.dial.is_some()
            || call
                .completed
                .is_some_and(|completed| seen.at - completed.at > REPEATED);
        let is_meant = match call.naming(seen) {
            Naming::This => true,
            Naming::Open => !is_past,
            Naming::Another => false,
        };
        if is_meant && call.beginning != Beginning::NeverAnnounced {
            EndedBy::Again(call)
        } else {
            EndedBy::Unknown
        }
    }

    /// What a `CALL_COMPLETED` completes.
    pub(crate) fn completed_by(&self, seen: &ParsedMessage<'_>) -> CompletedBy<'_> {
        let closes = seen.field("hideWidget").and_then(Json::as_bool) == Some(true);
        let unknown = if closes {
            CompletedBy::Closing
        } else {
            CompletedBy::Unknown
        };
        let Some(call) = self.find(seen) else {
            // Without `hideWidget`, HubSpot closes the widget as well.
            let says_nothing = ["hideWidget", "externalCallId", "engagementProperties"]
                .iter()
                .all(|key| seen.lacks(key))
                && seen.lacks_id("engagementId");
            return if says_nothing {
                CompletedBy::Closing
            } else {
                unknown
            };
        };
        let id = seen.id_field("externalCallId");
        let names_nothing = id.is_none() && seen.lacks_id("engagementId");
        if call.completed.is_none() {
            if closes && names_nothing && !call.sure {
                // The message that completed the call may be missing.
                return CompletedBy::Closing;
            }
            // An earlier call is completed again while another one is in progress.
            let engagement = seen.id_field("engagementId").filter(|_| id.is_none());
            let earlier = engagement
                .filter(|_| call.phase.is_active())
                .and_then(|id| {
                    let mut completed = self.known().filter(|call| call.completed.is_some());
                    completed.find(|call| call.has_engagement(id))
                });
            return earlier.map_or(CompletedBy::Call(call), CompletedBy::Again);
        }
        let is_meant = match call.naming(seen) {
            Naming::This => true,
            Naming::Open => self.dial.is_none(),
            Naming::Another => false,
        };
        if !is_meant {
            unknown
        } else if closes && (names_nothing || !call.hid_widget) {
            CompletedBy::Closing
        } else {
            CompletedBy::Again(call)
        }
    }

    /// Whether the widget completes or finalizes a call once more.
    pub(crate) fn asks_again(&self, seen: &ParsedMessage<'_>) -> bool {
        match seen.ty.filter(|_| seen.from() == Side::Widget) {
            Some(MessageType::CallCompleted) => {
                matches!(self.completed_by(seen), CompletedBy::Again(_))
            }
            Some(ty @ (MessageType::FinalizeEngagement | MessageType::PublishToChannel)) => self
                .find(seen)
                .and_then(|call| call.finalized)
                .is_some_and(|(known, _)| known == ty),
            _ => false,
        }
    }

    /// The request that a `DIAL_NUMBER` repeats, whether or not its call has started: one with the
    /// same `startTimestamp`, or an equal one within a second.
    pub(crate) fn dialed_again(&self, seen: &ParsedMessage<'_>) -> Option<&Dial> {
        let taken = self.current.as_ref().and_then(|call| call.dial.as_ref());
        let dial = self.dial.as_ref().or(taken)?;
        let click = click_of(seen);
        let is_same_click = click.start.is_some() && click.start == dial.click.start;
        let is_equal = seen.at - dial.mark.at <= ONE_CLICK && click.content == dial.click.content;
        (is_same_click || is_equal).then_some(dial)
    }
}

/// What tells one click in HubSpot from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Click {
    /// A hash of number and `startTimestamp`, if that is given.
    start: Option<u64>,
    /// A hash of the number and of the record that is called.
    content: u64,
}

/// The click that a `DIAL_NUMBER` results from.
pub(super) fn click_of(seen: &ParsedMessage<'_>) -> Click {
    let number = hash_id(dialed_number(seen).unwrap_or_default());
    let with = |hash: u64, id: Option<&str>| hash.rotate_left(1) ^ hash_id(id.unwrap_or_default());
    let start = seen.id_field("startTimestamp");
    let callee = seen.field("calleeInfo").and_then(|it| it.get("calleeId"));
    Click {
        start: start.map(|start| with(number, Some(start))),
        content: with(
            with(number, seen.id_field("objectId")),
            callee.and_then(id_text),
        ),
    }
}

/// The number in a `DIAL_NUMBER`.
pub(super) fn dialed_number<'a>(seen: &ParsedMessage<'a>) -> Option<&'a str> {
    seen.text("phoneNumber")
        .or_else(|| seen.text("phone_number"))
}

/// The direction of a call that the widget announces; `None` for every other message.
pub(crate) fn direction_of(seen: &ParsedMessage<'_>) -> Option<CallDirection> {
    let ty = seen.ty.filter(|_| seen.from() == Side::Widget)?;
    match ty {
        MessageType::OutgoingCallStarted => Some(CallDirection::Outbound),
        MessageType::IncomingCall => Some(CallDirection::Inbound),
        _ => None,
    }
}

/// The other party's number in an announcement.
pub(crate) fn other_party<'a>(
    seen: &ParsedMessage<'a>,
    direction: CallDirection,
) -> Option<&'a str> {
    let key = match direction {
        CallDirection::Outbound => "toNumber",
        CallDirection::Inbound => "fromNumber",
    };
    seen.text(key).or_else(|| seen.text("phoneNumber"))
}
