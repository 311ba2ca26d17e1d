//! The one instance per document, and its listeners.

use std::cell::RefCell;
use std::rc::Rc;

use callscope_bus::{
    Ack, DocumentId, FromPanel, FromTap, Hello, Observed, Outcome, PANEL_PORT, RelayRequest,
    Source, TapMessage, ToTap, decode, encode,
};
use wasm_bindgen::prelude::*;

use super::browser::{Browser, post_to};
use super::clock::Clock;
use super::js::{self, Port, Runtime, Sender, Window};
use super::posted::Value;
use super::windows::{Windows, path};
use crate::recorder::{PanelId, Recorder};
use crate::speech::LONGEST_TYPE;
use crate::tap::copy::{Bounds, copy};
use crate::tap::{Filter, Outbox, Sent, Verdict};

/// Names the first instance of the script on the global object of the extension's own world.
const MARK: &str = "callscope";
/// How long a received message waits to be copied, in milliseconds: the page comes first.
const COPY_DELAY: f64 = 20.0;
/// So many messages that wait are copied at once.
const MOST_UNCOPIED: usize = 500;

/// A timer that is so late was held back by the browser, in milliseconds.
const LATE: f64 = 150.0;
/// How long timers are not relied on then, in milliseconds.
const THROTTLED: f64 = 10_000.0;

/// A received message, not yet copied.
///
/// The value is this world's own clone, so the page cannot change it any more.
struct Received {
    at: f64,
    source: Source,
    origin: String,
    value: Value,
}

struct App {
    runtime: Runtime,
    window: Window,
    windows: Rc<RefCell<Windows>>,
    clock: Clock,
    filter: Filter,
    received: Vec<Received>,
    outbox: Outbox,
    /// In the top frame.
    recorder: Option<(Recorder, Browser)>,
    /// Prerendered: there is no tab yet that anything could be told to.
    hidden: bool,
    timer: Option<(f64, f64)>,
    /// Until when timers are known to come late.
    throttled_until: f64,
    on_timer: JsValue,
    /// What to take off the window when the extension is gone: event and listener.
    listeners: Vec<(&'static str, JsValue)>,
    chrome_listeners: Vec<(js::ChromeEvent, JsValue)>,
    panels: u32,
}

thread_local! {
    static APP: RefCell<Option<App>> = const { RefCell::new(None) };
}

/// Starts listening, unless an earlier instance of the script does so in this document already.
pub(super) fn start() {
    let Some(runtime) = js::CHROME.with(js::Chrome::runtime) else {
        return;
    };
    let window = js::WINDOW.with(Clone::clone);
    let global: &JsValue = window.as_ref();
    let mark = JsValue::from_str(MARK);
    let first = js_sys::Reflect::get(global, &mark).unwrap_or_default();
    if first.is_object() && is_alive(first.unchecked_ref()) {
        return;
    }
    if !is_alive(&runtime) {
        return;
    }
    drop(js_sys::Reflect::set(global, &mark, runtime.as_ref()));

    let mut clock = Clock::new(window.performance());
    let location = window.location();
    let document = window.document();
    let hello = Hello {
        document: DocumentId(random_name()),
        origin: location.origin(),
        path: path(&window),
        at: clock.now(),
        // Scripts that Chrome injects at the start find a root element without content.
        from_start: document
            .root()
            .is_none_or(|root| root.first_child().is_null()),
    };
    let hidden = document.prerendering().is_truthy();
    let windows = Rc::new(RefCell::new(Windows::new(window.clone())));
    let recorder = hello.path.is_empty().then(|| {
        let page = [location.origin(), location.pathname()].concat();
        let recorder = Recorder::new(hello.clone(), page, window.navigator().user_agent());
        let browser = Browser {
            runtime: runtime.clone(),
            window: window.clone(),
            windows: Rc::clone(&windows),
            ports: Vec::new(),
        };
        (recorder, browser)
    });
    let mut app = App {
        runtime,
        window,
        windows,
        clock,
        filter: Filter::default(),
        received: Vec::new(),
        outbox: Outbox::new(hello),
        recorder,
        hidden,
        timer: None,
        throttled_until: 0.0,
        on_timer: Closure::<dyn FnMut()>::new(|| {
            with_app(App::ring);
        })
        .into_js_value(),
        listeners: Vec::new(),
        chrome_listeners: Vec::new(),
        panels: 0,
    };
    app.listen();
    app.run();
    APP.with(|cell| cell.replace(Some(app)));
}

/// Another document answered what the recorder had sent to it.
pub(super) fn forwarded(panel: PanelId, request: u32, outcome: Outcome) {
    with_app(|app| {
        if let Some((recorder, _)) = &mut app.recorder {
            recorder.forwarded(panel, request, outcome);
        }
        app.run();
    });
}

/// Does something with the instance; nothing if it has stopped or is at work.
fn with_app<T>(act: impl FnOnce(&mut App) -> T) -> Option<T> {
    APP.with(|cell| cell.try_borrow_mut().ok()?.as_mut().map(act))
}

fn is_alive(runtime: &Runtime) -> bool {
    runtime.id().is_ok_and(|id| id.is_string())
}

fn random_name() -> String {
    // Two numbers of 52 bits, as digits.
    let half = || js::to_text(&js::random().into()).unwrap_or_default();
    [half(), half()].concat().replace("0.", "")
}

impl App {
    fn listen(&mut self) {
        let message = Closure::<dyn FnMut(js::Event)>::new(|event: js::Event| {
            with_app(|app| app.receive(&event));
        });
        let hide = Closure::<dyn FnMut(js::Event)>::new(|event: js::Event| {
            with_app(|app| app.hide(event.persisted()));
        });
        let show = Closure::<dyn FnMut(js::Event)>::new(|event: js::Event| {
            with_app(|app| app.show(event.persisted()));
        });
        let listeners = [
            ("message", message.into_js_value()),
            ("pagehide", hide.into_js_value()),
            ("pageshow", show.into_js_value()),
        ];
        for (event, listener) in listeners {
            self.window.listen(event, &listener, true);
            self.listeners.push((event, listener));
        }

        if self.hidden {
            let activated = Closure::once_into_js(|| {
                with_app(|app| {
                    app.hidden = false;
                    app.run();
                });
            });
            drop(
                self.window
                    .document()
                    .listen("prerenderingchange", &activated),
            );
        }

        let told = Closure::<dyn FnMut(JsValue, Sender, js_sys::Function)>::new(
            |message: JsValue, sender: Sender, answer: js_sys::Function| {
                if let Some(Some(text)) = with_app(|app| app.told(&message, &sender)) {
                    drop(answer.call1(&JsValue::UNDEFINED, &text.into()));
                }
            },
        );
        self.listen_to(self.runtime.on_message(), told.into_js_value());
        if self.recorder.is_some() {
            let connected = Closure::<dyn FnMut(Port)>::new(|port: Port| {
                with_app(|app| app.connected(port));
            });
            self.listen_to(self.runtime.on_connect(), connected.into_js_value());
        }
    }

