//! What the panel shows, as data for browser tests and the demo.

use callscope_protocol::{Finding, Side};
use callscope_session_log::Session;
use callscope_session_view::calls::CallRow;
use callscope_session_view::rows::{RowBody, RowText};
use callscope_session_view::{findings, words};
use serde::Serialize;

use super::bar::BarData;
use super::compose::{ComposeData, SendOutcome};
use super::connection::Connection;
use super::drawn::{LadderSnapshot, StateSnapshot};
use super::{Model, overrides};
use crate::action::{Action, View};

/// What `callscopePanel.snapshot()` returns, as JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// The connection to the page: `detached`, `connecting`, `attached`, `absent` or `outdated`.
    pub connection: &'static str,
    /// The inspected page's address, without query and fragment.
    pub page: Option<String>,
    /// Why the timeline is empty; `None` if it is not empty.
    pub empty: Option<EmptySnapshot>,
    /// The current view.
    pub view: View,
    /// The name of the imported session, if one is shown.
    pub imported: Option<String>,
    /// Whether the recorder is recording; `None` if unknown.
    pub recording: Option<bool>,
    /// Whether the log is kept when the page navigates.
    pub preserve_log: bool,
    /// The rows of the timeline.
    pub rows: Vec<RowSnapshot>,
    /// The rows of the calls that the filter shows, as sentences.
    pub calls: Vec<String>,
    /// The ladder, if it is the current view.
    pub ladder: Option<LadderSnapshot>,
    /// The state machines, if theirs is the current view.
    pub state: Option<StateSnapshot>,
    /// The conversations.
    pub conversations: Vec<ConversationSnapshot>,
    /// The problem that the conversation bar reports.
    pub trouble: Option<String>,
    /// The selected message's `seq`.
    pub selected: Option<u64>,
    /// Whether the timeline follows its end.
    pub follows: bool,
    /// The filter.
    pub filter: String,
    /// The error in the filter.
    pub filter_error: Option<String>,
    /// The findings that the filter shows, worst first.
    pub findings: Vec<FindingSnapshot>,
    /// The numbers of the status bar.
    pub status: StatusSnapshot,
    /// The notices, oldest first.
    pub notices: Vec<String>,
    /// Origins that the panel asks for permission to listen in.
    pub asks_permission: Vec<String>,
    /// Origins whose pages are looked into.
    pub sees_inside: Vec<String>,
    /// Whether the extension's worker is not answering.
    pub worker_silent: bool,
    /// The override keys and their values; a key that was not read is left out.
    pub overrides: Vec<SettingSnapshot>,
    /// Compose: the obstacle to sending, and the result of the last sending.
    pub compose: ComposeSnapshot,
    /// `dark` or `light`.
    pub theme: &'static str,
}

/// Why the timeline is empty.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EmptySnapshot {
    /// The case: `no-iframe`, `paused`, `not-permitted`, ….
    pub case: &'static str,
    /// The title.
    pub title: String,
    /// The labels of the buttons.
    pub actions: Vec<String>,
}

/// A row of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RowSnapshot {
    /// `message`, `gap`, `inside` or `remark`.
    pub kind: &'static str,
    /// The entry's id, for `select`.
    pub id: u64,
    /// The message's number; the first one's in a folded run.
    pub seq: Option<u64>,
    /// Its time, in milliseconds since the epoch.
    pub at: f64,
    /// `host` or `widget`.
    pub from: Option<&'static str>,
    /// The message type, or the text of a gap or remark.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The summary.
    pub summary: String,
    /// For a run, how many messages over which time: "×40 in 4.0 s".
    pub run: Option<String>,
    /// Whether Callscope posted it.
    pub injected: bool,
    /// The conversation.
    pub conversation: Option<u32>,
    /// The worst severity of its findings.
    pub severity: Option<&'static str>,
    /// Its findings.
    pub findings: Vec<FindingSnapshot>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FindingSnapshot {
    /// The rule's code.
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// The message's number.
    pub seq: Option<u64>,
    /// The sentence.
    pub message: String,
    /// Whether it is about a frame that HubSpot does not sync with.
    pub stranger: bool,
}

