//! The two ends as functions for `js/sdk.js`, which refers to each end by a number.

use std::cell::RefCell;

use callscope_protocol::Millis;
use callscope_sdk::{
    Host, HostEvent, HostInput, HostOptions, Ignored, Log, Output, Posted, SendError, SyncFailure,
    Value as _, Widget, WidgetEvent, WidgetInput, WidgetOptions,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::value::PageValue;

#[wasm_bindgen(module = "/js/page.js")]
extern "C" {
    /// A list of the kind and its values.
    fn output(kind: u8, first: &JsValue, second: &JsValue, third: &JsValue) -> JsValue;
    /// Milliseconds since the epoch.
    fn now() -> f64;
    /// A random number from 0 to 2^32.
    fn chance() -> u32;
}

/// The kinds of outputs, with the same numbers as in `js/sdk.js`.
mod kind {
    /// When to report that the time has come, or nothing.
    pub(super) const TIMEOUT: u8 = 0;
    /// Target origin, message.
    pub(super) const POST: u8 = 1;
    /// The payload of READY, and the message from the other end.
    pub(super) const READY: u8 = 2;
    /// The message.
    pub(super) const MESSAGE: u8 = 3;
    /// The reason.
    pub(super) const FAILED: u8 = 4;
    /// Type, origin, reason.
    pub(super) const IGNORED: u8 = 5;
    /// Label, type, message.
    pub(super) const LOG: u8 = 6;
    /// The new origin.
    pub(super) const MOVES: u8 = 7;
}

/// What `js/sdk.js` reports to an end, with the same numbers there.
mod told {
    /// The time has come.
    pub(super) const TIME: u8 = 0;
    /// The iframe fired `load`.
    pub(super) const LOADED: u8 = 1;
    /// The iframe fired `error`.
    pub(super) const NOT_LOADED: u8 = 2;
    /// The iframe is about to show this URL.
    pub(super) const MOVES: u8 = 3;
    /// SYNC gets these fields beside `type`.
    pub(super) const FIELDS: u8 = 4;
    /// The end was removed.
    pub(super) const REMOVED: u8 = 5;
}

/// What `js/sdk.js` asks an end, with the same numbers there.
mod asked {
    /// Whether the handshake is done.
    pub(super) const IS_READY: u8 = 0;
    /// Whether `poll` has more than a time-out.
    pub(super) const HAS_OUTPUT: u8 = 1;
    /// The other end's origin, if it is known.
    pub(super) const PEER: u8 = 2;
}

/// Either end of the SDK.
enum End {
    Widget(Widget<PageValue>),
    Host(Host<PageValue>),
    Removed,
}

thread_local! {
    /// All ends of the page. Numbers take less space in a script than exported objects.
    static ENDS: RefCell<Vec<End>> = const { RefCell::new(Vec::new()) };
}

fn add(end: End) -> usize {
    all(|ends| {
        ends.push(end);
        ends.len().wrapping_sub(1)
    })
}

/// Nothing here calls back, so the ends are never borrowed twice; a panic with a message would take
/// more space in a script.
fn all<T>(act: impl FnOnce(&mut Vec<End>) -> T) -> T {
    ENDS.with(|ends| match ends.try_borrow_mut() {
        Ok(mut ends) => act(&mut ends),
        Err(_) => act(&mut Vec::new()),
    })
}

fn with<T>(end: usize, act: impl FnOnce(&mut End) -> T) -> T {
    all(|ends| act(ends.get_mut(end).unwrap_or(&mut End::Removed)))
}

fn text(options: &PageValue, key: &str) -> String {
    options
        .get(key)
        .and_then(|it| it.as_text())
        .unwrap_or_default()
}

fn flag(options: &PageValue, key: &str) -> Option<bool> {
    options.get(key).and_then(|it| it.as_bool())
}

/// Creates the softphone's end from `origin`, `isFramed`, `debugMode` and `hosts`, which are origin
/// patterns that each end with a line break.
#[wasm_bindgen]
#[must_use]
pub fn widget(options: JsValue) -> usize {
    let given = PageValue(options);
    let mut options = WidgetOptions::new(text(&given, "origin"), seed());
    options.is_framed = flag(&given, "isFramed") == Some(true);
    options.debug_mode = flag(&given, "debugMode");
    let hosts = text(&given, "hosts");
    let mut rest = hosts.as_str();
    while let Some(end) = rest.bytes().position(|it| it == b'\n') {
        options.hosts = options.hosts.and(rest.get(..end).unwrap_or_default());
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    add(End::Widget(Widget::new(options)))
}

/// Creates HubSpot's end from `origin`, `url`, `debugMode`, `hidesOrigin` and `fields`.
#[wasm_bindgen]
#[must_use]
pub fn host(options: JsValue) -> usize {
    let given = PageValue(options);
    let mut options = HostOptions::new(text(&given, "origin"), text(&given, "url"), seed());
    options.debug_mode = flag(&given, "debugMode") == Some(true);
    options.tells_origin = flag(&given, "hidesOrigin") != Some(true);
    options.sync_fields = given.get("fields");
    add(End::Host(Host::new(options)))
}

/// Processes a message event.
#[wasm_bindgen]
pub fn hear(end: usize, event: JsValue, is_from_peer: bool) {
    let event = PageValue(event);
    let posted = Posted {
        origin: text(&event, "origin"),
        is_from_peer,
        value: event.get("data").unwrap_or(PageValue(JsValue::UNDEFINED)),
    };
    let now = Millis(now());
    with(end, |end| match end {
        End::Widget(widget) => widget.handle_input(WidgetInput::Message(posted), now),
        End::Host(host) => host.handle_input(HostInput::Message(posted), now),
        End::Removed => {}
    });
}

/// Reports something to an end.
#[wasm_bindgen]
pub fn tell(end: usize, what: u8, value: JsValue) {
    let value = PageValue(value);
    let input = |host: &mut Host<PageValue>, it| host.handle_input(it, Millis(now()));
    with(end, |end| match (end, what) {
        (end, told::REMOVED) => *end = End::Removed,
        (End::Host(host), told::TIME) => input(host, HostInput::Timeout),
        (End::Host(host), told::LOADED) => input(host, HostInput::Load),
        (End::Host(host), told::NOT_LOADED) => input(host, HostInput::LoadFailed),
        (End::Host(host), told::MOVES) => {
            host.set_widget_url(&value.as_text().unwrap_or_default());
        }
        (End::Host(host), told::FIELDS) => {
            host.set_sync_fields((!value.0.is_undefined()).then_some(value));
        }
        _ => {}
    });
}

/// Answers a question.
#[wasm_bindgen]
#[must_use]
pub fn ask(end: usize, what: u8) -> JsValue {
    with(end, |end| {
        let (is_ready, has_output, peer) = match end {
            End::Widget(widget) => (widget.is_ready(), widget.has_output(), widget.host_origin()),
            End::Host(host) => (
                host.is_ready(),
                host.has_output(),
                Some(host.widget_origin()),
            ),
            End::Removed => (false, false, None),
        };
        match what {
            asked::IS_READY => is_ready.into(),
            asked::HAS_OUTPUT => has_output.into(),
            asked::PEER => peer.map_or(JsValue::UNDEFINED, JsValue::from_str),
            _ => JsValue::UNDEFINED,
        }
    })
}

/// Sends a whole message; returns the reason if that fails.
#[wasm_bindgen]
#[must_use]
pub fn send(end: usize, message: JsValue) -> JsValue {
    let (message, now) = (PageValue(message), Millis(now()));
    let sent = with(end, |end| match end {
        End::Widget(widget) => widget.send_message(message, now),
        End::Host(host) => host.send_message(&message, now),
        End::Removed => Err(SendError::Removed),
    });
    match sent {
        Ok(()) => JsValue::UNDEFINED,
        Err(error) => JsValue::from_str(error.words()),
    }
}

/// What to do next, as a list: see `kind` in the source.
#[wasm_bindgen]
#[must_use]
pub fn poll(end: usize) -> JsValue {
    with(end, |end| match end {
        End::Widget(widget) => done(widget.poll_output(), |event| match event {
            WidgetEvent::Ready(ready) => two(kind::READY, &ready.data.0, &ready.sync.0),
            WidgetEvent::Message(message) => one(kind::MESSAGE, &message.message.0),
            WidgetEvent::Ignored {
                type_name,
                origin,
                why,
            } => ignored(&type_name, &origin, why),
        }),
        End::Host(host) => done(host.poll_output(), |event| match event {
            HostEvent::Ready(ready) => two(kind::READY, &JsValue::UNDEFINED, &ready.ack.0),
            HostEvent::Message(message) => one(kind::MESSAGE, &message.message.0),
            HostEvent::SyncFailed(why) => one(
                kind::FAILED,
                &JsValue::from_str(match why {
                    SyncFailure::NoAnswer => "NO_ANSWER",
                    SyncFailure::LoadFailed => "LOAD_FAILED",
                }),
            ),
            HostEvent::Moves { origin } => one(kind::MOVES, &JsValue::from_str(&origin)),
            HostEvent::Ignored {
                type_name,
                origin,
                why,
            } => ignored(&type_name, &origin, why),
        }),
        End::Removed => one(kind::TIMEOUT, &JsValue::UNDEFINED),
    })
}

fn seed() -> u64 {
    u64::from(chance()) << 32 | u64::from(chance())
}

fn done<E>(output_of_end: Output<PageValue, E>, event: impl FnOnce(E) -> JsValue) -> JsValue {
    match output_of_end {
        Output::Timeout(None) => one(kind::TIMEOUT, &JsValue::UNDEFINED),
        Output::Timeout(Some(at)) => one(kind::TIMEOUT, &at.0.into()),
        Output::Post {
            target_origin,
            message,
        } => two(kind::POST, &JsValue::from_str(&target_origin), &message.0),
        Output::Log(Log {
            label,
            type_name,
            message,
        }) => output(
            kind::LOG,
            &JsValue::from_str(label),
            &JsValue::from_str(&type_name),
            &message.0,
        ),
        Output::Event(it) => event(it),
    }
}

fn one(kind: u8, first: &JsValue) -> JsValue {
    two(kind, first, &JsValue::UNDEFINED)
}

fn two(kind: u8, first: &JsValue, second: &JsValue) -> JsValue {
    output(kind, first, second, &JsValue::UNDEFINED)
}

fn ignored(type_name: &str, origin: &str, why: Ignored) -> JsValue {
    output(
        kind::IGNORED,
        &JsValue::from_str(type_name),
        &JsValue::from_str(origin),
        &JsValue::from_str(why.words()),
    )
}
