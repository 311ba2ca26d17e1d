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

/// A mark on the window that all copies of the SDK share, the ones in JavaScript too.
const MARK: &str = "callscope-sdk widget";

/// What a widget is made with.
#[derive(Clone, Debug, Default)]
pub struct WidgetSettings {
    /// Prints every message, and tells the host; `None` tells it nothing.
    pub debug_mode: Option<bool>,
    /// The pages that may be the host.
    pub hosts: AllowedHosts,
}

/// The softphone's end in this page. Dropping the last clone that is not in its own handler ends it.
#[derive(Clone)]
pub struct WidgetPage {
    bound: Rc<Bound<Widget<PageValue>>>,
    owner: Option<Rc<Owner>>,
}

/// Ends the widget when the application lets go of it.
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
    /// Begins to wait for HubSpot; `handler` is told what happens, and may act at once.
    ///
    /// # Errors
    ///
    /// There is no window, or the page has a widget's end already.
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

    /// Has the widget do something, such as send, and posts what comes of it. `act` itself must not
    /// call this again.
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

    /// Goes on for as long as the page does: for an application that keeps no handle.
    pub fn keep(mut self) {
        std::mem::forget(self.owner.take());
    }
}

fn mark(window: &web_sys::Window, is_there: &JsValue) {
    // A window that takes no mark only lacks the check.
    _ = Reflect::set(window, &Symbol::for_(MARK), is_there);
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

    fn remove(&mut self) {
        Widget::remove(self);
    }
}