/// A conversation.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationSnapshot {
    /// Its number.
    pub id: u32,
    /// The host's origin.
    pub host: Option<String>,
    /// The widget's origin.
    pub widget: Option<String>,
    /// The SDK version, in words.
    pub sdk: String,
    /// The generation of the SDK, in words.
    pub generation: &'static str,
    /// "Ready", "Logged in", ….
    pub states: Vec<String>,
    /// Whether HubSpot is known not to sync with its frame.
    pub stranger: bool,
}

/// The numbers of the status bar.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusSnapshot {
    /// Messages in the session.
    pub messages: u64,
    /// Messages that the filter hides.
    pub hidden: u64,
    /// Messages that the session lacks according to its gaps, as shown in the status bar.
    pub missing: String,
    /// Messages lost before they reached the recorder.
    pub lost: u64,
    /// Messages evicted.
    pub evicted: u64,
    /// Messages that are not calling-extension traffic.
    pub others: u64,
    /// Bytes used by the history.
    pub bytes: u64,
    /// The limit of the history, in bytes.
    pub limit: u64,
}

/// What `callscopePanel.progress()` returns, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// The numbers of the status bar.
    pub status: StatusSnapshot,
    /// When the last message was received, in milliseconds since the epoch.
    pub last_at: Option<f64>,
    /// Whether the timeline follows its end.
    pub follows: bool,
    /// The id of the selected entry.
    pub selected: Option<u64>,
}

/// A key in localStorage.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SettingSnapshot {
    /// The key.
    pub key: &'static str,
    /// Its value; `None` if it is not set.
    pub value: Option<String>,
}

/// The Compose form.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ComposeSnapshot {
    /// Why the message cannot or should not be sent.
    pub obstacle: Option<String>,
    /// `sending`, `sent`, or why it failed.
    pub outcome: Option<String>,
    /// The message as it would be posted.
    pub preview: String,
}

impl Snapshot {
    pub(crate) fn new(model: &mut Model, theme: &'static str) -> Self {
        model.refresh();
        let compose = ComposeSnapshot::new(model.compose_data());
        let calls = model.call_table();
        let ladder = (model.view == View::Ladder).then(|| LadderSnapshot::of(model));
        let state = match model.view {
            View::State => StateSnapshot::of(model),
            _ => None,
        };
        let model = &*model;
        let source = model.shown();
        let session = source.session();
        let mut findings: Vec<_> = source.shown_findings().collect();
        let is_strangers = |it: &Finding| findings::is_strangers(session, it);
        findings.sort_by_key(|it| (is_strangers(it), std::cmp::Reverse(it.severity), it.seq));
        Self {
            connection: match &model.connection {
                Connection::Detached => "detached",
                Connection::Connecting => "connecting",
                Connection::Attached(_) => "attached",
                Connection::Absent(_) => "absent",
                Connection::Outdated(_) => "outdated",
            },
            page: match &model.connection {
                Connection::Attached(info) => Some(info.page.clone()),
                Connection::Absent(page) => page.origin.clone(),
                _ => None,
            },
            empty: model.empty_data().map(|empty| EmptySnapshot {
                case: empty.case,
                title: empty.title,
                actions: empty.actions.iter().map(Action::label).collect(),
            }),
            view: model.view,
            imported: model.imported.as_ref().map(|it| it.name.clone()),
            recording: model.status.as_ref().map(|it| it.recording),
            preserve_log: model.settings.preserve_log,
            rows: rows(model),
            calls: calls.rows.iter().map(CallRow::label).collect(),
            ladder,
            state,
            conversations: session
                .conversations()
                .map(|it| ConversationSnapshot {
                    stranger: it.is_strangers(),
                    ..ConversationSnapshot::new(model.bar_of(&[], it))
                })
                .collect(),
            trouble: model.bar_data().and_then(|bar| Some(bar.trouble?.what)),
            selected: model.selected_seq(),
            follows: model.follows,
            filter: model.filter_text.clone(),
            filter_error: model.filter_error.as_ref().map(ToString::to_string),
            findings: findings
                .into_iter()
                .map(|it| FindingSnapshot::new(session, it))
                .collect(),
            status: StatusSnapshot::new(model),
            notices: model.notices.iter().map(|it| it.text.clone()).collect(),
            asks_permission: model.origins_to_permit(),
            sees_inside: model.sees_inside().to_vec(),
            worker_silent: model.worker_silence().is_some(),
            overrides: overrides::KEYS
                .iter()
                .filter(|_| model.overrides.is_read())
                .map(|it| SettingSnapshot {
                    key: it.key,
                    value: model.overrides.value(it.key).map(str::to_owned),
                })
                .collect(),
            compose,
            theme,
        }
    }
}

