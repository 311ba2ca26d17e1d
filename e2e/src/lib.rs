//! Shared by the browser tests and the demo command: the demo's pages, a Chromium with the
//! extension, the panel, and the pages' own logs.

mod ax;
mod calls;
mod kept;
mod pages;
mod panel;
mod record;
mod room;
mod script;
mod session;
mod simulator;
mod stage;
mod traces;

pub use ax::Node;
pub use calls::make_calls;
pub use kept::{
    ROUND_TRIPS, heard_after_leaving, heard_before_asked, heard_that_it_leaves, keep_log,
    keep_talking, kept_log, talk_and_leave,
};
pub use pages::{
    Entry, LIMIT, Pages, demo, frame_where, kinds, launch_options, only_traffic, sent_by,
    wait_for_count, wait_for_entry,
};
pub use panel::{Conversation, Finding, Panel, Row, Shown};
pub use record::Recorder;
pub use room::Room;
pub use script::{Played, play};
pub use session::{Recorded, difference, lines, recorded};
pub use simulator::{SimulatorPage, demo_widget, demo_widget_on_own_sdk, serve_simulator};
pub use stage::{
    EXTENSION_VARIABLE, PANEL_PAGE, PANEL_TITLE, Stage, copy_folder, copy_of_extension, extension,
    open_panel, open_panel_of,
};
pub use traces::{Call, calls_of_extensions, listen_in, said_by_extensions};
