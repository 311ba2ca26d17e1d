//! How the machines are drawn: where each state is placed, and which transitions a well-behaved
//! session takes.

use callscope_protocol::MessageType;
use callscope_protocol::MessageType::{
    CallAnswered, CallCompleted, CallEnded, CallTransferred, DialNumber, FinalizeEngagement,
    FinalizeEngagementSucceeded, IncomingCall, Initialized, LoggedIn, LoggedOut,
    OutgoingCallStarted, Sync, SyncAck, UserAvailable, UserUnavailable,
};

/// Where a state is placed, in columns from the left and rows from the top; halves are in between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Columns from the left.
    pub column: f32,
    /// Rows from the top.
    pub row: f32,
}

/// A state and its place.
pub(super) struct Station {
    pub(super) name: &'static str,
    pub(super) spot: Spot,
}

const fn at(name: &'static str, column: f32, row: f32) -> Station {
    Station {
        name,
        spot: Spot { column, row },
    }
}

/// What triggers a transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// A message of this type.
    Message(MessageType),
    /// Something else, in words.
    Other(&'static str),
}

impl By {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Message(ty) => ty.name(),
            Self::Other(words) => words,
        }
    }
}

/// A transition of a well-behaved session, with its states as indices into the table.
pub(super) struct Usual {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) by: By,
}

const fn on(from: usize, to: usize, ty: MessageType) -> Usual {
    Usual {
        from,
        to,
        by: By::Message(ty),
    }
}

const fn when(from: usize, to: usize, words: &'static str) -> Usual {
    Usual {
        from,
        to,
        by: By::Other(words),
    }
}

/// In the order of `LinkState`.
pub(super) const LINK: [Station; 7] = [
    at("silent", 0.0, 0.0),
    at("joined later", 2.0, 1.0),
    at("syncing", 1.0, 0.0),
    at("ready", 2.0, 0.0),
    at("initialized", 3.0, 0.0),
    at("failed", 1.0, 1.0),
    at("closed", 3.0, 1.0),
];

pub(super) const LINK_USUAL: [Usual; 6] = [
    on(0, 2, Sync),
    on(2, 3, SyncAck),
    on(3, 4, Initialized),
    on(1, 4, Initialized),
    when(2, 5, "no answer"),
    when(4, 6, "page left"),
];

pub(super) const LOGIN: [Station; 3] = [
    at("unknown", 0.0, 0.0),
    at("logged out", 2.0, 0.0),
    at("logged in", 1.0, 0.0),
];

pub(super) const LOGIN_USUAL: [Usual; 4] = [
    on(0, 2, Initialized),
    on(0, 1, Initialized),
    on(2, 1, LoggedOut),
    on(1, 2, LoggedIn),
];

pub(super) const AVAILABILITY: [Station; 3] = [
    at("unknown", 0.0, 0.0),
    at("unavailable", 2.0, 0.0),
    at("available", 1.0, 0.0),
];

pub(super) const AVAILABILITY_USUAL: [Usual; 4] = [
    on(0, 2, Initialized),
    on(0, 1, Initialized),
    on(2, 1, UserUnavailable),
    on(1, 2, UserAvailable),
];

/// "no call", then the phases in the order of `CallPhase`.
pub(super) const CALL: [Station; 10] = [
    at("no call", 1.0, 0.0),
    at("dial requested", 0.0, 1.0),
    at("started", 0.0, 2.0),
    at("ringing", 1.0, 1.0),
    at("resumed", 2.0, 1.0),
    at("answered", 1.0, 3.0),
    at("ended", 1.0, 5.0),
    at("finalizing", 0.0, 6.0),
    at("completed", 1.0, 7.0),
    at("transferred", 2.0, 4.5),
];

pub(super) const CALL_USUAL: [Usual; 18] = [
    on(0, 1, DialNumber),
    on(0, 2, OutgoingCallStarted),
    on(0, 3, IncomingCall),
    when(0, 4, "began before"),
    on(1, 2, OutgoingCallStarted),
    on(2, 5, CallAnswered),
    on(3, 5, CallAnswered),
    on(4, 5, CallAnswered),
    on(2, 6, CallEnded),
    on(3, 6, CallEnded),
    on(4, 6, CallEnded),
    on(5, 6, CallEnded),
    on(5, 9, CallTransferred),
    on(6, 8, CallCompleted),
    on(6, 7, FinalizeEngagement),
    on(8, 7, FinalizeEngagement),
    on(7, 6, FinalizeEngagementSucceeded),
    on(7, 8, FinalizeEngagementSucceeded),
];
