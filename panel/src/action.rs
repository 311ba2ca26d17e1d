//! Every action that the user can take.
//!
//! Views return actions; `Model::perform` carries them out, never while drawing. Browser tests and
//! the demo pass their JSON form (`{"do":"select","id":7}`) to `callscopePanel.perform(json)`.

use egui::{Key, KeyboardShortcut, Modifiers};
use serde::{Deserialize, Serialize};

pub use crate::model::columns::{Column, Sort, TimeFormat};
pub use crate::model::findings::Grouping;
pub use crate::model::scenarios::ScenarioAction;

/// An action that the user has taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Action {
    /// Start or pause recording.
    SetRecording {
        /// `false` pauses.
        on: bool,
    },
    /// Clear the list: hides what is there; it stays checked.
    Clear,
    /// Show what was cleared.
    UndoClear,
    /// Set whether the log is kept when the page navigates.
    SetPreserveLog {
        /// `true` keeps it.
        on: bool,
    },
    /// Set how much history the recorder keeps.
    SetHistoryLimit {
        /// Bytes.
        bytes: u64,
    },

    /// Show a view.
    ShowView {
        /// The view.
        view: View,
    },
    /// Set the filter.
    SetFilter {
        /// The filter text, in the filter language.
        text: String,
    },
    /// Move the cursor to the filter field.
    FocusFilter,
    /// Select an entry of the session.
    Select {
        /// The id of the entry, which stays the same as long as the session is shown.
        id: u64,
    },
    /// Select the message with this number, and show it.
    SelectSeq {
        /// The message's number in session order, as in findings.
        seq: u64,
    },
    /// Select and show the last message with this messageId.
    ShowMessage {
        /// The messageId.
        message_id: String,
    },
    /// Move the selection in the timeline.
    MoveSelection {
        /// How far to move.
        step: Move,
    },
    /// Go back one step: leave the filter, the selection, the imported session.
    Back,
    /// Fold or unfold something.
    SetUnfolded {
        /// What to fold or unfold.
        fold: Fold,
        /// `false` folds.
        unfolded: bool,
    },
    /// Go to the end of the timeline and keep following it.
    FollowTail,
    /// Keep the timeline where the user has scrolled to.
    StopFollowing,
    /// Show this conversation in the conversation bar.
    ShowConversation {
        /// The conversation's number; `None` for that of the selected or last message.
        conversation: Option<u32>,
    },
    /// Resize the detail pane.
    SetDetailSize {
        /// The pane's share of the window, 0 to 1.
        share: f32,
    },

    /// Show or hide a column of the timeline.
    ShowColumn {
        /// The column.
        column: Column,
        /// `false` hides it.
        shown: bool,
    },
    /// Set the width of a timeline column.
    ResizeColumn {
        /// The column.
        column: Column,
        /// In points; `None` for the default width.
        width: Option<f32>,
    },
    /// Set how the timeline shows times.
    SetTimeFormat {
        /// The format.
        format: TimeFormat,
    },
    /// Restore the default columns and their widths.
    ResetColumns,
    /// Sort the rows of the timeline.
    Sort {
        /// `None` for the session's order.
        sort: Option<Sort>,
    },
    /// Scroll to a place in the timeline.
    JumpTo {
        /// The number of rows above it.
        place: usize,
    },
    /// Open the context menu of a row.
    OpenMenu {
        /// The id of the row's entry.
        id: u64,
        /// Where the pointer was, in points; `None` if the menu was opened with a key.
        at: Option<(f32, f32)>,
    },
    /// Close the context menu.
    CloseMenu,
    /// Fill in Compose with a recorded message.
    Resend {
        /// The id of the message's entry.
        id: u64,
    },

    /// Zoom the ladder.
    ZoomLadder {
        /// `true` zooms in.
        closer: bool,
    },
    /// Set whether distances in the ladder show the time between messages or are all the same.
    ScaleLadder {
        /// `true` draws times to scale.
        on: bool,
    },
    /// Save the part of the ladder that the filter shows as a file.
    SaveLadder {
        /// The file format.
        format: LadderFormat,
    },

    /// Start or stop looking inside the pages of an origin, from their next load on.
    SeeInside {
        /// The origin.
        origin: String,
        /// `false` stops.
        on: bool,
    },

    /// Show only one call in every view.
    FollowCall {
        /// The conversation that the call belongs to.
        conversation: u32,
        /// The call's number in the conversation.
        call: u32,
    },
    /// Follow no call any more: back to the filter that was there before.
    UnfollowCall,
    /// Mark a call for comparison, or remove the mark.
    PickCall {
        /// The conversation that the call belongs to.
        conversation: u32,
        /// The call's number in the conversation.
        call: u32,
        /// `false` removes the mark.
        on: bool,
    },
    /// Select another call and mark both for comparison.
    MovePicking {
        /// How far to move.
        step: Move,
    },
    /// Choose the call to compare this one with.
    CompareCallWith {
        /// The conversation that the call belongs to.
        conversation: u32,
        /// The call's number in the conversation.
        call: u32,
    },
    /// Compare the two marked calls.
    CompareCalls,
    /// Compare the shown session with another.
    CompareSession {
        /// The other session.
        with: OtherSession,
    },
    /// Close the comparison and show the calls.
    CloseComparison,

    /// Search the shown message for a text.
    SearchMessage {
        /// The text; empty ends the search.
        text: String,
    },
    /// Go to another match in the shown message.
    SearchMessageAgain {
        /// `true` goes back.
        backwards: bool,
    },
    /// Copy a part of the selected message.
    CopyPart {
        /// The part's location as a JSON pointer: `/data/phoneNumber`.
        pointer: String,
        /// In which form it is copied.
        part: Part,
    },
    /// Compare the shown message with another.
    CompareMessage {
        /// The other message's id; `None` for the previous message of the same type.
        id: Option<u64>,
    },

    /// Set how findings are grouped.
    GroupFindings {
        /// The grouping.
        by: Grouping,
    },
    /// Select a line in the list of findings.
    SelectFinding {
        /// The number of lines above it.
        line: usize,
    },
    /// Show what a rule checks.
    ShowRule {
        /// The rule's code.
        code: String,
    },
    /// Mute a rule.
    MuteRule {
        /// The rule's code.
        code: String,
        /// `false` mutes it only until the panel is closed.
        always: bool,
    },
    /// Unmute a rule.
    UnmuteRule {
        /// The rule's code.
        code: String,
    },
    /// Show or hide muted findings.
    ShowMuted {
        /// `false` hides them.
        shown: bool,
    },

    /// Open the export sheet.
    Export,
    /// Choose what to export.
    ChooseExport {
        /// The part, format, redaction and file name.
        choice: ExportChoice,
    },
    /// Save the chosen export as a file.
    SaveExport,
    /// Copy the chosen export.
    CopyExport,
    /// Close the export sheet.
    CloseExport,

    /// Extend the selection to this row.
    Extend {
        /// The id of the row.
        id: u64,
    },
    /// Add a row to the selection, or remove it.
    ToggleSelected {
        /// The id of the row.
        id: u64,
    },
    /// Extend the selection from the last row by a step.
    ExtendSelection {
        /// How far.
        step: Move,
    },
    /// Select all rows in the list.
    SelectAll,
    /// Extend the selection to the messages of all findings up to this line.
    ExtendToFinding {
        /// The number of lines above it.
        line: usize,
    },
    /// Add the message of a finding to the selection, or remove it.
    ToggleFinding {
        /// The number of lines above it.
        line: usize,
    },
    /// Copy the selected messages.
    CopySelected {
        /// The form in which they are copied.
        form: CopyAs,
    },
    /// Compare the two selected messages.
    CompareSelected,
    /// Open the export sheet with the selected messages chosen.
    ExportSelected,

    /// Reset all settings to their defaults.
    ResetSettings,
    /// Reset one group of settings to its defaults.
    ResetSetting {
        /// The group.
        group: SettingGroup,
    },
    /// Undo the last reset of settings.
    UndoReset,
    /// Set whether exports are redacted by default.
    SetRedaction {
        /// `false` leaves them as recorded.
        on: bool,
    },

    /// Ask for a file and show its session.
    Import,
    /// Show a session given as text.
    ImportText {
        /// The name of the file.
        name: String,
        /// The text of the log.
        text: String,
    },
    /// Show the session of a log that was pasted.
    Paste {
        /// The text of the log.
        text: String,
    },
    /// Stop reading the file that is being opened.
    CancelImport,
    /// Switch between the live session and the open saved one.
    SwitchSession,
    /// Close the saved session and show the live one.
    BackToLive,
    /// Show the recording of the previous page.
    ShowParked,
    /// Copy a text.
    Copy {
        /// What it is, for the notice afterwards: "Message", "Finding".
        what: String,
        /// The text.
        text: String,
    },

    /// Set the conversation that the message is for.
    ChooseTarget {
        /// The conversation.
        conversation: u32,
    },
    /// Set which side the message is from.
    ChooseSide {
        /// `true` for widget to HubSpot.
        by_widget: bool,
    },
    /// Set the type of the message.
    ChooseType {
        /// Which side it is from: `true` for the widget.
        by_widget: bool,
        /// The type, such as `DIAL_NUMBER`.
        type_name: String,
    },
    /// Search the types to choose from.
    SearchTypes {
        /// Words of a type's name or description.
        text: String,
    },
    /// Set a field of the message.
    SetDraftField {
        /// The field's path, for example `data.calleeInfo.calleeId`.
        field: String,
        /// What the user typed; empty removes the field.
        value: String,
    },
    /// Add an item to a list in the message.
    AddDraftItem {
        /// The list's path.
        field: String,
    },
    /// Remove an item from a list in the message.
    RemoveDraftItem {
        /// The list's path.
        field: String,
        /// The item's index, from 0.
        index: usize,
    },
    /// Edit the message as JSON or as a form.
    WriteAsJson {
        /// `false` for the form.
        on: bool,
    },
    /// Set the message as JSON.
    SetDraftText {
        /// The JSON text.
        text: String,
    },
    /// Fill in the message again with what the session knows.
    ResetDraft,
    /// Post the message.
    SendDraft {
        /// Even if there is a reason not to.
        anyway: bool,
    },
    /// Set the name for saving the message.
    NameSnippet {
        /// The name.
        name: String,
    },
    /// Save the message under that name.
    SaveSnippet,
    /// Open a saved message.
    UseSnippet {
        /// Its index in the list, from 0.
        index: usize,
        /// Its name.
        name: String,
    },
    /// Rename the saved message that is open.
    RenameSnippet,
    /// Remove a saved message.
    RemoveSnippet {
        /// Its index in the list, from 0.
        index: usize,
        /// Its name.
        name: String,
    },

    /// Edit this key of the page's localStorage.
    ChooseOverrideKey {
        /// The key.
        key: String,
    },
    /// Set a field of the override.
    SetOverrideField {
        /// The field: `name`, `url`, `isReady`, `width` or `height`.
        field: String,
        /// What the user typed; empty removes the field.
        value: String,
    },
    /// Set the override as JSON text.
    SetOverrideText {
        /// The JSON text.
        text: String,
    },
    /// Read the page's localStorage again.
    ReadOverrides,
    /// Write the edited override into the page's localStorage.
    SetOverride,
    /// Remove a key from the page's localStorage.
    ClearOverride {
        /// The key.
        key: String,
    },
    /// Restore the former value of a key.
    RestoreOverride {
        /// The key.
        key: String,
        /// The former value; `None` if the key was not set.
        value: Option<String>,
    },
    /// Reload the inspected page.
    ReloadPage,

    /// Save the filter.
    SaveFilter {
        /// Its name; empty to use the filter text itself.
        name: String,
    },
    /// Remove a saved filter.
    RemoveFilter {
        /// The filter text.
        text: String,
    },
    /// Search the shown messages for a text, like DevTools' own search.
    Find {
        /// The text; empty ends the search.
        text: String,
    },
    /// Select the next or previous match.
    FindAgain {
        /// `true` goes back.
        backwards: bool,
    },
    /// Select the next or previous message with a finding.
    MoveToFinding {
        /// `true` goes back.
        backwards: bool,
    },
    /// Move keyboard focus to the list.
    FocusList,
    /// Open or close an overlay.
    ShowOverlay {
        /// `None` closes it.
        overlay: Option<Overlay>,
    },

    /// Try to reach the page again, now.
    Reconnect,
    /// Ask the browser for permission to listen in an origin, and start listening.
    PermitOrigin {
        /// The origin.
        origin: String,
    },
    /// Dismiss a notice.
    DismissNotice {
        /// The notice.
        id: u32,
    },

    /// Play a scenario with the simulator's widget.
    Scenario {
        /// The step.
        what: ScenarioAction,
    },
}

