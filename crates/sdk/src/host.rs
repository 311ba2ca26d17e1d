//! HubSpot's end.

mod senders;

use callscope_protocol::{MessageType, Millis, Side};

use crate::ids::Ids;
use crate::io::{self, Ignored, Log, Output, Payload, Posted, Received, SendError, Waiting};
use crate::table;
use crate::value::{Entry, Value};

pub use senders::HOST_MESSAGES;

/// The settings of a host.
#[derive(Clone, Debug)]
pub struct HostOptions<V> {
    /// The page's own origin, `location.origin`, which SYNC has as `hostUrl`.
    pub origin: String,
    /// Whether SYNC has a `hostUrl`; SDKs up to 0.0.6 sent none.
    pub tells_origin: bool,
    /// The URL of the widget's page.
    pub widget_url: String,
    /// What HubSpot adds to SYNC beside `type`: `portalId`, `userId`, `ownerId`, `engagementId`,
    /// `iframeLocation`, `usesCallingWindow`. An object, whose keys are used unchanged.
    pub sync_fields: Option<V>,
    /// Whether messages are logged. The widget's own `debugMode` does not change this: pitfall D36.
    pub debug_mode: bool,
    /// Any number; objects with different ones never use the same message id.
    pub seed: u64,
}

impl<V> HostOptions<V> {
    /// A host that sends `hostUrl` and adds nothing else to SYNC.
    #[must_use]
    pub fn new(origin: impl Into<String>, widget_url: impl Into<String>, seed: u64) -> Self {
        Self {
            origin: origin.into(),
            tells_origin: true,
            widget_url: widget_url.into(),
            sync_fields: None,
            debug_mode: false,
            seed,
        }
    }
}

/// The id of HubSpot's iframe.
pub const IFRAME_ID: &str = "hubspot-calling-extension-iframe";

/// The permissions of the iframe's page.
///
/// The original has the first two up to 0.9.7; its repository has had the third since 2026.
pub const IFRAME_ALLOW: &str = "microphone; autoplay; speaker-selection";

/// The time between two SYNCs.
pub const SYNC_INTERVAL: Millis = Millis(100.0);

/// The host gives up instead of sending a SYNC later than this after the frame's `load`.
pub const SYNC_TIME_LIMIT: Millis = Millis(30_000.0);

/// Something that happens to a host.
#[derive(Clone, Debug, PartialEq)]
pub enum HostInput<V> {
    /// The iframe fired `load`.
    Load,
    /// The iframe fired `error`, or the page knows in another way that it will not load.
    LoadFailed,
    /// A message event.
    Message(Posted<V>),
    /// The time of [`Output::Timeout`] has come.
    Timeout,
}

/// Something that a host reports to its application.
#[derive(Clone, Debug, PartialEq)]
pub enum HostEvent<V> {
    /// The widget has answered.
    Ready(HostReady<V>),
    /// There is no widget: nothing more is tried until the next `load`. A late answer still counts.
    SyncFailed(SyncFailure),
    /// The widget is about to move, so that its next SYNC goes to this origin. The message follows.
    Moves {
        /// The new origin.
        origin: String,
    },
    /// A message from the widget.
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

/// What is known about a widget after the handshake.
#[derive(Clone, Debug, PartialEq)]
pub struct HostReady<V> {
    /// The version that it reports.
    pub version: Option<String>,
    /// Its `debugMode`.
    pub debug_mode: Option<bool>,
    /// Its origin.
    pub widget_origin: String,
    /// The whole `SYNC_ACK`.
    pub ack: V,
    /// Whether an earlier page load of this iframe was ready.
    pub again: bool,
}

/// Why there is no widget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncFailure {
    /// No `SYNC_ACK` within [`SYNC_TIME_LIMIT`].
    NoAnswer,
    /// The page could not be loaded; the original never reports this (pitfall D19).
    LoadFailed,
}

/// HubSpot's end: sends SYNC until the widget answers, accepts its messages, and sends HubSpot's.
///
/// It reads no clock and posts nothing itself. Call [`handle_input`](Self::handle_input), then
/// [`poll_output`](Self::poll_output) until it returns [`Output::Timeout`]; do the same after
/// calling any other method.
///
/// It answers no message on its own: the application decides what HubSpot does.
#[derive(Clone, Debug)]
pub struct Host<V> {
    options: HostOptions<V>,
    ids: Ids,
    link: Link,
    /// The origin that SYNC is posted to, and that may answer.
    widget_origin: String,
    /// The origin that the widget said it is moving to.
    next_origin: Option<String>,
    /// The ids of SYNCs that may still be answered; 301 at most.
    outstanding: Vec<String>,
    was_ready: bool,
    outputs: Waiting<Output<V, HostEvent<V>>>,
}

/// How far the handshake has got.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Link {
    /// The iframe has not loaded.
    Loading,
    Syncing {
        since: Millis,
        next: Millis,
    },
    /// The host gave up, but a late answer counts.
    Failed,
    Ready,
    Removed,
}

