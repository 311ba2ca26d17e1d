//! T11: the widget answers the handshake more than once.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "T11",
    title: "SYNC_ACK more than once",
    why: "The host takes every answer to a SYNC that is still pending for another READY. The SDK \
          answers once per page load, except for its first commit, 0.0.1.",
    fix: "Answer only the first SYNC of a page load: remember that SYNC_ACK was posted, and \
          ignore every further SYNC. The SDK's CallingExtensions does this by itself.",
    severity: "warning, for a widget without the SDK; two objects of the SDK are T09",
    example: Example {
        breaks: r"
               0 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1
             100 host      SYNC .hostUrl=https://app.hubspot.com
             102 widget    SYNC_ACK .messageId=1699999999000_1 .iFrameUrl=https://widget.example
                 ! T16 note SYNC_ACK has no version; the widget does not use the SDK
             103 widget    INITIALIZED isLoggedIn=true
             104 widget    SYNC_ACK .iFrameUrl=https://widget.example
            5000 widget    LOGGED_OUT
                 ! T11 [#5] warning SYNC_ACK came again in one page load
        ",
        clean: r"
               0 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1
             100 host      SYNC .hostUrl=https://app.hubspot.com
             102 widget    SYNC_ACK .messageId=1699999999000_1 .iFrameUrl=https://widget.example
                 ! T16 note SYNC_ACK has no version; the widget does not use the SDK
             103 widget    INITIALIZED isLoggedIn=true
            5000 widget    LOGGED_OUT
        ",
    },
    hooks: &[
        Hook::Due {
            when,
            check: |state, due, report| check(state, Some(due), report),
        },
        Hook::Leave(|state, report| check(state, None, report)),
        Hook::End(|state, report| check(state, None, report)),
    ],
    ..Rule::ANY_VERSION
};

/// Within this time, a second instance shows itself: T09.
const GRACE: Millis = Millis(1_000.0);

fn when(state: &State, after: Millis) -> Option<Millis> {
    let times = state.load.extra_acks.iter().map(|ack| ack.mark.at + GRACE);
    times.into_iter().find(|due| *due > after)
}

fn check(state: &State, due: Option<Millis>, report: &mut Report<'_>) {
    if state.load.second_sdk.is_some() || state.view.generation == SdkGeneration::First {
        return;
    }
    for ack in &state.load.extra_acks {
        let is_due = due.is_none_or(|due| ack.mark.at + GRACE <= due);
        if is_due && report.once(ack.mark.seq) {
            report
                .warning("SYNC_ACK came again in one page load")
                .anchor(ack.mark.seq)
                .see(state.answered.as_ref().map(|first| first.mark.seq));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_first_version_answers_all() {
        check(&expect![[r#"
               0 host      SYNC .messageId=1699999999000_1
             100 host      SYNC
             101 widget    INITIALIZED isLoggedIn=true
             102 widget    SYNC_ACK .messageId=1699999999000_1 .version=1.0.0
                 ! T01 [#3] note SDK 0.0.1 sends INITIALIZED before SYNC_ACK
             103 widget    INITIALIZED isLoggedIn=true
             104 widget    SYNC_ACK .version=1.0.0
            9000 end
        "#]]);
    }

    #[test]
    fn an_implementation_that_reports_what_is_no_version() {
        check(&expect![[r#"
               0 handshake softphone
            5000 gap lost=1
                 ! X02 [–] note 1 message is missing: a buffer was full
            5500 widget    SYNC_ACK .version=softphone .iFrameUrl=https://widget.example
            7000 advance
                 ! T11 [#4] warning SYNC_ACK came again in one page load
        "#]]);
        check(&expect![[r#"
               0 handshake 1.0.0
               4 widget    SYNC_ACK .version=1.0.0 .iFrameUrl=https://widget.example
               5 widget    SYNC_ACK .version=1.0.0 .iFrameUrl=https://widget.example
            9000 end
                 ! T11 [#4] warning SYNC_ACK came again in one page load
                 ! T11 [#5] warning SYNC_ACK came again in one page load
        "#]]);
    }
}
