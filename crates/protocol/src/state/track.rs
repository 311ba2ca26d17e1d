//! One call as the messages describe it.

use super::Mark;
use super::calls::Click;
use crate::parsed_message::ParsedMessage;
use crate::{Beginning, Call, CallDirection, CallPhase, MessageType, Millis, Side};

/// A number that HubSpot asked the widget to dial.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dial {
    /// The number that its call will have in the conversation.
    pub(crate) serial: u32,
    pub(crate) mark: Mark,
    pub(crate) number: Option<String>,
    pub(crate) click: Click,
    /// The first message that repeated it.
    pub(crate) repeated: Option<Mark>,
    pub(super) extent: Extent,
}

/// An engagement that HubSpot gave to a call.
#[derive(Clone, Debug)]
pub(crate) struct Engagement {
    pub(crate) id: String,
    /// The message that gave it.
    pub(crate) mark: Mark,
    /// No other call was waiting for an engagement when it came.
    pub(crate) sure: bool,
    /// What it came too late for, if it did.
    pub(crate) late: Option<Late>,
    /// A `CALL_COMPLETED` has named it.
    pub(crate) is_completed: bool,
}

impl Engagement {
    /// Whether the completion of its call can still complete it.
    pub(crate) fn is_open(&self) -> bool {
        !self.is_completed && !matches!(self.late, Some(Late::Completed(_)))
    }
}

/// Whether a message's `externalCallId` names this call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// It names this one.
    This,
    /// It names another one.
    Another,
    /// The message or the call has no id, so this call may be meant.
    Open,
}

/// What an engagement came too late for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Late {
    /// The `CALL_COMPLETED` of its call.
    Completed(Mark),
    /// The start of the next call.
    NextCall(Mark),
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
    pub(crate) beginning: Beginning,
    pub(crate) phase: CallPhase,
    pub(crate) since: Millis,
    pub(crate) direction: Option<CallDirection>,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
    /// The message that began it, or the first message about it if none did.
    pub(crate) began: Mark,
    /// No message is missing since it began.
    pub(crate) sure: bool,
    pub(crate) dial: Option<Dial>,
    pub(crate) answered: Option<Mark>,
    pub(crate) ended: Option<Mark>,
    pub(crate) completed: Option<Mark>,
    pub(crate) transferred: Option<Mark>,
    pub(crate) end_status: Option<String>,
    /// The message that announced it a second time.
    pub(crate) announced_again: Option<Mark>,
    /// It is on hold: another call came in while it was answered.
    pub(crate) is_held: bool,
    /// The widget's ids for it; more than one only by mistake.
    pub(crate) external_ids: Vec<String>,
    /// HubSpot's engagements for it; more than one only by mistake.
    pub(crate) engagements: Vec<Engagement>,
    /// HubSpot could not create an engagement.
    pub(crate) engagement_failed: Option<Mark>,
    /// HubSpot gave the engagement in the deprecated message.
    pub(crate) created_by_old: Option<Mark>,
    /// HubSpot gave the engagement in the newer message.
    pub(crate) created_by_new: bool,
    pub(crate) call_data: bool,
    /// `CALL_COMPLETED` had `hideWidget: true`.
    pub(crate) hid_widget: bool,
    /// `CALL_COMPLETED` had an `engagementId`.
    pub(crate) completed_with_id: bool,
    /// HubSpot could not update the engagement, so the widget may complete the call again.
    pub(crate) update_failed: bool,
    /// The type and the message of the request to finalize that is in effect.
    pub(crate) finalized: Option<(MessageType, Mark)>,
    /// The object ids of the records that HubSpot matched with the caller.
    pub(crate) matches: Option<Vec<String>>,
    pub(super) finalizing: bool,
    pub(super) extent: Extent,
}

impl CallTrack {
    /// No sane call has more.
    pub(super) const MANY: usize = 8;
    pub(super) const MATCHES: usize = 100;

    pub(super) fn new(
        serial: u32,
        phase: CallPhase,
        beginning: Beginning,
        mark: Mark,
        sure: bool,
    ) -> Self {
        Self {
            serial,
            beginning,
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
            announced_again: None,
            is_held: false,
            external_ids: Vec::new(),
            engagements: Vec::new(),
            engagement_failed: None,
            created_by_old: None,
            created_by_new: false,
            call_data: false,
            hid_widget: false,
            completed_with_id: false,
            update_failed: false,
            finalized: None,
            matches: None,
            finalizing: false,
            extent: Extent::default(),
        }
    }

    pub(crate) fn has_engagement(&self, id: &str) -> bool {
        self.engagements.iter().any(|known| known.id == id)
    }

    /// The other party's number.
    pub(crate) fn number(&self) -> Option<&str> {
        match self.direction? {
            CallDirection::Inbound => self.from.as_deref(),
            CallDirection::Outbound => self.to.as_deref(),
        }
    }

    /// Whether a message that names only its engagement can still be about this call.
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

    /// Whether a message's `externalCallId` names this call.
    pub(crate) fn naming(&self, seen: &ParsedMessage<'_>) -> Naming {
        match seen.id_field("externalCallId") {
            Some(id) if self.has_external_id(id) => Naming::This,
            Some(_) if !self.external_ids.is_empty() => Naming::Another,
            _ => Naming::Open,
        }
    }

    pub(crate) fn has_external_id(&self, id: &str) -> bool {
        self.external_ids.iter().any(|known| known == id)
    }

    /// Whether it needs a completion that has not come yet.
    pub(crate) fn lacks_completion(&self) -> bool {
        self.sure && self.is_to_be_saved() && self.engagements.iter().any(Engagement::is_open)
    }

    /// Whether it has ended and may still be completed.
    pub(crate) fn is_to_be_saved(&self) -> bool {
        self.ended.is_some() && self.completed.is_none() && self.transferred.is_none()
    }

    /// Engagements that arrived after the completion, and that nothing completed since; with each,
    /// the completion.
    pub(crate) fn left_over(&self) -> impl Iterator<Item = (&Engagement, Mark)> {
        let is_judged = self.sure && self.transferred.is_none();
        let engagements = self.engagements.iter().filter(move |_| is_judged);
        let open = engagements.filter(|it| !it.is_completed);
        open.filter_map(|it| match it.late? {
            Late::Completed(completed) => Some((it, completed)),
            Late::NextCall(_) => None,
        })
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

    /// Adds an engagement to the call; `sure` if no other call was waiting for one.
    pub(super) fn add_engagement(&mut self, id: &str, mark: Mark, sure: bool) {
        if let Some(known) = self.engagements.iter_mut().find(|known| known.id == id) {
            known.sure |= sure;
            return;
        }
        if self.engagements.len() < Self::MANY {
            self.engagements.push(Engagement {
                id: id.to_owned(),
                mark,
                sure,
                late: None,
                is_completed: false,
            });
        }
    }
}

// These write into existing memory, so that a message allocates no new strings.
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
        let own = self.engagements.iter().find(|it| it.sure);
        let engagement = own.or(self.engagements.first()).map(|it| &it.id);
        view.id.serial = self.serial;
        view.beginning = self.beginning;
        view.phase = self.phase;
        view.since = self.since;
        view.direction = self.direction;
        view.from.clone_from(&self.from);
        view.to.clone_from(&self.to);
        set(&mut view.external_call_id, self.external_ids.first());
        set(&mut view.engagement_id, engagement);
        view.requested_at = self.dial.as_ref().map(|dial| dial.mark.at);
        view.started_at = match self.beginning {
            Beginning::Announced => Some(self.began.at),
            Beginning::NeverAnnounced | Beginning::NotRecorded => None,
        };
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
