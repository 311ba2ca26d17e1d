//! What unloaded pages leave behind, until somebody reads it.
//!
//! When its page unloads, a recorder hands the relay everything that a panel may not have received
//! from it ([`RelayRequest::Park`](crate::RelayRequest::Park)). What the page's other documents
//! received last would then reach their recorder too late, so the relay stores it beside that
//! ([`RelayRequest::Leave`](crate::RelayRequest::Leave)).
//! All of it is in `chrome.storage.session`, each value as one text ([`encode`](crate::encode) of a
//! [`Parked`] under [`parked_key`], of a [`Goodbye`] under [`goodbye_key`]). Only the extension's own
//! pages can read it. `callscope_live` turns it into a session.
//!
//! If a page unloads while the worker sleeps, its messages are lost, so a recorder that has been
//! quiet for a while hands over its state in advance ([`ahead_key`]). That state only counts if
//! nothing that the page sent while unloading arrived.
//!
//! A later page of the same tab that had a conversation overwrites what is parked, and the goodbyes
//! with it. Everything is deleted with the tab, with the browser, or when newer sessions need the
//! room.

use crate::panel::Record;
use crate::tap::{Batch, DocumentId, Hello};
use crate::wire::wire_struct;

/// The prefix of the keys of all parked sessions.
pub const PARKED_PREFIX: &str = "parked:";

/// The prefix of the keys of everything stored in advance, before its page unloads.
pub const AHEAD_PREFIX: &str = "ahead:";

/// The prefix of the keys of all goodbyes.
pub const GOODBYE_PREFIX: &str = "goodbye:";

/// The key in `chrome.storage.session` for this tab's parked session, by Chrome's tab id.
#[must_use]
pub fn parked_key(tab: i32) -> String {
    [PARKED_PREFIX, &tab.to_string()].concat()
}

/// The key for the state of this tab's recorder when it was last quiet for a while.
#[must_use]
pub fn ahead_key(tab: i32) -> String {
    [AHEAD_PREFIX, &tab.to_string()].concat()
}

/// The prefix of the keys of all goodbyes of this tab.
#[must_use]
pub fn goodbyes_of(tab: i32) -> String {
    [GOODBYE_PREFIX, &tab.to_string(), ":"].concat()
}

/// The prefix of the keys of the goodbyes that this tab's documents left for one recorder, or for
/// `None`: a document does not know its recorder until that has answered.
#[must_use]
pub fn goodbyes_for(tab: i32, recorder: Option<&DocumentId>) -> String {
    let recorder = recorder.map_or("", |recorder| &recorder.0);
    [&goodbyes_of(tab), recorder, ":"].concat()
}

/// The key in `chrome.storage.session` for what a document of this tab left.
#[must_use]
pub fn goodbye_key(tab: i32, goodbye: &Goodbye) -> String {
    [
        &goodbyes_for(tab, goodbye.recorder.as_ref()),
        goodbye.hello.document.0.as_str(),
    ]
    .concat()
}

/// The state of a recorder when its page unloads, including what is needed to add what other
/// documents of the page report later.
///
/// The records include everything that was held back until its order was certain.
#[derive(Clone, Debug, PartialEq)]
pub struct Parked {
    /// The recorder.
    pub recorder: DocumentId,
    /// The page's address without query and fragment.
    pub page: String,
    /// When the recorder's tap began to listen, in milliseconds since the epoch.
    pub began: f64,
    /// When the page unloaded, in milliseconds since the epoch.
    pub at: f64,
    /// Whether the page had not unloaded yet, so that everything later is missing.
    pub is_ahead: bool,
    /// The newest records, and those that the state of the conversations depends on, in ascending
    /// order of ids.
    pub records: Vec<Record>,
    /// The ids of all records that the recorder held, as ascending ranges that include both ends.
    pub held: Vec<(u64, u64)>,
    /// How many messages it held that are not among `records`.
    pub omitted: u32,
    /// When the last of those was received, in milliseconds since the epoch.
    pub omitted_at: f64,
    /// The time up to which the user has cleared the list, in milliseconds since the epoch; cleared
    /// records are kept.
    pub cleared: Option<f64>,
    /// When the recording was paused, as pairs of beginning and end; without an end, it was paused
    /// when the page unloaded.
    pub pauses: Vec<(f64, Option<f64>)>,
    /// How far the recorder had got with each document.
    pub documents: Vec<ParkedDocument>,
    /// The conversations so far.
    pub conversations: Vec<ParkedConversation>,
    /// Messages that the user posted and that the receiving document has not reported yet, with
    /// that document.
    pub injected: Vec<(DocumentId, String)>,
}

/// How far a recorder had got with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedDocument {
    /// The document.
    pub document: DocumentId,
    /// The next sequence number.
    pub next: u32,
    /// The part of [`Batch::lost`] that is already recorded.
    pub lost: u32,
    /// Whether it had unloaded before the page.
    pub gone: bool,
}

/// The participants of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct ParkedConversation {
    /// The recorder's number.
    pub conversation: u32,
    /// When it began, in milliseconds since the epoch.
    pub began: f64,
    /// The host's document, if it has a tap.
    pub host: Option<DocumentId>,
    /// The number that the host's tap gave the widget's window, if a message came from it.
    pub slot: Option<u32>,
    /// The widget's document, if it has a tap.
    pub widget: Option<DocumentId>,
    /// The widget's origin.
    pub widget_origin: Option<String>,
    /// Whether it ended before the page unloaded.
    pub closed: bool,
    /// Whether a gap already says that one side's messages are missing.
    pub half_missing: bool,
}

/// What an unloading document had not got acknowledged yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Goodbye {
    /// The recorder that knows the document; `None` if no recorder has answered yet.
    pub recorder: Option<DocumentId>,
    /// The document.
    pub hello: Hello,
    /// When it unloaded, by its clock; `None` if it went into the browser's cache, from which it
    /// may return.
    pub at: Option<f64>,
    /// Whether it had not unloaded yet and may have received more messages; [`Self::at`] is then
    /// `None`.
    pub is_ahead: bool,
    /// The last messages, in order; there is at least one batch, which may be empty.
    pub batches: Vec<Batch>,
    /// The sequence number that its next message would have had.
    pub next: u32,
    /// How many calling-extension messages it had to drop in total.
    pub lost: u32,
}

wire_struct!(Parked {
    recorder,
    page,
    began,
    at,
    is_ahead,
    records,
    held,
    omitted,
    omitted_at,
    cleared,
    pauses,
    documents,
    conversations,
    injected
});
wire_struct!(ParkedDocument {
    document,
    next,
    lost,
    gone
});
wire_struct!(ParkedConversation {
    conversation,
    began,
    host,
    slot,
    widget,
    widget_origin,
    closed,
    half_missing
});
wire_struct!(Goodbye {
    recorder,
    hello,
    at,
    is_ahead,
    batches,
    next,
    lost
});
