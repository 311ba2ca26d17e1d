//! E04: the override cannot be read.

use super::prelude::*;
use super::settings::Override;
use crate::Setting;

pub(super) const RULE: Rule = Rule {
    code: "E04",
    title: "Override cannot be used",
    why: "HubSpot reads the value as JSON with name and url. It ignores a value that it cannot \
          read, or the list of widgets stays empty.",
    fix: "Set the override in the panel, which writes it correctly, or by hand: \
          localStorage.setItem(\"LocalSettings:Calling:CallingExtensions\", '{\"name\":\"My \
          widget\",\"url\":\"https://localhost:9025/\"}').",
    severity: "warning",
    example: Example {
        breaks: r#"
            0 setting LocalSettings:Calling:CallingExtensions {"name":"Demo"}
              ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: Demo
              ! E04 [–] warning LocalSettings:Calling:CallingExtensions has no url
        "#,
        clean: r#"
            0 setting LocalSettings:Calling:CallingExtensions {"name":"Demo","url":"https://localhost:9025/"}
              ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: Demo, https://localhost:9025/
        "#,
    },
    hooks: &[Hook::Setting(check)],
    ..Rule::ANY_VERSION
};

fn check(setting: &Setting, _: &[Setting], report: &mut Report<'_>) {
    let key = &setting.key;
    match Override::of(setting) {
        Some(Err(problem)) => {
            report.warning(format!("{key} {problem}"));
        }
        Some(Ok(over)) if !over.is_ready_only && over.url.is_none() => {
            report.warning(format!("{key} has no url"));
        }
        Some(Ok(over)) if !over.is_ready_only && over.name.is_none() => {
            report.warning(format!("{key} has no name"));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn broken() {
        check(&expect![[r#"
            0 setting LocalSettings:Calling:CallingExtensions {"name":"Demo",}
              ! E04 [–] warning LocalSettings:Calling:CallingExtensions is not JSON
            1 setting LocalSettings:Calling:CallingExtensions ["Demo"]
              ! E04 [–] warning LocalSettings:Calling:CallingExtensions is an array; expected an object
            2 setting LocalSettings:Calling:CallingExtensions {"name":"Demo"}
              ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: Demo
              ! E04 [–] warning LocalSettings:Calling:CallingExtensions has no url
            3 setting LocalSettings:Calling:CallingExtensions {"url":"https://localhost:9025/"}
              ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: https://localhost:9025/
              ! E04 [–] warning LocalSettings:Calling:CallingExtensions has no name
        "#]]);
    }

    #[test]
    fn usable() {
        check(&expect![[r#"
            0 setting LocalSettings:Calling:CallingExtensions {"name":"Demo","isReady":true}
              ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: Demo
            1 setting LocalSettings:Calling:CallingExtensions {"name":"Demo","url":"https://localhost:9025/"}
              ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: Demo, https://localhost:9025/
        "#]]);
    }
}
