//! W04: a script of the widget's page failed.

use super::prelude::*;
use crate::{Inside, InsideKind};

pub(super) const RULE: Rule = Rule {
    code: "W04",
    title: "The widget's script failed",
    why: "An uncaught error ends the function that was running: whatever it would have done for \
          the call is not done. While the page loads it often means that the SDK never starts, \
          and then HubSpot gets no SYNC_ACK (T13).",
    fix: "Fix the error that the message names; its line is in the row's details. \"Script \
          error.\" without details means a script of another origin: load it with crossorigin to \
          see more.",
    severity: "warning; note for a ResizeObserver loop, which only delays a notification",
    example: Example {
        breaks: r#"
            0 inside widget error .text="Uncaught ReferenceError: CallingExtensions is not defined"
              ! W04 [–] warning The widget's script failed: ReferenceError: CallingExtensions is not defined
            5 handshake 0.9.7-beta.0
        "#,
        clean: r"
               0 handshake 0.9.7-beta.0
        ",
    },
    hooks: &[Hook::Inside(check)],
    ..Rule::ANY_VERSION
};

fn check(_: &State, inside: &Inside, report: &mut Report<'_>) {
    if inside.side != Side::Widget {
        return;
    }
    let failure = inside.failure();
    let message = match inside.what {
        InsideKind::Error => format!("The widget's script failed: {failure}"),
        InsideKind::Rejection => {
            format!("A promise of the widget was rejected and nothing handles it: {failure}")
        }
        _ => return,
    };
    if !report.once(&message) {
        return;
    }
    if inside.is_harmless() {
        report.note(message);
    } else {
        report.warning(message);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_same_failure_is_told_once() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 inside widget error .text="Uncaught TypeError: x" .place=https://widget.example/softphone.js:120:7
                 ! W04 [–] warning The widget's script failed: TypeError: x (softphone.js:120)
            1001 inside widget error .text="Uncaught TypeError: x" .place=https://widget.example/softphone.js:120:7
            1002 inside widget rejection .text="Error: no microphone" .stack="Error\n at async ask (https://widget.example/softphone.js:12:3)"
                 ! W04 [–] warning A promise of the widget was rejected and nothing handles it: Error: no microphone (softphone.js:12 ask)
            1003 inside widget error .text="ResizeObserver loop completed with undelivered notifications."
                 ! W04 [–] note The widget's script failed: ResizeObserver loop completed with undelivered notifications.
            1004 inside host error .text="Uncaught TypeError: of HubSpot"
        "#]]);
    }
}
