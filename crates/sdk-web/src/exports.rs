//! What `js/sdk.js` uses: the two ends with plain functions to call and to be called.
//!
//! The handler is called with the word of the event and what belongs to it:
//!
//! | word | then |
//! | --- | --- |
//! | `ready` | the payload of READY, what the other end posted |
//! | `message` | the whole message |
//! | `failed` | why: `NO_ANSWER`, `LOAD_FAILED` |
//! | `moves` | the new origin |
//! | `ignored` | the type, the origin, why |

use callscope_sdk::{AllowedHosts, DEFAULT_HANDLER, Handlers, SendError, SyncFailure};
use callscope_sdk::{HostEvent, WidgetEvent};
use js_sys::{Array, Function, Object};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{HtmlIFrameElement, Window};

use crate::host_frame::{HostFrame, HostFrameOptions};
use crate::page;
use crate::value::PageValue;
use crate::widget_page::{WidgetPage, WidgetPageOptions};

/// The softphone's end.
#[wasm_bindgen]
pub struct WidgetEnd(WidgetPage);

/// HubSpot's end.
#[wasm_bindgen]
pub struct HostEnd(HostFrame);

#[wasm_bindgen]
impl WidgetEnd {
    /// Starts; `hosts` is a list of texts.
    ///
    /// # Errors
    ///
    /// As [`WidgetPage::start`].
    #[wasm_bindgen(constructor)]
    pub fn new(
        window: &Window,
        debug_mode: Option<bool>,
        hosts: &Array,
        handler: Function,
    ) -> Result<Self, JsValue> {
        let mut allowed = AllowedHosts::default();
        for pattern in hosts.iter() {
            if let Some(pattern) = pattern.as_string() {
                allowed = allowed.and(&pattern);
            }
        }
        let options = WidgetPageOptions {
            debug_mode,
            hosts: allowed,
        };
        let page = WidgetPage::start(window, options, move |event| match event {
            WidgetEvent::Ready(ready) => call(&handler, "ready", &ready.data.0, &ready.sync.0),
            WidgetEvent::Message(message) => {
                call(&handler, "message", &message.message.0, &JsValue::UNDEFINED)
            }
            WidgetEvent::Ignored {
                type_name,
                origin,
                why,
            } => tell_ignored(&handler, type_name, origin, why),
        })?;
        Ok(Self(page))
    }

    /// Sends; whether it was sent or waits.
    ///
    /// # Errors
    ///
    /// What posting throws.
    pub fn send(&self, message: &JsValue) -> Result<bool, JsValue> {
        let sent = self.0.send_raw(message.clone())?;
        Ok(tell_refused(sent, message))
    }

    /// Whether the handshake is done.
    #[wasm_bindgen(js_name = isReady)]
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.0.is_ready()
    }

    /// The host's origin; the page's own before the handshake, as with the original.
    #[must_use]
    pub fn destination(&self) -> Option<String> {
        self.0.host_origin()
    }

    /// Stops.
    pub fn remove(&self) {
        self.0.remove();
    }
}

#[wasm_bindgen]
impl HostEnd {
    /// Starts; `fields` is what SYNC has beside `type`.
    ///
    /// # Errors
    ///
    /// As [`HostFrame::start`].
    #[wasm_bindgen(constructor)]
    pub fn new(
        window: Window,
        iframe: HtmlIFrameElement,
        debug_mode: bool,
        hides_origin: bool,
        fields: Option<Object>,
        handler: Function,
    ) -> Result<Self, JsValue> {
        let options = HostFrameOptions {
            sync_fields: fields.map(JsValue::from),
            debug_mode,
            hides_origin,
        };
        let frame = HostFrame::start(window, iframe, options, move |event| match event {
            HostEvent::Ready(ready) => call(&handler, "ready", &Object::new(), &ready.ack.0),
            HostEvent::Message(message) => {
                call(&handler, "message", &message.message.0, &JsValue::UNDEFINED)
            }
            HostEvent::SyncFailed(why) => {
                let why = match why {
                    SyncFailure::NoAnswer => "NO_ANSWER",
                    SyncFailure::LoadFailed => "LOAD_FAILED",
                };
                call(&handler, "failed", &why.into(), &JsValue::UNDEFINED)
            }
            HostEvent::Moves { origin } => {
                call(&handler, "moves", &origin.into(), &JsValue::UNDEFINED)
            }
            HostEvent::Ignored {
                type_name,
                origin,
                why,
            } => tell_ignored(&handler, type_name, origin, why),
        })?;
        Ok(Self(frame))
    }

    /// Sends; whether it was sent.
    ///
    /// # Errors
    ///
    /// What posting throws.
    pub fn send(&self, message: &JsValue) -> Result<bool, JsValue> {
        let sent = self.0.send_raw(message.clone())?;
        Ok(tell_refused(sent, message))
    }

    /// Shows another page in the iframe.
    ///
    /// # Errors
    ///
    /// What posting throws.
    pub fn navigate(&self, url: &str) -> Result<(), JsValue> {
        self.0.navigate(url)
    }

    /// Replaces what SYNC has beside `type`.
    ///
    /// # Errors
    ///
    /// What posting throws.
    #[wasm_bindgen(js_name = setSyncFields)]
    pub fn set_sync_fields(&self, fields: Option<Object>) -> Result<(), JsValue> {
        self.0.set_sync_fields(fields.map(JsValue::from))
    }

    /// Whether the widget has answered.
    #[wasm_bindgen(js_name = isReady)]
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.0.is_ready()
    }

    /// The widget's origin.
    #[must_use]
    pub fn destination(&self) -> Option<String> {
        Some(self.0.widget_origin())
    }

    /// Stops.
    pub fn remove(&self) {
        self.0.remove();
    }
}

/// The handlers of a type, as keys of `eventHandlers`: those of which the first that exists runs in
/// any case, and those of which the first that exists runs.
#[wasm_bindgen(js_name = handlersOf)]
#[must_use]
pub fn handlers_of(type_name: &str) -> Array {
    let Handlers { failure, named } = Handlers::of(type_name);
    let texts =
        |names: &[&str]| -> Array { names.iter().map(|name| JsValue::from(*name)).collect() };
    let [first, second] = named;
    Array::of2(&texts(failure), &texts(&[first, second, DEFAULT_HANDLER]))
}

fn call(handler: &Function, word: &str, about: &JsValue, message: &JsValue) -> Result<(), JsValue> {
    handler.call3(&JsValue::UNDEFINED, &word.into(), about, message)?;
    Ok(())
}

fn tell_ignored(
    handler: &Function,
    type_name: String,
    origin: String,
    why: callscope_sdk::Ignored,
) -> Result<(), JsValue> {
    let about = Array::of3(&type_name.into(), &origin.into(), &why.words().into());
    call(handler, "ignored", &about, &JsValue::UNDEFINED)
}

/// Whether it was sent; if not, the developer is told why. The application goes on, as it does with
/// the original, so that a page which is opened on its own does not break.
fn tell_refused(sent: Result<(), SendError>, message: &JsValue) -> bool {
    match sent {
        Ok(()) => true,
        Err(error) => {
            let sentence = format!("Not sent: {error}");
            let type_name = callscope_sdk::Value::get(&PageValue(message.clone()), "type");
            page::warn(&sentence, &type_name.map_or(JsValue::UNDEFINED, |it| it.0));
            false
        }
    }
}
