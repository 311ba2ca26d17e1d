//! The one instance per document, and its listeners.

mod ports;

use std::cell::RefCell;
use std::rc::Rc;

use callscope_bus::{
    Ack, DocumentId, FromTap, Hello, Observed, Outcome, RelayRequest, Source, TapMessage, ToTap,
    decode, encode,
};
use wasm_bindgen::prelude::*;

use super::browser::{Browser, post_to};
use super::clock::Clock;
use super::js::{self, Runtime, Sender, Window};
use super::posted::Value;
use super::windows::{Windows, path};
use crate::recorder::{PanelId, Recorder};
use crate::speech::LONGEST_TYPE;
use crate::tap::copy::{Bounds, copy};
use crate::tap::{Filter, Outbox};
use crate::text::join;

/// Names the first instance of the script on the global object of the extension's own world.
const MARK: &str = "callscope";
/// How long a received message waits to be copied, in milliseconds: the page comes first.
const COPY_DELAY: f64 = 20.0;
/// When this many messages wait, they are copied at once.
const MOST_UNCOPIED: usize = 500;
/// The shortest timer, in milliseconds: in a stream of messages something is due at any moment,
/// and setting timers would cost more than all the rest.
const SHORTEST: f64 = 20.0;
/// A timer that is this late was held back by the browser, in milliseconds.
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
    recorder: Option<Box<(Recorder, Browser)>>,
    /// Prerendered: there is no tab yet to send anything to.
    prerendered: bool,
    /// The timer, and the time that it is set for.
    timer: Option<(f64, f64)>,
    /// Until when timers are known to come late.
    throttled_until: f64,
    timer_callback: JsValue,
    answer_callback: JsValue,
    /// What to take off the window when the extension is gone: event and listener.
    listeners: Vec<(&'static str, JsValue)>,
    chrome_listeners: Vec<(js::ChromeEvent, JsValue)>,
    panels: u32,
}

thread_local! {
    static APP: RefCell<Option<Box<App>>> = const { RefCell::new(None) };
}

