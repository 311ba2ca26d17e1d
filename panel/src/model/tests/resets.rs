//! Settings that are changed, reset, and restored.

use super::*;
use crate::action::{Column, SettingGroup, TimeFormat};

fn changed() -> Model {
    let mut model = attached(CALL);
    let bytes = 4 << 20;
    let column = Column::Size;
    let format = TimeFormat::SinceFirst;
    let text = "from:widget".to_owned();
    for action in [
        Action::SetHistoryLimit { bytes },
        Action::ShowColumn {
            column,
            shown: true,
        },
        Action::SetTimeFormat { format },
        Action::SetFilter { text },
        Action::SaveFilter {
            name: "Widget".to_owned(),
        },
        Action::SetFilter {
            text: String::new(),
        },
        Action::MuteRule {
            code: "M14".to_owned(),
            always: true,
        },
        Action::MuteRule {
            code: "M15".to_owned(),
            always: false,
        },
        Action::SetRedaction { on: false },
    ] {
        model.perform(action);
    }
    model
}

#[test]
fn one_group_is_put_back_and_undone() {
    let mut model = changed();
    let before = model.settings.clone();
    let data = model.settings_data();
    assert_eq!(
        data.changed,
        [
            SettingGroup::Recording,
            SettingGroup::Columns,
            SettingGroup::Export,
            SettingGroup::Muted,
            SettingGroup::Filters,
        ]
    );
    let group = SettingGroup::Muted;
    let effects = model.perform(Action::ResetSetting { group });
    assert!(
        effects
            .iter()
            .any(|it| matches!(it, Effect::StoreSettings(_)))
    );
    assert_eq!(model.settings_data().muted, []);
    assert_eq!(model.settings.saved_filters, before.saved_filters);
    let notice = model.notices.iter().last().unwrap();
    assert_eq!(notice.text, "No rule is muted any more");
    assert_eq!(notice.action, Some(Action::UndoReset));
    model.perform(Action::UndoReset);
    assert_eq!(model.settings, before);
    assert_eq!(
        model.settings_data().muted.len(),
        2,
        "also what was muted for now"
    );
    assert_eq!(model.notices.iter().count(), 0);
}

#[test]
fn all_is_put_back_and_the_page_hears_of_it() {
    let mut model = changed();
    assert!(!model.export.choice.redacted);
    let effects = model.perform(Action::ResetSettings);
    let limit = FromPanel::SetLimit {
        bytes: Settings::default().history_limit,
    };
    assert!(effects.contains(&Effect::Send(limit)), "{effects:?}");
    assert_eq!(model.settings, Settings::default());
    assert!(model.export.choice.redacted);
    assert_eq!(model.settings_data().changed, []);
    // With nothing to reset, nothing is done or shown.
    model.notices = Notices::default();
    assert_eq!(model.perform(Action::ResetSettings), []);
    assert_eq!(model.notices.iter().count(), 0);
}

#[test]
fn an_export_starts_as_the_user_has_set_it() {
    for on in [true, false] {
        let mut model = attached(CALL);
        model.perform(Action::SetRedaction { on });
        let stored = model.settings.to_text();
        let mut later = Model::new(Some(&stored), UtcOffset::UTC, true);
        later.perform(Action::Export);
        assert_eq!(later.export_data().unwrap().choice.redacted, on);
    }
}
