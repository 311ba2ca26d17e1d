//! The softphone's end.

mod senders;

use callscope_protocol::{MessageType, Millis, Side};

use crate::hosts::AllowedHosts;
use crate::ids::{self, Ids};
use crate::io::{self, Ignored, Log, Output, Payload, Posted, Received, SendError, Waiting};
use crate::table;
use crate::value::{Entry, Value};

pub use senders::WIDGET_METHODS;

/// The settings of a widget.
#[derive(Clone, Debug)]
pub struct WidgetOptions {
    /// The page's own origin, `location.origin`.
    pub origin: String,
    /// Whether the page is in a frame.
    pub is_framed: bool,
    /// The application's `debugMode`, which is sent to the host; `None` if it has none.
    pub debug_mode: Option<bool>,
    /// The pages that may be its host.
    pub hosts: AllowedHosts,
    /// The `version` that it reports, by which HubSpot decides what to send.
    pub version: &'static str,
    /// How many messages may wait for the handshake.
    pub queue_limit: usize,
    /// Any number; objects with different ones never use the same message id.
    pub seed: u64,
}

/// The version of the original whose messages and handlers this SDK has:
/// [`Version::NEWEST`](callscope_protocol::Version::NEWEST).
pub const REPORTED_VERSION: &str = "0.9.7";

/// By default, how many messages may wait for the handshake.
pub const QUEUE_LIMIT: usize = 100;

impl WidgetOptions {
    /// A widget in a frame, with the usual hosts and no debug output.
    #[must_use]
    pub fn new(origin: impl Into<String>, seed: u64) -> Self {
        Self {
            origin: origin.into(),
            is_framed: true,
            debug_mode: None,
            hosts: AllowedHosts::default(),
            version: REPORTED_VERSION,
            queue_limit: QUEUE_LIMIT,
            seed,
        }
    }
}

/// Something that happens to a widget.
#[derive(Clone, Debug, PartialEq)]
pub enum WidgetInput<V> {
    /// A message event.
    Message(Posted<V>),
}

/// Something that a widget reports to its application.
#[derive(Clone, Debug, PartialEq)]
pub enum WidgetEvent<V> {
    /// The handshake is done: time for [`Widget::initialized`].
    Ready(WidgetReady<V>),
    /// A message for a handler.
    Message(Received<V>),
    /// A message that looks like one of the protocol was not accepted.
    Ignored {
        /// Its type.
        type_name: String,
        /// The sender's origin.
        origin: String,
        /// Why.
        why: Ignored,
    },
}

/// What is known after a handshake.
#[derive(Clone, Debug, PartialEq)]
pub struct WidgetReady<V> {
    /// The payload of `onReady`: `engagementId`, `portalId` and the other fields of SYNC.
    pub data: V,
    /// The host's origin.
    pub host_origin: String,
    /// The host's SYNC.
    pub sync: V,
    /// Whether there was a handshake before, with another host in the same page load.
    pub again: bool,
}

/// The softphone's end: answers the handshake, accepts HubSpot's messages, and sends the widget's.
///
/// It reads no clock and posts nothing itself. Call [`handle_input`](Self::handle_input), then
/// [`poll_output`](Self::poll_output) until it returns [`Output::Timeout`]; do the same after
/// calling any other method.
#[derive(Clone, Debug)]
pub struct Widget<V> {
    options: WidgetOptions,
    ids: Ids,
    link: Link,
    /// The messages that wait for the handshake, in the order in which they were sent.
    queue: Vec<Unsent<V>>,
    outputs: Waiting<Output<V, WidgetEvent<V>>>,
    /// The latest time that it was given.
    now: Millis,
    /// The number of calls so far, for the ids of calls that have none.
    calls: u32,
}

/// How far the handshake has got.
#[derive(Clone, Debug, PartialEq)]
enum Link {
    /// No SYNC yet.
    Waiting,
    /// SYNC was answered.
    Ready {
        host_origin: String,
        /// The SYNC that was answered, if it had an id.
        sync_id: Option<String>,
    },
    /// [`Widget::remove`] was called.
    Removed,
}

