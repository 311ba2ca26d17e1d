//! W05: the widget's page reported more than there was room for.

use super::prelude::*;
use crate::{Inside, InsideKind};

pub(super) const RULE: Rule = Rule {
    code: "W05",
    title: "Not all that the widget's page told was kept",
    why: "What a page tells of itself is bounded until Callscope takes it. What is missing may be \
          an error, a dropped message or a call site; no message between HubSpot and the widget \
          is missing by it.",
    fix: "Nothing, if you miss nothing. Else find what the page does so often: the same error \
          thousands of times, as a rule.",
    severity: "note",
    example: Example {
        breaks: r#"
               0 handshake 0.9.7-beta.0
            1000 inside widget lost .text="12"
                 ! W05 [–] note 12 things that the widget's page told of itself are missing
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
            Some("1") => "1 thing that the widget's page told of itself is missing".to_owned(),
            Some(count) => {
                format!("{count} things that the widget's page told of itself are missing")
            }
            None => "Some of what the widget's page told of itself is missing".to_owned(),
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
                 ! W05 [–] note 1 thing that the widget's page told of itself is missing
            2000 inside widget lost
                 ! W05 [–] note Some of what the widget's page told of itself is missing
        "#]]);
    }
}
