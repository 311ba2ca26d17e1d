//! W03: the widget posted a message that cannot arrive.

use super::prelude::*;
use crate::{Inside, InsideKind};

pub(super) const RULE: Rule = Rule {
    code: "W03",
    title: "A posted message cannot be delivered",
    why: "postMessage delivers a message only if the receiving window has the origin that was \
          given as targetOrigin. Otherwise the browser discards the message and only says so on \
          the widget's console; for a value that cannot be cloned, or an invalid target, it \
          throws an exception. HubSpot receives nothing.",
    fix: "The SDK posts to the hostUrl of HubSpot's SYNC. If that is not the origin of the page \
          around the widget, the host or a frame between the two is wrong; if you post yourself, \
          use the origin of the page that you post to. Only post what can be cloned: no \
          functions, no elements.",
    severity: "error; note if another message could not be delivered for the same reason; once for \
               each type and reason in a page load",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 inside widget undelivered .type=LOGGED_OUT .target=https://app.hubspot.example .recipient=https://app.hubspot.com
                 ! W03 [–] error LOGGED_OUT was not delivered: it was posted to https://app.hubspot.example, but the page around the widget is https://app.hubspot.com
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    LOGGED_OUT
        ",
    },
    hooks: &[Hook::Inside(check)],
    ..Rule::ANY_VERSION
};

fn check(state: &State, inside: &Inside, report: &mut Report<'_>) {
    if inside.what != InsideKind::Undelivered {
        return;
    }
    // A page that answers every SYNC like this does it ten times a second.
    let (name, why) = (inside.message_name(), inside.not_delivered());
    if !report.once((name, &why)) {
        return;
    }
    let finding = report.error(format!("{}{}", inside.undelivered(), inside.sent_from()));
    finding.see(state.left_without_answer(inside));
    if let Some(first) = state.troubles.first_undelivered(&why) {
        finding.follows_from_report(&RULE, first.first);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn one_cause_is_told_once() {
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com .messageId=17_1
                1 inside widget undelivered .type=SYNC_ACK .messageId=17_1 .target=https://old.example .recipient=https://app.hubspot.com
                  ! W03 [–] error SYNC_ACK was not delivered: it was posted to https://old.example, but the page around the widget is https://app.hubspot.com
                2 inside widget undelivered .type=INITIALIZED .target=https://old.example .recipient=https://app.hubspot.com
                  ! W03 [–] note INITIALIZED was not delivered: it was posted to https://old.example, but the page around the widget is https://app.hubspot.com (follows from W03)
              100 host      SYNC .hostUrl=https://app.hubspot.com .messageId=17_2
              101 inside widget undelivered .type=SYNC_ACK .messageId=17_2 .target=https://old.example .recipient=https://app.hubspot.com
              102 inside widget undelivered .type=INITIALIZED .target=https://old.example .recipient=https://app.hubspot.com
              200 host      SYNC .hostUrl=https://app.hubspot.com .messageId=17_3
              201 inside widget undelivered .type=SYNC_ACK .messageId=17_3 .target=* .text="DataCloneError: it could not be cloned"
                  ! W03 [–] error SYNC_ACK was not delivered: postMessage failed: DataCloneError: it could not be cloned
              202 inside widget undelivered .type=SYNC_ACK .messageId=17_3 .target=https://old.example .recipient=https://app.hubspot.com
            31000 advance
                  ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
                  ! T13 [#1] error No SYNC_ACK within 30 s; SYNC was sent 3 times; SYNC_ACK was not delivered: it was posted to https://old.example, but the page around the widget is https://app.hubspot.com (3 times)
        "#]]);
    }

    #[test]
    fn what_cannot_be_posted_at_all() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 inside widget undelivered .type=ERROR .text="DataCloneError: it could not be cloned" .stack="Error\n at start (https://widget.example/softphone.js:12:3)"
                 ! W03 [–] error ERROR was not delivered: postMessage failed: DataCloneError: it could not be cloned; sent from softphone.js:12 start
            1001 inside widget undelivered
                 ! W03 [–] error A message without a type was not delivered: it was posted to another origin than that of the page around the widget
        "#]]);
    }
}
