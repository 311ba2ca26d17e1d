//! Everything that the user can do, on one page.
//!
//! Views wish for actions; `Model::perform` carries them out, outside of drawing.
//! Their JSON form (`{"do":"select","id":7}`) is what the browser tests and the demo give to
//! `callscopePanel.perform(json)`.

use egui::{Key, KeyboardShortcut, Modifiers};
use serde::{Deserialize, Serialize};

pub use crate::model::columns::{Column, Sort, TimeFormat};
pub use crate::model::findings::Grouping;
pub use crate::model::scenarios::ScenarioAction;

/// What the user wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Action {
    /// Record, or pause.
    SetRecording {
        /// `false` pauses.
        on: bool,
    },
    /// Clear the list: what was there is hidden, and checked as before.
    Clear,
    /// Show again what was cleared.
    UndoClear,
    /// Keep the log when the page navigates, or do not.
    SetPreserveLog {
        /// `true` keeps it.
        on: bool,
    },
    /// Bound the history that the recorder keeps.
    SetHistoryLimit {
        /// Bytes.
        bytes: u64,
    },

    /// Show a view.
    ShowView {
        /// The view.
        view: View,
    },
    /// Filter the timeline.
    SetFilter {
        /// In the filter language.
        text: String,
    },
    /// Put the cursor into the filter.
    FocusFilter,
    /// Select an entry of the session.
    Select {
        /// The id of the entry: stays the same while the session is shown.
        id: u64,
    },
    /// Select the message with this number, and show it.
    SelectSeq {
        /// The number in session order, as findings name it.
        seq: u64,
    },
    /// Select the last message with this messageId, and show it.
    ShowMessage {
        /// The messageId.
        message_id: String,
    },
    /// Move the selection in the timeline.
    MoveSelection {
        /// How far.
        step: Move,
    },
    /// One step back: out of the filter, the selection, the imported session.
    Back,
    /// Fold or unfold something.
    SetUnfolded {
        /// What.
        fold: Fold,
        /// `false` folds.
        unfolded: bool,
    },
    /// Go to the end of the timeline and stay there.
    FollowTail,
    /// Stay where the user has scrolled to.
    StopFollowing,
    /// Show this conversation in the conversation bar.
    ShowConversation {
        /// Its number; `None` for the one of the selected or the last message.
        conversation: Option<u32>,
    },
    /// Give the detail pane this size.
    SetDetailSize {
        /// Its share of the window, 0 to 1.
        share: f32,
    },

    /// Show a column of the timeline, or hide it.
    ShowColumn {
        /// The column.
        column: Column,
        /// `false` hides it.
        shown: bool,
    },
    /// Give a column of the timeline this width.
    ResizeColumn {
        /// The column.
        column: Column,
        /// In points; `None` for the width that it has at first.
        width: Option<f32>,
    },
    /// Tell the times of the timeline like this.
    SetTimeFormat {
        /// How.
        format: TimeFormat,
    },
    /// Show the columns that there are at first, as wide as at first.
    ResetColumns,
    /// Put the rows of the timeline in this order.
    Sort {
        /// `None` for the session's order.
        sort: Option<Sort>,
    },
    /// Bring a place of the timeline into sight.
    JumpTo {
        /// Rows before it.
        place: usize,
    },
    /// Open the menu of a row.
    OpenMenu {
        /// The id of its entry.
        id: u64,
        /// Where the pointer asked for it, in points; `None` if a key did.
        at: Option<(f32, f32)>,
    },
    /// Close the menu of the row.
    CloseMenu,
    /// Fill the form of Compose with a message that was recorded.
    Resend {
        /// The id of its entry.
        id: u64,
    },

    /// Draw the ladder larger or smaller.
    ZoomLadder {
        /// `true` for larger.
        closer: bool,
    },
    /// Let distances in the ladder tell the time between messages, or give all the same.
    ScaleLadder {
        /// `true` for times to scale.
        on: bool,
    },
    /// Save the ladder as a file, with what the filter shows.
    SaveLadder {
        /// In this format.
        format: LadderFormat,
    },

    /// Look inside the pages of an origin from their next load on, or no more.
    SeeInside {
        /// The origin.
        origin: String,
        /// `false` looks no more.
        on: bool,
    },

    /// Show one call alone in every view.
    FollowCall {
        /// The conversation that it is held in.
        conversation: u32,
        /// Its number there.
        call: u32,
    },
    /// Follow no call any more: back to the filter that was there before.
    UnfollowCall,
    /// Pick a call to be compared, or do not.
    PickCall {
        /// The conversation that it is held in.
        conversation: u32,
        /// Its number there.
        call: u32,
        /// `false` does not.
        on: bool,
    },
    /// Select another call and pick both to be compared.
    MovePicking {
        /// How far.
        step: Move,
    },
    /// Choose the call that this one is to be compared with.
    CompareCallWith {
        /// The conversation that it is held in.
        conversation: u32,
        /// Its number there.
        call: u32,
    },
    /// Compare the two calls that are picked.
    CompareCalls,
    /// Compare the session that is shown with another.
    CompareSession {
        /// The other one.
        with: OtherSession,
    },
    /// Show the calls again in place of a comparison.
    CloseComparison,

    /// Look for a text in the message that is read.
    SearchMessage {
        /// The text; empty looks for nothing any more.
        text: String,
    },
    /// Go to another place with the text that is looked for in the message.
    SearchMessageAgain {
        /// `true` goes back.
        backwards: bool,
    },
    /// Put a part of the selected message on the clipboard.
    CopyPart {
        /// Where it is, as a JSON pointer: `/data/phoneNumber`.
        pointer: String,
        /// What of it.
        part: Part,
    },
    /// Compare the messages that are read with this one.
    CompareMessage {
        /// Its id; `None` for the one before of the same type.
        id: Option<u64>,
    },

    /// Put the findings together like this.
    GroupFindings {
        /// What stands together.
        by: Grouping,
    },
    /// Choose a line of the list of findings.
    SelectFinding {
        /// Lines before it.
        line: usize,
    },
    /// Show what a rule is about.
    ShowRule {
        /// The rule.
        code: String,
    },
    /// Hear nothing more of a rule.
    MuteRule {
        /// The rule.
        code: String,
        /// `false` until the panel is closed.
        always: bool,
    },
    /// Hear of a rule again.
    UnmuteRule {
        /// The rule.
        code: String,
    },
    /// List what is muted among the findings.
    ShowMuted {
        /// `false` lists it no more.
        shown: bool,
    },

    /// Show what can be exported, and how.
    Export,
    /// Choose what is exported.
    ChooseExport {
        /// What, and how.
        choice: ExportChoice,
    },
    /// Save what was chosen as a file.
    SaveExport,
    /// Put what was chosen on the clipboard.
    CopyExport,
    /// Put the choice away.
    CloseExport,

    /// Select all rows from where the selection began to this one.
    Extend {
        /// The id of the row.
        id: u64,
    },
    /// Select a row with the others, or take it out.
    ToggleSelected {
        /// The id of the row.
        id: u64,
    },
    /// Select the rows up to the one that is so far away.
    ExtendSelection {
        /// How far.
        step: Move,
    },
    /// Select all that the list shows.
    SelectAll,
    /// Select the messages of all findings from where the selection began to this line.
    ExtendToFinding {
        /// Lines before it.
        line: usize,
    },
    /// Select the message of a finding with the others, or take it out.
    ToggleFinding {
        /// Lines before it.
        line: usize,
    },
    /// Put what is selected on the clipboard.
    CopySelected {
        /// As what.
        form: CopyAs,
    },
    /// Compare the two messages that are selected.
    CompareSelected,
    /// Show the export with what is selected chosen.
    ExportSelected,

    /// Put every setting back to what it is at first.
    ResetSettings,
    /// Put some settings back to what they are at first.
    ResetSetting {
        /// Which.
        group: SettingGroup,
    },
    /// Take back the last reset of settings.
    UndoReset,
    /// Take people out of exports unless the sheet is told otherwise, or do not.
    SetRedaction {
        /// `false` does not.
        on: bool,
    },

    /// Ask for a file and show the session in it.
    Import,
    /// Show the session in this text.
    ImportText {
        /// The name of the file.
        name: String,
        /// The log.
        text: String,
    },
    /// Do not open the file that is being read.
    CancelImport,
    /// Show the live session, or the saved one that is open beside it.
    SwitchSession,
    /// Close the saved session and show the live one.
    BackToLive,
    /// Show what was recorded of the page that was here before.
    ShowParked,
    /// Put a text on the clipboard.
    Copy {
        /// What it is, for the message afterwards: "Message", "Finding".
        what: String,
        /// The text.
        text: String,
    },

    /// Write a message for this conversation.
    ChooseTarget {
        /// The conversation.
        conversation: u32,
    },
    /// Write the message in the name of one side.
    ChooseSide {
        /// `true` for the widget, to HubSpot.
        by_widget: bool,
    },
    /// Write a message of this type.
    ChooseType {
        /// In whose name.
        by_widget: bool,
        /// The type, such as `DIAL_NUMBER`.
        type_name: String,
    },
    /// Search the types to choose from.
    SearchTypes {
        /// Words of the type or of what it is.
        text: String,
    },
    /// Change a field of the message.
    SetDraftField {
        /// The field's path, for example `data.calleeInfo.calleeId`.
        field: String,
        /// What the user typed; empty leaves it out.
        value: String,
    },
    /// Add an item to a list of the message.
    AddDraftItem {
        /// The list's path.
        field: String,
    },
    /// Remove an item of a list of the message.
    RemoveDraftItem {
        /// The list's path.
        field: String,
        /// The item's place, from 0.
        index: usize,
    },
    /// Write the message as JSON, or as a form.
    WriteAsJson {
        /// `false` for the form.
        on: bool,
    },
    /// Change the message as JSON.
    SetDraftText {
        /// The text.
        text: String,
    },
    /// Begin the message anew, with what the session knows.
    ResetDraft,
    /// Post the message.
    SendDraft {
        /// Even if there is a reason against it.
        anyway: bool,
    },
    /// Write the name under which the message is kept.
    NameSnippet {
        /// The name.
        name: String,
    },
    /// Keep the message under the name that is written.
    SaveSnippet,
    /// Open a message that is kept.
    UseSnippet {
        /// Its place in the list, from 0.
        index: usize,
        /// Its name.
        name: String,
    },
    /// Give the kept message that was opened the name that is written.
    RenameSnippet,
    /// Let a kept message go.
    RemoveSnippet {
        /// Its place in the list, from 0.
        index: usize,
        /// Its name.
        name: String,
    },

    /// Edit this key of the page's localStorage.
    ChooseOverrideKey {
        /// The key.
        key: String,
    },
    /// Change a field of the override.
    SetOverrideField {
        /// The field: `name`, `url`, `isReady`, `width` or `height`.
        field: String,
        /// What the user typed; empty removes it.
        value: String,
    },
    /// Change the override as JSON text.
    SetOverrideText {
        /// The text.
        text: String,
    },
    /// Read the page's localStorage again.
    ReadOverrides,
    /// Write the override that is being edited into the page's localStorage.
    SetOverride,
    /// Remove a key from the page's localStorage.
    ClearOverride {
        /// The key.
        key: String,
    },
    /// Put back what a key held.
    RestoreOverride {
        /// The key.
        key: String,
        /// What it held.
        value: Option<String>,
    },
    /// Reload the inspected page.
    ReloadPage,

    /// Keep the filter among the saved ones.
    SaveFilter {
        /// What it is called; empty for the filter itself.
        name: String,
    },
    /// Let a saved filter go.
    RemoveFilter {
        /// The filter.
        text: String,
    },
    /// Look for a text among the messages that are shown, as DevTools' own search does.
    Find {
        /// The text; empty looks for nothing any more.
        text: String,
    },
    /// Select another message with the text that is looked for.
    FindAgain {
        /// `true` goes back.
        backwards: bool,
    },
    /// Select another message with a finding.
    MoveToFinding {
        /// `true` goes back.
        backwards: bool,
    },
    /// Give the list the keyboard.
    FocusList,
    /// Show what lies over the panel, or put it away.
    ShowOverlay {
        /// `None` puts it away.
        overlay: Option<Overlay>,
    },

    /// Try to reach the page again, now.
    Reconnect,
    /// Ask the browser for permission to listen in an origin, and listen.
    PermitOrigin {
        /// The origin.
        origin: String,
    },
    /// Put a notice away.
    DismissNotice {
        /// The notice.
        id: u32,
    },

    /// Play a scenario with the simulator's widget.
    Scenario {
        /// What of it.
        what: ScenarioAction,
    },
}

