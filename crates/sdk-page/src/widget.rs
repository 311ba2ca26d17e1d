//! The softphone's end in a page.

use std::fmt;
use std::rc::Rc;

use callscope_protocol::Millis;
use callscope_sdk::{
    AllowedHosts, Output, Posted, Widget, WidgetEvent, WidgetInput, WidgetOptions,
};
use js_sys::{Reflect, Symbol};
use wasm_bindgen::JsValue;

use crate::PageError;
use crate::end::{Bound, End, Peer, seed};
use crate::value::PageValue;

/// A mark on the window that all copies of the SDK share, including the JavaScript ones.
const MARK: &str = "callscope-sdk widget";

/// The settings of a widget page.
#[derive(Clone, Debug, Default)]
pub struct WidgetSettings {
    /// Whether to print every message, which is also sent to the host; `None` sends nothing.
    pub debug_mode: Option<bool>,
    /// The pages that may be the host.
    pub hosts: AllowedHosts,
}

/// The softphone's end in this page. Dropping the last clone outside its own handler ends it.
#[derive(Clone)]
pub struct WidgetPage {
    bound: Rc<Bound<Widget<PageValue>>>,
    owner: Option<Rc<Owner>>,
}

/// Ends the widget when the application drops it.
struct Owner(Rc<Bound<Widget<PageValue>>>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.remove();
        mark(&self.0.window, &JsValue::FALSE);
    }
}

impl fmt::Debug for WidgetPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WidgetPage").finish_non_exhaustive()
    }
}

impl WidgetPage {
    /// Starts waiting for HubSpot; `handler` receives the events, and may act at once.
    ///
    /// # Errors
    ///
    /// There is no window, or the page already has a widget's end.
    pub fn open(
        settings: WidgetSettings,
        mut handler: impl FnMut(&Self, WidgetEvent<PageValue>) + 'static,
    ) -> Result<Self, PageError> {
        let window = web_sys::window().ok_or(PageError::NoWindow)?;
        if Reflect::get(&window, &Symbol::for_(MARK)).is_ok_and(|it| it.is_truthy()) {
            return Err(PageError::SecondWidget);
        }
        let origin = window.location().origin();
        let origin = origin.map_err(|reason| PageError::refused(&reason))?;
        let mut options = WidgetOptions::new(origin, seed());
        let parent = window.parent().ok().flatten();
        options.is_framed = parent.is_some_and(|it| it != window);
        options.debug_mode = settings.debug_mode;
        options.hosts = settings.hosts;
        let handler = Box::new(move |bound: &Rc<_>, event| {
            let page = Self {
                bound: Rc::clone(bound),
                owner: None,
            };
            handler(&page, event);
        });
        let bound = Bound::new(window, Widget::new(options), Peer::Parent, handler)?;
        mark(&bound.window, &JsValue::TRUE);
        let owner = Some(Rc::new(Owner(Rc::clone(&bound))));
        Ok(Self { bound, owner })
    }

    /// Calls a method of the widget, such as one that sends, and posts the result. `act` itself
    /// must not call this again.
    ///
    /// ```no_run
    /// # use callscope_sdk::{Call, Ringing, SendError};
    /// # use callscope_sdk_page::{PageValue, WidgetPage};
    /// # fn ring(page: &WidgetPage) -> Result<Call<Ringing, PageValue>, SendError> {
    /// let data = PageValue::object_of([("toNumber", "+442079460123".into())]);
    /// let call = page.act(|widget, now| widget.start_outgoing_call(&data, now))?;
    /// # Ok(call)
    /// # }
    /// ```
    pub fn act<T>(&self, act: impl FnOnce(&mut Widget<PageValue>, Millis) -> T) -> T {
        self.bound.act(act)
    }

    /// Whether the handshake is done.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.bound.ask(Widget::is_ready)
    }

    /// Keeps it running as long as the page lives, for an application that stores no handle.
    pub fn keep(mut self) {
        std::mem::forget(self.owner.take());
    }
}

fn mark(window: &web_sys::Window, is_there: &JsValue) {
    // If the window does not accept the mark, only the check is missing.
    _ = Reflect::set(window, &Symbol::for_(MARK), is_there);
}

impl End for Widget<PageValue> {
    type Event = WidgetEvent<PageValue>;

    fn hear(&mut self, posted: Posted<PageValue>, now: Millis) {
        self.handle_input(WidgetInput::Message(posted), now);
    }

    /// A widget never waits for a time.
    fn time_has_come(&mut self, _now: Millis) {}

    fn poll(&mut self) -> Output<PageValue, Self::Event> {
        self.poll_output()
    }

    fn remove(&mut self) {
        Widget::remove(self);
    }
}
