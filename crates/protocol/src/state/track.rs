//! One call as the messages tell it.

use super::Mark;
use crate::{Call, CallDirection, CallPhase, MessageType, Millis, Side};

/// A number that HubSpot asked the widget to dial.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dial {
    /// The number in the conversation of the call that will take it up.
    pub(crate) serial: u32,
    pub(crate) mark: Mark,
    pub(crate) number: Option<String>,
    pub(super) extent: Extent,
}

/// The messages of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Extent {
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) count: u64,
}

impl Extent {
    pub(super) fn add(&mut self, seq: u64) {
        if self.count == 0 {
            self.first = seq;
        }
        self.last = seq;
        self.count += 1;
    }
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
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
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
    /// The engagement that answered the request of this very call; `engagements` has all that
    /// came while it was the call of now.
    pub(super) engagement: Option<String>,
    pub(super) finalizing: bool,
    pub(super) extent: Extent,
}

impl CallTrack {
    /// More are kept by no sane call.
    pub(super) const MANY: usize = 8;
    pub(super) const MATCHES: usize = 100;

    pub(super) fn new(serial: u32, phase: CallPhase, mark: Mark, sure: bool) -> Self {
        Self {
            serial,
            phase,
            since: mark.at,
            direction: None,
            from: None,
            to: None,
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
            engagement: None,
            finalizing: false,
            extent: Extent::default(),
        }
    }

    pub(super) fn has_engagement(&self, id: &str) -> bool {
        self.engagement.as_deref() == Some(id)
            || self.engagements.iter().any(|(known, _)| known == id)
    }

    /// Whether a message that names its engagement and nothing else can still be about it.
    pub(super) fn awaits(&self, ty: Option<MessageType>) -> bool {
        match ty {
            Some(MessageType::CallCompleted) => self.ended.is_some() && self.completed.is_none(),
            Some(MessageType::FinalizeEngagement | MessageType::PublishToChannel) => {
                !self.phase.is_active()
            }
            Some(ty) => ty.spec().direction.allows(Side::Host),
            None => false,
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

    pub(super) fn enter(&mut self, phase: CallPhase, at: Millis) {
        self.phase = phase;
        self.since = at;
    }

    pub(super) fn add_external_id(&mut self, id: Option<&str>) {
        if let Some(id) = id
            && !self.has_external_id(id)
            && self.external_ids.len() < Self::MANY
        {
            self.external_ids.push(id.to_owned());
        }
    }

    pub(super) fn add_engagement(&mut self, id: Option<&str>, mark: Mark) {
        if let Some(id) = id
            && !self.engagements.iter().any(|(known, _)| known == id)
            && self.engagements.len() < Self::MANY
        {
            self.engagements.push((id.to_owned(), mark));
        }
    }
}

// These write into what is there, so that a message costs no new texts.
impl Dial {
    pub(super) fn show(&self, view: &mut Call) {
        *view = Call::new(view.id);
        view.id.serial = self.serial;
        view.phase = CallPhase::DialRequested;
        view.since = self.mark.at;
        view.direction = Some(CallDirection::Outbound);
        view.to.clone_from(&self.number);
        view.requested_at = Some(self.mark.at);
        self.extent.show(view);
    }
}

impl CallTrack {
    pub(super) fn show(&self, view: &mut Call) {
        let at = |mark: Option<Mark>| mark.map(|mark| mark.at);
        let engagement = self.engagement.as_ref();
        let given = || self.engagements.first().map(|(id, _)| id);
        view.id.serial = self.serial;
        view.phase = self.phase;
        view.since = self.since;
        view.direction = self.direction;
        view.from.clone_from(&self.from);
        view.to.clone_from(&self.to);
        set(&mut view.external_call_id, self.external_ids.first());
        set(&mut view.engagement_id, engagement.or_else(given));
        view.requested_at = self.dial.as_ref().map(|dial| dial.mark.at);
        view.started_at = self.direction.map(|_| self.began.at);
        view.answered_at = at(self.answered);
        view.ended_at = at(self.ended.or(self.transferred));
        view.end_status.clone_from(&self.end_status);
        self.extent.show(view);
    }
}

impl Extent {
    pub(super) const fn show(self, view: &mut Call) {
        view.first_seq = self.first;
        view.last_seq = self.last;
        view.message_count = self.count;
    }
}

fn set(text: &mut Option<String>, new: Option<&String>) {
    match (text.as_mut(), new) {
        (Some(text), Some(new)) => text.clone_from(new),
        _ => *text = new.cloned(),
    }
}
