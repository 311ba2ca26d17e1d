//! Plays traces, and writes the checker's findings beneath their lines.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use expect_test::Expect;
use serde_json::{Map, Value, json};

use super::{Fields, Line, Said, TraceEvent};
use crate::{
    Checker, Closed, ConversationId, ConversationStart, Fact, Finding, Gap, Inside, Millis,
    Placement, RecordedMessage, Setting, Side,
};

/// The absolute time of a trace's time 0.
pub(super) const EPOCH: f64 = 1_700_000_000_000.0;
const HOST_ORIGIN: &str = "https://app.hubspot.com";
const WIDGET_ORIGIN: &str = "https://widget.example";

/// Checks the trace in `expected` against the findings beneath its lines.
#[track_caller]
pub(crate) fn check(expected: &Expect) {
    expected.assert_eq(&annotate(expected.data()));
}

/// Checks the trace in `expected` against the calls and answers beneath its lines.
#[track_caller]
pub(crate) fn check_calls(expected: &Expect) {
    expected.assert_eq(&annotate_with(expected.data(), Player::calls));
}

/// Checks that a trace has no findings worse than notes.
#[track_caller]
pub(crate) fn check_clean(trace: &str) {
    for finding in findings(trace) {
        assert!(
            finding.severity < crate::Severity::Warning,
            "{} {} {}",
            finding.rule.code,
            finding.severity,
            finding.message
        );
    }
}

/// All findings of a trace.
pub(crate) fn findings(trace: &str) -> Vec<Finding> {
    let mut player = Player::default();
    let mut findings = Vec::new();
    for line in trace.lines() {
        player.play(line);
        findings.extend(player.checker.drain_findings());
    }
    findings
}

/// The facts of a trace.
pub(crate) fn facts(trace: &str) -> Vec<Fact> {
    let mut player = Player::default();
    trace.lines().for_each(|line| player.play(line));
    player.facts
}

/// Plays a trace without its `!` lines and writes the findings beneath its lines.
pub(crate) fn annotate(trace: &str) -> String {
    annotate_with(trace, |player, _| player.findings())
}

fn annotate_with(trace: &str, remarks: impl Fn(&mut Player, bool) -> Vec<String>) -> String {
    let lines = || {
        let lines = trace.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.filter(|line| !line.starts_with(['!', '~']))
    };
    let width = lines()
        .filter_map(|line| Some(line.split_once(' ')?.0.len()))
        .max()
        .unwrap_or(0);
    let mut player = Player::default();
    let mut text = String::new();
    let count = lines().count();
    for (line, number) in lines().zip(1..) {
        let (time, rest) = line.split_once(' ').unwrap_or((line, ""));
        writeln!(text, "{time:>width$} {}", rest.trim_start()).unwrap();
        player.play(line);
        for remark in remarks(&mut player, number == count) {
            writeln!(text, "{:width$} {remark}", "").unwrap();
        }
    }
    text
}

#[derive(Default)]
pub(super) struct Player {
    pub(super) checker: Checker,
    facts: Vec<Fact>,
    seq: u64,
    /// The messages of the line.
    pub(super) seqs: Vec<u64>,
    /// The calls and requests that they belong to.
    pub(super) placed: Vec<(u64, Placement)>,
    minted: BTreeMap<String, f64>,
    last_sync_id: Value,
}

