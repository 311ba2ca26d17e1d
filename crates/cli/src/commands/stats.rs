//! `callscope stats`: counts, latencies, percentiles.

mod text;

use std::collections::BTreeMap;
use std::io::Write as _;

use callscope_protocol::{Call, CallCounts, CallDirection, Millis, Severity, Side};
use callscope_session_log::Header;
use callscope_session_view::latency::{self, Latencies, Spans};
use callscope_session_view::{SessionView, findings, handshake};
use clap::ValueEnum;
use serde::Serialize;

use crate::Status;
use crate::input::Input;
use crate::missing::MissingEntry;
use crate::output::Output;
use crate::text::safe_json;
use crate::words;

const EXAMPLES: &str = "\
Examples:
  callscope stats session.callscope.jsonl
  callscope stats --format json session.callscope.jsonl | jq .latencies

A latency is the time from a request to its answer; p50 is the median, p90 the time within which
nine of ten answers came.";

/// Counts messages, calls and findings, and measures how long answers took.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// How to print the numbers.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// A session log; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: Input,
}

/// How the numbers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON object; times are milliseconds.
    Json,
}

/// All numbers of a session, in the shape of the JSON output.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stats {
    started: Option<String>,
    page: Option<String>,
    browser: Option<String>,
    tool: Option<String>,
    /// From the first to the last fact.
    pub(crate) span_ms: f64,
    pub(crate) messages: u64,
    pub(crate) from_host: u64,
    pub(crate) from_widget: u64,
    pub(crate) injected: u64,
    pub(crate) cut: u64,
    #[serde(flatten)]
    pub(crate) missing: MissingEntry,
    pub(crate) errors: u64,
    pub(crate) warnings: u64,
    pub(crate) notes: u64,
    /// Findings about frames that HubSpot does not sync with, which are not among the others.
    of_strangers: u64,
    findings: Vec<RuleCount>,
    pub(crate) conversations: Vec<ConversationStats>,
    calls: CallStats,
    latencies: Vec<LatencyStats>,
    unanswered: Vec<UnansweredStats>,
    types: Vec<TypeCount>,
}

#[derive(Debug, Serialize)]
struct RuleCount {
    code: &'static str,
    title: &'static str,
    count: u64,
    #[serde(skip)]
    worst: Severity,
}

/// A conversation in numbers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConversationStats {
    conversation: u32,
    sdk: String,
    messages: u64,
    handshake_ms: Option<f64>,
    /// The recorded steps of the handshake.
    #[serde(skip)]
    pub(crate) steps: Option<String>,
    #[serde(skip)]
    pub(crate) heading: String,
    #[serde(skip)]
    pub(crate) link: String,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct CallStats {
    count: u64,
    inbound: u64,
    outbound: u64,
    answered: u64,
    /// The number of calls for each `callEndStatus`.
    end_statuses: BTreeMap<String, u64>,
    /// From the start to the answer.
    ringing_ms: Option<Percentiles>,
    /// From the answer to the end.
    talking_ms: Option<Percentiles>,
    list: Vec<CallEntry>,
}

/// One call; times are milliseconds since the epoch.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CallEntry {
    conversation: u32,
    call: u32,
    direction: Option<&'static str>,
    phase: &'static str,
    from: Option<String>,
    to: Option<String>,
    external_call_id: Option<String>,
    engagement_id: Option<String>,
    requested_at: Option<f64>,
    started_at: Option<f64>,
    answered_at: Option<f64>,
    ended_at: Option<f64>,
    end_status: Option<String>,
    /// The numbers of its messages.
    messages: Vec<u64>,
}

impl CallEntry {
    fn new(call: &Call, messages: Vec<u64>) -> Self {
        let at = |at: Option<Millis>| at.map(|at| at.0);
        Self {
            conversation: call.id.conversation.0,
            call: call.id.serial,
            direction: call.direction.map(|direction| match direction {
                CallDirection::Inbound => "inbound",
                CallDirection::Outbound => "outbound",
            }),
            phase: call.phase.words(),
            from: call.from.clone(),
            to: call.to.clone(),
            external_call_id: call.external_call_id.clone(),
            engagement_id: call.engagement_id.clone(),
            requested_at: at(call.requested_at),
            started_at: at(call.started_at),
            answered_at: at(call.answered_at),
            ended_at: at(call.ended_at),
            end_status: call.end_status.clone(),
            messages,
        }
    }
}

#[derive(Debug, Serialize)]
struct LatencyStats {
    request: &'static str,
    answer: &'static str,
    #[serde(flatten)]
    percentiles: Percentiles,
}

/// Unanswered requests for which an answer was expected.
#[derive(Debug, Serialize)]
struct UnansweredStats {
    request: &'static str,
    /// The numbers of the requests.
    messages: Vec<u64>,
    #[serde(skip)]
    words: String,
}

/// Milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
struct Percentiles {
    count: u64,
    min: f64,
    p50: f64,
    p90: f64,
    p99: f64,
    max: f64,
}

impl Percentiles {
    fn of(mut spans: Spans) -> Option<Self> {
        spans.sort();
        let at = |percent| spans.percentile(percent).map(|it| it.0);
        Some(Self {
            count: spans.count() as u64,
            min: at(0)?,
            p50: spans.median()?.0,
            p90: at(90)?,
            p99: at(99)?,
            max: at(100)?,
        })
    }
}

#[derive(Debug, Serialize)]
struct TypeCount {
    r#type: String,
    from: &'static str,
    count: u64,
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    let log = args.file.read_log()?;
    let header = log.header.clone();
    let stats = Stats::new(&SessionView::from(log), &header);
    match args.format {
        Format::Text => text::print(&stats, &header, &args.file.name(), out)?,
        Format::Json => {
            let json = serde_json::to_string_pretty(&stats)?;
            for line in json.lines() {
                writeln!(out, "{}", safe_json(line))?;
            }
        }
    }
    Ok(Status::Clean)
}

