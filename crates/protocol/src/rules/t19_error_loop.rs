//! T19: the two sides answer ERROR with ERROR.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "T19",
    title: "ERROR answered with ERROR",
    why: "The SDK has no handler for ERROR and answers it with ERROR. If both sides do, this \
          never ends, and every message contains the previous one.",
    fix: "Give the widget a defaultEventHandler that does not answer ERROR. In the host, use \
          IFrameManager, not CallingExtensions, which knows none of the messages that a widget \
          sends and answers each of them with ERROR.",
    severity: "error",
    example: Example {
        breaks: r#"
               0 handshake 0.9.7-beta.0
            1000 host      ERROR data={"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"INITIALIZED"}}}
            1000 widget    ERROR data={"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"ERROR"}}}
                 ! T19 error The widget answers ERROR with ERROR; if the host does so too, it never ends
        "#,
        clean: r#"
               0 handshake 0.9.7-beta.0
            1000 host      ERROR data={"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"INITIALIZED"}}}
        "#,
    },
    hooks: &[Hook::On(&[MessageType::Error], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let is_automatic = arrival.text("type") == Some("UNKNOWN_MESSAGE_TYPE");
    let original = arrival.deep_field("data.originalMessage.type");
    let answers_error = original.and_then(Json::as_str) == Some("ERROR");
    // One finding: the loop never ends.
    if is_automatic && answers_error && report.once(()) {
        let (from, to) = (arrival.from().name(), arrival.from().other().name());
        report.error(format!(
            "The {from} answers ERROR with ERROR; if the {to} does so too, it never ends"
        ));
    }
}