/// A message that has no id yet.
#[derive(Clone, Debug)]
struct Unsent<V> {
    type_name: String,
    message: V,
}

impl<V: Value> Widget<V> {
    /// A widget that waits for SYNC.
    #[must_use]
    pub fn new(options: WidgetOptions) -> Self {
        Self {
            ids: Ids::new(Side::Widget, options.seed),
            options,
            link: Link::Waiting,
            queue: Vec::new(),
            outputs: Waiting::new(),
            now: Millis(0.0),
            calls: 0,
        }
    }

    /// Whether [`poll_output`](Self::poll_output) has output that does not depend on calling it.
    ///
    /// This is for code that runs inside the handler of an event: messages that wait for the
    /// handshake must not be posted before the event of the handshake has been handled.
    #[must_use]
    pub fn has_output(&self) -> bool {
        !self.outputs.is_empty()
    }

    /// Whether the handshake is done.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        matches!(self.link, Link::Ready { .. })
    }

    /// The origin of the host, after a handshake.
    #[must_use]
    pub fn host_origin(&self) -> Option<&str> {
        match &self.link {
            Link::Ready { host_origin, .. } => Some(host_origin),
            Link::Waiting | Link::Removed => None,
        }
    }

    /// Processes what happened at `now`, milliseconds since the epoch.
    pub fn handle_input(&mut self, input: WidgetInput<V>, now: Millis) {
        self.now = now;
        let WidgetInput::Message(posted) = input;
        // Whatever else pages post, including null, is ignored: pitfall D18.
        let Some(type_name) = posted.value.get("type").and_then(|it| it.as_text()) else {
            return;
        };
        let known = table::from_name(&type_name);
        if let Err(why) = self.take(&type_name, known, &posted)
            && io::is_calling(known, &posted.value)
        {
            self.event(WidgetEvent::Ignored {
                type_name,
                origin: posted.origin,
                why,
            });
        }
    }

    /// What to do next.
    pub fn poll_output(&mut self) -> Output<V, WidgetEvent<V>> {
        if self.outputs.is_empty() && self.is_ready() {
            self.flush();
        }
        self.outputs.next().unwrap_or(Output::Timeout(None))
    }

    /// Sends a message of the catalogue; `None` for one without a payload.
    ///
    /// Before the handshake, the message waits, up to [`WidgetOptions::queue_limit`] messages; the
    /// original drops it (pitfall D23).
    ///
    /// # Errors
    ///
    /// The widget may not send this type, or cannot send anything: see [`SendError`].
    pub fn send(
        &mut self,
        kind: MessageType,
        data: Option<V>,
        now: Millis,
    ) -> Result<(), SendError> {
        io::allowed(Side::Widget, kind)?;
        self.send_raw(table::name(kind), data.into(), now)
    }

    /// Sends any type with any payload.
    ///
    /// # Errors
    ///
    /// Nothing can be sent: see [`SendError`].
    pub fn send_raw(
        &mut self,
        type_name: &str,
        data: Payload<V>,
        now: Millis,
    ) -> Result<(), SendError> {
        self.submit(type_name.to_owned(), io::message(type_name, data), now)
    }

    /// Sends a whole message, whatever its contents.
    ///
    /// Its id is always a new one: pitfall D37.
    ///
    /// # Errors
    ///
    /// It has no `type`, or nothing can be sent: see [`SendError`].
    pub fn send_message(&mut self, message: V, now: Millis) -> Result<(), SendError> {
        let type_name = message.get("type").and_then(|it| it.as_text());
        let type_name = type_name
            .filter(|name| !name.is_empty())
            .ok_or(SendError::NoType)?;
        self.submit(type_name, message, now)
    }

    /// Stops: nothing is accepted or sent any more, and waiting messages are dropped.
    pub fn remove(&mut self) {
        self.link = Link::Removed;
        self.queue.clear();
        self.outputs.clear();
    }

    /// Creates an id, different from all others, for a call to which the application gives none.
    pub(crate) fn mint_call_id(&mut self) -> String {
        self.calls += 1;
        let mut id = self.ids.instance().to_owned();
        id.push('-');
        ids::push_decimal(&mut id, f64::from(self.calls));
        id
    }

    /// Acts on a message, or returns why it does not.
    fn take(
        &mut self,
        type_name: &str,
        known: Option<MessageType>,
        posted: &Posted<V>,
    ) -> Result<(), Ignored> {
        if self.link == Link::Removed || type_name.is_empty() {
            return Ok(());
        }
        let Posted {
            origin,
            is_from_peer,
            value,
        } = posted;
        if !is_from_peer {
            return Err(Ignored::OtherWindow);
        }
        let id = value.get("messageId").and_then(|it| it.as_id());
        if known == Some(MessageType::Sync) {
            return self.take_sync(origin, value, id);
        }
        match &self.link {
            Link::Ready { host_origin, .. } if host_origin == origin => {}
            Link::Ready { .. } => return Err(Ignored::OtherOrigin),
            Link::Waiting | Link::Removed => return Err(Ignored::NotReady),
        }
        if id.is_none() {
            return Err(Ignored::NoMessageId);
        }
        match known {
            Some(MessageType::Ready) => return Err(Ignored::Local),
            Some(MessageType::SetWidgetUrl) => return Err(Ignored::WrongDirection),
            _ => {}
        }
        self.log(|| Log::from_hubspot(type_name, value.clone()));
        // ERROR is never answered with ERROR, or two ends would do so forever: pitfall D16.
        let has_handler = known.is_some_and(table::has_handler);
        if !has_handler && known != Some(MessageType::Error) {
            self.answer_unknown(value);
        }
        self.event(WidgetEvent::Message(Received::new(
            type_name.to_owned(),
            known,
            value.clone(),
        )));
        Ok(())
    }

    fn take_sync(&mut self, origin: &str, sync: &V, id: Option<String>) -> Result<(), Ignored> {
        if !self.options.hosts.allow(origin) {
            return Err(Ignored::HostNotAllowed);
        }
        let again = match &self.link {
            Link::Ready { sync_id, .. } => {
                let is_other_host = match (sync_id, &id) {
                    (Some(answered), Some(id)) => ids::are_of_two_objects(answered, id),
                    _ => false,
                };
                if !is_other_host {
                    return Err(Ignored::Answered);
                }
                // A host that was created anew without a reload of the frame: pitfall D06. It gets
                // ids of another instance, as if the page had been reloaded.
                self.options.seed = self.options.seed.wrapping_add(1);
                self.ids = Ids::new(Side::Widget, self.options.seed);
                true
            }
            Link::Waiting | Link::Removed => false,
        };
        let reply_id = id.clone().unwrap_or_else(|| self.ids.mint(self.now));
        self.link = Link::Ready {
            host_origin: origin.to_owned(),
            sync_id: id,
        };
        self.log(|| Log::from_hubspot(table::name(MessageType::Sync), sync.clone()));
        let debug_mode = self.options.debug_mode;
        let ack = V::object(
            Some(sync),
            &[
                ("type", Entry::Text(table::name(MessageType::SyncAck))),
                ("messageId", Entry::Text(&reply_id)),
                (
                    "debugMode",
                    debug_mode.map_or(Entry::Undefined, Entry::Bool),
                ),
                ("version", Entry::Text(self.options.version)),
                ("iFrameUrl", Entry::Text(&self.options.origin)),
            ],
        );
        self.post(table::name(MessageType::SyncAck), ack);
        let entries = table::READY_KEYS.map(|key| match sync.get(key) {
            // The browser's origin of the host, not the host's own claim: pitfall D09.
            Some(_) if key == "hostUrl" => (key, Entry::Text(origin)),
            value => (key, Entry::or_undefined(value)),
        });
        self.event(WidgetEvent::Ready(WidgetReady {
            data: V::object(None, &entries),
            host_origin: origin.to_owned(),
            sync: sync.clone(),
            again,
        }));
        Ok(())
    }

    fn answer_unknown(&mut self, original: &V) {
        let original = V::object(None, &[("originalMessage", Entry::Value(original.clone()))]);
        let data = V::object(
            None,
            &[
                ("type", Entry::Text("UNKNOWN_MESSAGE_TYPE")),
                ("data", Entry::Value(original)),
            ],
        );
        let name = table::name(MessageType::Error);
        self.post_unsent(&Unsent {
            type_name: name.to_owned(),
            message: io::message(name, Payload::Value(data)),
        });
    }

    fn submit(&mut self, type_name: String, message: V, now: Millis) -> Result<(), SendError> {
        let message = if type_name == table::name(MessageType::SetWidgetUrl) {
            with_url(message)
        } else {
            message
        };
        let unsent = Unsent { type_name, message };
        self.now = now;
        if !self.options.is_framed {
            return Err(SendError::NotFramed);
        }
        // What is sent while READY is handled goes after the waiting messages, except INITIALIZED.
        let is_first = unsent.is_initialized();
        match self.link {
            Link::Removed => Err(SendError::Removed),
            Link::Ready { .. } if self.queue.is_empty() || is_first => {
                self.post_unsent(&unsent);
                Ok(())
            }
            Link::Ready { .. } | Link::Waiting => {
                if self.queue.len() >= self.options.queue_limit {
                    return Err(SendError::QueueFull);
                }
                self.queue.push(unsent);
                Ok(())
            }
        }
    }

    /// Sends the waiting messages: INITIALIZED first, because HubSpot expects it right after the
    /// handshake.
    fn flush(&mut self) {
        let queue = std::mem::take(&mut self.queue);
        let first = queue.iter().position(Unsent::is_initialized);
        if let Some(unsent) = first.and_then(|at| queue.get(at)) {
            self.post_unsent(unsent);
        }
        for (at, unsent) in queue.iter().enumerate() {
            if Some(at) != first {
                self.post_unsent(unsent);
            }
        }
    }

    fn post_unsent(&mut self, unsent: &Unsent<V>) {
        let id = self.ids.mint(self.now);
        let message = io::with_id(&unsent.message, &id);
        self.post(&unsent.type_name, message);
    }

    fn post(&mut self, type_name: &str, message: V) {
        let Link::Ready { host_origin, .. } = &self.link else {
            return;
        };
        let target_origin = host_origin.clone();
        self.log(|| Log::to_hubspot(type_name, message.clone()));
        self.outputs.push(Output::Post {
            target_origin,
            message,
        });
    }

    /// Nothing is logged without `debugMode`, because messages contain phone numbers (pitfall D30).
    fn log(&mut self, line: impl FnOnce() -> Log<V>) {
        if self.options.debug_mode == Some(true) {
            self.outputs.push(Output::Log(line()));
        }
    }

    fn event(&mut self, event: WidgetEvent<V>) {
        self.outputs.push(Output::Event(event));
    }
}

/// The original's host reads `iFrameUrl` beside `type`, but its widget writes it into `data`; here
/// it is in both places (pitfall D10).
fn with_url<V: Value>(message: V) -> V {
    let in_data = message.get("data").and_then(|data| data.get("iFrameUrl"));
    match (message.get("iFrameUrl"), in_data) {
        (None, Some(url)) => V::object(Some(&message), &[("iFrameUrl", Entry::Value(url))]),
        _ => message,
    }
}

impl<V> Unsent<V> {
    fn is_initialized(&self) -> bool {
        self.type_name == table::name(MessageType::Initialized)
    }
}