/// A view of the panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// Messages in session order.
    #[default]
    Timeline,
    /// Who says what to whom, as arrows between lifelines.
    Ladder,
    /// The calls, and how long answers took.
    Calls,
    /// What is wrong.
    Findings,
    /// The state machines of a conversation.
    State,
    /// Send a message.
    Compose,
    /// Play scenarios with the simulator's widget.
    Scenarios,
    /// Set the `LocalSettings` override.
    Overrides,
}

impl View {
    /// All views, in the order of their tabs.
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

    /// The tab's text.
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
    /// Whether the details of the selected message are shown beside it.
    #[must_use]
    pub const fn has_detail(self) -> bool {
        matches!(
            self,
            Self::Timeline | Self::Ladder | Self::Calls | Self::Findings | Self::State
        )
    }
}

/// What is exported, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExportChoice {
    /// What.
    pub part: ExportPart,
    /// As what.
    pub format: ExportFormat,
    /// Whether names, numbers and ids are replaced.
    pub redacted: bool,
    /// The name of the file; empty for one that tells when.
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

/// What the selected messages are copied as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopyAs {
    /// As they were recorded, one a line.
    Json,
    /// The cells of their rows, with tabs between them.
    Rows,
    /// The SDK calls that send them, or the handlers that get them.
    Code,
    /// Lines for the console that post them again.
    Console,
}

