//! Simulates HubSpot around a widget.
//!
//! [`Simulator`] does what a page around a calling widget does: the records, the calls, the
//! engagements, what HubSpot answers and when, and on request everything that can go wrong.
//! It is a state machine around the SDK's [`Host`](callscope_sdk::Host): inputs and time go in,
//! messages to post and what to show come out. It has no clock and no browser.
//!
//! HubSpot's own page is not public. What is only inferred about it says so: each row of
//! [`ANSWERS`], [`BEHAVIORS`] and [`SWITCHES`] has a [`Certainty`].

mod act;
mod answers;
mod certainty;
mod check;
mod io;
mod local_network;
mod presets;
mod profile;
mod records;
mod simulator;
mod switches;
mod tables;
mod view;

#[cfg(test)]
mod tests;

pub use act::{ACTS, Act, ActRow, SimulatorError};
pub use answers::{ANSWERS, Answer, AnswerId, Fault};
pub use certainty::{BEHAVIORS, Behavior, Certainty};
pub use check::{FetchFailure, Fetched, Obstacle, check_widget};
pub use io::{Go, Input, Options, Output, Speaker};
pub use local_network::of_local_network;
pub use presets::{PRESETS, Preset};
pub use profile::{Place, Profile};
pub use records::{OWNER_ID, PORTAL_ID, Phone, RECORDS, Record, RecordId, RecordKind, USER_ID};
pub use simulator::Simulator;
pub use switches::{
    SWITCHES, Setting, Special, SwitchError, SwitchId, SwitchKind, SwitchRow, Switches,
};
pub use tables::tables;
pub use view::{Activity, Alert, CallView, LinkView, Stage, SwitchView, View, WindowView};
