//! The facts that the state of a conversation hangs on, so that they outlive the frames around
//! them.

use callscope_protocol::{Fact, Frame, Gap, GapReason, Side};

use crate::recorder::envelope;

/// The most SYNCs of a conversation that may be the answered one.
const MOST_SYNCS: usize = 400;

/// What the state of a conversation hangs on, so that it outlives the frames around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pin {
    Start,
    LateStart,
    HalfMissing,
    FirstSync,
    AnsweredSync,
    SyncAck,
    Initialized,
    Login,
    Availability,
    Closed,
}

/// What is kept of one conversation whatever happens.
#[derive(Debug, Default)]
pub(super) struct Pins {
    kept: Vec<(Pin, u32)>,
    /// messageIds and record ids of SYNCs that were not answered yet.
    syncs: Vec<(String, u32)>,
}

impl Pins {
    /// The SYNC that was answered, if it is not the first one.
    pub(super) fn answered_sync(&self) -> Option<u32> {
        self.find(Pin::AnsweredSync)
    }

    /// The ids of all that is kept.
    pub(super) fn into_ids(self) -> impl Iterator<Item = u32> {
        self.kept.into_iter().map(|(_, id)| id)
    }

    fn find(&self, pin: Pin) -> Option<u32> {
        self.kept
            .iter()
            .find(|(kept, _)| *kept == pin)
            .map(|(_, id)| *id)
    }

    /// Looks at one fact: whether it is to be kept, and what need not be kept any more for it.
    pub(super) fn keep(&mut self, fact: &Fact, id: u32) -> (bool, Option<u32>) {
        let (pin, latest) = match fact {
            Fact::Conversation(_) => (Pin::Start, false),
            Fact::Closed(_) => (Pin::Closed, true),
            Fact::Gap(Gap {
                why: GapReason::LateStart,
                ..
            }) => (Pin::LateStart, true),
            Fact::Gap(Gap {
                why: GapReason::HalfMissing(_),
                ..
            }) => (Pin::HalfMissing, true),
            Fact::Frame(frame) => match self.pin_of(frame, id) {
                Some(pin) => pin,
                None => return (false, None),
            },
            Fact::Gap(_) | Fact::Setting(_) | Fact::End(_) => return (false, None),
        };
        match self.kept.iter_mut().find(|(kept, _)| *kept == pin) {
            Some((_, kept)) if latest => (true, Some(std::mem::replace(kept, id))),
            Some(_) => (false, None),
            None => {
                self.kept.push((pin, id));
                (true, None)
            }
        }
    }

    /// What a frame is kept as, and whether the latest one is kept rather than the first.
    fn pin_of(&mut self, frame: &Frame, id: u32) -> Option<(Pin, bool)> {
        let envelope = envelope::read(frame.message.as_str());
        Some(match (frame.from, envelope.type_name?) {
            (Side::Host, "SYNC") => {
                if let Some(message_id) = envelope.message_id {
                    if self.syncs.len() >= MOST_SYNCS {
                        self.syncs.remove(0);
                    }
                    self.syncs.push((message_id.to_owned(), id));
                }
                (Pin::FirstSync, false)
            }
            (Side::Widget, "SYNC_ACK") => {
                let mut syncs = self.syncs.iter();
                let answered = syncs.find(|(sync, _)| Some(sync.as_str()) == envelope.message_id);
                if let Some((_, answered)) = answered
                    && self.find(Pin::AnsweredSync).is_none()
                    && self.find(Pin::FirstSync) != Some(*answered)
                {
                    self.kept.push((Pin::AnsweredSync, *answered));
                }
                (Pin::SyncAck, false)
            }
            (Side::Widget, "INITIALIZED") => (Pin::Initialized, false),
            (Side::Widget, "LOGGED_IN" | "LOGGED_OUT") => (Pin::Login, true),
            (Side::Widget, "USER_AVAILABLE" | "USER_UNAVAILABLE") => (Pin::Availability, true),
            _ => return None,
        })
    }
}