/// A view of the panel, one per tab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// Messages in session order.
    #[default]
    Timeline,
    /// Messages as arrows between lifelines.
    Ladder,
    /// The calls, and how long answers took.
    Calls,
    /// What is wrong.
    Findings,
    /// The state machines of a conversation.
    State,
    /// Send a message.
    Compose,
    /// Run scenarios with the simulator's widget.
    Scenarios,
    /// Set the `LocalSettings` override.
    Overrides,
}

impl View {
    /// All views, in tab order.
    pub const ALL: [Self; 8] = [
        Self::Timeline,
        Self::Ladder,
        Self::Calls,
        Self::Findings,
        Self::State,
        Self::Compose,
        Self::Scenarios,
        Self::Overrides,
    ];

    /// The tab's label.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Timeline => "Timeline",
            Self::Ladder => "Ladder",
            Self::Calls => "Calls",
            Self::Findings => "Findings",
            Self::State => "State",
            Self::Compose => "Compose",
            Self::Scenarios => "Scenarios",
            Self::Overrides => "Overrides",
        }
    }

    /// What the view is for.
    #[must_use]
    pub const fn tooltip(self) -> &'static str {
        match self {
            Self::Timeline => "Every message between HubSpot and the widget",
            Self::Ladder => "Who says what to whom: arrows between HubSpot and the widget",
            Self::Calls => "Each call in one row, two side by side, and how long answers took",
            Self::Findings => "What is wrong in this session, the worst first",
            Self::State => {
                "What the link, the log-in and the call are at a message, and what may come there"
            }
            Self::Compose => "Send any message, as HubSpot or the widget would",
            Self::Scenarios => "Play a scenario with the widget in the simulator, step by step",
            Self::Overrides => "Load another widget through HubSpot's local settings",
        }
    }
}

