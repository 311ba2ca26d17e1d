//! What the user sees. A view borrows its data, draws it and returns the user's actions; it changes
//! nothing.

mod calls;
mod compose;
mod conversation_bar;
mod detail;
mod divider;
mod empty;
mod export;
mod filter;
mod findings;
mod fit;
mod ladder;
mod notices;
mod overrides;
mod palette;
mod parts;
mod row_menu;
mod scenarios;
mod sessions;
mod settings;
mod state;
mod status_bar;
mod tabs;
#[cfg(test)]
mod tests;
mod timeline;
mod toolbar;

pub(crate) use calls::{calls_list_id, calls_ui, followed_ui};
pub(crate) use compose::compose_ui;
pub(crate) use conversation_bar::{NoConversation, conversation_bar_ui};
pub(crate) use detail::detail_ui;
pub(crate) use divider::{divider_ui, paint_divider};
pub(crate) use empty::{all_hidden_ui, empty_ui};
pub(crate) use export::export_ui;
pub(crate) use filter::{FilterData, filter_id, saved_filters_ui};
pub(crate) use findings::{FindingsList, finding_detail_ui, findings_ui};
pub(crate) use ladder::{LadderView, ladder_ui};
pub(crate) use notices::{Banner, above_notices, banners_ui, notices_ui};
pub(crate) use overrides::overrides_ui;
pub(crate) use palette::overlay_ui;
pub(crate) use parts::{
    Actions, BarEnds, bar_height, is_low, most_lines, steady, steady_ui, whole_bars_ui,
};
pub(crate) use scenarios::scenarios_ui;
pub(crate) use sessions::{opening_ui, sessions_ui};
pub(crate) use settings::settings_ui;
pub(crate) use state::state_ui;
pub(crate) use status_bar::{StatusData, status_bar_ui};
pub(crate) use tabs::tabs_ui;
pub(crate) use timeline::{
    Beside, HeaderData, InSight, TimelineData, header_ui, list_id, open_menu, timeline_ui,
};
pub(crate) use toolbar::{ToolbarData, toolbar_ui};
