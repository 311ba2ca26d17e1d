//! The messages between the extension's parts: one enum per direction, and a version.
//!
//! ```text
//! tap ──FromTap──► relay ──► recorder ──ToPanel──► panel
//!     ◄──ToTap────       ◄──         ◄──FromPanel──
//! ```
//!
//! Everything travels as one text ([`encode`], [`decode`]). What a page posted is in it as the JSON
//! text that the tap made of it, so that even a value that is not valid Unicode arrives unchanged.
//! Every message carries [`VERSION`]: after an update of the extension, old content scripts live on
//! in open pages, and both ends must notice.

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
    AHEAD_PREFIX, GOODBYE_PREFIX, Goodbye, PARKED_PREFIX, Parked, ParkedConversation,
    ParkedDocument, ahead_key, goodbye_key, goodbyes_for, goodbyes_of, parked_key,
};
pub use tap::{
    Ack, Batch, DocumentId, FromTap, Hello, Observed, Post, RELAY_PORT, RelayRequest, Source,
    TapMessage, ToTap,
};
pub use wire::{Input, Wire};

/// The extension's page that opens once, after installation. If the extension lacks it, nothing
/// opens; programs that drive a browser rely on this.
pub const WELCOME_PAGE: &str = "welcome.html";

/// The extension's file that listens in every frame.
pub const LISTENER_SCRIPT: &str = "listener.js";

/// The extension's file that runs in a page's own world, only if the user asked for it.
pub const INSIDE_SCRIPT: &str = "inside.js";

/// The extension's file that receives the reports of [`INSIDE_SCRIPT`]; it needs
/// [`LISTENER_SCRIPT`] before it.
pub const INSIDE_RELAY_SCRIPT: &str = "inside-relay.js";

/// The extension's file that reports the state of a frame: its last value is an object with
/// `state`, `origin`, `isTop` and `isPaused`.
pub const FRAME_STATE_SCRIPT: &str = "frame-state.js";

/// The extension's file that runs in frames with calling-extension traffic, and in the top frame
/// while a panel watches; it needs [`LISTENER_SCRIPT`] before it. If it is already running there,
/// the second copy stops.
pub const CONTENT_SCRIPT: &str = "content-script.js";
