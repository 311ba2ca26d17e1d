//! What the page shows, as data.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Place, Profile, Record};

/// How far the handshake is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LinkView {
    /// There is no address of a widget.
    #[default]
    NoWidget,
    /// The widget's frame has not loaded.
    Loading,
    /// SYNC is sent and not acknowledged.
    Syncing,
    /// The widget has answered, and not said INITIALIZED.
    Ready,
    /// The widget has said INITIALIZED.
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
    /// Its title only.
    Minimized,
    /// Not at all.
    Closed,
}

/// Where a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// HubSpot sent `DIAL_NUMBER`; the widget has not started a call.
    Dialed,
    /// Started or ringing.
    Ringing,
    /// Both talk.
    Answered,
    /// Over, and not completed.
    Ended,
}

/// The call in HubSpot's call bar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallView {
    /// Whether somebody calls in.
    pub inbound: bool,
    /// How far it is.
    pub stage: Stage,
    /// The other side's number, if the widget said it.
    pub number: Option<String>,
    /// Who has that number, if anybody.
    pub name: Option<String>,
    /// The widget's name of the call.
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
    /// `hs_call_title`, or what the simulator makes of the number.
    pub title: String,
    /// `hs_call_body`.
    pub body: Option<String>,
    /// How the entry stands, in words.
    pub status: String,
    /// `hs_call_status` or `callEndStatus`.
    pub outcome: Option<String>,
    /// `hs_call_duration`, in milliseconds.
    pub duration_ms: Option<f64>,
    /// `hs_call_recording_url`.
    pub recording_url: Option<String>,
    /// Whether somebody called in.
    pub inbound: bool,
    /// When the engagement was made, milliseconds since the epoch.
    pub at: f64,
}

/// What HubSpot tells its user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// Counts up, so that the same words twice are two alerts.
    pub number: u32,
    /// The words.
    pub text: String,
}

/// A switch that is on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SwitchView {
    /// Its name.
    pub name: &'static str,
    /// What it is set to.
    pub value: Value,
    /// Whether it has matched something.
    pub met: bool,
}

/// Everything that the page shows.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// Which HubSpot.
    pub profile: Profile,
    /// Where the widget is.
    pub place: Place,
    /// Its address; empty if there is none.
    pub widget_url: String,
    /// How far the handshake is.
    pub link: LinkView,
    /// The version that the widget reports.
    pub sdk_version: Option<String>,
    /// `null` until the widget says so.
    pub logged_in: Option<bool>,
    /// `null` until the widget says so.
    pub available: Option<bool>,
    /// How the widget is shown.
    pub window: WindowView,
    /// The frame's width, in CSS pixels.
    pub width: f64,
    /// The frame's height, in CSS pixels.
    pub height: f64,
    /// The open record.
    pub record: &'static Record,
    /// The engagement that SYNC hands over, after `NAVIGATE_TO_RECORD`.
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
