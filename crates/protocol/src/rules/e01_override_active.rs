//! E01: an override of the widget is set.

use super::prelude::*;
use super::settings::Override;
use crate::Setting;

pub(super) const RULE: Rule = Rule {
    code: "E01",
    title: "Override is active",
    why: "The key in localStorage replaces the widget that the account has installed, for this \
          browser only. It is easily forgotten, and then shadows the real widget.",
    fix: "Clear the override in Callscope's panel, or with localStorage.removeItem(), and reload \
          the page when you are done.",
    severity: "note",
    example: Example {
        breaks: r#"
            0 setting LocalSettings:Calling:CallingExtensions {"name":"Demo","url":"https://localhost:9025/"}
              ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: Demo, https://localhost:9025/
        "#,
        clean: r#"
            0 setting LocalSettings:Calling:CallingExtensions
            0 setting LocalSettings:Other {"name":"Demo","url":"https://localhost:9025/"}
        "#,
    },
    hooks: &[Hook::Setting(check)],
    ..Rule::ANY_VERSION
};

fn check(setting: &Setting, _: &[Setting], report: &mut Report<'_>) {
    if let Some(Ok(over)) = Override::of(setting) {
        let what = match (&over.name, &over.url) {
            (Some(name), Some(url)) => format!("{name}, {url}"),
            (Some(text), None) | (None, Some(text)) => text.clone(),
            (None, None) => return,
        };
        report.note(format!(
            "{} replaces the installed widget: {what}",
            setting.key
        ));
    }
}
