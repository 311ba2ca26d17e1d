//! What the browser tests share: the demo, a Chromium, and what the pages logged.

mod pages;

pub use pages::{Entry, Pages, demo, launch_options, only_traffic, sent_by, wait_for_entry};
