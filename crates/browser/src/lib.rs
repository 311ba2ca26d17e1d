//! Starts and drives Chromium over its DevTools protocol.
//!
//! 1. [`Browser::launch`] starts a Chromium with a fresh profile; dropping it ends Chromium.
//! 2. [`Browser::open`] and [`Browser::frame`] give [`Target`]s: pages, and frames that live in
//!    another process. Scripts, input and screenshots are their methods.
//! 3. [`Browser::devtools_of`] opens DevTools on a page, [`DevTools::show_panel`] brings an
//!    extension's panel to the front, and [`Browser::panel`] drives the panel's page.
//!
//! Nothing here sleeps for a fixed time: [`wait_for`] waits for a condition, and its error says
//! what it waited for and what was there instead.
//!
//! ```no_run
//! use callscope_browser::{Browser, LaunchOptions};
//!
//! let browser = Browser::launch(&LaunchOptions::default())?;
//! let page = browser.open("data:text/html,<title>Hello</title>")?;
//! assert_eq!(page.evaluate::<String>("document.title")?, "Hello");
//! # Ok::<(), callscope_browser::BrowserError>(())
//! ```

mod browser;
mod connection;
mod devtools;
mod dialogs;
mod error;
mod extension_id;
mod find;
mod input;
mod launch;
mod process;
mod surrogates;
mod target;
mod wait;

pub use browser::Browser;
pub use connection::{Context, Event};
pub use devtools::DevTools;
pub use dialogs::Dialog;
pub use error::BrowserError;
pub use extension_id::extension_id;
pub use find::{CHROMIUM_VARIABLE, find_chromium};
pub use input::{Key, Modifiers};
pub use launch::{DevToolsPlace, LaunchOptions, Theme};
pub use surrogates::replace_lone;
pub use target::{Target, TargetInfo};
pub use wait::{Poll, wait_for};