    fn listen_to(&mut self, event: js::ChromeEvent, listener: JsValue) {
        if event.add_listener(&listener).is_ok() {
            self.chrome_listeners.push((event, listener));
        }
    }

    /// A message arrived; the page waits for this to return.
    fn receive(&mut self, event: &js::Event) {
        // An event that a script made up was not posted by any window.
        let data = event.data().ok().filter(|_| event.is_trusted());
        let posted = data.as_ref().filter(|data| data.is_object());
        let posted: Option<&js::Posted> = posted.map(JsCast::unchecked_ref);
        let type_name = posted.and_then(|posted| short_text(&posted.type_name()));
        let now = self.clock.now();
        let Some(data) = data.filter(|_| type_name.is_some() || self.filter.knows_parties()) else {
            self.outbox.count_other(now);
            return self.schedule(now);
        };
        let has_id =
            type_name.is_some() && data.unchecked_ref::<js::Posted>().message_id().is_truthy();
        let source = self.windows.borrow_mut().source(&event.source());
        match self.filter.judge(type_name.as_deref(), has_id, &source) {
            Verdict::Count => self.outbox.count_other(now),
            Verdict::Keep => {
                let origin = event.origin();
                self.received.push(Received {
                    at: now,
                    source,
                    origin,
                    value: Value(data),
                });
                if self.is_throttled(now) {
                    self.copy_received(now);
                    return self.run();
                }
                if self.received.len() >= MOST_UNCOPIED {
                    self.copy_received(now);
                }
            }
        }
        self.schedule(now);
    }