fn rows(model: &Model) -> Vec<RowSnapshot> {
    let source = model.shown();
    let rows = source.rows();
    let texts = source.describe(0..rows.len(), model.offset);
    let row = |(index, text): (usize, RowText)| {
        let session = source.session();
        let findings = source.findings_of_row(index);
        let findings = findings.map(|it| FindingSnapshot::new(session, it));
        let recorded = text.seq.and_then(|seq| source.session().message(seq));
        let mut row = RowSnapshot {
            kind: "remark",
            id: text.id,
            seq: text.seq,
            at: text.at.0,
            from: None,
            type_name: String::new(),
            summary: String::new(),
            run: None,
            injected: false,
            conversation: recorded.map(|recorded| recorded.conversation.0),
            severity: text.mark.map(|it| it.severity.name()),
            findings: findings.collect(),
        };
        match text.body {
            RowBody::Message(message) => {
                row.kind = "message";
                row.from = Some(message.from.name());
                row.injected = message.injected;
                row.type_name = message.type_name;
                row.summary = message.summary;
                row.run = message.run.map(|run| run.words());
            }
            RowBody::Gap(words) => {
                row.kind = "gap";
                row.type_name = words;
            }
            RowBody::Inside(inside) => {
                row.kind = "inside";
                row.from = inside.side.map(Side::name);
                row.type_name = inside.words;
                row.run = inside.run.map(|run| run.words());
            }
            RowBody::Remark(words) => row.type_name = words,
        }
        row
    };
    texts.into_iter().enumerate().map(row).collect()
}

impl FindingSnapshot {
    fn new(session: &Session, finding: &Finding) -> Self {
        Self {
            stranger: findings::is_strangers(session, finding),
            code: finding.rule.code,
            severity: findings::severity(session, finding).name(),
            seq: finding.seq,
            message: finding.message.clone(),
        }
    }
}

impl ConversationSnapshot {
    fn new(bar: BarData) -> Self {
        Self {
            id: bar.id,
            host: bar.host,
            widget: bar.widget,
            sdk: bar.sdk,
            generation: bar.generation,
            states: bar.states.into_iter().map(|(_, words)| words).collect(),
            stranger: false,
        }
    }
}

impl StatusSnapshot {
    fn new(model: &Model) -> Self {
        let status = model.status.clone().unwrap_or_default();
        Self {
            messages: model.message_count(),
            hidden: model.shown().rows().hidden(),
            missing: words::missing_line(model.shown().missing()),
            lost: status.lost,
            evicted: status.evicted,
            others: status.others,
            bytes: status.bytes,
            limit: status.limit,
        }
    }
}

impl Progress {
    pub(crate) fn new(model: &Model) -> Self {
        let session = model.shown().session();
        let last = session.message_count().checked_sub(1);
        let last = last.and_then(|index| session.nth_message(index));
        Self {
            status: StatusSnapshot::new(model),
            last_at: last.map(|last| last.fact.at().0),
            follows: model.follows_tail(),
            selected: model.selected,
        }
    }
}

impl ComposeSnapshot {
    fn new(data: ComposeData) -> Self {
        Self {
            obstacle: data.obstacle.map(|it| it.words),
            outcome: data.outcome.map(|outcome| match outcome {
                SendOutcome::Sending => "sending".to_owned(),
                SendOutcome::Sent { .. } => "sent".to_owned(),
                SendOutcome::Failed { reason } => reason,
            }),
            preview: data.preview,
        }
    }
}
