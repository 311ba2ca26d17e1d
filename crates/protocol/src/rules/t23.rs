//! T23: a side sends what only the other side may send.

use crate::rule::{Hook, Report, Rule};
use crate::step::Step;
use crate::{Direction, MessageType, Version};

pub(super) const RULE: Rule = Rule {
    code: "T23",
    title: "Wrong direction",
    why: "A side handles only the types that the other side sends. For all others the SDK has no \
          handler: it answers with ERROR, and what the message should do does not happen.",
    fix: "Send only what your side may send. In the widget use the SDK's methods \
          (outgoingCall(), callEnded(), …) instead of sendMessage() with a type of HubSpot's.",
    severity: "error",
    since: Version::OLDEST,
    until: None,
    hooks: &[Hook::Every(check)],
};

fn check(step: &Step<'_>, report: &mut Report<'_>) {
    let Some(ty) = step.ty else { return };
    // A widget that receives SET_WIDGET_URL does something with it: T25.
    if ty == MessageType::SetWidgetUrl {
        return;
    }
    let direction = ty.spec().direction;
    let wrong = matches!(direction, Direction::HostToWidget | Direction::WidgetToHost)
        && !direction.allows(step.from());
    if wrong {
        report.error(format!(
            "the {} sent {ty}, which goes {}",
            step.from().name(),
            direction.words()
        ));
    }
}
