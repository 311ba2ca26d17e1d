//! What each action is called, and what its tooltip says.

use super::{Action, CopyAs, Grouping, Overlay, Part, SettingGroup};

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
            Self::ShowEntry { .. } => "Show entry".to_owned(),
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
            Self::SelectElsewhere { .. } => "Select in comparison".to_owned(),
            Self::ShowElsewhere => "Show it in its session".to_owned(),
            Self::CloseComparison => "Close comparison".to_owned(),
            Self::ShowColumn { column, .. } | Self::ResizeColumn { column, .. } => {
                column.spec().title.to_owned()
            }
            Self::SetTimeFormat { .. } => "Time".to_owned(),
            Self::ResetColumns => "Reset columns".to_owned(),
            Self::Sort { sort: None } => "Session order".to_owned(),
            Self::Sort { sort: Some(sort) } => {
                let order = if sort.is_descending {
                    "descending"
                } else {
                    "ascending"
                };
                format!("Sort by {}, {order}", sort.column.noun())
            }
            Self::JumpTo { .. } => "Go there".to_owned(),
            Self::OpenMenu { .. } => "Menu".to_owned(),
            Self::CloseMenu => "Close menu".to_owned(),
            Self::Resend { .. } => "Resend…".to_owned(),
            Self::ZoomLadder { closer: true } => "Zoom in".to_owned(),
            Self::ZoomLadder { closer: false } => "Zoom out".to_owned(),
            Self::ScaleLadder { .. } => "Times to scale".to_owned(),
            Self::SaveLadder => "Save the ladder".to_owned(),
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
            Self::UndoReset | Self::UndoRemove => "Undo".to_owned(),
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
            Self::SetFilter { text } if text.is_empty() => "Show all messages again",
            Self::SetFilter { .. } => "Show only the messages that this filter lets through",
            Self::FocusFilter => {
                "Words, type:CALL_*, from:host, severity>=warning, call:2, data.engagementId:123, /regex/, \
                 or, not, parentheses; Ctrl+Space offers what fits"
            }
            Self::Select { .. } | Self::SelectSeq { .. } | Self::ShowMessage { .. } => {
                "Show this message"
            }
            Self::ShowEntry { .. } => "Show this entry in the timeline",
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
            Self::SaveLadder => {
                "Save what the filter shows as a picture or text, with or without phone numbers"
            }
            Self::FollowCall { .. } => "Show this call alone in every view",
            Self::UnfollowCall => "Back to the filter that was there before, or to everything",
            Self::PickCall { .. } => "Pick two calls to compare them",
            Self::MovePicking { .. } => "Pick this call and the next one",
            Self::CompareCallWith { .. } => "Choose another call, and see where the two differ",
            Self::CompareCalls => "Show where the two picked calls differ",
            Self::CompareSession { .. } => "Show where this session and the other one differ",
            Self::SelectElsewhere { .. } => "Say where this message is",
            Self::ShowElsewhere => "Leave the comparison for the session that has this message",
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
            Self::UndoRemove => "Put back what was removed",
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

    /// The tooltip including the shortcut.
    #[must_use]
    pub fn help(&self, ctx: &egui::Context) -> String {
        match self.shortcut() {
            Some(shortcut) => format!("{} ({})", self.tooltip(), crate::keys::text(ctx, shortcut)),
            None => self.tooltip().to_owned(),
        }
    }
}
