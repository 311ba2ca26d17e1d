//! A session that a fuzzer can shape: mostly in its words, so that it gets far into the protocol.

use std::collections::BTreeMap;

use arbitrary::Arbitrary;
use callscope_protocol::{
    Closed, ConversationId, ConversationStart, Fact, Gap, GapReason, Location, MessageType, Millis,
    PACKAGES, RecordedMessage, Setting, Side,
};
use serde_json::{Map, Value, json};

/// What happens, and where to cut it in two.
#[derive(Arbitrary, Debug)]
pub struct Script {
    cut: u8,
    steps: Vec<Event>,
}

#[derive(Arbitrary, Debug)]
struct Event {
    later: Later,
    second_conversation: bool,
    what: What,
}

/// How much later than the step before it.
#[derive(Arbitrary, Debug)]
enum Later {
    AtOnce,
    Millis(u16),
    Seconds(u8),
    Earlier(u8),
    Odd(f64),
}

#[derive(Arbitrary, Debug)]
enum What {
    /// SYNC, `SYNC_ACK` and INITIALIZED as they should be.
    Handshake {
        version: u8,
        id: u8,
    },
    /// A message of a known type.
    Message {
        from: From,
        ty: u8,
        id: Id,
        fields: Vec<(u8, Field)>,
        marks: u8,
    },
    /// Anything else.
    Posted {
        from: From,
        text: String,
    },
    Gap {
        in_one: bool,
        lost: Option<u8>,
        why: Why,
    },
    Start {
        continues: Option<bool>,
    },
    Closed {
        from: From,
    },
    Setting {
        sales: bool,
        value: Option<String>,
    },
    End,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum From {
    Host,
    Widget,
}

#[derive(Arbitrary, Debug)]
enum Id {
    Minted,
    Of(u8),
    Missing,
    Is(Field),
}

#[derive(Arbitrary, Debug)]
enum Field {
    Null,
    Bool(bool),
    Small(u8),
    Number(f64),
    /// A time near the session's.
    Time(u16),
    /// One of the few words that ids are made of here, so that they meet again.
    Word(u8),
    Phone(u8),
    Text(String),
    Empty,
    List(Vec<u8>),
}

#[derive(Arbitrary, Debug)]
enum Why {
    BufferFull,
    Evicted,
    Paused,
    Cleared,
    LateStart,
    HalfMissing(From),
    PageLeft,
    Other,
}

/// When a script begins, in milliseconds since the epoch.
const BEGIN: f64 = 1_700_000_000_000.0;

/// Long enough for anything, and short enough to stay quick.
const MOST_STEPS: usize = 64;

const WORDS: [&str; 6] = [
    "a",
    "call-1",
    "INTERNAL_COMPLETED",
    "CONTACT",
    "https://widget.example",
    "https://widget.example/x?y",
];

impl Script {
    /// Where to cut `count` facts.
    pub(super) fn cut(&self, count: usize) -> usize {
        usize::from(self.cut) % (count + 1)
    }

    /// What happens, in session order; messages are numbered.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let mut stage = Stage {
            now: BEGIN,
            facts: Vec::new(),
            minted: 0,
        };
        for step in self.steps.iter().take(MOST_STEPS) {
            stage.play(step);
        }
        let mut seq = 0;
        for fact in &mut stage.facts {
            if let Fact::Message(recorded) = fact {
                seq += 1;
                recorded.seq = seq;
            }
        }
        stage.facts
    }
}

struct Stage {
    now: f64,
    facts: Vec<Fact>,
    minted: u32,
}

impl Stage {
    fn play(&mut self, step: &Event) {
        let mut at = self.now;
        match step.later {
            Later::AtOnce => {}
            Later::Millis(millis) => at += f64::from(millis),
            Later::Seconds(seconds) => at += 1000.0 * f64::from(seconds),
            Later::Earlier(millis) => at -= f64::from(millis),
            // A log holds no infinity.
            Later::Odd(odd) => at = if odd.is_finite() { odd } else { f64::MAX },
        }
        if !matches!(step.later, Later::Odd(_)) {
            self.now = at;
        }
        let at = Millis(at);
        let conversation = ConversationId(1 + u32::from(step.second_conversation));
        let other = ConversationId(2 - u32::from(step.second_conversation));
        let fact = match &step.what {
            What::Handshake { version, id } => {
                return self.shake_hands(at, conversation, *version, *id);
            }
            What::Message {
                from,
                ty,
                id,
                fields,
                marks,
            } => {
                let message = self.message(*ty, id, fields);
                recorded(at, conversation, *from, message.to_string(), *marks)
            }
            What::Posted { from, text } => {
                // A log holds JSON only, and so does a recorder.
                let text = match serde_json::from_str::<&serde_json::value::RawValue>(text) {
                    Ok(_) => text.replace(['\n', '\r'], " "),
                    Err(_) => Value::from(text.as_str()).to_string(),
                };
                recorded(at, conversation, *from, text.trim().to_owned(), 0)
            }
            What::Gap { in_one, lost, why } => Fact::Gap(Gap {
                at,
                conversation: in_one.then_some(conversation),
                lost: lost.map(u64::from),
                why: why.reason(),
            }),
            What::Start { continues } => Fact::Conversation(ConversationStart {
                id: conversation,
                at,
                continues: continues.map(|same| if same { conversation } else { other }),
                host_origin: None,
                widget_origin: Some(WORDS[4].to_owned()),
                in_calling_window: false,
            }),
            What::Closed { from } => Fact::Closed(Closed {
                conversation,
                at,
                side: from.side(),
            }),
            What::Setting { sales, value } => Fact::Setting(Setting {
                at,
                key: if *sales {
                    "LocalSettings:Sales:CallingExtensions".to_owned()
                } else {
                    "LocalSettings:Calling:CallingExtensions".to_owned()
                },
                value: value.clone(),
            }),
            What::End => Fact::End(at),
        };
        self.facts.push(fact);
    }

