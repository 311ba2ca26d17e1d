//! Sessions as text: the examples of the rules, and what tests play.
//!
//! ```text
//!     0 handshake 0.9.7-beta.0 isLoggedIn=false
//!  1000 host      DIAL_NUMBER phoneNumber=+15550100
//!       ! S07 error the widget is logged out
//!  9000 advance
//! ```
//!
//! A line is a time in milliseconds, who or what, and for a message its type and fields.
//! `key=value` is a field of `data`, `.key=value` one of the message itself; a value that is not
//! JSON is a string.
//! `@origin` gives another origin, `-messageId` omits the id, `data=` replaces the payload, `raw=`
//! the whole message, `conversation=` names another conversation; `injected`, `truncated` and
//! `cloned:path=Date` set the message's marks.
//! Message ids are created as the SDK does, but never twice the same; `host2` and `widget2` are
//! other instances of the SDK.
//!
//! `handshake VERSION` stands for `SYNC`, `SYNC_ACK` and `INITIALIZED`, with the fields that follow
//! in the last; `ready VERSION` stands for the first two, with the fields that follow in `SYNC`.
//! With `old`, the two have no `hostUrl` and `iFrameUrl`, as up to 0.0.6.
//! `gap`, `closed`, `conversation`, `setting`, `inside`, `advance` and `end` are the other facts.
//! `inside widget error .text=…` has the keys of a log's line; two-word kinds are written with a
//! hyphen, `channel-posted`, and `.alone=true` means that no conversation is known.
//!
//! A line that begins with `!` is a finding about the line above it.
//! It names its message if that is not the line's own: `[#3]`, or `[–]` for none.
//!
//! In tests, a line that begins with `~` says which call the messages of the line above belong to,
//! which requests they answer, and which calls are over; at the end, it says what is still open.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{ConversationId, GapReason, InsideKind, Severity, Side};

#[cfg(test)]
mod play;
#[cfg(test)]
mod words;

#[cfg(test)]
pub(crate) use play::{annotate, check, check_calls, check_clean, facts, findings};

/// One line of a trace.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Line {
    /// Something happens.
    TraceEvent {
        /// When, in milliseconds from the trace's beginning.
        at: f64,
        event: Box<TraceEvent>,
    },
    /// The checker reports something about the line above.
    Finding {
        code: String,
        about: About,
        severity: Severity,
        message: String,
    },
}

/// The message that a finding is anchored to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// The line's own.
    Own,
    /// An earlier one.
    Message(u64),
    /// No message.
    Nothing,
}

/// What happens.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TraceEvent {
    /// `SYNC` and `SYNC_ACK`; with `initialized`, also `INITIALIZED`.
    Ready {
        version: String,
        /// The fields of both, beside `type`.
        fields: Fields,
        initialized: Option<Box<Fields>>,
    },
    Message(Said),
    Gap {
        why: GapReason,
        lost: Option<u64>,
    },
    Closed(Side),
    Conversation {
        id: ConversationId,
        continues: Option<ConversationId>,
        /// The widget's origin.
        widget: Option<String>,
    },
    Setting {
        key: String,
        value: Option<String>,
    },
    /// What the page of a side reported about itself.
    Inside {
        side: Side,
        what: InsideKind,
        fields: Fields,
    },
    /// Only time passes.
    Advance,
    End,
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said {
    pub(crate) from: Side,
    /// Whether another instance of the SDK sends it.
    pub(crate) is_second: bool,
    pub(crate) name: String,
    pub(crate) fields: Fields,
}

/// What a message holds, and how it was received.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fields {
    /// The fields beside `type`.
    pub(crate) top: Map<String, Value>,
    pub(crate) data: Option<Value>,
    pub(crate) origin: Option<String>,
    pub(crate) without_id: bool,
    /// The handshake of versions up to 0.0.6.
    pub(crate) old: bool,
    /// The whole message as JSON, instead of everything else.
    pub(crate) raw: Option<String>,
    pub(crate) conversation: ConversationId,
    pub(crate) injected: bool,
    pub(crate) truncated: Option<u64>,
    /// The parts that JSON cannot represent, by path.
    pub(crate) cloned: BTreeMap<String, String>,
}

impl Line {
    /// Reads a line; `None` if it is not a line of a trace.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let line = line.trim();
        if let Some(finding) = line.strip_prefix("! ") {
            return Self::parse_finding(finding);
        }
        let tokens = tokens(line);
        let at = tokens.first()?.parse().ok()?;
        let event = TraceEvent::parse(tokens.get(1..)?)?;
        Some(Self::TraceEvent {
            at,
            event: Box::new(event),
        })
    }

    fn parse_finding(text: &str) -> Option<Self> {
        let (code, rest) = text.split_once(' ')?;
        let (about, rest) = match rest.strip_prefix('[') {
            None => (About::Own, rest),
            Some(rest) => {
                let (recorded, rest) = rest.split_once("] ")?;
                let about = match recorded.strip_prefix('#') {
                    Some(seq) => About::Message(seq.parse().ok()?),
                    None => About::Nothing,
                };
                (about, rest)
            }
        };
        let (severity, message) = rest.split_once(' ')?;
        Some(Self::Finding {
            code: code.to_owned(),
            about,
            severity: Severity::ALL.into_iter().find(|it| it.name() == severity)?,
            message: message.to_owned(),
        })
    }
}