/// Settings that are put back together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingGroup {
    /// What is kept of the page's messages.
    Recording,
    /// The timeline's columns, and how times are told.
    Columns,
    /// Whether exports take people out.
    Export,
    /// How findings are grouped, and how large the details are.
    Layout,
    /// The rules that are muted.
    Muted,
    /// The saved filters.
    Filters,
    /// The messages that are kept for Compose.
    Snippets,
}

impl SettingGroup {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Recording,
        Self::Columns,
        Self::Export,
        Self::Layout,
        Self::Muted,
        Self::Filters,
        Self::Snippets,
    ];

    /// Its heading.
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

    /// What its button says.
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

    /// What was done, for a notice.
    pub(crate) const fn done(self) -> &'static str {
        match self {
            Self::Recording => "Recording settings are as at first",
            Self::Columns => "Columns and times are as at first",
            Self::Export => "Exports take people out, as at first",
            Self::Layout => "The layout is as at first",
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
    /// All of it.
    #[default]
    Whole,
    /// What the filter shows.
    Shown,
    /// The call that is followed, or that the selected message belongs to.
    Call,
    /// The selected messages.
    Selected,
}

/// What a session is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportFormat {
    /// A log, which can be opened here and checked by the program.
    #[default]
    Log,
    /// A report as a page.
    Html,
    /// A report as Markdown.
    Markdown,
    /// The ladder as a picture.
    Svg,
    /// The ladder as a Mermaid diagram.
    Mermaid,
}