impl<V: Value> Host<V> {
    /// A host whose iframe is about to load.
    #[must_use]
    pub fn new(options: HostOptions<V>) -> Self {
        Self {
            ids: Ids::new(Side::Host, options.seed),
            widget_origin: origin_or_text::<V>(&options.widget_url),
            options,
            link: Link::Loading,
            next_origin: None,
            outstanding: Vec::new(),
            was_ready: false,
            outputs: Waiting::new(),
        }
    }

    /// Whether [`poll_output`](Self::poll_output) has more than a time-out.
    #[must_use]
    pub fn has_output(&self) -> bool {
        !self.outputs.is_empty()
    }

    /// Whether the widget has answered.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.link == Link::Ready
    }

    /// The widget's origin: from its URL, until it says where it is.
    #[must_use]
    pub fn widget_origin(&self) -> &str {
        &self.widget_origin
    }

    /// Replaces what SYNC has beside `type`, from the next SYNC on.
    pub fn set_sync_fields(&mut self, fields: Option<V>) {
        self.options.sync_fields = fields;
    }

    /// The application is about to show another page in the iframe.
    pub fn set_widget_url(&mut self, url: &str) {
        if self.link != Link::Removed {
            self.link = Link::Loading;
            self.outstanding.clear();
            self.next_origin = None;
            self.widget_origin = origin_or_text::<V>(url);
        }
    }

    /// Processes what happened at `now`, milliseconds since the epoch.
    pub fn handle_input(&mut self, input: HostInput<V>, now: Millis) {
        if self.link == Link::Removed {
            return;
        }
        match input {
            HostInput::Load => self.load(now),
            HostInput::LoadFailed => self.fail(SyncFailure::LoadFailed),
            HostInput::Timeout => self.tick(now),
            HostInput::Message(posted) => self.receive(posted),
        }
    }

    /// What to do next.
    pub fn poll_output(&mut self) -> Output<V, HostEvent<V>> {
        self.outputs
            .next()
            .unwrap_or(Output::Timeout(match self.link {
                Link::Syncing { next, .. } => Some(next),
                Link::Loading | Link::Failed | Link::Ready | Link::Removed => None,
            }))
    }

    /// Sends a message of the catalogue; `None` for one without a payload.
    ///
    /// # Errors
    ///
    /// A host may not send this type, or the widget has not answered: see [`SendError`].
    pub fn send(
        &mut self,
        kind: MessageType,
        data: Option<V>,
        now: Millis,
    ) -> Result<(), SendError> {
        io::allowed(Side::Host, kind)?;
        self.send_raw(table::name(kind), data.into(), now)
    }

    /// Sends any type with any payload.
    ///
    /// # Errors
    ///
    /// The widget has not answered: see [`SendError`].
    pub fn send_raw(
        &mut self,
        type_name: &str,
        data: Payload<V>,
        now: Millis,
    ) -> Result<(), SendError> {
        self.submit(type_name, &io::message(type_name, data), now)
    }

    /// Sends a whole message, whatever its contents.
    ///
    /// Its id is always a new one: a widget with the original SDK drops messages with an id of its
    /// own (pitfall D04).
    ///
    /// # Errors
    ///
    /// It has no `type`, or the widget has not answered: see [`SendError`].
    pub fn send_message(&mut self, message: &V, now: Millis) -> Result<(), SendError> {
        let type_name = message.get("type").and_then(|it| it.as_text());
        let type_name = type_name
            .filter(|name| !name.is_empty())
            .ok_or(SendError::NoType)?;
        self.submit(&type_name, message, now)
    }

    fn submit(&mut self, type_name: &str, message: &V, now: Millis) -> Result<(), SendError> {
        match self.link {
            Link::Ready => {}
            Link::Removed => return Err(SendError::Removed),
            Link::Loading | Link::Syncing { .. } | Link::Failed => return Err(SendError::NotReady),
        }
        let id = self.ids.mint(now);
        let message = io::with_id(message, &id);
        self.post(type_name, self.widget_origin.clone(), message);
        Ok(())
    }

    /// Stops: nothing is accepted or sent any more.
    pub fn remove(&mut self) {
        self.link = Link::Removed;
        self.outstanding.clear();
        self.outputs.clear();
    }

    /// Two `load` events in a row leave only one series of SYNCs: pitfall D21.
    fn load(&mut self, now: Millis) {
        // Answers to an earlier page load no longer count: pitfall D20.
        self.outstanding.clear();
        if let Some(origin) = self.next_origin.take() {
            self.widget_origin = origin;
        }
        self.sync(now, now);
    }

    fn tick(&mut self, now: Millis) {
        let Link::Syncing { since, next } = self.link else {
            return;
        };
        let last = next - SYNC_INTERVAL;
        if now < last {
            // The clock was set back. The time that has passed since the load stays the same, and
            // nothing waits until the clock gets there again.
            return self.sync(since - (last - now), now);
        }
        if now < next {
            return;
        }
        if now - since > SYNC_TIME_LIMIT {
            self.fail(SyncFailure::NoAnswer);
        } else {
            self.sync(since, now);
        }
    }

    fn sync(&mut self, since: Millis, now: Millis) {
        self.link = Link::Syncing {
            since,
            next: now + SYNC_INTERVAL,
        };
        let id = self.ids.mint(now);
        let name = table::name(MessageType::Sync);
        let mut entries = vec![("type", Entry::Text(name))];
        if self.options.tells_origin {
            entries.push(("hostUrl", Entry::Text(&self.options.origin)));
        }
        entries.push(("messageId", Entry::Text(&id)));
        let message = V::object(self.options.sync_fields.as_ref(), &entries);
        self.outstanding.push(id);
        self.post(name, self.widget_origin.clone(), message);
    }

    fn fail(&mut self, why: SyncFailure) {
        if self.link != Link::Failed {
            self.link = Link::Failed;
            self.event(HostEvent::SyncFailed(why));
        }
    }

    fn receive(&mut self, posted: Posted<V>) {
        // Whatever else pages post, including null, is ignored: pitfall D18.
        let Some(type_name) = posted.value.get("type").and_then(|it| it.as_text()) else {
            return;
        };
        let known = table::from_name(&type_name);
        if let Err(why) = self.take(&type_name, known, &posted)
            && io::is_calling(known, &posted.value)
        {
            self.event(HostEvent::Ignored {
                type_name,
                origin: posted.origin,
                why,
            });
        }
    }

    /// Acts on a message, or returns why it does not.
    fn take(
        &mut self,
        type_name: &str,
        known: Option<MessageType>,
        posted: &Posted<V>,
    ) -> Result<(), Ignored> {
        if type_name.is_empty() {
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
        if *origin != self.widget_origin {
            return Err(Ignored::OtherOrigin);
        }
        let Some(id) = value.get("messageId").and_then(|it| it.as_id()) else {
            return Err(Ignored::NoMessageId);
        };
        match known {
            Some(MessageType::SyncAck) => return self.take_ack(origin, value, &id),
            Some(MessageType::Sync) => return Err(Ignored::WrongDirection),
            Some(MessageType::Ready | MessageType::SyncAckFailed) => return Err(Ignored::Local),
            _ => {}
        }
        self.log(|| Log::from_hubspot(type_name, value.clone()));
        if known == Some(MessageType::SetWidgetUrl) {
            self.take_url(value);
        }
        self.event(HostEvent::Message(Received::new(
            type_name.to_owned(),
            known,
            value.clone(),
        )));
        Ok(())
    }

    fn take_ack(&mut self, origin: &str, ack: &V, id: &str) -> Result<(), Ignored> {
        if !self.outstanding.iter().any(|sync| sync == id) {
            return Err(Ignored::NotAwaited);
        }
        // One answer is enough: another would mean another READY (pitfall D20).
        self.outstanding.clear();
        self.link = Link::Ready;
        self.log(|| Log::from_hubspot(table::name(MessageType::SyncAck), ack.clone()));
        let again = self.was_ready;
        self.was_ready = true;
        self.event(HostEvent::Ready(HostReady {
            version: ack.get("version").and_then(|it| it.as_text()),
            debug_mode: ack.get("debugMode").and_then(|it| it.as_bool()),
            // The browser's origin, not `iFrameUrl`, which may be spelled differently: pitfall D09.
            widget_origin: origin.to_owned(),
            ack: ack.clone(),
            again,
        }));
        Ok(())
    }

    /// Beside `type` or in `data`: the original reads one place and writes the other (pitfall D10).
    fn take_url(&mut self, message: &V) {
        let in_data = || message.get("data")?.get("iFrameUrl");
        let url = message.get("iFrameUrl").or_else(in_data);
        let origin = url
            .and_then(|it| it.as_text())
            .and_then(|url| V::origin_of(&url));
        if let Some(origin) = origin {
            self.next_origin = Some(origin.clone());
            self.event(HostEvent::Moves { origin });
        }
    }

    fn post(&mut self, type_name: &str, target_origin: String, message: V) {
        self.log(|| Log::to_hubspot(type_name, message.clone()));
        self.outputs.push(Output::Post {
            target_origin,
            message,
        });
    }

    fn log(&mut self, line: impl FnOnce() -> Log<V>) {
        if self.options.debug_mode {
            self.outputs.push(Output::Log(line()));
        }
    }

    fn event(&mut self, event: HostEvent<V>) {
        self.outputs.push(Output::Event(event));
    }
}

/// A URL without an origin is used unchanged, so that the browser reports what is wrong with it.
fn origin_or_text<V: Value>(url: &str) -> String {
    V::origin_of(url).unwrap_or_else(|| url.to_owned())
}
