//! HubSpot's end in a page.

use std::fmt;
use std::rc::Rc;

use callscope_protocol::Millis;
use callscope_sdk::{
    Host, HostEvent, HostInput, HostOptions, IFRAME_ALLOW, IFRAME_ID, Output, Posted,
};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlIFrameElement};

use crate::PageError;
use crate::end::{Bound, End, Peer, seed};
use crate::value::PageValue;

/// The settings of a host page.
#[derive(Clone, Debug)]
pub struct HostSettings {
    /// The URL of the widget's page.
    pub widget_url: String,
    /// The iframe's width and height, in CSS pixels.
    pub size: (u32, u32),
    /// What SYNC has beside `type`, such as `portalId`.
    pub sync_fields: Option<PageValue>,
    /// Whether to print every message.
    pub debug_mode: bool,
}

impl HostSettings {
    /// A widget of the size that HubSpot gives it at first, and nothing added to SYNC.
    #[must_use]
    pub fn new(widget_url: impl Into<String>) -> Self {
        Self {
            widget_url: widget_url.into(),
            size: (400, 650),
            sync_fields: None,
            debug_mode: false,
        }
    }
}

/// HubSpot's end in this page, with the widget's iframe. Dropping it removes the iframe.
pub struct HostPage {
    bound: Rc<Bound<Host<PageValue>>>,
    frame: HtmlIFrameElement,
    /// They are called as long as they are stored here.
    _hears_loads: [Closure<dyn FnMut()>; 2],
}

/// The host, as its handler gets it.
#[derive(Clone)]
pub struct HostHandle(Rc<Bound<Host<PageValue>>>);

impl HostHandle {
    /// See [`HostPage::act`].
    pub fn act<T>(&self, act: impl FnOnce(&mut Host<PageValue>, Millis) -> T) -> T {
        self.0.act(act)
    }
}

impl fmt::Debug for HostHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostHandle").finish_non_exhaustive()
    }
}

impl fmt::Debug for HostPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostPage").finish_non_exhaustive()
    }
}

impl HostPage {
    /// Shows the widget in `place`, which it fills, and starts sending SYNC once it has loaded;
    /// `handler` receives the events, and may act at once.
    ///
    /// # Errors
    ///
    /// There is no window, or the browser cannot create an iframe.
    pub fn open(
        place: &Element,
        settings: HostSettings,
        mut handler: impl FnMut(&HostHandle, HostEvent<PageValue>) + 'static,
    ) -> Result<Self, PageError> {
        let window = web_sys::window().ok_or(PageError::NoWindow)?;
        let refused = |reason| PageError::refused(&reason);
        let origin = window.location().origin().map_err(refused)?;
        let document = window.document().ok_or(PageError::NoWindow)?;
        let frame = document.create_element("iframe").map_err(refused)?;
        let frame: HtmlIFrameElement = frame
            .dyn_into()
            .map_err(|element| PageError::refused(&element))?;
        let (width, height) = settings.size;
        frame.set_id(IFRAME_ID);
        frame
            .set_attribute("allow", IFRAME_ALLOW)
            .map_err(refused)?;
        frame.set_width(&width.to_string());
        frame.set_height(&height.to_string());
        frame.set_src(&settings.widget_url);

        let mut options = HostOptions::new(origin, settings.widget_url, seed());
        options.sync_fields = settings.sync_fields;
        options.debug_mode = settings.debug_mode;
        let handler = Box::new(move |bound: &Rc<_>, event| {
            handler(&HostHandle(Rc::clone(bound)), event);
        });
        let peer = Peer::Frame(frame.clone());
        let bound = Bound::new(window, Host::new(options), peer, handler)?;
        let hears_loads = [
            hear_load(&bound, &frame, "load", || HostInput::Load)?,
            hear_load(&bound, &frame, "error", || HostInput::LoadFailed)?,
        ];
        place.set_text_content(None);
        place.append_child(&frame).map_err(refused)?;
        Ok(Self {
            bound,
            frame,
            _hears_loads: hears_loads,
        })
    }

    /// Calls a method of the host, such as one that sends, and posts the result. `act` itself must
    /// not call this again.
    pub fn act<T>(&self, act: impl FnOnce(&mut Host<PageValue>, Millis) -> T) -> T {
        self.bound.act(act)
    }

    /// Whether the widget has answered.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.bound.ask(Host::is_ready)
    }

    /// The widget's iframe.
    #[must_use]
    pub fn frame(&self) -> &HtmlIFrameElement {
        &self.frame
    }

    /// Shows another page in the iframe.
    pub fn navigate(&self, url: &str) {
        self.bound.act(|host, _| host.set_widget_url(url));
        self.frame.set_src(url);
    }
}

impl Drop for HostPage {
    fn drop(&mut self) {
        self.bound.remove();
        self.frame.remove();
    }
}

fn hear_load(
    bound: &Rc<Bound<Host<PageValue>>>,
    frame: &HtmlIFrameElement,
    event: &str,
    input: fn() -> HostInput<PageValue>,
) -> Result<Closure<dyn FnMut()>, PageError> {
    let weak = Rc::downgrade(bound);
    let heard = Closure::new(move || {
        if let Some(bound) = weak.upgrade() {
            bound.act(|host, now| host.handle_input(input(), now));
        }
    });
    let added = frame.add_event_listener_with_callback(event, heard.as_ref().unchecked_ref());
    added.map_err(|reason| PageError::refused(&reason))?;
    Ok(heard)
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

    fn remove(&mut self) {
        Host::remove(self);
    }
}
