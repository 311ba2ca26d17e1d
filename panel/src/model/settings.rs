//! The settings that the panel stores.

use callscope_bus::bounds;
use serde::{Deserialize, Serialize};

use super::columns::ColumnSettings;
use super::findings::Grouping;
use super::snippets::{MOST_SNIPPETS, Snippet};
use crate::action::SettingGroup;

/// The default limit of a recorder's history, in bytes.
pub(crate) const DEFAULT_LIMIT: u64 = bounds::HISTORY_BYTES as u64;

/// The version of the stored settings, to be raised when a field changes its meaning.
const VERSION: u32 = 1;

/// The stored settings. The current filter is not among them: a forgotten filter hides messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Settings {
    /// Whether the log is kept when the page navigates.
    pub(crate) preserve_log: bool,
    /// The detail pane's share of the window.
    pub(crate) detail_share: f32,
    /// The limit of the history, in bytes.
    pub(crate) history_limit: u64,
    /// The filters that the user keeps.
    pub(crate) saved_filters: Vec<SavedFilter>,
    /// The user's choices for the timeline's columns.
    pub(crate) columns: ColumnSettings,
    /// The messages that the user keeps for Compose.
    pub(crate) snippets: Vec<Snippet>,
    /// How the findings are grouped.
    pub(crate) group_findings: Grouping,
    /// The codes of muted rules.
    pub(crate) muted_rules: Vec<String>,
    /// Whether exports are redacted by default.
    pub(crate) redact_exports: bool,
}

/// A saved filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SavedFilter {
    /// Its name; empty to use the filter text.
    pub(crate) name: String,
    /// The text, in the filter language.
    pub(crate) text: String,
}

impl SavedFilter {
    /// The label of its button.
    pub(crate) fn title(&self) -> &str {
        if self.name.is_empty() {
            &self.text
        } else {
            &self.name
        }
    }

    /// The name, if it has one, and the text.
    pub(crate) fn words(&self) -> String {
        match self.name.as_str() {
            "" => self.text.clone(),
            name => format!("{name}: {}", self.text),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            preserve_log: false,
            detail_share: 0.42,
            history_limit: DEFAULT_LIMIT,
            saved_filters: Vec::new(),
            columns: ColumnSettings::default(),
            snippets: Vec::new(),
            group_findings: Grouping::default(),
            muted_rules: Vec::new(),
            redact_exports: true,
        }
    }
}

impl Settings {
    /// Reads stored settings; `None` if the text is not an object. A field that is broken or from
    /// another version gets its default; the others are kept.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let serde_json::Value::Object(stored) = serde_json::from_str(text).ok()? else {
            return None;
        };
        let mut kept = serde_json::Map::new();
        for (key, value) in stored {
            let mut tried = kept.clone();
            tried.insert(key, value);
            if serde_json::from_value::<Self>(tried.clone().into()).is_ok() {
                kept = tried;
            }
        }
        let mut settings: Self = serde_json::from_value(kept.into()).ok()?;
        settings.detail_share = clamp_share(settings.detail_share);
        settings.snippets.truncate(MOST_SNIPPETS);
        Some(settings)
    }

    /// Resets a group to its defaults.
    pub(crate) fn reset(&mut self, group: SettingGroup) {
        let Self {
            preserve_log,
            detail_share,
            history_limit,
            saved_filters,
            columns,
            snippets,
            group_findings,
            muted_rules,
            redact_exports,
        } = Self::default();
        match group {
            SettingGroup::Recording => {
                self.preserve_log = preserve_log;
                self.history_limit = history_limit;
            }
            SettingGroup::Columns => self.columns = columns,
            SettingGroup::Export => self.redact_exports = redact_exports,
            SettingGroup::Layout => {
                self.detail_share = detail_share;
                self.group_findings = group_findings;
            }
            SettingGroup::Muted => self.muted_rules = muted_rules,
            SettingGroup::Filters => self.saved_filters = saved_filters,
            SettingGroup::Snippets => self.snippets = snippets,
        }
    }

    pub(crate) fn to_text(&self) -> String {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(fields) = value.as_object_mut() {
            fields.insert("version".to_owned(), VERSION.into());
        }
        value.to_string()
    }
}

/// The shares of the window that the details can take.
pub(crate) const DETAIL_SHARES: std::ops::RangeInclusive<f32> = 0.15..=0.8;

/// Clamps a share of the window so that both panes stay usable.
pub(crate) fn clamp_share(share: f32) -> f32 {
    if share.is_finite() {
        share.clamp(*DETAIL_SHARES.start(), *DETAIL_SHARES.end())
    } else {
        Settings::default().detail_share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A setting in no group could never be reset.
    #[test]
    fn the_groups_put_everything_back() {
        let stored = r#"{
            "preserveLog": true, "detailShare": 0.3, "historyLimit": 1000000,
            "savedFilters": [{"name": "Calls", "text": "is:call"}],
            "columns": {"time": "since-first"},
            "snippets": [{"name": "x", "byWidget": true, "message": "{}"}],
            "groupFindings": "time", "mutedRules": ["M14"], "redactExports": false
        }"#;
        let fields = |text: &str| {
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            value.as_object().unwrap().clone()
        };
        let changed = Settings::parse(stored).unwrap();
        let first = fields(&Settings::default().to_text());
        for (name, value) in fields(&changed.to_text()) {
            let is_kept = first.get(&name) == Some(&value);
            assert_eq!(is_kept, name == "version", "{name} is not in the test");
        }
        let mut settings = changed.clone();
        for group in SettingGroup::ALL {
            let before = settings.clone();
            settings.reset(group);
            assert_ne!(settings, before, "{group:?}");
        }
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn settings_survive_and_nonsense_does_not() {
        let settings = Settings {
            preserve_log: true,
            saved_filters: vec![SavedFilter {
                name: "Calls".to_owned(),
                text: "is:call".to_owned(),
            }],
            ..Settings::default()
        };
        assert_eq!(Settings::parse(&settings.to_text()), Some(settings));
        assert_eq!(Settings::parse("{}"), Some(Settings::default()));
        assert_eq!(Settings::parse("true"), None);
        let broken = r#"{"version":7,"preserveLog":true,"historyLimit":"much","columns":3,"x":{}}"#;
        let expected = Settings {
            preserve_log: true,
            ..Settings::default()
        };
        assert_eq!(Settings::parse(broken), Some(expected));
        assert_eq!(
            Settings::parse(r#"{"detailShare":9e9}"#).map(|it| it.detail_share),
            Some(0.8)
        );
    }
}
