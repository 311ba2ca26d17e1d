//! Sessions as text, and what the checker says about them beneath their lines.
//!
//! ```text
//!     0 handshake 0.9.7-beta.0 isLoggedIn=false
//!  1000 host      DIAL_NUMBER phoneNumber=+15550100
//!       ! S07 error the widget is logged out
//!  9000 advance
//! ```
//!
//! A line is a time in milliseconds, who or what, and for a message its type and fields.
//! `key=value` is a field of `data`, `.key=value` one of the message itself; values are JSON, or
//! a text where they are not.
//! `@origin` gives another origin, `-messageId` leaves the id out, `data=` replaces the payload,
//! `raw=` the whole message, `conversation=` names another conversation; `injected`,
//! `truncated` and `cloned:path=Date` set the frame's marks.
//! Message ids are minted as the SDK does, but never twice the same; `host2` and `widget2` are
//! other instances of the SDK.
//!
//! `handshake VERSION` stands for `SYNC`, `SYNC_ACK` and `INITIALIZED`, with what follows in the
//! last; `ready VERSION` for the first two, with what follows in `SYNC`.
//! With `old` the two have no `hostUrl` and `iFrameUrl`, as up to 0.0.6.
//! `gap`, `closed`, `conversation`, `setting`, `advance` and `end` are the other facts.
//!
//! Findings name their frame where it is not the line's own: `[#3]`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use expect_test::Expect;
use serde_json::{Map, Value, json};

use crate::{
    Checker, Closed, ConversationId, ConversationStart, Fact, Finding, Frame, Gap, GapReason,
    Millis, Setting, Side,
};

/// When a trace's time 0 is.
pub(crate) const EPOCH: f64 = 1_700_000_000_000.0;
const HOST_ORIGIN: &str = "https://app.hubspot.com";
const WIDGET_ORIGIN: &str = "https://widget.example";

/// Checks the trace in `expected` against the findings beneath its lines.
#[track_caller]
pub(crate) fn check(expected: &Expect) {
    expected.assert_eq(&annotate(expected.data()));
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
    let lines = || {
        let lines = trace.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.filter(|line| !line.starts_with('!'))
    };
    let width = lines()
        .filter_map(|line| Some(line.split_once(' ')?.0.len()))
        .max()
        .unwrap_or(0);
    let mut player = Player::default();
    let mut text = String::new();
    for line in lines() {
        let (time, rest) = line.split_once(' ').unwrap_or((line, ""));
        writeln!(text, "{time:>width$} {}", rest.trim_start()).unwrap();
        player.play(line);
        for finding in player.checker.drain_findings() {
            let seq = match finding.seq {
                Some(seq) if player.seqs.contains(&seq) => String::new(),
                Some(seq) => format!(" [#{seq}]"),
                None => " [–]".to_owned(),
            };
            let Finding {
                rule,
                severity,
                message,
                ..
            } = finding;
            writeln!(
                text,
                "{:width$} ! {}{seq} {severity} {message}",
                "", rule.code
            )
            .unwrap();
        }
    }
    text
}

#[derive(Default)]
struct Player {
    checker: Checker,
    facts: Vec<Fact>,
    seq: u64,
    /// The frames of the line.
    seqs: Vec<u64>,
    minted: BTreeMap<String, f64>,
    last_sync_id: Value,
}

#[derive(Default)]
struct Fields {
    top: Map<String, Value>,
    data: Option<Value>,
    origin: Option<String>,
    without_id: bool,
    old: bool,
    raw: Option<String>,
    conversation: ConversationId,
    injected: bool,
    truncated: Option<u64>,
    cloned: BTreeMap<String, String>,
}

