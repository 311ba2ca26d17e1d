//! The page, as the recorder uses it.

use callscope_bus::{Post, RelayRequest, SettingText, ToPanel, ToTap, bounds, encode};
use wasm_bindgen::prelude::*;

use super::js::{self, Port, Runtime, Window};
use super::listener::Listener;
use super::posted::{Value, list};
use super::windows::index_of;
use crate::recorder::{Page, PageFrame, PanelId};
use crate::text::join;

/// The id that the SDK gives its iframe.
const SDK_FRAME: &str = "hubspot-calling-extension-iframe";
/// The most iframes of a page that are looked at.
pub(super) const MOST_FRAMES: usize = bounds::PAGE_FRAMES;

/// The page, and the panels' ports.
pub(super) struct Browser {
    pub(super) runtime: Runtime,
    pub(super) window: Window,
    pub(super) listener: Listener,
    pub(super) ports: Vec<(PanelId, Port)>,
    /// Called with panel, request, and the answer of another document.
    pub(super) answer_callback: JsValue,
    /// Keeps the browser from reporting a missing answer.
    pub(super) ignore_callback: JsValue,
}

impl Browser {
    /// The panel at the other end of a port.
    pub(super) fn panel(&self, port: &JsValue) -> Option<PanelId> {
        let known = self
            .ports
            .iter()
            .find(|(_, known)| AsRef::<JsValue>::as_ref(known) == port);
        known.map(|(panel, _)| *panel)
    }
}

impl Page for Browser {
    fn is_hidden(&self) -> bool {
        self.window.document().hidden().as_bool() == Some(true)
    }

    fn send(&mut self, panel: PanelId, message: &ToPanel) {
        let port = self.ports.iter().find(|(id, _)| *id == panel);
        if let Some((_, port)) = port {
            // If the port has just closed, its own event will report that.
            drop(port.post_message(&encode(message)));
        }
    }

    fn post(&mut self, post: &Post) -> Result<(), String> {
        post_to(&self.listener, &self.window, post)
    }

    fn forward(&mut self, panel: PanelId, request: u32, document: &str, message: &ToTap) {
        let document = document.to_owned();
        let request_text = encode(&RelayRequest::ToFrame {
            document,
            text: encode(message),
        });
        let answered: &js_sys::Function = self.answer_callback.unchecked_ref();
        let (panel, request) = (panel.0.into(), request.into());
        let answered = answered.bind2(&JsValue::UNDEFINED, &panel, &request);
        drop(self.runtime.send_message(&request_text, &answered));
    }

    fn start_frames(&mut self, origin: &str) {
        let origin = origin.to_owned();
        let request = encode(&RelayRequest::StartFrames { origin });
        // If it gets lost, the half counts as missing.
        drop(self.runtime.send_message(&request, &self.ignore_callback));
    }

    fn canonical(&self, json: &str) -> Option<String> {
        js::stringify(&js::parse(json).ok()?).ok()?.as_string()
    }

    fn setting(&self, key: &str) -> Result<Option<String>, String> {
        storage(&self.window)?.get(key).map_err(|_| no_storage())
    }

    fn set_setting(&mut self, setting: &SettingText) -> Result<(), String> {
        let storage = storage(&self.window)?;
        match &setting.value {
            Some(value) => storage.set(&setting.key, value).map_err(|_| {
                "The page's localStorage is full or may not be written to. Remove something from \
                 it in the Application panel"
                    .to_owned()
            }),
            None => storage.remove(&setting.key).map_err(|_| no_storage()),
        }
    }

    fn reload(&mut self) {
        self.window.location().reload();
    }

    fn frames(&self) -> Vec<PageFrame> {
        let elements = self.window.document().select("iframe");
        let Ok(elements) = elements.and_then(|elements| js::array_from(&elements)) else {
            return Vec::new();
        };
        let mut frames = Vec::new();
        for Value(element) in list(&elements, MOST_FRAMES) {
            let element: js::Element = element.unchecked_into();
            let address = element.src().as_string().unwrap_or_default();
            if let Some(origin) = origin_of(&address) {
                let sdk = element.id().as_string().as_deref() == Some(SDK_FRAME);
                frames.push(PageFrame {
                    index: index_of(&self.window, &element.content_window()),
                    origin: origin.to_owned(),
                    sdk,
                });
            }
        }
        frames
    }
}

/// Posts what the user asked to post. Nothing else in Callscope posts to a window.
///
/// # Errors
///
/// A sentence for the user: what happened and what to do.
pub(super) fn post_to(listener: &Listener, own: &Window, post: &Post) -> Result<(), String> {
    let Post {
        to,
        target_origin,
        message,
    } = post;
    let window = listener.window(own, to).ok_or_else(|| {
        "The widget's frame is no longer in the page. Open the widget again".to_owned()
    })?;
    let value = js::parse(message).map_err(|_| "The message is not valid JSON".to_owned())?;
    window.post(&value, target_origin).map_err(|_| {
        join(&[
            "The browser refused to post to ",
            target_origin,
            ". Reload the page and try again",
        ])
    })
}

fn storage(window: &Window) -> Result<js::Storage, String> {
    window.local_storage().ok().flatten().ok_or_else(no_storage)
}

fn no_storage() -> String {
    "The page may not use localStorage. Allow site data for it in the browser's settings".to_owned()
}

/// The origin of a normalized web address.
fn origin_of(address: &str) -> Option<&str> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| address.starts_with(scheme))?;
    let rest = address.get(scheme.len()..)?;
    // User name and password are not part of the origin, and browsers do not load such frames.
    let host = rest
        .split(['/', '?', '#'])
        .next()
        .filter(|host| !host.contains('@'))?;
    address.get(..scheme.len() + host.len())
}
