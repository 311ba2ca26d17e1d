//! S11: an old widget uses messages for inbound calls.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "S11",
    title: "Inbound message from an old SDK",
    why: "Before 0.3.0 the SDK has no methods for availability or for opening records, so this is \
          another implementation, or the version is wrong.",
    fix: "Upgrade to SDK 0.3.0 or newer, and call userAvailable(), userUnavailable() and \
          navigateToRecord() instead of sendMessage().",
    severity: "warning",
    until: Some(Version::new(0, 2, 2)),
    example: Example {
        breaks: r"
               0 handshake 0.2.1-beta.0
            1000 widget    USER_AVAILABLE
                 ! S11 warning USER_AVAILABLE needs SDK 0.3.0; the widget speaks SDK 0.2.1 (reports 0.2.1-beta.0)
        ",
        clean: r"
               0 handshake 0.5.1
            1000 widget    USER_AVAILABLE
        ",
    },
    hooks: &[Hook::On(
        &[
            MessageType::UserAvailable,
            MessageType::UserUnavailable,
            MessageType::NavigateToRecord,
        ],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() == Side::Widget && arrival.state.until(0, 2, 2) {
        let (name, widget) = (arrival.name(), arrival.state.view.sdk_words());
        report.warning(format!(
            "{name} needs SDK 0.3.0; the widget speaks {widget}"
        ));
    }
}
