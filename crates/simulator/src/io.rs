//! What goes into the simulator and what comes out of it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Act, Place, Profile};

/// What the page is opened with.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// The page's origin.
    pub origin: String,
    /// The widget's address; without it the page waits for one.
    pub widget: Option<String>,
    /// Which HubSpot.
    pub profile: Option<String>,
    /// Where the widget is.
    pub place: Option<String>,
    /// The open record, as `contact/301`.
    pub record: Option<String>,
    /// The engagement that the page before handed over.
    pub engagement: Option<u64>,
    /// A preset to begin with.
    pub preset: Option<String>,
    /// Switches, as `NAME:VALUE`.
    pub switches: Vec<String>,
    /// Any number; pages with different ones mint different ids.
    pub seed: u64,
    /// What [`Simulator::kept`](crate::Simulator::kept) gave on the page before.
    pub kept: Option<Value>,
}

/// What happens to the page.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "input", rename_all = "camelCase")]
pub enum Input {
    /// The user does something.
    Act {
        /// What.
        step: Act,
    },
    /// A frame of the widget fired `load`.
    Load {
        /// 0, or 1 for the second one.
        frame: usize,
    },
    /// A message event.
    Message {
        /// The frame whose window posted it; `null` if another window did.
        frame: Option<usize>,
        /// `event.origin`.
        origin: String,
        /// `event.data`, as JSON carries it.
        value: Value,
    },
    /// The user has closed the window that the widget's frames are in.
    WindowClosed,
    /// The time that was asked for has come.
    Timeout,
}

/// Who said an entry of the log.
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

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "output", rename_all = "camelCase")]
pub enum Output {
    /// Make the widget's frames, each with this address. Those that are there go.
    Mount {
        /// The widget's address.
        url: String,
        /// How many.
        copies: usize,
    },
    /// Load a frame's page anew.
    Reload {
        /// Which frame.
        frame: usize,
    },
    /// Show another page in a frame.
    Source {
        /// Which frame.
        frame: usize,
        /// The address.
        url: String,
    },
    /// Post this to the window of a frame.
    Post {
        /// Which frame.
        frame: usize,
        /// The second argument of `postMessage`.
        #[serde(rename = "targetOrigin")]
        target_origin: String,
        /// The whole message.
        message: Value,
    },
    /// Load the page with other settings, or the same.
    Go {
        /// What is other than now.
        to: Go,
    },
    /// Write this to the log.
    Log {
        /// Who.
        from: Speaker,
        /// The message's type, or what the page did.
        r#type: String,
        /// The whole message; for the page's own, `{"text": …}`.
        message: Value,
        /// The widget's origin for its own messages, the target of HubSpot's.
        #[serde(skip_serializing_if = "Option::is_none")]
        origin: Option<String>,
        /// What is odd about it.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
}

/// Which page comes next; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Go {
    /// Another record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The engagement to hand over. Never kept from this page.
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
    /// In another tab; this page stays.
    pub new_tab: bool,
}
