//! T11: the widget answers the handshake more than once.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "T11",
    title: "SYNC_ACK more than once",
    why: "The host takes every answer to a SYNC that still waits for another READY. Only 0.0.1 \
          answers every SYNC.",
    fix: "Answer only the first SYNC of a page load, as the SDK does since 0.0.2.",
    severity: "warning",
    since: Version::new(0, 0, 2),
    example: Example {
        breaks: r"
               0 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1
             100 host      SYNC .hostUrl=https://app.hubspot.com
             102 widget    SYNC_ACK .messageId=1699999999000_1 .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
             103 widget    INITIALIZED isLoggedIn=true
             104 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            5000 widget    LOGGED_OUT
                 ! T11 [#5] warning SYNC_ACK came again in one page load
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            5000 handshake 0.9.7-beta.0
            9000 end
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

/// By then a second instance of the SDK has shown itself: T09.
const GRACE: Millis = Millis(1_000.0);

fn when(state: &State, after: Millis) -> Option<Millis> {
    let times = state.load.extra_acks.iter().map(|ack| ack.mark.at + GRACE);
    times.into_iter().find(|due| *due > after)
}

fn check(state: &State, due: Option<Millis>, report: &mut Report<'_>) {
    if state.load.second_instance || state.view.profile == Profile::First {
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
}