impl View {
    /// Whether the view shows the details of the selected message beside the list.
    #[must_use]
    pub const fn has_detail(self) -> bool {
        matches!(
            self,
            Self::Timeline | Self::Ladder | Self::Calls | Self::Findings | Self::State
        )
    }
}

/// What to export, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExportChoice {
    /// The part of the session.
    pub part: ExportPart,
    /// The format.
    pub format: ExportFormat,
    /// Whether names, phone numbers and ids are replaced.
    pub redacted: bool,
    /// The file name; empty for one made from the date and time.
    pub name: String,
}

impl Default for ExportChoice {
    fn default() -> Self {
        Self {
            part: ExportPart::default(),
            format: ExportFormat::default(),
            redacted: true,
            name: String::new(),
        }
    }
}

/// The forms in which selected messages can be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopyAs {
    /// As recorded, one per line.
    Json,
    /// The cells of their rows, separated by tabs.
    Rows,
    /// SDK calls that send them, or handlers that receive them.
    Code,
    /// Console lines that post them again.
    Console,
}

/// Groups of settings that are reset together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingGroup {
    /// How the page's messages are recorded and kept.
    Recording,
    /// The timeline's columns and time format.
    Columns,
    /// Whether exports are redacted.
    Export,
    /// How findings are grouped, and the size of the detail pane.
    Layout,
    /// The muted rules.
    Muted,
    /// The saved filters.
    Filters,
    /// The messages saved in Compose.
    Snippets,
}

impl SettingGroup {
    /// All groups, in the order shown.
    pub const ALL: [Self; 7] = [
        Self::Recording,
        Self::Columns,
        Self::Export,
        Self::Layout,
        Self::Muted,
        Self::Filters,
        Self::Snippets,
    ];

    /// The group's heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Recording => "Recording",
            Self::Columns => "Timeline",
            Self::Export => "Export",
            Self::Layout => "Layout",
            Self::Muted => "Muted rules",
            Self::Filters => "Saved filters",
            Self::Snippets => "Saved messages",
        }
    }

    /// The label of its reset button.
    #[must_use]
    pub const fn reset_label(self) -> &'static str {
        match self {
            Self::Recording => "Reset recording",
            Self::Columns => "Reset timeline",
            Self::Export => "Reset export",
            Self::Layout => "Reset layout",
            Self::Muted => "Unmute all",
            Self::Filters => "Remove all saved filters",
            Self::Snippets => "Remove all saved messages",
        }
    }

    /// What the reset did, for a notice.
    pub(crate) const fn done(self) -> &'static str {
        match self {
            Self::Recording => "Recording settings are back to their defaults",
            Self::Columns => "Columns and times are back to their defaults",
            Self::Export => "Exports are redacted by default again",
            Self::Layout => "The layout is back to its default",
            Self::Muted => "No rule is muted any more",
            Self::Filters => "Removed all saved filters",
            Self::Snippets => "Removed all saved messages",
        }
    }
}

/// A part of a session that can be exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportPart {
    /// The whole session.
    #[default]
    Whole,
    /// The messages that the filter shows.
    Shown,
    /// The call that is followed, or the one that the selected message belongs to.
    Call,
    /// The selected messages.
    Selected,
}

/// The formats in which a session can be exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportFormat {
    /// A log, which can be opened here and checked with `callscope`.
    #[default]
    Log,
    /// A report in HTML.
    Html,
    /// A report in Markdown.
    Markdown,
    /// The ladder as an SVG picture.
    Svg,
    /// The ladder as a Mermaid diagram.
    Mermaid,
}

impl ExportFormat {
    /// All formats, in the order offered.
    pub const ALL: [Self; 5] = [
        Self::Log,
        Self::Markdown,
        Self::Html,
        Self::Svg,
        Self::Mermaid,
    ];

