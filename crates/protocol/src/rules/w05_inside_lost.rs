//! W05: the widget's page reported more than there was room for.

use super::prelude::*;
use crate::{Inside, InsideKind};

pub(super) const RULE: Rule = Rule {
    code: "W05",
    title: "Records from inside the widget's page are missing",
    why: "What a page reports about itself is kept within bounds until Callscope reads it. An \
          error, a dropped message or a call site may be missing; no message between HubSpot and \
          the widget is missing because of this.",
    fix: "Nothing, unless you miss something. Otherwise find out what the page does so often: \
          usually it is the same error thousands of times.",
    severity: "note",
    example: Example {
        breaks: r#"
               0 handshake 0.9.7-beta.0
            1000 inside widget lost .text="12"
                 ! W05 [–] note 12 records from inside the widget's page are missing
        "#,
        clean: r"
               0 handshake 0.9.7-beta.0
        ",
    },
    hooks: &[Hook::Inside(check)],
    ..Rule::ANY_VERSION
};

fn check(_: &State, inside: &Inside, report: &mut Report<'_>) {
    if inside.what == InsideKind::Lost {
        report.note(match inside.text.as_deref() {
            Some("1") => "1 record from inside the widget's page is missing".to_owned(),
            Some(count) => {
                format!("{count} records from inside the widget's page are missing")
            }
            None => "Some records from inside the widget's page are missing".to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn one_and_nobody_knows_how_many() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 inside widget lost .text="1"
                 ! W05 [–] note 1 record from inside the widget's page is missing
            2000 inside widget lost
                 ! W05 [–] note Some records from inside the widget's page are missing
        "#]]);
    }
}
