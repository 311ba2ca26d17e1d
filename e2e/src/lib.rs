//! What the browser tests and the demo command share: the demo's pages, a Chromium with the
//! extension, the panel, and what the pages logged themselves.

mod pages;
mod panel;
mod script;
mod stage;

pub use pages::{Entry, Pages, demo, launch_options, only_traffic, sent_by, wait_for_entry};
pub use panel::{Finding, Panel, Row, Shown};
pub use script::{Played, play};
pub use stage::{EXTENSION_VARIABLE, PANEL_PAGE, PANEL_TITLE, Stage, extension, open_panel};
