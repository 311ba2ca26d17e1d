//! The port to the recorder, which is reopened after every loss.
//!
//! The recorder only runs where calling-extension traffic has been heard, so it is started first.
//!
//! The pauses between attempts grow, because retrying at once while nobody listens would never stop;
//! a navigation resets them.

use std::rc::Rc;

use callscope_bus::{FromPanel, PANEL_PORT};
use wasm_bindgen::prelude::*;

use super::shared::Shared;
use super::{chrome, js, page, permission, worker};
use crate::event::Event;

const FIRST_PAUSE: i32 = 100;
const LONGEST_PAUSE: i32 = 5_000;

/// The panel's end of the port.
#[derive(Debug)]
pub(super) struct Port {
    open: Option<JsValue>,
    /// Distinguishes this port's callbacks from those of earlier ones.
    generation: u32,
    /// Whether anything has come through it.
    is_answered: bool,
    /// Whether the recorder is being started before opening a port to it.
    is_starting: bool,
    pause: i32,
}

impl Port {
    /// Whether a recorder has answered through the port.
    pub(super) const fn is_attached(&self) -> bool {
        self.open.is_some() && self.is_answered
    }
}

impl Default for Port {
    fn default() -> Self {
        Self {
            open: None,
            generation: 0,
            is_answered: false,
            is_starting: false,
            pause: FIRST_PAUSE,
        }
    }
}

/// Opens the port and keeps it open for the life of the panel.
pub(super) fn keep_open(shared: &Rc<Shared>, tab: i32) {
    open(shared, tab);
    if let Some(navigated) = js::global(&["chrome", "devtools", "network", "onNavigated"]) {
        let shared = Rc::clone(shared);
        _ = js::listen(&navigated, move |_| {
            worker::ask(&shared);
            shared.handle(Event::Navigated);
            reconnect(&shared);
        });
    }
}

/// Opens the port now if it is closed, and resets the pauses.
pub(super) fn reconnect(shared: &Rc<Shared>) {
    let Some(tab) = shared.tab else { return };
    let is_open = {
        let mut port = shared.port.borrow_mut();
        port.pause = FIRST_PAUSE;
        port.open.is_some()
    };
    if !is_open {
        open(shared, tab);
    }
}

/// Sends a message to the recorder; without a port it is lost, and the panel knows.
pub(super) fn send(shared: &Rc<Shared>, message: &FromPanel) {
    let port = shared.port.borrow().open.clone();
    let Some(port) = port else { return };
    let text = callscope_bus::encode(message);
    let function = js_sys::Reflect::get(&port, &"postMessage".into())
        .and_then(wasm_bindgen::JsCast::dyn_into::<js_sys::Function>);
    if function
        .and_then(|post| post.call1(&port, &text.into()))
        .is_err()
    {
        let generation = shared.port.borrow().generation;
        closed(shared, generation);
    }
}

fn open(shared: &Rc<Shared>, tab: i32) {
    if !chrome::has_context() {
        shared.handle(Event::ContextLost);
        return;
    }
    if std::mem::replace(&mut shared.port.borrow_mut().is_starting, true) {
        return;
    }
    let shared = Rc::clone(shared);
    // Frames older than the extension get their listener now. Without permission, both calls
    // fail, and so will the port.
    let listening = permission::listen_now(tab);
    let starting = permission::start_recorder(tab);
    wasm_bindgen_futures::spawn_local(async move {
        _ = listening.await;
        _ = starting.await;
        shared.port.borrow_mut().is_starting = false;
        if shared.port.borrow().open.is_none() {
            connect(&shared, tab);
        }
    });
}

fn connect(shared: &Rc<Shared>, tab: i32) {
    let info = js::object(&[("frameId", 0.into()), ("name", PANEL_PORT.into())]);
    let opened = js::call(&["chrome", "tabs"], "connect", &[tab.into(), info]);
    let generation = {
        let mut port = shared.port.borrow_mut();
        port.generation = port.generation.wrapping_add(1);
        port.is_answered = false;
        port.open = opened.as_ref().ok().cloned();
        port.generation
    };
    let listening = opened.and_then(|port| listen(shared, &port, generation));
    if listening.is_err() {
        closed(shared, generation);
        return;
    }
    shared.handle(Event::PortOpened);
}

fn listen(shared: &Rc<Shared>, port: &JsValue, generation: u32) -> Result<(), JsValue> {
    let heard = Rc::clone(shared);
    js::listen(
        &js_sys::Reflect::get(port, &"onMessage".into())?,
        move |message| {
            let is_current = {
                let mut port = heard.port.borrow_mut();
                let is_current = port.generation == generation;
                if is_current {
                    port.is_answered = true;
                    port.pause = FIRST_PAUSE;
                }
                is_current
            };
            if let Some(text) = message.as_string().filter(|_| is_current) {
                heard.handle(Event::Received(text));
            }
        },
    )?;
    let lost = Rc::clone(shared);
    js::listen(
        &js_sys::Reflect::get(port, &"onDisconnect".into())?,
        move |_| {
            // Otherwise Chrome writes the error to the console.
            _ = chrome::last_error();
            closed(&lost, generation);
        },
    )
}

/// Handles the loss of the port: reports it, finds out why nobody answers, and tries again later.
fn closed(shared: &Rc<Shared>, generation: u32) {
    let (pause, was_answered) = {
        let mut port = shared.port.borrow_mut();
        if port.generation != generation {
            return;
        }
        port.generation = port.generation.wrapping_add(1);
        port.open = None;
        let pause = port.pause;
        port.pause = (pause * 2).min(LONGEST_PAUSE);
        (pause, port.is_answered)
    };
    shared.handle(Event::PortClosed);
    if !was_answered {
        page::look(shared);
    }
    let again = Rc::clone(shared);
    js::after(pause, move || {
        let is_open = again.port.borrow().open.is_some();
        if let (false, Some(tab)) = (is_open, again.tab) {
            open(&again, tab);
        }
    });
}
