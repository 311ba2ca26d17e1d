//! T08: one side sends two messages with the same id.

use super::prelude::*;
use crate::ids;

pub(super) const RULE: Rule = Rule {
    code: "T08",
    title: "messageId repeated",
    why: "A host that removes duplicates would lose one of the two. The SDK itself repeats an id \
          when it sends twice within one millisecond, so that it is only a note there.",
    fix: "Send with the SDK. If you mint ids yourself, make each of them new.",
    severity: "note for ids of the SDK's form, which are equal if minted in one millisecond; \
               warning for others",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false .messageId=m1
            9000 host      DIAL_NUMBER phoneNumber=+15550100 .messageId=m1
                 ! T08 warning DIAL_NUMBER has the messageId m1, which the host used before
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false .messageId=m1
            9000 host      DIAL_NUMBER phoneNumber=+15550100 .messageId=m2
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

fn check(step: &Step<'_>, report: &mut Report<'_>) {
    // The answer of the handshake repeats the id of the question.
    if step.is_ack() {
        return;
    }
    let Some(id) = step.id else { return };
    let Some(first) = step.state.peer(step.from()).seen_id(id) else {
        return;
    };
    let name = step.name();
    let sender = step.from().name();
    let finding = if ids::split(id).is_some() {
        report.note(format!(
            "{name} has the same messageId as an earlier message of the {sender}: both were sent \
             within one millisecond"
        ))
    } else {
        report.warning(format!(
            "{name} has the messageId {id}, which the {sender} used before"
        ))
    };
    finding.see([first]);
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn two_in_one_millisecond() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    LOGGED_OUT .messageId=1699999999500_7
            1000 widget    RESIZE_WIDGET width=400 height=600 .messageId=1699999999500_7
                 ! T08 note RESIZE_WIDGET has the same messageId as an earlier message of the widget: both were sent within one millisecond
        "#]]);
    }

    #[test]
    fn new_ids() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false .messageId=m1
            9000 widget    LOGGED_OUT .messageId=m1
        "#]]);
    }
}