impl ExportFormat {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [
        Self::Log,
        Self::Markdown,
        Self::Html,
        Self::Svg,
        Self::Mermaid,
    ];

    /// What people call it.
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

    /// What it is good for.
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

    /// The end of the file's name.
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

/// What of a part of a message is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// What it holds: of a text the text itself.
    Value,
    /// Where it is, as code would write it.
    Path,
    /// What it holds as JSON over several lines.
    Json,
    /// What it holds as the page wrote it.
    Raw,
}

/// A session to compare the shown one with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtherSession {
    /// The live session.
    Live,
    /// The saved session that was shown before.
    Before,
}

/// The formats in which the ladder is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LadderFormat {
    /// A picture.
    Svg,
    /// A diagram that GitHub draws.
    Mermaid,
    /// Lines of text.
    Text,
}

impl LadderFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Svg, Self::Mermaid, Self::Text];

    /// The format as its writers know it.
    pub(crate) const fn of(self) -> callscope_diagram::Format {
        match self {
            Self::Svg => callscope_diagram::Format::Svg,
            Self::Mermaid => callscope_diagram::Format::Mermaid,
            Self::Text => callscope_diagram::Format::Text,
        }
    }
}

/// What can lie over the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Overlay {
    /// All that can be done, to choose from.
    Commands,
    /// The keys and what they do.
    Keys,
    /// All that the panel keeps from one opening to the next.
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
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Previous,
        Self::Next,
        Self::PageUp,
        Self::PageDown,
        Self::First,
        Self::Last,
    ];

    /// What it does, for a list of keys.
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

    /// Where it leads in a list whose last row is `last`, of which `page` rows fit into sight.
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

    /// Its key.
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
    /// A run of one type.
    Run {
        /// The id of its first message.
        id: u64,
    },
    /// A section of the detail pane.
    Section {
        /// Its title.
        title: String,
    },
    /// A value of the JSON tree.
    Json {
        /// Its path: `data.calleeInfo`.
        path: String,
    },
    /// The findings under a heading.
    Findings {
        /// The heading's name.
        name: String,
    },
}

#[expect(
    clippy::match_same_arms,
    reason = "words of different actions that happen to be the same"
)]
impl Action {
    /// The text of a button that does it.
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
            Self::ToggleSelected { .. } | Self::ToggleFinding { .. } => "Select too".to_owned(),
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
            Self::Import | Self::ImportText { .. } => "Import".to_owned(),
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
            Self::Find { text } if text.is_empty() => "Stop finding".to_owned(),
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

