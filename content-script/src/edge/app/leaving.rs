//! What the document sends before and when it is unloaded.

use callscope_bus::{Goodbye, Parked, RelayRequest, encode};
use wasm_bindgen::prelude::*;

use super::{App, is_alive, listener};
use crate::edge::js;
use crate::text::join;

/// How long after `beforeunload` a page may still receive messages, in milliseconds; after that, it
/// has stayed, or Chrome has ended it.
const LEAVING: f64 = 1_000.0;

impl App {
    pub(super) fn listen_for_leaving(&self) {
        self.listener
            .listen("pagehide", &listener(App::on_pagehide));
        self.listener.listen("freeze", &listener(App::on_freeze));
        self.listener
            .listen("pageshow", &listener(App::on_pageshow));
        self.listener
            .listen("beforeunload", &listener(App::on_beforeunload));
    }

    /// The page may be about to leave. If its tab is being closed, nothing sent later is delivered;
    /// otherwise this starts a sleeping worker in time for what is sent then.
    fn on_beforeunload(&mut self, [event, ..]: &[JsValue; 3]) {
        let event: &js::Event = event.unchecked_ref();
        if !event.is_trusted() || !is_alive(&self.runtime) {
            return;
        }
        let now = self.clock.now();
        self.leaving_until = now + LEAVING;
        self.read_kept(f64::INFINITY);
        let is_told = self.hand_on(now);
        if let Some((_, browser)) = self.recorder.as_deref().filter(|_| !is_told) {
            let ping = encode(&RelayRequest::Ping);
            drop(self.runtime.send_message(&ping, &browser.ignore_callback));
        }
        self.schedule(now);
    }

    /// Immediately sends everything that others do not have yet: there may be no later. Returns
    /// whether any of it went to the worker.
    pub(super) fn hand_on(&mut self, now: f64) -> bool {
        self.send(now);
        if let Some(recorder) = &mut self.recorder {
            let (recorder, browser) = recorder.as_mut();
            let address = || address(&self.window);
            let parked = recorder.prepare(address, now, browser);
            return parked.map(|parked| self.keep(parked)).is_some();
        }
        if !self.outbox.waits() {
            return false;
        }
        let goodbye = Goodbye {
            is_ahead: true,
            ..self.outbox.goodbye(None)
        };
        self.tell_worker(&RelayRequest::Leave { goodbye });
        true
    }

    /// Asks the worker to store what the recorder holds, if it is time.
    pub(super) fn keep_ahead(&mut self, now: f64) {
        let address = || address(&self.window);
        let recorder = self.recorder.as_mut();
        let parked = recorder.and_then(|recorder| recorder.0.keep_ahead(address, now));
        if let Some(parked) = parked {
            self.keep(parked);
        }
    }

    fn keep(&mut self, parked: Parked) {
        let request = encode(&park(parked));
        let sent = self.runtime.send_message(&request, &self.kept_callback);
        if sent.is_err() {
            self.hear_kept();
        }
    }

    /// The worker has stored it, or Chrome reports that there is no worker.
    pub(super) fn on_kept(&mut self, _: &[JsValue; 3]) {
        // Otherwise the browser reports the error.
        let _ = self.runtime.last_error();
        self.hear_kept();
        self.run();
    }

    fn hear_kept(&mut self) {
        if let Some(recorder) = &mut self.recorder {
            recorder.0.on_kept();
        }
    }

    /// The document is being unloaded, perhaps only into the back/forward cache.
    fn on_pagehide(&mut self, [event, ..]: &[JsValue; 3]) {
        let event: &js::Event = event.unchecked_ref();
        // Scripts of the page can make up this event, and `pageshow`.
        if !event.is_trusted() || !is_alive(&self.runtime) {
            return;
        }
        self.is_cached = event.persisted();
        let now = self.clock.now();
        self.read_kept(f64::INFINITY);
        if self.recorder.is_none() {
            return self.leave(now);
        }
        self.send(now);
        let address = address(&self.window);
        let parked = self.recorder.as_mut().and_then(|recorder| {
            let (recorder, browser) = recorder.as_mut();
            recorder.leave(address, now, browser)
        });
        if let Some(parked) = parked {
            self.tell_worker(&park(parked));
        }
    }

    /// A page in the back/forward cache stops here, a few milliseconds after `pagehide`. It may have
    /// received more messages until now, and may never come back. Its recorder takes nothing more
    /// until then, not even from its own document.
    fn on_freeze(&mut self, [event, ..]: &[JsValue; 3]) {
        let event: &js::Event = event.unchecked_ref();
        if !event.is_trusted() || !self.is_cached || !is_alive(&self.runtime) {
            return;
        }
        let now = self.clock.now();
        self.read_kept(f64::INFINITY);
        if self.outbox.lacks_answer() {
            self.leave(now);
        }
    }

    /// Leaves the worker what the recorder does not have.
    fn leave(&mut self, now: f64) {
        self.outbox.count_others(self.listener.others());
        // A document in the back/forward cache is not gone.
        let goodbye = self.outbox.goodbye((!self.is_cached).then_some(now));
        self.tell_worker(&RelayRequest::Leave { goodbye });
    }

    fn tell_worker(&self, request: &RelayRequest) {
        let request = encode(request);
        drop(self.runtime.send_message(&request, &self.answer_callback));
    }

    fn on_pageshow(&mut self, [event, ..]: &[JsValue; 3]) {
        let event: &js::Event = event.unchecked_ref();
        if event.is_trusted() && event.persisted() {
            self.is_cached = false;
            if let Some(recorder) = &mut self.recorder {
                recorder.0.come_back();
            }
            self.outbox.greet_again(self.clock.now());
            self.run();
            // What it has received since.
            self.listener.again();
        }
    }
}

fn park(parked: Parked) -> RelayRequest {
    RelayRequest::Park {
        text: encode(&parked),
        recorder: parked.recorder,
        began: parked.began,
        is_ahead: parked.is_ahead,
    }
}

/// The page's address without query and fragment.
pub(super) fn address(window: &js::Window) -> String {
    let location = window.location();
    join(&[&location.origin(), &location.pathname()])
}
