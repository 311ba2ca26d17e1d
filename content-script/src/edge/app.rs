//! The single instance per document, and its listeners.

mod leaving;
mod ports;
mod reading;
mod relay;

use std::cell::RefCell;

use callscope_bus::{
    Ack, DocumentId, FromTap, Hello, Outcome, RecorderInfo, RelayRequest, TapMessage, ToTap,
    decode, encode,
};
use wasm_bindgen::prelude::*;

use super::browser::{Browser, MOST_FRAMES, post_to};
use super::clock::Clock;
use super::inside::Inside;
use super::js::{self, Port, Runtime, Sender, Window};
use super::listener::Listener;
use crate::recorder::{PanelId, Recorder};
use crate::tap::{Filter, Outbox};
use crate::text::join;

/// The shortest timer, in milliseconds: in a stream of messages, something is always due, and
/// setting timers would cost more than everything else.
const SHORTEST: f64 = 20.0;

struct App {
    runtime: Runtime,
    window: Window,
    listener: Listener,
    clock: Clock,
    filter: Filter,
    outbox: Outbox,
    /// Present if the user looks inside the page.
    inside: Option<Inside>,
    /// Present in the top frame.
    recorder: Option<Box<(Recorder, Browser)>>,
    /// The timer's id, and the time it is set for.
    timer: Option<(f64, f64)>,
    /// Until when the page may be about to leave, by this document's clock; 0 if it has not
    /// announced that.
    leaving_until: f64,
    /// Whether the page is in the back/forward cache, or on its way into it.
    is_cached: bool,
    timer_callback: JsValue,
    answer_callback: JsValue,
    kept_callback: JsValue,
    chrome_listeners: Vec<(js::ChromeEvent, JsValue)>,
    panels: u32,
    /// The port to a panel that stands in for the worker.
    relay: Option<Port>,
}

thread_local! {
    static APP: RefCell<Option<Box<App>>> = const { RefCell::new(None) };
}

/// Takes over from the listener script, unless that was already done in this document.
pub(super) fn start() {
    let Some(runtime) = js::CHROME.with(js::Chrome::runtime) else {
        return;
    };
    let window = js::WINDOW.with(Clone::clone);
    let Some(first) = Listener::of_document(window.as_ref()).filter(|_| is_alive(&runtime)) else {
        return;
    };
    let mut clock = Clock::new(window.performance());
    // Synchronize the clock before it places the first message.
    clock.now();
    let hello = Hello {
        document: DocumentId(random_name()),
        origin: window.origin(),
        path: first.path(),
        at: clock.at(first.since()),
        from_start: first.from_start(),
        blank: is_blank(&window.location()),
    };
    let recorder = hello.path.is_empty().then(|| {
        let info = RecorderInfo {
            recorder: hello.document.clone(),
            page: leaving::address(&window),
            user_agent: window.navigator().user_agent(),
            was_discarded: window.document().was_discarded().as_bool() == Some(true),
            from_start: hello.from_start,
        };
        let recorder = Recorder::new(hello.clone(), info);
        let browser = Browser {
            runtime: runtime.clone(),
            window: window.clone(),
            listener: first.clone(),
            ports: Vec::new(),
            answer_callback: listener(App::on_post_answer),
            ignore_callback: listener(App::on_nothing),
        };
        Box::new((recorder, browser))
    });
    let inside = Inside::of_document(window.as_ref());
    let mut app = Box::new(App {
        runtime,
        window,
        listener: first.clone(),
        clock,
        filter: Filter::default(),
        outbox: Outbox::new(hello),
        inside,
        recorder,
        timer: None,
        leaving_until: 0.0,
        is_cached: false,
        timer_callback: listener(App::on_timer),
        answer_callback: listener(App::on_relay_answer),
        kept_callback: listener(App::on_kept),
        chrome_listeners: Vec::new(),
        panels: 0,
        relay: None,
    });
    app.listen();
    app.run();
    APP.with(|cell| cell.replace(Some(app)));
    first.start(&listener(App::on_messages));
}

/// A JavaScript function that calls a handler of the instance. It does nothing while the instance
/// is at work, but then the browser does not call it.
///
/// They all share one signature, which keeps the lowered script small; a missing argument is
/// undefined.
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

/// Whether this is the address of a frame's initial document. A document without an address of its
/// own does have an origin, but `location` does not tell.
fn is_blank(location: &js::Location) -> bool {
    location.origin() == "null" && location.pathname() == "blank"
}

fn random_name() -> String {
    // Two numbers with 52 random bits each.
    let half = || js::to_text(&js::random().into()).unwrap_or_default();
    join(&[&half(), &half()])
}

impl App {
    fn listen(&mut self) {
        if let Some(inside) = &self.inside {
            inside.start(&listener(App::on_inside_report));
        }
        self.listen_for_leaving();
        self.listener
            .listen("visibilitychange", &listener(App::on_visibilitychange));
        if self.recorder.is_some() {
            let changed = listener(App::on_frames_changed);
            let loaded = js::frame_listener(&self.window.document(), MOST_FRAMES, &changed);
            self.listener.listen("load", &loaded);
        }
        self.listen_to(self.runtime.on_message(), listener(App::on_relay_message));
        self.listen_to(self.runtime.on_connect(), listener(App::on_connect));
    }

