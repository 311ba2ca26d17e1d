//! What the extension's parts say to each other: one enum per direction, and a version.
//!
//! ```text
//! tap ──FromTap──► relay ──► recorder ──ToPanel──► panel
//!     ◄──ToTap────       ◄──         ◄──FromPanel──
//! ```
//!
//! Everything travels as one text ([`encode`], [`decode`]), and what a page posted is in it as the
//! JSON text that the tap made of it, so that a value that is not valid Unicode still
//! arrives as it is.
//! A message carries [`VERSION`]: after an update of the extension old content scripts go on
//! living in open pages, and both ends must notice.

pub mod bounds;
mod envelope;
mod panel;
mod parked;
mod tap;
mod wire;

pub use envelope::{BusError, VERSION, decode, encode};
pub use panel::{
    FrameInfo, FromPanel, Outcome, PANEL_PORT, Record, RecorderInfo, RecorderStatus, SettingText,
    ToPanel,
};
pub use parked::{
    AHEAD_PREFIX, PARKED_PREFIX, Parked, ParkedConversation, ParkedDocument, REST_PREFIX, Rest,
    ahead_key, parked_key, rest_key, rests_for, rests_of,
};
pub use tap::{
    Ack, Batch, DocumentId, FromTap, Hello, Observed, Post, RELAY_PORT, RelayRequest, Source,
    TapMessage, ToTap,
};
pub use wire::{Input, Wire};

/// The extension's page that opens once, after installation; an extension without it opens none,
/// which is how a browser that is driven by a program is left alone.
pub const WELCOME_PAGE: &str = "welcome.html";

/// The extension's file that listens in every frame.
pub const LISTENER_SCRIPT: &str = "listener.js";

/// The extension's file that runs in a page's own world, and only where the user asked for it.
pub const INSIDE_SCRIPT: &str = "inside.js";

/// The extension's file that takes what [`INSIDE_SCRIPT`] tells; it needs [`LISTENER_SCRIPT`]
/// before it.
pub const INSIDE_RELAY_SCRIPT: &str = "inside-relay.js";

/// The extension's file that tells how it stands with a frame: its last value is an object with
/// `state`, `origin`, `isTop` and `isPaused`.
pub const FRAME_STATE_SCRIPT: &str = "frame-state.js";

/// The extension's file that runs in the frames that hear calling-extension traffic, and in the top
/// frame while anybody watches; it needs [`LISTENER_SCRIPT`] before it. Where it runs already, it
/// ends itself.
pub const CONTENT_SCRIPT: &str = "content-script.js";
