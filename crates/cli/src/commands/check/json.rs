//! Findings as one JSON object.
//!
//! `{"findings":[…],"summary":{…}}`; the summary has the totals and one entry per log. A log that
//! could not be read has no findings, and an `error` in its entry.

use std::io::{self, Write as _};

use callscope_protocol::{ConversationId, Millis};
use serde::Serialize;

use super::spool::Spool;
use super::{Counts, LogEnd, Printer};
use crate::analysis::{LocatedFinding, Stream};
use crate::input::{Input, Opened};
use crate::missing::MissingEntry;
use crate::output::Output;
use crate::text::safe_json;

/// Prints one JSON object for all logs.
#[derive(Default)]
pub(super) struct Json {
    has_begun: bool,
    has_findings: bool,
    file: String,
    /// The findings of the log being read.
    pending: Spool,
    files: Vec<FileSummary>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingEntry<'a> {
    code: &'a str,
    severity: &'a str,
    file: &'a str,
    line: Option<u64>,
    seq: Option<u64>,
    conversation: u32,
    call: Option<u32>,
    at: f64,
    title: &'a str,
    message: &'a str,
    related: &'a [u64],
    cause: Option<CauseEntry>,
    /// Whether it is about a frame that HubSpot does not sync with.
    stranger: bool,
}