    /// The format's name, as shown.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Log => "Session log",
            Self::Html => "HTML report",
            Self::Markdown => "Markdown report",
            Self::Svg => "SVG ladder",
            Self::Mermaid => "Mermaid ladder",
        }
    }

    /// What the format is good for.
    #[must_use]
    pub const fn tooltip(self) -> &'static str {
        match self {
            Self::Log => "A .callscope.jsonl file: Import opens it, callscope check judges it",
            Self::Html => "One page with findings, ladder and timeline, as of callscope report",
            Self::Markdown => "The same, to paste into an issue",
            Self::Svg => "A picture of who said what to whom",
            Self::Mermaid => "A sequence diagram that GitHub draws",
        }
    }

    /// The file name extension.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Log => ".callscope.jsonl",
            Self::Html => ".html",
            Self::Markdown => ".md",
            Self::Svg => ".svg",
            Self::Mermaid => ".mmd",
        }
    }
}

/// The forms in which a part of a message can be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Its value; for a string, the text itself.
    Value,
    /// Its path, as code would write it.
    Path,
    /// Its value as pretty-printed JSON.
    Json,
    /// Its value as the page wrote it.
    Raw,
}

/// A session that the shown one can be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtherSession {
    /// The live session.
    Live,
    /// The saved session that was shown before.
    Before,
}

/// Formats in which the ladder can be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LadderFormat {
    /// An SVG picture.
    Svg,
    /// A Mermaid diagram, which GitHub renders.
    Mermaid,
    /// Plain text.
    Text,
}

impl LadderFormat {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Svg, Self::Mermaid, Self::Text];

    /// The same format in `callscope_diagram`.
    pub(crate) const fn of(self) -> callscope_diagram::Format {
        match self {
            Self::Svg => callscope_diagram::Format::Svg,
            Self::Mermaid => callscope_diagram::Format::Mermaid,
            Self::Text => callscope_diagram::Format::Text,
        }
    }
}

/// What can be shown over the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Overlay {
    /// The command palette.
    Commands,
    /// The list of keyboard shortcuts.
    Keys,
    /// The settings that the panel remembers.
    Settings,
}

/// How far the selection moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    /// One row up.
    Previous,
    /// One row down.
    Next,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// The first row.
    First,
    /// The last row.
    Last,
}

impl Move {
    /// All moves.
    pub const ALL: [Self; 6] = [
        Self::Previous,
        Self::Next,
        Self::PageUp,
        Self::PageDown,
        Self::First,
        Self::Last,
    ];

    /// The move in words, for the list of keys.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Previous => "One row up",
            Self::Next => "One row down",
            Self::PageUp => "A page up",
            Self::PageDown => "A page down",
            Self::First => "First row",
            Self::Last => "Last row",
        }
    }

    /// The row that the move leads to from row `at`, in a list with last row `last` that shows
    /// `page` rows at a time.
    pub(crate) fn from(self, at: Option<usize>, last: usize, page: usize) -> usize {
        let page = page.saturating_sub(1).max(1);
        match (at, self) {
            (_, Self::First) | (None, Self::Next | Self::PageDown) => 0,
            (_, Self::Last) | (None, Self::Previous | Self::PageUp) => last,
            (Some(at), Self::Previous) => at.saturating_sub(1),
            (Some(at), Self::Next) => (at + 1).min(last),
            (Some(at), Self::PageUp) => at.saturating_sub(page),
            (Some(at), Self::PageDown) => (at + page).min(last),
        }
    }

    /// The key that makes the move.
    const fn key(self) -> Key {
        match self {
            Self::Previous => Key::ArrowUp,
            Self::Next => Key::ArrowDown,
            Self::PageUp => Key::PageUp,
            Self::PageDown => Key::PageDown,
            Self::First => Key::Home,
            Self::Last => Key::End,
        }
    }
}

/// Something that can be folded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    tag = "what",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Fold {
    /// A run of messages of one type.
    Run {
        /// The id of its first message.
        id: u64,
    },
    /// A section of the detail pane.
    Section {
        /// The section's title.
        title: String,
    },
    /// A value in the JSON tree.
    Json {
        /// Its path, such as `data.calleeInfo`.
        path: String,
    },
    /// The findings under a heading.
    Findings {
        /// The heading.
        name: String,
    },
}

