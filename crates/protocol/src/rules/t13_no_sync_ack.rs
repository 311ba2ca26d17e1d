//! T13: the handshake is not answered in time.

use super::prelude::*;
use crate::state::{PageCause, SyncLoop};

pub(super) const RULE: Rule = Rule {
    code: "T13",
    title: "No SYNC_ACK within 30 s",
    why: "The host sends SYNC every 100 ms for 30 s, then raises SYNC_ACK_FAILED and stops until \
          the iframe is reloaded. HubSpot shows a widget that cannot call.",
    fix: "Call new CallingExtensions() as soon as the page loads, not after log-in. Check that \
          the page in the iframe is yours and not a log-in redirect, that it is not inside \
          another frame, that its Referrer-Policy is not no-referrer, and that its messages are \
          posted to the origin that the SYNC came from: messages to an origin that was kept, or \
          that has http instead of https, are not delivered, and only the console of the widget's \
          page says so. If a new host asks a page that was not reloaded, reload the iframe: the \
          SDK answers once per page load (H03). With \"See inside the widget's page\" switched \
          on, Callscope says which script failed and where an answer went.",
    severity: "error",
    example: Example {
        breaks: r"
                0 host      SYNC .hostUrl=https://app.hubspot.com
              100 host      SYNC .hostUrl=https://app.hubspot.com
              200 host      SYNC .hostUrl=https://app.hubspot.com
            31000 advance
                  ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
                  ! T13 [#1] error No SYNC_ACK within 30 s; SYNC was sent 3 times
        ",
        clean: r"
                0 host      SYNC .hostUrl=https://app.hubspot.com
            29000 host      SYNC .hostUrl=https://app.hubspot.com
                  ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
            29001 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            29002 widget    INITIALIZED isLoggedIn=true
            60000 advance
        ",
    },
    hooks: &[
        Hook::Due {
            when,
            check: |state, due, report| {
                check(
                    state,
                    |syncing| syncing.deadline() + LAST_SYNC <= due,
                    report,
                );
            },
        },
        // An answer that comes too late.
        Hook::On(&[MessageType::SyncAck], |arrival, report| {
            let is_late = |syncing: &SyncLoop| syncing.deadline() < arrival.at;
            if arrival.from() == Side::Widget {
                check(arrival.state, is_late, report);
            }
        }),
        Hook::Leave(check_last),
        Hook::End(check_last),
    ],
    ..Rule::ANY_VERSION
};

/// A host that sent SYNC for this long has given up, even if the recording ends right then.
const NEARLY: Millis = Millis(29_900.0);

/// The host sends the last SYNC when it gives up, and it takes a moment to arrive. It is counted,
/// too.
const LAST_SYNC: Millis = Millis(250.0);

fn when(state: &State, after: Millis) -> Option<Millis> {
    let syncing = state.syncing.as_ref()?;
    Some(syncing.deadline() + LAST_SYNC).filter(|due| *due > after)
}

/// Nothing more will be recorded of this handshake.
fn check_last(state: &State, report: &mut Report<'_>) {
    let is_over = |syncing: &SyncLoop| {
        syncing.deadline() <= state.now || syncing.last.at - syncing.first.at >= NEARLY
    };
    check(state, is_over, report);
}

fn check(state: &State, is_over: impl Fn(&SyncLoop) -> bool, report: &mut Report<'_>) {
    let Some(syncing) = &state.syncing else {
        return;
    };
    // An answer that does not match is T02 or T14, one that was not accepted H06; one that may be
    // missing from the recording is no fault.
    let excused = syncing.interrupted
        || syncing.mismatched.is_some()
        || syncing.unaccepted.is_some()
        || syncing.without_id.is_some()
        || !state.hears_widget();
    if is_over(syncing) && !excused && report.once(syncing.first.seq) {
        let (first, last) = (syncing.first, syncing.last);
        let times = match syncing.count {
            1 => "once".to_owned(),
            count => format!("{count} times"),
        };
        let asker = if syncing.new_host {
            " by another host than the one that the widget has answered"
        } else {
            ""
        };
        let why = PageCause::clause(state.troubles.of_handshake());
        report
            .error(format!(
                "No SYNC_ACK within 30 s; SYNC was sent {times}{asker}{why}"
            ))
            .anchor(first.seq)
            .see([last.seq]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_widgets_script_failed() {
        check(&expect![[r#"
                0 inside widget error .text="Uncaught ReferenceError: sdk is not defined" .place=https://widget.example/softphone.js:3:1
                  ! W04 [–] warning The widget's script failed: ReferenceError: sdk is not defined (softphone.js:3)
               10 host      SYNC .hostUrl=https://app.hubspot.com
            31000 advance
                  ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
                  ! T13 [#1] error No SYNC_ACK within 30 s; SYNC was sent once; the widget's script failed: ReferenceError: sdk is not defined (softphone.js:3)
        "#]]);
        check(&expect![[r#"
                0 inside widget error .text="Uncaught ReferenceError: sdk is not defined" .alone=true
                  ! W04 [–] warning The widget's script failed: ReferenceError: sdk is not defined
                1 inside widget error .text="Uncaught Error: of another page" .alone=true @https://other.example
                  ! W04 [–] warning The widget's script failed: Error: of another page
               10 conversation 1 widget=https://widget.example
               11 host      SYNC .hostUrl=https://app.hubspot.com
            31000 advance
                  ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
                  ! T13 [#1] error No SYNC_ACK within 30 s; SYNC was sent once; the widget's script failed: ReferenceError: sdk is not defined
        "#]]);
    }

    #[test]
    fn the_answer_was_posted_elsewhere() {
        check(&expect![[r#"
               10 host      SYNC .hostUrl=https://app.hubspot.com
               12 inside widget undelivered .type=SYNC_ACK .target=http://app.hubspot.com .recipient=https://app.hubspot.com
                  ! W03 [–] error SYNC_ACK was not delivered: it was posted to http://app.hubspot.com, but the page around the widget is https://app.hubspot.com
               20 inside widget error .text="Uncaught TypeError: x"
                  ! W04 [–] warning The widget's script failed: TypeError: x
            31000 advance
                  ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
                  ! T13 [#1] error No SYNC_ACK within 30 s; SYNC was sent once; SYNC_ACK was not delivered: it was posted to http://app.hubspot.com, but the page around the widget is https://app.hubspot.com
        "#]]);
    }

    #[test]
    fn another_host_asks() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             5000 host2     SYNC .hostUrl=https://app.hubspot.com
             5100 host2     SYNC .hostUrl=https://app.hubspot.com
            40000 advance
                  ! H01 [#4] note The handshake is slow: no SYNC_ACK within 2 s
                  ! T13 [#4] error No SYNC_ACK within 30 s; SYNC was sent 2 times by another host than the one that the widget has answered
        "#]]);
    }

    #[test]
    fn silence() {
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com
              100 host      SYNC .hostUrl=https://app.hubspot.com
            30249 advance
                  ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
            30250 advance
                  ! T13 [#1] error No SYNC_ACK within 30 s; SYNC was sent 2 times
            30350 advance
        "#]]);
    }

    #[test]
    fn a_later_line_tells_the_time() {
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com
            31000 host      VISIBILITY_CHANGED isMinimized=false isHidden=true
                  ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
                  ! T13 [#1] error No SYNC_ACK within 30 s; SYNC was sent once
        "#]]);
    }

    #[test]
    fn the_host_has_stopped() {
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com
            29950 host      SYNC .hostUrl=https://app.hubspot.com
                  ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
            29960 end
                  ! T13 [#1] error No SYNC_ACK within 30 s; SYNC was sent 2 times
        "#]]);
    }

    #[test]
    fn two_hosts_ask_by_turns() {
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com
               50 host2     SYNC .hostUrl=https://app.hubspot.com
              100 host      SYNC .hostUrl=https://app.hubspot.com
              150 host2     SYNC .hostUrl=https://app.hubspot.com
            31000 advance
                  ! H01 [#2] note The handshake is slow: no SYNC_ACK within 2 s
                  ! T13 [#2] error No SYNC_ACK within 30 s; SYNC was sent 3 times
        "#]]);
    }

    #[test]
    fn the_last_sync_is_counted() {
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com
            29980 host      SYNC .hostUrl=https://app.hubspot.com
                  ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
            30080 host      SYNC .hostUrl=https://app.hubspot.com
            31000 advance
                  ! T13 [#1] error No SYNC_ACK within 30 s; SYNC was sent 3 times
        "#]]);
    }

    #[test]
    fn the_answer_comes_too_late() {
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com
            29980 host      SYNC .hostUrl=https://app.hubspot.com
                  ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
            30080 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                  ! T13 [#1] error No SYNC_ACK within 30 s; SYNC was sent 2 times
            31000 advance
        "#]]);
    }

    #[test]
    fn the_answer_comes_at_the_last_moment() {
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com
            29980 host      SYNC .hostUrl=https://app.hubspot.com
                  ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
            29990 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            29999 widget    INITIALIZED isLoggedIn=true
            31000 advance
        "#]]);
    }

    #[test]
    fn recording_stopped_earlier() {
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com
            20000 host      SYNC .hostUrl=https://app.hubspot.com
                  ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
            20010 end
        "#]]);
    }

    #[test]
    fn the_answer_may_be_in_a_gap() {
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com
             1000 gap lost=2
                  ! X02 [–] note 2 messages are missing: a buffer was full
            31000 advance
        "#]]);
    }
}
