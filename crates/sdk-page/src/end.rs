//! Connects either end to the page.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use callscope_protocol::Millis;
use callscope_sdk::{Log, Output, Posted};
use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{HtmlIFrameElement, MessageEvent, Window, console};

use crate::PageError;
use crate::value::PageValue;

/// One of the SDK's ends.
pub(crate) trait End: 'static {
    type Event;
    fn hear(&mut self, posted: Posted<PageValue>, now: Millis);
    fn time_has_come(&mut self, now: Millis);
    fn poll(&mut self) -> Output<PageValue, Self::Event>;
    fn remove(&mut self);
}

/// The window at the other end.
pub(crate) enum Peer {
    Parent,
    Frame(HtmlIFrameElement),
}

impl Peer {
    fn window(&self, own: &Window) -> Option<Window> {
        match self {
            Self::Parent => own.parent().ok().flatten(),
            Self::Frame(frame) => frame.content_window(),
        }
    }
}

type Handler<E> = Box<dyn FnMut(&Rc<Bound<E>>, <E as End>::Event)>;

/// An end, and the page that it lives in.
pub(crate) struct Bound<E: End> {
    pub(crate) window: Window,
    end: RefCell<E>,
    peer: Peer,
    handler: RefCell<Handler<E>>,
    is_busy: Cell<bool>,
    hears: Closure<dyn FnMut(MessageEvent)>,
    wakes: Closure<dyn FnMut()>,
    timer: Cell<Option<i32>>,
}

impl<E: End> Bound<E> {
    /// Starts listening.
    pub(crate) fn new(
        window: Window,
        end: E,
        peer: Peer,
        handler: Handler<E>,
    ) -> Result<Rc<Self>, PageError> {
        let bound = Rc::new_cyclic(|weak: &Weak<Self>| {
            let (hearing, waking) = (weak.clone(), weak.clone());
            Self {
                window,
                end: RefCell::new(end),
                peer,
                handler: RefCell::new(handler),
                is_busy: Cell::new(false),
                hears: Closure::new(move |event: MessageEvent| {
                    if let Some(bound) = hearing.upgrade() {
                        bound.hear(&event);
                    }
                }),
                wakes: Closure::new(move || {
                    if let Some(bound) = waking.upgrade() {
                        bound.timer.set(None);
                        bound.act(End::time_has_come);
                    }
                }),
                timer: Cell::new(None),
            }
        });
        let hears = bound.hears.as_ref().unchecked_ref();
        let added = bound
            .window
            .add_event_listener_with_callback("message", hears);
        added.map_err(|reason| PageError::refused(&reason))?;
        Ok(bound)
    }

    fn hear(self: &Rc<Self>, event: &MessageEvent) {
        let peer = self.peer.window(&self.window).map(JsValue::from);
        let source = event.source().map(JsValue::from);
        let posted = Posted {
            origin: event.origin(),
            is_from_peer: source.is_some() && source == peer,
            value: PageValue(event.data()),
        };
        self.act(|end, now| end.hear(posted, now));
    }

    /// Calls a method of the end, then does what it asks for.
    pub(crate) fn act<T>(self: &Rc<Self>, act: impl FnOnce(&mut E, Millis) -> T) -> T {
        // Never borrowed twice: handlers are called while the end is not borrowed.
        let result = act(&mut self.end.borrow_mut(), self.now());
        self.carry_out();
        result
    }

    /// Reads something from the end.
    pub(crate) fn ask<T>(&self, ask: impl FnOnce(&E) -> T) -> T {
        ask(&self.end.borrow())
    }

    fn carry_out(self: &Rc<Self>) {
        // Called inside a handler: the loop further up will continue with it.
        if self.is_busy.replace(true) {
            return;
        }
        loop {
            let output = self.end.borrow_mut().poll();
            match output {
                Output::Post {
                    target_origin,
                    message,
                } => self.post(&target_origin, &message),
                Output::Event(event) => (self.handler.borrow_mut())(self, event),
                Output::Log(line) => log(&line),
                Output::Timeout(at) => {
                    self.wait_until(at);
                    break;
                }
            }
        }
        self.is_busy.set(false);
    }

    fn post(&self, target_origin: &str, message: &PageValue) {
        let Some(peer) = self.peer.window(&self.window) else {
            return;
        };
        if let Err(reason) = peer.post_message(&message.0, target_origin) {
            // For example a function in a payload, which cannot be copied.
            console::error_2(
                &"[callscope-sdk] a message cannot be posted:".into(),
                &reason,
            );
        }
    }

    fn wait_until(&self, at: Option<Millis>) {
        if let Some(timer) = self.timer.take() {
            self.window.clear_timeout_with_handle(timer);
        }
        let Some(at) = at else {
            return;
        };
        let wakes = self.wakes.as_ref().unchecked_ref();
        // Rounded up: a timer that fires slightly early would have to be set again.
        #[expect(clippy::cast_possible_truncation, reason = "at most half a minute")]
        let left = (at - self.now()).0.ceil().max(0.0) as i32;
        let timer = self
            .window
            .set_timeout_with_callback_and_timeout_and_arguments_0(wakes, left);
        self.timer.set(timer.ok());
    }

    /// Milliseconds since the epoch. Unlike `Date.now()`, it never goes back.
    fn now(&self) -> Millis {
        let clock = self.window.performance();
        Millis(clock.map_or_else(js_sys::Date::now, |it| it.time_origin() + it.now()))
    }

    /// Stops listening and sending.
    pub(crate) fn remove(&self) {
        let hears = self.hears.as_ref().unchecked_ref();
        // If the listener cannot be removed, nothing can be done; the end has stopped in any case.
        _ = self
            .window
            .remove_event_listener_with_callback("message", hears);
        self.wait_until(None);
        if let Ok(mut end) = self.end.try_borrow_mut() {
            end.remove();
        }
    }
}

fn log(line: &Log<PageValue>) {
    let list = Array::of4(
        &"[callscope-sdk]".into(),
        &line.label.into(),
        &line.type_name.as_str().into(),
        &line.message.0,
    );
    console::log_1(&list);
}

/// A random number, for ids that no other object has.
pub(crate) fn seed() -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a part of a number below 2^32"
    )]
    let half = || (js_sys::Math::random() * 4_294_967_296.0) as u64;
    half() << 32 | half()
}
