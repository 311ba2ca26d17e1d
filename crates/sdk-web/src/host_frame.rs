//! HubSpot's end around an iframe.

use std::rc::Rc;

use callscope_protocol::Millis;
use callscope_sdk::{Host, HostEvent, HostInput, HostOptions, Output, Posted, SendError};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{HtmlIFrameElement, Window};

use crate::binding::{Binding, End};
use crate::page;
use crate::value::PageValue;

/// What a host page says of itself.
#[derive(Clone, Debug, Default)]
pub struct HostFrameOptions {
    /// What SYNC has beside `type`; an object.
    pub sync_fields: Option<JsValue>,
    /// Whether messages are logged.
    pub debug_mode: bool,
    /// Whether SYNC has no `hostUrl`, as with SDKs up to 0.0.6.
    pub hides_origin: bool,
}

/// A [`Host`] that listens on the page's window and posts to an iframe.
pub struct HostFrame {
    binding: Rc<Binding<Host<PageValue>>>,
    iframe: HtmlIFrameElement,
    on_load: Closure<dyn FnMut() -> Result<(), JsValue>>,
    on_error: Closure<dyn FnMut() -> Result<(), JsValue>>,
}

impl HostFrame {
    /// Asks whatever the iframe loads from now on, and gives `handler` what it hears.
    ///
    /// The iframe's `src` should be set, and the iframe not be in the page yet, so that no `load`
    /// is missed.
    ///
    /// # Errors
    ///
    /// The window refuses a listener.
    pub fn start(
        window: Window,
        iframe: HtmlIFrameElement,
        options: HostFrameOptions,
        handler: impl Fn(HostEvent<PageValue>) -> Result<(), JsValue> + 'static,
    ) -> Result<Self, JsValue> {
        let HostFrameOptions {
            sync_fields,
            debug_mode,
            hides_origin,
        } = options;
        let mut core = HostOptions::new(window.location().origin()?, iframe.src(), page::seed());
        core.sync_fields = sync_fields.map(PageValue);
        core.debug_mode = debug_mode;
        core.tells_origin = !hides_origin;
        let framed = iframe.clone();
        let binding = Binding::start(
            window,
            Host::new(core),
            Box::new(move || framed.content_window()),
            Box::new(handler),
        )?;
        let on_load = on_frame(&binding, || HostInput::Load);
        let on_error = on_frame(&binding, || HostInput::LoadFailed);
        iframe.add_event_listener_with_callback("load", on_load.as_ref().unchecked_ref())?;
        iframe.add_event_listener_with_callback("error", on_error.as_ref().unchecked_ref())?;
        Ok(Self {
            binding,
            iframe,
            on_load,
            on_error,
        })
    }

    /// Does something with the host, such as sending, and posts what comes of it.
    ///
    /// # Errors
    ///
    /// What posting or a handler throws: a value that cannot be cloned throws where it is sent.
    pub fn with<T>(
        &self,
        act: impl FnOnce(&mut Host<PageValue>, Millis) -> T,
    ) -> Result<T, JsValue> {
        let now = self.binding.now();
        self.binding.act(|host| act(host, now))
    }

    /// Sends a whole message.
    ///
    /// # Errors
    ///
    /// As [`with`](Self::with); what the host refuses is in the inner result.
    pub fn send_raw(&self, message: JsValue) -> Result<Result<(), SendError>, JsValue> {
        self.with(|host, now| host.send_raw(&PageValue(message), now))
    }

    /// Shows another page in the iframe.
    ///
    /// # Errors
    ///
    /// As [`with`](Self::with).
    pub fn navigate(&self, url: &str) -> Result<(), JsValue> {
        self.with(|host, _| host.set_widget_url(url))?;
        self.iframe.set_src(url);
        Ok(())
    }

    /// Replaces what SYNC has beside `type`, from the next one on.
    ///
    /// # Errors
    ///
    /// As [`with`](Self::with).
    pub fn set_sync_fields(&self, fields: Option<JsValue>) -> Result<(), JsValue> {
        self.with(|host, _| host.set_sync_fields(fields.map(PageValue)))
    }

    /// Whether the widget has answered.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.binding.look(Host::is_ready)
    }

    /// The widget's origin.
    #[must_use]
    pub fn widget_origin(&self) -> String {
        self.binding.look(|host| host.widget_origin().to_owned())
    }

    /// The iframe.
    #[must_use]
    pub const fn iframe(&self) -> &HtmlIFrameElement {
        &self.iframe
    }

    /// Stops. The iframe stays where it is.
    pub fn remove(&self) {
        // Its outputs are dropped, so nothing can be thrown.
        let _ = self.binding.act(Host::remove);
        self.binding.stop();
        for (name, callback) in [("load", &self.on_load), ("error", &self.on_error)] {
            let callback = callback.as_ref().unchecked_ref();
            let _ = self
                .iframe
                .remove_event_listener_with_callback(name, callback);
        }
    }
}

impl Drop for HostFrame {
    fn drop(&mut self) {
        self.remove();
    }
}

fn on_frame(
    binding: &Rc<Binding<Host<PageValue>>>,
    input: fn() -> HostInput<PageValue>,
) -> Closure<dyn FnMut() -> Result<(), JsValue>> {
    let weak = Rc::downgrade(binding);
    Closure::new(move || {
        let Some(binding) = weak.upgrade() else {
            return Ok(());
        };
        let now = binding.now();
        binding.act(|host| host.handle_input(input(), now))
    })
}

impl End for Host<PageValue> {
    type Event = HostEvent<PageValue>;

    fn hear(&mut self, posted: Posted<PageValue>, now: Millis) {
        self.handle_input(HostInput::Message(posted), now);
    }

    fn time_has_come(&mut self, now: Millis) {
        self.handle_input(HostInput::Timeout, now);
    }

    fn poll(&mut self) -> Output<PageValue, Self::Event> {
        self.poll_output()
    }

    fn has_output(&self) -> bool {
        Host::has_output(self)
    }
}
