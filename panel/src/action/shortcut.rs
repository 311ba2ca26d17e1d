//! The keyboard shortcut of each action.

use egui::{Key, KeyboardShortcut, Modifiers};

use super::{Action, CopyAs, Move, Overlay};

impl Action {
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
            | Self::ShowEntry { .. }
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
            | Self::SaveLadder
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
            | Self::UndoRemove
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
            | Self::SelectElsewhere { .. }
            | Self::ShowElsewhere
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
}

impl Move {
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
