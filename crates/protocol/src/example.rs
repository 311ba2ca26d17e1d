//! The sessions that illustrate a rule: one that breaks it, and one that does not.

use std::fmt::Write as _;

use serde_json::Value;

use crate::trace::{About, Fields, Line, Said, TraceEvent};
use crate::{GapReason, Severity, Side, thousands};

/// Two sessions as text.
///
/// A test plays both and checks that the findings beneath their lines are the checker's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// A session that breaks the rule.
    pub(crate) breaks: &'static str,
    /// One that does not.
    pub(crate) clean: &'static str,
}

/// One line of an example, for people.
#[derive(Clone, Debug, PartialEq)]
pub struct ExampleLine {
    /// The numbers, in the session, of the first and last message that the line stands for; `None`
    /// if it is not a message.
    pub messages: Option<(u64, u64)>,
    /// When it happens, in seconds from the beginning; `None` for a finding.
    pub seconds: Option<f64>,
    /// What happens.
    pub what: ExampleEvent,
}

/// What happens in a line of an example.
#[derive(Clone, Debug, PartialEq)]
pub enum ExampleEvent {
    /// A message, or a run of equal ones.
    Message {
        /// Who sends it.
        from: Side,
        /// Its type, its contents and what is unusual about it, in JavaScript notation.
        text: String,
    },
    /// Something that is not a message, or the whole handshake.
    Other(String),
    /// What Callscope says about the line above.
    Finding {
        /// The rule.
        code: String,
        /// Its severity.
        severity: Severity,
        /// The message that it is about, if that is not the line above.
        about: Option<u64>,
        /// What was expected and what came.
        message: String,
    },
}

impl Example {
    /// The session that breaks the rule, with what Callscope says about it.
    #[must_use]
    pub fn breaks(&self) -> Vec<ExampleLine> {
        read(self.breaks)
    }

    /// The session that does not break it; it may have notes of other rules.
    #[must_use]
    pub fn clean(&self) -> Vec<ExampleLine> {
        read(self.clean)
    }
}

/// From this many equal messages in a row on, they become one line.
const RUN: usize = 3;

fn read(trace: &str) -> Vec<ExampleLine> {
    let mut lines: Vec<ExampleLine> = Vec::new();
    let mut seq = 0;
    for line in trace.lines().filter_map(Line::parse) {
        match line {
            Line::TraceEvent { at, event } => {
                let count = match &*event {
                    TraceEvent::Ready { initialized, .. } => 2 + u64::from(initialized.is_some()),
                    TraceEvent::Message(_) => 1,
                    _ => 0,
                };
                lines.push(ExampleLine {
                    messages: (count > 0).then_some((seq + 1, seq + count)),
                    seconds: Some(at / 1000.0),
                    what: example_event(&event),
                });
                seq += count;
            }
            Line::Finding {
                code,
                about,
                severity,
                message,
            } => lines.push(ExampleLine {
                messages: None,
                seconds: None,
                what: ExampleEvent::Finding {
                    code,
                    severity,
                    about: match about {
                        About::Message(seq) => Some(seq),
                        About::Own | About::Nothing => None,
                    },
                    message,
                },
            }),
        }
    }
    fold(&lines)
}

/// Turns each run of equal messages into one line.
fn fold(lines: &[ExampleLine]) -> Vec<ExampleLine> {
    let mut folded: Vec<ExampleLine> = Vec::new();
    for run in lines.chunk_by(|left, right| left.what == right.what) {
        match run {
            [first, .., last] if run.len() >= RUN => {
                let mut line = first.clone();
                line.messages = first.messages.zip(last.messages).map(|(a, b)| (a.0, b.1));
                if let ExampleEvent::Message { text, .. } = &mut line.what {
                    let until = last.seconds.unwrap_or_default();
                    // Writing to a `String` never fails.
                    _ = write!(text, ", {} times until {until:.3} s", run.len());
                }
                folded.push(line);
            }
            _ => folded.extend_from_slice(run),
        }
    }
    folded
}

