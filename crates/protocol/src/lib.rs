//! The Calling Extensions protocol as HubSpot's SDK speaks it over `postMessage`: which messages
//! exist, how to read one, what state a conversation is in, and what is wrong in it.
//!
//! Facts and time go in, findings come out.
//! Nothing here reads a clock, a file or a socket, touches a browser, or fails on bad input: a
//! broken protocol is a [`Finding`], not an error.

pub mod fact;

mod arrival;
mod call;
mod catalogue;
mod checker;
mod condition;
mod conversation;
mod example;
mod fields;
mod finding;
mod ids;
mod inside;
mod instead;
mod json;
mod message;
mod message_summary;
mod number;
mod origin;
mod parsed_message;
mod phone;
mod pitfalls;
mod recorded;
mod rule;
mod rules;
mod session_summary;
mod state;
mod suggest;
mod summary;
mod trace;
mod version;

#[cfg(test)]
mod call_tests;
#[cfg(test)]
mod sessions;

pub use call::{Answer, Beginning, Call, CallDirection, CallId, CallPhase, Placement, Waiting};
pub use catalogue::{
    Category, Direction, FieldSpec, FieldType, Location, Meant, MessageSpec, MessageType, Required,
};
pub use checker::{Checker, MAX_CONVERSATIONS};
pub use condition::{CallState, Condition, Legal, LinkState, legal_next};
pub use conversation::{
    Availability, Conversation, FrameStanding, Link, Login, SdkGeneration, Visibility,
};
pub use example::{Example, ExampleEvent, ExampleLine};
pub use fact::{
    Closed, ConversationId, ConversationStart, Fact, Gap, GapReason, MessageText, Millis,
    RecordedMessage, Setting, Side,
};
pub use fields::{FieldProblem, FieldReport, check_fields};
pub use finding::{Cause, Finding, Severity, Stage};
pub use inside::{Inside, InsideKind, sync_never_arrives};
pub use message::{Kind, Message};
pub use message_summary::MessageSummary;
pub use number::thousands;
pub use origin::{is_local, is_private, of_url as origin_of};

pub use pitfalls::{PITFALLS, Pitfall};
pub use rule::Rule;
pub use rules::{rule, rules};
pub use session_summary::{CallCounts, Missing, SeverityCounts, SpanSummary, Summary};
pub use state::PageCause;
pub use suggest::nearest;
pub use version::{PACKAGES, PrereleaseKind, ReportedVersion, Version, VersionRange};
