//! What the user sees. A view borrows its data, draws it and says what the user did; it changes
//! nothing.

mod compose;
mod conversation_bar;
mod detail;
mod empty;
mod findings;
mod notices;
mod overrides;
mod parts;
mod sessions;
mod status_bar;
mod tabs;
#[cfg(test)]
mod tests;
mod timeline;
mod toolbar;

pub(crate) use compose::compose_ui;
pub(crate) use conversation_bar::{NoConversation, conversation_bar_ui};
pub(crate) use detail::detail_ui;
pub(crate) use empty::empty_ui;
pub(crate) use findings::findings_ui;
pub(crate) use notices::{Banner, banner_ui, notices_ui};
pub(crate) use overrides::overrides_ui;
pub(crate) use parts::Actions;
pub(crate) use sessions::sessions_ui;
pub(crate) use status_bar::{StatusData, status_bar_ui};
pub(crate) use tabs::tabs_ui;
pub(crate) use timeline::{TimelineData, list_id, timeline_ui};
pub(crate) use toolbar::{ToolbarData, toolbar_ui};