    /// Whether timers come too late to wait for one: in a page that nobody sees, and in a frame
    /// of another origin that is not shown, which only its timers tell.
    fn is_throttled(&self, now: f64) -> bool {
        now < self.throttled_until || self.window.document().hidden().is_truthy()
    }

    fn copy_received(&mut self, now: f64) {
        for Received {
            at,
            source,
            origin,
            value,
        } in std::mem::take(&mut self.received)
        {
            let copied = copy(&value, Bounds::default());
            let observed = Observed {
                at,
                source,
                origin,
                message: copied.text,
                cloned: copied.cloned,
                truncated: copied.truncated,
            };
            self.outbox.push(observed, now - COPY_DELAY);
        }
    }

    /// The timer rings.
    fn ring(&mut self) {
        let now = self.clock.now();
        if self
            .timer
            .take()
            .is_some_and(|(_, set_for)| set_for + LATE < now)
        {
            self.throttled_until = now + THROTTLED;
        }
        self.run();
    }

    /// Does everything whose time has come.
    fn run(&mut self) {
        if !is_alive(&self.runtime) {
            return self.stop();
        }
        let now = self.clock.now();
        if self
            .received
            .first()
            .is_some_and(|first| first.at + COPY_DELAY <= now)
        {
            self.copy_received(now);
        }
        if !self.hidden || self.recorder.is_some() {
            self.send(now);
        }
        if let Some((recorder, browser)) = &mut self.recorder {
            recorder.tick(now, browser);
        }
        self.schedule(now);
    }

    /// Hands on what is due: to the recorder in this document, or to the relay.
    fn send(&mut self, now: f64) {
        while let Some(Sent { attempt, message }) = self.outbox.next(now) {
            if let Some((recorder, _)) = &mut self.recorder {
                let ack = recorder.from_tap(None, 0, message, now);
                self.outbox.answered(attempt, &ack, now);
                continue;
            }
            let runtime = self.runtime.clone();
            let answered = Closure::once_into_js(move |answer: JsValue| {
                // Reading it keeps the browser from reporting it.
                let failed = !runtime.last_error().is_undefined();
                with_app(|app| app.answered(attempt, &answer, failed));
            });
            if !self.tell_relay(&message, &answered) {
                self.outbox.failed(attempt, now);
            }
        }
    }

    fn tell_relay(&self, message: &TapMessage, answered: &JsValue) -> bool {
        let request = encode(&RelayRequest::ToRecorder {
            text: encode(message),
        });
        self.runtime.send_message(&request, answered).is_ok()
    }

    fn answered(&mut self, attempt: u32, answer: &JsValue, failed: bool) {
        let now = self.clock.now();
        let ack = answer
            .as_string()
            .and_then(|text| decode::<Ack>(&text).ok());
        match ack {
            Some(ack) if !failed => self.outbox.answered(attempt, &ack, now),
            _ => self.outbox.failed(attempt, now),
        }
        self.run();
    }

    /// The relay says something: a tap's message for the recorder, or an action for this frame.
    fn told(&mut self, message: &JsValue, sender: &Sender) -> Option<String> {
        // Messages of this kind come from the worker, which belongs to no tab.
        if !self.is_ours(sender) || !sender.tab().is_undefined() {
            return None;
        }
        let text = message.as_string()?;
        let now = self.clock.now();
        if let Some((recorder, _)) = &mut self.recorder {
            let FromTap {
                document,
                frame_id,
                text,
            } = decode(&text).ok()?;
            let message = decode(&text).ok()?;
            let ack = recorder.from_tap(Some(document), frame_id, message, now);
            self.run();
            return Some(encode(&ack));
        }
        let ToTap::Post(post) = decode(&text).ok()?;
        let outcome = match post_to(&self.windows.borrow(), &post) {
            Ok(()) => Outcome::Ok,
            Err(reason) => Outcome::Failed { reason },
        };
        Some(encode(&outcome))
    }

    fn is_ours(&self, sender: &Sender) -> bool {
        self.runtime
            .id()
            .is_ok_and(|id| id.is_string() && sender.extension() == id)
    }