/// Identifies the finding that another one follows from.
#[derive(Serialize)]
struct CauseEntry {
    code: &'static str,
    seq: Option<u64>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct FileSummary {
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    read: Option<ReadSummary>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReadSummary {
    #[serde(flatten)]
    counts: Counts,
    #[serde(flatten)]
    session: SessionSummary,
    conversations: Vec<ConversationSummary>,
    /// Remarks on reading the log.
    remarks: Vec<String>,
}

/// A summary of one session or of several.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionSummary {
    messages: u64,
    #[serde(flatten)]
    missing: MissingEntry,
    handshakes: Handshakes,
    /// In words, without duplicates: "SDK 0.9.7".
    sdk_versions: Vec<String>,
    calls: Calls,
}

/// From the first SYNC to `SYNC_ACK`, if both were recorded.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Handshakes {
    count: u64,
    shortest_ms: Option<f64>,
    longest_ms: Option<f64>,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Calls {
    count: u64,
    outbound: u64,
    inbound: u64,
    answered: u64,
}

impl SessionSummary {
    fn add(&mut self, other: &Self) {
        self.messages += other.messages;
        self.missing.add(other.missing);
        let Handshakes {
            count,
            shortest_ms,
            longest_ms,
        } = other.handshakes;
        let ours = &mut self.handshakes;
        ours.count += count;
        ours.shortest_ms = ours
            .shortest_ms
            .into_iter()
            .chain(shortest_ms)
            .reduce(f64::min);
        ours.longest_ms = ours
            .longest_ms
            .into_iter()
            .chain(longest_ms)
            .reduce(f64::max);
        for words in &other.sdk_versions {
            if !self.sdk_versions.contains(words) {
                self.sdk_versions.push(words.clone());
            }
        }
        self.calls.count += other.calls.count;
        self.calls.outbound += other.calls.outbound;
        self.calls.inbound += other.calls.inbound;
        self.calls.answered += other.calls.answered;
    }
}

impl From<&callscope_protocol::Summary> for SessionSummary {
    fn from(summary: &callscope_protocol::Summary) -> Self {
        let callscope_protocol::Summary {
            message_count,
            missing,
            conversation_count: _,
            handshakes,
            sdks,
            calls,
            // This includes rules that `--allow` leaves out, so findings are counted separately.
            findings: _,
        } = summary;
        Self {
            messages: *message_count,
            missing: (*missing).into(),
            handshakes: Handshakes {
                count: handshakes.count,
                shortest_ms: handshakes.shortest.map(millis),
                longest_ms: handshakes.longest.map(millis),
            },
            sdk_versions: sdks.clone(),
            calls: Calls {
                count: calls.count,
                outbound: calls.outbound,
                inbound: calls.inbound,
                answered: calls.answered,
            },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConversationSummary {
    conversation: u32,
    continues: Option<u32>,
    host_origin: Option<String>,
    widget_origin: Option<String>,
    sdk: String,
    profile: &'static str,
    messages: u64,
    /// From the first SYNC to `SYNC_ACK`, if both were recorded.
    handshake_ms: Option<f64>,
    /// Whether HubSpot does not sync with its frame.
    stranger: bool,
    errors: u64,
    warnings: u64,
    notes: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    #[serde(flatten)]
    counts: Counts,
    #[serde(flatten)]
    session: SessionSummary,
    unreadable: u64,
    files: &'a [FileSummary],
}

impl Json {
    fn start(&mut self, out: &mut Output) -> io::Result<()> {
        if !std::mem::replace(&mut self.has_begun, true) {
            write!(out, "{{\"findings\":[")?;
        }
        Ok(())
    }
}

impl Printer for Json {
    fn begin(&mut self, input: &Input, _: &mut Opened) {
        self.file = input.path();
        self.pending.clear();
    }

    fn finding(&mut self, located: LocatedFinding, _: &mut Stream) -> io::Result<()> {
        let finding = &located.finding;
        let entry = |stranger| FindingEntry {
            code: finding.rule.code,
            severity: finding.severity.name(),
            file: &self.file,
            line: located.line,
            seq: finding.seq,
            conversation: finding.conversation.0,
            call: finding.call.map(|call| call.serial),
            at: finding.at.0,
            title: finding.rule.title,
            message: &finding.message,
            related: &finding.related,
            cause: finding.cause.map(|cause| CauseEntry {
                code: cause.rule.code,
                seq: cause.seq,
            }),
            stranger,
        };
        // An entry has nothing that JSON cannot represent.
        let json = |stranger| serde_json::to_string(&entry(stranger)).unwrap_or_default();
        let print = |stranger| safe_json(&json(stranger)).into_owned();
        self.pending.push(finding, print)
    }

    fn end(&mut self, end: &LogEnd<'_>, _: &mut Opened, out: &mut Output) -> anyhow::Result<()> {
        self.start(out)?;
        let has_findings = &mut self.has_findings;
        self.pending.drain(end, |entry| {
            let comma = if std::mem::replace(has_findings, true) {
                ","
            } else {
                ""
            };
            write!(out, "{comma}\n{entry}")
        })?;
        let number = |ConversationId(id)| id;
        self.files.push(FileSummary {
            file: self.file.clone(),
            error: None,
            read: Some(ReadSummary {
                counts: end.checked.counts,
                session: SessionSummary::from(&end.checked.summary),
                conversations: end
                    .conversations()
                    .map(|it| ConversationSummary {
                        conversation: number(it.id),
                        continues: it.continues.map(number),
                        host_origin: it.host_origin.clone(),
                        widget_origin: it.widget_origin.clone(),
                        sdk: it.sdk_words(),
                        profile: it.generation.words(),
                        messages: it.message_count,
                        handshake_ms: it.handshake.map(millis),
                        stranger: it.is_strangers(),
                        errors: it.error_count,
                        warnings: it.warning_count,
                        notes: it.note_count,
                    })
                    .collect(),
                remarks: end.checked.notes.iter().map(ToString::to_string).collect(),
            }),
        });
        Ok(())
    }

    fn refused(
        &mut self,
        input: &Input,
        error: &anyhow::Error,
        out: &mut Output,
    ) -> anyhow::Result<()> {
        self.start(out)?;
        self.pending.clear();
        let error = Some(format!("{error:#}"));
        self.files.push(FileSummary {
            file: input.path(),
            error,
            read: None,
        });
        Ok(())
    }

    fn finish(&mut self, counts: Counts, out: &mut Output) -> anyhow::Result<()> {
        self.start(out)?;
        let mut session = SessionSummary::default();
        for read in self.files.iter().filter_map(|it| it.read.as_ref()) {
            session.add(&read.session);
        }
        let summary = serde_json::to_string(&Summary {
            counts,
            session,
            unreadable: self.files.iter().filter(|it| it.error.is_some()).count() as u64,
            files: &self.files,
        })?;
        let newline = if self.has_findings { "\n" } else { "" };
        writeln!(out, "{newline}],\"summary\":{}}}", safe_json(&summary))?;
        Ok(())
    }
}

/// A span in milliseconds, without the rounding noise of subtracting large times.
fn millis(Millis(span): Millis) -> f64 {
    (span * 1e3).round() / 1e3
}