fn example_event(event: &TraceEvent) -> ExampleEvent {
    let side = |side: &Side| match side {
        Side::Host => "HubSpot's page",
        Side::Widget => "The widget's page",
    };
    ExampleEvent::Other(match event {
        TraceEvent::Message(said) => {
            return ExampleEvent::Message {
                from: said.from,
                text: message(said),
            };
        }
        TraceEvent::Ready {
            version,
            fields,
            initialized,
        } => handshake(version, fields, initialized.as_deref()),
        TraceEvent::Gap { why, lost } => gap(why, *lost),
        TraceEvent::Closed(page) => format!("{} goes away", side(page)),
        TraceEvent::Conversation { .. } => "Another conversation begins".to_owned(),
        TraceEvent::Setting {
            key,
            value: Some(value),
        } => format!("localStorage[\"{key}\"] is {value}"),
        TraceEvent::Setting { key, value: None } => format!("localStorage[\"{key}\"] is not set"),
        TraceEvent::Inside {
            side: page, what, ..
        } => {
            format!("{} reports: {}", side(page), what.words())
        }
        TraceEvent::Advance => "Nothing has happened since".to_owned(),
        TraceEvent::End => "The recording ends".to_owned(),
    })
}

fn handshake(version: &str, fields: &Fields, initialized: Option<&Fields>) -> String {
    let mut words = format!("SYNC{}", contents(fields));
    match initialized {
        Some(initialized) => {
            words.push_str(", SYNC_ACK and INITIALIZED");
            words.push_str(&contents(initialized));
        }
        None => words.push_str(" and SYNC_ACK"),
    }
    let reported = match (version, fields.old) {
        ("none", _) => "none",
        ("0.0.1", true) => "0.0.1, as SDK 0.0.2–0.0.6 do",
        ("0.0.1", false) => "0.0.1, as SDK 0.0.7–0.1.5 do",
        (version, _) => version,
    };
    format!("{words}; the widget reports version {reported}")
}

fn gap(why: &GapReason, lost: Option<u64>) -> String {
    let lost = match lost {
        Some(1) => "1 message is missing".to_owned(),
        Some(lost) => format!("{} messages are missing", thousands(lost)),
        None => "Messages are missing".to_owned(),
    };
    let why = match why {
        GapReason::BufferFull => "a buffer was full",
        GapReason::Evicted => "the history was full",
        GapReason::Paused => "recording was paused",
        GapReason::Cleared => "the list was cleared",
        GapReason::LeftOut { .. } => "they were left out of the file",
        GapReason::LateStart => "recording began later",
        GapReason::HalfMissing(Side::Host) => "what HubSpot sends is not recorded",
        GapReason::HalfMissing(Side::Widget) => "what the widget sends is not recorded",
        GapReason::PageLeft => "the page went away",
        GapReason::SenderGone => "the sending frame was gone",
        GapReason::Other(words) => words,
    };
    format!("{lost}: {why}")
}

fn message(said: &Said) -> String {
    let Said {
        from,
        is_second,
        name,
        fields,
    } = said;
    let mut text = match &fields.raw {
        Some(raw) => serde_json::from_str(raw).map_or_else(|_| raw.clone(), |raw| script(&raw)),
        None => format!("{name}{}", contents(fields)),
    };
    let mut remarks = Vec::new();
    if *is_second {
        remarks.push(match from {
            Side::Host => "from another host in the same page".to_owned(),
            Side::Widget => "from a second instance of the SDK".to_owned(),
        });
    }
    if fields.without_id {
        remarks.push("without messageId".to_owned());
    }
    if let Some(origin) = &fields.origin {
        remarks.push(format!("from {origin}"));
    }
    if fields.injected {
        remarks.push("posted by Callscope".to_owned());
    }
    if fields.truncated.is_some() {
        remarks.push("cut by the recorder".to_owned());
    }
    for (path, what) in &fields.cloned {
        remarks.push(format!("{path} is a {what}"));
    }
    if !remarks.is_empty() {
        text.push_str(" (");
        text.push_str(&remarks.join(", "));
        text.push(')');
    }
    text
}

/// The keys beside `type`, then `data` in braces.
fn contents(fields: &Fields) -> String {
    let mut text = String::new();
    for (index, (key, value)) in fields.top.iter().enumerate() {
        let separator = if index == 0 { "" } else { "," };
        _ = write!(text, "{separator} {key}: {}", script(value));
    }
    if let Some(data) = &fields.data {
        text.push(' ');
        text.push_str(&script(data));
    }
    text
}

/// A value in JavaScript notation: keys without quotes where they need none.
fn script(value: &Value) -> String {
    let is_name = |key: &str| {
        let first = key.chars().next();
        first.is_some_and(|it| it.is_ascii_alphabetic())
            && key
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || it == '_')
    };
    match value {
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| {
                    let value = script(value);
                    if is_name(key) {
                        format!("{key}: {value}")
                    } else {
                        format!("{key:?}: {value}")
                    }
                })
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(script).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

mod tests;
