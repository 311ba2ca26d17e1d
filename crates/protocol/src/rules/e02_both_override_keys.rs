//! E02: both keys of the override are set.

use super::prelude::*;
use super::settings::{CALLING_KEY, SALES_KEY};
use crate::Setting;

pub(super) const RULE: Rule = Rule {
    code: "E02",
    title: "Both override keys are set",
    why: "The newer widget reads LocalSettings:Calling:CallingExtensions and falls back to \
          LocalSettings:Sales:CallingExtensions. It is hard to tell which one counts, especially \
          if they differ.",
    fix: "Keep LocalSettings:Calling:CallingExtensions, and remove the other with \
          localStorage.removeItem(\"LocalSettings:Sales:CallingExtensions\").",
    severity: "warning",
    example: Example {
        breaks: r#"
            0 setting LocalSettings:Calling:CallingExtensions {"name":"Demo","url":"https://localhost:9025/"}
              ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: Demo, https://localhost:9025/
            1 setting LocalSettings:Sales:CallingExtensions {"name":"Demo","url":"https://localhost:9025/"}
              ! E01 [–] note LocalSettings:Sales:CallingExtensions replaces the installed widget: Demo, https://localhost:9025/
              ! E02 [–] warning LocalSettings:Calling:CallingExtensions and LocalSettings:Sales:CallingExtensions are both set
        "#,
        clean: r#"
            0 setting LocalSettings:Calling:CallingExtensions {"name":"Demo","url":"https://localhost:9025/"}
              ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: Demo, https://localhost:9025/
            1 setting LocalSettings:Sales:CallingExtensions
        "#,
    },
    hooks: &[Hook::Setting(check)],
    ..Rule::ANY_VERSION
};

fn check(setting: &Setting, others: &[Setting], report: &mut Report<'_>) {
    let other_key = match setting.key.as_str() {
        CALLING_KEY => SALES_KEY,
        SALES_KEY => CALLING_KEY,
        _ => return,
    };
    let is_set = |setting: &Setting| setting.value.is_some();
    let both = is_set(setting)
        && others
            .iter()
            .any(|other| other.key == other_key && is_set(other));
    if both {
        report.warning(format!("{CALLING_KEY} and {SALES_KEY} are both set"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn both() {
        check(&expect![[r#"
            0 setting LocalSettings:Calling:CallingExtensions {"name":"Demo","url":"https://localhost:9025/"}
              ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: Demo, https://localhost:9025/
            1 setting LocalSettings:Sales:CallingExtensions {"name":"Demo","url":"https://localhost:9025/"}
              ! E01 [–] note LocalSettings:Sales:CallingExtensions replaces the installed widget: Demo, https://localhost:9025/
              ! E02 [–] warning LocalSettings:Calling:CallingExtensions and LocalSettings:Sales:CallingExtensions are both set
            9 setting LocalSettings:Sales:CallingExtensions {"name":"Demo","url":"https://localhost:9025/"}
              ! E01 [–] note LocalSettings:Sales:CallingExtensions replaces the installed widget: Demo, https://localhost:9025/
              ! E02 [–] warning LocalSettings:Calling:CallingExtensions and LocalSettings:Sales:CallingExtensions are both set
        "#]]);
    }
}
