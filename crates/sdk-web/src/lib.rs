//! The Calling Extensions SDK in a page: [`WidgetPage`] binds a [`Widget`](callscope_sdk::Widget) to
//! the page's window, [`HostFrame`] binds a [`Host`](callscope_sdk::Host) to an iframe.
//!
//! All that is decided is decided in [`callscope_sdk`]. Here messages are listened to and posted,
//! timers set and lines printed. A payload stays the page's own value: see [`PageValue`].
//!
//! With `js/sdk.js` around it this is what `cargo xtask npm` packs for JavaScript.

mod binding;
mod exports;
mod host_frame;
mod page;
mod value;
mod widget_page;

pub use exports::{HostEnd, WidgetEnd, handlers_of};
pub use host_frame::{HostFrame, HostFrameOptions};
pub use value::PageValue;
pub use widget_page::{WidgetPage, WidgetPageOptions};