/// Starts listening, unless an earlier instance of the script does so in this document already.
pub(super) fn start() {
    let Some(runtime) = js::CHROME.with(js::Chrome::runtime) else {
        return;
    };
    let window = js::WINDOW.with(Clone::clone);
    let global: &JsValue = window.as_ref();
    let mark = JsValue::from_str(MARK);
    // Its own property: a frame or an element of that name does not count.
    let first = js::has_own_key(global, MARK)
        .then(|| js_sys::Reflect::get(global, &mark).unwrap_or_default())
        .filter(JsValue::is_object);
    if !is_alive(&runtime) || first.is_some_and(|first| is_alive(first.unchecked_ref())) {
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
    let windows = Rc::new(RefCell::new(Windows::new(window.clone())));
    let recorder = hello.path.is_empty().then(|| {
        let page = join(&[&location.origin(), &location.pathname()]);
        let recorder = Recorder::new(hello.clone(), page, window.navigator().user_agent());
        let browser = Browser {
            runtime: runtime.clone(),
            window: window.clone(),
            windows: Rc::clone(&windows),
            ports: Vec::new(),
            answer_callback: listener(App::on_post_answer),
        };
        Box::new((recorder, browser))
    });
    let mut app = Box::new(App {
        runtime,
        window,
        windows,
        clock,
        filter: Filter::default(),
        received: Vec::new(),
        outbox: Outbox::new(hello),
        recorder,
        prerendered: document.prerendering().as_bool() == Some(true),
        timer: None,
        throttled_until: 0.0,
        timer_callback: listener(App::on_timer),
        answer_callback: listener(App::on_relay_answer),
        listeners: Vec::new(),
        chrome_listeners: Vec::new(),
        panels: 0,
    });
    app.listen();
    app.run();
    APP.with(|cell| cell.replace(Some(app)));
}

/// A JavaScript function that calls a handler of the instance. While the instance is at work it
/// does nothing, but the browser calls nothing then.
///
/// All have one signature, which keeps the lowered script small; a missing argument is undefined.
fn listener(act: fn(&mut App, &[JsValue; 3])) -> JsValue {
    let listen = move |one, two, three| {
        APP.with(|cell| {
            if let Ok(mut app) = cell.try_borrow_mut()
                && let Some(app) = app.as_mut()
            {
                act(app, &[one, two, three]);
            }
        });
    };
    Closure::<dyn FnMut(JsValue, JsValue, JsValue)>::new(listen).into_js_value()
}

fn is_alive(runtime: &Runtime) -> bool {
    runtime.id().is_ok_and(|id| id.is_string())
}

fn random_name() -> String {
    // Two numbers of 52 bits.
    let half = || js::to_text(&js::random().into()).unwrap_or_default();
    join(&[&half(), &half()])
}

impl App {
    fn listen(&mut self) {
        self.listeners.push(("message", listener(App::on_message)));
        self.listeners
            .push(("pagehide", listener(App::on_pagehide)));
        self.listeners
            .push(("pageshow", listener(App::on_pageshow)));
        for (event, listener) in &self.listeners {
            self.window.listen(event, listener, true);
        }
        if self.prerendered {
            let document = self.window.document();
            drop(document.listen("prerenderingchange", &listener(App::on_prerenderingchange)));
        }
        self.listen_to(self.runtime.on_message(), listener(App::on_relay_message));
        if self.recorder.is_some() {
            self.listen_to(self.runtime.on_connect(), listener(App::on_connect));
        }
    }

    fn listen_to(&mut self, event: js::ChromeEvent, listener: JsValue) {
        if event.add_listener(&listener).is_ok() {
            self.chrome_listeners.push((event, listener));
        }
    }

    /// A message arrived; the page waits for this to return.
    fn on_message(&mut self, [event, ..]: &[JsValue; 3]) {
        let event: &js::Event = event.unchecked_ref();
        let now = self.clock.now();
        // An event that a script made up was not posted by any window.
        let source = if event.is_trusted() {
            self.windows.borrow_mut().source(&event.source())
        } else {
            Source::Other
        };
        match source {
            Source::Parent | Source::Child { .. } => self.look_at(event, source, now),
            // Not between a page and a frame in it. The browser takes a message apart only when
            // somebody looks at it, so what a page posts to itself costs next to nothing.
            Source::Own | Source::Opener | Source::Other => self.outbox.count_other(now),
        }
        self.schedule(now);
    }

    /// Looks at a message from the parent or a child window, and keeps it if it may be
    /// calling-extension traffic.
    fn look_at(&mut self, event: &js::Event, source: Source, now: f64) {
        let data = event.data().unwrap_or_default();
        let posted = data.is_object().then(|| data.unchecked_ref::<js::Posted>());
        let type_name = posted.and_then(|posted| short_text(&posted.type_name()));
        let has_id = posted.is_some_and(|posted| posted.message_id().is_truthy());
        if !self.filter.keeps(type_name.as_deref(), has_id, &source) {
            return self.outbox.count_other(now);
        }
        let origin = event.origin();
        self.received.push(Received {
            at: now,
            source,
            origin,
            value: Value(data),
        });
        if self.is_throttled(now) {
            self.copy_received(now);
            self.run();
        } else if self.received.len() >= MOST_UNCOPIED {
            self.copy_received(now);
        }
    }

    /// Whether timers come too late to wait for one: in a hidden page, and in a frame of another
    /// origin that is not shown, which only the delay of its timers gives away.
    fn is_throttled(&self, now: f64) -> bool {
        now < self.throttled_until || self.window.document().hidden().as_bool() == Some(true)
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

    fn on_timer(&mut self, _: &[JsValue; 3]) {
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
        self.send(now);
        if let Some(recorder) = &mut self.recorder {
            let (recorder, browser) = recorder.as_mut();
            recorder.tick(now, browser);
        }
        self.schedule(now);
    }

    /// Hands on what is due: to the recorder in this document, or to the relay.
    fn send(&mut self, now: f64) {
        if self.prerendered && self.recorder.is_none() {
            return;
        }
        while let Some(message) = self.outbox.next(now) {
            if let Some(recorder) = &mut self.recorder {
                let ack = recorder.0.on_tap_message(None, 0, message, now);
                self.outbox.on_ack(&ack, now);
            } else if !self.send_to_relay(&message) {
                self.outbox.on_failure(now);
            }
        }
    }

    fn send_to_relay(&self, message: &TapMessage) -> bool {
        let request = RelayRequest::ToRecorder {
            text: encode(message),
        };
        self.runtime
            .send_message(&encode(&request), &self.answer_callback)
            .is_ok()
    }

    /// The relay answered, or nobody did.
    fn on_relay_answer(&mut self, [answer, ..]: &[JsValue; 3]) {
        // Reading it keeps the browser from reporting it.
        let failed = !self.runtime.last_error().is_undefined();
        let now = self.clock.now();
        let ack = answer
            .as_string()
            .and_then(|text| decode::<Ack>(&text).ok());
        match ack {
            Some(ack) if !failed => self.outbox.on_ack(&ack, now),
            _ => self.outbox.on_failure(now),
        }
        self.run();
    }

    /// Another document answered what the recorder had asked it to post.
    fn on_post_answer(&mut self, [panel, request, answer]: &[JsValue; 3]) {
        let failed = !self.runtime.last_error().is_undefined();
        let outcome = answer
            .as_string()
            .and_then(|text| decode::<Outcome>(&text).ok());
        let outcome = outcome
            .filter(|_| !failed)
            .unwrap_or_else(|| Outcome::Failed {
                reason:
                    "The frame that holds the widget is gone or does not answer. Reload the page \
                     and try again"
                        .to_owned(),
            });
        if let Some(recorder) = &mut self.recorder {
            recorder
                .0
                .on_post_answer(PanelId(number(panel)), number(request), outcome);
        }
        self.run();
    }

    /// The relay forwards something: a tap's message for the recorder, or an action for this frame.
    fn on_relay_message(&mut self, [message, sender, answer]: &[JsValue; 3]) {
        let sender: &Sender = sender.unchecked_ref();
        // What the worker sends belongs to no tab.
        if !self.is_own_extension(sender) || !sender.tab().is_undefined() {
            return;
        }
        let Some(text) = message.as_string() else {
            return;
        };
        let said = if let Some(recorder) = &mut self.recorder {
            let Ok(FromTap {
                document,
                frame_id,
                text,
            }) = decode(&text)
            else {
                return;
            };
            let Ok(message) = decode(&text) else {
                return;
            };
            let now = self.clock.now();
            encode(
                &recorder
                    .0
                    .on_tap_message(Some(document), frame_id, message, now),
            )
        } else {
            let Ok(ToTap::Post(post)) = decode(&text) else {
                return;
            };
            encode(&match post_to(&self.windows.borrow(), &post) {
                Ok(()) => Outcome::Ok,
                Err(reason) => Outcome::Failed { reason },
            })
        };
        let answer: &js_sys::Function = answer.unchecked_ref();
        drop(answer.call1(&JsValue::UNDEFINED, &said.into()));
        self.run();
    }

    fn is_own_extension(&self, sender: &Sender) -> bool {
        self.runtime
            .id()
            .is_ok_and(|id| id.is_string() && sender.extension() == id)
    }

    /// The document goes away, perhaps only into the cache.
    fn on_pagehide(&mut self, [event, ..]: &[JsValue; 3]) {
        let event: &js::Event = event.unchecked_ref();
        // A script of the page can make up this event, and the next two.
        if !event.is_trusted() || self.prerendered || !is_alive(&self.runtime) {
            return;
        }
        let cached = event.persisted();
        let now = self.clock.now();
        self.copy_received(now);
        // A document in the cache is not gone.
        let rest = self.outbox.goodbye((!cached).then_some(now));
        let request = if let Some(recorder) = &mut self.recorder {
            let (recorder, browser) = recorder.as_mut();
            recorder.on_tap_message(None, 0, TapMessage::Goodbye(rest), now);
            let location = self.window.location();
            let address = join(&[&location.origin(), &location.pathname()]);
            let Some(parked) = recorder.leave(address, now, browser) else {
                return;
            };
            RelayRequest::Park {
                text: encode(&parked),
                recorder: parked.recorder,
                began: parked.began,
            }
        } else {
            RelayRequest::Leave { rest }
        };
        drop(
            self.runtime
                .send_message(&encode(&request), &self.answer_callback),
        );
    }

    fn on_pageshow(&mut self, [event, ..]: &[JsValue; 3]) {
        let event: &js::Event = event.unchecked_ref();
        if event.is_trusted() && event.persisted() {
            self.outbox.greet_again(self.clock.now());
            self.run();
        }
    }

    fn on_prerenderingchange(&mut self, [event, ..]: &[JsValue; 3]) {
        if event.unchecked_ref::<js::Event>().is_trusted() {
            self.prerendered = false;
            self.run();
        }
    }

    /// Sets the timer to the next time that something is due.
    fn schedule(&mut self, now: f64) {
        let mut due = f64::INFINITY;
        if let Some(first) = self.received.first() {
            due = first.at + COPY_DELAY;
        }
        if !self.prerendered || self.recorder.is_some() {
            due = due.min(self.outbox.deadline().unwrap_or(f64::INFINITY));
        }
        if let Some(recorder) = &self.recorder {
            due = due.min(recorder.0.deadline().unwrap_or(f64::INFINITY));
        }
        if due == f64::INFINITY {
            return;
        }
        if let Some((timer, set_for)) = self.timer {
            // One that should have fired by now, or that would fire too late, is replaced.
            if set_for > now && set_for <= due.max(now + SHORTEST) + 1.0 {
                return;
            }
            js::clear_timeout(timer);
        }
        let delay = (due - now).clamp(SHORTEST, 60_000.0).ceil();
        self.timer = Some((js::set_timeout(&self.timer_callback, delay), now + delay));
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
        self.prerendered = true;
    }
}

fn short_text(value: &JsValue) -> Option<String> {
    let text: &js_sys::JsString = value.dyn_ref()?;
    if text.length() as usize > LONGEST_TYPE {
        return Some(String::new());
    }
    value.as_string()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number that came from a u32"
)]
fn number(value: &JsValue) -> u32 {
    value.as_f64().unwrap_or_default() as u32
}
