//! S12: the widget is shown right after it was minimized.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "S12",
    title: "Shown right after minimized",
    why: "A known bug of HubSpot (issue #116 of the SDK): when the widget was minimized or \
          closed, both flags were reported as false. This soon after, the user has hardly opened \
          it again.",
    fix: "Nothing to do: in onVisibilityChanged, do not rely on a single message, for example do \
          not stop a call or a sound because of it.",
    severity: "note",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 host      VISIBILITY_CHANGED isMinimized=true isHidden=false
            1100 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
                 ! S12 note VISIBILITY_CHANGED says shown right after it said minimized
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 host      VISIBILITY_CHANGED isMinimized=true isHidden=false
            5000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
        ",
    },
    hooks: &[Hook::On(&[MessageType::VisibilityChanged], check)],
    ..Rule::ANY_VERSION
};

/// No user is that quick.
const AT_ONCE: Millis = Millis(1_000.0);

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let is_false = |key| arrival.field(key).and_then(Json::as_bool) == Some(false);
    let Some(minimized) = arrival.state.load.minimized else {
        return;
    };
    let is_shown = is_false("isMinimized") && is_false("isHidden");
    if arrival.from() == Side::Host && is_shown && arrival.at - minimized.at <= AT_ONCE {
        report
            .note("VISIBILITY_CHANGED says shown right after it said minimized")
            .see([minimized.seq]);
    }
}