    fn shake_hands(&mut self, at: Millis, conversation: ConversationId, version: u8, id: u8) {
        let version = PACKAGES[usize::from(version) % PACKAGES.len()].to_string();
        let messages = [
            (
                From::Host,
                json!({"type": "SYNC", "messageId": of(id), "hostUrl": "https://app.hubspot.com"}),
            ),
            (
                From::Widget,
                json!({"type": "SYNC_ACK", "messageId": of(id), "version": version, "iFrameUrl": WORDS[4]}),
            ),
            (
                From::Widget,
                json!({"type": "INITIALIZED", "messageId": self.mint(), "data": {"isLoggedIn": true}}),
            ),
        ];
        for (from, message) in messages {
            let message = message.to_string();
            self.facts
                .push(recorded(at, conversation, from, message, 0));
        }
    }

    fn mint(&mut self) -> String {
        self.minted += 1;
        format!(
            "1700000000000_{}",
            1_700_000_000_000_u64 + u64::from(self.minted)
        )
    }

    fn message(&mut self, ty: u8, id: &Id, fields: &[(u8, Field)]) -> Value {
        let ty = MessageType::ALL[usize::from(ty) % MessageType::ALL.len()];
        let mut top = Map::new();
        let mut data = Map::new();
        top.insert("type".to_owned(), ty.name().into());
        match id {
            Id::Minted => _ = top.insert("messageId".to_owned(), self.mint().into()),
            Id::Of(id) => _ = top.insert("messageId".to_owned(), of(*id).into()),
            Id::Is(field) => _ = top.insert("messageId".to_owned(), field.value()),
            Id::Missing => {}
        }
        let paths: Vec<(Location, String)> = ty
            .spec()
            .fields
            .iter()
            .flat_map(|field| field.paths().map(|path| (field.location, path)))
            .collect();
        for (index, field) in fields {
            let Some((location, path)) = paths.get(usize::from(*index) % paths.len().max(1)) else {
                continue;
            };
            match location {
                Location::Top => put(&mut top, path, field.value()),
                Location::Data => put(&mut data, path, field.value()),
            }
        }
        if !fields.is_empty() {
            top.entry("data").or_insert(Value::Object(data));
        }
        Value::Object(top)
    }
}

fn of(id: u8) -> String {
    format!("1700000000000_{}", id % 8)
}

/// Puts a value under a path such as `matches[].error.message`.
fn put(map: &mut Map<String, Value>, path: &str, value: Value) {
    let Some((head, rest)) = path.split_once('.') else {
        map.insert(path.to_owned(), value);
        return;
    };
    let mut inner = Map::new();
    put(&mut inner, rest, value);
    match head.strip_suffix("[]") {
        Some(list) => _ = map.insert(list.to_owned(), Value::Array(vec![Value::Object(inner)])),
        None => {
            if let Some(Value::Object(present)) = map.get_mut(head) {
                present.extend(inner);
            } else {
                map.insert(head.to_owned(), Value::Object(inner));
            }
        }
    }
}

fn recorded(
    at: Millis,
    conversation: ConversationId,
    from: From,
    message: String,
    marks: u8,
) -> Fact {
    let is_marked = |bit: u8| marks & (1 << bit) != 0;
    let mut cloned = BTreeMap::new();
    if is_marked(0) {
        cloned.insert("data.callStartTime".to_owned(), "Date".to_owned());
    }
    Fact::Message(RecordedMessage {
        seq: 0,
        at,
        conversation,
        from: from.side(),
        origin: match (from, is_marked(1)) {
            (From::Host, false) => "https://app.hubspot.com".into(),
            (From::Widget, false) => WORDS[4].into(),
            (_, true) => "null".into(),
        },
        injected: is_marked(2),
        message: message.into(),
        cloned,
        truncated: is_marked(3).then_some(1_000_000),
    })
}

impl From {
    const fn side(self) -> Side {
        match self {
            Self::Host => Side::Host,
            Self::Widget => Side::Widget,
        }
    }
}

impl Field {
    fn value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Small(value) => (*value).into(),
            Self::Number(value) => (*value).into(),
            Self::Time(after) => (BEGIN + f64::from(*after)).into(),
            Self::Word(index) => WORDS[usize::from(*index) % WORDS.len()].into(),
            Self::Phone(last) => format!("+1555010{last:04}").into(),
            Self::Text(text) => text.as_str().into(),
            Self::Empty => json!({}),
            Self::List(items) => items.as_slice().into(),
        }
    }
}

impl Why {
    fn reason(&self) -> GapReason {
        match self {
            Self::BufferFull => GapReason::BufferFull,
            Self::Evicted => GapReason::Evicted,
            Self::Paused => GapReason::Paused,
            Self::Cleared => GapReason::Cleared,
            Self::LateStart => GapReason::LateStart,
            Self::HalfMissing(from) => GapReason::HalfMissing(from.side()),
            Self::PageLeft => GapReason::PageLeft,
            Self::Other => GapReason::Other("the disk was full".to_owned()),
        }
    }
}
