//! W01: the SDK dropped a message because the handshake was not done.

use super::prelude::*;
use crate::{Inside, InsideKind, Link};

pub(super) const RULE: Rule = Rule {
    code: "W01",
    title: "Message dropped before the SDK was ready",
    why: "Until HubSpot's SYNC arrives, the SDK posts nothing: it writes \"iFrame not initialized \
          to send a message\" to the console and drops the message. Nothing sends it again, and \
          HubSpot never receives it.",
    fix: "Wait for onReady before you call a method of the SDK: keep what happens earlier, such \
          as an incoming call or a log-in, and send it from onReady.",
    severity: "error; note if another message of the page was dropped before",
    example: Example {
        breaks: r"
               0 inside widget dropped .type=LOGGED_IN
                 ! W01 [–] error LOGGED_IN was dropped: the SDK was not ready
               5 handshake 0.9.7-beta.0
        ",
        clean: r"
              0 handshake 0.9.7-beta.0
            100 widget    LOGGED_IN
                ! S06 note LOGGED_IN came although the user is logged in
        ",
    },
    hooks: &[Hook::Inside(check)],
    ..Rule::ANY_VERSION
};

fn check(state: &State, inside: &Inside, report: &mut Report<'_>) {
    if inside.what != InsideKind::Dropped {
        return;
    }
    let finding = report.error(inside.dropped());
    // The SDK that has done the handshake drops nothing.
    if matches!(
        state.view.link,
        Link::Ready { .. } | Link::Initialized { .. }
    ) {
        finding.advise(
            "The handshake is done, so this was sent through another CallingExtensions object \
             than the one that did it: create one in the page, and send everything through it."
                .to_owned(),
        );
    }
    if let Some(first) = state.troubles.first_dropped() {
        finding.follows_from_report(&RULE, first);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::trace::findings;

    /// A second object, made after the handshake, never gets a SYNC of its own.
    #[test]
    fn after_the_handshake_another_object_is_named() {
        let fixes = |trace: &str| -> Vec<String> {
            let found = findings(trace);
            found.iter().map(|it| it.fix().into_owned()).collect()
        };
        let dropped = "inside widget dropped .type=OUTGOING_CALL_STARTED";
        let [late] = &fixes(&format!("0 handshake 0.9.7-beta.0\n100 {dropped}"))[..] else {
            panic!("not one finding");
        };
        assert!(
            late.starts_with("The handshake is done, so this was sent through another"),
            "{late}"
        );
        let [early] = &fixes(&format!("0 {dropped}\n5 handshake 0.9.7-beta.0"))[..] else {
            panic!("not one finding");
        };
        assert!(early.starts_with("Wait for onReady"), "{early}");
    }

    #[test]
    fn each_message_is_named_with_its_call_site() {
        check(&expect![[r#"
            0 inside widget dropped .type=INITIALIZED .stack="Error\n at start (https://widget.example/softphone.js:12:3)"
              ! W01 [–] error INITIALIZED was dropped: the SDK was not ready; sent from softphone.js:12 start
            1 inside widget dropped
              ! W01 [–] note A message without a type was dropped: the SDK was not ready (follows from W01)
            5 handshake 0.9.7-beta.0
        "#]]);
    }
}