impl TraceEvent {
    fn parse(tokens: &[String]) -> Option<Self> {
        let word = |index: usize| tokens.get(index).map_or("", String::as_str);
        let rest = |from: usize| tokens.get(from..).unwrap_or_default();
        let side = |name: &str| match name {
            "host" | "host2" => Some(Side::Host),
            "widget" | "widget2" => Some(Side::Widget),
            _ => None,
        };
        let number = |text: &str| text.parse().map(ConversationId).ok();
        let event = match word(0) {
            "handshake" => {
                let mut initialized = Fields::parse(rest(2))?;
                let data = initialized.data.get_or_insert_with(|| json!({}));
                if let Value::Object(data) = data {
                    data.entry("isLoggedIn").or_insert(Value::Bool(true));
                }
                Self::Ready {
                    version: word(1).to_owned(),
                    fields: Fields {
                        old: initialized.old,
                        conversation: initialized.conversation,
                        ..Fields::default()
                    },
                    initialized: Some(Box::new(initialized)),
                }
            }
            "ready" => Self::Ready {
                version: word(1).to_owned(),
                fields: Fields::parse(rest(2))?,
                initialized: None,
            },
            "gap" => Self::Gap {
                why: match word(1) {
                    "late-start" => GapReason::LateStart,
                    "paused" => GapReason::Paused,
                    "evicted" => GapReason::Evicted,
                    "cleared" => GapReason::Cleared,
                    "host-missing" => GapReason::HalfMissing(Side::Host),
                    "page-left" => GapReason::PageLeft,
                    "sender-gone" => GapReason::SenderGone,
                    "widget-missing" => GapReason::HalfMissing(Side::Widget),
                    _ => GapReason::BufferFull,
                },
                lost: rest(1)
                    .iter()
                    .find_map(|word| word.strip_prefix("lost=")?.parse().ok()),
            },
            "closed" => Self::Closed(side(word(1))?),
            "conversation" => Self::Conversation {
                id: number(word(1))?,
                continues: word(2).strip_prefix("continues=").and_then(number),
                widget: word(2).strip_prefix("widget=").map(str::to_owned),
            },
            "setting" => Self::Setting {
                key: word(1).to_owned(),
                value: tokens.get(2).cloned(),
            },
            "inside" => Self::Inside {
                side: side(word(1))?,
                what: InsideKind::named(&word(2).replace('-', " "))?,
                fields: Fields::parse(rest(3))?,
            },
            "advance" => Self::Advance,
            "end" => Self::End,
            name => Self::Message(Said {
                from: side(name)?,
                is_second: name.ends_with('2'),
                name: word(1).to_owned(),
                fields: Fields::parse(rest(2))?,
            }),
        };
        Some(event)
    }
}

impl Fields {
    fn parse(tokens: &[String]) -> Option<Self> {
        let mut fields = Self::default();
        for token in tokens {
            if let Some(origin) = token.strip_prefix('@') {
                fields.origin = Some(origin.to_owned());
                continue;
            }
            let Some((key, text)) = token.split_once('=') else {
                match token.as_str() {
                    "old" => fields.old = true,
                    "injected" => fields.injected = true,
                    "truncated" => fields.truncated = Some(1_000_000),
                    "-messageId" => fields.without_id = true,
                    _ => return None,
                }
                continue;
            };
            let value =
                serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
            if let Some(path) = key.strip_prefix("cloned:") {
                fields.cloned.insert(path.to_owned(), text.to_owned());
            } else if let Some(key) = key.strip_prefix('.') {
                fields.top.insert(key.to_owned(), value);
            } else {
                match key {
                    "raw" => fields.raw = Some(text.to_owned()),
                    "data" => fields.data = Some(value),
                    "conversation" => {
                        fields.conversation = ConversationId(value.as_u64()?.try_into().ok()?);
                    }
                    key => match fields.data.get_or_insert_with(|| json!({})) {
                        Value::Object(data) => {
                            data.insert(key.to_owned(), value);
                        }
                        _ => return None,
                    },
                }
            }
        }
        Some(fields)
    }
}

/// Splits at spaces outside quotes and brackets.
fn tokens(line: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut token = String::new();
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for character in line.chars() {
        match character {
            _ if escaped => {}
            '"' => quoted = !quoted,
            '{' | '[' if !quoted => depth += 1,
            '}' | ']' if !quoted => depth -= 1,
            ' ' if !quoted && depth == 0 => {
                tokens.push(std::mem::take(&mut token));
                continue;
            }
            _ => {}
        }
        escaped = quoted && character == '\\' && !escaped;
        token.push(character);
    }
    tokens.push(token);
    tokens.retain(|token| !token.is_empty());
    tokens
}