    fn connected(&mut self, port: Port) {
        let Some(sender) = port.sender() else { return };
        let pages = self.runtime.get_url("").unwrap_or_default();
        let from_page = sender
            .url()
            .is_some_and(|url| !pages.is_empty() && url.starts_with(&pages));
        if port.name() != PANEL_PORT || !self.is_ours(&sender) || !from_page {
            return;
        }
        let Some((recorder, browser)) = &mut self.recorder else {
            return;
        };
        self.panels += 1;
        let panel = PanelId(self.panels);
        let said = Closure::<dyn FnMut(JsValue)>::new(move |message: JsValue| {
            with_app(|app| app.panel_said(panel, &message));
        });
        let closed = Closure::<dyn FnMut()>::new(move || {
            with_app(|app| app.panel_closed(panel));
        });
        let heard = port.on_message().add_listener(&said.into_js_value());
        if heard
            .and(port.on_disconnect().add_listener(&closed.into_js_value()))
            .is_ok()
        {
            recorder.connect(panel);
            browser.ports.push((panel, port));
        }
    }

    fn panel_said(&mut self, panel: PanelId, message: &JsValue) {
        let now = self.clock.now();
        let Some((recorder, browser)) = &mut self.recorder else {
            return;
        };
        let message = message
            .as_string()
            .and_then(|text| decode::<FromPanel>(&text).ok());
        if let Some(message) = message {
            recorder.from_panel(panel, message, now, browser);
        }
        self.run();
    }

    fn panel_closed(&mut self, panel: PanelId) {
        if let Some((recorder, browser)) = &mut self.recorder {
            recorder.disconnect(panel);
            browser.ports.retain(|(id, _)| *id != panel);
        }
    }

    /// The document goes away, perhaps only into the cache.
    fn hide(&mut self, cached: bool) {
        if self.hidden || !is_alive(&self.runtime) {
            return;
        }
        let now = self.clock.now();
        self.copy_received(now);
        let last = self
            .outbox
            .goodbye(now)
            .into_iter()
            .map(|message| match message {
                // A document in the cache is not gone.
                TapMessage::Goodbye { batch, .. } if cached => TapMessage::Batch(batch),
                other => other,
            });
        let last: Vec<TapMessage> = last.collect();
        let Some((recorder, _)) = &mut self.recorder else {
            for message in last {
                let unheard = self.unheard();
                self.tell_relay(&message, &unheard);
            }
            return;
        };
        for message in last {
            recorder.from_tap(None, 0, message, now);
        }
        if let Some(log) = recorder.log_at_end(now) {
            let request = encode(&RelayRequest::Park { log });
            drop(self.runtime.send_message(&request, &self.unheard()));
        }
    }

    /// A callback for an answer that nobody waits for.
    fn unheard(&self) -> JsValue {
        let runtime = self.runtime.clone();
        Closure::once_into_js(move || drop(runtime.last_error()))
    }

    fn show(&mut self, cached: bool) {
        if cached {
            let now = self.clock.now();
            self.outbox.greet_again(now);
            self.run();
        }
    }

    /// Sets the timer to the next time that something is due.
    fn schedule(&mut self, now: f64) {
        let copy_at = self.received.first().map(|first| first.at + COPY_DELAY);
        let quiet = self.hidden && self.recorder.is_none();
        let send_at = if quiet { None } else { self.outbox.deadline() };
        let record_at = self
            .recorder
            .as_ref()
            .and_then(|(recorder, _)| recorder.deadline());
        let due = [copy_at, send_at, record_at]
            .into_iter()
            .flatten()
            .reduce(f64::min);
        let Some(due) = due else { return };
        if let Some((timer, set_for)) = self.timer {
            // A timer that has fired, or that comes too late, is replaced.
            if set_for > now && set_for <= due {
                return;
            }
            js::clear_timeout(timer);
        }
        // Timers may come a little early by this clock.
        let delay = (due - now).clamp(0.0, 60_000.0).ceil();
        self.timer = Some((js::set_timeout(&self.on_timer, delay), now + delay));
    }

    /// The extension was updated or removed: nothing must be left that the page could notice.
    fn stop(&mut self) {
        for (event, listener) in self.listeners.drain(..) {
            self.window.unlisten(event, &listener, true);
        }
        for (event, listener) in self.chrome_listeners.drain(..) {
            drop(event.remove_listener(&listener));
        }
        if let Some((timer, _)) = self.timer.take() {
            js::clear_timeout(timer);
        }
        self.received.clear();
        self.recorder = None;
        self.hidden = true;
    }
}

fn short_text(value: &JsValue) -> Option<String> {
    let text: &js_sys::JsString = value.dyn_ref()?;
    if text.length() as usize > LONGEST_TYPE {
        return Some(String::new());
    }
    value.as_string()
}