impl Player {
    fn play(&mut self, line: &str) {
        let tokens = tokens(line);
        let Some(at) = tokens.first() else { return };
        self.seqs.clear();
        let at: f64 = at.parse().unwrap_or_else(|_| panic!("no time: {line}"));
        let word = |index: usize| tokens.get(index).map_or("", String::as_str);
        let rest = |from: usize| tokens.get(from..).unwrap_or_default();
        match word(1) {
            "handshake" => {
                self.ready(
                    at,
                    word(2),
                    &Fields::read(&[]),
                    rest(3).contains(&"old".to_owned()),
                );
                let instance = "1699999999500";
                self.message(at + 3.0, Side::Widget, instance, "INITIALIZED", {
                    let mut fields = Fields::read(rest(3));
                    let data = fields.data.get_or_insert_with(|| json!({}));
                    if data.get("isLoggedIn").is_none() {
                        data["isLoggedIn"] = json!(true);
                    }
                    fields
                });
            }
            "ready" => {
                let fields = Fields::read(rest(3));
                self.ready(at, word(2), &fields, fields.old);
            }
            name @ ("host" | "host2" | "widget" | "widget2") => {
                let side = if name.starts_with("host") {
                    Side::Host
                } else {
                    Side::Widget
                };
                let instance = match name {
                    "host" => "1699999999000",
                    "host2" => "1699999999222",
                    "widget" => "1699999999500",
                    _ => "1699999999777",
                };
                self.message(at, side, instance, word(2), Fields::read(rest(3)));
            }
            "gap" => {
                let why = match word(2) {
                    "late-start" => GapReason::LateStart,
                    "paused" => GapReason::Paused,
                    "evicted" => GapReason::Evicted,
                    "cleared" => GapReason::Cleared,
                    "host-missing" => GapReason::HalfMissing(Side::Host),
                    "widget-missing" => GapReason::HalfMissing(Side::Widget),
                    _ => GapReason::BufferFull,
                };
                let lost = rest(2)
                    .iter()
                    .find_map(|word| word.strip_prefix("lost=")?.parse().ok());
                let conversation = Some(ConversationId::default());
                self.fact(Fact::Gap(Gap {
                    at: Millis(EPOCH + at),
                    conversation,
                    lost,
                    why,
                }));
            }
            "closed" => {
                let side = if word(2) == "host" {
                    Side::Host
                } else {
                    Side::Widget
                };
                let conversation = ConversationId::default();
                let at = Millis(EPOCH + at);
                self.fact(Fact::Closed(Closed {
                    conversation,
                    at,
                    side,
                }));
            }
            "conversation" => {
                let number = |text: &str| text.parse().map(ConversationId).ok();
                self.fact(Fact::Conversation(ConversationStart {
                    id: number(word(2)).unwrap(),
                    at: Millis(EPOCH + at),
                    continues: word(3).strip_prefix("continues=").and_then(number),
                    host_origin: None,
                    widget_origin: None,
                }));
            }
            "setting" => {
                let value = tokens.get(3).cloned();
                let key = word(2).to_owned();
                self.fact(Fact::Setting(Setting {
                    at: Millis(EPOCH + at),
                    key,
                    value,
                }));
            }
            "advance" => self.checker.advance(Millis(EPOCH + at)),
            "end" => self.fact(Fact::End(Millis(EPOCH + at))),
            other => panic!("unknown word {other}: {line}"),
        }
    }

    fn ready(&mut self, at: f64, version: &str, fields: &Fields, old: bool) {
        let mut sync = Fields {
            top: fields.top.clone(),
            ..Fields::default()
        };
        sync.conversation = fields.conversation;
        if !old {
            sync.top
                .entry("hostUrl")
                .or_insert_with(|| json!(HOST_ORIGIN));
        }
        self.message(at, Side::Host, "1699999999000", "SYNC", sync);
        let mut ack = Fields {
            top: fields.top.clone(),
            ..Fields::default()
        };
        ack.conversation = fields.conversation;
        ack.top
            .insert("messageId".to_owned(), self.last_sync_id.clone());
        if version != "none" {
            ack.top.insert("version".to_owned(), json!(version));
        }
        if !old {
            ack.top.insert("iFrameUrl".to_owned(), json!(WIDGET_ORIGIN));
        }
        self.message(at + 2.0, Side::Widget, "1699999999500", "SYNC_ACK", ack);
    }

    fn message(&mut self, at: f64, from: Side, instance: &str, name: &str, fields: Fields) {
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
        self.fact(Fact::Frame(Frame {
            seq: self.seq,
            at: Millis(EPOCH + at),
            conversation: fields.conversation,
            from,
            origin: fields.origin.unwrap_or_else(|| default_origin.to_owned()),
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
        self.facts.push(fact);
    }
}

impl Fields {
    fn read(tokens: &[String]) -> Self {
        let mut fields = Self::default();
        for token in tokens {
            if let Some(origin) = token.strip_prefix('@') {
                fields.origin = Some(origin.to_owned());
                continue;
            }
            let (key, value) = match token.split_once('=') {
                Some((key, value)) => (key, Some(value)),
                None => (token.as_str(), None),
            };
            let json = value.map(|value| {
                serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()))
            });
            match (key, json) {
                ("old", None) => fields.old = true,
                ("injected", None) => fields.injected = true,
                ("truncated", None) => fields.truncated = Some(1_000_000),
                ("-messageId", None) => fields.without_id = true,
                ("raw", Some(_)) => fields.raw = value.map(str::to_owned),
                ("data", Some(data)) => fields.data = Some(data),
                ("conversation", Some(id)) => {
                    fields.conversation = ConversationId(id.as_u64().unwrap().try_into().unwrap());
                }
                (key, Some(json)) => {
                    if let Some(path) = key.strip_prefix("cloned:") {
                        fields
                            .cloned
                            .insert(path.to_owned(), value.unwrap().to_owned());
                    } else if let Some(key) = key.strip_prefix('.') {
                        fields.top.insert(key.to_owned(), json);
                    } else {
                        let data = fields.data.get_or_insert_with(|| json!({}));
                        data[key] = json;
                    }
                }
                (other, None) => panic!("unknown word {other}"),
            }
        }
        fields
    }
}

/// Splits at spaces outside quotes and brackets.
fn tokens(line: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for character in line.chars() {
        match character {
            _ if escaped => {}
            '"' => quoted = !quoted,
            '{' | '[' if !quoted => depth += 1,
            '}' | ']' if !quoted => depth -= 1,
            ' ' if !quoted && depth == 0 => {
                tokens.push(String::new());
                continue;
            }
            _ => {}
        }
        escaped = quoted && character == '\\' && !escaped;
        tokens.last_mut().unwrap().push(character);
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}
