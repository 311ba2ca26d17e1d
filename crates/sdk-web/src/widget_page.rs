//! The softphone's end in a page.

use std::rc::Rc;

use callscope_protocol::Millis;
use callscope_sdk::{
    AllowedHosts, Ignored, Output, Posted, SendError, Widget, WidgetEvent, WidgetInput,
    WidgetOptions,
};
use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::Window;

use crate::binding::{Binding, End};
use crate::page;
use crate::value::PageValue;

/// What a softphone's page says of itself.
#[derive(Clone, Debug, Default)]
pub struct WidgetPageOptions {
    /// Whether messages are logged; the host is told.
    pub debug_mode: Option<bool>,
    /// The pages that may be its host.
    pub hosts: AllowedHosts,
}

/// A [`Widget`] that listens on the page's window and posts to its parent.
pub struct WidgetPage {
    binding: Rc<Binding<Widget<PageValue>>>,
}

/// The page's mark of a widget in it, a symbol that copies of this code share.
const MARK: &str = "callscope-sdk widget";

impl WidgetPage {
    /// Waits for the host from now on, and gives `handler` what it hears.
    ///
    /// # Errors
    ///
    /// There is one in this page already: two would both answer the host (rule T09).
    pub fn start(
        window: &Window,
        options: WidgetPageOptions,
        handler: impl Fn(WidgetEvent<PageValue>) -> Result<(), JsValue> + 'static,
    ) -> Result<Self, JsValue> {
        let mark = JsValue::from(js_sys::Symbol::for_(MARK));
        if Reflect::has(window, &mark)? {
            return Err(js_sys::Error::new(
                "This page has a CallingExtensions object already, and two would both answer \
                 HubSpot. Keep the first one, or call its remove().",
            )
            .into());
        }
        let parent = window.parent()?;
        let is_framed = parent.as_ref().is_some_and(|parent| parent != window);
        let WidgetPageOptions { debug_mode, hosts } = options;
        let mut core = WidgetOptions::new(window.location().origin()?, page::seed());
        core.is_framed = is_framed;
        core.debug_mode = debug_mode;
        core.hosts = hosts;
        let binding = Binding::start(
            window.clone(),
            Widget::new(core),
            Box::new(move || parent.clone()),
            Box::new(move |event| {
                tell_refusal(&event);
                handler(event)
            }),
        )?;
        Reflect::set(window, &mark, &JsValue::TRUE)?;
        Ok(Self { binding })
    }

    /// Does something with the widget, such as sending, and posts what comes of it.
    ///
    /// # Errors
    ///
    /// What posting or a handler throws: a value that cannot be cloned throws where it is sent.
    pub fn with<T>(
        &self,
        act: impl FnOnce(&mut Widget<PageValue>, Millis) -> T,
    ) -> Result<T, JsValue> {
        let now = self.binding.now();
        self.binding.act(|widget| act(widget, now))
    }

    /// Sends a whole message.
    ///
    /// # Errors
    ///
    /// As [`with`](Self::with); what the widget refuses is in the inner result.
    pub fn send_raw(&self, message: JsValue) -> Result<Result<(), SendError>, JsValue> {
        self.with(|widget, now| widget.send_raw(PageValue(message), now))
    }

    /// Whether the handshake is done.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.binding.look(Widget::is_ready)
    }

    /// The host's origin, once there was a handshake.
    #[must_use]
    pub fn host_origin(&self) -> Option<String> {
        self.binding
            .look(|widget| widget.host_origin().map(str::to_owned))
    }

    /// Stops. After this another may be started in the page.
    pub fn remove(&self) {
        // Its outputs are dropped, so nothing can be thrown.
        let _ = self.binding.act(Widget::remove);
        self.binding.stop();
        let mark = JsValue::from(js_sys::Symbol::for_(MARK));
        let _ = Reflect::delete_property(self.binding.window.as_ref(), &mark);
    }
}

/// A host that is not allowed is told to the developer, who would wait for READY in vain.
fn tell_refusal(event: &WidgetEvent<PageValue>) {
    if let WidgetEvent::Ignored {
        origin,
        why: Ignored::HostNotAllowed,
        ..
    } = event
    {
        page::warn(
            "SYNC was not answered: its page is not HubSpot. If it is to be the host, name its \
             origin in the option allowedHosts:",
            &origin.as_str().into(),
        );
    }
}

impl End for Widget<PageValue> {
    type Event = WidgetEvent<PageValue>;

    fn hear(&mut self, posted: Posted<PageValue>, now: Millis) {
        self.handle_input(WidgetInput::Message(posted), now);
    }

    /// A widget waits for nothing.
    fn time_has_come(&mut self, _now: Millis) {}

    fn poll(&mut self) -> Output<PageValue, Self::Event> {
        self.poll_output()
    }

    fn has_output(&self) -> bool {
        Widget::has_output(self)
    }
}
