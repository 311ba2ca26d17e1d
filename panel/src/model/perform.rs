//! Carries out the user's actions.

use callscope_bus::{FromPanel, SettingText};
use callscope_live::Tab;
use callscope_protocol::{CallId, ConversationId, Side};

use super::columns::ColumnSettings;
use super::overrides::WriteOutcome;
use super::settings::clamp_share;
use super::timeline::OpenMenu;
use super::{Model, Request};
use crate::action::{Action, Move, SettingGroup, View};
use crate::event::Effect;

const fn call_id(conversation: u32, serial: u32) -> CallId {
    CallId {
        conversation: ConversationId(conversation),
        serial,
    }
}

impl Model {
    /// Carries out an action.
    #[expect(clippy::too_many_lines, reason = "one arm for each action")]
    pub fn perform(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::SetRecording { on } => {
                if let Some(status) = &mut self.status {
                    // The recorder's answer takes a moment; the button must react at once.
                    status.recording = on;
                }
                self.note_pause();
                if !self.connection.is_attached() {
                    // Nobody hears it now.
                    self.recording_wish = Some(on);
                }
                self.send_to_all(&FromPanel::SetRecording { on })
            }
            Action::Clear => self.clear(),
            Action::UndoClear => self.undo_clear(),
            Action::SetPreserveLog { on } => {
                self.settings.preserve_log = on;
                self.store()
            }
            Action::SetHistoryLimit { bytes } => {
                self.settings.history_limit = bytes;
                let mut effects = self.store();
                effects.extend(self.send_to_all(&FromPanel::SetLimit { bytes }));
                effects
            }
            Action::ShowView { view } => {
                self.view = view;
                if view == View::Findings {
                    self.enter_findings();
                }
                if view == View::Scenarios {
                    return self.enter_scenarios();
                }
                if view == View::Overrides
                    && self.connection.is_attached()
                    && !self.overrides.is_read()
                {
                    return vec![self.read_settings()];
                }
                Vec::new()
            }
            Action::SetFilter { text } => {
                self.set_filter(text);
                Vec::new()
            }
            Action::FocusFilter => {
                self.overlay = None;
                self.nudges.focus_filter = true;
                Vec::new()
            }
            Action::Select { id } => {
                self.select(id);
                Vec::new()
            }
            Action::SelectSeq { seq } => {
                if let Some(id) = self.shown().id_of(seq) {
                    self.select(id);
                    self.show_selection();
                }
                Vec::new()
            }
            Action::ShowEntry { id } => {
                self.select(id);
                self.show_selection();
                Vec::new()
            }
            Action::ShowMessage { message_id } => {
                if let Some(id) = self.shown().last_with_message_id(&message_id) {
                    self.select(id);
                    self.show_selection();
                } else {
                    let text = "The message is not in the timeline yet";
                    self.notices.info(self.seconds(), text, None);
                }
                Vec::new()
            }
            Action::MoveSelection { step } if self.view == View::Calls => {
                if self.is_comparing() {
                    self.move_in_comparison(step);
                } else {
                    self.move_call(step, false);
                }
                Vec::new()
            }
            Action::MoveSelection { step } => {
                self.move_selection(step);
                Vec::new()
            }
            Action::Back => {
                self.back();
                Vec::new()
            }
            Action::SetUnfolded { fold, unfolded } => {
                self.set_unfolded(fold, unfolded);
                Vec::new()
            }
            Action::FollowTail => {
                self.follows = true;
                Vec::new()
            }
            Action::StopFollowing => {
                if self.follows {
                    self.follows = false;
                    self.left_at = self.shown().rows().shown();
                }
                Vec::new()
            }
            Action::ShowConversation { conversation } => {
                self.chosen_conversation = conversation.map(ConversationId);
                Vec::new()
            }
            Action::SetDetailSize { share } => {
                self.settings.detail_share = clamp_share(share);
                self.store()
            }

            Action::FollowCall { conversation, call } => {
                self.follow_call(call_id(conversation, call));
                Vec::new()
            }
            Action::UnfollowCall => {
                self.unfollow_call();
                Vec::new()
            }
            Action::PickCall {
                conversation,
                call,
                on,
            } => {
                self.pick_call(call_id(conversation, call), on);
                Vec::new()
            }
            Action::MovePicking { step } => {
                self.move_call(step, true);
                Vec::new()
            }
            Action::CompareCallWith { conversation, call } => {
                self.compare_call_with(call_id(conversation, call));
                Vec::new()
            }
            Action::CompareCalls => {
                self.compare_calls();
                Vec::new()
            }
            Action::CompareSession { with } => {
                self.compare_session(with);
                Vec::new()
            }
            Action::SelectElsewhere { id } => {
                self.select_elsewhere(id);
                Vec::new()
            }
            Action::ShowElsewhere => {
                self.show_elsewhere();
                Vec::new()
            }
            Action::CloseComparison => {
                self.close_comparison();
                Vec::new()
            }

            Action::ShowColumn { column, shown } => {
                self.settings.columns.show(column, shown);
                self.store()
            }
            Action::ResizeColumn { column, width } => {
                self.settings.columns.resize(column, width);
                self.store()
            }
            Action::SetTimeFormat { format } => {
                self.settings.columns.time = format;
                self.store()
            }
            Action::ResetColumns => {
                self.settings.columns = ColumnSettings::default();
                self.store()
            }
            Action::Sort { sort } => {
                self.sort(sort);
                Vec::new()
            }
            Action::JumpTo { place } => {
                self.stop_following();
                self.timeline.jump = Some(place);
                Vec::new()
            }
            Action::OpenMenu { id, at } => {
                self.select_for_menu(id);
                self.timeline.menu = Some(OpenMenu { id, at });
                Vec::new()
            }
            Action::CloseMenu => {
                self.timeline.menu = None;
                Vec::new()
            }
            Action::Resend { id } => {
                self.resend(id);
                Vec::new()
            }

            Action::SearchMessage { text } => {
                self.search_message(text);
                Vec::new()
            }
            Action::SearchMessageAgain { backwards } => {
                self.search_message_again(backwards);
                Vec::new()
            }
            Action::CopyPart { pointer, part } => self.copy_part(&pointer, part),
            Action::CompareMessage { id } => {
                self.compare_message(id);
                Vec::new()
            }

            Action::ZoomLadder { closer } => {
                self.ladder.zoom = self.ladder.zoom.by(closer);
                Vec::new()
            }
            Action::ScaleLadder { on } => {
                self.ladder.zoom.to_scale = on;
                Vec::new()
            }
            Action::SaveLadder => self.save_ladder(),

            Action::GroupFindings { by } => {
                self.settings.group_findings = by;
                self.store()
            }
            Action::SelectFinding { line } => {
                self.select_finding(line);
                Vec::new()
            }
            Action::ShowRule { code } => {
                self.show_rule(&code);
                Vec::new()
            }
            Action::MuteRule { code, always } => self.mute_rule(&code, always),
            Action::UnmuteRule { code } => self.unmute_rule(&code),
            Action::ShowMuted { shown } => {
                self.show_muted(shown);
                Vec::new()
            }

            Action::Export => self.open_export(),
            Action::ChooseExport { choice } => {
                self.choose_export(choice);
                Vec::new()
            }
            Action::SaveExport => self.ask_for_export(),
            Action::CopyExport => self.copy_export(),
            Action::CloseExport => {
                self.export.is_open = false;
                Vec::new()
            }

            Action::Extend { id } => {
                self.extend_selection(id);
                Vec::new()
            }
            Action::ToggleSelected { id } => {
                self.toggle_selected(id);
                Vec::new()
            }
            Action::ExtendSelection { step } => {
                self.extend_selection_by(step);
                Vec::new()
            }
            Action::SelectAll => {
                self.select_all();
                Vec::new()
            }
            Action::ExtendToFinding { line } => {
                self.extend_to_finding(line);
                Vec::new()
            }
            Action::ToggleFinding { line } => {
                self.toggle_finding(line);
                Vec::new()
            }
            Action::CopySelected { form } => self.copy_selected(form),
            Action::CompareSelected => {
                self.compare_selected();
                Vec::new()
            }
            Action::ExportSelected => self.export_selected(),

            Action::ResetSettings => self.reset_settings(&SettingGroup::ALL),
            Action::ResetSetting { group } => self.reset_settings(&[group]),
            Action::UndoReset => self.undo_reset(),
            Action::UndoRemove => self.undo_remove(),
            Action::SetRedaction { on } => self.set_redaction(on),

            Action::Scenario { what } => self.perform_scenario(what),

            Action::Import => vec![Effect::PickFile],
            Action::ImportText { name, text } => {
                self.open_text(&name, &text);
                Vec::new()
            }
            Action::Paste { text } => {
                /// A longer text, in bytes, is read piece by piece, so that the panel never freezes.
                const LONG: usize = 1 << 20;
                let name = "pasted text".to_owned();
                if text.len() > LONG {
                    return vec![Effect::ReadText { name, text }];
                }
                self.open_text(&name, &text);
                Vec::new()
            }
            Action::CancelImport => {
                self.cancel_import();
                Vec::new()
            }
            Action::SwitchSession => {
                self.switch_session();
                Vec::new()
            }
            Action::BackToLive => {
                self.close_saved();
                Vec::new()
            }
            Action::ShowParked => {
                self.show_left();
                Vec::new()
            }
            Action::Copy { what, text } => vec![Effect::Copy { what, text }],

            Action::ChooseTarget { conversation } => {
                self.compose.choose(ConversationId(conversation));
                Vec::new()
            }
            Action::ChooseSide { by_widget } => {
                self.compose.choose_side(side(by_widget));
                Vec::new()
            }
            Action::ChooseType {
                by_widget,
                type_name,
            } => {
                self.compose.choose_type(side(by_widget), &type_name);
                Vec::new()
            }
            Action::SearchTypes { text } => {
                self.compose.search(text);
                Vec::new()
            }
            Action::SetDraftField { field, value } => {
                self.compose.set(&field, value);
                Vec::new()
            }
            Action::AddDraftItem { field } => {
                self.change_draft(|compose, around| compose.change_list(around, &field, None));
                Vec::new()
            }
            Action::RemoveDraftItem { field, index } => {
                self.change_draft(|compose, around| {
                    compose.change_list(around, &field, Some(index));
                });
                Vec::new()
            }
            Action::WriteAsJson { on } => {
                self.compose.set_json(on);
                Vec::new()
            }
            Action::SetDraftText { text } => {
                self.change_draft(|compose, around| compose.set_text(around, text));
                Vec::new()
            }
            Action::ResetDraft => {
                self.compose.reset();
                Vec::new()
            }
            Action::SendDraft { anyway } => self.send_draft(anyway),
            Action::NameSnippet { name } => {
                self.compose.name_snippet(name);
                Vec::new()
            }
            Action::SaveSnippet => self.save_snippet(),
            Action::UseSnippet { index, .. } => {
                self.use_snippet(index);
                Vec::new()
            }
            Action::RenameSnippet => self.rename_snippet(),
            Action::RemoveSnippet { index, .. } => self.remove_snippet(index),

            Action::ChooseOverrideKey { key } => {
                self.overrides.choose(&key);
                Vec::new()
            }
            Action::SetOverrideField { field, value } => {
                self.overrides.set_field(&field, &value);
                Vec::new()
            }
            Action::SetOverrideText { text } => {
                self.overrides.set_draft(text);
                Vec::new()
            }
            Action::ReadOverrides => {
                self.overrides.outcome = None;
                vec![self.read_settings()]
            }
            Action::SetOverride => match self.overrides.to_write() {
                Ok(setting) => vec![self.write_setting(setting)],
                Err(reason) => {
                    self.overrides.outcome = Some(WriteOutcome::Failed { reason });
                    Vec::new()
                }
            },
            Action::ClearOverride { key } => {
                vec![self.write_setting(SettingText { key, value: None })]
            }
            Action::RestoreOverride { key, value } => {
                vec![self.write_setting(SettingText { key, value })]
            }
            Action::ReloadPage => {
                if self.connection.is_attached() && self.imported.is_none() {
                    let request = self.request(Request::Reload);
                    vec![Effect::Send(FromPanel::Reload { request })]
                } else {
                    vec![Effect::ReloadPage]
                }
            }

            Action::SaveFilter { name } => self.save_filter(&name),
            Action::RemoveFilter { text } => self.remove_filter(&text),
            Action::Find { text } => {
                self.find(text);
                Vec::new()
            }
            Action::FindAgain { backwards } => {
                self.find_again(backwards);
                Vec::new()
            }
            Action::MoveToFinding { backwards } => {
                self.move_to_finding(backwards);
                Vec::new()
            }
            Action::FocusList => {
                if self.selected.is_none() {
                    self.move_selection(Move::First);
                }
                self.nudges.focus_list = true;
                Vec::new()
            }
            Action::ShowOverlay { overlay } => {
                self.overlay = overlay;
                Vec::new()
            }

            Action::Reconnect => vec![Effect::Reconnect],
            Action::PermitOrigin { origin } => {
                self.asking.insert(origin.clone());
                vec![Effect::PermitOrigin(origin)]
            }
            Action::SeeInside { origin, on } => vec![Effect::SeeInside { origin, on }],
            Action::DismissNotice { id } => {
                self.notices.dismiss(id);
                Vec::new()
            }
        }
    }

    pub(super) fn store(&self) -> Vec<Effect> {
        vec![Effect::StoreSettings(self.settings.to_text())]
    }

    /// Sends a message to the page and all of its calling windows.
    pub(super) fn send_to_all(&self, message: &FromPanel) -> Vec<Effect> {
        let to_window = |tab: &Tab| Effect::SendTo(*tab, message.clone());
        let windows = self.windows.iter().map(to_window);
        std::iter::once(Effect::Send(message.clone()))
            .chain(windows)
            .collect()
    }

    fn write_setting(&mut self, setting: SettingText) -> Effect {
        self.overrides.is_waiting = true;
        self.overrides.outcome = None;
        let before = self.overrides.value(&setting.key).map(str::to_owned);
        let request = self.request(Request::WriteSetting {
            setting: setting.clone(),
            before,
        });
        Effect::Send(FromPanel::WriteSetting { request, setting })
    }
}

const fn side(by_widget: bool) -> Side {
    if by_widget { Side::Widget } else { Side::Host }
}
