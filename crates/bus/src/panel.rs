//! Between the panel and the recorder of the inspected page, over one port.

use crate::DocumentId;
use crate::wire::{wire_enum, wire_struct};

/// The name of the port that a panel opens: `chrome.tabs.connect(tab, {name, frameId: 0})`.
///
/// The recorder listens to ports of this name only, and only if a page of this extension
/// opens them.
pub const PANEL_PORT: &str = "callscope-panel";

/// What the panel says.
#[derive(Clone, Debug, PartialEq)]
pub enum FromPanel {
    /// First message on a port: send everything after `since`, then what comes.
    Subscribe {
        /// The recorder and the last record that the panel has; `None` for everything.
        since: Option<(DocumentId, u64)>,
    },
    /// Record, or pause.
    SetRecording {
        /// `false` pauses.
        on: bool,
    },
    /// What happened up to then is cleared from the list, or nothing is: the recorder keeps that for
    /// panels that open later, and all records.
    SetCleared {
        /// In milliseconds since the epoch.
        through: Option<f64>,
    },
    /// Bound the history.
    SetLimit {
        /// Bytes.
        bytes: u64,
    },
    /// Post a message as one side of a conversation.
    Inject {
        /// Repeated in [`ToPanel::Done`].
        request: u32,
        /// The conversation.
        conversation: u32,
        /// `true` posts it as the widget, to the host; `false` as the host, to the widget.
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
    /// the key as it is afterwards.
    WriteSetting {
        /// Repeated in [`ToPanel::Done`].
        request: u32,
        /// The key and its new text; `None` removes it.
        setting: SettingText,
    },
    /// Report: once everything that was heard until now has been sent, and the numbers, the answer
    /// is [`Outcome::Ok`]; [`Outcome::Failed`] if a frame keeps too long what it said that it has.
    Report {
        /// Repeated in [`ToPanel::Done`].
        request: u32,
    },
    /// Reload the page.
    Reload {
        /// Repeated in [`ToPanel::Done`].
        request: u32,
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

/// What the recorder says.
#[derive(Clone, Debug, PartialEq)]
pub enum ToPanel {
    /// Answers [`FromPanel::Subscribe`]: who is talking.
    Attached {
        /// The recorder.
        info: RecorderInfo,
        /// `true` if what the panel holds is not of this recorder or no longer complete: it must
        /// drop it, everything follows.
        reset: bool,
        /// What [`FromPanel::SetCleared`] said last.
        cleared: Option<f64>,
    },
    /// New records, by rising id.
    Records {
        /// The records.
        records: Vec<Record>,
    },
    /// These records are gone from the history; a gap that says so is among the next records.
    Evicted {
        /// Their ids, rising.
        ids: Vec<u64>,
    },
    /// Numbers that change without a record: sent when they have, and on request.
    Status {
        /// The numbers.
        status: RecorderStatus,
    },
    /// A request of the panel was carried out, or was not.
    Done {
        /// The request's number.
        request: u32,
        /// What became of it.
        outcome: Outcome,
    },
}

/// Who records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecorderInfo {
    /// The top document.
    pub recorder: DocumentId,
    /// The page's address without query and fragment.
    pub page: String,
    /// `navigator.userAgent`.
    pub user_agent: String,
    /// `document.wasDiscarded`: the browser had put the page away to save memory, without a word to
    /// it, and has loaded it anew. What had been recorded of it went with it.
    pub was_discarded: bool,
    /// [`Hello::from_start`](crate::Hello::from_start) of the top document: `false` if the page was
    /// open before Callscope listened in it, so that a handshake may have gone by unheard.
    pub from_start: bool,
}

/// One record of the recorder's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Counts arrivals at the recorder, from 1. Session order may differ: see
    /// `callscope_session_log::Session`.
    pub id: u64,
    /// A session-log line; if it is a message's, its `seq` is this `id`.
    pub line: String,
}

/// Numbers of a recorder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecorderStatus {
    /// The time by the recorder's clock, in milliseconds since the epoch, when this was sent.
    pub now: f64,
    /// Whether it records.
    pub recording: bool,
    /// Bytes that the history holds.
    pub bytes: u64,
    /// Its bound in bytes.
    pub limit: u64,
    /// Messages that are not calling-extension traffic, in all frames.
    pub others: u64,
    /// Calling-extension messages that were lost before the recorder got them.
    pub lost: u64,
    /// Messages evicted so far.
    pub evicted: u64,
    /// Calling-extension messages that passed since the recording was paused.
    pub passed: u64,
    /// The frames of the page that matter.
    pub frames: Vec<FrameInfo>,
}

/// A frame of the inspected page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameInfo {
    /// Its origin: the tap's own word, else from the frame's `src` or from its messages.
    pub origin: String,
    /// Whether a tap listens in it.
    pub tapped: bool,
    /// Whether it looks like a calling widget: it spoke the protocol, or has the SDK's iframe id.
    pub widget: bool,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was carried out.
    Ok,
    /// What localStorage holds.
    Settings {
        /// One entry per key asked for.
        settings: Vec<SettingText>,
    },
    /// It was not carried out.
    Failed {
        /// What happened and what to do, for people.
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
