//! What a runner is told and what it tells.

use callscope_protocol::{Fact, Millis};
use callscope_session_log::LogLine;

use crate::bindings::RoleAction;
use crate::scenario::{Answers, Deny, HostStep};
use crate::vocabulary::{Profile, Role};

/// What whoever drives the browser has to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Load the widget in the simulator, with these answers from the beginning on.
    Open(Vec<Answers>),
    /// Make the host do something.
    Host(HostStep),
    /// Let the host answer so from now on.
    Answers(Answers),
    /// Do what a user does.
    User {
        /// In which role.
        role: Role,
        /// Whom it is about.
        number: String,
        /// What, one after the other; empty if it is done by hand.
        actions: Vec<RoleAction>,
    },
}

/// What has happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Something to record, after all that was recorded before.
    Fact(Fact),
    /// Something to record in its place by its time, under a number that the caller gives.
    Placed(u64, LogLine),
    /// What was recorded under these numbers was not so: it comes again under others.
    Forget(Vec<u64>),
    /// The last command was done.
    Done,
    /// It could not be done, and why. The widget lacks what should be used.
    CannotUse(String),
    /// The host refused to, and why: as the user of HubSpot is told.
    Refused(String),
    /// Something broke that is not the widget's.
    Broken(String),
    /// The widget cannot be loaded, and why.
    CannotLoad(String),
    /// The widget has put another page in the place of HubSpot's.
    Replaced,
}

/// How to play.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The widget's generation of the SDK; told by its handshake if not given.
    pub profile: Option<Profile>,
    /// From which level on a finding fails, unless the scenario says so.
    pub deny: Deny,
    /// Whether a person does what the widget's user and the other end of the line do: then no role
    /// needs a binding, and such a step is done when the widget says what follows from it.
    pub by_hand: bool,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepDone {
    /// When.
    pub at: Millis,
    /// Whether it was left out: its condition or profile did not hold.
    pub is_left_out: bool,
    /// The message that it matched, by its fact's id in [`Runner::session`].
    pub fact: Option<u64>,
}

/// What a runner is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activity {
    /// The widget is being loaded.
    Opening,
    /// It stopped before a step.
    Stopped,
    /// A command is being carried out.
    Doing,
    /// It waits for a message, or that none comes.
    Waiting {
        /// Since when.
        since: Millis,
        /// For how long at most.
        span: Millis,
    },
    /// All steps are done; what the widget still does counts.
    Ending,
    /// There is a verdict.
    Over,
}
