//! One end, bound to the window that it listens on.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use callscope_protocol::Millis;
use callscope_sdk::{Output, Posted};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{MessageEvent, Window};

use crate::page;
use crate::value::PageValue;

/// An end of the SDK, whichever.
pub(crate) trait End: 'static {
    type Event;

    fn hear(&mut self, posted: Posted<PageValue>, now: Millis);
    fn time_has_come(&mut self, now: Millis);
    fn poll(&mut self) -> Output<PageValue, Self::Event>;
    fn has_output(&self) -> bool;
}

/// What the application does about an event; what it throws is thrown on.
pub(crate) type Handler<Event> = Box<dyn Fn(Event) -> Result<(), JsValue>>;

type OnMessage = Closure<dyn FnMut(MessageEvent) -> Result<(), JsValue>>;
type OnTime = Closure<dyn FnMut() -> Result<(), JsValue>>;

/// The window at the other end; `None` once it is gone.
pub(crate) type Peer = Box<dyn Fn() -> Option<Window>>;

/// An end with its window, its timer and its application.
///
/// The end is never borrowed while a handler runs, so handlers may call it.
pub(crate) struct Binding<E: End> {
    pub(crate) window: Window,
    end: RefCell<E>,
    peer: Peer,
    handler: Handler<E::Event>,
    /// Whether its outputs are being carried out further up.
    is_busy: Cell<bool>,
    timer: Cell<Option<i32>>,
    on_message: RefCell<Option<OnMessage>>,
    on_timeout: RefCell<Option<OnTime>>,
}

impl<E: End> Binding<E> {
    /// Listens from now on.
    pub(crate) fn start(
        window: Window,
        end: E,
        peer: Peer,
        handler: Handler<E::Event>,
    ) -> Result<Rc<Self>, JsValue> {
        let this = Rc::new(Self {
            window,
            end: RefCell::new(end),
            peer,
            handler,
            is_busy: Cell::new(false),
            timer: Cell::new(None),
            on_message: RefCell::new(None),
            on_timeout: RefCell::new(None),
        });

        let weak = Rc::downgrade(&this);
        let on_message = Closure::<dyn FnMut(MessageEvent) -> Result<(), JsValue>>::new(
            move |event: MessageEvent| with(&weak, |this| this.hear(&event)),
        );
        let weak = Rc::downgrade(&this);
        let on_timeout = Closure::<dyn FnMut() -> Result<(), JsValue>>::new(move || {
            with(&weak, |this| {
                this.timer.set(None);
                let now = this.now();
                this.act(|end| end.time_has_come(now))
            })
        });
        this.window
            .add_event_listener_with_callback("message", on_message.as_ref().unchecked_ref())?;
        *this.on_message.borrow_mut() = Some(on_message);
        *this.on_timeout.borrow_mut() = Some(on_timeout);
        Ok(this)
    }

    /// Stops listening.
    pub(crate) fn stop(&self) {
        self.stop_timer();
        // Not dropped: this may be called from within it.
        if let Some(listener) = &*self.on_message.borrow() {
            let callback = listener.as_ref().unchecked_ref();
            // There is nothing to do if the window does not know it any more.
            let _ = self
                .window
                .remove_event_listener_with_callback("message", callback);
        }
    }

    pub(crate) fn now(&self) -> Millis {
        page::now(&self.window)
    }

    /// Looks at the end.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&E) -> T) -> T {
        look(&self.end.borrow())
    }

    /// Does something with the end, then carries out what it wants.
    pub(crate) fn act<T>(&self, act: impl FnOnce(&mut E) -> T) -> Result<T, JsValue> {
        let result = act(&mut self.end.borrow_mut());
        self.carry_out()?;
        Ok(result)
    }

    fn hear(&self, event: &MessageEvent) -> Result<(), JsValue> {
        let source = event.source();
        let is_from_peer = (self.peer)()
            .is_some_and(|peer| source.is_some_and(|it| JsValue::from(it) == JsValue::from(peer)));
        let posted = Posted {
            origin: event.origin(),
            is_from_peer,
            value: PageValue(event.data()),
        };
        let now = self.now();
        self.act(|end| end.hear(posted, now))
    }

    /// Carries out all that the end wants; the first thing that is thrown on the way is thrown at
    /// the end.
    ///
    /// Called from within a handler it carries out what is there, so that whoever sends learns at
    /// once what is wrong with it, and leaves the rest to the call further up.
    fn carry_out(&self) -> Result<(), JsValue> {
        let is_inner = self.is_busy.replace(true);
        let mut thrown = Ok(());
        loop {
            if is_inner && !self.end.borrow().has_output() {
                break;
            }
            let output = self.end.borrow_mut().poll();
            let done = match output {
                Output::Post {
                    target_origin,
                    message,
                } => match (self.peer)() {
                    Some(peer) => peer.post_message(&message.0, &target_origin),
                    None => Ok(()),
                },
                Output::Event(event) => (self.handler)(event),
                Output::Log(line) => {
                    page::log(&line);
                    Ok(())
                }
                Output::Timeout(at) => {
                    self.set_timer(at);
                    break;
                }
            };
            thrown = thrown.and(done);
        }
        self.is_busy.set(is_inner);
        thrown
    }

    fn set_timer(&self, at: Option<Millis>) {
        self.stop_timer();
        let Some(at) = at else {
            return;
        };
        let on_timeout = self.on_timeout.borrow();
        let Some(on_timeout) = &*on_timeout else {
            return;
        };
        // Rounded up: a timer that fires a little early would have to be set again.
        let left = (at - self.now()).0.ceil();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "at most a tenth of a second"
        )]
        let timer = self
            .window
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                on_timeout.as_ref().unchecked_ref(),
                left.max(0.0) as i32,
            );
        self.timer.set(timer.ok());
    }

    fn stop_timer(&self) {
        if let Some(timer) = self.timer.take() {
            self.window.clear_timeout_with_handle(timer);
        }
    }
}

impl<E: End> Drop for Binding<E> {
    fn drop(&mut self) {
        self.stop();
    }
}

fn with<E: End>(
    weak: &Weak<Binding<E>>,
    act: impl FnOnce(&Binding<E>) -> Result<(), JsValue>,
) -> Result<(), JsValue> {
    weak.upgrade().map_or(Ok(()), |this| act(&this))
}
