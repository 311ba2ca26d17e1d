//! T23: a side sends what only the other side may send.

use super::prelude::*;
use crate::Direction;

pub(super) const RULE: Rule = Rule {
    code: "T23",
    title: "Wrong direction",
    why: "A side only handles the types that the other side sends. The SDK has no handler for the \
          others: it answers with ERROR, and what the message was meant to do does not happen.",
    fix: "Only send what your side may send. In the widget, use the SDK's methods \
          (outgoingCall(), callEnded(), …) instead of sendMessage() with one of HubSpot's types.",
    severity: "error",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
                 ! T23 error The widget sent CREATE_ENGAGEMENT_SUCCEEDED, which only the host may send
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let Some(ty) = arrival.ty else { return };
    // A widget does react to SET_WIDGET_URL: T25. FAILED is reported by T17.
    if matches!(ty, MessageType::SetWidgetUrl | MessageType::Failed) {
        return;
    }
    let direction = ty.spec().direction;
    let has_sender = matches!(direction, Direction::HostToWidget | Direction::WidgetToHost);
    if has_sender && !direction.allows(arrival.from()) {
        report.error(format!(
            "The {} sent {ty}, which only the {} may send",
            arrival.from().name(),
            arrival.from().other().name()
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_widget_speaks_for_hubspot() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    CREATE_ENGAGEMENT_SUCCEEDED engagementId=1
                 ! T23 error The widget sent CREATE_ENGAGEMENT_SUCCEEDED, which only the host may send
            1001 widget    SYNC
                 ! T23 error The widget sent SYNC, which only the host may send
            1002 host      LOGGED_IN
                 ! T23 error The host sent LOGGED_IN, which only the widget may send
        "#]]);
    }

    #[test]
    fn errors_go_both_ways() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    ERROR message=oops
            1001 host      ERROR message=oops
        "#]]);
    }
}
