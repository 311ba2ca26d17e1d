//! Ports opened by pages of the extension.

use callscope_bus::{FromPanel, PANEL_PORT, RELAY_PORT, decode};
use wasm_bindgen::prelude::*;

use super::{App, listener};
use crate::edge::js::Port;
use crate::recorder::PanelId;

impl App {
    /// A port was opened; only pages of this extension are accepted.
    pub(super) fn on_connect(&mut self, [port, ..]: &[JsValue; 3]) {
        let port: &Port = port.unchecked_ref();
        let Some(sender) = port.sender() else {
            return;
        };
        let pages = self.runtime.get_url("").unwrap_or_default();
        let is_page = sender
            .url()
            .is_some_and(|url| !pages.is_empty() && url.starts_with(&pages));
        if !self.is_own_extension(&sender) || !is_page {
            return;
        }
        match port.name().as_str() {
            PANEL_PORT => self.on_panel_connect(port),
            RELAY_PORT => self.on_relay_connect(port),
            _ => {}
        }
    }

    fn on_panel_connect(&mut self, port: &Port) {
        let Some(recorder) = &mut self.recorder else {
            return;
        };
        let heard = port
            .on_message()
            .add_listener(&listener(App::on_panel_message));
        let closing = port
            .on_disconnect()
            .add_listener(&listener(App::on_panel_disconnect));
        if heard.and(closing).is_ok() {
            self.panels += 1;
            recorder.0.on_panel_connect(PanelId(self.panels));
            recorder.1.ports.push((PanelId(self.panels), port.clone()));
        }
    }

    pub(super) fn on_panel_message(&mut self, [message, port, _]: &[JsValue; 3]) {
        let Some(recorder) = &mut self.recorder else {
            return;
        };
        let (recorder, browser) = recorder.as_mut();
        let message = message
            .as_string()
            .and_then(|text| decode::<FromPanel>(&text).ok());
        if let (Some(panel), Some(message)) = (browser.panel(port), message) {
            let now = self.clock.now();
            recorder.on_panel_message(panel, message, now, browser);
            self.listener.set_paused(recorder.paused_at(now));
        }
        self.run();
    }

    pub(super) fn on_panel_disconnect(&mut self, [port, ..]: &[JsValue; 3]) {
        if let Some(recorder) = &mut self.recorder
            && let Some(panel) = recorder.1.panel(port)
        {
            recorder.0.on_panel_disconnect(panel);
            recorder.1.ports.retain(|(id, _)| *id != panel);
        }
    }
}
