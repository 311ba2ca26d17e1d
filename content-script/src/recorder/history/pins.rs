//! The facts that a conversation's state depends on, which must outlive the messages around them.

use callscope_protocol::{Gap, GapReason, MessageType, Side};

use crate::recorder::filed::Filed;
use crate::recorder::heard::Passed;
use crate::speech::Speech;

/// The most SYNCs of a conversation that may be the answered one.
const MOST_SYNCS: usize = callscope_bus::bounds::ASKED_SYNCS;

/// The kinds of facts that a conversation's state depends on.
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

/// The facts of a conversation that are always kept.
#[derive(Debug, Default)]
pub(super) struct Pins {
    kept: Vec<(Pin, u32)>,
    /// The messageIds and record ids of SYNCs not answered yet.
    syncs: Vec<(String, u32)>,
}

impl Pins {
    /// The record id of the answered SYNC, if it is not the first SYNC.
    pub(super) fn answered_sync(&self) -> Option<u32> {
        self.find(Pin::AnsweredSync)
    }

    /// Whether the host has sent SYNC.
    pub(super) fn has_sync(&self) -> bool {
        self.find(Pin::FirstSync).is_some()
    }

    /// The ids of everything kept.
    pub(super) fn into_ids(self) -> impl Iterator<Item = u32> {
        self.kept.into_iter().map(|(_, id)| id)
    }

    fn find(&self, pin: Pin) -> Option<u32> {
        self.kept
            .iter()
            .find(|(kept, _)| *kept == pin)
            .map(|(_, id)| *id)
    }

    /// Whether to keep a fact, and which record no longer needs to be kept because of it.
    pub(super) fn keep(&mut self, filed: &Filed, id: u32) -> (bool, Option<u32>) {
        let (pin, latest) = match filed {
            Filed::Start(_) => (Pin::Start, false),
            Filed::Closed(_) => (Pin::Closed, true),
            Filed::Gap(Gap {
                why: GapReason::LateStart,
                ..
            }) => (Pin::LateStart, true),
            Filed::Gap(Gap {
                why: GapReason::HalfMissing(_),
                ..
            }) => (Pin::HalfMissing, true),
            Filed::Message(passed) => match self.pin_of(passed, id) {
                Some(pin) => pin,
                None => return (false, None),
            },
            Filed::Gap(_) | Filed::Setting(_) | Filed::Inside(_) => return (false, None),
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

    /// What a message is kept as, and whether to keep the latest rather than the first.
    fn pin_of(&mut self, passed: &Passed, id: u32) -> Option<(Pin, bool)> {
        let message = &passed.heard.message;
        let Speech::Distinct(message_type) = message.speech() else {
            return None;
        };
        Some(match (passed.sender(), message_type) {
            (Side::Host, MessageType::Sync) => {
                if let Some(message_id) = message.id() {
                    if self.syncs.len() >= MOST_SYNCS {
                        self.syncs.remove(0);
                    }
                    self.syncs.push((message_id.to_owned(), id));
                }
                (Pin::FirstSync, false)
            }
            (Side::Widget, MessageType::SyncAck) => {
                let mut syncs = self.syncs.iter();
                let answered = syncs.find(|(sync, _)| Some(sync.as_str()) == message.id());
                if let Some((_, answered)) = answered
                    && self.find(Pin::AnsweredSync).is_none()
                    && self.find(Pin::FirstSync) != Some(*answered)
                {
                    self.kept.push((Pin::AnsweredSync, *answered));
                }
                (Pin::SyncAck, false)
            }
            (Side::Widget, MessageType::Initialized) => (Pin::Initialized, false),
            (Side::Widget, MessageType::LoggedIn | MessageType::LoggedOut) => (Pin::Login, true),
            (Side::Widget, MessageType::UserAvailable | MessageType::UserUnavailable) => {
                (Pin::Availability, true)
            }
            _ => return None,
        })
    }
}
