//! The simulator's inputs and outputs.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Act, Place, Profile};

/// The settings that the page is opened with.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// The page's origin.
    pub origin: String,
    /// The widget's URL; without it, the page waits for one.
    pub widget: Option<String>,
    /// The generation of HubSpot.
    pub profile: Option<String>,
    /// The place of the widget.
    pub place: Option<String>,
    /// The open record, such as `contact/301`.
    pub record: Option<String>,
    /// The engagement that the previous page handed over.
    pub engagement: Option<u64>,
    /// A preset to start with.
    pub preset: Option<String>,
    /// Switches, as `NAME:VALUE`.
    pub switches: Vec<String>,
    /// Any number; pages with different ones create different ids.
    pub seed: u64,
    /// What [`Simulator::kept`](crate::Simulator::kept) returned on the previous page.
    pub kept: Option<Value>,
}

/// Something that happens to the page.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "input", rename_all = "camelCase")]
pub enum Input {
    /// The user does something.
    Act {
        /// What the user does.
        step: Act,
    },
    /// A frame of the widget fired `load`.
    Load {
        /// 0, or 1 for the second one.
        frame: usize,
    },
    /// A message event.
    Message {
        /// The frame whose window posted it; `null` for any other window.
        frame: Option<usize>,
        /// `event.origin`.
        origin: String,
        /// `event.data` as JSON.
        value: Value,
    },
    /// The user has closed the calling window, and all frames in it with it.
    WindowClosed,
    /// The requested time has come.
    Timeout,
}

/// The source of a log entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// HubSpot.
    Host,
    /// The widget.
    Widget,
    /// The page itself.
    Simulator,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "output", rename_all = "camelCase")]
pub enum Output {
    /// Create the widget's frames with this URL, replacing existing ones.
    Mount {
        /// The widget's URL.
        url: String,
        /// How many frames; in two places, the first half belongs to the first place.
        copies: usize,
    },
    /// Reload a frame's page.
    Reload {
        /// The frame.
        frame: usize,
    },
    /// Show another page in a frame.
    Source {
        /// The frame.
        frame: usize,
        /// The URL.
        url: String,
    },
    /// Post this to the window of a frame.
    Post {
        /// The frame.
        frame: usize,
        /// The second argument of `postMessage`.
        #[serde(rename = "targetOrigin")]
        target_origin: String,
        /// The whole message.
        message: Value,
    },
    /// Load the page with other settings, or with the same.
    Go {
        /// What changes.
        to: Go,
    },
    /// Write this to the log.
    Log {
        /// The source.
        from: Speaker,
        /// The type of the message, or what the page did.
        r#type: String,
        /// The whole message; for the page's own entries, `{"text": …}`.
        message: Value,
        /// The widget's origin for its own messages, the target origin for HubSpot's.
        #[serde(skip_serializing_if = "Option::is_none")]
        origin: Option<String>,
        /// What is unusual about it.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
}

/// What changes with the next page; `None` keeps a setting.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Go {
    /// Another record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The engagement to hand over; it is never kept from this page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engagement: Option<u64>,
    /// Another generation of HubSpot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// Another place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Another widget.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub widget: Option<String>,
    /// Open it in another tab; this page stays.
    pub new_tab: bool,
}