#[expect(
    clippy::match_same_arms,
    reason = "different actions that happen to share a text"
)]
impl Action {
    /// The text of the action's button.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one arm for each action")]
    pub fn label(&self) -> String {
        match self {
            Self::SetRecording { on: true } => "Record".to_owned(),
            Self::SetRecording { on: false } => "Pause recording".to_owned(),
            Self::Clear | Self::ClearOverride { .. } => "Clear".to_owned(),
            Self::UndoClear => "Undo clear".to_owned(),
            Self::SetPreserveLog { .. } => "Preserve log".to_owned(),
            Self::SetHistoryLimit { bytes } => {
                format!(
                    "Keep up to {}",
                    callscope_session_view::words::bytes(*bytes)
                )
            }
            Self::ShowView { view } => view.title().to_owned(),
            Self::SetFilter { text } if text.is_empty() => "Clear filter".to_owned(),
            Self::SetFilter { .. } | Self::FocusFilter => "Filter".to_owned(),
            Self::Select { .. } | Self::SelectSeq { .. } | Self::ShowMessage { .. } => {
                "Show message".to_owned()
            }
            Self::MoveSelection { .. } => "Move selection".to_owned(),
            Self::Back => "Back".to_owned(),
            Self::SetUnfolded { unfolded: true, .. } => "Unfold".to_owned(),
            Self::SetUnfolded {
                unfolded: false, ..
            } => "Fold".to_owned(),
            Self::FollowTail => "Go to the end".to_owned(),
            Self::StopFollowing => "Stay here".to_owned(),
            Self::ShowConversation {
                conversation: Some(id),
            } => format!("Conversation {id}"),
            Self::ShowConversation { conversation: None } => "Current conversation".to_owned(),
            Self::SetDetailSize { .. } => "Resize details".to_owned(),
            Self::FollowCall { call, .. } => format!("Follow call {call}"),
            Self::UnfollowCall => "Stop following".to_owned(),
            Self::PickCall { call, .. } => format!("Compare call {call}"),
            Self::MovePicking { .. } => "Pick calls".to_owned(),
            Self::CompareCallWith { call, .. } => format!("Compare call {call} with…"),
            Self::CompareCalls => "Compare".to_owned(),
            Self::CompareSession { .. } => "Compare session".to_owned(),
            Self::CloseComparison => "Close comparison".to_owned(),
            Self::ShowColumn { column, .. } | Self::ResizeColumn { column, .. } => {
                column.spec().title.to_owned()
            }
            Self::SetTimeFormat { .. } => "Time".to_owned(),
            Self::ResetColumns => "Reset columns".to_owned(),
            Self::Sort { sort: None } => "Session order".to_owned(),
            Self::Sort { sort: Some(sort) } => {
                format!("Sort by {}", sort.column.spec().title.to_lowercase())
            }
            Self::JumpTo { .. } => "Go there".to_owned(),
            Self::OpenMenu { .. } => "Menu".to_owned(),
            Self::CloseMenu => "Close menu".to_owned(),
            Self::Resend { .. } => "Resend…".to_owned(),
            Self::ZoomLadder { closer: true } => "Zoom in".to_owned(),
            Self::ZoomLadder { closer: false } => "Zoom out".to_owned(),
            Self::ScaleLadder { .. } => "Times to scale".to_owned(),
            Self::SaveLadder { format } => format!("Save ladder as {}", format.of().name()),
            Self::Export => "Export".to_owned(),
            Self::ChooseExport { .. } => "Choose what is exported".to_owned(),
            Self::SaveExport => "Save".to_owned(),
            Self::CopyExport => "Copy".to_owned(),
            Self::CloseExport => "Cancel".to_owned(),
            Self::Extend { .. } | Self::ExtendToFinding { .. } => "Select up to here".to_owned(),
            Self::ToggleSelected { .. } | Self::ToggleFinding { .. } => {
                "Add to selection".to_owned()
            }
            Self::ExtendSelection { step } => {
                format!("Select more: {}", step.words().to_lowercase())
            }
            Self::SelectAll => "Select all".to_owned(),
            Self::CopySelected { form: CopyAs::Json } => "Copy as JSON".to_owned(),
            Self::CopySelected { form: CopyAs::Rows } => "Copy as table rows".to_owned(),
            Self::CopySelected { form: CopyAs::Code } => "Copy as code".to_owned(),
            Self::CopySelected {
                form: CopyAs::Console,
            } => "Copy as console snippets".to_owned(),
            Self::CompareSelected => "Compare these two".to_owned(),
            Self::ExportSelected => "Export selection…".to_owned(),
            Self::ResetSettings => "Reset all settings".to_owned(),
            Self::ResetSetting { group } => group.reset_label().to_owned(),
            Self::UndoReset => "Undo".to_owned(),
            Self::SetRedaction { .. } => "Redact exports".to_owned(),
            Self::Import | Self::ImportText { .. } | Self::Paste { .. } => "Import".to_owned(),
            Self::CancelImport => "Cancel".to_owned(),
            Self::SwitchSession => "Switch session".to_owned(),
            Self::BackToLive => "Close saved session".to_owned(),
            Self::ShowParked => "Show previous page".to_owned(),
            Self::Copy { .. } => "Copy".to_owned(),
            Self::ChooseTarget { conversation } => format!("Conversation {conversation}"),
            Self::ChooseSide { by_widget: false } => "HubSpot → widget".to_owned(),
            Self::ChooseSide { by_widget: true } => "Widget → HubSpot".to_owned(),
            Self::ChooseType { type_name, .. } => type_name.clone(),
            Self::SearchTypes { .. } => "Search messages".to_owned(),
            Self::SetDraftField { field, .. } | Self::SetOverrideField { field, .. } => {
                field.clone()
            }
            Self::AddDraftItem { .. } => "Add an item".to_owned(),
            Self::RemoveDraftItem { index, .. } => format!("Remove item {}", index + 1),
            Self::WriteAsJson { on: true } | Self::SetDraftText { .. } => "JSON".to_owned(),
            Self::WriteAsJson { on: false } => "Form".to_owned(),
            Self::ResetDraft => "Fill in again".to_owned(),
            Self::SendDraft { anyway: false } => "Send".to_owned(),
            Self::SendDraft { anyway: true } => "Send anyway".to_owned(),
            Self::NameSnippet { .. } => "Name".to_owned(),
            Self::SaveSnippet => "Save".to_owned(),
            Self::UseSnippet { name, .. } => name.clone(),
            Self::RenameSnippet => "Rename".to_owned(),
            Self::RemoveSnippet { name, .. } => format!("Remove saved message {name}"),
            Self::ChooseOverrideKey { key } => key.clone(),
            Self::SetOverrideText { .. } => "JSON".to_owned(),
            Self::ReadOverrides => "Read again".to_owned(),
            Self::SetOverride => "Set".to_owned(),
            Self::RestoreOverride { .. } => "Restore".to_owned(),
            Self::ReloadPage => "Reload page".to_owned(),
            Self::SaveFilter { .. } => "Save filter".to_owned(),
            Self::RemoveFilter { text } => format!("Remove saved filter {text}"),
            Self::Find { text } if text.is_empty() => "End search".to_owned(),
            Self::Find { .. } => "Find".to_owned(),
            Self::FindAgain { backwards: false } => "Find next".to_owned(),
            Self::FindAgain { backwards: true } => "Find previous".to_owned(),
            Self::MoveToFinding { backwards: false } => "Next finding".to_owned(),
            Self::MoveToFinding { backwards: true } => "Previous finding".to_owned(),
            Self::FocusList => "Go to the list".to_owned(),
            Self::ShowOverlay {
                overlay: Some(Overlay::Commands),
            } => "Show commands".to_owned(),
            Self::ShowOverlay {
                overlay: Some(Overlay::Keys),
            } => "Show keys".to_owned(),
            Self::ShowOverlay {
                overlay: Some(Overlay::Settings),
            } => "Settings".to_owned(),
            Self::ShowOverlay { overlay: None } => "Close".to_owned(),
            Self::Reconnect => "Try again".to_owned(),
            Self::PermitOrigin { .. } => "Allow listening there".to_owned(),
            Self::SeeInside { on: true, .. } => "See inside the widget's page".to_owned(),
            Self::SeeInside { on: false, .. } => "Stop seeing inside".to_owned(),
            Self::DismissNotice { .. } => "Dismiss".to_owned(),
            Self::Scenario { what } => what.label(),
            Self::SearchMessage { text } if text.is_empty() => "Stop looking".to_owned(),
            Self::SearchMessage { .. } => "Find in message".to_owned(),
            Self::SearchMessageAgain { backwards: false } => "Next place".to_owned(),
            Self::SearchMessageAgain { backwards: true } => "Previous place".to_owned(),
            Self::CopyPart {
                part: Part::Value, ..
            } => "Copy value".to_owned(),
            Self::CopyPart {
                part: Part::Path, ..
            } => "Copy path".to_owned(),
            Self::CopyPart {
                part: Part::Json, ..
            } => "Copy as pretty JSON".to_owned(),
            Self::CopyPart {
                part: Part::Raw, ..
            } => "Copy as recorded".to_owned(),
            Self::CompareMessage { id: Some(_) } => "Compare with…".to_owned(),
            Self::CompareMessage { id: None } => "Compare with the one before".to_owned(),
            Self::GroupFindings { by } => by.title().to_owned(),
            Self::SelectFinding { .. } => "Show finding".to_owned(),
            Self::ShowRule { code } => format!("Show rule {code}"),
            Self::MuteRule { always: false, .. } => "Mute for now".to_owned(),
            Self::MuteRule { always: true, .. } => "Mute always".to_owned(),
            Self::UnmuteRule { code } => format!("Unmute {code}"),
            Self::ShowMuted { shown: true } => "Show muted findings".to_owned(),
            Self::ShowMuted { shown: false } => "Hide muted findings".to_owned(),
        }
    }

