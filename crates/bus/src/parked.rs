//! What pages that went away leave behind, until somebody reads it.
//!
//! When its page goes away, a recorder hands the relay what a panel may not have got from it
//! ([`RelayRequest::Park`](crate::RelayRequest::Park)). What the other documents of the page heard
//! last comes to their recorder too late then, so the relay keeps it beside that
//! ([`RelayRequest::Leave`](crate::RelayRequest::Leave)).
//! All of it is in `chrome.storage.session`, each value one text ([`encode`](crate::encode) of a
//! [`Parked`] under [`parked_key`], of a [`Rest`] under [`rest_key`]). Only the extension's own
//! pages can read it. `callscope_live` makes a session of it.
//!
//! A page that goes away while the worker sleeps is not heard, so a recorder that has been quiet for a
//! while hands over what it holds then ([`ahead_key`]). It counts only if nothing that its page said
//! on leaving came.
//!
//! A later page of the same tab overwrites what is parked if it had a conversation, and its rests
//! with it; all goes away with the tab, with the browser, or when newer sessions need the room.

use crate::panel::Record;
use crate::tap::{Batch, DocumentId, Hello};
use crate::wire::wire_struct;

/// What the keys of all parked sessions begin with.
pub const PARKED_PREFIX: &str = "parked:";

/// What the keys begin with of all that was kept before its page went away.
pub const AHEAD_PREFIX: &str = "ahead:";

/// What the keys of all rests begin with.
pub const REST_PREFIX: &str = "rest:";

/// The key in `chrome.storage.session` for this tab, by Chrome's tab id.
#[must_use]
pub fn parked_key(tab: i32) -> String {
    [PARKED_PREFIX, &tab.to_string()].concat()
}

/// The key for what the recorder in this tab held when it was last quiet for a while.
#[must_use]
pub fn ahead_key(tab: i32) -> String {
    [AHEAD_PREFIX, &tab.to_string()].concat()
}

/// What the keys of all rests of this tab begin with.
#[must_use]
pub fn rests_of(tab: i32) -> String {
    [REST_PREFIX, &tab.to_string(), ":"].concat()
}

/// What the keys of the rests begin with that documents of this tab left for one recorder, or for
/// nobody: one that has not had an answer from its recorder yet does not know it.
#[must_use]
pub fn rests_for(tab: i32, recorder: Option<&DocumentId>) -> String {
    let recorder = recorder.map_or("", |recorder| &recorder.0);
    [&rests_of(tab), recorder, ":"].concat()
}

/// The key in `chrome.storage.session` for what a document of this tab has left.
#[must_use]
pub fn rest_key(tab: i32, rest: &Rest) -> String {
    [
        &rests_for(tab, rest.recorder.as_ref()),
        rest.hello.document.0.as_str(),
    ]
    .concat()
}

/// What a recorder holds when its page goes away, and what is needed to put in its place what
/// other documents of the page report later.
///
/// Everything that was held back until its order was certain is among the records.
#[derive(Clone, Debug, PartialEq)]
pub struct Parked {
    /// The recorder.
    pub recorder: DocumentId,
    /// The page's address without query and fragment.
    pub page: String,
    /// When the recorder's tap began to listen, in milliseconds since the epoch.
    pub began: f64,
    /// When the page went away, in milliseconds since the epoch.
    pub at: f64,
    /// Whether the page was still there, so that whatever came later is missing.
    pub is_ahead: bool,
    /// The newest records, and those that the state of the conversations depends on, by rising id.
    pub records: Vec<Record>,
    /// The ids of all records that the recorder held: ranges with both ends in them, rising.
    pub held: Vec<(u64, u64)>,
    /// How many messages it held that are not among the records.
    pub omitted: u32,
    /// When the last of them passed, in milliseconds since the epoch.
    pub omitted_at: f64,
    /// Until when the user has cleared the list, in milliseconds since the epoch; nothing is missing
    /// because of it.
    pub cleared: Option<f64>,
    /// From when to when nothing was recorded; without an end it was paused when the page left.
    pub pauses: Vec<(f64, Option<f64>)>,
    /// How far the recorder had got with each document.
    pub documents: Vec<ParkedDocument>,
    /// The conversations that had begun.
    pub conversations: Vec<ParkedConversation>,
    /// Messages posted for the user that the document they went to has not reported yet, and that
    /// document.
    pub injected: Vec<(DocumentId, String)>,
}

/// How far a recorder had got with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedDocument {
    /// The document.
    pub document: DocumentId,
    /// The next sequence number.
    pub next: u32,
    /// [`Batch::lost`] as far as it is recorded.
    pub lost: u32,
    /// Whether it had gone before its page.
    pub gone: bool,
}

/// Who takes part in a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct ParkedConversation {
    /// The recorder's number.
    pub conversation: u32,
    /// When it began, in milliseconds since the epoch.
    pub began: f64,
    /// The host's document, if a tap listens in it.
    pub host: Option<DocumentId>,
    /// The widget's window as the host's tap numbers it, if it was heard from.
    pub slot: Option<u32>,
    /// The widget's document, if a tap listens in it.
    pub widget: Option<DocumentId>,
    /// The widget's origin.
    pub widget_origin: Option<String>,
    /// Whether it ended before the page went away.
    pub closed: bool,
    /// Whether it is recorded that a half is missing.
    pub half_missing: bool,
}

/// What a document that goes away had not got acknowledged.
#[derive(Clone, Debug, PartialEq)]
pub struct Rest {
    /// The recorder that knows the document; `None` if none has answered yet.
    pub recorder: Option<DocumentId>,
    /// The document.
    pub hello: Hello,
    /// When it went away, by its clock; `None` if it went into the browser's cache, from which it
    /// may come back.
    pub at: Option<f64>,
    /// Whether it had not gone yet and may have heard more: [`Self::at`] is `None`.
    pub is_ahead: bool,
    /// The last messages, in order; at least one batch, which may be empty.
    pub batches: Vec<Batch>,
    /// The sequence number that its next message would have had.
    pub next: u32,
    /// How many calling-extension messages it had to drop, in all.
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
wire_struct!(Rest {
    recorder,
    hello,
    at,
    is_ahead,
    batches,
    next,
    lost
});
