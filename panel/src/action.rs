//! Every action that the user can take.
//!
//! Views return actions; `Model::perform` carries them out, never while drawing. Browser tests and
//! the demo pass their JSON form (`{"do":"select","id":7}`) to `callscopePanel.perform(json)`.
//!
//! An action is a variant here, its label and tooltip in `text`, its shortcut in `shortcut`.

mod call;
mod list;
mod output;
mod setting_group;
mod shortcut;
mod text;
mod view;

use serde::{Deserialize, Serialize};

pub use crate::model::columns::{Column, Sort, TimeFormat};
pub use crate::model::findings::Grouping;
pub use crate::model::scenarios::ScenarioAction;
pub use list::{Fold, Move};
pub use output::{CopyAs, ExportChoice, ExportFormat, ExportPart, Part};
pub use setting_group::SettingGroup;
pub use view::{OtherSession, Overlay, View};

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
    /// Select an entry, and show it.
    ShowEntry {
        /// The id of the entry.
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
    /// Show the export sheet for the part of the ladder that the filter shows.
    SaveLadder,

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
    /// Select a message that only the session compared with the shown one has.
    SelectElsewhere {
        /// The id of its entry there.
        id: u64,
    },
    /// Show the message selected like that in its session.
    ShowElsewhere,
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
    /// Put back the saved filter or message that was removed last.
    UndoRemove,
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