    /// What it will do, in more words than the label has.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one arm for each action")]
    pub fn tooltip(&self) -> &'static str {
        match self {
            Self::SetRecording { on: true } => "Go on recording the page's messages",
            Self::SetRecording { on: false } => {
                "Stop recording; what passes meanwhile is counted as missing"
            }
            Self::Clear => {
                "Empty the list; the conversations go on as they are, and it can be undone"
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
            Self::SetTimeFormat { .. } => "How times are told",
            Self::ResetColumns => "Show the columns that there are at first, as wide as at first",
            Self::Sort { sort: None } => "Show the messages in the order in which they came",
            Self::Sort { sort: Some(_) } => "Put the messages in the order of this column",
            Self::JumpTo { .. } => "Bring these messages into sight",
            Self::OpenMenu { .. } => "What can be done with this message",
            Self::CloseMenu => "Close the menu",
            Self::Resend { .. } => "Fill in Compose with what this message held",
            Self::ZoomLadder { closer: true } => "Draw the ladder larger",
            Self::ZoomLadder { closer: false } => "See more of the ladder at once",
            Self::ScaleLadder { .. } => "Let distances tell the time between messages",
            Self::SaveLadder { .. } => {
                "Save what the filter shows as a file. It holds phone numbers, as the messages do"
            }
            Self::FollowCall { .. } => "Show this call alone in every view",
            Self::UnfollowCall => "Back to the filter that was there before, or to everything",
            Self::PickCall { .. } => "Pick two calls to compare them",
            Self::MovePicking { .. } => "Pick this call and the next one",
            Self::CompareCallWith { .. } => "Choose another call, and see where the two part",
            Self::CompareCalls => "Show where the two picked calls part",
            Self::CompareSession { .. } => "Show where this session and the other one part",
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
                "Select this with the others, or take it out"
            }
            Self::SelectAll => "Select all that the list shows",
            Self::CopySelected { form: CopyAs::Json } => "As recorded, one message a line",
            Self::CopySelected { form: CopyAs::Rows } => {
                "The cells of the rows, with tabs between them, as a spreadsheet takes them"
            }
            Self::CopySelected { form: CopyAs::Code } => {
                "The SDK calls that send them, and the handlers that get them"
            }
            Self::CopySelected {
                form: CopyAs::Console,
            } => "Lines for the console that post the messages again",
            Self::CompareSelected => "Show how the later one differs from the one before",
            Self::ExportSelected => "Save the selected messages as a log, report or picture",
            Self::ResetSettings => "Put every setting back to what it is at first; can be undone",
            Self::ResetSetting { group } => match group {
                SettingGroup::Muted => "List and count the findings of all rules again",
                SettingGroup::Filters | SettingGroup::Snippets => "Forget them; can be undone",
                _ => "Put these settings back to what they are at first; can be undone",
            },
            Self::UndoReset => "Put the settings back to what they were before the reset",
            Self::SetRedaction { .. } => {
                "Whether Export starts with names, numbers, e-mail addresses and ids replaced"
            }
            Self::Import | Self::ImportText { .. } => "Open a .callscope.jsonl file",
            Self::CancelImport => "Do not open this file",
            Self::SwitchSession => {
                "Live session or saved one; the live one is recorded all the while"
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
                "Write the message as JSON, whatever it is"
            }
            Self::WriteAsJson { on: false } => "Write the message field by field",
            Self::ResetDraft => "Begin anew with what this session knows",
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
            Self::Find { .. } => "Select the messages that hold a text, one after another",
            Self::FindAgain { .. } => "Select another message that holds the text",
            Self::MoveToFinding { backwards: false } => {
                "Select the next message or gap with a finding"
            }
            Self::MoveToFinding { backwards: true } => "Select the message with a finding before",
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

    /// The keys that do it.
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
            // Ctrl+Shift+P, which other programs use, DevTools takes from every panel for its own
            // commands; F8 comes here too, but means DevTools' debugger in all of its panels.
            Self::ShowOverlay {
                overlay: Some(Overlay::Commands),
            } => command(Key::K),
            Self::ShowOverlay {
                overlay: Some(Overlay::Keys),
            } => plain(Key::Questionmark),
            // Cmd+, is Chrome's own on macOS.
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

    /// Other keys that do it.
    #[must_use]
    pub const fn other_shortcut(&self) -> Option<KeyboardShortcut> {
        match self {
            Self::FocusFilter => Some(KeyboardShortcut::new(Modifiers::NONE, Key::Slash)),
            _ => None,
        }
    }

    /// The tooltip with the keys, for showing.
    #[must_use]
    pub fn help(&self, ctx: &egui::Context) -> String {
        match self.shortcut() {
            Some(shortcut) => format!("{} ({})", self.tooltip(), crate::keys::text(ctx, shortcut)),
            None => self.tooltip().to_owned(),
        }
    }
}
