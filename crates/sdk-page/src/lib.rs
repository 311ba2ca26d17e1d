//! The Calling Extensions SDK in a page that is written in Rust and compiled to WebAssembly.
//!
//! [`WidgetPage`] and [`HostPage`] bind [`callscope_sdk`]'s two ends to the page's window: they hear
//! its message events, post, and set the timers. What an end is told and what it tells are typed;
//! a payload stays the page's own object, a [`PageValue`].
//!
//! ```no_run
//! use callscope_sdk::WidgetEvent;
//! use callscope_sdk_page::{PageValue, WidgetPage, WidgetSettings};
//!
//! let page = WidgetPage::open(WidgetSettings::default(), |page, event| {
//!     if let WidgetEvent::Ready(_) = event {
//!         let data = PageValue::object_of([("isLoggedIn", true.into())]);
//!         let sent = page.act(|widget, now| widget.initialized(data, now));
//!         assert_eq!(sent, Ok(()));
//!     }
//! })?;
//! # Ok::<(), callscope_sdk_page::PageError>(())
//! ```
//!
//! `examples/softphone.rs` is a whole softphone. A page's Content-Security-Policy has to allow
//! `wasm-unsafe-eval`, as for any WebAssembly; the npm package that `cargo xtask npm` makes is for
//! pages that do not.

mod end;
mod host;
mod value;
mod widget;

pub use host::{HostHandle, HostPage, HostSettings};
pub use value::PageValue;
pub use widget::{WidgetPage, WidgetSettings};

/// Why there is no end in this page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// This is no page: a worker has no window.
    #[error("there is no window: both ends live in a page, not in a worker")]
    NoWindow,

    /// Two would both answer HubSpot.
    #[error(
        "this page has a widget's end already, and two would both answer HubSpot; keep the first \
         one, or drop it"
    )]
    SecondWidget,

    /// The browser refuses something.
    #[error("the browser refuses it: {reason}")]
    Refused {
        /// In its own words.
        reason: String,
    },
}

impl PageError {
    fn refused(reason: &wasm_bindgen::JsValue) -> Self {
        Self::Refused {
            reason: format!("{reason:?}"),
        }
    }
}
