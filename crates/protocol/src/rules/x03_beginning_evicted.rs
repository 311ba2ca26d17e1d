//! X03: the oldest messages were dropped.

use super::prelude::*;
use crate::{Gap, GapReason};

pub(super) const RULE: Rule = Rule {
    code: "X03",
    title: "Beginning of the session was dropped",
    why: "The history is bounded: when it is full, its oldest messages are dropped. They cannot \
          be checked again.",
    fix: "Export earlier, or enlarge the history in the settings.",
    severity: "note",
    example: Example {
        breaks: r"
             0 gap evicted lost=7
               ! X03 [–] note The oldest 7 messages were dropped: the history was full
            10 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
        ",
        clean: r"
             0 handshake 0.9.7-beta.0
            10 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
        ",
    },
    hooks: &[Hook::Gap(check)],
    ..Rule::ANY_VERSION
};

fn check(_: &State, gap: &Gap, report: &mut Report<'_>) {
    let lost = gap
        .lost
        .map_or("The oldest messages were".to_owned(), |lost| match lost {
            1 => "The oldest message was".to_owned(),
            lost => format!("The oldest {} messages were", thousands(lost)),
        });
    match gap.why {
        GapReason::Evicted => report.note(format!("{lost} dropped: the history was full")),
        GapReason::Cleared => report.note(format!("{lost} dropped: the list was cleared")),
        _ => return,
    };
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn let_go() {
        check(&expect![[r#"
            0 gap evicted lost=7
              ! X03 [–] note The oldest 7 messages were dropped: the history was full
            1 gap cleared
              ! X03 [–] note The oldest messages were dropped: the list was cleared
        "#]]);
    }
}
