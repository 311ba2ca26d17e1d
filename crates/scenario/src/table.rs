//! The contents of a scenario in one table: the keys of the file, and each kind of step with its
//! keys.

/// The kind of value that a key has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Any text.
    Text,
    /// The name of a scenario or label: lower-case letters, digits and hyphens.
    Name,
    /// A telephone number, as a string.
    PhoneNumber,
    /// A span of time in milliseconds.
    Milliseconds,
    /// What a message's `data` must contain.
    Expected,
    /// A message that the widget can send.
    FromWidget,
    /// An act of the host, or a message that it sends.
    HostAction,
    /// A message that the host can send, or any other type.
    AnyType,
    /// What a user does.
    Role,
    /// The answers to change.
    Answers,
    /// A condition.
    Condition,
    /// A generation of the SDK.
    Profile,
    /// A list of generations.
    Profiles,
    /// A version of the SDK.
    Version,
    /// A list of rules' codes.
    Codes,
    /// `error`, `warning`, `note` or `none`.
    Level,
    /// The steps.
    Steps,
}

/// A key and its purpose.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// The kind of its value.
    pub value: ValueKind,
    /// Whether it is required.
    pub is_required: bool,
    /// Its purpose, in a sentence or two.
    pub words: &'static str,
}

/// A kind of step, named after its first key.
#[derive(Clone, Copy, Debug)]
pub struct StepKind {
    /// The key that identifies a step of this kind.
    pub key: Key,
    /// The other keys that it may have, besides [`COMMON`].
    pub keys: &'static [Key],
}

const fn key(name: &'static str, value: ValueKind, words: &'static str) -> Key {
    Key {
        name,
        value,
        is_required: false,
        words,
    }
}

const fn required(name: &'static str, value: ValueKind, words: &'static str) -> Key {
    Key {
        is_required: true,
        ..key(name, value, words)
    }
}

/// The keys of a scenario.
pub const FILE: &[Key] = &[
    key(
        "$schema",
        ValueKind::Text,
        "The address of this schema, for editors.",
    ),
    required(
        "scenario",
        ValueKind::Name,
        "The scenario's name: small letters, digits and hyphens.",
    ),
    required("title", ValueKind::Text, "What happens, in one line."),
    key(
        "why",
        ValueKind::Text,
        "Why it matters: what goes wrong for a user if a widget does this wrong.",
    ),
    key(
        "profiles",
        ValueKind::Profiles,
        "The generations of the SDK that it applies to; without it, all. A widget of another one \
         skips the scenario.",
    ),
    key(
        "sdk",
        ValueKind::Version,
        "The SDK that it needs at least. A widget on an older one skips the scenario.",
    ),
    key(
        "deny",
        ValueKind::Level,
        "The scenario fails on a finding of the checker of this level or a worse one; without it, \
         as the command line says, and that says error.",
    ),
    key(
        "allow",
        ValueKind::Codes,
        "Rules whose findings do not count, because the scenario itself breaks them.",
    ),
    required("steps", ValueKind::Steps, "What happens, one step a line."),
];

/// The keys that every step may have.
pub const COMMON: &[Key] = &[
    key(
        "if",
        ValueKind::Condition,
        "The step is left out unless this is the case when it is reached.",
    ),
    key(
        "profile",
        ValueKind::Profile,
        "The step is only for widgets of this generation of the SDK.",
    ),
    key(
        "label",
        ValueKind::Name,
        "A name for this place, for `after` in other scenarios.",
    ),
];

/// All kinds of steps.
pub const STEPS: &[StepKind] = &[
    StepKind {
        key: key(
            "host",
            ValueKind::HostAction,
            "What the simulated HubSpot is made to do; or the type of a message, and then the \
             step waits until HubSpot has sent it by itself, as an answer.",
        ),
        keys: &[
            key(
                "number",
                ValueKind::PhoneNumber,
                "dial: the number, or \"$x\" for one that was captured; the first of the open \
                 record if not given.",
            ),
            key(
                "record",
                ValueKind::Text,
                "openRecord: which record, such as contact/302.",
            ),
            key("type", ValueKind::AnyType, "send: the message's type."),
            key(
                "within",
                ValueKind::Milliseconds,
                "A message: how long the step waits; 5,000 if not given.",
            ),
            key(
                "data",
                ValueKind::Expected,
                "send: the message's data, in which \"$x\" stands for what was captured. A \
                 message: what its data must hold; \"$x\" captures.",
            ),
        ],
    },
    StepKind {
        key: key(
            "widget",
            ValueKind::FromWidget,
            "The widget must send a message of this type. Others may come before it.",
        ),
        keys: &[
            key(
                "within",
                ValueKind::Milliseconds,
                "How long it has, from the step before on; 5,000 if not given.",
            ),
            key(
                "data",
                ValueKind::Expected,
                "What the message's data must hold, at least. \"$x\" captures a value at first use \
                 and must be the same later; {\"$oneOf\": […]} is one of these; {\"$not\": …} is \
                 there and another. A text that begins with $ is written with $$.",
            ),
        ],
    },
    StepKind {
        key: key(
            "user",
            ValueKind::Role,
            "What the widget's user does, or the other end of the line; callscope.json says how.",
        ),
        keys: &[key(
            "number",
            ValueKind::PhoneNumber,
            "The number that is called, or calls: {number} in callscope.json; \"$x\" for one that \
             was captured.",
        )],
    },
    StepKind {
        key: key(
            "never",
            ValueKind::FromWidget,
            "The widget must not send such a message, from its last expected message on.",
        ),
        keys: &[
            required(
                "for",
                ValueKind::Milliseconds,
                "How long the step waits whether it comes.",
            ),
            key(
                "data",
                ValueKind::Expected,
                "Only a message whose data holds this counts.",
            ),
        ],
    },
    StepKind {
        key: key(
            "answers",
            ValueKind::Answers,
            "How HubSpot answers from here on: switches of the simulator, such as \
             {\"create-engagement.delay\": 3000}; null turns one off. Before the first other step \
             it holds from the widget's loading on. \"none\" in place of the object: HubSpot \
             answers nothing by itself.",
        ),
        keys: &[],
    },
    StepKind {
        key: key(
            "after",
            ValueKind::Name,
            "Everything that happens in another scenario comes first.",
        ),
        keys: &[key(
            "step",
            ValueKind::Name,
            "Only until the step with this label, that one included.",
        )],
    },
    StepKind {
        key: key(
            "needs",
            ValueKind::Condition,
            "The scenario is skipped unless this is the case here.",
        ),
        keys: &[],
    },
];

/// The key of a file by its name.
pub(crate) fn file_key(name: &str) -> Option<&'static Key> {
    FILE.iter().find(|it| it.name == name)
}

/// The kind of step that has this key.
pub(crate) fn step_kind(name: &str) -> Option<&'static StepKind> {
    STEPS.iter().find(|it| it.key.name == name)
}

impl StepKind {
    /// All keys of a step of this kind.
    pub fn all_keys(&self) -> impl Iterator<Item = &'static Key> + Clone {
        let own: &'static [Key] = self.keys;
        own.iter().chain(COMMON)
    }
}
