//! The parts of a scenario.

use std::collections::BTreeMap;

use callscope_protocol::{MessageType, Millis, Severity, Version};
use serde_json::Value;

use crate::vocabulary::{Condition, HostAction, Profile, Role};

/// How long a step waits by default.
pub const WITHIN: Millis = Millis(5_000.0);

/// The default number to dial or to call from: one that is reserved for fiction.
pub const NUMBER: &str = "+442079460123";

/// The severity from which on a finding fails a scenario; `None` if none does.
pub type Deny = Option<Severity>;

/// One scenario, as written in its file.
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
    /// The oldest SDK that it needs.
    pub sdk: Option<Version>,
    /// The severity from which on a finding fails it, if it sets its own.
    pub deny: Option<Deny>,
    /// Rules whose findings do not count.
    pub allow: Vec<String>,
    /// Its steps.
    pub steps: Vec<Step>,
    /// The file that it was read from, for display.
    pub file: String,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it does.
    pub what: StepWhat,
    /// The step is skipped unless this holds.
    pub condition: Option<Condition>,
    /// The step only applies to widgets of this generation.
    pub profile: Option<Profile>,
    /// Its name, for `after`.
    pub label: Option<String>,
    /// Its line in the file, from 1.
    pub line: usize,
    /// Its text, on one line.
    pub text: String,
}

/// What a step does.
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
        /// The phone number that it is about.
        number: String,
    },
    /// The widget must not send a message.
    Never {
        /// Its type.
        ty: MessageType,
        /// What its data holds.
        data: Option<Value>,
        /// How long to wait for it.
        span: Millis,
    },
    /// The host answers like this from here on.
    Answers(Answers),
    /// Another scenario comes first.
    After {
        /// Its name.
        scenario: String,
        /// The label up to which it is played.
        label: Option<String>,
    },
    /// The scenario is skipped unless this holds.
    Needs(Condition),
}

/// Something that the host is made to do.
#[derive(Clone, Debug, PartialEq)]
pub struct HostStep {
    /// What.
    pub action: HostAction,
    /// For `dial`: the number.
    pub number: Option<String>,
    /// For `openRecord`: the record.
    pub record: Option<String>,
    /// For `send`: the type of the message.
    pub ty: Option<String>,
    /// For `send`: the message's data; in a scenario with `$x`, in a command with the captured
    /// values.
    pub data: Option<Value>,
}

/// A message that must come.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Its type.
    pub ty: MessageType,
    /// How long to wait for it.
    pub within: Millis,
    /// What its data must contain.
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
