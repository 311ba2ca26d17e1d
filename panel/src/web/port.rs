//! The port to the recorder: opened again whenever it closes, patiently.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use callscope_bus::{FromPanel, PANEL_PORT, encode};
use wasm_bindgen::prelude::*;

use super::chrome;
use super::events::Events;
use super::permission;
use crate::event::{Event, Page};

/// The first pause before another attempt, in milliseconds; it doubles with each failure.
const FIRST_PAUSE_MS: i32 = 100;

/// The longest pause: a page without a content script costs one attempt in this time.
const LONGEST_PAUSE_MS: i32 = 5_000;

/// Keeps a port to the recorder in the inspected page; clones share it.
#[derive(Clone)]
pub(crate) struct PortKeeper(Rc<Inner>);

struct Inner {
    events: Events,
    port: RefCell<Option<chrome::Port>>,
    /// Counts the ports, so that a closed one cannot speak for its successor.
    generation: Cell<u32>,
    pause_ms: Cell<i32>,
}

impl PortKeeper {
    /// Opens the port and keeps it open.
    pub(crate) fn open(events: Events) -> Self {
        let keeper = Self(Rc::new(Inner {
            events,
            port: RefCell::new(None),
            generation: Cell::new(0),
            pause_ms: Cell::new(FIRST_PAUSE_MS),
        }));
        let navigated = keeper.clone();
        chrome::on_navigated(move || {
            navigated.0.events.push(Event::Navigated);
            navigated.reconnect();
        });
        keeper.connect();
        keeper
    }

    /// Says something to the recorder.
    ///
    /// If nobody listens, it is lost: the model says it again when a recorder attaches.
    pub(crate) fn send(&self, message: &FromPanel) {
        let port = self.0.port.borrow().clone();
        if let Some(port) = port {
            // A port that was closed a moment ago says so in its own event.
            drop(port.post_message(&encode(message)));
        }
    }

    /// Opens a port now instead of after the pause.
    pub(crate) fn reconnect(&self) {
        self.0.pause_ms.set(FIRST_PAUSE_MS);
        if let Some(port) = self.0.port.take() {
            port.disconnect();
        }
        self.connect();
    }

    fn connect(&self) {
        let generation = self.0.generation.get().wrapping_add(1);
        self.0.generation.set(generation);

        if !chrome::is_alive() {
            self.0.events.push(Event::ContextLost);
            return;
        }
        let Ok(port) = chrome::connect(PANEL_PORT) else {
            self.closed(generation);
            return;
        };

        let receiver = self.clone();
        let received = Closure::<dyn FnMut(JsValue)>::new(move |message: JsValue| {
            if let Some(text) = message.as_string()
                && receiver.0.generation.get() == generation
            {
                receiver.0.pause_ms.set(FIRST_PAUSE_MS);
                receiver.0.events.push(Event::Received(text));
            }
        });
        port.on_message().add_listener(&received.into_js_value());

        let closer = self.clone();
        let closed = Closure::once_into_js(move || {
            // Read, or Chrome reports it in the console.
            drop(chrome::last_error());
            closer.closed(generation);
        });
        port.on_disconnect().add_listener(&closed);

        self.0.port.replace(Some(port));
        self.0.events.push(Event::PortOpened);
    }

    fn closed(&self, generation: u32) {
        if self.0.generation.get() != generation {
            return;
        }
        self.0.port.take();
        self.0.events.push(Event::PortClosed);
        self.look_at_page();

        let pause_ms = self.0.pause_ms.get();
        self.0.pause_ms.set((pause_ms * 2).min(LONGEST_PAUSE_MS));
        let keeper = self.clone();
        chrome::after(pause_ms, move || {
            if keeper.0.generation.get() == generation {
                keeper.connect();
            }
        });
    }

    /// Finds out why nobody answers.
    fn look_at_page(&self) {
        let events = self.0.events.clone();
        chrome::inspected_origin(move |origin| {
            wasm_bindgen_futures::spawn_local(async move {
                let permitted = match origin.as_deref().and_then(permission::pattern) {
                    Some(pattern) => chrome::may_listen_in(&pattern).await,
                    None => false,
                };
                events.push(Event::Page(Page { origin, permitted }));
            });
        });
    }
}
