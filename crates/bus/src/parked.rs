//! Where the session of a page that went away is kept until somebody reads it.
//!
//! The recorder hands its session to the relay when its page goes away
//! ([`RelayRequest::Park`](crate::RelayRequest::Park)), and the relay writes it to
//! `chrome.storage.session`: one key per tab ([`parked_key`]), the value one text
//! ([`encode`](crate::encode) of a [`Parked`]).
//! The panel reads it from there itself; only the extension's own pages can.
//! A later page of the same tab overwrites it if it had a conversation, and the key goes away
//! with the tab, with the browser, or when newer sessions need the room.

/// What the keys of all parked sessions begin with.
pub const PARKED_PREFIX: &str = "parked:";

/// The key in `chrome.storage.session` for this tab, by Chrome's tab id.
#[must_use]
pub fn parked_key(tab: i32) -> String {
    [PARKED_PREFIX, &tab.to_string()].concat()
}

/// The session of a page that went away.
#[derive(Clone, Debug, PartialEq)]
pub struct Parked {
    /// The page's address without query and fragment.
    pub page: String,
    /// When it went away, in milliseconds since the epoch.
    pub at: f64,
    /// Session-log lines in session order, without a header.
    pub log: String,
}

crate::wire::wire_struct!(Parked { page, at, log });