    fn listen_to(&mut self, event: js::ChromeEvent, listener: JsValue) {
        if event.add_listener(&listener).is_ok() {
            self.chrome_listeners.push((event, listener));
        }
    }

    fn on_timer(&mut self, _: &[JsValue; 3]) {
        self.timer = None;
        self.run();
    }

    /// Does everything that is due, unless the page is in the back/forward cache.
    fn run(&mut self) {
        if !is_alive(&self.runtime) {
            return self.stop();
        }
        if self.is_cached {
            return;
        }
        let now = self.clock.now();
        if now < self.leaving_until {
            self.hand_on(now);
        } else {
            self.send(now);
        }
        // What there was no room for before.
        if self.listener.waiting() > 0 && !self.outbox.is_draining() {
            self.listener.again();
        }
        if let Some(recorder) = &mut self.recorder {
            let (recorder, browser) = recorder.as_mut();
            recorder.count_others(self.listener.others());
            recorder.tick(now, browser);
            self.keep_ahead(now);
        }
        self.schedule(now);
    }

    /// Sends what is due to the recorder in this document, or to the relay.
    fn send(&mut self, now: f64) {
        self.take_inside_reports();
        self.outbox.count_others(self.listener.others());
        self.outbox.set_unread(self.listener.waiting() > 0);
        if let Some(recorder) = &mut self.recorder {
            while let Some(batch) = self.outbox.take() {
                let batch = TapMessage::Batch(batch);
                recorder.0.on_tap_message(None, 0, batch, now);
            }
            return;
        }
        while let Some(message) = self.outbox.next(now) {
            if !self.send_to_relay(&message) {
                self.outbox.on_failure(now);
            }
        }
    }

    fn send_to_relay(&self, message: &TapMessage) -> bool {
        let request = encode(&RelayRequest::ToRecorder {
            text: encode(message),
        });
        match &self.relay {
            Some(relay) => relay.post_message(&request),
            None => self
                .runtime
                .send_message(&request, &self.answer_callback)
                .map(drop),
        }
        .is_ok()
    }

    /// The relay or the panel in its place answered, or nobody did.
    fn on_relay_answer(&mut self, [answer, ..]: &[JsValue; 3]) {
        // Otherwise the browser reports the error.
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

    /// Handles the end of a request to the relay that has no answer.
    fn on_nothing(&mut self, _: &[JsValue; 3]) {
        // Otherwise the browser reports the error.
        let _ = self.runtime.last_error();
    }

    /// Another document answered the recorder's request to post.
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

    /// The relay forwards a tap's message to the recorder, or an action to this frame.
    fn on_relay_message(&mut self, [message, sender, answer]: &[JsValue; 3]) {
        let sender: &Sender = sender.unchecked_ref();
        // Only the worker's messages come without a tab.
        if !self.is_own_extension(sender) || !sender.tab().is_undefined() {
            return;
        }
        let Some(text) = message.as_string() else {
            return;
        };
        self.outbox.on_sign_of_life();
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
            encode(&match post_to(&self.listener, &self.window, &post) {
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

    /// The page is visible again, so pending messages can be sent at once.
    fn on_visibilitychange(&mut self, [event, ..]: &[JsValue; 3]) {
        let event: &js::Event = event.unchecked_ref();
        let hidden = self.window.document().hidden().as_bool() == Some(true);
        if event.is_trusted() && !hidden {
            self.outbox.on_sign_of_life();
            self.run();
        }
    }

    /// A frame was added to the page or removed.
    fn on_frames_changed(&mut self, _: &[JsValue; 3]) {
        self.run();
    }

    /// Sets the timer for the next time that something is due.
    fn schedule(&mut self, now: f64) {
        let due = match &self.recorder {
            Some(recorder) => recorder.0.deadline(),
            None => self.outbox.deadline(),
        };
        let due = due.unwrap_or(f64::INFINITY);
        if due == f64::INFINITY {
            return;
        }
        if let Some((timer, set_for)) = self.timer {
            // Replace one that is overdue or would fire too late.
            if set_for > now && set_for <= due.max(now + SHORTEST) + 1.0 {
                return;
            }
            js::clear_timeout(timer);
        }
        let delay = (due - now).clamp(SHORTEST, 60_000.0).ceil();
        self.timer = Some((js::set_timeout(&self.timer_callback, delay), now + delay));
    }

    /// Cleans up after the extension was updated or removed: nothing may remain that the page could
    /// notice.
    fn stop(&mut self) {
        self.listener.stop();
        for (event, listener) in self.chrome_listeners.drain(..) {
            drop(event.remove_listener(&listener));
        }
        if let Some((timer, _)) = self.timer.take() {
            js::clear_timeout(timer);
        }
        self.recorder = None;
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number was a u32 before"
)]
fn number(value: &JsValue) -> u32 {
    value.as_f64().unwrap_or_default() as u32
}
