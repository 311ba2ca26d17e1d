//! What a recorder can know: the messages that were received, and what it knows to be missing.
//!
//! These are the inputs of the checker and the contents of a session log, in session order.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Inside;

/// A time, or a span of time: milliseconds since the epoch, or milliseconds.
///
/// Fractions are kept: `performance.timeOrigin + performance.now()` resolves to microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Millis(pub f64);

impl std::ops::Add for Millis {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Millis {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

/// One of the two ends of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The HubSpot page.
    Host,
    /// The provider's softphone in the iframe.
    Widget,
}

impl Side {
    /// The side that receives what this side sends.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Host => Self::Widget,
            Self::Widget => Self::Host,
        }
    }

    /// The side's name in a session log and in the panel.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Widget => "widget",
        }
    }
}

/// Identifies one pairing of a host document with a widget document in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConversationId(pub u32);

impl Default for ConversationId {
    /// The first conversation, which a log line without the key belongs to.
    fn default() -> Self {
        Self(1)
    }
}

/// A posted value as JSON text, exactly as it was recorded.
///
/// It is valid JSON grammar, but may hold values that a page can post and `serde_json::Value`
/// cannot represent: lone surrogate escapes, thousands of nested levels, numbers beyond `f64`.
/// Cloning it is cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageText(pub Arc<str>);

impl MessageText {
    /// The JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for MessageText {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for MessageText {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

/// One message that a frame of the page received.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedMessage {
    /// Numbers the recorded messages of a session in session order, from 1; gaps do not count.
    pub seq: u64,
    /// When it was received, by the receiving document's clock.
    pub at: Millis,
    /// The conversation that it belongs to.
    pub conversation: ConversationId,
    /// The side that sent it.
    pub from: Side,
    /// The sender's origin as the browser reported it (`event.origin`); most messages of a session
    /// share theirs.
    pub origin: Arc<str>,
    /// Whether the user posted it with Callscope.
    pub injected: bool,
    /// What was posted.
    pub message: MessageText,
    /// The parts that JSON cannot represent: path in the message (`data.when`) → what was there
    /// (`Date`).
    pub cloned: BTreeMap<String, String>,
    /// The original size in bytes, if the message was cut.
    pub truncated: Option<u64>,
}

/// Messages that are missing from the session at this point.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// Where in time the gap ends.
    pub at: Millis,
    /// The conversation that lacks them; `None` if any conversation may.
    pub conversation: Option<ConversationId>,
    /// How many are missing; `None` if that is not known.
    pub lost: Option<u64>,
    /// Why.
    pub why: GapReason,
}

/// Why messages are missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GapReason {
    /// A tap or the recorder had no room left.
    BufferFull,
    /// The oldest messages were dropped from the bounded history.
    Evicted,
    /// The user had paused the recording.
    Paused,
    /// The user cleared the list.
    Cleared,
    /// The recording began after the conversation.
    LateStart,
    /// What this side sends is not recorded, because the receiving frame has no tap.
    HalfMissing(Side),
    /// The page unloaded before the last messages that one of its frames received were handed on.
    PageLeft,
    /// The frame that sent them was gone when they arrived, so that the browser does not say which
    /// one it was.
    SenderGone,
    /// Whoever wrote the file chose a part of the session. Such a gap stands at the first message
    /// that is left out: from there on, anything may be missing.
    LeftOut {
        /// Log-in and availability are the same after the gap as before it, as the writer knew.
        same_state: bool,
    },
    /// A reason given by another recorder, in its own words.
    Other(String),
}

/// A host document and a widget document were found to talk to each other.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversationStart {
    /// The conversation that starts.
    pub id: ConversationId,
    /// When.
    pub at: Millis,
    /// The conversation that this one continues after a reload of either document.
    pub continues: Option<ConversationId>,
    /// Origin of the host document, if known.
    pub host_origin: Option<String>,
    /// Origin of the widget document, if known.
    pub widget_origin: Option<String>,
    /// Whether both are in HubSpot's calling window: a window of its own, opened by the session's
    /// page.
    pub in_calling_window: bool,
}

/// A document of a conversation was unloaded: reloaded, navigated or removed.
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    /// The conversation that this ended.
    pub conversation: ConversationId,
    /// When.
    pub at: Millis,
    /// Whose document it was.
    pub side: Side,
}

/// The value of a key in the HubSpot page's localStorage.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// When it was read.
    pub at: Millis,
    /// The key, for example `LocalSettings:Calling:CallingExtensions`.
    pub key: String,
    /// Its text; `None` if the key was not set.
    pub value: Option<String>,
}

/// One thing that is known about a session.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// A message was received.
    Message(RecordedMessage),
    /// Messages are missing here.
    Gap(Gap),
    /// Two documents were paired.
    Conversation(ConversationStart),
    /// A document was unloaded.
    Closed(Closed),
    /// A local setting was read.
    Setting(Setting),
    /// A page reported something about itself.
    Inside(Box<Inside>),
    /// The recording covers the session until this time.
    End(Millis),
}

impl Fact {
    /// When it happened.
    #[must_use]
    pub const fn at(&self) -> Millis {
        match self {
            Self::Message(recorded) => recorded.at,
            Self::Gap(gap) => gap.at,
            Self::Conversation(start) => start.at,
            Self::Closed(closed) => closed.at,
            Self::Setting(setting) => setting.at,
            Self::Inside(inside) => inside.at,
            Self::End(at) => *at,
        }
    }
}
