//! The inputs and outputs of both ends.

use callscope_protocol::{MessageType, Millis, Side};

use crate::table;
use crate::value::{Entry, Value};

/// A message event of the page's window.
#[derive(Clone, Debug, PartialEq)]
pub struct Posted<V> {
    /// `event.origin`, which the browser guarantees.
    pub origin: String,
    /// Whether `event.source` is the window at the other end: the widget's parent, or the host's
    /// iframe. The original does not check this.
    pub is_from_peer: bool,
    /// `event.data`, whatever it is.
    pub value: V,
}

/// What an end wants to be done, or reports.
#[derive(Clone, Debug, PartialEq)]
pub enum Output<V, E> {
    /// Post this to the other end's window, now.
    Post {
        /// The second argument of `postMessage`: a bare origin.
        target_origin: String,
        /// The whole message.
        message: V,
    },
    /// Tell the application.
    Event(E),
    /// Print this to the console; only with `debugMode`.
    Log(Log<V>),
    /// Nothing more for now. Call with the timeout input at this time, or with whatever happens
    /// first; `None` if there is nothing to wait for.
    Timeout(Option<Millis>),
}

/// A line for the console, worded like the original's.
#[derive(Clone, Debug, PartialEq)]
pub struct Log<V> {
    /// `From HubSpot` or `To HubSpot`.
    pub label: &'static str,
    /// The message's type.
    pub type_name: String,
    /// The whole message.
    pub message: V,
}

impl<V> Log<V> {
    pub(crate) fn from_hubspot(type_name: &str, message: V) -> Self {
        Self::new("From HubSpot", type_name, message)
    }

    pub(crate) fn to_hubspot(type_name: &str, message: V) -> Self {
        Self::new("To HubSpot", type_name, message)
    }

    fn new(label: &'static str, type_name: &str, message: V) -> Self {
        Self {
            label,
            type_name: type_name.to_owned(),
            message,
        }
    }
}

/// A message for the application.
#[derive(Clone, Debug, PartialEq)]
pub struct Received<V> {
    /// The `type`.
    pub type_name: String,
    /// The catalogue's message of this type, if it has one.
    pub known: Option<MessageType>,
    /// The payload: `data`.
    pub data: Option<V>,
    /// The whole message as it was posted.
    pub message: V,
}

impl<V: Value> Received<V> {
    pub(crate) fn new(type_name: String, known: Option<MessageType>, message: V) -> Self {
        Self {
            type_name,
            known,
            data: message.get("data"),
            message,
        }
    }
}

/// Why a message that looks like one of the protocol was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// It does not come from the window at the other end.
    OtherWindow,
    /// SYNC from a page that is not in [`AllowedHosts`](crate::AllowedHosts): pitfall D05.
    HostNotAllowed,
    /// It does not come from the origin agreed in the handshake.
    OtherOrigin,
    /// There was no handshake yet.
    NotReady,
    /// It has no `messageId`.
    NoMessageId,
    /// It is never posted between windows, such as READY: pitfall D31.
    Local,
    /// The other side must not send it, such as `SET_WIDGET_URL` to a widget: pitfall D11.
    WrongDirection,
    /// A `SYNC_ACK` that answers no SYNC still waiting: pitfall D20.
    NotAwaited,
    /// A further SYNC from the host that was already answered.
    Answered,
}

impl Ignored {
    /// The reason as a sentence for a console.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::OtherWindow => "it comes from another window",
            Self::HostNotAllowed => "its page is not among the allowed hosts",
            Self::OtherOrigin => "it comes from another origin",
            Self::NotReady => "there was no handshake yet",
            Self::NoMessageId => "it has no messageId",
            Self::Local => "its type never travels between windows",
            Self::WrongDirection => "the other side may not send its type",
            Self::NotAwaited => "it answers no SYNC that waits",
            Self::Answered => "this host's SYNC was answered before",
        }
    }
}

/// Why nothing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The widget has not answered yet.
    #[error("the widget has not answered the handshake yet: wait for ready")]
    NotReady,
    /// The queue of messages that wait for the handshake is full.
    #[error("too many messages wait for the handshake already; is this page inside HubSpot?")]
    QueueFull,
    /// The page is not in a frame.
    #[error("this page is not in a frame, so there is no HubSpot to talk to")]
    NotFramed,
    /// The end was removed.
    #[error("this object was removed")]
    Removed,
    /// Only the other side, or nobody, may send it, according to the catalogue.
    #[error("{} cannot be sent from this side", table::name(*.0))]
    WrongSide(MessageType),
    /// The message has no `type`.
    #[error("a message needs a type")]
    NoType,
}

/// The `data` of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload<V> {
    /// The key is missing, as for methods without an argument.
    Absent,
    /// The key has no value, as for methods that were called without their argument.
    Undefined,
    /// This value.
    Value(V),
}

impl<V> From<Option<V>> for Payload<V> {
    /// `None` for a message without a payload.
    fn from(data: Option<V>) -> Self {
        data.map_or(Self::Absent, Self::Value)
    }
}

impl SendError {
    /// The reason without details, for code that has to avoid formatting.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotReady => "there was no handshake yet",
            Self::QueueFull => "too many messages wait for the handshake",
            Self::NotFramed => "this page is in no frame",
            Self::Removed => "this object was removed",
            Self::WrongSide(_) => "this side cannot send it",
            Self::NoType => "a message needs a type",
        }
    }
}

/// A queue.
///
/// A `VecDeque` would add to a lowered script, and this never holds many items.
#[derive(Clone, Debug)]
pub(crate) struct Waiting<T> {
    items: Vec<Option<T>>,
    taken: usize,
}

impl<T> Waiting<T> {
    pub(crate) const fn new() -> Self {
        Self {
            items: Vec::new(),
            taken: 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(crate) fn push(&mut self, item: T) {
        self.items.push(Some(item));
    }

    pub(crate) fn next(&mut self) -> Option<T> {
        let item = self.items.get_mut(self.taken).and_then(Option::take);
        self.taken += 1;
        if self.taken >= self.items.len() {
            self.clear();
        }
        item
    }

    pub(crate) fn clear(&mut self) {
        self.items.clear();
        self.taken = 0;
    }
}

/// Whether an unaccepted message is worth reporting.
pub(crate) fn is_calling<V: Value>(known: Option<MessageType>, message: &V) -> bool {
    known.is_some_and(|kind| !kind.is_common_word() || message.get("messageId").is_some())
}

/// A message without an id; its keys are in the original's order.
pub(crate) fn message<V: Value>(type_name: &str, data: Payload<V>) -> V {
    let kind = ("type", Entry::Text(type_name));
    match data {
        Payload::Absent => V::object(None, &[kind]),
        Payload::Undefined => V::object(None, &[kind, ("data", Entry::Undefined)]),
        Payload::Value(data) => V::object(None, &[kind, ("data", Entry::Value(data))]),
    }
}

/// The message with this id, replacing any id that it had.
pub(crate) fn with_id<V: Value>(message: &V, id: &str) -> V {
    V::object(Some(message), &[("messageId", Entry::Text(id))])
}

/// Checks that `side` may send this message by its name.
pub(crate) fn allowed(side: Side, kind: MessageType) -> Result<(), SendError> {
    let is_handshake = matches!(kind, MessageType::Sync | MessageType::SyncAck);
    if table::may_send(side, kind) && !is_handshake {
        Ok(())
    } else {
        Err(SendError::WrongSide(kind))
    }
}
