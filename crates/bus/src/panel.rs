//! The messages between the panel and the recorder of the inspected page, over one port.

use crate::DocumentId;
use crate::wire::{wire_enum, wire_struct};

/// The name of the port that a panel opens: `chrome.tabs.connect(tab, {name, frameId: 0})`.
///
/// The recorder only accepts ports with this name, and only from pages of this extension.
pub const PANEL_PORT: &str = "callscope-panel";

/// A message from the panel.
#[derive(Clone, Debug, PartialEq)]
pub enum FromPanel {
    /// The first message on a port: send everything after `since`, then whatever comes.
    Subscribe {
        /// The recorder, and the last of its records that the panel has; `None` for everything.
        since: Option<(DocumentId, u64)>,
    },
    /// Record, or pause.
    SetRecording {
        /// `false` pauses.
        on: bool,
    },
    /// Clear the list up to a time, or undo clearing it. The recorder keeps the time for panels
    /// that open later, and keeps all records.
    SetCleared {
        /// In milliseconds since the epoch; `None` undoes it.
        through: Option<f64>,
    },
    /// Bound the history.
    SetLimit {
        /// In bytes.
        bytes: u64,
    },
    /// Post a message as one side of a conversation.
    Inject {
        /// Repeated in [`ToPanel::Done`].
        request: u32,
        /// The conversation.
        conversation: u32,
        /// `true` posts it as the widget, to the host; `false` posts it as the host, to the widget.
        by_widget: bool,
        /// The message as JSON text, `messageId` included.
        message: String,
    },
    /// Read these keys of the page's localStorage; the answer is [`Outcome::Settings`].
    ReadSettings {
        /// Repeated in [`ToPanel::Done`].
        request: u32,
        /// The keys.
        keys: Vec<String>,
    },
    /// Set or remove one key of the page's localStorage; the answer is [`Outcome::Settings`] with
    /// the key's new state.
    WriteSetting {
        /// Repeated in [`ToPanel::Done`].
        request: u32,
        /// The key and its new text; `None` removes it.
        setting: SettingText,
    },
    /// Send everything recorded until now, and the status; the answer is then [`Outcome::Ok`], or
    /// [`Outcome::Failed`] if a frame takes too long to hand on messages that it has announced.
    Report {
        /// Repeated in [`ToPanel::Done`].
        request: u32,
    },
    /// Reload the page.
    Reload {
        /// Repeated in [`ToPanel::Done`].
        request: u32,
    },
    /// Record that the widget's frame has another origin than the host posts to: only a panel may
    /// look where frames are of which nothing is heard.
    Redirected {
        /// The origin that the host loads the widget from and posts to.
        from: String,
        /// The frame's origin; `None` if it is where Callscope may not look.
        to: Option<String>,
    },
}

/// One key of localStorage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingText {
    /// The key.
    pub key: String,
    /// Its text; `None` if it is not set.
    pub value: Option<String>,
}

/// A message from the recorder.
#[derive(Clone, Debug, PartialEq)]
pub enum ToPanel {
    /// Answers [`FromPanel::Subscribe`]: which recorder this is.
    Attached {
        /// The recorder.
        info: RecorderInfo,
        /// `true` if the panel's records are from another recorder or no longer complete: it must
        /// drop them, and everything is sent again.
        reset: bool,
        /// The latest time set by [`FromPanel::SetCleared`].
        cleared: Option<f64>,
    },
    /// New records, in ascending order of ids.
    Records {
        /// The records.
        records: Vec<Record>,
    },
    /// These records were dropped from the history; a gap that says so is among the next records.
    Evicted {
        /// Their ids, in ascending order.
        ids: Vec<u64>,
    },
    /// Numbers that change without a new record: sent when they have changed, and on request.
    Status {
        /// The numbers.
        status: RecorderStatus,
    },
    /// A request of the panel was carried out, or has failed.
    Done {
        /// The `request` of the panel's message.
        request: u32,
        /// The result.
        outcome: Outcome,
    },
}

/// A recorder's description of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecorderInfo {
    /// The top document.
    pub recorder: DocumentId,
    /// The page's address without query and fragment.
    pub page: String,
    /// `navigator.userAgent`.
    pub user_agent: String,
    /// `document.wasDiscarded`: the browser had discarded the page without warning to save memory,
    /// and has now loaded it again. The records of the discarded page are lost.
    pub was_discarded: bool,
    /// [`Hello::from_start`](crate::Hello::from_start) of the top document: `false` if the page was
    /// open before Callscope listened in it, so that a handshake may have been missed.
    pub from_start: bool,
}

/// One record of the recorder's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Numbers the records in order of arrival, from 1. Session order may differ: see
    /// `callscope_session_log::Session`.
    pub id: u64,
    /// A session-log line; if it is a message's, its `seq` is this `id`.
    pub line: String,
}

/// A recorder's status.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecorderStatus {
    /// The time by the recorder's clock, in milliseconds since the epoch, when this was sent.
    pub now: f64,
    /// Whether it is recording.
    pub recording: bool,
    /// The size of the history in bytes.
    pub bytes: u64,
    /// The history's limit in bytes.
    pub limit: u64,
    /// Messages that are not calling-extension traffic, in all frames.
    pub others: u64,
    /// Calling-extension messages that were lost before they reached the recorder.
    pub lost: u64,
    /// Messages dropped from the history so far.
    pub evicted: u64,
    /// Calling-extension messages received since the recording was paused.
    pub passed: u64,
    /// The relevant frames of the page.
    pub frames: Vec<FrameInfo>,
}

/// A frame of the inspected page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameInfo {
    /// Its origin as its tap reports it, otherwise from the frame's `src` or from its messages.
    pub origin: String,
    /// Whether a tap listens in it.
    pub tapped: bool,
    /// Whether it looks like a calling widget: it has spoken the protocol, or has the SDK's iframe
    /// id.
    pub widget: bool,
}

/// The result of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was carried out.
    Ok,
    /// The state of localStorage.
    Settings {
        /// One entry per requested key.
        settings: Vec<SettingText>,
    },
    /// It failed.
    Failed {
        /// What happened and what to do, for display.
        reason: String,
    },
}

wire_enum!(FromPanel {
    Subscribe { since },
    SetRecording { on },
    SetCleared { through },
    SetLimit { bytes },
    Inject { request, conversation, by_widget, message },
    ReadSettings { request, keys },
    WriteSetting { request, setting },
    Report { request },
    Reload { request },
    Redirected { from, to },
});
wire_struct!(SettingText { key, value });
wire_enum!(ToPanel {
    Attached { info, reset, cleared },
    Records { records },
    Evicted { ids },
    Status { status },
    Done { request, outcome },
});
wire_struct!(RecorderInfo {
    recorder,
    page,
    user_agent,
    was_discarded,
    from_start
});
wire_struct!(Record { id, line });
wire_struct!(RecorderStatus {
    now,
    recording,
    bytes,
    limit,
    others,
    lost,
    evicted,
    passed,
    frames
});
wire_struct!(FrameInfo {
    origin,
    tapped,
    widget
});
wire_enum!(Outcome { Ok, Settings { settings }, Failed { reason } });
