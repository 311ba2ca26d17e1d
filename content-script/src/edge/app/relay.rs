//! A panel that stands in for the worker while that does not answer.

use wasm_bindgen::prelude::*;

use super::{App, listener};
use crate::edge::js::Port;

impl App {
    /// A page of this extension offers to forward messages in the worker's place.
    pub(super) fn on_relay_connect(&mut self, port: &Port) {
        if self.recorder.is_some() {
            return;
        }
        let heard = port
            .on_message()
            .add_listener(&listener(App::on_relay_answer));
        let closing = port
            .on_disconnect()
            .add_listener(&listener(App::on_relay_disconnect));
        if heard.and(closing).is_ok() {
            self.relay = Some(port.clone());
            self.outbox.on_sign_of_life();
            self.run();
        }
    }

    /// The panel is gone; the worker may be back.
    fn on_relay_disconnect(&mut self, [port, ..]: &[JsValue; 3]) {
        let is_current = self
            .relay
            .as_ref()
            .is_some_and(|relay| AsRef::<JsValue>::as_ref(relay) == port);
        if is_current {
            self.relay = None;
            self.outbox.on_sign_of_life();
            self.run();
        }
    }
}
