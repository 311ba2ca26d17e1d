//! M28: the host sends what newer widgets no longer know.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M28",
    title: "UPDATE_ASSOCIATIONS_FAILED to a newer widget",
    why: "The message was removed in 0.9.5; the widget answers it with ERROR.",
    fix: "Nothing to do in the widget.",
    severity: "note",
    since: Version::new(0, 9, 5),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 host      UPDATE_ASSOCIATIONS_FAILED
                 ! M28 note UPDATE_ASSOCIATIONS_FAILED was removed in SDK 0.9.5; the widget answers with ERROR
        ",
        clean: r"
               0 handshake 0.9.4-beta.0
            1000 host      UPDATE_ASSOCIATIONS_FAILED
        ",
    },
    hooks: &[Hook::On(&[MessageType::UpdateAssociationsFailed], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() == Side::Host && arrival.state.since(0, 9, 5) {
        report.note(
            "UPDATE_ASSOCIATIONS_FAILED was removed in SDK 0.9.5; the widget answers with ERROR",
        );
    }
}
