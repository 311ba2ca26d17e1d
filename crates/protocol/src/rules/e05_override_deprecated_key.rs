//! E05: only the old key of the override is set.

use super::prelude::*;
use super::settings::{CALLING_KEY, SALES_KEY};
use crate::Setting;

pub(super) const RULE: Rule = Rule {
    code: "E05",
    title: "Override under the deprecated key",
    why: "LocalSettings:Sales:CallingExtensions is the seed's key, deprecated since 2023; \
          today's floating widget reads it only as a fallback.",
    fix: "Set LocalSettings:Calling:CallingExtensions instead, in the panel or with \
          localStorage.setItem(), and remove LocalSettings:Sales:CallingExtensions with \
          localStorage.removeItem().",
    severity: "note",
    example: Example {
        breaks: r#"
            0 setting LocalSettings:Sales:CallingExtensions {"name":"Demo","url":"https://localhost:9025/"}
              ! E01 [–] note LocalSettings:Sales:CallingExtensions replaces the installed widget: Demo, https://localhost:9025/
              ! E05 [–] note LocalSettings:Sales:CallingExtensions is deprecated; the key of today is LocalSettings:Calling:CallingExtensions
        "#,
        clean: r#"
            0 setting LocalSettings:Calling:CallingExtensions {"name":"Demo","url":"https://localhost:9025/"}
              ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: Demo, https://localhost:9025/
        "#,
    },
    hooks: &[Hook::Setting(check)],
    ..Rule::ANY_VERSION
};

fn check(setting: &Setting, others: &[Setting], report: &mut Report<'_>) {
    // If both keys are set, E02 reports it.
    let has_new = others
        .iter()
        .any(|other| other.key == CALLING_KEY && other.value.is_some());
    if setting.key == SALES_KEY && setting.value.is_some() && !has_new {
        report.note(format!(
            "{SALES_KEY} is deprecated; the key of today is {CALLING_KEY}"
        ));
    }
}