    /// What the action does, in more words than the label.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one arm for each action")]
    pub fn tooltip(&self) -> &'static str {
        match self {
            Self::SetRecording { on: true } => "Go on recording the page's messages",
            Self::SetRecording { on: false } => {
                "Stop recording; messages that pass meanwhile are counted as missing"
            }
            Self::Clear => {
                "Empty the list; the conversations keep their state, and it can be undone"
            }
            Self::UndoClear => "Show again what was cleared",
            Self::SetPreserveLog { .. } => "Keep the messages when the page reloads or navigates",
            Self::SetHistoryLimit { .. } => {
                "When the history is full, the oldest messages go first"
            }
            Self::ShowView { view } => view.tooltip(),
            Self::SetFilter { .. } | Self::FocusFilter => {
                "Words, type:CALL_*, from:host, severity>=warning, call:2, data.engagementId:123, /regex/, \
                 or, not, parentheses; Ctrl+Space offers what fits"
            }
            Self::Select { .. } | Self::SelectSeq { .. } | Self::ShowMessage { .. } => {
                "Show this message"
            }
            Self::MoveSelection { .. } => "Select another message",
            Self::Back => "Go back one step",
            Self::SetUnfolded { .. } => "Show more or less",
            Self::FollowTail => "Show the newest messages as they come",
            Self::StopFollowing => "Stay at these messages",
            Self::ShowConversation { .. } => "Which pairing of HubSpot page and widget to show",
            Self::SetDetailSize { .. } | Self::ResizeColumn { .. } => "Drag to resize",
            Self::ShowColumn { .. } => "Show or hide this column",
            Self::SetTimeFormat { .. } => "How times are shown",
            Self::ResetColumns => "Show the default columns at their default widths",
            Self::Sort { sort: None } => "Show the messages in the order in which they came",
            Self::Sort { sort: Some(_) } => "Sort the messages by this column",
            Self::JumpTo { .. } => "Scroll to these messages",
            Self::OpenMenu { .. } => "What can be done with this message",
            Self::CloseMenu => "Close the menu",
            Self::Resend { .. } => "Fill in Compose with what this message contains",
            Self::ZoomLadder { closer: true } => "Show the ladder larger",
            Self::ZoomLadder { closer: false } => "See more of the ladder at once",
            Self::ScaleLadder { .. } => "Let distances show the time between messages",
            Self::SaveLadder { .. } => {
                "Save what the filter shows as a file. It contains phone numbers, as the messages do"
            }
            Self::FollowCall { .. } => "Show this call alone in every view",
            Self::UnfollowCall => "Back to the filter that was there before, or to everything",
            Self::PickCall { .. } => "Pick two calls to compare them",
            Self::MovePicking { .. } => "Pick this call and the next one",
            Self::CompareCallWith { .. } => "Choose another call, and see where the two differ",
            Self::CompareCalls => "Show where the two picked calls differ",
            Self::CompareSession { .. } => "Show where this session and the other one differ",
            Self::CloseComparison => "Show the calls again",
            Self::Export => "Save this session, or a part of it, as a log, report or picture",
            Self::ChooseExport { .. } => "What is exported, and how",
            Self::SaveExport => "Save the file",
            Self::CopyExport => "Put the text of the file on the clipboard",
            Self::CloseExport => "Export nothing",
            Self::Extend { .. } | Self::ExtendToFinding { .. } | Self::ExtendSelection { .. } => {
                "Select all from where the selection began"
            }
            Self::ToggleSelected { .. } | Self::ToggleFinding { .. } => {
                "Add this to the selection, or remove it"
            }
            Self::SelectAll => "Select all that the list shows",
            Self::CopySelected { form: CopyAs::Json } => "As recorded, one message per line",
            Self::CopySelected { form: CopyAs::Rows } => {
                "The cells of the rows, separated by tabs, for a spreadsheet"
            }
            Self::CopySelected { form: CopyAs::Code } => {
                "The SDK calls that send them, and the handlers that get them"
            }
            Self::CopySelected {
                form: CopyAs::Console,
            } => "Lines for the console that post the messages again",
            Self::CompareSelected => "Show how the later one differs from the one before",
            Self::ExportSelected => "Save the selected messages as a log, report or picture",
            Self::ResetSettings => "Reset every setting to its default; can be undone",
            Self::ResetSetting { group } => match group {
                SettingGroup::Muted => "List and count the findings of all rules again",
                SettingGroup::Filters | SettingGroup::Snippets => "Forget them; can be undone",
                _ => "Reset these settings to their defaults; can be undone",
            },
            Self::UndoReset => "Put the settings back to what they were before the reset",
            Self::SetRedaction { .. } => {
                "Whether Export starts with names, numbers, e-mail addresses and ids replaced"
            }
            Self::Import | Self::ImportText { .. } | Self::Paste { .. } => {
                "Open a .callscope.jsonl file"
            }
            Self::CancelImport => "Do not open this file",
            Self::SwitchSession => {
                "Live session or saved one; the live one continues to be recorded"
            }
            Self::BackToLive => "Close the saved session and show the live one",
            Self::ShowParked => "Show what was recorded before the page went away",
            Self::Copy { .. } => "Copy to the clipboard",
            Self::ChooseTarget { .. } => "Send in this conversation",
            Self::ChooseSide { by_widget: false } => {
                "Posted by HubSpot's page, as HubSpot's own messages are"
            }
            Self::ChooseSide { by_widget: true } => {
                "Posted by the widget's frame, as the widget's own messages are"
            }
            Self::ChooseType { .. } => "Write a message of this type",
            Self::SearchTypes { .. } => "Words of the type, or of what it is",
            Self::SetDraftField { .. } => "A field of the message",
            Self::AddDraftItem { .. } => "Add an item at the end of this list",
            Self::RemoveDraftItem { .. } => "Remove this item from the list",
            Self::WriteAsJson { on: true } | Self::SetDraftText { .. } => {
                "Write the message as JSON, whatever its type"
            }
            Self::WriteAsJson { on: false } => "Write the message field by field",
            Self::ResetDraft => "Start over with what this session knows",
            Self::SendDraft { anyway: false } => "Posts the message as it is shown, once",
            Self::SendDraft { anyway: true } => {
                "Posts the message although the other side may ignore it"
            }
            Self::NameSnippet { .. } => "What the message is called; its type if this is empty",
            Self::SaveSnippet => {
                "Keep the message in this browser; one of the same name is replaced"
            }
            Self::UseSnippet { .. } => "Fill in Compose with this message",
            Self::RenameSnippet => "Give the saved message that was opened this name",
            Self::RemoveSnippet { .. } => "Forget this saved message",
            Self::ChooseOverrideKey { .. } => "Edit this key of the page's localStorage",
            Self::SetOverrideField { .. } | Self::SetOverrideText { .. } => {
                "Change what will be written"
            }
            Self::ReadOverrides => "Read the page's localStorage again",
            Self::SetOverride => {
                "Writes the key into this page's localStorage; HubSpot reads it on the next load"
            }
            Self::ClearOverride { .. } => "Removes the key from this page's localStorage",
            Self::RestoreOverride { .. } => "Put back what the key held before",
            Self::ReloadPage => "Reload the inspected page",
            Self::SaveFilter { .. } => "Keep this filter as a button below",
            Self::RemoveFilter { .. } => "Forget this saved filter",
            Self::Find { .. } => "Select the messages that contain a text, one after another",
            Self::FindAgain { .. } => "Select another message that contains the text",
            Self::MoveToFinding { backwards: false } => {
                "Select the next message or gap with a finding"
            }
            Self::MoveToFinding { backwards: true } => {
                "Select the previous message or gap with a finding"
            }
            Self::FocusList => "Leave the filter and move in the list",
            Self::ShowOverlay {
                overlay: Some(Overlay::Commands),
            } => "Find anything that can be done here by its name",
            Self::ShowOverlay {
                overlay: Some(Overlay::Keys),
            } => "What each key does",
            Self::ShowOverlay {
                overlay: Some(Overlay::Settings),
            } => "All that the panel remembers, each with its reset",
            Self::ShowOverlay { overlay: None } => "Back to the panel",
            Self::Reconnect => "Look for Callscope's recorder in the page again",
            Self::PermitOrigin { .. } => {
                "The browser asks for your permission; Callscope then listens in this origin only"
            }
            Self::SeeInside { on: true, .. } => {
                "Records the widget's script errors, messages that the SDK drops or that cannot be \
                 delivered, BroadcastChannel traffic and where each message was sent. Runs a script \
                 in the page's own world, from its next load until you stop it or close the browser"
            }
            Self::SeeInside { on: false, .. } => {
                "Runs nothing in the widget's page from its next load on"
            }
            Self::DismissNotice { .. } => "Put this message away",
            Self::Scenario { what } => what.tooltip(),
            Self::SearchMessage { .. } => "Find keys and values of this message",
            Self::SearchMessageAgain { .. } => "Go to another place that has the text",
            Self::CopyPart { .. } => "Copy to the clipboard",
            Self::CompareMessage { id: Some(_) } => {
                "Then select another message: its details say how it differs from this one"
            }
            Self::CompareMessage { id: None } => {
                "Compare each message with the one of its type before it"
            }
            Self::GroupFindings { by: Grouping::Rule } => "The worst rule first",
            Self::GroupFindings { by: Grouping::Call } => "Call after call",
            Self::GroupFindings { by: Grouping::Time } => "In the order in which they were found",
            Self::SelectFinding { .. } => "What is wrong, why it matters and how to fix it",
            Self::ShowRule { .. } => "What the rule is about, with an example that breaks it",
            Self::MuteRule { always: false, .. } => {
                "Leave this rule's findings out of lists and counts until the panel is closed; how \
                 many are muted is still said"
            }
            Self::MuteRule { always: true, .. } => {
                "Leave this rule's findings out of lists and counts until you unmute it; how many \
                 are muted is still said"
            }
            Self::UnmuteRule { .. } => "List and count this rule's findings again",
            Self::ShowMuted { shown: true } => "List what is muted below the other findings",
            Self::ShowMuted { shown: false } => "Count what is muted, and list it no more",
        }
    }

    /// The action's keyboard shortcut.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one arm for each action")]
    pub fn shortcut(&self) -> Option<KeyboardShortcut> {
        let plain = |key| Some(KeyboardShortcut::new(Modifiers::NONE, key));
        let command = |key| Some(KeyboardShortcut::new(Modifiers::COMMAND, key));
        match self {
            Self::SetRecording { .. } => command(Key::E),
            Self::Clear => command(Key::L),
            Self::UndoClear => command(Key::Z),
            Self::FocusFilter => command(Key::F),
            Self::Export => command(Key::S),
            Self::Import => command(Key::O),
            Self::SwitchSession => Some(KeyboardShortcut::new(Modifiers::ALT, Key::S)),
            // DevTools takes Ctrl+Shift+P, which other programs use for this, for its own commands
            // in every panel; F8 reaches the panel, but means DevTools' debugger in all other
            // panels.
            Self::ShowOverlay {
                overlay: Some(Overlay::Commands),
            } => command(Key::K),
            Self::ShowOverlay {
                overlay: Some(Overlay::Keys),
            } => plain(Key::Questionmark),
            // On macOS, Chrome takes Cmd+, for itself.
            Self::ShowOverlay {
                overlay: Some(Overlay::Settings),
            } => plain(Key::Comma),
            Self::ZoomLadder { closer: true } => plain(Key::Plus),
            Self::ZoomLadder { closer: false } => plain(Key::Minus),
            Self::MoveToFinding { backwards: false } => plain(Key::N),
            Self::MoveToFinding { backwards: true } => plain(Key::P),
            Self::FocusList => plain(Key::Enter),
            Self::Back => plain(Key::Escape),
            Self::MoveSelection { step } => plain(step.key()),
            Self::ExtendSelection { step } => {
                Some(KeyboardShortcut::new(Modifiers::SHIFT, step.key()))
            }
            Self::SelectAll => command(Key::A),
            Self::CopySelected { form: CopyAs::Json } => command(Key::C),
            Self::CopySelected { form: CopyAs::Rows } => {
                Some(KeyboardShortcut::new(Modifiers::ALT, Key::C))
            }
            Self::MovePicking {
                step: Move::Previous,
            } => Some(KeyboardShortcut::new(Modifiers::SHIFT, Key::ArrowUp)),
            Self::MovePicking { step: Move::Next } => {
                Some(KeyboardShortcut::new(Modifiers::SHIFT, Key::ArrowDown))
            }
            Self::SetUnfolded { unfolded: true, .. } => plain(Key::ArrowRight),
            Self::SetUnfolded {
                unfolded: false, ..
            } => plain(Key::ArrowLeft),
            Self::SetPreserveLog { .. }
            | Self::SetHistoryLimit { .. }
            | Self::ShowView { .. }
            | Self::SetFilter { .. }
            | Self::Select { .. }
            | Self::SelectSeq { .. }
            | Self::ShowMessage { .. }
            | Self::FollowTail
            | Self::StopFollowing
            | Self::ShowConversation { .. }
            | Self::SetDetailSize { .. }
            | Self::ShowColumn { .. }
            | Self::ResizeColumn { .. }
            | Self::SetTimeFormat { .. }
            | Self::ResetColumns
            | Self::Sort { .. }
            | Self::JumpTo { .. }
            | Self::OpenMenu { .. }
            | Self::CloseMenu
            | Self::Resend { .. }
            | Self::ScaleLadder { .. }
            | Self::SaveLadder { .. }
            | Self::ImportText { .. }
            | Self::Paste { .. }
            | Self::ChooseExport { .. }
            | Self::SaveExport
            | Self::CopyExport
            | Self::CloseExport
            | Self::Extend { .. }
            | Self::ToggleSelected { .. }
            | Self::ExtendToFinding { .. }
            | Self::ToggleFinding { .. }
            | Self::CopySelected {
                form: CopyAs::Code | CopyAs::Console,
            }
            | Self::CompareSelected
            | Self::ExportSelected
            | Self::ResetSettings
            | Self::ResetSetting { .. }
            | Self::UndoReset
            | Self::SetRedaction { .. }
            | Self::CancelImport
            | Self::BackToLive
            | Self::ShowParked
            | Self::Copy { .. }
            | Self::ChooseTarget { .. }
            | Self::ChooseSide { .. }
            | Self::ChooseType { .. }
            | Self::SearchTypes { .. }
            | Self::SetDraftField { .. }
            | Self::AddDraftItem { .. }
            | Self::RemoveDraftItem { .. }
            | Self::WriteAsJson { .. }
            | Self::SetDraftText { .. }
            | Self::ResetDraft
            | Self::SendDraft { .. }
            | Self::NameSnippet { .. }
            | Self::SaveSnippet
            | Self::UseSnippet { .. }
            | Self::RenameSnippet
            | Self::RemoveSnippet { .. }
            | Self::ChooseOverrideKey { .. }
            | Self::SetOverrideField { .. }
            | Self::SetOverrideText { .. }
            | Self::ReadOverrides
            | Self::SetOverride
            | Self::ClearOverride { .. }
            | Self::RestoreOverride { .. }
            | Self::ReloadPage
            | Self::SaveFilter { .. }
            | Self::RemoveFilter { .. }
            | Self::Find { .. }
            | Self::FindAgain { .. }
            | Self::ShowOverlay { overlay: None }
            | Self::Reconnect
            | Self::PermitOrigin { .. }
            | Self::SeeInside { .. }
            | Self::DismissNotice { .. }
            | Self::Scenario { .. }
            | Self::SearchMessage { .. }
            | Self::SearchMessageAgain { .. }
            | Self::CopyPart { .. }
            | Self::CompareMessage { .. }
            | Self::GroupFindings { .. }
            | Self::SelectFinding { .. }
            | Self::ShowRule { .. }
            | Self::MuteRule { .. }
            | Self::UnmuteRule { .. }
            | Self::ShowMuted { .. }
            | Self::FollowCall { .. }
            | Self::UnfollowCall
            | Self::PickCall { .. }
            | Self::MovePicking { .. }
            | Self::CompareCallWith { .. }
            | Self::CompareCalls
            | Self::CompareSession { .. }
            | Self::CloseComparison => None,
        }
    }

    /// A second shortcut for the action.
    #[must_use]
    pub const fn other_shortcut(&self) -> Option<KeyboardShortcut> {
        match self {
            Self::FocusFilter => Some(KeyboardShortcut::new(Modifiers::NONE, Key::Slash)),
            _ => None,
        }
    }

    /// The tooltip including the shortcut.
    #[must_use]
    pub fn help(&self, ctx: &egui::Context) -> String {
        match self.shortcut() {
            Some(shortcut) => format!("{} ({})", self.tooltip(), crate::keys::text(ctx, shortcut)),
            None => self.tooltip().to_owned(),
        }
    }
}