impl Player {
    fn play(&mut self, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        let (at, event) = match Line::parse(line) {
            Some(Line::TraceEvent { at, event }) => (at, event),
            Some(Line::Finding { .. }) => return,
            None => panic!("no line of a trace: {line}"),
        };
        self.seqs.clear();
        self.placed.clear();
        let millis = Millis(EPOCH + at);
        let conversation = ConversationId::default();
        match *event {
            TraceEvent::Ready {
                version,
                fields,
                initialized,
            } => {
                self.ready(at, &version, &fields);
                if let Some(fields) = initialized {
                    self.message(at + 3.0, said(Side::Widget, "INITIALIZED", *fields));
                }
            }
            TraceEvent::Message(said) => self.message(at, said),
            TraceEvent::Gap { why, lost } => self.fact(Fact::Gap(Gap {
                at: millis,
                conversation: Some(conversation),
                lost,
                why,
            })),
            TraceEvent::Closed(side) => self.fact(Fact::Closed(Closed {
                conversation,
                at: millis,
                side,
            })),
            TraceEvent::Conversation {
                id,
                continues,
                widget,
            } => {
                self.fact(Fact::Conversation(ConversationStart {
                    id,
                    at: millis,
                    continues,
                    host_origin: None,
                    widget_origin: widget,
                    in_calling_window: false,
                }));
            }
            TraceEvent::Setting { key, value } => self.fact(Fact::Setting(Setting {
                at: millis,
                key,
                value,
            })),
            TraceEvent::Inside { side, what, fields } => {
                let text = |key: &str| Some(fields.top.get(key)?.as_str()?.to_owned());
                self.fact(Fact::Inside(Box::new(Inside {
                    conversation: (!fields.top.contains_key("alone"))
                        .then_some(fields.conversation),
                    origin: fields
                        .origin
                        .clone()
                        .unwrap_or_else(|| WIDGET_ORIGIN.to_owned()),
                    type_name: text("type"),
                    message_id: text("messageId"),
                    text: text("text"),
                    place: text("place"),
                    target: text("target"),
                    recipient: text("recipient"),
                    channel: text("channel"),
                    message: text("message"),
                    stack: text("stack"),
                    ..Inside::new(millis, side, what)
                })));
            }
            TraceEvent::Advance => self.checker.advance(millis),
            TraceEvent::End => self.fact(Fact::End(millis)),
        }
    }

    fn ready(&mut self, at: f64, version: &str, fields: &Fields) {
        let both = || Fields {
            top: fields.top.clone(),
            conversation: fields.conversation,
            ..Fields::default()
        };
        let mut sync = both();
        if !fields.old {
            sync.top
                .entry("hostUrl")
                .or_insert_with(|| json!(HOST_ORIGIN));
        }
        self.message(at, said(Side::Host, "SYNC", sync));
        let mut ack = both();
        ack.top
            .insert("messageId".to_owned(), self.last_sync_id.clone());
        if version != "none" {
            ack.top.insert("version".to_owned(), json!(version));
        }
        if !fields.old {
            ack.top.insert("iFrameUrl".to_owned(), json!(WIDGET_ORIGIN));
        }
        self.message(at + 2.0, said(Side::Widget, "SYNC_ACK", ack));
    }

    fn message(&mut self, at: f64, said: Said) {
        let Said {
            from,
            is_second,
            name,
            fields,
        } = said;
        let instance = match (from, is_second) {
            (Side::Host, false) => "1699999999000",
            (Side::Host, true) => "1699999999222",
            (Side::Widget, false) => "1699999999500",
            (Side::Widget, true) => "1699999999777",
        };
        let mut message = Map::new();
        message.insert("type".to_owned(), json!(name));
        let is_ack = name == "SYNC_ACK" && from == Side::Widget;
        if !fields.without_id && !fields.top.contains_key("messageId") {
            let id = if is_ack {
                self.last_sync_id.clone()
            } else {
                self.mint(instance, at)
            };
            message.insert("messageId".to_owned(), id);
        }
        message.extend(fields.top);
        if let Some(data) = fields.data {
            message.insert("data".to_owned(), data);
        }
        if name == "SYNC" && from == Side::Host {
            self.last_sync_id = message.get("messageId").cloned().unwrap_or_default();
        }
        self.seq += 1;
        let default_origin = if from == Side::Host {
            HOST_ORIGIN
        } else {
            WIDGET_ORIGIN
        };
        self.fact(Fact::Message(RecordedMessage {
            seq: self.seq,
            at: Millis(EPOCH + at),
            conversation: fields.conversation,
            from,
            origin: fields.origin.as_deref().unwrap_or(default_origin).into(),
            injected: fields.injected,
            message: fields
                .raw
                .unwrap_or_else(|| Value::Object(message).to_string())
                .into(),
            cloned: fields.cloned,
            truncated: fields.truncated,
        }));
        self.seqs.push(self.seq);
    }

    fn mint(&mut self, instance: &str, at: f64) -> Value {
        let last = self.minted.entry(instance.to_owned()).or_default();
        *last = (EPOCH + at).max(*last + 1.0);
        json!(format!("{instance}_{last}"))
    }

    fn fact(&mut self, fact: Fact) {
        self.checker.observe(&fact);
        if let Fact::Message(recorded) = &fact {
            self.placed.push((recorded.seq, self.checker.placement()));
        }
        self.facts.push(fact);
    }
}

fn said(from: Side, name: &str, fields: Fields) -> Said {
    Said {
        from,
        is_second: false,
        name: name.to_owned(),
        fields,
    }
}
