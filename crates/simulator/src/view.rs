//! What the page shows, as data.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Place, Profile, Record};

/// How far the handshake has got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LinkView {
    /// There is no widget URL.
    #[default]
    NoWidget,
    /// The widget's frame has not loaded.
    Loading,
    /// SYNC was sent and not acknowledged.
    Syncing,
    /// The widget has answered, but has not sent INITIALIZED.
    Ready,
    /// The widget has sent INITIALIZED.
    Open,
    /// 30 seconds without an answer.
    NoAnswer,
    /// The calling window was closed, and the widget with it.
    WindowClosed,
}

/// How the widget is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum WindowView {
    /// In full.
    #[default]
    Open,
    /// Only its title.
    Minimized,
    /// Not at all.
    Closed,
}

/// How far a call has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// HubSpot sent `DIAL_NUMBER`; the widget has not started a call.
    Dialed,
    /// Started or ringing.
    Ringing,
    /// Both parties are talking.
    Answered,
    /// Over, but not completed.
    Ended,
}

/// The call in HubSpot's call bar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallView {
    /// Whether it is an inbound call.
    pub inbound: bool,
    /// How far it has got.
    pub stage: Stage,
    /// The other party's number, if the widget gave it.
    pub number: Option<String>,
    /// The name of the record with that number, if there is one.
    pub name: Option<String>,
    /// The widget's id of the call.
    pub external_call_id: Option<Value>,
    /// HubSpot's engagement.
    pub engagement_id: Option<u64>,
    /// When the stage began, milliseconds since the epoch.
    pub since: f64,
}

/// An entry of the activity list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    /// HubSpot's engagement.
    pub engagement_id: u64,
    /// `hs_call_title`, or a title that the simulator makes from the number.
    pub title: String,
    /// `hs_call_body`.
    pub body: Option<String>,
    /// The state of the entry, in words.
    pub status: String,
    /// `hs_call_status` or `callEndStatus`.
    pub outcome: Option<String>,
    /// `hs_call_duration`, in milliseconds.
    pub duration_ms: Option<f64>,
    /// `hs_call_recording_url`.
    pub recording_url: Option<String>,
    /// Whether it was an inbound call.
    pub inbound: bool,
    /// When the engagement was created, in milliseconds since the epoch.
    pub at: f64,
}

/// A message that HubSpot shows its user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// Increases with each alert, so that the same text twice makes two alerts.
    pub number: u32,
    /// The text.
    pub text: String,
}

/// A switch that is on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SwitchView {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: Value,
    /// Whether it has had an effect.
    pub met: bool,
}

/// Everything that the page shows.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// The generation of HubSpot.
    pub profile: Profile,
    /// Where the widget is.
    pub place: Place,
    /// The widget's URL; empty if there is none.
    pub widget_url: String,
    /// How far the handshake has got.
    pub link: LinkView,
    /// The version that the widget reports.
    pub sdk_version: Option<String>,
    /// `null` until the widget has said so.
    pub logged_in: Option<bool>,
    /// `null` until the widget has said so.
    pub available: Option<bool>,
    /// How the widget is shown.
    pub window: WindowView,
    /// The frame's width, in CSS pixels.
    pub width: f64,
    /// The frame's height, in CSS pixels.
    pub height: f64,
    /// The open record.
    pub record: &'static Record,
    /// The engagement that SYNC hands over after `NAVIGATE_TO_RECORD`.
    pub engagement_id: Option<u64>,
    /// The call in the call bar.
    pub call: Option<CallView>,
    /// Newest first.
    pub activity: Vec<Activity>,
    /// The last alert.
    pub alert: Option<Alert>,
    /// The switches that are on.
    pub switches: Vec<SwitchView>,
}