impl Stats {
    pub(crate) fn new(whole: &SessionView, header: &Header) -> Self {
        let session = whole.session();
        let facts = session.facts();
        let times = || {
            facts
                .iter()
                .map(|placed| placed.fact.at().0)
                .filter(|at| at.is_finite())
        };
        let first = times().min_by(f64::total_cmp);
        let latest = times().max_by(f64::total_cmp);
        let counted = findings::Counts::of(session);
        let [errors, warnings, notes] = counted.worst_first().map(|(_, count)| count as u64);
        let count = |is_it: fn(&callscope_protocol::RecordedMessage) -> bool| {
            whole.messages().filter(|recorded| is_it(recorded)).count() as u64
        };
        let handshakes = handshake::handshakes(whole, |_| true);
        let answers = latency::latencies(whole, |_| true);
        let started = header.started.as_ref().map(|it| it.as_str().to_owned());
        Self {
            started,
            page: header.page.clone(),
            browser: header.browser.clone(),
            tool: header.tool.clone(),
            span_ms: latest
                .zip(first)
                .map_or(0.0, |(latest, first)| latest - first),
            messages: session.message_count() as u64,
            from_host: count(|recorded| recorded.from == Side::Host),
            from_widget: count(|recorded| recorded.from == Side::Widget),
            injected: count(|recorded| recorded.injected),
            cut: count(|recorded| recorded.truncated.is_some()),
            missing: session.summary().missing.into(),
            errors,
            warnings,
            notes,
            of_strangers: counted.of_strangers as u64,
            findings: rules(whole),
            conversations: session
                .conversations()
                .map(|it| ConversationStats {
                    conversation: it.id.0,
                    sdk: it.sdk_words(),
                    messages: it.message_count,
                    handshake_ms: it.handshake.map(|it| it.0),
                    steps: handshakes
                        .iter()
                        .find(|handshake| handshake.conversation == it.id)
                        .map(handshake::Handshake::words),
                    heading: words::conversation(it),
                    link: words::link(it),
                })
                .collect(),
            calls: calls(whole),
            latencies: latencies(&answers),
            unanswered: unanswered(answers),
            types: types(whole),
        }
    }
}

fn rules(whole: &SessionView) -> Vec<RuleCount> {
    let mut counts: BTreeMap<&'static str, RuleCount> = BTreeMap::new();
    let session = whole.session();
    let findings = session.findings().iter();
    for finding in findings.filter(|it| !findings::is_strangers(session, it)) {
        let count = counts.entry(finding.rule.code).or_insert(RuleCount {
            code: finding.rule.code,
            title: finding.rule.title,
            count: 0,
            worst: finding.severity,
        });
        count.count += 1;
        count.worst = count.worst.max(finding.severity);
    }
    let mut counts: Vec<RuleCount> = counts.into_values().collect();
    counts.sort_by_key(|it| (std::cmp::Reverse(it.worst), std::cmp::Reverse(it.count)));
    counts
}

fn calls(whole: &SessionView) -> CallStats {
    let CallCounts {
        count,
        outbound,
        inbound,
        answered,
    } = whole.session().summary().calls;
    let mut messages: BTreeMap<_, Vec<u64>> = BTreeMap::new();
    for recorded in whole.messages() {
        if let Some(call) = whole.session().placement(recorded.seq).call {
            messages.entry(call).or_default().push(recorded.seq);
        }
    }
    let (mut ringing, mut talking) = (Spans::default(), Spans::default());
    let mut end_statuses = BTreeMap::new();
    let all = whole.session().calls();
    for call in &all {
        ringing.extend(call.ringing());
        talking.extend(call.talking());
        if let Some(status) = &call.end_status {
            *end_statuses.entry(status.clone()).or_default() += 1;
        }
    }
    let list = all
        .iter()
        .map(|call| CallEntry::new(call, messages.remove(&call.id).unwrap_or_default()));
    CallStats {
        count,
        inbound,
        outbound,
        answered,
        end_statuses,
        list: list.collect(),
        ringing_ms: Percentiles::of(ringing),
        talking_ms: Percentiles::of(talking),
    }
}

fn latencies(latencies: &Latencies) -> Vec<LatencyStats> {
    let kinds = latencies.kinds.iter().filter_map(|kind| {
        Some(LatencyStats {
            request: kind.request,
            answer: kind.answer,
            percentiles: Percentiles::of(kind.spans())?,
        })
    });
    kinds.collect()
}

fn unanswered(latencies: Latencies) -> Vec<UnansweredStats> {
    let stats = latencies.unanswered.into_iter().map(|it| UnansweredStats {
        request: it.request,
        words: it.words(),
        messages: it.seqs,
    });
    stats.collect()
}

fn types(whole: &SessionView) -> Vec<TypeCount> {
    let mut types: BTreeMap<(&str, Side), u64> = BTreeMap::new();
    for placed in whole.session().facts() {
        if let Some((recorded, digest)) = placed.message().zip(whole.digest(placed.id)) {
            let name = digest.type_words();
            *types.entry((name, recorded.from)).or_default() += 1;
        }
    }
    let mut types: Vec<TypeCount> = types
        .into_iter()
        .map(|((name, from), count)| TypeCount {
            r#type: name.to_owned(),
            from: from.name(),
            count,
        })
        .collect();
    types.sort_by_key(|it| std::cmp::Reverse(it.count));
    types
}
