//! Scenarios: what HubSpot does around a calling widget, what the widget must do and by when, and
//! what its user does.
//!
//! - [`Scenario::read`] parses one; [`STEPS`] and its siblings are the tables that the parser, the
//!   schema and the documents are derived from.
//! - [`built_in`] returns those that come with Callscope.
//! - [`Bindings`] say how to use a project's widget: what to click for `call`.
//! - [`FromSession`] turns a recorded session into a scenario.
//! - [`Runner`] plays a scenario: messages and time go in, commands and a [`Verdict`] come out.
//!
//! Nothing here reads a clock, a file or a socket, or knows a browser.

mod around;
mod bindings;
mod built_in;
mod document;
mod expected;
mod from_session;
mod hints;
mod jsonc;
mod pattern;
mod plan;
mod read;
mod run;
mod scenario;
mod schema;
mod simulated;
mod table;
mod verdict;
mod vocabulary;
mod words;

pub use around::{SessionLine, around};
pub use bindings::{Binding, Bindings, RoleAction};
pub use built_in::{built_in, built_in_text};
pub use document::{applies, format_markdown, scenario_pages};
pub use expected::{Assessment, ExpectedFailures};
pub use from_session::{FromSession, FromSessionError, Made};
pub use plan::{Plan, PlanError, PlannedStep};
pub use read::{Place, ReadError};
pub use run::{Activity, Command, Event, Options, Runner, StepDone};
pub use scenario::{
    Answers, Deny, Expectation, HostStep, NUMBER, Scenario, Step, StepWhat, WITHIN,
};
pub use schema::schema;
pub use table::{COMMON, FILE, Key, STEPS, StepKind, ValueKind};
pub use verdict::{Failure, Verdict};
pub use vocabulary::{Condition, HostAction, Profile, Role};
