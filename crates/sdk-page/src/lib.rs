//! The Calling Extensions SDK for a page that is written in Rust and compiled to WebAssembly.
//!
//! [`WidgetPage`] and [`HostPage`] connect [`callscope_sdk`]'s two ends to the page's window: they
//! listen to its message events, post messages, and set timers. The inputs and outputs of an end
//! are typed; a payload stays the page's own object, a [`PageValue`].
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
//! page.keep();
//! # Ok::<(), callscope_sdk_page::PageError>(())
//! ```
//!
//! `examples/softphone.rs` is a complete softphone. As for any WebAssembly, a page's
//! Content-Security-Policy must allow `wasm-unsafe-eval`; for other pages there is the npm package
//! that `cargo xtask npm` builds.

mod end;
mod host;
mod value;
mod widget;

pub use host::{HostHandle, HostPage, HostSettings};
pub use value::PageValue;
pub use widget::{WidgetPage, WidgetSettings};

/// Why an end cannot be opened in this page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// There is no page: a worker has no window.
    #[error("there is no window: both ends live in a page, not in a worker")]
    NoWindow,

    /// Two widget ends would both answer HubSpot.
    #[error(
        "this page has a widget's end already, and two would both answer HubSpot; keep the first \
         one, or drop it"
    )]
    SecondWidget,

    /// The browser refused something.
    #[error("the browser refuses it: {reason}")]
    Refused {
        /// The browser's message.
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
