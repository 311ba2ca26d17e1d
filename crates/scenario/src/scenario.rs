//! What a scenario is.

use std::collections::BTreeMap;

use callscope_protocol::{MessageType, Millis, Severity, Version};
use serde_json::Value;

use crate::vocabulary::{Condition, HostAction, Profile, Role};

/// How long a step waits if the scenario does not say.
pub const WITHIN: Millis = Millis(5_000.0);

/// The number that is dialed, or calls, if a scenario does not say: one that is kept free for
/// stories.
pub const NUMBER: &str = "+442079460123";

/// From which level on a finding fails a scenario; `None` if none does.
pub type Deny = Option<Severity>;

/// One scenario, as its file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// What happens.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// The generations of the SDK that it applies to; empty for all.
    pub profiles: Vec<Profile>,
    /// The SDK that it needs at least.
    pub sdk: Option<Version>,
    /// From which level on a finding fails it, if it says so itself.
    pub deny: Option<Deny>,
    /// Rules whose findings do not count.
    pub allow: Vec<String>,
    /// What happens.
    pub steps: Vec<Step>,
    /// The file that it was read from, for people.
    pub file: String,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What happens in it.
    pub what: StepWhat,
    /// Left out unless this is the case.
    pub condition: Option<Condition>,
    /// Only for widgets of this generation.
    pub profile: Option<Profile>,
    /// Its name for `after`.
    pub label: Option<String>,
    /// Its line in the file, from 1.
    pub line: usize,
    /// As it is written, on one line.
    pub text: String,
}

/// What happens in a step.
#[derive(Clone, Debug, PartialEq)]
pub enum StepWhat {
    /// The host is made to do something.
    Host(HostStep),
    /// The host must have sent a message by itself.
    HostMessage(Expectation),
    /// The widget must send a message.
    Widget(Expectation),
    /// Somebody does something.
    User {
        /// What.
        role: Role,
        /// Whom it is about.
        number: String,
    },
    /// The widget must not send a message.
    Never {
        /// Its type.
        ty: MessageType,
        /// What its data holds.
        data: Option<Value>,
        /// How long it is waited.
        span: Millis,
    },
    /// The host answers so from here on.
    Answers(Answers),
    /// Another scenario comes first.
    After {
        /// Its name.
        scenario: String,
        /// Until which label.
        label: Option<String>,
    },
    /// The scenario is skipped unless this is the case.
    Needs(Condition),
}

/// What the host is made to do.
#[derive(Clone, Debug, PartialEq)]
pub struct HostStep {
    /// What.
    pub action: HostAction,
    /// dial: the number.
    pub number: Option<String>,
    /// openRecord: which.
    pub record: Option<String>,
    /// send: the message's type.
    pub ty: Option<String>,
    /// send: the message's data; in a scenario with `$x` in it, in a command with what that stands for.
    pub data: Option<Value>,
}

/// A message that must come.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Its type.
    pub ty: MessageType,
    /// How long it is waited for.
    pub within: Millis,
    /// What its data must hold at least.
    pub data: Option<Value>,
}

/// How the host answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answers {
    /// Not at all.
    Nothing,
    /// With these switches of the simulator, by name; null turns one off.
    Switches(BTreeMap<String, Value>),
}
