//! The settings sheet and its resets.

use std::collections::BTreeSet;

use callscope_bus::FromPanel;

use super::Model;
use super::columns::ColumnSettings;
use super::findings::{Grouping, MutedRule};
use super::settings::{SavedFilter, Settings};
use super::snippets::Snippet;
use crate::action::{Action, SettingGroup};
use crate::event::Effect;

/// What the sheet shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SettingsData {
    pub(crate) preserve_log: bool,
    /// In bytes.
    pub(crate) history_limit: u64,
    pub(crate) has_parked: bool,
    pub(crate) columns: ColumnSettings,
    pub(crate) redact_exports: bool,
    /// The detail pane's share of the window.
    pub(crate) detail_share: f32,
    pub(crate) group_findings: Grouping,
    pub(crate) muted: Vec<MutedRule>,
    pub(crate) saved_filters: Vec<SavedFilter>,
    /// The names of the saved messages.
    pub(crate) snippets: Vec<String>,
    /// The groups that differ from the defaults.
    pub(crate) changed: Vec<SettingGroup>,
}

/// The state that undoing a reset restores.
#[derive(Clone, Debug)]
pub(super) struct BeforeReset {
    settings: Settings,
    muted_for_now: BTreeSet<&'static str>,
}

impl Model {
    /// The contents of the settings sheet.
    pub(crate) fn settings_data(&mut self) -> SettingsData {
        let is_muted_for_now = !self.muted_for_now().is_empty();
        let settings = &self.settings;
        let is_changed = |group: &SettingGroup| {
            let mut reset = settings.clone();
            reset.reset(*group);
            reset != *settings || (*group == SettingGroup::Muted && is_muted_for_now)
        };
        SettingsData {
            preserve_log: settings.preserve_log,
            history_limit: settings.history_limit,
            has_parked: self.has_parked(),
            columns: settings.columns.clone(),
            redact_exports: settings.redact_exports,
            detail_share: settings.detail_share,
            group_findings: settings.group_findings,
            muted: self.muted(),
            saved_filters: settings.saved_filters.clone(),
            snippets: settings.snippets.iter().map(Snippet::title).collect(),
            changed: SettingGroup::ALL.into_iter().filter(is_changed).collect(),
        }
    }

    /// Resets settings to their defaults.
    pub(super) fn reset_settings(&mut self, groups: &[SettingGroup]) -> Vec<Effect> {
        let before = BeforeReset {
            settings: self.settings.clone(),
            muted_for_now: self.muted_for_now().clone(),
        };
        for group in groups {
            self.settings.reset(*group);
            if *group == SettingGroup::Muted {
                self.muted_for_now().clear();
            }
        }
        let is_changed =
            self.settings != before.settings || *self.muted_for_now() != before.muted_for_now;
        if !is_changed {
            return Vec::new();
        }
        let text = match groups {
            [one] => one.done(),
            _ => "All settings are back to their defaults",
        };
        let effects = self.settings_changed(&before.settings);
        self.before_reset = Some(Box::new(before));
        // An earlier reset can no longer be undone.
        self.notices.withdraw(&Action::UndoReset);
        let undo = Some(Action::UndoReset);
        self.notices.done(self.seconds(), text, undo);
        effects
    }

    /// Undoes the last reset.
    pub(super) fn undo_reset(&mut self) -> Vec<Effect> {
        let Some(before) = self.before_reset.take() else {
            return Vec::new();
        };
        let now = std::mem::replace(&mut self.settings, before.settings);
        *self.muted_for_now() = before.muted_for_now;
        self.notices.withdraw(&Action::UndoReset);
        self.settings_changed(&now)
    }

    /// Applies the settings that differ from `before`.
    fn settings_changed(&mut self, before: &Settings) -> Vec<Effect> {
        self.options_revision += 1;
        if before.redact_exports != self.settings.redact_exports {
            self.export.choice.redacted = self.settings.redact_exports;
        }
        let mut effects = self.store();
        let bytes = self.settings.history_limit;
        if before.history_limit != bytes {
            effects.extend(self.send_to_all(&FromPanel::SetLimit { bytes }));
        }
        effects
    }

    /// Sets whether exports are redacted by default.
    pub(super) fn set_redaction(&mut self, on: bool) -> Vec<Effect> {
        self.settings.redact_exports = on;
        self.export.choice.redacted = on;
        self.store()
    }
}
