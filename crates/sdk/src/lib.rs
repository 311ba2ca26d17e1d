//! The Calling Extensions SDK: the softphone's end and HubSpot's end, as state machines.
//!
//! [`Widget`] and [`Host`] read no clock, own no window and post nothing. Messages and time go in
//! with `handle_input`; messages to post, events and the next deadline come out of `poll_output`.
//! So the same code runs in a page, in a simulator and in a test that lasts a microsecond.
//! A page's values stay the page's own: see [`Value`].
//!
//! ```
//! use callscope_protocol::Millis;
//! use callscope_sdk::{
//!     Host, HostInput, HostOptions, Output, Posted, Widget, WidgetEvent, WidgetInput, WidgetOptions,
//! };
//! use serde_json::{Value, json};
//!
//! let now = Millis(1_764_147_000_000.0);
//! let hubspot = "https://app.hubspot.com";
//! let mut host = Host::<Value>::new(HostOptions::new(hubspot, "https://phone.example/cti", 1));
//! let mut widget = Widget::<Value>::new(WidgetOptions::new("https://phone.example", 2));
//!
//! host.handle_input(HostInput::Load, now);
//! let Output::Post { message, .. } = host.poll_output() else { panic!() };
//! assert_eq!(message["type"], "SYNC");
//!
//! let posted = Posted { origin: hubspot.to_owned(), is_from_peer: true, value: message };
//! widget.handle_input(WidgetInput::Message(posted), now);
//! let Output::Post { message, .. } = widget.poll_output() else { panic!() };
//! assert_eq!(message["type"], "SYNC_ACK");
//! assert!(matches!(widget.poll_output(), Output::Event(WidgetEvent::Ready(_))));
//! widget.initialized(json!({"isLoggedIn": true}), now)?;
//! # Ok::<(), callscope_sdk::SendError>(())
//! ```
//!
//! # Differences from the original
//!
//! On the wire it is `@hubspot/calling-extensions-sdk` 0.9.7. These pitfalls of the original, by
//! their numbers in [`callscope_protocol::PITFALLS`], are fixed here; each has a test named after
//! it in `tests/sdk/pitfalls.rs`, which says where the others are tested.
//!
//! | | the original | here |
//! | --- | --- | --- |
//! | D01 | two sends in one millisecond share a `messageId` | the number counts up, `…_123`, `…_124` |
//! | D02 | two objects made in one millisecond have one instance | instances are derived from a seed, and differ by side |
//! | D03 | an id that begins with the receiver's own instance is dropped | ids are compared whole |
//! | D04 | an answer with the widget's own id is dropped | it is accepted |
//! | D05 | SYNC is answered whoever sends it, `hostUrl` is trusted | only from the parent window and [`AllowedHosts`]; the browser's origin counts |
//! | D06 | a second host in one page load is not answered | it is, with a new instance |
//! | D07, D08 | the host's origin is guessed from the referrer | it is unknown until SYNC names it |
//! | D09 | origins in messages are compared letter by letter | the browser's origin of the sender counts |
//! | D10 | `setWidgetUrl()` writes `iFrameUrl` where no host looks | it is written in both places, and read in both |
//! | D11 | a widget accepts `SET_WIDGET_URL` from the host | it does not |
//! | D13 | `onFailed` never runs for a `…_FAILED` | it does, beside the handler of the type |
//! | D16 | ERROR is answered with ERROR forever | never |
//! | D17 | a type `toString` counts as known | only the catalogue's types do |
//! | D18 | `null` from any page throws | anything that is not a message is ignored |
//! | D19 | a page that does not load is never reported | [`SyncFailure::LoadFailed`] |
//! | D20 | SYNCs wait forever, and each answer raises READY again | one answer is accepted |
//! | D21 | two `load` events start two loops | one |
//! | D23 | messages sent too early are dropped | a widget's wait, up to [`QUEUE_LIMIT`]; a host's are errors |
//! | D27 | the reported version is that of the build before, `0.9.7-beta.0` | it is [`REPORTED_VERSION`] |
//! | D30 | everything is logged, phone numbers too | only with `debugMode` |
//! | D31 | READY is accepted from the wire | it is not |
//! | D32 | a page without a frame talks to itself | sending is an error |
//! | D33 | `remove()` does not end sending | it does |
//! | D34 | the types lack `sizeInfo` and `isAvailable` of INITIALIZED | those of `cargo xtask npm` have them |
//! | D35 | handlers by the names of the documents are never called | they are |
//! | D36 | the widget decides what the host logs | it does not |
//! | D37 | a caller may choose the `messageId` | each is created anew |
//! | D39 | a call's messages may lack its id | a [`Call`] adds it |
//!
//! D12, D14, D15, D22, D24, D25, D26, D28, D29, D42 and D43 are in older versions only, D40 and D41
//! in HubSpot's React demo. D38 holds here, too: what a browser cannot copy throws where it is sent.

mod call;
mod handlers;
mod host;
mod hosts;
mod ids;
mod io;
mod sender;
mod table;
mod value;
mod widget;

pub use call::{Answered, Call, Completed, EndStatus, Ended, Refused, Ringing};
pub use handlers::{DEFAULT_HANDLER, Handlers};
pub use host::{
    HOST_MESSAGES, Host, HostEvent, HostInput, HostOptions, HostReady, IFRAME_ALLOW, IFRAME_ID,
    SYNC_INTERVAL, SYNC_TIME_LIMIT, SyncFailure,
};
pub use hosts::AllowedHosts;
pub use io::{Ignored, Log, Output, Payload, Posted, Received, SendError};
pub use value::{Entry, Value};
pub use widget::{
    QUEUE_LIMIT, REPORTED_VERSION, WIDGET_METHODS, Widget, WidgetEvent, WidgetInput, WidgetOptions,
    WidgetReady,
};
